"""What persons decided about findings, what units replied, and what an inspection looks like after it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from scoring.data import table
from scoring.inspection import (
    RECHECKS,
    REPLIES,
    Decided,
    DecisionKind,
    Finding,
    Former,
    Inspection,
)
from scoring.scorecard import add_up_again


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of the record about a finding; it is never changed, a later one of its kind takes its place.

    ``subject`` is the key of what was inspected and ``fingerprint`` the identity of the finding; ``unit``, ``rule`` and
    ``title`` say to people what it was. ``at`` is an ISO time with its offset, ``until`` an ISO day. ``basis`` says
    what a re-check rests on (the digest of its capture), or which row of a ledger a reply was (its days of inspection
    and of re-check).
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
    basis: str = ""

    @property
    def id(self) -> str:
        """A name made of its content: a record that was copied is the same record."""
        # Records of a time before ``basis`` keep their names.
        told = json.dumps({name: value for name, value in asdict(self).items() if name != "basis" or value},
                          ensure_ascii=False, sort_keys=True)  # fmt: skip
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:20]

    def said(self, *, active: bool = True) -> Decided:
        """What findings bear of it."""
        return Decided(self.id, self.kind, self.by, self.at, self.reason, self.until, self.link, active)


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds of a finding: the last decision, the last reply, and what was seen after that reply."""

    decision: Decision | None = None
    reply: Decision | None = None
    recheck: Decision | None = None


def subject_key(inspection: Inspection) -> str:
    """The name under which a subject is known from one inspection to the next."""
    subject = inspection.subject
    if subject.kind == "site":
        return subject.id or (subject.url or subject.name)
    return f"{subject.name}|{subject.report_year or ''}"


def standings(decisions: Iterable[Decision]) -> dict[str, Standing]:
    """What holds of each finding, by its identity; who withdraws, withdraws all that was said before."""
    held: dict[str, Standing] = {}
    for one in sorted(decisions, key=made):
        before = held.get(one.fingerprint, Standing())
        if one.kind == "withdrawn":
            after = Standing()
        elif one.kind in REPLIES:
            after = Standing(before.decision, one)
        elif one.kind in RECHECKS:
            after = replace(before, recheck=one)
        else:
            after = replace(before, decision=one)
        held[one.fingerprint] = after
    return held


def made(decision: Decision) -> tuple[datetime, str]:
    """What puts decisions in order of time."""
    return moment_of(decision.at), decision.id


def moment_of(text: str) -> datetime:
    """An ISO time or day as a moment; what gives no offset is taken for UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def decided(inspection: Inspection, decisions: Iterable[Decision]) -> Inspection:
    """The inspection after these decisions: findings bear them, scores are added up anew.

    Decisions about other subjects do not bear on it. What the inspection bore before is replaced. An inspection that
    was begun after a fault had been reported as mended is itself the re-check of it.
    """
    own = subject_key(inspection)
    held = standings(one for one in decisions if one.subject == own)
    findings = tuple(_bearing(f, held.get(f.identity, Standing()), inspection) for f in inspection.findings)
    fixed = tuple(_former(f, held.get(f.fingerprint, Standing()), inspection) for f in inspection.fixed)
    unseen = tuple(_former(f, held.get(f.fingerprint, Standing()), inspection) for f in inspection.unseen)
    told = replace(inspection, findings=findings, fixed=fixed, unseen=unseen)
    return told if findings == inspection.findings else rescored(told)


def undecided(inspection: Inspection) -> Inspection:
    """The inspection without anything that was said about its findings; its scores are as they were."""

    def bare(formers: Iterable[Former]) -> tuple[Former, ...]:
        return tuple(replace(one, reply=None, recheck=None) for one in formers)

    findings = tuple(replace(f, decision=None, reply=None, recheck=None) for f in inspection.findings)
    return replace(inspection, findings=findings, fixed=bare(inspection.fixed), unseen=bare(inspection.unseen))


def rescored(inspection: Inspection) -> Inspection:
    """The inspection with its scorecards added up by what its findings count as."""
    cards = tuple(add_up_again(card, inspection.findings) for card in inspection.scorecards)
    return replace(inspection, scorecards=cards)


def _bearing(finding: Finding, held: Standing, inspection: Inspection) -> Finding:
    one = held.decision
    active = one is not None and (one.kind != "waived" or (one.until or "") >= inspection.profile.judged_on)
    return replace(
        finding,
        decision=one.said(active=active) if one is not None else None,
        reply=held.reply.said() if held.reply is not None else None,
        recheck=_recheck(held, inspection, "found_persisting", ""),
    )


def _former(former: Former, held: Standing, inspection: Inspection) -> Former:
    kind: DecisionKind = "found_unseen" if former.why else "found_mended"
    reply = held.reply.said() if held.reply is not None else None
    return replace(former, reply=reply, recheck=_recheck(held, inspection, kind, former.why, former.since))


def _recheck(held: Standing, inspection: Inspection, kind: DecisionKind, why: str, day: str = "") -> Decided | None:
    """The last re-check that saw something: one that was recorded, or this inspection itself."""
    reply, known = held.reply, held.recheck
    if reply is None:
        return None
    begun = moment_of(inspection.evidence.started)
    known_counts = known is not None and (kind == "found_unseen" or moment_of(known.at) >= begun)
    if reply.kind != "mended" or begun <= moment_of(reply.at) or known_counts:
        return known.said() if known is not None else None
    by = table("decisions")["program"]
    return Decided(reply.id, kind, by, day or inspection.profile.judged_on, why, link=reply.link)
