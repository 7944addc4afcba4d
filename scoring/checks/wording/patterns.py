"""Slips that a pattern can tell: each is data, with what it needs, its right form and where it is silent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from scoring.data import table
from scoring.wording.check import Hit, TextCheck
from scoring.wording.texts import Text, inside


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern of a table.

    ``needs`` are literals of which one must stand in the text before the pattern is tried at all. ``skip`` names spans
    of a text (titles, quoted, addresses) in which it is silent, ``running`` that it only reads lines of running text.
    ``unless_line`` and ``unless_text`` are patterns whose match in the line or text makes it silent. ``right`` is a
    template of ``re.Match.expand``; ``show`` is how many characters on either side are told with the words. ``review``
    leaves all to a person, ``review_drawn`` what stands in a text that was read from glyphs, ``most`` the hits of a
    text that has more of them.
    """

    key: str
    pattern: re.Pattern[str]
    needs: tuple[str, ...]
    right: str
    review: bool
    review_drawn: bool
    skip: tuple[str, ...]
    running: bool
    unless_line: re.Pattern[str] | None
    unless_text: re.Pattern[str] | None
    show: int
    most: int


class TextPatterns(TextCheck):
    """Nothing matches the patterns of a part of a table. ``each``: different words are different findings."""

    use: Literal["text_patterns"]
    table: str
    part: str
    each: bool = False

    def hits(self, text: Text, on: date) -> Iterator[Hit]:
        return pattern_hits(self.table, self.part, text, each=self.each)


def pattern_hits(name: str, part: str, text: Text, *, each: bool = False) -> Iterator[Hit]:
    """What the patterns of a part of a table find in a text."""
    for pattern in _patterns(name, part):
        if pattern.needs and not any(word in text.words for word in pattern.needs):
            continue
        found = list(_standing(pattern, text))
        if not found or (pattern.unless_text is not None and pattern.unless_text.search(text.words)):
            continue
        many = 0 < pattern.most < len(found)
        for match in found:
            yield _hit(pattern, text, match, review=many, each=each)


def _standing(pattern: Pattern, text: Text) -> Iterator[re.Match[str]]:
    """The matches that nothing silences. Many may stand in one line, which is looked at once."""
    by_line = pattern.running or pattern.unless_line is not None
    line_end, speaks = -1, True
    for match in pattern.pattern.finditer(text.words):
        if by_line and match.end() > line_end:
            start, line_end = text.line(match.end() - 1)
            speaks = not pattern.running or is_running(text.words, start, line_end)
            if speaks and pattern.unless_line is not None:
                speaks = pattern.unless_line.search(text.words, start, line_end) is None
        if speaks and not any(inside(getattr(text, name), *match.span()) for name in pattern.skip):
            yield match


def is_running(words: str, start: int, end: int) -> bool:
    """Whether a line is running text: long enough, and with a mark that ends a sentence."""
    least, marks = _running()
    return end - start >= least and marks.search(words, start, end) is not None


def _hit(pattern: Pattern, text: Text, match: re.Match[str], *, review: bool, each: bool) -> Hit:
    start, end = match.span("hit" if "hit" in match.re.groupindex else 0)
    wrong = text.words[start:end]
    before, after = around(text, start, end, pattern.show)
    right = before + match.expand(pattern.right) + after if pattern.right else ""
    doubtful = review or pattern.review or (pattern.review_drawn and text.drawn)
    outcome: Literal["fail", "needs_review"] = "needs_review" if doubtful else "fail"
    values = {"wrong": before + wrong + after, "right": right}
    return Hit(outcome, pattern.key, start, end, values, wrong if each else "")


def around(text: Text, start: int, end: int, most: int) -> tuple[str, str]:
    """Up to ``most`` characters of the line on either side of words, without cutting a number."""
    words = text.words
    first, last = text.line(start)
    left, right = max(first, start - most), min(max(last, end), end + most)
    while first < left < start and words[left - 1].isdecimal() and words[left].isdecimal():
        left -= 1
    while end < right < last and words[right - 1].isdecimal() and words[right].isdecimal():
        right += 1
    return words[left:start], words[end:right]


@lru_cache(maxsize=1)
def _running() -> tuple[int, re.Pattern[str]]:
    data = table("marks")["running"]
    return data["least"], re.compile(data["marks"])


@lru_cache(maxsize=16)
def _patterns(name: str, part: str) -> tuple[Pattern, ...]:
    return tuple(_pattern(item) for item in table(name)[part])


def _pattern(item: dict[str, Any]) -> Pattern:
    return Pattern(
        item["key"],
        re.compile(item["pattern"], re.M),
        tuple(item.get("needs", ())),
        item.get("right", ""),
        item.get("review", False),
        item.get("review_drawn", False),
        tuple(item.get("skip", ())),
        item.get("running", False),
        _compiled(item.get("unless_line")),
        _compiled(item.get("unless_text")),
        item.get("show", 0),
        item.get("most", 0),
    )


def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    return re.compile(pattern) if pattern else None
