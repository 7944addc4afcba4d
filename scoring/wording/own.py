"""Lexicons of users as judging takes them: text of one form, kept with the evidence so that judging can be repeated."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from scoring.data import table
from scoring.text import fold
from scoring.wording.lexicons import Entry, Lexicons, shipped

NAME = "own"  # the lexicon that its entries belong to


@dataclass(frozen=True, slots=True)
class OwnLexicon:
    """What a user's file says: entries of the lexicon ``own``, and words or sentences that are never to be reported."""

    entries: tuple[Entry, ...] = ()
    exceptions: tuple[str, ...] = ()

    def kept(self) -> str:
        """As text (JSON); "" where it says nothing."""
        if not self.entries and not self.exceptions:
            return ""
        entries = [{"find": list(entry.find), **entry.data} for entry in self.entries]
        return json.dumps({"entries": entries, "exceptions": list(self.exceptions)}, ensure_ascii=False)

    @classmethod
    def of(cls, kept: str) -> OwnLexicon:
        """Inverse of ``kept``. ValueError for any other text."""
        if not kept:
            return cls()
        try:
            content = json.loads(kept)
            entries = tuple(_entry(dict(item)) for item in content["entries"])
            return cls(entries, tuple(map(str, content["exceptions"])))
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError(f"no lexicon: {error}") from error

    def joined(self, others: Iterable[OwnLexicon]) -> OwnLexicon:
        """This one and others; of two entries for one wrong form the first stands."""
        every = (self, *others)
        entries: dict[tuple[str, ...], Entry] = {}
        for entry in (entry for one in every for entry in one.entries):
            entries.setdefault(tuple(map(fold, entry.find)), entry)
        return OwnLexicon(
            tuple(entries.values()), tuple(dict.fromkeys(word for one in every for word in one.exceptions))
        )


def _entry(item: dict[str, object]) -> Entry:
    find = item.pop("find")
    if not isinstance(find, list) or not find:
        raise TypeError("find")
    unless = item.get("unless", ())
    known = {**item, "unless": tuple(map(str, unless))} if isinstance(unless, list) else item
    return Entry(NAME, tuple(map(str, find)), known)


@lru_cache(maxsize=4)
def lexicons_with(kept: str) -> Lexicons:
    """The shipped lexicons with a user's own, given as ``OwnLexicon.kept``. ValueError where that is none."""
    own = OwnLexicon.of(kept)
    return shipped().with_own(own.entries, own.exceptions) if kept else shipped()


def shields(unless: Sequence[str], words: str, start: int, end: int) -> bool:
    """Whether a wrong form at ``start`` stands in a context in which it is not to be looked for.

    A context that holds the form must stand over it, any other one near it.
    """
    if not unless:
        return False
    reach: int = table("own-lexicon")["around"]
    wrong = fold(words[start:end])
    for context in unless:
        room = len(context) if wrong in context else reach
        first = max(0, start - room)
        near = fold(words[first : end + room])
        at = near.find(context)
        while at >= 0:
            if wrong not in context or (first + at <= start and end <= first + at + len(context)):
                return True
            at = near.find(context, at + 1)
    return False
