"""A ledger that came back: what units filled in, held to its findings row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import accumulate
from pathlib import Path

from crawler.errors import UnusableInput
from crawler.readers.drafts import UNREADABLE
from crawler.readers.sheets.model import Sheet
from duwang.loop import records, tables
from duwang.loop.desk import Desk, is_address
from duwang.loop.inspections import Held
from reports import labels, ledger
from reports.view import visible
from scoring.data import table
from scoring.decisions import Decision, Standing, standings
from scoring.inspection import REPLIES, DecisionKind, Finding, Former

_PRINT, _RESULT, _LINK, _RULE, _UNIT = "指纹", "整改结果", "整改链接", "规则", "单位"
_JUDGED, _SEEN, _STATE = "检查日期", "复查日期", "状态"
_TAKEN = (_PRINT, _RESULT, _LINK)  # columns in which a merged cell would hide what a row says
_IDENTITY = re.compile(rf"{ledger.PRINT}?([0-9a-f][0-9a-f.~-]{{5,60}})")
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Row:
    """A row with a result, by headings, and where it stands."""

    place: str
    values: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass(frozen=True, slots=True)
class _Known:
    """The finding that a row is about, the inspection that has it, or had it, and the last reply of its unit."""

    held: Held
    one: Finding | Former
    reply: Decision | None = None

    @property
    def identity(self) -> str:
        return self.one.identity if isinstance(self.one, Finding) else self.one.fingerprint


@dataclass(slots=True)
class Taken:
    """What a ledger says. ``faults`` are lines on rows that cannot be used, ``notes`` on what does not count.

    ``rows`` counts those that hold anything, ``blank`` the ones without a result, ``same`` what was known already.
    """

    made: list[tuple[Held, Decision]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: int = 0
    blank: int = 0
    same: int = 0

    @property
    def summary(self) -> str:
        told = [
            f"读取 {self.rows} 行：新记录 {len(self.made)} 行",
            f"没有变化 {self.same} 行",
            f"没有填写整改结果 {self.blank} 行",
            f"不能使用 {len(self.faults)} 行",
        ]
        return "，".join(told) + "。"


def ledgers_of(path: Path) -> list[tuple[Sheet, tables.Head]]:
    """The sheets of a file that are ledgers; none where it is something else.

    Raises UnusableInput where the file cannot be opened.
    """
    if path.suffix.lower() not in tables.ENDINGS:
        return []
    found = ((sheet, tables.head_of(sheet, (_PRINT, _RESULT))) for sheet in tables.sheets(path))
    return [(sheet, head) for sheet, head in found if head is not None]


def taken(desk: Desk, path: Path, sheets: Sequence[tuple[Sheet, tables.Head]], by: str, at: str) -> Taken:
    """What the ledger of ``path`` says of the findings on the desk, with what is recorded of it already left out."""
    result = Taken()
    known = _Index(desk)
    fit: dict[tuple[str, str], list[tuple[Row, _Known, DecisionKind]]] = {}
    for row in _rows(sheets, len(sheets) > 1, result):
        try:
            kind = _kind(row)
            about = known.of(row)
            _refuse_link(row[_LINK])
        except UnusableInput as error:
            result.faults.append(f"{path} {row.place}：{visible(str(error))}")
            continue
        fit.setdefault((about.held.key, about.identity), []).append((row, about, kind))
        _note(row, about, result, path)
    for group in fit.values():
        _take(group, result, path, by, at)
    return result


def _rows(sheets: Sequence[tuple[Sheet, tables.Head]], several: bool, result: Taken) -> Iterator[Row]:
    """The rows with a result or a link; the others are counted."""
    for sheet, head in sheets:
        names = {column: name for name, column in head.columns.items()}
        kept = [head.columns[name] for name in _TAKEN if name in head.columns]
        merged = _merged(sheet, kept)
        lost = {row: names[column] for row, column in sheet.uncounted if column in kept}
        for number, cells in tables.rows_below(sheet, head.row):
            values = {names[column]: text for column, text in cells.items() if column in names}
            place = f"工作表“{sheet.name}”第 {number + 1} 行" if several else f"第 {number + 1} 行"
            result.rows += 1
            if merged[number]:
                values["合并"] = "是"
            elif number in lost:
                values["公式"] = lost[number]
            elif not values.get(_RESULT) and not values.get(_LINK):
                result.blank += 1
                continue
            yield Row(place, values)


def _merged(sheet: Sheet, columns: Sequence[int]) -> list[bool]:
    """For each row whether a merged range over several rows covers one of these columns."""
    last = max((row for row, _ in sheet.cells), default=0)
    steps = [0] * (last + 2)
    for box in sheet.merges:
        if box.bottom > box.top and any(box.left <= column <= box.right for column in columns):
            steps[min(box.top, last + 1)] += 1
            steps[min(box.bottom, last) + 1] -= 1
    return [open_ranges > 0 for open_ranges in accumulate(steps)]


def _kind(row: Row) -> DecisionKind:
    if row["合并"]:
        raise UnusableInput(f"“{'”“'.join(_TAKEN)}”列有合并的单元格；请取消合并，逐行填写。")
    if row["公式"] or UNREADABLE in row[_RESULT] + row[_PRINT]:
        raise UnusableInput(f"“{row['公式'] or _RESULT}”是没有保存计算结果的公式；请直接填写文字。")
    if not row[_RESULT]:
        raise UnusableInput(f"填写了{_LINK}，没有填写{_RESULT}；请从下拉列表中选择。")
    kinds = table("decisions")["kinds"]
    kind = next((name for name in REPLIES if row[_RESULT] in (labels.REPLY[name], *kinds[name])), None)
    if kind is None:
        raise UnusableInput(f"{_RESULT}“{row[_RESULT][:_SHOWN]}”不可用；可用的有：{'、'.join(ledger.RESULTS)}。")
    return kind


def _refuse_link(link: str) -> None:
    if link and (not is_address(link) or any(map(str.isspace, link))):
        raise UnusableInput(f"{_LINK}“{link[:_SHOWN]}”不是网址，应以 http:// 或 https:// 开头。")
    longest = table("decisions")["longest"]
    if len(link) > longest:
        raise UnusableInput(f"{_LINK}超过 {longest} 字。")


class _Index:
    """Findings by fingerprint: those that there are, and those that are mended or could not be seen."""

    def __init__(self, desk: Desk) -> None:
        self._found: dict[str, list[_Known]] = {}
        for held in desk.held:
            inspection = held.inspection
            said = standings(one for one in records.read(held.path.parent) if one.subject == held.key)
            each: tuple[Finding | Former, ...] = (*inspection.findings, *inspection.fixed, *inspection.unseen)
            for one in each:
                known = _Known(held, one)
                known = replace(known, reply=said.get(known.identity, Standing()).reply)
                latest = one.fingerprint if isinstance(one, Finding) else one.latest
                for name in dict.fromkeys((known.identity, latest)):
                    self._found.setdefault(name, []).append(known)

    def of(self, row: Row) -> _Known:
        """Raises UnusableInput where a row is not held to just one finding."""
        match = _IDENTITY.fullmatch(row[_PRINT])
        found = self._found.get(match[1], []) if match else []
        exact = [one for one in found if match is not None and one.identity == match[1]] or found
        if not exact:
            told = f"“{row[_PRINT][:_SHOWN]}”" if row[_PRINT] else "是空的"
            raise UnusableInput(f"{_PRINT}{told}，检查结果中没有这一条；请勿改动隐藏的“{_PRINT}”列，并核对结果文件夹。")
        if len(exact) > 1:
            raise UnusableInput(f"{_PRINT}“{row[_PRINT]}”指的不止一条；请指明一个站点的检查结果。")
        known = exact[0]
        _refuse_other(row, known)
        return known


def _refuse_other(row: Row, known: _Known) -> None:
    """A fingerprint that was edited into another one disagrees with what stands beside it."""
    subject = known.held.inspection.subject
    for name, real in ((_RULE, known.one.rule), (_UNIT, subject.name)):
        if row[name] and row[name] != real:
            said = row[name][:_SHOWN]
            raise UnusableInput(f"{_PRINT}所指的是{name}“{real}”的问题，本行的{name}是“{said}”；请恢复原样。")
    if row[_JUDGED]:
        day, judged = tables.day_of(row[_JUDGED]), known.held.inspection.profile.judged_on
        try:
            date.fromisoformat(day)
        except ValueError:
            raise UnusableInput(f"{_JUDGED}“{row[_JUDGED][:_SHOWN]}”不是日期；请恢复原样。") from None
        if day > judged:
            raise UnusableInput(f"{_JUDGED} {day} 晚于所给的检查结果（{judged}）；请指明这份台账所出自的检查结果。")


def _note(row: Row, known: _Known, result: Taken, path: Path) -> None:
    """A state that was written over is told: it decides nothing."""
    usual = (*ledger.STATES.values(), ledger.MENDED, ledger.WAITING, ledger.DISPUTED, *labels.STATE.values())
    state, one = row[_STATE], known.one
    excluded = state == ledger.STATES["none"] and isinstance(one, Finding) and one.counted_as != "none"
    if state and (state not in usual or excluded):
        said = visible(state[:_SHOWN])
        result.notes.append(f"{path} {row.place}：“{_STATE}”列的“{said}”不作数；不予认定等请用 duwang review decide。")


def _take(group: list[tuple[Row, _Known, DecisionKind]], result: Taken, path: Path, by: str, at: str) -> None:
    """Take the rows on one finding: one row, or several that say the same."""
    first, known, kind = group[0]
    if len({(kind, row[_LINK]) for row, _, kind in group}) > 1:
        places = "、".join(row.place for row, _, _ in group)
        for row, _, _ in group:
            result.faults.append(
                f"{path} {row.place}：同一条问题有几行（{places}），整改结果或链接不同；请只保留一行。"
            )
        return
    result.same += len(group) - 1
    reply = _reply(known, first, kind, by, at)
    if reply is None:
        result.same += 1
    else:
        result.made.append((known.held, reply))


def _reply(known: _Known, row: Row, kind: DecisionKind, by: str, at: str) -> Decision | None:
    """What is to be recorded; None where it is known.

    The same words again say something new only in a ledger that shows that looking again found the fault still there.
    """
    held, one = known.held, known.one
    if isinstance(one, Former) and not one.why:
        return None  # found mended since
    basis = f"{tables.day_of(row[_JUDGED])}/{tables.day_of(row[_SEEN])}"
    last, seen = known.reply, one.recheck
    if last is not None and (last.kind, last.link) == (kind, row[_LINK]):
        refuted = seen is not None and seen.kind == "found_persisting" and seen.at[:10] == tables.day_of(row[_SEEN])
        if not refuted or last.basis == basis:
            return None
    return Decision(
        subject=held.key,
        fingerprint=known.identity,
        kind=kind,
        by=by,
        at=at,
        link=row[_LINK],
        unit=held.inspection.subject.name,
        rule=one.rule,
        title=one.title,
        basis=basis,
    )
