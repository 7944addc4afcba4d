"""What earlier inspections and persons say of an inspection and its findings, in words."""

from __future__ import annotations

from collections import Counter

from reports import labels
from scoring.decisions import moment_of
from scoring.inspection import Decided, Finding, Former, Inspection


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
    """What a person decided about a finding, what its unit replied, what a re-check saw; empty where nobody spoke."""
    return "。".join(filter(None, [_said(finding.decision), reply(finding)]))


def reply(one: Finding | Former) -> str:
    """What the unit replied, and what looking again came to; empty where it said nothing."""
    if one.reply is None:
        return ""
    seen = recheck(one)
    if one.reply.kind == "mended":
        return _said(one.reply, f"{one.recheck.at[:10]} 复查{seen}" if one.recheck is not None else "待复查")
    return _said(one.reply, "待检查员核实认定" if is_disputed(one) else "")


def recheck(one: Finding | Former) -> str:
    """What looking again came to, in words; empty before that."""
    if one.recheck is None:
        return ""
    again = isinstance(one, Finding) and one.state == "reopened" and one.recheck.kind == "found_persisting"
    told = labels.STATE["reopened"] if again else labels.RECHECK[one.recheck.kind]
    return f"{told}：{one.recheck.reason}" if one.recheck.reason else told


def is_disputed(one: Finding | Former) -> bool:
    """Whether the unit says that a finding is not so, and no inspector has decided about it since."""
    judged = one.decision if isinstance(one, Finding) else None
    disputed = one.reply is not None and one.reply.kind == "disputed"
    return disputed and one.reply is not None and (judged is None or moment_of(judged.at) < moment_of(one.reply.at))


def is_open(finding: Finding) -> bool:
    """Whether a person has still to decide about a finding."""
    return is_disputed(finding) or (finding.decision is None and finding.reply is None)


def _said(said: Decided | None, more: str = "") -> str:
    if said is None:
        return ""
    until = f"至 {said.until}" + ("" if said.active else "（已到期，照常计入）") if said.until else ""
    parts = [labels.DECISION[said.kind] + until, more, said.reason, said.link, f"{said.by}，{said.at[:10]}"]
    return "；".join(part for part in parts if part)
