"""Whether words speak of the past: names of the time are right in a text of that time, or where it looks back."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from scoring.data import table
from scoring.text import find_date, fold
from scoring.wording.texts import Text

_REACH = 16  # characters before a name in which 原 and its like stand
_STOPS = "。；;\n！!？?"
_LONGEST = 300  # characters of a sentence or line on either side of a name; longer ones are read in part


@lru_cache(maxsize=8)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(table("past")[name])


def sentence(text: Text, start: int, end: int) -> str:
    """The sentence around words, folded."""
    low, high = max(0, start - _LONGEST), min(len(text.words), end + _LONGEST)
    first = max(low, *(text.words.rfind(stop, low, start) + 1 for stop in _STOPS))
    last = min(high, *(at for stop in _STOPS if (at := text.words.find(stop, end, high)) >= 0), high)
    return fold(text.words[first:last])


def written_on(text: Text) -> date | None:
    """The day of a text: of publication, or the one at its head or in its last line; None where it tells none."""
    if text.day is not None:
        return text.day
    if "written" not in text.memo:
        words = text.words.rstrip()
        last = words[max(words.rfind("\n") + 1, len(words) - table("past")["last"]) :]
        text.memo["written"] = find_date(words[: table("past")["head"]]) or find_date(last)
    made = text.memo["written"]
    return made if isinstance(made, date) else None


def written_before(text: Text, day: date) -> bool:
    """Whether the text is of the time before a day.

    It says so by its date, by the number or date of making at its head, or, undated, by the years that it names.
    """
    if text.day is not None and text.day < day:
        return True
    own, last = _years(text)
    return bool(own and own < day.year) or (text.day is None and bool(last and last < day.year))


def _years(text: Text) -> tuple[int, int]:
    """The year in the number or date of making at the head of a text, and the last year named in it; 0 where none."""
    made = text.memo.get("years")
    if not isinstance(made, tuple):
        head = fold(text.words[: table("past")["head"]])
        own = [int(found[1]) for name in ("made", "number") if (found := _first_own(name, head))]
        named = [int(year) for year in _pattern("year").findall(text.words)]
        made = (min(own, default=0), max(named, default=0))
        text.memo["years"] = made
    return made


def _first_own(name: str, head: str) -> re.Match[str] | None:
    """A document's own number or date: one in brackets behind a title is that of another document."""
    for found in _pattern(name).finditer(head):
        line = head[head.rfind("\n", 0, found.start()) + 1 : found.start()]
        if "》" not in line:
            return found
    return None


def looks_back(text: Text, start: int, end: int, day: date) -> bool:
    """Whether the sentence around a name speaks of the time before a day.

    原 and the like stand before the name, words of change in its sentence, or the last year named before it in its
    line (or in its sentence) is earlier. Years in brackets belong to titles and numbers.
    """
    before = fold(text.words[max(0, start - _REACH) : start]).split("\n")[-1]
    if _pattern("before").search(before):
        return True
    whole = sentence(text, start, end)
    if _pattern("within").search(whole):
        return True
    low = max(0, start - _LONGEST)
    line = fold(text.words[max(low, text.words.rfind("\n", low, start) + 1) : start])
    named = [int(year) for year in _pattern("year").findall(_BRACKETS.sub("", line))]
    named = named[-1:] or [int(year) for year in _pattern("year").findall(_BRACKETS.sub("", whole))]
    return bool(named and named[-1] < day.year)


_BRACKETS = re.compile(r"\([^()\n]*\)|\[[^\[\]\n]*\]|《[^《》\n]*》")
