"""The body of a Word document in reading order: paragraphs, tables, pictures, text boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from lxml import etree

from crawler.evidence import BlockKind
from crawler.readers.drafts import Draft, Omission
from crawler.readers.grid import MAX_COLSPAN, MAX_ROOM, RawCell, build, table_text
from crawler.readers.html import is_attachment
from crawler.readers.markup import text_in
from crawler.readers.spaces import BREAK, cell_lines, clean, collapse
from crawler.readers.word.columns import Columns
from crawler.readers.word.numbering import Numbering, whole

Element = etree._Element

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_P, _TBL, _TR, _TC = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_DELETED = frozenset({qn("w:del"), qn("w:moveFrom"), qn("w:delText"), qn("w:instrText"), qn("w:delInstrText")})
_PROPERTIES = frozenset(
    {qn("w:pPr"), qn("w:rPr"), qn("w:tblPr"), qn("w:trPr"), qn("w:tcPr"), qn("w:sectPr"), qn("w:sdtPr")}
)
_GRAPHICS = frozenset({qn("w:drawing"), qn("w:pict"), qn("w:object")})
_SPEAKING = {qn("w:tab"): "\t", qn("w:br"): BREAK, qn("w:cr"): BREAK, qn("w:noBreakHyphen"): "-"}
_TEXT_BOX = qn("w:txbxContent")
_HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-6])", re.IGNORECASE)
# Real chains of styles are far shorter; circles and endless chains end here.
_STYLE_DEPTH = 12
_OFF = frozenset({"0", "false", "off"})


@dataclass(frozen=True, slots=True)
class _Style:
    """What a paragraph style gives: heading level (0: none) and its list."""

    level: int = 0
    number: tuple[str, int] | None = None


@dataclass(slots=True)
class _Said:
    """What one paragraph holds."""

    parts: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)


@dataclass(slots=True)
class BodyReader:
    """Reads one document once."""

    document: WordDocument
    uri: str
    drafts: list[Draft] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    styles: dict[str, _Style] = field(default_factory=dict)
    numbering: Numbering = field(default_factory=Numbering)
    room: int = MAX_ROOM

    def run(self) -> list[Draft]:
        """All blocks in reading order."""
        styles = self._root("styles", "样式")
        self.styles = _styles(styles) if styles is not None else {}
        self.numbering = Numbering.of(self._root("numbering", "自动编号"))
        self._blocks([(el, path) for el, path in _children(self.document.element.body, "body")])
        return self.drafts

    def _root(self, kind: str, what: str) -> Element | None:
        """Root of the part that the document relates to by ``kind``; None, and a note, where it is no XML."""
        for relation in self.document.part.rels.values():
            if str(relation.reltype).endswith(f"/{kind}"):
                element = None if relation.is_external else getattr(relation.target_part, "element", None)
                if isinstance(element, etree._Element):
                    return element
                self.notes.append(f"文件的{what}部分已损坏，未读取，标题和编号可能不全")
        return None

    def _blocks(self, start: list[tuple[Element, str]]) -> None:
        """Read blocks; what they hold inside (text boxes, nested tables) follows each at once."""
        stack = list(reversed(start))
        while stack:
            el, path = stack.pop()
            inner = self._paragraph(el, path) if el.tag == _P else self._table(el, path)
            stack.extend(reversed(inner))

    def _paragraph(self, el: Element, path: str) -> list[tuple[Element, str]]:
        said = self._say(el)
        style = self.styles.get(_style_id(el), self.styles.get("", _Style()))
        level = _outline(el) or style.level
        text = self._number(el, style) + "".join(said.parts)
        for piece in [text.replace(BREAK, " ")] if level else text.split(BREAK):
            if line := collapse(piece):
                self._add("heading" if level else "paragraph", line, path).level = level
        for href in said.pictures:
            self._add("picture", "", path).href = href
        for href, name in said.links:
            self._add("attachment", name, path).href = href
        return [child for i, box in enumerate(said.boxes, 1) for child in _children(box, f"{path}/box[{i}]")]

    def _number(self, el: Element, style: _Style) -> str:
        """The generated number of a paragraph; it is counted even where the paragraph is empty of text."""
        own = el.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        number = style.number
        if own is not None:
            key, level = _val(own, "w:numId"), _val(own, "w:ilvl")
            number = (key or (number[0] if number else ""), whole(level, 0))
        if number is None or not number[0] or number[0] == "0" or not text_in(el, qn("w:t")).strip():
            return ""
        return self.numbering.next(*number)

    def _say(self, el: Element) -> _Said:
        """Text, pictures, links and text boxes of a paragraph, deleted and hidden text left out."""
        said = _Said()
        stack: list[Element] = list(reversed(el))
        while stack:
            node = stack.pop()
            tag = node.tag
            if tag in _DELETED or tag in _PROPERTIES or not isinstance(tag, str):
                continue
            if tag == _TEXT_BOX:
                said.boxes.append(node)
                continue
            if tag == qn("w:r") and _hidden(node):
                continue
            said.parts.append(clean(node.text or "") if tag == qn("w:t") else _SPEAKING.get(tag, ""))
            if tag == qn("w:hyperlink"):
                href = self._target(node.get(qn("r:id"), ""))
                name = collapse(text_in(node, qn("w:t")))
                if href and is_attachment(href, name):
                    said.links.append((href, name))
            if tag in _GRAPHICS:
                said.pictures.extend(self._pictures(node))
            children = _chosen(node) if tag == f"{_MC}AlternateContent" else list(node)
            stack.extend(reversed(children))
        return said

    def _pictures(self, graphic: Element) -> Iterator[str]:
        for node in graphic.iter("{*}blip", "{*}imagedata"):
            key = node.get(qn("r:embed")) or node.get(qn("r:link")) or node.get(qn("r:id")) or ""
            yield self._target(key)

    def _target(self, key: str) -> str:
        relation = self.document.part.rels.get(key)
        return str(relation.target_ref or "") if relation is not None else ""

    def _table(self, el: Element, path: str) -> list[tuple[Element, str]]:
        lines = [[(cell, *_merge(cell)) for cell in _wrapped(row, _TC)] for row in _wrapped(el, _TR)]
        # One column, or a single cell, is a frame around running text.
        if max(map(len, lines), default=0) <= 1:
            cells = [(cell, f"{path}/tr[{r}]/tc[1]") for r, line in enumerate(lines, 1) for cell, _, _ in line]
            return [child for cell, where in cells for child in _children(cell, where)]
        befores = [_before(row) for row in _wrapped(el, _TR)]
        columns = Columns(el, [(b, [span for _, span, _ in line]) for b, line in zip(befores, lines, strict=True)])
        rows: list[list[RawCell]] = []
        inner: list[tuple[Element, str]] = []
        above: dict[int, RawCell] = {}
        for r, (row, line) in enumerate(zip(_wrapped(el, _TR), lines, strict=True), 1):
            properties = row.find(qn("w:trPr"))
            if properties is not None and properties.find(qn("w:del")) is not None:
                continue
            at = befores[r - 1]
            column = columns.within(0, at)
            made: list[RawCell] = []
            merged: dict[int, RawCell] = {}
            for c, (cell, wide, merge) in enumerate(line, 1):
                span = columns.within(at, wide)
                if merge == "continue" and column in above:
                    merged[column] = above[column]
                    merged[column].rowspan += 1
                else:
                    made.append(self._cell(cell, column, span))
                    if merge:
                        merged[column] = made[-1]
                    nested = _children(cell, f"{path}/tr[{r}]/tc[{c}]")
                    inner.extend((child, where) for child, where in nested if child.tag == _TBL)
                column += span
                at += wide
            above = merged
            rows.append(made)
        table, cut = build(rows, room=self.room)
        self.room = max(self.room - table.rows * table.columns, 0)
        if cut:
            self.notes.append(Omission("有一张表格过大，只读取了前面的部分"))
        self._add("table", table_text(table), path).table = table
        return inner

    def _cell(self, cell: Element, column: int, span: int) -> RawCell:
        """A cell; nested tables and text boxes add their text to it."""
        parts: list[str] = []
        picture = False
        stack = [child for child, _ in reversed(list(_children(cell, "")))]
        while stack:
            el = stack.pop()
            if el.tag == _TBL:
                nested = [c for row in _wrapped(el, _TR) for tc in _wrapped(row, _TC) for c, _ in _children(tc, "")]
                stack.extend(reversed(nested))
                continue
            said = self._say(el)
            picture = picture or bool(said.pictures)
            parts += [self._number(el, self.styles.get(_style_id(el), _Style())), *said.parts, BREAK]
            stack.extend(reversed([c for box in said.boxes for c, _ in _children(box, "")]))
        return RawCell(cell_lines("".join(parts)), 1, span, picture, column)

    def _add(self, kind: BlockKind, text: str, path: str) -> Draft:
        draft = Draft(kind, text, path)
        self.drafts.append(draft)
        return draft


def _children(parent: Element, path: str) -> Iterator[tuple[Element, str]]:
    """Paragraphs and tables below ``parent`` through content controls and insertions, with their paths."""
    counts = {_P: 0, _TBL: 0}
    for el in _wrapped(parent, _P, _TBL):
        counts[el.tag] += 1
        yield el, f"{path}/{'p' if el.tag == _P else 'tbl'}[{counts[el.tag]}]"


def _wrapped(parent: Element, *tags: str) -> Iterator[Element]:
    stack = list(reversed(parent))
    while stack:
        el = stack.pop()
        if el.tag in tags:
            yield el
        elif el.tag == f"{_MC}AlternateContent":
            stack.extend(reversed(_chosen(el)))
        elif isinstance(el.tag, str) and el.tag not in _DELETED and el.tag not in _PROPERTIES:
            stack.extend(reversed(el))


def _chosen(alternate: Element) -> list[Element]:
    """One branch of alternate content: the first choice, else the fallback."""
    return [child for child in alternate if child.tag in (f"{_MC}Choice", f"{_MC}Fallback")][:1]


def _val(parent: Element, name: str) -> str:
    child = parent.find(qn(name))
    return child.get(qn("w:val"), "") if child is not None else ""


def _style_id(el: Element) -> str:
    properties = el.find(qn("w:pPr"))
    return _val(properties, "w:pStyle") if properties is not None else ""


def _hidden(run: Element) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return mark is not None and mark.get(qn("w:val"), "1") not in _OFF


def _outline(el: Element) -> int:
    properties = el.find(qn("w:pPr"))
    level = _val(properties, "w:outlineLvl") if properties is not None else ""
    return whole(level, 9) + 1 if whole(level, 9) < 6 else 0


def _before(row: Element) -> int:
    """Columns of the grid that a row leaves out at its start."""
    properties = row.find(qn("w:trPr"))
    return whole(_val(properties, "w:gridBefore"), 0) if properties is not None else 0


def _merge(cell: Element) -> tuple[int, str]:
    """(columns, vertical merge: '', 'restart' or 'continue') of a cell."""
    properties = cell.find(qn("w:tcPr"))
    if properties is None:
        return 1, ""
    columns = min(whole(_val(properties, "w:gridSpan"), 1) or 1, MAX_COLSPAN)
    mark = properties.find(qn("w:vMerge"))
    return columns, "" if mark is None else mark.get(qn("w:val"), "continue")


def _styles(root: Element) -> dict[str, _Style]:
    """Paragraph styles by id, what they inherit resolved; the default style under ''."""
    elements = {s.get(qn("w:styleId"), ""): s for s in root.iterchildren(qn("w:style"))}
    found: dict[str, _Style] = {}
    for key, el in elements.items():
        level, number = 0, None
        seen: set[str] = set()
        at: str = key
        while at in elements and at not in seen and len(seen) < _STYLE_DEPTH:
            seen.add(at)
            style = elements[at]
            name = _HEADING_STYLE.fullmatch(_val(style, "w:name"))
            level = level or (int(name[1]) if name else 0) or _outline(style)
            if not level and _val(style, "w:name").lower() == "title":
                level = 1
            numbers = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if number is None and numbers is not None and _val(numbers, "w:numId"):
                number = (_val(numbers, "w:numId"), whole(_val(numbers, "w:ilvl"), 0))
            at = _val(style, "w:basedOn")
        found[key] = _Style(level, number)
        if el.get(qn("w:default")) == "1" and el.get(qn("w:type")) == "paragraph":
            found[""] = found[key]
    return found
