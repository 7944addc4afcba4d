"""One crawl of a site on which every outcome occurs: each is told from all others, wherever outcomes are told."""

from __future__ import annotations

import csv
import re
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import NamedTuple

import pytest
from outcomes.crawling import Crawled, by_outcome, crawl, refused
from site_server import Answer, Server, page, serving

from crawler.capture import Capture
from crawler.crawl.soft404 import probe_address
from duwang import coverage
from scoring.outcomes import refusal

CHALLENGE = "<script>document.cookie='__jsl_clearance_s=1';location.href=location.pathname</script>"
WALL = (
    "<html><head><title>网站防火墙</title></head><body>您的请求带有不合法参数，已被网站管理员设置拦截！</body></html>"
)
SLOWER = "<html><head><title>提示</title></head><body>您的访问过于频繁，请稍后再试。</body></html>"
NOTHING_HERE = page(
    title="示范局",
    text="您要找的内容可能换了地方。请从栏目导航进入，或者使用站内检索查找；如果是从其他网站来到这里，请告知我们更正。",
)

# What each link of the home page comes to, in the order in which the links stand there.
OUTCOMES = {
    "a.html": "read",
    "copy.html": "duplicate",
    "moved.html": "redirect",
    "new.html": "read",
    "returns.html": "read",
    "missing.html": "dead",
    "removed.html": "dead",
    "old/1.html": "soft-404",
    "old/2.html": "soft-404",
    "says-so.html": "soft-404",
    "forbidden.html": "blocked",
    "login.html": "blocked",
    "wall.html": "blocked",
    "busy.html": "throttled",
    "frequent.html": "throttled",
    "check412.html": "challenged",
    "check521.html": "challenged",
    "script.html": "challenged",
    "silent.html": "timeout",
    "cut.html": "broken",
    "fault.html": "http-500",
    "teapot.html": "http-418",
    "big.html": "too-large",
    "feed": "type",
    "deep1.html": "read",
    "list.jsp?cid=5": "read",
    "list.jsp?cid=5&sort=date": "trap",
    "round.html": "redirect",
    "away.html": "offsite-redirect",
    "port.html": "offsite-redirect",
    "inside.html": "private-address",
    "decimal.html": "private-address",
    "empty.html": "unreadable",
    "inner/secret.html": "robots",
    "passage.html": "redirect",
}
# The same for what is found elsewhere, or stands under another name of the host.
MORE = {
    "": "read",
    "deep2.html": "read",
    "deep3.html": "depth",
    "round2.html": "redirect-loop",
    "inner/hidden.html": "robots",
    "https://jyj.example:{port}/safe.html": "network",
    "http://www.jyj.example:{port}/other.html": "robots-unreachable",
    "http://jyj.example.:{port}/dot.html": "dns",
    "http://www.jyj.example.:{port}/nobody.html": "refused",
}
# Whether these open is all that is asked.
CHECKS = {
    "film.mp4": "type",
    "film2.mp4": "dead",
    "picture.jpg": "type",
    "picture2.jpg": "type",
    "picture3.jpg": "blocked",
}
# Those of them that were no good at the first try have a row of their own.
OPENED = {"film2.mp4": "dead", "picture2.jpg": "type", "picture3.jpg": "blocked"}


class Site(NamedTuple):
    server: Server
    crawled: Crawled

    @property
    def capture(self) -> Capture:
        return self.crawled.capture

    def outcomes(self, table: dict[str, str]) -> dict[str, str]:
        """The table with this server's port."""
        port = self.server.url.rsplit(":", 1)[1].strip("/")
        return {path.replace("{port}", port): outcome for path, outcome in table.items()}


