"""Counts of runs of characters in text and words, as the tables of the model hold them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.wording.model.alphabet import LINE_END, PAD, Alphabet
from scoring.wording.model.ngrams import LONGEST, Hashes, Values, extend, finish, runs, start
from scoring.wording.model.parameters import Runs

_COMMON = 50  # a dictionary's frequency counts this much less than text
_LEAST = 3
_OFFICIAL_PAIR = 13
_OFFICIAL_WORD = 14
_MOST_FREQUENT = 12


@dataclass(frozen=True, slots=True)
class Counts:
    """Keys ascending, with how often each was seen."""

    keys: Hashes
    times: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RunCounts:
    """Pairs have the key ``first code * size of the alphabet + second code``, longer runs a hash."""

    pairs: Counts
    longer: Counts


def character_counts(text: Iterable[str], words: Mapping[str, int], official: Iterable[str]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for line in (*text, *official):
        counted.update(line)
    weights: Counter[str] = Counter()
    for word, times in words.items():
        for character in word:
            weights[character] += times
    counted.update({character: times // _COMMON for character, times in weights.items()})
    return counted


def alphabet_of(counted: Counter[str]) -> Alphabet:
    """The Chinese characters that are not rare, most frequent first."""
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return Alphabet("".join(one for one, times in ordered if "\u4e00" <= one <= "\u9fff" and times >= _LEAST))


def commonness(alphabet: Alphabet, counted: Counter[str]) -> NDArray[np.float32]:
    """The log frequency of each code."""
    result = np.zeros(alphabet.size, np.float32)
    result[-len(alphabet.characters) :] = [round(float(np.log2(counted[one] + 1))) for one in alphabet.characters]
    return result


def in_names(alphabet: Alphabet, text: Iterable[str], names: Iterable[str]) -> NDArray[np.float32]:
    """How much of a character's use is in names of persons: 0 none to 15 all."""
    every, named = Counter("".join(text)), Counter("".join(names))
    result = np.zeros(alphabet.size, np.float32)
    result[-len(alphabet.characters) :] = [round(15 * named[one] / (every[one] + 2)) for one in alphabet.characters]
    return result


def count(alphabet: Alphabet, lines: Sequence[str]) -> RunCounts:
    """All runs of two to five characters; the end of a line may stand at either end of a run."""
    codes = alphabet.codes("\n".join(lines))
    ends = codes == LINE_END
    pairs = _counted(codes[:-1].astype(np.uint64) * np.uint64(alphabet.size) + codes[1:], ends[:-1] & ends[1:])
    keys = []
    for length in range(3, LONGEST + 1):
        number = len(codes) - length + 1
        outside = ends[:number] & ends[1 : number + 1]
        for at in range(1, length - 1):
            outside |= ends[at : at + number]
        keys.append(finish(runs(codes, length)[~outside]))
    return RunCounts(pairs, _counted(np.concatenate(keys)))


def _counted(keys: Hashes, without: NDArray[np.bool_] | None = None) -> Counts:
    distinct, times = np.unique(keys if without is None else keys[~without], return_counts=True)
    return Counts(distinct, times.astype(np.float64))


def total(parts: Sequence[tuple[Counts, float]]) -> Counts:
    """The weighted sum of counts."""
    keys, index = np.unique(np.concatenate([part.keys for part, _ in parts]), return_inverse=True)
    weights = np.concatenate([part.times * weight for part, weight in parts])
    return Counts(keys, np.bincount(index, weights=weights).astype(np.float64))


def word_values(alphabet: Alphabet, words: Mapping[str, int], official: Sequence[str]) -> tuple[Runs, Runs]:
    """Words of two and of three to five characters: 1 to 12 by frequency, 13 and 14 for those of official writing."""
    value = {
        word: min(_MOST_FREQUENT, max(1, int(np.log2(times / 3 + 1) * 0.8) + 1))
        for word, times in words.items()
        if 2 <= len(word) <= LONGEST
    }
    for word in official:
        if 2 <= len(word) <= LONGEST:
            value[word] = _OFFICIAL_PAIR if len(word) == 2 else _OFFICIAL_WORD
    by_length: dict[int, list[str]] = defaultdict(list)
    for word in value:
        by_length[len(word)].append(word)
    keys: dict[int, Hashes] = {}
    for length, same in by_length.items():
        codes = np.stack([alphabet.codes(word)[PAD:-PAD] for word in same]).astype(np.uint64)
        running = start(codes[:, 0])
        for at in range(1, length):
            running = extend(running, codes[:, at])
        keys[length] = finish(running) if length > 2 else codes[:, 0] * np.uint64(alphabet.size) + codes[:, 1]
    values = {length: np.array([value[word] for word in same], np.uint8) for length, same in by_length.items()}
    longer = range(3, LONGEST + 1)
    return (
        _ordered(keys[2], values[2]),
        _ordered(np.concatenate([keys[n] for n in longer]), np.concatenate([values[n] for n in longer])),
    )


def _ordered(keys: Hashes, values: Values) -> Runs:
    distinct, first = np.unique(keys, return_index=True)
    return Runs(distinct, values[first])


def level(times: NDArray[np.float64]) -> Values:
    """Counts on a log scale: 1 for one, 2 for two, 3 for up to four, 4 for up to eight …"""
    levels: Values = np.clip(1 + np.ceil(np.log2(np.maximum(times, 1e-9))), 0, 15).astype(np.uint8)
    return levels


def runs_of(text: Counts, words: Runs) -> Runs:
    """Counts of text and values of words in one."""
    keys, index = np.unique(np.concatenate([text.keys, words.keys]), return_inverse=True)
    values = np.zeros(len(keys), np.uint8)
    values[index[len(text.keys) :]] = words.values << 4
    values[index[: len(text.keys)]] |= level(text.times)
    return Runs(keys, values)
