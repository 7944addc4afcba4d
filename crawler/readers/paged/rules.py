"""Ruling lines to grids of cells.

Lines on one straight are joined, lines that meet form one table, lines closer than a letter are one border. A cell is
what no border parts; where its outline is no rectangle it is cut into rectangles from the top left.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.evidence import Box
from crawler.readers.grid import MAX_SLOTS
from crawler.readers.paged.model import Rule, Word, holds, letter_height, settings

Slot = tuple[int, int, int, int]  # row, column, rows, columns


@dataclass(slots=True)
class Segment:
    """A straight line: ``at`` is its y (horizontal) or x (vertical), from ``start`` to ``end`` along it."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Grid:
    """A ruled table: borders from left to right and top to bottom, and the cells between them.

    ``open_top`` and ``open_bottom`` hold the columns without a border there: a page end may have cut their cells.
    """

    xs: list[float]
    ys: list[float]
    cells: list[Slot]
    open_top: set[int] = field(default_factory=set)
    open_bottom: set[int] = field(default_factory=set)

    @property
    def box(self) -> Box:
        return (self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def cell_box(self, cell: Slot) -> Box:
        row, column, rows, columns = cell
        return (self.xs[column], self.ys[row], self.xs[column + columns], self.ys[row + rows])


@dataclass(slots=True)
class _Drawing:
    """The lines of one table."""

    across: list[Segment] = field(default_factory=list)
    down: list[Segment] = field(default_factory=list)

    @property
    def box(self) -> Box:
        x0 = min([s.start for s in self.across] + [s.at for s in self.down])
        x1 = max([s.end for s in self.across] + [s.at for s in self.down])
        y0 = min([s.start for s in self.down] + [s.at for s in self.across])
        y1 = max([s.end for s in self.down] + [s.at for s in self.across])
        return (x0, y0, x1, y1)


def grids_of(rules: Sequence[Rule], words: Sequence[Word], em: float) -> list[Grid]:
    """The ruled tables of a page from top to bottom; ``em`` is the height of its smaller letters."""
    across, down = _segments(rules, em)
    drawings, loose = _drawings(across, down, settings("rules")["touch"] * em)
    drawings = _without_sides(drawings, loose, em)
    grids = []
    for drawing in drawings:
        box = drawing.box
        inside = [w for w in words if holds(box, w.box)]
        own = letter_height(inside, 0.25) or em
        _take_loose(drawing, loose, own)
        grid = _grid(drawing, inside, own)
        if grid.cells:
            grids.append(grid)
    return sorted(grids, key=lambda g: (g.ys[0], g.xs[0]))


def _segments(rules: Sequence[Rule], em: float) -> tuple[list[Segment], list[Segment]]:
    """Horizontal and vertical lines, pieces of one straight line joined (dots and dashes too)."""
    across: list[Segment] = []
    down: list[Segment] = []
    dot = settings("rules")["shortest"] * em
    for rule in rules:
        x0, y0, x1, y1 = rule.box
        wide, high = x1 - x0, y1 - y0
        # A dot may belong to a line either way.
        is_dot = max(wide, high) < min(dot, 1.5 * min(wide, high))
        if is_dot or wide >= high:
            across.append(Segment((y0 + y1) / 2, x0, x1))
        if is_dot or wide < high:
            down.append(Segment((x0 + x1) / 2, y0, y1))
    return _joined(across, em), _joined(down, em)


def _joined(pieces: list[Segment], em: float) -> list[Segment]:
    limits = settings("rules")
    rows: list[list[Segment]] = []
    for piece in sorted(pieces, key=lambda s: s.at):
        if rows and piece.at - rows[-1][0].at <= limits["snap"] * em:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    found: list[Segment] = []
    for row in rows:
        row.sort(key=lambda s: s.start)
        run = [row[0]]
        reach = row[0].end
        for piece in row[1:]:
            if piece.start - reach > limits["join"] * em:
                found.append(_merged(run, reach))
                run, reach = [], piece.end
            run.append(piece)
            reach = max(reach, piece.end)
        found.append(_merged(run, reach))
    found = [s for s in found if s.end - s.start >= limits["shortest"] * em]
    found.sort(key=lambda s: s.start - s.end)
    return found[: limits["per_page"]]


def _merged(run: list[Segment], reach: float) -> Segment:
    """One line of several: where the long ones lie."""
    weight = sum(s.end - s.start for s in run)
    at = sum(s.at * (s.end - s.start) for s in run) / weight if weight else run[0].at
    return Segment(at, run[0].start, reach)


def _drawings(across: list[Segment], down: list[Segment], touch: float) -> tuple[list[_Drawing], _Drawing]:
    """Lines that meet, together; and the lines that meet none."""
    down = sorted(down, key=lambda s: s.at)
    places = [s.at for s in down]
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, line in enumerate(across):
        for k in range(bisect_left(places, line.start - touch), bisect_right(places, line.end + touch)):
            if down[k].start - touch <= line.at <= down[k].end + touch:
                parent[root(len(across) + k)] = root(i)
    sets: dict[int, _Drawing] = {}
    for i, line in enumerate(across):
        sets.setdefault(root(i), _Drawing()).across.append(line)
    for k, line in enumerate(down):
        sets.setdefault(root(len(across) + k), _Drawing()).down.append(line)
    drawings = [d for d in sets.values() if len(d.across) * len(d.down) > 1]
    tables = set(map(id, drawings))
    loose = _Drawing()
    for drawing in sets.values():
        if id(drawing) not in tables:
            loose.across += drawing.across
            loose.down += drawing.down
    return drawings, loose


def _without_sides(drawings: list[_Drawing], loose: _Drawing, em: float) -> list[_Drawing]:
    """Tables without a border at the sides fall apart at rows of one cell: their parts, one below the other, joined."""
    limits = settings("rules")
    near, row = limits["overhang"] * em, limits["row"] * em
    found: list[_Drawing] = []
    for drawing in sorted(drawings, key=lambda d: d.box[1]):
        box = drawing.box
        if not any(min(abs(s.at - box[0]), abs(s.at - box[2])) < near for s in drawing.down):
            for line in sorted(loose.across, key=lambda s: -s.at):
                same = abs(line.start - box[0]) < near and abs(line.end - box[2]) < near
                top, bottom = drawing.box[1], drawing.box[3]
                if same and (0 <= top - line.at < row or 0 <= line.at - bottom < row):
                    drawing.across.append(line)
                    loose.across.remove(line)
            last = found[-1].box if found else (0.0, 0.0, 0.0, 0.0)
            if abs(last[0] - box[0]) < near and abs(last[2] - box[2]) < near and drawing.box[1] - last[3] < row:
                found[-1].across += drawing.across
                found[-1].down += drawing.down
                continue
        found.append(drawing)
    return found


def _take_loose(drawing: _Drawing, loose: _Drawing, em: float) -> None:
    """Add lines inside the table that stop just short of its borders on both sides."""
    reach = settings("rules")["reach"] * em
    _attach(drawing.across, drawing.down, loose.across, reach)
    _attach(drawing.down, drawing.across, loose.down, reach)
    # A page end cuts the border lines off a cell over many rows: its sides still run from top to bottom.
    x0, y0, x1, y1 = drawing.box
    room = x1 - x0
    for line in list(loose.down):
        beside = x0 - room <= line.at <= x1 + room
        if beside and abs(line.start - y0) <= reach and abs(line.end - y1) <= reach:
            drawing.down.append(line)
            loose.down.remove(line)


def _attach(own: list[Segment], crossing: list[Segment], loose: list[Segment], reach: float) -> None:
    for line in list(loose):
        sides = [c.at for c in crossing if c.start <= line.at <= c.end]
        start = min(sides, key=lambda at: abs(at - line.start), default=None)
        end = min(sides, key=lambda at: abs(at - line.end), default=None)
        if start is None or end is None or start == end:
            continue
        if abs(start - line.start) <= reach and abs(end - line.end) <= reach:
            own.append(Segment(line.at, min(start, line.start), max(end, line.end)))
            loose.remove(line)


def _merge(lines: list[Segment], near: float) -> list[float]:
    """Places of the borders: lines closer than ``near`` are one, long ones weigh more."""
    groups: list[list[Segment]] = []
    for line in sorted(lines, key=lambda s: s.at):
        if groups and line.at - groups[-1][0].at <= near:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_merged(group, 0.0).at for group in groups]


