"""Links of a page: where they lead, where they stand, how they are made and whether a reader sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from crawler.evidence import Link, LinkArea, LinkForm
from crawler.pages.addresses import Addresses
from crawler.pages.looks import Look, hidden_by
from crawler.pages.scan import Scan
from crawler.readers.markup import text_in
from crawler.words import load

_NOWHERE = frozenset({"", "#"})
_SCRIPT = "javascript:"
_FRAMES = frozenset({"frame", "iframe"})
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


def target_at(page: Scan, here: int, addresses: Addresses) -> tuple[str | None, LinkForm]:
    """Where an element leads (None: nowhere) and how it is made."""
    given = page.attributes[here]
    tag = page.tags[here]
    if tag == "option":
        return addresses.of(given["value"].strip()), "script"
    if tag in _FRAMES:
        return addresses.of(given.get("src", "").strip()), "frame"
    href = given.get("href", "").strip() if tag in ("a", "area") else ""
    scripted = href[:11].lower() == _SCRIPT
    if href not in _NOWHERE and not scripted:
        return addresses.of(href), "link"
    for code in (href if scripted else "", given.get("onclick", "")):
        if code and (target := target_of(code, addresses.base)):
            return target, "script"
    return None, "link"


def target_of(code: str, base: str) -> str | None:
    """Address that a script leads to, None where there is none."""
    # Late, because the reading of lists rests on the scan of pages.
    from crawler.listing.script_links import script_target

    # void(0), ; and the like lead nowhere and are many.
    return script_target(code, base) if "'" in code or '"' in code or "%" in code else None


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
