"""One pass over the tree of a page: what its elements hold, in flat lists that all parts of the reading share.

Elements are numbered in document order, so an element's content is a range of numbers and a range of pieces of text;
whatever the nesting, nothing has to climb or recurse.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import cast

from lxml import etree

from crawler.readers.markup import BLOCKS, HEADINGS, Element, Paths
from crawler.readers.page.looks import Look, look_of
from crawler.readers.page.names import names, telling_tags

# Nothing inside these is text of the page or a link of it.
_CLOSED = frozenset(
    {"script", "style", "template", "head", "title", "iframe", "object", "select", "datalist", "svg", "audio", "video",
     "canvas", "textarea"}
)  # fmt: skip
# A browser that runs scripts or shows frames does not show these.
_INSTEAD = frozenset({"noscript", "noframes"})
_BREAKS = BLOCKS | {"br", "td", "th"}
_FRAMES = frozenset({"area", "frame", "iframe"})
# Names and classes of the whole page say nothing about a part of it.
_WHOLE = frozenset({"html", "body"})
# Attributes and elements that say how something looks.
_TELLS = frozenset({"style", "hidden", "bgcolor"})
_LOOKED = _INSTEAD | {"marquee", "iframe", "font"}
_NONE: dict[str, str] = {}
_ADDRESSES = ("http://", "https://", "//", "/")
_MOST_OPTIONS = 500


@dataclass(slots=True)
class Scan:
    """The elements and the text of one page.

    ``elements[i]`` has ``tags[i]``, ``attributes[i]``, its ``parents[i]`` (-1: none) and holds the elements up to
    ``stops[i]`` and the pieces of text from ``begins[i]`` to ``ends[i]`` (both half open). ``plain[p]`` counts the
    characters before piece ``p`` that a reader sees and that are no links. ``lines`` are runs of text that no block
    parts: first piece, last piece (half open), block. ``looks`` are the elements whose style may hide what is in
    them, ``named`` those whose names or tokens say what they are: ``(element, area, rank of main text)``.
    """

    elements: list[Element] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    attributes: list[dict[str, str]] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    plain: list[int] = field(default_factory=list)
    lines: list[tuple[int, int, int]] = field(default_factory=list)
    anchors: list[int] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    looks: list[tuple[int, Look]] = field(default_factory=list)
    named: list[tuple[int, str, int]] = field(default_factory=list)
    paths: Paths = field(default_factory=Paths)
    _texts: dict[int, str] = field(default_factory=dict)

    def text(self, index: int, most: int | None = None) -> str:
        """Text of an element, white space folded, made of its first ``most`` pieces where that is given."""
        begin, end = self.begins[index], self.ends[index]
        if most is not None and end - begin > most:
            end = begin + most
        return " ".join("".join(self.pieces[begin:end]).split())

    def line(self, number: int) -> str:
        """Text of a line, white space folded."""
        found = self._texts.get(number)
        if found is None:
            begin, end, _ = self.lines[number]
            found = self._texts[number] = " ".join("".join(self.pieces[begin:end]).split())
        return found

    def lines_in(self, index: int) -> range:
        """Numbers of the lines that begin inside an element."""
        first = bisect_left(self.lines, (self.begins[index],))
        return range(first, max(first, bisect_left(self.lines, (self.ends[index],))))

    def plain_in(self, index: int) -> int:
        """Characters in an element that are seen and no link."""
        return self.plain[self.ends[index]] - self.plain[self.begins[index]]

    def plain_line(self, number: int) -> int:
        """Characters of a line that are no link."""
        begin, end, _ = self.lines[number]
        return self.plain[end] - self.plain[begin]

    def folded(self, begin: int, end: int, limit: int) -> list[str] | None:
        """Pieces of text in a range, white space folded, or None where they are longer than ``limit`` together."""
        found, length = [], 0
        for at in range(begin, end):
            text = " ".join(self.pieces[at].split())
            length += len(text) or 1
            if length > limit:
                return None
            if text:
                found.append(text)
        return found

    def has_link(self, index: int, least: int = 1) -> bool:
        """Whether an element holds at least ``least`` links."""
        at = bisect_left(self.anchors, index) + least - 1
        return at < len(self.anchors) and self.anchors[at] < self.stops[index]

    def links_in(self, index: int, most: int) -> list[int]:
        """The ``a`` elements in an element, ``most`` at most."""
        first = bisect_left(self.anchors, index)
        found = self.anchors[first : min(first + most, bisect_left(self.anchors, self.stops[index], first))]
        return [anchor for anchor in found if self.tags[anchor] == "a"]

    def path(self, index: int) -> str:
        """XPath of an element."""
        return self.paths.of(self.elements[index])

    def above(self, index: int) -> Iterator[int]:
        """The elements around an element, innermost first, below ``body``."""
        index = self.parents[index]
        while index > 0 and self.tags[index] != "body":
            yield index
            index = self.parents[index]


def scan(root: Element) -> Scan:
    """Read the tree once. It is left as it is."""
    page = Scan()
    elements, tags, attributes, parents = page.elements, page.tags, page.attributes, page.parents
    stops, begins, ends, pieces = page.stops, page.begins, page.ends, page.pieces
    plain, lines = page.plain, page.lines
    telling, breaks, closed, looked = telling_tags(), _BREAKS, _CLOSED, _LOOKED
    stack, blocks = [-1], [0]
    total, mark, link, unseen, here = 0, 0, -1, -1, -1
    filled = False
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, el in walker:
        if event == "start":
            tag = cast(str, el.tag)
            parents.append(here)
            here = len(elements)
            elements.append(el)
            tags.append(tag)
            stack.append(here)
            stops.append(here)
            begins.append(len(pieces))
            ends.append(0)
            if tag in breaks:
                if filled:
                    lines.append((mark, len(pieces), blocks[-1]))
                    filled = False
                mark = len(pieces)
                if tag != "br":
                    blocks.append(here)
            items = el.items()
            if items:
                given = dict(items)
                attributes.append(given)
                name, classes = given.get("id"), given.get("class")
                if name or classes or tag in telling:
                    area, rank = names(tag, name, classes)
                    if (area or rank) and tag not in _WHOLE:
                        page.named.append((here, area, rank))
                if ("onclick" in given and tag != "a") or tag in _FRAMES:
                    page.anchors.append(here)
                elif tag == "img":
                    page.pictures.append(here)
                hides = (tag in looked or not _TELLS.isdisjoint(given)) and _looks(page, here, tag, given)
            else:
                given = _NONE
                attributes.append(given)
                hides = tag in looked and _looks(page, here, tag, _NONE)
                if tag in telling:
                    page.named.append((here, *names(tag, None, None)))
            if tag == "a":
                page.anchors.append(here)
                link = here if link < 0 else link
            elif tag in closed:
                if tag == "select" and "onchange" in given:
                    _choices(page, el, here)
                walker.skip_subtree()
                continue
            elif tag in HEADINGS:
                page.headings.append(here)
            if hides and unseen < 0:
                if filled:
                    lines.append((mark, len(pieces), blocks[-1]))
                    filled = False
                unseen = here
            text = el.text
        else:
            ended = stack.pop()
            here = stack[-1]
            stops[ended] = len(elements)
            ends[ended] = len(pieces)
            if ended == link:
                link = -1
            if ended == unseen:
                unseen, mark = -1, len(pieces)
            if blocks[-1] == ended and ended:
                if filled:
                    lines.append((mark, len(pieces), ended))
                    filled = False
                mark = len(pieces)
                blocks.pop()
            text = el.tail if ended else None
        if text:
            plain.append(total)
            if text.isspace():
                pieces.append(" ")
            else:
                pieces.append(text)
                if unseen < 0:
                    filled = True
                    if link < 0:
                        total += len(text.strip())
    if filled:
        lines.append((mark, len(pieces), 0))
    plain.append(total)
    return page


def _choices(page: Scan, select: Element, parent: int) -> None:
    """The options of a list of links (friendly sites): those that hold an address."""
    for option in islice(select.iter("option"), _MOST_OPTIONS):
        value = option.get("value") or ""
        if value.lstrip().startswith(_ADDRESSES):
            page.anchors.append(len(page.elements))
            page.elements.append(option)
            page.tags.append("option")
            page.attributes.append({"value": value})
            page.parents.append(parent)
            page.stops.append(len(page.elements))
            page.begins.append(len(page.pieces))
            page.ends.append(len(page.pieces))


def _looks(page: Scan, here: int, tag: str, given: dict[str, str]) -> bool:
    """Note how an element looks by its attributes and name. Returns whether its text cannot be seen."""
    look = Look("display", covers=True) if tag in _INSTEAD else look_of(tag, given)
    if look is None:
        return False
    page.looks.append((here, look))
    return look.covers
