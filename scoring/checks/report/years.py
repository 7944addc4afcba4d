"""This year's report against last year's (``--previous``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal

from scoring.annual_report import AnnualReport
from scoring.checks.report.tables import place_name
from scoring.data import table
from scoring.figures import cell_quote
from scoring.report_tables import BoundCell
from scoring.results import Check, Elsewhere, ReportCase, Result, elsewhere
from scoring.text import fold, plain


def consecutive(case: ReportCase) -> str | None:
    """Why the two reports cannot be compared; None where they can."""
    if case.previous is None:
        return "no_previous"
    if case.report.year is None or case.previous.year is None:
        return "year"
    return None if case.previous.year == case.report.year - 1 else "not_consecutive"


def explained(report: AnnualReport, words: str) -> bool:
    """Whether the report itself gives a lawful reason for a break (facts C4, C5)."""
    pattern = re.compile(table("years")[words])
    texts = [b.text for b in report.document.blocks[slice(*report.document.main)]]
    return any(pattern.search(fold(text)) for text in texts)


def _last(report: AnnualReport, cell: BoundCell) -> Elsewhere:
    return elsewhere(report, f"{report.year}年报告{place_name(cell)}", cell_quote(report, cell))


class CarriedOver(Check):
    """Requests carried in this year are those that last year's report carried out, in total and by applicant."""

    use: Literal["carried_over"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        if why := consecutive(case):
            yield Result("not_checked", why)
            return
        assert case.previous is not None
        now, before = case.report.bound("t3"), case.previous.bound("t3")
        if not now.found or not before.found:
            yield Result("not_checked", "no_table")
            return
        columns = [c["id"] for c in now.template["columns"]]
        total_broken = False
        for column in sorted(columns, key=lambda c: c != "total"):
            mine, theirs = now.get("r2", column), before.get("r4", column)
            if mine is None or theirs is None or not (mine.value.known and theirs.value.known):
                yield Result("not_checked", "no_table")
                continue
            if mine.value.amount == theirs.value.amount:
                yield Result("pass")
                continue
            if column != "total" and total_broken:
                continue  # the total says it already
            total_broken = column == "total"
            reason = explained(case.report, "carry_explained")
            values = {
                "column": mine.column_label,
                "now": plain(mine.value.amount),
                "before": plain(theirs.value.amount),
                "year": case.report.year,
                "last": case.previous.year,
            }
            yield Result(
                "needs_review" if reason else "fail",
                "explained" if reason else ("total" if column == "total" else "applicant"),
                values,
                cell_quote(case.report, mine),
                elsewhere=(_last(case.previous, theirs),),
                arithmetic=f"上年结转 {plain(mine.value.amount)} ≠ "
                f"{case.previous.year}年结转下年度 {plain(theirs.value.amount)}",
            )


class InForceContinuous(Check):
    """Documents in force = those of last year + issued − abolished, per row, unless the report explains a break."""

    use: Literal["in_force_continuous"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        if why := consecutive(case):
            yield Result("not_checked", why)
            return
        assert case.previous is not None
        now, before = case.report.bound("t2"), case.previous.bound("t2")
        compared = False
        for row in ("rules", "documents"):
            last = before.get(row, "in_force")
            cells = [now.get(row, c) for c in ("issued", "abolished", "in_force")]
            if last is None or any(c is None for c in cells):
                continue
            issued, abolished, in_force = (c for c in cells if c is not None)
            if any(c.value.number is None for c in (last, issued, abolished, in_force)):
                continue
            compared = True
            due = last.value.amount + issued.value.amount - abolished.value.amount
            if due == in_force.value.amount:
                yield Result("pass")
                continue
            if explained(case.report, "in_force_explained"):
                yield Result("pass")
                continue
            reason = explained(case.report, "in_force_hint")
            values = {
                "row": in_force.row_label,
                "due": plain(due),
                "shown": plain(in_force.value.amount),
                "last": case.previous.year,
            }
            yield Result(
                "needs_review" if reason else "fail",
                "explained" if reason else "broken",
                values,
                cell_quote(case.report, in_force),
                tuple((place_name(c), cell_quote(case.report, c)) for c in (issued, abolished)),
                (_last(case.previous, last),),
                f"{plain(last.value.amount)} + {plain(issued.value.amount)} − {plain(abolished.value.amount)} = "
                f"{plain(due)}，表中为 {plain(in_force.value.amount)}",
            )
        if not compared:
            yield Result("not_checked", "no_table")
