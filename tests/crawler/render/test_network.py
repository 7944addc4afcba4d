"""The browser has no network: what a page asks for is asked by the crawler, or by nobody."""

from __future__ import annotations

import select
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from render.drawn_lists import script_page
from site_server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.conftest import Bench

pytestmark = pytest.mark.optional("chromium")


@contextmanager
def listening() -> Iterator[tuple[int, list[str]]]:
    """One port for TCP and UDP; every connection and every datagram is noted, whatever it says."""
    heard: list[str] = []
    tcp, udp = socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    port = tcp.getsockname()[1]
    udp.bind(("127.0.0.1", port))
    ended = threading.Event()

    def listen() -> None:
        while not ended.is_set():
            for line in select.select([tcp, udp], [], [], 0.1)[0]:
                if line is tcp:
                    tcp.accept()[0].close()
                else:
                    udp.recv(2048)
                heard.append("connection" if line is tcp else "datagram")

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield port, heard
    finally:
        ended.set()
        thread.join()
        tcp.close()
        udp.close()


def test_the_browser_reaches_nothing_on_its_own(server: Server, bench: Bench) -> None:
    """Whatever a page tries, only the crawler's callable is asked, and only for what may be asked for."""
    with listening() as (port, heard):
        far = f"http://127.0.0.1:{port}"
        server.add("/local.js", "document.title += '本站';", Content_Type="text/javascript")
        server.go("/away.js", f"{far}/redirected.js")
        server.go("/away.json", f"{far}/redirected.json")
        tries = f"""
        const quiet = work => {{ try {{ const p = work(); p?.catch?.(() => 0); }} catch (e) {{}} }};
        quiet(() => fetch("http://169.254.169.254/latest/meta-data/"));
        quiet(() => fetch("{far}/fetched"));
        quiet(() => fetch("http://outside.example.com/fetched"));
        quiet(() => fetch("/away.json"));
        quiet(() => fetch("/put", {{method: "PUT", body: "x"}}));
        quiet(() => navigator.sendBeacon("{far}/beacon", "x"));
        quiet(() => new WebSocket("ws://127.0.0.1:{port}/socket"));
        quiet(() => new EventSource("{far}/events"));
        quiet(() => new WebTransport("https://127.0.0.1:{port}/transport").ready);
        quiet(() => window.open("{far}/window"));
        quiet(() => navigator.serviceWorker.register("/worker.js"));
        quiet(() => new Worker(URL.createObjectURL(new Blob([
          "fetch('{far}/worker').catch(() => 0); new WebSocket('ws://127.0.0.1:{port}/worker-socket')"]))));
        quiet(() => {{ const call = new RTCPeerConnection({{iceServers: [{{urls: "stun:127.0.0.1:{port}"}},
          {{urls: "turn:127.0.0.1:{port}?transport=tcp", username: "a", credential: "b"}}]}});
          call.createDataChannel("x"); call.createOffer().then(offer => call.setLocalDescription(offer)); }});
        """
        head = f"""<link rel="preconnect" href="{far}"><link rel="prefetch" href="{far}/prefetch">
        <link rel="stylesheet" href="/look.css"><link rel="preload" as="script" href="{far}/preload.js">
        <script src="/local.js"></script><script src="{far}/script.js"></script><script src="/away.js"></script>
        <style>@font-face {{ font-family: x; src: url({far}/font) }} body {{ font-family: x;
        background: url({far}/background) }}</style>"""
        body = f"""<img src="/picture.png"><img src="{far}/picture.png"><iframe src="{far}/frame"></iframe>
        <iframe src="/frame.html"></iframe><video src="{far}/video"></video><object data="{far}/object"></object>
        <a id="a" href="#top" ping="{far}/ping">链接</a><form method="post" action="/form" target="_blank"></form>"""
        clicks = "; document.getElementById('a').click(); document.forms[0].submit();"
        server.add("/tries.html", script_page(tries + clicks, body, head))
        drawn = bench.draw(f"{server.url}tries.html")
        time.sleep(1.0)
        assert heard == []
    assert "<p>正文</p>" in drawn.html and drawn.title == "本站"
    assert sorted(server.asked) == ["/away.js", "/away.json", "/local.js", "/tries.html"]
    # Scripts of other hosts are the crawler's decision, and it refused them here.
    elsewhere = sorted(url for _, url in bench.asked if not url.startswith(server.url))
    assert elsewhere == [f"{far}/preload.js", f"{far}/redirected.js", f"{far}/script.js"]
    outcomes = {(asked.url.removeprefix(far), asked.outcome) for asked in drawn.requests if server.url not in asked.url}
    assert outcomes == {
        ("http://169.254.169.254/latest/meta-data/", "elsewhere"),
        ("http://outside.example.com/fetched", "elsewhere"),
        ("/fetched", "elsewhere"),
        ("/redirected.json", "elsewhere"),
        ("/worker", "elsewhere"),
        ("/preload.js", "refused"),
        ("/redirected.js", "refused"),
        ("/script.js", "refused"),
    }
    assert ("PUT", "method") in {(asked.method, asked.outcome) for asked in drawn.requests}


