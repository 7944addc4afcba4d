"""One fault is told once: where a general rule and a special one speak of the same words, the special one speaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scoring.data import table
from scoring.inspection import Finding, Where


def told_once(findings: Iterable[Finding]) -> list[Finding]:
    """The findings without those that a rule leaves to another (``rules/tables/same-fault.yaml``)."""
    every = list(findings)
    leaves = table("same-fault")["leaves"]
    spoken: dict[str, list[Where]] = {}
    for finding in every:
        spoken.setdefault(finding.rule, []).extend(_places(finding))
    return [finding for finding in every if not _left(finding, leaves.get(finding.rule, ()), spoken)]


def _places(finding: Finding) -> Iterator[Where]:
    yield finding.where
    for place in finding.related:
        yield place.where


def _left(finding: Finding, to: Iterable[str], spoken: dict[str, list[Where]]) -> bool:
    own = finding.where
    return any(_meet(own, other) for rule in to for other in spoken.get(rule, ()))


def _meet(one: Where, other: Where) -> bool:
    """Whether two places share words: overlapping stretches of one block, or the same cell."""
    if (one.record, one.block, one.layer) != (other.record, other.block, other.layer):
        return False
    if one.row is not None or other.row is not None:
        return (one.row, one.column) == (other.row, other.column)
    return one.start < other.end and other.start < one.end
