"""XLSX workbooks (ECMA-376-1, transitional and strict), read as a stream: a sheet is never held as a tree."""

from __future__ import annotations

import math
import posixpath
import re
from dataclasses import dataclass, field
from typing import Any, cast

from lxml import etree
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from crawler.readers.drafts import UNREADABLE, Draft, Omission
from crawler.readers.packages import Element, Package, open_package
from crawler.readers.sheets.formats import builtin, plain, shown
from crawler.readers.sheets.model import Place, Range, Sheet, selector, settings
from crawler.readers.spaces import clean, collapse

_SAVE_AS = "用 Excel 或 WPS 打开后另存为 XLSX 再试"
_TRUE = frozenset({"1", "true", "on"})
_REFERENCE = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_RELATION = "{*}Relationship"


class _Full(Exception):
    """A limit is reached: what was read so far is kept."""


@dataclass(slots=True)
class _Look:
    """What a cell style gives: its number format and whether it draws a border."""

    code: str = "General"
    ruled: bool = False


@dataclass(slots=True)
class _Budget:
    """What the whole workbook may still hold."""

    cells: int
    elements: int


def sheets_of_xlsx(body: bytes, uri: str, cells: int | None = None) -> tuple[list[Sheet], list[str]]:
    """Sheets in the order of their tabs, and notes. Raises UnusableInput where it is no workbook.

    A workbook with more than ``cells`` cells, or too large otherwise, is refused; without that it is read in part.
    """
    package = open_package(body, uri, "Excel 工作簿", _SAVE_AS)
    if any(name.endswith("workbook.bin") for name in package.names):
        package.refuse("是二进制格式（XLSB），不能读取")
    path = _target(package, "", "officeDocument") or "xl/workbook.xml"
    root = package.xml(path)
    if root is None or local(root) != "workbook":
        package.refuse("缺少工作簿部件，不是有效的 Excel 工作簿")
    return _Workbook(package, path, root, cells).read()


def local(el: Element) -> str:
    """Name of an element without its namespace; "" for comments and the like."""
    return el.tag.rpartition("}")[2] if isinstance(el.tag, str) else ""


