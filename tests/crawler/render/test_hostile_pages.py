"""Pages that loop, grow, crash or never end cost the time of one page, and the next one is drawn as ever."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from render.drawn_lists import script_page
from site_server import Server, page

from crawler.crawl.render.renderer import Renderer

if TYPE_CHECKING:
    from render.conftest import Bench

pytestmark = pytest.mark.optional("chromium")


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

    began = time.monotonic()
    drawn = bench.alone(f"{server.url}endless.html", {"seconds": 1.0, "grace": 1.0})
    took = time.monotonic() - began
    assert (drawn.html, drawn.note) == ("", "网页的脚本在限定时间内没有结束，没有得到内容")
    assert took < 15


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
    drawn = bench.alone(f"{server.url}ticker.html", {"seconds": 2.5, "requests": 12})
    assert "滚动9" in drawn.html
    assert drawn.note == "网页在限定时间内没有停止变化，保存的是到时为止的内容；网页的请求过多，一部分没有发出"
    assert len(server.asked) == 12


_KILLED = """
import asyncio, json, time
from crawler.crawl.render.renderer import Renderer

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


def test_a_page_that_will_not_be_left(server: Server, bench: Bench) -> None:
    server.add("/stay.html", script_page("addEventListener('pagehide', () => { while (true) {} })"))
    server.add("/after.html", page("/x.html", title="后面的网页"))
    drawn = bench.draw(f"{server.url}stay.html")
    assert "<p>正文</p>" in drawn.html and drawn.note == ""
    assert bench.draw(f"{server.url}after.html").title == "后面的网页"
