"""Dates against the calendar: every real day is silent, every weekday but one is told."""

from datetime import date, timedelta
from itertools import pairwise

from scoring.checks.wording.dates import CalendarDates
from scoring.wording.lexicons import Lexicons
from scoring.wording.texts import Part, Text

CHECK = CalendarDates(use="calendar_dates")
NAMES = "一二三四五六日"
DIGITS = "〇一二三四五六七八九"


def told(words: str, day: date | None = None) -> list[tuple[str, str]]:
    text = Text([Part(words, "paragraph")], Lexicons(()), day)
    return [(hit.outcome, hit.key) for hit in CHECK.hits(text, date(2026, 3, 10))]


def chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十") + (DIGITS[ones] if ones else "")


def test_every_day_of_some_years_is_silent_in_every_writing() -> None:
    days = [date(2023, 1, 1) + timedelta(days=n) for n in range(3 * 366)]
    lines = [f"定于{d.year}年{d.month}月{d.day}日（星期{NAMES[d.weekday()]}）召开。" for d in days]
    lines += [f"{d.isoformat()} 至 {d.year}-{d.month:02}-{d.day:02}" for d in days]
    years = {d.year: "".join(DIGITS[int(c)] for c in str(d.year)) for d in days}
    lines += [f"{years[d.year]}年{chinese(d.month)}月{chinese(d.day)}日" for d in days]
    lines += [f"{a.month}月{a.day}日至{b.year}年{b.month}月{b.day}日" for a, b in pairwise(days)]
    assert told("\n".join(lines)) == []


def test_the_six_other_weekdays_are_told() -> None:
    named = [told(f"定于2024年3月5日（周{name}）召开。") for name in NAMES]
    assert named == [[] if name == "二" else [("fail", "weekday")] for name in NAMES]


def test_days_behind_the_end_of_every_month_are_told() -> None:
    ends = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    for month, end in enumerate(ends, 1):
        for words in (
            f"2023年{month}月{end + 1}日",
            f"2023-{month:02}-{end + 1}",
            f"二〇二三年{chinese(month)}月{chinese(end + 1)}日",
        ):
            assert told(f"自{words}起施行。") == [("fail", "no_day")], words
    assert told("每年2月29日起") == [] and told("每年2月30日起") == [("fail", "no_day")]


def test_a_weekday_without_a_year_is_never_certain() -> None:
    assert told("定于3月5日（星期六）召开。") == []
    assert told("定于3月5日（星期六）召开。", date(2024, 3, 1)) == [("needs_review", "weekday_doubtful")]
    assert told("2024年1月已定，3月5日（星期二）召开。") == []
    assert told("2024年1月已定，3月5日（星期六）召开。") == [("needs_review", "weekday_doubtful")]


def test_spans() -> None:
    assert told("2024年5月至2024年4月") == [("fail", "reversed")]
    assert told("2024年5月20日8:00至2024年5月19日18:00") == [("fail", "reversed")]
    assert told("2月25日至30日") == [("fail", "no_day")]
    for right in (
        "11月1日至次年3月31日",
        "2024年11月至2025年3月",
        "12月30日至1月2日",
        "5月20日至10日内",
        "3月5日、2日",
        "5月20日到10号楼",
    ):
        assert told(right) == [], right


def test_dates_of_other_calendars_and_numbers_are_left_out() -> None:
    for words in (
        "农历2月30日",
        "1644年4月31日",
        "“2月30日”",
        "《2月30日》",
        "V2024.13.5",
        "云政发〔2024〕13-05号",
        "编号2024-15-30",
    ):
        assert told(words) == [], words
