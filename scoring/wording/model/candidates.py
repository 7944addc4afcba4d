"""Where a character may be wrong, and which one may be meant there: cheap tests first, so that clean text costs little.

Three sieves: places that hardly any known run of characters covers; confusions that make a known pair with a
neighbour; the few of them that gain most by the runs that cover the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.wording.model.alphabet import FIRST, PAD, Codes
from scoring.wording.model.confusion import Confusions, Places
from scoring.wording.model.ngrams import (
    COVER,
    KnownPairs,
    NgramTable,
    Values,
    covering,
    extend,
    runs,
    set_bits,
    start,
    windows,
)

SHORT: Final = COVER[:5]  # runs of two and three
LONG: Final = COVER[5:]
_TEXT_WEIGHT: Final = np.array([{2: 1.0, 3: 1.5, 4: 1.5, 5: 1.0}[length] for length, _ in COVER], np.float32)
_WORD_WEIGHT: Final = np.array([{2: 0.5, 3: 1.0, 4: 1.5, 5: 1.0}[length] for length, _ in COVER], np.float32)
_WORD_LOSS: Final = -6.0


@dataclass(frozen=True, slots=True)
class PlaceSieve:
    """Which places are looked at; part of the trained data."""

    seen: int  # a place covered by a run of three seen more often than this is not looked at
    seen_beside_marks: int  # the same for runs that hold a mark or a figure
    weights: NDArray[np.float32]  # runs of SHORT x values: what each adds to the doubt
    least: float  # least doubt of a place that is looked at

    def doubt(self, values: Values) -> NDArray[np.float32]:
        """How much the runs over places look like those over wrong characters; ``values`` as in ``SHORT``."""
        total: NDArray[np.float32] = self.weights[0][values[:, 0]]
        for column in range(1, len(SHORT)):
            total = total + self.weights[column][values[:, column]]
        return total


@dataclass(frozen=True, slots=True)
class Limits:
    """How many candidates are scored; part of the trained data."""

    kept: int = 4  # of a place
    gain: float = 2.0  # least gain


@dataclass(frozen=True, slots=True)
class Candidates:
    """Proposed characters, ordered by place and then by gain; one row each."""

    places: Places
    codes: Codes
    sound: NDArray[np.uint8]
    shape: NDArray[np.uint8]
    was: Values  # rows x runs of COVER: values with the character that stands there
    would: Values  # the same with the proposed one
    gain: NDArray[np.float32]
    rank: Places  # 0 for the best of its place
    rivals: Places  # how many candidates the place has
    margin: NDArray[np.float32]  # gain over the next best, or what is missing to the best
    rows: Codes  # the characters around


def gain_of(was: Values, would: Values, first: int = 0) -> NDArray[np.float32]:
    """How much better the runs from column ``first`` of ``COVER`` on are known with the proposed character."""
    until = first + was.shape[1]
    text = (would & 15).astype(np.float32) - (was & 15)
    word = np.maximum((would >> 4).astype(np.float32) - (was >> 4), _WORD_LOSS)
    # The values are finite; some processors raise the flag all the same, and a user must not see a warning of it.
    with np.errstate(invalid="ignore"):
        gain = text @ _TEXT_WEIGHT[first:until] + word @ _WORD_WEIGHT[first:until]
    return gain.astype(np.float32)


def threes_of(codes: Codes, table: NgramTable) -> Values:
    """The value of the run of three that begins at each place."""
    threes = np.zeros(len(codes), np.uint8)
    threes[:-2] = table.look_up(runs(codes, 3))
    return threes


def doubtful(codes: Codes, threes: Values, table: NgramTable, sieve: PlaceSieve) -> tuple[Places, Values]:
    """Places of characters whose short runs are as little known as those over wrong characters, with their values."""
    # A word, whose value stands in the upper half, is known as well; runs with marks and figures in them say less.
    kinds = codes < FIRST
    mixed = kinds.copy()
    mixed[:-1] |= kinds[1:]
    mixed[:-2] |= kinds[2:]
    unknown = threes <= np.where(mixed, sieve.seen_beside_marks, sieve.seen)
    weak = unknown.copy()
    weak[1:] &= unknown[:-1]
    weak[2:] &= unknown[:-2]
    places = np.flatnonzero(weak & (codes >= FIRST))
    pairs = np.stack([codes[places], codes[places - 1]], 1), np.stack([codes[places + 1], codes[places]], 1)
    twos = table.look_up(extend(start(pairs[0]), pairs[1]))
    # The run of three in which the place is the first, the second, the third character.
    short = np.concatenate([twos, threes[places[:, None] - np.arange(3)]], 1)
    open_ = sieve.doubt(short) >= sieve.least
    return places[open_], short[open_]


def _best(places: Places, gain: NDArray[np.float32], kept: int) -> tuple[Places, Places, Places]:
    """Order by place and falling gain, the rank within the place, and the start of each row's place."""
    order = np.lexsort((-gain, places))
    sorted_places = places[order]
    new = np.ones(len(order), bool)
    new[1:] = sorted_places[1:] != sorted_places[:-1]
    heads = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
    rank = np.arange(len(order)) - heads
    keep = rank < kept
    return order[keep], rank[keep], heads[keep]


