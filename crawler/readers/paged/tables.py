"""Grids and words to tables, still as cells with places, so that the parts of a broken table can be joined."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from crawler.evidence import Box, Table
from crawler.readers.grid import RawCell, build
from crawler.readers.paged.lines import Line, cell_text, fills, lines_of
from crawler.readers.paged.model import Word, lowest, settings
from crawler.readers.paged.rules import Grid


@dataclass(slots=True)
class PagedCell:
    """One cell: its place on the grid, its text, where it stands on which page.

    ``full``: its last line reaches the border, ``open_top``/``open_bottom``: it has no border there. Both are signs
    that it goes on before or after a page end.
    """

    row: int
    column: int
    rowspan: int
    colspan: int
    text: str
    box: Box
    page: int
    confidence: float | None = None
    full: bool = False
    open_top: bool = False
    open_bottom: bool = False


@dataclass(slots=True)
class PagedTable:
    """A table of one or more pages. ``xs`` are its column borders on the page where it begins.

    ``lines`` is the text of a single column, which is text after all where no other part of a table stands above or
    below it.
    """

    page: int
    box: Box
    xs: list[float]
    rows: int
    cells: list[PagedCell]
    em: float
    lines: list[Line] = field(default_factory=list)

    @property
    def narrow(self) -> bool:
        """One column only: a piece of a table at a page end, or a frame around text."""
        return len(self.xs) == 2

    @property
    def confidence(self) -> float | None:
        return lowest(cell.confidence for cell in self.cells)

    def row(self, number: int) -> list[PagedCell]:
        """The cells that begin in a row, from left to right."""
        return sorted((c for c in self.cells if c.row == number), key=lambda c: c.column)


def take_tables(
    grids: Sequence[Grid], words: Sequence[Word], page: int, em: float
) -> tuple[list[PagedTable], list[Word]]:
    """Tables of a page, and the words that stand in none. A small table in a cell of a large one is taken first."""
    rest = list(words)
    tables: list[PagedTable] = []
    for grid in sorted(grids, key=lambda g: (g.box[2] - g.box[0]) * (g.box[3] - g.box[1])):
        inside = [w for w in rest if _within(grid.box, w.box)]
        inside += _sticking_out(grid, [w for w in rest if not _within(grid.box, w.box)])
        table = table_of(grid, inside, page, em)
        filled = sum(bool(cell.text) for cell in table.cells)
        if table.narrow and filled and table.rows <= settings("rules")["narrow_rows"]:
            table.lines = lines_of(inside, page)
            filled += sum(len(line.text) for line in table.lines) <= settings("rules")["narrow_text"]
        # A page end may leave a single row of a table, a label and blank cells.
        told = filled > 1 or (filled and len(table.xs) > settings("rules")["lone_columns"])
        if told and (not table.narrow or table.lines):
            tables.append(table)
            held = set(map(id, inside))
            rest = [w for w in rest if id(w) not in held]
    return sorted(tables, key=lambda t: (t.box[1], t.box[0])), rest


def _sticking_out(grid: Grid, words: Sequence[Word]) -> list[Word]:
    """Words just below a cell without a lower border: the last lines of a cell that a page end cut."""
    below = settings("rules")["below"]
    under = sorted((w for w in words if w.box[3] > grid.ys[-1]), key=lambda w: w.box[1])
    found: list[Word] = []
    for row, column, rows, columns in grid.cells:
        if row + rows < len(grid.ys) - 1 or column not in grid.open_bottom:
            continue
        left, right, reach = grid.xs[column], grid.xs[column + columns], grid.ys[-1]
        for word in under:
            inside = word.box[0] >= left - word.em / 2 and word.box[2] <= right + word.em / 2
            if inside and 0 <= (word.box[1] + word.box[3]) / 2 - reach < below * word.em:
                found.append(word)
                reach = word.box[3]
    return found


def _within(box: Box, inner: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def table_of(grid: Grid, words: Sequence[Word], page: int, em: float) -> PagedTable:
    """The table that ``words`` make on ``grid``; a word over a border is parted there."""
    owner: dict[tuple[int, int], int] = {}
    for number, (row, column, rows, columns) in enumerate(grid.cells):
        for r in range(row, row + rows):
            for c in range(column, column + columns):
                owner[r, c] = number
    held: list[list[Word]] = [[] for _ in grid.cells]
    for word in words:
        for piece in _parted(word, grid, owner):
            slot = _slot(grid, (piece.box[0] + piece.box[2]) / 2, (piece.box[1] + piece.box[3]) / 2)
            if slot in owner:
                held[owner[slot]].append(piece)
    cells = []
    for slot4, own in zip(grid.cells, held, strict=True):
        box = grid.cell_box(slot4)
        width = box[2] - box[0]
        confidence = lowest(w.confidence for w in own)
        row, column, rows, _ = slot4
        top = row == 0 and column in grid.open_top
        bottom = row + rows == len(grid.ys) - 1 and column in grid.open_bottom
        text = cell_text(own, width)
        cells.append(PagedCell(*slot4, text, box, page, confidence, fills(own, width), top, bottom))
    size = min((w.em for w in words), default=em)
    return PagedTable(page, grid.box, list(grid.xs), len(grid.ys) - 1, cells, size)


def _slot(grid: Grid, x: float, y: float) -> tuple[int, int]:
    row = min(max(bisect_right(grid.ys, y) - 1, 0), len(grid.ys) - 2)
    return row, min(max(bisect_right(grid.xs, x) - 1, 0), len(grid.xs) - 2)


def _parted(word: Word, grid: Grid, owner: dict[tuple[int, int], int]) -> list[Word]:
    """``word`` cut at the borders that it crosses by more than a part of a letter."""
    if len(word.text) < 2:
        return [word]
    axis = 1 if word.vertical else 0
    places = grid.ys if word.vertical else grid.xs
    slack = settings("rules")["split"] * word.em
    across = (word.box[1 - axis] + word.box[3 - axis]) / 2
    start, end = word.box[axis] + slack, word.box[axis + 2] - slack
    cuts = []
    for k in range(bisect_right(places, start), len(places) - 1):
        if places[k] >= end:
            break
        near = places[k - 1] + places[k], places[k] + places[k + 1]
        sides = [_slot(grid, *((m / 2, across) if axis == 0 else (across, m / 2))) for m in near]
        if owner.get(sides[0]) != owner.get(sides[1]):
            cuts.append(places[k])
    return _cut(word, cuts, axis) if cuts else [word]


def _cut(word: Word, cuts: list[float], axis: int) -> list[Word]:
    starts = character_starts(word)
    ends = [*starts[1:], word.box[axis + 2]]
    groups: list[list[int]] = [[] for _ in range(len(cuts) + 1)]
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        groups[bisect_right(cuts, (start + end) / 2)].append(i)
    pieces = []
    for group in groups:
        text = "".join(word.text[i] for i in group)
        if text.strip():
            box = list(word.box)
            box[axis], box[axis + 2] = starts[group[0]], ends[group[-1]]
            edges = tuple(starts[i] for i in group)
            pieces.append(replace(word, text=text, box=(box[0], box[1], box[2], box[3]), edges=edges))
    return pieces


def character_starts(word: Word) -> list[float]:
    """Where each character begins along the word: as handed over, else shared out by the characters' widths."""
    if len(word.edges) == len(word.text):
        return list(word.edges)
    axis = 1 if word.vertical else 0
    weights = [2.0 if ord(char) > 0x2000 else 1.0 for char in word.text]
    scale = (word.box[axis + 2] - word.box[axis]) / (sum(weights) or 1.0)
    starts, reach = [], word.box[axis]
    for weight in weights:
        starts.append(reach)
        reach += weight * scale
    return starts


def finished(table: PagedTable, room: int) -> tuple[Table, bool]:
    """The table as evidence, with the labels that cover each cell; and whether it was cut off at ``room`` slots."""
    rows: list[list[PagedCell]] = [[] for _ in range(table.rows)]
    for cell in sorted(table.cells, key=lambda c: (c.row, c.column)):
        rows[cell.row].append(cell)
    raw = [[RawCell(c.text, c.rowspan, c.colspan, column=c.column) for c in row] for row in rows]
    built, cut = build(raw, room=room)
    placed = [cell for row in rows for cell in row]
    cells = tuple(
        replace(cell, confidence=own.confidence, page=own.page, box=own.box)
        for cell, own in zip(built.cells, placed, strict=False)
    )
    return replace(built, cells=cells), cut
