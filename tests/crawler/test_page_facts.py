"""What a page says about itself, in the layouts that bureau sites use."""

# ruff: noqa: E501 (a sample of markup is easier to check on one line)

from __future__ import annotations

import time
from datetime import date

import pytest

from crawler import dates, readers, urls
from crawler.pages.page import PageFacts, read_page

URL = "http://jyj.example.gov.cn/zwgk/tzgg/index.html"


def facts(body: str, url: str = URL, head: str = "", *, is_home: bool = False) -> PageFacts:
    source = f"<html><head><title>标题</title>{head}</head><body>{body}</body></html>".encode()
    return read_page(source, readers.read(source, uri=url, media_type="text/html"), url, is_home=is_home)


def listed(body: str, url: str = URL) -> list[tuple[str, date | None]]:
    return [(entry.title, entry.date) for entry in facts(body, url).entries]


NAMES = ["关于开展校园安全检查的通知", "关于公布学校名单的公告", "关于征求意见的公告", "关于放假安排的通知"]
DAYS = [date(2024, 1, day) for day in (9, 8, 5, 3)]
WANTED = list(zip(NAMES, DAYS, strict=True))


@pytest.mark.parametrize(
    "body",
    [
        "<ul>" + "".join(f"<li><a href='/a{n}.html'>{t}</a><span>[{d}]</span></li>" for n, (t, d) in enumerate(WANTED)) + "</ul>",
        "<ul>" + "".join(f"<li><span>{d:%Y/%m/%d}</span> <a href='/a{n}.html'>·{t}</a></li>".replace("·", "") for n, (t, d) in enumerate(WANTED)) + "</ul>",
        "<table><tr><th>名称</th><th>日期</th></tr>" + "".join(f"<tr><td><a href='/a{n}.html'>{t}</a></td><td>某发〔2023〕{n}号</td><td>{d.year}年{d.month}月{d.day}日</td></tr>" for n, (t, d) in enumerate(WANTED)) + "</table>",
        "<dl>" + "".join(f"<dt><a href='/a{n}.html'>{t}</a></dt><dd>发布时间：{d} 10:30:00</dd>" for n, (t, d) in enumerate(WANTED)) + "</dl>",
        "<div>" + "".join(f"<div class='item'><a href='/a{n}.html'><b>{t}</b><i>{d:%Y.%m.%d}</i></a></div>" for n, (t, d) in enumerate(WANTED)) + "</div>",
        "<ul>" + "".join(f"<li><div><p>{d:%m-%d}</p><p>{d.year}</p></div><a href='/a{n}.html'>{t}</a></li>" for n, (t, d) in enumerate(WANTED)) + "</ul>",
        "<ul>" + "".join(f"<li><div><b>{d.day}</b><span>{d:%Y-%m}</span></div><a href='/a{n}.html'>{t}</a></li>" for n, (t, d) in enumerate(WANTED)) + "</ul>",
        "<ul>" + "".join(f"<li><a href='./202401/t{d:%Y%m%d}_{n}.html' title='{t}'>{t[:6]}...</a>({d:%m-%d})</li>" for n, (t, d) in enumerate(WANTED)) + "</ul>",
        "".join("<ul class='l'>" + "".join(f"<li><a href='/a{t}.html'>{t}</a><span>{d}</span></li>" for t, d in half) + "</ul><hr>" for half in (WANTED[:2], WANTED[2:])),
    ],
    ids=["ul", "date-first", "table", "dl", "div", "split-month", "split-day", "month-day", "two-lists"],
)  # fmt: skip
def test_entries_of_a_list_in_each_layout(body: str) -> None:
    menu = "<ul><li><a href='/'>首页</a></li><li><a href='/zwgk/'>政务公开</a></li><li><a href='/hd/'>互动交流</a></li></ul>"
    side = "<div class='side'><ul><li><a href='/x.html'>侧栏里的一条热点新闻标题</a><span>2020-01-01</span></li></ul></div>"
    found = facts(menu + side + body)
    assert found.kind == "list"
    assert [(entry.title, entry.date) for entry in found.entries] == WANTED


def test_a_date_in_the_title_is_not_the_date_of_the_entry() -> None:
    body = "".join(
        f"<li><a href='/{n}.html'>2020年5月{n}日会议纪要全文公开</a> <em>2024-02-0{n}</em></li>" for n in (1, 2, 3)
    )
    assert [day for _, day in listed(f"<ul>{body}</ul>")] == [date(2024, 2, n) for n in (1, 2, 3)]


def test_month_and_day_without_a_year_anywhere_stay_unknown() -> None:
    body = "".join(f"<li><a href='/{n}.html'>关于第{n}批名单的公示公告</a><span>01-0{n}</span></li>" for n in (1, 2, 3))
    assert [day for _, day in listed(f"<ul>{body}</ul>")] == [None, None, None]


