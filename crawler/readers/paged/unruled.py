"""Tables without lines: figures that stand in columns over several lines. Only clear ones are taken."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from crawler.readers.grid import is_value
from crawler.readers.paged.lines import Line, segments
from crawler.readers.paged.model import settings, union
from crawler.readers.paged.rules import Grid, Slot
from crawler.readers.paged.tables import PagedTable, table_of

Span = tuple[float, float]
_HEAD_LINES = 3


def take_unruled(lines: Sequence[Line], page: int) -> list[Line | PagedTable]:
    """``lines`` (top to bottom) with those that form a table replaced by it."""
    pieces = [segments(line) for line in lines]
    figures = [_figures(parts) >= settings("unruled")["columns"] for parts in pieces]
    found: list[Line | PagedTable] = []
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and figures[end]:
            end += 1
        if end - at >= settings("unruled")["rows"]:
            table, head = _table(lines, pieces, at, end, page)
            if table is not None:
                del found[len(found) - head :]
                found.append(table)
                at = end
                continue
        found += lines[at : max(end, at + 1)]
        at = max(end, at + 1)
    return found


def _figures(parts: Sequence[Line]) -> int:
    return sum(bool(part.text) and is_value(part.text) for part in parts)


def _table(
    lines: Sequence[Line], pieces: Sequence[list[Line]], start: int, end: int, page: int
) -> tuple[PagedTable | None, int]:
    """The table of the lines from ``start`` to ``end`` and how many lines above are its head; None if it is none."""
    em = lines[start].em
    columns = _columns([part for parts in pieces[start:end] for part in parts], settings("text")["letter_space"] * em)
    if len(columns) <= settings("unruled")["columns"]:
        return None, 0
    held: list[list[Line]] = [[] for _ in columns]
    for parts in pieces[start:end]:
        places = [_column(columns, part) for part in parts]
        if len(set(places)) != len(places):
            return None, 0
        for place, part in zip(places, parts, strict=True):
            held[place].append(part)
    aligned = [own for own in held if len(own) > 1 and all(is_value(part.text) for part in own) and _aligned(own, em)]
    if len(aligned) < settings("unruled")["columns"]:
        return None, 0
    head = _head(pieces, columns, start, lines)
    body = list(lines[start - head : end])
    grid = _grid(body, [pieces[i] for i in range(start - head, end)], columns, head)
    words = [word for line in body for word in line.words]
    return table_of(grid, words, page, em), head


def _columns(parts: Sequence[Line], gap: float) -> list[Span]:
    spans: list[Span] = []
    for x0, x1 in sorted((part.box[0], part.box[2]) for part in parts):
        if spans and x0 <= spans[-1][1] + gap:
            spans[-1] = (spans[-1][0], max(spans[-1][1], x1))
        else:
            spans.append((x0, x1))
    return spans


def _column(columns: Sequence[Span], part: Line) -> int:
    return next(i for i, (x0, x1) in enumerate(columns) if x0 <= part.box[0] and part.box[2] <= x1)


def _aligned(parts: Sequence[Line], em: float) -> bool:
    drift = settings("unruled")["drift"] * em
    for places in (
        [p.box[0] for p in parts],
        [(p.box[0] + p.box[2]) / 2 for p in parts],
        [p.box[2] for p in parts],
    ):
        if max(places) - min(places) <= drift:
            return True
    return False


def _covered(columns: Sequence[Span], part: Line) -> list[int]:
    return [i for i, (x0, x1) in enumerate(columns) if part.box[0] < x1 and x0 < part.box[2]]


def _head(pieces: Sequence[list[Line]], columns: Sequence[Span], start: int, lines: Sequence[Line]) -> int:
    """How many lines above ``start`` name the columns: several pieces, each over columns of its own."""
    rows = 0
    while rows < min(_HEAD_LINES, start):
        parts = pieces[start - rows - 1]
        covered = [_covered(columns, part) for part in parts]
        used = [i for own in covered for i in own]
        close = lines[start - rows].box[1] - lines[start - rows - 1].box[3] < 2 * lines[start].em
        if len(parts) < 2 or not all(covered) or len(set(used)) != len(used) or not close:
            break
        rows += 1
    return rows


def _grid(lines: Sequence[Line], pieces: Sequence[list[Line]], columns: Sequence[Span], head: int) -> Grid:
    box = union(line.box for line in lines)
    xs = [box[0], *((a[1] + b[0]) / 2 for a, b in pairwise(columns)), box[2]]
    ys = [box[1], *((a.box[3] + b.box[1]) / 2 for a, b in pairwise(lines)), box[3]]
    cells: list[Slot] = []
    for row, parts in enumerate(pieces):
        taken: set[int] = set()
        for part in parts if row < head else ():
            own = _covered(columns, part)
            cells.append((row, own[0], 1, len(own)))
            taken.update(range(own[0], own[-1] + 1))
        cells += [(row, column, 1, 1) for column in range(len(columns)) if column not in taken]
    return Grid(xs, ys, sorted(cells))
