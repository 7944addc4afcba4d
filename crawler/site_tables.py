"""Files that list sites, read into plain text values with their places, whatever the carrier."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from openpyxl import load_workbook

from crawler.errors import UnusableInput
from crawler.words import load

_NULLS = {"", "~", "null", "Null", "NULL"}
_MAPS = {"columns", "windows", "crawl"}
_MAX_EXPANSION = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: line (or row) number, words for the place, what is wrong and what to do."""

    line: int
    place: str
    message: str

    def text(self) -> str:
        return f"第 {self.line} {self.place}：{self.message}" if self.line else self.message


@dataclass(slots=True)
class Raw:
    """One site as written: text values by key; ``lines`` of its keys; ``place`` is 行 (line or row)."""

    values: dict[str, Any]
    line: int
    place: str = "行"
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)

    def line_of(self, where: tuple[str, ...]) -> int:
        """Line of the deepest known part of ``where``."""
        for length in range(len(where), 0, -1):
            if where[:length] in self.lines:
                return self.lines[where[:length]]
        return self.line

    def label(self, where: tuple[str, ...]) -> str:
        return f"第 {self.line_of(where)} {self.place}"


def read(path: Path) -> tuple[list[Raw], list[Fault]]:
    """Sites of a list file and the faults of its form. UnusableInput where the file cannot be read at all."""
    limits = load("site-list")
    try:
        if path.is_dir():
            raise UnusableInput(f"{path}：这是文件夹；请指定站点清单文件（YAML、CSV 或 XLSX）。")
        if path.stat().st_size > limits["max_bytes"]:
            raise UnusableInput(f"{path}：文件超过 {limits['max_bytes'] // 1024 // 1024} MB；请拆分清单。")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise UnusableInput(f"{path}：文件不存在；请核对路径。") from error
    except OSError as error:
        raise UnusableInput(f"{path}：文件无法读取；请检查权限。") from error
    ending = path.suffix.lower()
    if ending in (".yaml", ".yml"):
        return _read_yaml(path, data)
    if ending == ".csv":
        return _read_rows(path, _csv_rows(path, data))
    if ending == ".xlsx":
        return _read_rows(path, _xlsx_rows(path, data))
    raise UnusableInput(f"{path}：不认识的清单格式；请使用 .yaml、.csv 或 .xlsx 文件。")


