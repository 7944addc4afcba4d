"""Lists whose members have an order: told where they stand in another one, or with one that is written otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind
from rapidfuzz.distance import Levenshtein

from scoring.wording.lexicons import Entry

_MARKS = re.compile('[ \u3000\xa0“”‘’"]+')
_ITEM = r"[^\n。；;：:、，,（）()《》！？]{1,24}"
Span = tuple[int, int]
_RUN = re.compile(rf"{_ITEM}(?:[、，,]{_ITEM})+")
_REACH = 300  # characters on either side of a member in which its list is read
_BEHIND = 40  # characters behind a list in which a member that it lacks may follow (和…, 深入贯彻…)
_SEPARATORS = frozenset("、，,")
_JOINED = ("和", "与", "以及", "及")


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A list that is not as it should be: ``kind`` is ``order``, ``member`` or ``missing``."""

    kind: str
    entry: Entry
    start: int
    end: int


class Members:
    """The lists (``members``) of entries, ready to be looked for; ``settings`` are the lexicon's own keys."""

    def __init__(self, entries: Sequence[Entry], settings: Mapping[str, Any]) -> None:
        self._like: int = settings.get("like", 3)
        self._lists = [(entry, tuple(_MARKS.sub("", one) for one in entry.data["members"])) for entry in entries]
        # At most one member may be wrong or missing: of any two, one stands there.
        owners: dict[str, list[int]] = {}
        for number, (_, members) in enumerate(self._lists):
            for member in members[:2]:
                owners.setdefault(member, []).append(number)
        self._owners = list(owners.values())
        self._search = AhoCorasick(list(owners), matchkind=MatchKind.Standard) if owners else None

    def misplaced(self, words: str) -> Iterator[Misplaced]:
        """Every list of a text that is out of order or has a member wrong."""
        if self._search is None:
            return
        done = [0] * len(self._lists)
        for index, start, end in self._search.find_matches_as_indexes(words, overlapping=True):
            # A member of a list has a neighbour; most words that are members of one stand alone.
            if not (_SEPARATORS.intersection(words[max(0, start - 2) : start] + words[end : end + 2])):
                continue
            for number in self._owners[index]:
                if start < done[number]:
                    continue
                entry, members = self._lists[number]
                run = _run(words, start)
                if run:
                    done[number] = run[-1][1]
                if len(run) >= len(members) - 1 and (found := self._told(entry, members, words, run)) is not None:
                    yield found

    def _told(self, entry: Entry, members: Sequence[str], words: str, run: Sequence[Span]) -> Misplaced | None:
        """What a run of items says of a list; nothing where the list stands in it as it should."""
        items = [_MARKS.sub("", words[a:b]) for a, b in run]
        worst: Misplaced | None = None
        for first in range(len(items) - len(members) + 1):
            last = first + len(members)
            named = _named(items[first:last], members)
            if named == list(members):
                return None
            if sorted(map(str, named)) == sorted(members):
                worst = worst or Misplaced("order", entry, run[first][0], run[last - 1][1])
            elif (slot := self._wrong_slot(named, items[first:last], members)) is not None:
                worst = worst or Misplaced("member", entry, *run[first + slot])
        if worst is None and entry.data.get("missing") and len(run) == len(members) - 1:
            named = _named(items, members)
            behind = words[run[-1][0] : run[-1][1] + _BEHIND]
            if named == [one for one in members if one in named] and not any(
                one in behind for one in members if one not in named
            ):
                return Misplaced("missing", entry, run[0][0], run[-1][1])
        return worst

    def _wrong_slot(self, named: Sequence[str | None], items: Sequence[str], members: Sequence[str]) -> int | None:
        """Which one item of a list in order is like its member and is none."""
        wrong = [number for number, member in enumerate(members) if named[number] != member]
        if len(members) < _FEW or len(wrong) != 1 or named[wrong[0]] is not None:
            return None
        member, item = members[wrong[0]], items[wrong[0]]
        if wrong[0] == len(members) - 1:
            item = item[: len(member)]  # what follows the list hangs on its last item
        elif not wrong[0]:
            item = item[-len(member) :]
        return wrong[0] if 0 < Levenshtein.distance(item, member) <= max(1, len(member) // self._like) else None


_FEW = 4  # members from which one that is written otherwise is looked for: short lists have neighbours


def _run(words: str, at: int) -> list[Span]:
    """The items of the list around a place, by 、 or ，."""
    low, high = max(0, at - _REACH), at + _REACH
    low = max(low, *(words.rfind(stop, low, at) + 1 for stop in "\n。；：！？"))
    for found in _RUN.finditer(words, low, high):
        if found.start() > at:
            break
        if at < found.end():
            marks = [mark.start() + found.start() for mark in re.finditer("[、，,]", found[0])]
            starts, ends = [found.start(), *(mark + 1 for mark in marks)], [*marks, found.end()]
            return list(zip(starts, ends, strict=True))
    return []


def _named(items: Sequence[str], members: Sequence[str]) -> list[str | None]:
    """The members that items are; what stands before the first and behind the last one does not count."""
    found: list[str | None] = []
    for number, item in enumerate(items):
        forms = [item] + [item.removeprefix(joint) for joint in _JOINED if item.startswith(joint)]
        fitting = [member for member in members if member in forms]
        if not fitting and not number:
            fitting = [member for member in members if item.endswith(member)]
        if not fitting and number == len(items) - 1:
            fitting = [member for member in members if any(form.startswith(member) for form in forms)]
        found.append(fitting[0] if fitting else None)
    return found
