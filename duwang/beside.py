"""Reports judged beside those of other captures: sites of one call, and what a kept inspection was judged beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from crawler.capture import Capture
from crawler.evidence import Site
from duwang import outputs
from duwang.failures import PROBLEMS, crash_line, line_of, tell
from duwang.sites import Visit, judge
from reports import json_report
from scoring.assemble import site_reports, stored_documents
from scoring.inspection import Beside
from scoring.regions import Tree
from scoring.relations import NOBODY, Company, Member, Relations, member_of, relate, relative
from scoring.rules import RuleSet


@dataclass(frozen=True, slots=True)
class _Shown:
    """A report on a site: which visit it belongs to, and the record that holds it."""

    visit: Visit
    record: str
    member: Member


def relate_sites(visits: Sequence[Visit], rules: RuleSet, on: date, tree: Tree | None = None) -> None:
    """Judge again, beside one another, the sites whose reports bear on those of others.

    ``tree`` says which units belong below which government; without it the sites' own division codes do. A site
    that cannot be judged again keeps the result it has.
    """
    shown = {one.member.id: one for visit in visits for one in _reports(visit)}
    relations = relate([one.member for one in shown.values()], tree or _tree(visits))
    for visit in visits:
        own = [one for one in shown.values() if one.visit is visit]
        if not any(relations[one.member.id].found for one in own):
            continue
        try:
            judge(visit, rules, on, _company(visit, own, relations, shown))
        except PROBLEMS as error:
            tell(f"{visit.site.name}：未能与其他站点的报告对照（{line_of(error).splitlines()[0]}）")
        except Exception as error:  # a fault of ours on one site must not lose the others
            tell(f"{visit.site.name}：未能与其他站点的报告对照（{crash_line(error)}）")


def _tree(visits: Sequence[Visit]) -> Tree:
    # Loaded here: it brings the readers of site lists along, which judging a kept capture does not need.
    from duwang.units import tree_of

    sites: list[Site] = [visit.site for visit in visits]
    return tree_of(sites)


def _reports(visit: Visit) -> list[_Shown]:
    if visit.inspection is None or visit.capture is None:
        return []
    found = []
    for number, report in enumerate(site_reports(visit.capture)):
        member = member_of(report, f"{visit.site.id}/{number}", report.document.uri, unit=visit.site.name, settled=True)
        found.append(_Shown(visit, report.document.record, member))
    return found


def _company(visit: Visit, own: list[_Shown], relations: dict[str, Relations], shown: dict[str, _Shown]) -> Company:
    relatives = []
    lacking = {}
    for one in own:
        held = relations[one.member.id]
        if held.lacking is not None:
            lacking[one.record] = held.lacking
        for relation in held.found:
            other = shown[relation.other]
            capture = other.visit.capture
            assert capture is not None
            folder = "" if other.visit is visit else outputs.relative(capture.folder, visit.folder)
            ref = Beside(one.record, relation.tie, relation.name, folder, capture.digest, other.record)
            relatives.append(relative(ref, stored_documents(capture)(other.record)))
    return Company(tuple(relatives), lacking)


def kept_company(capture: Capture, inspection: Path, base: Path) -> Company:
    """What a kept capture was judged beside, as the inspection that was made of it says; nobody where there is none.

    Paths are given as seen from ``base``. Raises one of PROBLEMS where the inspection or a capture cannot be read; a
    capture that is gone is told, and left out.
    """
    if not outputs.is_ours(inspection):
        return NOBODY
    evidence = json_report.load(inspection).evidence
    if evidence.digest != capture.digest:
        return NOBODY
    relatives = []
    for ref in evidence.beside:
        folder = inspection.parent / ref.capture
        if not ref.capture:
            continue
        if not folder.is_dir():
            tell(
                f"{capture.folder}：找不到一并检查的“{ref.name}”的存档 {folder}，没有与之对照；请把存档放回原处后重试。"
            )
            continue
        document = stored_documents(Capture.open(folder))(ref.record)
        relatives.append(relative(replace(ref, capture=outputs.relative(folder, base)), document))
    return Company(tuple(relatives), evidence.lacking)
