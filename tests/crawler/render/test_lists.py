"""Lists and pages that scripts draw, read from what a real browser made of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import uvloop
from render.drawn_lists import DATA, ENTRIES, FILL, LIST, entries, list_site, script_page
from site_server import Server

from crawler.crawl.render.page import Asked
from crawler.crawl.render.renderer import Renderer
from crawler.crawl.render.scripted import Scripted, Seen, measure
from crawler.fetch import Fetched
from crawler.readers.html import open_html
from crawler.templates import shape

if TYPE_CHECKING:
    from render.conftest import Bench

pytestmark = pytest.mark.optional("chromium")


def test_a_list_filled_by_a_request_is_read_whole(server: Server, bench: Bench) -> None:
    list_site(server)
    url = f"{server.url}list/1.html"
    assert entries(LIST, url) == []
    drawn = bench.draw(url)
    assert entries(drawn.html, url) == ENTRIES
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
        server.add(f"/given/{number}.html", LIST)
    server.add("/js/list.js", FILL.replace("fill", "/* 第二版 */ fill", 1), Content_Type="text/javascript")
    body = Fetched(f"{server.url}given/1.html", 200, "OK", [("Content-Type", "text/html")], LIST.encode())
    first = bench.draw(f"{server.url}given/1.html", body)
    second = bench.draw(f"{server.url}given/2.html")
    assert entries(first.html, first.url) == entries(second.html, second.url) == ENTRIES
    assert server.asked == ["/js/list.js", "/data/1.json", "/given/2.html"]
    assert [asked.outcome for asked in first.requests] == ["cached", "answered", "answered"]
    assert [asked.outcome for asked in second.requests] == ["answered", "cached", "cached"]


def test_a_list_asked_for_by_post(server: Server, bench: Bench) -> None:
    address = f"{server.url}api/query"
    bench.posts[address] = DATA
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
    assert entries(drawn.html, drawn.url) == ENTRIES
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


def test_many_pages_with_one_browser(server: Server, bench: Bench) -> None:
    list_site(server)
    bench.draw(f"{server.url}list/1.html")
    before = bench.runner.run(bench.renderer.processes())
    for number in range(8):
        server.add(f"/row/{number}.html", LIST)
        drawn = bench.draw(f"{server.url}row/{number}.html")
        assert entries(drawn.html, drawn.url) == ENTRIES
    after = bench.runner.run(bench.renderer.processes())
    one = [pid for kind, pid in before if kind == "browser"]
    assert [pid for kind, pid in after if kind == "browser"] == one
    assert sum(kind == "renderer" for kind, _ in after) <= 2


def test_a_picture_of_the_page(server: Server, bench: Bench) -> None:
    server.add("/look.css", "body { background: #0000ff }", Content_Type="text/css")
    server.add(
        "/seen.html", script_page("", "<div style='height: 20000px'></div>", '<link rel=stylesheet href="/look.css">')
    )

    picture = bench.alone(f"{server.url}seen.html", screenshots=True).screenshot
    assert picture is not None and picture.startswith(b"\x89PNG")
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (1366, 8000)
    assert server.asked == ["/seen.html", "/look.css"]


def test_nothing_of_one_page_shows_in_the_next(server: Server, bench: Bench) -> None:
    server.add(
        "/mark.html",
        script_page("""document.title = [document.cookie, localStorage.seen, sessionStorage.seen,
      window.name].join("|"); document.cookie = "seen=1";
      localStorage.seen = sessionStorage.seen = window.name = 1;"""),
    )
    assert [bench.draw(f"{server.url}mark.html").title for _ in range(2)] == ["|||"] * 2


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
        assert entries(runner.run(draw()), f"{server.url}list/1.html") == ENTRIES


def test_trying_tells_a_drawn_list_from_a_page_with_a_clock(server: Server, bench: Bench) -> None:
    """From the answer of the server to the decision, as the crawl does it."""
    list_site(server)
    clock = script_page("setInterval(() => clock.textContent = new Date().toLocaleString(), 200)", '<b id="clock"></b>')
    server.add("/clock/1.html", clock)
    scripted = Scripted("auto")
    for address, html, drawn in (("list/1.html", LIST, True), ("clock/1.html", clock, False)):
        url = f"{server.url}{address}"
        before = _seen(html, url)
        assert scripted.look(shape(url), before)
        assert scripted.learn(shape(url), before, _seen(bench.draw(url).html, url)) is drawn


def _seen(html: str, url: str) -> Seen:
    found = len(entries(html, url))
    sizes = measure(open_html(html.encode(), url, "text/html; charset=utf-8"))
    return Seen("list" if found else "other", found, *sizes, gap=False, status=200)
