"""问题台账: the ledger of findings, one row each, with the columns that inspectors use and hand around."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reports import history, labels, view
from reports.sheets import Sheet, write_sheets
from scoring.inspection import Finding, Former, Inspection, ScoreItem
from scoring.veil import veiled

TITLE = "问题台账"
# Heading and width in characters. The last three are hidden and hold a row to its finding.
COLUMNS = {
    "序号": 6, "单位": 18, "一级指标": 14, "二级指标": 18, "评价标准": 22, "问题明细": 48, "问题链接": 34, "依据": 30,
    "扣分": 9, "证据截图": 58, "整改时限": 12, "整改结果": 14, "整改链接": 24, "状态": 10, "复查日期": 12,
    "复查结果": 24, "指纹": 24, "规则": 10, "检查日期": 12,
}  # fmt: skip
RESULTS = tuple(labels.REPLY.values())
STATES = {"fail": "待整改", "needs_review": "待核实", "none": "已排除"}
# What stands there instead once the unit has replied.
MENDED, WAITING, DISPUTED = "已整改", "待复查", "有异议"
PRINT = "F"  # before a fingerprint: a spreadsheet takes a row of digits for a number
_PAGES_SHOWN = 20
_EVEN = 0.005  # points; scores are rounded
_HELP = (
    ("整改结果", f"从下拉列表中选择：{'、'.join(RESULTS)}。"),
    ("整改链接", "填写改正后的网页地址，没有变动的可以不填。"),
    (
        "状态",
        "“待整改”是已查实的问题；“待核实”须由人工核对，不计为问题；“待复查”已报整改；“已整改”经复查属实；"
        "“有异议”由检查员核实认定，认定以前照常计入。这一列由程序填写，改动不作数。",
    ),
    ("复查结果", "由程序填写。复查仍存在的，“整改结果”重新留空，改正后再填。"),
    ("核对", "隐藏的“指纹”等列把每一行与检查结果对应起来，请勿删改；行的次序和筛选没有影响。"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An inspection for the ledger: JPEG pictures by finding id, and the day by which faults are to be mended."""

    inspection: Inspection
    shots: Mapping[str, bytes] = field(default_factory=dict)


def write(entries: Sequence[Entry], path: Path, *, due: str = "") -> None:
    """Write the ledger of all entries to ``path``, XLSX or CSV. Raises ReportError where that is not possible."""
    write_sheets(path, sheets(entries, due=due))


def sheets(entries: Sequence[Entry], *, due: str = "") -> list[Sheet]:
    """The sheets of the ledger: the rows, and how to fill it in. ``due`` is the day by which to mend, as printed."""
    names = list(COLUMNS)
    rows: list[Sequence[str]] = []
    pictures: dict[tuple[int, int], bytes] = {}
    for entry in entries:
        for finding in entry.inspection.findings:
            if finding.id in entry.shots:
                pictures[len(rows), names.index("证据截图")] = entry.shots[finding.id]
            cells = _row(entry.inspection, finding, due)
            rows.append([str(len(rows) + 1), *(cells.get(name, "") for name in names[1:])])
        for former in (*history.mended(entry.inspection), *entry.inspection.unseen):
            if former.reply is not None:
                cells = _row_of_former(entry.inspection, former)
                rows.append([str(len(rows) + 1), *(cells.get(name, "") for name in names[1:])])
    main = Sheet(
        TITLE,
        names,
        rows,
        list(COLUMNS.values()),
        links=(names.index("问题链接"), names.index("整改链接")),
        choices={names.index("整改结果"): RESULTS},
        hidden=tuple(names.index(name) for name in ("指纹", "规则", "检查日期")),
        pictures=pictures,
    )
    return [main, Sheet("填写说明", ("栏目", "说明"), _HELP, (14, 90))]


