"""What a page states about itself: main text, dates, metadata block, source, footer, attachments, tags."""

# ruff: noqa: E501 (a sample of markup is easier to check on one line)

from __future__ import annotations

from datetime import date

import pytest
from lxml import etree
from page_source import ARTICLE, CRUMB, FOOT, MENU, PARAGRAPHS, TEXT, facts

from crawler.evidence import Facts
from crawler.pages import read_page
from crawler.readers.html import open_html


def page(
    content: str = f"<div class='TRS_Editor'>{TEXT}</div>", above: str = "", below: str = "", head: str = ""
) -> Facts:
    side = "<div class='you'><h3>相关新闻</h3><ul><li><a href='/x.html'>另一条新闻的标题</a></li></ul></div>"
    return facts(
        MENU + CRUMB + f"<div class='zw'><h1>标题</h1>{above}{content}{below}</div>" + side + FOOT, ARTICLE, head
    ).facts


@pytest.mark.parametrize(
    ("content", "selector"),
    [
        (f"<div class='TRS_Editor'>{TEXT}</div>", "/html/body/div[3]/div"),
        (f"<ucapcontent>{TEXT}</ucapcontent>", "/html/body/div[3]/ucapcontent"),
        (f"<div id='zoom'>大 中 小</div><div class='b7'>{TEXT}</div>", "/html/body/div[3]/div[2]"),
        (f"<table><tr><td>{TEXT}</td></tr></table>", "/html/body/div[3]/table/tr/td"),
        (f"<div class='article'><p>上一级栏目</p><div>{TEXT}</div></div>", "/html/body/div[3]/div/div"),
    ],
    ids=["trs", "element", "font-buttons", "unnamed", "inside"],
)
def test_the_main_text_and_where_it_stands(content: str, selector: str) -> None:
    found = page(content)
    assert (found.text.split("\n"), found.text_selector) == (PARAGRAPHS, selector)


def test_title_date_line_tools_and_hidden_text_are_no_main_text() -> None:
    above = "<p>发布时间：2024-01-31　来源：办公室</p>"
    below = "<p style='display:none'>看不见的一段文字，不应当读取。</p><p>上一篇：<a href='/p.html'>前一条</a></p><p>关闭窗口</p>"
    body = f"<div class='nr'><h1>标题</h1>{above}{TEXT}{below}</div>"
    assert facts(MENU + body + FOOT, ARTICLE).facts.text.split("\n") == PARAGRAPHS


def test_a_list_has_no_main_text_and_a_home_page_has_none() -> None:
    rows = "".join(f"<li><a href='/a{n}.html'>关于第{n}项工作的通知</a><i>2024-01-0{n}</i></li>" for n in range(1, 5))
    assert facts(f"<p>说明文字。</p><ul>{rows}</ul>").facts.text == ""
    assert facts(f"<div id='zoom'>{TEXT}</div>", is_home=True).facts.text == ""


def test_every_statement_of_the_day_of_publication() -> None:
    above = "<div class='info'><span>发布时间：2024-02-01 09:30</span> <span>来源：示范市教育局</span></div>"
    found = page(above=above, head="<meta name='PubDate' content='2024-01-31 09:30'>")
    assert [(seen.origin, seen.value, seen.quote, seen.selector) for seen in found.dates] == [
        ("tag", date(2024, 1, 31), "2024-01-31 09:30", "//meta[@name='PubDate']"),
        ("text", date(2024, 2, 1), "发布时间：2024-02-01 09:30 来源：示范市教育局", "/html/body/div[3]/div[1]"),
        ("url", date(2024, 1, 31), ARTICLE, ""),
    ]
    assert found.dates_agree is False
    assert page(above=above.replace("02-01", "01-31")).dates_agree is True
    assert found.source == "示范市教育局"


