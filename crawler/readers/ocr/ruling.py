"""Ruling lines of an upright page: by morphology, so that noise, gaps and a touching letter do not matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from crawler.evidence import Box
from crawler.readers.ocr.engine import Pixels
from crawler.readers.ocr.settings import settings
from crawler.readers.paged.model import Rule

Mask = npt.NDArray[np.uint8]  # 0 or 255


@dataclass(frozen=True, slots=True)
class Ruling:
    """The lines of a page and the pixels that they cover."""

    rules: list[Rule]
    mask: Mask


def ruling_of(grey: Pixels, em: float, text: Sequence[Box]) -> Ruling:
    """The straight lines of a page with ``text``; ``em`` is the height of its smaller letters in pixels."""
    limits = settings("ruling")
    gap = limits["gap"] * em
    across, down = (_joined(_strokes(grey, em, standing), gap, standing) for standing in (False, True))
    whole = cv2.dilate(across | down, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(whole, connectivity=8)
    # Strokes of letters stand alone and are small; lines of a table hang together.
    large = np.zeros(count, bool)
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    large[1:] = (sides.max(axis=1) >= limits["alone"] * em)[1:]
    kept = np.where(large[labels], 255, 0).astype(np.uint8)
    lines = [_lines(mask & kept, standing) for mask, standing in ((across, False), (down, True))]
    if any(len(own) > limits["most"] for own, _ in lines):
        return Ruling([], np.zeros_like(kept))
    held = [_held(own, other, text, grey, em) for (own, _), (other, _) in (lines, lines[::-1])]
    borders = [
        [box for box, good in zip(own, fit, strict=True) if good] for (own, _), fit in zip(lines, held, strict=True)
    ]
    rules: list[Rule] = []
    mask = np.zeros_like(kept)
    for (_, pieces), fit, own, other in zip(lines, held, borders, borders[::-1], strict=True):
        covered = np.where(np.array([False, *fit])[pieces], 255, 0).astype(np.uint8)
        for box in own:
            cut = _cut(box, other, text, grey, em)
            rules.append(Rule(cut))
            if cut != box:
                _lift(covered, box, cut)
        mask |= covered
    return Ruling(rules, mask)


def _lift(mask: Mask, box: Box, cut: Box) -> None:
    """Take what was cut off a line out of the mask."""
    x0, y0, x1, y1 = (round(v) for v in box)
    left, top, right, bottom = (round(v) for v in cut)
    rows, columns = slice(max(y0 - 2, 0), y1 + 2), slice(max(x0 - 2, 0), x1 + 2)
    if _standing(box):
        mask[max(y0, 0) : top, columns] = 0
        mask[bottom:y1, columns] = 0
    else:
        mask[rows, max(x0, 0) : left] = 0
        mask[rows, right:x1] = 0


def _kernel(length: float, standing: bool) -> Mask:
    size = max(round(length), 1)
    return np.ones((size, 1) if standing else (1, size), np.uint8)


def _joined(mask: Mask, gap: float, standing: bool) -> Mask:
    """The mask with short gaps along one direction filled."""
    return cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _kernel(gap, standing)).astype(np.uint8)


def _strokes(grey: Pixels, em: float, standing: bool) -> Mask:
    """Straight runs of ink in one direction, dashed ones too."""
    limits = settings("ruling")
    # Averaged along the line: noise goes, thin grey lines stay.
    size = max(round(limits["smooth"] * em), 3)
    smooth = cv2.blur(grey, (1, size) if standing else (size, 1))
    area = 2 * round(limits["area"] * em / 2) + 1
    ink = cv2.adaptiveThreshold(
        smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, max(area, 5), limits["contrast"]
    )
    solid = cv2.morphologyEx(ink, cv2.MORPH_OPEN, _kernel(limits["run"] * em, standing))
    return cv2.bitwise_or(solid, _dashed(grey, em, standing)).astype(np.uint8)


def _dashed(grey: Pixels, em: float, standing: bool) -> Mask:
    """Rows of short thin pieces: a stroke of a letter hangs on others, a dash does not."""
    limits = settings("ruling")
    area = 2 * round(limits["area"] * em / 2) + 1
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, max(area, 5), limits["dash_contrast"]
    )
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    thick = width if standing else height
    thin = (thick <= limits["dash"] * em) & (stats[:, cv2.CC_STAT_AREA] >= limits["speck"])
    # Where two dashed lines cross, a dash of one hangs on a dash of the other.
    thin |= np.maximum(width, height) <= limits["dash_cross"] * em
    thin[0] = False
    pieces = np.where(thin[labels], 255, 0).astype(np.uint8)
    closed = _joined(pieces, limits["dash_gap"] * em, standing)
    return cv2.morphologyEx(closed, cv2.MORPH_OPEN, _kernel(limits["dash_run"] * em, standing)).astype(np.uint8)


def _lines(mask: Mask, standing: bool) -> tuple[list[Box], npt.NDArray[np.int32]]:
    """Each connected run as a box as thin as the line; and the number of the run (from 1) for each pixel."""
    _, labels, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found: list[Box] = []
    for (x, y, width, height, area), (cx, cy) in zip(stats[1:], centres[1:], strict=True):
        # What a letter that touches the line adds to it is left out.
        half = float(max(area / max(height if standing else width, 1), 1.0)) / 2
        if standing:
            found.append((float(cx) + 0.5 - half, float(y), float(cx) + 0.5 + half, float(y + height)))
        else:
            found.append((float(x), float(cy) + 0.5 - half, float(x + width), float(cy) + 0.5 + half))
    return found, labels.astype(np.int32)


def _held(own: list[Box], crossing: list[Box], text: Sequence[Box], grey: Pixels, em: float) -> list[bool]:
    """Lines that are long, and short ones that run from one crossing line to another as borders do."""
    limits = settings("ruling")
    near = max(limits["meet"] * em, limits["speck"])
    held = []
    for box in own:
        thick, length = sorted(side / em for side in (box[2] - box[0], box[3] - box[1]))
        if thick > limits["thick"] and not _even(box, grey):  # small figures side by side are pieces in a row, too
            held.append(False)
            continue
        if length >= limits["long"]:
            held.append(True)
            continue
        soiled = _soiled(box, grey, em)
        if length >= limits["short"] and soiled <= limits["soiled"]:
            held.append(soiled <= limits["clean"] or not _amid(box, text, limits["inside"] * em))
            continue
        inner = _between(box, crossing, near)
        if inner is None or _amid(box, text, limits["inside"] * em):
            held.append(False)
            continue
        soiled = _soiled(inner, grey, em)
        most = limits["crowded" if length >= limits["short"] else "soiled"]
        held.append((soiled <= most and _even(inner, grey)) or (soiled <= limits["clean"] and _dashes(inner, grey, em)))
    return held


def _cut(box: Box, crossing: list[Box], text: Sequence[Box], grey: Pixels, em: float) -> Box:
    """The line without strokes of letters that go on where it ends."""
    limits = settings("ruling")
    along = 1 if _standing(box) else 0
    met = sorted((other[along] + other[along + 2]) / 2 for other in crossing if _crosses(box, other))
    ends = [box[along], box[along + 2]]
    for k, at in ((0, met[0]), (1, met[-1])) if met else ():
        rest = list(box)
        rest[along], rest[along + 2] = (ends[0], at) if not k else (at, ends[1])
        # The free end fades.
        rest[along + 2 * k] += (1 - 2 * k) * limits["meet"] * em
        piece = (rest[0], rest[1], rest[2], rest[3])
        if rest[along + 2] - rest[along] <= limits["tail"] * em:
            continue
        clean, even = _soiled(piece, grey, em) <= limits["clean"], _even(piece, grey)
        # No border ends in mid-air between letters.
        held = even and any(_meets(piece, other, k, 2 * limits["meet"] * em) for other in crossing)
        fine = clean and (even or _dashes(piece, grey, em))
        if not fine and (not held or _amid(piece, text, limits["inside"] * em)):
            ends[k] = at
    return (box[0], ends[0], box[2], ends[1]) if along else (ends[0], box[1], ends[1], box[3])


def _crosses(box: Box, other: Box) -> bool:
    return box[0] <= other[2] and other[0] <= box[2] and box[1] <= other[3] and other[1] <= box[3]


def _amid(box: Box, text: Sequence[Box], margin: float) -> bool:
    """Whether a line stands or lies within text, on both of its halves."""
    along = 1 if _standing(box) else 0
    across = 1 - along
    middle, quarter = (box[across] + box[across + 2]) / 2, (box[along + 2] - box[along]) / 4
    around = [piece for piece in text if piece[across] + margin <= middle <= piece[across + 2] - margin]
    places = (box[along] + quarter, box[along + 2] - quarter)
    return all(any(piece[along] <= place <= piece[along + 2] for piece in around) for place in places)


def _between(box: Box, crossing: list[Box], near: float) -> Box | None:
    """The line from the middle of one crossing line to that of another; None where an end meets none."""
    along = 1 if _standing(box) else 0
    ends = []
    for k in (0, 1):
        met = [(other[along] + other[along + 2]) / 2 for other in crossing if _meets(box, other, k, near)]
        if not met:
            return None
        ends.append(min(met, key=lambda at: abs(at - box[along + 2 * k])))
    return (box[0], ends[0], box[2], ends[1]) if along else (ends[0], box[1], ends[1], box[3])


def _meets(box: Box, other: Box, end: int, near: float) -> bool:
    """Whether the start (0) or end (1) of ``box`` lies on ``other``."""
    standing = _standing(box)
    along, across = (1, 0) if standing else (0, 1)
    middle = (box[across] + box[across + 2]) / 2
    if not other[across] - near <= middle <= other[across + 2] + near:
        return False
    return other[along] - near <= box[along + 2 * end] <= other[along + 2] + near


def _standing(box: Box) -> bool:
    return box[3] - box[1] > box[2] - box[0]


def _soiled(box: Box, grey: Pixels, em: float) -> float:
    """Share of a line's length with ink close beside it: other strokes hang on that of a letter."""
    limits = settings("ruling")
    x0, y0, x1, y1 = (round(v) for v in box)
    if _standing(box):
        grey, (x0, y0, x1, y1) = grey.T, (y0, x0, y1, x1)
    end = max(round(limits["crossed"] * em), limits["speck"])
    reach = max(round(limits["beside"] * em), limits["speck"])
    top, low = max(y0 - 2 - reach, 0), max(y0 - 2, 0)
    strip = grey[top : y1 + 2 + reach, x0 + end : x1 - end].astype(np.int32)
    if not strip.size:
        return 1.0
    dark = strip < np.percentile(strip, 90) - limits["dash_contrast"]
    shares = [
        float(side.any(axis=0).mean()) if side.size else 0.0 for side in (dark[: low - top], dark[y1 + 2 - top :])
    ]
    # Ink all along a line is the other one of a double border.
    least = limits["double"] if x1 - x0 >= limits["short"] * em else 1.0
    return max(0.0 if share > least else share for share in shares)


