"""Crawls that are killed: a JSON line on stdin for each; on stdout one with its process number, one with its end.

A crawl runs in a fork of this process, which has everything imported already. With ``die_at`` a counter goes on
wherever a capture is written, and at that number the fork ends as by ``kill -9``: nothing is flushed, closed or cleaned
up. Without it the crawl runs as it is, for the test to kill.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import crawler.site
from crawler.archive.layout import MANIFEST, unfinished
from crawler.archive.warc import WarcFile
from crawler.crawl import worker
from crawler.errors import CaptureDamaged, UnusableInput
from crawler.evidence import Site

DIED = 77
_TOLD = ("COMMIT", "CREATE", "DROP", "VACUUM", "PRAGMA")


class Counter:
    """Places passed; ``die_at`` is the last one. ``places`` names them all."""

    def __init__(self, die_at: int) -> None:
        self.die_at = die_at
        self.places: list[str] = []

    def __call__(self, place: str, before: Callable[[], object] = lambda: None) -> None:
        """Pass a place; ``before`` is what still happens before death, such as half a write."""
        self.places.append(place)
        if len(self.places) == self.die_at:
            before()
            os._exit(DIED)

    def behind(self, name: str) -> None:
        """Count each call of a method of ``Path`` that changes something."""
        real = getattr(Path, name)

        def counted(path: Path, *args: Any, **options: Any) -> Any:
            there = path.exists()
            result = real(path, *args, **options)
            if there:
                self(f"{name} {path.name}")
            return result

        setattr(Path, name, counted)


def _count_files(count: Counter) -> None:
    for name in ("replace", "unlink", "chmod"):
        count.behind(name)
    real_copy, real_write, real_record = shutil.copyfile, Path.write_bytes, WarcFile._write

    def copyfile(source: Path, target: Path) -> None:
        count("copy half", lambda: target.write_bytes(source.read_bytes()[: source.stat().st_size // 2]))
        real_copy(source, target)
        count("copied")

    def write_bytes(path: Path, data: bytes) -> int:
        count("write half", lambda: real_write(path, data[: len(data) // 2]))
        return real_write(path, data)

    def record(warc: WarcFile, *args: Any, **options: Any) -> int:
        offset = real_record(warc, *args, **options)
        out = warc._out
        count("record held")
        count("record half", lambda: (out.flush(), out.truncate((offset + out.tell()) // 2)))
        count("record written", out.flush)
        return offset

    shutil.copyfile = copyfile  # type: ignore[assignment]
    Path.write_bytes = write_bytes  # type: ignore[method-assign,assignment]
    WarcFile._write = record  # type: ignore[method-assign]


def _count_statements(count: Counter) -> None:
    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
            word = sql.split(None, 1)[0] if sql.strip() else ""
            if word not in _TOLD:
                return super().execute(sql, *args)
            if word in ("DROP", "VACUUM"):
                self.set_progress_handler(lambda: count(f"within {word}") or 0, 500)
            found = super().execute(sql, *args)
            self.set_progress_handler(None, 0)
            count(sql[:40])
            return found

    real = sqlite3.connect

    def connect(*args: Any, **options: Any) -> sqlite3.Connection:
        return real(*args, **{"factory": Connection} | options)

    sqlite3.connect = connect  # type: ignore[assignment]


def _in_this_process(site: Site, job: dict[str, Any], progress: Any) -> None:  # as in crawler.site
    said: list[dict[str, Any]] = []
    worker._say = said.append  # type: ignore[assignment]
    if worker._run(job):
        raise UnusableInput(said[-1]["problem"])


def _run(job: dict[str, Any], out: int) -> None:
    """Crawl in this process, as the child process of a crawl does; tells what came of it."""
    count = Counter(job.get("die_at", -1))
    if count.die_at >= 0:
        _count_files(count)
        _count_statements(count)
    crawler.site._run = _in_this_process
    if "most" in job:
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["most"], resource.RLIM_INFINITY))
    problem = ""
    try:
        folder = Path(job["folder"])
        resume = unfinished(folder) or (folder / MANIFEST).exists()
        crawler.site.crawl_site(
            Site("demo", "示范局", job["home"]),
            folder,
            delay=0.0,
            limits=job["limits"],
            now=lambda: datetime(2024, 3, 1, 8, tzinfo=UTC),
            since=Path(job["since"]) if job.get("since") else None,
            resume=resume,
        )
    except (UnusableInput, CaptureDamaged) as error:
        problem = str(error)
    except BaseException:
        problem = traceback.format_exc()
    with os.fdopen(out, "w") as stream:
        json.dump({"places": count.places, "problem": problem}, stream)


def main() -> None:
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            # What the crawl tells its owner is of no interest here.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            _run(job, write)
            os._exit(0)
        print(json.dumps({"pid": child}), flush=True)
        os.close(write)
        with os.fdopen(read) as stream:
            told = stream.read()
        _, status = os.waitpid(child, 0)
        died = os.waitstatus_to_exitcode(status) in (DIED, -signal.SIGKILL)
        print(json.dumps({"died": died, **(json.loads(told) if told else {})}), flush=True)


if __name__ == "__main__":
    main()
