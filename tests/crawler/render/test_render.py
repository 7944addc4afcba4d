"""Pages drawn by a real browser that has no network of its own."""

from __future__ import annotations

import asyncio
import json
import os
import select
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvloop
from site_server import Server, page

from crawler.crawl.render import Asked, Rendered, Renderer
from crawler.crawl.scripted import Scripted, Seen, measure
from crawler.crawl.templates import shape
from crawler.fetch import Fetched
from crawler.listing.rows import main_list, rows
from crawler.readers.html import open_html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Bench

pytestmark = pytest.mark.optional("chromium")

_LIST = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>通知公告</title><script src="/js/list.js"></script>
</head><body><h2>通知公告</h2><ul id="list"></ul><script>fill("/data/1.json")</script></body></html>"""
_FILL = """function fill(address) { fetch(address).then(a => a.json()).then(all => {
  for (const [href, title, day] of all) {
    const row = document.createElement("li");
    row.innerHTML = `<a href="${href}">${title}</a><span>${day}</span>`;
    document.getElementById("list").append(row);
  } }); }"""
_DATA = """[["/a/1.html", "关于调整城区公交线路的通知", "2024-03-01"],
 ["/a/2.html", "关于开展冬季消防检查的通知", "2024-02-11"],
 ["/a/3.html", "关于公布办事窗口作息的公告", "2023-12-30"]]"""
_ENTRIES = [
    ("/a/1.html", "关于调整城区公交线路的通知", "2024-03-01"),
    ("/a/2.html", "关于开展冬季消防检查的通知", "2024-02-11"),
    ("/a/3.html", "关于公布办事窗口作息的公告", "2023-12-30"),
]


def entries(html: str, url: str) -> list[tuple[str, str, str]]:
    """Path, title and date of the main list, as the crawler reads it."""
    opened = open_html(html.encode(), url, "text/html; charset=utf-8")
    found = main_list(rows(opened.root, opened.base), url)
    return [("/" + row.url.split("/", 3)[3], row.title, str(row.date)) for row in found]


def script_page(script: str, body: str = "", head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}<p>正文</p><script>{script}</script></body></html>"


def list_site(server: Server) -> None:
    server.add("/list/1.html", _LIST)
    server.add("/js/list.js", _FILL, Content_Type="text/javascript")
    server.add("/data/1.json", _DATA, Content_Type="application/json")


def test_a_list_filled_by_a_request_is_read_whole(server: Server, bench: Bench) -> None:
    list_site(server)
    url = f"{server.url}list/1.html"
    assert entries(_LIST, url) == []
    drawn = bench.draw(url)
    assert entries(drawn.html, url) == _ENTRIES
    assert (drawn.title, drawn.status, drawn.url, drawn.note) == ("通知公告", 200, url, "")
    assert drawn.html.startswith("<!DOCTYPE html><html>")
    assert drawn.requests == (
        Asked(url, "GET", "document", "answered", 200),
        Asked(f"{server.url}js/list.js", "GET", "script", "answered", 200),
        Asked(f"{server.url}data/1.json", "GET", "fetch", "answered", 200),
    )
    assert server.asked == ["/list/1.html", "/js/list.js", "/data/1.json"]
    assert server.agents == {"Duwang/test (+https://example.org/contact)"}


def test_what_the_crawler_has_is_not_asked_for_again(server: Server, bench: Bench) -> None:
    """The answer in hand serves as the page, and the scripts of the template are fetched once for the site."""
    list_site(server)
    for number in (1, 2):
        server.add(f"/given/{number}.html", _LIST)
    server.add("/js/list.js", _FILL.replace("fill", "/* 第二版 */ fill", 1), Content_Type="text/javascript")
    body = Fetched(f"{server.url}given/1.html", 200, "OK", [("Content-Type", "text/html")], _LIST.encode())
    first = bench.draw(f"{server.url}given/1.html", body)
    second = bench.draw(f"{server.url}given/2.html")
    assert entries(first.html, first.url) == entries(second.html, second.url) == _ENTRIES
    assert server.asked == ["/js/list.js", "/data/1.json", "/given/2.html"]
    assert [asked.outcome for asked in first.requests] == ["cached", "answered", "answered"]
    assert [asked.outcome for asked in second.requests] == ["answered", "cached", "cached"]


def test_a_list_asked_for_by_post(server: Server, bench: Bench) -> None:
    address = f"{server.url}api/query"
    bench.posts[address] = _DATA
    server.add(
        "/post.html",
        script_page(
            """const query = new XMLHttpRequest(); query.open("POST", "/api/query");
            query.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
            query.onload = () => { for (const [href, title, day] of JSON.parse(query.responseText))
              document.getElementById("list").innerHTML += `<li><a href="${href}">${title}</a> ${day}</li>`; };
            query.send("channel=12&page=1");""",
            '<ul id="list"></ul>',
        ),
    )
    drawn = bench.draw(f"{server.url}post.html")
    assert entries(drawn.html, drawn.url) == _ENTRIES
    assert bench.bodies == [b"channel=12&page=1"]
    assert bench.headers[-1]["content-type"] == "application/x-www-form-urlencoded"
    assert bench.headers[-1]["user-agent"] == "Duwang/test (+https://example.org/contact)"


def test_an_empty_shell_with_addresses_of_its_own(server: Server, bench: Bench) -> None:
    """A shell draws each address differently and changes the address itself, without a request."""
    shell = """<!DOCTYPE html><html><head><title></title></head><body><div id="app"></div>
    <script src="/app.js"></script></body></html>"""
    app = """const part = location.pathname.split("/").pop();
    fetch("/api/" + part + ".json").then(a => a.json()).then(all => {
      history.replaceState({}, "", "/spa/" + part + "/all"); document.title = all.name;
      app.innerHTML = "<h1>" + all.name + "</h1>" + all.items.map(i => `<p><a href="/spa/${i}">${i}</a></p>`).join("");
    });"""
    server.add("/app.js", app, Content_Type="text/javascript")
    for name, title in (("zcwj", "政策文件"), ("rsxx", "人事信息")):
        server.add(f"/spa/{name}", shell)
        server.add(f"/api/{name}.json", f'{{"name": "{title}", "items": ["{name}-1", "{name}-2"]}}')
    for name, title in (("zcwj", "政策文件"), ("rsxx", "人事信息")):
        drawn = bench.draw(f"{server.url}spa/{name}")
        assert (drawn.title, drawn.url) == (title, f"{server.url}spa/{name}/all")
        assert f'<a href="/spa/{name}-2">{name}-2</a>' in drawn.html
    assert server.asked.count("/app.js") == 1


def test_a_list_written_into_the_page(server: Server, bench: Bench) -> None:
    """document.write, with a script that blocks, in the encoding of the site."""
    server.add("/gbk.js", 'var 标题 = "关于防汛物资的公示";'.encode("gb18030"), Content_Type="text/javascript")
    text = """<html><head><meta charset="gb2312"><title>公示</title></head><body><script src="/gbk.js"></script><ul>
    <script>for (var i = 1; i < 5; i++) document.write('<li><a href="/b/' + i + '.html">' + 标题 + i +
    '</a> 2024-01-0' + i + '</li>');</script></ul></body></html>"""
    server.add("/write.html", text.encode("gb18030"), Content_Type="text/html")
    drawn = bench.draw(f"{server.url}write.html")
    assert entries(drawn.html, drawn.url) == [
        (f"/b/{number}.html", f"关于防汛物资的公示{number}", f"2024-01-0{number}") for number in range(1, 5)
    ]


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
        time.sleep(1.3)
        handler.send_response(200)
        handler.send_header("Content-Type", "text/javascript")
        handler.end_headers()
        handler.wfile.write(b"document.title += 'x';")

    scripts = ""
    for number in range(6):
        server.run(f"/slow/{number}.js", slow)
        scripts += f'<script src="/slow/{number}.js"></script>'
    server.add("/slow.html", script_page("", head=scripts))
    drawn = bench.draw(f"{server.url}slow.html")
    assert (drawn.title, drawn.note) == ("xxxxxx", "")


@pytest.mark.parametrize(
    ("name", "script", "note"),
    [
        ("alerts", "while (true) alert('请升级浏览器')", "网页不停弹出对话框，没有得到内容"),
        ("objects", "while (true) all.push(new Array(1e5).fill(all.length))", "网页使浏览器页面崩溃，没有得到内容"),
        ("buffers", "while (true) all.push(new Uint8Array(2e8).fill(1))", "网页占用内存过多，没有得到内容"),
    ],
    ids=["alerts", "objects", "buffers"],
)
def test_a_hostile_page_costs_one_page(server: Server, bench: Bench, name: str, script: str, note: str) -> None:
    """Bounded time, a note in plain words, and the next page is drawn as ever."""
    server.add(f"/{name}.html", script_page(f"const all = []; {script}"))
    server.add("/after.html", page("/x.html", title="后面的网页"))
    began = time.monotonic()
    drawn = bench.draw(f"{server.url}{name}.html")
    assert time.monotonic() - began < 20
    assert (drawn.html, drawn.note, drawn.status) == ("", note, 200)
    assert bench.draw(f"{server.url}after.html").title == "后面的网页"


@pytest.mark.parametrize("script", ["while (true) {}", "setTimeout(() => { while (true) {} }, 50)"])
def test_an_endless_loop_costs_the_time_of_one_page(server: Server, bench: Bench, script: str) -> None:
    server.add("/endless.html", script_page(script))

    async def draw() -> tuple[Rendered, float]:
        renderer = Renderer(bench.fetch, {"seconds": 1.0, "grace": 1.0})
        await renderer.start()
        began = time.monotonic()
        try:
            return await renderer.render(
                f"{server.url}endless.html", {"User-Agent": "Duwang"}
            ), time.monotonic() - began
        finally:
            await renderer.close()

    drawn, took = bench.runner.run(draw())
    assert (drawn.html, drawn.note) == ("", "网页的脚本在限定时间内没有结束，没有得到内容")
    assert took < 10


def test_a_crashed_page_costs_one_page(server: Server, bench: Bench) -> None:
    """The page's process is ended from outside, as the system does it when memory runs out."""

    def end_renderers(handler: Any) -> None:
        found = bench.runner.get_loop()
        asyncio.run_coroutine_threadsafe(_end_renderers(bench.renderer), found).result(5)
        handler.send_response(200)
        handler.end_headers()

    server.add("/crash.html", script_page("fetch('/end.json')"))
    server.run("/end.json", end_renderers)
    server.add("/after.html", page("/x.html", title="后面的网页"))
    drawn = bench.draw(f"{server.url}crash.html")
    assert (drawn.html, drawn.note) == ("", "网页使浏览器页面崩溃，没有得到内容")
    assert bench.draw(f"{server.url}after.html").title == "后面的网页"