@pytest.mark.parametrize(
    ("above", "days"),
    [
        ("<p>2024年1月30日 10:20</p>", [date(2024, 1, 30)]),
        ("<p>录入时间：2024-01-30 编辑：某某</p>", [date(2024, 1, 30)]),
        ("<p><small>时间:</small>2024-01-30<small>来源:</small>办公室</p>", [date(2024, 1, 30)]),
        ("<p>来信时间：2024-01-30</p>", []),
        ("<p>（2024年1月30日局务会议通过）</p>", []),
        ("<p>成文日期：2024-01-30</p>", []),
    ],
)
def test_dates_below_the_title(above: str, days: list[date]) -> None:
    assert [seen.value for seen in page(above=above).dates if seen.origin == "text"] == days


BLOCKS = {
    "table": "<table><tr><td>索引号：</td><td>0001/2024-1</td><td>文号：</td><td></td></tr><tr><th>发文机构</th><td>示范市教育局</td><td>成文日期</td><td>2024-01-30</td></tr></table>",
    "one-cell": "<table><tr><td>索引号：0001/2024-1</td><td>文号：</td></tr><tr><td>发文机构：示范市教育局</td><td>成文日期：2024-01-30</td></tr></table>",
    "boxes": "<div><div>索引号：</div><div>0001/2024-1</div><div>文号：</div><div></div><div>发文机构：</div><div>示范市教育局</div><div>成文日期：</div><div>2024-01-30</div></div>",
    "list": "<ul><li><b>索引号</b>：0001/2024-1</li><li><b>文　号</b>：</li><li><b>发文机构</b>：示范市教育局</li><li><b>成文日期</b>：2024-01-30</li></ul>",
}  # fmt: skip


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_the_metadata_block_keeps_blank_values(block: str) -> None:
    fields = {(one.name, one.value) for one in page(above=block).fields}
    assert fields == {("index", "0001/2024-1"), ("doc_no", ""), ("issuer", "示范市教育局"), ("date_made", "2024-01-30")}


def test_fields_say_where_they_stand() -> None:
    (made,) = (one for one in page(above=BLOCKS["table"]).fields if one.name == "date_made")
    assert (made.label, made.selector) == ("成文日期", "/html/body/div[3]/table/tr[2]/td[3]")


@pytest.mark.parametrize(
    ("above", "head", "source"),
    [
        ("<p>发布时间：2024-01-31　来源：教育科　浏览次数：12</p>", "", "教育科"),
        ("<p>发布时间：2024-01-31　来源：</p>", "<meta name='ContentSource' content='办公室'>", "办公室"),
        ("", "<meta name='ContentSource' content='办公室'>", "办公室"),
        ("<p>发布时间：2024-01-31</p>", "", ""),
    ],
)
def test_the_source(above: str, head: str, source: str) -> None:
    assert page(above=above, head=head).source == source


FOOTER = """<div class="foot"><p><a href="/wzdt/">网站地图</a> | <a href="/yssm/">隐私声明</a> | <a href="/about/">关于我们</a></p>
<p>主办单位：示范市教育局　承办单位：示范市教育信息中心　地址：示范市人民路1号　邮编：730000　联系电话：0931-1234567</p>
<p>网站标识码：6201000068　<a href="https://beian.example/">陇ICP备12345678号-1</a>　甘公网安备 62010002000123号</p>
<p><script>document.write(unescape("%3Cscript src='http://dcs.conac.cn/js/28/1.js'%3E"))</script>
<a href="https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=6201000068"><img src="/jc.png"></a></p></div>"""


def test_items_of_the_footer() -> None:
    found = facts(MENU + "<p>正文在这里，讲一件事情。</p>" + FOOTER).facts.footer
    assert [(one.name, one.label, one.value) for one in found] == [
        ("organizer", "主办单位", "示范市教育局"),
        ("undertaker", "承办单位", "示范市教育信息中心"),
        ("contact", "联系电话", "0931-1234567"),
        ("address", "地址", "示范市人民路1号"),
        ("icp", "", "陇ICP备12345678号-1"),
        ("police", "", "甘公网安备 62010002000123号"),
        ("site_code", "网站标识码", "6201000068"),
        ("party_mark", "dcs.conac.cn", ""),
        ("error_report", "zfwzgl.www.gov.cn", "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=6201000068"),
        ("sitemap", "网站地图", "http://jyj.example.gov.cn/wzdt/"),
        ("privacy", "隐私声明", "http://jyj.example.gov.cn/yssm/"),
    ]
    assert {one.selector for one in found if one.name == "icp"} == {"/html/body/div[2]/p[3]"}


