"""Each cell of a ruled table read on its own: what detection loses (a lone 1, 0 or dash) is ink in a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from crawler.evidence import Box
from crawler.readers.ocr.engine import Pixels, Reading, read_figures, read_lines
from crawler.readers.ocr.ruling import Mask
from crawler.readers.ocr.settings import settings
from crawler.readers.ocr.spelling import spelled
from crawler.readers.paged.model import Word, quantile
from crawler.readers.paged.rules import Grid

Ink = npt.NDArray[np.bool_]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """An upright page: ``image`` in colours without its ruling lines, ``ink`` its dark pixels."""

    image: Pixels
    ink: Ink


@dataclass(slots=True)
class _Piece:
    """One line of a cell, or its stack of single characters: where its ink is, ``alone`` in its cell or not."""

    box: tuple[int, int, int, int]
    em: float
    alone: bool = False
    parts: tuple[tuple[int, int, int, int], ...] = ()


def sheet_of(image: Pixels, lines: Mask) -> Sheet:
    """The page without its lines. Ink is what is darker than half-way between paper and print (Otsu's threshold)."""
    limits = settings("cells")
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    # The lightest spot near each place, smoothed: paper, even amid dense print.
    small = cv2.resize(cv2.GaussianBlur(grey, (0, 0), 1.5), None, fx=0.25, fy=0.25, interpolation=cv2.INTER_NEAREST)
    near = np.ones((limits["paper"],) * 2, np.uint8)
    paper = cv2.resize(cv2.medianBlur(cv2.dilate(small, near), 15), grey.shape[::-1])
    covered = cv2.dilate(lines, np.ones((3, 3), np.uint8)) > 0
    bare = image.copy()
    bare[covered] = np.repeat(paper[:, :, np.newaxis], 3, axis=2)[covered]
    depth = cv2.subtract(paper, cv2.GaussianBlur(cv2.cvtColor(bare, cv2.COLOR_BGR2GRAY), (0, 0), limits["smooth"]))
    # Most of a page is paper: what varies there is noise.
    even = float(np.median(depth))
    noise = 1.4826 * float(np.median(np.abs(depth.astype(np.float32) - even)))
    least, most = limits["depth"]
    least = max(least, even + limits["noise"] * noise)
    dark = depth[depth > least].reshape(-1, 1)
    otsu = cv2.threshold(dark, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0] if dark.size else 0.0
    return Sheet(bare, depth > max(min(otsu * limits["share"], most), least))


def read_cells(sheet: Sheet, grids: Sequence[Grid], em: float) -> list[Word]:
    """The words of every cell of ``grids``; empty cells give none. ``em``: letter height of the page in pixels."""
    found: list[_Piece] = []
    for grid in grids:
        held = [_cell_ink(sheet, grid.cell_box(cell), em) for cell in grid.cells]
        size = _letter(held, em)
        for box, ink in held:
            found += _pieces(box, ink, size)
    return _words(sheet, found)


def _cell_ink(sheet: Sheet, box: Box, em: float) -> tuple[tuple[int, int], Ink]:
    """The ink inside a cell without specks, and where its upper left corner is."""
    limits = settings("cells")
    height, width = sheet.ink.shape
    x0, y0, x1, y1 = (round(v) for v in box)
    x0, y0, x1, y1 = max(x0 + 1, 0), max(y0 + 1, 0), min(x1 - 1, width), min(y1 - 1, height)
    ink = sheet.ink[y0 : max(y1, y0), x0 : max(x1, x0)]
    if not ink.any():
        return (x0, y0), ink
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    edge = limits["edge"] * em
    # What is left of a border hugs the side of the cell and is thin.
    rest = ((top < edge) | (top + high > ink.shape[0] - edge)) & (high <= limits["rest"] * em)
    rest |= ((left < edge) | (left + wide > ink.shape[1] - edge)) & (wide <= limits["rest"] * em)
    kept = (stats[:, cv2.CC_STAT_AREA] >= (limits["speck"] * em) ** 2) & ~rest
    kept[0] = False
    return (x0, y0), kept[labels]


def _letter(held: Sequence[tuple[tuple[int, int], Ink]], em: float) -> float:
    """Letter height of a table: that of its longer lines of text."""
    heights = []
    for _, ink in held:
        for start, end in _runs(np.asarray(ink.any(axis=1)), 1):
            columns = np.flatnonzero(ink[start:end].any(axis=0))
            high = end - start
            if columns[-1] - columns[0] > 2.5 * high and 0.5 * em < high < 1.8 * em:
                heights.append(float(high))
    return quantile(heights, 0.5) / settings("cells")["letter"] if heights else em


def _runs(filled: npt.NDArray[np.bool_], gap: float) -> list[Span]:
    """Stretches of ink; blanks shorter than ``gap`` do not end one."""
    places = np.flatnonzero(filled)
    if not places.size:
        return []
    cuts = np.flatnonzero(np.diff(places) > gap)
    starts = [places[0], *(places[i + 1] for i in cuts)]
    ends = [*(places[i] + 1 for i in cuts), places[-1] + 1]
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]


