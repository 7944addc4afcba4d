"""HTML tables: which ones lay out the page, and the cells of the others."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from crawler.evidence import Table
from crawler.readers.grid import MAX_COLSPAN, MAX_SLOTS, RawCell, build, span, table_text
from crawler.readers.markup import BLOCKS, CELLS, Element, Survey
from crawler.readers.spaces import BREAK, cell_lines, collapse, solid
from crawler.readers.words import words

# Display order of the row groups.
_GROUPS = {"thead": 0, "tbody": 1, "tfoot": 2}


@dataclass(slots=True)
class Row:
    """One row: its group (thead, tbody and tfoot never share row spans) and its cells."""

    group: int
    order: int
    cells: list[Element] = field(default_factory=list)
    implied: bool = False


@dataclass(slots=True)
class HtmlTable:
    """A table of data with what stands in it besides text.

    ``before`` is text that stands outside the cells (caption, strays); ``links`` are (href, visible text).
    """

    table: Table
    text: str
    cut: bool
    before: list[str] = field(default_factory=list)
    link_chars: int = 0
    pictures: list[Element] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    nested: list[Element] = field(default_factory=list)


def rows_of(table: Element, sizes: Survey) -> tuple[list[Row], list[Element]]:
    """Visible rows in display order, not entering cells or nested tables, and what stands outside any cell."""
    rows: list[Row] = []
    strays: list[Element] = []
    groups = 0
    stack: list[tuple[Element, Row | None, int, int]] = [(child, None, 0, 1) for child in reversed(table)]
    while stack:
        el, row, group, order = stack.pop()
        tag = el.tag
        if el not in sizes.seen or tag == "colgroup":
            continue
        if tag in CELLS:
            if row is None:
                # Cells without a row follow each other in one row, as browsers have it.
                if not rows or not rows[-1].implied:
                    rows.append(Row(group, order, implied=True))
                row = rows[-1]
            row.cells.append(el)
        elif tag == "tr":
            row = Row(group, order)
            rows.append(row)
            stack.extend((child, row, group, order) for child in reversed(el))
        elif tag in _GROUPS:
            groups += 1
            stack.extend((child, None, groups, _GROUPS[tag]) for child in reversed(el))
        elif tag != "table" and next(el.iter("tr", *CELLS), None) is not None:
            stack.extend((child, row, group, order) for child in reversed(el))
        else:
            strays.append(el)
    rows = sorted((row for row in rows if row.cells), key=lambda r: r.order)
    number, previous = 0, -1
    for row in rows:
        number += row.group != previous
        previous, row.group = row.group, number
    return rows, strays


def is_layout(table: Element, rows: list[Row], sizes: Survey) -> bool:
    """Whether a table only lays out the page: then its content is read as if there were no table."""
    limits = words().layout
    total = sizes.seen[table].chars
    widths = [len(row.cells) for row in rows]
    if not rows or max(widths) == 1 or table.get("role") == "presentation":
        return True
    if sizes.seen[table].nested > limits["nested_share"] * total:
        return True
    held = [sizes.seen[cell] for row in rows for cell in row.cells if sizes.seen[cell].chars]
    if len(held) <= 1:
        return sum(widths) <= limits["lone_cells"] or any(size.chars > limits["lone_text"] for size in held)
    if any(
        size.chars >= limits["cell_text"]
        and size.chars >= limits["cell_share"] * total
        and (size.blocks >= limits["cell_blocks"] or size.headings)
        for size in held
    ):
        return True
    # One row of nothing but links is a navigation bar.
    return len(rows) == 1 and not any(size.plain for size in held)


def read_table(rows: list[Row], strays: list[Element], sizes: Survey, room: int) -> HtmlTable:
    """Cells, text and extras of a table of data."""
    found = HtmlTable(Table(0, 0, ()), "", False)
    raw_rows = [[_cell(cell, sizes, found) for cell in row.cells] for row in rows]
    found.table, found.cut = build(raw_rows, [row.group for row in rows], room)
    found.text = table_text(found.table)
    for stray in strays:
        if stray.tag == "table":
            found.nested.append(stray)
        else:
            found.before += [line for line in _cell(stray, sizes, found).raw.split("\n") if line]
    return found


def _cell(cell: Element, sizes: Survey, found: HtmlTable) -> RawCell:
    parts: list[str] = []
    link: tuple[str, list[str]] | None = None
    has_picture = False
    walker = etree.iterwalk(cell, events=("start", "end"))
    for event, el in walker:
        if event == "start":
            if el not in sizes.seen:
                walker.skip_subtree()
                continue
            if el.tag == "img":
                has_picture = True
                found.pictures.append(el)
            elif el.tag == "a":
                link = (el.get("href") or "", [])
            elif el.tag == "table" and not _inside_nested(el, cell, found):
                found.nested.append(el)
            if el.tag in BLOCKS or el.tag == "br":
                parts.append(BREAK)
            _say(el.text, parts, link, found)
            continue
        if el.tag == "a" and link is not None:
            found.links.append((link[0], collapse("".join(link[1]))))
            link = None
        if el is not cell:
            if el.tag in BLOCKS and el in sizes.seen:
                parts.append(BREAK)
            _say(el.tail, parts, link, found)
    return RawCell(
        cell_lines("".join(parts)),
        span(cell.get("rowspan"), MAX_SLOTS),
        span(cell.get("colspan"), MAX_COLSPAN),
        has_picture,
    )


def _inside_nested(el: Element, cell: Element, found: HtmlTable) -> bool:
    node = el.getparent()
    while node is not None and node is not cell:
        if node in found.nested:
            return True
        node = node.getparent()
    return False


def _say(text: str | None, parts: list[str], link: tuple[str, list[str]] | None, found: HtmlTable) -> None:
    if text:
        parts.append(text)
        if link is not None:
            link[1].append(text)
            found.link_chars += solid(text)
