"""Pages that look like a list of a family and are none, and lists in forms that the sites do not show."""

from __future__ import annotations

import json
from datetime import date

import pytest
from listing.data.making import framed, items, row

from crawler.listing import Answer, Entry, Paging, Turn, paging, paging_of_data
from crawler.readers.html import open_html
from crawler.words import load

HOME = "http://www.example.gov.cn"
LIST = f"{HOME}/zwgk/list.jsp"


def read(body: str, url: str = LIST) -> Paging | None:
    return paging(open_html(framed(body), url, "text/html; charset=utf-8"))


def answered(family: str, text: str, url: str, form: str = "") -> Paging:
    turn = Turn(url, "POST" if form else "GET", form, data=True)
    return paging_of_data(family, Answer(url, text, "text/xml", turn, LIST))


ROWS = "".join(map(row, items(3)))
PAGED = "<input type=hidden name=pageNo value=1><a href='javascript:goPage(2)'>2</a> 共2页"

NOT_TURNED = {
    "登录框": f"<form method=post action=list.jsp><input name=user><input type=password name=pwd>{PAGED}</form>",
    "留言": f"<form method=post action=list.jsp><textarea name=nr></textarea>{PAGED}</form>",
    "上传": f"<form method=post action=list.jsp><input type=file name=f>{PAGED}</form>",
    "登录地址": f"<form method=post action=/userLogin.do>{PAGED}</form>",
    "删除地址": f"<form method=post action='list.jsp?act=delete'>{PAGED}</form>",
    "保存地址": f"<form method=post action=/info/doSave.jsp>{PAGED}</form>",
    "别的网站": f"<form method=post action=http://www.other.example/list.jsp>{PAGED}</form>",
    "脚本地址": f"<form method=post action='javascript:check()'>{PAGED}</form>",
    "没有页码": "<form method=post action=list.jsp><input type=hidden name=lm value=1>共2页</form>",
    "只有一页": "<form method=post action=list.jsp><input type=hidden name=pageNo value=1>共1页</form>",
    "无人翻页": "<form method=post action=list.jsp><input type=hidden name=pageNo value=1>共2页</form>",
    "站内搜索": "<form action=/search.jsp><input name=q><input type=hidden name=page value=1></form>",
}


@pytest.mark.parametrize("name", NOT_TURNED)
def test_a_form_that_is_no_pager_is_never_sent(name: str) -> None:
    assert read(f"<ul>{ROWS}</ul>{NOT_TURNED[name]}") is None


def test_a_form_beside_pager_links_is_left_alone() -> None:
    links = "<a href='list.jsp?pageNo=2'>下一页</a>"
    assert read(f"<ul>{ROWS}</ul><form method=post action=list.jsp>{PAGED}</form>{links}") is None


def test_a_form_with_a_token_is_told_as_a_gap() -> None:
    found = read(f"<ul>{ROWS}</ul><form method=post>{PAGED}<input type=hidden name=csrfToken value=x91></form>")
    assert found == Paging("page-form", pages=2, gap="列表用表单翻页，表单带一次性校验字段，只读取了当前页")


def test_credit_is_no_edit_and_a_select_tells_the_page() -> None:
    options = "<select name=pageNo><option value=1>1</option><option value=2 selected>2</option></select>"
    found = read(f"<ul>{ROWS}</ul><form method=post action=/credit/list.do>{options}第2页/共3页</form>")
    assert found is not None
    assert found.turns == (Turn(f"{HOME}/credit/list.do", "POST", "pageNo=3"),)


def test_a_postback_that_is_no_pager_says_nothing() -> None:
    menu = "<a href=\"javascript:__doPostBack('Menu1','12')\">政务公开</a>"
    assert read(f"<ul>{ROWS}</ul>{menu}<a href=\"javascript:__doPostBack('lbExit','')\">退出</a>") is None


def test_a_postback_of_one_page_is_no_gap() -> None:
    pager = "<a href=\"javascript:__doPostBack('AspNetPager1','1')\">1</a> 第1页 共1页"
    assert read(f"<ul>{ROWS}</ul>{pager}") is None