def exchanges(
    codes: Codes, places: Places, table: NgramTable, pairs: KnownPairs, confusions: Confusions, limits: Limits
) -> Candidates:
    """Characters that may be meant in place of those at ``places``."""
    fitting = pairs.beside(codes[places - 1], codes[places + 1])
    fitting &= confusions.bits[codes[places]]
    owner, other = set_bits(fitting)

    around = windows(codes, places)
    was = table.look_up(covering(around))
    twos = np.stack([extend(start(other), around[owner, PAD + 1]), extend(start(around[owner, PAD - 1]), other)], 1)
    order, _, _ = _best(owner, gain_of(was[owner, :2], table.look_up(twos)), 4 * limits.kept)
    owner, other = owner[order], other[order]
    changed = around[owner]
    changed[:, PAD] = other
    short = table.look_up(covering(changed, SHORT))
    gain = gain_of(was[owner, : len(SHORT)], short)
    order, _, _ = _best(owner, gain, 2 * limits.kept)
    order = order[gain[order] > 0]
    owner, other, changed, short = owner[order], other[order], changed[order], short[order]

    would = np.concatenate([short, table.look_up(covering(changed, LONG))], 1)
    entry = confusions.entry(codes[places[owner]], other)
    levels = confusions.sound[entry], confusions.shape[entry]
    return ranked(places[owner], other, levels, was[owner], would, around[owner], limits)


def ranked(
    places: Places,
    other: Codes,
    levels: tuple[NDArray[np.uint8], NDArray[np.uint8]],
    was: Values,
    would: Values,
    rows: Codes,
    limits: Limits,
) -> Candidates:
    """The candidates of each place that gain enough, best first."""
    gain = gain_of(was, would)
    order, rank, _ = _best(places, gain, limits.kept)
    enough = gain[order] > limits.gain
    order, rank = order[enough], rank[enough]
    gain = gain[order]
    _, owner = np.unique(places[order], return_inverse=True)
    rivals, margin = _rivalry(owner, gain, rank)
    return Candidates(
        places[order], other[order], levels[0][order], levels[1][order],
        was[order], would[order], gain, rank, rivals, margin, rows[order],
    )  # fmt: skip


def _rivalry(owner: Places, gain: NDArray[np.float32], rank: Places) -> tuple[Places, NDArray[np.float32]]:
    """How many candidates each row's place has, and the distance to the best or (for the best) to the second."""
    count = np.bincount(owner, minlength=int(owner.max(initial=-1)) + 1)
    rivals = count[owner]
    head = np.arange(len(owner)) - rank
    second = np.where(rivals > 1, gain[np.minimum(head + 1, max(len(gain) - 1, 0))], 0) if len(gain) else gain
    margin = np.where(rank == 0, gain - second, gain - gain[head]).astype(np.float32)
    return rivals, margin
