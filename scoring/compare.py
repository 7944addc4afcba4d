"""Two inspections of one subject: what is new, persists, is mended, is back again, and what could not be looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from rapidfuzz import fuzz

from scoring.data import table
from scoring.fingerprints import family, skeleton, words_of
from scoring.inspection import Compared, Finding, Former, Inspection
from scoring.loopback import on_ports_of

State = Literal["new", "persisting", "reopened"]


class Reading(Protocol):
    """What is known of the pages of the later inspection."""

    def state(self, url: str) -> Literal["read", "unread", "gone", "away"]:
        """Whether an address was read; ``gone``: it does not exist any more, ``away``: it is of another site."""

    def why(self, url: str) -> str:
        """Why an address was not read, in brackets; "" where that is not known."""


@dataclass(frozen=True, slots=True)
class Score:
    """The points of one scorecard in two inspections; None where one of them does not have it."""

    title: str
    old: float | None
    new: float | None

    @property
    def change(self) -> float | None:
        return None if self.old is None or self.new is None else round(self.new - self.old, 1)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of each finding. ``findings`` are those of the later inspection, told by the earlier one.

    ``fixed`` are those mended since, ``mended`` the ones that had been mended before and still are.
    """

    old: Inspection
    new: Inspection
    findings: tuple[Finding, ...]
    fixed: tuple[Former, ...]
    unseen: tuple[Former, ...]
    mended: tuple[Former, ...]
    scores: tuple[Score, ...]
    notes: tuple[str, ...]

    def of(self, state: State) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.state == state)


def compare(old: Inspection, new: Inspection, reading: Reading | None) -> Comparison:
    """Compare two inspections of one subject. ``reading`` knows the pages of ``new``, None where nobody does."""
    old = on_ports_of(new, old)
    day = old.profile.judged_on
    open_before = [*(former_of(finding, day) for finding in old.findings), *old.unseen]
    before = [*open_before, *old.fixed]
    pairs = match(before, [former_of(finding, day) for finding in new.findings])
    mended = {id(former) for former in old.fixed}
    names = {former.fingerprint for former in before}
    found = []
    for index, finding in enumerate(new.findings):
        former = before[pairs[index]] if index in pairs else None
        if former is not None:
            found.append(_told(finding, former, again=id(former) in mended))
        else:
            # What has left its place keeps its name: another fault that turns up there gets one of its own.
            known = f"{finding.fingerprint}~{new.profile.judged_on}" if finding.identity in names else finding.known_as
            found.append(replace(finding, state="new", known_as=known))
    met = {id(before[position]) for position in pairs.values()}
    gone = [(former, _unseen(former, old, new, reading)) for former in open_before if id(former) not in met]
    since = new.profile.judged_on
    return Comparison(
        old,
        new,
        tuple(found),
        fixed=tuple(replace(former, since=since, why="") for former, why in gone if not why),
        unseen=tuple(replace(former, why=why) for former, why in gone if why),
        mended=tuple(former for former in old.fixed if id(former) not in met),
        scores=tuple(_scores(old, new)),
        notes=tuple(_notes(old, new)),
    )


def carried(comparison: Comparison) -> Inspection:
    """The later inspection with what the comparison says of it."""
    old = comparison.old
    return replace(
        comparison.new,
        findings=comparison.findings,
        fixed=(*comparison.fixed, *comparison.mended),
        unseen=comparison.unseen,
        compared=Compared(
            judged_on=old.profile.judged_on,
            digest=old.evidence.digest,
            rules_digest=old.profile.rules_digest,
            scores={card.id: card.score for card in old.scorecards},
            notes=comparison.notes,
        ),
    )


def judged_again(kept: Inspection, new: Inspection) -> Inspection:
    """A new judgement of the same capture, with what the kept one says of earlier inspections."""
    before = [former_of(finding) for finding in kept.findings]
    pairs = match(before, [former_of(finding) for finding in new.findings])
    findings = []
    for index, finding in enumerate(new.findings):
        if index in pairs:
            was = kept.findings[pairs[index]]
            known = was.identity if was.identity != finding.fingerprint else None
            finding = replace(
                finding, state=was.state, first_seen=was.first_seen, known_as=known, moved_from=was.moved_from
            )
        findings.append(finding)
    return replace(new, findings=tuple(findings), fixed=kept.fixed, unseen=kept.unseen, compared=kept.compared)


def former_of(finding: Finding, day: str = "") -> Former:
    """What is kept of a finding to know it again; ``day`` stands for the days it does not have itself."""
    where = finding.where
    parts = (where.table, where.row_label, where.column_label) if where.row_label else (where.section,)
    return Former(
        fingerprint=finding.identity,
        rule=finding.rule,
        latest=finding.fingerprint,
        title=finding.title,
        severity=finding.severity,
        outcome=finding.outcome,
        message=finding.message,
        message_key=finding.message_key,
        quote=words_of(finding.quote, where),
        url=where.url,
        place="|".join(skeleton(part) for part in parts),
        about=_about(finding),
        pages=finding.pages,
        first_seen=finding.first_seen or day,
        last_seen=finding.last_seen or day,
    )


def _about(finding: Finding) -> str:
    """What the values of a message name, without figures, addresses and the columns above the one that is meant."""
    mark = table("comparison")["path_mark"]
    words = {
        name: skeleton(value.rpartition(mark)[2])
        for name, value in finding.values.items()
        if isinstance(value, str) and "://" not in value and not value.startswith("/")
    }
    return "|".join(f"{name}={word}" for name, word in sorted(words.items()) if word.strip("0"))


