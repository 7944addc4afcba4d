"""A picture of a page to words and lines with their places."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image

from crawler.evidence import Box
from crawler.readers.ocr.cells import read_cells, sheet_of
from crawler.readers.ocr.effort import Effort, charge
from crawler.readers.ocr.engine import Corners, Pixels, Reading, read_lines, shown
from crawler.readers.ocr.ruling import ruling_of
from crawler.readers.ocr.settings import settings
from crawler.readers.ocr.spelling import spelled
from crawler.readers.ocr.upright import cut_out, upright
from crawler.readers.paged.lines import is_wide
from crawler.readers.paged.model import PageContent, Word, holds, quantile, union
from crawler.readers.paged.rules import grids_of


def page_of_image(image: Image.Image, number: int, effort: Effort | None = None) -> PageContent | None:
    """What stands on a picture of a page, turned upright, in its pixels; None where there is no text.

    Raises Spent where ``effort``, what recognition may do for one file, does not suffice, and Illegible where next to
    nothing on the page can be made out.
    """
    with (effort or Effort()).counting():
        charge("page", image.width * image.height)
        return _page(pixels_of(image), number)


def _page(pixels: Pixels, number: int) -> PageContent | None:
    pixels, found = upright(pixels)
    if not found:
        return None
    limits = settings("page")
    boxes = [_hull(corners) for corners in found]
    em = quantile([math.dist(c[0], c[3]) for c in found], limits["small"]) / limits["grown"]
    ruling = ruling_of(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(np.uint8), em, boxes)
    guesses = [Word("字", box, size=(box[3] - box[1]) / limits["grown"]) for box in boxes]
    grids = grids_of(ruling.rules, guesses, em)
    tables = [grid.box for grid in grids if len(grid.cells) > 1]
    words = read_cells(sheet_of(pixels, ruling.mask), [g for g in grids if len(g.cells) > 1], em)
    outside = [c for c, box in zip(found, boxes, strict=True) if not any(holds(table, box) for table in tables)]
    running, left = _running(pixels, outside)
    words += running
    if not left and not any(char.isalnum() for word in words for char in word.text):
        return None
    height, width = pixels.shape[:2]
    pictures = [union(left)] if left else []
    return PageContent(number, float(width), float(height), words, ruling.rules, pictures, len(left))


def pixels_of(image: Image.Image) -> Pixels:
    """Colours of a picture (blue, green, red) on white paper."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])


def _hull(corners: Corners) -> Box:
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    return (float(x0), float(y0), float(x1), float(y1))


def _running(pixels: Pixels, found: Sequence[Corners]) -> tuple[list[Word], list[Box]]:
    """The words of the lines outside tables, from the top down as far as one page may go, and the lines below."""
    limits = settings("page")
    words = []
    found = sorted(found, key=lambda corners: float(corners[:, 1].mean()))
    readings = _readings([_lying(pixels, c) for c in found], limits["running"] * 1e6 * _sheets(pixels))
    for corners, reading in zip(found, readings, strict=False):
        text = spelled(reading.text)
        if text and reading.mean >= limits["sense"]:
            x0, y0, x1, y1 = _hull(corners)
            wide, high = math.dist(corners[0], corners[1]), math.dist(corners[0], corners[3])
            low = min(wide, high) / limits["grown"]
            # Detection grows its boxes evenly; the text is as much smaller.
            inset = (min(wide, high) - low) / 2
            size = _letter(text, max(wide, high) - 2 * inset, low)
            box = (x0 + inset, y0 + inset, max(x1 - inset, x0 + inset + 1), max(y1 - inset, y0 + inset + 1))
            words.append(Word(text, box, round(reading.confidence, 4), size, high > limits["standing"] * wide))
    return words, [_hull(corners) for corners in found[len(readings) :]]


def _readings(pieces: Sequence[Pixels], most: float) -> list[Reading]:
    """What lines say, from the first on until those that make sense fill ``most`` pixels.

    Stains and noise above a text do not keep it from being read; they count for the effort of the file.
    """
    sense = settings("page")["sense"]
    found: list[Reading] = []
    while len(found) < len(pieces) and most > 0:
        rest = pieces[len(found) :]
        some = read_lines(rest, most)
        most -= sum(shown(piece) for piece, read in zip(rest, some, strict=False) if read.mean >= sense)
        found += some
    return found


def _sheets(pixels: Pixels) -> float:
    """How many sheets of paper a picture may show, by its size and by its sides."""
    limits = settings("page")
    height, width = pixels.shape[:2]
    return float(max(height * width / limits["sheet"], max(height, width) / min(height, width) / limits["sides"], 1.0))


def _letter(text: str, length: float, low: float) -> float:
    """Letter height of a line: Chinese characters are as wide as high, and the length of a line is found more exactly
    than its height (``low``)."""
    limits = settings("page")
    wide = sum(map(is_wide, text))
    letters = wide + 0.5 * sum(not is_wide(c) and not c.isspace() for c in text)
    if wide < limits["counted"] * len(text) or wide < limits["least"]:
        return low
    apart = float(limits["apart"])
    return min(max(length / letters, low / apart), low * apart)


def _lying(pixels: Pixels, corners: Corners) -> Pixels:
    """A line cut out; text that stands on the page is turned to lie."""
    piece = cut_out(pixels, corners)
    if piece.shape[0] > settings("page")["standing"] * piece.shape[1]:
        return np.ascontiguousarray(np.rot90(piece))
    return piece
