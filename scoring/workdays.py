"""Working days of China: no weekends, no holidays, and the weekends that are worked in exchange."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from functools import cache

from chinese_calendar import holidays, workdays


def workdays_after(start: date, end: date) -> int | None:
    """Working days after ``start`` up to and with ``end``; None where the calendar does not know one of the years.

    Source: the package ``chinesecalendar``, after the yearly holiday notices of the State Council's General Office.
    """
    known = _workdays()
    if start > end or start.year < known[0].year or end.year > known[-1].year:
        return None if start <= end else 0
    return bisect_right(known, end) - bisect_right(known, start)


def weekdays_after(start: date, end: date) -> int:
    """Days from Monday to Friday after ``start`` up to and with ``end``: an estimate where no holidays are known."""
    weeks, rest = divmod(max(0, (end - start).days), 7)
    return weeks * 5 + sum((start + timedelta(days=n)).weekday() < 5 for n in range(1, rest + 1))


@cache
def _workdays() -> tuple[date, ...]:
    """All working days of the years that the calendar knows."""
    first, last = date(min(holidays).year, 1, 1), date(max(holidays).year, 12, 31)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    # As the package's is_workday, which looks through all its holidays each time.
    return tuple(day for day in days if day in workdays or (day.weekday() < 5 and day not in holidays))
