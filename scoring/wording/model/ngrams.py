"""What is known of runs of one to five characters: how often they stand in text, and whether they are words.

A run is known by a 40-bit hash of its codes, so that a table of a million runs holds no text. The table is open
addressing with linear probing over the sorted hashes (Knuth 6.4, algorithm L), looked up for whole arrays at once.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.wording.model.alphabet import PAD, Codes

Hashes = NDArray[np.uint64]
Values = NDArray[np.uint8]

LONGEST: Final = 5
# Where the runs over a place stand: (length, which character of the run is the place).
COVER: Final = tuple((length, at) for length in range(2, LONGEST + 1) for at in range(length))

FIRM: Final = 4  # value of pairs that are seen often; words have greater ones
WORD: Final = 48  # value of pairs that are words, but for rare ones

_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = np.uint64(0xD6E8FEB86659FD93)
_ONE: Final = np.uint64(1)
_BITS: Final = 40


def start(codes: NDArray[np.integer]) -> Hashes:
    """The running hash of runs of one character."""
    return codes.astype(np.uint64) + _ONE


def extend(running: Hashes, codes: NDArray[np.integer]) -> Hashes:
    """The running hash of runs that are one character longer."""
    longer: Hashes = running * _STEP + codes + _ONE
    return longer


def finish(running: Hashes) -> Hashes:
    """40-bit keys of running hashes."""
    mixed = (running ^ (running >> np.uint64(29))) * _MIX
    return mixed >> np.uint64(64 - _BITS)


def runs(codes: Codes, length: int) -> Hashes:
    """Running hashes of all runs of a length, by the place of their first character."""
    count = len(codes) - length + 1
    running = start(codes[:count])
    for at in range(1, length):
        running = extend(running, codes[at : at + count])
    return running


def windows(codes: Codes, places: NDArray[np.int64]) -> Codes:
    """The characters around places: one row of ``2 * PAD + 1`` codes for each."""
    around: Codes = codes[places[:, None] + np.arange(-PAD, PAD + 1)]
    return around


def covering(rows: Codes, which: tuple[tuple[int, int], ...] = COVER) -> Hashes:
    """Running hashes of the runs over the middle of windows, a column for each of ``which``."""
    wide = start(rows)
    columns = []
    for length, at in which:
        first = PAD - at
        running = wide[:, first]
        for step in range(1, length):
            running = running * _STEP + wide[:, first + step]
        columns.append(running)
    return np.stack(columns, 1)


class NgramTable:
    """Values of runs, a byte each: the lower half is how often in text (log scale), the upper half that of words."""

    def __init__(self, keys: Hashes, values: Values) -> None:
        """``keys`` ascending and distinct."""
        bits = max(8, int(2 * max(len(keys), 1) - 1).bit_length())
        self._shift = np.uint64(_BITS - bits)
        self._mask = np.uint64((1 << (_BITS - bits)) - 1)
        home = (keys >> self._shift).astype(np.int64)
        order = np.arange(len(keys))
        place = np.maximum.accumulate(home - order) + order if len(keys) else home
        self._slots = np.zeros((1 << bits) + int((place - home).max(initial=0)) + 64, np.uint32)
        self._slots[place] = ((keys & self._mask).astype(np.uint32) << np.uint32(8)) | values

    def look_up(self, running: Hashes) -> Values:
        """The value of each running hash, 0 where the run is not known; the shape of the argument is kept."""
        keys = finish(running.ravel())
        home = (keys >> self._shift).astype(np.int64)
        rest = (keys & self._mask).astype(np.uint32)
        slots = self._slots.take(home)
        found = np.where((slots >> np.uint32(8)) == rest, slots & np.uint32(255), 0).astype(np.uint8)
        open_ = np.flatnonzero((found == 0) & (slots != 0))
        step = 1
        while len(open_):
            slots = self._slots.take(home[open_] + step)
            hit = (slots >> np.uint32(8)) == rest[open_]
            found[open_[hit]] = slots[hit] & np.uint32(255)
            open_ = open_[~hit & (slots != 0)]
            step += 1
        return found.reshape(running.shape)


class KnownPairs:
    """Which characters may follow or precede which: a bit for each, so that many are tested at once."""

    def __init__(self, first: Codes, second: Codes, values: Values, size: int, proposed: int) -> None:
        """The known pairs with their values; only characters with codes below ``proposed`` are ever proposed."""
        self._after = bit_rows(first, second, size, proposed)
        self._before = bit_rows(second, first, size, proposed)
        firm = values >= FIRM
        self._firm_after = bit_rows(first[firm], second[firm], size, proposed)
        self._firm_before = bit_rows(second[firm], first[firm], size, proposed)
        word = values >= WORD
        self._word_after = bit_rows(first[word], second[word], size, proposed)
        self._word_before = bit_rows(second[word], first[word], size, proposed)

    def beside(self, left: Codes, right: Codes) -> NDArray[np.uint8]:
        """For each gap the characters well known after ``left`` or before ``right``, or known both: a row of bits."""
        fitting = self._after[left]
        fitting &= self._before[right]
        fitting |= self._firm_after[left]
        fitting |= self._firm_before[right]
        return fitting

    def between(self, left: Codes, right: Codes) -> NDArray[np.uint8]:
        """For each gap the characters that make a word with ``left`` or ``right`` and are known beside the other."""
        fitting = self._word_after[left]
        fitting |= self._word_before[right]
        fitting &= self._after[left]
        fitting &= self._before[right]
        return fitting


def bit_rows(row: Codes, column: Codes, rows: int, columns: int) -> NDArray[np.uint8]:
    """A bit matrix with the given places set, lowest bit first, whose rows fill whole words of 64 bits."""
    within = column < columns
    matrix = np.zeros((rows, -(-columns // 64) * 8), np.uint8)
    place = row[within].astype(np.int64) * matrix.shape[1] + (column[within] >> 3)
    np.bitwise_or.at(matrix.reshape(-1), place, np.uint8(1) << (column[within] & 7).astype(np.uint8))
    return matrix


def set_bits(matrix: NDArray[np.uint8]) -> tuple[NDArray[np.int64], Codes]:
    """(row, column) of all bits that are set, in order."""
    words = matrix.view(np.uint64).ravel()
    filled = np.flatnonzero(words != 0)
    bits = np.flatnonzero(np.unpackbits(words[filled].view(np.uint8), bitorder="little").view(bool))
    row, word = np.divmod(filled[bits >> 6], matrix.shape[1] // 8)
    return row, (word << 6 | bits & 63).astype(np.uint16)
