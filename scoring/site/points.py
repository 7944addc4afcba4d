"""From what a check points at on a page to a quote in the stored bytes, made only where there is a finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from html import unescape
from urllib.parse import urljoin

from crawler.errors import CaptureDamaged, UnusableInput
from crawler.evidence import Document, Spot
from scoring.annual_report import Quote
from scoring.excerpt import excerpt, words_of
from scoring.inspection import Excerpt, Place, Where
from scoring.results import Point
from scoring.site.view import SiteView
from scoring.veil import veiled

_KEPT = 24  # sources kept while findings are made
_CONTEXT = 40  # characters of the source on either side of a quote from it
_MOST_QUOTE = 400  # characters of markup quoted
_ELEMENT = r"<{name}\b[^<>]{{0,4000}}>"
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
_LINKS = ("a", "area", "iframe", "frame", "img", "script", "link", "embed", "meta", "form")
_ADDRESSES = ("href", "src", "action", "content", "data-src")


class Unquotable(Exception):
    """A page holds nothing that could be quoted."""


class Quoter:
    """Makes places of points. ``documents`` gives the document of a record."""

    def __init__(self, view: SiteView, documents: Callable[[str], Document]) -> None:
        self._view = view
        self._document = documents
        self._source = lru_cache(maxsize=_KEPT)(view.held.source)

    def places(self, points: Iterable[Point]) -> list[Place]:
        """The places of points, those left out on whose page nothing stands."""
        found = []
        for point in points:
            try:
                found.append(self.place(point))
            except Unquotable:
                continue
        return found

    def place(self, point: Point) -> Place:
        """A quoted place; Unquotable where the page was not read or says nothing."""
        page = self._view.content(point.page)
        if page is None or page.record is None:
            raise Unquotable(point.page)
        found = self._in_source(page.record, page.url, point) if point.link or point.tag else None
        found = found or self._in_text(page.record, point)
        where = replace(found.where, column_path=page.column_path)
        return replace(found, where=where, label=point.label)

    def _in_source(self, record: str, url: str, point: Point) -> Place | None:
        stored = self._view.held.record(record)
        if stored is None:
            return None
        try:
            source = self._source(record)
        except CaptureDamaged:
            raise
        except UnusableInput:  # bytes that are no text have no source
            return None
        span = _tag_span(source, point.tag) if point.tag else _link_span(source, url, point.link)
        if span is None:
            return None
        start, end = span[0], min(span[1], span[0] + _MOST_QUOTE)
        shown = veiled(source)
        around = Excerpt(shown[max(0, start - _CONTEXT) : start], shown[end : end + _CONTEXT])
        where = Where(record=record, digest=stored.digest, block=0, url=url, start=start, end=end, layer="source")
        return Place(where, shown[start:end], point.label, around)

    def _in_text(self, record: str, point: Point) -> Place:
        document = self._document(record)
        quote = _find(document, point.words)
        if point.least and (quote is None or point.least not in quote.text):
            quote = _find(document, point.least)
        if quote is None or point.least not in quote.text:
            raise Unquotable(point.page)
        where = Where(
            record=document.record,
            digest=document.digest,
            block=quote.spot.block,
            url=document.uri,
            selector=quote.spot.selector,
            start=quote.spot.start,
            end=quote.spot.end,
            row=quote.spot.row,
            column=quote.spot.column,
            page=quote.spot.page,
            box=quote.spot.box,
        )
        return Place(where, words_of(document, quote), point.label, excerpt(document, quote, ()))


def _find(document: Document, words: str) -> Quote | None:
    """Where a page says these words: a stretch of text, or a cell; else its first text; None where it has none."""
    first: Quote | None = None
    for index, block in enumerate(document.blocks):
        spot = block.spot
        if block.table is not None:
            for cell in block.table.cells if words else ():
                if words in cell.raw:
                    at = Spot(
                        index, row=cell.row, column=cell.column, selector=spot.selector, page=cell.page, box=cell.box
                    )
                    return Quote(at, cell.raw, document.record)
            continue
        if not block.text.strip():
            continue
        start = block.text.find(words) if words else 0
        if start >= 0:
            end = start + len(words or block.text)
            here = Spot(index, start, end, selector=spot.selector, page=spot.page, box=spot.box)
            return Quote(here, block.text[start:end], document.record)
        if first is None:
            here = Spot(index, 0, len(block.text), selector=spot.selector, page=spot.page, box=spot.box)
            first = Quote(here, block.text, document.record)
    return first


def _tag_span(source: str, name: str) -> tuple[int, int] | None:
    """Where the ``<meta>`` of a name stands; for one that is not there, the ``<title>``, where it should be."""
    for match in re.finditer(_ELEMENT.format(name="meta"), source, re.IGNORECASE):
        if _attributes(match[0]).get("name", "").strip().lower() == name.lower():
            return match.span()
    title = re.search(r"<title\b[^<>]{0,400}>[^<]{0,400}(?:</title>)?", source, re.IGNORECASE)
    return title.span() if title else None


def _link_span(source: str, page: str, target: str) -> tuple[int, int] | None:
    """Where an element leads to an address, its text taken in where it is short."""
    base = page
    if stated := re.search(_ELEMENT.format(name="base"), source[:20000], re.IGNORECASE):
        base = urljoin(page, _attributes(stated[0]).get("href", ""))
    pattern = _ELEMENT.format(name=f"(?:{'|'.join(_LINKS)})")
    last = target.rsplit("/", 1)[-1]
    for match in re.finditer(pattern, source, re.IGNORECASE):
        if last[:12] not in unescape(match[0]) and target != page:
            continue
        given = _attributes(match[0])
        for attribute in _ADDRESSES:
            value = given.get(attribute, "")
            if value and _same(base, value, target):
                close = source.find("</a", match.end(), match.end() + 300) if match[0][1:2] in "aA" else -1
                return match.start(), close + 4 if 0 <= close < len(source) - 4 else match.end()
    return None


def _same(base: str, value: str, target: str) -> bool:
    try:
        return urljoin(base, value.strip()).partition("#")[0] == target.partition("#")[0]
    except ValueError:
        return False


def _attributes(element: str) -> dict[str, str]:
    """Attributes of an element as written, entities resolved; the first of a name."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(element):
        found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
    return found
