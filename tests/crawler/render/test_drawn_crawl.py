"""Whole crawls of a site that scripts draw: with a browser, and without one."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from outcomes.crawling import by_outcome, crawl, refused, short
from render.drawn_lists import FILL, LIST, script_page
from site_server import Server, page
from warcio.archiveiterator import ArchiveIterator

from crawler.capture import Capture
from crawler.crawl.render.program import unavailable
from duwang.coverage import statement

SHELL = """<!DOCTYPE html><html><head><title></title></head><body><div id="app"></div><script>
const part = location.pathname.split("/").pop();
fetch("/api/" + part + ".json").then(a => a.json()).then(all => { document.title = all.name;
  app.innerHTML = all.items.map(i => `<p><a href="${i}.html">${all.name}${i}</a></p>`).join("") + "办".repeat(300); });
</script></body></html>"""
ASTRAY = """<script>for (const far of ["/inner/list.json", "http://169.254.169.254/list.json",
"http://outside.example/list.json"]) fetch(far).catch(() => 0);</script>"""
LISTS = {"1": "通知公告", "2": "人事信息"}


def list_page(number: str, more: str = "") -> str:
    path = f'<div>当前位置：<a href="/">首页</a> &gt; {LISTS[number]}</div>'
    drawn = LIST.replace("1.json", f"{number}.json").replace("通知公告", LISTS[number])
    return drawn.replace("<h2>", f"{path}<h2>").replace("</body>", f"{more}</body>")


@pytest.fixture
def drawn_site(server: Server) -> Server:
    """Two lists filled by a script, an application of one shell, pages with a clock, a page that leads on."""

    def guarded(handler: BaseHTTPRequestHandler) -> None:
        passed = "pass=17" in handler.headers.get("Cookie", "")
        check = "<title>请稍候</title><script>document.cookie = 'pass=' + (8 + 9); location.reload()</script>"
        handler.send_response(200 if passed else 412)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.end_headers()
        handler.wfile.write((page(title="局长信箱") if passed else check).encode())

    lists = [(f"/list/{number}.html", name) for number, name in LISTS.items()]
    clocks = [f"/clock/{number}.html" for number in range(1, 6)]
    server.add("/robots.txt", "User-agent: *\nDisallow: /inner/\n", Content_Type="text/plain")
    server.add("/", page(*lists, "/spa/one", "/spa/two", *clocks, "/enter.html", "/guarded.html", title="首页"))
    server.add("/js/list.js", FILL, Content_Type="text/javascript")
    for number, name in LISTS.items():
        server.add(f"/list/{number}.html", list_page(number, ASTRAY if number == "2" else ""))
        days = [(day, f"关于{name}第{day}号的通知") for day in (1, 2, 3)]
        rows = ", ".join(f'["/a/{number}{day}.html", "{title}", "2024-03-0{day}"]' for day, title in days)
        server.add(f"/data/{number}.json", f"[{rows}]", Content_Type="application/json")
        for day, title in days:
            server.add(f"/a/{number}{day}.html", page(title=title))
    for name in ("one", "two"):
        server.add(f"/spa/{name}", SHELL)
        server.add(f"/api/{name}.json", f'{{"name": "应用{name}", "items": ["{name}-1", "{name}-2"]}}')
        for item in (1, 2):
            server.add(f"/spa/{name}-{item}.html", page(title=f"{name}{item}"))
    for tick, path in enumerate(clocks, 1):
        server.add(path, script_page(f"fetch('/tick/{tick}.json')"))
        server.add(f"/tick/{tick}.json", "1")
    server.add("/enter.html", script_page("location.replace(['/main', 'hall.html'].join('/'))"))
    server.add("/main/hall.html", page(title="大厅"))
    server.run("/guarded.html", guarded)
    return server


def conversions(capture: Capture) -> dict[str, str]:
    """Address of each drawn page in the archive → address of the answer that it was drawn from."""
    found, names = {}, {}
    with (capture.folder / "data.warc.gz").open("rb") as stream:
        for record in ArchiveIterator(stream):
            headers = record.rec_headers
            uri = short(capture, headers.get_header("WARC-Target-URI") or "")
            names[headers.get_header("WARC-Record-ID")] = uri
            if record.rec_type == "conversion":
                found[uri] = names[headers.get_header("WARC-Refers-To")]
    return found


@pytest.mark.optional("chromium")
def test_a_site_drawn_by_scripts_is_read_whole(drawn_site: Server, tmp_path: Path) -> None:
    if missing := unavailable():
        pytest.skip(missing)
    crawled = crawl(drawn_site, tmp_path, render="auto")
    capture = crawled.capture
    columns = {column.name: (column.entries, column.complete) for column in capture.columns()}
    assert (columns["通知公告"], columns["人事信息"]) == ((3, True), (3, True))
    # One shell, two pages; the second answer has the bytes of the first, and its drawing has an address of its own.
    assert conversions(capture) == {
        "list/1.html": "list/1.html", "list/2.html": "list/2.html", "spa/one": "spa/one", "spa/two": "spa/one",
        "guarded.html": "guarded.html",
    }  # fmt: skip
    titles = {short(capture, found.url): found.title for found in capture.pages()}
    assert (titles["spa/one"], titles["spa/two"], titles["guarded.html"]) == ("应用one", "应用two", "局长信箱")
    assert titles["spa/two-2.html"] == "two2" and titles["main/hall.html"] == "大厅"
    assert set(by_outcome(capture)) == {"read"} and refused(capture) == {}
    # The clock was tried three times, and then left alone.
    asked = [path for path in drawn_site.asked if path.startswith("/tick/")]
    assert asked == ["/tick/1.json", "/tick/2.json", "/tick/3.json"]
    # What the pages of a template share was asked for once; what may not be asked for, never, by anyone.
    assert drawn_site.asked.count("/js/list.js") == 1
    assert not any(path.startswith("/inner/") for path in drawn_site.asked)
    assert set(crawled.dialled) == {drawn_site.url.removeprefix("http://").rstrip("/")} and crawled.looked_up == []
    assert capture.problems() == [] and list(capture.notes) == []


@pytest.mark.parametrize(
    ("render", "program", "why"),
    [
        ("auto", "missing", "没有安装浏览器组件|写明的浏览器不存在"),
        ("auto", "broken", "没有安装浏览器组件|浏览器无法启动"),
        ("never", "missing", "设置为不用浏览器。"),
    ],
)
def test_without_a_browser_it_is_said_what_was_not_read(
    drawn_site: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, render: str, program: str, why: str
) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("DUWANG_BROWSER", str(tmp_path / program))
    capture = crawl(drawn_site, tmp_path, render=render).capture
    clocks = [f"clock/{number}.html" for number in range(1, 6)]
    left = ["enter.html", "list/1.html", "list/2.html", "spa/one", "spa/two", *clocks]
    assert refused(capture) == dict.fromkeys(left, "script") | {"guarded.html": "challenged"}
    assert by_outcome(capture)["script"] == sorted(left)
    # Nobody may call a list empty, or read whole, that scripts would have filled.
    found = {column.name: (column.complete, column.empty, column.gaps) for column in capture.columns()}
    assert found == dict.fromkeys(LISTS.values(), (False, "", ("列表由脚本绘制，没有读到",)))
    (note,) = [line for line in statement(capture) if "脚本" in line and "页面" in line]
    assert note.startswith("有 10 个页面的内容由脚本绘制，没有读到（如 127.0.0.1:") and "/clock/0.html）：" in note
    assert any(text in note for text in why.split("|"))
