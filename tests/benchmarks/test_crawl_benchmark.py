"""The crawl benchmark measures what it says: a site of the right size and kind, counters that count, both spiders."""

from __future__ import annotations

import http.client
import re
import statistics
from functools import cache
from itertools import islice
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest

from benchmarks import crawl
from benchmarks.site_maker import Bureau
from benchmarks.site_server import Counts, serving

PAGES = 90


@pytest.fixture(scope="module")
def bureau() -> Bureau:
    return Bureau(3000)


@pytest.fixture(scope="module")
def bodies(bureau: Bureau) -> dict[str, bytes]:
    """Every page of the site by its path."""
    found = {path: bureau.find(path) for path in bureau.paths()}
    return {path: bureau.render(spot) for path, spot in found.items() if spot}


@pytest.mark.parametrize("pages", [80, 300, 301, 3000, 30_000])
def test_a_site_has_as_many_pages_as_it_should(pages: int) -> None:
    made = Bureau(pages)
    paths = list(made.paths())
    assert len(made) == len(paths) == len(set(paths)) == pages
    assert all(made.find(path) for path in paths)


def test_an_impossible_size_is_refused() -> None:
    with pytest.raises(ValueError, match="no site of 40 pages"):
        Bureau(40)


def test_pages_are_like_those_of_a_bureau(bodies: dict[str, bytes]) -> None:
    sizes = [len(body) for body in bodies.values()]
    assert min(sizes) >= 30_000 and max(sizes) <= 60_000
    assert 41_000 <= statistics.median(sizes) <= 45_000
    some = {path: lxml.html.fromstring(body) for path, body in islice(bodies.items(), 0, None, 7)}
    links = [len(page.findall(".//a")) for page in some.values()]
    assert min(links) >= 50 and max(links) <= 100
    assert 78 <= statistics.median(links) <= 84
    characters = [
        len(re.findall("[\u4e00-\u9fff]", "".join(map(str, page.itertext()))))
        for path, page in some.items()
        if "/t20" in path
    ]
    assert 3400 <= statistics.median(characters) <= 3800


def test_no_two_pages_are_alike(bodies: dict[str, bytes]) -> None:
    assert len(set(bodies.values())) == 3000
    assert Bureau(3000).render(Bureau(3000).find("/") or pytest.fail()) == bodies["/"]


def test_links_and_pager_scripts_lead_to_every_page(bodies: dict[str, bytes]) -> None:
    """Links alone miss the list pages behind ``createPageHTML``, but lead to every article."""
    by_links = _walk(bodies, scripts=False)
    assert _walk(bodies, scripts=True) == set(bodies)
    assert {path for path in bodies if "/index_" not in path} <= by_links
    assert len(set(bodies) - by_links) == 65


def test_the_server_counts_and_answers_validators() -> None:
    with serving(PAGES) as server:
        parts = urlsplit(server.home)
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        path = next(path for path in Bureau(PAGES).paths() if "/t20" in path)
        line.request("GET", path)
        first = line.getresponse()
        body = first.read()
        spot = Bureau(PAGES).find(path)
        assert spot and body == Bureau(PAGES).render(spot)
        asked = {"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}
        for headers in (*asked, {"If-None-Match": '"other"'}):
            line.request("GET", path, headers=headers)
            answer = line.getresponse()
            answer.read()
            assert answer.status == (304 if headers in asked else 200)
        line.request("GET", path.replace("/t20", "/t19"))
        assert (missing := line.getresponse()).status == 404 and missing.read()
        line.request("GET", "/robots.txt")
        assert b"Disallow: /search" in line.getresponse().read()
        counts = server.counts()
    expected = Counts(
        requests=6,
        bodies=2,
        body_bytes=2 * len(body),
        article_bodies=2,
        article_bytes=2 * len(body),
        unchanged=2,
        unknown=1,
    )
    expected.bytes = counts.bytes
    assert counts == expected
    assert counts.bytes > counts.body_bytes


def test_both_spiders_read_the_whole_site(tmp_path: Path) -> None:
    with serving(PAGES) as server:
        first = crawl.stock(server)
        asked = server.counts()
        second = crawl.ours(server, tmp_path / "capture", PAGES)
        assert server.counts().since(asked).article_bodies == asked.article_bodies > 60
    # Scrapy asks for the home page twice.
    assert (first.pages, second.pages) == (PAGES + 1, PAGES)
    assert first.cpu > 0.1 and second.cpu > 0.1
    # Linux counts what the process that starts a child holds as the child's own: there is no sure upper bound here.
    assert first.peak > 30e6 and second.peak > 30e6
    assert second.disk > 100_000


def test_a_crawl_that_breaks_off_is_told(tmp_path: Path) -> None:
    (tmp_path / "foreign").write_text("x")
    with serving(PAGES) as server, pytest.raises(crawl.Failed, match="foreign"):
        crawl.ours(server, tmp_path, PAGES)


def test_a_missed_bar_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    run = crawl.Run("ours", 2990, 10.0, 5.0, 100_000_000, 9_000_000)
    assert not crawl.whole([run], 3000)
    assert crawl.whole([run], 2990)
    assert [line.rpartition(" ")[2] for line in capsys.readouterr().out.splitlines()] == ["MISSED", "kept"]


def _walk(bodies: dict[str, bytes], *, scripts: bool) -> set[str]:
    seen, waiting = {"/"}, ["/"]
    while waiting:
        path = waiting.pop()
        links, turned = _targets(path, bodies[path])
        for target in links | turned if scripts else links:
            if target not in seen:
                assert target in bodies, f"{path} links {target}"
                seen.add(target)
                waiting.append(target)
    return seen


@cache
def _targets(path: str, body: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """Paths of the site that the links of a page lead to, and those that its pager script makes."""
    text = body.decode()
    call = re.search(r'createPageHTML\((\d+), \d+, "index", "html"\)', text)
    turned = [f"index_{number}.html" for number in range(1, int(call[1]))] if call else []
    found = (set(re.findall(r'<a href="([^"]+)"', text)), set(turned))
    links, turns = (
        frozenset(
            url[11:] for href in some if (url := _joined(path.rpartition("/")[0], href)).startswith("http://site/")
        )
        for some in found
    )
    return links, turns


@cache
def _joined(folder: str, href: str) -> str:
    return urljoin(f"http://site{folder}/", href)