def test_undated_reports_are_entries_and_menus_and_friend_links_are_not() -> None:
    reports = "".join(
        f"<li><a href='/nb/{y}.html'>示范市教育局{y}年政府信息公开工作年度报告</a></li>" for y in (2022, 2023)
    )
    menu = (
        "<ol><li><a href='/'>首页</a></li><li><a href='/b/'>机构职能</a></li><li><a href='/c/'>政策文件</a></li></ol>"
    )
    friends = "<ul class='f'><li><a href='http://other.example/'>中华人民共和国某某部门户网站首页链接</a></li></ul>"
    found = facts(menu + reports.join(["<ul>", "</ul>"]) + friends)
    assert [entry.url for entry in found.entries] == [f"http://jyj.example.gov.cn/nb/{y}.html" for y in (2022, 2023)]
    assert facts(menu + friends).entries == ()


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("<div>当前位置：<a href='/'>首页</a> &gt; <a href='/zwgk/'>政务公开</a> &gt; <a href='./'>通知公告</a></div>", ("政务公开", "通知公告")),
        ("<div><span>您现在的位置 :</span><p><a href='/'>网站首页</a>»<a href='/zwgk/'>政务公开</a>»通知公告</p></div>", ("政务公开", "通知公告")),
        ("<table><tr><td>当前位置：<a href='/'>首页</a></td><td><table><tr><td> > <a href='/z/'>政务公开</a></td></tr></table></td></tr></table>", ("政务公开",)),
        ("<div><a href='/'>首页</a>-&gt;<a href='/z/'>政务公开</a>-&gt;<a href='/t/'>年报-2023</a></div>", ("政务公开", "年报-2023")),
        ("<p>位置：首页 / 政务公开 / 正文 <a href='/z/'></a></p>", ("政务公开",)),
        ("<p>地理位置优越，交通便利。<a href='/z/'>乘车路线</a></p>", ()),
        ("<div><a href='/'>首页</a> | <a href='/z/'>设为主页</a></div>", ()),
    ],
)  # fmt: skip
def test_the_path_to_a_page(body: str, path: tuple[str, ...]) -> None:
    assert facts(body).column_path == path


def test_column_name_tag_stands_in_for_a_missing_path() -> None:
    assert facts("<p>x</p>", head="<meta name='columnname' content='年报'>").column_path == ("年报",)


def test_the_title_at_the_end_of_the_path_is_no_column() -> None:
    title = "示范市教育局2023年政府信息公开工作年度报告"
    body = f"<p>当前位置：<a href='/'>首页</a> > <a href='/nb/'>年报</a> > {title}</p><h1>{title}</h1>"
    assert facts(body, head=f"<meta name='ArticleTitle' content='{title}'>").column_path == ("年报",)


@pytest.mark.parametrize(
    ("url", "head", "body", "published"),
    [
        ("/t20240131_1.html", "<meta name='PubDate' content='2024-02-02 08:00'>", "<p>发布日期：2024-02-03</p>", date(2024, 2, 2)),
        ("/t20240131_1.html", "<meta name='PubDate' content=''>", "<p>发布日期：2024年2月3日　来源：办公室</p>", date(2024, 2, 3)),
        ("/t20240131_1.html", "", "<p>没有日期</p>", date(2024, 1, 31)),
        ("/art/2024/1/5/art_1_2.html", "", "<p>没有日期</p>", date(2024, 1, 5)),
        ("/content/post_12.html", "", "<p>没有日期</p>", None),
        ("/t20241399_1.html", "", "<p>日期：2024-13-40</p>", None),
    ],
)  # fmt: skip
def test_the_day_of_publication_tag_first_then_text_then_address(
    url: str, head: str, body: str, published: date | None
) -> None:
    found = facts(f"<h1>标题</h1>{body}", "http://jyj.example.gov.cn/zwgk" + url, head)
    assert found.published == published


def test_kinds_of_pages() -> None:
    rows = "".join(f"<li><a href='/a{n}.html'>{t}</a><span>{d}</span></li>" for n, (t, d) in enumerate(WANTED))
    text = "<p>" + "全年主动公开政府信息，答复申请。" * 30 + "</p>"
    plain = "http://jyj.example.gov.cn/page.html"
    assert facts("<p>x</p>", plain, is_home=True).kind == "home"
    assert facts(text + f"<ul>{rows}</ul>", plain).kind == "article", "an article with news beside it"
    assert facts(f"<ul>{rows}</ul>", plain, "<meta name='PubDate' content='2024-01-01'>").kind == "list"
    assert facts("<p>短文。</p>", plain, "<meta name='ContentSource' content='本局'>").kind == "article"
    assert facts("<p>发布时间：2024-01-02</p><p>短文。</p>", plain).kind == "article"
    assert facts("<p>暂无内容</p>", "http://jyj.example.gov.cn/zwgk/").kind == "column"
    assert facts("<p>暂无内容</p>", plain).kind == "other"


