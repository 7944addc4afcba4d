"""Two versions of one report: which figures, days and passages are not the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scoring.annual_report import AnnualReport, Quote
from scoring.report_tables import BoundCell
from scoring.text import fold, key, plain, sentences


@dataclass(frozen=True, slots=True)
class CellChange:
    """A figure that the two versions state differently."""

    mine: BoundCell
    theirs: BoundCell

    @property
    def written(self) -> str:
        """``12（另一处 10）``: both values as people write them, a blank as such."""
        return f"{_shown(self.mine)}（另一处 {_shown(self.theirs)}）"


def _shown(cell: BoundCell) -> str:
    number = cell.value.number
    return plain(number) if number is not None else cell.value.raw.strip() or "空白"


def changed_cells(one: AnnualReport, other: AnnualReport, table_id: str) -> list[CellChange]:
    """Cells of a table that both versions have with different figures; blank and 0 count as the same."""
    mine, theirs = one.bound(table_id), other.bound(table_id)
    pairs = ((cell, theirs.get(*place)) for place, cell in mine.cells.items())
    return [CellChange(a, b) for a, b in pairs if b is not None and not _same(a, b)]


def _same(a: BoundCell, b: BoundCell) -> bool:
    if "unread" in (a.value.kind, b.value.kind):
        return True  # nobody can say that they differ
    if not (a.value.known and b.value.known):
        return key(a.value.raw) == key(b.value.raw)
    return a.value.amount == b.value.amount


def changed_passage(one: AnnualReport, other: AnnualReport, number: int) -> tuple[Quote | None, Quote | None] | None:
    """The first sentences of a section that differ; one of the two is None where a version has nothing there.

    None where the section reads the same; spaces and marks do not count. Time grows with the length alone.
    """
    mine, theirs = _sentences(one, number), _sentences(other, number)
    same = next((i for i, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a[0] != b[0]), None)
    at = min(len(mine), len(theirs)) if same is None else same
    here, there = (side[at] if at < len(side) else None for side in (mine, theirs))
    if here is None and there is None:
        return None
    new = here is not None and here[0] not in {text for text, _ in theirs}
    gone = there is not None and there[0] not in {text for text, _ in mine}
    if new == gone:  # put in place of the other, or only moved
        return here and here[1], there and there[1]
    return (here and here[1], None) if new else (None, there and there[1])


def _sentences(report: AnnualReport, number: int) -> list[tuple[str, Quote]]:
    return [(text, quote) for text, quote in _read(report, number) if text]


def _read(report: AnnualReport, number: int) -> Iterator[tuple[str, Quote]]:
    for piece in report.pieces(number):
        text = report.text(piece)
        for start, end in sentences(text):
            yield key(fold(text[start:end])), report.quote(piece.block, piece.start + start, piece.start + end)
