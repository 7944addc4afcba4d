"""Where an item is found on a site, and how surely."""

from __future__ import annotations

from datetime import date
from typing import Any

from duwang.site_examples import MadeSite
from scoring.catalogue.declared import declared_on
from scoring.catalogue.directory import Item, shipped
from scoring.catalogue.matching import Shelf, pages_of, shelf_of, unread_of
from scoring.site.view import SiteView

DAY = date(2026, 3, 10)
BUDGET = shipped("statutory-20").item("budget")
FRONT = '<div class="nav"><a href="/">首页</a> <a href="/xxgk/">政府信息公开</a>{more}</div>'


def view_of(pages: dict[str, Any], more: str = "", **given: Any) -> SiteView:
    every = {
        "/": {"body": FRONT.format(more=more)},
        "/xxgk/": {"column_path": ["首页", "政府信息公开"], "body": "<h1>政府信息公开</h1>"},
        **pages,
    }
    made = MadeSite({"pages": every, **given}, DAY)
    return SiteView(made, made.site, DAY, made.document)


def menu(name: str, url: str = "/x/") -> str:
    return f' <a href="{url}">{name}</a>'


def confidence(view: SiteView, item: Item = BUDGET) -> str:
    return shelf_of(view).find(item).confidence


def test_an_exact_name_in_the_disclosure_part_is_surest() -> None:
    inside = view_of({"/x/": {"column_path": ["首页", "政府信息公开", "财政预决算"], "body": "<p>示例。</p>"}})
    outside = view_of({"/x/": {"body": "<p>示例。</p>"}}, menu("财政预决算"))
    assert confidence(inside) == "exact"
    assert confidence(outside) == "named"


def test_a_name_that_holds_the_word_counts_in_the_disclosure_part_only() -> None:
    path = ["首页", "政府信息公开", "单位预算和决算公示"]
    assert confidence(view_of({"/x/": {"column_path": path, "body": "<p>示例。</p>"}})) == "named"
    assert confidence(view_of({"/x/": {"body": "<p>示例。</p>"}}, menu("单位预算和决算公示"))) == "elsewhere"


def test_a_title_counts_in_the_disclosure_part_and_a_bare_word_in_a_text_never() -> None:
    article = {"kind": "article", "title": "2026年部门预算公开说明", "body": "<h1>2026年部门预算公开说明</h1>"}
    told = {
        "kind": "article",
        "title": "工作会议召开",
        "body": "<h1>工作会议召开</h1><p>会议讨论了2026年部门预算。</p>",
    }
    assert confidence(view_of({"/1.html": {**article, "column_path": ["首页", "政府信息公开"]}})) == "content"
    assert confidence(view_of({"/1.html": {**article, "column_path": ["首页", "工作动态"]}})) == "elsewhere"
    assert confidence(view_of({"/1.html": {**told, "column_path": ["首页", "政府信息公开"]}})) == ""


def test_an_article_of_a_list_is_a_title_and_no_part_of_the_site() -> None:
    rows = "".join(f'<li><a href="/{n}.html">第{n}号通知</a><span>2026-0{n}-01</span></li>' for n in (1, 2, 3))
    rows += '<li><a href="/9.html">部门决算</a><span>2025-09-01</span></li>'
    board = {"kind": "list", "column_path": ["首页", "政府信息公开"], "body": f"<ul class='list'>{rows}</ul>"}
    found = shelf_of(view_of({"/xxgk/": board})).find(BUDGET)
    assert (found.confidence, found.named) == ("content", ())
    assert [one.title for one in found.titled] == ["部门决算"]


def test_a_column_type_alone_proves_nothing() -> None:
    column = {"name": "工作动态", "url": "/dt/", "path": ["首页", "工作动态"], "tag": "财政预决算", "entries": 3}
    assert confidence(view_of({"/dt/": {"body": "<p>示例。</p>"}}, columns=[column])) == "elsewhere"


def test_what_lies_on_another_site_or_was_not_read_is_known_as_such() -> None:
    away = view_of({}, menu("财政预决算", "http://czj.shili.gov.cn/ys/"))
    unread = view_of({}, menu("财政预决算", "/ys/"), unread={"/ys/": "timeout"})
    assert shelf_of(away).find(BUDGET).state == "away"
    assert shelf_of(unread).find(BUDGET).state == "unread"
    assert "没有读到" in unread_of(unread, shelf_of(unread).find(BUDGET))