def _told(finding: Finding, former: Former, *, again: bool) -> Finding:
    """The finding with its state, the name and the day it was first found under, and the address it left."""
    moved = former.url if former.url != finding.where.url else None
    known = former.fingerprint if former.fingerprint != finding.fingerprint else None
    first = min(day for day in (former.first_seen, finding.first_seen or former.first_seen) if day is not None)
    state: State = "reopened" if again else "persisting"
    return replace(finding, state=state, first_seen=first or None, known_as=known, moved_from=moved)


# --- which is which ---------------------------------------------------------------------------------


def match(before: Sequence[Former], now: Sequence[Former]) -> dict[int, int]:
    """For each position in ``now`` that was found before, its position in ``before``.

    First by the name that an earlier comparison gave it, then by fingerprint, then by the fingerprint without its mark;
    then by rule, message and the same words, at this address or another; last by rule, message and address, where the
    words are alike. Every one is used once.
    """
    pairs: dict[int, int] = {}
    taken: set[int] = set()

    def pair(ways: Callable[[Former], Iterable[object]], fits: Callable[[Former, Former], bool]) -> None:
        left: dict[object, list[int]] = {}
        for position, former in enumerate(before):
            if position not in taken:
                for way in ways(former):
                    left.setdefault(way, []).append(position)
        for index, finding in enumerate(now):
            if index in pairs:
                continue
            held = (position for way in ways(finding) for position in left.get(way, ()) if position not in taken)
            fitting = [position for position in dict.fromkeys(held) if fits(before[position], finding)]
            if fitting:
                best = min(fitting, key=lambda position: (_distance(before[position], finding), position))
                pairs[index] = best
                taken.add(best)

    renamed = {one.fingerprint for one in now if one.fingerprint != one.latest}
    pair(lambda one: {one.fingerprint} & renamed, _always)
    pair(lambda one: (one.latest,), _always)
    pair(lambda one: (family(one.latest),), lambda was, one: was.url == one.url)
    pair(lambda one: (family(one.latest),), _always)
    pair(lambda one: ((one.rule, one.message_key, one.quote),), _same_words)
    pair(lambda one: ((one.rule, one.message_key, one.url, one.place),), _alike)
    return pairs


def _always(_: Former, __: Former) -> bool:
    return True


def _same_words(was: Former, now: Former) -> bool:
    """The same words about the same thing; a few words that stand on every page say nothing."""
    return len(now.quote) >= table("comparison")["least_words"] and was.about == now.about


def _alike(was: Former, now: Former) -> bool:
    least: float = table("comparison")["alike"]
    return fuzz.ratio(was.quote, now.quote) >= least and fuzz.ratio(was.about, now.about) >= least


def _distance(was: Former, now: Former) -> tuple[bool, bool, float]:
    return was.latest != now.latest, was.url != now.url, -fuzz.ratio(was.message, now.message)


# --- what could be looked at again ------------------------------------------------------------------


def _unseen(former: Former, old: Inspection, new: Inspection, reading: Reading | None) -> str:
    """Why a finding that is not there any more cannot be called mended; "" where it can."""
    reasons = table("comparison")["unseen"]
    counts = new.outcomes.get(former.rule)
    if counts is None:
        return str(reasons["rule_gone"])
    if counts["error"]:
        return str(reasons["error"])
    decided = counts["pass"] + counts["fail"] + counts["needs_review"]
    held_before = old.outcomes.get(former.rule, {}).get("not_checked", 0)
    if counts["not_checked"] > (held_before if decided else 0):
        return str(reasons["not_checked"])
    if not decided:
        return str(reasons["not_applicable"])
    return _unread(former, new, reading)


def _unread(former: Former, new: Inspection, reading: Reading | None) -> str:
    """Why the pages of a finding say nothing this time; "" where all of them were read, or do not exist any more."""
    reasons = table("comparison")["unseen"]
    addresses = dict.fromkeys((*((former.url,) if former.url else ()), *former.pages))
    if not addresses or new.subject.kind != "site":
        return ""
    if reading is None:
        return str(reasons["no_capture"]) if new.evidence.coverage.get("refused") else ""
    unread = [url for url in addresses if reading.state(url) not in ("read", "gone")]
    if not unread:
        return ""
    if len(addresses) == 1:
        return str(reasons["page_unread"].format(why=reading.why(unread[0])))
    return str(reasons["pages_unread"].format(count=len(unread)))


# --- what else differs ------------------------------------------------------------------------------


def _scores(old: Inspection, new: Inspection) -> Iterator[Score]:
    before = {card.id: card for card in old.scorecards}
    after = {card.id: card for card in new.scorecards}
    for name in dict.fromkeys((*after, *before)):
        was, now = before.get(name), after.get(name)
        told = now or was
        assert told is not None
        yield Score(told.title, was.score if was else None, now.score if now else None)


def _notes(old: Inspection, new: Inspection) -> Iterator[str]:
    data = table("comparison")
    notes = data["notes"]
    if old.profile.judged_on > new.profile.judged_on:
        yield notes["order"].format(old=old.profile.judged_on, new=new.profile.judged_on)
    if old.profile.rules_digest != new.profile.rules_digest:
        yield notes["rules"]
    if set(old.profile.scorecards) != set(new.profile.scorecards):
        yield notes["scorecards"].format(
            old="、".join(old.profile.scorecards) or "无", new="、".join(new.profile.scorecards) or "无"
        )
    read = old.evidence.pages, new.evidence.pages
    if abs(read[1] - read[0]) > data["pages_differ"] * max(read):
        yield notes["pages"].format(old=read[0], new=read[1])
    unread = _refused(old), _refused(new)
    if unread[1] > unread[0]:
        yield notes["refused"].format(old=unread[0], new=unread[1])


def _refused(inspection: Inspection) -> int:
    return sum(inspection.evidence.coverage.get("refused", {}).values())
