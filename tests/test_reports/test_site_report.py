"""What the report of a site shows beyond findings: freshness of columns, dead links, what a person must check."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import lxml.html
import pytest

from reports import freshness, html, json_report
from scoring.inspection import Inspection, ManualItem, ScoreItem
from test_reports import samples

COLUMNS = [
    {"name": "工作动态", "newest": "2024-05-01", "kind": "动态要闻", "since": 5, "window": 14, "state": "fresh"},
    {"name": "通知公告", "newest": "2023-09-01", "kind": "通知公告", "since": 248, "window": 183, "state": "stale"},
    {"name": "人事信息", "newest": "", "state": "empty"},
    {"name": "图片新闻", "newest": "2024-01-01", "since": 126, "state": "open"},
    {"name": "统计数据", "newest": "", "gaps": ["第 3 页未读"], "state": "unread"},
]
MAP = "http://slj.example/map.html"
CHECKLIST = (
    ManualItem(
        "order-711", "政府信息公开条例", "国务院令第711号", "第六条", "信息准确", "逐条核对公开的数字。", "网站"
    ),
    ManualItem(
        "order-711", "政府信息公开条例", "国务院令第711号", "第十七条", "公开审查", "查阅审查记录。", "内部资料"
    ),
)


def site() -> Inspection:
    base = samples.site()
    first, review = base.findings
    dead = replace(
        first,
        id="WS-401-1",
        fingerprint="dead",
        rule="WS-401",
        rule_id="dead-link",
        severity="minor",
        title="链接打不开",
        values={
            "area": "footer",
            "text": "网站地图",
            "target": "http://slj.example/map.html",
            "reason": "返回状态码 404",
        },
        pages=tuple(f"http://slj.example/{number}.html" for number in range(1, 121)),
        where=replace(first.where, layer="source", selector="", start=10, end=40),
        quote='<a href="/map.html">网站地图</a>',
    )
    coverage: dict[str, Any] = {**base.evidence.coverage, "columns": COLUMNS}
    items = (
        ScoreItem("政策文件", 5, 5, 0, (), "发布解读", "published"),
        ScoreItem("概况信息", 5, 0, 0, (), "发布解读", "ours"),
        ScoreItem("可用性", 10, 1, 0, ("WS-401-1",), "功能设计", "ours"),
    )
    return replace(
        base,
        findings=(first, review, dead),
        evidence=replace(base.evidence, coverage=coverage),
        checklist=CHECKLIST,
        scorecards=(replace(base.scorecards[0], items=items),),
    )


@pytest.fixture(scope="module")
def page() -> lxml.html.HtmlElement:
    return lxml.html.fromstring(html.render(site()))


def text(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_every_column_has_its_bar_against_its_window_the_late_ones_first(page: lxml.html.HtmlElement) -> None:
    rows = page.cssselect("table.columns tbody tr")
    assert [text(row.cssselect("th")[0]) for row in rows] == [
        "通知公告",
        "人事信息",
        "统计数据",
        "工作动态",
        "图片新闻",
    ]
    stale, empty, unread, fresh, _ = rows
    assert stale.cssselect("svg")[0].get("class") == "bar stale"
    assert "超过期限未更新，最近更新距今 248 天，更新期限 183 天" in text(stale)
    assert "通知公告" in text(stale.cssselect(".how")[0])
    long, short = (int(row.cssselect("rect.age")[0].get("width")) for row in (stale, fresh))
    middle = int(stale.cssselect("line")[0].get("x1"))
    assert long > middle > short
    assert empty.cssselect("rect.age")[0].get("width") == "0" and "没有内容" in text(empty)
    assert "不作判断" in text(unread)


@pytest.mark.parametrize(
    ("since", "window", "length"), [(0, 14, 2), (14, 14, 100), (21, 14, 150), (900, 14, 200), (365, None, 100)]
)
def test_the_window_stands_in_the_middle_of_the_bar(since: int, window: int | None, length: int) -> None:
    drawn = freshness.bar({"state": "stale", "since": since, "window": window})
    assert drawn is not None and drawn.length == length and drawn.mark == (100 if window else None)


def test_a_column_that_was_not_judged_has_no_bar() -> None:
    assert freshness.bar({"name": "工作动态", "newest": "2024-05-01"}) is None
    plain = lxml.html.fromstring(html.render(samples.site()))
    assert not plain.cssselect("svg.bar")


def test_dead_links_stand_by_their_part_of_the_page(page: lxml.html.HtmlElement) -> None:
    (row,) = page.cssselect("table.dead tbody tr")
    assert text(row.cssselect("th")[0]) == "页脚"
    assert f"网站地图 {MAP}" in text(row) and "返回状态码 404" in text(row) and "120" in text(row)
    target = row.cssselect("a")[0].get("href")
    assert page.cssselect(target), target


def test_a_folded_finding_lists_its_pages_and_says_how_many_are_left_out(page: lxml.html.HtmlElement) -> None:
    (listed,) = page.cssselect("details.pages")
    assert "涉及 120 个网页" in text(listed)
    assert len(listed.cssselect("li")) == 50 and "其余 70 个" in text(listed)


def test_a_quote_from_the_source_says_so(page: lxml.html.HtmlElement) -> None:
    (found,) = page.cssselect("#finding-WS-401-1")
    assert "网页源代码" in text(found) and '<a href="/map.html">网站地图</a>' in text(found)


def test_the_checklist_is_grouped_by_where_one_looks(page: lxml.html.HtmlElement) -> None:
    section = page.get_element_by_id("checklist")
    assert [text(head) for head in section.cssselect("h3")] == ["网站（1 项）", "内部资料（1 项）"]
    assert "《政府信息公开条例》（国务院令第711号）第六条" in text(section) and "逐条核对公开的数字。" in text(section)


def test_points_stand_by_first_level_indicator_and_say_whose_they_are(page: lxml.html.HtmlElement) -> None:
    groups = [text(row) for row in page.cssselect("table.items tr.group")]
    assert groups == ["发布解读", "功能设计"]
    rows = {text(row.cssselect("th")[0]) for row in page.cssselect("table.items tbody tr:not(.group)")}
    assert rows == {"政策文件分值公布", "概况信息分值自定", "可用性分值自定"}


def test_headings_are_numbered_through_whatever_sections_there_are(page: lxml.html.HtmlElement) -> None:
    for drawn in (page, lxml.html.fromstring(html.render(samples.report()))):
        numbers = [text(head).partition("、")[0] for head in drawn.cssselect("h2")]
        assert numbers == list("一二三四五六七八九十")[: len(numbers)]


def test_the_file_of_an_inspection_keeps_it_all() -> None:
    inspection = site()
    again = Inspection.from_dict(inspection.to_dict())
    assert again == inspection
    assert re.search(rb'"layer": "source"', json_report.dumps(inspection))