def _relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Relations of a part inside the package: id to (kind, path). External ones are not followed."""
    folder, name = posixpath.split(part)
    root = package.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
    found: dict[str, tuple[str, str]] = {}
    for el in root.iterfind(_RELATION) if root is not None else ():
        target = el.get("Target", "")
        if el.get("TargetMode") != "External" and target:
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[el.get("Id", "")] = (el.get("Type", "").rpartition("/")[2], path)
    return found


def _target(package: Package, part: str, kind: str) -> str:
    return next((path for found, path in _relations(package, part).values() if found == kind), "")


@dataclass(slots=True)
class _Workbook:
    package: Package
    path: str
    root: Element
    cells: int | None = None
    notes: list[str] = field(default_factory=list)

    def read(self) -> tuple[list[Sheet], list[str]]:
        relations = _relations(self.package, self.path)
        parts = dict(relations.values())
        limits = settings("limits")
        properties = self.root.find("{*}workbookPr")
        date1904 = properties is not None and properties.get("date1904", "") in _TRUE
        looks = _looks(self.package.xml(parts.get("styles", "")))
        texts = self._texts(parts.get("sharedStrings", ""))
        budget = _Budget(self.cells or limits["cells"], limits["elements"])
        sheets: list[Sheet] = []
        listed = self.root.findall("{*}sheets/{*}sheet")
        if len(listed) > limits["sheets"]:
            self.notes.append(Omission(f"工作簿有 {len(listed)} 个工作表，只读取了前 {limits['sheets']} 个"))
        for el in listed[: limits["sheets"]]:
            sheet = Sheet(clean(el.get("name", "")), hidden=el.get("state", "visible") != "visible")
            key = next((v for k, v in el.attrib.items() if str(k).endswith("}id")), "")
            kind, path = relations.get(str(key), ("", ""))
            if kind == "worksheet" and path in self.package.names:
                self._sheet(sheet, path, _Grid(sheet, looks, texts, budget, date1904))
                sheets.append(sheet)
            else:
                what = "是图表或宏表" if path in self.package.names else "在文件中缺失"
                self.notes.append(Omission(f"工作表“{sheet.name}”{what}，未读取"))
        return sheets, self.notes

    def _sheet(self, sheet: Sheet, path: str, grid: _Grid) -> None:
        if not self._feed(path, grid):
            self.notes.append(Omission(f"工作簿内容过多，工作表“{sheet.name}”只读取了前面的部分"))
        if not grid.sound:
            self.notes.append(Omission(f"工作表“{sheet.name}”已损坏，没有单元格，未读取"))
        if grid.lost:
            self.notes.append(f"工作表“{sheet.name}”有 {grid.lost} 个单元格的文字缺失，以“{UNREADABLE}”代替")
        if grid.drawing:
            drawing = next((p for kind, p in _relations(self.package, path).values() if kind == "drawing"), "")
            sheet.extras = _extras(self.package.xml(drawing), sheet.name)

    def _texts(self, path: str) -> list[str]:
        texts = _Texts()
        if path in self.package.names and not self._feed(path, texts):
            self.notes.append(Omission("工作簿的文字过多，一部分单元格没有读到"))
        return texts.found

    def _feed(self, path: str, target: _Target) -> bool:
        """Parse a part as a stream; False where a limit stopped it."""
        parser = etree.XMLParser(target=cast(Any, target), resolve_entities=False, no_network=True, load_dtd=False)
        try:
            for chunk in self.package.chunks(path):
                parser.feed(chunk)
            parser.close()
        except _Full:
            if self.cells is not None:
                self.package.refuse("内容过多，超出读取限度")
            return False
        except _DoctypeSeen:
            self.package.refuse_entities()
        except etree.XMLSyntaxError:
            self.package.refuse_structure()
        return True


class _DoctypeSeen(Exception):
    """The part declares a document type."""


class _Target:
    """Receives a part element by element: ``opened``, ``closed`` with its text where ``wanted`` names it."""

    wanted: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self._text: list[str] = []
        self._taking = False

    def start(self, tag: str, attributes: Any) -> None:
        name = tag.rpartition("}")[2]
        self._taking = name in self.wanted
        self._text.clear()
        self.opened(name, attributes)

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        self.closed(name, "".join(self._text))
        self._text.clear()
        self._taking = False

    def data(self, data: str) -> None:
        if self._taking:
            self._text.append(data)

    def doctype(self, *_: Any) -> None:
        raise _DoctypeSeen

    def close(self) -> None:
        return None

    def opened(self, name: str, attributes: Any) -> None:
        raise NotImplementedError

    def closed(self, name: str, text: str) -> None:
        raise NotImplementedError


class _Texts(_Target):
    """Shared texts; what only says how a word is pronounced is left out."""

    wanted = frozenset({"t"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._parts: list[str] = []
        self._phonetic = False
        self._room = settings("limits")["characters"]
        self._elements = settings("limits")["elements"]

    def opened(self, name: str, attributes: Any) -> None:  # noqa: ARG002 (one signature)
        self._elements -= 1
        if self._elements < 0:
            raise _Full
        if name == "rPh":
            self._phonetic = True

    def closed(self, name: str, text: str) -> None:
        if name == "t" and not self._phonetic:
            self._parts.append(text)
            self._room -= len(text)
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            self.found.append("".join(self._parts))
            self._parts.clear()
            if self._room < 0 or len(self.found) > settings("limits")["strings"]:
                raise _Full


class _Grid(_Target):
    """The cells of one sheet, with what is merged and hidden."""

    wanted = frozenset({"v", "t"})

    def __init__(self, sheet: Sheet, looks: list[_Look], texts: list[str], budget: _Budget, date1904: bool) -> None:
        super().__init__()
        # Whether it has a drawing, whether it is a sheet at all, how many of its texts are missing.
        self.drawing = self.sound = False
        self.lost = 0
        self._sheet, self._looks, self._shared, self._budget, self._date1904 = sheet, looks, texts, budget, date1904
        self._row, self._column = -1, -1
        self._kind, self._style, self._value = "", 0, ""
        self._formula = self._phonetic = self._stored = False

    def opened(self, name: str, attributes: Any) -> None:
        self._budget.elements -= 1
        if self._budget.elements < 0:
            raise _Full
        if name == "c":
            self._place(attributes.get("r", ""))
            self._kind, self._style = attributes.get("t", "n"), _whole(attributes.get("s"))
            self._value, self._formula, self._stored = "", False, False
        elif name == "row":
            number = _whole(attributes.get("r"))
            self._row, self._column = (number - 1 if number else self._row + 1), -1
            if attributes.get("hidden", "") in _TRUE:
                self._sheet.hidden_rows.add(self._row)
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._phonetic = True
        else:
            self._other(name, attributes)

    def _other(self, name: str, attributes: Any) -> None:
        if name == "mergeCell":
            if len(self._sheet.merges) < settings("limits")["merges"] and (found := _range(attributes.get("ref", ""))):
                self._sheet.merges.append(found)
        elif name == "col" and attributes.get("hidden", "") in _TRUE:
            self._sheet.hidden_columns.append((_whole(attributes.get("min")) - 1, _whole(attributes.get("max")) - 1))
        elif name == "sheetView" and attributes.get("showZeros", "1") not in _TRUE:
            self._sheet.blank_zeros = True
        elif name == "sheetData":
            self.sound = True
        elif name == "drawing":
            self.drawing = True

    def _place(self, reference: str) -> None:
        """Where a cell stands; without a reference it follows the one before."""
        self._column += 1
        if _REFERENCE.fullmatch(reference):
            row, column = coordinate_to_tuple(reference)
            self._row, self._column = row - 1, column - 1

    def closed(self, name: str, text: str) -> None:
        if name == "v":
            self._value, self._stored = text, bool(text) or self._kind == "str"
        elif name == "t" and not self._phonetic:
            self._value += text
            self._stored = True
        elif name == "rPh":
            self._phonetic = False
        elif name == "c":
            self._cell((self._row, self._column))

    def _cell(self, place: Place) -> None:
        look = self._looks[self._style] if self._style < len(self._looks) else _Look()
        text = self._shown(look)
        if self._formula and not self._stored:
            self._sheet.uncounted.append(place)
            text = UNREADABLE
        if not text and not look.ruled:
            return
        self._budget.cells -= 1
        if self._budget.cells < 0:
            raise _Full
        if text:
            self._sheet.cells[place] = text
        if look.ruled:
            self._sheet.ruled.add(place)

    def _shown(self, look: _Look) -> str:
        value = self._value
        if self._kind == "s":
            at = _whole(value.strip(), -1)
            if not 0 <= at < len(self._shared):
                self.lost += 1
                return UNREADABLE
            value = self._shared[at]
        elif self._kind == "b":
            value = "TRUE" if value.strip() in _TRUE else "FALSE"
        elif self._kind == "n":
            return self._number(value.strip(), look)
        return _unescaped(value)[: settings("limits")["text"]]

    def _number(self, value: str, look: _Look) -> str:
        if not value:
            return ""
        try:
            number = float(value)
        except ValueError:
            return value[: settings("limits")["text"]]
        if not math.isfinite(number):
            return value[: settings("limits")["text"]]
        if not number and self._sheet.blank_zeros:
            return ""
        if value.isdigit() and look.code in ("General", "@"):
            return value.lstrip("0") or "0" if len(value) < 16 else plain(number)
        return shown(number, look.code, date1904=self._date1904)


def _unescaped(text: str) -> str:
    """Characters that XML cannot hold are written _x000D_; they are line ends or nothing to be seen."""
    if "_x" not in text:
        return text
    return text.replace("_x000D_", "").replace("_x000d_", "").replace("_x005F_", "_")


def _whole(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default


def _range(reference: str) -> Range | None:
    try:
        left, top, right, bottom = range_boundaries(reference)
    except (ValueError, KeyError, TypeError):
        return None
    if not (left and top and right and bottom):
        return None
    return Range(top - 1, left - 1, bottom - 1, right - 1)


def _looks(root: Element | None) -> list[_Look]:
    """What the cell styles give, in their order."""
    if root is None:
        return []
    codes = {_whole(el.get("numFmtId")): el.get("formatCode", "") for el in root.iterfind("{*}numFmts/{*}numFmt")}
    ruled = [
        any(side.get("style", "none") != "none" for side in border) for border in root.iterfind("{*}borders/{*}border")
    ]
    looks: list[_Look] = []
    for el in root.iterfind("{*}cellXfs/{*}xf"):
        number, border = _whole(el.get("numFmtId")), _whole(el.get("borderId"))
        looks.append(_Look(codes.get(number) or builtin(number), border < len(ruled) and ruled[border]))
    return looks


def _extras(root: Element | None, sheet: str) -> list[tuple[Place, Draft]]:
    """Pictures and the text of text boxes, with the cells that they are anchored to."""
    found: list[tuple[Place, Draft]] = []
    for anchor in root if root is not None else ():
        start = anchor.find("{*}from") if local(anchor).endswith("Anchor") else None
        if len(found) >= settings("limits")["pictures"]:
            break
        row, column = (_number_in(start, "row"), _number_in(start, "col")) if start is not None else (0, 0)
        where = selector(sheet, (row, column))
        if anchor.find(".//{*}pic") is not None:
            found.append(((row, column), Draft("picture", "", where)))
        for paragraph in anchor.iterfind(".//{*}txBody/{*}p"):
            text = collapse(clean("".join(t.text or "" for t in paragraph.iterfind(".//{*}t"))))
            if text:
                found.append(((row, column), Draft("paragraph", text, where)))
    return found


def _number_in(parent: Element, name: str) -> int:
    return _whole((parent.findtext(f"{{*}}{name}") or "").strip())
