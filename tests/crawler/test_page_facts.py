"""What a page says about itself, in the layouts that bureau sites use."""

# ruff: noqa: E501 (a sample of markup is easier to check on one line)

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_source import ARTICLE, CRUMB, FOOT, MENU, TEXT, URL, facts

from crawler import dates, urls
from crawler.evidence import Link
from crawler.listing import Paging
from crawler.pages import read_page
from crawler.readers.html import open_html
from crawler.readers.page.addresses import Addresses


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
    paging = facts("<p>当前位置：<a href='/'>首页</a> > 通知</p>" + body, url).paging
    turns = paging.turns if paging else ()
    assert {turn.url for turn in turns} == {urls.absolute(url, one) for one in wanted}
    assert {(turn.method, turn.data) for turn in turns} <= {("GET", False)}


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
def test_a_list_that_a_script_turns_or_fills_is_followed_or_its_gap_is_said(script: str, more: bool) -> None:
    paging = facts(f"<p>x</p><script>{script}</script>").paging
    assert bool(paging and (paging.turns or paging.gap)) is more


def test_a_pager_that_nothing_here_can_follow_is_a_gap() -> None:
    found = facts(MENU + CRUMB + "<ul></ul><script>laypage.render({elem: 'page', count: 90})</script>" + FOOT)
    assert found.paging == Paging("links", gap="列表由脚本翻页，未能读到其余各页")
    assert found.empty == "", "what was not read is not called empty"


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


# --- how links are made, where they stand, whether a reader sees them ---

HIDDEN = {
    "display": "<div style='DISPLAY : none !important'>{}</div>",
    "visibility": "<p style='visibility:hidden'>{}</p>",
    "attribute": "<p hidden>{}</p>",
    "opacity": "<p style='opacity:0'>{}</p>",
    "size": "<div style='width:0;height:0;overflow:hidden'>{}</div>",
    "offscreen": "<div style='position:absolute;left:-9999px'>{}</div>",
    "colour": "<p style='background-color:#fff'>字<font color='white'>{}</font></p>",
}
LINK = "<a href='http://other.example/'>友情链接</a>"


def only(body: str, url: str = URL) -> Link:
    (link,) = facts(body, url).links
    return link


@pytest.mark.parametrize(("reason", "around"), HIDDEN.items(), ids=HIDDEN)
def test_a_hidden_link_is_kept_and_says_what_hides_it(reason: str, around: str) -> None:
    link = only(around.format(LINK))
    assert (link.url, link.text, link.hidden) == ("http://other.example/", "友情链接", reason)


@pytest.mark.parametrize(
    ("reason", "body"),
    [
        ("opacity", "<p style='filter:alpha(opacity=0)'>{}</p>"),
        ("size", "<p style='font-size:1px'>{}</p>"),
        ("size", "<marquee height='1' width='4'>{}</marquee>"),
        ("offscreen", "<p style='text-indent:-999em'>{}</p>"),
        ("offscreen", "<div style='margin-left:-5000px'>{}</div>"),
        ("colour", "<table><tr><td bgcolor='#FF0000'><span style='color:rgb(255, 0, 0)'>{}</span></td></tr></table>"),
        ("display", "<noscript>{}</noscript>"),
        ("visibility", "<div style='visibility:hidden'><div><b>{}</b></div></div>"),
        ("", "<div style='visibility:hidden'><b style='visibility:visible'>{}</b></div>"),
        ("", "<ul style='font-size:0'><li style='font-size:14px'>{}</li></ul>"),
        ("", "<p style='color:#fff;background:#fff url(/bg.png)'>{}</p>"),
        ("", "<p style='text-indent:2em;width:0;margin:0 -10px'>{}</p>"),
        ("", "<div style='position:absolute;left:-20px;opacity:.9'>{}</div>"),
        ("", "<div style='display:none'>字</div><p>{}</p>"),
    ],
)
def test_ways_of_hiding_and_of_taking_it_back(reason: str, body: str) -> None:
    assert only(body.format(LINK)).hidden == reason


