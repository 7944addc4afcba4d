"""A crawl that is killed at any moment and gone on with comes to what an uninterrupted one comes to."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from site_server import Answer, Server, page, serving
from survival.comparing import check_files, content
from survival.forge import PROJECT, Forge, forging
from survival.town import LIMITS, build

from crawler.archive.layout import Lock, unfinished
from crawler.capture import Capture
from crawler.errors import UnusableInput
from crawler.evidence import Site
from crawler.site import crawl_site
from duwang.cli import run

FILES = {"capture.json", "data.warc.gz", "index.sqlite"}


@dataclass
class Town:
    """A site, crawls of it that can be killed, and what an uninterrupted one found."""

    server: Server
    forge: Forge
    whole: dict[str, Any]

    def after(self, requests: int, seconds: float = 0.0) -> Callable[[], bool]:
        """True a moment after so many further requests have reached the site."""
        goal = len(self.server.log) + requests
        moments: list[float] = []

        def reached() -> bool:
            if not moments and len(self.server.log) >= goal:
                moments.append(time.monotonic() + seconds)
            return bool(moments) and time.monotonic() >= moments[0]

        return reached


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with serving() as server:
        build(server)
        with forging(server.url, LIMITS) as forge:
            folder = tmp_path_factory.mktemp("whole") / "capture"
            assert forge.crawl(folder).problem == ""
            capture = Capture.open(folder)
            check_files(capture)
            yield Town(server, forge, content(capture))


def finish(town: Town, folder: Path) -> None:
    """Go on without further kills; the capture is whole, the same, and alone in its folder."""
    ended = town.forge.crawl(folder)
    assert ended.problem == "" or "已经完成" in ended.problem
    check(town, folder)


def check(town: Town, folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == FILES
    capture = Capture.open(folder)
    check_files(capture)
    found = content(capture)
    for name, expected in town.whole.items():
        assert found[name] == expected, name


def test_the_site_has_every_outcome_that_a_kill_could_spoil(town: Town) -> None:
    outcomes = {page.outcome for page in town.whole["pages"]}
    assert outcomes == {
        "read", "duplicate", "redirect", "offsite-redirect", "redirect-loop", "robots", "dead", "http-500", "soft-404",
        "type", "trap",
    }  # fmt: skip
    assert {reason for _, reason in town.whole["refusals"]} >= {"trap", "dead", "soft-404"}
    assert [(column.name, column.entries, column.complete) for column in town.whole["columns"]] == [
        ("年度报告", 0, True), ("通知公告", 12, True), ("政策文件", 6, True),
    ]  # fmt: skip
    kinds = {kind for kind, _ in town.whole["warc"]}
    assert kinds == {"warcinfo", "response", "revisit"}
    assert any("POST" in url for _, url in town.whole["warc"])


def test_one_crawl_killed_again_and_again(town: Town, tmp_path: Path) -> None:
    chance = random.Random(1)
    folder, before = tmp_path / "capture", town.forge.kills
    for _ in range(9):
        town.forge.crawl(folder, town.after(chance.randint(0, 7), chance.uniform(0.0, 0.02)))
    assert town.forge.kills == before + 9
    finish(town, folder)


def test_many_crawls_killed_at_moments_spread_over_their_whole_length(town: Town, tmp_path: Path) -> None:
    chance = random.Random(2)
    before = town.forge.kills
    requests = sum(1 for kind, _ in town.whole["warc"].elements() if kind != "warcinfo")
    for number in range(6):
        folder = tmp_path / f"capture{number}"
        at = round(requests * (number + chance.random()) / 6)
        town.forge.crawl(folder, town.after(at, chance.uniform(0.0, 0.02)))
        town.forge.crawl(folder, town.after(chance.randint(0, 3), chance.uniform(0.0, 0.02)))
        finish(town, folder)
    # On a busy machine some crawls end before the blow falls.
    assert town.forge.kills >= before + 9


@pytest.mark.parametrize("sign", ["index.sqlite.new", "index.sqlite.new-journal", "data.warc.gz", "index.sqlite"])
def test_a_crawl_killed_while_it_is_closed(town: Town, tmp_path: Path, sign: str) -> None:
    before = town.forge.kills
    # On a busy machine a crawl may end before the blow falls.
    for number in range(8):
        folder = tmp_path / f"capture{number}"
        town.forge.crawl(folder, (folder / sign).exists)
        finish(town, folder)
        if town.forge.kills > before:
            break
    assert town.forge.kills > before


def test_a_crawl_that_dies_at_each_single_step_of_its_closing(town: Town, tmp_path: Path) -> None:
    ready, folder = tmp_path / "ready", tmp_path / "capture"
    places = town.forge.crawl(ready, die_at=0).places
    shutil.rmtree(ready)
    town.forge.crawl(ready, die_at=_closing(places))
    shutil.copytree(ready, folder)
    places = town.forge.crawl(folder, die_at=0).places
    check(town, folder)
    steps = range(_closing(places), len(places) + 1)
    assert len(steps) > 20
    for step in steps:
        shutil.rmtree(folder)
        shutil.copytree(ready, folder)
        assert town.forge.crawl(folder, die_at=step).died, places[step - 1]
        finish(town, folder)


def _closing(places: tuple[str, ...]) -> int:
    """Number of the place at which everything is read and committed."""
    return next(n for n, place in enumerate(places, 1) if place.startswith("PRAGMA wal_checkpoint")) - 1


RUNNER = """
import json, sys
from pathlib import Path
from crawler.archive.layout import unfinished
from crawler.errors import UnusableInput
from crawler.evidence import Site
from crawler.site import crawl_site
from duwang.cli import run
home, folder, limits = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
try:
    crawl_site(Site("demo", "示范局", home), folder, delay=0.0, limits=limits, resume=unfinished(folder))
