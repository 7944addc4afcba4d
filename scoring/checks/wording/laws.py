"""Names of laws: ones that have ended and are cited as if in force, and ones that are written wrongly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from rapidfuzz.distance import LCSseq, Levenshtein

from scoring.text import fold
from scoring.wording.check import Hit, TextCheck
from scoring.wording.lexicons import Lexicons, Match
from scoring.wording.past import looks_back, written_before, written_on
from scoring.wording.texts import Span, Text, inside

_REPEALED, _LAWS = "laws-repealed", "laws"
_MOST_SEEN = 4096
_BLANKS = re.compile(r"[ \u3000\xa0\u200b]+")


@lru_cache(maxsize=32)
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


class RepealedLaws(TextCheck):
    """No law of the lexicon ``laws-repealed`` is cited as in force after it ended.

    Named as the basis (根据《…》, or the name with its article) it is ``cited``; where the day of publication is not
    known, the repeal was not confirmed, or a case is decided (by the law of its time), ``unsure``; called for
    (贯彻《…》) ``mentioned``. Silent are texts of the time, sentences that look back, quotations, and names that are
    part of another name.
    """

    use: Literal["repealed_laws"]

    def hits(self, text: Text, on: date) -> Iterator[Hit]:
        for match in text.found(_REPEALED):
            ended = date.fromisoformat(match.entry.data["ended"])
            if (written_on(text) or on) < ended or written_before(text, ended):
                continue
            place = _place(text, match)
            if place is None or inside(text.quoted, match.start, match.end):
                continue
            key = _standing(text, place, match)
            if key and not looks_back(text, *place, ended):
                outcome: Literal["fail", "needs_review"] = "fail" if key == "cited" else "needs_review"
                name = text.words[match.start : match.end]
                values = {"wrong": name, "right": match.entry.data["right"], "ended": _written(ended)}
                yield Hit(outcome, key, *place, values, same=name)


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _place(text: Text, match: Match) -> Span | None:
    """The name with its marks and what belongs to it; None where it is part of something else."""
    data = text.lexicons.tables[_REPEALED]
    prefix: str = data["prefix"]
    for a, b in text.titles:
        if a < match.start and match.end < b:
            name = _bare_title(text.words[a + 1 : b - 1], prefix, data["version"])
            return (a, b) if name == _BLANKS.sub("", fold(text.words[match.start : match.end])) else None
    start = match.start - len(prefix) if text.words.endswith(prefix, 0, match.start) else match.start
    if match.entry.data.get("kind") != "number":
        tail = fold(text.words[match.end : match.end + 16])
        if _compiled(data["after"]).match(tail) is None:
            return None
    return start, match.end


def _bare_title(title: str, prefix: str, bracket: str) -> str:
    """A title without blanks, without 中华人民共和国 and without the bracket that names its version."""
    name = _BLANKS.sub("", fold(title)).removeprefix(prefix)
    return _compiled(bracket).sub("", name)


def _standing(text: Text, place: Span, match: Match) -> str:
    """The message for a name by what stands before it; empty where that says nothing."""
    data = text.lexicons.tables[_REPEALED]
    start = place[0]
    first = max(text.words.rfind("\n", 0, start) + 1, start - data["reach"])
    before = fold(text.words[first:start])
    if _compiled(data["basis"] + data["chain"]).search(before):
        certain = text.day is not None and match.entry.data.get("verified", True) and not _is_case(text)
        return "cited" if certain else "unsure"
    titled = text.words[start] == "《"
    return "mentioned" if titled and _compiled(data["mention"] + data["chain"]).search(before) else ""


def _is_case(text: Text) -> bool:
    """Whether a text decides a case: the law of the time of the facts may be right there."""
    if "is_case" not in text.memo:
        text.memo["is_case"] = _compiled(text.lexicons.tables[_REPEALED]["case"]).search(text.words) is not None
    return bool(text.memo["is_case"])


class LawNames(TextCheck):
    """Titles of laws in 《》 are written as they are named.

    A form that the lexicon ``laws`` lists as wrong is ``known``, unless the text declares it as its short form; a name
    with characters missing, too many or (in long names) another one is ``near``. Names of other laws, and texts of
    regions, bodies and other countries, are not looked at.
    """

    use: Literal["law_names"]

    def hits(self, text: Text, on: date) -> Iterator[Hit]:
        names = _names(text.lexicons)
        for a, b in text.titles:
            if (named := names.slip(text.words[a + 1 : b - 1])) is None:
                continue
            key, right = named
            if self._excused(text, a, names) or _declared(text, names, text.words[a + 1 : b - 1]):
                continue
            certain = key == "known" and not inside(text.quoted, a, b)
            values = {"wrong": _BLANKS.sub("", text.words[a:b]), "right": f"《{right}》"}
            yield Hit("fail" if certain else "needs_review", key if certain else "near", a, b, values, same=right)

    @staticmethod
    def _excused(text: Text, start: int, names: _Names) -> bool:
        return names.foreign.search(text.words[max(0, start - 8) : start]) is not None


def _declared(text: Text, names: _Names, title: str) -> bool:
    """Whether the text declares this title as its short form for a longer one."""
    if "称" not in text.words:
        return False
    return any(text.words.startswith(title, found.end()) for found in names.declared.finditer(text.words))


@dataclass(frozen=True)
class _Names:
    """Official names, and how a title is told apart from them; ``seen`` keeps what was said of titles."""

    data: Any
    official: tuple[str, ...]
    known: frozenset[str]
    wrong: dict[str, str]
    declared: re.Pattern[str]
    foreign: re.Pattern[str]
    seen: dict[str, tuple[str, str] | None] = field(default_factory=dict)

    def slip(self, title: str) -> tuple[str, str] | None:
        """What a title is a slip of: ``known`` or ``near`` and the right name; None where it is none."""
        if title not in self.seen:
            if len(self.seen) >= _MOST_SEEN:
                self.seen.clear()
            self.seen[title] = self._slip(title)
        return self.seen[title]

    def _slip(self, title: str) -> tuple[str, str] | None:
        if len(title) > 40:
            return None
        folded = _BLANKS.sub("", fold(title))
        whole = folded.startswith(self.data["prefix"])
        name = _compiled(self.data["bracket"]).sub("", folded.removeprefix(self.data["prefix"]))
        if name in self.known:
            return None
        if name in self.wrong:
            return "known", (self.data["prefix"] if whole else "") + self.wrong[name]
        if len(name) < self.data["shortest"] - 1 or _compiled(self.data["ends"]).search(name) is None:
            return None
        if _compiled(self.data["local"]).search(name):
            return None
        near = [one for one in self.official if self._near(name, one)]
        return ("near", (self.data["prefix"] if whole else "") + near[0]) if len(near) == 1 else None

    def _near(self, name: str, official: str) -> bool:
        if len(official) < self.data["shortest"] or name[0] != official[0] or name[-1] != official[-1]:
            return False
        longer = max(len(name), len(official))
        apart = abs(len(name) - len(official))
        if apart == 0:
            return len(official) >= self.data["long"] and Levenshtein.distance(name, official, score_cutoff=1) == 1
        # One is the other with something left out.
        same_end = name[-2:] == official[-2:]
        return same_end and apart <= self.data["most_left_out"] and LCSseq.similarity(name, official) == longer - apart


def _names(lexicons: Lexicons) -> _Names:
    made = lexicons.memo.get(_LAWS)
    if not isinstance(made, _Names):
        made = lexicons.memo[_LAWS] = _made(lexicons)
    return made


def _made(lexicons: Lexicons) -> _Names:
    data = lexicons.tables[_LAWS]
    entries = [entry for entry in lexicons.entries if entry.lexicon == _LAWS]
    official = tuple(name for entry in entries for name in entry.find)
    repealed = {fold(name) for entry in lexicons.entries if entry.lexicon == _REPEALED for name in entry.find}
    wrong = {form: entry.find[0] for entry in entries for form in entry.data.get("wrong", ())}
    known = frozenset({*official, *data["others"], *repealed})
    return _Names(data, official, known, wrong, re.compile(data["declared"]), re.compile(data["foreign"]))
