"""The numbers that Word generates (一、 （二） 3.), rebuilt from the numbering part."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml import etree

Element = etree._Element

_DIGITS = "〇一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_PLACE = re.compile(r"%([1-9])")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_MAX_NUMBER = 9999


def chinese(number: int) -> str:
    """1 → 一, 10 → 十, 21 → 二十一, 105 → 一百〇五 (up to 9999)."""
    if not 0 < number <= _MAX_NUMBER:
        return str(number)
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += (_DIGITS[0] if gap else "") + _DIGITS[digit] + _UNITS[place]
            gap = False
        elif text:
            gap = True
    return text[1:] if text.startswith("一十") else text


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text, number = text + letters, number - value
    return text


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def spell(number: int, form: str) -> str:
    """``number`` in a Word number format; unknown formats are written in digits."""
    if not 0 < number <= _MAX_NUMBER:
        return str(number)
    if form.startswith(("chineseCounting", "japaneseCounting", "taiwaneseCounting", "ideographDigital")):
        return chinese(number)
    if form == "ideographTraditional" and number <= len(_STEMS):
        return _STEMS[number - 1]
    if form == "decimalEnclosedCircle" and number <= 20:
        return chr(0x2460 + number - 1)
    if form == "decimalFullWidth":
        return str(number).translate(_FULL_WIDTH)
    if form == "decimalZero":
        return f"{number:02d}"
    if form.endswith("Roman"):
        return _roman(number).upper() if form.startswith("upper") else _roman(number)
    if form.endswith("Letter"):
        return _letters(number).upper() if form.startswith("upper") else _letters(number)
    return "" if form in ("bullet", "none") else str(number)


@dataclass(frozen=True, slots=True)
class _Level:
    form: str = "decimal"
    text: str = ""
    start: int = 1
    spaced: bool = True


@dataclass(slots=True)
class Numbering:
    """Counts numbered paragraphs in reading order."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, root: Element | None) -> Numbering:
        """Read the numbering part (None: the document has none)."""
        made = cls()
        if root is None:
            return made
        for abstract in root.iterchildren(qn("w:abstractNum")):
            found = {whole(lvl.get(qn("w:ilvl")), 0): _level(lvl) for lvl in abstract.iterchildren(qn("w:lvl"))}
            made.levels[abstract.get(qn("w:abstractNumId"), "")] = found
        for num in root.iterchildren(qn("w:num")):
            key = num.get(qn("w:numId"), "")
            made.lists[key] = _value(num, "w:abstractNumId")
            for override in num.iterchildren(qn("w:lvlOverride")):
                start = _value(override, "w:startOverride")
                if start:
                    made.restarts.setdefault(key, {})[whole(override.get(qn("w:ilvl")), 0)] = whole(start, 1)
        return made

    def next(self, number_id: str, level: int) -> str:
        """The number shown before the next paragraph of this list and level, with what follows it."""
        abstract = self.lists.get(number_id)
        levels = self.levels.get(abstract or "", {})
        shape = levels.get(level)
        if abstract is None or shape is None:
            return ""
        counts = self.counters.setdefault(abstract, {})
        restart = self.restarts.get(number_id, {}).get(level)
        if restart is not None and (number_id, level) not in self.begun:
            counts[level] = restart
        else:
            counts[level] = counts[level] + 1 if level in counts else shape.start
        self.begun.add((number_id, level))
        for deeper in [key for key in counts if key > level]:
            del counts[deeper]

        def place(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            other = levels.get(at, _Level())
            return spell(counts.get(at, other.start), other.form)

        text = "" if shape.form in ("bullet", "none") else _PLACE.sub(place, shape.text)
        return text + " " if text and shape.spaced and text[-1].isascii() else text


def _value(parent: Element, name: str) -> str:
    child = parent.find(qn(name))
    return child.get(qn("w:val"), "") if child is not None else ""


def whole(text: str | None, default: int) -> int:
    """A whole number of an attribute, ``default`` where there is none (or an absurd one)."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else default


def _level(lvl: Element) -> _Level:
    return _Level(
        _value(lvl, "w:numFmt") or "decimal",
        _value(lvl, "w:lvlText"),
        whole(_value(lvl, "w:start"), 1),
        _value(lvl, "w:suff") != "nothing",
    )