def test_a_link_hides_itself_and_frames_of_no_size_are_hidden() -> None:
    body = "<a href='/a' style='display:none'>甲</a><iframe src='/b' width='0' height='0'></iframe><iframe src='/c'></iframe>"
    assert [(link.form, link.hidden) for link in facts(body).links] == [
        ("link", "display"),
        ("frame", "size"),
        ("frame", ""),
    ]


def test_where_links_stand() -> None:
    body = (
        "<div class='header'><a href='/1'>首页</a><div class='content'><a href='/2'>概况</a></div></div>"
        "<div id='mainNav'><ul><li><a href='/3'>政务公开</a></li><li><a href='/4'>互动</a></li></ul></div>"
        "<p><a href='/5'>散落的链接</a></p>"
        "<div class='list_con'><ul><li><a href='/6'>关于放假安排的通知全文</a></li></ul></div>"
        "<article><header><a href='/7'>文内小标题</a></header></article>"
        "<div class='footer-box'><nav><a href='/8'>关于我们</a><a href='/9'>网站声明</a></nav></div>"
    )
    found = {link.url.rpartition("/")[2]: link.area for link in facts("<p>正文。</p>" * 9 + body).links}
    assert found == {
        "1": "nav",
        "2": "nav",
        "3": "nav",
        "4": "nav",
        "5": "other",
        "6": "main",
        "7": "main",
        "8": "footer",
        "9": "footer",
    }


def test_the_rows_of_a_list_are_the_main_part_whatever_it_is_called() -> None:
    rows = "".join(f"<li><a href='/a{n}.html'>{t}</a><span>{d}</span></li>" for n, (t, d) in enumerate(WANTED))
    assert {link.area for link in facts(f"<div class='x9'><ul>{rows}</ul></div>").links} == {"main"}


def test_links_that_are_made_otherwise() -> None:
    body = (
        "<a href='#' onclick=\"window.open('/a.html')\">甲</a><a href=\"javascript:location.href='b.html'\">乙</a>"
        "<div onclick=\"location='/c.html'\">丙</div><a href='javascript:void(0)'>丁</a>"
        "<select onchange='go(this.value)'><option value=''>请选择</option><option value='http://d.example/'>戊</option></select>"
        "<select><option value='/no'>不跳转</option></select><iframe src='/e.html'></iframe>"
    )
    found = [(link.url.removeprefix("http://jyj.example.gov.cn"), link.text, link.form) for link in facts(body).links]
    assert found == [
        ("/a.html", "甲", "script"),
        ("/zwgk/tzgg/b.html", "乙", "script"),
        ("/c.html", "丙", "script"),
        ("http://d.example/", "戊", "script"),
        ("/e.html", "", "frame"),
    ]


@pytest.mark.parametrize(
    ("body", "head", "target"),
    [
        ("", "<meta http-equiv='refresh' content='0; url=new/index.html'>", "/zwgk/tzgg/new/index.html"),
        ("", "<meta http-equiv='Refresh' content=\"3;URL='/new/'\">", "/new/"),
        ("<script>window.location.href = '/new/';</script>", "", "/new/"),
        ("<script>top.location.replace('/new/')</script><p>正在跳转</p>", "", "/new/"),
        ("<script>location.href = '/new/';</script>" + "<p>栏目里有许多文字。</p>" * 60, "", None),
        ("<noscript><meta http-equiv='refresh' content='0;url=/nojs'></noscript><p>字</p>", "", None),
        ("<p>自动刷新</p>", f"<meta http-equiv='refresh' content='300;url={URL}'>", None),
        ("<script>location.href = '/a' + id;</script>", "", None),
    ],
)
def test_pages_that_send_the_reader_on(body: str, head: str, target: str | None) -> None:
    found = facts(body, head=head)
    assert found.forward == (urls.absolute(URL, target) if target else None)
    sent = [link.url for link in found.links if link.form == "refresh"]
    assert sent == ([found.forward] if found.forward else [])