def _rows(ink: Ink, em: float, join: float, pitch: float) -> list[Span]:
    """The lines of text of a cell: parts of one character joined, lines that touch parted where ink is least."""
    rows: list[Span] = []
    for start, end in _runs(np.asarray(ink.any(axis=1)), 1):
        if rows and end - rows[-1][0] <= join * em:
            rows[-1] = (rows[-1][0], end)
        else:
            rows.append((start, end))
    parted: list[Span] = []
    for start, end in rows:
        count = max(int((end - start) / (pitch * em) + settings("cells")["part"]), 1)
        weight = ink[start:end].sum(axis=1)
        cuts = [start]
        for k in range(1, count):
            middle = round(k * (end - start) / count)
            reach = max(round(0.3 * em), 1)
            low = max(middle - reach, 1)
            cuts.append(start + low + int(np.argmin(weight[low : middle + reach + 1])))
        parted += pairwise([*cuts, end])
    return parted


def _pieces(corner: tuple[int, int], ink: Ink, em: float) -> list[_Piece]:
    """The lines of a cell in page pixels; a stack of single characters is one piece."""
    limits = settings("cells")
    boxes = []
    columns = np.flatnonzero(ink.any(axis=0))
    wide = int(columns[-1] - columns[0] + 1) if columns.size else 0
    column = 0.5 * em < wide <= limits["stack_width"] * em and ink.any(axis=1).sum() > wide
    size = wide / limits["letter"] if column else em
    for start, end in _rows(ink, size, *limits["rows"][int(column)]):
        own = np.flatnonzero(ink[start:end].any(axis=0))
        if own.size:
            boxes.append((corner[0] + int(own[0]), corner[1] + start, corner[0] + int(own[-1]) + 1, corner[1] + end))
    if column and len(boxes) >= limits["stack"]:
        x0, x1 = corner[0] + int(columns[0]), corner[0] + int(columns[-1]) + 1
        return [_Piece((x0, boxes[0][1], x1, boxes[-1][3]), size, parts=tuple(boxes))]
    return [_Piece(box, em, alone=len(boxes) == 1) for box in boxes]


def _words(sheet: Sheet, pieces: Sequence[_Piece]) -> list[Word]:
    limits = settings("cells")
    short = [p for p in pieces if p.alone and p.box[2] - p.box[0] <= limits["figure"] * p.em]
    chosen = set(map(id, short))
    others = [p for p in pieces if id(p) not in chosen]
    words = [_figure_word(sheet, piece, *read) for piece, read in zip(short, _twice(sheet, short), strict=True)]
    stacks = [p for p in others if p.parts]
    lines = [p for p in others if not p.parts]
    words += [_word(piece, reading) for piece, reading in zip(stacks, _stack_readings(sheet, stacks), strict=True)]
    readings = read_lines([_crop(sheet, p, *limits["label_margins"]) for p in lines])
    words += [_word(piece, reading) for piece, reading in zip(lines, readings, strict=True)]
    return [word for word in words if word.text]


def _word(piece: _Piece, reading: Reading, confidence: float | None = None) -> Word:
    x0, y0, x1, y1 = piece.box
    text = spelled(reading.text)
    sure = reading.confidence if confidence is None else confidence
    size = float(x1 - x0) if piece.parts else piece.em
    return Word(text, (float(x0), float(y0), float(x1), float(y1)), round(sure, 4), size, bool(piece.parts))


def _twice(sheet: Sheet, pieces: Sequence[_Piece]) -> list[tuple[tuple[Reading, Reading], tuple[Reading, Reading]]]:
    """Two readings of each piece, cut out with different margins."""
    first, second = (read_figures([_crop(sheet, p, *m) for p in pieces]) for m in settings("cells")["margins"])
    return list(zip(first, second, strict=True))


def _figure_word(sheet: Sheet, piece: _Piece, first: tuple[Reading, Reading], second: tuple[Reading, Reading]) -> Word:
    """The word of a short piece: a lone stroke by its shape, else what two readings say, digits where they may be."""
    limits = settings("figures")
    stroke, clear = _stroke(sheet, piece)
    digit = first[0].text == second[0].text and first[0].text.isdigit() and first[0].text != "1"
    if stroke and not digit:
        return _word(piece, Reading(stroke, (limits["stroke_sure"] * (1 if clear else limits["contested"]),)))
    free = [reading for reading, _ in (first, second)]
    chosen = [_as_figure(*rivals) for rivals in (first, second)]
    best = max(chosen, key=lambda reading: (bool(reading.text), reading.confidence))
    least, most = sorted(reading.confidence for reading in chosen)
    if spelled(chosen[0].text) == spelled(chosen[1].text):
        # Both must be wrong, and in the same way.
        sure = 1 - (1 - least) * (1 - most)
    else:
        sure = most * limits["contested"]
    if [_alike(reading.text) for reading in free] != [reading.text for reading in chosen]:
        sure *= limits["contested"]
    # Recognition takes many a slash for a 1, and is sure of it.
    if best.text == "1" and not clear:
        sure *= limits["contested"]
    return _word(piece, best, sure)


