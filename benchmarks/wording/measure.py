"""What a model finds in labelled sentences and what it wrongly suspects in right text."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from benchmarks.wording.sources import Pair
from scoring.wording.model import CharacterModel, Suspicion

PER = 20_000  # false alarms are told for so many characters


@dataclass
class Tally:
    """Counts of sentences and of right text; adds up over fifths."""

    sentences: int = 0
    wrong: int = 0  # sentences with an error
    flagged: int = 0
    detected: int = 0  # flagged and with an error
    proper: int = 0  # flagged, and every proposal right
    restored: int = 0  # flagged, and the proposals give the right sentence
    characters: int = 0  # of right text
    alarms: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def ratio(self, part: str, whole: str) -> float:
        return float(getattr(self, part) / max(1, getattr(self, whole)))

    @property
    def alarm_rate(self) -> float:
        return PER * self.alarms / max(1, self.characters)

    def __str__(self) -> str:
        return (
            f"found: precision {self.ratio('detected', 'flagged'):.3f} recall {self.ratio('detected', 'wrong'):.3f}; "
            f"corrected: precision {self.ratio('proper', 'flagged'):.3f} recall {self.ratio('proper', 'wrong'):.3f} "
            f"(whole sentence {self.ratio('restored', 'wrong'):.3f}); flagged {self.flagged} of {self.wrong} wrong and "
            f"{self.sentences - self.wrong} right; false alarms {self.alarms} in {self.characters:,} characters "
            f"of right text ({self.alarm_rate:.2f} in {PER:,})"
        )


def corrected(text: str, suspicions: Sequence[Suspicion]) -> str:
    """The text with all proposals accepted."""
    for one in sorted(suspicions, key=lambda each: -each.start):
        text = text[: one.start] + one.right + text[one.end :]
    return text


def over_sentences(model: CharacterModel, pairs: Sequence[Pair]) -> Tally:
    """Each sentence is read as a text of its own."""
    tally = Tally(sentences=len(pairs), wrong=sum(pair.wrong for pair in pairs))
    for pair, suspicions in zip(pairs, model.suspicions_of([pair.written for pair in pairs]), strict=True):
        if not suspicions:
            continue
        tally.flagged += 1
        tally.detected += pair.wrong
        tally.proper += all(one.right == pair.right[one.start : one.end] for one in suspicions)
        tally.restored += corrected(pair.written, suspicions) == pair.right
    return tally


def over_right(model: CharacterModel, texts: Iterable[str]) -> Tally:
    """Text that is right: every suspicion is a false alarm."""
    lines = list(texts)
    return Tally(
        characters=sum(len(line) for line in lines), alarms=sum(len(found) for found in model.suspicions_of(lines))
    )


def seconds_per_megabyte(model: CharacterModel, texts: Sequence[str], runs: int = 3) -> float:
    """Processor time for one megabyte of UTF-8, the best of some runs."""
    size = sum(len(text.encode()) + 1 for text in texts) / 1e6
    best = float("inf")
    for _ in range(runs):
        begin = time.process_time()
        model.suspicions_of(texts)
        best = min(best, time.process_time() - begin)
    return best / size