def _even(box: Box, grey: Pixels) -> bool:
    """Whether a line is equally dark from end to end: the stroke of a letter fades before it meets a border."""
    depth = _depth(box, grey)
    return bool(depth.size and np.percentile(depth, 5) >= settings("ruling")["even"] * np.median(depth))


def _dashes(box: Box, grey: Pixels, em: float) -> bool:
    """Whether a line is several dashes with short blanks between them."""
    depth = _depth(box, grey)
    if not depth.size:
        return False
    places = np.flatnonzero(depth >= 0.3 * np.percentile(depth, 90))
    blanks = np.diff(np.concatenate(([-1], places, [depth.size]))) - 1
    # A stroke between two borders leaves two.
    return bool((blanks[1:-1] > 0).sum() > 2 and blanks.max() <= settings("ruling")["blank"] * em)


def _depth(box: Box, grey: Pixels) -> npt.NDArray[np.float32]:
    """How much darker than paper a line is, pixel by pixel."""
    x0, y0, x1, y1 = (round(v) for v in box)
    if _standing(box):
        grey, (x0, y0, x1, y1) = grey.T, (y0, x0, y1, x1)
    patch = grey[max(y0 - 1, 0) : y1 + 2, x0:x1]
    if not patch.size:
        return np.zeros(0, np.float32)
    paper = np.percentile(grey[max(y0 - 8, 0) : y1 + 8, x0:x1], 95)
    return np.asarray(paper - patch.min(axis=0).astype(np.float32), np.float32)
