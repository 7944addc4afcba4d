"""Builds models from chosen fifths of the sources, so that what is measured was never learnt from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.wording.confusable import Confusable
from benchmarks.wording.counts import (
    Counts,
    RunCounts,
    alphabet_of,
    character_counts,
    commonness,
    count,
    in_names,
    runs_of,
    total,
    word_values,
)
from benchmarks.wording.examples import ErrorMaker, Examples, exchanged, shifted
from benchmarks.wording.learning import fit, fit_sieve
from benchmarks.wording.sources import (
    FOLDS,
    Pair,
    Paths,
    fold_of,
    newspaper,
    official_words,
    own_phrases,
    own_words,
    person_names,
    sentence_pairs,
    word_frequencies,
)
from scoring.wording.model.candidates import SHORT, Limits, PlaceSieve
from scoring.wording.model.character_model import CharacterModel
from scoring.wording.model.network import Matrix, Network
from scoring.wording.model.parameters import Parameters, Thresholds

ALL = tuple(range(FOLDS))
_OFFICIAL_WEIGHT = 2.0  # a run of official writing counts as much as two of the newspaper
_LEAST = 2.0  # runs of three and more that were seen less often are left out
_LONG_WORD = 4
# Weights of examples: labelled errors, errors made in official sentences, errors made in the newspaper.
_WEIGHTS = (2.0, 0.7, 0.4)
_RATES = (1 / 25, 1 / 60)
_SHIFT_RATE = 1 / 25
_TIMES = 6  # how often the official sentences are made wrong anew
_SEEN = 2
_SEEN_BESIDE_MARKS = 6
_FOUND = 2.0  # log odds of errors that the sieve of places should keep
_EMPTY = Network(np.zeros(1, np.float32), np.ones(1, np.float32), ())
_OPEN = PlaceSieve(_SEEN, _SEEN_BESIDE_MARKS, np.zeros((len(SHORT), 256), np.float32), -1.0)


class Workshop:
    """All sources, read once."""

    def __init__(self, paths: Paths, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.pairs = sentence_pairs(paths.sentences)
        self.news = newspaper(paths)
        self.words = official_words(paths.words)
        frequencies = word_frequencies(paths)
        phrases = own_phrases()
        counted = character_counts([*self.news, *phrases], frequencies, self.words)
        self.alphabet = alphabet_of(counted)
        self.commonness = commonness(self.alphabet, counted)
        self.in_names = in_names(self.alphabet, self.news, person_names(paths))
        self.confusable = Confusable(self.alphabet, paths)
        self.word_values = word_values(self.alphabet, frequencies, [*self.words, *own_words(phrases)])
        right = sorted({pair.right for pair in self.pairs})
        self.right = [[one for one in right if fold_of(one) == fold] for fold in ALL]
        self.news_folds = [[one for one in self.news if fold_of(one) == fold] for fold in ALL]
        self._official = [count(self.alphabet, part) for part in self.right]
        self._news = [count(self.alphabet, part) for part in self.news_folds]
        long_words = count(self.alphabet, [word for word in self.words if len(word) >= _LONG_WORD])
        self._always = [(long_words, 1.0), (count(self.alphabet, phrases), _OFFICIAL_WEIGHT)]

    def pairs_of(self, fold: int) -> list[Pair]:
        return [pair for pair in self.pairs if fold_of(pair.right) == fold]

    def untrained(self, folds: Collection[int], labelled: Collection[int]) -> Parameters:
        """Tables of the given fifths, with the confusions seen in the ``labelled`` ones."""
        parts: list[tuple[RunCounts, float]] = list(self._always)
        for fold in folds:
            parts += [(self._official[fold], _OFFICIAL_WEIGHT), (self._news[fold], 1.0)]
        pairs = total([(part.pairs, weight) for part, weight in parts])
        longer = total([(part.longer, weight) for part, weight in parts])
        enough = longer.times >= _LEAST
        longer = Counts(longer.keys[enough], longer.times[enough])
        confused = [
            change
            for fold in labelled
            for pair in self.pairs_of(fold)
            for change in zip(pair.written, pair.right, strict=True)
            if change[0] != change[1]
        ]
        return Parameters.of(
            self.alphabet,
            runs_of(pairs, self.word_values[0]),
            runs_of(longer, self.word_values[1]),
            self.confusable.table(confused),
            self.commonness,
            self.in_names,
            _EMPTY,
            _EMPTY,
            _OPEN,
            self.limits,
            Thresholds(0.0, 0.0, 0.0),
        )

    def train(self, folds: Collection[int]) -> Parameters:
        """A model of the given fifths, each learnt from by tables of the others; thresholds are still to be chosen."""
        sets: list[tuple[Examples, float]] = []
        moved: list[tuple[Matrix, NDArray[np.bool_]]] = []
        for fold in folds:
            parameters = self.untrained([one for one in folds if one != fold], folds)
            model = CharacterModel(parameters)
            maker = ErrorMaker(self.alphabet, parameters.confusions, self.commonness, fold)
            official, news = self.right[fold] * _TIMES, self.news_folds[fold]
            pairs = (self.pairs_of(fold), maker.spoil(official, _RATES[0]), maker.spoil(news, _RATES[1]))
            sets += [(exchanged(model, some), weight) for some, weight in zip(pairs, _WEIGHTS, strict=True)]
            moved += [shifted(model, maker.shift(some, _SHIFT_RATE)) for some in (official, news)]
        network = fit(
            np.concatenate([one.features for one, _ in sets]),
            np.concatenate([one.right for one, _ in sets]),
            np.concatenate([np.full(len(one.right), weight, np.float32) for one, weight in sets]),
        )
        label = np.concatenate([label for _, label in moved])
        shift_network = fit(np.concatenate([some for some, _ in moved]), label, np.ones(len(label), np.float32))
        found = [
            np.isin(one.looked_at, one.place[one.right & (network.log_odds(one.features) > _FOUND)]) for one, _ in sets
        ]
        sieve = fit_sieve(np.concatenate([one.short for one, _ in sets]), np.concatenate(found), _OPEN)
        return replace(self.untrained(folds, folds), network=network, shift_network=shift_network, sieve=sieve)
