"""Lexicons of users: wrong and right forms, and words that are never to be reported, from YAML, Excel or CSV."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from crawler import readers
from crawler.errors import UnusableInput
from crawler.evidence import Block, Document, Site
from duwang.inputs import whole
from scoring.addresses import cell_selector
from scoring.data import table
from scoring.text import fold, key
from scoring.wording.lexicons import Entry
from scoring.wording.own import NAME, OwnLexicon
from scoring.yaml_source import RuleFileError, Source, parse_yaml

_TEXTS, _SHEETS = (".yaml", ".yml"), (".xlsx", ".xls", ".csv")
_ADDRESS = re.compile(r"(?:(.*)!)?([A-Z]+)(\d+)$", re.S)
_LOST = "\ufffd"  # what the reader puts for a formula without a stored value


@dataclass(frozen=True, slots=True)
class _Line:
    """One entry as written, and where it stands (``第 3 行``)."""

    values: Mapping[str, str]
    place: str


def read_own(name: str, data: bytes) -> OwnLexicon:
    """A user's lexicon: ``data`` is the content of the file ``name``, whose ending says what it is.

    Raises UnusableInput with one line for each fault: file, sheet and row (or line), what is wrong, what to do.
    """
    limits = table("own-lexicon")
    if len(data) > limits["most_bytes"]:
        raise UnusableInput(f"{name}：词表超过 {limits['most_bytes'] // 1_000_000} MB；请拆分后再用。")
    ending = PurePath(name).suffix.lower()
    if ending in _TEXTS:
        lines, exceptions = _from_yaml(name, data)
    elif ending in _SHEETS:
        lines, exceptions = _from_sheets(name, data)
    else:
        raise UnusableInput(f"{name}：不认识的词表格式；请使用 .yaml、.xlsx、.xls 或 .csv 文件。")
    return _checked(name, lines, exceptions)


def joined(paths: Sequence[Path]) -> OwnLexicon:
    """The lexicons of several files together; of two entries for one wrong form the first stands."""
    return OwnLexicon().joined([_read(path) for path in paths])


def sites_of(source: str | Path) -> tuple[Site, ...]:
    """The sites of a list or address (``load_sites``); their word lists, of any carrier, as ``kept`` gives them."""
    # Loaded where it is needed: a page is checked without what opens workbooks.
    from crawler.sites import load_sites

    return load_sites(source, {"lexicon": lambda path: _read(path).kept()})


def _read(path: Path) -> OwnLexicon:
    return read_own(str(path), whole(path, str(path), table("own-lexicon")["most_bytes"]))


# --- carriers ---


def _from_yaml(name: str, data: bytes) -> tuple[list[_Line], list[_Line]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnusableInput(f"{name}：不是 UTF-8 文本；请另存为 UTF-8。") from error
    try:
        source = parse_yaml(text, Path(name), deepest=table("own-lexicon")["most_depth"])
    except RuleFileError as error:
        raise UnusableInput("\n".join(error.faults)) from error
    return _yaml_parts(name, source)


def _yaml_parts(name: str, source: Source) -> tuple[list[_Line], list[_Line]]:
    data = source.value if isinstance(source.value, dict) else {}
    found: dict[str, list[_Line]] = {"entries": [], "exceptions": []}
    names = {one: part for part, ones in table("own-lexicon")["keys"].items() for one in ones}
    for given, items in data.items():
        part = names.get(str(given))
        if part is None or not isinstance(items, list):
            raise UnusableInput(f"{name}：第 {source.line((given,))} 行：看不懂“{given}”；请写 entries 或 exceptions。")
        for number, item in enumerate(items):
            place = f"第 {source.line((given, number))} 行"
            values = _yaml_values(item) if part == "entries" else {"exception": _text(item)}
            found[part].append(_Line(values, place))
    return found["entries"], found["exceptions"]


def _yaml_values(item: Any) -> dict[str, str]:
    columns = _columns()
    values: dict[str, str] = {}
    for given, value in item.items() if isinstance(item, dict) else ():
        column = columns.get(key(str(given)))
        values[column or f"?{given}"] = "\n".join(map(_text, value)) if isinstance(value, list) else _text(value)
    return values


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, (list, dict)) else str(value).strip()


def _from_sheets(name: str, data: bytes) -> tuple[list[_Line], list[_Line]]:
    document = readers.read(data, uri=f"file:///{PurePath(name).name}", recognise=False)
    entries: list[_Line] = []
    exceptions: list[_Line] = []
    headed = False
    for sheet, rows in _grids(document).items():
        heading = _heading(rows)
        if heading is None:
            continue
        headed = True
        last, columns = heading
        for row in sorted(number for number in rows if number > last):
            values = {name: rows[row].get(letter, "").strip() for letter, name in columns.items()}
            place = f"工作表“{sheet}”第 {row} 行" if sheet else f"第 {row} 行"
            if excepted := values.pop("exception", ""):
                exceptions.append(_Line({"exception": excepted}, place))
            if any(values.values()):
                entries.append(_Line(values, place))
    if not headed:
        titles = "、".join(column["title"] for column in table("own-lexicon")["columns"].values())
        raise UnusableInput(f"{name}：没有表头；请在第一行写明：{titles}。")
    return entries, exceptions


def _grids(document: Document) -> dict[str, dict[int, dict[str, str]]]:
    """The cells of all sheets: sheet, number of row, letters of column; a reader may have cut a sheet into blocks."""
    found: dict[str, dict[int, dict[str, str]]] = {}
    for block in document.blocks:
        for address, text in _cells(block):
            if place := _ADDRESS.match(address):
                sheet = (place[1] or "").strip("'")
                found.setdefault(sheet, {}).setdefault(int(place[3]), {})[place[2]] = text
    return found


def _cells(block: Block) -> Iterator[tuple[str, str]]:
    if block.table is None:
        yield block.spot.selector, block.text
        return
    for cell in block.table.cells:
        yield cell_selector(block.spot.selector, cell.row, cell.column), cell.raw


def _heading(rows: Mapping[int, Mapping[str, str]]) -> tuple[int, dict[str, str]] | None:
    """The row of the heading, and what its columns mean."""
    meanings = _columns()
    for row in sorted(rows)[: table("own-lexicon")["rows_looked"]]:
        columns = {letter: name for letter, text in rows[row].items() if (name := meanings.get(key(text)))}
        if {"wrong", "right"} <= set(columns.values()) or "exception" in columns.values():
            return row, columns
    return None


def _columns() -> dict[str, str]:
    data = table("own-lexicon")["columns"]
    return {key(title): name for name, spec in data.items() for title in (spec["title"], *spec["others"])}


# --- what it says ---


def _checked(name: str, lines: Sequence[_Line], exceptions: Sequence[_Line]) -> OwnLexicon:
    limits = table("own-lexicon")
    most = limits["most_entries"]
    if len(lines) > most or len(exceptions) > most:
        raise UnusableInput(f"{name}：词条超过 {most} 条；请拆分词表。")
    if not lines and not exceptions:
        raise UnusableInput(f"{name}：词表是空的；请至少写一个词条。")
    faults: list[str] = []
    entries: list[Entry] = []
    seen: dict[str, str] = {}
    for line in lines:
        wrong = list(_faults(line, seen))
        faults += [f"{line.place}：{fault}" for fault in wrong]
        if not wrong:
            entries.append(_entry(line))
    for line in exceptions:
        length = len(line.values["exception"])
        if not limits["shortest"] <= length <= limits["longest_exception"]:
            faults.append(
                f"{line.place}：不报的词句应为 {limits['shortest']} 至 {limits['longest_exception']} 字；请修改"
            )
    if faults:
        more = len(faults) - limits["most_faults"]
        shown = [f"{name}：{fault}。" for fault in faults[: limits["most_faults"]]]
        raise UnusableInput("\n".join(shown + ([f"{name}：另有 {more} 处问题，请一并检查。"] if more > 0 else [])))
    return OwnLexicon(tuple(entries), tuple(dict.fromkeys(line.values["exception"] for line in exceptions)))


def _faults(line: _Line, seen: dict[str, str]) -> Iterator[str]:
    """What is wrong with an entry. ``seen`` holds the wrong forms met so far, with their places."""
    limits, values = table("own-lexicon"), line.values
    wrong, right, level = values.get("wrong", ""), values.get("right", ""), values.get("level", "")
    for name in values:
        if name.startswith("?"):
            yield f"不认识的项目“{name[1:]}”；请删去"
    if any(_LOST in value for value in values.values()):
        yield "有公式没有存下结果；请改为文字"
    if not limits["shortest"] <= len(wrong) <= limits["longest"]:
        yield f"错误写法应为 {limits['shortest']} 至 {limits['longest']} 字；请修改"
    elif re.search(r"\s", wrong):
        yield "错误写法中有空格或换行；请去掉"
    if not right or len(right) > limits["longest"]:
        yield f"正确写法应为 1 至 {limits['longest']} 字；请修改"
    elif fold(right) == fold(wrong):
        yield "正确写法与错误写法相同；请修改"
    if level and level.upper() not in limits["levels"]:
        yield f"级别“{level[:10]}”看不懂；请写 {'、'.join(limits['levels'])} 之一"
    contexts = _contexts(values)
    if len(contexts) > limits["most_unless"] or any(len(one) > limits["longest"] for one in contexts):
        yield f"不查的语境最多 {limits['most_unless']} 个，每个不超过 {limits['longest']} 字；请修改"
    if wrong and fold(wrong) in seen:
        yield f"“{wrong[:20]}”与{seen[fold(wrong)]}重复；请只保留一个"
    seen.setdefault(fold(wrong), line.place)


def _contexts(values: Mapping[str, str]) -> list[str]:
    parts: Iterable[str] = re.split(table("own-lexicon")["separators"], values.get("unless", ""))
    return [fold(part.strip()) for part in parts if part.strip()]


def _entry(line: _Line) -> Entry:
    limits, values = table("own-lexicon"), line.values
    level = limits["levels"][(values.get("level") or limits["default_level"]).upper()]
    unless = _contexts(values)
    if fold(values["wrong"]) in fold(values["right"]):
        unless.append(fold(values["right"]))  # the right form holds the wrong one
    data = {"right": values["right"], "level": level, "note": values.get("note", ""), "unless": tuple(unless)}
    return Entry(NAME, (values["wrong"],), data)
