"""What checks on personal data look at: numbers with their labels, rows of tables, names of persons, words around."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

from crawler.evidence import Cell
from scoring.data import table
from scoring.text import fold, key
from scoring.veil import Kind, Number, numbers
from scoring.wording.texts import Piece, Text, inside

_MEMO = "personal data"
_WRAPPED = re.compile(r"\d\n\d")
_HAN = r"[\u3400-\u9fff]"
_TOKEN = re.compile(rf"(?<!{_HAN}){_HAN}{{2,4}}(?!{_HAN})")
_MOST_HEADING = 80  # characters; a longer paragraph is no heading
_HEADINGS = 3  # parts before a table that may name it


@cache
def words(name: str) -> re.Pattern[str]:
    """A pattern of words of ``personal-data``; the blanks of folded lines in the table are no part of it."""
    return re.compile(re.sub(r"\s+", "", table("personal-data")["words"][name]))


@cache
def _surnames() -> tuple[frozenset[str], tuple[str, ...], re.Pattern[str]]:
    data = table("personal-data")["names"]
    single, no_names = (re.sub(r"\s+", "", data[name]) for name in ("single", "no_names"))
    return frozenset(single), tuple(data["double"]), re.compile(no_names)


def is_name(text: str) -> bool:
    """Whether a text is built as the name of a person: a surname and one or two characters more."""
    bare = re.sub(r"\s+", "", text)
    single, double, no_names = _surnames()
    if not re.fullmatch(rf"{_HAN}{{2,4}}", bare) or no_names.match(bare):
        return False
    return (bare[0] in single and len(bare) <= 3) or bare[:2] in double


@dataclass(frozen=True, slots=True)
class Seen:
    """A number where it stands in a text."""

    number: Number
    piece: Piece
    text: Text

    @property
    def start(self) -> int:
        return self.number.start

    @property
    def end(self) -> int:
        return self.number.end

    @property
    def cell(self) -> Cell | None:
        return self.piece.cell

    @property
    def labels(self) -> str:
        """What the table calls it, else the words before it in its part of the text."""
        if self.cell is not None:
            own = self.text.words[self.piece.start : self.start]
            return f"{labels_of(self.cell)} {own}"
        return self.before(table("personal-data")["near"]["label"])

    def before(self, reach: int) -> str:
        """The words before it within its part of the text."""
        return self.text.words[max(self.piece.start, self.start - reach) : self.start]

    def around(self, reach: int) -> str:
        """The words before and behind it."""
        return self.text.words[max(0, self.start - reach) : self.end + reach]


def labels_of(cell: Cell) -> str:
    """The label cells that cover a cell: the nearest above it and the nearest to its left."""
    return " ".join((*cell.column_labels[-2:], *cell.row_labels[-1:]))


class Row:
    """One row of a table."""

    def __init__(self, cells: tuple[tuple[Cell, Piece], ...], columns: dict[int, str]) -> None:
        self.cells = cells
        self._columns = columns

    def label(self, cell: Cell) -> str:
        """The heading of the column of a cell."""
        return self._columns.get(cell.column, "")

    @cached_property
    def person(self) -> str:
        """The name of a person in a column of names, "" where there is none."""
        for cell, _ in self.cells:
            if not words("name").search(key(self.label(cell))):
                continue
            bare = re.sub(r"\s+", "", cell.raw)
            if words("person").fullmatch(bare) and not words("no_person").fullmatch(bare):
                return cell.raw
        return ""

    @cached_property
    def name(self) -> str:
        """The name of a person anywhere in the row, "" where there is none."""
        return self.person or next((cell.raw for cell, _ in self.cells if is_name(cell.raw)), "")


class Listing:
    """One table of a text: its rows below the heading, the headings of its columns, and what names it."""

    def __init__(self, pieces: list[Piece], caption: str) -> None:
        cells = [(piece.cell, piece) for piece in pieces if piece.cell is not None]
        by_row: dict[int, list[tuple[Cell, Piece]]] = {}
        for cell, piece in cells:
            by_row.setdefault(cell.row, []).append((cell, piece))
        columns: dict[int, str] = {}
        for cell, _ in cells:
            if cell.column_labels:
                columns.setdefault(cell.column, cell.column_labels[-1])
        if not columns:  # a head that nothing tells from what stands below it
            first = by_row.get(min(by_row, default=0), [])
            columns = {cell.column: cell.raw for cell, _ in first}
        self.columns = columns
        self.caption = caption
        self.rows = tuple(Row(tuple(of_row), columns) for _, of_row in sorted(by_row.items()))
        self.row_at = {piece.start: row for row in self.rows for _, piece in row.cells}

    @cached_property
    def named(self) -> bool:
        """Whether the name of a person stands in it."""
        return any(row.name for row in self.rows)

    @property
    def heads(self) -> str:
        """The headings of all columns."""
        return " ".join(self.columns.values())


class Looked:
    """What is known of one text, worked out once for all checks."""

    def __init__(self, text: Text) -> None:
        self.text = text

    @classmethod
    def at(cls, text: Text) -> Looked:
        """The one of a text."""
        found = text.memo.get(_MEMO)
        if not isinstance(found, cls):
            found = text.memo[_MEMO] = cls(text)
        return found

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of numbers that may stand in the text; a kind that is missing does not."""
        return frozenset(one.kind for one in numbers(self.text.words))

    def of(self, *kinds: Kind) -> list[Seen]:
        """The numbers of these kinds; none that stands in a web address."""
        return [one for one in self._seen if one.number.kind in kinds]

    @cached_property
    def _seen(self) -> tuple[Seen, ...]:
        text = self.text
        found = [
            Seen(number, text.piece(number.start), text)
            for number in self._numbers()
            if not inside(text.addresses, number.start, number.end)
        ]
        return tuple(sorted(found, key=lambda one: one.start))

    def _numbers(self) -> Iterator[Number]:
        # No number goes over the end of a part; only in a narrow cell it goes on in the next line.
        if not self.kinds:
            return
        words = self.text.words
        yield from numbers(words.replace("\n", "\t"))
        for piece in self.text.pieces if _WRAPPED.search(words) else ():
            own = words[piece.start : piece.end] if piece.cell is not None else ""
            for one in numbers(own) if "\n" in own else ():
                if "\n" in own[one.start : one.end]:
                    yield replace(one, start=piece.start + one.start, end=piece.start + one.end)

    @cached_property
    def lines_with_identity(self) -> frozenset[int]:
        """Where the lines begin that an identity number stands in."""
        return frozenset(self.text.line(one.start)[0] for one in self.of("identity"))

    @cached_property
    def title(self) -> str:
        """What the text calls itself: its first heading or short first part."""
        for piece in self.text.pieces[:_HEADINGS]:
            words = self.text.words[piece.start : piece.end]
            if piece.cell is None and len(words) <= _MOST_HEADING:
                return words
        return ""

    @cached_property
    def listings(self) -> dict[int, Listing]:
        """The tables of the text by their blocks."""
        pieces = self.text.pieces
        by_block: dict[int, list[Piece]] = {}
        before: dict[int, str] = {}
        recent: list[str] = []
        for piece in pieces:
            if piece.cell is None:
                recent = [*recent[-_HEADINGS + 1 :], self.text.words[piece.start : piece.end][:_MOST_HEADING]]
                continue
            if piece.block not in by_block:
                before[piece.block] = " ".join(recent)
            by_block.setdefault(piece.block, []).append(piece)
        return {block: Listing(own, f"{self.title} {before[block]}") for block, own in by_block.items()}

    def row(self, seen: Seen) -> Row | None:
        """The row of a table that a number stands in."""
        if seen.cell is None:
            return None
        return self.listings[seen.piece.block].row_at[seen.piece.start]

    def person(self, seen: Seen) -> str:
        """The name of the person whose number it is, as row or line have it; "" where none is seen."""
        if (row := self.row(seen)) is not None:
            return row.name
        near: dict[str, Any] = table("personal-data")["near"]
        before = fold(seen.before(near["name"]))
        return next((token[0] for token in _TOKEN.finditer(before) if is_name(token[0])), "")
