"""What PDF, OFD and recognised pictures hand over: words and lines with their places on a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from crawler.evidence import Box
from crawler.words import load


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters placed on a page.

    ``box`` is x0, y0, x1, y1 from the top left. ``size`` is the letter height (0: that of the box). ``vertical``:
    the run is read from top to bottom. ``edges`` are the places where each character begins, along the run (x; y
    where vertical), ``()`` where they are not known. ``confidence`` (0-1) is None for text that the file itself holds.
    """

    text: str
    box: Box
    confidence: float | None = None
    size: float = 0.0
    vertical: bool = False
    edges: tuple[float, ...] = ()

    @property
    def em(self) -> float:
        """Letter height."""
        return self.size or (self.box[2] - self.box[0] if self.vertical else self.box[3] - self.box[1])


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line as the thin box that it fills, horizontal or vertical by its longer side."""

    box: Box


@dataclass(frozen=True, slots=True)
class PageContent:
    """One page: its number (from 1), its size and what stands on it, all in one unit with y downwards.

    The unit is points in PDF and OFD and pixels in a picture. Skewed pages are turned upright before.
    ``pictures`` are the boxes of pictures that hold no words handed over here. ``unread``: lines of text that
    recognition was not asked for, because the page has too many; one of the pictures is where they stand.
    """

    number: int
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    unread: int = 0


@cache
def settings(group: str) -> dict[str, Any]:
    """One group of ``crawler/data/paged.yaml``."""
    found: dict[str, Any] = load("paged")[group]
    return found


def holds(box: Box, inner: Box) -> bool:
    """Whether the middle of ``inner`` lies in ``box``."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around ``boxes`` (at least one)."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return (min(x0), min(y0), max(x1), max(y1))


def lowest(confidences: Iterable[float | None]) -> float | None:
    """The least of the known confidences; None where all text stands in the file itself."""
    known = [value for value in confidences if value is not None]
    return min(known) if known else None


def quantile(values: list[float], share: float) -> float:
    """The value below which ``share`` of ``values`` lie, by rank; 0 for no values."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def letter_height(words: Iterable[Word], share: float = 0.5) -> float:
    """The letter height that ``share`` of ``words`` keep below; 0 where there are none."""
    return quantile([word.em for word in words], share)