@pytest.mark.parametrize(
    ("url", "body", "wanted"),
    [
        (URL, "<div><a href='index.html'>首页</a><a href='index_1.html'>2</a><a href='index_2.html'>3</a><a href='index_1.html'>下一页</a></div>", ["index_1.html", "index_2.html"]),
        ("http://jyj.example.gov.cn/tzgg.htm", "<div>共3页 <a href='tzgg/2.htm'>2</a> <a href='tzgg/1.htm'>尾页</a></div>", ["/tzgg/2.htm", "/tzgg/1.htm"]),
        ("http://jyj.example.gov.cn/list.jsp?id=5&page=1", "<p>第1页/共2页 <a href='?id=5&page=2'>&gt;&gt;</a></p>", ["/list.jsp?id=5&page=2"]),
        (URL, "<div>2024年 <a href='/zwgk/tzgg/d1.html'>1</a> <a href='/zwgk/tzgg/d2.html'>2</a></div>", []),
        (URL, "<div><a href='/other/index.html'>下一页</a><a href='http://x.example/2.html'>下一页</a></div>", []),
    ],
    ids=["trs", "boda", "query", "calendar", "elsewhere"],
)  # fmt: skip
def test_links_that_turn_the_page(url: str, body: str, wanted: list[str]) -> None:
    assert list(facts("<p>当前位置：<a href='/'>首页</a> > 通知</p>" + body, url).pagers) == [
        urls.absolute(url, one) for one in wanted
    ]


@pytest.mark.parametrize(
    ("script", "more"),
    [
        ('createPageHTML(12, 0, "index", "html");', True),
        ('createPageHTML(1, 0, "index", "html");', False),
        ('createPageHTML("page_div", 4, 1, "list", "shtml", 80);', True),
        ("var countPage=3;", True),
        ("var pageCount = 1;", False),
        ("$.get('/module/web/jpage/dataproxy.jsp?page=1')", True),
        ("var a = 1;", False),
    ],
)
def test_pagers_that_only_a_script_can_follow_are_noticed(script: str, more: bool) -> None:
    assert facts(f"<p>x</p><script>{script}</script>").script_pager is more


def test_links_keep_text_title_and_order_and_leave_out_what_is_no_address() -> None:
    body = (
        "<a href='a.html' title='全称'> 甲 <b>乙</b></a><a href='a.html' title='全称'>甲 乙</a><a href='#top'>顶</a>"
        "<a href='javascript:go()'>x</a><a href='mailto:a@b'>x</a><a href='http://[bad'>x</a><a href='/b c.html'><img alt='图'></a>"
        "<map><area href='\\c.html' alt='区'></map><a href='年报.html'>年报</a>"
    )
    found = [(link.url.removeprefix("http://jyj.example.gov.cn"), link.text, link.title) for link in facts(body).links]
    assert found == [
        ("/zwgk/tzgg/a.html", "甲 乙", "全称"),
        ("/zwgk/tzgg/index.html#top", "顶", ""),
        ("/b%20c.html", "图", ""),
        ("/c.html", "区", ""),
        ("/zwgk/tzgg/%E5%B9%B4%E6%8A%A5.html", "年报", ""),
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a.example/x", "https://www.a.example/x#y", True),
        ("http://a.example", "http://A.example:80/", True),
        ("http://a.example/x;jsessionid=12", "http://a.example/x?spm=a.b", True),
        ("http://a.example/x?id=1", "http://a.example/x?id=2", False),
        ("http://a.example:8080/", "http://a.example/", False),
        ("http://a.example/X", "http://a.example/x", False),
    ],
)
def test_addresses_of_the_same_page(one: str, other: str, same: bool) -> None:
    assert (urls.key(one) == urls.key(other)) is same


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("127.0.0.1", False), ("10.1.2.3", False), ("169.254.169.254", False), ("0.0.0.0", False),
        ("100.64.0.1", False), ("224.0.0.1", False), ("::1", False), ("fe80::1%eth0", False), ("::ffff:10.0.0.1", False),
        ("2400:3200::1", True), ("no address", False),
    ],
)  # fmt: skip
def test_addresses_on_the_open_internet(address: str, public: bool) -> None:
    assert urls.is_public(address) is public


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1"])
def test_disguised_addresses_are_seen_through(host: str) -> None:
    assert urls.literal_address(host) == "127.0.0.1"
    assert urls.literal_address("jyj.example.gov.cn") is None


def test_only_dates_are_only_dates() -> None:
    for text in ("2024-01-02", "[2024/1/2]", "发布时间：2024年1月2日 10:20", "01-02", "（1月2日）"):
        assert dates.is_only_date(text), text
    for text in ("2024-01-02 会议", "第3-5号", "", "电话 0931-88", "2024"):
        assert not dates.is_only_date(text), text


def test_a_page_of_fifty_thousand_links_takes_no_age() -> None:
    body = (
        "<ul>"
        + "".join(f"<li><a href='/a{n}.html'>关于第{n}号的公告</a><i>2024-01-02</i></li>" for n in range(50_000))
        + "</ul>"
    )
    begun = time.monotonic()
    found = facts(body)
    assert len(found.links) == 3000
    assert time.monotonic() - begun < 30
