"""Columns of a Word table's grid that are too narrow to be any: converters and dragged borders leave them."""

from __future__ import annotations

from collections.abc import Sequence

from docx.oxml.ns import qn
from lxml import etree

from crawler.readers.word.numbering import whole

# Twips (1/20 point); the narrowest letter and its margins take more.
_NARROW = 60


class Columns:
    """The grid of one table without such columns; ``spans`` are (columns before, columns of each cell) of its rows."""

    def __init__(self, table: etree._Element, spans: Sequence[tuple[int, Sequence[int]]]) -> None:
        widths = [whole(el.get(qn("w:w")), _NARROW) for el in table.iterfind(f"{qn('w:tblGrid')}/{qn('w:gridCol')}")]
        narrow = {i for i, width in enumerate(widths) if width < _NARROW}
        if narrow:
            for at, row in spans:
                for span in row:
                    # One that holds a cell of its own is kept, however narrow.
                    if span == 1:
                        narrow.discard(at)
                    at += span
        self._narrow = frozenset(narrow)

    def within(self, start: int, span: int) -> int:
        """How many columns ``span`` columns of the grid from ``start`` are."""
        if not self._narrow:
            return span
        return max(span - sum(start <= column < start + span for column in self._narrow), 1 if span else 0)
