"""Politeness as the server's log shows it, in whole crawls."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from outcomes.crawling import Crawled, crawl, read, refused
from site_server import Answer, Server, page, serving

from crawler.crawl.soft404 import probe_address

NAMES = {"jyj.example": [["127.0.0.1"]], "www.jyj.example": [["127.0.0.1"]]}
ROBOTS = """User-agent: *
Disallow: /inner/
Disallow: /*.doc$
Disallow: /tz/index_1.html
Disallow: /module/
"""
RECORD = (
    '<record><![CDATA[<li><a href="/art/{0}.html">关于第{0}号事项的通知</a><span>2024-03-0{0}</span></li>]]></record>'
)
DATA_LIST = (
    '<div id="7786"><script type="text/xml"><datastore><recordset>'
    + "".join(RECORD.format(number) for number in range(1, 5))
    + "</recordset></datastore></script></div><script>jQuery('#7786').jpage({showMode:'full',totalRecord:8,perPage:2,"
    "groupSize:2,proxyUrl:'/module/web/jpage/dataproxy.jsp',ajaxParam:{col:1,appid:1,webid:39,path:'/',columnid:2041,"
    "sourceContentType:1,unitid:'7786',webname:'示范局',permissiontype:0},dataAfter:''});</script>"
)
PAGED_LIST = (
    "<ul>" + "".join(f'<li><a href="{n}.html">关于第{n}号事项</a><span>2024-01-0{n}</span></li>' for n in range(1, 5))
    + '</ul><script>createPageHTML(3, 0, "index", "html");</script>'
)  # fmt: skip


class Site(NamedTuple):
    server: Server
    crawled: Crawled


def framed(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>页面</title>{head}</head><body>{body}</body></html>"


@pytest.fixture(scope="module")
def obedient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site where every way of being led somewhere leads to what robots.txt forbids."""
    with serving(name="jyj.example") as server:
        server.pause = 0.02
        port = urlsplit(server.url).port
        server.add("/robots.txt", ROBOTS, Content_Type="text/plain")
        ways = [
            "inner/link.html", "passage.html", "frame.html", "refresh.html", "script.html", "tz/", "data.html",
            "open.doc", "closed.docx", "inner/file.pdf", "inner/picture.jpg", "inner/../ok.html",
            "//jyj.example/inner/", f"http://jyj.example:{port}/inner/absolute.html", "./inner/./dots.html",
            f"http://user:secret@jyj.example:{port}/inner/user.html",
            f"http://user:secret@jyj.example:{port}/user.html", f"http://JYJ.example:{port}/inner/upper.html",
            f"http://www.jyj.example:{port}/inner/www.html", f"http://www.jyj.example:{port}/second.html",
        ]  # fmt: skip
        server.add("/", page(*ways, title="首页"), Set_Cookie="visit=1; Path=/")
        server.go("/passage.html", "/inner/passage.html")
        server.add("/frame.html", framed('<iframe src="/inner/frame.html"></iframe><p>框架页</p>'))
        server.add("/refresh.html", framed("转到", '<meta http-equiv="refresh" content="0; url=/inner/refresh.html">'))
        server.add("/script.html", framed("<script>window.location.href = '/inner/script.html';</script>转到"))
        server.add("/tz/", framed(PAGED_LIST))
        server.add("/data.html", framed(DATA_LIST))
        for path in ("/ok.html", "/user.html", "/second.html", "/tz/index_2.html"):
            server.add(path, page(title=path))
        server.add("/closed.docx", "no document")
        crawled = crawl(
            server, tmp_path_factory.mktemp("robots"), names=NAMES, public=("127.0.0.1",), contact="mailto:a@b.example"
        )
        yield Site(server, crawled)


def test_what_robots_forbids_is_asked_for_in_no_way(obedient: Site) -> None:
    found = refused(obedient.crawled.capture)
    host = f"jyj.example:{urlsplit(obedient.server.url).port}"
    data = next(url for url in found if url.startswith("module/web/jpage/dataproxy.jsp?startrecord=5&endrecord=8"))
    assert sorted(url for url, reason in found.items() if reason == "robots") == sorted([
        "inner/link.html", "inner/passage.html", "inner/frame.html", "inner/refresh.html", "inner/script.html",
        "tz/index_1.html", data, "open.doc", "inner/file.pdf", "inner/picture.jpg", "inner/absolute.html",
        "inner/dots.html", "inner/user.html", "inner/upper.html", f"http://www.{host}/inner/www.html",
    ])  # fmt: skip
    asked = [urlsplit(seen.path).path for seen in obedient.server.log]
    assert not [path for path in asked if path.startswith(("/inner", "/module/")) or path.endswith(".doc")]
    # Each name of the host has its own file, asked for before anything else.
    assert [(seen.headers["host"], seen.path) for seen in obedient.server.log if "robots" in seen.path] == [
        (host, "/robots.txt"), (f"www.{host}", "/robots.txt"),
    ]  # fmt: skip
    assert asked[0] == "/robots.txt" and {"/ok.html", "/user.html", "/second.html", "/tz/index_2.html"} <= set(asked)


def test_one_request_at_a_time(obedient: Site) -> None:
    assert len(obedient.server.log) >= 15
    assert obedient.server.most_at_once == 1


def test_each_request_says_who_asks_and_nothing_else(obedient: Site) -> None:
    agent = obedient.crawled.capture.settings["user_agent"]
    assert agent.startswith("Duwang/") and agent.endswith(" (+mailto:a@b.example)")
    assert {seen.headers["user-agent"] for seen in obedient.server.log} == {agent}
    # No cookie is ever sent back, no page is told where its visitor comes from, no password of a link is used.
    names = {name for seen in obedient.server.log for name in seen.headers}
    assert names == {"host", "user-agent", "accept", "accept-language", "accept-encoding", "connection"}


@pytest.fixture(scope="module")
def paced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that wants 0.3 s between requests, is busy twice, and slow once."""
    with serving(name="jyj.example") as server:
        port = urlsplit(server.url).port
        server.add("/robots.txt", "User-agent: *\nCrawl-delay: 0.3\n", Content_Type="text/plain")
        links = ["1", f"http://www.jyj.example:{port}/2", "busy", "3", "date", "4", "slow", "5", "6"]
        server.add("/", page(*links, title="首页"))
        for number in range(1, 7):
            server.add(f"/{number}", page(title=f"第{number}页"))
        server.in_turn("/busy", Answer("", 429, {"Retry-After": "1"}), Answer(page(title="忙")))
        server.in_turn("/date", Answer(script=busy_until), Answer(page(title="有日期")))
        server.run("/slow", slow)
        limits = {"slow_down": 0.6, "max_slow": 2.0, "least_slow": 0.4, "recover_after": 2, "timeout": 9.0}
        crawled = crawl(
            server, tmp_path_factory.mktemp("pace"), names=NAMES, public=("127.0.0.1",), limits=limits, delay=0.1
        )
        yield Site(server, crawled)


def busy_until(handler: BaseHTTPRequestHandler) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    handler.wfile.write(f"HTTP/1.0 503 Busy\r\nRetry-After: {moment}\r\n\r\n".encode())


def slow(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1.2)
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + page(title="慢").encode())


def waits(site: Site) -> dict[str, float]:
    """Seconds from the request before, by path; a path that is asked for again is marked with the number."""
    found: dict[str, float] = {}
    for before, seen in pairwise(site.server.log):
        again = sum(name.partition(" ")[0] == seen.path for name in found)
        found[f"{seen.path} {again + 1}" if again else seen.path] = seen.at - before.at
    return found


def test_no_request_comes_sooner_than_the_host_wants(paced: Site) -> None:
    """Whatever name a link gives it. The server's clock sees requests a little later than they were sent."""
    assert read(paced.crawled.capture).keys() >= {"", "1", "busy", "3", "date", "4", "slow", "5", "6"}
    assert len(read(paced.crawled.capture)) == 10
    assert min(waits(paced).values()) > 0.22, waits(paced)


def test_a_busy_host_is_left_alone_as_long_as_it_says(paced: Site) -> None:
    found = waits(paced)
    # By seconds, and by a date that has no fractions of them.
    assert found["/busy 2"] > 0.9 and found["/date 2"] > 0.9, found


def test_after_that_the_whole_host_is_slower_until_it_answers_again(paced: Site) -> None:
    found = waits(paced)
    assert found["/3"] > 0.7 and found["/4"] > 0.7, found
    hosts = paced.crawled.capture.hosts
    assert [(state["back_offs"], state["extra_delay"]) for state in hosts.values()] == [(2, 0.0)] * 2
    assert paced.crawled.capture.counts["slowed"] == 2
    assert {state["crawl_delay"] for state in hosts.values()} == {0.3}


def test_a_slow_host_is_asked_less_often(paced: Site) -> None:
    """AutoThrottle: from one answer in 1.2 s the delay comes down by half with each quick one."""
    found = waits(paced)
    assert found["/5"] > 1.0 and found["/6"] > 0.45, found


def test_a_page_that_says_too_often_slows_the_crawl_and_refusals_of_any_kind_end_it(tmp_path: Path) -> None:
    with serving() as server:
        frequent = "<html><head><title>提示</title></head><body>您的访问过于频繁，请稍后再试。</body></html>"
        server.add("/", page(*(f"{number}.html" for number in range(9)), title="首页"))
        server.add("/0.html", frequent)
        server.add("/1.html", "no", 403)
        server.add("/2.html", "忙", 429, Retry_After="0")
        limits = {"slow_down": 0.5, "max_slow": 0.5, "throttle_tries": 0, "stop_after": 3}
        capture = crawl(server, tmp_path, limits=limits).capture
    found = refused(capture)
    assert found == {"0.html": "throttled", "1.html": "blocked", "2.html": "throttled"} | {
        f"{number}.html": "stopped" for number in range(3, 9)
    }
    assert server.asked == ["/robots.txt", "/", "/" + probe_address(server.url).rpartition("/")[2]] + [
        f"/{number}.html" for number in range(3)
    ]
    assert min(later.at - before.at for before, later in pairwise(server.log[3:])) > 0.4
    assert capture.counts["slowed"] == 2
