"""Fetching one address: bounded, and every failure is one clear line."""

from __future__ import annotations

import gzip
import socket
import time
from http.server import BaseHTTPRequestHandler

import pytest
from site_server import Server

from crawler import fetch
from crawler.errors import UnusableInput
from crawler.fetch import fetch_one


def refused(url: str, **limits: float) -> str:
    with pytest.raises(UnusableInput) as caught:
        fetch_one(url, **limits)  # type: ignore[arg-type]
    line = str(caught.value)
    assert line.startswith(url) and "\n" not in line and line.endswith("。")
    return line


def test_the_body_and_the_final_address_arrive(server: Server) -> None:
    server.add("/report.html", "年度报告".encode("gbk"), Content_Type="text/html; charset=gbk")
    server.go("/old", "report.html", 301)
    answer = fetch_one(server.url + "old")
    assert (answer.url, answer.status, answer.body) == (server.url + "report.html", 200, "年度报告".encode("gbk"))
    assert ("Content-Type", "text/html; charset=gbk") in answer.headers
    assert next(iter(server.agents)).startswith("Duwang/")


def test_a_compressed_answer_is_unpacked_within_the_limit(server: Server) -> None:
    server.add("/", gzip.compress(b"<p>hello</p>"), Content_Encoding="gzip")
    server.add("/bomb", gzip.compress(b"0" * 5_000_000), Content_Encoding="gzip")
    assert fetch_one(server.url).body == b"<p>hello</p>"
    assert "超过 1 MB" in refused(server.url + "bomb", max_bytes=1024 * 1024)


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "网站返回 404（未找到）；请核对网址。"), (500, "500"), (403, "403（拒绝访问）"), (418, "418")],
)
def test_an_error_status_is_named(server: Server, status: int, words: str) -> None:
    server.add("/a", "x", status)
    assert words in refused(server.url + "a")


def test_redirect_loop_and_redirect_to_nowhere(server: Server) -> None:
    server.go("/a", "/b")
    server.go("/b", "/a")
    server.go("/c", "ftp://files.example/")
    assert "转向超过" in refused(server.url + "a")
    assert len(server.asked) == 6
    assert "无法访问的地址" in refused(server.url + "c")


def test_a_public_host_may_not_lead_to_a_private_one(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.go("/a", server.url.replace("127.0.0.1", "127.0.0.2") + "secret")
    monkeypatch.setattr(fetch, "is_public", lambda address: address == "127.0.0.1")
    assert "内部地址" in refused(server.url + "a")
    assert server.asked == ["/a"]


def test_too_large_by_announcement_and_by_count(server: Server) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65536)

    server.run("/endless", endless)
    assert "超过" in refused(server.url + "endless", max_bytes=300_000)


def test_the_time_limit_counts_for_everything_together(server: Server) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"x")
            time.sleep(0.05)

    server.run("/drip", drip)
    begun = time.monotonic()
    assert "限定时间" in refused(server.url + "drip", timeout=0.6)
    assert time.monotonic() - begun < 4.5


def test_a_cut_answer_is_not_taken_for_the_whole(server: Server) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"half")

    server.run("/cut", cut)
    assert "不完整" in refused(server.url + "cut")


def test_nobody_listens_no_such_host_no_address() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "无法连接" in refused(f"http://127.0.0.1:{port}/")
    assert "找不到主机" in refused("http://nothing.invalid/")
    for url in ("file:///etc/passwd", "ftp://a.example/", "//x", "http://"):
        assert "不是可以访问的网址" in refused(url)