def cut(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<p>half</p>")


def robots(handler: BaseHTTPRequestHandler) -> None:
    """The second name of the host leads to a broken server."""
    name = handler.headers.get("Host", "")
    status = b"500 Broken" if name.startswith("www.") else b"200 OK"
    body = b"User-agent: *\nDisallow: /inner/\n"
    handler.wfile.write(b"HTTP/1.0 " + status + b"\r\nContent-Type: text/plain\r\n\r\n" + body)


def build(server: Server, links: list[str]) -> None:
    port = server.url.rsplit(":", 1)[1].strip("/")
    server.run("/robots.txt", robots)
    server.add("/", page(*links, title="首页"))
    for path in ("a", "copy"):
        server.add(f"/{path}.html", page(title="甲", text="这一页有两个地址。"))
    server.add("/new.html", page(title="新地址"))
    server.go("/moved.html", "/new.html", 301)
    server.in_turn("/returns.html", Answer("稍等", 404), Answer(page(title="回来了")))
    server.add("/removed.html", "已删除", 410)
    probe = "/" + probe_address(server.url).removeprefix(server.url)
    for path in (probe, "/old/1.html", "/old/2.html"):
        server.add(path, NOTHING_HERE)
    server.add("/says-so.html", page(title="提示信息", text="对不起，您浏览的文章不存在。"))
    server.add("/forbidden.html", "no", 403)
    server.add("/login.html", "no", 401)
    server.add("/wall.html", WALL)
    server.add("/busy.html", "忙", 429, Retry_After="0")
    server.add("/frequent.html", SLOWER)
    server.add("/check412.html", CHALLENGE, 412)
    server.add("/check521.html", CHALLENGE, 521)
    server.add("/script.html", CHALLENGE)
    server.run("/silent.html", lambda handler: time.sleep(1.5))
    server.run("/cut.html", cut)
    server.add("/fault.html", "boom", 500)
    server.add("/teapot.html", "茶壶", 418)
    server.add("/big.html", "长" * 100_000)
    server.add("/feed", "{}", Content_Type="application/json")
    for depth in (1, 2, 3):
        server.add(f"/deep{depth}.html", page(f"/deep{depth + 1}.html", title=f"第{depth}层"))
    server.add("/list.jsp?cid=5", page(title="五号栏目"))
    server.go("/round.html", "/round2.html")
    server.go("/round2.html", "/round.html")
    server.go("/away.html", "http://other.example/login")
    server.go("/port.html", f"http://jyj.example:{int(port) - 1}/")
    server.go("/inside.html", "http://10.0.0.1/admin")
    server.go("/decimal.html", "http://167772161/a.html")
    server.add("/empty.html", "")
    server.go("/passage.html", "/inner/hidden.html")
    server.add("HEAD /film.mp4", status=405)
    server.add("/film.mp4", b"\0" * 9000, Content_Type="video/mp4")
    server.add("HEAD /picture.jpg", Content_Type="image/jpeg")
    server.add("HEAD /picture2.jpg", status=404)
    server.add("/picture2.jpg", b"\xff\xd8", Content_Type="image/jpeg")
    server.add("HEAD /picture3.jpg", status=403)
    server.add("/picture3.jpg", "no", 403)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(name="jyj.example") as server:
        port = server.url.rsplit(":", 1)[1].strip("/")
        elsewhere = [path.replace("{port}", port) for path in MORE if "://" in path]
        build(server, [*OUTCOMES, *elsewhere, *CHECKS])
        here, nobody = [["127.0.0.1"]], [["127.0.0.3"]]
        crawled = crawl(
            server,
            tmp_path_factory.mktemp("outcomes"),
            names={"jyj.example": here, "www.jyj.example": here, "www.jyj.example.": nobody},
            public=("127.0.0.1", "127.0.0.3"),
            allow_private=False,
            limits={
                "timeout": 1.0, "max_depth": 2, "stop_after": 99, "throttle_tries": 1, "slow_down": 0.02,
                "max_slow": 0.02, "robots_wait": 0.02,
            },
        )  # fmt: skip
        yield Site(server, crawled)


def test_every_page_has_its_outcome(site: Site) -> None:
    wanted: dict[str, list[str]] = {}
    for path, outcome in site.outcomes(OUTCOMES | MORE | OPENED).items():
        # What was never given out has no page of its own.
        if outcome not in ("trap", "depth"):
            wanted.setdefault(outcome, []).append(path)
    assert by_outcome(site.capture) == {outcome: sorted(paths) for outcome, paths in wanted.items()}


def test_every_refusal_has_its_reason(site: Site) -> None:
    good = ("read", "duplicate", "redirect")
    wanted = {path: outcome for path, outcome in site.outcomes(OUTCOMES | MORE | CHECKS).items() if outcome not in good}
    # A chain of redirects that ends nowhere is a reason not to have read any address of it.
    wanted["round.html"] = "redirect-loop"
    assert refused(site.capture) == wanted


def test_the_coverage_statement_counts_each_reason(site: Site) -> None:
    whole = "\n".join(coverage.statement(site.capture))
    assert "读到 7 页，内容重复的地址 1 个，未读 39 个地址。" in whole
    counts = Counter(refused(site.capture).values())
    assert counts.total() == 39 and len(counts) == 22
    told = re.search("未读原因：(.*)。", whole)
    # Each in its own words, the most frequent first.
    assert told and len(told[1].split("；")) == 22
    found = {part.partition("：")[0]: int(re.findall(r"\d+", part)[-1]) for part in told[1].split("；")}
    assert found == {refusal(reason): number for reason, number in counts.items()}
    assert list(found.values()) == sorted(found.values(), reverse=True)
    trap = f"疑似无穷尽的地址（同一列表换排序或样式，如 {site.server.url}list.jsp?cid=5&sort=date），有 1 个未读。"
    assert trap in whole


def test_the_sheet_names_each_address_with_its_reason(site: Site, tmp_path: Path) -> None:
    coverage.write(site.capture, tmp_path)
    with coverage.files(tmp_path)[0].open(encoding="utf-8-sig", newline="") as sheet:
        rows = {row["网址"].removeprefix(site.server.url): row for row in csv.DictReader(sheet)}
    wanted = {
        "a.html": ("已读", "", "200"),
        "copy.html": ("内容与其他地址相同", "", "200"),
        "missing.html": ("未读", "页面不存在（两次核实）", "404"),
        "old/2.html": ("未读", "网站提示页面不存在", "200"),
        "wall.html": ("未读", "网站拒绝访问", "200"),
        "inner/secret.html": ("未读", "网站的 robots 规则不允许", ""),
        "fault.html": ("未读", "返回状态码 500", "500"),
        "deep3.html": ("未读", "超出本次读取层数上限", ""),
    }
    assert {path: (row["结果"], row["原因"], row["状态码"]) for path, row in rows.items() if path in wanted} == wanted


def test_what_is_asked_how_often_and_in_which_way(site: Site) -> None:
    asked: dict[str, list[str]] = {}
    for seen in site.server.log:
        asked.setdefault(seen.path, []).append(seen.method)
    twice = ["missing.html", "removed.html", "returns.html", "silent.html", "cut.html", "fault.html"]
    assert {path: asked[f"/{path}"] for path in twice} == {path: ["GET", "GET"] for path in twice}
    # A refusal is no chance: only what asks for patience is asked again, and a look by HEAD is made sure of by GET.
    once = ["forbidden.html", "wall.html", "check521.html", "teapot.html", "big.html", "feed", "old/1.html"]
    assert {path: asked[f"/{path}"] for path in once} == {path: ["GET"] for path in once}
    assert asked["/busy.html"] == ["GET"] * 4
    assert {path: asked[f"/{path}"] for path in CHECKS} == {
        "film.mp4": ["HEAD", "GET"],
        "film2.mp4": ["HEAD", "GET", "GET"],
        "picture.jpg": ["HEAD"],
        "picture2.jpg": ["HEAD", "GET"],
        "picture3.jpg": ["HEAD", "GET"],
    }
    assert not {"/inner/secret.html", "/inner/hidden.html", "/list.jsp?cid=5&sort=date", "/deep3.html"} & set(asked)


def test_what_is_read_stands_in_the_capture_as_it_came(site: Site) -> None:
    pages = {page.url.removeprefix(site.server.url): page for page in site.capture.pages()}
    returned = pages["returns.html"]
    assert (returned.status, returned.title) == (200, "回来了")
    assert returned.record and site.capture.body(returned.record) == page(title="回来了").encode()
    assert pages["copy.html"].record == pages["a.html"].record
    assert pages["old/2.html"].record == pages["old/1.html"].record
    assert pages["wall.html"].record and site.capture.body(pages["wall.html"].record) == WALL.encode()
    assert site.capture.problems() == []


def test_nothing_else_is_looked_up_or_dialled(site: Site) -> None:
    port = site.server.url.rsplit(":", 1)[1].strip("/")
    names = {"jyj.example", "www.jyj.example", "jyj.example.", "www.jyj.example."}
    assert set(site.crawled.looked_up) == names
    assert set(site.crawled.dialled) == {f"127.0.0.1:{port}", f"127.0.0.3:{port}"}


def test_the_time_that_a_site_may_take_is_kept_and_said(tmp_path: Path) -> None:
    with serving() as server:
        server.pause = 0.2
        server.add("/", page(*(f"{number}.html" for number in range(30)), title="首页"))
        for number in range(30):
            server.add(f"/{number}.html", page(title=f"第{number}页"))
        capture = crawl(server, tmp_path, limits={"max_seconds": 1.5}).capture
    told = refused(capture)
    assert set(told.values()) == {"time"} and len(told) + capture.counts["read"] == 31
    assert capture.counts["read"] >= 2
    assert any("时间上限" in line and str(len(told)) in line for line in coverage.statement(capture))
