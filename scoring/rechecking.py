"""Looking again at single pages: which findings a page shows by itself, and which of them are gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from crawler.evidence import Document, Site
from scoring.annual_report import AnnualReport, Options, is_title
from scoring.assemble import merge, scope_of
from scoring.compare import compare, former_of, match
from scoring.data import table
from scoring.engine import Judged, judge_report, numbered
from scoring.inspection import DecisionKind, Finding, Inspection
from scoring.relations import NOBODY
from scoring.rules import RuleSet
from scoring.told_once import told_once
from scoring.wording.documents import judge_wording
from scoring.wording.own import lexicons_with


@dataclass(frozen=True, slots=True)
class Seen:
    """What looking again at a finding came to: found_mended, found_persisting or found_unseen, and why or what."""

    kind: DecisionKind
    reason: str = ""


def unseen(name: str, **values: object) -> Seen:
    """That a finding could not be looked at again; ``name`` is that of the reason."""
    return Seen("found_unseen", str(table("decisions")["recheck"]["reasons"][name]).format(**values))


def judged_alone(document: Document, site: Site, rules: RuleSet, on: date) -> Judged:
    """What the rules on reports and on running text say of one page of a site, without the rest of it."""
    report = AnnualReport(document, Options(page=True, level=site.level))
    is_report = report.title is not None and (bool(report.sections) or is_title(document.title))
    scope = scope_of(site, report) if is_report else site.id
    lexicons = lexicons_with(site.lexicon)
    known = report if is_report else None
    day = report.published if is_report else None
    judged = judge_wording(document, rules, on, scope, lexicons, day=day, report=known)
    if is_report:
        merge(judged, judge_report(NOBODY.case(report, None), rules, on, scope), "")
    return judged


def seen_again(
    inspection: Inspection, wanted: Iterable[Finding], before: Document, after: Sequence[Document],
    judge: Callable[[Document], Judged],
) -> dict[str, Seen]:  # fmt: skip
    """What came of the wanted findings of one page, by identity.

    ``before`` is the page as it was judged, ``after`` what stands there now, and where the unit says it mended it. Only
    a finding that the page as it was shows by itself can be looked at again without the rest of the site.
    """
    kept = [finding for finding in inspection.findings if finding.where.record == before.record]
    control = judge(before)
    shown = numbered(told_once(control.findings))
    positions = set(match([*map(former_of, kept)], [*map(former_of, shown)]).values())
    alone = [finding for position, finding in enumerate(kept) if position in positions]
    fresh = Judged()
    for document in after:
        merge(fresh, judge(document), "")
    page = replace(inspection.subject, kind="document")
    old = replace(inspection, subject=page, findings=tuple(alone), outcomes=control.outcomes, fixed=(), unseen=())
    new = replace(old, findings=numbered(told_once(fresh.findings)), outcomes=fresh.outcomes)
    return told_by(old, new, wanted, unseen("whole_site"))


def told_by(old: Inspection, new: Inspection, wanted: Iterable[Finding], otherwise: Seen) -> dict[str, Seen]:
    """What a comparison says of findings, by identity; ``otherwise`` of those that it does not know."""
    told = compare(old, new, None)
    found = {f.identity: Seen("found_persisting", f.message) for f in told.findings if f.state != "new"}
    found |= {one.fingerprint: Seen("found_mended") for one in told.fixed}
    found |= {one.fingerprint: Seen("found_unseen", one.why) for one in told.unseen}
    return {finding.identity: found.get(finding.identity, otherwise) for finding in wanted}
