"""A made table as words and lines on a page: what a carrier hands to the paged readers, without any carrier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from documents.maker.data import MadeTable

from crawler.evidence import Box
from crawler.readers.paged import PageContent, Rule, Word

EM = 10.0
ROW = 20.0


@dataclass
class Drawn:
    """A page of 600 x 800 points in the making."""

    number: int = 1
    words: list[Word] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    def text(self, text: str, x: float, y: float, em: float = EM, confidence: float | None = None) -> None:
        """One line of text from ``x``, its top at ``y``; Chinese characters are ``em`` wide, others half of it."""
        self.words.append(Word(text, (x, y, x + em * _units(text), y + em), confidence, em))

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A thin line."""
        self.rules.append(Rule((x0, y0, x1 + 0.5, y1) if y0 == y1 else (x0, y0, x1, y1 + 0.5)))

    def frame(self, box: Box) -> None:
        """The four sides of a box."""
        x0, y0, x1, y1 = box
        for ends in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            self.line(*ends)

    def table(self, table: MadeTable, xs: Sequence[float], top: float, rows: range | None = None) -> float:
        """Frames and texts of ``rows`` of a table with columns at ``xs``; returns where it ends.

        A cell over more rows than are drawn is cut, its text standing in the part where it begins.
        """
        rows = rows or range(len(table.rows))
        for (row, column), cell in table.placed().items():
            first, last = max(row, rows.start), min(row + cell.rowspan, rows.stop)
            if first >= last:
                continue
            y0, y1 = top + (first - rows.start) * ROW, top + (last - rows.start) * ROW
            box = (xs[column], y0, xs[column + cell.colspan], y1)
            self.frame(box)
            if row >= rows.start:
                # Letters as large as the cell allows: a label stands on one line.
                em = min(EM, (box[2] - box[0] - 4) / max(_units(cell.text), 1.0))
                self.text(cell.text, box[0] + 2, (y0 + y1 - em) / 2, em)
        return top + len(rows) * ROW

    def content(self) -> PageContent:
        return PageContent(self.number, 600.0, 800.0, self.words, self.rules)


def _units(text: str) -> float:
    return sum(1.0 if ord(char) > 0x2000 else 0.5 for char in text)
