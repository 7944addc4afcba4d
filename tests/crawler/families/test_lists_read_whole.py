"""A crawl to the last article: lists that break, repeat themselves or lead away, and one list of each family."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from families.awkward import MENU, title_of
from families.conftest import WHOLE, Crawled

from crawler.evidence import Column

_NEWEST = date(2024, 3, 28)
# Column → (family, pages after the first, entries, entries of 2024).
_LISTS: dict[str, tuple[str, list[str], int, int]] = {
    "numbers/list.asp": ("links", ["list.asp?pageNo=2", "list.asp?pageNo=3"], 11, 9),
    "digits/list.asp": ("links", ["list.asp?p=2", "list.asp?p=3"], 10, 9),
    "offset/news.php": ("links", ["news.php?start=49", "news.php?start=98"], 9, 9),
    "scripted/index.htm": ("links", ["index_2.htm", "index_3.htm"], 10, 9),
    "clicked/index.htm": ("links", ["index_2.htm", "index_3.htm"], 10, 9),
    "frames/list.htm": ("links", ["list_2.htm"], 5, 5),
    "moved/list.htm": ("links", ["list_2.htm"], 6, 6),
    "broken/index.html": ("trs", ["index_1.html", "index_3.html"], 9, 6),
    "lying/index.html": ("links", ["index_1.html"], 8, 8),
    "boasting/index.html": ("trs", ["index_1.html"], 8, 8),
    "ring/index.html": ("links", ["index_2.html", "index_3.html"], 9, 9),
    "endless/list.asp": ("links", ["list.asp?page=2", "list.asp?page=3"], 5, 5),
    "deaf/list.asp": ("links", [], 4, 4),
    "two/index.html": ("links", ["index_2.html"], 7, 7),
    "pair/index.html": ("trs", ["index_1.html", "other.html", "other_1.html"], 10, 9),
    "pair/other.html": ("trs", ["other_1.html"], 5, 4),
    "away/index.html": ("", [], 4, 4),
    "files/index.html": ("", [], 3, 3),
    "empty/index.html": ("", [], 0, 0),
    "blank/index.html": ("", [], 0, 0),
    "undated/index.html": ("", [], 5, 0),
    "folder/": ("links", ["index_1.html", "index_2.html"], 8, 8),
    "midway/index.html": ("trs", ["index_1.html", "index_2.html"], 7, 7),
    "session/list.jsp": ("links", ["list.jsp;jsessionid=A1?page=2"], 7, 7),
    "double/index.html": ("", [], 3, 3),
    "gkmlpt/index#571": ("gkmlpt", ["api/all/571?page=1&sid=661"], 3, 3),
    "gkmlpt/index#580": ("gkmlpt", ["api/all/580?page=1&sid=661"], 2, 2),
}
_GAPS = {
    "broken/index.html": ["有 1 个分页没有读到（如 broken/index_2.html）"],
    "boasting/index.html": ["有 898 个分页没有读到（如 boasting/index_10.html）"],
    "lying/index.html": ["列表标明共 12 条，读到 8 条"],
    "endless/list.asp": [
        "有 1 个分页没有读到（如 endless/list.asp?page=4）",
        "有 1 个分页的条目与别的分页相同（如 endless/list.asp?page=3）",
    ],
    "deaf/list.asp": ["有 2 个分页的条目与别的分页相同（如 deaf/list.asp?page=2）"],
}
_STATED = {"lying/index.html": 12, "gkmlpt/index#571": 3, "gkmlpt/index#580": 2}
_FIRST_SHOWN = {"pair/other.html": 5, "gkmlpt/index#580": 3}


def test_these_are_all_columns_of_the_site(whole: Crawled) -> None:
    mounted = {one.path for one in whole.lists.values()}
    found = [path for path in _columns(whole) if path not in mounted and not path.startswith("links_in_scripts/")]
    assert sorted(found) == sorted(_LISTS)


@pytest.mark.parametrize("path", _LISTS)
def test_an_awkward_list(whole: Crawled, path: str) -> None:
    column = _columns(whole)[path]
    family, further, entries, recent = _LISTS[path]
    folder = path[: path.rindex("/") + 1] if not path.startswith("gkmlpt") else "gkmlpt/"
    gaps = _GAPS.get(path, [])
    assert sorted(map(whole.bare, column.pages)) == sorted([path, *(folder + page for page in further)])
    assert (column.family, column.entries, column.expected) == (family, entries, _STATED.get(path))
    assert ([gap.replace(whole.server.url, "") for gap in column.gaps], column.complete) == (gaps, not gaps)
    if path.startswith("undated"):
        assert (column.undated, column.years, column.newest) == (5, {}, None)
        return
    years = {"2023": entries - recent, "2024": recent}
    assert (column.undated, column.years) == (0, {year: count for year, count in years.items() if count})
    assert column.newest == (_NEWEST - timedelta(days=10 * _FIRST_SHOWN.get(path, 0)) if entries else None)


def test_an_empty_column_that_says_so_is_told_from_a_blank_one(whole: Crawled) -> None:
    said = {path: (column.empty, column.empty_quote) for path, column in _columns(whole).items() if column.empty}
    assert said == {"empty/index.html": ("stated", "暂无信息"), "blank/index.html": ("blank", "")}


def test_names_and_windows_are_those_of_the_columns(whole: Crawled) -> None:
    columns = _columns(whole)
    names = {path: name for path, name in MENU if path in columns}
    assert {path: columns[path].name for path in names} == names
    assert {path: columns[path].window for path in names if columns[path].window} == {"gkmlpt/index#571": 20}


def test_a_list_that_repeats_its_pages_is_read_once_and_not_for_ever(whole: Crawled) -> None:
    asked = Counter(whole.asked())
    assert [path for path in asked if path.startswith("endless/list")] == [
        "endless/list.asp", "endless/list.asp?page=2", "endless/list.asp?page=3",
    ]  # fmt: skip
    # One shell for two columns, and a second try for what failed; a missing menu of some sites too.
    never = ("zwgk.html", *(f"boasting/index_{n}.html" for n in range(2, 22)))
    again = {path for path, count in asked.items() if count > 1 and not path.endswith(never)}
    assert again == {"gkmlpt/index", "broken/index_2.html"}


def test_a_pager_that_counts_pages_nobody_made_is_left_after_twenty(whole: Crawled) -> None:
    asked = [path for path in whole.asked() if path.startswith("boasting/index_")]
    assert len(set(asked)) == 1 + 20
    reasons = Counter(reason for url, reason in whole.capture.refusals() if "/boasting/index_" in url)
    assert reasons == {"dead": 20, "trap": 878}


def test_entries_that_lead_away_are_counted_and_not_asked_for(whole: Crawled) -> None:
    found = [entry.url for entry in whole.capture.entries(f"{whole.server.url}away/index.html")]
    assert found == [f"http://www.other{n}.example/a{n}.htm" for n in range(4)]
    assert not {page.url for page in whole.capture.pages()} & set(found)


def test_entries_that_are_documents_are_read_as_documents(whole: Crawled) -> None:
    kinds = {whole.bare(page.url): (page.kind, page.outcome) for page in whole.capture.pages()}
    assert [kinds[f"files/f{n}.txt"] for n in range(3)] == [("document", "read")] * 3


def test_articles_of_all_pages_of_all_lists_are_read(whole: Crawled) -> None:
    outcomes = {page.url: page.outcome for page in whole.capture.pages()}
    listed = {entry.url for entry in whole.capture.entries() if entry.url.startswith(whole.server.url)}
    unread = {whole.bare(url): outcomes.get(url) for url in listed if outcomes.get(url) != "read"}
    # The copy of an article is known by its bytes; the same article under two session ids is read under the first.
    assert unread == {"double/copy/a1.htm": "duplicate", "session/a3.htm;jsessionid=B2": None}
    titles = {page.title for page in whole.capture.pages()}
    assert {title_of("numbers", 10), title_of("gkmlpt", 4), title_of("frames", 4), title_of("ring", 8)} <= titles


@pytest.mark.parametrize("name", WHOLE)
def test_a_list_of_each_family_to_its_last_article(whole: Crawled, name: str) -> None:
    site = whole.lists[name]
    titles = {page.title for page in whole.capture.pages() if whole.bare(page.url).startswith(f"{name}/")}
    assert {title for title, _ in site.entries} <= titles
    if name != "links_in_scripts":
        column = _columns(whole)[site.path]
        assert (column.entries, sorted(map(whole.bare, column.pages))) == (len(site.entries), sorted(site.pages))


def test_script_links_lead_to_pages_that_are_read(whole: Crawled) -> None:
    read = {whole.bare(page.url) for page in whole.capture.pages() if page.was_read}
    targets = ["gk/index.html", "gk/zn.html", "gk/nb/2023.html", "fw/index.html", "zx/list.asp?lb=3", "hd.html"]
    assert {f"links_in_scripts/{path}" for path in targets} <= read


def _columns(crawled: Crawled) -> dict[str, Column]:
    """Columns by address without the server."""
    return {crawled.bare(column.url): column for column in crawled.capture.columns()}
