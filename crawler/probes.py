"""The availability log: one JSON line for each visit to a home page, appended as the visits are made."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from crawler.archive.codec import decode, encode
from crawler.archive.layout import Lock
from crawler.errors import UnusableInput
from crawler.evidence import ProbeVisit

_MAX_LINE = 20_000
_NAMES = frozenset(field.name for field in fields(ProbeVisit))


class ProbeLog(Iterator[ProbeVisit]):
    """The visits of a log, streamed in the order of writing; ``skipped`` counts the lines left out so far.

    A program that is killed while it writes leaves half a line.
    """

    def __init__(self, path: Path) -> None:
        self.skipped = 0
        self._path = path
        try:
            self._lines = path.open("rb")
        except FileNotFoundError as error:
            raise UnusableInput(f"{path}：没有这个访问记录文件；请核对路径。") from error
        except OSError as error:
            raise UnusableInput(f"{path}：访问记录文件无法读取；请检查权限。") from error

    def __next__(self) -> ProbeVisit:
        while line := self._lines.readline(_MAX_LINE):
            try:
                return visit_of(json.loads(line))
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                self.skipped += bool(line.strip())
        self._lines.close()
        raise StopIteration


def read_probes(path: Path) -> ProbeLog:
    """The visits that a log holds; UnusableInput where it cannot be read. What is no visit is skipped and counted."""
    return ProbeLog(path)


def visit_of(data: Any) -> ProbeVisit:
    """One visit of the object of a line; ValueError, TypeError, KeyError or AttributeError where it is none."""
    known = {name: value for name, value in data.items() if name in _NAMES}
    for name in ("seconds", "timeout"):
        known[name] = float(known[name])
    visit = decode(ProbeVisit, known, strict=True)
    if visit.time.tzinfo is None:
        raise ValueError("a time without an offset")
    return visit


class ProbeWriter:
    """Appends visits to a log, which is made where it is missing; UnusableInput while another program writes it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._stream = path.open("ab+")
        self._lock = Lock(path, "另一个程序正在写这个访问记录；请等它结束，或用 --log 换一个文件。")
        if self._stream.tell():
            self._stream.seek(-1, os.SEEK_END)
            if self._stream.read(1) != b"\n":
                # The half line that a kill left must not spoil the next one.
                self._stream.write(b"\n")

    def add(self, visit: ProbeVisit) -> None:
        """Write one visit; it is on the disk when this returns."""
        self._stream.write(json.dumps(encode(visit), ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        self._stream.flush()
        os.fsync(self._stream.fileno())

    def close(self) -> None:
        self._stream.close()
        self._lock.release()
