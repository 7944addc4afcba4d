"""Reports judged together: which of them are the same report, last year's, another unit's like it, or a unit's below.

What is kept of each report is small, so that a whole province is related at once: names, year, place and sketches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.evidence import Document
from scoring.annual_report import AnnualReport, Options
from scoring.data import table
from scoring.inspection import Beside, Tie
from scoring.regions import Tree, names_place
from scoring.results import Counted, Other, ReportCase
from scoring.similarity import Sketch, alike, section_wording, sketch
from scoring.text import key


@dataclass(frozen=True, slots=True)
class Member:
    """One report among several. ``id`` names it; ``place`` is where people find it (file or address).

    ``settled``: its copies and its year before are known already, because its site was judged as a whole.
    """

    id: str
    unit: str
    year: int | None
    place: str
    settled: bool = False
    sketches: tuple[tuple[int, Sketch], ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """``other`` (an id) is ``tie`` to a report; ``name`` is what people call it."""

    tie: Tie
    other: str
    name: str


@dataclass(slots=True)
class Relations:
    """All relations of one report. ``lacking`` is as in ``ReportCase``."""

    found: list[Relation] = field(default_factory=list)
    lacking: tuple[str, ...] | None = None


def member_of(report: AnnualReport, name: str, place: str, *, unit: str = "", settled: bool = False) -> Member:
    """What is kept of a report for relating it to others. ``unit`` is whose it is where it does not say."""
    sketches = ((n, sketch(section_wording(report, n))) for n in table("similarity")["sections"])
    known = tuple((n, made) for n, made in sketches if made is not None)
    return Member(name, report.unit or unit, report.year, place, settled, known)


def relate(members: Sequence[Member], tree: Tree | None = None) -> dict[str, Relations]:
    """The relations of every member, by its id. Members without unit or year have none."""
    result = {member.id: Relations() for member in members}
    whole = [m for m in members if m.unit and m.year is not None]
    _of_one_unit(whole, result)
    _alike(whole, result)
    if tree is not None:
        _below(whole, tree, result)
    return result


def _of_one_unit(members: Iterable[Member], result: dict[str, Relations]) -> None:
    by_unit: dict[str, list[Member]] = {}
    for member in members:
        if not member.settled and names_place(member.unit):
            by_unit.setdefault(key(member.unit), []).append(member)
    for group in by_unit.values():
        for one in group:
            for other in group:
                if other is one or one.year is None:
                    continue
                if other.year == one.year:
                    result[one.id].found.append(Relation("copy", other.id, other.place))
                elif other.year == one.year - 1:
                    result[one.id].found.append(Relation("previous", other.id, other.place))


def _alike(members: Iterable[Member], result: dict[str, Relations]) -> None:
    """Reports of other units and the same year whose sketches are alike in any section."""
    by_year: dict[int | None, list[Member]] = {}
    for member in members:
        by_year.setdefault(member.year, []).append(member)
    for group in by_year.values():
        named = {m.id: m for m in group}
        owner = {m.id: key(m.unit) for m in group}
        likely: dict[str, dict[str, None]] = {}
        for section in table("similarity")["sections"]:
            sketches = {m.id: held for m in group for number, held in m.sketches if number == section}
            for one, others in alike(sketches, owner).items():
                likely.setdefault(one, {}).update(dict.fromkeys(others))
        for one, likest in likely.items():
            result[one].found += [Relation("sibling", o, named[o].unit) for o in likest]


def _below(members: Sequence[Member], tree: Tree, result: dict[str, Relations]) -> None:
    reports: dict[tuple[str, int | None], Member | None] = {}
    for member in members:
        place = key(member.unit), member.year
        # A name that says no place may be another unit's: the second report makes it unclear whose either is.
        reports[place] = reports.get(place, member) if names_place(member.unit) or place not in reports else None
    for one in members:
        unit = tree.find(one.unit)
        if unit is None or unit.kind != "government":
            continue
        below = tree.below(unit)
        held = [(u, reports.get((key(u.name), one.year))) for u in below]
        result[one.id].found += [Relation("unit", m.id, u.name) for u, m in held if m is not None]
        if tree.is_whole(unit):
            result[one.id].lacking = tuple(u.name for u, m in held if m is None)


@dataclass(frozen=True, slots=True)
class Relative:
    """Another report that one is judged beside, and where it is kept."""

    ref: Beside
    report: AnnualReport


@dataclass(frozen=True, slots=True)
class Company:
    """The reports that the reports of one inspection are judged beside.

    ``lacking`` holds, by record of a government's report, the units whose report of the year is not there.
    """

    relatives: tuple[Relative, ...] = ()
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def case(
        self,
        report: AnnualReport,
        previous: AnnualReport | None = None,
        copies: Iterable[Other] = (),
        counted: Counted | None = None,
    ) -> ReportCase:
        """The case of one report; a ``previous`` one that is given counts before one found here."""
        record = report.document.record
        own = [r for r in self.relatives if r.ref.of == record]
        last = previous or next((r.report for r in own if r.ref.role == "previous"), None)
        others = (Other(r.ref.role, r.ref.name, r.report) for r in own if r.ref.role != "previous")
        return ReportCase(report, last, (*copies, *others), self.lacking.get(record), counted)


NOBODY = Company()


def relative(ref: Beside, document: Document) -> Relative:
    """A relative as it is read wherever it is judged beside another: by what it says itself."""
    return Relative(ref, AnnualReport(document, Options(page=document.uri.startswith(("http://", "https://")))))
