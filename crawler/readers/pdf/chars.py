"""Characters of a PDF page to words: places, letter heights, turned, invisible and unreadable characters."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import cache

import pypdfium2.raw as pdfium

from crawler.evidence import Box
from crawler.readers.paged.lines import is_wide
from crawler.readers.paged.model import Word, settings
from crawler.readers.pdf.place import Place

UNREADABLE = "\ufffd"
# Largest turn (degrees) that still counts as straight: recognised layers of skewed scans are a little off.
_STRAIGHT = 8.0


@dataclass(slots=True)
class Glyph:
    """One character as pdfium gives it, in the page's own coordinates (y upwards)."""

    char: str
    x: float
    y: float
    box: Box
    em: float
    quarter: int  # counter-clockwise quarter turns of the writing direction
    hidden: bool


@dataclass(slots=True)
class Glyphs:
    """All characters of a page. ``slanted`` counts those that are neither upright nor turned by a quarter."""

    found: list[Glyph] = field(default_factory=list)
    unreadable: int = 0
    slanted: int = 0

    @property
    def quarter(self) -> int | None:
        """The writing direction of most characters; None where no direction has most."""
        counts = Counter(g.quarter for g in self.found)
        best = counts.most_common(1)
        return best[0][0] if best and best[0][1] * 2 > len(self.found) else None


@dataclass(frozen=True, slots=True)
class _Style:
    em: float
    quarter: int | None
    hidden: bool
    clip: Box | None


@cache
def _readable(code: int) -> str:
    """The character a code stands for on the page, ``UNREADABLE`` where the file does not say."""
    if code in (0x20, 0xA0, 0x3000, 0x09):
        return " "
    if code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xF900 or code >= 0xF0000 or code & 0xFFFE == 0xFFFE:
        return UNREADABLE
    char = chr(code)
    known: dict[str, str] = settings("radicals")["map"]
    if char in known:
        return known[char]
    # Radicals, compatibility characters and ligatures; full-width forms stay as they are.
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF or 0xFB00 <= code <= 0xFB06:
        return unicodedata.normalize("NFKC", char)
    return "" if unicodedata.category(char) == "Cf" else char


def glyphs_of(textpage: object, count: int) -> Glyphs:
    """The first ``count`` characters of a page in the order of the file, without those outside their clip."""
    glyphs = Glyphs()
    styles: dict[int, _Style] = {}
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    for i in range(count):
        holder = pdfium.FPDFText_GetTextObject(textpage, i)
        if not holder:
            continue  # white space that pdfium made up
        key = ctypes.addressof(holder.contents)
        style = styles.get(key)
        if style is None:
            style = styles[key] = _style(holder, textpage, i)
        char = _readable(pdfium.FPDFText_GetUnicode(textpage, i))
        if not char:
            continue
        if char != " " and pdfium.FPDFText_HasUnicodeMapError(textpage, i) == 1:
            char = UNREADABLE
        if style.quarter is None:
            glyphs.slanted += char != " "
            continue
        pdfium.FPDFText_GetCharOrigin(textpage, i, x, y)
        pdfium.FPDFText_GetLooseCharBox(textpage, i, box)
        place = (box.left, box.bottom, box.right, box.top)
        if style.clip is not None and _outside(place, style.clip):
            continue
        glyphs.unreadable += char == UNREADABLE and not style.hidden
        glyphs.found.append(Glyph(char, x.value, y.value, place, style.em, style.quarter, style.hidden))
    return glyphs


def _style(holder: object, textpage: object, index: int) -> _Style:
    matrix = pdfium.FS_MATRIX()
    size = pdfium.FPDFText_GetFontSize(textpage, index)
    if not pdfium.FPDFText_GetMatrix(textpage, index, matrix):
        return _Style(size, 0, False, None)
    em = abs(size) * math.hypot(matrix.c, matrix.d)
    turn = math.degrees(math.atan2(matrix.b, matrix.a))
    quarter = round(turn / 90)
    straight = abs(turn - quarter * 90) <= _STRAIGHT
    mode = pdfium.FPDFTextObj_GetTextRenderMode(holder)
    hidden = mode in (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP) or _transparent(holder)
    return _Style(em, quarter % 4 if straight else None, hidden, _clip(holder))


