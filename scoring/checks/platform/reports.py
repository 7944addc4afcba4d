"""Checks on a whole site: what it shows, and what it does not, over the region that was read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Literal

from scoring.checks.report.publication import Term
from scoring.results import Check, Result, SiteCase, SiteCheck


class ReportShown(Check):
    """The site shows the annual report of the newest year that is due on the day of judging.

    Missing is said only where the report region of the site was read whole; else the outcome is ``not_checked``.
    """

    subject: ClassVar[str] = "site"
    use: Literal["report_shown"]
    terms: tuple[Term, ...]

    def run(self, case: SiteCase, on: date) -> Iterator[Result]:
        term = next((t for t in self.terms if t.publisher == case.publisher), None)
        if term is None:
            yield Result("not_checked", "publisher")
            return
        day = case.view.day  # nothing is known of later days
        year = day.year - 1 if day > date(day.year, term.month, term.day) else day.year - 2
        years = [r.year for r in case.reports]
        if year in years:
            yield Result("pass")
        elif None in years:
            yield Result("not_checked", "unknown_year")
        elif not case.region:
            yield Result("not_checked", "no_region", {"gaps": "；".join(case.gaps) or "未找到年报栏目"})
        elif not case.region_complete:
            yield Result("not_checked", "not_whole", {"gaps": "；".join(case.gaps)})
        else:
            pages = "、".join(dict.fromkeys(url for url, _ in case.region))
            found = "、".join(f"{y}年" for y in sorted({y for y in years if y}, reverse=True)) or "无"
            values = {"year": year, "pages": pages, "found": found, "count": len(case.region)}
            yield Result(
                "fail",
                "missing",
                values,
                case.region[0][1],
                tuple((f"已查看页面 {url}", quote) for url, quote in case.region[1:8]),
            )


class ReportsComplete(SiteCheck):
    """Between the first and the last year that the site shows a report for, no year is left out.

    That reports stay online is not a rule that was seen: a person judges. The newest year is that of ``report_shown``.
    """

    use: Literal["reports_complete"]

    def run(self, case: SiteCase, on: date) -> Iterator[Result]:
        years = sorted({report.year for report in case.reports if report.year})
        if not years:
            return
        lacking = [year for year in range(years[0], years[-1]) if year not in years]
        if not lacking:
            yield Result("pass")
        elif any(report.year is None for report in case.reports):
            yield Result("not_checked", "unknown_year")
        elif not case.region_complete:
            gaps = "；".join(case.gaps) or "未找到年报栏目"
            yield Result("not_checked", "not_whole", {"gaps": gaps})
        else:
            values = {"years": "、".join(f"{year}年" for year in lacking), "first": years[0], "last": years[-1]}
            yield Result("needs_review", "gap", values, case.region[0][1])
