"""Marks that are wrong in any text: by pattern, pairs that do not close, quotation marks within quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from scoring.checks.wording.patterns import around, pattern_hits
from scoring.data import table
from scoring.wording.check import Hit, TextCheck
from scoring.wording.texts import Text


class Punctuation(TextCheck):
    """No pattern of ``marks`` (part ``wrong``) is found, pairs close, inner quotation marks are single.

    Pairs are read paragraph by paragraph (a stack for each kind). An odd mark counts only in a paragraph that ends like
    one, since lists cut titles, and only where no odd partner stands within some paragraphs before or behind: a
    quotation may go over several.
    """

    use: Literal["punctuation"]

    def hits(self, text: Text, on: date) -> Iterator[Hit]:
        yield from pattern_hits("marks", "wrong", text)
        yield from _pair_hits(text)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark as data: its kind, whether it opens, and its full-width form."""

    kind: str
    opens: bool
    wide: bool


@dataclass(frozen=True)
class _Marks:
    any: re.Pattern[str]
    of: dict[str, _Mark]
    nested: frozenset[str]  # kinds whose inner pairs use another mark
    no_mark: re.Pattern[str]  # a closing bracket behind this is a list number or a smiley
    whole: re.Pattern[str]  # how a paragraph ends
    aside: re.Pattern[str]  # content of an inner pair that is none: its marks are turned the wrong way
    code: re.Pattern[str]
    reach: int
    show: int
    longest: int
    most: int


@lru_cache(maxsize=1)
def _marks() -> _Marks:
    data = table("marks")["pairs"]
    of: dict[str, _Mark] = {}
    for item in data["kinds"]:
        for number, pair in enumerate(item["pairs"]):
            of[pair[0]] = _Mark(item["kind"], True, number == 0)
            of[pair[1]] = _Mark(item["kind"], False, number == 0)
    return _Marks(
        re.compile(f"[{''.join(map(re.escape, of))}]"),
        of,
        frozenset(item["kind"] for item in data["kinds"] if item.get("inner")),
        re.compile(data["no_mark"]),
        re.compile(data["whole"]),
        re.compile(data["aside"]),
        re.compile(data["code"]),
        data["reach"],
        data["show"],
        data["longest"],
        data["most"],
    )


@dataclass(slots=True)
class _Line:
    """What one paragraph leaves open: odd marks, pairs within pairs, pairs of two widths."""

    end: int = 0
    odd: list[int] = field(default_factory=list)
    nested: list[tuple[int, int]] = field(default_factory=list)
    mixed: list[tuple[int, int]] = field(default_factory=list)

    def faults(self) -> int:
        """How many things it leaves open."""
        return len(self.odd) + len(self.nested) + len(self.mixed)


def _pair_hits(text: Text) -> Iterator[Hit]:
    most = _marks().most
    lines = [line for line in _lines(text.words, _marks()) if 0 < line.faults() <= most]
    partners = _over_paragraphs(text.words, [(line.end, at) for line in lines for at in line.odd])
    for line in lines:
        broken = {_marks().of[text.words[at]].kind for at in line.odd}
        for first, last in line.nested:
            if _marks().of[text.words[first]].kind not in broken:
                yield _nested(text, first, last)
        for first, last in line.mixed:
            yield _told(text, "fail", "mixed", first, last + 1)
        odd = [at for at in line.odd if at not in partners]
        if odd and _is_whole(text, odd[0]):
            yield from _odd_hits(text, odd)


def _odd_hits(text: Text, odd: list[int]) -> Iterator[Hit]:
    of, told = _marks().of, -1
    for at, behind in pairwise([*odd, -1]):
        if at == told:
            continue
        mark, other = of[text.words[at]], of[text.words[behind]] if behind >= 0 else None
        if other is not None and not mark.opens and other.opens and mark.kind == other.kind:
            told = behind  # the closing one first: a pair that is turned round
            yield _told(text, "fail", "turned", at, behind + 1)
        else:
            yield _told(text, _outcome(text, at), "unpaired", at, at + 1)


