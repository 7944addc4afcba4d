"""异常报告: what a person must look at after a scan, the worst first, then one line for each site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reports import history, labels, view
from scoring.data import table
from scoring.inspection import Finding, Inspection
from scoring.veil import veiled

TITLE = "异常报告"
_GRAVE = ("veto", "major")


@dataclass(frozen=True, slots=True)
class Seen:
    """One site of a scan: its inspection, or why there is none."""

    id: str
    name: str
    home: str
    inspection: Inspection | None
    problem: str = ""
    note: str = ""  # what is wrong with its earlier captures


def grave_new(inspection: Inspection) -> list[Finding]:
    """New faults of severity veto or major, after persons' decisions."""
    return [f for f in _faults(inspection, "new") if f.severity in _GRAVE]


def reopened(inspection: Inspection) -> list[Finding]:
    """Faults that were mended and are back."""
    return _faults(inspection, "reopened")


def _faults(inspection: Inspection, state: str) -> list[Finding]:
    found = [f for f in inspection.findings if f.counted_as == "fail" and f.state == state]
    return sorted(found, key=lambda f: (list(labels.SEVERITY).index(f.severity), f.rule, f.id))


def change(inspection: Inspection) -> float | None:
    """What the first scorecard gained since the earlier inspection; None where that does not tell."""
    card = inspection.scorecards[0] if inspection.scorecards else None
    before = inspection.compared.scores.get(card.id) if card is not None and inspection.compared else None
    return card.score - before if card is not None and before is not None else None


def figures(sites: Sequence[Seen], period: str, on: str) -> dict[str, Any]:
    """The counts, and those of each site, for programs."""
    told = []
    for site in sites:
        one: dict[str, Any] = {"id": site.id, "name": veiled(site.name), "problem": veiled(site.problem)}
        if site.note:
            one["note"] = veiled(site.note)
        if site.inspection is not None:
            card = site.inspection.scorecards[0] if site.inspection.scorecards else None
            one |= {
                "score": card.score if card else None,
                "change": change(site.inspection),
                "grave_new": len(grave_new(site.inspection)),
                "reopened": len(reopened(site.inspection)),
                "errors": len(_errors(site.inspection)),
            }
        told.append(one)
    return {"format": 1, "period": period, "judged_on": on, **_counts(sites), "sites": told}


def subject(sites: Sequence[Seen], period: str) -> str:
    """The report in a line."""
    counts = _counts(sites)
    return (
        f"读网 {period}：新发现否决和重大问题 {counts['grave_new']} 项，再次出现 {counts['reopened']} 项，"
        f"未能检查 {counts['unread']} 个站点（共 {len(sites)} 个）"
    )


def _counts(sites: Sequence[Seen]) -> dict[str, int]:
    done = [site.inspection for site in sites if site.inspection is not None]
    return {
        "inspected": len(done),
        "unread": len(sites) - len(done),
        "grave_new": sum(len(grave_new(one)) for one in done),
        "reopened": sum(len(reopened(one)) for one in done),
        "failed_checks": sum(bool(_errors(one)) for one in done),
    }


def _errors(inspection: Inspection) -> list[str]:
    return [f"{one.rule} {one.title}" for one in inspection.unchecked if one.outcome == "error"]


def plain(sites: Sequence[Seen], period: str, on: str) -> str:
    """The whole report as text, numbers of persons masked."""
    done = [(site, site.inspection) for site in sites if site.inspection is not None]
    parts = (
        ("未能检查的站点", [f"{s.name}（{s.home}）：{veiled(s.problem)}" for s in sites if s.inspection is None]),
        ("检查中程序出错、没有得出结论的", [f"{s.name}：{'；'.join(_errors(i))}" for s, i in done if _errors(i)]),
        ("新发现的否决和重大问题", list(_by_site([(s, i, grave_new(i)) for s, i in done]))),
        ("再次出现的问题", list(_by_site([(s, i, reopened(i)) for s, i in done]))),
        ("得分下降最多的站点", _falls(done)),
        ("以前的存档不能参照的站点", [f"{s.name}：{veiled(s.note)}" for s in sites if s.note]),
        ("各站点", [_line(site) for site in sites]),
    )
    lines = ["══════════", f"{TITLE}　{period}", f"{subject(sites, period)}。检查日期 {on}。"]
    for number, (title, body) in zip("一二三四五六七", parts, strict=True):
        lines += ["", f"{number}、{title}", *(f"　{line}" for line in body or ["无。"])]
    return "\n".join(map(view.visible, lines)) + "\n"


def _by_site(found: Sequence[tuple[Seen, Inspection, list[Finding]]]) -> Iterator[str]:
    most = table("scan")["findings_shown"]
    for site, inspection, findings in found:
        if not findings:
            continue
        first = "，首次检查" if inspection.compared is None else ""
        yield f"{site.name}：{len(findings)} 项{first}"
        for one in findings[:most]:
            text = veiled(" ".join(one.message.split()))
            # An address leads back to the page only as it stands.
            place = one.where.url or one.where.file or ""
            yield f"　〔{labels.SEVERITY[one.severity]}〕{one.rule} {one.title}　{text}　{place}"
        if len(findings) > most:
            yield f"　另有 {len(findings) - most} 项，见该站点的检查报告。"


def _falls(done: Sequence[tuple[Seen, Inspection]]) -> list[str]:
    words = table("scan")
    fallen = [(change(inspection) or 0.0, site, inspection) for site, inspection in done]
    fallen = sorted((one for one in fallen if one[0] <= -words["least_fall"]), key=lambda one: (one[0], one[1].id))
    return [
        f"{site.name}：{view.number(inspection.scorecards[0].score)}（下降 {view.number(-lost)}）"
        for lost, site, inspection in fallen[: words["falls_shown"]]
    ]


def _line(site: Seen) -> str:
    if site.inspection is None:
        return f"{site.id}　{site.name}　未能检查"
    inspection = site.inspection
    card = inspection.scorecards[0] if inspection.scorecards else None
    moved = change(inspection)
    score = view.number(card.score) if card else "没有计分"
    gained = "" if moved is None else f"（{'+' if moved > 0 else ''}{view.number(moved)}）"
    states = Counter[str](f.state for f in inspection.findings if f.counted_as == "fail")
    numbers = {**states, "fixed": len(history.mended(inspection)), "unseen": len(inspection.unseen)}
    counts = "，".join(f"{label} {numbers.get(name, 0)}" for name, label in labels.STATE.items())
    notes = inspection.compared.notes if inspection.compared else ()
    parts = [site.id, site.name, f"{score}{gained}", card.grade if card else "", counts, "；".join(notes)]
    return "　".join(part for part in parts if part)
