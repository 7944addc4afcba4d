"""Inspections of made sites and reports, quick enough to make dozens of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from support import document

from duwang.site_examples import MadeSite
from scoring.annual_report import AnnualReport, Options
from scoring.assemble import REPORT_CARD
from scoring.compare import Comparison, compare
from scoring.engine import Judged, judge_report, numbered
from scoring.inspection import Evidence, Inspection, Profile, Subject
from scoring.results import ReportCase, SiteCase
from scoring.rules import RuleSet, shipped
from scoring.scorecard import add_up
from scoring.site.judging import judge_site
from scoring.site.view import SiteView

DIGEST = "sha256:" + "a" * 64
MAY, JUNE = date(2026, 3, 10), date(2026, 3, 12)


def inspected(pages: dict[str, Any], rules: Iterable[str], on: date = MAY, **site: Any) -> tuple[Inspection, SiteView]:
    """A site of these pages judged by these rules, and the view of its pages."""
    made = MadeSite({"name": "柏川市教育局", "pages": pages, **site}, on)
    view = SiteView(made, made.site, on, made.document)
    only = RuleSet(tuple(shipped().by_code[rule] for rule in rules), {}, "")
    judged = judge_site(SiteCase(view, made.site.name, None, (), (), False), made.document, only, on, "bochuan")
    assert [one.reason for one in judged.unchecked if one.outcome == "error"] == []
    return _inspection(judged, on, Subject("site", made.site.name, url=made.site.home, id="bochuan")), view


def reported(text: str, on: date = MAY) -> Inspection:
    """An annual report in Markdown judged by all rules."""
    report = AnnualReport(document(text.encode(), "report.md"), Options())
    judged = judge_report(ReportCase(report), shipped(), on, report.unit or "")
    return _inspection(judged, on, Subject("report", report.unit or "", file="report.md", report_year=report.year))


def _inspection(judged: Judged, on: date, subject: Subject) -> Inspection:
    day = on.isoformat()
    findings = numbered(judged.findings)
    card = "self-check" if subject.kind == "site" else REPORT_CARD
    return Inspection(
        subject=subject,
        profile=Profile((card,), DIGEST, day),
        evidence=Evidence("", DIGEST, 10, 1, f"{day}T12:00:00+08:00", f"{day}T12:00:00+08:00", {"refused": {}}),
        scorecards=(add_up(card, judged, findings),),
        findings=tuple(replace(finding, first_seen=day, last_seen=day) for finding in findings),
        outcomes=judged.outcomes,
    )


def states(comparison: Comparison) -> dict[str, list[str]]:
    """What came of each finding, by rule."""
    named = {
        **{state: [f.rule for f in comparison.of(state)] for state in ("new", "persisting", "reopened")},
        "fixed": [f.rule for f in comparison.fixed],
        "unseen": [f.rule for f in comparison.unseen],
    }
    return {name: rules for name, rules in named.items() if rules}


def compared(old: Inspection, new: tuple[Inspection, SiteView]) -> Comparison:
    return compare(old, *new)
