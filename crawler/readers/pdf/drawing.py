"""Lines and pictures that a PDF page draws, through its groups (form objects); nothing here recurses."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

from crawler.evidence import Box
from crawler.readers.paged import strokes
from crawler.readers.paged.model import Rule, settings
from crawler.readers.pdf.place import Place

Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class Drawing:
    """Lines and pictures of a page, upright; ``seen`` objects were looked at, ``cut``: there were more."""

    rules: list[Rule] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    seen: int = 0
    cut: bool = False


def drawing_of(page: object, place: Place, room: int) -> Drawing:
    """What a page draws besides text; looks at no more than ``room`` objects."""
    found = Drawing()
    limits = settings("pdf")
    room = min(room, limits["page_objects"])
    stack: list[tuple[object, bool, Matrix, int]] = [(page, False, _SAME, 0)]
    while stack:
        parent, is_form, matrix, depth = stack.pop()
        count = pdfium.FPDFFormObj_CountObjects(parent) if is_form else pdfium.FPDFPage_CountObjects(parent)
        for i in range(max(count, 0)):
            if found.seen >= room:
                found.cut = True
                return found
            found.seen += 1
            item = pdfium.FPDFFormObj_GetObject(parent, i) if is_form else pdfium.FPDFPage_GetObject(parent, i)
            if not item:
                continue
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                _path(item, _times(_matrix(item), matrix), place, found)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                _picture(_times(_matrix(item), matrix), place, found)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < limits["depth"]:
                stack.append((item, True, _times(_matrix(item), matrix), depth + 1))
    return found


def _matrix(item: object) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, matrix):
        return _SAME
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _times(m: Matrix, n: Matrix) -> Matrix:
    """First ``m``, then ``n``."""
    return (
        m[0] * n[0] + m[1] * n[2], m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2], m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4], m[4] * n[1] + m[5] * n[3] + n[5],
    )  # fmt: skip


def _on(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    return matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]


def _picture(matrix: Matrix, place: Place, found: Drawing) -> None:
    """A picture fills the unit square of its own coordinates; a thin one is a line."""
    corners = [place.point(*_on(matrix, x, y)) for x in (0.0, 1.0) for y in (0.0, 1.0)]
    xs, ys = zip(*corners, strict=True)
    box = (min(xs), min(ys), max(xs), max(ys))
    if min(box[2] - box[0], box[3] - box[1]) <= settings("rules")["thin"]:
        found.rules.append(Rule(box))
        return
    width, height = place.size
    box = (max(box[0], 0.0), max(box[1], 0.0), min(box[2], width), min(box[3], height))
    if box[2] > box[0] and box[3] > box[1]:
        found.pictures.append(box)


def _path(item: object, matrix: Matrix, place: Place, found: Drawing) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(item, fill, stroke):
        return
    stroked = bool(stroke.value) and _visible(item, pdfium.FPDFPageObj_GetStrokeColor)
    filled = bool(fill.value) and _visible(item, pdfium.FPDFPageObj_GetFillColor)
    if not stroked and not filled:
        return
    for points in _outlines(item, matrix, place):
        if stroked:
            found.rules += strokes.stroked(points)
        else:
            found.rules += strokes.filled(points)


def _visible(item: object, colour_of: object) -> bool:
    """Whether a colour is seen on white paper."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not callable(colour_of) or not colour_of(item, red, green, blue, alpha):
        return True
    return alpha.value > 0 and min(red.value, green.value, blue.value) < settings("pdf")["invisible"]


def _outlines(item: object, matrix: Matrix, place: Place) -> Iterator[list[tuple[float, float]]]:
    """The points of each part of a path, closed where the path is; curves are left out."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for i in range(min(max(pdfium.FPDFPath_CountSegments(item), 0), settings("pdf")["segments"])):
        segment = pdfium.FPDFPath_GetPathSegment(item, i)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = place.point(*_on(matrix, x.value, y.value))
        if kind == pdfium.FPDF_SEGMENT_LINETO:
            points.append(point)
            if pdfium.FPDFPathSegment_GetClose(segment):
                points.append(points[0])
        else:
            if len(points) > 1:
                yield points
            points = [point]
    if len(points) > 1:
        yield points
