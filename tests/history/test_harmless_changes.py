"""What changes on a site from month to month without anybody having made a new fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from history.made import JUNE, compared, inspected, reported, states

from scoring.compare import compare

RULES = ("WS-110", "WS-111", "WS-112", "WS-201", "WS-304", "WS-306", "WS-401")
FOUND = ["WS-110", "WS-111", "WS-112", "WS-201", "WS-304", "WS-306", "WS-306", "WS-401"]
TEXT = "<p>各县区教育局：现将有关事项通知如下，请认真贯彻落实，确保各项工作平稳有序。</p>"
FOOT = (
    "<div class='footer'><p>主办单位：柏川市教育局　联系电话：0931-5550177</p>"
    "<p>陇ICP备05009907号-1　甘公网安备 62990702000123号　网站标识码：{code}</p></div>"
)
BAD_WORD = "<p>2026年3月2日，领导小姐召开第3次会议，研究部署校园安全工作。</p>"
BAD_LINK = "<p><a href='http://www.ylbet-jinhai.com/'>澳门新葡京娱乐城</a></p>"
DEAD = "<p>附件见<a href='/tzgg/gone_12.html'>上一期通报</a></p>"

Site = dict[str, Any]


def page(title: str, day: str, more: str = "", *, code: str = "6299070001", stated: str = "") -> Site:
    head = f"<meta name='ArticleTitle' content='{title}'><meta name='PubDate' content='{day} 09:00'>"
    where = "<div class='dqwz'>当前位置：<a href='/'>首页</a> &gt; <a href='/tzgg/'>通知公告</a></div>"
    line = f"<p>发布时间：{stated or day} 09:00　来源：柏川市教育局</p>"
    body = f"{where}<h1>{title}</h1>{line}<div class='TRS_Editor'>{TEXT}{more}</div>{FOOT.format(code=code)}"
    return {"title": title, "head": head, "body": body, "published": day}


def site() -> Site:
    """A site with one fault of each kind."""
    listed = "<ul><li><a href='/tzgg/t20260302_11.html'>关于召开会议的通知</a><span>2026-03-02</span></li></ul>"
    pages = {
        "/": {"body": f"<h1>柏川市教育局</h1><p>现在是2026年3月10日</p>{FOOT.format(code='6299070001')}"},
        "/tzgg/": {"title": "通知公告", "body": f"<h2>通知公告</h2>{listed}"},
        "/tzgg/t20260302_11.html": page("关于召开会议的通知", "2026-03-02", BAD_WORD),
        "/tzgg/t20260303_12.html": page("关于做好防汛工作的通知", "2026-03-03", BAD_LINK),
        "/tzgg/t20260304_13.html": page("关于开展督导检查的通知", "2026-03-04", DEAD),
        "/tzgg/t20260305_14.html": page("关于春季招生的通知", "2026-03-05", code="6299070009"),
        "/tzgg/t20260306_15.html": page("关于校车检查的通知", "2026-03-06", stated="2026-05-06"),
    }
    path = ["首页", "新闻", "工作动态"]
    column = {"name": "工作动态", "url": "/gzdt/", "entries": 9, "newest": "2024-01-05", "path": path}
    pages["/gzdt/"] = {"title": "工作动态", "body": "<h2>工作动态</h2>" + listed.replace("2026-03-02", "2024-01-05")}
    check = {"url": "/tzgg/gone_12.html", "outcome": "dead", "status": 404, "kind": "link"}
    return {"pages": pages, "columns": [column], "checks": [check]}


def rewritten(given: Site, *changes: tuple[str, str]) -> Site:
    """The site with these patterns replaced in its source, its addresses and everything that names them."""

    def told(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {told(name): told(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [told(item) for item in value]
        if isinstance(value, str) and key not in ("newest", "published", "outcome", "kind"):
            for old, new in changes:
                value = re.sub(old, new, value)
        return value

    result: Site = told(given)
    return result


def moved(given: Site) -> Site:
    """The articles go to another folder and get other numbers."""
    return rewritten(given, (r"/tzgg/t(\d+)_1(\d)", r"/zwgk/tzgg/t\1_90\2"))


def renumbered(given: Site) -> Site:
    """Newer articles come first in the list, and more of them."""
    fresh = {f"/tzgg/t2026031{n}_3{n}.html": page(f"关于表彰先进学校的通知（{n}）", f"2026-03-1{n}") for n in range(2)}
    given["pages"] = {"/": given["pages"].pop("/"), **fresh, **given["pages"]}
    return given


def neighbours(given: Site) -> Site:
    """Another article is withdrawn, and paragraphs are put before and after the faults."""
    return rewritten(given, (TEXT, f"<p>根据工作安排，通知如下。</p>{TEXT}<p>特此通知。</p>"))


def figures(given: Site) -> Site:
    """Numbers and days in the sentences with the faults change."""
    return rewritten(given, ("第3次会议", "第14次会议"), ("2026年3月2日，", "2026年3月11日，"))


def redated(given: Site) -> Site:
    """The banner tells the day, and the column of the fault got an entry that is as old."""
    given["columns"][0]["newest"] = "2024-01-09"
    return rewritten(given, ("现在是2026年3月10日", "今天是2026年3月12日 星期四"), ("2024-01-05", "2024-01-09"))


def template(given: Site) -> Site:
    """The content system is brought up to date: other classes, other attributes, links in a new window."""
    changes = [
        (r"<a href='([^']+)'", r'<a class="item" target="_blank" href="\1"'),
        ("class='TRS_Editor'", "class='trs_editor_view TRS_UEDITOR'"),
        ("class='dqwz'", "class='location'"),
        ("<p>发布时间：", "<p class='info'>发布时间："),
        ("<h1>", "<h1 class='title'>"),
    ]
    return rewritten(given, *changes)


def secured(given: Site) -> Site:
    """The site goes over to HTTPS."""
    return {**given, "home": "https://jyj.shili.gov.cn/"}


def marks(given: Site) -> Site:
    """Half-width marks become full-width ones, and spaces come in."""
    return rewritten(
        given,
        ("，领导小姐召开", ", 领导小姐 召开"),
        ("澳门新葡京娱乐城", " 澳门新葡京娱乐城 "),
        ("上一期通报", "上一期 通报"),
    )


def menu(given: Site) -> Site:
    """A column is hung below another one."""
    given["columns"][0]["path"] = ["首页", "要闻动态", "工作动态"]
    return given


def tracked(given: Site) -> Site:
    """Addresses get a parameter that says where the reader came from."""
    return rewritten(given, (r"(/tzgg/t\d+_\d+\.html)", r"\1?from=list"))


def reordered(given: Site) -> Site:
    """The articles are read in another order."""
    home = given["pages"].pop("/")
    given["pages"] = {"/": home, **dict(reversed(given["pages"].items()))}
    return given


CHANGES = [
    moved, renumbered, neighbours, figures, redated, template, secured, marks, menu, tracked, reordered,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_harmless_change_of_the_site_makes_nothing_new(change: Callable[[Site], Site]) -> None:
    old, _ = inspected(rules=RULES, **site())
    assert sorted(finding.rule for finding in old.findings) == FOUND
    comparison = compared(old, inspected(rules=RULES, on=JUNE, **change(deepcopy(site()))))
    assert {state: sorted(rules) for state, rules in states(comparison).items()} == {"persisting": FOUND}
    assert {finding.identity for finding in comparison.findings} == {finding.identity for finding in old.findings}


def test_an_article_that_moved_is_told_with_its_old_address() -> None:
    old, _ = inspected(rules=RULES, **site())
    comparison = compared(old, inspected(rules=RULES, on=JUNE, **moved(site())))
    (word,) = [finding for finding in comparison.findings if finding.rule == "WS-110"]
    assert word.where.url == "http://jyj.shili.gov.cn/zwgk/tzgg/t20260302_901.html"
    assert word.moved_from == "http://jyj.shili.gov.cn/tzgg/t20260302_11.html"
    assert word.first_seen == "2026-03-10"


REPORT = """# 柏川市教育局2025年政府信息公开工作年度报告

发布时间：2026-01-20

## 一、总体情况

2025年，收到政府信息公开申请15件，其中自然人申请14件、企业申请3件。

## 二、主动公开政府信息情况

## 三、收到和处理政府信息公开申请情况

## 五、存在的主要问题及改进情况

2025年存在的主要问题：一是公开不够及时，二是解读形式单一。下一步将加强培训。

## 六、其他需要报告的事项

无。
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("## 一、总体情况\n", "## 一、总体情况\n\n现将有关情况报告如下。\n"),
        ("自然人申请14件", "自然人申请 12 件"),
        ("申请15件", "申请18件"),
        ("2026-01-20", "2026-01-21"),
        ("，其中", ",其中"),
    ],
)
def test_a_report_that_was_touched_up_has_the_same_faults(old: str, new: str) -> None:
    first = reported(REPORT)
    assert len(first.findings) >= 5
    comparison = compare(first, reported(REPORT.replace(old, new)), None)
    assert [f"{finding.rule} {finding.message}" for finding in comparison.of("new")] == []
