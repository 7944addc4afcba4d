"""Blanks inside a Chinese word or a number of running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from scoring.checks.wording.patterns import is_running
from scoring.data import table
from scoring.wording.check import Hit, TextCheck
from scoring.wording.texts import Text, inside

_BLANK = " \u3000\xa0"
_BLANKS = re.compile(f"[{_BLANK}]+")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_HALF = 3  # characters of a word on one side of a blank, at most
_SHOWN = 3  # characters told on either side
_Outcome = Literal["fail", "needs_review"]


class StraySpaces(TextCheck):
    """No blank stands inside a word or a year of running text.

    Certain is a blank alone inside a word of ``marks-spaces`` neither half of which can belong to another one. Where
    the characters around stand together elsewhere in the text, it is for a person. Lines with many blanks are lists.
    """

    use: Literal["stray_spaces"]

    def hits(self, text: Text, on: date) -> Iterator[Hit]:
        for start, end in _alone(text.words):
            outcome = _judged(text, start, end)
            if outcome is not None:
                yield _told(text, outcome, start, end)
        for match in _data().year.finditer(text.words):
            start = match.end() - _data().year_length
            wrong = text.words[start : match.end()]
            yield Hit(_least(text, "fail"), "number", start, match.end(), _values(wrong), wrong)


@dataclass(frozen=True, slots=True)
class _Data:
    words: frozenset[str]
    guards: frozenset[str]  # the same words and others
    numbered: re.Pattern[str]
    fixed: re.Pattern[str]
    year: re.Pattern[str]
    least: int
    most: int
    widest: int
    alone: int
    joined: int
    year_length: int


@lru_cache(maxsize=1)
def _data() -> _Data:
    data = table("marks-spaces")
    words = frozenset(data["words"])
    numbered, fixed, year = (re.compile(data[name]) for name in ("numbered", "fixed", "year"))
    sizes = (int(data[name]) for name in ("least", "most", "widest", "alone", "joined", "year_length"))
    return _Data(words, words | frozenset(data["others"]), numbered, fixed, year, *sizes)


def _alone(words: str) -> Iterator[tuple[int, int]]:
    """Blanks between Chinese characters that stand alone, in lines of running text that have few of them."""
    line: list[tuple[int, int]] = []
    line_end = -1
    for match in _BLANKS.finditer(words):
        start, end = match.span()
        if start > line_end:
            yield from _few(words, line)
            line, line_end = [], words.find("\n", start)
            line_end = len(words) if line_end < 0 else line_end
        if _CHINESE.match(words, start - 1, start) and _CHINESE.match(words, end):
            line.append((start, end))
    yield from _few(words, line)


def _few(words: str, gaps: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    data = _data()
    if not gaps or len(gaps) > data.most:
        return
    first, last = words.rfind("\n", 0, gaps[0][0]) + 1, words.find("\n", gaps[-1][1])
    last = len(words) if last < 0 else last
    if not is_running(words, first, last) or len(_CHINESE.findall(words, first, last)) < data.least:
        return
    for start, end in gaps:
        before, behind = words[max(first, start - data.alone) : start], words[end : min(last, end + data.alone)]
        if end - start <= data.widest and not _BLANKS.search(before) and not _BLANKS.search(behind):
            yield start, end


def _judged(text: Text, start: int, end: int) -> _Outcome | None:
    data, words = _data(), text.words
    first, last = text.line(start)
    before, behind = words[max(first, start - 8) : start], words[end : min(last, end + 8)]
    if any(match.start("blank") == start for match in data.fixed.finditer(words, max(first, start - 4), end + 4)):
        return _least(text, "fail")
    if data.numbered.search(before):
        return None
    halves = range(1, _HALF + 1)
    torn = any(before[-i:] + behind[:j] in data.words for i in halves for j in halves if i <= len(before))
    whole = any(before[-i:] in data.guards or behind[:i] in data.guards for i in range(2, _HALF + 2))
    if torn and not whole:
        return _least(text, "fail")
    around = before[-2:] + behind[:2]
    if len(around) == 4 and all(map(_CHINESE.match, around)) and words.count(around) >= data.joined:
        return None if inside(text.titles, start, end) or inside(text.quoted, start, end) else "needs_review"
    return None


def _least(text: Text, outcome: _Outcome) -> _Outcome:
    """Blanks of a text that was read from glyphs may be those of the reading."""
    return "needs_review" if text.drawn else outcome


def _told(text: Text, outcome: _Outcome, start: int, end: int) -> Hit:
    first, last = text.line(start)
    wrong = text.words[max(first, start - _SHOWN) : min(last, end + _SHOWN)]
    return Hit(outcome, "blank", start - 1, end + 1, _values(wrong), wrong)


def _values(wrong: str) -> dict[str, str]:
    return {"wrong": wrong, "right": _BLANKS.sub("", wrong)}
