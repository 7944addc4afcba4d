"""From a capture to an inspection: judge what it holds and put the result together."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from crawler.capture import Capture
from crawler.evidence import Document, Page, Site
from scoring.annual_report import AnnualReport, Options
from scoring.checklist import checklist
from scoring.checks.report.claims import claims
from scoring.data import table
from scoring.engine import Judged, file_name, judge_report, numbered, running_rules
from scoring.inspection import (
    Beside,
    Evidence,
    Finding,
    Inspection,
    Probed,
    Profile,
    ScorecardResult,
    ScoreItem,
    Subject,
    Unchecked,
    Where,
)
from scoring.probes import Probes
from scoring.recognition import recognised_fact
from scoring.relations import NOBODY, Company, Relative, relative
from scoring.results import Other
from scoring.rules import RuleSet
from scoring.scorecard import add_up, priced, site_cards
from scoring.site.extent import extent
from scoring.site.judging import judge_site
from scoring.site.view import SiteView
from scoring.site_counts import counted
from scoring.site_reports import carried, find_reports, site_case
from scoring.text import key
from scoring.told_once import told_once
from scoring.veil import veiled_all
from scoring.wording.documents import judge_wording
from scoring.wording.lexicons import Lexicons, shipped
from scoring.wording.own import lexicons_with

REPORT_CARD = "annual-report"
_Mark = tuple[str, str, Where, str, str]
_KEPT = 64  # documents of a site kept while it is judged


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
    company: Company = NOBODY,
    lexicons: Lexicons | None = None,
) -> Inspection:
    """Judge one annual report of a capture, beside the others of ``company``.

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
    judged = judge_report(company.case(report, before), rules, on, report.unit or stored.uri)
    of_words = judge_wording(
        stored, rules, on, report.unit or stored.uri, lexicons or shipped(), day=report.published, report=report
    )
    merge(judged, of_words, "")
    findings = numbered(told_once(judged.findings))
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
        recognised=_recognised(report),
        title=report.title.text if report.title else "",
        format=report.tables.format,
    )
    return _masked(
        Inspection(
            subject=subject,
            profile=Profile((REPORT_CARD,), rules.digest, on.isoformat(), dict(user_options or {})),
            evidence=_with_notes(
                _evidence(capture, folder, capture.pages(), documents=1 + (before is not None), company=company),
                report.document.notes,
            ),
            scorecards=(scored,),
            findings=_seen(findings, on),
            outcomes=judged.outcomes,
            unchecked=tuple(judged.unchecked),
            rule_titles={r.code: r.title for r in rules.rules},
        )
    )


def inspect_document(
    capture: Capture,
    record_id: str,
    *,
    published: date | None,
    rules: RuleSet,
    on: date,
    folder: str,
    document: Document | None = None,
    user_options: dict[str, Any] | None = None,
    lexicons: Lexicons | None = None,
) -> Inspection:
    """Judge the wording of one document of a capture, whatever it is; names and meanings as for reports."""
    stored = document or capture.document(record_id)
    if stored is None:
        raise ValueError(f"record {record_id} holds no document")
    remote = stored.uri.startswith(("http://", "https://"))
    name = stored.title or file_name(stored.uri)
    day = published.isoformat() if published else None
    judged = judge_wording(stored, rules, on, name, lexicons or shipped(), day=published)
    return _masked(
        Inspection(
            subject=Subject(
                kind="document",
                name=name,
                url=stored.uri if remote else None,
                file=None if remote else file_name(stored.uri),
                published=day,
                title=stored.title,
            ),
            profile=Profile((), rules.digest, on.isoformat(), dict(user_options or {})),
            evidence=_with_notes(
                _evidence(capture, folder, capture.pages(), documents=1, company=NOBODY), stored.notes
            ),
            scorecards=(),
            findings=_seen(numbered(judged.findings), on),
            outcomes=judged.outcomes,
            unchecked=tuple(judged.unchecked),
            rule_titles={r.code: r.title for r in rules.rules},
        )
    )


