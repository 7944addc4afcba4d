"""What servers really send, on real sockets: each answer is read as browsers do, or has its own outcome, in time."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import brotli
import pytest
from wire.asking import Asked, ask
from wire.raw_server import Script, drip, raw_serving, send, send_and_hold, send_and_reset

from crawler.crawl.wire.encodings import zstd

PAGE = "<html><body><p>本局办公时间为工作日上午九时至下午五时。</p></body></html>".encode()
MOST = 300_000
TIMEOUT = 1.5


def answer(*lines: bytes, body: bytes = PAGE, status: bytes = b"HTTP/1.1 200 OK", length: bool = True) -> bytes:
    said = [b"Content-Length: %d" % len(body)] if length else []
    return b"\r\n".join([status, b"Content-Type: text/html", *lines, *said]) + b"\r\n\r\n" + body


def chunked(*pieces: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + end


CHUNKED = b"Transfer-Encoding: chunked"
BOMB = b"0" * 40_000_000


@dataclass
class Case:
    """``body``: what must have been read; None where that is not the point."""

    script: Script
    outcome: str = "read"
    body: bytes | None = PAGE
    status: int = 200
    more: dict[str, Any] = field(default_factory=dict)


def read(*pieces: bytes, body: bytes | None = PAGE, status: int = 200) -> Case:
    return Case(send(*pieces), body=body, status=status)


def broken(*pieces: bytes) -> Case:
    return Case(send(*pieces), "broken")


def large(*pieces: bytes) -> Case:
    return Case(send(*pieces), "too-large")


CASES: dict[str, Case] = {
    "as it should be": read(answer()),
    "in single bytes": read(*(bytes([byte]) for byte in answer())),
    # Lengths
    "length too long": broken(answer(b"Content-Length: 5000", length=False)),
    "length too short": read(answer(b"Content-Length: 12", length=False), body=PAGE[:12]),
    "same length twice": read(answer(b"Content-Length: %d" % len(PAGE))),
    "lengths that differ": broken(answer(b"Content-Length: 3")),
    "length that is no number": read(answer(b"Content-Length: 12px", length=False)),
    "negative length": read(answer(b"Content-Length: -1", length=False)),
    "no length": read(answer(length=False)),
    "HTTP/1.0 without length": read(answer(status=b"HTTP/1.0 200 OK", length=False)),
    "a length that no disk holds": large(answer(b"Content-Length: 99999999999999999", length=False)),
    # Heads
    "no reason phrase": read(answer(status=b"HTTP/1.1 200")),
    "lone line feeds": read(answer().replace(b"\r\n", b"\n")),
    "lower-case protocol": read(answer(status=b"http/1.1 200 ok")),
    "empty lines before": read(b"\r\n\r\n" + answer()),
    "lines that are no headers": read(answer("<!-- 欢迎 -->".encode(), b": x", b"a b: c", b"no colon")),
    "blank before the colon": read(answer(b"X-Powered-By : ASP")),
    "folded header": read(answer(b"X-Note: one\r\n two")),
    "NUL in a header": read(answer(b"X-Note: a\0b")),
    "GBK in a header": read(answer("X-Note: 中文".encode("gbk"))),
    "a header of 20 KB": read(answer(b"Set-Cookie: a=" + b"x" * 20_000)),
    "200 headers": read(answer(*[b"Set-Cookie: a=1"] * 200)),
    "endless headers": Case(drip(b"HTTP/1.1 200 OK\r\n", b"X-Note: " + b"x" * 5000 + b"\r\n", 0, 4000), "broken"),
    "one endless header": Case(drip(b"HTTP/1.1 200 OK\r\nX-Note: ", b"x" * 5000, 0, 4000), "broken"),
    "slow headers": Case(drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.2, 40), "timeout"),
    "100 before the answer": read(b"HTTP/1.1 100 Continue\r\n\r\n", answer()),
    "nothing but 100": Case(send_and_hold(b"HTTP/1.1 100 Continue\r\n\r\n" * 50), "broken"),
    "101 unasked": broken(answer(status=b"HTTP/1.1 101 Switching Protocols")),
    "status 999": read(answer(status=b"HTTP/1.1 999 Denied"), status=999),
    "status of four digits": broken(answer(status=b"HTTP/1.1 2000 OK")),
    "no HTTP at all": broken(PAGE),
    "no HTTP, connection held": Case(send_and_hold(PAGE), "broken"),
    "a mail server": Case(send_and_hold(b"220 mail ready\r\n"), "broken"),
    "half a head": broken(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "nothing": broken(b""),
    "silence": Case(send_and_hold(b""), "timeout"),
    "204 with a body all the same": read(answer(status=b"HTTP/1.1 204 No Content"), body=b"", status=204),
    "304 with a length": Case(
        send_and_hold(answer(b"Content-Length: 900", status=b"HTTP/1.1 304 Not Modified", body=b"", length=False)),
        body=b"",
        status=304,
    ),
    "wrong type": read(answer().replace(b"text/html", b"image/jpeg")),
    # Chunks
    "chunks": read(answer(CHUNKED, body=chunked(PAGE[:20], PAGE[20:]), length=False)),
    "chunks and a length": read(answer(CHUNKED, b"Content-Length: 5", body=chunked(PAGE), length=False)),
    "chunks with blanks and notes": read(
        answer(CHUNKED, body=b" %X ;a=b\r\n%s\r\n0 \r\nX: y\r\n\r\n" % (len(PAGE), PAGE), length=False)
    ),
    "chunks with lone line feeds": read(answer(CHUNKED, body=b"%x\n%s\n0\n\n" % (len(PAGE), PAGE), length=False)),
    "last chunk without its line": Case(send_and_hold(answer(CHUNKED, body=chunked(PAGE, end=b"0\r\n"), length=False))),
    "no last chunk": broken(answer(CHUNKED, body=chunked(PAGE, end=b""), length=False)),
    "chunk size that is none": Case(
        send_and_hold(answer(CHUNKED, body=chunked(PAGE, end=b"zz\r\n"), length=False)), "broken"
    ),
    "chunk longer than it said": broken(answer(CHUNKED, body=b"3\r\nabcdef\r\n0\r\n\r\n", length=False)),
    "chunks announced, none sent": broken(answer(CHUNKED, body=PAGE + b"\n", length=False)),
    "chunk of eight exabytes": large(answer(CHUNKED, body=b"7fffffffffffffff\r\nabc", length=False)),
    "endless chunks": Case(
        drip(answer(CHUNKED, body=b"", length=False), chunked(b"x" * 4000, end=b""), 0, 20_000), "too-large"
    ),
    "endless tiny chunks": Case(
        drip(answer(CHUNKED, body=b"", length=False), b"1;" + b"n" * 4000 + b"\r\nx\r\n", 0, 20_000), "too-large"
    ),
    # Bodies
    "endless body": Case(drip(answer(body=b"", length=False), b"x" * 60_000, 0, 2000), "too-large"),
    "a byte now and then": Case(drip(answer(body=b"", length=False), b"x", 0.2, 40), "timeout"),
    "reset in the body": Case(send_and_reset(answer(b"Content-Length: 5000", length=False)), "broken"),
    "reset in a body without length": Case(send_and_reset(answer(length=False)), "broken"),
    "reset before the answer": Case(send_and_reset(b""), "network"),
    "a body that is not wanted": Case(
        drip(answer(length=False).replace(b"text/html", b"video/mp4"), b"x" * 60_000, 0, 2000), body=b""
    ),
    # Encodings
    "gzip": read(answer(b"Content-Encoding: gzip", body=gzip.compress(PAGE))),
    "gzip twice": read(answer(b"Content-Encoding: gzip, GZIP", body=gzip.compress(gzip.compress(PAGE)))),
    "two gzip members": read(
        answer(b"Content-Encoding: x-gzip", body=gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:]))
    ),
    "gzip with a wrong checksum": read(
        answer(b"Content-Encoding: gzip", body=gzip.compress(PAGE)[:-8] + b"\1\2\3\4\5\6\7\x08")
    ),
    "gzip without checksum": read(answer(b"Content-Encoding: gzip", body=gzip.compress(PAGE)[:-8])),
    "gzip cut short": broken(answer(b"Content-Encoding: gzip", body=gzip.compress(PAGE)[:40])),
    "gzip that is plain": read(answer(b"Content-Encoding: gzip")),
    "gzip without a body": read(answer(b"Content-Encoding: gzip", body=b""), body=b""),
    "gzip six times": broken(answer(b"Content-Encoding: " + b"gzip, " * 6)),
    "deflate": read(answer(b"Content-Encoding: deflate", body=zlib.compress(PAGE))),
    "deflate without zlib header": read(answer(b"Content-Encoding: deflate", body=zlib.compress(PAGE)[2:-4])),
    "deflate that is plain": read(answer(b"Content-Encoding: deflate")),
    "deflate that is damaged": broken(answer(b"Content-Encoding: deflate", body=b"\x78\x9c\xff\xff\0\1\2\3")),
    "br": read(answer(b"Content-Encoding: br", body=brotli.compress(PAGE))),
    "br that is plain": read(answer(b"Content-Encoding: br")),
    "zstd": read(answer(b"Content-Encoding: zstd", body=zstd.compress(PAGE))),
    "zstd that is plain": read(answer(b"Content-Encoding: zstd")),
    "unknown encoding": read(answer(b"Content-Encoding: compress", body=b"\x1f\x9d\x90abc"), body=b"\x1f\x9d\x90abc"),
    "gzip bomb": large(answer(b"Content-Encoding: gzip", body=gzip.compress(BOMB))),
    "gzip bomb in gzip": large(answer(b"Content-Encoding: gzip, gzip", body=gzip.compress(gzip.compress(BOMB)))),
    "deflate bomb": large(answer(b"Content-Encoding: deflate", body=zlib.compress(BOMB))),
    "br bomb": large(answer(b"Content-Encoding: br", body=brotli.compress(BOMB, quality=5))),
    "zstd bomb": large(answer(b"Content-Encoding: zstd", body=zstd.compress(BOMB))),
    "thousands of gzip members": broken(answer(b"Content-Encoding: gzip", body=gzip.compress(b"") * 5000)),
}


@pytest.fixture(scope="module", params=["uvloop.Loop", None], ids=["uvloop", "asyncio"])
def crawl(request: pytest.FixtureRequest) -> Iterator[Asked]:
    """All cases in one crawl, one after the other: no answer may harm the next one. Loops differ in how they fail."""
    scripts = {f"/{number}": case.script for number, case in enumerate(CASES.values())}
    with raw_serving(scripts) as server:
        urls = [server.url + path for path in scripts]
        yield ask(*urls, DOWNLOAD_TIMEOUT=TIMEOUT, DOWNLOAD_MAXSIZE=MOST, ASYNCIO_EVENT_LOOP=request.param)


@pytest.mark.parametrize("name", CASES)
def test_outcome(crawl: Asked, name: str) -> None:
    case = CASES[name]
    found = crawl.found[list(CASES).index(name)]
    assert found["outcome"] == case.outcome, found
    assert found["seconds"] < TIMEOUT + 1
    if case.outcome == "read":
        assert found["status"] == case.status
        assert case.body is None or found["body"].encode("latin-1") == case.body


def test_memory_and_complaints(crawl: Asked) -> None:
    assert crawl.megabytes < 110
    assert crawl.errors == ""


def test_an_unwanted_body_is_not_read(crawl: Asked) -> None:
    found = crawl.found[list(CASES).index("a body that is not wanted")]
    assert found["flags"] == ["download_stopped"]
    assert found["seconds"] < 0.5


def test_undone_encodings_are_left_out_of_the_headers(crawl: Asked) -> None:
    names = list(CASES)
    for name, left in (("gzip", None), ("br that is plain", None), ("unknown encoding", "compress")):
        assert crawl.found[names.index(name)]["headers"].get("Content-Encoding") == left, name


def test_headers_are_kept_byte_by_byte(crawl: Asked) -> None:
    found = crawl.found[list(CASES).index("GBK in a header")]
    assert found["headers"]["X-Note"].encode("latin-1") == "中文".encode("gbk")
