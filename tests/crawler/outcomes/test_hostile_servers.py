"""One crawl of all that a broken or malicious server can send: each has its outcome, time and memory are bounded."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple

import brotli  # type: ignore[import-untyped]
import pytest
from outcomes.crawling import Crawled, crawl, refused
from site_server import Server, page, serving

from crawler.readers.width import too_wide

MOST = 12_000_000
BOMB = b"0" * 60_000_000
TEXT = page(title="正文", text="本局办公时间为工作日上午九时至下午五时。")
LONG = page("a.txt", title="正文", text="本局办公时间为工作日上午九时至下午五时。" * 30)
Script = Callable[[BaseHTTPRequestHandler], None]


def send(*pieces: bytes) -> Script:
    def script(handler: BaseHTTPRequestHandler) -> None:
        for piece in pieces:
            handler.wfile.write(piece)

    return script


def answer(body: bytes | str, *lines: str, kind: str = "text/html", status: str = "HTTP/1.1 200 OK") -> Script:
    sent = body.encode() if isinstance(body, str) else body
    length = [] if any(line.startswith("Content-Length") for line in lines) else [f"Content-Length: {len(sent)}"]
    head = "\r\n".join([status, f"Content-Type: {kind}", *length, *lines])
    return send(head.encode() + b"\r\n\r\n", sent)


def packed(body: bytes, *encodings: str) -> Script:
    return answer(body, "Content-Encoding: " + ", ".join(encodings))


def repeat(start: str, piece: bytes, pause: float = 0.0) -> Script:
    """Send ``piece`` again and again until the client has had enough."""

    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(start.encode())
        for _ in range(100_000):
            handler.wfile.write(piece)
            time.sleep(pause)

    return script


HTML = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def cases() -> dict[str, tuple[Script, str]]:
    deep = 100_000
    once = gzip.compress(BOMB, 9)
    links = "".join(f'<p><a href="/many/{n}.txt">第{n}号</a></p>' for n in range(5200))
    return {
        # Bodies without end
        "endless": (repeat(HTML, b"<p>more</p>" * 8192), "too-large"),
        "drip": (repeat(HTML, b"<p>slow</p>", 0.05), "timeout"),
        "endless-chunks": (
            repeat("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1;" + b"x" * 4000 + b"\r\na\r\n"),
            "too-large",
        ),
        # Heads
        "endless-header": (repeat("HTTP/1.1 200 OK\r\nX-Note: ", b"x" * 60_000), "broken"),
        "endless-headers": (repeat("HTTP/1.1 200 OK\r\n", b"X-Note: " + b"x" * 6000 + b"\r\n"), "broken"),
        "cookies": (answer(TEXT, *(f"Set-Cookie: c{n}={'v' * 60}" for n in range(600))), "read"),
        "too-many-cookies": (answer(TEXT, *(f"Set-Cookie: c{n}={'v' * 60}" for n in range(3000))), "broken"),
        "status-line": (send(b"HTP/1.1 200 OK\r\n\r\n", TEXT.encode()), "broken"),
        "status-number": (answer(TEXT, status="HTTP/1.1 99999 OK"), "broken"),
        "status-999": (answer(TEXT, status="HTTP/1.1 999 No"), "http-999"),
        "status-words": (answer(TEXT, status="HTTP/1.1 two hundred"), "broken"),
        "nothing": (send(b""), "broken"),
        # Lengths, types, charsets
        "too-long": (answer(TEXT, "Content-Length: 99999"), "broken"),
        "length-of-disks": (answer(TEXT, "Content-Length: 99999999999999999"), "too-large"),
        "two-lengths": (answer(TEXT, "Content-Length: 5", "Content-Length: 7"), "broken"),
        "charset": (answer(TEXT + "编码", kind="text/html; charset=no-such-code"), "read"),
        "wrong-charset": (answer((TEXT + "汉字").encode("gbk"), kind="text/html; charset=utf-16"), "read"),
        "binary": (answer(bytes(range(256)) * 400), "unreadable"),
        "picture-as-page": (answer(b"\x89PNG\r\n\x1a\n" + b"\0" * 9000), "unreadable"),
        "page-as.pdf": (answer(TEXT.replace("正文", "网页"), kind="application/pdf"), "read"),
        "nul": (answer(LONG.replace("九时", "九\0时", 2)), "read"),
        "only-nul": (answer(b"\0" * 100_000), "unreadable"),
        # Bombs
        "gzip": (packed(once, "gzip"), "too-large"),
        "gzip-gzip": (packed(gzip.compress(once), "gzip", "gzip"), "too-large"),
        "br": (packed(brotli.compress(BOMB, quality=4), "br"), "too-large"),
        "br-gzip": (packed(gzip.compress(brotli.compress(BOMB, quality=4)), "br", "gzip"), "too-large"),
        "deflate": (packed(zlib.compress(BOMB), "deflate"), "too-large"),
        "six-times": (packed(once, *["gzip"] * 6), "broken"),
        # Markup
        "nested-div": (answer("<div>" * deep + TEXT), "unreadable"),
        "nested-table": (answer("<table><tr><td>" * deep + TEXT.replace("正文", "表格")), "unreadable"),
        "nested-font": (answer("<b><a href=x.txt>" * deep + TEXT), "unreadable"),
        "nested-list": (answer("<ul><li>" * deep + TEXT), "unreadable"),
        "links": (answer(f"<html><body>{links}</body></html>"), "read"),
        "attribute": (answer(f'<html><body><p title="{"长" * 350_000}">一段</p></body></html>'), "read"),
        "attributes": (answer("<p " + " ".join(f"a{n}={n}" for n in range(60_000)) + f">{TEXT}"), "unreadable"),
        "line": (answer("<html><body><p>" + "长句子，" * 830_000 + "</p></body></html>"), "read"),
        "comment": (answer("<!--" * 100_000 + TEXT), "unreadable"),
        "unclosed": (answer("<a href='" * 100_000 + TEXT), "unreadable"),
        "entities": (answer("<p>" + "&#x41;&lt;&nonsense;" * 60_000 + "</p>"), "read"),
        "style": (answer(f'<p style="{"display:none;" * 40_000}">藏</p>{TEXT}'), "read"),
        "script": (answer("<script>" + "var a = [" * 60_000 + "</script>" + LONG), "read"),
        "long-link": (answer(f'<a href="/{"a" * 300_000}">链接</a>{TEXT}'), "read"),
        "xml": (
            answer(
                '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">'
                + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 9))
                + ']><html xmlns="http://www.w3.org/1999/xhtml"><body>&a8;</body></html>',
                kind="application/xhtml+xml",
            ),
            "read",
        ),
    }


class Site(NamedTuple):
    server: Server
    wanted: dict[str, str]
    crawled: Crawled
    seconds: float


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    scripts = cases()
    with serving() as server:
        server.add("/", page(*scripts, "round1", title="首页"))
        for name, (script, _) in scripts.items():
            server.run(f"/{name}", script)
        for number in range(1, 9):
            server.go(f"/round{number}", f"/round{number % 7 + 1}")
        server.otherwise = lambda path: page(title=path) if path.endswith(".txt") else ""
        started = time.monotonic()
        crawled = crawl(
            server,
            tmp_path_factory.mktemp("hostile"),
            limits={"max_bytes": MOST, "second_tries": 0, "timeout": 3.0},
            max_pages=len(scripts) + 40,
        )
        yield Site(
            server, {name: outcome for name, (_, outcome) in scripts.items()}, crawled, time.monotonic() - started
        )


def test_each_has_its_outcome(site: Site) -> None:
    found = {page.url.removeprefix(site.server.url): page.outcome for page in site.crawled.capture.pages()}
    assert {name: found.get(name) for name in site.wanted} == site.wanted
    # No chain of redirects is followed further than five steps.
    told = {path: reason for path, reason in refused(site.crawled.capture).items() if path.startswith("round")}
    assert told == {f"round{number}": "redirect-loop" for number in range(1, 7)}
    assert site.crawled.capture.problems() == []


def test_time_and_memory_are_bounded(site: Site) -> None:
    """About 8 s and 200 MB; the bounds only show that there are some."""
    assert site.seconds < 90
    assert site.crawled.megabytes < 400


def test_what_is_cut_off_is_noted(site: Site) -> None:
    facts = site.crawled.capture.facts(site.server.url + "links")
    assert facts is not None and facts.notes == ("链接超过 3000 条，只记录了前面的部分",)


@pytest.mark.parametrize("piece", ["<a href='", "<!--", "<a ", "<script>", "<a =", '<a b="', "< ", "<a/", "a=1 "])
def test_counting_attributes_is_linear(piece: str) -> None:
    started = time.process_time()
    too_wide(b"<p " + piece.encode() * (2_000_000 // len(piece)))
    assert time.process_time() - started < 2


def test_only_tags_that_no_page_has_are_too_wide() -> None:
    many = " ".join(f"a{n}=1" for n in range(1500))
    room = "文字" * 30_000
    assert too_wide(f"<p {many}>{room}".encode())
    # The marks of the end of a tag may stand in its values.
    assert too_wide(f"<p {many}>{room}".replace("=1", '=">"').encode())
    assert not too_wide(f"<!-- <p {many}> --><script>if (a<b {many}) x()</script>{room}".encode())
    assert not too_wide(f'<p title="{many}">{room}'.encode())