@given(
    st.lists(st.sampled_from(["/", "./", "../", "a", "b.html", "?x=1", "#t", "//", "http://h.cn", "https:", ";s", "%20", " ", "\\", ":", "年", "@", ".", "&", "http://H.cn/"]), max_size=5).map("".join),
    st.sampled_from(["http://a.gov.cn/", "http://a.gov.cn/x/y.html", "https://a.gov.cn:8080/x/", "http://a.gov.cn/x//y/", "http://a.gov.cn/x;p/y?q=/z", "http://a..cn/"]),
)  # fmt: skip
def test_the_quick_way_to_an_address_leads_where_the_careful_one_does(href: str, base: str) -> None:
    assert Addresses(base).of(href) == urls.absolute(base, href)


# --- titles, columns, emptiness ---


@pytest.mark.parametrize(
    ("title", "body", "wanted"),
    [
        ("关于学校食堂开放日的通知_通知公告_示范市教育局", "<p>当前位置：<a href='/'>首页</a> > 通知公告</p>", "关于学校食堂开放日的通知"),
        ("示范市教育局门户网站 - 关于学校食堂开放日的通知", "<p>短</p>", "关于学校食堂开放日的通知"),
        ("关于学校食堂开放日的通知|示范市教育局网站", "<h1>示范市教育局</h1><h2>关于学校食堂开放日的通知</h2>", "关于学校食堂开放日的通知"),
        ("年报-2023年度 - 示范市人民政府", "<p>短</p>", "年报-2023年度"),
        ("示范市教育局", "<h1>关于学校食堂开放日的通知</h1>", "关于学校食堂开放日的通知"),
        ("", "<p>关于学校食堂开放日的通知</p><p>各学校，请按时开放。</p>", "关于学校食堂开放日的通知"),
    ],
)  # fmt: skip
def test_titles_of_articles(title: str, body: str, wanted: str) -> None:
    source = f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()
    opened = open_html(source, "http://jyj.example.gov.cn/t20240131_1.html", "text/html; charset=utf-8")
    assert read_page(opened, is_home=False).title == wanted


def test_a_tag_states_the_title_and_a_template_that_was_not_filled_in_states_none() -> None:
    url = "http://jyj.example.gov.cn/t20240131_1.html"
    assert facts("<h1>标题</h1>", url, "<meta name='ArticleTitle' content='全名'>").title == "全名"
    assert facts("<h1>标题</h1>", url, "<meta name='ArticleTitle' content='${title}'>").title == "标题"


@pytest.mark.parametrize(
    ("body", "empty", "quote"),
    [
        ("<div class='list'>暂无信息！</div>", "stated", "暂无信息！"),
        ("<div class='list'><p>栏目正在建设中，敬请期待。</p></div>", "stated", "栏目正在建设中，敬请期待。"),
        ("<div class='list'><ul></ul></div>", "blank", ""),
        ("<div class='list'></div><div>共 0 条 首页 上一页 下一页 尾页</div>", "blank", ""),
        ("<p>本单位设办公室、人事科、基础教育科，负责学校管理和教师队伍建设等各项工作。</p>", "", ""),
        ("<p>我市暂无信息显示学校需要停课，各校照常安排教学，家长有疑问的可以拨打咨询电话。</p>", "", ""),
        ("<div id='app'></div><script>new Vue({el:'#app'})</script>", "", ""),
        ("<ul id='list'></ul><script>$.ajax({url:'/api/list'})</script>", "", ""),
        ("<img src='/jg.png' alt='机构设置图'>", "", ""),
        ("<iframe src='/list.html'></iframe>", "", ""),
        ("<ul><li><a href='/a/'>甲科</a></li><li><a href='/b/'>乙科</a></li><li><a href='/c/'>丙科</a></li></ul>", "", ""),
        ("<ul><li><a href='/a1.html'>关于放假安排的通知</a><span>2024-01-02</span></li></ul>", "", ""),
    ],
    ids=["stated", "building", "blank", "counters", "text", "sentence", "vue", "ajax", "picture", "frame", "links", "entry"],
)  # fmt: skip
def test_columns_without_entries_say_so_or_are_blank(body: str, empty: str, quote: str) -> None:
    found = facts(MENU + CRUMB + body + FOOT)
    assert (found.empty, found.empty_quote) == (empty, quote)
    assert found.kind in ("column", "list")


