"""Objects on an OFD page (GB/T 33190-2016 8 to 13) to words, ruling lines and pictures, in points."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.evidence import Box
from crawler.readers.ofd.package import POINT, local, numbers, settings
from crawler.readers.packages import Element
from crawler.readers.paged import Rule, Word, strokes
from crawler.readers.paged.lines import is_wide
from crawler.readers.paged.model import settings as paged_settings
from crawler.readers.spaces import clean

# a b c d e f: x' = a x + c y + e, y' = b x + d y + f, as in CTM.
Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class Found:
    """What stands on a page. ``pictures`` are the boxes of pictures with the ids of their resources."""

    words: list[Word] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: list[tuple[Box, str]] = field(default_factory=list)
    slanted: int = 0
    objects: int = 0
    characters: int = 0
    full: bool = False


def take_objects(parent: Element, units: dict[str, Element], found: Found, start: Matrix = _SAME) -> None:
    """Add what the objects below ``parent`` draw, groups and composed objects taken apart."""
    limits = settings("limits")
    stack: list[tuple[Element, Matrix, int]] = [(el, start, 0) for el in reversed(parent)]
    while stack:
        el, outer, depth = stack.pop()
        name = local(el)
        if not name or el.get("Visible", "true").lower() == "false":
            continue
        found.objects += 1
        if found.objects > limits["objects"] or found.characters > limits["characters"]:
            found.full = True
            return
        if name in ("Layer", "PageBlock", "Content"):
            inner, matrix = el, outer
        elif name == "CompositeObject":
            unit = units.get(el.get("ResourceID", ""))
            content = unit.find("{*}Content") if unit is not None else None
            inner, matrix = (content if content is not None else el), _matrix(el, outer)
        else:
            _take(el, name, _matrix(el, outer), found)
            continue
        if depth < limits["depth"]:
            stack += [(child, matrix, depth + 1) for child in reversed(inner)]


def _take(el: Element, name: str, matrix: Matrix, found: Found) -> None:
    if name == "TextObject" and _seen(el, "FillColor"):
        _text(el, matrix, found)
    elif name == "PathObject":
        _path(el, matrix, found)
    elif name == "ImageObject":
        corners = [_on(matrix, x, y) for x in (0.0, 1.0) for y in (0.0, 1.0)]
        if el.get("CTM") is None:
            box = numbers(el.get("Boundary"), 4) or (0.0, 0.0, 0.0, 0.0)
            corners = [_on(matrix, 0, 0), _on(matrix, box[2], box[3])]
        found.pictures.append((_around(corners), el.get("ResourceID", "")))


def _matrix(el: Element, outer: Matrix) -> Matrix:
    """From an object's own space to the page: its CTM, then its place (Boundary), then that of its group."""
    box = numbers(el.get("Boundary"), 4) or (0.0, 0.0, 0.0, 0.0)
    own = numbers(el.get("CTM"), 6) or _SAME
    a, b, c, d, e, f = own
    moved: Matrix = (a, b, c, d, e + box[0], f + box[1])
    return _times(moved, outer)


def _times(m: Matrix, n: Matrix) -> Matrix:
    """First ``m``, then ``n``."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _on(m: Matrix, x: float, y: float) -> tuple[float, float]:
    """A point of an object on the page, in points."""
    return (m[0] * x + m[2] * y + m[4]) * POINT, (m[1] * x + m[3] * y + m[5]) * POINT


def _around(points: list[tuple[float, float]]) -> Box:
    xs, ys = zip(*points, strict=True)
    return (min(xs), min(ys), max(xs), max(ys))


def _seen(el: Element, name: str) -> bool:
    """Whether an object, drawn in the colour of its child ``name``, is seen on white paper."""
    if el.get("Alpha") == "0":
        return False
    colour = el.find(f"{{*}}{name}")
    value = numbers(colour.get("Value"), 3) if colour is not None else None
    if colour is not None and colour.get("Alpha") == "0":
        return False
    return value is None or min(value) < paged_settings("pdf")["invisible"]


def _text(el: Element, matrix: Matrix, found: Found) -> None:
    size = numbers(el.get("Size"), 1)
    em = size[0] if size and size[0] > 0 else 0.0
    stretch = (numbers(el.get("HScale"), 1) or (1.0,))[0] or 1.0
    x, y = 0.0, 0.0
    for code in el.iterfind("{*}TextCode"):
        text = (code.text or "").replace("\n", "").replace("\r", "")
        found.characters += len(text)
        # Without a place of its own a piece stands where the one before it stood.
        x = (numbers(code.get("X"), 1) or (x,))[0]
        y = (numbers(code.get("Y"), 1) or (y,))[0]
        _words(text, _places(code, text, (x, y), em * stretch), em, matrix, found)


def _places(code: Element, text: str, start: tuple[float, float], em: float) -> list[tuple[float, float]]:
    """Where each character is set, in the object's own space."""
    across, down = deltas(code.get("DeltaX"), len(text)), deltas(code.get("DeltaY"), len(text))
    places = []
    x, y = start
    for i, char in enumerate(text):
        places.append((x, y))
        if across or down:
            x += across[i] if i < len(across) else 0.0
            y += down[i] if i < len(down) else 0.0
        else:
            x += _advance(char) * em
    return places


