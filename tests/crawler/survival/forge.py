"""The tests' side of ``killer``: asks for crawls, and kills them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[3]


@dataclass
class Ended:
    """How a crawl ended: killed (``died``), or by itself, with the one line that it said instead of a result."""

    died: bool
    problem: str = ""
    places: tuple[str, ...] = ()


class Forge:
    """Crawls in forks of one process, one at a time."""

    def __init__(self, child: subprocess.Popen[str], home: str, limits: dict[str, Any]) -> None:
        self._child = child
        self._usual = {"home": home, "limits": limits}
        self.kills = 0

    def crawl(self, folder: Path, until: Callable[[], bool] | None = None, **job: Any) -> Ended:
        """Crawl into ``folder``, or go on there; killed as soon as ``until`` is true."""
        assert self._child.stdin and self._child.stdout
        self._child.stdin.write(json.dumps({**self._usual, "folder": str(folder), **job}) + "\n")
        self._child.stdin.flush()
        pid = json.loads(self._child.stdout.readline())["pid"]
        ended = threading.Event()
        watch = threading.Thread(target=_kill, args=(pid, until, ended)) if until else None
        if watch:
            watch.start()
        told = json.loads(self._child.stdout.readline())
        ended.set()
        if watch:
            watch.join()
        self.kills += told["died"]
        return Ended(told["died"], told.get("problem", ""), tuple(told.get("places", ())))


def _kill(pid: int, until: Callable[[], bool], ended: threading.Event) -> None:
    while not ended.is_set():
        if until():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            return
        time.sleep(0.0005)


@contextmanager
def forging(home: str, limits: dict[str, Any]) -> Iterator[Forge]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-P", str(Path(__file__).with_name("killer.py"))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True
    ) as child:
        try:
            assert child.stdout and child.stdout.readline()
            yield Forge(child, home, limits)
        finally:
            child.kill()
