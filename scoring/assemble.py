"""From a capture to an inspection: judge what it holds and put the result together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

from crawler.capture import Capture
from crawler.evidence import Document
from scoring.annual_report import AnnualReport, Options
from scoring.engine import Judged, file_name, judge_report, judge_site, numbered
from scoring.inspection import Evidence, Finding, Inspection, Profile, ScorecardResult, Subject, Unchecked
from scoring.results import ReportCase
from scoring.rules import RuleSet
from scoring.scorecard import add_up
from scoring.site_reports import find_reports, site_case

REPORT_CARD = "annual-report"


def inspect_report(
    capture: Capture,
    record_id: str,
    *,
    options: Options,
    previous: tuple[Capture, str] | None = None,
    rules: RuleSet,
    on: date,
    folder: str,
    document: Document | None = None,
    previous_document: Document | None = None,
    user_options: dict[str, Any] | None = None,
) -> Inspection:
    """Judge one annual report of a capture.

    ``folder`` goes into ``evidence.capture``; the documents replace the stored readings (``verify`` re-reads);
    ``user_options`` are kept in the profile so that the judgement can be repeated.
    """
    stored = document or capture.document(record_id)
    if stored is None:
        raise ValueError(f"record {record_id} holds no document")
    report = AnnualReport(stored, options)
    before = None
    if previous is not None:
        other = previous_document or previous[0].document(previous[1])
        before = AnnualReport(other) if other else None
    case = ReportCase(report, before)
    judged = judge_report(case, rules, on, report.unit or stored.uri)
    findings = numbered(judged.findings)
    trial = frozenset(r.code for r in rules.rules if r.status == "trial")
    scored = add_up(REPORT_CARD, judged, findings, trial)
    remote = stored.uri.startswith(("http://", "https://"))
    subject = Subject(
        kind="report",
        name=report.unit or (report.title.text if report.title else stored.uri),
        url=stored.uri if remote else None,
        file=None if remote else file_name(stored.uri),
        level=report.options.level,
        report_year=report.year,
        publisher=report.publisher,
        published=report.published.isoformat() if report.published else None,
        recognised=dict(report.recognised),
        title=report.title.text if report.title else "",
        format=report.tables.format,
    )
    return Inspection(
        subject=subject,
        profile=Profile((REPORT_CARD,), rules.digest, on.isoformat(), dict(user_options or {})),
        evidence=_evidence(capture, folder, documents=1 + (before is not None)),
        scorecards=(scored,),
        findings=_seen(findings, on),
        outcomes=judged.outcomes,
        unchecked=tuple(judged.unchecked),
        rule_titles={r.code: r.title for r in rules.rules},
    )


def inspect_site(
    capture: Capture,
    *,
    rules: RuleSet,
    on: date,
    folder: str,
    documents: Callable[[str], Document] | None = None,
) -> Inspection:
    """Judge one site: what the whole of it shows, and each annual report found on it.

    ``documents`` replaces the stored readings by record id (``verify`` re-reads).
    """
    site = capture.site
    if site is None:
        raise ValueError("the capture is not of a site")

    def document(record: str) -> Document:
        found = documents(record) if documents else capture.document(record)
        if found is None:
            raise ValueError(f"record {record} holds no document")
        return found

    reports = find_reports(capture, site, document)
    case = site_case(capture, site, reports, document)
    total = judge_site(case, document, rules, on, site.id)
    whole_site = deepcopy(total)
    by_year = {r.year: r for r in reports if r.year}
    cards: list[tuple[ScorecardResult, Judged]] = []
    trial = frozenset(r.code for r in rules.rules if r.status == "trial")
    newest = max(by_year, default=None)
    for report in reports:
        before = by_year.get((report.year or 0) - 1)
        judged = judge_report(ReportCase(report, before), rules, on, site.id)
        _merge(total, judged, f"{report.year}年报告：" if report.year else "")
        if report.year == newest and not cards:
            _merge(judged, whole_site, "")  # what the site lacks counts with its newest report
            cards.append((add_up(REPORT_CARD, judged, numbered(judged.findings), trial), judged))
    findings = numbered(total.findings)
    ids = {f.fingerprint: f.id for f in findings}
    scored = tuple(_renumber(card, judged, ids, newest) for card, judged in cards)
    coverage = _evidence(capture, folder, documents=len(reports))
    listed = [
        {
            "title": r.title.text if r.title else "",
            "year": r.year,
            "published": r.published.isoformat() if r.published else None,
            "url": r.document.uri,
        }
        for r in reports
    ]
    return Inspection(
        subject=Subject(
            kind="site", name=site.name, url=site.home, region=site.region, level=site.level,
            publisher=case.publisher, report_year=newest,
        ),
        profile=Profile((REPORT_CARD,) if scored else (), rules.digest, on.isoformat(), {}),
        evidence=replace(coverage, coverage={**coverage.coverage, "reports": listed, **_extent(capture)}),
        scorecards=scored,
        findings=_seen(findings, on),
        outcomes=total.outcomes,
        unchecked=tuple(total.unchecked),
        rule_titles={r.code: r.title for r in rules.rules},
    )  # fmt: skip


def _renumber(card: ScorecardResult, judged: Judged, ids: dict[str, str], year: int | None) -> ScorecardResult:
    """The newest report's card, its findings named by their ids in the whole inspection."""
    own = {f.id: f.fingerprint for f in numbered(judged.findings)}
    items = tuple(replace(i, findings=tuple(ids[own[f]] for f in i.findings if own[f] in ids)) for i in card.items)
    title = f"{card.title}（{year}年报告）" if year else card.title
    return replace(card, items=items, title=title)


def _merge(total: Judged, part: Judged, prefix: str) -> None:
    total.findings.extend(part.findings)
    for code, names in part.reasons.items():
        total.reasons.setdefault(code, set()).update(names)
    total.unchecked.extend(Unchecked(u.rule, u.rule_id, u.title, u.outcome, prefix + u.reason) for u in part.unchecked)
    for code, counts in part.outcomes.items():
        for outcome, count in counts.items():
            total.outcomes.setdefault(code, dict.fromkeys(counts, 0))[outcome] += count


def _evidence(capture: Capture, folder: str, documents: int) -> Evidence:
    return Evidence(
        capture=folder,
        digest=capture.digest,
        pages=sum(1 for p in capture.pages() if p.was_read),
        documents=documents,
        started=capture.started.isoformat(),
        finished=capture.finished.isoformat(),
        coverage={"fetched": capture.counts.get("fetched", 0), "refused": dict(capture.refused)},
    )


def _extent(capture: Capture) -> dict[str, Any]:
    """How far a site was read: pages that stand as an earlier capture has them, columns, remarks of the crawl."""
    outcomes = Counter(page.outcome for page in capture.pages())
    columns = [
        {
            "name": " › ".join(column.path) or column.name,
            "url": column.url,
            "pages": len(column.pages),
            "entries": column.entries,
            "expected": column.expected,
            "newest": column.newest.isoformat() if column.newest else "",
            "gaps": list(column.gaps),
        }
        for column in capture.columns()
    ]
    kept = {outcome: outcomes[outcome] for outcome in ("unchanged", "carried")}
    return {**kept, "columns": columns, "notes": list(capture.notes)}


def _seen(findings: Iterable[Finding], on: date) -> tuple[Finding, ...]:
    day = on.isoformat()
    return tuple(replace(f, first_seen=day, last_seen=day) for f in findings)
