"""The documentation site: built strictly from nothing but the project, whole, and searched without a server."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from doc_files import GUIDE, ROOT, prose
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from PIL import Image

from crawler.crawl.render.process import BrowserProcess
from crawler.crawl.render.program import unavailable
from crawler.words import load
from duwang import rule_pages
from scoring.rules import shipped

ADDRESSES = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}
PICTURES = ROOT / "docs" / "pictures"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``make docs`` writes."""
    out = tmp_path_factory.mktemp("site")
    make(out)
    return out


def make(out: Path, **changes: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        config = load_config(str(ROOT / "mkdocs.yml"), strict=True, site_dir=str(out), **changes)
        config.plugins.on_startup(command="build", dirty=False)
        build(config)


def tree(page: Path) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(page.read_text(encoding="utf-8"))


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    "link", ["[x](missing.md)", "[x](index.md#missing)", "[x](/missing.md)", "![x](missing.png)", "[x](missing/)"]
)
def test_a_link_that_leads_nowhere_stops_the_build(tmp_path: Path, link: str, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(f"# Home\n\n{link}\n", encoding="utf-8")
    theme = {"name": None, "custom_dir": str(tmp_path)}
    (tmp_path / "main.html").write_text("{{ page.content }}", encoding="utf-8")
    with pytest.raises(Abort), caplog.at_level(logging.WARNING, "mkdocs"):
        make(tmp_path / "out", docs_dir=str(tmp_path / "docs"), nav=None, hooks=[], plugins=[], theme=theme)
    assert "missing" in caplog.text


def test_make_docs_is_strict_and_says_so_aloud() -> None:
    """With --quiet, MkDocs counts no warnings."""
    [line] = [one for one in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines() if "mkdocs build" in one]
    assert line.split("mkdocs ")[1] == "build --strict"


def test_nothing_is_fetched_when_a_page_is_read(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        for name, attribute in ADDRESSES.items():
            for element in tree(page).iter(name):
                address = element.get(attribute) or ""
                assert "//" not in address or element.get("rel") == "canonical", (page.name, address)
    styles = "".join(sheet.read_text(encoding="utf-8") for sheet in site.rglob("*.css"))
    assert "@import" not in styles and "url(http" not in styles and "url(//" not in styles


def test_the_reference_says_of_every_rule_what_its_file_says(site: Path) -> None:
    rules = shipped()
    pages = {code: tree(site / "reference" / f"{code}.html") for code in {rule.code[:2] for rule in rules.rules}}
    assert sorted(pages) == ["AR", "CT", "DP", "PV", "RD", "WS"]
    whole = {code: squeezed(page.text_content()) for code, page in pages.items()}
    for rule in rules.rules:
        heading = pages[rule.code[:2]].get_element_by_id(rule.code.lower())
        assert heading.tag == "h2" and f"{rule.code} {rule.title}" in heading.text_content()
        messages = [message.text for named in rule.messages.values() for message in named.values()]
        names = [example["name"] for example in rule.examples]
        for text in (rule.limits, rule.remedy, *messages, *names):
            assert squeezed(text) in whole[rule.code[:2]], (rule.code, text)


def test_the_coverage_page_has_every_item_and_leads_to_its_rules(site: Path) -> None:
    page = tree(site / "reference" / "coverage.html")
    for regulation in shipped().regulations.values():
        section = page.get_element_by_id(regulation.id)
        table = section.xpath("following::table[1]")[0]
        assert len(table.xpath(".//tbody/tr")) == len(regulation.items)
    leads = {link.get("href") for link in page.iter("a")}
    assert {f"{rule.code[:2]}.html#{rule.code.lower()}" for rule in shipped().rules} <= leads


def test_signs_of_markdown_in_a_rule_stay_signs() -> None:
    assert rule_pages.escaped("a|b*c_d`<b>{x}\n#1 \\") == r"a\|b\*c\_d\`&lt;b&gt;\{x\}<br>\#1 \\"


def test_the_index_of_the_search_sets_chinese_words_apart(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    [entry] = [one for one in index["docs"] if one["location"] == "guide/monthly.zh-CN.html#台账库"]
    assert [word for word in entry["title"].split("\u200b") if word] == ["台账", "库"]
    assert "\\u200b" in index["config"]["separator"]


def test_the_pictures_are_few_small_and_shown() -> None:
    pictures = sorted(PICTURES.iterdir())
    text = "".join(prose(page) for page in GUIDE)
    assert 6 <= len(pictures) <= 8
    for path in pictures:
        assert path.stat().st_size < 150_000
        with Image.open(path) as picture:
            assert picture.format == "PNG" and picture.width >= 500
        assert f"](../pictures/{path.name})" in text


@pytest.fixture
def chromium() -> Iterator[None]:
    if why := unavailable():
        pytest.skip(why)
    yield


@pytest.mark.optional("chromium")
def test_words_are_found_in_pages_opened_from_a_folder(site: Path, chromium: None) -> None:
    found = asyncio.run(_searched(site, ["问题台账", "AR-102"]))
    assert found["问题台账"][0] == "台账、检查报告和整改通知书"
    assert found["AR-102"][0] == "AR-102 年度报告发布逾期"


async def _searched(site: Path, queries: list[str]) -> dict[str, list[str]]:
    """Headings of the sections found, the best first."""
    browser = BrowserProcess(load("render")["page"])
    await browser.start()
    try:
        page = await (await browser.context("")).new_page()
        await page.goto((site / "index.html").as_uri())
        found = {}
        for query in queries:
            await page.fill(".md-search__input", query)
            await page.dispatch_event(".md-search__input", "keyup")
            await page.wait_for_selector(".md-search-result__item mark")
            await page.wait_for_timeout(300)
            titles = await page.locator(".md-search-result__item h2").all_inner_texts()
            found[query] = [title.replace("\u200b", "") for title in titles]
        return found
    finally:
        await browser.close()
