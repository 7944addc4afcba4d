"""Questions to the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from duwang.store import tables as t
from scoring.decisions import Decision, made

_COUNTS = ("fails", "reviews", "aside", "new", "persisting", "reopened", "fixed", "unseen")


@dataclass(frozen=True, slots=True)
class Ranked:
    """A site in the ranking. ``place`` counts from 1, equal scores share it; ``before`` are place and score of the
    inspection before, None where there is none. ``counts`` are those of ``inspections``.
    """

    key: str
    name: str
    place: int
    score: float
    grade: str
    judged_on: str
    counts: Mapping[str, int]
    place_before: int | None = None
    score_before: float | None = None


def ranking(connection: Connection, card: str | None = None, on: date | None = None) -> list[Ranked]:
    """The sites by score, the best first; by one scorecard, else each by its first one.

    Of each site the last inspection up to ``on`` counts, and the one before it for what changed.
    """
    rows = connection.execute(_last_two(card, on)).all()
    now = [row for row in rows if row.age == 1]
    before = {row.key: row for row in rows if row.age == 2}
    places, places_before = _places(now), _places(list(before.values()))
    ranked = [_ranked(row, places[row.key], before.get(row.key), places_before.get(row.key)) for row in now]
    return sorted(ranked, key=lambda one: (one.place, one.key))


def _last_two(card: str | None, on: date | None) -> Select[Any]:
    i, s = t.inspections, t.scores
    age = func.row_number().over(
        partition_by=i.c.site_id, order_by=(i.c.judged_on.desc(), i.c.finished.desc(), i.c.id.desc())
    )
    chosen = select(i.c.id, age.label("age"))
    if on is not None:
        chosen = chosen.where(i.c.judged_on <= on.isoformat())
    last = chosen.subquery()
    scored = s.c.card == card if card is not None else s.c.position == 0
    told = (t.sites.c.key, t.sites.c.name, last.c.age, i.c.judged_on, s.c.score, s.c.grade)
    return (
        select(*told, *(i.c[name] for name in _COUNTS))
        .join(i, i.c.id == last.c.id)
        .join(t.sites, t.sites.c.id == i.c.site_id)
        .join(s, s.c.inspection_id == i.c.id)
        .where(last.c.age <= 2, scored)
    )


def _places(rows: Sequence[Row[Any]]) -> dict[str, int]:
    ordered = sorted((row.score for row in rows), reverse=True)
    first = {score: place for place, score in reversed(list(enumerate(ordered, 1)))}
    return {row.key: first[row.score] for row in rows}


def _ranked(row: Row[Any], place: int, before: Row[Any] | None, place_before: int | None) -> Ranked:
    return Ranked(
        row.key,
        row.name,
        place,
        row.score,
        row.grade,
        row.judged_on,
        _counts_of(row),
        place_before,
        before.score if before is not None else None,
    )


def _counts_of(row: Row[Any]) -> dict[str, int]:
    return {name: row._mapping[name] for name in _COUNTS}


@dataclass(frozen=True, slots=True)
class Month:
    """One inspection of a site: its day, its scores by scorecard, the counts of its findings, its file."""

    judged_on: str
    path: str
    counts: Mapping[str, int]
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Life:
    """One fault of a site from the first to the last day that it was seen, with the decision that holds."""

    fingerprint: str
    rule: str
    title: str
    severity: str
    outcome: str
    message: str
    url: str | None
    state: str
    first_seen: str
    last_seen: str
    ended: str
    why: str
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of rectification that was sent out, and how many faults it names."""

    number: str
    sent_on: str
    due_on: str | None
    path: str
    faults: int


@dataclass(frozen=True, slots=True)
class History:
    """All that is known of one site."""

    key: str
    name: str
    months: tuple[Month, ...]
    lives: tuple[Life, ...]
    notices: tuple[Notice, ...] = ()


def history(connection: Connection, subject: str) -> History | None:
    """The inspections of a site in order of time, and every fault it ever had; None where it is not known."""
    site = connection.execute(select(t.sites).where(t.sites.c.key == subject)).one_or_none()
    if site is None:
        return None
    points: dict[int, dict[str, float]] = {}
    i, s = t.inspections, t.scores
    scored = select(s).join(i, i.c.id == s.c.inspection_id).where(i.c.site_id == site.id).order_by(s.c.position)
    for row in connection.execute(scored):
        points.setdefault(row.inspection_id, {})[row.title] = row.score
    months = select(i.c.id, i.c.judged_on, i.c.path, *(i.c[name] for name in _COUNTS)).where(i.c.site_id == site.id)
    rows = connection.execute(months.order_by(i.c.judged_on, i.c.finished, i.c.id)).all()
    held = {one.fingerprint: one for one in decisions(connection, subject)}
    f = t.findings
    order = (f.c.first_seen, f.c.rule, f.c.fingerprint)
    lives = connection.execute(select(f).where(f.c.site_id == site.id).order_by(*order)).all()
    names = [item.name for item in fields(Life) if item.name != "decision"]
    return History(
        site.key,
        site.name,
        tuple(Month(row.judged_on, row.path, _counts_of(row), points.get(row.id, {})) for row in rows),
        tuple(
            Life(**{name: row._mapping[name] for name in names}, decision=held.get(row.fingerprint)) for row in lives
        ),
        tuple(_notices(connection, site.id)),
    )


def _notices(connection: Connection, site: int) -> Iterator[Notice]:
    n, faults = t.notices, func.count(t.noticed.c.fingerprint)
    asked = (
        select(n.c.number, n.c.sent_on, n.c.due_on, n.c.path, faults.label("faults"))
        .outerjoin(t.noticed, t.noticed.c.notice_id == n.c.id)
        .where(n.c.site_id == site)
        .group_by(n.c.id, n.c.number, n.c.sent_on, n.c.due_on, n.c.path)
        .order_by(n.c.sent_on, n.c.number)
    )
    for row in connection.execute(asked):
        yield Notice(row.number, row.sent_on, row.due_on, row.path, row.faults)


def decisions(connection: Connection, subject: str) -> list[Decision]:
    """All decisions about a subject, oldest first."""
    names = [item.name for item in fields(Decision)]
    rows = connection.execute(select(t.decisions).where(t.decisions.c.subject == subject))
    return sorted((Decision(**{name: row._mapping[name] for name in names}) for row in rows), key=made)


def last_inspection(connection: Connection, subject: str, on: date) -> Path | None:
    """The file of the last inspection of a subject up to a day; None where there is none."""
    i = t.inspections
    chosen = (
        select(i.c.path)
        .join(t.sites, t.sites.c.id == i.c.site_id)
        .where(t.sites.c.key == subject, i.c.judged_on <= on.isoformat())
        .order_by(i.c.judged_on.desc(), i.c.finished.desc(), i.c.id.desc())
    )
    path = connection.execute(chosen.limit(1)).scalar()
    return Path(path) if path else None


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each kind of thing has."""
    kinds = (t.sites, t.captures, t.inspections, t.findings, t.decisions, t.notices, t.probes, t.runs)
    return {
        table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one()) for table in kinds
    }
