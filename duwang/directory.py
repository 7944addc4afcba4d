"""A bureau's own directory of items to disclose: the form to fill in, and its import into a checked YAML file."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from crawler import readers
from crawler.errors import UnusableInput
from crawler.evidence import Block
from duwang.inputs import file_uri, whole
from reports.files import write_whole
from scoring.addresses import cell_selector
from scoring.catalogue.directory import own_source, parse_own
from scoring.data import table
from scoring.text import key
from scoring.yaml_source import RuleFileError

_MOST_BYTES = 5 * 1024 * 1024
_BOOKS = (".xlsx", ".xls")
_TEXTS = (".yaml", ".yml")


def form(path: Path) -> None:
    """Write the empty form to ``path``: YAML or XLSX by its ending. Raises UnusableInput for another one."""
    if path.suffix.lower() in _TEXTS:
        write_whole(path, table("directory-form")["template"].encode())
    elif path.suffix.lower() == ".xlsx":
        write_whole(path, _book())
    else:
        raise UnusableInput(f"{path}：不认识的格式；请用 .xlsx 或 .yaml 结尾的文件名。")


def _book() -> bytes:
    # Loaded here: no other command writes a workbook.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    data = table("directory-form")
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(data["sheet"])
    sheet.append([column["title"] for column in data["columns"].values()])
    for example in data["examples"]:
        sheet.append([example[name] for name in data["columns"]])
    for number, cell in enumerate(sheet[1], 1):
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = 24
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    notes = book.create_sheet(data["notes_sheet"])
    notes.column_dimensions["A"].width = 100
    for line in data["notes"]:
        notes.append([line])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to: items, and headings of columns that are not used."""

    items: int
    unused: tuple[str, ...] = ()


def take_in(path: Path, out: Path) -> Imported:
    """Read a filled-in form, check it, and write it to ``out`` as the YAML that a site list names.

    Raises UnusableInput with one line for each fault: file, sheet and row, or line.
    """
    ending = path.suffix.lower()
    unused: tuple[str, ...] = ()
    if ending in _TEXTS:
        text = decoded(whole(path, str(path), _MOST_BYTES), path)
        try:
            count = len(parse_own(text, path).items)
        except RuleFileError as error:
            raise UnusableInput("\n".join(error.faults)) from error
    elif ending in _BOOKS:
        text, count, unused = _from_book(path)
    else:
        raise UnusableInput(f"{path}：不认识的目录格式；请使用 .xlsx 或 .yaml 文件。")
    write_whole(out, text.encode())
    return Imported(count, unused)


def decoded(data: bytes, path: Path) -> str:
    """The text of a directory file. Raises UnusableInput where it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnusableInput(f"{path}：不是 UTF-8 文本；请另存为 UTF-8。") from error


# --- workbooks ---


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a sheet by columns of the form, and where it stands."""

    values: dict[str, str]
    place: str


def _from_book(path: Path) -> tuple[str, int, tuple[str, ...]]:
    document = readers.read(whole(path, str(path), _MOST_BYTES), uri=file_uri(path.name), recognise=False)
    sheets = [block for block in document.blocks if block.table is not None]
    read = [_sheet(block) for block in sheets]
    if not any(head for head, _, _ in read):
        titles = "、".join(column["title"] for column in table("directory-form")["columns"].values())
        raise UnusableInput(f"{path}：各工作表中都没有“公开事项”一列；请在表头写明：{titles}。")
    faults: list[str] = []
    items: list[dict[str, Any]] = []
    unused: dict[str, None] = {}
    for _, lines, left in read:
        unused.update(dict.fromkeys(left))
        for line in lines:
            item, wrong = _item(line)
            faults += [f"{path}：{line.place}：{fault}。" for fault in wrong]
            items.append(item)
    faults += [f"{path}：{place}。" for place in _twice([line for _, lines, _ in read for line in lines])]
    if not items and not faults:
        faults.append(f"{path}：目录是空的；请在表头下每行写一个公开事项。")
    if faults:
        raise UnusableInput("\n".join(faults))
    text = yaml.safe_dump({"title": path.stem, "items": items}, allow_unicode=True, sort_keys=False, width=100)
    try:
        own_source(text, path)  # what the rows cannot tell: lengths and numbers of entries
    except RuleFileError as error:
        raise UnusableInput("\n".join(error.faults)) from error
    return text, len(items), tuple(unused)