def _transparent(holder: object) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    filled = pdfium.FPDFPageObj_GetFillColor(holder, red, green, blue, alpha)
    return bool(filled) and alpha.value == 0


def _clip(holder: object) -> Box | None:
    """Box around what is let through; None where nothing is cut off."""
    path = pdfium.FPDFPageObj_GetClipPath(holder)
    paths = min(max(pdfium.FPDFClipPath_CountPaths(path), 0), settings("pdf")["depth"]) if path else 0
    clip: Box | None = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for k in range(paths):
        points = []
        for s in range(min(max(pdfium.FPDFClipPath_CountPathSegments(path, k), 0), settings("pdf")["segments"])):
            if pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(path, k, s), x, y):
                points.append((x.value, y.value))
        if points:
            xs, ys = zip(*points, strict=True)
            own = (min(xs), min(ys), max(xs), max(ys))
            clip = own if clip is None else _common(clip, own)
    return clip


def _common(a: Box, b: Box) -> Box:
    return (max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3]))


def _outside(box: Box, clip: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return not (clip[0] - 1 <= x <= clip[2] + 1 and clip[1] - 1 <= y <= clip[3] + 1)


@dataclass(slots=True)
class _Run:
    """A word in the making; ``turned`` are the quarter turns against the upright page."""

    glyph: Glyph
    turned: int
    text: str
    edges: list[float]
    box: Box
    spaces: int = 0


def words_of(glyphs: list[Glyph], place: Place, confidence: float | None = None) -> list[Word]:
    """Words of characters in the order of the file, cut where the place jumps; ``place`` turns the page upright."""
    words: list[Word] = []
    run: _Run | None = None
    for glyph in glyphs:
        turned = (glyph.quarter - place.quarter) % 4
        if glyph.char == " ":
            if run is not None:
                run.spaces += 1
            continue
        box = _upright_box(glyph, place) if not turned else place.box(glyph.box)
        if not place.shows(box):
            continue
        if run is not None and _follows(run, glyph, turned, box):
            axis = 1 if turned % 2 else 0
            if run.spaces:
                run.text += " "
                run.edges.append(run.box[2 if turned != 1 else 1] if not axis else run.edges[-1])
            run.text += glyph.char
            run.edges += [box[axis]] * len(glyph.char)
            run.box = (
                min(run.box[0], box[0]), min(run.box[1], box[1]), max(run.box[2], box[2]), max(run.box[3], box[3])
            )  # fmt: skip
            run.spaces, run.glyph = 0, glyph
            continue
        _close(run, words, confidence)
        axis = 1 if turned % 2 else 0
        run = _Run(glyph, turned, glyph.char, [box[axis]] * len(glyph.char), box)
    _close(run, words, confidence)
    return words


def _close(run: _Run | None, words: list[Word], confidence: float | None) -> None:
    if run is not None:
        # Text that runs upwards has no edges in reading order.
        edges = tuple(run.edges) if run.turned != 1 else ()
        words.append(Word(run.text, run.box, confidence, run.glyph.em, run.turned % 2 == 1, edges))


def _upright_box(glyph: Glyph, place: Place) -> Box:
    """Box of an upright character: as wide as it advances, as high as its letters, whatever its font says."""
    x0, _, x1, _ = place.box(glyph.box)
    _, base = place.point(glyph.x, glyph.y)
    above = settings("pdf")["ascent"] * glyph.em
    return (x0, base - above, max(x1, x0), base + glyph.em - above)


def _follows(run: _Run, glyph: Glyph, turned: int, box: Box) -> bool:
    """Whether ``glyph`` stands right behind the run, on its line and in its size."""
    em = max(run.glyph.em, 0.1)
    if turned != run.turned or not 0.8 <= glyph.em / em <= 1.25:
        return False
    along, across = (1, 0) if turned % 2 else (0, 1)
    if abs((box[across] + box[across + 2]) - (run.box[across] + run.box[across + 2])) > 0.6 * em:
        return False
    gap = run.box[along] - box[along + 2] if turned == 1 else box[along] - run.box[along + 2]
    limits = settings("text")
    if run.spaces:
        return bool(-0.5 * em < gap <= limits["segment"] * em)
    wide = is_wide(run.text[-1]) and is_wide(glyph.char[0])
    return bool(-0.5 * em < gap <= limits["mixed_space" if wide else "letter_space"] * em)
