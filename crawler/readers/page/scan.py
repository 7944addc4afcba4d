"""One pass over the tree of a page: what its elements hold, in flat lists that all parts of the reading share.

Elements are numbered in document order, so an element's content is a range of numbers and a range of pieces of text;
whatever the nesting, nothing has to climb or recurse.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, chain, islice, pairwise
from typing import Any

from lxml import etree

from crawler.readers.markup import BLOCKS, HEADINGS, Element, Paths, is_plain_name
from crawler.readers.page.looks import Look, look_of, look_of_style
from crawler.readers.page.names import names, telling_tags

# Nothing inside these is text of the page or a link of it.
_CLOSED_TAGS = frozenset(
    {"script", "style", "template", "head", "title", "iframe", "object", "select", "datalist", "svg", "audio", "video",
     "canvas", "textarea"}
)  # fmt: skip
# A browser that runs scripts or shows frames does not show these.
INSTEAD = frozenset({"noscript", "noframes"})
_LOOK_TAGS = INSTEAD | {"marquee", "iframe", "font"}
_FRAME_TAGS = frozenset({"area", "frame", "iframe"})
# What a page loads, and what its readers fill in.
_PART_TAGS = frozenset(
    {"img", "script", "iframe", "frame", "embed", "form", "input", "button", "textarea", "select", "label"}
)
# Names and classes of the whole page say nothing about a part of it.
_WHOLE = frozenset({"html", "body"})
# What the name of an element says, as bits: one look-up for all of it. Nearly all elements have the first two or none.
_BREAK, _LINK, _CLOSED, _TELLING, _LOOK, _HEADING, _FRAME, _PICTURE, _PART = (1 << bit for bit in range(9))
# Attributes, beside the style, that say how something looks, or that make a link of anything.
_RARE = frozenset({"hidden", "bgcolor", "onclick"})
_NOTHING: dict[str, str] = {}
_ADDRESSES = ("http://", "https://", "//", "/")
_MOST_OPTIONS = 500


@dataclass(slots=True)
class Scan:
    """The elements and the text of one page.

    ``elements[i]`` has ``tags[i]``, ``attributes[i]``, its ``parents[i]`` (-1: none) and holds the elements up to
    ``stops[i]`` and the pieces of text from ``begins[i]`` to ``ends[i]`` (both half open). ``plain[p]`` counts the
    characters before piece ``p`` that a reader sees and that are no links. ``lines`` are runs of text that no block
    parts: first piece, last piece (half open), block; ``texts`` are the same with white space folded, ``shown`` their
    characters that are no link. ``looks`` are the elements whose style may hide what is in them, ``named`` those whose
    names or tokens say what they are: ``(element, area, rank of main text)``, ``parts`` what it loads and its fields.
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
    parts: list[int] = field(default_factory=list)
    looks: list[tuple[int, Look]] = field(default_factory=list)
    named: list[tuple[int, str, int]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    shown: list[int] = field(default_factory=list)
    _paths: Paths | etree._ElementTree | None = None
    _known: dict[int, str] = field(default_factory=dict)

    def text(self, index: int, most: int | None = None) -> str:
        """Text of an element, white space folded, made of its first ``most`` pieces where that is given."""
        begin, end = self.begins[index], self.ends[index]
        if most is not None and end - begin > most:
            end = begin + most
        return " ".join("".join(self.pieces[begin:end]).split())

    def lines_in(self, index: int) -> range:
        """Numbers of the lines that begin inside an element."""
        first = bisect_left(self.lines, (self.begins[index],))
        return range(first, max(first, bisect_left(self.lines, (self.ends[index],))))

    def plain_in(self, index: int) -> int:
        """Characters in an element that are seen and no link."""
        return self.plain[self.ends[index]] - self.plain[self.begins[index]]

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
        if index not in self._known:
            if self._paths is None:
                # The library's paths are the same at a third of the cost, but names that are no XPath stand in them.
                self._paths = self.elements[0].getroottree() if all(map(is_plain_name, set(self.tags))) else Paths()
            paths, element = self._paths, self.elements[index]
            self._known[index] = paths.of(element) if isinstance(paths, Paths) else paths.getpath(element)
        return self._known[index]

    def above(self, index: int) -> Iterator[int]:
        """The elements around an element, innermost first, below ``body``."""
        index = self.parents[index]
        while index > 0 and self.tags[index] != "body":
            yield index
            index = self.parents[index]


def scan(root: Element) -> Scan:
    """Read the tree once. It is left as it is."""
    page = Scan()
    _measure(page, _walk(page, root))
    return page


def _walk(page: Scan, root: Element) -> list[tuple[int, int]]:
    """Number the elements and gather their text. Returns where lines may end: (piece, block).

    Only where elements begin is visited, half of what a walk costs: one has ended when the next stands outside of it.
    """
    elements, tags, attributes, parents = page.elements, page.tags, page.attributes, page.parents
    stops, begins, ends, pieces = page.stops, page.begins, page.ends, page.pieces
    kinds, nothing, rare = _kinds(), _NOTHING, _RARE
    cuts, cutting, blocks = [(0, 0)], [0], [0]
    here = 0
    # The root comes again at the end: all that is still open ends there.
    walker: Iterator[Any] = chain(root.iter(), (root,))
    for el in walker:
        around = el.getparent()
        while here and elements[here] is not around:
            stops[here] = len(elements)
            ends[here] = len(pieces)
            if cutting[-1] == here:
                cutting.pop()
                cuts.append((len(pieces), blocks.pop()))
            if text := elements[here].tail:
                pieces.append(text)
            here = parents[here]
        if el is root and elements:
            break
        tag, items = el.tag, el.items()
        kind = kinds.get(tag, 0)
        given = dict(items) if items else nothing
        parents.append(here)
        here = len(elements)
        elements.append(el)
        tags.append(tag)
        attributes.append(given)
        stops.append(here)
        begins.append(len(pieces))
        ends.append(0)
        breaks = kind & _BREAK
        if items or kind > _BREAK:
            name, classes = given.get("id"), given.get("class")
            if name or classes or kind & _TELLING:
                area, rank = names(tag, name, classes)
                if (area or rank) and tag not in _WHOLE:
                    page.named.append((here, area, rank))
            if kind & _LINK:
                page.anchors.append(here)
            if kind > _LINK or not rare.isdisjoint(given):
                if _note(page, here, tag, kind, given):
                    breaks = _BREAK
            elif (style := given.get("style")) and (look := look_of_style(style)):
                page.looks.append((here, look))
                if look.covers:
                    breaks = _BREAK
            if kind & _CLOSED:
                if tag == "select" and "onchange" in given:
                    _choices(page, el, here)
                inside = sum(1 for _ in el.iterdescendants()) if len(el) else 0
                next(islice(walker, inside, inside), None)
                continue
        if breaks:
            cuts.append((len(pieces), blocks[-1]))
            if tag != "br":
                cutting.append(here)
                blocks.append(here if kind & _BREAK else blocks[-1])
        if text := el.text:
            pieces.append(text)
    parents[0], stops[0], ends[0] = -1, len(elements), len(pieces)
    cuts.append((len(pieces), 0))
    return cuts


def _note(page: Scan, here: int, tag: str, kind: int, given: dict[str, str]) -> bool:
    """Note an element that is more than text, block or plain link. Returns whether its text cannot be seen."""
    if kind & _HEADING:
        page.headings.append(here)
    if (kind & _FRAME and given) or ("onclick" in given and not kind & _LINK):
        page.anchors.append(here)
    elif kind & _PICTURE and given:
        page.pictures.append(here)
    if kind & _PART and (given or tag != "script"):
        page.parts.append(here)
    look = Look("display", covers=True) if tag in INSTEAD else look_of(tag, given)
    if look is None:
        return False
    page.looks.append((here, look))
    return look.covers


def _measure(page: Scan, cuts: list[tuple[int, int]]) -> None:
    """Count the characters that a reader sees and keep the lines that show something."""
    sizes = list(map(len, map(str.strip, page.pieces)))
    _leave_out(page, sizes, (here for here, look in page.looks if look.covers))
    seen = list(accumulate(sizes, initial=0))
    page.lines = [(begin, end, block) for (begin, _), (end, block) in pairwise(cuts) if seen[begin] < seen[end]]
    _leave_out(page, sizes, (here for here in page.anchors if page.tags[here] == "a"))
    page.plain = plain = list(accumulate(sizes, initial=0))
    page.texts = [" ".join("".join(page.pieces[begin:end]).split()) for begin, end, _ in page.lines]
    page.shown = [plain[end] - plain[begin] for begin, end, _ in page.lines]


def _leave_out(page: Scan, sizes: list[int], elements: Iterable[int]) -> None:
    """Count nothing for the text of some elements, given in document order."""
    reach = 0
    for here in elements:
        begin, end = page.begins[here], page.ends[here]
        # What stands in another of them was left out with it.
        if end > reach:
            sizes[begin:end] = [0] * (end - begin)
            reach = end


@cache
def _kinds() -> dict[str, int]:
    """What element names alone say; most say nothing."""
    known = (
        (_BREAK, BLOCKS | {"br", "td", "th"}), (_LINK, {"a"}), (_CLOSED, _CLOSED_TAGS), (_TELLING, telling_tags()),
        (_LOOK, _LOOK_TAGS), (_HEADING, HEADINGS), (_FRAME, _FRAME_TAGS), (_PICTURE, {"img"}),
        (_PART, _PART_TAGS),
    )  # fmt: skip
    found: dict[str, int] = {}
    for kind, tags in known:
        for tag in tags:
            found[tag] = found.get(tag, 0) | kind
    return found


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
