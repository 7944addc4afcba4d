"""Test sites, one per way in which a list pages on by computed addresses."""

# ruff: noqa: E501 (a sample of markup is easier to check on one line)

from __future__ import annotations

from collections.abc import Callable

from listing.computed.parts import TestSite, in_blocks, in_list, in_table, in_terms, numbered, script, site
from listing.computed.provinces import PROVINCES

_DEFINED = """
function createPage(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){
  if(_nPageCount == null || _nPageCount <= 1){ return; }
  document.write('<a href="' + _sPageName + '.' + _sPageExt + '">首页</a>'); // 用法：createPage(8, 0, "index", "html")
}"""


def _zero(folder: str, name: str, ending: str, pages: int) -> list[str]:
    return [f"{folder}{name}.{ending}", *(f"{folder}{name}_{n}.{ending}" for n in range(1, pages))]


# TRS WCM


def trs_call() -> TestSite:
    def pager(p: int) -> str:
        return script(f'createPageHTML(4, {p - 1}, "index", "html");')

    return site(_zero("/zwgk/tzgg/", "index", "html", 4), [20, 20, 20, 7], pager, start="/zwgk/tzgg/")


def trs_call_with_styles() -> TestSite:
    """Pager above and below, an older call in a comment of each kind, a total."""

    def pager(p: int) -> str:
        call = f'createPageHTML(3, {p - 1},"index", "shtml", "black2", 52);'
        old = '// createPageHTML(9, 0, "index", "shtml");\n/* createPageHTML(8,\n0,"index","shtml") */'
        return f'<!-- <script>createPageHTML(7,0,"index","shtml");</script> -->{script(old + call)}<br>{script(call)}'

    return site(_zero("/xwzx/", "index", "shtml", 3), [18, 18, 16], pager, row=in_table)


def trs_renamed() -> TestSite:
    def pager(p: int) -> str:
        return script(_DEFINED) + f"<script>\ncreatePage ( '5' , {p - 1} , 'list' , 'htm' )\n</script>"

    return site(_zero("/sy/tzgg/", "list", "htm", 5), [15] * 4 + [1], pager, row=in_blocks)


def trs_variables() -> TestSite:
    def pager(p: int) -> str:
        return script(
            f"var currentPage={p - 1};//所在页从0开始\nvar prevPage=currentPage-1\nvar countPage=6//共多少页\n"
            'for(var i=0;i<countPage;i++){document.write("<a href=\\"index"+"_"+i+"."+"html\\" target=\\"_self\\">"+(i+1)+"</a>");}'
        )

    return site(_zero("/xxgk/zcfg/", "index", "html", 6), [15, 15, 15, 15, 15, 4], pager, start="/xxgk/zcfg/")


def trs_options() -> TestSite:
    def pager(p: int) -> str:
        return script(
            f"""var pager_options={{ currentPage:parseInt("{p - 1}")+1, countPage:parseInt("3}}"), PAGE_EXT:"html", PAGE_NAME:"index" }};"""
        )

    return site(_zero("/gsgg/", "index", "html", 3), [20, 20, 11], pager, row=in_terms)


def trs_one_page() -> TestSite:
    def pager(p: int) -> str:
        return script('createPageHTML(1, 0, "index", "html");')

    return site(["/zwgk/rsxx/index.html"], [16], pager)


# 开普云


def ucap_list() -> TestSite:
    def pager(p: int) -> str:
        return f'<div id="page_div"></div><script>createPageHTML("page_div",4,{p},"list","shtml",65);</script>'

    return site(numbered("/xjrst/c112746/", "list", "shtml", 4), [18, 18, 18, 11], pager)


def ucap_prefix() -> TestSite:
    def pager(p: int) -> str:
        return f"<script>createPageHTML('page_div',3,{p},'list3_1','shtml',50);</script>"

    return site(numbered("/hainan/0101/", "list3_1", "shtml", 3), [20, 20, 10], pager, row=in_blocks)


def ucap_paging() -> TestSite:
    def pager(p: int) -> str:
        return f"""<script>createPageHTML('paging', 5, {p}, 'index', 'html', 78); // createPageHTML('paging',25,1,'index','html',500)\n</script>"""

    return site(
        numbered("/rst/zpzl/", "index", "html", 5), [16, 16, 16, 16, 14], pager, start="/rst/zpzl/", row=in_table
    )


def ucap_disclosure() -> TestSite:
    def pager(p: int) -> str:
        return f'<script>\n  createPageHTML( "page_div", 2, {p},\n "zfxxgk_gknrz", "shtml", 21 );\n</script>'

    return site(numbered("/c112678/", "zfxxgk_gknrz", "shtml", 2), [20, 1], pager, row=in_terms)


# 博达


