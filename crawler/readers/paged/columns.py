"""Reading order of a page: from top to bottom, the left column of a stretch in two columns before the right one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.readers.paged.lines import Line, line_of, segments
from crawler.readers.paged.model import Word, settings, union
from crawler.readers.spaces import solid

Strip = tuple[float, float, float, float]


@dataclass(slots=True)
class Stretch:
    """Lines of one column, top to bottom; ``margins`` are the sides of the column, None for the whole page."""

    lines: list[Line]
    margins: tuple[float, float] | None = None


def strips_of(lines: Sequence[Line]) -> list[Strip]:
    """The sides of the two columns (left, right, left, right) of each long stretch in two columns on a page."""
    found: list[Strip] = []
    at = 0
    while at < len(lines):
        zone = _zone(lines, at)
        if zone is not None:
            left, right = (union(line.box for line in side) for side in _sides(lines[at : zone[0]], zone[1]))
            found.append((left[0], left[2], right[0], right[2]))
        at = zone[0] if zone else at + 1
    return found


def stretches(lines: Sequence[Line], strips: Sequence[Strip]) -> list[Stretch]:
    """Stretches of a page (``lines`` from top to bottom) in reading order, by the columns of the whole document."""
    found: list[Stretch] = []
    at = 0
    while at < len(lines):
        end, strip = max((_reach(lines, at, strip), strip) for strip in strips) if strips else (at, None)
        if strip is None or end == at:
            if not found or found[-1].margins is not None:
                found.append(Stretch([]))
            found[-1].lines.append(lines[at])
            at += 1
            continue
        left, right = _sides(lines[at:end], (strip[1] + strip[2]) / 2)
        found += [Stretch(own, sides) for own, sides in ((left, strip[:2]), (right, strip[2:])) if own]
        at = end
    return found


def _reach(lines: Sequence[Line], start: int, strip: Strip) -> int:
    """Where the lines of one look end that keep to the columns of ``strip``; ``start`` where they fill neither."""
    end = start
    filled = False
    while end < len(lines):
        line = lines[end]
        parts = _parts(line, (strip[1] + strip[2]) / 2)
        if parts is None or (end > start and not _alike(lines[end - 1], line)):
            break
        left, right = parts
        reach = max((w.box[2] for w in left), default=strip[0])
        if reach > strip[1] + line.em or any(w.box[0] < strip[2] - line.em for w in right):
            break
        filled = filled or bool(right) or reach > strip[1] - line.em
        end += 1
    return end if filled else start


def _alike(above: Line, line: Line) -> bool:
    """Letters of one height, no wide gap between: lines of one stretch."""
    limits = settings("paragraphs")
    close = line.box[1] - above.box[1] <= limits["gap"] * 1.5 * line.em
    return bool(close and 1 / limits["size"] <= line.em / max(above.em, 0.1) <= limits["size"])


def _parts(line: Line, x: float) -> tuple[list[Word], list[Word]] | None:
    """The words left and right of ``x``; None where a word stands across it."""
    if any(w.box[0] < x < w.box[2] for w in line.words):
        return None
    return [w for w in line.words if w.box[2] <= x], [w for w in line.words if w.box[0] >= x]


def _sides(lines: Sequence[Line], x: float) -> tuple[list[Line], list[Line]]:
    """The lines left of ``x`` and those right of it."""
    sides: tuple[list[Line], list[Line]] = ([], [])
    for line in lines:
        for side, words in zip(sides, _parts(line, x) or ([], []), strict=True):
            if words:
                side.append(line_of(words, line.page))
    return sides


def _zone(lines: Sequence[Line], start: int) -> tuple[int, float] | None:
    """End of the stretch in two columns that begins at ``start``, and a place in the strip between them."""
    limits = settings("columns")
    pieces = segments(lines[start])
    if len(pieces) != 2:
        return None
    x = (pieces[0].box[2] + pieces[1].box[0]) / 2
    box = union(line.box for line in lines)
    low, high = limits["middle"]
    if not low <= (x - box[0]) / max(box[2] - box[0], 1.0) <= high:
        return None
    end, both = start, 0
    left_edge, right_edge = float("-inf"), float("inf")
    gap = limits["gutter"] * lines[start].em
    while end < len(lines):
        parts = _parts(lines[end], (max(left_edge, x - 1) + min(right_edge, x + 1)) / 2)
        if parts is None:
            break
        left, right = parts
        reach = max([left_edge, *(w.box[2] for w in left)])
        begin = min([right_edge, *(w.box[0] for w in right)])
        if begin - reach < gap:
            break
        left_edge, right_edge = reach, begin
        both += bool(left and right)
        end += 1
    strip = (left_edge + right_edge) / 2
    if both < limits["lines"] or not _running(lines[start:end], strip):
        return None
    return end, strip


def _running(lines: Sequence[Line], strip: float) -> bool:
    """Whether both sides hold running text: lines of some length, most of the left ones full."""
    limits = settings("columns")
    sides = _sides(lines, strip)
    for side in sides:
        if sum(solid(line.text) for line in side) < limits["letters"] * len(side):
            return False
    edge = max(line.box[2] for line in sides[0])
    full = sum(edge - line.box[2] < 2 * line.em for line in sides[0])
    return bool(full >= limits["full"] * len(sides[0]))
