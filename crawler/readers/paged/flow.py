"""Pages to drafts: tables first, then chrome, reading order, paragraphs; tables and paragraphs over page ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from crawler.evidence import Box
from crawler.readers.drafts import Draft, Omission
from crawler.readers.grid import MAX_ROOM, table_text
from crawler.readers.paged.chrome import chrome_lines
from crawler.readers.paged.columns import Strip, stretches, strips_of
from crawler.readers.paged.joins import joined
from crawler.readers.paged.lines import Line, lines_of
from crawler.readers.paged.model import PageContent, letter_height
from crawler.readers.paged.paragraphs import Paragraph, Placed, Style, drafts_of, paragraphs, style_of
from crawler.readers.paged.rules import grids_of
from crawler.readers.paged.tables import PagedTable, finished, take_tables
from crawler.readers.paged.unruled import take_unruled


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that nobody read."""

    page: int
    box: Box


Item = Placed | PagedTable | Picture


@dataclass(slots=True)
class _Page:
    """One page taken apart: its tables, its other lines, its pictures."""

    number: int
    width: float
    height: float
    tables: list[PagedTable]
    lines: list[Line]
    pictures: list[Picture] = field(default_factory=list)


def drafts_of_pages(pages: Iterable[PageContent], notes: list[str] | None = None) -> list[Draft]:
    """Headings, paragraphs, tables and unread pictures of ``pages`` in reading order.

    Running heads and page numbers come last, marked as chrome. What had to be left out is added to ``notes``.
    """
    taken = [_taken(page) for page in pages]
    chrome = chrome_lines([(page.height, page.lines) for page in taken])
    edge = [line for page in taken for line in page.lines if id(line) in chrome]
    for page in taken:
        page.lines = [line for line in page.lines if id(line) not in chrome]
    strips = [strip for page in taken for strip in strips_of(page.lines)]
    wide = [line for page in taken for s in stretches(page.lines, strips) if s.margins is None for line in s.lines]
    style = style_of(
        wide or [line for page in taken for line in page.lines], max((p.width for p in taken), default=0.0)
    )
    items: list[Item] = []
    for page in taken:
        own = _items(page, style, strips)
        if items and own and isinstance(items[-1], PagedTable) and isinstance(own[0], PagedTable):
            whole = joined(items[-1], own[0])
            if whole is not None:
                items[-1] = whole
                own = own[1:]
        items += own
    items = [piece for item in items for piece in _spread(item)]
    drafts = _drafts(items, style, notes if notes is not None else [])
    return drafts + [_edge_draft(line) for line in edge]


def _taken(page: PageContent) -> _Page:
    words = [word for word in page.words if word.text.strip()]
    small = letter_height(words, 0.1) or page.height / 100
    tables, rest = take_tables(grids_of(page.rules, words, small), words, page.number, small)
    pictures = [Picture(page.number, box) for box in page.pictures if not any(_covers(t.box, box) for t in tables)]
    return _Page(page.number, page.width, page.height, tables, lines_of(rest, page.number), pictures)


def _covers(box: Box, inner: Box) -> bool:
    return box[0] <= inner[0] and box[1] <= inner[1] and inner[2] <= box[2] and inner[3] <= box[3]


def _items(page: _Page, style: Style, strips: list[Strip]) -> list[Item]:
    """What stands on a page in reading order."""
    items: list[Item] = []
    waiting: list[PagedTable | Picture] = sorted([*page.tables, *page.pictures], key=lambda t: t.box[1])
    for lines in _between(page.lines, waiting):
        for stretch in stretches(lines, strips):
            if stretch.margins is not None:
                items += [Placed(line, *stretch.margins) for line in stretch.lines]
                continue
            left, right = style.margin(page.number)
            for found in take_unruled(stretch.lines, page.number):
                items.append(found if isinstance(found, PagedTable) else Placed(found, left, right))
        if waiting:
            items.append(waiting.pop(0))
    return items + waiting


def _between(lines: list[Line], marks: list[PagedTable | Picture]) -> list[list[Line]]:
    """Lines above each mark, between them and below the last one."""
    parts: list[list[Line]] = [[] for _ in range(len(marks) + 1)]
    for line in lines:
        middle = (line.box[1] + line.box[3]) / 2
        parts[sum(mark.box[1] < middle for mark in marks)].append(line)
    return parts


def _spread(item: Item) -> list[Item]:
    """A single column that no other part of a table joined is text."""
    if isinstance(item, PagedTable) and item.narrow:
        return [Placed(line, item.xs[0], item.xs[1]) for line in item.lines]
    return [item]


def _drafts(items: list[Item], style: Style, notes: list[str]) -> list[Draft]:
    drafts: list[Draft] = []
    run: list[Placed] = []
    room = MAX_ROOM
    opening = True
    for item in [*items, None]:
        if isinstance(item, Placed):
            run.append(item)
            continue
        found: list[Paragraph] = paragraphs(run, style)
        drafts += drafts_of(found, style, opening)
        opening = opening and all(draft.kind == "picture" for draft in drafts)
        run = []
        if isinstance(item, PagedTable):
            drafts.append(_table_draft(item, room, notes))
            table = drafts[-1].table
            room = max(room - table.rows * table.columns, 0) if table else room
        elif isinstance(item, Picture):
            drafts.append(Draft("picture", "", f"page {item.page}", page=item.page, box=item.box))
    return drafts


def _table_draft(item: PagedTable, room: int, notes: list[str]) -> Draft:
    table, cut = finished(item, room)
    if cut:
        notes.append(Omission("有一张表格过大，只读取了前面的部分"))
    return Draft(
        "table",
        table_text(table),
        f"page {item.page}",
        table=table,
        page=item.page,
        box=item.box,
        confidence=item.confidence,
    )


def _edge_draft(line: Line) -> Draft:
    return Draft(
        "paragraph",
        line.text,
        f"page {line.page}",
        chrome=True,
        page=line.page,
        box=line.box,
        confidence=line.confidence,
    )
