"""Which characters may be taken for one another: by their readings, their strokes and their pictures."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from pypinyin.constants import PINYIN_DICT
from pypinyin.phrases_dict import phrases_dict

from benchmarks.wording.sources import Paths
from scoring.wording.model.alphabet import FIRST, Alphabet
from scoring.wording.model.confusion import Confusions

Reading = tuple[str, str]  # syllable, tone mark
Alike = dict[str, list[int]]  # character: [sound, shape]

_TONES = "\u0300\u0301\u0304\u030c"
_RARE_READING = 0.05  # share of a character's phrases below which a reading is left out
_NEAREST = 25
_CLEAR = 2
_PROPOSED = 4000  # only characters with a code below are proposed
_VERY_NEAR = 8
_SIMILAR_PICTURE, _SAME_PICTURE = 0.35, 0.5
_SIMILAR_STROKES, _SAME_STROKES = 0.5, 0.7


class Confusable:
    """All likenesses, found once; tables are made of them with the labelled errors one may learn from."""

    def __init__(self, alphabet: Alphabet, paths: Paths) -> None:
        self._alphabet = alphabet
        characters = alphabet.characters
        alike: dict[str, Alike] = {one: {} for one in characters}
        _by_sound(characters, alike)
        _by_shape(characters, alike, paths)
        for one in characters:
            for other, (sound, shape) in list(alike[one].items()):
                back = alike[other].setdefault(one, [0, 0])
                alike[other][one] = [max(back[0], sound), max(back[1], shape)]
        self._alike = alike

    def table(self, pairs: Iterable[tuple[str, str]]) -> Confusions:
        """The table of the model; ``pairs`` are (written, right) characters of labelled errors."""
        code = {one: FIRST + at for at, one in enumerate(self._alphabet.characters)}
        seen = {pair for pair in pairs if pair[0] in code and pair[1] in code}
        extra: dict[str, set[str]] = defaultdict(set)
        for written, right in seen:
            extra[written].add(right)
        count = np.zeros(self._alphabet.size, np.int64)
        rows: list[tuple[int, int, int]] = []
        for one, alike in self._alike.items():
            levels = {other: (sound, shape) for other, (sound, shape) in alike.items() if sound or shape > 1}
            for other in extra[one]:
                sound, shape = levels.get(other, (0, 0))
                levels[other] = (sound, max(shape, _CLEAR))
            entries = sorted((code[other], *pair) for other, pair in levels.items() if code[other] < _PROPOSED)
            count[code[one]] = len(entries)
            rows += entries
        table = np.array(rows)
        start = np.concatenate([[0], np.cumsum(count)])
        return Confusions(
            start, *(table[:, at].astype(kind) for at, kind in enumerate((np.uint16, np.uint8, np.uint8)))
        )


def _split(reading: str) -> Reading:
    parts = unicodedata.normalize("NFD", reading)
    tone = "".join(one for one in parts if one in _TONES)
    return "".join(one for one in parts if one not in _TONES).replace("u\u0308", "v"), tone


def _readings(characters: str) -> dict[str, set[Reading]]:
    """The usual readings: the first of the dictionary, and those that phrases show."""
    counted: dict[str, Counter[Reading]] = defaultdict(Counter)
    for phrase, sounds in phrases_dict.items():
        for one, sound in zip(phrase, sounds, strict=False):
            counted[one][_split(sound[0])] += 1
    for one in characters:
        if ord(one) in PINYIN_DICT:
            counted[one][_split(PINYIN_DICT[ord(one)].split(",")[0])] += 2
    return {
        one: {r for r, times in counted[one].items() if times >= max(2, _RARE_READING * counted[one].total())}
        for one in characters
    }


def _blurred(syllable: str) -> str:
    """Syllables that many speakers do not keep apart fall together: zh/z, n/l, r/l, an/ang …"""
    short = re.sub("^([zcs])h", r"\1", syllable)
    return re.sub("^[lr]", "n", re.sub("(?<=[aei])ng$", "n", short))


def _by_sound(characters: str, alike: dict[str, Alike]) -> None:
    readings = _readings(characters)
    same: dict[str, set[str]] = defaultdict(set)
    near: dict[str, set[str]] = defaultdict(set)
    for one in characters:
        for syllable, _ in readings[one]:
            same[syllable].add(one)
            near[_blurred(syllable)].add(one)
    for one in characters:
        for syllable, tone in readings[one]:
            for other in near[_blurred(syllable)]:
                level = 1 + (other in same[syllable]) + ((syllable, tone) in readings[other])
                entry = alike[one].setdefault(other, [0, 0])
                entry[0] = max(entry[0], level)


def _by_shape(characters: str, alike: dict[str, Alike], paths: Paths) -> None:
    pictures = _pictures(characters, paths.font)
    strokes = _strokes(paths)
    matrix = _letters([strokes.get(one, "") for one in characters])
    for at, one in enumerate(characters):
        points: Counter[str] = Counter()
        for values, similar, same in (
            (pictures @ pictures[at], _SIMILAR_PICTURE, _SAME_PICTURE),
            (_stroke_likeness(matrix, at), _SIMILAR_STROKES, _SAME_STROKES),
        ):
            values[at] = -1
            for rank, index in enumerate(np.argsort(-values, kind="stable")[:_NEAREST]):
                if values[index] >= similar:
                    points[characters[index]] += 2 if rank < _VERY_NEAR and values[index] >= same else 1
        for other, level in points.items():
            alike[one].setdefault(other, [0, 0])[1] = min(3, level)
    for group in _shape_groups(paths):
        for one in group & alike.keys():
            for other in group & alike.keys() - {one}:
                entry = alike[one].setdefault(other, [0, 0])
                entry[1] = min(3, entry[1] + 2)


def _strokes(paths: Paths) -> dict[str, str]:
    lines = paths.package("pycorrector", "pycorrector/data/stroke.txt").read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line.count("\t") == 1)


def _shape_groups(paths: Paths) -> list[set[str]]:
    lines = paths.package("pycorrector", "pycorrector/data/same_stroke.txt").read_text("utf-8").splitlines()
    return [set(line.split()) for line in lines]


def _pictures(characters: str, font_file: Path) -> NDArray[np.float32]:
    """Blurred pictures as unit vectors, so that a product is a correlation."""
    font = ImageFont.truetype(font_file, 40, index=2)
    rows = []
    for one in characters:
        image = Image.new("L", (48, 56), 0)
        ImageDraw.Draw(image).text((4, -4), one, fill=255, font=font)
        small = image.filter(ImageFilter.GaussianBlur(1.5)).resize((24, 28))
        rows.append(np.asarray(small, np.float32).ravel())
    matrix = np.stack(rows)
    matrix -= matrix.mean(1, keepdims=True)
    unit: NDArray[np.float32] = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    return unit


def _letters(words: Sequence[str]) -> NDArray[np.uint8]:
    matrix = np.zeros((len(words), max(map(len, words))), np.uint8)
    for row, word in enumerate(words):
        matrix[row, : len(word)] = np.frombuffer(word.encode(), np.uint8)
    return matrix


def _stroke_likeness(matrix: NDArray[np.uint8], at: int) -> NDArray[np.float64]:
    """1 less the edit distance over the longer one's length, from one character to all (Wagner and Fischer)."""
    lengths = (matrix > 0).sum(1)
    own = matrix[at, : lengths[at]]
    if not len(own):
        return np.zeros(len(matrix))
    across = np.arange(matrix.shape[1] + 1, dtype=np.int16)
    row = np.repeat(across[None], len(matrix), 0)
    for step, stroke in enumerate(own, 1):
        best = np.minimum(row[:, :-1] + (matrix != stroke), row[:, 1:] + 1)
        edge = np.full((len(matrix), 1), step, np.int16)
        row = np.minimum.accumulate(np.concatenate([edge, best], 1) - across, 1) + across
    distance = row[np.arange(len(matrix)), lengths]
    return np.where(lengths > 0, 1 - distance / np.maximum(lengths, lengths[at]), 0.0)
