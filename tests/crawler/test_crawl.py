"""Crawling a real server on 127.0.0.1: exactly what is read, exactly why the rest is not."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from outcomes.crawling import QUICK, read, refused
from site_server import Server, page

from crawler.capture import Capture
from crawler.crawl.soft404 import probe_address
from crawler.errors import UnusableInput
from crawler.evidence import Site
from crawler.progress import Progress
from crawler.site import crawl_site

STARTED = datetime(2024, 3, 1, 8, 0, tzinfo=UTC)
Crawl = Callable[..., Capture]


@pytest.fixture
def crawl(server: Server, tmp_path: Path) -> Crawl:
    """Crawl the test's server; ``limits`` adds to the quick ones, ``site`` replaces fields of the site."""
    number = iter(range(100))

    def run(site: dict[str, Any] | None = None, limits: dict[str, Any] | None = None, **options: Any) -> Capture:
        wanted = {"id": "demo", "name": "示范局", "home": server.url} | (site or {})
        options = {"delay": 0.0, "now": lambda: STARTED} | options
        folder = tmp_path / f"capture{next(number)}"
        return crawl_site(Site(**wanted), folder, limits=QUICK | (limits or {}), **options)

    return run


def test_everything_awkward_at_once(server: Server, crawl: Crawl) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        while True:
            handler.wfile.write(b"<p>more</p>" * 4096)

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        for _ in range(80):
            handler.wfile.write(b"<p>slow</p>")
            time.sleep(0.05)

    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", "5000")
        handler.end_headers()
        handler.wfile.write(b"<p>half</p>")

    awkward = [
        "a.html", "./dir/../a.html", "a.html#part", "missing.html", "broken", "away", "loop", "silent", "endless",
        "drip", "cut", "big", "inner/forbidden.html", "scan.pdf", "picture.JPG", "feed", "moved", "copy.html",
        "http://[bad/", "javascript:void(0)", "mailto:a@b.example", "http://other.example/x.html", "empty.html",
    ]  # fmt: skip
    server.add("/robots.txt", "User-agent: *\nDisallow: /inner/\n", Content_Type="text/plain")
    server.add("/", page(*awkward, title="首页"))
    server.add("/a.html", page("b.html", "/", title="甲"))
    server.add("/b.html", page(title="乙"))
    server.add("/broken", "boom", 500)
    server.go("/away", "http://other.example/login")
    server.go("/loop", "/loop2")
    server.go("/loop2", "/loop")
    server.go("/moved", "/new.html", 301)
    server.add("/new.html", page(title="新地址"))
    server.run("/silent", lambda handler: time.sleep(4))
    server.run("/endless", endless)
    server.run("/drip", drip)
    server.run("/cut", cut)
    server.add("/big", "<p>" + "长" * 200_000)
    server.add("/feed", "{}", Content_Type="application/json")
    server.add("/copy.html", page("b.html", "/", title="甲"))
    server.add("/empty.html", "")
    capture = crawl()
    assert read(capture) == {"": "home", "a.html": "other", "b.html": "other", "new.html": "other"}
    assert refused(capture) == {
        "missing.html": "dead",
        "broken": "http-500",
        "away": "offsite-redirect",
        "loop": "redirect-loop",
        "loop2": "redirect-loop",
        "silent": "timeout",
        "endless": "too-large",
        "drip": "timeout",
        "cut": "broken",
        "big": "too-large",
        "inner/forbidden.html": "robots",
        "scan.pdf": "dead",
        "picture.JPG": "dead",
        "feed": "type",
        "empty.html": "unreadable",
    }
    outcomes = {page.url.removeprefix(server.url): page.outcome for page in capture.pages()}
    assert (outcomes["moved"], outcomes["copy.html"], outcomes["missing.html"]) == ("redirect", "duplicate", "dead")
    assert "/inner/forbidden.html" not in server.asked
    assert server.asked.count("/a.html") == 1
    assert server.asked.count("/broken") == server.asked.count("/scan.pdf") == 2
    assert capture.counts["read"] == 4
    assert capture.started == STARTED and capture.finished > STARTED
    assert capture.problems() == []
    command = Path(sys.executable).with_name("warcio")
    check = subprocess.run([str(command), "check", str(capture.folder / "data.warc.gz")], capture_output=True)
    assert check.returncode == 0, check.stdout
    for record in capture.records():
        assert len(capture.body(record.id)) == record.length