def _down(stem: str, pages: int) -> list[str]:
    return [f"{stem}.htm", *(f"{stem}/{pages - p + 1}.htm" for p in range(2, pages + 1))]


def _down_href(stem: str, pages: int, here: int, p: int) -> str:
    name = stem.rpartition("/")[2]
    if p == 1:
        return f"{name}.htm" if here == 1 else f"../{name}.htm"
    return f"{pages - p + 1}.htm" if here > 1 else f"{name}/{pages - p + 1}.htm"


def boda_jump() -> TestSite:
    stem, pages = "/zwgk/tzgg", 6

    def link(here: int, p: int, label: str) -> str:
        return (
            f'<span class="p_no"><a href="{_down_href(stem, pages, here, p)}">{label}</a></span>' if p != here else ""
        )

    def pager(p: int) -> str:
        near = "".join(link(p, n, str(n)) for n in range(max(1, p - 1), min(pages, p + 1) + 1))
        turn = (link(p, p + 1, "下页") if p < pages else "") + link(p, pages, "尾页")
        jump = f"""<input id="u13_goto" onkeydown="if(event.keyCode==13){{_simple_list_gotopage_fun({pages},&quot;u13_goto&quot;,2)}}"><a href="javascript:;" onclick="_simple_list_gotopage_fun({pages},&quot;u13_goto&quot;,2)">跳转</a>"""
        return f'<div class="pb_sys_common"><span class="p_pages">{near}{turn}</span><span class="p_t">共{pages}页</span>{jump}</div>'

    return site(_down(stem, pages), [15] * 5 + [9], pager, article="/info/1041/{n}.htm")


def boda_old() -> TestSite:
    stem, pages = "/index/xwdt", 3

    def pager(p: int) -> str:
        following = (
            f'<a href="{_down_href(stem, pages, p, p + 1)}" class="Next">下页</a>' if p < pages else "<span>下页</span>"
        )
        jump = f"function a191370_gopage_fun(){{_simple_list_gotopage_fun({pages},'a191370GOPAGE',2)}}"
        return f'{script(jump)}<table><tr><td id="fanye191370">共47条&nbsp;&nbsp;{p}/{pages}&nbsp;</td><td>{following}</td></tr></table>'

    return site(_down(stem, pages), [16, 16, 15], pager, article="/info/1012/{n}.htm", row=in_table)


def boda_links() -> TestSite:
    """No jump and no number of pages: only the links tell."""
    stem, pages = "/gsgg", 5

    def pager(p: int) -> str:
        names = {"首页": 1, "上页": p - 1, "下页": p + 1, "尾页": pages}
        return " ".join(
            f'<a href="{_down_href(stem, pages, p, n)}">{name}</a>'
            if 1 <= n <= pages and n != p
            else f"<span>{name}</span>"
            for name, n in names.items()
        )

    head = '<!--Announced by Visual SiteBuilder 9--><link rel="stylesheet" href="/_sitegray/_sitegray_d.css">'
    return site(_down(stem, pages), [15] * 4 + [2], pager, article="/info/1077/{n}.htm", head=head)


def boda_dynamic() -> TestSite:
    pages = 4
    query = "urltype=tree.TreeTempUrl&wbtreeid=1276"
    listed = [
        f"/xlist.jsp?{query}",
        *(f"/xlist.jsp?totalpage={pages}&PAGENUM={p}&{query}" for p in range(2, pages + 1)),
    ]

    def pager(p: int) -> str:
        return (
            script(f"function a9_gopage_fun(){{_simple_list_gotopage_fun({pages},'a9GOPAGE',1)}}")
            + f"<span>共{pages}页</span>"
        )

    return site(listed, [15, 15, 15, 6], pager, article="/xdetails.jsp?urltype=news.NewsContentUrl&wbnewsid={n}")


def boda_one_page() -> TestSite:
    def pager(p: int) -> str:
        return (
            script("function a7_gopage_fun(){_simple_list_gotopage_fun(1,'a7GOPAGE',2)}")
            + "共15条 1/1 首页 上页 下页 尾页"
        )

    return site(["/zwgk/ldjj.htm"], [15], pager, article="/info/1002/{n}.htm")


# 安徽


def _parameter(path: str, name: str, pages: int) -> list[str]:
    mark = "&" if "?" in path else "?"
    return [path, *(f"{path}{mark}{name}={p}" for p in range(2, pages + 1))]


def ls_absolute() -> TestSite:
    def pager(p: int) -> str:
        return '<div id="page_6791573"></div>' + script(
            f"""Ls.pagination("#page_6791573", function(pageIndex){{ location.href='/content/column/6791573?pageIndex=' + pageIndex;}},{{currPage: ({p - 1}+1),pageCount:3}});"""
        )

    return site(_parameter("/content/column/6791573", "pageIndex", 3), [20, 20, 13], pager)


