"""A government's figures against those of the units in its region."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from scoring.annual_report import AnnualReport
from scoring.checks.report.tables import labelled, place_name
from scoring.figures import Figure, cell_quote, figure
from scoring.regions import says_narrower
from scoring.results import Check, Elsewhere, Other, ReportCase, Result, elsewhere
from scoring.text import plain


class Summed(BaseModel):
    """A figure that a government's report sums up: its name for people and the table cell."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    cell: str


_Known = list[tuple[Other, Figure]]


def _unfit(case: ReportCase) -> str | None:
    """Why levels cannot be compared; empty where the report is none of a government with units, None where they can."""
    if case.report.publisher not in ("government", "township"):
        return ""
    if not case.of("unit"):
        return "no_units"
    if says_narrower(case.report):
        return "narrower"
    return None if any(case.report.bound(name).found for name in ("t2", "t3", "t4")) else "no_table"


def _there(report: AnnualReport, name: str, known: Figure) -> Elsewhere:
    cell = known.cells[0]
    return elsewhere(report, f"{name}{place_name(cell)}", cell_quote(report, cell))


def _known(case: ReportCase, cell: str) -> _Known:
    pairs = ((other, figure(other.report, cell)) for other in case.of("unit"))
    return [(other, found) for other, found in pairs if found is not None and found.cells]


class LevelAtLeastUnit(Check):
    """No figure of a government is below that of one of the units in its region. One result per figure."""

    use: Literal["level_at_least_unit"]
    figures: tuple[Summed, ...]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        why = _unfit(case)
        if why is not None:
            if why:
                yield Result("not_checked", why)
            return
        for item in self.figures:
            own, known = figure(case.report, item.cell), _known(case, item.cell)
            if own is None or not own.cells or not known:
                continue
            greatest, theirs = max(known, key=lambda pair: pair[1].value)
            if own.value >= theirs.value:
                yield Result("pass")
                continue
            values = {
                "figure": item.name,
                "own": plain(own.value),
                "unit": greatest.name,
                "theirs": plain(theirs.value),
            }
            at = cell_quote(case.report, own.cells[0])
            there = (_there(greatest.report, greatest.name, theirs),)
            text = f"{plain(own.value)} < {plain(theirs.value)}"
            yield Result("needs_review", "below", values, at, elsewhere=there, arithmetic=text)


class LevelSum(Check):
    """A government's figures are the sums of those of all units in its region.

    Only where the list of units is said to be whole and every one of them has a report of the year with this figure.
    ``show``: unit figures that are quoted.
    """

    use: Literal["level_sum"]
    figures: tuple[Summed, ...]
    show: int = 12

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        why = _unfit(case)
        if why is None and case.lacking is None:
            why = "units_unknown"
        if why is not None:
            if why:
                yield Result("not_checked", why)
            return
        if case.lacking:
            values = {"count": len(case.lacking), "units": "、".join(case.lacking[: self.show])}
            yield Result("not_checked", "units_lacking", values)
            return
        for item in self.figures:
            own, known = figure(case.report, item.cell), _known(case, item.cell)
            if own is None or not own.cells or len(known) < len(case.of("unit")):
                continue
            yield self._judged(case, item, own, known)

    def _judged(self, case: ReportCase, item: Summed, own: Figure, known: _Known) -> Result:
        total = sum((found.value for _, found in known), Decimal(0))
        if total == own.value:
            return Result("pass")
        values = {
            "figure": item.name,
            "own": plain(own.value),
            "total": plain(total),
            "count": len(known),
            "difference": plain(abs(total - own.value)),
        }
        shown = sorted((pair for pair in known if pair[1].value), key=lambda pair: -pair[1].value)[: self.show]
        at, *rest = labelled(case.report, own.cells)
        return Result(
            "needs_review",
            "differs",
            values,
            at[1],
            tuple(rest),
            tuple(_there(other.report, other.name, found) for other, found in shown),
            f"{' + '.join(plain(found.value) for _, found in known if found.value) or '0'} = {plain(total)}，"
            f"政府报告为 {plain(own.value)}",
        )