@pytest.mark.parametrize(
    ("footer", "items"),
    [
        ("<p>主办：示范市教育局 示范市大数据中心承办</p>", [("organizer", "示范市教育局"), ("undertaker", "示范市大数据中心")]),
        ("<dl><dt>主办单位</dt><dd>示范市教育局</dd><dt>承办单位</dt><dd>教育信息中心</dd></dl>", [("organizer", "示范市教育局"), ("undertaker", "教育信息中心")]),
        ("<p>主办单位：</p>", [("organizer", "")]),
        ("<p><img src='/red.png' id='imgConac'></p>", [("party_mark", "/red.png")]),
        ("<p><script id='_jiucuo_' sitecode='6201000068' src='/js/jiucuo.js'></script></p>", [("error_report", "/js/jiucuo.js")]),
        ("<p><a href='/jc/'><img src='/jc.png' alt='我为政府网站找错'></a></p>", [("error_report", "http://jyj.example.gov.cn/jc/")]),
        ("<p>版权所有 示范市教育局</p>", []),
    ],
)  # fmt: skip
def test_other_forms_of_footer_items(footer: str, items: list[tuple[str, str]]) -> None:
    found = facts(f"{MENU}<div id='footer'>{footer}</div>").facts.footer
    assert [(one.name, one.value) for one in found] == items


def test_the_text_of_an_article_is_no_footer() -> None:
    content = f"<div class='TRS_Editor'>{TEXT}<p>联系电话：0931-7654321，地址：示范市解放路2号</p></div>"
    assert {(one.name, one.value) for one in page(content).footer} == {
        ("organizer", "示范市教育局"),
        ("contact", "0931-1234567"),
    }


def test_words_that_only_look_like_labels_are_no_footer() -> None:
    body = MENU + "<ul><li>主办单位</li><li>示范市第一中学</li></ul><h2>联系方式</h2><p>请到窗口咨询。</p>"
    assert facts(body, is_home=True).facts.footer == ()


def test_documents_offered_in_the_text_or_beside_it_are_attachments() -> None:
    inside = "<p>附件：<a href='./P1.docx'>名单.docx</a>、<a href='/down.jsp?id=3'>登记表.xls</a></p>"
    below = (
        "<div class='fj'><a href='./P2.pdf'>通知原文</a><iframe src='/web/viewer.html?file=/f/P3.pdf'></iframe></div>"
    )
    found = page(f"<div class='TRS_Editor'>{TEXT}{inside}</div>", below=below)
    folder = "http://jyj.example.gov.cn/zwgk/tzgg/202401"
    assert found.attachments == (
        f"{folder}/P1.docx",
        "http://jyj.example.gov.cn/down.jsp?id=3",
        f"{folder}/P2.pdf",
        "http://jyj.example.gov.cn/f/P3.pdf",
    )


def test_tags_and_column_of_a_page() -> None:
    head = "<meta name='ColumnName' content='通知公告'><meta name='ColumnType' content='工作动态'>"
    found = facts("<p>x</p>", head=head)
    assert (found.column_name, found.column_tag) == ("通知公告", "工作动态")
    assert found.facts.tags == {"ColumnName": "通知公告", "ColumnType": "工作动态"}


def test_the_tree_is_left_as_it_was() -> None:
    source = f"<html><head><title>标题</title></head><body>{MENU}{TEXT}<script>var a = 1;</script>{FOOT}</body></html>"
    opened = open_html(source.encode(), ARTICLE, "text/html; charset=utf-8")
    before = etree.tostring(opened.root)
    read_page(opened, is_home=False)
    assert etree.tostring(opened.root) == before
