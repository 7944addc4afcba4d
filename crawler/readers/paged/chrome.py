"""Running heads and page numbers: lines at the edge of the page that other pages show too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from crawler.readers.paged.lines import Line
from crawler.readers.paged.model import settings

_DIGITS = re.compile(r"[0-9０-９]+")


@lru_cache(maxsize=1)
def _page_number() -> re.Pattern[str]:
    return re.compile(settings("chrome")["page_number"])


def chrome_lines(pages: Sequence[tuple[float, Sequence[Line]]]) -> set[int]:
    """``id`` of the lines that are chrome; a page is its height and its lines outside tables, top to bottom."""
    limits = settings("chrome")
    edges = [_edge_lines(height, lines) for height, lines in pages]
    seen: dict[str, int] = {}
    for outer in edges:
        for key in {_key(line) for line in outer}:
            seen[key] = seen.get(key, 0) + 1
    least = max(limits["repeats"], limits["share"] * len(pages))
    found: set[int] = set()
    for height, lines in pages:
        for order in (list(lines), list(reversed(lines))):
            for line in order:
                if not _at_edge(line, height):
                    break
                # Only an unbroken run from the edge inwards: what stands below a line of text is text.
                if seen.get(_key(line), 0) < least and not _page_number().match(line.text):
                    break
                found.add(id(line))
    return found


def _edge_lines(height: float, lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if _at_edge(line, height) and len(line.text) <= settings("chrome")["length"]]


def _at_edge(line: Line, height: float) -> bool:
    band: float = settings("chrome")["band"] * height
    return line.box[3] <= band or line.box[1] >= height - band


def _key(line: Line) -> str:
    return _DIGITS.sub("#", "".join(line.text.split()))
