"""The metadata block of a page (条例 article 12: 索引、名称、内容概述、生成日期)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from scoring.annual_report import AnnualReport, Quote
from scoring.checks.report.publication import looked_at
from scoring.results import Check, ReportCase, Result

_BLOCK = ("index", "title", "class", "issuer", "doc_no", "date_made", "date_issued", "summary", "validity", "openness")


def _page(case: ReportCase) -> AnnualReport:
    """What bears the metadata block of a report: of an attachment the web page that offers it, where there is one."""
    report = case.report
    pages = (o.report for o in case.of("copy") if o.report.document.carrier == "html")
    cover = next(pages, None) if report.options.page and report.document.carrier != "html" else None
    return cover or report


def _block(report: AnnualReport) -> list[tuple[str, str, str, Quote]]:
    """(field, label, value, quote) of the metadata block; the date line under the title is no part of it."""
    result = [(item.name, item.label, item.value, quote) for item, quote in report.fields()]
    return result if sum(name in _BLOCK for name, *_ in result) >= 2 else []


class MetadataFilled(Check):
    """Every label of the metadata block has a value. ``optional``: fields that may lawfully be blank on a report."""

    use: Literal["metadata_filled"]
    optional: tuple[str, ...] = ()

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        page = _page(case)
        items = [i for i in _block(page) if i[0] in _BLOCK]
        other = page if page is not case.report else None
        if not items:
            yield Result("not_applicable")
            return
        blank = [i for i in items if not i[2].strip() and i[0] not in self.optional]
        if not blank:
            yield Result("pass")
            return
        labels = "、".join(label for _, label, _, _ in blank)
        quotes = [(label, quote) for _, label, _, quote in blank if quote.text]
        values = {"labels": labels, "count": len(blank)}
        yield Result("fail", "blank", values, quotes[0][1], tuple(quotes[1:]), on=other)


class MetadataPresent(Check):
    """A published page has a metadata block with index, name, summary and date of making (any of its labels)."""

    says_absent = "text"
    use: Literal["metadata_present"]
    required: tuple[tuple[str, ...], ...]  # each entry: fields of which one must be there
    soft: tuple[str, ...] = ()  # entries (by first field) whose absence alone is for a person to judge

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        page = _page(case)
        items, other = _block(page), page if page is not case.report else None
        if not items:
            if page.options.page:
                yield Result("fail", "no_block", {}, looked_at(page), on=other)
            elif page.has_chrome:
                # A saved page may have lost what a script or a frame showed.
                yield Result("needs_review", "no_block", {}, looked_at(page))
            else:
                yield Result("not_applicable")
            return
        names = {name for name, *_ in items}
        titles = {"index": "索引", "title": "名称", "summary": "内容概述", "date_made": "生成日期"}
        missing = [titles.get(entry[0], entry[0]) for entry in self.required if not names.intersection(entry)]
        if missing:
            labels = "、".join(label for _, label, _, _ in items)
            values = {"missing": "、".join(missing), "found": labels}
            hard = any(not names.intersection(entry) for entry in self.required if entry[0] not in self.soft)
            if hard:
                yield Result("fail", "missing", values, items[0][3], on=other)
            else:
                yield Result("needs_review", "partly", values, items[0][3], on=other)
        else:
            yield Result("pass")
