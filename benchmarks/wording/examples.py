"""Labelled candidates to learn from: real errors, and errors made of right text in the same manner."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.wording.sources import Pair
from scoring.wording.model.alphabet import FIRST, PAD, Alphabet
from scoring.wording.model.character_model import CharacterModel
from scoring.wording.model.confusion import Confusions
from scoring.wording.model.features import Matrix
from scoring.wording.model.gaps import DOUBLED, MISSING
from scoring.wording.model.ngrams import Values

# Shares of the kinds of error among the labelled pairs: same tone, same syllable, alike syllable, shape.
_KINDS = ((3, 0.40), (2, 0.32), (1, 0.05), (0, 0.23))
_CLEAR_SHAPE = 2
_DOUBLED_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Examples:
    """Candidates with what is known of them: a row of features each."""

    features: Matrix
    right: NDArray[np.bool_]
    place: NDArray[np.int64]
    looked_at: NDArray[np.int64]  # places that the sieve lets through
    short: Values  # the values of their short runs


@dataclass(frozen=True, slots=True)
class Shifted:
    """A text with characters left out and doubled, and (kind, place, character) of each."""

    written: str
    errors: frozenset[tuple[int, int, str]]


def exchanged(model: CharacterModel, pairs: Sequence[Pair]) -> Examples:
    """All candidates in the written sentences; right where they give the right character back."""
    written, right = "\n".join(pair.written for pair in pairs), "\n".join(pair.right for pair in pairs)
    codes = model.alphabet.codes(written)
    threes = model.threes(codes)
    found, matrix = model.exchanged(codes, threes)
    meant = model.alphabet.codes(right)
    changed = np.array([a != b for a, b in zip(written, right, strict=True)])
    label = changed[found.places - PAD] & (meant[found.places] == found.codes)
    return Examples(matrix, label, found.places, *model.looked_at(codes, threes))


def shifted(model: CharacterModel, text: Shifted) -> tuple[Matrix, NDArray[np.bool_]]:
    """The same for characters that are missing or doubled: features and which rows are right."""
    codes = model.alphabet.codes(text.written)
    found, matrix = model.shifted(codes, model.threes(codes))
    character = model.alphabet.character
    rows = zip(found.sound.tolist(), (found.places - PAD).tolist(), found.codes.tolist(), strict=True)
    return matrix, np.array([(kind, place, character(code)) in text.errors for kind, place, code in rows], bool)


class ErrorMaker:
    """Puts wrong characters into right sentences, by sound and by shape."""

    def __init__(self, alphabet: Alphabet, confusions: Confusions, commonness: NDArray[np.float32], seed: int) -> None:
        self._alphabet, self._confusions, self._seed = alphabet, confusions, seed
        self._weight = 2.0 ** (0.3 * commonness)

    def spoil(self, sentences: Sequence[str], rate: float) -> list[Pair]:
        """Each character is made wrong with probability ``rate``."""
        chance = random.Random(self._seed)
        return [Pair(self._spoilt(sentence, rate, chance), sentence) for sentence in sentences]

    def shift(self, sentences: Sequence[str], rate: float) -> Shifted:
        """Each character is left out or doubled with probability ``rate``."""
        chance = random.Random(self._seed)
        out: list[str] = []
        errors: set[tuple[int, int, str]] = set()
        for sentence in sentences:
            for one, code in zip(sentence, self._alphabet.codes(sentence)[PAD:-PAD].tolist(), strict=True):
                if code < FIRST or chance.random() >= rate:
                    out.append(one)
                elif chance.random() < _DOUBLED_SHARE:
                    errors.add((DOUBLED, len(out) + 1, one))
                    out += [one, one]
                else:
                    errors.add((MISSING, len(out), one))
            out.append("\n")
        return Shifted("".join(out), frozenset(errors))

    def _spoilt(self, sentence: str, rate: float, chance: random.Random) -> str:
        codes = self._alphabet.codes(sentence)[PAD:-PAD]
        out = list(sentence)
        for at, code in enumerate(codes):
            if code >= FIRST and chance.random() < rate:
                wrong = self._wrong(int(code), chance)
                if wrong is not None:
                    out[at] = wrong
        return "".join(out)

    def _wrong(self, code: int, chance: random.Random) -> str | None:
        table = self._confusions
        entries = slice(int(table.start[code]), int(table.start[code + 1]))
        kind = chance.choices([kind for kind, _ in _KINDS], [share for _, share in _KINDS])[0]
        fits = (
            table.sound[entries] == kind
            if kind
            else (table.shape[entries] >= _CLEAR_SHAPE) & (table.sound[entries] < 2)
        )
        others = table.other[entries][fits]
        if not len(others):
            return None
        return self._alphabet.character(chance.choices(others.tolist(), self._weight[others].tolist())[0])