def test_what_the_reader_made_can_be_read_again_from_the_bytes(server: Server, crawl: Crawl) -> None:
    body = page(("/", "首页"), title="示范局政府信息公开工作年度报告", text="全年收到申请３件。")
    server.add("/", body.encode("gbk"), Content_Type="text/html; charset=gb2312")
    server.add("/wrong.html", page(title="标错编码的页面"), Content_Type="text/html; charset=gbk")
    server.pages["/"].body = page(("wrong.html", "错"), title="示范局年度报告").encode("gbk")
    capture = crawl()
    titles = {page.title for page in capture.pages()}
    assert titles == {"示范局年度报告", "标错编码的页面"}
    for record in capture.records():
        document = capture.document(record.id)
        if document:
            assert capture.reread(record.id) == document


def test_a_list_with_pager_becomes_a_column(server: Server, crawl: Crawl) -> None:
    def listing(number: int, *pagers: tuple[str, str]) -> str:
        rows = "".join(
            f'<li><a href="./202401/t2024010{day}_{number}{day}.html" '
            f'title="关于第{number}{day}号事项的公开通知">关于第…</a><span>2024-01-0{day}</span></li>'
            for day in range(1, 5)
        )
        turns = "".join(f'<a href="{href}">{text}</a>' for href, text in pagers)
        trail = '<div>当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 通知公告</div>'
        menu = '<ul><li><a href="/">首页</a></li><li><a href="/tz/">通知</a></li></ul>'
        return f"<html><body>{menu}{trail}<ul class='list'>{rows}</ul><div class='page'>{turns}</div></body></html>"

    server.add("/", page(("/tz/", "通知公告"), ("/empty/", "空栏目"), ("/half/", "半个栏目"), title="首页"))
    server.add("/tz/", listing(1, ("index_1.html", "2"), ("index_1.html", "下一页")))
    server.add("/tz/index_1.html", listing(2, ("index.html", "上一页"), ("index_2.html", "3")))
    server.add("/tz/index.html", server.pages["/tz/"].body)
    server.add("/tz/index_2.html", listing(3, ("index_1.html", "上一页")))
    server.add("/half/", listing(5, ("index_9.html", "下一页")))
    server.add("/empty/", "<html><body><div>当前位置：<a href='/'>首页</a> &gt; 空栏目</div></body></html>")
    for number in (1, 2, 3):
        for day in range(1, 5):
            name = f"/tz/202401/t2024010{day}_{number}{day}.html"
            server.add(name, page(title=f"第{number}{day}号", text="正文。" * 30))
    capture = crawl()
    columns = {column.url.removeprefix(server.url): column for column in capture.columns()}
    assert set(columns) == {"tz/", "empty/", "half/"}
    notices = columns["tz/"]
    assert (notices.name, notices.path) == ("通知公告", ("政务公开", "通知公告"))
    assert [url.removeprefix(server.url) for url in notices.pages] == ["tz/", "tz/index_1.html", "tz/index_2.html"]
    assert (notices.entries, notices.newest, notices.complete) == (12, date(2024, 1, 4), True)
    assert (columns["half/"].entries, columns["half/"].complete) == (4, False)
    assert (columns["empty/"].name, columns["empty/"].entries, columns["empty/"].complete) == ("空栏目", 0, True)
    first = next(capture.entries(server.url + "tz/"))
    assert (first.title, first.date) == ("关于第11号事项的公开通知", date(2024, 1, 1))
    kinds = read(capture)
    assert kinds["tz/"] == kinds["tz/index_2.html"] == "list"
    assert kinds["tz/202401/t20240101_11.html"] == "article"
    articles = {page.url: page for page in capture.pages() if page.kind == "article"}
    assert articles[server.url + "tz/202401/t20240102_12.html"].published == date(2024, 1, 2)


