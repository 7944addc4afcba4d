"""When and how a report was published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict

from scoring.annual_report import AnnualReport, Quote, is_title
from scoring.results import Check, ReportCase, Result


class Term(BaseModel):
    """A kind of publisher and its due day in the year after the report year."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    publisher: Literal["department", "government"]
    month: int
    day: int


def looked_at(report: AnnualReport) -> Quote:
    """Where one looks first: the title, else the first text of the document."""
    if report.title is not None:
        return report.title
    for index, block in enumerate(report.document.blocks):
        if block.text.strip() and block.kind in ("heading", "paragraph"):
            return report.quote(index)
    return report.quote(0)


def body_length(report: AnnualReport) -> int:
    """Characters of the report's own text: main text without title and metadata block."""
    title = report.title.spot.block if report.title else -1
    skip = {f.spot.block for f in report.document.fields} | {title}
    blocks = [report.document.blocks[i] for i in range(*report.document.main) if i not in skip]
    return sum(len(b.text) for b in blocks if b.kind in ("heading", "paragraph", "table"))


class PublishedBy(Check):
    """The publication date is on or before ``month``/``day`` of the year after the report year.

    Applies to the stated ``publisher`` and to those in ``also``; a publisher without a term (townships, bodies
    of article 54) is not applicable. A draft file without date is not checked, a page without date goes to a person.
    """

    use: Literal["published_by"]
    publisher: Literal["department", "government"]
    month: int
    day: int
    also: tuple[Term, ...] = ()

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        terms = (Term(publisher=self.publisher, month=self.month, day=self.day), *self.also)
        if report.publisher is None:
            yield Result("not_checked", "publisher")
            return
        term = next((t for t in terms if t.publisher == report.publisher), None)
        if term is None:
            yield Result("not_applicable")
            return
        if report.year is None:
            yield Result("not_checked", "year")
            return
        due = date(report.year + 1, term.month, term.day)
        if report.published is None:
            if report.is_page:
                yield Result("needs_review", "undated", {"due": due}, looked_at(report))
            else:
                yield Result("not_checked", "draft")
            return
        if report.published <= due:
            yield Result("pass")
            return
        days = (report.published - due).days
        yield Result(
            "fail",
            "late",
            {"published": report.published, "due": due, "days": days},
            report.published_quote or looked_at(report),
            (("报告标题", report.title),) if report.title and report.published_quote else (),
            arithmetic=f"{report.published} 晚于 {due}，相差 {days} 天",
        )


class PublicationDated(Check):
    """A published page shows its publication date (visible line, metadata block, PubDate tag or address)."""

    use: Literal["publication_dated"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        if not report.is_page:
            yield Result("not_applicable")
        elif report.published is None:
            yield Result("needs_review", "undated", {}, looked_at(report))
        else:
            yield Result("pass")


def _named(text: str) -> bool:
    return is_title(re.sub(r"\.\w{2,5}$", "", text.strip()))


class TextOnPage(Check):
    """The page carries the report's text itself, not only an attachment or a picture of it."""

    use: Literal["text_on_page"]
    at_least: int  # characters of running text

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        cover = next((o for o in case.of("copy") if self._bare(o.report)), None) if report.is_page else None
        if cover is not None and report.document.carrier != "html":
            values = {"carrier": unquote(report.document.uri.rsplit("/", 1)[-1])}
            yield Result("needs_review", "attachment_read", values, looked_at(cover.report), on=cover.report)
            return
        if report.is_page and (report.document.carrier == "image" or self._pictured(report)):
            yield Result("needs_review", "picture_read", {}, looked_at(report))
            return
        main = range(*report.document.main)
        text = body_length(report)
        blocks = report.document.blocks
        carriers = [i for i in main if blocks[i].kind in ("picture", "attachment")]
        # A list of files may stand below what the reader takes for main text; named as the report, it is its carrier.
        carriers += [i for i, b in enumerate(blocks) if b.kind == "attachment" and i not in carriers and _named(b.text)]
        if text >= self.at_least or report.sections:
            yield Result("pass")
        elif carriers:
            first = report.document.blocks[carriers[0]]
            kind = "picture" if first.kind == "picture" else "attachment"
            at = report.quote(carriers[0]) if first.text.strip() else looked_at(report)
            yield Result("needs_review", kind, {"count": len(carriers)}, at)
        else:
            yield Result("not_applicable")

    def _pictured(self, report: AnnualReport) -> bool:
        """A web page whose running text was mostly recognised in its pictures."""
        blocks = [report.document.blocks[i] for i in range(*report.document.main)]
        texts = [b for b in blocks if b.kind == "paragraph" and report.document.carrier == "html"]
        recognised = sum(len(b.text) for b in texts if b.confidence is not None)
        own = sum(len(b.text) for b in texts if b.confidence is None)
        return recognised >= self.at_least > own

    def _bare(self, report: AnnualReport) -> bool:
        """A web page that only offers the report."""
        return report.document.carrier == "html" and not report.sections and body_length(report) < self.at_least