class _Loader(yaml.SafeLoader):
    """No aliases: a few lines of them can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # untyped in its stubs
            raise yaml.composer.ComposerError(None, None, "别名（*）不可使用", mark)
        return super().compose_node(parent, index)


def _read_yaml(path: Path, data: bytes) -> tuple[list[Raw], list[Fault]]:
    text = _text(path, data)
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UnusableInput(f"{path}：第 {line} 行：不是正确的 YAML；请检查缩进、冒号和引号。") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise UnusableInput(f"{path}：不是正确的 YAML；请检查文件内容。") from error
    sites = root
    faults: list[Fault] = []
    if isinstance(root, yaml.MappingNode):
        sites = None
        for name, value in root.value:
            if name.value == "sites" and sites is None:
                sites = value
            else:
                faults.append(_told(name, "duplicate_key" if name.value == "sites" else "extra_forbidden"))
    if not isinstance(sites, yaml.SequenceNode):
        raise UnusableInput(f"{path}：没有站点清单；请在 sites: 下逐个列出站点（- id: …）。")
    raws = []
    for node in sites.value:
        if not isinstance(node, yaml.MappingNode):
            faults.append(Fault(node.start_mark.line + 1, "行", "站点应写成“- id: …”的形式；请修改"))
            continue
        raw = Raw({}, node.start_mark.line + 1)
        raw.values = _mapping(node, (), raw.lines, faults)
        raws.append(raw)
    return raws, faults


def _told(name: yaml.Node, kind: str) -> Fault:
    message = str(load("site-list")["faults"][kind]).format(key=name.value, value="", allowed="sites")
    return Fault(name.start_mark.line + 1, "行", message)


def _mapping(
    node: yaml.MappingNode, path: tuple[str, ...], lines: dict[tuple[str, ...], int], faults: list[Fault]
) -> dict[str, Any]:
    """Values of a mapping as text; keys by their canonical names, values by theirs."""
    values: dict[str, Any] = {}
    for name_node, value_node in node.value:
        name = str(name_node.value) if isinstance(name_node, yaml.ScalarNode) else "?"
        name = name if path else _canonical(name)
        where = (*path, name)
        if name in values:
            faults.append(_told(name_node, "duplicate_key"))
            continue
        lines[where] = name_node.start_mark.line + 1
        if isinstance(value_node, yaml.MappingNode) and len(path) < 2:
            values[name] = _mapping(value_node, where, lines, faults)
        elif isinstance(value_node, yaml.ScalarNode):
            null = value_node.style is None and value_node.value in _NULLS
            values[name] = None if null else _value(name, value_node.value)
        else:
            values[name] = []
    # An empty value is the same as none, except where one is due.
    return {name: value for name, value in values.items() if value is not None}


def _text(path: Path, data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnusableInput(f"{path}：文件编码无法识别；请另存为 UTF-8。")


def _csv_rows(path: Path, data: bytes) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(_text(path, data), newline=""), strict=True))
    except csv.Error as error:
        raise UnusableInput(f"{path}：不是正确的 CSV；请用表格软件另存为 CSV UTF-8。") from error


def _xlsx_rows(path: Path, data: bytes) -> list[list[str]]:
    """Cells of the first sheet as text, as shown: no trailing ``.0`` of whole numbers."""
    problem = f"{path}：不是正确的 XLSX 文件；请用表格软件另存为 .xlsx。"
    most = int(load("site-list")["max_sites"]) + 1
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > _MAX_EXPANSION:
                raise UnusableInput(f"{path}：文件展开后过大；请只保留站点清单。")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = []
        for row in sheet.iter_rows(max_row=most + 1, max_col=100, values_only=True):
            rows.append([_cell(value) for value in row])
        return rows
    except UnusableInput:
        raise
    except Exception as error:
        # openpyxl lets the errors of its XML parser through, whichever is installed.
        raise UnusableInput(problem) from error


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _read_rows(path: Path, rows: Iterable[list[str]]) -> tuple[list[Raw], list[Fault]]:
    """Rows under a heading row; empty cells and rows are left out."""
    numbered = [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if not numbered:
        raise UnusableInput(f"{path}：清单是空的；第一行请写表头（id、name、home…），其下每行一个站点。")
    head_line, head = numbered[0]
    names = [_canonical(cell.strip()) for cell in head]
    faults = [
        Fault(head_line, "行", _message("duplicate_key", name))
        for position, name in enumerate(names)
        if name and name in names[:position]
    ]
    raws = []
    for number, row in numbered[1:]:
        raw = Raw({}, number)
        for name, cell in zip(names, row, strict=False):
            text = cell.strip()
            if not text or not name:
                continue
            first, _, rest = name.partition(".")
            if first in _MAPS and rest:
                raw.values.setdefault(first, {})[rest] = _value(rest, text)
            elif name in _MAPS:
                pairs = _pairs(text)
                if pairs is None:
                    faults.append(Fault(number, "行", _message("pairs", name, text)))
                else:
                    raw.values.setdefault(name, {}).update(pairs)
            else:
                raw.values[name] = _value(name, text)
        raws.append(raw)
    return raws, faults


def _pairs(text: str) -> dict[str, str] | None:
    """``年报=/zwgk/nb/；政策文件=/zcwj/`` as a mapping, or None."""
    found: dict[str, str] = {}
    for part in re.split(r"[;；\n]+", text):
        if not part.strip():
            continue
        name, mark, value = part.partition("=")
        if not mark or not name.strip() or not value.strip():
            return None
        found[name.strip()] = _value(name.strip(), value.strip())
    return found


def _message(kind: str, name: str, value: str = "") -> str:
    return str(load("site-list")["faults"][kind]).format(key=name, value=value[:60])


def _canonical(name: str) -> str:
    for known, others in load("site-list")["keys"].items():
        if name == known or name in others:
            return str(known)
    return name


def _value(name: str, text: str) -> str:
    known: dict[str, str] = load("site-list")["values"].get(name, {})
    return known.get(text, text)