def deltas(text: str | None, count: int) -> list[float]:
    """Offsets between characters: ``g 3 2.5`` stands for three times 2.5; the last one holds for what follows."""
    parts = (text or "").split()
    found: list[float] = []
    at = 0
    while at < len(parts) and len(found) < count:
        if parts[at] == "g" and at + 2 < len(parts):
            times, value = parts[at + 1], numbers(parts[at + 2], 1)
            found += [value[0] if value else 0.0] * min(int(times) if times.isdecimal() else 0, count)
            at += 3
        else:
            value = numbers(parts[at], 1)
            found.append(value[0] if value else 0.0)
            at += 1
    return found + found[-1:] * (count - len(found))


def _advance(char: str) -> float:
    return 1.0 if is_wide(char) else float(settings("text")["half"])


def _words(text: str, places: list[tuple[float, float]], em: float, matrix: Matrix, found: Found) -> None:
    """Words of one piece of text; they part where a character does not follow the one before it."""
    turn = math.degrees(math.atan2(matrix[1], matrix[0]))
    slant = settings("text")["slant"]
    if abs((turn + 45) % 90 - 45) > slant:
        found.slanted += len(text.strip())
        return
    high = math.hypot(matrix[2], matrix[3]) * em * POINT
    wide = math.hypot(matrix[0], matrix[1]) * POINT
    standing = round(turn / 90) % 2 == 1
    run: list[tuple[str, float, float]] = []
    for char, place in zip(text, places, strict=True):
        x, y = _on(matrix, *place)
        if char.isspace() or not clean(char):
            found.words += _closed(run, high, wide, em, standing)
            run = []
            continue
        if run and not _follows(run, (x, y), wide * em):
            found.words += _closed(run, high, wide, em, standing)
            run = []
        run.append((char, x, y))
    found.words += _closed(run, high, wide, em, standing)


def _follows(run: list[tuple[str, float, float]], place: tuple[float, float], em: float) -> bool:
    """Whether a character stands behind (or, in a standing line, below) the last one of a run."""
    char, x, y = run[-1]
    dx, dy = place[0] - x, place[1] - y
    standing = abs(dy) > abs(dx)
    if len(run) > 1 and standing != (abs(y - run[-2][2]) > abs(x - run[-2][1])):
        return False
    along, aside = (dy, dx) if standing else (dx, dy)
    width = 1.0 if standing else _advance(char)
    apart = settings("text")["apart"]
    return bool(0.1 * em < along <= (width + apart) * em and abs(aside) <= 0.3 * em)


def _closed(run: list[tuple[str, float, float]], high: float, wide: float, em: float, standing: bool) -> Iterator[Word]:
    """The word of a run of characters; ``standing``: its letters are turned by a quarter."""
    if not run or high <= 0:
        return
    text = "".join(char for char, _, _ in run)
    above = paged_settings("pdf")["ascent"] * high
    x, y, last = run[0][1], run[0][2], run[-1]
    down = len(run) > 1 and abs(last[2] - y) > abs(last[1] - x)
    width = _advance(last[0]) * em * wide
    if down or standing:
        top, bottom = min(y, last[2]), max(y, last[2])
        box = (
            (x, top - above, x + high, bottom + high - above)
            if not standing
            else (x - above, top, x + high - above, bottom + width)
        )
        yield Word(text, box, size=high, vertical=True)
        return
    box = (x, y - above, last[1] + width, y + high - above)
    yield Word(text, box, size=high, edges=tuple(place for _, place, _ in run))


def _path(el: Element, matrix: Matrix, found: Found) -> None:
    stroke = el.get("Stroke", "true").lower() != "false" and _seen(el, "StrokeColor")
    fill = el.get("Fill", "false").lower() == "true" and _seen(el, "FillColor")
    for points in outlines(el.findtext("{*}AbbreviatedData") or ""):
        placed = [_on(matrix, x, y) for x, y in points]
        if stroke:
            found.rules += strokes.stroked(placed)
        elif fill:
            found.rules += strokes.filled(placed)


# Numbers that follow each letter of AbbreviatedData (GB/T 33190-2016 table 36).
_TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


def outlines(data: str) -> Iterator[list[tuple[float, float]]]:
    """The points of each part of a path, closed where the path is; a curve parts them."""
    parts = data.split(None, settings("limits")["points"] * 3)
    points: list[tuple[float, float]] = []
    at = 0
    while at < len(parts):
        letter = parts[at]
        takes = _TAKES.get(letter)
        if takes is None:
            at += 1
            continue
        values = numbers(" ".join(parts[at + 1 : at + 1 + takes]), takes) if takes else ()
        at += 1 + takes
        if values is None:
            continue
        if letter == "L" and points:
            points.append((values[0], values[1]))
        elif letter == "C" and points:
            points.append(points[0])
        elif takes:
            if len(points) > 1:
                yield points
            points = [(values[-2], values[-1])]
    if len(points) > 1:
        yield points
