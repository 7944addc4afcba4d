"""Text helpers that keep positions: folding is one character to one character, so offsets stay true."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_FOLD: dict[int, str] = {}
for _code in (*range(0xFF01, 0xFF5F), 0x3000, 0xA0, 0x2236, 0xFE30):
    _single = unicodedata.normalize("NFKC", chr(_code))
    _FOLD[_code] = _single if len(_single) == 1 else chr(_code)
_FOLD |= {ord("〔"): "[", ord("〕"): "]", ord("【"): "[", ord("】"): "]", ord("％"): "%", ord("〇"): "零"}


_YEAR = re.compile(r"[一二三四五六七八九零○]{4}(?=\s*年)")
_DIGITS = str.maketrans("零○一二三四五六七八九", "00123456789")


_FOLDED = re.compile(f"[{''.join(re.escape(chr(code)) for code, half in _FOLD.items() if chr(code) != half)}]")


def fold(text: str) -> str:
    """Full-width letters, digits and marks become half-width, years in Chinese numerals (二〇二四年) become digits.

    One character to one character: offsets stay valid.
    """
    if text.isascii():
        return text
    folded, match = text, _FOLDED.search(text)
    while match:  # a text has few different marks: each is replaced in all of it at once
        folded = folded.replace(match[0], _FOLD[ord(match[0])])
        match = _FOLDED.search(folded, match.end())
    if "零" in folded or "○" in folded:
        folded = _YEAR.sub(lambda match: match.group().translate(_DIGITS), folded)
    return folded


_NOT_KEY = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff]+")


def bare(text: str) -> str:
    """A text without spaces, line breaks and marks: for comparing, never for quoting."""
    return _NOT_KEY.sub("", fold(text))


key = lru_cache(maxsize=8192)(bare)  # of labels, names and titles, which come again and again


_SENTENCE_END = re.compile(r"[。！？!?；;\n]")


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of sentences; ``；`` ends one too, because reports chain whole statements with it."""
    spans, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        spans.append((start, match.end()))
        start = match.end()
    if start < len(text):
        spans.append((start, len(text)))
    return [(a, b) for a, b in spans if text[a:b].strip()]


_BOOK = re.compile(r"《[^《》]{0,120}(?:《[^《》]*》[^《》]{0,60})?》")
_DOCUMENT_NUMBER = re.compile(r"[\[(]\d{4}[\])]\s*\d{1,5}\s*号")
FILL = "\u25a1"  # □ takes the place of what must not be read as statement


def has_document_number(folded: str) -> bool:
    """Whether a year in brackets and a number stand in a folded text, as in every document number."""
    return _DOCUMENT_NUMBER.search(folded) is not None


def mask(folded: str) -> str:
    """Cover titles in 《》 and document numbers, keeping the length: what they say is no statement."""

    def cover(match: re.Match[str]) -> str:
        return FILL * len(match.group())

    return _DOCUMENT_NUMBER.sub(cover, _BOOK.sub(cover, folded))


_LABEL = 40  # characters of a text that may be a date and nothing else
_DATE = re.compile(r"(?<!\d)(19\d\d|20\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})(?!\d)")


def find_date(text: str) -> date | None:
    """First complete date in the text, None where there is none (or an impossible one)."""
    return _stated(text) if len(text) <= _LABEL else _first_date(text)


def _first_date(text: str) -> date | None:
    for match in _DATE.finditer(fold(text)):
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            continue
    return None


_stated = lru_cache(maxsize=1024)(_first_date)  # a page states its date in tags, fields and lists


@dataclass(frozen=True, slots=True)
class Number:
    """A number in running text: value, unit, and whether the text calls it approximate."""

    value: Decimal
    unit: str
    approximate: bool
    start: int  # of the digits
    end: int  # behind the unit


_NUMBER = re.compile(
    r"(?<![\d.A-Za-z])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*(余|多)?\s*(万|亿)?\s*(余|多)?\s*"
    r"(件次|人次|批次|余件|个百分点|万元|件|宗|条|封|起|份|例|次|项|个|篇|期|场|元|人|部|类|家|户|月|日|年|号|%|‰)?"
)
_TIMES = {"万": Decimal(10000), "亿": Decimal(100000000)}


def numbers(folded: str, vague_before: re.Pattern[str]) -> list[Number]:
    """All numbers with their units. ``vague_before`` matches words like 约 that stand right before one."""
    found = []
    for match in _NUMBER.finditer(folded):
        digits, more, times, more_too, unit = match.groups()
        try:
            value = Decimal(digits.replace(",", "")) * _TIMES.get(times or "", Decimal(1))
        except InvalidOperation:
            continue
        tail = folded[match.end() : match.end() + 2]
        vague = bool(more or more_too) or tail[:1] in ("余", "多") or tail == "以上"
        vague = vague or bool(vague_before.search(folded[max(0, match.start() - 6) : match.start()]))
        found.append(Number(value, unit or "", vague, match.start(), match.end()))
    return found


def plain(value: Decimal) -> str:
    """A decimal as people write it: no exponent, no trailing zeros."""
    text = format(value.normalize(), "f")
    return text if text != "-0" else "0"
