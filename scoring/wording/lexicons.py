"""Lexicons: lists of words as data, searched together in one pass (Aho-Corasick, leftmost-longest).

A file of ``rules/lexicon`` opens with its ``source`` and has ``entries``. An entry names what is looked for with
``find`` (one literal or several, as people write it) and may carry ``guard``, a pattern that must match around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind

from scoring.data import RULES
from scoring.text import fold
from scoring.yaml_source import load_yaml

_GUARD_REACH = 24  # characters on either side that a guard may look at
_HAN = "\u3400-\u9fff"
# Blanks between two Chinese characters are no part of a word.
_BLANK = re.compile(rf"(?<=[{_HAN}])[ \u3000\xa0\u200b]+(?=[{_HAN}])")
_PAIRS = ("pairs", "terms", "own")  # lexicons of wrong and right forms
_BLANKS = re.compile(r"[ \u3000\xa0\u200b]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a lexicon: the literals that are looked for, the guard, and everything else that it says."""

    lexicon: str
    find: tuple[str, ...]
    data: Mapping[str, Any]
    guard: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """An entry where it stands in a text: characters ``start`` to ``end``. ``spaced``: with blanks in between."""

    entry: Entry
    start: int
    end: int
    spaced: bool = False


@dataclass(frozen=True)
class Lexicons:
    """All lexicons in use, by name, and the matcher of all their literals together."""

    entries: tuple[Entry, ...]
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    exceptions: tuple[str, ...] = ()  # words and sentences that are never to be reported
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # what checks make of them

    def __post_init__(self) -> None:
        owners: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for word in entry.find:
                owners.setdefault(fold(word), []).append(entry)
        words = list(owners)
        matcher = AhoCorasick(words, matchkind=MatchKind.LeftmostLongest) if words else None
        object.__setattr__(self, "_matcher", matcher)
        object.__setattr__(self, "_owners", [owners[word] for word in words])

    def with_own(self, entries: Iterable[Entry], exceptions: Iterable[str] = ()) -> Lexicons:
        """These lexicons with a user's own: a pair that it has too is the user's."""
        own = tuple(entries)
        theirs = {fold(word) for entry in own for word in entry.find}
        kept = [e for e in self.entries if e.lexicon not in _PAIRS or theirs.isdisjoint(map(fold, e.find))]
        return Lexicons((*kept, *own), self.tables, (*self.exceptions, *exceptions))

    @property
    def names(self) -> frozenset[str]:
        """The lexicons that have entries."""
        return frozenset(entry.lexicon for entry in self.entries)

    def search(self, words: str) -> dict[str, tuple[Match, ...]]:
        """Every entry that stands in a text, by lexicon, in order; the longest at each place."""
        matcher: AhoCorasick | None = self._matcher  # type: ignore[attr-defined]
        owners: list[list[Entry]] = self._owners  # type: ignore[attr-defined]
        if matcher is None:
            return {}
        folded = fold(words)
        plain, places = _without_blanks(folded)
        found: dict[str, list[Match]] = {}
        for index, start, end in matcher.find_matches_as_indexes(plain):
            first, last = (start, end) if places is None else (places[start], places[end - 1] + 1)
            for entry in owners[index]:
                if entry.guard is None or _guarded(entry.guard, plain, start, end):
                    match = Match(entry, first, last, last - first != end - start)
                    found.setdefault(entry.lexicon, []).append(match)
        return {name: tuple(matches) for name, matches in found.items()}


def _without_blanks(folded: str) -> tuple[str, list[int] | None]:
    """A text without the blanks between Chinese characters, and where each character stood; None: where it stands."""
    if _BLANKS.search(folded) is None or _BLANK.search(folded) is None:
        return folded, None
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for match in _BLANK.finditer(folded):
        parts.append(folded[at : match.start()])
        places.extend(range(at, match.start()))
        at = match.end()
    parts.append(folded[at:])
    places.extend(range(at, len(folded)))
    return "".join(parts), places


def _guarded(guard: re.Pattern[str], plain: str, start: int, end: int) -> bool:
    near = guard.finditer(plain, max(0, start - _GUARD_REACH), end + _GUARD_REACH)
    return any(match.start() <= start and end <= match.end() for match in near)


def read_lexicon(name: str, data: Mapping[str, Any]) -> Iterable[Entry]:
    """The entries of a lexicon file's content."""
    for item in data["entries"]:
        words = item["find"]
        guard = re.compile(item["guard"]) if item.get("guard") else None
        yield Entry(name, (words,) if isinstance(words, str) else tuple(words), item, guard)


@lru_cache(maxsize=4)
def shipped(folder: Path = RULES) -> Lexicons:
    """The lexicons of ``rules/lexicon``."""
    entries: list[Entry] = []
    tables: dict[str, Mapping[str, Any]] = {}
    for path in sorted((folder / "lexicon").glob("*.yaml")):
        data = load_yaml(path).value
        if not isinstance(data, dict) or not data.get("source"):
            raise ValueError(f"rules/lexicon/{path.name}: no source")
        tables[path.stem] = data
        entries.extend(read_lexicon(path.stem, data))
    return Lexicons(tuple(entries), tables)
