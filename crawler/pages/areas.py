"""Menus, footer and main text of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any, cast

from crawler.evidence import LinkArea
from crawler.readers.page.scan import Scan
from crawler.readers.words import words
from crawler.words import load

_SECTIONS = frozenset({"article", "main"})
_ENDS = frozenset({"header", "footer"})
# Elements that may hold an article; a smaller one is a piece of it.
_HOLDERS = frozenset(
    {"html", "body", "div", "section", "article", "main", "table", "tbody", "tr", "td", "form", "center", "ul", "li",
     "dl", "dd"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MainText:
    """The element that holds the main text (-1: none) and its lines. ``running`` counts characters of sentences."""

    element: int
    lines: tuple[int, ...]
    text: str = ""
    running: int = 0


def areas_of(page: Scan) -> list[tuple[int, LinkArea]]:
    """The elements that are menu, main part or footer, in document order.

    One that holds most of the page's text is no menu, and what heads or ends an article belongs to it.
    """
    return [(here, cast(LinkArea, area)) for here, area, _ in page.named if area and _is_so(page, here, area)]


def _is_so(page: Scan, here: int, area: str) -> bool:
    """Whether an element is what its name says."""
    limits = load("page-facts")["areas"]
    if area == "main":
        return True
    if page.tags[here] in _ENDS and any(page.tags[above] in _SECTIONS for above in page.above(here)):
        return False
    if area == "footer" and page.begins[here] >= limits["footer_from"] * len(page.pieces):
        return True
    most: float = limits["max_share"]
    pieces = page.ends[here] - page.begins[here]
    if page.plain_in(here) > most * page.plain[-1] and pieces > most * len(page.pieces):
        return False
    return area == "footer" or page.has_link(here, limits["min_links"])


def chrome_lines(page: Scan, areas: list[tuple[int, LinkArea]]) -> bytearray:
    """One byte for each line: 1 in a menu, 2 in a footer, 0 elsewhere."""
    marked = bytearray(len(page.lines))
    reach = -1
    for here, area in areas:
        if area == "main" or here < reach:
            continue
        reach = page.stops[here]
        for number in page.lines_in(here):
            marked[number] = 2 if area == "footer" else 1
    return marked


def main_text(page: Scan, chrome: bytearray) -> MainText:
    """The element of the main text: what it is called decides, else where the sentences stand closest together."""
    weights = _weights(page, chrome)
    element, sure = _named(page, weights)
    if not sure and page.elements and weights[-1]:
        share = _words()["dense_share"] if element < 0 else _words()["narrow"]
        element = _dense(page, weights, max(element, 0), share)
    if element < 0:
        return MainText(-1, ())
    return MainText(element, tuple(n for n in page.lines_in(element) if sure or not chrome[n]))


def trimmed(page: Scan, main: MainText, known: set[str], stated: set[int]) -> MainText:
    """The main text with its words, without title and date line before it and tools behind it.

    ``known`` are the texts of title and date line, ``stated`` the elements of the metadata block.
    """
    lines, limits = list(main.lines), _words()
    lead = [n for n, number in enumerate(lines[: limits["head"]]) if _is_lead(page, number, known, stated)]
    del lines[: lead[-1] + 1 if lead else 0]
    while lines and _is_tail(page, lines[-1]):
        lines.pop()
    texts = [text for number in lines if (text := page.texts[number]) not in words().chrome["words"]["tools"]]
    text = "\n".join(texts)[: limits["max_text"]]
    return MainText(main.element, tuple(lines), text, sum(len(line) for line in texts if "。" in line))


def _is_lead(page: Scan, number: int, known: set[str], stated: set[int]) -> bool:
    return page.texts[number] in known or page.lines[number][2] in stated


def _is_tail(page: Scan, number: int) -> bool:
    """A line behind the text: tools, neighbours, footer, a link that offers no document."""
    text = page.texts[number]
    if not page.shown[number] and not text.lower().endswith(words().endings):
        return True
    footer = words().chrome["footer"]
    certain = len(text) <= footer["length"] and any(word in text for word in footer["certain"])
    return certain or _tail().fullmatch(text) is not None


def _weights(page: Scan, chrome: bytearray) -> list[int]:
    """Sums: element n is the weight of all lines before line n. Sentences weigh, all text where there are none."""
    least, marks = _words()["min_sentence"], frozenset(_words()["sentence"])
    plain = [0 if where else size for where, size in zip(chrome, page.shown, strict=True)]
    sentences = [
        size if size >= least and not marks.isdisjoint(text) else 0
        for size, text in zip(plain, page.texts, strict=True)
    ]
    return list(accumulate(sentences if any(sentences) else plain, initial=0))


def _weight(page: Scan, weights: list[int], here: int) -> int:
    lines = page.lines_in(here)
    return weights[lines.stop] - weights[lines.start]


def _named(page: Scan, weights: list[int]) -> tuple[int, bool]:
    """The element that calls itself the text (-1: none does) and whether its name is beyond doubt.

    Of the best rank the innermost of the heaviest.
    """
    data = _words()
    ranked: dict[int, list[tuple[int, int]]] = {}
    for here, _, rank in page.named:
        if rank:
            ranked.setdefault(rank, []).append((here, _weight(page, weights, here)))
    for rank in sorted(ranked):
        best = max(weight for _, weight in ranked[rank])
        # Font size buttons are called "zoom" too.
        if best >= max(data["min_share"] * weights[-1], 1):
            return [here for here, weight in ranked[rank] if weight >= 0.9 * best][-1], rank == 1
        long = [here for here, _ in ranked[rank] if page.plain_in(here) >= data["min"]]
        if rank == 1 and long and weights[-1] < data["few"]:
            return max(long, key=page.plain_in), True
    return -1, False


def _dense(page: Scan, weights: list[int], here: int, share: float) -> int:
    """The smallest element inside ``here`` that holds ``share`` of its weight, found from the outside in."""
    least = share * _weight(page, weights, here)
    child = here + 1
    while child < page.stops[here]:
        if page.tags[child] in _HOLDERS and _weight(page, weights, child) >= least:
            here, child = child, child + 1
        else:
            child = page.stops[child]
    return here


@cache
def _tail() -> re.Pattern[str]:
    return re.compile(_words()["tail"])


def _words() -> dict[str, Any]:
    data: dict[str, Any] = load("page-facts")["main_text"]
    return data
