"""This year's report against last year's (``--previous``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

from scoring.annual_report import AnnualReport, Piece
from scoring.checks.structure import heading_quote
from scoring.checks.tables import place_name
from scoring.data import table
from scoring.figures import cell_quote
from scoring.results import Check, ReportCase, Result
from scoring.text import fold, plain, sentences


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
            if mine is None or theirs is None or "text" in (mine.value.kind, theirs.value.kind):
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
                previous=((f"{case.previous.year}年报告{place_name(theirs)}", cell_quote(case.previous, theirs)),),
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
                ((f"{case.previous.year}年报告{place_name(last)}", cell_quote(case.previous, last)),),
                f"{plain(last.value.amount)} + {plain(issued.value.amount)} − {plain(abolished.value.amount)} = "
                f"{plain(due)}，表中为 {plain(in_force.value.amount)}",
            )
        if not compared:
            yield Result("not_checked", "no_table")


class TextRepeats(Check):
    """The text of a narrative section is not last year's again.

    Similarity: share of this year's character shingles (length ``shingle``) that occur in last year's section, after
    digits, years and required wording are left out. Sections shorter than ``shortest`` characters are not compared.
    """

    use: Literal["text_repeats"]
    sections: tuple[int, ...]
    threshold: float
    shingle: int = 8
    shortest: int = 80

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        if case.previous is None:
            yield Result("not_checked", "no_previous")
            return
        compared = False
        for number in self.sections:
            mine, theirs = self._text(case.report, number), self._text(case.previous, number)
            if min(len(mine), len(theirs)) < self.shortest:
                continue
            compared = True
            known = self._shingles(theirs)
            own = self._shingles(mine)
            share = len(own & known) / len(own)
            if share <= self.threshold:
                yield Result("pass")
                continue
            at, before = self._same_passage(case.report, case.previous, number)
            values = {
                "section": case.report.section_title(number),
                "share": plain(Decimal(round(share * 100))),
                "last": case.previous.year or "上",
                "threshold": plain(Decimal(round(self.threshold * 100))),
            }
            quote = case.report.quote(*at) if at else heading_quote(case.report, case.report.sections[number].heading)
            previous = ((f"{case.previous.year}年报告同一部分", case.previous.quote(*before)),) if before else ()
            yield Result("fail", "repeats", values, quote, previous=previous)
        if not compared:
            yield Result("not_checked", "short")

    def _text(self, report: AnnualReport, number: int) -> str:
        text = fold(report.section_text(number))
        for phrase in table("years")["required_wording"]:
            text = re.sub(phrase, "", text)
        return re.sub(r"[\d\s,.。;:、()%“”\"]+", "", text)

    def _shingles(self, text: str) -> set[str]:
        return {text[i : i + self.shingle] for i in range(len(text) - self.shingle + 1)}

    def _same_passage(
        self, now: AnnualReport, before: AnnualReport, number: int
    ) -> tuple[tuple[int, int, int] | None, tuple[int, int, int] | None]:
        """The longest sentence of this year that stands, figures aside, in last year's section."""
        theirs: dict[str, tuple[Piece, int, int]] = {}
        for piece in before.pieces(number):
            for start, end in sentences(before.text(piece)):
                theirs[re.sub(r"[\d\s]+", "", before.text(piece)[start:end])] = (piece, start, end)
        best: tuple[int, tuple[int, int, int], tuple[int, int, int]] | None = None
        for piece in now.pieces(number):
            for start, end in sentences(now.text(piece)):
                hit = theirs.get(re.sub(r"[\d\s]+", "", now.text(piece)[start:end]))
                if hit and (best is None or end - start > best[0]):
                    mine = (piece.block, piece.start + start, piece.start + end)
                    last = (hit[0].block, hit[0].start + hit[1], hit[0].start + hit[2])
                    best = (end - start, mine, last)
        return (best[1], best[2]) if best else (None, None)
