"""Where a character may be missing or doubled: proposals that move the rest of the line by one place."""

from __future__ import annotations

import numpy as np

from scoring.wording.model.alphabet import FIRST, PAD, Codes
from scoring.wording.model.candidates import Candidates, Limits, ranked
from scoring.wording.model.confusion import Places
from scoring.wording.model.ngrams import KnownPairs, NgramTable, Values, covering, extend, set_bits, start, windows

MISSING = 0  # the kinds stand where exchanges have the likeness in sound
DOUBLED = 1


def shifts(codes: Codes, threes: Values, table: NgramTable, pairs: KnownPairs, limits: Limits) -> Candidates:
    """Characters to be put in before a place, and places whose character repeats the one before."""
    character = codes >= FIRST
    open_ = character.copy()
    open_[1:] &= character[:-1]
    open_[2:] &= (threes[:-2] == 0) & (threes[1:-1] == 0)
    places = np.flatnonzero(open_)
    twice = places[codes[places] == codes[places - 1]]
    owner, other, inserted = _insertions(codes, places, table, pairs)
    where = np.concatenate([places[owner], twice])
    rows = np.concatenate([inserted, _without(codes, twice)])
    kinds = np.repeat(np.array([MISSING, DOUBLED], np.uint8), [len(owner), len(twice)])
    was = table.look_up(covering(windows(codes, where)))
    would = table.look_up(covering(rows))
    levels = kinds, np.zeros(len(kinds), np.uint8)
    return ranked(where, np.concatenate([other, codes[twice]]), levels, was, would, rows, limits)


def _insertions(codes: Codes, places: Places, table: NgramTable, pairs: KnownPairs) -> tuple[Places, Codes, Codes]:
    """What fits between an unknown pair so that a known run of three comes about: (owner, character, windows)."""
    around = windows(codes, places)
    unknown = np.flatnonzero(table.look_up(covering(around, ((2, 1),)))[:, 0] == 0)
    owner, other = set_bits(pairs.between(codes[places[unknown] - 1], codes[places[unknown]]))
    owner = unknown[owner]
    around_it = extend(extend(start(around[owner, PAD - 1]), other), around[owner, PAD])
    known = np.flatnonzero(table.look_up(around_it))
    owner, other = owner[known], other[known]
    return owner, other, np.concatenate([around[owner][:, :PAD], other[:, None], around[owner][:, PAD:-1]], 1)


def _without(codes: Codes, places: Places) -> Codes:
    """Windows as they are when the character before each place is left out."""
    wide = codes[places[:, None] + np.arange(-PAD, PAD + 1)]
    before = codes[np.maximum(places - PAD - 1, 0)]
    return np.concatenate([before[:, None], wide[:, : PAD - 1], wide[:, PAD:]], 1)