def _row(inspection: Inspection, finding: Finding, due: str) -> dict[str, str]:
    card, item = _item(inspection, finding)
    fault = finding.counted_as == "fail"
    return {
        "单位": inspection.subject.name,
        "一级指标": (item.group or card) if item else "",
        "二级指标": item.indicator if item else "",
        "评价标准": finding.title,
        "问题明细": _detail(finding),
        "问题链接": finding.where.url or finding.where.file or "",
        "依据": "；".join(map(view.cite, finding.cites)),
        "扣分": _points(item, finding) if item and fault else "",
        "整改时限": due if fault else "",
        "状态": state_of(finding),
        **_reply(finding),
        "指纹": PRINT + finding.identity,
        "规则": finding.rule,
        "检查日期": inspection.profile.judged_on,
    }


def _row_of_former(inspection: Inspection, former: Former) -> dict[str, str]:
    """What its unit replied to, and this inspection does not have any more or could not see."""
    return {
        "单位": inspection.subject.name,
        "评价标准": former.title,
        "问题明细": f"【{labels.SEVERITY[former.severity]}】{former.message}",
        "问题链接": former.url or "",
        "状态": _state_of_former(former),
        **_reply(former),
        "指纹": PRINT + former.fingerprint,
        "规则": former.rule,
        "检查日期": inspection.profile.judged_on,
    }


def _state_of_former(former: Former) -> str:
    if former.reply is None or former.reply.kind != "mended":
        return labels.STATE["unseen" if former.why else "fixed"]
    seen = former.recheck.kind if former.recheck is not None else "found_unseen"
    return MENDED if seen == "found_mended" else WAITING


def state_of(finding: Finding) -> str:
    """The state that a finding has in the ledger."""
    if finding.counted_as == "none":
        return STATES["none"]
    if history.is_disputed(finding):
        return DISPUTED
    seen = finding.recheck.kind if finding.recheck is not None else ""
    if finding.reply is None or finding.reply.kind != "mended" or seen == "found_persisting":
        return STATES[finding.counted_as]
    return MENDED if seen == "found_mended" else WAITING


def _reply(one: Finding | Former) -> dict[str, str]:
    """What the unit filled in, unless looking again has shown otherwise, and what that came to."""
    cells = {"复查结果": history.recheck(one), "复查日期": one.recheck.at[:10] if one.recheck is not None else ""}
    if one.reply is None or (one.recheck is not None and one.recheck.kind == "found_persisting"):
        return cells
    return {**cells, "整改结果": labels.REPLY[one.reply.kind], "整改链接": one.reply.link}


def _item(inspection: Inspection, finding: Finding) -> tuple[str, ScoreItem | None]:
    """The indicator under which a finding counts, and the title of the first scorecard that knows it."""
    items = ((card.title, item) for card in inspection.scorecards for item in card.items)
    return next(((title, item) for title, item in items if finding.id in item.findings), ("", None))


def _points(item: ScoreItem, finding: Finding) -> str:
    """What a finding costs; where the findings of an indicator are capped together, their sum stands with the first."""
    costs = dict(zip(item.findings, item.costs, strict=False))
    if finding.id in costs and abs(sum(item.costs) - item.lost) < _EVEN:
        return view.number(costs[finding.id])
    if len(item.findings) == 1 or not item.lost:
        return view.number(item.lost)
    return f"{view.number(item.lost)}（本指标合计）" if item.findings[0] == finding.id else "见本指标首条"


def _detail(finding: Finding) -> str:
    lines = [f"【{labels.SEVERITY[finding.severity]}】{finding.message}", f"位置：{view.place(finding.where)}"]
    lines.append(f"原文：{finding.quote}")
    if len(finding.pages) > 1:
        more = f"等 {len(finding.pages)} 个页面" if len(finding.pages) > _PAGES_SHOWN else ""
        lines.append("涉及页面：" + veiled("\n".join(finding.pages[:_PAGES_SHOWN])) + more)
    if finding.remedy:
        lines.append(f"整改建议：{finding.remedy}")
    return "\n".join(lines)
