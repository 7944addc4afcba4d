"""Pagers in odd forms, look-alikes that are no lists, and hostile ones."""

# ruff: noqa: E501 (a sample of markup is easier to check on one line)

from __future__ import annotations

import time
import tracemalloc

import pytest

from crawler.listing import Paging, paging
from crawler.listing.families import begin, boda, counted, links, slices, stated, trs, ucap
from crawler.readers.html import open_html

SITE = "http://mzj.example.gov.cn"


def read(body: str, path: str = "/zwgk/tzgg/index.html", head: str = "") -> Paging | None:
    source = f"<html><head><title>通知公告</title>{head}</head><body>{body}</body></html>"
    return paging(open_html(source.encode(), SITE + path, "text/html; charset=utf-8"))


def turns(found: Paging | None) -> list[str]:
    assert found is not None
    return [turn.url.removeprefix(SITE) for turn in found.turns]


def script(text: str) -> str:
    return f"<script>{text}</script>"


_REST = [f"/zwgk/tzgg/index_{n}.html" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ('createPageHTML(4,0,"index","html");', None),
        ("createPageHTML( parseInt('4') , parseInt('0',10), 'index', 'html' )", None),
        ('createPageHTML("4}", "0", "index", "html", 20)', None),
        ('window.createPageHTML2(4, 0, "index", "html", "fy", 77);', 77),
        ('fenye.show(4,0,"./index","html")', None),
        ('var x = "http://mzj.example.gov.cn/"; createPageHTML(4,0,"index","html"); // 共4页', None),
        ('var re = /^https?:\\/\\//; createPageHTML(4,0,"index","html");', None),
        ("var old = 'it\\'s // no comment'; createPageHTML(4,0,'index','html')", None),
        ("var name = 'unterminated\ncreatePageHTML(4,0,'index','html')", None),
        ('function createPageHTML(a,b,c,d){ /* createPageHTML(9,0,"index","html") */ }\ncreatePageHTML(4,0,"index","html")', None),
        ("var currentPage=0; var countPage=4;", None),
        ("var countPage = '4' ;\nvar currentPage = '0' ;", None),
        ("var opt = {PAGE_EXT:'html', countPage:parseInt('4}'), PAGE_NAME:'index', currentPage:parseInt('0')+1}", None),
        ('var countPage=4; document.write("<a href=\\"index_"+next+".html\\">下一页</a>");', None),
    ],
)  # fmt: skip
def test_numbers_in_strange_places(text: str, total: int | None) -> None:
    found = read(script(text))
    assert turns(found) == _REST
    assert found is not None
    assert (found.pages, found.total, found.gap) == (4, total, "")


def test_a_page_in_the_middle_knows_itself_and_gives_all_others() -> None:
    body = script('createPageHTML(5, 2, "index", "html")')
    nav = '<a href="/zwgk/tzgg/">通知公告</a>'
    others = ["/zwgk/tzgg/index_1.html", "/zwgk/tzgg/index_3.html", "/zwgk/tzgg/index_4.html"]
    assert turns(read(body, "/zwgk/tzgg/index_2.html")) == ["/zwgk/tzgg/index.html", *others]
    assert turns(read(nav + body, "/zwgk/tzgg/index_2.html")) == ["/zwgk/tzgg/", *others]
    # The address is right where the script says something else.
    stale = script('createPageHTML(5, 0, "index", "html")')
    assert turns(read(stale, "/zwgk/tzgg/index_2.html")) == ["/zwgk/tzgg/index.html", *others]


def test_where_a_list_starts_to_count_shows_at_its_first_and_last_page() -> None:
    one = script('createPageHTML(3, 1, "index", "html")')
    assert turns(read(one)) == ["/zwgk/tzgg/index_2.html", "/zwgk/tzgg/index_3.html"]
    last = script('createPageHTML(3, 3, "index", "html")')
    assert turns(read(last, "/zwgk/tzgg/index_3.html")) == ["/zwgk/tzgg/index.html", "/zwgk/tzgg/index_2.html"]
    zero = script('createPageHTML("page-div", 3, 0, "index", "html", 55)')
    assert turns(read(zero)) == ["/zwgk/tzgg/index_1.html", "/zwgk/tzgg/index_2.html"]


def test_two_lists_on_one_page_go_on_together() -> None:
    body = script('createPageHTML(3,0,"index","html");') + script(
        'createPageHTML(2,0,"bszn","html");createPageHTML(3,0,"index","html");'
    )
    found = read(body)
    assert turns(found) == ["/zwgk/tzgg/index_1.html", "/zwgk/tzgg/index_2.html", "/zwgk/tzgg/bszn_1.html"]
    assert found is not None and found.pages == 3


