"""What a page states about itself in words: metadata block, date line, source, dates of publication."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from crawler import dates
from crawler.evidence import Cell, DateSeen, Field, Labelled, Table
from crawler.pages.areas import MainText
from crawler.readers.drafts import Draft
from crawler.readers.fields import read_fields
from crawler.readers.html import Opened
from crawler.readers.page.scan import Scan
from crawler.readers.words import has_colon, words
from crawler.words import load

_ELSE = re.compile(r"^[（(【\[]|[\u4e00-\u9fff]\s?[:：]|，")
_BOXES = frozenset({"div", "dt", "dd", "li"})
_CELLS = frozenset({"td", "th"})


@dataclass(frozen=True, slots=True)
class Stated:
    """A field of the metadata block, the line of text that says it and its element."""

    field: Field
    line: str
    element: int


@dataclass(slots=True)
class _Lines:
    """The lines that may hold labels, as drafts, and the element that each stands in."""

    drafts: list[Draft]
    elements: list[int]

    def add(self, draft: Draft, element: int) -> None:
        """Keep both."""
        self.drafts.append(draft)
        self.elements.append(element)


def read_stated(page: Scan, chrome: bytearray, main: MainText, title: str) -> list[Stated]:
    """Fields of the metadata block and the date line, as ``crawler.readers.fields`` tells them."""
    lines = _lines(page, chrome, main)
    if not any(draft.table or _may_be_label(draft.text) for draft in lines.drafts):
        return []
    title_block = next((n for n, draft in enumerate(lines.drafts) if draft.text == title), -1)
    found = read_fields(lines.drafts, (0, len(lines.drafts)), title_block)
    found = [one for one in found if one.label or not _is_of_entry(page, _place(page, lines, one))]
    most = load("page-facts")["fields"]["max_found"]
    return [Stated(_clean(one), lines.drafts[one.spot.block].text, _place(page, lines, one)) for one in found[:most]]


def _is_of_entry(page: Scan, cell: int) -> bool:
    """Whether a bare date stands in a row of a table with a title that is a link: it is not that of the page."""
    row = page.parents[cell]
    if page.tags[cell] not in _CELLS or row < 0 or page.tags[row] != "tr":
        return False
    least: int = load("page-facts")["lists"]["min_title"]
    return any(len(page.text(anchor, 4)) >= least for anchor in page.links_in(row, 4))


def _clean(found: Field) -> Field:
    return replace(found, value=_cut(found.value)) if found.name == "source" else found


def labelled(page: Scan, stated: list[Stated]) -> tuple[Labelled, ...]:
    """The fields as evidence."""
    return tuple(Labelled(one.field.name, one.field.label, one.field.value, page.path(one.element)) for one in stated)


def tag(tags: dict[str, str], group: str) -> str:
    """First value that the page's meta tags (names in lower case) give for a group of names; "" where none does."""
    for name in _tag_names(group):
        value = tags.get(name, "").strip()
        if value and not any(mark in value for mark in load("page-facts")["unfilled"]):
            return value
    return ""


def tag_dates(opened: Opened) -> list[DateSeen]:
    """Publication dates that meta tags state."""
    names = _tag_names("published")
    found = []
    for name, value in opened.tags.items():
        if name.lower() in names and (day := dates.find(value)):
            found.append(DateSeen("tag", day, _quote(value), f"//meta[@name='{name}']"))
    return found


def text_dates(page: Scan, chrome: bytearray, stated: list[Stated], title: str) -> list[DateSeen]:
    """Publication dates that the visible text states.

    Those of the metadata block and date line, else the one behind a label, else the one that opens a line below the
    title.
    """
    found = [
        DateSeen("text", day, _quote(one.line), page.path(one.element))
        for one in stated
        if one.field.name == "date_published" and (day := dates.find(one.field.value))
    ]
    return found or _labelled_date(page, chrome) or _date_below(page, title)


def source_of(stated: list[Stated], seen: list[DateSeen], tags: dict[str, str]) -> str:
    """The 来源 of a page: of its date line, else on the line of a date, else of its tags; "" where none is stated."""
    printed = [one.field.value for one in stated if one.field.name == "source"]
    beside = [] if printed else [match["source"] for one in seen if (match := _source().search(one.quote))]
    return next((_cut(source) for source in (*printed, *beside) if _cut(source)), "") or tag(tags, "source")


def _cut(source: str) -> str:
    """A source without the counters and buttons that stand behind it."""
    end = _source_end().search(source)
    return source[: end.start()].rstrip() if end else source


def _labelled_date(page: Scan, chrome: bytearray) -> list[DateSeen]:
    for number in range(len(page.lines)):
        if chrome[number] or not page.shown[number]:
            continue
        line = page.texts[number]
        if len(line) < 200 and (match := _dated_label().search(line)) and (day := dates.find(line[match.end() :][:30])):
            return [DateSeen("text", day, _quote(line), page.path(page.lines[number][2]))]
    return []


def _date_below(page: Scan, title: str) -> list[DateSeen]:
    """A date on a short line below the title; one behind a label or in brackets tells of something else."""
    below, most = 0, _limits()["max_date_line"]
    for number in range(len(page.lines)):
        line = page.texts[number]
        # What stands beside a link is the date of that.
        alone = below and len(line) <= most and page.shown[number] * 2 > len(line)
        if alone and not _ELSE.search(line) and (day := dates.find(line)):
            return [DateSeen("text", day, _quote(line), page.path(page.lines[number][2]))]
        below = _limits()["below_title"] if title and line == title else max(below - 1, 0)
    return []