async def _end_renderers(renderer: Renderer) -> None:
    for kind, pid in await renderer.processes():
        if kind == "renderer":
            os.kill(pid, 9)


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


@pytest.mark.parametrize(
    "text",
    [
        '<meta http-equiv="refresh" content="0"><p>正文</p>',
        "<p>正文</p><script>location.reload()</script>",
        "<p>正文</p><script>location.replace('/round.html?' + Math.random())</script>",
    ],
)
def test_a_page_that_goes_round_is_stopped(server: Server, bench: Bench, text: str) -> None:
    server.add("/round.html", text)
    bench.allowed = f"{server.url}round.html"
    server.pages = _Any(server.pages, text)
    drawn = bench.draw(f"{server.url}round.html")
    assert "<p>正文</p>" in drawn.html
    assert len(server.asked) == 5
    assert drawn.note == "网页的请求过多，一部分没有发出"


class _Any(dict[str, Any]):
    """Every address has the same page."""

    def __init__(self, pages: dict[str, Any], text: str) -> None:
        super().__init__(pages)
        self._answer = next(iter(pages.values()))

    def get(self, path: str, default: Any = None) -> Any:
        return self._answer


def test_a_page_that_never_rests_is_saved_as_it_is(server: Server, bench: Bench) -> None:
    """It changes for ever and asks for ever: the time and the number of its requests are bounded."""
    server.add(
        "/ticker.html",
        script_page("""let n = 0; setInterval(() => { document.body.append("滚动" + n);
      fetch("/tick.json?n=" + n++).catch(() => 0) }, 30)"""),
    )
    for number in range(60):
        server.add(f"/tick.json?n={number}", "1")
    drawn = bench.draw(f"{server.url}ticker.html")
    assert "滚动9" in drawn.html
    assert drawn.note == "网页在限定时间内没有停止变化，保存的是到时为止的内容；网页的请求过多，一部分没有发出"
    assert len(server.asked) == 40


