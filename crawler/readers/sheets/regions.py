"""A sheet taken apart: regions that blank rows and columns part, and in them tables and lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crawler.readers.sheets.model import Place, Range, Sheet, settings
from crawler.readers.words import words


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell or merged range that holds a text or has a border."""

    at: Range
    text: str
    ruled: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Slots that belong together: a table, or texts."""

    table: bool
    slots: tuple[Slot, ...]
    box: Range

    @classmethod
    def of(cls, table: bool, slots: Iterable[Slot]) -> Part:
        """The part of ``slots`` with the cells that they cover."""
        held = tuple(slots)
        return cls(table, held, box_of(held))


# Rows from top to bottom; rows that one slot spans stand together.
Band = list[Slot]


def parts_of(sheet: Sheet) -> list[Part]:
    """Tables and texts of a sheet from top to bottom, side by side from left to right."""
    parts = [part for region in _regions(slots_of(sheet)) for part in _parts(region)]
    return sorted(parts, key=lambda part: (part.box.top, part.box.left))


def slots_of(sheet: Sheet) -> list[Slot]:
    """Cells and merged ranges; a merged range reaches no further than what is written or ruled on the sheet."""
    used = [*sheet.cells, *sheet.ruled]
    if not used:
        return []
    bottom, right = max(row for row, _ in used), max(column for _, column in used)
    slots: list[Slot] = []
    covered: set[Place] = set()
    room = settings("limits")["merged"]
    for merge in sheet.merges:
        at = Range(merge.top, merge.left, min(merge.bottom, bottom), min(merge.right, right))
        size = (at.bottom - at.top + 1) * (at.right - at.left + 1)
        if at.bottom < at.top or at.right < at.left or size < 2 or size > room:
            continue
        room -= size
        inside = [(row, column) for row in range(at.top, at.bottom + 1) for column in range(at.left, at.right + 1)]
        text, ruled = sheet.cells.get(inside[0], ""), any(place in sheet.ruled for place in inside)
        if (text or ruled) and covered.isdisjoint(inside):
            covered.update(inside)
            slots.append(Slot(at, text, ruled))
    for place in {*sheet.cells, *sheet.ruled} - covered:
        slots.append(Slot(Range(*place, *place), sheet.cells.get(place, ""), place in sheet.ruled))
    return slots


def box_of(slots: Sequence[Slot]) -> Range:
    """The cells that slots (at least one) cover."""
    return Range(
        min(slot.at[0] for slot in slots),
        min(slot.at[1] for slot in slots),
        max(slot.at[2] for slot in slots),
        max(slot.at[3] for slot in slots),
    )


def _regions(slots: list[Slot]) -> Iterator[list[Slot]]:
    """Slots parted at blank rows and blank columns in turn, until neither parts them further."""
    waiting = [(slots, 0, False)]
    while waiting:
        region, cuts, whole = waiting.pop()
        pieces = _cut(region, 1 if cuts % 2 else 0)
        if cuts >= settings("layout")["cuts"] or (whole and len(pieces) == 1):
            yield region
        else:
            waiting += [(piece, cuts + 1, cuts > 0 and len(pieces) == 1) for piece in pieces]


def _cut(slots: Iterable[Slot], axis: int) -> list[list[Slot]]:
    """Slots parted where no slot stands in a row (``axis`` 0) or a column (1)."""
    pieces: list[list[Slot]] = []
    reach = -2
    for slot in sorted(slots, key=lambda s: s.at[axis]):
        if slot.at[axis] > reach + 1:
            pieces.append([])
        pieces[-1].append(slot)
        reach = max(reach, slot.at[axis + 2])
    return pieces


def _bands(slots: Iterable[Slot]) -> list[Band]:
    bands: list[Band] = []
    reach = -1
    for slot in sorted(slots, key=lambda s: (s.at.top, s.at.left)):
        if slot.at.top > reach:
            bands.append([])
        bands[-1].append(slot)
        reach = max(reach, slot.at.bottom)
    return bands


def _parts(region: list[Slot]) -> Iterator[Part]:
    """Runs of rows with borders are tables; rows without are text or tables by what stands in them."""
    runs: list[tuple[bool, list[Band]]] = []
    whole = box_of(region)
    width = whole.right - whole.left
    for band in _bands(region):
        ruled = any(slot.ruled for slot in band)
        if _is_text(band, width if ruled else 0):
            runs.append((False, [band]))
            runs.append((False, []))
        elif runs and runs[-1][0] == ruled and runs[-1][1]:
            runs[-1][1].append(band)
        else:
            runs.append((ruled, [band]))
    for ruled, bands in runs:
        if not ruled:
            yield from _open_parts(bands)
            continue
        for slots in _regions(_trimmed([slot for band in bands for slot in band])):
            box = box_of(slots) if slots else Range(0, 0, 0, 0)
            # One column is a frame around running text.
            if slots:
                yield Part(box.left < box.right, tuple(slots), box)


def _lone(band: Band) -> bool:
    """One text and nothing else."""
    return sum(bool(slot.text) for slot in band) == 1 and all(slot.text or not slot.ruled for slot in band)


def _is_text(band: Band, width: int) -> bool:
    """A heading or a paragraph in a row of its own; among borders it takes the whole ``width``."""
    if not _lone(band):
        return False
    slot = next(slot for slot in band if slot.text)
    long = len(slot.text) > settings("layout")["frame"]
    return slot.at.right - slot.at.left >= width and (long or words().section.match(slot.text.strip()) is not None)


def _open_parts(bands: list[Band]) -> Iterator[Part]:
    """Rows without borders: lone texts above and below a table stand for themselves, those within it are captions."""
    full = [i for i, band in enumerate(bands) if not _lone(band)]
    if not full:
        yield from (Part.of(False, band) for band in bands)
        return
    first, last = full[0], full[-1]
    if len(full) <= last - first and first:
        # Captions part the table: the line above its first row is one too.
        first -= 1
    yield from (Part.of(False, band) for band in bands[:first])
    slots = tuple(slot for band in bands[first : last + 1] for slot in band)
    many = sum(bool(slot.text) for slot in slots) >= settings("layout")["lone"]
    yield Part.of(many and len(full) > 1, slots)
    yield from (Part.of(False, band) for band in bands[last + 1 :])


def _trimmed(slots: Sequence[Slot]) -> list[Slot]:
    """Without the ruled but empty rows and columns at the end, where there are many of them."""
    filled = [slot for slot in slots if slot.text]
    if not filled:
        return []
    most = settings("layout")["blank"]
    inner, outer = box_of(filled), box_of(slots)
    bottom = outer.bottom if outer.bottom - inner.bottom <= most else inner.bottom
    right = outer.right if outer.right - inner.right <= most else inner.right
    return [slot for slot in slots if slot.at.top <= bottom and slot.at.left <= right]