def ls_relative() -> TestSite:
    def pager(p: int) -> str:
        old = 'Ls.pagination("#page_1", function(i){location.href="?pageIndex="+i},{currPage:1,pageCount:88});'
        return script(
            f"""/* {old} */ Ls.pagination("#page_42", function (pageIndex, $$) {{
              var target = "?pageIndex=";
              window.location.href = "?pageIndex=" + pageIndex;
            }}, {{pageCount: {5}, currPage: {p}, pageSize: 15, total: 71}});"""
        )

    return site(_parameter("/zwgk/42.html", "pageIndex", 5), [15, 15, 15, 15, 11], pager, row=in_blocks)


def ls_with_parameters() -> TestSite:
    listed = [f"/site/label/8888?labelName=tzgg&pageIndex={p}&siteId=5" for p in range(1, 4)]

    def pager(p: int) -> str:
        return script(
            f"""Ls.pagination('#p', function(i){{ location.href = '/site/label/8888?labelName=tzgg&pageIndex=' + i + '&siteId=5'; }}, {{currPage:({p - 1}+1), pageCount:parseInt('3')}});"""
        )

    return site(listed, [17, 17, 2], pager, row=in_table)


# laypage


def laypage_count() -> TestSite:
    def pager(p: int) -> str:
        return '<div id="pages"></div>' + script(
            f"""layui.use(["laypage"], function(){{ var laypage = layui.laypage; laypage.render({{ elem: "pages", count: 52, limit: 15, curr: {p}, jump: function(obj, first){{ if(!first){{ location.href = "?page=" + obj.curr; }} }} }}); }});"""
        )

    return site(_parameter("/post/tzgg", "page", 4), [15, 15, 15, 7], pager)


def laypage_old() -> TestSite:
    def pager(p: int) -> str:
        return script("""laypage({ cont: 'page1', pages: 3, curr: function(){ var page = location.search.match(/pageNo=(\\d+)/); return page ? page[1] : 1; }(),
          jump: function(e, first){ if(!first){ location.href = '/list/index.php?cid=12&pageNo='+e.curr; } } });""")

    return site(_parameter("/list/index.php?cid=12", "pageNo", 3), [20, 20, 20], pager, row=in_terms)


def laypage_default_limit() -> TestSite:
    def pager(p: int) -> str:
        return script(f"""laypage.render({{elem:'fy', count:'36' //数据总数
          , curr:{p}, groups: 3, layout: ['prev','page','next'], jump:function(obj){{ if(obj.curr != {p}) window.location.href = `/xw/list_${{obj.curr}}.html`; }} }});""")

    return site(numbered("/xw/", "list", "html", 4), [10, 10, 10, 6], pager)


# Links to some of the pages


def qinghai_list() -> TestSite:
    listed = ["/ztzl/kldt/index.html", *(f"/ztzl/kldt/list/{p}.html" for p in range(2, 7))]

    def pager(p: int) -> str:
        end = '<a href="/ztzl/kldt/list/6.html">尾页</a>' if p < 6 else "<span>尾页</span>"
        following = f'<a href="/ztzl/kldt/list/{p + 1}.html">下一页</a>' if p < 6 else ""
        return f'<a href="/ztzl/kldt/index.html">首页</a><span class="current">{p}</span>{following}{end}'

    return site(listed, [15] * 5 + [6], pager, article="/ztzl/kldt/query/{n}.html")


def qinghai_last_only() -> TestSite:
    listed = ["/tzgg/index.html", *(f"/tzgg/list/{p}.html" for p in range(2, 4))]

    def pager(p: int) -> str:
        return (
            f'<div><span class="current">{p}</span>'
            + ('<a href="/tzgg/list/3.html">尾页</a>' if p < 3 else "")
            + "</div>"
        )

    return site(listed, [20, 20, 12], pager, article="/tzgg/query/{n}.html", row=in_table)


def qinghai_counted() -> TestSite:
    listed = ["/zcwj/", *(f"/zcwj/list/{p}.html" for p in range(2, 6))]

    def pager(p: int) -> str:
        back = f'<a href="{listed[p - 2]}">上一页</a>' if p > 1 else ""
        return f"<p>共 5 页 当前第 {p} 页 {back}" + (f'<a href="{listed[p]}">下一页</a></p>' if p < 5 else "</p>")

    return site(listed, [15, 15, 15, 15, 15], pager, article="/zcwj/query/{n}.html")


def asp_net() -> TestSite:
    listed = _parameter("/NewsLsit.aspx?ClassID=602", "page", 5)

    def pager(p: int) -> str:
        following = (
            f'<a href="/NewsLsit.aspx?ClassID=602&page={p + 1}">下一页</a>'
            if p < 5
            else '<a disabled="disabled">下一页</a>'
        )
        return f'<div id="Body_AspNetPager1">第{p}页 共 5 页 {following}</div>'

    return site(listed, [15, 15, 15, 15, 3], pager, article="/NewsView.aspx?NewsID={n}&ClassID=602")


