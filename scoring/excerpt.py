"""What surrounds a quote, numbers of persons masked: the text before and after it, or the rows of its table."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.evidence import Block, Document, Table
from scoring.annual_report import Quote
from scoring.cell_values import parse_value
from scoring.inspection import Excerpt, ExcerptCell
from scoring.veil import veiled, veiled_part

_CONTEXT = 60  # characters on either side of a text quote
_MOST_ROWS = 14  # marked rows shown of one table


def words_of(document: Document, quote: Quote) -> str:
    """The quoted words, numbers of persons masked as in the whole of their text: a number may be cut by the quote."""
    block, spot = document.blocks[quote.spot.block], quote.spot
    if spot.row is None and block.text[spot.start : spot.end] == quote.text:
        return veiled_part(block.text, spot.start, spot.end)
    return veiled(quote.text)


def excerpt(document: Document, quote: Quote, related: Iterable[Quote]) -> Excerpt:
    """The excerpt for a quote; ``related`` quotes of the same table are marked too."""
    block = document.blocks[quote.spot.block]
    if quote.spot.row is None or block.table is None:
        start, end = quote.spot.start, quote.spot.end
        text = veiled(block.text)
        return Excerpt(text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT])
    return _rows(block, block.table, quote, list(related))


def _rows(block: Block, table: Table, quote: Quote, related: list[Quote]) -> Excerpt:
    marks = {(q.spot.row, q.spot.column): "related" for q in related if q.spot.block == block.spot.block}
    marks[(quote.spot.row, quote.spot.column)] = "primary"
    head_end = min((c.row for c in table.cells if parse_value(c.raw).kind == "number"), default=min(2, table.rows))
    marked = sorted({row for row, _ in marks if row is not None})
    chosen = sorted({*range(min(head_end, 4)), *marked[:_MOST_ROWS]})
    rows = []
    emitted: set[tuple[int, int]] = set()
    for row in chosen:
        cells = []
        covering = (c for c in table.cells if c.row <= row < c.row + c.rowspan)
        for cell in sorted(covering, key=lambda c: c.column):
            if (cell.row, cell.column) in emitted:
                continue
            emitted.add((cell.row, cell.column))
            span = sum(1 for r in chosen if cell.row <= r < cell.row + cell.rowspan)
            mark = marks.get((cell.row, cell.column), "")
            label = parse_value(cell.raw).kind == "text"
            cells.append(ExcerptCell(veiled(cell.raw), span, cell.colspan, label, mark))
        rows.append(tuple(cells))
    return Excerpt(rows=tuple(rows), cut=len(chosen) < table.rows)