def _lines(page: Scan, chrome: bytearray, main: MainText) -> _Lines:
    """Lines outside of menus up to the body of the text, tables of labels as tables."""
    limits = _limits()
    found = _Lines([], [])
    tables: dict[int, Table | None] = {}
    body = set(main.lines)
    beyond = reached = 0
    for number, (begin, _, block) in enumerate(page.lines):
        if beyond > limits["keep_after"] or len(found.drafts) >= limits["max_lines"]:
            break
        if chrome[number] or begin < reached or not page.shown[number]:
            continue
        text = page.texts[number]
        table = _table_of(page, block, text, tables)
        if table is not None:
            found.add(Draft("table", "", "", table=tables[table]), table)
            reached = page.ends[table]
            continue
        value = _beside(page, number, text)
        if value is not None:
            text, block, reached = f"{text}{page.text(value)}", value, page.ends[value]
        elif len(text) <= limits["max_line"]:
            text = _spaced(page, number, text)
        if len(text) <= limits["max_line"]:
            found.add(Draft("paragraph", text, "", parent=str(page.parents[block]), tag=page.tags[block]), block)
        opens = number in body and len(text) >= limits["min_body"] and not words().holds_label(text)
        beyond += bool(beyond) or opens
    return found


def _beside(page: Scan, number: int, line: str) -> int | None:
    """The next element where a label that ends with a colon fills one and the value, blank or not, fills that."""
    block = page.lines[number][2]
    label = words().label_of(line) if line.endswith(("：", ":")) and page.tags[block] in _BOXES else None
    sibling = page.stops[block]
    if label is None or not label.strong or sibling >= page.stops[page.parents[block]]:
        return None
    if page.tags[sibling] not in _BOXES or page.ends[sibling] - page.begins[sibling] > 20:
        return None
    value = page.text(sibling)
    return sibling if len(value) <= _limits()["max_value"] and words().label_of(value) is None else None


def _spaced(page: Scan, number: int, line: str) -> str:
    """A short line with a space between its pieces: labels are often elements of their own."""
    begin, end, _ = page.lines[number]
    if end - begin < 2 or len(line) > _limits()["max_spaced"]:
        return line
    return " ".join(" ".join(page.pieces[begin:end]).split())


def _may_be_label(text: str) -> bool:
    return has_colon(text) or words().label_of(text) is not None


def _table_of(page: Scan, block: int, line: str, known: dict[int, Table | None]) -> int | None:
    """The small table of labels and values that a cell stands in, None where it stands in none."""
    around = (block, *page.above(block)) if page.tags[block] in _CELLS or known else ()
    for here in around:
        if page.tags[here] != "table":
            continue
        if here not in known:
            known[here] = _table(page, here) if _may_be_label(line) else None
        return here if known[here] is not None else None
    return None


def _table(page: Scan, here: int) -> Table | None:
    """Cells in their order; None for a table that lays out the page or is too large for metadata."""
    limits = _limits()
    inside = range(here + 1, page.stops[here])
    if len(page.lines_in(here)) > limits["max_cells"] or len(inside) > 8 * limits["max_cells"]:
        return None
    cells: list[Cell] = []
    row, column = -1, 0
    for i in inside:
        tag_name = page.tags[i]
        if tag_name == "table":
            return None
        if tag_name == "tr":
            row, column = row + 1, 0
        elif tag_name in _CELLS:
            raw = "\n".join(page.texts[number] for number in page.lines_in(i))
            cells.append(Cell(max(row, 0), column, raw))
            column += 1
    if row >= limits["max_rows"] or not any(words().label_of(cell.raw) for cell in cells):
        return None
    return Table(row + 1, max((cell.column for cell in cells), default=0) + 1, tuple(cells))


def _place(page: Scan, lines: _Lines, field: Field) -> int:
    """The element of a field: the cell where it stands in a table."""
    here = lines.elements[field.spot.block]
    if field.spot.row is None:
        return here
    row, column = -1, 0
    for i in range(here, page.stops[here]):
        if page.tags[i] == "tr":
            row, column = row + 1, 0
        elif page.tags[i] in _CELLS:
            if (max(row, 0), column) == (field.spot.row, field.spot.column):
                return i
            column += 1
    return here


@cache
def _tag_names(group: str) -> dict[str, None]:
    """Names of meta tags in lower case, the one that counts first first."""
    return dict.fromkeys(name.lower() for name in load("page-facts")["tags"][group])


def _quote(text: str) -> str:
    most: int = load("page-facts")["dates"]["max_quote"]
    return text[:most]


@cache
def _dated_label() -> re.Pattern[str]:
    labels = "|".join(map(re.escape, sorted(load("page-facts")["published_labels"], key=len, reverse=True)))
    return re.compile(rf"(?<![\u4e00-\u9fff])(?:{labels})\s{{0,3}}[:：]?")


@cache
def _source() -> re.Pattern[str]:
    return re.compile(_limits()["source"])


@cache
def _source_end() -> re.Pattern[str]:
    return re.compile(_limits()["source_end"])


def _limits() -> dict[str, Any]:
    limits: dict[str, Any] = load("page-facts")["fields"]
    return limits
