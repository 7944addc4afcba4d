"""Working days as the State Council's notices set them."""

from __future__ import annotations

from datetime import date

import pytest

from scoring.workdays import weekdays_after, workdays_after


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 1, 8), date(2026, 1, 8), 0),
        (date(2026, 1, 8), date(2026, 1, 12), 2),  # a weekend between
        (date(2025, 9, 28), date(2025, 10, 11), 5),  # National Day, with a Saturday worked in exchange
        (date(2025, 1, 13), date(2025, 2, 14), 20),  # Spring Festival, with a Sunday and a Saturday worked
        (date(2025, 12, 31), date(2026, 1, 5), 2),  # from one year into the next: Sunday 4 January is worked
        (date(2026, 1, 12), date(2026, 1, 8), 0),
    ],
)
def test_working_days_after_a_day(start: date, end: date, days: int) -> None:
    assert workdays_after(start, end) == days


def test_a_year_without_a_notice_is_not_known() -> None:
    assert workdays_after(date(2035, 1, 8), date(2035, 3, 12)) is None
    assert workdays_after(date(2003, 12, 1), date(2004, 1, 5)) is None
    assert weekdays_after(date(2035, 1, 8), date(2035, 3, 12)) == 45
