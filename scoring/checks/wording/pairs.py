"""Wrong forms of words, listed with what is right: certain ones, and ones that a person has to weigh."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field

from scoring.data import table
from scoring.text import fold
from scoring.wording.check import Hit, TextCheck
from scoring.wording.lexicons import Match
from scoring.wording.model.clauses import shipped_reader
from scoring.wording.own import shields
from scoring.wording.past import sentence
from scoring.wording.texts import Text, inside

Level = Literal["A", "B", "C", "P"]
_KEYS: Mapping[str, str] = {"B": "suspected", "C": "advice", "P": "political"}
_NAME = 3  # characters of a run that may be a personal name, the wrong form at its end
_BLANKS = re.compile(r"[ \u3000\xa0\u200b]+")


class WordPairs(TextCheck):
    """No wrong form of the ``lexicons`` of these ``levels`` stands in the text.

    Level A is a failure (``wrong``; ``own`` where a user's lexicon says so), or ``unsure`` where its source was not
    confirmed; in “…” or 《…》, across blanks, in talk about slips and where it may be a name it is ``quoted``. The
    other levels are ``suspected`` (B), ``advice`` (C) and ``political`` (P), and in “…” or 《…》 nothing.
    With ``model`` the statistical model of official writing is asked too: what it finds is ``modelled``.
    """

    use: Literal["word_pairs"]
    levels: tuple[Level, ...] = Field(min_length=1)
    lexicons: tuple[str, ...] = Field(min_length=1)
    model: bool = False

    @property
    def together(self) -> bool:
        return self.model

    def prepare(self, texts: Sequence[Text]) -> None:
        shipped_reader().learn(text.words for text in texts)

    def hits(self, text: Text, on: date) -> Iterator[Hit]:
        for name in self.lexicons:
            for match in text.found(name):
                level = match.entry.data["level"]
                if level in self.levels and not inside(text.addresses, match.start, match.end):
                    yield from self._hit(text, match, level)
        if self.model:
            yield from self._modelled(text)

    def _modelled(self, text: Text) -> Iterator[Hit]:
        """What the model suspects in running text and no list speaks of; names stand in cells and titles."""
        ends = tuple(table("reading")["place_ends"])  # a name of a place is no slip of another's
        listed = [(match.start, match.end) for name in text.lexicons.names for match in text.found(name)]
        for one in shipped_reader().suspicions(text.words):
            apart = (*text.titles, *text.quoted, *text.addresses, *listed)
            named = one.right.endswith(ends) and one.wrong[-1:] == one.right[-1:]
            if not named and not inside(apart, one.start, one.end) and text.piece(one.start).kind != "cell":
                values = {"wrong": one.wrong, "right": one.right, "note": ""}
                yield Hit("needs_review", "modelled", one.start, one.end, values, same=f"{one.wrong}→{one.right}")

    def _hit(self, text: Text, match: Match, level: str) -> Iterator[Hit]:
        data, lexicon = match.entry.data, match.entry.lexicon
        if shields(data.get("unless", ()), text.words, match.start, match.end):
            return
        wrong, right = _forms(text, match)
        cited = inside(text.titles, match.start, match.end) or inside(text.quoted, match.start, match.end)
        outcome: Literal["fail", "needs_review"] = "needs_review"
        if level == "A":
            is_name = data.get("name") and _is_name(text, match)
            doubtful = cited or match.spaced or is_name or _about(text, match, right)
            key = "quoted" if doubtful else "unsure" if data.get("verified") is False else "wrong"
            if key == "wrong":
                outcome, key = "fail", "own" if lexicon == "own" else "wrong"
        elif cited:
            return
        else:
            key = "redundant" if data.get("redundant") else _KEYS[level]
        values = {"wrong": wrong, "right": right, "note": data.get("note", "")}
        yield Hit(outcome, key, match.start, match.end, values, same=f"{wrong}→{right}")


def _forms(text: Text, match: Match) -> tuple[str, str]:
    """The wrong form as it stands, without blanks, and the right one."""
    wrong = _BLANKS.sub("", text.words[match.start : match.end])
    right: Any = match.entry.data["right"]
    if isinstance(right, str):
        return wrong, right
    return wrong, right[[fold(form) for form in match.entry.find].index(fold(wrong))]


@lru_cache(maxsize=4)
def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source)


def _about(text: Text, match: Match, right: str) -> bool:
    """Whether the text speaks about slips here: in the sentence, a little before, in labels, or with the right form."""
    tables = text.lexicons.tables["pairs"]
    if _pattern(tables["about"]).search(sentence(text, match.start, match.end)):
        return True
    topic, near = _pattern(tables["topic"]), tables["near"]
    if topic.search(text.words, max(0, match.start - tables["reach"]), match.start):
        return True
    if right in text.words[match.end : match.end + near + len(right)]:
        return True
    if right in text.words[max(0, match.start - near - len(right)) : match.start]:
        return True
    cell = text.piece(match.start).cell
    return cell is not None and any(map(topic.search, (*cell.row_labels, *cell.column_labels)))


def _is_name(text: Text, match: Match) -> bool:
    """Whether a wrong form may be a given name: at the end of a short run, or before a title."""
    if _pattern(text.lexicons.tables["pairs"]["appellations"]).match(text.words, match.end):
        return True
    start = match.start
    while start > 0 and "\u4e00" <= text.words[start - 1] <= "\u9fff":
        start -= 1
    ends = match.end >= len(text.words) or not "\u4e00" <= text.words[match.end] <= "\u9fff"
    return ends and match.end - match.start < match.end - start <= _NAME
