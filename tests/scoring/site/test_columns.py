"""Columns of a site: which entry counts as the newest, and which columns count at all."""

from __future__ import annotations

from datetime import date
from typing import Any

from duwang.site_examples import made_case
from scoring.checks.content.column_states import aged_columns, months_before
from scoring.checks.content.columns import ColumnsFresh, StaleColumnsFew
from scoring.results import SiteResult

DAY = date(2026, 3, 10)


def _list(*rows: tuple[str, str, str]) -> dict[str, Any]:
    items = "".join(f'<li><a href="{url}">{title}</a><span>{day}</span></li>' for url, title, day in rows)
    return {"kind": "list", "body": f"<h2>列表</h2><ul>{items}</ul>"}


def _results(check: Any, site: dict[str, Any]) -> list[SiteResult]:
    case, _ = made_case({"site": {"pages": {"/": {}}, **site}}, DAY)
    return list(check.run(case, DAY))


def _fresh(site: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.outcome, one.key) for one in _results(ColumnsFresh(use="columns_fresh"), site)]


def test_calendar_months_end_with_the_month() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2024, 2, 29), 12) == date(2023, 2, 28)
    assert months_before(date(2026, 1, 15), 6) == date(2025, 7, 15)


def test_a_date_to_come_is_no_update() -> None:
    rows = [
        ("/1.html", "关于调整办公时间的公告内容", "2027-01-01"),
        ("/2.html", "关于公开遴选评审专家的通知", "2025-02-10"),
        ("/3.html", "关于报送年度工作总结的通知", "2025-01-10"),
    ]
    site = {
        "pages": {"/": {}, "/tzgg/": _list(*rows)},
        "columns": [{"name": "通知公告", "url": "/tzgg/", "entries": 3, "newest": "2027-01-01"}],
    }
    (result,) = _results(ColumnsFresh(use="columns_fresh"), site)
    assert (result.outcome, result.key, result.values["newest"]) == ("fail", "stale", "2025-02-10")
    assert result.points[0].link.endswith("/2.html")


def test_a_list_without_dates_is_dated_by_its_items() -> None:
    rows = [("/1.html", "全市春季学期开学工作会议召开", ""), ("/2.html", "中小学生读书活动在城区启动", "")]
    column = {"name": "工作动态", "url": "/gzdt/", "entries": 2, "undated": 2, "path": ["首页", "工作动态"]}
    pages = {"/": {}, "/gzdt/": {**_list(*rows), "column_path": ["工作动态"], "title": "工作动态"}}
    pages["/gzdt/"]["body"] = (
        "<div class='crumbs'>当前位置：<a href='/'>首页</a> &gt; <a href='/gzdt/'>工作动态</a></div>"
        + (pages["/gzdt/"]["body"])
    )
    items = {"/1.html": {"kind": "article", "published": "2026-03-05"}, "/2.html": {"kind": "article"}}
    assert _fresh({"pages": {**pages, **items}, "columns": [column]}) == [("pass", "")]
    old = {"/1.html": {"kind": "article", "published": "2026-01-05"}, "/2.html": {"kind": "article"}}
    assert _fresh({"pages": {**pages, **old}, "columns": [column]}) == [("fail", "stale")]
    none = {"/1.html": {"kind": "article"}, "/2.html": {"kind": "article"}}
    assert _fresh({"pages": {**pages, **none}, "columns": [column]}) == [("needs_review", "undated")]
    unread = {"/1.html": {"kind": "article", "published": "2026-01-05"}}
    assert _fresh({"pages": {**pages, **unread}, "columns": [column]}) == [("not_checked", "unread")]


def test_a_front_is_judged_by_the_lists_it_shows() -> None:
    rows = [
        ("/1.html", "全市春季学期开学工作会议召开", "2025-02-10"),
        ("/2.html", "中小学生读书活动在城区启动", "2025-02-09"),
        ("/3.html", "市教育局调研学校食堂管理情况", "2025-02-08"),
    ]
    columns = [
        {"name": "新闻中心", "url": "/xw/", "path": [], "entries": 3, "newest": "2025-02-10"},
        {"name": "工作动态", "url": "/gzdt/", "path": [], "entries": 3, "newest": "2025-02-10"},
    ]
    pages = {"/": {}, "/xw/": {**_list(*rows), "kind": "column"}, "/gzdt/": _list(*rows)}
    case, _ = made_case({"site": {"pages": pages, "columns": columns}}, DAY)
    assert [aged.column.name for aged in aged_columns(case.view)] == ["工作动态"]


def test_one_list_in_two_places_counts_once() -> None:
    rows = [
        ("/1.html", "关于公开遴选评审专家的通知", "2025-02-10"),
        ("/2.html", "关于报送年度工作总结的通知", "2025-02-09"),
        ("/3.html", "关于做好校车安全工作的通知", "2025-02-08"),
    ]
    pages = {"/": {}, "/tzgg/": _list(*rows), "/zwgk/tzgg/": _list(*rows)}
    columns = [
        {"name": "通知公告", "url": url, "entries": 3, "newest": "2025-02-10"} for url in ("/tzgg/", "/zwgk/tzgg/")
    ]
    check = StaleColumnsFew(use="stale_columns_few", which="news", least=2)
    assert [one.outcome for one in _results(check, {"pages": pages, "columns": columns})] == ["pass"]
