"""Running text as rules on wording read it: one string for a page or a document, with a way back to each part of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from crawler.evidence import Cell, Document, Spot
from scoring.annual_report import Quote
from scoring.text import sentences
from scoring.wording.lexicons import Lexicons, Match

PieceKind = Literal["title", "heading", "paragraph", "cell", "line"]

_TITLE = re.compile(r"《[^《》\n]{1,120}(?:《[^《》\n]{1,80}》[^《》\n]{0,60})?》")
_QUOTED = re.compile(r"“[^“”\n]{1,200}”")
_ADDRESS = re.compile(r"(?:https?://|www\.)[\x21-\x7e]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_REACH = 400  # characters on either side in which the clause of words is looked for
_LONGEST_CLAUSE = 60  # characters of a quote; a longer sentence is cut around the words
_DRAWN = ("pdf", "ofd", "image")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a text: its characters ``start`` to ``end``, and the block or cell of the document it stands in.

    ``block`` is -1 where the text is that of a page as the index keeps it: lines without structure.
    """

    start: int
    end: int
    kind: PieceKind
    block: int = -1
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What a text is made of: words, and where they come from."""

    words: str
    kind: PieceKind
    block: int = -1
    cell: Cell | None = None


class Text:
    """Words that are read in one go, the parts of it parted by ``\\n``.

    ``day`` is the day the text was published, None where it is not known. ``lexicons`` are those that are in use.
    ``drawn``: its characters were read from the places of glyphs (PDF, OFD), so that blanks and strange characters may
    be ours. Whatever a check works out of a text it may keep in ``memo`` for others.
    """

    def __init__(
        self, parts: Iterable[Part], lexicons: Lexicons, day: date | None = None, *, drawn: bool = False
    ) -> None:
        self.drawn = drawn
        self._parts = tuple(part for part in parts if part.words)
        self.words = "\n".join(part.words for part in self._parts)
        self.lexicons = lexicons
        self.day = day
        self.memo: dict[str, object] = {}

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The parts with their places, in order."""
        found, at = [], 0
        for part in self._parts:
            found.append(Piece(at, at + len(part.words), part.kind, part.block, part.cell))
            at += len(part.words) + 1
        return tuple(found)

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.start for piece in self.pieces]

    def piece(self, at: int) -> Piece:
        """The part that a character stands in."""
        return self.pieces[bisect_right(self._starts, at) - 1]

    def line(self, at: int) -> Span:
        """The line that a character stands in."""
        start = self.words.rfind("\n", 0, at) + 1
        end = self.words.find("\n", at)
        return start, len(self.words) if end < 0 else end

    def found(self, lexicon: str) -> tuple[Match, ...]:
        """Where entries of a lexicon stand: one search serves all lexicons."""
        return self._matches.get(lexicon, ())

    @cached_property
    def _matches(self) -> dict[str, tuple[Match, ...]]:
        return self.lexicons.search(self.words)

    @cached_property
    def titles(self) -> tuple[Span, ...]:
        """Names of documents, in 《》 with the marks."""
        return _spans(_TITLE, self.words) if "《" in self.words else ()

    @cached_property
    def quoted(self) -> tuple[Span, ...]:
        """What stands in “”, with the marks."""
        return _spans(_QUOTED, self.words) if "“" in self.words else ()

    @cached_property
    def addresses(self) -> tuple[Span, ...]:
        """Web and mail addresses."""
        has_one = "://" in self.words or "www." in self.words or "@" in self.words
        return _spans(_ADDRESS, self.words) if has_one else ()

    @cached_property
    def _excepted(self) -> tuple[Span, ...]:
        return tuple(
            found.span() for words in self.lexicons.exceptions for found in re.finditer(re.escape(words), self.words)
        )

    def excepts(self, start: int, end: int) -> bool:
        """Whether a stretch lies in words that the user never wants reported."""
        return bool(self.lexicons.exceptions) and any(a <= start and end <= b for a, b in self._excepted)

    def clause(self, start: int, end: int) -> Span:
        """The stretch to quote for words: their clause within the line, cut where it is long."""
        first, last = self.line(start)
        # Far enough for any quote, and no further: a hostile line may be as long as a book.
        first, last = max(first, start - _REACH), min(max(last, end), end + _REACH)
        for a, b in sentences(self.words[first:last]):
            if first + a <= start < first + b:
                first, last = first + a, max(first + b, end)
                break
        if last - first > _LONGEST_CLAUSE:
            room = max(0, (_LONGEST_CLAUSE - (end - start)) // 2)
            first, last = max(first, start - room), min(last, end + room)
        while first < start and self.words[first].isspace():
            first += 1
        while last > end and self.words[last - 1].isspace():
            last -= 1
        return first, last


def inside(spans: Iterable[Span], start: int, end: int) -> bool:
    """Whether a stretch touches one of these."""
    return any(a < end and start < b for a, b in spans)


def text_of_document(
    document: Document, lexicons: Lexicons, day: date | None = None, *, recognised: bool = False
) -> Text:
    """The main text of a document, each cell of its tables a part of its own.

    What was recognised from pictures is left out unless ``recognised``: slips of recognition look like slips of the
    pen.
    """
    drawn = document.carrier in _DRAWN
    return Text(_parts(document, recognised=recognised), lexicons, day, drawn=drawn)


def _parts(document: Document, *, recognised: bool) -> Iterable[Part]:
    first, last = document.main
    for index in range(first, last):
        block = document.blocks[index]
        if block.table is not None:
            for cell in block.table.cells:
                if recognised or cell.confidence is None:
                    yield Part(cell.raw, "cell", index, cell)
        elif block.kind in ("heading", "paragraph") and (recognised or block.confidence is None):
            yield Part(block.text, "heading" if block.kind == "heading" else "paragraph", index)


def quote_in(document: Document, text: Text, start: int, end: int) -> Quote:
    """The quote of words that stand in a text of this document: their clause, or the whole of their cell."""
    piece = text.piece(start)
    block = document.blocks[piece.block]
    if piece.cell is not None:
        cell = piece.cell
        spot = Spot(
            piece.block, row=cell.row, column=cell.column, selector=block.spot.selector, page=cell.page, box=cell.box
        )
        return Quote(spot, cell.raw, document.record)
    first, last = text.clause(start, end)
    first, last = max(first, piece.start) - piece.start, min(last, piece.end) - piece.start
    place = block.spot
    spot = Spot(piece.block, first, last, selector=place.selector, page=place.page, box=place.box)
    return Quote(spot, block.text[first:last], document.record)


def _spans(pattern: re.Pattern[str], words: str) -> tuple[Span, ...]:
    return tuple(match.span() for match in pattern.finditer(words))
