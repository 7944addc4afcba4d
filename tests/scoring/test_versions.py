"""Law changes by adding a dated version: old reports are judged by the old one."""

from __future__ import annotations

from datetime import date

from scoring.rules import shipped


def test_a_report_is_judged_by_its_year_whatever_the_day() -> None:
    rule = shipped().by_code["AR-108"]
    old, new = rule.version(date(2026, 1, 1), 2020), rule.version(date(2026, 1, 1), 2023)
    assert old is not None and new is not None
    assert old.cites[0].regulation == "gbgkbh-2019-60"
    assert new.cites[0].regulation == "gbgkbh-2021-30"
    assert rule.version(date(2026, 1, 1), 2018) is None


def test_a_page_is_judged_by_the_day() -> None:
    rule = shipped().by_code["DP-301"]
    assert rule.version(date(2019, 5, 15)) is not None
    assert rule.version(date(2019, 5, 14)) is None