except UnusableInput as error:
    print(error)
"""


def test_the_crawl_its_owner_or_both_killed(town: Town, tmp_path: Path) -> None:
    folder = tmp_path / "capture"
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    for victims in ("crawl", "owner", "both"):
        command = [sys.executable, "-P", "-c", RUNNER, town.server.url, str(folder), json.dumps(LIMITS)]
        reached = town.after(12)
        owner = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        while not reached():
            assert owner.poll() is None
            time.sleep(0.001)
        # An answer that takes longer than anyone waits for the folder: whoever is left must not wait for it.
        town.server.pause, asked = 8.0, len(town.server.log)
        while len(town.server.log) == asked:
            assert owner.poll() is None
            time.sleep(0.001)
        children = Path(f"/proc/{owner.pid}/task/{owner.pid}/children").read_text().split()
        assert len(children) == 1
        for pid in [*(children if victims != "owner" else []), *([owner.pid] if victims != "crawl" else [])]:
            os.kill(int(pid), signal.SIGKILL)
        said = owner.communicate(timeout=60)[0]
        town.server.pause = 0.0
        assert ("采集中断" in said and len(said.splitlines()) == 1) == (victims == "crawl")
        assert unfinished(folder)
    # A crawl without its owner ends by itself, so that the folder is free at once.
    finish(town, folder)


def test_a_record_cut_short_is_dropped_and_noted_even_if_the_next_run_is_killed_before_it_says_so(
    town: Town, tmp_path: Path
) -> None:
    folder, spare = tmp_path / "capture", tmp_path / "spare"
    places = town.forge.crawl(spare, die_at=0).places
    assert town.forge.crawl(folder, die_at=_nth(places, "record half", 20)).died
    torn = (folder / "data.warc.gz.part").stat().st_size
    shutil.rmtree(spare)
    shutil.copytree(folder, spare)
    places = town.forge.crawl(spare, die_at=0).places
    assert town.forge.crawl(folder, die_at=_nth(places, "record held", 0)).died
    cut = torn - (folder / "data.warc.gz.part").stat().st_size
    assert cut > 0
    finish(town, folder)
    capture = Capture.open(folder)
    assert capture.counts["resumed"] == 2
    assert [note for note in capture.notes if "意外中断" in note and f"{cut} 字节已去除" in note] == capture.notes[:1]


def _nth(places: tuple[str, ...], name: str, number: int) -> int:
    return [n for n, place in enumerate(places, 1) if place == name][number]


def test_what_sqlite_left_of_a_closing_that_was_killed_does_no_harm_to_the_next(town: Town, tmp_path: Path) -> None:
    folder = tmp_path / "capture"
    places = town.forge.crawl(tmp_path / "other", die_at=0).places
    assert town.forge.crawl(folder, die_at=_closing(places)).died
    # Another file of that name, killed in the middle of a change: its journal holds pages that belong nowhere else.
    code = """
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.executescript("PRAGMA cache_size=2; PRAGMA synchronous=OFF; CREATE TABLE t (a, b)")
db.executemany("INSERT INTO t VALUES (?, ?)", [(n, "x" * 900) for n in range(400)])
db.executescript("BEGIN; UPDATE t SET b = 'y' || b")
os._exit(1)
"""
    subprocess.run([sys.executable, "-c", code, str(folder / "index.sqlite.new")], check=False)
    assert (folder / "index.sqlite.new-journal").stat().st_size > 10_000
    finish(town, folder)


def test_who_was_told_to_wait_waits_on_after_a_kill(tmp_path: Path) -> None:
    with serving() as server, forging(server.url, {**LIMITS, "slow_down": 0.1}) as forge:
        server.add("/", page("/busy", title="首页"))
        server.in_turn("/busy", Answer(status=503, headers={"Retry-After": "3"}), Answer(page(title="甲")))
        told = Town(server, forge, {}).after(4, 0.2)
        assert forge.crawl(tmp_path / "capture", told).died
        assert forge.crawl(tmp_path / "capture").problem == ""
        first, *later = [seen.at for seen in server.log if seen.at > server.log[3].at - 0.001]
        assert server.log[3].path == "/busy" and later[0] - first >= 2.5
        capture = Capture.open(tmp_path / "capture")
        assert {page.url.removeprefix(server.url): page.outcome for page in capture.pages()} == {
            "": "read",
            "busy": "read",
        }
        assert capture.counts["slowed"] == 1


@pytest.mark.parametrize("most", [90_000, 400_000])
def test_a_full_disk_is_one_clear_line_and_the_crawl_goes_on_later(tmp_path: Path, most: int) -> None:
    with serving() as server:
        noise = "".join(random.Random(3).choices("0123456789abcdefghijklmnopqrstuvwxyz", k=1_000_000))
        server.add("/", page("/a.html", ("/noise.txt", "附件"), title="首页"))
        server.add("/a.html", page(title="甲"))
        server.add("/noise.txt", noise, Content_Type="text/plain; charset=utf-8")
        with forging(server.url, LIMITS) as forge:
            folder = tmp_path / "capture"
            told = forge.crawl(folder, most=most).problem
            assert told.startswith(f"{folder}：存档无法写入") and "--resume" in told and len(told.splitlines()) == 1
            assert forge.crawl(folder).problem == ""
        capture = Capture.open(folder)
        check_files(capture)
        found = {page.url.removeprefix(server.url): page.outcome for page in capture.pages()}
        assert found == {"": "read", "a.html": "read", "noise.txt": "read"}
        assert list(capture.refusals()) == []


def test_what_cannot_be_gone_on_with_says_so_in_one_line(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out" / "demo" / "capture"
    site = Site("demo", "示范局", town.server.url)
    with pytest.raises(UnusableInput, match="没有未完成的采集"):
        crawl_site(site, folder, resume=True)
    assert town.forge.crawl(folder, until=town.after(9)).died
    before = {path.name: path.stat().st_size for path in folder.iterdir()}
    refused: list[tuple[Site, dict[str, Any], str]] = [
        (Site("demo", "示范局", "http://other.example/"), {}, "不是 http://other.example/"),
        (site, {"max_pages": 7}, "max_pages=500，与现在的 7 不同"),
        (site, {"delay": 2.0}, "delay=0.0"),
        (site, {"limits": {"max_depth": 3}}, "max_depth=10"),
        (site, {"render": "never"}, "render=auto"),
        (site, {"since": tmp_path}, "since=无"),
    ]
    for wanted, options, words in refused:
        with pytest.raises(UnusableInput, match=words) as caught:
            crawl_site(wanted, folder, resume=True, **options)
        assert len(str(caught.value).splitlines()) == 1
    with pytest.raises(UnusableInput, match="--resume"):
        Capture.open(folder)

    sites = tmp_path / "sites.yaml"
    sites.write_text(f"sites:\n  - {{id: demo, name: 示范局, home: '{town.server.url}'}}\n", encoding="utf-8")
    command = ["crawl", str(sites), "--out", str(tmp_path / "out")]
    held = Lock(folder)
    for more in ("--resume", "--force"):
        assert run([*command, more]) == 2
        told = [line for line in capsys.readouterr().err.splitlines() if "另一个采集正在使用这个文件夹" in line]
        assert len(told) >= 1
    held.release()
    assert {path.name: path.stat().st_size for path in folder.iterdir()} == before

    assert run([*command, "--resume"]) == 0
    check(town, folder)
    capsys.readouterr()
    assert run([*command, "--resume"]) == 0
    assert "已读完，沿用" in capsys.readouterr().err
    with pytest.raises(UnusableInput, match="已经完成"):
        crawl_site(site, folder, resume=True)
