"""Text taken over: from last year's report, or from that of another unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from scoring.annual_report import AnnualReport, Quote
from scoring.checks.report.structure import heading_quote
from scoring.results import Check, Elsewhere, Other, ReportCase, Result, elsewhere
from scoring.similarity import same_passage, section_wording, share, shingles
from scoring.text import plain


def percent(part: float) -> str:
    """A share as a whole percentage."""
    return plain(Decimal(round(part * 100)))


def passages(report: AnnualReport, other: AnnualReport, number: int, label: str) -> tuple[Quote, tuple[Elsewhere, ...]]:
    """What to quote of a section that two reports share: here, and in the other."""
    same = same_passage(report, other, number)
    if same is None:
        return heading_quote(report, report.sections[number].heading), ()
    return same[0], (elsewhere(other, label, same[1]),)


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
            part = _compared(case.report, case.previous, number, self.shingle, self.shortest)
            if part is None:
                continue
            compared = True
            if part <= self.threshold:
                yield Result("pass")
                continue
            values = {
                "section": case.report.section_title(number),
                "share": percent(part),
                "last": case.previous.year or "上",
                "threshold": percent(self.threshold),
            }
            label = f"{case.previous.year}年报告同一部分"
            quote, there = passages(case.report, case.previous, number, label)
            yield Result("fail", "repeats", values, quote, elsewhere=there)
        if not compared:
            yield Result("not_checked", "short")


def _compared(one: AnnualReport, other: AnnualReport, number: int, length: int, shortest: int) -> float | None:
    """Which part of a section stands in the other's; None where one of them is too short."""
    mine, theirs = section_wording(one, number), section_wording(other, number)
    if min(len(mine), len(theirs)) < shortest:
        return None
    return share(shingles(mine, length), shingles(theirs, length))


@dataclass(frozen=True, slots=True)
class _Likest:
    part: float
    other: Other


class TextCopied(Check):
    """The text of a narrative section is not that of another unit's report of the same year.

    Measured as in ``text_repeats``, against each report of another unit that is judged together with this one and
    like enough by its sketch. One result per section, for the report it is most like.
    """

    use: Literal["text_copied"]
    sections: tuple[int, ...]
    threshold: float
    shingle: int = 8
    shortest: int = 80

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        siblings = case.of("sibling")
        if not siblings:
            yield Result("not_checked", "no_sibling")
            return
        compared = False
        for number in self.sections:
            likest: _Likest | None = None
            for other in siblings:
                part = _compared(case.report, other.report, number, self.shingle, self.shortest)
                if part is not None and (likest is None or part > likest.part):
                    likest = _Likest(part, other)
            if likest is None:
                continue
            compared = True
            yield self._judged(case.report, number, likest)
        if not compared:
            yield Result("not_checked", "short")

    def _judged(self, report: AnnualReport, number: int, likest: _Likest) -> Result:
        if likest.part <= self.threshold:
            return Result("pass")
        values = {
            "section": report.section_title(number),
            "share": percent(likest.part),
            "unit": likest.other.name,
            "threshold": percent(self.threshold),
        }
        label = f"{likest.other.name}的报告同一部分"
        quote, there = passages(report, likest.other.report, number, label)
        return Result("needs_review", "copied", values, quote, elsewhere=there)
