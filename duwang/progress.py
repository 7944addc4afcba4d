"""How far a call with many inputs is: one line that changes on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections import Counter
from types import TracebackType
from typing import Self

from rich.cells import set_cell_size
from rich.console import Console

from duwang.failures import tell
from reports.view import visible

_EVERY = 15.0  # seconds between two plain lines
_CLEAR = "\r\x1b[K"


class Progress:
    """Told of each input that is through a stage. Says nothing where there is one input alone."""

    def __init__(self, inputs: int, *, live: bool | None = None) -> None:
        self._inputs = inputs
        self._live = sys.stderr.isatty() if live is None else live
        self._through: Counter[str] = Counter()
        self._told = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live and self._inputs > 1:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()

    def seen(self, stage: str, name: str) -> None:
        """One more input is through a stage."""
        if self._inputs < 2:
            return
        self._through[stage] += 1
        line = f"已{stage} {self._through[stage]} / {self._inputs}　{visible(name)}"
        if self._live:
            width = Console(stderr=True).width - 1
            sys.stderr.write(_CLEAR + set_cell_size(line, width).rstrip())
            sys.stderr.flush()
        elif time.monotonic() - self._told >= _EVERY:
            self._told = time.monotonic()
            tell(line)
