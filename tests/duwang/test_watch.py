"""What a person sees while sites are read: lines without a terminal, a table on one."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from crawler.evidence import Site
from crawler.progress import Progress
from duwang import watch
from duwang.watch import Watch

SITE = Site("jyj", "示范县[教育]局", "http://jyj.example.gov.cn/")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [100.0]
    monkeypatch.setattr(watch.time, "monotonic", lambda: moment[0])
    return moment


def drawn(told: Watch) -> str:
    console = Console(width=110, record=True, file=io.StringIO())
    console.print(told._table())
    return console.export_text()


def test_without_a_terminal_a_line_is_said_now_and_then(clock: list[float]) -> None:
    said: list[str] = []
    told = Watch(1, said.append, live=False)
    told.begin(SITE, "开始读取")
    for moment in range(40):
        clock[0] = 100.0 + moment
        told.progress(
            SITE, Progress(read=moment, queued=7, unread=2, errors=1, seconds=10.0, url=f"{SITE.home}{moment}")
        )
    told.end(SITE, ["读到 40 页。", "栏目 1 个。"])
    assert said == [
        "[jyj] 开始读取",
        f"[jyj] 已读 15 页，待读 7，未读 2，出错 1，每秒 1.5 页；{SITE.home}15",
        f"[jyj] 已读 30 页，待读 7，未读 2，出错 1，每秒 3.0 页；{SITE.home}30",
        "[jyj] 读到 40 页。",
        "[jyj] 栏目 1 个。",
    ]


def test_a_long_wait_is_told_when_it_begins_and_counted_down(clock: list[float]) -> None:
    said: list[str] = []
    told = Watch(1, said.append, live=False)
    told.begin(SITE, "开始读取")
    waiting = Progress(waiting=60.0, why="网站要求放慢")
    for moment in range(50):
        clock[0] = 100.0 + moment
        told.progress(SITE, waiting)
    assert said[1:] == ["[jyj] 已读 0 页，待读 0，未读 0，出错 0，每秒 0.0 页；等待 60 秒（网站要求放慢）"]
    table = drawn(told)
    assert "等待 11 秒（网站要求放慢）" in table


def test_the_table_has_a_row_for_each_site_under_way(clock: list[float]) -> None:
    told = Watch(30, lambda text: None, live=False)
    for number in range(25):
        told.begin(Site(f"s{number}", f"第{number}局", f"http://s{number}.example.gov.cn/"), "")
    told.begin(SITE, "")
    told.end(Site("s0", "第0局", ""), [])
    told.progress(SITE, Progress(read=12, queued=3, unread=4, errors=5, seconds=6.0, url=SITE.home + "a.html"))
    table = drawn(told)
    assert "正在读取 25 个站点，已完成 1 / 30" in table
    assert "第1局" in table and "第0局" not in table
    assert "另有 5 个站点" in table
    told = Watch(1, lambda text: None, live=False)
    told.progress(SITE, Progress(read=12, queued=3, unread=4, errors=5, seconds=6.0, url=SITE.home + "a.html"))
    (row,) = [line for line in drawn(told).splitlines() if "示范县" in line]
    cells = [cell.strip() for cell in row.strip("│ ").split("│")]
    assert cells == ["示范县[教育]局", "12", "3", "4", "5", "2.0", "/a.html"]


def test_who_has_given_up_is_heard_at_the_next_progress() -> None:
    told = Watch(1, lambda text: None, live=False)
    told.stop.set()
    with pytest.raises(KeyboardInterrupt):
        told.progress(SITE, Progress())