def test_only_columns_are_empty() -> None:
    assert facts("").empty == "", "a page without a menu may be drawn by a script"
    assert facts("<p>暂无内容</p>", "http://jyj.example.gov.cn/t20240131_1.html").empty == ""
    assert facts(MENU, is_home=True).empty == ""


def test_a_front_of_several_lists_is_a_column_and_no_list() -> None:
    def block(name: str, start: int) -> str:
        rows = "".join(
            f"<li><a href='/{name}/{n}.html'>关于第{n}项工作的通知</a><i>2024-01-0{n}</i></li>"
            for n in range(start, start + 3)
        )
        return f"<div class='b-{name}'><h3>{name}<a href='/{name}/'>更多&gt;&gt;</a></h3><ul>{rows}</ul></div>"

    found = facts(MENU + CRUMB + block("zc", 1) + block("jd", 4))
    assert (found.kind, len(found.entries), found.paging) == ("column", 6, None)


def test_years_that_stand_above_the_rows() -> None:
    def rows(year: int) -> str:
        found = "".join(f"<li><a href='/{year}{n}.html'>关于第{n}批名单的公示</a><b>0{n}-1{n}</b></li>" for n in (1, 2))
        return f"<h4>{year}年</h4><ul>{found}</ul>"

    assert [day for _, day in listed(f"<div>{rows(2023)}{rows(2022)}</div>")] == [
        date(2023, 1, 11),
        date(2023, 2, 12),
        date(2022, 1, 11),
        date(2022, 2, 12),
    ]


# --- hostile pages ---


def test_control_characters_do_no_harm() -> None:
    found = facts(f"<p>关于\0放假的\x01通知，请各校\0执行。</p>{LINK}" + TEXT, ARTICLE)
    assert "关于放假的通知，请各校执行。" in found.facts.text
    assert found.facts.notes == ("去掉了 3 个控制字符",)


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"<p><a href='/{n}.html'>关于第{n}号的公告</a></p>" for n in range(5000)),
        "<div>" * 200 + "".join(f"<a href='/{n}.html' style='color:#fff'>首页</a>" for n in range(5000)),
        "<div class='nav' style='font-size:12px'>" * 200 + "<p>当前位置：<a href='/'>首页</a></p>" * 5000,
        "<div onclick=\"go('/a.html')\">" * 200 + "<p onclick=\"location='/b.html'\">字</p>" * 5000,
        "<table><tr><td>索引号：</td><td>1</td></tr></table>" * 5000,
        "<ul>" + "<li>2024年</li>" * 3000 + "<li><a href='/a'>关于放假安排的通知</a>01-02</li>" * 3000 + "</ul>",
        "<div class='footer'>" + "<p>主办单位：某局　承办：" * 3000 + "</div>",
        "<p style='" + "color:red;" * 50_000 + "' class='" + "nav " * 50_000 + "'>字</p>",
        "<p>" + "时间 " * 200_000 + "</p>",
    ],
    ids=["links", "deep", "crumbs", "onclick", "tables", "years", "footer", "attributes", "labels"],
)
def test_pages_that_are_made_to_be_slow_are_read_in_time(body: str) -> None:
    opened = open_html(f"<html><body>{body}</body></html>".encode(), URL, "text/html; charset=utf-8")
    begun = time.process_time()
    found = read_page(opened, is_home=False)
    assert time.process_time() - begun < 5
    assert len(found.links) <= 3000
    assert found.facts.notes == (("链接超过 3000 条，只记录了前面的部分",) if len(found.links) == 3000 else ())