def test_nothing_of_one_page_shows_in_the_next(server: Server, bench: Bench) -> None:
    server.add(
        "/mark.html",
        script_page("""document.title = [document.cookie, localStorage.seen, sessionStorage.seen,
      window.name].join("|"); document.cookie = "seen=1";
      localStorage.seen = sessionStorage.seen = window.name = 1;"""),
    )
    assert [bench.draw(f"{server.url}mark.html").title for _ in range(2)] == ["|||"] * 2


def test_odd_pages_are_still_text(server: Server, bench: Bench) -> None:
    """Half characters, NUL, names that stand in the way of the browser's own, a page too large."""
    odd = script_page(
        "document.title = 'a\\ud800b'; document.body.append('\\ud800\\u0000。')",
        '<form name="documentElement"></form><form name="links"></form><img name="title">',
    )
    server.add("/odd.html", odd)
    drawn = bench.draw(f"{server.url}odd.html")
    assert "。" in drawn.html and drawn.html.startswith("<!DOCTYPE html><html>")
    drawn.html.encode()
    server.add("/large.html", script_page("document.body.append('大'.repeat(300000))"))
    drawn = bench.draw(f"{server.url}large.html")
    assert (len(drawn.html), drawn.note) == (200000, "网页过大，只保存了前面的部分")


