"""Connections are used again, lost ones cost nothing, and the request goes over the wire as it was found."""

from __future__ import annotations

import socket
import threading
from typing import Any

from wire.asking import ask
from wire.raw_server import Script, raw_serving, send

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def in_turn(*scripts: Script) -> Script:
    """A script for each time that the path is asked for."""
    left = list(scripts)

    def script(line: socket.socket) -> bool | None:
        return left.pop(0)(line)

    return script


def test_one_connection_for_all_pages_of_a_host() -> None:
    scripts = {f"/{number}": send(OK, keep=True) for number in range(5)}
    with raw_serving(scripts) as server:
        asked = ask(*(server.url + path for path in scripts))
        assert asked.outcomes == ["read"] * 5
        assert server.connections == 1


def test_a_fresh_connection_where_the_server_wants_it() -> None:
    closing = send(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", keep=True)
    old = send(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", keep=True)
    with raw_serving({"/1": closing, "/2": old, "/3": send(OK)}) as server:
        assert ask(*(f"{server.url}/{number}" for number in (1, 2, 3))).outcomes == ["read"] * 3
        assert server.connections == 3


def test_a_connection_that_died_in_between_is_replaced() -> None:
    """The server answers once, then hangs up on the second request as if it had timed out."""
    for method in ("GET", "POST"):
        script = in_turn(send(OK, keep=True), send(b""), send(OK))
        with raw_serving({"/": script}) as server:
            request: dict[str, Any] = {"url": server.url + "/", "method": method}
            assert ask(request, request).outcomes == ["read", "read"]
            assert (server.connections, len(server.asked)) == (2, 3)


def test_a_connection_closed_long_before_is_not_even_tried() -> None:
    with raw_serving({"/": send(OK)}) as server:
        assert ask(server.url + "/", {"url": server.url + "/", "pause": 0.2}).outcomes == ["read", "read"]
        assert (server.connections, len(server.asked)) == (2, 2)


def test_a_server_that_never_answers_is_asked_once() -> None:
    with raw_serving({"/": send(b"")}) as server:
        assert ask(server.url + "/").outcomes == ["broken"]
        assert len(server.asked) == 1


def test_bytes_beyond_the_answer_are_not_the_next_answer() -> None:
    forged = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"

    def late(line: socket.socket) -> bool:
        line.sendall(OK)
        threading.Event().wait(0.1)
        line.sendall(forged)
        return True

    for first in (send(OK + forged, keep=True), late):
        with raw_serving({"/1": first, "/2": send(OK, keep=True)}) as server:
            asked = ask(server.url + "/1", {"url": server.url + "/2", "pause": 0.3})
            assert [one["body"] for one in asked.found] == ["ok", "ok"]
            assert server.connections == 2


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert ask(f"http://127.0.0.1:{port}/").outcomes == ["refused"]


def test_an_address_that_swallows_everything() -> None:
    """A full queue of connections: the kernel answers nothing any more."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        asked = ask(f"http://127.0.0.1:{port}/", limits={"connect_seconds": 0.3})
        for one in waiting:
            one.close()
        assert asked.outcomes == ["timeout"]
        assert asked.found[0]["seconds"] < 1


ADDRESSES = {
    "/a%2Fb%2fc": "/a%2Fb%2fc",
    "/%E4%B8%AD%e6%96%87.html": "/%E4%B8%AD%e6%96%87.html",
    "/%D6%D0%CE%C4.asp": "/%D6%D0%CE%C4.asp",
    "/list;jsessionid=A1?a|b=[1]&c={2}'~^`\\": "/list;jsessionid=A1?a|b=[1]&c={2}'~^`\\",
    "//double//slash/./..": "//double//slash/./..",
    "/q?x=%20+%00&&=": "/q?x=%20+%00&&=",
    "/part#below": "/part",
    "?n=1": "/?n=1",
    "": "/",
    "/中 文": "/%E4%B8%AD%20%E6%96%87",
    "/a\r\nHost: evil.example\r\n\r\n": "/a%0D%0AHost:%20evil.example%0D%0A%0D%0A",
    "/\x00\x7f": "/%00%7F",
}


def test_addresses_go_over_the_wire_as_they_are() -> None:
    with raw_serving({path: send(OK, keep=True) for path in ADDRESSES.values()}) as server:
        asked = ask(*(server.url + address for address in ADDRESSES))
        assert server.paths() == list(ADDRESSES.values())
        assert asked.outcomes == ["read"] * len(ADDRESSES)


def test_the_head_of_a_request() -> None:
    with raw_serving({"/": send(OK, keep=True)}) as server:
        authority = f"127.0.0.1:{server.port}"
        ask(
            f"http://user:secret@{authority}/",
            {"url": server.url + "/", "method": "POST", "body": "col=1&页=2"},
            {"url": f"http://中文.example:{server.port}/"},
            names={"xn--fiq228c.example": [["127.0.0.1"]]},
            USER_AGENT="Duwang/1",
            DEFAULT_REQUEST_HEADERS={"Accept-Language": "zh-CN"},
        )
        common = "User-Agent: Duwang/1\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
        heads = [head.decode() for head in server.heads]
        assert heads == [
            f"GET / HTTP/1.1\r\nHost: {authority}\r\nAccept-Language: zh-CN\r\n{common}Connection: keep-alive\r\n\r\n",
            f"POST / HTTP/1.1\r\nHost: {authority}\r\nAccept-Language: zh-CN\r\n{common}"
            "Content-Length: 11\r\nConnection: keep-alive\r\n\r\ncol=1&页=2",
            f"GET / HTTP/1.1\r\nHost: xn--fiq228c.example:{server.port}\r\nAccept-Language: zh-CN\r\n{common}"
            "Connection: keep-alive\r\n\r\n",
        ]


def test_a_redirect_leads_where_a_browser_would_go() -> None:
    followed = {
        "/中文.html".encode(): "/%E4%B8%AD%E6%96%87.html",
        "/中文.html".encode("gbk"): "/%D6%D0%CE%C4.html",
        b"/a b.html ": "/a%20b.html",
        b"/%2F%e4|;x": "/%2F%e4|;x",
        b"": "",
    }
    moved = b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
    scripts = {f"/{number}": send(moved % sent, keep=True) for number, sent in enumerate(followed)}
    with raw_serving(scripts) as server:
        asked = ask(*(server.url + path for path in scripts))
        assert [one["status"] for one in asked.found] == [302] * len(followed)
        assert [one["location"] for one in asked.found] == list(followed.values())


def test_the_answer_to_head_has_no_body() -> None:
    announced = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nContent-Encoding: gzip\r\n\r\n"
    with raw_serving({"/": send(announced, keep=True)}) as server:
        asked = ask(*[{"url": server.url + "/", "method": "HEAD"}] * 2)
        assert [(one["outcome"], one["length"]) for one in asked.found] == [("read", 0)] * 2
        assert server.connections == 1


def test_limits_of_a_single_request() -> None:
    with raw_serving({"/": send(OK)}) as server:
        asked = ask(
            {"url": server.url + "/", "meta": {"download_maxsize": 1}},
            {"url": server.url + "/", "meta": {"download_timeout": 0.000001}},
        )
        assert asked.outcomes == ["too-large", "timeout"]


def test_the_time_to_the_headers_is_known() -> None:
    def slow(line: socket.socket) -> bool:
        threading.Event().wait(0.3)
        return bool(send(OK)(line))

    with raw_serving({"/": slow}) as server:
        assert 0.3 <= ask(server.url + "/").found[0]["latency"] < 0.6


def test_an_address_that_is_none_is_our_fault() -> None:
    assert ask("http:///nowhere", "http://a.example:99999/").outcomes == ["error", "error"]