def slash_numbers() -> TestSite:
    """1/7 and ten numbers at most, first and last page linked with other addresses."""
    listed = _parameter("/list.jsp?urltype=egovinfo.Egov", "pageNo", 7)

    def pager(p: int) -> str:
        near = "".join(
            f'<a href="?urltype=egovinfo.Egov&amp;pageNo={n}">[{n}]</a>' if n != p else f"<b>{n}</b>"
            for n in range(max(1, p - 1), min(7, p + 1) + 1)
            if n > 1
        )
        first = '<a href="list.jsp?urltype=egovinfo.Egov">首页</a>'
        return f'<table><tr><td>页次：{p}/7 每页15条 共97条</td><td>{first} {near} <a href="?urltype=egovinfo.Egov&amp;pageNo=7">尾页</a></td></tr></table>'

    return site(listed, [15] * 6 + [7], pager, article="/content.jsp?id={n}", row=in_blocks)


def from_zero() -> TestSite:
    """Parameter that counts from zero, with scripts and a choice inside the pager."""
    listed = ["/zwgk/list.do?col=7", *(f"/zwgk/list.do?col=7&curPage={p}" for p in range(1, 4))]

    def pager(p: int) -> str:
        links = "".join(f'<li><a href="{listed[n - 1]}">{n}</a></li>' for n in range(1, 5) if n in (p - 1, p + 1))
        choice = "<select>" + "".join(f"<option value='{n}'>第{n}页</option>" for n in range(1, 5)) + "</select>"
        following = f'<li><a href="{listed[p]}">下一页</a></li>' if p < 4 else "<li>下一页</li>"
        return f'<ul class="pager">{links}{following}<li>共4页</li><li>{choice}</li></ul>{script("var totals = 9999;" * 60)}'

    return site(listed, [15, 15, 15, 12], pager, article="/zwgk/show.do?id={n}")


def by_offset() -> TestSite:
    listed = ["/news.php", *(f"/news.php?start={(p - 1) * 15}" for p in range(2, 5))]

    def pager(p: int) -> str:
        return f"共4页，当前第{p}页 " + (f'<a href="/news.php?start={p * 15}">下一页</a>' if p < 4 else "")

    return site(listed, [15, 15, 15, 10], pager, article="/show.php?id={n}")


def down_without_marks() -> TestSite:
    stem, pages = "/zfxxgk/gkml", 12

    def pager(p: int) -> str:
        near = "".join(
            f'<a href="{_down_href(stem, pages, p, n)}">{n}</a>' for n in (p - 1, p + 1, p + 2) if 1 <= n <= pages
        )
        following = f'<a href="{_down_href(stem, pages, p, p + 1)}">下一页</a>' if p < pages else "<i>下一页</i>"
        return f"<div>{near}{following} 共{pages}页</div>"

    return site(_down(stem, pages), [15] * 11 + [5], pager, article="/nr/{n}.htm")


def pages_of_folder() -> TestSite:
    listed = ["/news/", *(f"/news/page/{p}/" for p in range(2, 5))]

    def pager(p: int) -> str:
        numbers = "".join(
            f'<a href="{listed[n - 1]}">{n}</a>' if n != p else f"<em>{n}</em>" for n in (1, 2, 3, 4) if abs(n - p) < 2
        )
        return (
            f'<div class="pages">{numbers}'
            + (f'<a href="{listed[p]}" title="下一页"><img src="/r.gif"></a>' if p < 4 else '<a title="下一页"></a>')
            + "<span>总页数：4</span></div>"
        )

    return site(listed, [15, 15, 15, 15], pager, article="/news/detail/{n}.html", row=in_list)


def one_page_in_words() -> TestSite:
    return site(
        ["/gk/list.asp?id=3"],
        [15],
        lambda p: (
            "<div>共15条 第1页 共1页 <span>首页</span><span>上一页</span><span>下一页</span><span>尾页</span></div>"
        ),
        article="/gk/show.asp?id={n}",
    )


SITES: dict[str, Callable[[], TestSite]] = PROVINCES | {
    made.__name__: made
    for made in (
        trs_call, trs_call_with_styles, trs_renamed, trs_variables, trs_options, trs_one_page,
        ucap_list, ucap_prefix, ucap_paging, ucap_disclosure,
        boda_jump, boda_old, boda_links, boda_dynamic, boda_one_page,
        ls_absolute, ls_relative, ls_with_parameters,
        laypage_count, laypage_old, laypage_default_limit,
        qinghai_list, qinghai_last_only, qinghai_counted,
        asp_net, slash_numbers, from_zero, by_offset, down_without_marks, pages_of_folder, one_page_in_words,
    )
}  # fmt: skip
