"""The history of one site, told anew from its inspections in order of time: states, first and last days, scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, delete, select, update

from duwang.loop.follow import reading_of
from duwang.store import tables as t
from duwang.store.queries import decisions
from duwang.store.rows import clean, put
from duwang.store.snapshots import unpacked
from scoring.compare import Reading, carried, compare
from scoring.decisions import Decision, decided
from scoring.inspection import Finding, Former, Inspection


def retell(connection: Connection, site: int) -> None:
    """Make the findings, sightings and scores of a site anew from its inspections and the decisions about it."""
    subject: str = connection.execute(select(t.sites.c.key).where(t.sites.c.id == site)).scalar_one()
    stored = connection.execute(
        select(t.inspections.c.id, t.inspections.c.path, t.inspections.c.snapshot)
        .where(t.inspections.c.site_id == site)
        .join(t.captures, t.captures.c.id == t.inspections.c.capture_id)
        .order_by(
            t.inspections.c.judged_on, t.inspections.c.finished, t.captures.c.digest, t.inspections.c.rules_digest
        )
    ).all()
    connection.execute(delete(t.findings).where(t.findings.c.site_id == site))
    if not stored:
        return
    made = decisions(connection, subject)
    told = list(_told([(row.id, row.path, unpacked(row.snapshot)) for row in stored]))
    last = told[-1][1]
    put(connection, t.findings, _findings(site, [inspection for _, inspection in told]), ["site_id", "fingerprint"])
    ids = {
        row.fingerprint: row.id
        for row in connection.execute(
            select(t.findings.c.id, t.findings.c.fingerprint).where(t.findings.c.site_id == site)
        )
    }
    following = [inspection.profile.judged_on for _, inspection in told[1:]] + [""]
    for (number, inspection), after in zip(told, following, strict=True):
        # What was decided once the next inspection was there leaves the scores of this one as they were told.
        _one(connection, number, inspection, [one for one in made if not after or one.at[:10] < after], ids)
    subject_of = last.subject
    named = {"name": subject_of.name, "url": subject_of.url, "region": subject_of.region, "level": subject_of.level}
    values = {name: clean(value) for name, value in named.items()}
    connection.execute(update(t.sites).where(t.sites.c.id == site).values(**values))


def _told(stored: list[tuple[int, str, Inspection]]) -> Iterator[tuple[int, Inspection]]:
    """Each inspection, told by the one before it."""
    before: Inspection | None = None
    for number, path, inspection in stored:
        if before is not None:
            inspection = carried(compare(before, inspection, _reading(before, inspection, Path(path))))
        yield number, inspection
        before = inspection


class _Said:
    """What an inspection that was compared with the one before it says of the pages of earlier findings."""

    def __init__(self, inspection: Inspection) -> None:
        self._unread = {url: former.why for former in inspection.unseen for url in (former.url, *former.pages) if url}

    def state(self, url: str) -> Literal["read", "unread", "gone", "away"]:
        return "unread" if url in self._unread else "read"

    def why(self, url: str) -> str:  # noqa: ARG002  # the signature of readings
        return ""


def _reading(before: Inspection, inspection: Inspection, path: Path) -> Reading | None:
    said = inspection.compared
    if said is not None and (said.digest, said.judged_on) == (before.evidence.digest, before.profile.judged_on):
        return _Said(inspection)
    return reading_of(inspection, path.parent)


def _one(
    connection: Connection, number: int, inspection: Inspection, made: list[Decision], ids: dict[str, int]
) -> None:
    inspection = decided(inspection, made)
    connection.execute(delete(t.sightings).where(t.sightings.c.inspection_id == number))
    connection.execute(delete(t.scores).where(t.scores.c.inspection_id == number))
    sightings = [_sighting(number, ids[str(clean(f.identity))], f) for f in inspection.findings]
    put(connection, t.sightings, sightings, ["inspection_id", "finding_id"])
    put(connection, t.scores, _scores(number, inspection), ["inspection_id", "card"])
    connection.execute(update(t.inspections).where(t.inspections.c.id == number).values(**_counts(inspection)))


def _counts(inspection: Inspection) -> dict[str, int]:
    states = Counter[str](finding.state for finding in inspection.findings)
    counted = Counter[str](finding.counted_as for finding in inspection.findings)
    day = inspection.profile.judged_on
    return {
        "fails": counted["fail"],
        "reviews": counted["needs_review"],
        "aside": counted["none"],
        "new": states["new"],
        "persisting": states["persisting"],
        "reopened": states["reopened"],
        "fixed": sum(former.since == day for former in inspection.fixed),
        "unseen": len(inspection.unseen),
    }


def _scores(number: int, inspection: Inspection) -> Iterator[dict[str, Any]]:
    for position, card in enumerate({card.id: card for card in inspection.scorecards}.values()):
        yield {
            "inspection_id": number,
            "card": card.id,
            "position": position,
            "title": card.title,
            "score": card.score,
            "low": card.range[0],
            "max": card.max,
            "grade": card.grade,
        }


def _sighting(number: int, finding_id: int, finding: Finding) -> dict[str, Any]:
    return {
        "inspection_id": number,
        "finding_id": finding_id,
        "latest": finding.fingerprint,
        "number": finding.id,
        "state": finding.state,
        "severity": finding.severity,
        "counted": finding.counted_as,
        "message": finding.message,
        "url": finding.where.url,
        "moved_from": finding.moved_from,
    }


def _findings(site: int, told: list[Inspection]) -> list[dict[str, Any]]:
    """One row for each fault that was ever found, as the last inspection leaves it."""
    last = told[-1]
    days: dict[str, str] = {}
    for inspection in told:
        for finding in inspection.findings:
            days[finding.identity] = inspection.profile.judged_on
    rows = {f.fingerprint: _former(site, f, "fixed") for f in last.fixed}
    rows |= {f.fingerprint: _former(site, f, "unseen") for f in last.unseen}
    for finding in last.findings:
        former = replace(_as_former(finding), last_seen=last.profile.judged_on)
        rows[finding.identity] = _former(site, former, finding.state)
    for name, row in rows.items():
        row["last_seen"] = days.get(name, row["last_seen"])
    return list(rows.values())


def _as_former(finding: Finding) -> Former:
    return Former(
        fingerprint=finding.identity,
        rule=finding.rule,
        title=finding.title,
        severity=finding.severity,
        outcome=finding.outcome,
        message=finding.message,
        url=finding.where.url,
        first_seen=finding.first_seen or "",
        last_seen=finding.last_seen or "",
    )


def _former(site: int, former: Former, state: str) -> dict[str, Any]:
    return {
        "site_id": site,
        "fingerprint": former.fingerprint,
        "rule": former.rule,
        "title": former.title,
        "severity": former.severity,
        "outcome": former.outcome,
        "message": former.message,
        "url": former.url,
        "state": state,
        "first_seen": former.first_seen,
        "last_seen": former.last_seen,
        "ended": former.since if state == "fixed" else "",
        "why": former.why if state == "unseen" else "",
    }
