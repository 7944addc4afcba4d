"""Links of a page: where they lead, where they stand, how they are made and whether a reader sees them."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.evidence import Link, LinkArea
from crawler.readers.markup import text_in
from crawler.readers.page.addresses import Addresses
from crawler.readers.page.looks import Look, hidden_by
from crawler.readers.page.scan import Scan
from crawler.readers.page.targets import target_at
from crawler.words import load

# A block with onclick may hold half the page: so many pieces of it name the link.
_MOST_PIECES = 200
_AREAS: tuple[LinkArea, ...] = ("other", "main", "nav", "footer")


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
    places, sight = _places(page, areas, main), _Sight(page)
    seen: set[tuple[str, str]] = set()
    links: list[Link] = []
    elements: list[int] = []
    styled = sight.styled
    tags, attributes, begins, ends, pieces = page.tags, page.attributes, page.begins, page.ends, page.pieces
    for here in page.anchors:
        target, form = target_at(page, here, addresses)
        if not target:
            continue
        begin = begins[here]
        if ends[here] == begin + 1 and tags[here] == "a":
            # Nine links in ten are one piece of text.
            text = " ".join(pieces[begin].split()) or _text(page, here)
        else:
            text = _text(page, here)
        if (target, text) in seen:
            continue
        if len(seen) >= limit:
            return Links(links, elements, True)
        seen.add((target, text))
        title = attributes[here].get("title", "")
        if title:
            title = " ".join(title.split())
        hidden = sight.hidden(here) if styled[here] else ""
        links.append(Link(url, target, text, title, _AREAS[places[here]], form, hidden))
        elements.append(here)
    return Links(links, elements, False)


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


def _places(page: Scan, areas: list[tuple[int, LinkArea]], main: list[range]) -> bytearray:
    """One byte for each element: where it stands, a number in ``_AREAS``.

    Whole ranges are painted at once: a page has many links and few areas.
    """
    places = bytearray(len(page.elements))
    for here, area in areas:
        # A part of a footer or a menu is one too, whatever it is called.
        if _AREAS[places[here]] not in ("footer", "nav"):
            _paint(places, here, page.stops[here], _AREAS.index(area))
    for part in main:
        _paint(places, part.start, part.stop, _AREAS.index("main"))
    return places


def _paint(places: bytearray, begin: int, end: int, value: int) -> None:
    places[begin:end] = bytes((value,)) * (end - begin)


class _Sight:
    """Visibility of elements asked for in document order: what surrounds them is kept on a stack.

    ``styled`` has a byte for each element, 0 where nothing is said about how it and what is around it looks.
    """

    def __init__(self, page: Scan) -> None:
        self.styled = bytearray(len(page.elements))
        self._stops = page.stops
        self._looks = page.looks
        self._next = 0
        self._around: list[Look] = []
        self._ends: list[int] = []
        for here, _ in page.looks:
            self.styled[here] = 1
            if (stop := page.stops[here]) > here + 1:
                _paint(self.styled, here, stop, 1)

    def hidden(self, here: int) -> str:
        """Why an element cannot be seen, "" where it can."""
        while self._next < len(self._looks) and self._looks[self._next][0] <= here:
            element, look = self._looks[self._next]
            self._next += 1
            if self._stops[element] > here:
                self._leave(element)
                self._around.append(look)
                self._ends.append(self._stops[element])
        self._leave(here)
        return hidden_by(self._around[::-1])

    def _leave(self, here: int) -> None:
        """Drop what has ended before an element."""
        while self._ends and self._ends[-1] <= here:
            self._ends.pop()
            self._around.pop()
