"""Words to lines of text, and lines to one text: spaces where the page shows them, none between Chinese characters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from crawler.evidence import Box
from crawler.readers.paged.model import Word, letter_height, lowest, settings, union
from crawler.readers.spaces import clean, collapse

_WIDE = re.compile("[\u2e80-\u9fff\ua000-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u2014\u2018-\u201d\u2026]")
_UNIT = re.compile(r"[A-Za-z0-9.,%+\-]+")


@dataclass(slots=True)
class Line:
    """Words that stand side by side, left to right. ``page`` counts from 1."""

    words: list[Word]
    box: Box
    em: float
    page: int = 0

    @property
    def text(self) -> str:
        return join_words(self.words)

    @property
    def confidence(self) -> float | None:
        return lowest(word.confidence for word in self.words)


def is_wide(char: str) -> bool:
    """Whether ``char`` is as wide as it is high (Chinese characters and their punctuation)."""
    return _WIDE.match(char) is not None


def line_of(words: Sequence[Word], page: int = 0) -> Line:
    """One line of ``words``, put in order from left to right."""
    ordered = sorted(words, key=lambda w: (w.box[0], w.box[1]))
    return Line(ordered, union(w.box for w in ordered), letter_height(ordered), page)


def lines_of(words: Sequence[Word], page: int = 0) -> list[Line]:
    """Lines of ``words`` from top to bottom; a word joins the line whose middle is close to its own."""
    near = settings("text")["same_line"]
    groups: list[list[Word]] = []
    middle, em = 0.0, 0.0
    for word in sorted(words, key=lambda w: (w.box[1] + w.box[3], w.box[0])):
        own = (word.box[1] + word.box[3]) / 2
        if groups and own - middle < near * max(min(em, word.em), 0.5 * max(em, word.em)):
            groups[-1].append(word)
            middle += (own - middle) / len(groups[-1])
            em = max(em, word.em)
        else:
            groups.append([word])
            middle, em = own, word.em
    return [line_of(group, page) for group in groups]


def segments(line: Line) -> list[Line]:
    """The pieces of a line that wide gaps part."""
    gap = settings("text")["segment"] * line.em
    pieces: list[list[Word]] = [[line.words[0]]]
    reach = line.words[0].box[2]
    for word in line.words[1:]:
        if word.box[0] - reach > gap:
            pieces.append([])
        pieces[-1].append(word)
        reach = max(reach, word.box[2])
    return [line_of(piece, line.page) for piece in pieces]


def join_words(words: Sequence[Word]) -> str:
    """Text of words on one line: a space where the gap is one for the characters on both sides."""
    parts: list[str] = []
    last: Word | None = None
    for word in words:
        if last is not None and _spaced(last, word):
            parts.append(" ")
        parts.append(word.text)
        last = word
    return collapse(clean("".join(parts)))


def _spaced(left: Word, right: Word) -> bool:
    if not left.text or not right.text:
        return False
    wide = is_wide(left.text[-1]) + is_wide(right.text[0])
    kind = ("letter_space", "mixed_space", "wide_space")[wide]
    return bool(right.box[0] - left.box[2] > settings("text")[kind] * max(left.em, right.em))


def glue(upper: str, lower: str) -> str:
    """Two lines of one paragraph: joined without a space between Chinese characters, digits of one number too."""
    if not upper or not lower:
        return upper + lower
    first, second = upper[-1], lower[0]
    apart = first.isascii() and second.isascii() and not (first.isdigit() and second.isdigit()) and first not in "-/"
    return f"{upper} {lower}" if apart else upper + lower


def first_unit(line: Line) -> float:
    """Width of what could not have been parted from the start of ``line``: a character, a number or a word."""
    text = line.text
    match = _UNIT.match(text)
    if match is None:
        return line.em
    return (line.box[2] - line.box[0]) * len(match[0]) / max(sum(2 if is_wide(c) else 1 for c in text), 1)


def cell_text(words: Sequence[Word], width: float) -> str:
    """Text of a cell ``width`` wide: ``\\n`` where a line ends before the border, none where it had to be broken."""
    upright = [word for word in words if not word.vertical]
    standing = sorted((word for word in words if word.vertical), key=lambda w: (-w.box[0], w.box[1]))
    lines = lines_of(upright)
    parts = ["".join(word.text for word in standing)] if standing else []
    stack = _stack(lines)
    if stack:
        return "\n".join([*parts, stack])
    text = ""
    padding = settings("cells")["padding"]
    for number, line in enumerate(lines):
        if not number:
            text = line.text
            continue
        above = lines[number - 1]
        room = width - (above.box[2] - above.box[0])
        full = room < first_unit(line) + padding * max(above.em, line.em)
        text = glue(text, line.text) if full else f"{text}\n{line.text}"
    return "\n".join(part for part in (text, *parts) if part)


def fills(words: Sequence[Word], width: float) -> bool:
    """Whether the last line of a cell ``width`` wide leaves no room for another character."""
    lines = lines_of([word for word in words if not word.vertical])
    if not lines:
        return False
    last = lines[-1]
    return bool(width - (last.box[2] - last.box[0]) < (1 + settings("cells")["padding"]) * last.em)


def _stack(lines: Sequence[Line]) -> str:
    """A label set one character below the other, in one column or in several from right to left; "" if it is none."""
    limits = settings("cells")
    texts = [word.text for line in lines for word in line.words]
    if len(lines) < limits["stack_lines"] or any(len(text) > limits["stack"] for text in texts):
        return ""
    if sum(len(text) == 1 for text in texts) * 3 < len(texts) * 2 or not all(map(_has_wide, texts)):
        return ""
    beside = [b.box[0] - a.box[2] for line in lines for a, b in pairwise(line.words)]
    below = [b.box[1] - a.box[3] for a, b in pairwise(lines)]
    if beside and min(beside) <= max(below):
        return ""
    columns: list[list[Word]] = []
    for word in sorted((w for line in lines for w in line.words), key=lambda w: -(w.box[0] + w.box[2])):
        # A mark such as 、 stands in the upper right corner of its place: still nearer than the next column.
        middle = word.box[0] + word.box[2]
        if columns and abs(columns[-1][0].box[0] + columns[-1][0].box[2] - middle) < 2 * limits["column"] * word.em:
            columns[-1].append(word)
        else:
            columns.append([word])
    return "".join(word.text for column in columns for word in sorted(column, key=lambda w: w.box[1]))


def _has_wide(text: str) -> bool:
    return any(map(is_wide, text))