def test_a_failing_crawler_is_no_error_of_the_page(server: Server, bench: Bench) -> None:
    server.run("/cut.js", lambda handler: handler.connection.close())
    server.add("/cut.html", script_page("", head='<script src="/cut.js"></script>'))
    drawn = bench.draw(f"{server.url}cut.html")
    assert "<p>正文</p>" in drawn.html
    assert [(asked.kind, asked.outcome) for asked in drawn.requests] == [("document", "answered"), ("script", "failed")]
    bench.allowed = "http://nowhere.example.com/"
    drawn = bench.draw(f"{server.url}cut.html")
    assert (drawn.html, drawn.note) == ("", "浏览器没有打开这个网页")


def test_twenty_pages_with_one_browser(server: Server, bench: Bench) -> None:
    list_site(server)
    bench.draw(f"{server.url}list/1.html")
    before = bench.runner.run(bench.renderer.processes())
    for number in range(20):
        server.add(f"/row/{number}.html", _LIST)
        drawn = bench.draw(f"{server.url}row/{number}.html")
        assert entries(drawn.html, drawn.url) == _ENTRIES
    after = bench.runner.run(bench.renderer.processes())
    one = [pid for kind, pid in before if kind == "browser"]
    assert [pid for kind, pid in after if kind == "browser"] == one
    assert sum(kind == "renderer" for kind, _ in after) <= 2


def test_a_picture_of_the_page(server: Server, bench: Bench) -> None:
    server.add("/look.css", "body { background: #0000ff }", Content_Type="text/css")
    server.add(
        "/seen.html", script_page("", "<div style='height: 20000px'></div>", '<link rel=stylesheet href="/look.css">')
    )

    async def draw() -> bytes | None:
        renderer = Renderer(bench.fetch, screenshots=True)
        try:
            return (await renderer.render(f"{server.url}seen.html", {"User-Agent": "Duwang"})).screenshot
        finally:
            await renderer.close()

    picture = bench.runner.run(draw())
    assert picture is not None and picture.startswith(b"\x89PNG")
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (1366, 8000)
    assert server.asked == ["/seen.html", "/look.css"]