def _alike(text: str) -> str:
    """``text`` with digits for the letters that look like them, where that makes it a figure."""
    limits = settings("figures")
    figure = "".join(limits["alike"].get(char, char) for char in text)
    return figure if set(figure) <= set(limits["characters"]) else text


def _as_figure(free: Reading, only: Reading) -> Reading:
    """The free reading, or ``only``, the one in the characters of figures, where that says the same or is likely."""
    text = _alike(free.text)
    if text == only.text:
        return only
    if set(text) <= set(settings("figures")["characters"]):
        return Reading(text, (free.confidence,))
    return only if len(only.text) == len(text) and only.confidence >= settings("figures")["likely"] else free


def _stroke(sheet: Sheet, piece: _Piece) -> tuple[str, bool]:
    """A dash or a slash that is all the ink of its cell, by its shape, and whether that is clear.

    ``("", False)``: no stroke, but it leans as a slash does; ``("", True)`` for anything else.
    """
    limits = settings("figures")
    x0, y0, x1, y1 = piece.box
    ink = sheet.ink[y0:y1, x0:x1].astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    if count < 2:
        return "", True
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    if stats[largest, cv2.CC_STAT_AREA] < limits["whole"] * ink.sum():
        return "", True
    wide, high = x1 - x0, y1 - y0
    if wide >= limits["flat"] * high and high <= limits["thin"] * piece.em:
        return "—" if wide > limits["long_dash"] * piece.em else "-", True
    rows, columns = np.nonzero(labels == largest)
    if high < limits["tall"] * piece.em or not limits["slash"][0] <= wide / high <= limits["slash"][1]:
        return "", True
    # A slash: all its ink lies along one falling diagonal.
    slope, start = np.polyfit(rows, columns, 1)
    off = np.percentile(np.abs(columns - (slope * rows + start)), 95)
    leans = -slope * high / wide
    least, clearly = limits["leans"]
    if leans > least and off <= limits["straight"] * piece.em:
        return "/", bool(leans > clearly)
    return "", bool(-slope <= limits["upright"])


def _crop(sheet: Sheet, piece: _Piece, above: float, beside: float) -> Pixels:
    """The line with margins (multiples of the letter height), on paper: no neighbour's ink comes along."""
    high = piece.box[3] - piece.box[1]
    return _padded(sheet, piece.box, max(above * piece.em - high, 0.2 * piece.em) / 2, beside * piece.em)


def _padded(sheet: Sheet, box: tuple[int, int, int, int], above: float, beside: float) -> Pixels:
    """The box and a little around it, then paper. What is cut out reaches as far as ink fades."""
    height, width = sheet.ink.shape
    x0, y0, x1, y1 = box
    fade = settings("cells")["fade"]
    x0, y0, x1, y1 = max(x0 - fade, 0), max(y0 - fade, 0), min(x1 + fade, width), min(y1 + fade, height)
    patch = sheet.image[y0:y1, x0:x1]
    paper = [float(v) for v in np.percentile(patch.reshape(-1, 3), 90, axis=0)]
    up, side = max(round(above) - fade, 0), max(round(beside) - fade, 0)
    return cv2.copyMakeBorder(patch, up, up, side, side, cv2.BORDER_CONSTANT, value=paper).astype(np.uint8)


def _stack_readings(sheet: Sheet, stacks: Sequence[_Piece]) -> list[Reading]:
    """The best of several readings of each stack: one character for each part, the surest of those."""
    limits = settings("cells")
    best = [Reading()] * len(stacks)
    for gap in limits["stack_gaps"]:
        doubtful = [i for i, read in enumerate(best) if _merit(read, stacks[i]) < (0, limits["stack_sure"])]
        # In vertical text brackets lie down, and look like 一; they are read set up again.
        for turned in (False, True):
            laid = [_stack(sheet, stacks[i], gap, turned) for i in doubtful]
            for i, rival in zip(doubtful, read_lines(laid), strict=True):
                best[i] = max(best[i], rival, key=partial(_merit, piece=stacks[i]))
    return best


def _merit(reading: Reading, piece: _Piece) -> tuple[int, float]:
    """How well a reading fits a stack: a character for each part, then how sure it is."""
    return -abs(len(reading.text) - len(piece.parts)), reading.mean


def _stack(sheet: Sheet, piece: _Piece, gap: float, turned: bool) -> Pixels:
    """A stack of characters laid out as one line; ``turned``: flat ones set up by a quarter to the left."""
    limits = settings("cells")
    side = round(limits["margins"][0][0] * piece.em)
    laid = []
    for x0, y0, x1, y1 in piece.parts:
        wide, high = x1 - x0, y1 - y0
        if turned and high <= limits["lying"] * piece.em:
            beside = max(piece.em * limits["bracket"] - high, 0) / 2
            square = np.rot90(_padded(sheet, (x0, y0, x1, y1), beside, max(side - wide, 0) / 2))
        else:
            square = _padded(sheet, (x0, y0, x1, y1), max(side - high, 0) / 2, max(piece.em * gap - wide, 0) / 2)
        laid.append(cv2.resize(square, (max(square.shape[1] * side // square.shape[0], 1), side)))
    return np.hstack(laid).astype(np.uint8)
