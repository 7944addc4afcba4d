"""Decisions by file: the form that lists the findings, and its import from CSV, XLSX or YAML."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from crawler.errors import UnusableInput
from crawler.readers.sheets.model import Sheet
from duwang.inputs import whole
from duwang.loop import tables
from duwang.loop.desk import Desk, Item, Wish
from reports import history, labels
from reports.ledger import PRINT
from scoring.data import table
from scoring.inspection import REPLIES
from scoring.yaml_source import RuleFileError, parse_yaml

_MOST_BYTES = 20 * 1024 * 1024
_BOM = "\ufeff"  # Excel takes UTF-8 for what it is only behind this mark


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file by the names of the form, and where it stands."""

    place: str
    values: dict[str, str]


def form(desk: Desk) -> str:
    """The findings as CSV, with the decisions that hold; the last columns are to be filled in."""
    columns = table("decisions")["columns"]
    stream = io.StringIO()
    sheet = csv.writer(stream, lineterminator="\r\n")
    sheet.writerow([names[0] for names in columns.values()])
    for item in desk.items():
        told = _told(item)
        sheet.writerow([tables.safe(told.get(name, "")) for name in columns])
    return _BOM + stream.getvalue()


def _told(item: Item) -> dict[str, str]:
    finding = item.finding
    decision = finding.decision or finding.reply
    told = {
        "site": item.held.key,
        "unit": item.held.inspection.subject.name,
        "id": finding.id,
        "fingerprint": PRINT + finding.identity,
        "title": finding.title,
        "message": finding.message,
        "url": finding.where.url or finding.where.file or "",
        "counted": labels.OUTCOME[finding.counted_as],
        "state": history.state(finding),
    }
    if decision is None:
        return told
    kind = table("decisions")["kinds"][decision.kind][0]
    made = {"kind": kind, "reason": decision.reason, "link": decision.link, "by": decision.by, "at": decision.at}
    return {**told, **made, "until": decision.until or ""}


def wishes(desk: Desk, path: Path, by: str, at: str) -> list[tuple[Item, Wish]]:
    """What a filled-in file decides, in its order; rows without a decision and decisions that hold are left out.

    ``by`` and ``at`` hold where a row does not say. Raises UnusableInput with one line for each fault.
    """
    found: list[tuple[Item, Wish]] = []
    faults: list[str] = []
    for row in _rows(path):
        try:
            pair = _pair(desk, row, by, at)
        except UnusableInput as error:
            faults.append(f"{path} {row.place}：{error}")
            continue
        if pair is None:
            continue
        if any(pair[0].finding is item.finding for item, _ in found):
            faults.append(f"{path} {row.place}：同一条问题（{pair[0].finding.id}）前面已有认定；请只保留一行。")
        elif not _holds(*pair):
            found.append(pair)
    if faults:
        raise UnusableInput("\n".join(faults))
    return found


def _pair(desk: Desk, row: Row, by: str, at: str) -> tuple[Item, Wish] | None:
    said = row.values
    if not said.get("kind"):
        return None
    names: dict[str, str] = {word: kind for kind, words in table("decisions")["kinds"].items() for word in words}
    kind: Any = names.get(said["kind"])
    if kind is None:
        known = "、".join(words[0] for words in table("decisions")["kinds"].values())
        raise UnusableInput(f"认定“{said['kind']}”不可用；可用的有：{known}。")
    name = said.get("fingerprint") or said.get("id")
    if not name:
        raise UnusableInput("没有写指纹或编号；请保留表中的这两列。")
    item = desk.find(name, said.get("site") or said.get("unit") or "")
    wish = Wish(
        kind,
        said.get("by") or by,
        _moment(said.get("at", "")) or at,
        said.get("reason", ""),
        tables.day_of(said.get("until", "")),
        said.get("link", ""),
    )
    fault = wish.fault()
    if fault:
        raise UnusableInput(f"{fault}。")
    return item, wish


def _holds(item: Item, wish: Wish) -> bool:
    """Whether just this was decided already: a form that is imported twice decides once."""
    finding = item.finding
    held = finding.reply if wish.kind in REPLIES else finding.decision
    if wish.kind == "withdrawn":
        return finding.reply is None and finding.decision is None
    if held is None:
        return False
    said = (held.kind, held.by, held.reason, held.until or "", held.link)
    return said == (wish.kind, wish.by, wish.reason, wish.until, wish.link)


def _moment(text: str) -> str:
    """A time of day with its offset, local where none is given."""
    if not text:
        return ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = datetime.combine(date.fromisoformat(tables.day_of(text)), datetime.min.time())
        except ValueError:
            raise UnusableInput(f"认定时间“{text}”写法不对，请写成 2026-03-10 或 2026-03-10T09:30 的形式。") from None
    return moment.astimezone().isoformat(timespec="seconds")


def _rows(path: Path) -> Iterator[Row]:
    ending = path.suffix.lower()
    if ending in tables.ENDINGS:
        yield from _sheet(path, tables.sheets(path))
    elif ending in (".yaml", ".yml"):
        yield from _yaml(path, tables.decoded(path, whole(path, str(path), _MOST_BYTES)))
    else:
        raise UnusableInput(f"{path}：不认识的格式；请使用 .xlsx、.csv 或 .yaml 文件。")


def _sheet(path: Path, found: Sequence[Sheet]) -> Iterator[Row]:
    cells = found[0].cells if found else {}
    heads = {column: _canonical(text.strip()) for (row, column), text in cells.items() if row == 0}
    _refuse_strange(path, heads.values())
    for number, values in tables.rows_below(found[0], 0):
        yield Row(f"第 {number + 1} 行", {heads[at]: text for at, text in values.items() if heads.get(at)})


def _yaml(path: Path, text: str) -> Iterator[Row]:
    try:
        source = parse_yaml(text, path)
    except RuleFileError as error:
        raise UnusableInput("\n".join(error.faults)) from error
    value = source.value
    listed = value.get("decisions") if isinstance(value, dict) else value
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise UnusableInput(f"{path}：没有认定清单；请在 decisions: 下逐条写明指纹、认定、理由等。")
    for number, entry in enumerate(listed):
        unknown = [str(name) for name in entry if not _canonical(str(name))]
        at = ("decisions", number) if isinstance(value, dict) else (number,)
        place = f"第 {source.line(at)} 行"
        if unknown:
            raise UnusableInput(f"{path} {place}：不认识的项“{'、'.join(unknown)}”；请改正。")
        yield Row(place, {_canonical(str(n)): "" if v is None else tables.plain(str(v)) for n, v in entry.items()})


def _refuse_strange(path: Path, heads: Iterable[str]) -> None:
    given = set(heads)
    if "kind" not in given or not given & {"fingerprint", "id"}:
        raise UnusableInput(f"{path}：第一行没有“认定”列，或者没有“指纹”“编号”列；请用 duwang review form 生成表格。")


def _canonical(head: str) -> str:
    """The name of the form for a heading, "" where it is none of it."""
    return next((name for name, names in table("decisions")["columns"].items() if head in names), "")
