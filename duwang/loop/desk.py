"""The findings of some inspections on a desk: found by name, decided, written back with their scores and reports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from crawler.errors import UnusableInput
from duwang import outputs
from duwang.loop import inspections, records
from duwang.loop.inspections import Held
from duwang.loop.overviews import redrawn
from duwang.outputs import Target
from scoring.data import table
from scoring.decisions import Decision, decided, made
from scoring.inspection import DecisionKind, Finding

_PRINT = re.compile(r"F?([0-9a-f][0-9a-f.~-]{5,40})")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be decided about a finding; entries that are not given are empty."""

    kind: DecisionKind
    by: str
    at: str
    reason: str = ""
    until: str = ""
    link: str = ""

    def fault(self) -> str:
        """What is wrong with it, "" where nothing is."""
        data = table("decisions")
        given = {"reason": self.reason, "until": self.until, "link": self.link}
        name = data["kinds"][self.kind][0]
        lacking = [data["entries"][entry] for entry in data["needs"][self.kind] if not given[entry]]
        if lacking:
            return f"“{name}”需要写明{'、'.join(lacking)}"
        allowed = {"reason", *data["may"].get(self.kind, ())}
        extra = [data["entries"][entry] for entry, value in given.items() if value and entry not in allowed]
        if extra:
            return f"“{name}”不用写{'、'.join(extra)}"
        if not self.by:
            return "没有写明认定人"
        if any(len(value) > data["longest"] for value in (*given.values(), self.by)):
            return f"文字超过 {data['longest']} 字"
        return _fault_of(self.until, self.link)


def _fault_of(until: str, link: str) -> str:
    if until:
        try:
            date.fromisoformat(until)
        except ValueError:
            return f"期限“{until}”不是日期，请写成 2026-06-30 的形式"
    if link and not is_address(link):
        return f"整改链接“{link}”不是网址，应以 http:// 或 https:// 开头"
    return ""


def is_address(text: str) -> bool:
    """Whether a text is an http(s) address."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


@dataclass(frozen=True, slots=True)
class Item:
    """A finding and the inspection that has it."""

    held: Held
    finding: Finding


@dataclass(slots=True)
class Desk:
    """Inspections with the decisions that lie beside them."""

    held: list[Held]

    @classmethod
    def of(cls, place: Path) -> Desk:
        """Raises UnusableInput or ReportError where there is nothing to decide about."""
        found = inspections.newest(place).values()
        return cls([replace(held, inspection=decided(held.inspection, _kept(held))) for held in found])

    def items(self) -> Iterator[Item]:
        for held in self.held:
            for finding in held.inspection.findings:
                yield Item(held, finding)

    def find(self, name: str, site: str = "") -> Item:
        """The finding of a name: ``WS-110-1``, ``lanxi-jyj/WS-110-1``, or a fingerprint or the start of one.

        ``site`` narrows the search to a subject. Raises UnusableInput where there is none, or more than one.
        """
        lead, mark, rest = name.rpartition("/")
        wanted, subject = (rest, lead) if mark else (name, site)
        found = [one for one in self.items() if subject in ("", one.held.key, one.held.inspection.subject.name)]
        match = _PRINT.fullmatch(wanted)
        named = [one for one in found if one.finding.id == wanted]
        if not named and match is not None:
            named = [one for one in found if match[1] in (one.finding.identity, one.finding.fingerprint)]
            named = named or [one for one in found if one.finding.identity.startswith(match[1])]
        if not named:
            raise UnusableInput(f"没有编号或指纹为“{name}”的问题；请用 duwang review list 查看。")
        if len(named) > 1:
            raise UnusableInput(f"“{name}”指的不止一条；请写指纹，或者写成“{named[0].held.key}/{wanted}”。")
        return named[0]

    def decide(self, pairs: Sequence[tuple[Item, Wish]]) -> list[Path]:
        """Record what was wished; as ``record``."""
        return self.record([(item.held, _decision(item, wish)) for item, wish in pairs])

    def record(self, made: Sequence[tuple[Held, Decision]]) -> list[Path]:
        """Record decisions, then bring inspections and reports up to them; gives the files that were written.

        The records are on the disk before anything else changes.
        """
        by_folder: dict[Path, list[Decision]] = {}
        for held, decision in made:
            by_folder.setdefault(held.path.parent, []).append(decision)
        for folder, decisions in by_folder.items():
            records.add(folder, decisions)
        written = []
        for position, held in enumerate(self.held):
            if held.path.parent in by_folder:
                self.held[position] = replace(held, inspection=decided(held.inspection, _kept(held)))
                written += _published(self.held[position])
        return [*written, *redrawn(by_folder)]


def history(held: Held, finding: Finding) -> list[Decision]:
    """All decisions about a finding, oldest first."""
    own = (one for one in _kept(held) if (one.subject, one.fingerprint) == (held.key, finding.identity))
    return sorted(own, key=made)


def _kept(held: Held) -> list[Decision]:
    return records.read(held.path.parent)


def _decision(item: Item, wish: Wish) -> Decision:
    finding = item.finding
    return Decision(
        subject=item.held.key,
        fingerprint=finding.identity,
        kind=wish.kind,
        by=wish.by,
        at=wish.at,
        reason=wish.reason,
        until=wish.until or None,
        link=wish.link,
        unit=item.held.inspection.subject.name,
        rule=finding.rule,
        title=finding.title,
    )


def _published(held: Held) -> list[Path]:
    """Write the inspection and the reports of it that lie beside it."""
    path = held.path
    stem = "report" if path.name == inspections.NAME else path.stem
    beside = [path.with_name(stem + ending) for ending in (".html", ".txt")]
    reports = [report for report in beside if report.is_file() and outputs.is_ours(report)]
    targets = [Target(report=report, inspection=path) for report in reports] or [Target(inspection=path)]
    for target in targets:
        outputs.publish(held.inspection, None, target)
    return [path, *reports]