def test_what_follows_the_end_of_a_pasted_page_is_read_too(server: Server, crawl: Crawl) -> None:
    server.add("/", page("/a.html", title="页头") + page("/b.html", title="首页"))
    server.add("/a.html", page(title="甲"))
    server.add("/b.html", page(title="乙"))
    assert set(read(crawl())) == {"", "a.html", "b.html"}


def test_base_address_frames_refresh_and_documents_are_followed(server: Server, crawl: Crawl) -> None:
    server.add(
        "/", '<html><head><meta http-equiv="refresh" content="0; url=main/index.html"></head></html> 正在转到首页'
    )
    server.add(
        "/main/index.html",
        page("a.html", head='<base href="/deep/">', title="真首页") + '<iframe src="/deep/f.html"></iframe>',
    )
    server.add("/deep/a.html", page("/file.txt", "/notes.md", title="甲"))
    server.add("/deep/f.html", page(title="框架"))
    server.add("/file.txt", "第一行\n第二行", Content_Type="text/plain; charset=utf-8")
    server.add("/notes.md", "# 标题", Content_Type="application/octet-stream")
    capture = crawl()
    assert read(capture) == {
        "": "home", "main/index.html": "home", "deep/a.html": "other", "deep/f.html": "other",
        "file.txt": "document", "notes.md": "document",
    }  # fmt: skip
    carriers = {
        doc.uri.removeprefix(server.url): doc.carrier
        for record in capture.records()
        if (doc := capture.document(record.id))
    }
    assert carriers["file.txt"] == "text" and carriers["notes.md"] == "markdown"


def test_report_columns_are_read_first_and_the_rest_is_over_budget(server: Server, crawl: Crawl) -> None:
    names = [(f"/n{number}.html", f"这是一条很长很长的普通新闻标题{number}") for number in range(6)]
    server.add("/", page(*names, ("/about/", "机构概况"), ("/gk/", "政府信息公开"), title="首页"))
    for address, text in names:
        server.add(address, page(title=text))
    server.add("/about/", page(title="机构概况"))
    server.add("/gk/", page(("/gk/nb.html", "年度报告"), title="政府信息公开"))
    server.add("/gk/nb.html", page(title="年度报告"))
    capture = crawl(max_pages=4)
    probe = "/" + probe_address(server.url).removeprefix(server.url)
    assert server.asked == ["/robots.txt", "/", probe, "/gk/", "/gk/nb.html", "/about/"]
    assert refused(capture) == {f"n{number}.html": "budget" for number in range(6)}
    assert len(read(capture)) == 4


def test_hints_of_the_site_list_are_read_even_when_nothing_links_there(server: Server, crawl: Crawl) -> None:
    server.add("/", page(title="首页"))
    server.add("/hidden/nb/", page(title="年报"))
    capture = crawl(site={"columns": {"年报": "/hidden/nb/"}, "crawl": {"max_pages": 9, "delay": 0.0}}, delay=None)
    assert set(read(capture)) == {"", "hidden/nb/"}
    assert capture.settings["limits"]["max_pages"] == 9


def test_depth_is_bounded_and_said_so(server: Server, crawl: Crawl) -> None:
    server.add("/", page("/d1.html"))
    for depth in range(1, 6):
        server.add(f"/d{depth}.html", page(f"/d{depth + 1}.html", title=f"第{depth}层"))
    capture = crawl(limits={"max_depth": 3})
    assert set(read(capture)) == {"", "d1.html", "d2.html", "d3.html"}
    assert refused(capture) == {"d4.html": "depth"}


def test_an_unreadable_robots_file_closes_the_site_for_now(server: Server, crawl: Crawl) -> None:
    server.add("/robots.txt", "oops", 500)
    server.add("/", page("/a.html"))
    capture = crawl()
    assert read(capture) == {}
    assert refused(capture) == {"": "robots-unreachable"}
    assert set(server.asked) == {"/robots.txt"}


def test_robots_text_is_kept_as_evidence(server: Server, crawl: Crawl) -> None:
    server.add("/robots.txt", "User-agent: Duwang\nDisallow: /\n", Content_Type="text/plain")
    capture = crawl()
    assert refused(capture) == {"": "robots"}
    assert [(r.uri, r.status) for r in capture.records()] == [(server.url + "robots.txt", 200)]