def _lines(words: str, marks: _Marks) -> Iterator[_Line]:
    """Every line with pairs in it, as far as its pairs do not come out even."""
    line, line_end = _Line(), -1
    stacks: dict[str, list[int]] = {}
    of = marks.of
    for match in marks.any.finditer(words):
        at = match.start()
        if at > line_end:
            yield _closed(line, stacks)
            line_end = words.find("\n", at)
            line_end = len(words) if line_end < 0 else line_end
            line, stacks = _Line(line_end), {}
        mark = of[match[0]]
        stack = stacks.setdefault(mark.kind, [])
        if mark.opens:
            stack.append(at)
        elif stack:
            _pair(words, marks, line, stack, at)
        elif marks.no_mark.search(words, max(0, at - 4), at) is None:
            line.odd.append(at)
    yield _closed(line, stacks)


def _pair(words: str, marks: _Marks, line: _Line, stack: list[int], at: int) -> None:
    first = stack.pop()
    opening, closing = marks.of[words[first]], marks.of[words[at]]
    if opening.wide != closing.wide and at - first <= marks.longest and not marks.code.search(words, first, at):
        line.mixed.append((first, at))
    if stack and opening.kind in marks.nested:
        line.nested.append((first, at))


def _closed(line: _Line, stacks: dict[str, list[int]]) -> _Line:
    line.odd.extend(at for stack in stacks.values() for at in stack)
    line.odd.sort()
    return line


def _over_paragraphs(words: str, odd: list[tuple[int, int]]) -> set[int]:
    """Odd marks that have a partner in another paragraph: a quotation may begin in one and end in a later one."""
    marks = _marks()
    paired: set[int] = set()
    waiting: dict[str, list[tuple[int, int]]] = {}
    for line, at in odd:
        mark = marks.of[words[at]]
        before = waiting.setdefault(mark.kind, [])
        if mark.opens:
            before.append((line, at))
            if _goes_on(words, at):
                paired.add(at)
            continue
        near = [place for other, place in before if other != line and at <= place + marks.reach]
        if near:
            paired.update((*near, at))
        before.clear()
    return paired


def _goes_on(words: str, at: int) -> bool:
    """Whether a paragraph of a quotation opens, and the next one opens again."""
    end = words.find("\n", at)
    line = words[words.rfind("\n", 0, at) + 1 : at]
    return not line.strip() and end >= 0 and words[end : end + 8].lstrip()[:1] == words[at]


def _is_whole(text: Text, at: int) -> bool:
    start, end = text.line(at)
    return _marks().whole.search(text.words, start, end) is not None


def _outcome(text: Text, at: int) -> Literal["fail", "needs_review"]:
    """A lone mark with no other of its kind on its open side may belong to words that are not seen here."""
    marks = _marks()
    mark = marks.of[text.words[at]]
    start, end = text.line(at)
    if mark.opens:
        start = at + 1
    else:
        end = at
    others = (marks.of[match[0]].kind for match in marks.any.finditer(text.words, start, end))
    return "fail" if mark.kind in others else "needs_review"


def _nested(text: Text, first: int, last: int) -> Hit:
    inner = text.words[first + 1 : last]
    if _marks().aside.search(inner):
        return _told(text, "fail", "turned", first, last + 1)
    wrong = text.words[first : last + 1]
    if len(wrong) > _marks().longest:
        return _told(text, "fail", "nested_long", first, first + 1)
    return Hit("fail", "nested", first, last + 1, {"wrong": wrong, "right": f"‘{inner}’"})


def _told(text: Text, outcome: Literal["fail", "needs_review"], key: str, start: int, end: int) -> Hit:
    before, after = around(text, start, end, _marks().show)
    values = {"wrong": before + text.words[start:end] + after, "right": "", "mark": text.words[start]}
    return Hit(outcome, key, start, end, values)
