"""Findings that rest on recognised characters: what is not certain goes to a person, with the reason.

Sums check the reading itself: where one recognised cell, read otherwise, would make every sum true that it is part
of, an imbalance is more likely a misread digit than a fault of the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from crawler.evidence import Document, Spot
from scoring.annual_report import AnnualReport, Quote
from scoring.checks.report.arithmetic import Equation
from scoring.data import table
from scoring.figures import cell_quote
from scoring.report_tables import BoundCell, sureness
from scoring.results import ReportCase, Result
from scoring.text import plain


@dataclass(frozen=True, slots=True)
class Suspect:
    """A recognised cell that explains every imbalance it is part of, and the value it would have to be."""

    cell: BoundCell
    value: Decimal


@dataclass(frozen=True, slots=True)
class _Doubt:
    note: str
    cell: BoundCell | None = None


def confidence_at(document: Document, spot: Spot) -> float | None:
    """How surely the quoted place was recognised; None where its text stands in the file itself."""
    block = document.blocks[spot.block]
    if spot.row is None or block.table is None:
        return block.confidence
    cell = next((c for c in block.table.cells if (c.row, c.column) == (spot.row, spot.column)), None)
    return sureness(block, cell) if cell is not None else None


def was_recognised(document: Document, part: Literal["text", "table"]) -> bool:
    """Whether any running text of the document was read from a picture; for tables, any text or cell."""
    if any(block.confidence is not None and block.table is None for block in document.blocks):
        return True
    tables = (block.table for block in document.blocks if block.table is not None) if part == "table" else ()
    return any(cell.confidence is not None for found in tables for cell in found.cells)


def suspects(equations: Iterable[Equation]) -> dict[Spot, Suspect]:
    """Recognised cells that alone explain all the imbalances they are part of, by their place."""
    of_cell: dict[Spot, list[tuple[Equation, Decimal]]] = {}
    cells: dict[Spot, BoundCell] = {}
    for equation in equations:
        # What must be added to the cell so that both sides are equal.
        for side, sign in ((equation.left, -1), (equation.right, 1)):
            for cell in side:
                if cell.confidence is not None:
                    cells[cell.spot] = cell
                    of_cell.setdefault(cell.spot, []).append((equation, equation.difference * sign))
    found = {}
    for spot, sums in of_cell.items():
        changes = {change for _, change in sums}
        change = next(iter(changes))
        value = cells[spot].value.amount + change
        if len(changes) == 1 and change and value >= 0:
            found[spot] = Suspect(cells[spot], value)
    return found


class Recognition:
    """Weighs the results on one case. ``equations`` are all sums that its rules compare."""

    def __init__(self, case: ReportCase, equations: Iterable[Equation]) -> None:
        self._case = case
        self._data = table("recognition")
        cells = (c for bound in case.report.tables.all() for c in bound.cells.values())
        self._cells = {c.spot: c for c in cells if c.confidence is not None}
        self._suspects = suspects(equations) if self._cells else {}

    def weigh(self, result: Result, absent: Literal["", "text", "table"]) -> Result:
        """The result as it is, or as a matter for a person where it is a failure on uncertain reading."""
        if result.outcome != "fail":
            return result
        doubt = self._doubt(result)
        if doubt is None and absent and was_recognised(self._case.report.document, absent):
            doubt = _Doubt(self._data["notes"]["absent"])
        if doubt is None:
            return result
        related = result.related
        quoted = {q.spot for q in (result.at, *(q for _, q in related)) if q is not None}
        if doubt.cell is not None and doubt.cell.spot not in quoted:
            # Its picture decides, so it is shown even where the sum leaves it out as a zero.
            shown = (self._data["place"]["shown"], cell_quote(self._case.report, doubt.cell))
            related = (shown, *related)
        return replace(result, outcome="needs_review", related=related, doubt=doubt.note)

    def _doubt(self, result: Result) -> _Doubt | None:
        own = self._own_cells(result)
        low = [c for c in own if (c.confidence or 0.0) < self._data["cell"]]
        explaining = [self._suspects[c.spot] for c in own if c.spot in self._suspects]
        uncertain = [s for s in explaining if s.cell in low]
        if len(uncertain) == 1:
            return self._explained("explained", uncertain[0])
        if low:
            return self._low(self._place(low[0]), low[0].confidence or 0.0, low[0])
        if len(explaining) == 1:
            return self._explained("recognised", explaining[0])
        if explaining:
            return _Doubt(self._data["notes"]["several"], explaining[0].cell)
        for document, quote in self._quotes(result):
            confidence = confidence_at(document, quote.spot)
            limit = self._data["text" if quote.spot.row is None else "cell"]
            if confidence is not None and confidence < limit:
                text = self._data["place"]["text"].format(text=quote.text[: self._data["longest"]])
                return self._low(text, confidence)
        return None

    def _own_cells(self, result: Result) -> list[BoundCell]:
        """Recognised cells of the report at hand that a result rests on, each once."""
        if result.on is not None:
            return []
        spots = [q.spot for q in (result.at, *(q for _, q in result.related)) if q is not None]
        wanted = dict.fromkeys([*spots, *(c.spot for c in result.rests_on)])
        return [self._cells[spot] for spot in wanted if spot in self._cells]

    def _quotes(self, result: Result) -> Iterator[tuple[Document, Quote]]:
        here = (result.on or self._case.report).document
        if result.at is not None:
            yield here, result.at
        yield from ((here, quote) for _, quote in result.related)
        yield from ((item.document, item.quote) for item in result.elsewhere)

    def _explained(self, name: str, suspect: Suspect) -> _Doubt:
        cell = suspect.cell
        values = {
            "place": self._place(cell),
            "value": plain(suspect.value),
            "raw": cell.value.raw.strip(),
            "confidence": _share(cell.confidence or 0.0),
        }
        return _Doubt(self._data["notes"][name].format_map(values), cell)

    def _low(self, place: str, confidence: float, cell: BoundCell | None = None) -> _Doubt:
        note = self._data["notes"]["low"].format(place=place, confidence=_share(confidence))
        return _Doubt(note, cell)

    def _place(self, cell: BoundCell) -> str:
        name = self._case.report.bound(cell.table).name
        place: str = self._data["place"]["cell"].format(table=name, row=cell.row_label, column=cell.column_label)
        return place


def _share(confidence: float) -> str:
    # Rounded down: certain is what is certain.
    return f"{int(confidence * 100)}%"


def recognised_fact(report: AnnualReport) -> tuple[str, str] | None:
    """Which tables were read from a picture, in words for the subject of an inspection; None where none was."""
    data = table("recognition")["fact"]
    least: dict[str, float] = {}
    for bound in report.tables.all():
        known = [c.confidence for c in bound.cells.values() if c.confidence is not None]
        if known:
            least[bound.name] = min(known)
    if not least:
        return None
    return data["name"], data["text"].format(tables="、".join(least), least=_share(min(least.values())))
