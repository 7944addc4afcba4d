"""What a person sees while sites are read: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

from crawler.evidence import Site
from crawler.progress import Progress
from duwang.failures import tell
from scoring.veil import veiled

_EVERY = 15.0  # seconds between two plain lines of one site
_ROWS = 20  # sites shown at once; the others are counted


@dataclass(slots=True)
class _Row:
    site: Site
    seen: Progress = field(default_factory=Progress)
    since: float = 0.0  # moment of ``seen``
    told: float = 0.0

    def left(self, moment: float) -> float:
        """Seconds that are left of what the crawl is waiting for."""
        return max(self.seen.waiting - (moment - self.since), 0.0)


class Watch:
    """Progress of several sites at once. ``stop`` is set once the user has given up."""

    def __init__(self, sites: int, say: Callable[[str], None] = tell, *, live: bool | None = None) -> None:
        self._sites = sites
        self._say = say
        self._lock = Lock()
        self._rows: dict[str, _Row] = {}
        self._ended = 0
        self.stop = Event()
        console = Console(stderr=True)
        shown = sys.stderr.isatty() if live is None else live
        self._live = (
            Live(console=console, refresh_per_second=2, transient=True, get_renderable=self._table) if shown else None
        )

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def line(self, site: Site, text: str) -> None:
        """One line for good, above the table where there is one."""
        with self._lock:
            self._print(f"[{site.id}] {text}")

    def begin(self, site: Site, text: str) -> None:
        with self._lock:
            self._rows[site.id] = _Row(site, Progress(url=site.home), told=time.monotonic())
            self._print(f"[{site.id}] {text}")

    def progress(self, site: Site, seen: Progress) -> None:
        """Where a crawl stands. Raises KeyboardInterrupt in the worker once the user has given up."""
        if self.stop.is_set():
            raise KeyboardInterrupt
        with self._lock:
            moment = time.monotonic()
            row = self._rows.setdefault(site.id, _Row(site, told=moment))
            if seen is not row.seen:
                row.seen, row.since = seen, moment
            # A wait that would last beyond the next line is told when it begins.
            if self._live is None and moment - row.told + row.left(moment) >= _EVERY:
                row.told = moment + row.left(moment)
                self._say(f"[{site.id}] {_line(row, moment)}")

    def end(self, site: Site, lines: Sequence[str]) -> None:
        """What came of a site."""
        with self._lock:
            self._rows.pop(site.id, None)
            self._ended += 1
            for text in lines:
                self._print(f"[{site.id}] {text}")

    def _print(self, line: str) -> None:
        text = veiled(line)
        if self._live is not None:
            self._live.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            self._say(text)

    def _table(self) -> Table:
        with self._lock:
            rows, moment = list(self._rows.values()), time.monotonic()
            title = f"正在读取 {len(rows)} 个站点，已完成 {self._ended} / {self._sites}"
        table = Table(title=title, title_justify="left", expand=True)
        table.add_column("站点", no_wrap=True, max_width=24)
        for name in ("已读", "待读", "未读", "出错", "页/秒"):
            table.add_column(name, justify="right", no_wrap=True)
        table.add_column("现在", no_wrap=True, overflow="ellipsis", ratio=1)
        for row in rows[:_ROWS]:
            seen = row.seen
            figures = (str(seen.read), str(seen.queued), str(seen.unread), str(seen.errors), f"{seen.rate:.1f}")
            # The name of the host would leave no room for what tells one address of the site from another.
            now = _now(row, moment).replace(row.site.home.rstrip("/"), "", 1)
            table.add_row(_plain(row.site.name), *figures, _plain(now))
        if len(rows) > _ROWS:
            table.add_row(f"另有 {len(rows) - _ROWS} 个站点", "", "", "", "", "", "")
        return table


def _now(row: _Row, moment: float) -> str:
    left = math.ceil(row.left(moment))
    return f"等待 {left} 秒（{row.seen.why}）" if left else veiled(row.seen.url)


def _line(row: _Row, moment: float) -> str:
    seen = row.seen
    told = f"已读 {seen.read} 页，待读 {seen.queued}，未读 {seen.unread}，出错 {seen.errors}，每秒 {seen.rate:.1f} 页"
    return f"{told}；{_now(row, moment)}".removesuffix("；")


def _plain(text: str) -> str:
    """A name or address from outside must not be taken for markup."""
    return text.replace("[", "\\[")
