"""Pages that stand for 'not found' under status 200, and pages that only look a little like them."""

from __future__ import annotations

import re

import pytest

from crawler.crawl.soft404 import SoftErrors, probe_address

HOME = "http://jyj.example.gov.cn/"
MISSING = (
    "您要找的内容可能换了地方。请从栏目导航进入，或者使用站内检索查找；"
    "如果是从其他网站来到这里，请告知我们更正。谢谢您的关注与支持。"
)
ARTICLE = (
    "为进一步规范办学行为，根据上级要求，现就做好本年度招生工作通知如下：各校要公布招生范围、条件和时间，接受社会监督。"
)


def learned(status: int = 404, target: str | None = None, title: str = "", text: str = "") -> SoftErrors:
    errors = SoftErrors(HOME)
    errors.learn_probe(status, target, title, text)
    return errors


def test_the_probe_is_the_same_each_time_and_differs_between_sites() -> None:
    assert probe_address(HOME) == probe_address(HOME) != probe_address("http://rsj.example.gov.cn/")
    assert re.fullmatch(r"http://jyj\.example\.gov\.cn/[a-z]{16}\.html", probe_address(HOME + "index/main.html"))


def test_the_page_for_unknown_addresses_is_known_again() -> None:
    errors = learned(200, title="示范市教育局", text=MISSING)
    found = errors.is_soft(HOME + "old/a.html", "示范市教育局", MISSING, None)
    assert found == "与不存在的地址返回的页面相同（相似度 100%）"
    assert errors.is_soft(HOME + "b.html", "示范市教育局", MISSING.replace("谢谢", "感谢"), None)
    assert errors.is_soft(HOME + "c.html", "示范市教育局", ARTICLE, None) is None
    assert errors.is_soft(HOME + "d.html", "示范市教育局", MISSING[:40] + ARTICLE, None) is None
    assert errors.is_soft(HOME + "e.html", "示范市教育局", "", None) is None


def test_the_address_that_an_error_page_repeats_makes_no_difference() -> None:
    probe = probe_address(HOME)
    errors = learned(200, title="提示", text=f"没有与 {probe} 对应的内容。{MISSING}")
    asked = HOME + "info/2019/long-name-of-an-article.html"
    assert errors.is_soft(asked, "提示", f"没有与 {asked} 对应的内容。{MISSING}", None)


def test_a_site_that_answers_everything_with_its_home_page() -> None:
    front = "要闻 通知公告 政策文件 年度报告 " + ARTICLE * 3
    errors = learned(200, title="示范市教育局", text=front)
    for name in ("", "index.html", "index.jsp", "default.aspx", "main.htm"):
        assert errors.is_soft(HOME + name, "示范市教育局", front, None) is None, name
    assert errors.is_soft(HOME + "gone.html", "示范市教育局", front, None)
    assert errors.is_soft(HOME + "tz/1.html", "招生通知", ARTICLE, None) is None


def test_pages_drawn_by_script_are_no_errors_because_all_are_alike() -> None:
    errors = learned(200, title="示范市教育局", text="加载中")
    assert errors.is_soft(HOME + "list", "示范市教育局", "加载中", None) is None


def test_the_same_redirect_as_the_probe() -> None:
    errors = learned(302, HOME + "error/404.html?from=x")
    assert errors.is_soft(HOME + "a.html", "", "", HOME + "error/404.html?from=a") == (
        "与不存在的地址一样转到 http://jyj.example.gov.cn/error/404.html?from=a"
    )
    assert errors.is_soft(HOME + "a.html", "", ARTICLE, HOME + "new/a.html") is None
    assert errors.is_soft(HOME + "a.html", "", ARTICLE, None) is None


def test_unknown_addresses_are_sent_to_the_home_page() -> None:
    errors = learned(301, HOME)
    assert errors.is_soft(HOME + "old/a.html", "首页", ARTICLE, HOME)
    assert errors.is_soft(HOME + "index.html", "首页", ARTICLE, HOME) is None
    assert errors.is_soft(HOME, "首页", ARTICLE, None) is None


def test_another_scheme_or_host_name_is_no_redirect_to_an_error() -> None:
    errors = learned(301, probe_address(HOME).replace("http:", "https:"))
    assert errors.is_soft(HOME + "a.html", "通知", ARTICLE, HOME.replace("http:", "https:") + "a.html") is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("示范市教育局", "抱歉，您访问的页面不存在或已删除。"),
        ("404", "很抱歉，您要访问的页面不存在！请检查网址。返回首页"),
        ("404 Not Found", "The requested URL was not found on this server."),
        ("404-页面不存在", "5 秒后返回首页"),
        ("页面未找到 - 示范市教育局", ""),
        ("404", ""),
        ("示范市教育局_网页不存在", "返回"),
        ("信息详情", "该信息不存在或已被删除！"),
        ("错误提示", ""),
        ("提示信息", "对不起，您浏览的文章不存在"),
    ],
)
def test_pages_that_say_so(title: str, text: str) -> None:
    assert learned().is_soft(HOME + "x.html", title, text, None)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "关于网站改版的公告",
            "网站改版后，部分旧网址打不开。" + ARTICLE + "如遇您访问的页面不存在，请来电。" + ARTICLE,
        ),
        ("404路公交车学生专线开通", "自九月一日起开通。"),
        ("依申请公开答复书", "经检索，您申请公开的信息不存在，特此告知。"),
        ("关于规范网站“页面不存在”提示的通知", "请各校按要求完成整改。"),
        ("政策文件", "暂无信息"),
        ("错误提示", "密码错误，请重新登录。"),
        ("人事任免", "免去其职务。"),
        ("", ""),
        ("招生通知", ARTICLE),
    ],
)
def test_pages_that_do_not(title: str, text: str) -> None:
    assert learned().is_soft(HOME + "x.html", title, text, None) is None


def test_the_quote_is_short_and_from_the_page() -> None:
    said = learned().is_soft(HOME + "x.html", "提示", "抱歉，\n 您访问的页面不存在。", None)
    assert said == "页面写明“抱歉， 您访问的页面不存在。”"


def test_the_home_page_is_never_called_an_error_for_its_words() -> None:
    assert learned().is_soft(HOME, "404", "您访问的页面不存在", None) is None