def test_a_busy_server_is_waited_for(server: Server, crawl: Crawl) -> None:
    tries: list[float] = []

    def busy(handler: BaseHTTPRequestHandler) -> None:
        tries.append(time.monotonic())
        body = page(title="首页").encode()
        handler.send_response(503 if len(tries) == 1 else 200)
        handler.send_header("Retry-After", "1")
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    server.run("/", busy)
    capture = crawl()
    assert read(capture) == {"": "home"}
    assert tries[1] - tries[0] >= 1.0
    assert capture.counts["slowed"] == 1


def test_a_site_that_refuses_us_is_left_alone(server: Server, crawl: Crawl) -> None:
    server.add("/", page(*[f"/p{number}.html" for number in range(9)]))
    for number in range(9):
        server.add(f"/p{number}.html", "no", 403)
    capture = crawl(limits={"stop_after": 3})
    reasons = list(refused(capture).values())
    assert reasons.count("blocked") == 3 and reasons.count("stopped") == 6
    assert len(server.asked) == 6


def test_one_request_after_the_other_with_the_delay_between(server: Server, crawl: Crawl) -> None:
    server.add("/", page("/a.html", "/b.html"))
    server.add("/a.html", page(title="甲"))
    server.add("/b.html", page(title="乙"))
    capture = crawl(delay=0.4, contact="https://inspector.example/")
    assert len(read(capture)) == 3
    gaps = [later - earlier for earlier, later in zip(server.times, server.times[1:], strict=False)]
    assert min(gaps) >= 0.35
    assert server.agents == {capture.settings["user_agent"]}
    assert "(+https://inspector.example/)" in capture.settings["user_agent"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_private_addresses_are_never_contacted_where_only_public_ones_may_be(
    server: Server, crawl: Crawl, host: str
) -> None:
    server.add("/", page(title="内部"))
    capture = crawl(site={"home": server.url.replace("127.0.0.1", host)}, allow_private=False)
    assert refused(capture) == {"": "private-address"}
    assert server.asked == []


@pytest.mark.parametrize(("home", "reason"), [("http://nothing.invalid/", "dns"), ("http://127.0.0.1:9/", "refused")])
def test_a_site_that_cannot_be_reached_says_why(crawl: Crawl, home: str, reason: str) -> None:
    capture = crawl(site={"home": home}, limits={"second_tries": 0})
    assert refused(capture) == {"": reason}
    assert capture.counts["read"] == 0


def test_progress_says_what_is_read_and_what_waits(server: Server, crawl: Crawl) -> None:
    server.add("/", page("/a.html"))
    seen: list[Progress] = []
    crawl(progress=seen.append)
    # Before the first page there is nothing to tell but that the crawl is alive; a slow machine says so more than once.
    first = next(told for told in seen if told.read)
    assert (first.read, first.queued, first.unread, first.url) == (1, 1, 0, server.url)


def test_a_folder_with_a_capture_is_refused_before_anything_is_asked(
    server: Server, crawl: Crawl, tmp_path: Path
) -> None:
    server.add("/", page(title="首页"))
    capture = crawl()
    asked = len(server.asked)
    with pytest.raises(UnusableInput, match="不能改写"):
        crawl_site(Site("demo", "示范局", server.url), capture.folder, delay=0.0)
    assert len(server.asked) == asked


def test_an_interrupted_crawl_can_be_gone_on_with(server: Server, crawl: Crawl, tmp_path: Path) -> None:
    server.add("/", page("/a.html"))
    server.add("/a.html", page(title="甲"))

    def stop(told: Progress) -> None:
        if told.read:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crawl(progress=stop)
    folder = tmp_path / "capture0"
    with pytest.raises(UnusableInput, match="--resume"):
        Capture.open(folder)
    whole = crawl_site(Site("demo", "示范局", server.url), folder, delay=0.0, limits=QUICK, resume=True)
    assert set(read(whole)) == {"", "a.html"}
    assert whole.problems() == []
