"""What persons decided about findings, and what an inspection looks like after it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from scoring.inspection import Decided, DecisionKind, Finding, Inspection
from scoring.scorecard import add_up_again


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, as it is recorded: it is never changed, a later one about the same finding takes its place.

    ``subject`` is the key of what was inspected and ``fingerprint`` the identity of the finding; ``unit``, ``rule`` and
    ``title`` say to people what it was. ``at`` is an ISO time with its offset, ``until`` an ISO day.
    """

    subject: str
    fingerprint: str
    kind: DecisionKind
    by: str
    at: str
    reason: str = ""
    until: str | None = None
    link: str = ""
    unit: str = ""
    rule: str = ""
    title: str = ""

    @property
    def id(self) -> str:
        """A name made of its content: a record that was copied is the same record."""
        told = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def subject_key(inspection: Inspection) -> str:
    """The name under which a subject is known from one inspection to the next."""
    subject = inspection.subject
    if subject.kind == "site":
        return subject.id or (subject.url or subject.name)
    return f"{subject.name}|{subject.report_year or ''}"


def latest(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """The decision that holds for each finding: the last one made."""
    return {one.fingerprint: one for one in sorted(decisions, key=made)}


def made(decision: Decision) -> tuple[datetime, str]:
    """What puts decisions in order of time."""
    return datetime.fromisoformat(decision.at), decision.id


def decided(inspection: Inspection, decisions: Iterable[Decision]) -> Inspection:
    """The inspection after these decisions: findings bear them, scores are added up anew.

    Decisions about other subjects do not bear on it. What the inspection bore before is replaced.
    """
    own = subject_key(inspection)
    held = latest(one for one in decisions if one.subject == own)
    findings = tuple(_bearing(f, held, inspection.profile.judged_on) for f in inspection.findings)
    if findings == inspection.findings:
        return inspection
    return rescored(replace(inspection, findings=findings))


def rescored(inspection: Inspection) -> Inspection:
    """The inspection with its scorecards added up by what its findings count as."""
    cards = tuple(add_up_again(card, inspection.findings) for card in inspection.scorecards)
    return replace(inspection, scorecards=cards)


def _bearing(finding: Finding, held: dict[str, Decision], day: str) -> Finding:
    one = held.get(finding.identity)
    if one is None or one.kind == "withdrawn":
        return replace(finding, decision=None)
    active = one.kind != "waived" or (one.until or "") >= day
    said = Decided(one.id, one.kind, one.by, one.at, one.reason, one.until, one.link, active)
    return replace(finding, decision=said)
