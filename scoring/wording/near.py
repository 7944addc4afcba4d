"""Near misses of set phrases: by pieces that stand whole (with k slips one of k + 1 does), then by edit distance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind
from rapidfuzz.distance import Levenshtein

from scoring.wording.lexicons import Entry

# Marks that may stand in a phrase or not, and blanks: phrases are compared without them.
_LOOSE = " \u3000\xa0\u200b“”‘’\"'、，,·"
_MARKS = re.compile(f"[{_LOOSE}]+")
_STOPS = "\n。；;！!？?：:（）()《》〈〉【】"


@dataclass(frozen=True, slots=True)
class Slip:
    """A phrase that stands in a text with slips: ``right`` is the phrase as people write it."""

    entry: Entry
    right: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    entry: Entry
    right: str
    plain: str
    allowed: tuple[str, ...]
    edits: int


class Phrases:
    """The phrases (``near``) of entries, ready to be looked for; ``settings`` are the lexicon's own keys."""

    def __init__(self, entries: Sequence[Entry], settings: Mapping[str, Any]) -> None:
        self._edge: int = settings.get("edge", 2)
        self._light = str.maketrans("", "", settings.get("light", ""))
        self._phrases = [made for entry in entries for made in _phrases(entry, settings)]
        places: dict[str, list[tuple[int, int]]] = {}
        for number, phrase in enumerate(self._phrases):
            for at, piece in _pieces(phrase, settings.get("piece", 3)):
                places.setdefault(piece, []).append((number, at))
        self._places = list(places.values())
        # Pieces of different phrases lie over one another, so this search keeps all of them.
        self._search = AhoCorasick(list(places), matchkind=MatchKind.Standard) if places else None
        self._all = {phrase.plain for phrase in self._phrases}

    def slips(self, words: str) -> Iterator[Slip]:
        """Every near miss in a text, each stretch once."""
        if self._search is None:
            return
        done: set[tuple[int, int]] = set()
        plain = _Plain(words)
        for index, start, end in self._search.find_matches_as_indexes(words, overlapping=True):
            for number, at in self._places[index]:
                phrase = self._phrases[number]
                if words.startswith(phrase.plain, start - at):
                    continue  # as it should be, which is by far the most
                found = self._weigh(phrase, plain, start, end, at)
                if found is not None and (number, found[0]) not in done:
                    done.add((number, found[0]))
                    yield Slip(phrase.entry, phrase.right, *found)

    def _weigh(self, phrase: _Phrase, text: _Plain, start: int, end: int, at: int) -> tuple[int, int] | None:
        """Where a phrase stands with slips around one of its pieces, whose first character is its ``at``-th."""
        room = phrase.edits
        head, tail = phrase.plain[:at], phrase.plain[at + end - start :]
        before, places_before = text.before(start, len(head) + room)
        behind, places_behind = text.behind(end, len(tail) + room)
        if before.endswith(head) and behind.startswith(tail):
            return None
        left = _best(head, before, room, from_end=True)
        right = _best(tail, behind, room, from_end=False)
        if left is None or right is None or not 0 < left[0] + right[0] <= room:
            return None
        size = len(before) - left[1]
        whole = before[size:] + text.words[start:end] + behind[: right[1]]
        if not self._is_slip(phrase, whole, before[:size], behind[right[1] :]):
            return None
        first = places_before[size] if left[1] else start
        last = places_behind[right[1] - 1] + 1 if right[1] else end
        return first, last

    def _is_slip(self, phrase: _Phrase, whole: str, before: str, behind: str) -> bool:
        """Whether words are a slip: right at both ends, and neither another right form nor part of one."""
        edge = self._edge
        if whole[:edge] != phrase.plain[:edge] or whole[-edge:] != phrase.plain[-edge:]:
            return False
        if whole in self._all or whole.translate(self._light) == phrase.plain.translate(self._light):
            return False
        around = before[-4:] + whole + behind[:4]
        return not any(allowed in around for allowed in phrase.allowed)


def _phrases(entry: Entry, settings: Mapping[str, Any]) -> Iterator[_Phrase]:
    allowed = tuple(_MARKS.sub("", form) for form in entry.data.get("allow", ()))
    for right in entry.data["near"]:
        plain = _MARKS.sub("", right)
        edits = max((step["edits"] for step in settings.get("edits", ()) if len(plain) >= step["least"]), default=0)
        if edits:
            yield _Phrase(entry, right, plain, allowed, edits)


def _pieces(phrase: _Phrase, least: int) -> Iterator[tuple[int, str]]:
    """A phrase in pieces without marks, so many that slips leave one whole; with their places in it."""
    runs = [run for run in _MARKS.split(phrase.right) if run]
    at = 0
    for run in runs:
        count = max(1, min(phrase.edits + 1, len(run) // least))
        cuts = [len(run) * number // count for number in range(count + 1)]
        for first, last in pairwise(cuts):
            if last - first >= least:
                yield at + first, run[first:last]
        at += len(run)


def _best(wanted: str, near: str, room: int, *, from_end: bool) -> tuple[int, int] | None:
    """The least distance of a part to what stands beside the piece, and how long that is; None beyond ``room``."""
    best: tuple[int, int] | None = None
    for length in sorted(range(max(0, len(wanted) - room), len(wanted) + room + 1), key=lambda n: abs(n - len(wanted))):
        if length > len(near):
            continue
        beside = near[len(near) - length :] if from_end else near[:length]
        distance = Levenshtein.distance(wanted, beside, score_cutoff=room)
        if distance <= room and (best is None or distance < best[0]):
            best = distance, length
    return best


class _Plain:
    """A text whose surroundings are read without marks, up to the end of the sentence part."""

    def __init__(self, words: str) -> None:
        self.words = words

    def before(self, start: int, count: int) -> tuple[str, list[int]]:
        """Up to ``count`` characters before a place, and where each stands."""
        places: list[int] = []
        at = start - 1
        while at >= 0 and len(places) < count and self.words[at] not in _STOPS:
            if self.words[at] not in _LOOSE:
                places.append(at)
            at -= 1
        places.reverse()
        return "".join(self.words[place] for place in places), places

    def behind(self, end: int, count: int) -> tuple[str, list[int]]:
        """Up to ``count`` characters behind a place, and where each stands."""
        places: list[int] = []
        at = end
        while at < len(self.words) and len(places) < count and self.words[at] not in _STOPS:
            if self.words[at] not in _LOOSE:
                places.append(at)
            at += 1
        return "".join(self.words[place] for place in places), places