def test_a_name_that_a_script_opens_is_there_and_not_read() -> None:
    tree = "<h1>政府信息公开</h1><ul><li onclick='open(3)'>财政预决算</li><li onclick='open(4)'>规划计划</li></ul>"
    view = view_of({"/xxgk/": {"column_path": ["首页", "政府信息公开"], "body": tree}})
    found = shelf_of(view).find(BUDGET)
    assert (found.confidence, found.state) == ("named", "unread")
    assert shelf_of(view).find(shipped("statutory-20").item("emergencies")).confidence == ""


def test_nothing_is_absent_where_the_platform_lies_on_another_site_or_a_list_was_not_read_whole() -> None:
    column = {"name": "公开文件", "url": "/xxgk/wj/", "path": ["首页", "政府信息公开", "公开文件"], "complete": False}
    assert shelf_of(view_of({})).unseen() == ""
    assert "另一网站" in shelf_of(view_of({}, menu("政务公开", "http://www.shili.gov.cn/zwgk/"))).unseen()
    partly = view_of({"/xxgk/wj/": {"body": "<p>示例。</p>"}}, columns=[column])
    assert shelf_of(partly).unseen() == "“公开文件”的列表没有读全"


def test_an_umbrella_on_another_site_may_hold_every_item_of_its_directory() -> None:
    shelf = Shelf(view_of({}, menu("重点领域信息", "http://www.shili.gov.cn/zdly/")))
    assert shelf.unseen() == ""
    assert "重点领域信息" in shelf.unseen(shipped("education").umbrella)


def test_the_text_of_a_page_near_an_item_can_hold_it() -> None:
    plan = shipped("education").item("enrolment-plan")
    page = {"kind": "article", "title": "2025年招生工作方案", "column_path": ["首页", "政府信息公开"]}
    holds = view_of({"/1.html": {**page, "body": "<h1>2025年招生工作方案</h1><p>各校招生计划：一小六个班。</p>"}})
    lacks = view_of({"/1.html": {**page, "body": "<h1>2025年招生工作方案</h1><p>免试就近入学。</p>"}})
    attached = '<h1>2025年招生工作方案</h1><p>免试就近入学。</p><p><a href="/1.xlsx">附件：分校情况.xlsx</a></p>'
    hidden = view_of({"/1.html": {**page, "body": attached}}, unread={"/1.xlsx": "too-large"})
    assert [confidence(view, plan) for view in (holds, lacks, hidden)] == ["content", "", "elsewhere"]


def test_the_pages_of_a_column_are_its_lists_and_articles() -> None:
    path = ["首页", "政府信息公开", "财政预决算"]
    view = view_of(
        {
            "/ys/": {"column_path": path, "body": "<h1>财政预决算</h1>"},
            "/ys/1.html": {
                "kind": "article",
                "title": "2026年部门预算",
                "column_path": path,
                "body": "<h1>2026年部门预算</h1>",
            },
        },
        menu("财政预决算", "/ys/"),
    )
    pages = pages_of(view, shelf_of(view).find(BUDGET))
    assert [page.url.removeprefix("http://jyj.shili.gov.cn") for page in pages] == ["/ys/", "/ys/1.html"]


def test_a_published_directory_is_read_row_by_row_with_merged_cells() -> None:
    rows = "".join(f"<tr><td>{n}</td><td>事项{n}</td><td>内容</td></tr>" for n in range(4, 12))
    body = (
        "<h1>主动公开基本目录</h1><table><tr><th>序号</th><th>公开事项</th><th>公开内容</th></tr>"
        "<tr><td>1</td><td rowspan='2'>财政信息</td><td>部门预算</td></tr><tr><td>2</td><td>收费标准</td></tr>"
        f"{rows}</table>"
    )
    view = view_of({"/ml.html": {"title": "主动公开基本目录", "body": body}}, menu("主动公开基本目录", "/ml.html"))
    declared = declared_on(view)
    assert declared.read
    row = declared.row_of(BUDGET)
    assert row is not None and row.cells == ("1", "财政信息", "部门预算")
    assert row.point.words == "财政信息"
    assert declared.row_of(shipped("statutory-20").item("emergencies")) is None
