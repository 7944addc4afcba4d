"""Which characters are taken for one another: by sound (a pinyin keyboard) or by shape (strokes, recognition)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoring.wording.model.alphabet import Codes
from scoring.wording.model.ngrams import bit_rows

Places = NDArray[np.int64]


class Confusions:
    """For the character with code c: entries ``start[c]`` to ``start[c + 1]``, ascending by the other character.

    ``sound``: 3 same syllable and tone, 2 same syllable, 1 alike, 0 not; ``shape``: 3 very much alike to 0 not alike.
    Only characters with codes below ``proposed`` stand as the other one.
    """

    def __init__(self, start: Places, other: Codes, sound: NDArray[np.uint8], shape: NDArray[np.uint8]) -> None:
        self.start, self.other, self.sound, self.shape = start, other, sound, shape
        self.proposed = int(other.max(initial=0)) + 1
        owner = np.repeat(np.arange(len(start) - 1, dtype=np.uint16), np.diff(start))
        self.bits = bit_rows(owner, other, len(start) - 1, self.proposed)
        self._order = owner.astype(np.int64) << 16 | other

    def entry(self, code: Codes, other: Codes) -> Places:
        """Where confusions that are in the table stand in it."""
        return np.searchsorted(self._order, code.astype(np.int64) << 16 | other)