def test_one_request_at_a_time(server: Server, bench: Bench) -> None:
    for number in range(8):
        server.add(f"/one/{number}.json", "1")
    server.add("/many.html", script_page("for (let i = 0; i < 8; i++) fetch(`/one/${i}.json`)"))
    bench.most_under_way = 0
    bench.draw(f"{server.url}many.html")
    assert len(server.asked) == 9 and bench.most_under_way == 1


def test_what_the_page_waits_for_the_site_is_not_its_fault(server: Server, bench: Bench) -> None:
    """Six slow answers take longer together than a page may take by itself."""

    def slow(handler: Any) -> None:
        time.sleep(0.6)
        handler.send_response(200)
        handler.send_header("Content-Type", "text/javascript")
        handler.end_headers()
        handler.wfile.write(b"document.title += 'x';")

    scripts = ""
    for number in range(6):
        server.run(f"/slow/{number}.js", slow)
        scripts += f'<script src="/slow/{number}.js"></script>'
    server.add("/slow.html", script_page("", head=scripts))
    drawn = bench.alone(f"{server.url}slow.html", {"seconds": 2.5})
    assert (drawn.title, drawn.note) == ("xxxxxx", "")


def test_a_failing_crawler_is_no_error_of_the_page(server: Server, bench: Bench) -> None:
    server.run("/cut.js", lambda handler: handler.connection.close())
    server.add("/cut.html", script_page("", head='<script src="/cut.js"></script>'))
    drawn = bench.draw(f"{server.url}cut.html")
    assert "<p>正文</p>" in drawn.html
    assert [(asked.kind, asked.outcome) for asked in drawn.requests] == [("document", "answered"), ("script", "failed")]
    bench.allowed = "http://nowhere.example.com/"
    drawn = bench.draw(f"{server.url}cut.html")
    assert (drawn.html, drawn.note) == ("", "浏览器没有打开这个网页")


def test_redirects_within_the_site(server: Server, bench: Bench) -> None:
    """Of the page and of its data; the address of the page is the last one, so that its links are read right."""
    server.add("/enter", script_page("location.replace('/old/home')"))
    server.go("/old/home", "/new/home.html")
    server.add("/new/home.html", script_page("fetch('/old.json').then(a => a.text()).then(t => document.title = t)"))
    server.go("/old.json", "/new.json", 301)
    server.add("/new.json", "新站首页")
    drawn = bench.draw(f"{server.url}enter")
    assert (drawn.url, drawn.title, drawn.status) == (f"{server.url}new/home.html", "新站首页", 200)
    assert server.asked == ["/enter", "/old/home", "/new/home.html", "/old.json", "/new.json"]


@pytest.mark.parametrize("how", ["location.href = '{}'", "location.replace('{}')"])
def test_a_page_that_leads_off_the_site_is_kept(server: Server, bench: Bench, how: str) -> None:
    server.add("/off.html", script_page(how.format("http://www.example.com/portal?a=1")))
    drawn = bench.draw(f"{server.url}off.html")
    assert "<p>正文</p>" in drawn.html
    assert drawn.target == "http://www.example.com/portal?a=1"
    assert drawn.note == "网页的脚本转向站外地址，没有跟随：http://www.example.com/portal?a=1"
    assert server.asked == ["/off.html"]


def test_a_page_whose_address_leads_off_the_site_has_no_content(server: Server, bench: Bench) -> None:
    server.go("/leave", "http://www.example.com/portal")
    drawn = bench.draw(f"{server.url}leave")
    assert (drawn.html, drawn.status, drawn.target) == ("", None, "http://www.example.com/portal")
    assert drawn.note == "网页的脚本转向站外地址，没有跟随：http://www.example.com/portal；浏览器没有打开这个网页"


@pytest.mark.parametrize(("opens", "status", "shown"), [(True, 200, "局长信箱"), (False, 412, "请稍候")])
def test_a_script_challenge_is_met_as_a_browser_meets_it(
    server: Server, bench: Bench, opens: bool, status: int, shown: str
) -> None:
    """Its script runs and may load the page again with its cookie; where that does not help, the status says so."""

    def answer(handler: Any) -> None:
        passed = opens and "pass=17" in handler.headers.get("Cookie", "")
        again = "" if "asked" in handler.headers.get("Cookie", "") else "location.reload()"
        script = f"{again}; document.cookie = 'pass=' + (8 + 9); document.cookie = 'asked=1'"
        text = "<title>局长信箱</title>" if passed else f"<title>请稍候</title><script>{script}</script>"
        handler.send_response(200 if passed else 412)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.end_headers()
        handler.wfile.write(text.encode())

    server.run("/guarded.html", answer)
    drawn = bench.draw(f"{server.url}guarded.html")
    assert (drawn.status, drawn.title, drawn.note) == (status, shown, "")
    assert server.asked == ["/guarded.html"] * 2
    assert {headers["user-agent"] for headers in bench.headers} == {"Duwang/test (+https://example.org/contact)"}


def test_a_download_is_no_page(server: Server, bench: Bench) -> None:
    server.add("/file", "正文", Content_Type="text/html", Content_Disposition='attachment; filename="a.html"')
    drawn = bench.draw(f"{server.url}file")
    assert (drawn.html, drawn.note) == ("", "浏览器没有打开这个网页")
