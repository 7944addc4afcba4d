"""Dates as Chinese sites print them."""

from __future__ import annotations

import re
from datetime import date
from functools import cache, lru_cache

from crawler.words import load

_FULL = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(?P<d>\d{1,2})\s+(?P<y>20\d\d)\s*[-/.年]\s*(?P<m>\d{1,2})(?![\d-])")
_YEAR_LAST = re.compile(r"(?<!\d)(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?\s+(?P<y>20\d\d)(?!\d)")
_MONTH_DAY = re.compile(r"(?<![\d.-])(?P<m>\d{1,2})\s*[-/月]\s*(?P<d>\d{1,2})(?![\d-])")
_DIGIT = re.compile(r"\d")
_NOISE = re.compile(r"[\[\]()（）【】〔〕\s]|\d{1,2}[:：]\d{1,2}([:：]\d{1,2})?|日|发布时间|发布日期|日期|时间|[:：]")


def find(text: str) -> date | None:
    """First full date in ``text`` (also one split over two lines, day or year apart)."""
    for pattern in (_FULL, _YEAR_LAST, _DAY_FIRST):
        for match in pattern.finditer(text):
            found = _of(match)
            if found:
                return found
    return None


def month_day(text: str) -> tuple[int, int] | None:
    """Month and day where the year is left out."""
    match = _MONTH_DAY.search(text)
    return (int(match["m"]), int(match["d"])) if match else None


def is_only_date(text: str) -> bool:
    """True where ``text`` is a date (full, or month and day) and else only brackets, a label or a time."""
    return len(text) <= 40 and _DIGIT.search(text) is not None and _is_only_date(text)


@lru_cache(maxsize=1024)
def _is_only_date(text: str) -> bool:
    # Rows are asked several times about the same pieces.
    for pattern in (_FULL, _YEAR_LAST, _DAY_FIRST, _MONTH_DAY):
        match = pattern.search(text)
        if match:
            return not _NOISE.sub("", text[: match.start()] + text[match.end() :])
    return False


def from_url(url: str) -> date | None:
    """Date in the address of an article (t20240131_1.html, /art/2024/1/31/)."""
    for pattern in _url_patterns():
        match = pattern.search(url)
        found = _of(match) if match else None
        if found:
            return found
    return None


def _of(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return None


@cache
def _url_patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in load("page-facts")["url_dates"])
