"""The crawl against Scrapy's stock CrawlSpider on one made site, in turn, in the same run.

``python -m benchmarks.crawl`` prints what both cost; ``--big`` adds ours at ten times the pages, ``--since`` a second
crawl of the unchanged site, ``--profile`` says where our time goes. Exit status 1 where a bar is missed.

The stock spider only follows links; ours reads links, facts, columns and writes archive and index. Each runs in a
child process of its own; CPU time and peak memory are those of the child and all its children as the kernel counts
them when it ends (``wait4``), start-up included. The server is a third process and counts for neither.

The same work costs up to twice the CPU time while others use the second thread of the core, and the two crawls do not
suffer alike. The medians count for the bar; the ratio of the least disturbed runs is printed as well.
"""

from __future__ import annotations

import argparse
import json
import os
import pstats
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from benchmarks.site_server import ROOT, Counts, Server, serving

MIN_RATIO = 2.5  # pages per CPU second, ours to the stock spider's
MAX_MEMORY = 1.3  # peak memory at ten times the pages
MAX_BODIES = 0.05  # article bodies transferred by a second crawl of an unchanged site
BIG = 10
SPARE = 100  # requests allowed beyond the pages: probes, second tries
REPORT_EVERY = 10.0  # seconds between progress lines
MAX_IDLE = 60.0  # seconds without a request that end a crawl

# A group of the profile is the first whose mark stands in the file name and function name. The loop of uvloop is
# compiled: its time, network and waiting, is that of the function that runs it.
GROUPS = (
    ("event loop", ("_run_loop", "run_forever", "select.epoll")),
    (
        "start-up",
        ("importlib", "marshal", "builtins.compile", "/re/_", "/yaml/", "/attr/", "/enum.py", "/dataclasses.py"),
    ),
    ("index", ("sqlite3", "/archive/index", "/archive/codec", "/json/")),
    ("frontier", ("/crawl/frontier", "/crawl/traps", "/crawler/templates", "/crawler/urls", "urllib/parse")),
    ("archive", ("/crawler/archive/", "warcio", "gzip", "zlib", "hashlib")),
    ("parse", ("/crawler/readers/", "lxml")),
    ("facts", ("/crawler/pages/", "/crawler/listing/", "/crawler/dates", "/crawl/columns", "/crawler/words")),
    ("Scrapy", ("scrapy", "w3lib", "parsel", "itemadapter", "queuelib", "protego")),
    ("network", ("/crawl/wire/", "/crawl/handler", "uvloop", "asyncio", "twisted", "socket", "ssl")),
    ("spider", ("/crawler/",)),
)


class Failed(Exception):
    """A crawl that gave no figures."""


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl: seconds of wall and CPU time, peak resident memory of its largest process and files, in bytes."""

    name: str
    pages: int
    wall: float
    cpu: float
    peak: int
    disk: int = 0

    @property
    def rate(self) -> float:
        """Pages per CPU second."""
        return self.pages / self.cpu

    def row(self) -> str:
        disk = f"{self.disk / 1e6 / self.pages * 1000:12.1f}" if self.disk else f"{'-':>12}"
        return (
            f"{self.name:14} {self.pages:7d} {self.wall:8.1f} {self.pages / self.wall:8.0f} "
            f"{self.cpu / self.pages * 1000:12.2f} {self.rate:12.1f} {self.peak / 1e6:8.0f} {disk}\n"
        )


HEAD = (
    f"{'crawl':14} {'pages':>7} {'wall s':>8} {'pages/s':>8} {'CPU ms/page':>12} "
    f"{'pages/CPU s':>12} {'peak MB':>8} {'MB per 1,000':>12}\n"
)


def out(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


class _Watch:
    """Progress of one crawl from the server's counters, which costs the crawl nothing."""

    def __init__(self, name: str, server: Server) -> None:
        self._name, self._server = name, server
        self._first = self._last = server.counts().requests
        self._began = self._told = time.perf_counter()
        self._idle = 0.0

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._began

    def look(self) -> None:
        """Say how far it is, now and then; Failed where nothing was asked for too long."""
        waited = time.perf_counter() - self._told
        if waited < REPORT_EVERY:
            return
        self._told += waited
        requests = self._server.counts().requests
        self._idle = 0.0 if requests > self._last else self._idle + waited
        self._last = requests
        tell(f"  {self._name}: {requests - self._first} requests after {self.seconds:.0f} s")
        if self._idle > MAX_IDLE:
            raise Failed(f"{self._name} asked for nothing for {self._idle:.0f} s")


