"""Pictures of a site and links to other hosts: which are asked for, how, and what is said of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from outcomes.crawling import Crawled, crawl
from site_server import Answer, Server, page, serving

from crawler.archive.index import open_index
from crawler.archive.layout import INDEX
from crawler.capture import Capture
from crawler.evidence import Check

HOSTS = {"there.example": "127.0.0.5", "quiet.example": "127.0.0.6", "wall.example": "127.0.0.7"}
FOOTER = "<div class='footer'><a href='{there}gone.html'>友情链接</a></div>"


class Site(NamedTuple):
    home: Server
    others: dict[str, Server]
    crawled: Crawled

    @property
    def capture(self) -> Capture:
        return self.crawled.capture

    @property
    def checks(self) -> dict[str, Check]:
        """By path, those of other hosts by ``name/path``."""
        ports = {f":{urlsplit(server.url).port}" for server in (self.home, *self.others.values())}
        found = {}
        for check in self.capture.checks():
            name = check.url.removeprefix(self.home.url).removeprefix("http://")
            for port in ports:
                name = name.replace(port, "")
            found[name] = check
        return found


def build(home: Server, others: dict[str, Server]) -> None:
    there, quiet, wall = (others[name] for name in HOSTS)
    footer = FOOTER.format(there=there.url)
    outside = [
        f"{there.url}fine.html", f"{there.url}gone.html", f"{there.url}back.html", f"{there.url}moved.html",
        f"{there.url}secret/1.html", f"{there.url}inside.html", f"{quiet.url}", f"{wall.url}",
        "http://nowhere.example/", f"{there.url}fine.html#part", "ftp://there.example/file", f"{there.url}busy.html",
        "http://there.example:25/", home.url.replace(":", ":1", 2).replace("http:1", "http:"),
    ]  # fmt: skip
    pictures = "".join(f"<img src='/img/{name}' alt=''>" for name in ("a.png", "gone.png", "page.png", "no/b.png"))
    home.add("/robots.txt", "User-agent: *\nDisallow: /img/no/\n", Content_Type="text/plain")
    home.add("/", page("list.html", "moved.html", *outside, title="示范局") + pictures + footer)
    home.add("/list.html", page(f"{there.url}deep.html", title="通知") + "<img src='/img/c.png'>" + footer)
    home.go("/moved.html", "/lost.html")
    home.add("HEAD /img/a.png", Content_Type="image/png")
    home.add("HEAD /img/gone.png", status=404)
    home.add("/img/page.png", page(title="出错了"))
    home.add("/img/c.png", b"\x89PNG", Content_Type="image/png")
    there.add("/robots.txt", "User-agent: *\nDisallow: /secret/\n", Content_Type="text/plain")
    there.add("HEAD /fine.html")
    there.add("/fine.html", "不该被取")
    there.add("/deep.html", page())
    there.in_turn("/back.html", Answer("稍等", 404), Answer(page(title="回来了")))
    there.go("/moved.html", "/fine2.html")
    there.add("/fine2.html", page())
    there.go("/inside.html", "http://127.0.0.8:9/")
    there.add("/busy.html", "忙", 429)
    quiet.add("/robots.txt", "boom", 500)
    wall.add("/", "no", 403)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with ExitStack() as stack:
        home = stack.enter_context(serving("127.0.0.2", "jyj.example"))
        others = {name: stack.enter_context(serving(address, name)) for name, address in HOSTS.items()}
        for server in (home, *others.values()):
            server.pause = 0.02
        build(home, others)
        names = {"jyj.example": [["127.0.0.2"]], **{name: [[address]] for name, address in HOSTS.items()}}
        public = ("127.0.0.2", *HOSTS.values())
        folder = tmp_path_factory.mktemp("checks")
        crawled = crawl(home, folder, names=names, public=public, allow_private=False, survey=True, delay=0.1)
        yield Site(home, others, crawled)


def test_what_came_of_links_to_other_hosts(site: Site) -> None:
    told = {name: (one.outcome, one.status, one.tries, one.first) for name, one in site.checks.items()}
    assert {name: came for name, came in told.items() if not name.startswith("img/")} == {
        "there.example/fine.html": ("opens", 200, 1, ""),
        "there.example/gone.html": ("dead", 404, 2, "http-404"),
        "there.example/back.html": ("opens", 200, 2, "http-404"),
        "there.example/moved.html": ("opens", 200, 1, ""),
        "there.example/secret/1.html": ("robots", None, 1, ""),
        "there.example/inside.html": ("private-address", None, 1, ""),
        "there.example/busy.html": ("throttled", 429, 1, ""),
        "there.example/deep.html": ("opens", 200, 1, ""),
        "quiet.example/": ("robots-unreachable", None, 1, ""),
        "wall.example/": ("blocked", 403, 1, ""),
        "nowhere.example/": ("dns", None, 2, "dns"),
    }
    assert {one.kind for name, one in site.checks.items() if not name.startswith("img/")} == {"link"}
    assert site.checks["there.example/moved.html"].target == f"{site.others['there.example'].url}fine2.html"
    assert site.capture.counts["elsewhere_found"] == 11


def test_what_came_of_pictures(site: Site) -> None:
    told = {name: (one.outcome, one.status, one.tries, one.media) for name, one in site.checks.items()}
    assert {name: came for name, came in told.items() if name.startswith("img/")} == {
        "img/a.png": ("opens", 200, 1, "image/png"),
        "img/gone.png": ("dead", 404, 2, "text/html"),
        "img/page.png": ("opens", 200, 1, "text/html"),
        "img/no/b.png": ("robots", None, 1, ""),
        "img/c.png": ("opens", 200, 1, "image/png"),
    }
    assert site.capture.counts["pictures_found"] == 5


def test_each_link_that_leads_to_a_dead_address_is_found(site: Site) -> None:
    dead = [page.url for page in site.capture.pages() if page.outcome == "dead"]
    dead += [check.url for check in site.capture.checks() if check.outcome == "dead"]
    there, home = site.others["there.example"].url, site.home.url
    found = [(to, link.page, link.url, link.text) for to, link in site.capture.links_to(dead)]
    assert found == [
        # A page that redirects to a dead one leads there.
        (f"{home}lost.html", home, f"{home}moved.html", "moved.html"),
        (f"{there}gone.html", home, f"{there}gone.html", f"{there}gone.html"),
        (f"{there}gone.html", home, f"{there}gone.html", "友情链接"),
        (f"{there}gone.html", f"{home}list.html", f"{there}gone.html", "友情链接"),
    ]
    shown = {page.url: site.capture.facts(page.url) for page in site.capture.pages() if page.outcome == "read"}
    assert [url for url, facts in shown.items() if facts and f"{home}img/gone.png" in facts.pictures] == [home]


def test_each_host_is_asked_politely(site: Site) -> None:
    for name, server in site.others.items():
        assert server.most_at_once == 1, name
        assert [seen.path for seen in server.log].index("/robots.txt") == 0
        moments = [seen.at for seen in server.log]
        # Half of what was asked for: a busy machine notes some requests late.
        assert all(after - before >= 0.05 for before, after in pairwise(moments)), name
    there, quiet = site.others["there.example"], site.others["quiet.example"]
    assert [(seen.method, seen.path) for seen in quiet.log] == [("GET", "/robots.txt")]
    assert not any("secret" in seen.path for seen in there.log)
    assert not any("/no/" in seen.path for seen in site.home.log)
    # What opens by HEAD is not downloaded, and one question is enough.
    assert [seen.method for seen in there.log if seen.path == "/fine.html"] == ["HEAD"]
    assert sum(seen.path == "/busy.html" for seen in there.log) == 2
    assert site.home.most_at_once == 1


def test_nothing_of_other_hosts_is_kept_as_a_page(site: Site) -> None:
    assert {urlsplit(page.url).hostname for page in site.capture.pages()} == {"jyj.example"}
    assert {urlsplit(record.uri).hostname for record in site.capture.records()} == {"jyj.example"}
    assert not any("://" in url.removeprefix(site.home.url) for url, _ in site.capture.refusals())
    assert not any(address.startswith("127.0.0.8") for address in site.crawled.dialled)
    assert set(site.capture.hosts) == {urlsplit(site.home.url).netloc}


def test_there_are_no_more_questions_than_allowed(tmp_path: Path) -> None:
    with serving() as home, serving("127.0.0.5") as there:
        outside = [f"{there.url}{number}.html" for number in range(6)]
        pictures = "".join(f"<img src='/{number}.png'>" for number in range(6))
        home.add("/", page("1.html", *outside[3:], title="示范局"))
        home.add("/1.html", page(*outside, title="通知") + pictures)
        limits = {"check_links": 4, "check_pictures": 2}
        capture = crawl(home, tmp_path, survey=True, limits=limits).capture
        checks = list(capture.checks())
        # Those of the home page come first.
        links = [check.url for check in checks if check.kind == "link"]
        assert sorted(links) == [outside[0], *outside[3:]]
        assert [check.url for check in checks if check.kind == "picture"] == [f"{home.url}{n}.png" for n in range(2)]
        assert (capture.counts["elsewhere_found"], capture.counts["pictures_found"]) == (6, 6)


def test_a_capture_made_before_there_were_checks_has_none(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(":memory:")) as older, closing(open_index(site.capture.folder / INDEX)) as index:
        index.backup(older)
        older.execute("DROP TABLE checks")
        older_capture = Capture.open(site.capture.folder)
        monkeypatch.setitem(older_capture.__dict__, "_db", older)
        assert list(older_capture.checks()) == []
    assert list(site.capture.checks()) != []


def test_what_was_asked_before_a_kill_is_not_asked_again(tmp_path: Path) -> None:
    with serving() as home, serving("127.0.0.5") as there:
        outside = [f"{there.url}{number}.html" for number in range(5)]
        home.add("/", page(*outside, title="示范局"))
        for number in range(5):
            there.add(f"/{number}.html", page())

        def give_up(progress: object) -> None:
            if "127.0.0.5" in getattr(progress, "url", "") and len(there.asked) > 2:
                raise KeyboardInterrupt

        limits = {"commit_every": 0.0, "report_every": 0.0}
        there.pause = 0.1
        with pytest.raises(KeyboardInterrupt):
            crawl(home, tmp_path, survey=True, limits=limits, progress=give_up)
        capture = crawl(home, tmp_path, resume=True, limits=limits).capture
        assert sorted(check.url for check in capture.checks()) == outside
        assert len(there.asked) <= 5 + 2 + 1  # robots.txt twice, and the one that was under way
