"""What a candidate is judged by, as a row of numbers; the order of the columns is part of the trained data."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoring.wording.model.alphabet import FIRST, PAD, Codes
from scoring.wording.model.candidates import Candidates
from scoring.wording.model.ngrams import COVER, NgramTable, Values, covering

Matrix = NDArray[np.float32]

_MOST_RIVALS = 20
# Runs beside the place, that do not hold it: (length, which character of the run would be the place).
_BESIDE = ((2, 2), (2, -1), (3, 3), (3, -1))
_LENGTHS = tuple([column for column, (n, _) in enumerate(COVER) if n == length] for length in (3, 4, 5))


def _halves(values: Values) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    return values & 15, values >> 4


def _words(values: Values) -> list[NDArray[np.uint8]]:
    """Words over the place: the pair after, the pair before, the best of three, four and five characters."""
    words = values >> 4
    return [words[:, 0], words[:, 1], *(words[:, columns].max(1) for columns in _LENGTHS)]


def _kind(codes: Codes) -> Codes:
    return np.where(codes < FIRST, codes, 0).astype(np.uint16)


def features(
    found: Candidates, table: NgramTable, commonness: NDArray[np.float32], in_names: NDArray[np.float32]
) -> Matrix:
    """One row for each candidate.

    ``commonness`` is the log frequency of each code, ``in_names`` how much of it stands in names of persons (0-15).
    """
    rows = found.rows
    beside = table.look_up(covering(rows, _BESIDE))
    columns = [
        *(found.was & 15).T,
        *(found.would & 15).T,
        *_words(found.was),
        *_words(found.would),
        commonness[rows[:, PAD]],
        commonness[found.codes],
        found.sound,
        found.shape,
        found.gain,
        found.rank,
        np.minimum(found.rivals, _MOST_RIVALS),
        found.margin,
        *(half for column in beside.T for half in _halves(column)),
        *(_kind(rows[:, PAD + step]) for step in (-1, 1, -2, 2)),
        *(commonness[rows[:, PAD + step]] for step in (-1, 1)),
        in_names[found.codes],
        *(in_names[rows[:, PAD + step]] for step in (-2, -1, 0, 1, 2)),
    ]
    return np.stack([np.asarray(column, np.float32) for column in columns], 1)
