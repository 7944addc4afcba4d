"""The parts of a table that goes on over page ends: one table again, its head kept once, cut rows made whole."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.readers.grid import is_value
from crawler.readers.paged.lines import glue
from crawler.readers.paged.model import lowest, settings
from crawler.readers.paged.tables import PagedCell, PagedTable


def joined(upper: PagedTable, lower: PagedTable) -> PagedTable | None:
    """``upper`` with ``lower`` below it; None where their columns are not the same."""
    aligned = _aligned(upper, lower)
    if aligned is None:
        return None
    above, below = aligned
    above = _without_strip(above, above.rows - 1)
    skip = _repeated_rows(above, below)
    if skip == below.rows:
        return above
    cells = [replace(c, row=c.row - skip) for c in below.cells if c.row >= skip]
    below = _without_strip(replace(below, cells=cells, rows=below.rows - skip), 0)
    if _row_goes_on(above, below):
        return _sewn(above, below)
    return _stacked(above, below)


def _without_strip(table: PagedTable, row: int) -> PagedTable:
    """``table`` without its outermost ``row`` where that is only the empty edge of a row that the page end cut."""
    own = [c for c in table.cells if c.row == row and c.rowspan == 1]
    if not own or any(c.text for c in own) or table.rows < 2:
        return table
    if any(c.text and c.row == row for c in table.cells if c.rowspan > 1 and row):
        return table
    cells = []
    for cell in table.cells:
        if cell.row <= row < cell.row + cell.rowspan:
            if cell.rowspan == 1:
                continue
            cell = replace(cell, rowspan=cell.rowspan - 1)
        cells.append(replace(cell, row=cell.row - 1) if cell.row > row else cell)
    return replace(table, cells=cells, rows=table.rows - 1)


def _aligned(upper: PagedTable, lower: PagedTable) -> tuple[PagedTable, PagedTable] | None:
    """Both tables on one set of columns; None where borders differ. The page may be shifted as a whole."""
    near = settings("breaks")["same_column"] * max(upper.em, lower.em)
    shift = lower.xs[0] - upper.xs[0]
    moved = [x - shift for x in lower.xs]
    if abs(moved[-1] - upper.xs[-1]) > near:
        return None
    few, many = sorted((upper.xs, moved), key=len)
    if any(min(abs(x - other) for other in many) > near for x in few):
        return None
    if len(few) == len(many):
        return upper, lower
    place = [min(range(len(many)), key=lambda i, x=x: abs(many[i] - x)) for x in few]  # type: ignore[misc]
    narrow = upper if len(upper.xs) == len(few) else lower
    cells = [
        replace(c, column=place[c.column], colspan=place[c.column + c.colspan] - place[c.column]) for c in narrow.cells
    ]
    changed = replace(narrow, cells=cells, xs=list(many))
    return (changed, lower) if narrow is upper else (upper, changed)


def _repeated_rows(upper: PagedTable, lower: PagedTable) -> int:
    """How many rows at the top of ``lower`` say again what stands at the top of ``upper``."""
    rows = 0
    while rows < min(upper.rows, lower.rows):
        first, second = upper.row(rows), lower.row(rows)
        if [_shape(c) for c in first] != [_shape(c) for c in second]:
            break
        if first and all(is_value(c.text) for c in first):
            break
        rows += 1
    # A head is repeated whole: rows that a cell of it spans belong to it.
    while rows and any(c.row < rows < c.row + c.rowspan for c in lower.cells):
        rows -= 1
    return rows


def _shape(cell: PagedCell) -> tuple[int, int, int, str]:
    return cell.column, cell.colspan, cell.rowspan, "".join(cell.text.split())


def _bottom(table: PagedTable) -> list[PagedCell]:
    return sorted((c for c in table.cells if c.row + c.rowspan == table.rows), key=lambda c: c.column)


def _opens(text: str) -> bool:
    return re.match(settings("breaks")["numbered"], text) is not None


def _continues(top: PagedCell, bottom: PagedCell) -> bool:
    """Whether ``bottom`` is the rest of the cell ``top`` on the page before."""
    if (top.column, top.colspan) != (bottom.column, bottom.colspan):
        return False
    if not bottom.text or not top.text:
        return True
    if is_value(top.text) or is_value(bottom.text) or _opens(bottom.text):
        return False
    return top.open_bottom or bottom.open_top or top.full or _opens(top.text)


def _row_goes_on(upper: PagedTable, lower: PagedTable) -> bool:
    """Whether the first row of ``lower`` is the rest of the last row of ``upper``, which the page end cut."""
    pairs = _pairs(upper, lower)
    if len(pairs) != len([c for c in lower.cells if c.row == 0]):
        return False
    single = [(a, b) for a, b in pairs if a.rowspan == 1 or b.rowspan == 1]
    if not single or not all(_continues(a, b) for a, b in single):
        return False
    if not any(b.text for _, b in single):
        # Nothing but borders: a strip of the row that fell on the next page.
        return False
    if any(_opens(b.text) for _, b in single if not is_value(b.text)):
        return False
    if all(a.open_bottom or b.open_top for a, b in single):
        return True
    # With borders at both ends it is one row only if a label had no room left and all figures stand in one part.
    labels = any(a.full and b.text and not is_value(a.text) for a, b in single)
    figures = {(bool(a.text), bool(b.text)) for a, b in single if is_value(a.text) and is_value(b.text)}
    return labels and len(figures - {(False, False)}) == 1


def _pairs(upper: PagedTable, lower: PagedTable) -> list[tuple[PagedCell, PagedCell]]:
    above = {(c.column, c.colspan): c for c in _bottom(upper)}
    return [(above[c.column, c.colspan], c) for c in lower.row(0) if (c.column, c.colspan) in above]


def _one(top: PagedCell, bottom: PagedCell, rowspan: int) -> PagedCell:
    kept = top if top.text or not bottom.text else replace(top, page=bottom.page, box=bottom.box)
    return replace(
        kept, text=glue(top.text, bottom.text), rowspan=rowspan, confidence=lowest((top.confidence, bottom.confidence))
    )


def _sewn(upper: PagedTable, lower: PagedTable) -> PagedTable:
    """Both parts, the last row of one and the first of the other being one row."""
    return _put_below(upper, lower, upper.rows - 1, _pairs(upper, lower))


def _stacked(upper: PagedTable, lower: PagedTable) -> PagedTable:
    """Both parts one below the other; a cell over several rows that the page end cut is one cell again."""
    pairs = [
        (a, b)
        for a, b in _pairs(upper, lower)
        if max(a.rowspan, b.rowspan) > 1 and (a.text or b.text) and _continues(a, b) and not is_value(a.text + b.text)
    ]
    return _put_below(upper, lower, upper.rows, pairs)


def _put_below(
    upper: PagedTable, lower: PagedTable, start: int, pairs: list[tuple[PagedCell, PagedCell]]
) -> PagedTable:
    ones = {id(a): _one(a, b, start + b.rowspan - a.row) for a, b in pairs}
    gone = {id(b) for _, b in pairs}
    cells = [ones.get(id(c), c) for c in upper.cells]
    cells += [replace(c, row=c.row + start) for c in lower.cells if id(c) not in gone]
    return replace(
        upper,
        cells=cells,
        rows=start + lower.rows,
        em=min(upper.em, lower.em),
        lines=upper.lines + lower.lines,
    )
