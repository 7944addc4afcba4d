"""Dates that no calendar has: 2月30日, a weekday that is another, an end before its start."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from scoring.data import table
from scoring.wording.check import Hit, TextCheck
from scoring.wording.texts import Text, inside

_VALUES = {character: n % 10 for n, character in enumerate("0123456789０１２３４５６７８９〇一二三四五六七八九")}
_VALUES |= {"○": 0, "零": 0}
_DIGIT = "[0-9０-９]"
_GAP = "[ \u3000]?"
# The first number is the year or, where none is named, the month. Months are looked for first: digits are many.
_MONTH = re.compile(r"月(?<=[0-9０-９ \u3000]月)")
_BEFORE_MONTH = re.compile(r"[0-9０-９]{1,4}[ \u3000]?(?:年[ \u3000]?[0-9０-９]{1,2}[ \u3000]?)?$")
_DATE = re.compile(
    rf"(?P<first>{_DIGIT}{{1,4}}){_GAP}(?:年{_GAP}(?P<second>{_DIGIT}{{1,2}}){_GAP})?月"
    rf"(?:{_GAP}(?P<day>{_DIGIT}{{1,2}}){_GAP}[日号])?"
)
_CHINESE_YEAR = re.compile("年(?<=[〇○零一二三四五六七八九]{4}年)")
_CHINESE_DATE = re.compile(
    "(?P<first>[〇○零一二三四五六七八九]{4})年(?P<second>[一二三四五六七八九十]{1,2})月(?:(?P<day>[一二三四五六七八九十]{1,3})日)?"
)
_ISO_DATE = re.compile(r"-(?<=\d{4}-)(?<![\d./-]\d{4}-)(?P<second>\d\d)-(?P<day>\d\d)(?![\d./-])")
_NUMBER = re.compile(r"[0-9０-９.．/,]|[0-9０-９][-－—–～~]")
_WEEKDAY = re.compile(r"[ \u3000]?(?P<open>[（(]?)(?:星期|周|礼拜)(?P<day>[一二三四五六日天])")
_TO = re.compile(
    r"(?:[（(][^（）()\n]{0,8}[）)])?(?:[上下]午|凌晨|晚上?)?(?:\d{1,2}(?:[:：]\d\d|[时点](?:\d{1,2}分|整|半)?))?"
    r"[ \u3000]?(?:至|到|—{1,2}|－|-{1,2}|–|～|~)[ \u3000]?"
)
_LAST_DAY = re.compile(rf"(?P<day>{_DIGIT}{{1,2}}){_GAP}日")


@dataclass(frozen=True, slots=True)
class _Day:
    """A date as it is written, characters ``start`` to ``end``: what is not said is 0, a month or day may be none."""

    start: int
    end: int
    year: int
    month: int
    day: int | None

    def days(self) -> int:
        """Days of its month; those of a leap year where no year is named."""
        return monthrange(self.year or 2000, self.month)[1]


class CalendarDates(TextCheck):
    """Every date stands in the calendar, falls on the weekday named with it, and ends what began before it.

    Read are dates in digits of both widths and, with a year, in Chinese numerals. Dates of other calendars, in titles
    and in quotations are left out. A weekday whose date names no year is only ever a matter for a person.
    """

    use: Literal["calendar_dates"]

    def hits(self, text: Text, on: date) -> Iterator[Hit]:
        words = text.words
        if "月" in words:
            yield from _judged(text, _dates(words))
            if any(year in words for year in _data()["chinese"]):
                yield from _judged(text, _chinese_dates(words))
        if "-" in words:
            yield from _iso(text)


def _dates(words: str) -> Iterator[re.Match[str]]:
    for month in _MONTH.finditer(words):
        at = month.start()
        before = _BEFORE_MONTH.search(words, max(0, at - 11), at)
        match = _DATE.match(words, before.start()) if before is not None else None
        if match is not None:
            yield match


def _chinese_dates(words: str) -> Iterator[re.Match[str]]:
    for year in _CHINESE_YEAR.finditer(words):
        match = _CHINESE_DATE.match(words, year.start() - 4)
        if match is not None:
            yield match


def _judged(text: Text, matches: Iterator[re.Match[str]]) -> Iterator[Hit]:
    year, line_end = 0, -1
    for match in matches:
        found = _date(text.words, match)
        if found is None:
            continue
        if found.start > line_end:
            year, line_end = 0, text.line(found.start)[1]
        year = found.year or year
        hits = list(_about(text, found, year))
        if hits and not _elsewhere(text, found.start, found.end):
            yield from hits


def _about(text: Text, found: _Day, year: int) -> Iterator[Hit]:
    wrong = _impossible(text, found)
    if wrong is not None:
        yield wrong
        return
    if found.day is not None:
        yield from _weekday(text, found, year)
        yield from _to_a_day(text, found)
    yield from _to_a_date(text, found)


def _date(words: str, match: re.Match[str]) -> _Day | None:
    """What a match writes; None where it is part of a longer number, or a month alone without a year."""
    data = _data()
    first, second, day = match["first"], match["second"], match["day"]
    if (second is None and (len(first) > 2 or day is None)) or (second is not None and len(first) == 3):
        return None
    year = _value(first) if second is not None and len(first) == 4 else 0
    if year and not data["first_year"] <= year <= data["last_year"]:
        return None
    start = match.start() if year or second is None else match.start("second")
    before = words[max(0, start - 2) : start]
    if before and (_NUMBER.match(before[-1]) or (not year and _NUMBER.fullmatch(before))):
        return None
    if day is not None and words.startswith(tuple(data["no_day"]), match.end()):
        return None
    return _Day(start, match.end(), year, _value(second or first), _value(day) if day is not None else None)


def _value(written: str) -> int:
    """The number that digits of any width or Chinese numerals write."""
    tens, ten, ones = written.partition("十")
    if ten:
        return 10 * (_VALUES[tens[-1]] if tens else 1) + (_VALUES.get(ones[:1], 0) if ones else 0)
    value = 0
    for character in written:
        value = 10 * value + _VALUES[character]
    return value


def _elsewhere(text: Text, start: int, end: int) -> bool:
    """Whether a date is one of another calendar, or stands in a title or a quotation."""
    before = text.words[max(0, start - _data()["around"]) : start].rpartition("\n")[2]
    if _data()["other"].search(before):
        return True
    return inside(text.titles, start, end) or inside(text.quoted, start, end)


def _impossible(text: Text, found: _Day) -> Hit | None:
    if not 1 <= found.month <= 12:
        return _told(text, "no_month", found.start, found.end, month=found.month)
    if found.day is not None and not 1 <= found.day <= found.days():
        return _no_day(text, found, found.end)
    return None


def _no_day(text: Text, found: _Day, end: int) -> Hit:
    name = f"{found.year}年{found.month}月" if found.year and found.month == 2 else f"{found.month}月"
    return _told(text, "no_day", found.start, end, month=name, days=found.days())


def _weekday(text: Text, found: _Day, year: int) -> Iterator[Hit]:
    """A weekday behind a date: certain where the date names its year, else against all years that it may be of."""
    match, data = _WEEKDAY.match(text.words, found.end), _data()
    if match is None or found.day is None:
        return
    behind = data["after_bracketed"] if match["open"] else data["after_weekday"]
    if behind.match(text.words, match.end()) is None:
        return
    named = data["weekdays"][match["day"]]
    if found.year:
        right = date(found.year, found.month, found.day).weekday()
        if right != named:
            yield _told(text, "weekday", found.start, match.end(), right=data["names"][right])
        return
    years = {year, year + 1} if year else set()
    years |= {text.day.year + step for step in (-1, 0, 1)} if text.day is not None else set()
    if years and not any(_falls(other, found.month, found.day, named) for other in years):
        yield _told(text, "weekday_doubtful", found.start, match.end(), outcome="needs_review")


def _falls(year: int, month: int, day: int, weekday: int) -> bool:
    return day <= monthrange(year, month)[1] and date(year, month, day).weekday() == weekday


def _to_a_date(text: Text, start: _Day) -> Iterator[Hit]:
    """A last date that lies before the first; without a year of its own only in the same month."""
    to = _TO.match(text.words, start.end)
    match = _DATE.match(text.words, to.end()) if to is not None else None
    end = _date(" " * match.start() + match[0], match) if match is not None else None
    if end is None or not 1 <= end.month <= 12 or (end.day is not None and not 1 <= end.day <= end.days()):
        return
    first, last = [start.month], [end.month]
    if start.year and end.year:
        first, last = [start.year, start.month], [end.year, end.month]
    elif end.year or start.month != end.month:
        return
    if start.day is not None and end.day is not None:
        first.append(start.day)
        last.append(end.day)
    if last < first:
        yield _told(text, "reversed", start.start, end.end)


def _to_a_day(text: Text, start: _Day) -> Iterator[Hit]:
    """A last day of the same month: one that the month does not have, or that lies before the first."""
    to = _TO.match(text.words, start.end)
    match = _LAST_DAY.match(text.words, to.end()) if to is not None else None
    if match is None or start.day is None or text.words.startswith(tuple(_data()["no_last_day"]), match.end()):
        return
    day = _value(match["day"])
    if not 1 <= day <= start.days():
        yield _no_day(text, start, match.end())
    elif day < start.day:
        yield _told(text, "reversed", start.start, match.end())
    elif start.year:
        yield from _weekday(text, _Day(start.start, match.end(), start.year, start.month, day), 0)


def _iso(text: Text) -> Iterator[Hit]:
    """Dates as 2024-02-30; a month that is none counts only behind a label: it may be a number of something."""
    for match in _ISO_DATE.finditer(text.words):
        start = match.start() - 4
        found = _Day(start, match.end(), int(text.words[start : match.start()]), int(match[1]), int(match[2]))
        if not _data()["first_year"] <= found.year <= _data()["last_year"] or inside(text.addresses, start, found.end):
            continue
        wrong = _impossible(text, found)
        if wrong is None or _elsewhere(text, start, found.end):
            continue
        if wrong.key == "no_day" or _data()["label"].search(text.words[max(0, start - 6) : start]):
            yield wrong


def _told(
    text: Text, key: str, start: int, end: int, outcome: Literal["fail", "needs_review"] = "fail", **values: object
) -> Hit:
    wrong = text.words[start:end]
    return Hit(outcome, key, start, end, {"wrong": wrong, "right": "", **values}, wrong)


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    data = dict(table("numerals-dates"))
    for name in ("other", "after_weekday", "after_bracketed", "label"):
        data[name] = re.compile(data[name], re.M)
    data["names"] = {number: name for name, number in reversed(data["weekdays"].items())}
    return data
