"""Wrong characters in official writing, found by a small statistical model: a suspicion, never a verdict.

A character is suspected where another that sounds or looks alike, one more or one less makes the runs around it much
better known. The counts, the confusions and the networks are trained by ``benchmarks/wording/train.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scoring.wording.model.alphabet import PAD, Alphabet, Codes
from scoring.wording.model.candidates import Candidates, doubtful, exchanges, threes_of
from scoring.wording.model.confusion import Places
from scoring.wording.model.features import Matrix, features
from scoring.wording.model.gaps import DOUBLED, shifts
from scoring.wording.model.ngrams import COVER, Values
from scoring.wording.model.parameters import Parameters, shipped

_AT_ONCE = 20_000  # characters: keeps the arrays within the processor's caches


@dataclass(frozen=True, slots=True)
class Suspicion:
    """``wrong`` stands at ``start`` to ``end`` (characters of the text given), ``right`` is proposed for it."""

    start: int
    end: int
    wrong: str
    right: str
    score: float  # log odds that the proposal is right


@dataclass(frozen=True, slots=True)
class Change:
    """Put ``right`` in place of the characters from ``place`` to ``until``; ``before`` and ``after`` make it a word."""

    place: int
    until: int
    right: str
    before: int
    after: int
    score: float


class CharacterModel:
    """Reads texts for wrong characters; safe to share between threads, deterministic."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters

    @property
    def alphabet(self) -> Alphabet:
        return self._parameters.alphabet

    @classmethod
    def shipped(cls) -> CharacterModel:
        """The model that comes with the program."""
        return _shipped()

    def suspicions(self, text: str) -> list[Suspicion]:
        """What is suspected in a text of many lines, in order, without overlaps."""
        found: list[Suspicion] = []
        for offset, piece in _pieces(text):
            for one in self._batch([piece])[0]:
                found.append(Suspicion(one.start + offset, one.end + offset, one.wrong, one.right, one.score))
        return found

    def suspicions_of(self, texts: Sequence[str]) -> list[list[Suspicion]]:
        """The same for many texts at once, which is faster than one by one when they are short."""
        result: list[list[Suspicion]] = []
        batch: list[str] = []
        size = 0
        for text in texts:
            if size + len(text) > _AT_ONCE and batch:
                result += self._batch(batch)
                batch, size = [], 0
            if len(text) > _AT_ONCE:
                result.append(self.suspicions(text))
                continue
            batch.append(text)
            size += len(text) + 1
        return result + (self._batch(batch) if batch else [])

    def _batch(self, texts: Sequence[str]) -> list[list[Suspicion]]:
        starts = np.cumsum([0, *(len(text) + 1 for text in texts)])
        text = "\n".join(texts)
        result: list[list[Suspicion]] = [[] for _ in texts]
        for one in _joined(text, sorted(self._changes(text), key=lambda change: (change.place, change.until))):
            index = int(np.searchsorted(starts, one.start, "right")) - 1
            offset = int(starts[index])
            result[index].append(Suspicion(one.start - offset, one.end - offset, one.wrong, one.right, one.score))
        return result

    def exchanged(self, codes: Codes, threes: Values) -> tuple[Candidates, Matrix]:
        """Candidates for characters that stand there wrongly, with their features."""
        own = self._parameters
        places, _ = doubtful(codes, threes, own.table, own.sieve)
        found = exchanges(codes, places, own.table, own.known, own.confusions, own.limits)
        return found, features(found, own.table, own.commonness, own.in_names)

    def shifted(self, codes: Codes, threes: Values) -> tuple[Candidates, Matrix]:
        """Candidates for characters that are missing or doubled, with their features."""
        own = self._parameters
        found = shifts(codes, threes, own.table, own.known, own.limits)
        return found, features(found, own.table, own.commonness, own.in_names)

    def threes(self, codes: Codes) -> Values:
        return threes_of(codes, self._parameters.table)

    def looked_at(self, codes: Codes, threes: Values) -> tuple[Places, Values]:
        """The places that the first sieve lets through, with the values of the short runs over them."""
        return doubtful(codes, threes, self._parameters.table, self._parameters.sieve)

    def _changes(self, text: str) -> Iterator[Change]:
        own = self._parameters
        codes = own.alphabet.codes(text)
        threes = self.threes(codes)
        found, matrix = self.exchanged(codes, threes)
        exchanged: set[int] = set()
        for row, score in _best(found, own.network.log_odds(matrix), own.thresholds.exchanged):
            place = int(found.places[row]) - PAD
            before, after = _extent(found.would[row])
            yield Change(place, place + 1, own.alphabet.character(int(found.codes[row])), before, after, score)
            exchanged.add(place)
        found, matrix = self.shifted(codes, threes)
        least = np.where(found.sound == DOUBLED, own.thresholds.doubled, own.thresholds.missing)
        for row, score in _best(found, own.shift_network.log_odds(matrix), least):
            place = int(found.places[row]) - PAD
            if exchanged & {place - 1, place}:  # the same trouble, and better explained
                continue
            before, after = _extent(found.would[row])
            if found.sound[row] == DOUBLED:
                yield Change(place, place + 1, "", max(before, 1), after, score)
            else:
                yield Change(place, place, own.alphabet.character(int(found.codes[row])), before, after, score)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """A long text in pieces that end with a line where there is one, with their offsets."""
    begin = 0
    while len(text) - begin > _AT_ONCE:
        cut = text.rfind("\n", begin + 1, begin + _AT_ONCE)
        end = cut if cut > 0 else begin + _AT_ONCE
        yield begin, text[begin:end]
        begin = end
    yield begin, text[begin:]


def _best(
    found: Candidates, scores: NDArray[np.float32], least: float | NDArray[np.floating]
) -> list[tuple[int, float]]:
    """The best row of each place that reaches the least score."""
    best: dict[int, int] = {}
    for row in np.flatnonzero(scores >= least).tolist():
        place = int(found.places[row])
        if place not in best or scores[row] > scores[best[place]]:
            best[place] = row
    return [(row, round(float(scores[row]), 2)) for row in best.values()]


def _extent(values: Values) -> tuple[int, int]:
    """How far the longest word that a proposal makes, else the best-known short run, reaches before and after it."""
    words = [column for column in range(len(COVER)) if values[column] >> 4]
    column = max(words or range(5), key=lambda one: (COVER[one][0] if words else 0, int(values[one] & 15)))
    length, at = COVER[column]
    return at, length - at - 1


def _joined(text: str, changes: Sequence[Change]) -> list[Suspicion]:
    """Suspicions in order of place; changes whose words overlap become one."""
    groups: list[list[Change]] = []
    end = -1
    for one in changes:
        if groups and one.place - one.before < end:
            groups[-1].append(one)
        else:
            groups.append([one])
        end = max(end, one.until + one.after) if len(groups[-1]) > 1 else one.until + one.after
    return [_suspicion(text, group) for group in groups]


def _suspicion(text: str, group: Sequence[Change]) -> Suspicion:
    start = max(0, min(one.place - one.before for one in group))
    end = min(len(text), max(one.until + one.after for one in group))
    right, place = "", start
    for one in group:
        if one.place >= place:
            right += text[place : one.place] + one.right
            place = one.until
    return Suspicion(start, end, text[start:end], right + text[place:end], max(one.score for one in group))


@lru_cache(maxsize=1)
def _shipped() -> CharacterModel:
    return CharacterModel(shipped())