def test_addresses_follow_the_base_of_the_page() -> None:
    body = script('createPageHTML(2,0,"tzgg/list","shtml")')
    assert turns(read(body, "/xxgk/a.jsp", f'<base href="{SITE}/zwgk/">')) == ["/zwgk/tzgg/list_1.shtml"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (script('createPageHTML(1,0,"index","html")'), "/tzgg/"),
        (script('createPageHTML(0,0,"index","html")'), "/tzgg/"),
        (script('createPageHTML("page_div",1,1,"list","shtml",9)'), "/c1/list.shtml"),
        (script("function a1_gopage_fun(){_simple_list_gotopage_fun(1,'a1GOPAGE',2)}"), "/tzgg.htm"),
        (script('Ls.pagination("#p",function(i){location.href="?pageIndex="+i},{currPage:1,pageCount:1})'), "/c/1"),
        (script("laypage.render({elem:'p',count:9,limit:15,jump:function(o){location.href='?page='+o.curr}})"), "/c/1"),
        (script('$(".p").pagination("setPage",1,1)'), "/tzgg/"),
        ('<div id="pageDec" pagecount="1"></div>', "/tzgg/"),
        ('<input id="PageInp" value="1"><b class="pageCount">1</b>', "/tzgg/"),
        (script('var dataTotal=parseInt("0");var target="wzlb.shtml?mkbh=a&begin=";'), "/ncms/wzlb.shtml?mkbh=a"),
        ("<div>首页 <span>上一页</span> <span>下一页</span> 1/1 共8条</div>", "/list.asp?id=1"),
    ],
)  # fmt: skip
def test_a_list_of_one_page_is_complete(body: str, path: str) -> None:
    found = read(body, path)
    assert found is not None
    assert (found.turns, found.gap) == ((), "")
    assert found.pages in (0, 1)


