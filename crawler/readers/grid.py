"""Rows of spanned cells to a grid, with the labels that cover each cell."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.evidence import Cell, Table
from crawler.readers.spaces import collapse
from crawler.readers.words import words

MAX_COLSPAN = 1000
MAX_SLOTS = 100_000
# Grid of all tables of one document together.
MAX_ROOM = 200_000
_MAX_LABELS = 12


@dataclass(slots=True)
class RawCell:
    """A cell as the carrier gives it. ``rowspan`` 0 means "to the end of its group"; ``column`` fixes its place."""

    raw: str
    rowspan: int = 1
    colspan: int = 1
    has_picture: bool = False
    column: int | None = None


@dataclass(slots=True)
class _Placed:
    cell: RawCell
    row: int
    column: int
    rowspan: int
    colspan: int


def is_value(raw: str) -> bool:
    """Empty, a mark for "none", or a number with sign, separators and unit; full-width digits count."""
    text = unicodedata.normalize("NFKC", raw).strip()
    return not text or words().value.fullmatch(text) is not None or words().value.fullmatch(raw) is not None


def span(text: str | None, limit: int) -> int:
    """A span attribute as browsers read it: leading digits, 1 where there are none, at most ``limit``."""
    digits = ""
    for char in (text or "").strip()[:9]:
        if not char.isascii() or not char.isdigit():
            break
        digits += char
    return min(int(digits), limit) if digits else 1


def _place(
    rows: Sequence[Sequence[RawCell]], groups: Sequence[int], limit: int
) -> tuple[list[_Placed], list[list[int]], bool]:
    """Put the cells on the grid as HTML does; the grid holds indexes of placed cells, -1 where there is none."""
    ends = {group: index + 1 for index, group in enumerate(groups)}
    grid: list[list[int]] = [[] for _ in rows]
    placed: list[_Placed] = []
    slots = 0
    for r, row in enumerate(rows):
        column = 0
        last = ends[groups[r]]
        for cell in row:
            if cell.column is not None:
                column = cell.column
            else:
                while column < len(grid[r]) and grid[r][column] >= 0:
                    column += 1
            rowspan = min(cell.rowspan or last - r, last - r)
            colspan = min(max(cell.colspan, 1), MAX_COLSPAN)
            slots += rowspan * colspan
            if slots > limit or column + colspan > limit:
                return placed, grid, True
            for line in grid[r : r + rowspan]:
                line.extend([-1] * (column + colspan - len(line)))
                for c in range(column, column + colspan):
                    if line[c] < 0:
                        line[c] = len(placed)
            placed.append(_Placed(cell, r, column, rowspan, colspan))
            column += colspan
    return placed, grid, False


def _row_is_data(line: list[int], placed: list[_Placed], values: list[bool]) -> bool:
    """A row that holds values: a figure or mark, blanks to the right of a label, or nothing but blanks."""
    present = [index for index in line if index >= 0]
    if not present or all(values[index] for index in present):
        return True
    label_seen = False
    for index in present:
        if not values[index]:
            label_seen = True
        elif placed[index].cell.raw or label_seen:
            return True
    return False


def _data_rows(grid: list[list[int]], placed: list[_Placed], values: list[bool]) -> list[bool]:
    kinds: list[bool] = []
    for r, line in enumerate(grid):
        data = _row_is_data(line, placed, values)
        # A row laid out like the data row above it is data too, even where its figures are unreadable text.
        if not data and kinds and kinds[-1]:
            above = grid[r - 1]
            first = placed[line[0]].cell.raw if line and line[0] >= 0 else ""
            head = placed[grid[0][0]].cell.raw if grid[0] and grid[0][0] >= 0 else ""
            data = len(set(line)) > 1 and _shape(line, placed) == _shape(above, placed) and first != head
        kinds.append(data)
    return kinds


def _figure_columns(placed: list[_Placed], values: list[bool], data: list[bool]) -> set[int]:
    """Columns that hold more figures (or marks) than texts in the rows of data."""
    balance: dict[int, int] = {}
    for item, value in zip(placed, values, strict=True):
        if data[item.row] and item.cell.raw:
            balance[item.column] = balance.get(item.column, 0) + (1 if value else -1)
    return {column for column, more in balance.items() if more > 0}


def _shape(line: list[int], placed: list[_Placed]) -> list[tuple[int, int]]:
    seen = dict.fromkeys(index for index in line if index >= 0)
    return [(placed[index].column, placed[index].colspan) for index in seen]


def _labels(
    grid: list[list[int]], placed: list[_Placed], columns: int
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(row labels, column labels) of each placed cell, outermost first."""
    values = [is_value(p.cell.raw) for p in placed]
    data = _data_rows(grid, placed, values)
    figures = _figure_columns(placed, values, data)
    rows_of: list[tuple[str, ...]] = [()] * len(placed)
    columns_of: list[tuple[str, ...]] = [()] * len(placed)
    bands: list[tuple[str, ...]] = [()] * columns
    for r, line in enumerate(grid):
        run: tuple[str, ...] = ()
        broken = False
        # A head below data opens a new band: labels further up belong to the rows above it.
        if not data[r] and r and data[r - 1]:
            bands = [()] * columns
        above = bands
        bands = list(bands) if not data[r] else bands
        last = -1
        for index in line:
            if index < 0 or index == last:
                continue
            last = index
            item = placed[index]
            text = collapse(item.cell.raw)
            if item.row == r:
                rows_of[index] = run
                columns_of[index] = above[item.column]
            if values[index]:
                broken = broken or bool(text)
                continue
            if data[r] and (item.column in figures or (broken and columns_of[index])):
                # Text where the column holds figures stands in a figure's place; it labels nothing.
                broken = True
                continue
            run = (text,) if broken else (*run, text)[-_MAX_LABELS:]
            broken = False
            if not data[r] and item.row == r:
                for c in range(item.column, item.column + item.colspan):
                    bands[c] = (*bands[c], text)[-_MAX_LABELS:]
    return list(zip(rows_of, columns_of, strict=True))


def build(
    rows: Sequence[Sequence[RawCell]], groups: Sequence[int] | None = None, room: int = MAX_ROOM
) -> tuple[Table, bool]:
    """Table of ``rows``; ``groups`` numbers each row's group (thead, tbody…), which row spans never leave.

    ``room`` is how much grid the document may still take. Returns the table and whether it was cut off.
    """
    placed, grid, cut = _place(rows, groups if groups is not None else [0] * len(rows), min(room, MAX_SLOTS))
    columns = max((len(line) for line in grid), default=0)
    labels = _labels(grid, placed, columns)
    cells = tuple(
        Cell(p.row, p.column, p.cell.raw, p.rowspan, p.colspan, row_labels, column_labels, p.cell.has_picture)
        for p, (row_labels, column_labels) in zip(placed, labels, strict=True)
    )
    return Table(len(grid), columns, cells), cut


def table_text(table: Table) -> str:
    """The cells' raw text, cells of a row apart by tabs, rows by line feeds."""
    lines: dict[int, list[str]] = {}
    for cell in table.cells:
        lines.setdefault(cell.row, []).append(cell.raw)
    return "\n".join("\t".join(lines[row]) for row in sorted(lines))