def _sheet(block: Block) -> tuple[bool, list[_Line], list[str]]:
    """Whether a sheet has the heading of a directory, its rows, and its headings that mean nothing here."""
    data = table("directory-form")
    grid = _grid(block)
    found = _heading(grid)
    if found is None:
        return False, [], []
    last, columns = found
    lines = []
    for row in sorted(grid):
        values = {name: grid[row].get(at, "").strip() for at, name in columns.items() if name}
        if row > last and any(value for name, value in values.items() if name != "group"):
            lines.append(_Line(values, _place(block, row, next(iter(columns)))))
    heads: dict[int, str] = {}
    for row in sorted(grid):
        if row <= last:
            heads |= {at: text for at, text in grid[row].items() if columns.get(at) is None and text.strip()}
    known = {key(one) for one in data["not_used"]} | _titles()
    return (
        True,
        lines[: data["most_rows"]],
        [text for text in heads.values() if text.strip() and key(text) not in known],
    )


def _titles() -> set[str]:
    return {
        key(one) for spec in table("directory-form")["columns"].values() for one in (spec["title"], *spec["others"])
    }


def _grid(block: Block) -> dict[int, dict[int, str]]:
    """The cells of a sheet by row and column, a merged cell in each of its places."""
    grid: dict[int, dict[int, str]] = {}
    for cell in block.table.cells if block.table is not None else ():
        for row in range(cell.row, cell.row + cell.rowspan):
            for at in range(cell.column, cell.column + cell.colspan):
                grid.setdefault(row, {})[at] = cell.raw
    return grid


def _heading(grid: dict[int, dict[int, str]]) -> tuple[int, dict[int, str | None]] | None:
    """The last row of the heading and what its columns mean; a second row (一级事项, 二级事项) counts before it."""
    data = table("directory-form")
    meanings = {key(one): name for name, spec in data["columns"].items() for one in (spec["title"], *spec["others"])}
    rows = sorted(grid)[: data["rows_looked"]]
    for number, row in enumerate(rows):
        named = {at: meanings.get(key(text)) for at, text in grid[row].items()}
        if "name" not in named.values():
            continue
        last = row
        below = grid.get(rows[number + 1], {}) if number + 1 < len(rows) else {}
        finer = {at: meanings.get(key(text)) for at, text in below.items()}
        if "name" in finer.values():
            named, last = {**named, **{at: name for at, name in finer.items() if name}}, rows[number + 1]
        seen: set[str | None] = set()
        columns: dict[int, str | None] = {}
        for at, name in sorted(named.items()):
            columns[at] = None if name in seen else name
            seen.add(name)
        return last, columns
    return None


def _place(block: Block, row: int, column: int) -> str:
    """``工作表“…”第 n 行`` of a row of a sheet."""
    sheet, _, cell = cell_selector(block.spot.selector, row, column).rpartition("!")
    return f"工作表“{sheet.strip(chr(39))}”第 {re.sub(r'[^0-9]', '', cell)} 行"


def _item(line: _Line) -> tuple[dict[str, Any], list[str]]:
    values, faults = line.values, []
    item: dict[str, Any] = {"name": values.get("name", "")}
    if not item["name"]:
        faults.append("缺少公开事项；请填写，或者删去这一行")
    for name in ("group", "basis", "term"):
        if values.get(name):
            item[name] = values[name]
    for name in ("names", "elements"):
        if parts := list(_parts(values.get(name, ""))):
            item[name] = parts
    if window := values.get("window", ""):
        if window in table("directory-form")["yearly"]:
            item["window"] = {"yearly": True}
        elif (days := re.fullmatch(r"(\d{1,4})\s*(?:天|日)?", window)) and 1 <= int(days[1]) <= 3660:
            item["window"] = {"days": int(days[1])}
        else:
            faults.append(f"更新期限“{window[:20]}”看不懂；请写天数（1 至 3660）或者“每年”")
    return item, faults


def _parts(text: str) -> Iterator[str]:
    data = table("directory-form")
    for part in re.split(data["separators"], text):
        if found := re.sub(data["numbering"], "", part.strip()).strip("。 "):
            yield found


def _twice(lines: list[_Line]) -> Iterator[str]:
    seen: dict[tuple[str, str], str] = {}
    for line in lines:
        name = (key(line.values.get("group", "")), key(line.values.get("name", "")))
        if name[1] and name in seen:
            yield f"{line.place}：公开事项“{line.values['name'][:30]}”与{seen[name]}重复；请只保留一个"
        seen.setdefault(name, line.place)