_KILLED = """
import asyncio, json, time
from crawler.crawl.render import Renderer

async def fetch(*asked):
    return None

async def main():
    renderer = Renderer(fetch)
    await renderer.render("http://www.example.gov.cn/", {})
    print(json.dumps([pid for _, pid in await renderer.processes()]), flush=True)
    time.sleep(60)

asyncio.run(main())
"""


def test_nothing_is_left_of_a_crawl_that_was_killed(bench: Bench) -> None:
    with subprocess.Popen([sys.executable, "-c", _KILLED], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        pids = json.loads(child.stdout.readline())
        assert len(pids) >= 2 and all(_runs(pid) for pid in pids)
        child.kill()
    ends = time.monotonic() + 20
    while any(_runs(pid) for pid in pids) and time.monotonic() < ends:
        time.sleep(0.1)
    assert [pid for pid in pids if _runs(pid)] == []


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_the_event_loop_of_the_crawl_will_do(server: Server, bench: Bench) -> None:
    """The crawl runs on uvloop."""
    list_site(server)

    async def draw() -> str:
        renderer = Renderer(bench.fetch)
        try:
            return (await renderer.render(f"{server.url}list/1.html", {"User-Agent": "Duwang"})).html
        finally:
            await renderer.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert entries(runner.run(draw()), f"{server.url}list/1.html") == _ENTRIES


def test_a_crawl_that_stops_in_the_middle_of_a_page(server: Server, bench: Bench) -> None:
    """The page is given up at once, and the browser is of use again."""
    asked = threading.Event()

    def slow(handler: Any) -> None:
        asked.set()
        time.sleep(2.0)

    server.run("/slow.json", slow)
    server.add("/stop.html", script_page("fetch('/slow.json')"))
    server.add("/after.html", page("/x.html", title="后面的网页"))

    async def stop() -> None:
        task = asyncio.create_task(bench.renderer.render(f"{server.url}stop.html", {"User-Agent": "Duwang"}))
        await asyncio.to_thread(asked.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    bench.runner.run(stop())
    assert bench.draw(f"{server.url}after.html").title == "后面的网页"


def test_trying_tells_a_drawn_list_from_a_page_with_a_clock(server: Server, bench: Bench) -> None:
    """From the answer of the server to the decision, as the crawl does it."""
    list_site(server)
    clock = script_page("setInterval(() => clock.textContent = new Date().toLocaleString(), 200)", '<b id="clock"></b>')
    server.add("/clock/1.html", clock)
    scripted = Scripted("auto")
    for address, html, drawn in (("list/1.html", _LIST, True), ("clock/1.html", clock, False)):
        url = f"{server.url}{address}"
        before = _seen(html, url)
        assert scripted.look(shape(url), before)
        assert scripted.learn(shape(url), before, _seen(bench.draw(url).html, url)) is drawn


def _seen(html: str, url: str) -> Seen:
    found = len(entries(html, url))
    sizes = measure(open_html(html.encode(), url, "text/html; charset=utf-8"))
    return Seen("list" if found else "other", found, *sizes, gap=False, status=200)


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


def test_a_page_that_will_not_be_left(server: Server, bench: Bench) -> None:
    server.add("/stay.html", script_page("addEventListener('pagehide', () => { while (true) {} })"))
    server.add("/after.html", page("/x.html", title="后面的网页"))
    drawn = bench.draw(f"{server.url}stay.html")
    assert "<p>正文</p>" in drawn.html and drawn.note == ""
    assert bench.draw(f"{server.url}after.html").title == "后面的网页"


def test_a_download_is_no_page(server: Server, bench: Bench) -> None:
    server.add("/file", "正文", Content_Type="text/html", Content_Disposition='attachment; filename="a.html"')
    drawn = bench.draw(f"{server.url}file")
    assert (drawn.html, drawn.note) == ("", "浏览器没有打开这个网页")
