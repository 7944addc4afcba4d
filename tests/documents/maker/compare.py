"""What was read against what was made: tables cell by cell, text paragraph by paragraph."""

from __future__ import annotations

from dataclasses import dataclass, field

from documents.maker.data import MadeReport, MadeTable

from crawler.evidence import Cell, Document, Table


@dataclass
class Comparison:
    """How many cells were made and read right, and each one that was not, in words."""

    cells: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def accuracy(self) -> float:
        return self.right / self.cells if self.cells else 1.0

    def add(self, other: Comparison) -> None:
        self.cells += other.cells
        self.right += other.right
        self.wrong += other.wrong


def compare_tables(report: MadeReport, document: Document) -> Comparison:
    """Every cell of the three tables: place, spans and text (white space in labels aside) must be as made."""
    total = Comparison()
    read = [block.table for block in document.blocks if block.table is not None]
    for made in report.tables:
        best = min((_compare(made, table) for table in read), key=lambda c: len(c.wrong), default=None)
        total.add(best or Comparison(len(made.placed()), 0, [f"{made.id}: no table was read"]))
    if len(read) != len(report.tables):
        total.wrong.append(f"{len(read)} tables were read, {len(report.tables)} were made")
    return total


def _compare(made: MadeTable, table: Table) -> Comparison:
    cells: dict[tuple[int, int], Cell] = {(cell.row, cell.column): cell for cell in table.cells}
    result = Comparison()
    for place, want in made.placed().items():
        result.cells += 1
        got = cells.pop(place, None)
        if got is None:
            result.wrong.append(f"{made.id} {place}: {want.text!r} was not read")
        elif _solid(got.raw) != _solid(want.text) or (not want.head and got.raw != want.text):
            result.wrong.append(f"{made.id} {place}: {got.raw!r} instead of {want.text!r}")
        elif (got.rowspan, got.colspan) != (want.rowspan, want.colspan):
            spans = f"{got.rowspan} x {got.colspan}, not {want.rowspan} x {want.colspan}"
            result.wrong.append(f"{made.id} {place}: {got.raw!r} spans {spans}")
        else:
            result.right += 1
    result.wrong += [f"{made.id} {place}: {cell.raw!r} stands where nothing was made" for place, cell in cells.items()]
    return result


def _solid(text: str) -> str:
    return "".join(text.split())


def compare_text(report: MadeReport, document: Document) -> list[str]:
    """What differs between the paragraphs made and the main text read, in order; nothing where all is right."""
    want = report.paragraphs()
    got = [b.text for b in document.blocks[slice(*document.main)] if b.table is None and b.kind != "picture"]
    wrong = [f"{w!r} was not read" for w in want if w not in got]
    wrong += [f"{g!r} was read, but not made" for g in got if g not in want]
    return wrong or ([] if got == want else ["paragraphs stand in another order"])
