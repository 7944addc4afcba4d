"""Links of a page: where they lead, where they stand, how they are made and whether a reader sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from crawler.evidence import Link, LinkArea
from crawler.readers.markup import text_in
from crawler.readers.page.addresses import Addresses
from crawler.readers.page.looks import Look, hidden_by
from crawler.readers.page.scan import Scan
from crawler.readers.page.targets import target_at
from crawler.words import load

# A block with onclick may hold half the page: so many pieces of it name the link.
_MOST_PIECES = 200

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Links:
    """The links of a page, the element of each, and whether there were more than are taken."""

    links: list[Link]
    elements: list[int]
    more: bool


def read_links(
    page: Scan, addresses: Addresses, areas: list[tuple[int, LinkArea]], url: str, main: list[range]
) -> Links:
    """Links in document order, each (address, text) once.

    ``main`` are ranges of elements known to be the main part whatever they are called.
    """
    limit = load("crawl")["limits"]["max_links"]
    sweep = _Sweep(page, areas, main)
    seen: set[tuple[str, str]] = set()
    found = Links([], [], False)
    for here in page.anchors:
        target, form = target_at(page, here, addresses)
        if not target:
            continue
        text = _text(page, here)
        if (target, text) in seen:
            continue
        if len(seen) >= limit:
            return Links(found.links, found.elements, True)
        seen.add((target, text))
        area, hidden = sweep.at(here)
        title = page.attributes[here].get("title", "")
        found.links.append(Link(url, target, text, " ".join(title.split()) if title else "", area, form, hidden))
        found.elements.append(here)
    return found


def _text(page: Scan, here: int) -> str:
    """Visible words of a link: its text, else what its picture is called."""
    if page.tags[here] == "option":
        return " ".join(text_in(page.elements[here]).split())
    if page.tags[here] == "area":
        return " ".join(page.attributes[here].get("alt", "").split())
    text = page.text(here, _MOST_PIECES)
    if text or page.stops[here] == here + 1:
        return text
    inside = range(here, min(page.stops[here], here + _MOST_PIECES))
    alts = (page.attributes[i].get("alt", "") for i in inside if page.tags[i] == "img")
    return next((" ".join(alt.split()) for alt in alts if alt.strip()), "")


class _Sweep:
    """Area and visibility of elements asked for in document order: what surrounds them is kept on stacks."""

    def __init__(self, page: Scan, areas: list[tuple[int, LinkArea]], main: list[range]) -> None:
        self._stops = page.stops
        self._areas = areas
        self._looks = page.looks
        self._main = main
        self._next_area = self._next_look = 0
        self._around: list[tuple[int, LinkArea]] = []
        self._seen: list[tuple[int, Look]] = []

    def at(self, here: int) -> tuple[LinkArea, str]:
        """(area, reason for not being seen) of an element."""
        stops = self._stops
        while self._next_area < len(self._areas) and self._areas[self._next_area][0] <= here:
            element, area = self._areas[self._next_area]
            self._next_area += 1
            _leave(self._around, element)
            outer = self._around[-1][1] if self._around else "other"
            # A part of a footer or a menu is one too, whatever it is called.
            self._around.append((stops[element], outer if outer in ("footer", "nav") else area))
        while self._next_look < len(self._looks) and self._looks[self._next_look][0] <= here:
            element, look = self._looks[self._next_look]
            self._next_look += 1
            _leave(self._seen, element)
            self._seen.append((stops[element], look))
        _leave(self._around, here)
        if self._seen:
            _leave(self._seen, here)
        hidden = hidden_by([look for _, look in reversed(self._seen)]) if self._seen else ""
        if self._main and any(here in part for part in self._main):
            return "main", hidden
        return (self._around[-1][1] if self._around else "other"), hidden


def _leave(stack: list[tuple[int, T]], here: int) -> None:
    """Drop from a stack what has ended before an element."""
    while stack and stack[-1][0] <= here:
        stack.pop()
