"""What earlier inspections and persons say of an inspection and its findings, in words."""

from __future__ import annotations

from collections import Counter

from reports import labels
from scoring.inspection import Finding, Former, Inspection


def mended(inspection: Inspection) -> tuple[Former, ...]:
    """What was found mended this time; without a comparison, all that the inspection says to be mended."""
    if inspection.compared is None:
        return inspection.fixed
    return tuple(former for former in inspection.fixed if former.since == inspection.profile.judged_on)


def compared(inspection: Inspection) -> str:
    """What changed since the earlier inspection, in a line; empty where there is none."""
    if inspection.compared is None:
        return ""
    states = Counter[str](finding.state for finding in inspection.findings)
    numbers: dict[str, int] = {**states, "fixed": len(mended(inspection)), "unseen": len(inspection.unseen)}
    told = "，".join(f"{label} {numbers.get(name, 0)} 项" for name, label in labels.STATE.items())
    return f"与 {inspection.compared.judged_on} 的检查相比：{told}。"


def state(finding: Finding) -> str:
    """What earlier inspections say of this finding; empty where there was none."""
    if finding.state == "new" and not finding.first_seen:
        return ""
    since = f"（首次发现 {finding.first_seen}）" if finding.first_seen else ""
    return labels.STATE[finding.state] + since


def decision(finding: Finding) -> str:
    """What a person decided about a finding, with reason, day and name; empty where nobody did."""
    said = finding.decision
    if said is None:
        return ""
    until = f"至 {said.until}" + ("" if said.active else "（已到期，照常计入）") if said.until else ""
    parts = [labels.DECISION[said.kind] + until, said.reason, said.link, f"{said.by}，{said.at[:10]}"]
    if said.kind == "mended":
        parts.insert(1, "本次检查仍然发现" if finding.last_seen and finding.last_seen > said.at[:10] else "待复查")
    return "；".join(part for part in parts if part)
