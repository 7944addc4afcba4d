"""Pages turned upright: by quarters as their text runs, then by the little that a scanner was off."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from crawler.readers.ocr.effort import Illegible
from crawler.readers.ocr.engine import Corners, Pixels, find_text, read_lines
from crawler.readers.ocr.settings import settings


def upright(image: Pixels) -> tuple[Pixels, list[Corners]]:
    """The page (height x width x 3) with its lines of text level, and the corners of each piece of text on it.

    Raises Illegible where next to nothing on it can be made out.
    """
    found = find_text(image)
    if not found:
        return image, found
    quarters, sure = _quarters(image, found)
    limits = settings("legible")
    # Where the lines that tell the turn made no sense, neither does the turn; few pieces are no page of text.
    if sure < limits["doubt"] and len(found) >= limits["pieces"]:
        quarters = _tried(image, found, quarters % 2)
    angle = skew(image if not quarters else _quartered(image, quarters))
    if quarters:
        image = _quartered(image, quarters)
    if abs(angle) >= settings("turn")["least"]:
        image, matrix = _turned(image, angle)
        if not quarters:
            return image, [_moved(box, matrix) for box in found]
    elif not quarters:
        return image, found
    return image, find_text(image)


def cut_out(image: Pixels, corners: Corners) -> Pixels:
    """The piece of an image between four corners, as a rectangle."""
    width = max(math.dist(corners[0], corners[1]), math.dist(corners[3], corners[2]), 1.0)
    height = max(math.dist(corners[0], corners[3]), math.dist(corners[1], corners[2]), 1.0)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), flat)
    size = (math.ceil(width), math.ceil(height))
    return cv2.warpPerspective(image, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE).astype(
        np.uint8
    )


def _quarters(image: Pixels, found: Sequence[Corners]) -> tuple[int, float]:
    """Clockwise quarters by which the page must be turned to be read, and the mean confidence of lines read so.

    The confidence is 0 where no line is long enough to be tried.
    """
    limits = settings("turn")
    shapes = [(math.dist(b[0], b[1]), math.dist(b[0], b[3])) for b in found]
    # Long pieces tell the direction; table labels may stand upright on any page.
    lying = sum(w for w, h in shapes if w > limits["long"] * h)
    standing = sum(h for w, h in shapes if h > limits["long"] * w)
    turned = int(standing > limits["most"] * lying)
    chosen = sorted(zip(shapes, found, strict=True), key=lambda s: -s[0][turned])[: limits["samples"]]
    long = [box for sides, box in chosen if sides[turned] > limits["long"] * sides[1 - turned]]
    over, sure = _upside_down([_start(_quartered(cut_out(image, box), turned)) for box in long])
    return turned + 2 * over, sure


def _start(piece: Pixels) -> Pixels:
    """As much of a line as tells up from down."""
    return piece[:, : round(settings("turn")["start"] * piece.shape[0])]


def _upside_down(pieces: Sequence[Pixels]) -> tuple[bool, float]:
    """Whether lines make more sense upside down, and the mean confidence of the better way; 0 where there are none."""
    if not pieces:
        return False, 0.0
    mean = _mean(pieces)
    if mean >= settings("turn")["sense"]:
        return False, mean
    other = _mean([_quartered(piece, 2) for piece in pieces])
    return other > mean, max(mean, other)


def _mean(pieces: Sequence[Pixels]) -> float:
    return sum(reading.mean for reading in read_lines(pieces)) / len(pieces)


def _tried(image: Pixels, found: Sequence[Corners], turned: int) -> int:
    """Clockwise quarters, ``turned`` (0, 1) or two more, told by lines from all over the page.

    Raises Illegible where hardly any of them is sure either way up.
    """
    limits = settings("legible")
    count: int = min(limits["samples"], len(found))
    chosen = [found[k * len(found) // count] for k in range(count)]
    pieces = [_start(_quartered(cut_out(image, box), turned)) for box in chosen]
    down, over = map(_sure_ones, (pieces, [_quartered(piece, 2) for piece in pieces]))
    if max(down, over) < limits["share"] * count:
        raise Illegible
    return turned + 2 * (over > down)


def _sure_ones(pieces: Sequence[Pixels]) -> int:
    return sum(reading.mean >= settings("turn")["sense"] for reading in read_lines(pieces))


def _quartered(image: Pixels, quarters: int) -> Pixels:
    """The image turned clockwise by quarters."""
    return np.ascontiguousarray(np.rot90(image, -quarters))


def skew(image: Pixels) -> float:
    """Degrees by which the page hangs to the right (clockwise), within the limit.

    The turn under which the rows of the page differ most in ink (projection profile), coarse steps, then fine ones.
    """
    limits = settings("turn")
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    scale = min(limits["side"] / max(grey.shape), 1.0)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = (255 - small).astype(np.float32)
    ink = np.maximum(ink - cv2.GaussianBlur(ink, (0, 0), limits["background"]), 0)
    best, step, reach = 0.0, limits["coarse"], limits["reach"]
    while step >= limits["fine"]:
        count = round(reach / step)
        best = max((best + k * step for k in range(-count, count + 1)), key=lambda angle: _sharpness(ink, angle))
        reach, step = step, step / 4
    return best


def _sharpness(ink: np.ndarray, angle: float) -> float:
    rows = cv2.warpAffine(ink, _matrix(ink.shape[1], ink.shape[0], angle), (ink.shape[1], ink.shape[0])).sum(axis=1)
    return float(np.square(np.diff(rows)).sum())


def _matrix(width: int, height: int, angle: float) -> np.ndarray:
    return np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0))


def _turned(image: Pixels, angle: float) -> tuple[Pixels, np.ndarray]:
    height, width = image.shape[:2]
    matrix = _matrix(width, height, angle)
    turned = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return turned.astype(np.uint8), matrix


def _moved(corners: Corners, matrix: np.ndarray) -> Corners:
    return np.asarray(corners @ matrix[:, :2].T + matrix[:, 2], np.float32)
