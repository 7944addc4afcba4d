"""A public site that leads inside by every way it can: no connection is ever opened to anything but the site."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from outcomes.crawling import Crawled, crawl, read, refused
from site_server import Server, page, serving

# Each leads to this machine, to a neighbour, or to where clouds keep their keys.
HOSTS = [
    "127.0.0.1", "127.1", "127.0.0.3", "2130706433", "017700000001", "0177.0.0.1", "0x7f000001", "0x7f.1", "0.0.0.0",
    "0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]", "[2001:0:7f00:1::1]", "[fe80::1%25lo]", "[fe80::1]", "[fc00::1]", "10.1.2.3",
    "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "user@127.0.0.1", "jyj.example@127.0.0.1",
]  # fmt: skip
NAMES = [
    "localhost", "inside.example", "jyj.example.127.0.0.1.nip.example", "metadata.google.internal", "１２７.０.０.１",
    "127。0。0。1",
]  # fmt: skip
SCHEMES = [
    "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:{trap}/", "data:text/html,<a href=http://127.0.0.1/>",
    "ws://127.0.0.1:{trap}/", "dict://127.0.0.1:{trap}/", "view-source:http://127.0.0.1:{trap}/", "jar:http://127.0.0.1/",
]  # fmt: skip


class Trap(NamedTuple):
    port: int
    heard: list[str]


@contextmanager
def trap(*addresses: tuple[str, int]) -> Iterator[Trap]:
    """Listens on these addresses, and on one more port of all addresses; every connection is noted."""
    heard: list[str] = []
    ended = threading.Event()
    with ExitStack() as stack:
        everywhere = stack.enter_context(socket.create_server(("0.0.0.0", 0), backlog=64))
        port = everywhere.getsockname()[1]
        listeners = [everywhere, *(stack.enter_context(socket.create_server(one, backlog=64)) for one in addresses)]
        with suppress(OSError):
            # A machine without IPv6 cannot be reached by it either.
            six = socket.create_server(("::", port), family=socket.AF_INET6, backlog=64)
            listeners.append(stack.enter_context(six))

        def listen() -> None:
            while not ended.is_set():
                for listener in select.select(listeners, [], [], 0.05)[0]:
                    line, peer = listener.accept()
                    line.close()
                    heard.append(f"{listener.getsockname()} from {peer}")

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield Trap(port, heard)
        finally:
            ended.set()
            thread.join()


class Site(NamedTuple):
    server: Server
    trap: Trap
    crawled: Crawled

    @property
    def port(self) -> int:
        return urlsplit(self.server.url).port or 0


def robots(handler: BaseHTTPRequestHandler) -> None:
    """The file of the second name stands inside, it says."""
    here = handler.headers.get("Host", "").startswith("jyj.")
    port = handler.headers.get("Host", "").rpartition(":")[2]
    said = b"200 OK" if here else f"302 Found\r\nLocation: http://127.0.0.1:{port}/robots.txt".encode()
    handler.wfile.write(b"HTTP/1.0 " + said + b"\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\n")


def build(server: Server, inside: list[str], names: list[str], port: int) -> None:
    """Links, frames, refreshes, redirects, scripts, forms, pages and data of lists."""
    server.run("/robots.txt", robots)
    far = inside[0]
    ways = ["frames.html", "refresh.html", "script.html", "base.html", "list.html", "data.html", "form.html"]
    redirects = {f"r{number}.html": url for number, url in enumerate(inside + names)}
    second = [f"http://www.jyj.example:{port}/www{number}.html" for number in range(3)]
    links = [*ways, *redirects, *second, *inside, *names, *(scheme.format(trap=port) for scheme in SCHEMES)]
    server.add("/", page(*links, title="首页"))
    for path, url in redirects.items():
        server.add(f"/{path}", b"", 302, Location=url.encode().decode("latin-1"))
    frames = "".join(f'<iframe src="{url}"></iframe><img src="{url}a.png">' for url in inside)
    server.add("/frames.html", f"<html><body><p>框架</p>{frames}<object data='{far}o'></object></body></html>")
    server.add("/refresh.html", page(title="转到", head=f'<meta http-equiv="refresh" content="0; url={far}refresh">'))
    server.add("/script.html", f"<html><body>转到<script>location.href = '{far}script';</script></body></html>")
    server.add("/base.html", page("b1.html", "/b2.html", title="另有根", head=f'<base href="{far}">'))
    rows = "".join(f'<li><a href="{n}.htm">关于第{n}号事项</a><span>2024-01-0{n}</span></li>' for n in range(1, 5))
    turns = f'<a href="{far}index_1.html">2</a><a href="{far}index_1.html">下一页</a>'
    server.add("/list.html", f"<html><body><ul>{rows}</ul><div class='page'>{turns}</div></body></html>")
    records = "".join(f"<record><![CDATA[{row}</li>]]></record>" for row in rows.split("</li>")[:-1])
    following = f"<nextgroup><![CDATA[<a href='{far}dataproxy.jsp?page=1'></a>]]></nextgroup>"
    data = f"<datastore>{following}<recordset>{records}</recordset></datastore>"
    jpage = f"$('#77').jpage({{totalRecord:70,perPage:15,groupSize:2,proxyUrl:'{far}dataproxy.jsp'}});"
    body = f"<div id='77'><script type='text/xml'>{data}</script></div><script>{jpage}</script>"
    server.add("/data.html", f"<html><body>{body}</body></html>")
    for number in range(1, 5):
        server.add(f"/{number}.htm", page(title=f"第{number}号事项"))
    form = f"<form action='{far}form' method='post'><input type=submit></form>"
    server.add("/form.html", f"<html><body>{form}</body></html>")
    for number in range(3):
        server.add(f"/www{number}.html", page(title=f"第{number}页"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving("127.0.0.2", "jyj.example") as server:
        port = urlsplit(server.url).port or 0
        with trap(("127.0.0.1", port), ("127.0.0.3", port)) as listening:
            inside = [f"http://{host}:{to}/" for host in HOSTS for to in (port, listening.port)]
            names = [f"http://{name}:{port}/" for name in NAMES] + [f"http://jyj.example:{listening.port}/"]
            build(server, inside, names, listening.port)
            server.pages["/"].body = str(server.pages["/"].body).replace(
                f"www.jyj.example:{listening.port}", f"www.jyj.example:{port}"
            )
            crawled = crawl(
                server,
                tmp_path_factory.mktemp("inside"),
                # The second name turns to this machine after its robots.txt and its first page.
                names={
                    "jyj.example": [["127.0.0.1", "127.0.0.2"]],
                    "www.jyj.example": [["127.0.0.2"], ["127.0.0.2"], ["127.0.0.1", "::1"]],
                }
                | {name: [["127.0.0.1"]] for name in NAMES},
                public=("127.0.0.2",),
                wire={"names_seconds": 0},
                allow_private=False,
                limits={"max_pages": 900},
            )
            yield Site(server, listening, crawled)


def test_nothing_but_the_site_is_ever_dialled(site: Site) -> None:
    assert site.trap.heard == []
    assert set(site.crawled.dialled) == {f"127.0.0.2:{site.port}"}
    # Where links to other hosts lead is looked up, and then they are not asked.
    assert set(site.crawled.looked_up) == {"jyj.example", "www.jyj.example", *NAMES[:4]}
    left = {check.url: check.outcome for check in site.crawled.capture.checks() if not check.url.endswith(".png")}
    assert set(left.values()) == {"private-address"} and f"http://inside.example:{site.port}/" in left
    assert len(site.server.log) > 2 * len(HOSTS)


def test_each_redirect_inside_is_told_and_a_name_that_turns_inside_is_left(site: Site) -> None:
    found = refused(site.crawled.capture)
    told = {path: found.pop(path) for path in list(found) if path.startswith("r") and path[1].isdigit()}
    wanted = ["private-address"] * (2 * len(HOSTS)) + ["offsite-redirect"] * (len(NAMES) + 1)
    assert list(told.values()) == wanted
    # The second name was read as long as it was public.
    turned = {f"http://www.jyj.example:{site.port}/www{number}.html": "private-address" for number in (1, 2)}
    assert {url: reason for url, reason in found.items() if "://" in url} == turned
    assert f"http://www.jyj.example:{site.port}/www0.html" in read(site.crawled.capture)