def test_a_postback_beside_links_is_left_to_the_links() -> None:
    pager = "<a href=\"javascript:__doPostBack('p','2')\">2</a> <a href='list.jsp?page=2'>下一页</a>"
    assert read(f"<ul>{ROWS}</ul>{pager}") is None


def test_a_postback_of_a_grid_counts_its_pages() -> None:
    pager = "".join(f"<a href=\"javascript:__doPostBack('GridView1','Page${n}')\">{n}</a>" for n in (2, 3, 4))
    found = read(f"<ul>{ROWS}</ul>{pager}")
    assert found == Paging("postback", pages=4, gap="列表用回传翻页（__doPostBack），共4页，只读取了当前页")


@pytest.mark.parametrize(
    "body",
    [
        "<a href='/gkmlpt/index'>政府信息公开目录</a><script>var SID='1';</script>",
        "<script>window._CONFIG={SID:'7'};</script>",
    ],
)
def test_a_page_that_only_links_to_the_catalogue_is_none(body: str) -> None:
    assert read(body, f"{HOME}/index.html") is None


def test_an_article_of_the_catalogue_is_no_list() -> None:
    body = "<div id=app></div><script>window._CONFIG={SID:'755041',DETAIL:{\"id\":9103540}};</script>"
    assert read(body, f"{HOME}/gkmlpt/content/9/9103/post_9103540.html") is None


def test_annual_reports_of_the_catalogue_are_found_by_name() -> None:
    name = "政府信息公开工作年度报告"
    for written in (name, name.encode("unicode_escape").decode()):
        tree = f'[{{"id":11,"parent_id":0,"name":"通知"}},{{"id":98,"parent_id":0,"name":"{written}"}}]'
        found = read(f"<script>window._CONFIG={{SID:'755041',TREE:{tree}}}</script>", f"{HOME}/gkmlpt/annualreport")
        assert found is not None
        assert found.turns == (Turn(f"{HOME}/gkmlpt/api/all/98?page=1&sid=755041", data=True),)


@pytest.mark.parametrize(
    "script",
    [
        "var dataList=[{name:'首页',url:'/'},{name:'政务公开',url:'/zwgk/'}];",
        "var dataList=getList('/a.json');",
        "var dataList=[{title:'通知',daytime:'2024-01-05'}];",
        "var dataList=[1,2,3];",
        "var dataList=[{title:'通知'+n,url:'/a.html',daytime:'2024-01-05'}];",
        "mydataList=[{title:'通知',url:'/a.html',daytime:'2024-01-05'}];",
        "if(dataList==[{title:'通知',url:'/a.html',daytime:'2024-01-05'}]){}",
    ],
)
def test_a_variable_that_is_no_list_of_articles(script: str) -> None:
    assert read(f"<ul>{ROWS}</ul><script>{script}</script>") is None


def test_every_name_of_a_list_holds_a_mark_that_pages_are_searched_for() -> None:
    facts = load("list-data")["data_list"]
    written = [f"{name}{sign}" for name in facts["names"] for sign in ("=[", " = [")]
    assert [text for text in written if not any(mark in text for mark in facts["marks"])] == []


def test_a_page_that_only_loads_jpage_is_none() -> None:
    assert (
        read("<script src='/script/jpage.js'></script><a href='/module/web/jpage/dataproxy.jsp?page=1'>x</a>") is None
    )


def test_jpage_without_totals_asks_for_the_first_group_and_goes_on_from_its_answer() -> None:
    call = "$('#9').jpage({perPage:5,groupSize:2,proxyUrl:'/jpage/dataproxy.jsp',ajaxParam:{unitid:'9',webname:x}});"
    found = read(f"<div id=9></div><script>{call}</script>")
    assert found is not None
    first = f"{HOME}/jpage/dataproxy.jsp?startrecord=1&endrecord=10&perpage=5"
    assert found.turns == (Turn(first, "POST", "unitid=9", data=True),)
    records = "".join(f"<record><![CDATA[{row(item)}]]></record>" for item in items(10))
    answer = answered("jpage", f"<datastore><totalrecord>23</totalrecord>{records}</datastore>", first, "unitid=9")
    proxy = f"{HOME}/jpage/dataproxy.jsp"
    assert answer.turns == (
        Turn(f"{proxy}?startrecord=11&endrecord=20&perpage=5", "POST", "unitid=9", data=True),
        Turn(f"{proxy}?startrecord=21&endrecord=23&perpage=5", "POST", "unitid=9", data=True),
    )