@contextmanager
def _few_collections() -> Iterator[None]:
    """Millions of small records without cycles pass by: looking for cycles among them costs a third of the time."""
    before = gc.get_threshold()
    gc.set_threshold(1_000_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@_few_collections()  # ends when what was made on the way is gone
def inspect_site(
    capture: Capture,
    *,
    rules: RuleSet,
    on: date,
    folder: str,
    documents: Callable[[str], Document] | None = None,
    company: Company = NOBODY,
    cards: Sequence[str] = (),
    probes: Probes | None = None,
) -> Inspection:
    """Judge one site: what the whole of it shows, and each annual report found on it, beside those of ``company``.

    ``documents`` replaces the stored readings by record id (``verify`` re-reads). ``cards`` are the scorecards of the
    site, those of its kind where none is named; ``probes`` the log of visits to it.
    """
    # What is looked at again is mostly the home page and the fronts of columns, by one rule after the other.
    document = lru_cache(maxsize=_KEPT)(_also(probes, documents or stored_documents(capture)))
    with closing(SiteView(capture, site_of(capture), on, document)) as view:
        return _inspect_site(capture, view, document, rules, on, folder, company, cards, probes)


def _inspect_site(
    capture: Capture,
    view: SiteView,
    document: Callable[[str], Document],
    rules: RuleSet,
    on: date,
    folder: str,
    company: Company,
    cards: Sequence[str],
    probes: Probes | None,
) -> Inspection:
    site = view.site
    reports = find_reports(view, document)
    case = replace(site_case(view, reports, document), probes=probes)
    total = judge_site(case, document, rules, on, site.id, lexicons_with(site.lexicon) if site.lexicon else None)
    whole_site = deepcopy(total)
    # What a rule on reports says of other pages says nothing of the report.
    about_reports = priced(REPORT_CARD) - {rule.code for rule in running_rules(rules, "report")}
    every = carried(reports, site)
    by_year = {(key(one.report.unit or site.name), one.report.year): one.report for one in every}
    seen = counted(capture, site, document) if any(claims(r, portal=True) for r in reports) else None
    newest_card: list[tuple[ScorecardResult, Judged]] = []
    trial = frozenset(r.code for r in rules.rules if r.status == "trial")
    newest = max((r.year for r in reports if r.year), default=None)
    for one in every:
        report = one.report
        before = by_year.get((key(report.unit or site.name), (report.year or 0) - 1))
        copies = (Other("copy", copy.document.uri, copy) for copy in one.copies)
        beside = company.case(report, before, copies, seen)
        judged = judge_report(beside, rules, on, scope_of(site, report))
        merge(total, judged, f"{report.year}年报告：" if report.year else "")
        if report.year == newest and not newest_card:
            # What the site lacks counts with its newest report, as far as its card asks for it.
            merge(judged, whole_site.only(about_reports), "")
            newest_card.append((add_up(REPORT_CARD, judged, numbered(judged.findings), trial), judged))
    findings = numbered(told_once(total.findings))
    ids = {_mark(f): f.id for f in findings}
    chosen = tuple(cards) or site_cards(site.kind)
    of_site = tuple(add_up(name, whole_site, _of_site(findings, whole_site), trial, site.services) for name in chosen)
    scored = (*of_site, *(_renumber(card, judged, ids, newest) for card, judged in newest_card))
    evidence = _evidence(capture, folder, view.pages.values(), documents=len(reports), company=company)
    coverage = replace(evidence, probes=_probed(probes))
    listed = [
        {
            "title": r.title.text if r.title else "",
            "year": r.year,
            "published": r.published.isoformat() if r.published else None,
            "url": r.document.uri,
        }
        for r in reports
    ]
    return _masked(Inspection(
        subject=Subject(
            kind="site", id=site.id, name=site.name, url=site.home, region=site.region, level=site.level,
            publisher=case.publisher, report_year=newest,
        ),
        profile=Profile((*chosen, *(REPORT_CARD for _ in newest_card)), rules.digest, on.isoformat(), {}),
        evidence=_with_notes(
            replace(coverage, coverage={**coverage.coverage, "reports": listed, **extent(view, capture.notes)}),
            [f"{_called(r)}：{note}" for r in reports for note in r.document.notes],
        ),
        scorecards=scored,
        findings=_seen(findings, on),
        outcomes=total.outcomes,
        unchecked=tuple(total.unchecked),
        rule_titles={r.code: r.title for r in rules.rules},
        checklist=checklist(rules, site),
    ))  # fmt: skip


def _also(probes: Probes | None, documents: Callable[[str], Document]) -> Callable[[str], Document]:
    """The documents of a capture, and the log of visits."""
    if probes is None:
        return documents
    return lambda record: probes.document if record == probes.document.record else documents(record)


def _probed(probes: Probes | None) -> Probed | None:
    if probes is None:
        return None
    return Probed(probes.file, probes.document.digest, probes.document.record, len(probes.visits))


def _of_site(findings: Iterable[Finding], whole_site: Judged) -> list[Finding]:
    """The numbered findings on the site as a whole: an annual report is scored on its own card."""
    own = {(f.rule, f.message, f.quote) for f in whole_site.findings}
    return [f for f in findings if (f.rule, f.message, f.quote) in own]


def scope_of(site: Site, report: AnnualReport) -> str:
    """What a report is called in fingerprints: its site, and its unit where the site shows those of several."""
    unit = key(report.unit or "")
    return site.id if unit in ("", key(site.name)) else f"{site.id}|{unit}"


def _mark(finding: Finding) -> _Mark:
    """What a finding is known by before it has a number."""
    return finding.rule, finding.message_key, finding.where, finding.quote, finding.message


def _renumber(card: ScorecardResult, judged: Judged, ids: dict[_Mark, str], year: int | None) -> ScorecardResult:
    """The newest report's card, its findings named by their ids in the whole inspection."""
    own = {f.id: _mark(f) for f in numbered(judged.findings)}

    def named(item: ScoreItem) -> ScoreItem:
        # What is told once, by another rule, is not among the findings of the whole.
        told = [
            (ids[own[name]], cost) for name, cost in zip(item.findings, item.costs, strict=True) if own[name] in ids
        ]
        return replace(item, findings=tuple(name for name, _ in told), costs=tuple(cost for _, cost in told))

    items = tuple(map(named, card.items))
    grave = tuple(ids[own[name]] for name in card.grave if own[name] in ids)
    title = f"{card.title}（{year}年报告）" if year else card.title
    return replace(card, items=items, title=title, grave=grave)


def merge(total: Judged, part: Judged, prefix: str) -> None:
    total.findings.extend(part.findings)
    for code, names in part.reasons.items():
        total.reasons.setdefault(code, set()).update(names)
    total.unchecked.extend(Unchecked(u.rule, u.rule_id, u.title, u.outcome, prefix + u.reason) for u in part.unchecked)
    for code, counts in part.outcomes.items():
        for outcome, count in counts.items():
            total.outcomes.setdefault(code, dict.fromkeys(counts, 0))[outcome] += count


def site_of(capture: Capture) -> Site:
    """The site of a capture; ValueError where it is of a single report."""
    if capture.site is None:
        raise ValueError("the capture is not of a site")
    return capture.site


def stored_documents(capture: Capture) -> Callable[[str], Document]:
    """Documents of a capture by record, as they were read when it was made; ValueError where there is none."""

    def document(record: str) -> Document:
        found = capture.document(record)
        if found is None:
            raise ValueError(f"record {record} holds no document")
        return found

    return document


def site_reports(capture: Capture) -> list[AnnualReport]:
    """The reports of a site that are judged, one for each unit and year."""
    site = site_of(capture)
    read = stored_documents(capture)
    view = SiteView(capture, site, capture.finished.date(), read)
    return [one.report for one in carried(find_reports(view, read), site)]


def earlier_reports(capture: Capture, earlier: Capture, folder: str) -> list[Relative]:
    """The reports that an earlier capture of the site has at the same addresses, with other content.

    ``folder`` is where the earlier capture lies, as seen from the inspection.
    """
    found = []
    read = stored_documents(earlier)
    for report in site_reports(capture):
        page = earlier.page(report.document.uri)
        if page is None or page.record is None or not page.was_read:
            continue
        before = read(page.record)
        day = earlier.started.date().isoformat()
        name = table("site-regions")["earlier"].format(day=day)
        ref = Beside(report.document.record, "earlier", name, folder, earlier.digest, page.record)
        found.append(relative(ref, before))
    return found


def _recognised(report: AnnualReport) -> dict[str, str]:
    """How each fact was found out, and which tables were read from a picture."""
    fact = recognised_fact(report)
    return {**report.recognised, **({fact[0]: fact[1]} if fact else {})}


def _evidence(capture: Capture, folder: str, pages: Iterable[Page], documents: int, company: Company) -> Evidence:
    read = capture.counts.get("read", capture.counts.get("fetched", 0))
    return Evidence(
        capture=folder,
        digest=capture.digest,
        pages=sum(1 for p in pages if p.was_read),
        documents=documents + len(company.relatives),
        started=capture.started.isoformat(),
        finished=capture.finished.isoformat(),
        coverage={"fetched": read, "refused": dict(capture.refused)},
        beside=tuple(r.ref for r in company.relatives),
        lacking=dict(company.lacking),
    )


def _with_notes(evidence: Evidence, notes: Iterable[str]) -> Evidence:
    """The same with what the readers of reports could not read, or read with reservations."""
    known = evidence.coverage
    told = [*known.get("notes", ()), *notes]
    return replace(evidence, coverage={**known, "notes": told}) if told else evidence


def _called(report: AnnualReport) -> str:
    return f"{report.year}年报告" if report.year else file_name(report.document.uri)


def _masked(inspection: Inspection) -> Inspection:
    """The same without the numbers of persons that names, titles, notes and reasons may hold; findings have none."""
    return replace(
        inspection,
        subject=veiled_all(inspection.subject),
        evidence=veiled_all(inspection.evidence),
        unchecked=veiled_all(inspection.unchecked),
    )


def _seen(findings: Iterable[Finding], on: date) -> tuple[Finding, ...]:
    day = on.isoformat()
    return tuple(replace(f, first_seen=day, last_seen=day) for f in findings)