_ARTICLE = "t20240105_318462"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (script("function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){ if(_nPageCount<=1) return; }"), "/a/"),
        (script('//createPageHTML(4,0,"index","html")'), "/a/"),
        (script('/* createPageHTML(4,0,\n"index","html") */'), "/a/"),
        ('<!-- <script>createPageHTML(4,0,"index","html")</script> -->', "/a/"),
        ('<pre>createPageHTML(4,0,"index","html")</pre><textarea>countPage=3;currentPage=0</textarea>', "/a/"),
        ('<script type="text/template">createPageHTML(4,0,"index","html")</script>'.replace("text/template", "text/html"), "/a/"),
        (script(f'createPageHTML(3,0,"{_ARTICLE}","html")'), f"/a/202401/{_ARTICLE}.html"),
        (script(f'createPageHTML("page_div",2,1,"{"4f" * 16}","shtml",2)'), f"/a/202401/{'4f' * 16}.shtml"),
        (script('createPageHTML(total, current, "index", "html"); createPageHTML(pages.length, 0, "index", "html")'), "/a/"),
        (script('createPageHTML(3,0,"http://www.example.com/index","html")'), "/a/"),
        (script('createPageHTML(' + "9" * 40 + ',0,"index","html")'), "/a/"),
        (script("var countPage = 10; show(items.slice(0, countPage));"), "/a/"),
        (script('var totalPage = 9; $.get("/api/list?page=" + n, fill);'), "/a/"),
        (script('var totalPage = 9; $.ajax({url: "/api/list?pageNo=" + n});'), "/a/"),
        (script('var pageCount = 9; location.href = "?id=" + id;'), "/a/"),
        (script('var pageCount = 9; location.href = "?page=" + (n-1)*15;'), "/a/"),
        (script('$("#p").pagination("setPage", current, Math.ceil(total/10));'), "/a/"),
        ('<div id="pageDec" pagecount="${pages}"></div><input id="PageInp">', "/a/"),
        (script('var dataTotal = 45; draw(dataTotal);'), "/a/"),
        ('<li class="pagedContent"><a href="/1.html">一</a></li>' + script("var perSize=20;"), "/a/"),
        ('<p>您的位置：<a href="/">首页</a> &gt; <a href="/a/1/">2023</a> &gt; <a href="/a/2/">2024</a></p>', "/a/"),
        ("<div>年度：<a href='/a/2022/'>2022</a> <a href='/a/2023/'>2023</a> <a href='/a/2024/'>2024</a> <span>下一页</span></div>", "/a/"),
        ("<p>上一篇：<a href='/info/1041/7001.htm'>关于举办培训班的通知</a> 下一篇：<a href='/info/1041/7003.htm'>放假公告</a></p>", "/info/1041/7002.htm"),
        ("<!--Announced by Visual SiteBuilder 9--><script src='/system/resource/js/counter.js'></script><a href='7001.htm'>上一条</a><a href='7003.htm'>下一条</a>", "/info/1041/7002.htm"),
        ("<script src='/system/resource/js/base.js'></script><ul><li><a href='tzgg/31.htm'>关于公布名单的公告</a></li></ul><span>下一页</span>", "/tzgg.htm"),
        ("<p>本报告共3页，见第1页 共3页。</p>", "/a/202401/1.html"),
        ("<div>第1页 共3页 <a href='javascript:go(2)'>下一页</a> <a href='#'>尾页</a></div>", "/a/"),
        ("<div><a href='/a/9.html'>下一页</a></div>", "/a/8.html"),
        ("<div>共5页 <a href='http://www.example.com/a?page=2'>2</a><a href='http://www.example.com/a?page=3'>下一页</a></div>", "/a"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_pager_is_none(body: str, path: str) -> None:
    assert read(body, path) is None


_HUGE = 99999999


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (script(f'createPageHTML({_HUGE},0,"index","html")'), "/a/"),
        (script(f'createPageHTML("page_div",{_HUGE},1,"list","shtml",5)'), "/a/list.shtml"),
        (script(f"_simple_list_gotopage_fun({_HUGE},'u1',2)"), "/tzgg.htm"),
        (script(f'Ls.pagination("#p",function(i){{location.href="?pageIndex="+i}},{{pageCount:{_HUGE}}})'), "/c/1"),
        (script(f'$(".p").pagination("setPage",1,{_HUGE})'), "/a/"),
        (f"<div>1/{_HUGE} <a href='?page=2'>下一页</a></div>", "/list.jsp"),
    ],
)  # fmt: skip
def test_a_huge_number_of_pages_is_bounded_and_said(body: str, path: str) -> None:
    started = time.process_time()
    tracemalloc.start()
    found = read(body, path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(set(turns(found))) == 2000
    assert found is not None and found.pages == _HUGE
    assert found.gap == f"列表自称共 {_HUGE} 页，只读取其中的 2000 页"
    assert peak < 20_000_000
    assert time.process_time() - started < 10


def test_many_lists_on_one_page_are_bounded_together() -> None:
    started = time.process_time()
    found = read(script("".join(f'createPageHTML(1500,0,"list{n}","html");' for n in range(8000))))
    assert found is not None
    assert (len(found.turns), found.gap) == (2000, "页面上的几个列表共 8994 页，只读取其中的 2000 页")
    assert time.process_time() - started < 10


def test_a_list_at_the_bound_has_no_gap() -> None:
    found = read(script('createPageHTML(2001,0,"index","html")'))
    assert found is not None
    assert (len(found.turns), found.gap) == (2000, "")


_MANY = 60_000


@pytest.mark.parametrize(
    "text",
    [
        '\\"' * _MANY, "\\'" * _MANY, "'" * _MANY, "`" * _MANY, "/*" * _MANY, "//" * _MANY, "<!--" * _MANY,
        "createPageHTML(" * (_MANY // 10), "createPageHTML(3,0," * (_MANY // 10), "x" * _MANY * 5, " " * _MANY * 5,
        "countPage=" * (_MANY // 5), '"index_"+' * (_MANY // 5), '"?page="+n+' * (_MANY // 5), "PAGE_NAME:'" * (_MANY // 5),
        '"a"+b+' * (_MANY // 3), "${" * _MANY, '"' + "a/" * _MANY + '"', "parseInt(" * (_MANY // 5), "(" * _MANY, "9" * _MANY,
        "_simple_list_gotopage_fun(3," * (_MANY // 10), "Ls.pagination(" * (_MANY // 10), 'pagination("setPage",' * (_MANY // 10),
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_hostile_scripts_take_no_time(text: str) -> None:
    seed = '"html" countPage pageCount dataTotal pagedContent setPage PageInp totalCount _simple_list_gotopage_fun laypage location\n'
    page = open_html(
        f"<html><body>下一页<script>{seed}{text}</script></body></html>".encode(), f"{SITE}/a/", "text/html"
    )
    for family in (trs, ucap, boda, counted, begin, slices, stated, links):
        started = time.process_time()
        family.read_page(page)
        assert time.process_time() - started < 6, family.NAME


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 200 + "<a href='?page=2'>下一页</a>" * 3000,
        "<p>" + "<a href='?page=2'>2</a>" * 3000 + "下一页</p>",
        "<div><span>下一页</span>" + "1/" * 20000 + "</div>",
        "".join(f"<p><a href='/a/{n}?page={n}&p={n}&x={n}'>{n}</a><a href='?page={n}'>下一页</a> 1/{n}</p>" for n in range(1500)),
        "<a href='/" + "1/" * 900 + "?page=2'>下一页</a> 共9页",
    ],
    ids=["deep", "many", "slashes", "blocks", "numbers"],
)  # fmt: skip
def test_hostile_links_take_no_time(body: str) -> None:
    page = open_html(f"<html><body>{body}</body></html>".encode(), f"{SITE}/a/list.jsp", "text/html")
    started = time.process_time()
    found = links.read_page(page)
    assert time.process_time() - started < 6
    assert found is None or len(found.turns) <= 2000 * 6
