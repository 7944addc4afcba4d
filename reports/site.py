"""What only the report of a site shows: links that do not open by where they stand, and what a person must check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reports import labels
from scoring.inspection import Finding, Inspection, ManualItem

DEAD_LINK = "WS-401"
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class DeadLink:
    """One address that does not open: text of its link, why, on how many pages it stands, and its finding."""

    text: str
    target: str
    reason: str
    pages: int
    finding: str


@dataclass(frozen=True, slots=True)
class DeadLinks:
    """The dead links in one part of the pages (导航, 正文, 页脚)."""

    area: str
    links: tuple[DeadLink, ...]


def dead_links(inspection: Inspection) -> tuple[DeadLinks, ...]:
    """Findings on dead links by the part of the page that they stand in, menus first."""
    found = [f for f in inspection.findings if f.rule == DEAD_LINK and f.counted_as == "fail"]
    groups = (
        (name, tuple(_dead(f) for f in found if f.values.get("area") == area)) for area, name in labels.AREA.items()
    )
    return tuple(DeadLinks(name, links) for name, links in groups if links)


def _dead(finding: Finding) -> DeadLink:
    text, target, reason = (str(finding.values.get(key, "")) for key in ("text", "target", "reason"))
    return DeadLink(text, target, reason, max(1, len(finding.pages)), finding.id)


def checklist(inspection: Inspection) -> tuple[tuple[str, tuple[ManualItem, ...]], ...]:
    """What a person must check, by where it is looked at, in the order of the inspection."""
    places = dict.fromkeys(item.place for item in inspection.checklist)
    return tuple((place, tuple(item for item in inspection.checklist if item.place == place)) for place in places)


class Numerals:
    """Numbers of the headings of a report, in Chinese: some reports have sections that others lack."""

    def __init__(self) -> None:
        self._numbers: Iterator[str] = iter((*_NUMERALS, *(f"十{one}" for one in _NUMERALS[:-1])))

    def next(self) -> str:
        return next(self._numbers)