def measure(name: str, command: list[str], server: Server, **environment: str) -> tuple[Run, dict[str, Any]]:
    """Run a crawl to its end; its figures, and what it printed. Failed where it does not end well."""
    watch = _Watch(name, server)
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output, tempfile.TemporaryFile() as log:
        child = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=log,
            # Byte code is kept, as where a package is installed: compiling all of it again is no part of a crawl.
            env={**{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}, **environment},
            start_new_session=True,
        )
        try:
            while True:
                pid, status, usage = os.wait4(child.pid, os.WNOHANG)
                if pid:
                    break
                time.sleep(0.01)
                watch.look()
        except BaseException:
            _end(child)
            raise
        wall = watch.seconds
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise Failed(f"{name} ended with status {child.returncode}:\n{_tail(log)}")
        output.seek(0)
        said: dict[str, Any] = json.loads(output.read())
    if not said["pages"]:
        raise Failed(f"{name} read no page")
    cpu = usage.ru_utime + usage.ru_stime
    return Run(name, said["pages"], wall, cpu, usage.ru_maxrss * 1024), said


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ask first: our crawl ends its own child when it is interrupted."""
    child.send_signal(signal.SIGINT)
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _tail(log: IO[bytes]) -> str:
    log.seek(0)
    return "\n".join(log.read().decode("utf-8", "replace").splitlines()[-12:])


def stock(server: Server) -> Run:
    return measure("stock", ["-m", "benchmarks.stock", server.home], server)[0]


def ours(server: Server, folder: Path, pages: int, name: str = "ours", since: Path | None = None, **env: str) -> Run:
    """Our crawl into ``folder``, which stays."""
    job = {"home": server.home, "folder": str(folder), "pages": pages + SPARE, "since": str(since) if since else None}
    run, said = measure(name, ["-m", "benchmarks.ours", json.dumps(job)], server, **env)
    disk = sum(path.stat().st_size for path in folder.iterdir())
    if said["refused"]:
        tell(f"  {name}: not read: {said['refused']}")
    return Run(run.name, run.pages, run.wall, run.cpu, run.peak, disk)


@contextmanager
def fresh() -> Iterator[Path]:
    """A folder that is gone afterwards; captures are read-only, which does not keep their owner from that."""
    folder = Path(tempfile.mkdtemp(prefix="duwang-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def judged(what: str, value: float, bar: str, kept: bool) -> bool:
    out(f"{what}: {value:.2f} (bar {bar}): {'kept' if kept else 'MISSED'}\n")
    return kept


def compare(pages: int, rounds: int) -> tuple[bool, list[Run]]:
    """Rounds with both crawls, each first in every other one; whether the bars were kept, and our runs."""
    theirs, mine = list[Run](), list[Run]()
    with serving(pages) as server:
        for number in range(1, rounds + 1):
            tell(f"round {number} of {rounds}, {pages} pages")
            for own in (False, True) if number % 2 else (True, False):
                run = _anew(server, pages) if own else stock(server)
                out(run.row())
                (mine if own else theirs).append(run)
    first, second = _median("stock, median", theirs), _median("ours, median", mine)
    out(first.row() + second.row())
    ratios = [our.rate / their.rate for their, our in zip(theirs, mine, strict=True)]
    out(f"ratio of pages per CPU second, by round: {', '.join(f'{ratio:.2f}' for ratio in ratios)}\n")
    least = max(run.rate for run in mine) / max(run.rate for run in theirs)
    out(f"ratio of the least disturbed runs: {least:.2f}\n")
    ratio = second.rate / first.rate
    kept = judged("ratio of the medians", ratio, f"≥ {MIN_RATIO}", ratio >= MIN_RATIO)
    return whole(mine, pages) and kept, mine


def _anew(server: Server, pages: int) -> Run:
    """Our crawl into a folder that is gone afterwards."""
    with fresh() as folder:
        return ours(server, folder / "capture", pages)


def whole(runs: list[Run], pages: int) -> bool:
    """A crawl that left pages out has not done the work that is measured."""
    least = min(run.pages for run in runs)
    return judged("share of the site's pages read by ours", least / pages, "≥ 1", least >= pages)


def _median(name: str, runs: list[Run]) -> Run:
    def middle(field: str) -> Any:
        return statistics.median(getattr(run, field) for run in runs)

    disk, peak, pages = int(middle("disk")), int(middle("peak")), int(middle("pages"))
    return Run(name, pages, middle("wall"), middle("cpu"), peak, disk)


def grow(pages: int, small: list[Run]) -> bool:
    """Ours at ten times the pages; whether memory stays."""
    tell(f"{BIG * pages} pages")
    with serving(BIG * pages) as server, fresh() as folder:
        big = ours(server, folder / "capture", BIG * pages, "ours, big")
    out(big.row())
    ratio = big.peak / statistics.median(run.peak for run in small)
    kept = judged(f"peak memory at {BIG * pages} pages to {pages}", ratio, f"≤ {MAX_MEMORY}", ratio <= MAX_MEMORY)
    return whole([big], BIG * pages) and kept


def again(pages: int) -> bool:
    """A second crawl of the unchanged site; whether it leaves article bodies alone."""
    with serving(pages) as server, fresh() as folder:
        zero = server.counts()
        first = ours(server, folder / "first", pages, "first")
        one = server.counts()
        second = ours(server, folder / "second", pages, "second", since=folder / "first")
        two = server.counts()
    out(first.row() + second.row())
    bodies = [one.since(zero), two.since(one)]
    for name, counts in zip(("first", "second"), bodies, strict=True):
        out(f"{name}: {_transfer(counts)}\n")
    share = bodies[1].article_bytes / max(1, bodies[0].article_bytes)
    kept = judged("share of article bytes transferred again", share, f"≤ {MAX_BODIES}", share <= MAX_BODIES)
    return whole([first, second], pages) and kept


def _transfer(counts: Counts) -> str:
    return (
        f"{counts.requests} requests, {counts.unchanged} answered 304, {counts.article_bodies} article bodies "
        f"({counts.article_bytes / 1e6:.1f} MB) of {counts.bodies} bodies ({counts.body_bytes / 1e6:.1f} MB)"
    )


def profile(pages: int) -> None:
    """Where our time goes: self time by group of modules, and the dearest functions of each."""
    with serving(pages) as server, fresh() as folder:
        path = folder / "profile"
        ours(server, folder / "capture", pages, "ours, profiled", DUWANG_PROFILE=str(path))
        if not path.is_file():
            raise Failed("the crawl wrote no profile")
        times = _self_times(path)
    total = sum(times.values())
    groups: dict[str, Counter[str]] = {}
    for (group, function), seconds in times.items():
        groups.setdefault(group, Counter())[function] += seconds  # type: ignore[assignment]  # seconds are no counts
    out(f"\n{'self time':14} {'share':>6} {'ms/page':>8}  dearest functions (share)\n")
    for group, functions in sorted(groups.items(), key=lambda item: -item[1].total()):
        spent = functions.total()
        dearest = ", ".join(f"{name} {seconds / total:.1%}" for name, seconds in functions.most_common(4))
        out(f"{group:14} {spent / total:6.1%} {spent / pages * 1000:8.2f}  {dearest}\n")


def _self_times(path: Path) -> dict[tuple[str, str], float]:
    """Seconds of own time by (group, function). Built-ins that belong to no group count for their callers."""
    found: dict[tuple[str, str], float] = {}

    def add(group: str, function: str, seconds: float) -> None:
        found[group, function] = found.get((group, function), 0.0) + seconds

    rows: dict[Any, Any] = pstats.Stats(str(path)).stats  # type: ignore[attr-defined]  # public in fact
    for (file, _, name), (_, _, own, _, callers) in rows.items():
        group = _group(file, name)
        if file == "~" and group == "other" and callers:
            for (caller_file, _, caller_name), figures in callers.items():
                add(_group(caller_file, caller_name), name, figures[2])
        else:
            add(group, f"{Path(file).stem}.{name}" if file != "~" else name, own)
    return found


def _group(file: str, name: str) -> str:
    subject = name if file == "~" else f"{file.replace(str(ROOT), '')}:{name}"
    return next((group for group, marks in GROUPS if any(mark in subject for mark in marks)), "other")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crawl", description=__doc__.split("\n")[0])
    parser.add_argument("--pages", type=int, default=3000, help="pages of the site (default 3000)")
    parser.add_argument("--rounds", type=int, default=5, help="alternating rounds (default 5)")
    parser.add_argument("--big", action="store_true", help=f"also ours at {BIG} times the pages: memory")
    parser.add_argument("--since", action="store_true", help="only a crawl and a second one of the unchanged site")
    parser.add_argument("--profile", action="store_true", help="only one crawl of ours: where the time goes")
    chosen = parser.parse_args()
    try:
        if chosen.profile:
            profile(chosen.pages)
            return 0
        out(HEAD)
        if chosen.since:
            return 0 if again(chosen.pages) else 1
        kept, small = compare(chosen.pages, chosen.rounds)
        if chosen.big:
            kept = grow(chosen.pages, small) and kept
        return 0 if kept else 1
    except Failed as error:
        tell(str(error))
        return 1
    except KeyboardInterrupt:
        tell("stopped")
        return 130


if __name__ == "__main__":
    sys.exit(main())
