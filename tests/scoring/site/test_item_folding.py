"""Faults of many information items are few findings."""

from __future__ import annotations

from datetime import date
from typing import Any

from duwang.site_examples import made_case
from scoring.results import Check, SiteResult
from scoring.rules import shipped

_DAY = date(2026, 3, 10)
_PATH = ["政府信息公开", "法定主动公开内容", "规划计划"]


def _page(number: int, **fields: str) -> dict[str, Any]:
    values = {
        "索引号": f"11620100013933539B/2026-{number:05d}", "信息类别": "规划计划", "发文机关": "示例市教育局",
        "成文日期": "2026-01-08", "发布日期": "2026-01-12", "内容概述": "全年安排", **fields,
    }  # fmt: skip
    rows = "".join(f"<tr><td>{name}：</td><td>{value}</td></tr>" for name, value in values.items())
    title = f"示例市教育局第{number}项工作安排"
    body = f"<table>{rows}</table><h1>{title}</h1><p>为了做好本项工作，现将有关事项安排如下，请结合实际认真落实。</p>"
    return {"title": title, "kind": "article", "column_path": _PATH, "body": body}


def _judged(code: str, pages: list[dict[str, Any]]) -> list[SiteResult]:
    found = {f"/nr/{number}.html": page for number, page in enumerate(pages, 1)}
    home = {"body": '<div class="nav"><a href="/">首页</a> <a href="/zfxxgk/">政府信息公开</a></div>'}
    case, _ = made_case({"site": {"pages": {"/": home, **found}}}, _DAY)
    return [result for result in _check(code).run(case, _DAY) if isinstance(result, SiteResult)]


def _check(code: str) -> Check:
    rule = shipped().by_code[code].of("site")
    assert rule is not None
    return rule.versions[-1].check


def test_one_label_blank_on_every_other_page_is_one_finding() -> None:
    pages = [_page(n, 内容概述="" if n % 2 else "全年安排") for n in range(1, 41)]
    passed, blank = _judged("DP-301", pages)
    assert (passed.outcome, passed.times) == ("pass", 20)
    assert (blank.outcome, blank.key, blank.values["count"], blank.values["total"]) == ("fail", "blank_label", 20, 40)
    assert len(blank.pages) == 20 and len(blank.points) == 5


def test_each_of_two_blank_labels_is_a_finding_of_its_own() -> None:
    pages = [_page(1), _page(2, 信息类别=""), _page(3, 信息类别="", 内容概述="")]
    found = {result.values["label"]: result.values["count"] for result in _judged("DP-301", pages)[1:]}
    assert found == {"信息类别": 2, "内容概述": 1}


def test_index_numbers_used_twice_are_told_one_by_one_up_to_ten() -> None:
    def twice(numbers: int) -> list[SiteResult]:
        pages = [_page(n, 索引号=f"11620100013933539B/2026-{n // 2:05d}") for n in range(2, 2 + 2 * numbers)]
        return _judged("DP-303", pages)[1:]

    assert [result.key for result in twice(10)] == ["shared"] * 10
    (many,) = twice(11)
    assert (many.key, many.values["numbers"], many.values["count"]) == ("shared_many", 11, 22)


def test_late_items_are_folded_by_column_the_latest_first() -> None:
    pages = [_page(1), _page(2, 成文日期="2025-11-12"), _page(3, 成文日期="2025-10-13")]
    passed, late = _judged("DP-305", pages)
    assert (passed.times, late.outcome, late.key) == (1, "fail", "late")
    assert (late.values["title"], late.values["count"], late.values["days"]) == ("示例市教育局第3项工作安排", 2, 64)