def _grid(drawing: _Drawing, words: Sequence[Word], em: float) -> Grid:
    limits = settings("rules")
    near = limits["merge"] * em
    xs, ys = _merge(drawing.down, near), _merge(drawing.across, near)
    over = limits["overhang"] * em
    left = _overhang([-s.start for s in drawing.across], -xs[0], over)
    right = _overhang([s.end for s in drawing.across], xs[-1], over)
    top = _overhang([-s.start for s in drawing.down], -ys[0], over)
    bottom = _overhang([s.end for s in drawing.down], ys[-1], over)
    box = drawing.box
    if left is not None and _any_word(words, (-left, box[1], xs[0], box[3])):
        drawing.down.append(Segment(-left, box[1], box[3]))
        xs.insert(0, -left)
    if right is not None and _any_word(words, (xs[-1], box[1], right, box[3])):
        drawing.down.append(Segment(right, box[1], box[3]))
        xs.append(right)
    if top is not None and _any_word(words, (box[0], -top, box[2], ys[0])):
        ys.insert(0, -top)
    if bottom is not None and _any_word(words, (box[0], ys[-1], box[2], bottom)):
        ys.append(bottom)
    return _cells(xs, ys, drawing, near)


def _overhang(ends: list[float], border: float, over: float) -> float | None:
    """How far at least two lines stick out over the outermost border; None where they do not."""
    beyond = sorted(end for end in ends if end - border > over)
    return beyond[len(beyond) // 2] if len(beyond) > 1 else None


def _any_word(words: Sequence[Word], box: Box) -> bool:
    return any(holds(box, word.box) for word in words)


def _drawn(places: list[float], cuts: list[float], lines: list[Segment], near: float) -> list[list[bool]]:
    """For each border (of ``places``) and each stretch between two ``cuts``: whether a line is drawn there."""
    share = settings("rules")["cover"]
    covered = [[0.0] * (len(cuts) - 1) for _ in places]
    spans: list[list[tuple[float, float]]] = [[] for _ in places]
    for line in lines:
        k = min(range(len(places)), key=lambda i: abs(places[i] - line.at))
        spans[k].append((line.start, line.end))
    for k, found in enumerate(spans):
        reach = float("-inf")
        for start, end in sorted(found):
            start = max(start, reach)
            if end <= start:
                continue
            reach = end
            first = max(bisect_right(cuts, start) - 1, 0)
            last = min(bisect_left(cuts, end), len(cuts) - 1)
            for i in range(first, last):
                covered[k][i] += max(min(end + near, cuts[i + 1]) - max(start - near, cuts[i]), 0.0)
    return [[part >= share * (cuts[i + 1] - cuts[i]) for i, part in enumerate(row)] for row in covered]


def _cells(xs: list[float], ys: list[float], drawing: _Drawing, near: float) -> Grid:
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or rows * columns > MAX_SLOTS:
        return Grid(xs, ys, [])
    above = _drawn(ys, xs, drawing.across, near / 4)
    beside = _drawn(xs, ys, drawing.down, near / 4)
    taken = [[False] * columns for _ in range(rows)]
    cells: list[Slot] = []
    for r in range(rows):
        for c in range(columns):
            if taken[r][c]:
                continue
            width = 1
            while c + width < columns and not taken[r][c + width] and not beside[c + width][r]:
                width += 1
            height = 1
            while r + height < rows and _goes_on(r + height, c, width, above, beside, taken):
                height += 1
            for i in range(r, r + height):
                taken[i][c : c + width] = [True] * width
            cells.append((r, c, height, width))
    grid = _packed(Grid(xs, ys, cells))
    places = {column: xs.index(x) for column, x in enumerate(grid.xs[:-1])}
    grid.open_top = {column for column, k in places.items() if not above[0][k]}
    grid.open_bottom = {column for column, k in places.items() if not above[-1][k]}
    return grid


def _goes_on(
    row: int, column: int, width: int, above: list[list[bool]], beside: list[list[bool]], taken: list[list[bool]]
) -> bool:
    """Whether a cell reaches down into ``row``: no border above it there, none inside it."""
    span = range(column, column + width)
    if any(above[row][c] or taken[row][c] for c in span):
        return False
    return not any(beside[c][row] for c in span[1:])


def _packed(grid: Grid) -> Grid:
    """The grid without borders at which no cell begins."""
    rows = sorted({cell[0] for cell in grid.cells})
    columns = sorted({cell[1] for cell in grid.cells})
    if len(rows) == len(grid.ys) - 1 and len(columns) == len(grid.xs) - 1:
        return grid
    cells = []
    for row, column, height, width in grid.cells:
        r, c = bisect_left(rows, row), bisect_left(columns, column)
        cells.append((r, c, bisect_left(rows, row + height) - r, bisect_left(columns, column + width) - c))
    xs = [grid.xs[c] for c in columns] + [grid.xs[-1]]
    ys = [grid.ys[r] for r in rows] + [grid.ys[-1]]
    return Grid(xs, ys, cells)