def test_jpage_groups_named_by_a_code_are_followed_one_by_one() -> None:
    follow = "<nextgroup><![CDATA[<a href='/jpage/dataproxy.jsp?param=9f3c&amp;unitid=2'></a>]]></nextgroup>"
    record = f"<record><![CDATA[{row(items(1)[0])}]]></record>"
    url = f"{HOME}/jpage/dataproxy.jsp?param=77aa&unitid=2"
    found = answered("jpage", f"<datastore><totalpage>5</totalpage>{follow}{record}</datastore>", url)
    assert found.turns == (Turn(f"{HOME}/jpage/dataproxy.jsp?param=9f3c&unitid=2", data=True),)


def test_jpage_never_follows_to_another_host() -> None:
    store = "<datastore><nextgroup><![CDATA[<a href='http://other.example/d.jsp?page=1'></a>]]></nextgroup>"
    call = "$('#9').jpage({totalRecord:50,perPage:5,proxyUrl:'//other.example/d.jsp',ajaxParam:{a:1}});"
    record = f"<record><![CDATA[{row(items(1)[0])}]]></record>"
    found = read(f"<script type='text/xml'>{store}{record}</datastore></script><script>{call}</script>")
    assert found is not None
    assert found.turns == ()
    assert found.gap == "列表自称共50条，页面里只有1条，其余由脚本读取，页面没有给出读取地址"


def test_jpage_rows_of_every_make_are_entries() -> None:
    records = [
        "<tr><td><a href='/a1.html' title='春季开学工作通知'>春季开学…</a></td><td>2024-02-20</td></tr>",
        "<table><tr><td><a href=/a2.html>招生公示<script>u='/no'</script></a></td><td>[2024-02-19]</td></tr></table>",
        "<a href='/a3.html'>校车许可名单</a><span>2024-02-18</span>",
        "&lt;li&gt;&lt;a href='/a4.html'&gt;教材目录公告&lt;/a&gt;&lt;i&gt;2024-02-17&lt;/i&gt;&lt;/li&gt;",
        "<li><a href='javascript:show(3)'>没有地址的一条</a><span>2024-02-16</span></li>",
        "",
    ]
    marked = [f"<![CDATA[{text}]]>" if "&lt;" not in text else text for text in records]
    text = "<datastore>" + "".join(f"<record>{text}</record>" for text in marked) + "</datastore>"
    assert answered("jpage", text, f"{HOME}/d.jsp?page=1").entries == (
        Entry(f"{HOME}/a1.html", "春季开学工作通知", date(2024, 2, 20)),
        Entry(f"{HOME}/a2.html", "招生公示", date(2024, 2, 19)),
        Entry(f"{HOME}/a3.html", "校车许可名单", date(2024, 2, 18)),
        Entry(f"{HOME}/a4.html", "教材目录公告", date(2024, 2, 17)),
    )


def test_jpaas_menus_and_article_parts_are_no_lists() -> None:
    menu = json.dumps({"data": {"html": "<ul><li><a href='/a/'>机构</a></li><li><a href='/b/'>公开</a></li></ul>"}})
    assert answered("jpaas", menu, f"{HOME}/front/page/build/unit?pageId=1") == Paging("jpaas", (), ())
    fields = "{'pageType':'article','pageId':'c1'}"
    unit = f'<script url="/front/page/build/unit" queryData="{fields}"></script>'
    assert read(f"<div>{unit}</div>") is None


def test_jpaas_parts_beyond_the_limit_are_told() -> None:
    parts = [f"<script url=\"/front/page/build/unit\" queryData=\"{{'pageId':'{n}'}}\"></script>" for n in range(9)]
    found = read("".join(parts))
    assert found is not None
    assert (len(found.turns), found.gap) == (6, "页面上由脚本填充的列表超过6个，只读取前6个")
