"""Drawn outlines to ruling lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from crawler.readers.paged.model import Rule, settings

Point = tuple[float, float]


def stroked(points: Sequence[Point]) -> list[Rule]:
    """The straight pieces of an outline that run along the page's sides."""
    thin = settings("rules")["thin"]
    rules = []
    for (ax, ay), (bx, by) in pairwise(points):
        box = (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
        wide, high = box[2] - box[0], box[3] - box[1]
        if min(wide, high) <= min(thin, 0.05 * max(wide, high)):
            rules.append(Rule(box))
    return rules


def filled(points: Sequence[Point]) -> list[Rule]:
    """A filled shape that is no thicker than a line."""
    xs, ys = zip(*points, strict=True)
    box = (min(xs), min(ys), max(xs), max(ys))
    return [Rule(box)] if min(box[2] - box[0], box[3] - box[1]) <= settings("rules")["thin"] else []
