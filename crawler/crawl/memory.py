"""What a crawl has learnt of traps, so kept that a killed one goes on with exactly that."""

from __future__ import annotations

import time
from typing import Any

from crawler.archive.index import clean
from crawler.archive.writer import CaptureWriter
from crawler.crawl.traps import Traps

_SCHEMA = """CREATE TABLE IF NOT EXISTS trap_calls (
  n INTEGER PRIMARY KEY, name TEXT, about TEXT, depth INTEGER, flag INTEGER
)"""


class LastingTraps(Traps):
    """Traps whose state is part of each commit: all of it now and then, for it is large, and in between the calls that
    have changed it, which are made again after a kill."""

    def __init__(self, limits: dict[str, Any], writer: CaptureWriter) -> None:
        super().__init__(limits)
        self._writer = writer
        self._every = float(limits["dump_every"])
        self._calls: list[tuple[str, str, int, bool]] = []
        self._moment = time.monotonic()
        db = writer.index.db
        db.execute(_SCHEMA)
        if state := writer.kept("traps"):
            self.load(state)
        for name, about, depth, flag in db.execute("SELECT name, about, depth, flag FROM trap_calls ORDER BY n"):
            self._again(name, about, depth, bool(flag))

    def verdict(self, url: str, *, depth: int, is_turn: bool) -> str | None:
        self._calls.append(("verdict", url, depth, is_turn))
        return super().verdict(url, depth=depth, is_turn=is_turn)

    def barren(self, url: str) -> bool:
        self._calls.append(("barren", url, 0, False))
        return super().barren(url)

    def seen_content(self, template: str, *, fresh: bool) -> None:
        self._calls.append(("seen", template, 0, fresh))
        super().seen_content(template, fresh=fresh)

    def keep(self) -> None:
        """Hand what is new to the index, for the next commit."""
        db, now = self._writer.index.db, time.monotonic()
        if now - self._moment >= self._every:
            self._moment = now
            self._writer.keep("traps", self.dump())
            db.execute("DELETE FROM trap_calls")
        else:
            rows = [(name, clean(about), depth, flag) for name, about, depth, flag in self._calls]
            db.executemany("INSERT INTO trap_calls (name, about, depth, flag) VALUES (?, ?, ?, ?)", rows)
        self._calls.clear()

    def _again(self, name: str, about: str, depth: int, flag: bool) -> None:
        if name == "verdict":
            super().verdict(about, depth=depth, is_turn=flag)
        elif name == "barren":
            super().barren(about)
        else:
            super().seen_content(about, fresh=flag)
