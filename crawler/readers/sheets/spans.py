"""Merged cells that a CSV file has lost: blanks beside heads and row labels, as a spreadsheet exports them.

The rule: a head reaches to the right over blanks up to the next head, and down to the next head; a row label likewise
among the columns of labels; a line of one text above a row of heads is a caption over the whole width; what stands
under a wide head is as wide. Blanks among figures stay blanks.
"""

from __future__ import annotations

from collections.abc import Sequence

from crawler.readers.grid import is_value
from crawler.readers.sheets.model import Range

Grid = Sequence[Sequence[str]]


def lost_spans(grid: Grid) -> list[Range]:
    """The merged ranges of a table of texts (all rows of like length), as far as its heads and labels tell."""
    return _Table(grid).ranges()


class _Table:
    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.width = len(grid[0]) if grid else 0
        self.filled = [[column for column, text in enumerate(row) if text] for row in grid]
        self.heads = [self._is_head(row) for row in grid]
        self.labels = self._label_columns()
        self.last_label = [max((c for c in row if c < self.labels), default=-1) for row in self.filled]
        self.taken: set[tuple[int, int]] = set()
        self.found: list[Range] = []

    def ranges(self) -> list[Range]:
        above: list[int] = []
        for row, line in enumerate(self.grid):
            if self.heads[row]:
                above = self._head(row)
                continue
            self._labels(row)
            # Figures under a wide head are as wide, where nothing else stands there.
            for column, wide in enumerate(above):
                right = column + wide - 1
                if column >= self.labels and wide > 1 and not any(line[column + 1 : right + 1]):
                    self._take(Range(row, column, row, right))
        return self.found

    def _is_head(self, line: Sequence[str]) -> bool:
        """A row of several texts and no figures."""
        return sum(bool(text) for text in line) > 1 and not any(text and is_value(text) for text in line)

    def _caption(self, row: int) -> bool:
        """One text right above a row of heads."""
        return self.filled[row] == [0] and row + 1 < len(self.grid) and self.heads[row + 1]

    def _label_columns(self) -> int:
        """Columns before the first one with a figure."""
        columns = [c for line in self.grid for c, text in enumerate(line) if text and is_value(text)]
        return min(columns, default=self.width)

    def _head(self, row: int) -> list[int]:
        """Take the ranges of a row of heads; how wide the head is that begins in each column (0: none)."""
        wide = [0] * self.width
        for column in range(self.width):
            if not self.grid[row][column] or (row, column) in self.taken:
                continue
            right = self._right(row, column, self.width)
            bottom = self._down(row, column, right, heads=True)
            wide[column] = right - column + 1
            self._take(Range(row, column, bottom, right))
        return wide

    def _labels(self, row: int) -> None:
        if self._caption(row):
            self._take(Range(row, 0, row, self.width - 1))
            return
        for column in range(self.labels):
            if self.grid[row][column] and (row, column) not in self.taken:
                right = self._right(row, column, self.labels)
                self._take(Range(row, column, self._down(row, column, right, heads=False), right))

    def _right(self, row: int, column: int, end: int) -> int:
        right = column
        while right + 1 < end and not self.grid[row][right + 1] and (row, right + 1) not in self.taken:
            right += 1
        return right

    def _down(self, row: int, column: int, right: int, *, heads: bool) -> int:
        """The last row of a cell: below it only blanks, in rows of its own kind that hold something else."""
        bottom = row
        while bottom + 1 < len(self.grid) and self.heads[bottom + 1] == heads and not self._caption(bottom + 1):
            line = self.grid[bottom + 1]
            blank = not any(line[column : right + 1]) and self.filled[bottom + 1]
            if not blank or (not heads and self.last_label[bottom + 1] <= right):
                break
            bottom += 1
        return bottom

    def _take(self, found: Range) -> None:
        if found.top == found.bottom and found.left == found.right:
            return
        places = {(r, c) for r in range(found.top, found.bottom + 1) for c in range(found.left, found.right + 1)}
        if not places & self.taken:
            self.taken |= places
            self.found.append(found)
