"""Versions of one report: as an earlier capture has it, and copies in other places."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from scoring.annual_report import AnnualReport, Quote
from scoring.checks.report.publication import looked_at
from scoring.checks.report.structure import heading_quote
from scoring.checks.report.tables import TABLES, place_name
from scoring.figures import cell_quote
from scoring.results import Check, Elsewhere, Other, ReportCase, Result, elsewhere
from scoring.versions import CellChange, changed_cells, changed_passage

_Outcome = Literal["fail", "needs_review"]


def _in_figures(case: ReportCase, other: Other, outcome: _Outcome, show: int) -> Iterator[Result]:
    """One result per table whose figures differ; the cells of both sides are quoted."""
    for name in TABLES:
        changes = changed_cells(case.report, other.report, name)
        if not changes:
            continue
        places = "；".join(f"{place_name(c.mine)} {c.written}" for c in changes[:show])
        values = {
            "table": case.report.bound(name).name,
            "count": len(changes),
            "places": places + (" 等" if len(changes) > show else ""),
            "other": other.name,
        }
        quoted = changes[:show]
        related = tuple((place_name(c.mine), cell_quote(case.report, c.mine)) for c in quoted[1:])
        there = tuple(_other_cell(other, c) for c in quoted)
        yield Result(outcome, "figures", values, cell_quote(case.report, changes[0].mine), related, there)


def _other_cell(other: Other, change: CellChange) -> Elsewhere:
    label = f"{other.name}{place_name(change.theirs)}"
    return elsewhere(other.report, label, cell_quote(other.report, change.theirs))


def _in_date(case: ReportCase, other: Other, outcome: _Outcome) -> Iterator[Result]:
    mine, theirs = case.report.published, other.report.published
    if mine is None or theirs is None or mine == theirs:
        return
    there = elsewhere(other.report, other.name, other.report.published_quote or looked_at(other.report))
    at = case.report.published_quote or looked_at(case.report)
    yield Result(outcome, "date", {"now": mine, "before": theirs, "other": other.name}, at, elsewhere=(there,))


class ReportUnchanged(Check):
    """A published report reads as in the earlier capture: figures by cell, publication date, text by section.

    One result per table, one for the date, one per section. Blank and 0 count as the same figure; spaces and marks do
    not count. ``show``: places named in the message.
    """

    use: Literal["report_unchanged"]
    sections: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    show: int = 8

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        if not case.report.is_page:
            return
        before = case.of("earlier")
        if not before:
            yield Result("not_checked", "no_earlier")
            return
        for other in before:
            found = [
                *_in_figures(case, other, "needs_review", self.show),
                *_in_date(case, other, "needs_review"),
                *self._in_text(case.report, other),
            ]
            yield from found or [Result("pass")]

    def _in_text(self, report: AnnualReport, other: Other) -> Iterator[Result]:
        for number in self.sections:
            changed = changed_passage(report, other.report, number)
            if changed is None:
                continue
            mine, theirs = changed
            values: dict[str, Any] = {
                "section": report.section_title(number) or other.report.section_title(number),
                "other": other.name,
            }
            at = mine or _section_quote(report, number)
            there = theirs or _section_quote(other.report, number)
            name = "added" if theirs is None else "removed" if mine is None else "text"
            yield Result("needs_review", name, values, at, elsewhere=(elsewhere(other.report, other.name, there),))


def _section_quote(report: AnnualReport, number: int) -> Quote:
    section = report.sections.get(number)
    return heading_quote(report, section.heading) if section else looked_at(report)


class CopiesAgree(Check):
    """Copies of one report (several pages, page and attachment) have the same figures and publication date.

    Where the copies were not all seen on one site (files given by hand) a person decides.
    """

    use: Literal["copies_agree"]
    show: int = 8

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        outcome: _Outcome = "fail" if case.report.options.page else "needs_review"
        for other in case.of("copy"):
            found = [*_in_figures(case, other, outcome, self.show), *_in_date(case, other, outcome)]
            yield from found or [Result("pass")]
