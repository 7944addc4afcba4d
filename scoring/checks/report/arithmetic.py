"""Sums inside the tables, written out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from scoring.annual_report import AnnualReport
from scoring.checks.report.tables import is_open_total, place_name
from scoring.figures import cell_quote
from scoring.report_tables import BoundCell, BoundTable
from scoring.results import Check, ReportCase, Result
from scoring.text import plain


def _sum(cells: list[BoundCell]) -> Decimal:
    return sum((c.value.amount for c in cells), Decimal(0))


def _written(cells: list[BoundCell]) -> str:
    """``859 + 18 = 877``; zeros of a long sum are left out, a single cell is just its number."""
    terms = cells if len(cells) <= 6 else [c for c in cells if c.value.amount] or cells[:1]
    total = plain(_sum(cells))
    return total if len(cells) == 1 else " + ".join(plain(c.value.amount) for c in terms) + f" = {total}"


@dataclass(frozen=True, slots=True)
class Equation:
    """Two sums of cells that must be equal."""

    left: tuple[BoundCell, ...]
    right: tuple[BoundCell, ...]

    @property
    def difference(self) -> Decimal:
        """Left minus right."""
        return _sum(list(self.left)) - _sum(list(self.right))


class TableSum(Check):
    """In a table, the cells ``left`` and the cells ``right`` have the same sum, in every column or in every row.

    ``left``/``right`` name rows where ``per`` is column and columns where ``per`` is row; kinds of result of
    table 三 (r3.3 …) stand for all their rows. Blank counts as nothing; a line with a blank total beside figures,
    a text cell, or a missing cell is not checked. One result per line.
    """

    use: Literal["table_sum"]
    table: Literal["t2", "t3", "t4"]
    per: Literal["column", "row"]
    left: tuple[str, ...]
    right: tuple[str, ...]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        bound = report.bound(self.table)
        if not bound.found:
            yield Result("not_checked", "no_table")
            return
        for sides in self._lines(bound):
            yield self._judge(report, bound, *sides)

    def equations(self, report: AnnualReport) -> Iterator[Equation]:
        """The sums that this check compares in a report, as far as their cells hold figures."""
        bound = report.bound(self.table)
        for left, right in self._lines(bound):
            one, two = ([c for c in side if c is not None] for side in (left, right))
            whole = len(one) + len(two) == len(left) + len(right)
            if whole and all(c.value.known for c in (*one, *two)) and not self._open_total(bound, (*one, *two)):
                yield Equation(tuple(one), tuple(two))

    def _lines(self, bound: BoundTable) -> Iterator[tuple[list[BoundCell | None], list[BoundCell | None]]]:
        results = bound.template.get("results")
        groups: dict[str, list[str]] = results if isinstance(results, dict) else {}
        left = [row for name in self.left for row in groups.get(name, [name])]
        right = [row for name in self.right for row in groups.get(name, [name])]
        for line in dict.fromkeys(column if self.per == "column" else row for row, column in bound.cells):
            one, two = ([self._cell(bound, name, line) for name in side] for side in (left, right))
            yield one, two

    def _judge(
        self, report: AnnualReport, bound: BoundTable, left: list[BoundCell | None], right: list[BoundCell | None]
    ) -> Result:
        names = f"{bound.name}"
        if any(c is None for c in (*left, *right)):
            return Result("not_checked", "incomplete", {"table": names})
        one, two = ([c for c in side if c is not None] for side in (left, right))
        if any(c.value.kind == "unread" for c in (*one, *two)):
            return Result("not_checked", "unread", {"table": names})
        if not all(c.value.known for c in (*one, *two)) or self._open_total(bound, (*one, *two)):
            return Result("not_checked", "blank_total", {"table": names})
        if _sum(one) == _sum(two):
            return Result("pass")
        label = one[0].column_label if self.per == "column" else one[0].row_label
        values = {
            "table": names,
            "line": label,
            "left": plain(_sum(one)),
            "right": plain(_sum(two)),
            "difference": plain(abs(_sum(one) - _sum(two))),
        }
        target = two[0] if len(two) == 1 else one[0]
        others = [c for c in (*one, *two) if c is not target and (c.value.amount or len(one) + len(two) <= 4)]
        return Result(
            "fail",
            "unbalanced",
            values,
            cell_quote(report, target),
            tuple((place_name(c), cell_quote(report, c)) for c in others),
            arithmetic=f"{_written(one)}，{_written(two)}",
            rests_on=(*one, *two),
        )

    def _cell(self, bound: BoundTable, name: str, line: str) -> BoundCell | None:
        return bound.get(name, line) if self.per == "column" else bound.get(line, name)

    def _open_total(self, bound: BoundTable, cells: tuple[BoundCell, ...]) -> bool:
        """A total left blank beside figures cannot be summed: that is AR-303's finding, not a wrong sum."""
        return any(c.value.number is None and is_open_total(bound, c) for c in cells)


class InForceAtLeastIssued(Check):
    """Documents in force are not fewer than those issued this year, unless some were abolished (facts B6)."""

    use: Literal["in_force_at_least_issued"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        bound = report.bound("t2")
        rows = [r for r in ("rules", "documents") if bound.get(r, "in_force") and bound.get(r, "issued")]
        if not rows:
            yield Result("not_checked", "no_table")
            return
        for row in rows:
            issued, abolished, in_force = (bound.cells.get((row, c)) for c in ("issued", "abolished", "in_force"))
            assert issued is not None and in_force is not None
            numbers = [c.value.number for c in (issued, in_force)]
            if numbers[0] is None or numbers[1] is None:
                yield Result("not_checked", "blank")
            elif numbers[1] < numbers[0] and (abolished is None or not abolished.value.amount):
                values = {"row": issued.row_label, "issued": plain(numbers[0]), "in_force": plain(numbers[1])}
                yield Result(
                    "fail",
                    "fewer",
                    values,
                    cell_quote(report, in_force),
                    ((place_name(issued), cell_quote(report, issued)),),
                    arithmetic=f"现行有效 {plain(numbers[1])} < 本年制发 {plain(numbers[0])}，本年废止 0",
                    rests_on=(abolished,) if abolished else (),
                )
            else:
                yield Result("pass")


class ItemsAsCases(Check):
    """2019 format: 处理决定数量 is not simply the number of items on every row (items filled in as cases)."""

    use: Literal["items_as_cases"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        bound = report.bound("t2")
        rows = [r for r in bound.rows() if bound.get(r, "decisions") and bound.get(r, "items_before")]
        if len(rows) < 2:
            yield Result("not_applicable")
            return
        sums, targets = [], []
        for row in rows:
            before, change, decisions = (bound.cells[(row, c)] for c in ("items_before", "change", "decisions"))
            if decisions.value.number is None or before.value.number is None:
                continue
            sums.append((before, change, decisions))
            if decisions.value.number:
                targets.append(decisions)
        same = [s for s in sums if s[0].value.amount + s[1].value.amount == s[2].value.amount]
        if len(targets) >= 2 and len(same) == len(sums):
            shown = [s for s in sums if s[2].value.amount]
            text = "，".join(
                f"{plain(a.value.amount)} + {plain(b.value.amount)} = {plain(c.value.amount)}" for a, b, c in shown
            )
            yield Result(
                "needs_review",
                "same",
                {"rows": "、".join(c.row_label for _, _, c in shown)},
                cell_quote(report, shown[0][2]),
                tuple((place_name(c), cell_quote(report, c)) for _, _, c in shown[1:]),
                arithmetic=text,
            )
        else:
            yield Result("pass")
