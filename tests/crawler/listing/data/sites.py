"""Sites whose lists are filled from data or by forms, and old sites of frames, redirects and script links."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qs, quote, urlencode

from listing.data.making import Item, TestSite, article_pages, data, framed, html, items, row
from site_server import Answer

# 大汉 jpage


def _records(found: list[Item]) -> str:
    return "".join(f"<record><![CDATA[\n{row(item)}\n]]></record>\n" for item in found)


def _following(address: str) -> str:
    return f'<nextgroup><![CDATA[<a href="{address}"></a>]]></nextgroup>'


def jpage_groups_by_get() -> TestSite:
    """The first group stands in the page; the proxy has pages of its own, counted from 1, that repeat it."""
    found = items(70)
    proxy = "/module/web/jpage/dataproxy.jsp?page={}&appid=1&webid=39&path=/&columnid=2041&unitid=7786&permissiontype=0"
    store = _following(proxy.format(1)) + f"<recordset>{_records(found[:30])}</recordset>"
    body = (
        f'<div id="7786"><script type="text/xml"><datastore>\n{store}</datastore></script></div><script>'
        "$(function(){$('#7786').jpage({themeName:'default',totalRecord:70,perPage:15,groupSize:2});});</script>"
    )
    pages: dict[str, bytes | Answer] = {"/col/col2041/index.html": framed(body)}
    for n in range(3):
        part = found[n * 25 : n * 25 + 25]
        next_one = (
            f'<nextgroup><![CDATA[<a href="./dataproxy.jsp?{proxy.partition("?")[2].format(n + 2)}"></a>]]></nextgroup>'
        )
        pages[proxy.format(n + 1)] = data(
            f"<?xml version='1.0' encoding='utf-8' ?><datastore><totalrecord>70</totalrecord><totalpage>3</totalpage>"
            f"{next_one if n < 2 else ''}<recordset>{_records(part)}</recordset></datastore>",
            "text/xml; charset=utf-8",
        )
    requests = ["/col/col2041/index.html", *(proxy.format(n) for n in (1, 2, 3))]
    return TestSite(pages | article_pages(found), "/col/col2041/index.html", found, requests)


def jpage_groups_by_post() -> TestSite:
    """No next group: ranges of records are posted with the parameters of the script."""
    found = items(52)
    parameters = (
        "ajaxParam:{col:1,appid:1,webid:39,path:'/',columnid:2041,sourceContentType:1,unitid:'7786',"
        "webname:'市教育局',permissiontype:0}"
    )
    options = (
        f"showMode:'full',totalRecord:52,perPage:10,groupSize:2,proxyUrl:'/module/web/jpage/dataproxy.jsp',{parameters}"
    )
    body = (
        f'<div id="7786"><script type="text/xml"><datastore><recordset>{_records(found[:20])}</recordset></datastore>'
        f"</script></div><script>jQuery('#7786').jpage({{{options},dataAfter:''}});</script>"
    )
    form = urlencode(
        {"col": 1, "appid": 1, "webid": 39, "path": "/", "columnid": 2041, "sourceContentType": 1, "unitid": 7786}
        | {"webname": "市教育局", "permissiontype": 0}
    )

    def reply(query: str, sent: str) -> str:
        if sent != form:
            return ""
        asked = parse_qs(query)
        start, end = int(asked["startrecord"][0]), int(asked["endrecord"][0])
        total = f"<totalrecord>{len(found)}</totalrecord><totalpage>6</totalpage>"
        return f"<datastore>{total}<recordset>{_records(found[start - 1 : end])}</recordset></datastore>"

    proxy = "/module/web/jpage/dataproxy.jsp"
    pages: dict[str, bytes | Answer] = {
        "/col/col2041/index.html": framed(body),
        f"POST {proxy}": Answer(headers={"Content-Type": "text/xml"}, reply=reply),
    }
    ranges = [(21, 40), (41, 52)]
    requests = ["/col/col2041/index.html"]
    requests += [f"{proxy}?startrecord={start}&endrecord={end}&perpage=10 {form}" for start, end in ranges]
    return TestSite(pages | article_pages(found), "/col/col2041/index.html", found, requests)


def jpage_array_of_rows() -> TestSite:
    """Older jpage: the rows are strings of an array, the parameters are given to a variable."""
    found = items(37, "/art/{y}/{m}/{d}/art_30067_{n}.html")
    rows = ",".join("'" + row(item).replace("'", "\\'") + "'" for item in found[:30])
    body = (
        f'<table><tr><td id="49468"></td></tr></table><script>var InitData49468=[{rows}];\n'
        "var param_49468={col:1,appid:'1',webid:60,path:'/',columnid:30067,unitid:'49468'};"
        "$(function(){$('#49468').jpage({themeName:'default',totalRecord:37,dataStore:InitData49468,groupSize:3,"
        "proxyUrl:'/module/jslib/jquery/jpage/dataproxy.jsp',perPage:10,ajaxParam:param_49468});});</script>"
    )
    proxy = "/module/jslib/jquery/jpage/dataproxy.jsp"
    form = urlencode({"col": 1, "appid": 1, "webid": 60, "path": "/", "columnid": 30067, "unitid": 49468})

    def reply(query: str, sent: str) -> str:
        known = query == "startrecord=31&endrecord=37&perpage=10" and sent == form
        # Neither declared nor closed as XML asks for.
        return f"<datastore><totalrecord>37</totalrecord><recordset>{_records(found[30:])}" if known else ""

    pages: dict[str, bytes | Answer] = {"/col/col30067/index.html": framed(body), f"POST {proxy}": Answer(reply=reply)}
    requests = ["/col/col30067/index.html", f"{proxy}?startrecord=31&endrecord=37&perpage=10 {form}"]
    return TestSite(pages | article_pages(found), "/col/col30067/index.html", found, requests)


def jpage_whole_in_page() -> TestSite:
    """All records stand in the page: nothing more is asked for, whatever the script could ask."""
    found = items(12)
    store = _following("/module/web/jpage/dataproxy.jsp?page=1&unitid=5")
    body = (
        f'<div id="5"><script type="text/xml"><datastore>{store}<recordset>{_records(found)}</recordset></datastore>'
        "</script></div><script>$('#5').jpage({totalRecord:12,perPage:20});</script>"
    )
    pages: dict[str, bytes | Answer] = {"/col/col7/index.html": framed(body)}
    return TestSite(pages | article_pages(found), "/col/col7/index.html", found, ["/col/col7/index.html"])


# 大汉 jpaas


def _unit(column: str) -> tuple[str, str]:
    fields = {
        "parseType": "buildstatic",
        "webId": "8d82",
        "pageType": "column",
        "tagId": "当前栏目_list",
        "pageId": column,
    }
    written = ",".join(f"'{key}':'{value}'" for key, value in fields.items())
    path = "/api-gateway/jpaas-publish-server/front/page/build/unit"
    return (
        f'<script src="/script/unitbuild.js" url="{path}" queryData="{{{written}}}"></script>',
        f"{path}?{urlencode(fields)}",
    )


def jpaas_list(count: int = 40, size: int = 15) -> TestSite:
    """The list part of a column page is built by a request; its pager says how many rows there are."""
    found = items(count, "/zwgk/tzgg/art/{y}/art_{n}.html")
    script, unit = _unit("c1")
    pages: dict[str, bytes | Answer] = {"/zwgk/tzgg/index.html": framed(f'<div class="page-content">{script}</div>')}
    requests = ["/zwgk/tzgg/index.html"]
    for n in range(-(-count // size)):
        rows = "".join(map(row, found[n * size : n * size + size]))
        pager = f'<div class="pagination" rows="{size}" count="{count}" pageNo="{n + 1}"></div>' if count > size else ""
        part = json.dumps(
            {"success": True, "data": {"html": f'<ul class="list">{rows}</ul>{pager}'}}, ensure_ascii=False
        )
        address = (
            f"{unit}&{urlencode({'paramJson': json.dumps({'pageNo': n + 1, 'pageSize': size}, separators=(',', ':'))})}"
        )
        pages[unit if n == 0 else address] = data(part)
        requests.append(unit if n == 0 else address)
    return TestSite(pages | article_pages(found), "/zwgk/tzgg/index.html", found, requests)


def jpaas_one_page() -> TestSite:
    return jpaas_list(9)


# 开普 gkmlpt


def gkmlpt_catalogue(
    prefix: str = "", column: int = 0, count: int = 23, size: int = 10, keyed: bool = True
) -> TestSite:
    """An empty shell that JSON fills. ``size`` is what the server gives, whatever the shell expects."""
    found = items(count, prefix + "/gkmlpt/content/0/{n}/post_{n}.html")
    shell = f"{prefix}/gkmlpt/index" + (f"#{column}" if column else "")
    tree = json.dumps([{"id": 571, "parent_id": 0, "name": "通知公告", "children": []}])
    settings = f"window._CONFIG = {{ SID: '662021', TREE: {tree}, SERVICE_AREA_ID: 1 }};"
    body = f"<div id='app'></div><script>{settings}</script><script src='/gkmlpt/gkml/pc/js/index.js'></script>"
    pages: dict[str, bytes | Answer] = {f"{prefix}/gkmlpt/index": html(body, "政府信息公开目录")}
    requests = [shell]
    for n in range(-(-count // size)):
        articles = []
        for at, item in enumerate(found[n * size : n * size + size]):
            seconds = (item.day - date(1970, 1, 1)).days * 86400 + 3600
            known = {"id": 88000 - n * size - at, "title": item.title, "url": item.path, "document_number": ""}
            known |= {"created_at": f"{item.day} 16:25:04"} if keyed else {"display_publish_time": seconds, "date": 1}
            articles.append(known)
        address = f"{prefix}/gkmlpt/api/all/{column}?page={n + 1}&sid=662021"
        pages[address] = data(json.dumps({"classify": {"post_count": count}, "total": count, "articles": articles}))
        requests.append(address)
    return TestSite(pages | article_pages(found), shell, found, requests)


def gkmlpt_of_a_bureau() -> TestSite:
    """A bureau below the portal, one column of it, times in seconds."""
    return gkmlpt_catalogue("/jyj", 721, 31, 10, keyed=False)


def gkmlpt_computed_addresses() -> TestSite:
    """Articles without an address: the shell computes it from the number."""
    found = [
        Item(f"/gkmlpt/content/12/{number // 1000}/post_{number}.html", item.title, item.day)
        for item, number in zip(items(3), (12340001, 12339992, 12338000), strict=True)
    ]
    body = "<div id='app'></div><script>window._CONFIG={SID:'755041',curId:2571};</script>"
    articles = [
        {"id": number, "title": item.title, "url": "", "created_at": str(item.day)}
        for item, number in zip(found, (12340001, 12339992, 12338000), strict=True)
    ]
    address = "/gkmlpt/api/all/2571?page=1&sid=755041"
    answer = data(json.dumps({"total": 3, "articles": articles}))
    pages: dict[str, bytes | Answer] = {"/gkmlpt/index": html(body), address: answer}
    return TestSite(pages | article_pages(found), "/gkmlpt/index", found, ["/gkmlpt/index", address])


# Lists in scripts


def script_list_in_groups(pages_stated: int = 3) -> TestSite:
    """浙江: groups of entries in a variable, one per display page, with the number of pages beside it."""
    found = items(14, "/gbgz/lygs/{n}/i{n}.html")
    groups = [
        "{infolist:["
        + ",".join(
            f"{{channelid:68873,title:'{i.title}',daytime:'{i.day}',url:'{i.path}',summary:''}}"
            for i in found[n : n + 5]
        )
        + "]}"
        for n in range(0, 14, 5)
    ]
    settings = f"{{curPageNo:1,pageTotal:{pages_stated}}}"
    script = f"var dataList=[{','.join(groups)}];\nvar pagesData={settings};"
    body = f"<ul id='list'></ul><script>{script}</script>"
    gaps = (
        [f"列表自称共{pages_stated}页，页面里只有3页，其余由脚本读取，页面没有给出读取地址"] if pages_stated > 3 else []
    )
    pages: dict[str, bytes | Answer] = {"/gbgz/lygs/index.html": framed(body)}
    return TestSite(pages | article_pages(found), "/gbgz/lygs/index.html", found, ["/gbgz/lygs/index.html"], gaps)


def script_list_more_pages() -> TestSite:
    return script_list_in_groups(8)


def script_list_of_objects() -> TestSite:
    """Short keys, addresses as JSON inside a string, times with hours."""
    found = items(6, "/jbkzzx/{n}/c{n}.html")
    objects = [
        {"aT": f"<b>{item.title}</b>", "aPd": f"{item.day} 17:00", "aU": json.dumps({"common": item.path}), "aId": n}
        for n, item in enumerate(found)
    ]
    body = f"<div class='list'></div><script>\nvar itemObj = {json.dumps(objects)};\nrender(itemObj);</script>"
    pages: dict[str, bytes | Answer] = {"/jbkzzx/index.html": framed(body)}
    return TestSite(pages | article_pages(found), "/jbkzzx/index.html", found, ["/jbkzzx/index.html"])


def trsapi_first_pages(total: int = 213) -> TestSite:
    """福建: rows of the first display pages, templates for the others, a service that the page does not name."""
    found = items(20, "/zwgk/gsgg/{y}/t{n}_1.htm")
    rows = "".join(map(row, found))
    script = f"require(['list2.trsapi']);listModel({{maxStaticIndex:2,pagebar:{{prepage:10,recordCount:'{total}'}}}})"
    template = '<li ms-repeat="list"><a ms-attr-href="el.url">{{el.title}}</a></li>'
    body = f'<ul class="gl-ul">{rows}{template}</ul><script>{script}</script>'
    gaps = [f"列表自称共{total}条，页面里只有20条，其余由脚本读取，页面没有给出读取地址"] if total > 20 else []
    pages: dict[str, bytes | Answer] = {"/zwgk/gsgg/index.htm": framed(body)}
    return TestSite(pages | article_pages(found), "/zwgk/gsgg/index.htm", found, ["/zwgk/gsgg/index.htm"], gaps)


def trsapi_whole() -> TestSite:
    return trsapi_first_pages(20)


# Lists turned by forms


def posted_jsp_list() -> TestSite:
    """JSP: a hidden page number, links that call goPage, hidden fields of the query, sent by POST."""
    found = items(25, "/content/show.jsp?id={n}")
    sent = {"pageNo": "{}", "channelId": "1203", "keyword": "", "totalPage": "3"}

    def page(number: int) -> bytes:
        rows = "".join(map(row, found[number * 10 - 10 : number * 10]))
        fields = "".join(
            f'<input type="hidden" name="{key}" value="{value.format(number)}">' for key, value in sent.items()
        )
        links = "".join(f'<a href="javascript:goPage({n})">{n}</a> ' for n in (1, 2, 3))
        return framed(
            f"<ul>{rows}</ul><form name='pageForm' method='post' action='list.jsp'>{fields}{links}"
            '<input type="submit" value="跳转"></form>'
            "<script>function goPage(n){document.pageForm.pageNo.value=n;document.pageForm.submit();}</script>"
        )

    forms = [urlencode({key: value.format(n) for key, value in sent.items()}) for n in (2, 3)]
    answers = dict(zip(forms, (page(2), page(3)), strict=True))
    pages: dict[str, bytes | Answer] = {
        "/content/list.jsp?channelId=1203": page(1),
        "POST /content/list.jsp": Answer(reply=lambda _, form: answers.get(form, "")),
    }
    requests = ["/content/list.jsp?channelId=1203", *(f"/content/list.jsp {form}" for form in forms)]
    return TestSite(pages | article_pages(found), "/content/list.jsp?channelId=1203", found, requests)


def posted_from_zero() -> TestSite:
    """Pages counted from 0, the number written by onclick, the form posts to its own address in GBK."""
    found = items(9, "/info/view.do?no={n}")

    def page(number: int) -> bytes:
        rows = "".join(f"<tr><td>{row(item)[4:-5]}</td></tr>" for item in found[number * 5 : number * 5 + 5])
        turn = f"document.forms[0].currentPage.value={1 - number};document.forms[0].submit();"
        link = f"<a href='#' onclick='{turn}'>{'上一页' if number else '下一页'}</a>"
        body = (
            f'<form method="POST"><input type=hidden name=currentPage value="{number}">'
            f"<input type=hidden name=lm value='通知'><table>{rows}</table>共2页 {link}</form>"
        )
        return framed(body).decode().replace("utf-8", "gbk").encode("gbk")

    form = f"currentPage=1&lm={quote('通知', encoding='gbk')}"
    found_by = {form: page(1)}
    pages: dict[str, bytes | Answer] = {
        "/info/tz.do": Answer(page(0), headers={"Content-Type": "text/html"}),
        "POST /info/tz.do": Answer(headers={"Content-Type": "text/html"}, reply=lambda _, sent: found_by.get(sent, "")),
    }
    return TestSite(pages | article_pages(found), "/info/tz.do", found, ["/info/tz.do", f"/info/tz.do {form}"])


def jump_field_by_get() -> TestSite:
    """A field to type the page in, sent by GET; the only links of the pager call a script."""
    found = items(16, "/news/{n}.html")
    pages: dict[str, bytes | Answer] = {}
    for n in (1, 2, 3, 4):
        rows = "".join(map(row, found[n * 4 - 4 : n * 4]))
        body = (
            f'<ul>{rows}</ul><form action="/list.asp" method="get"><input type="hidden" name="classid" value="6">'
            f'第{n}页/共4页 转到<input name="page" size="2" value="{n}">页<input type="submit" value="GO"></form>'
        )
        pages["/list.asp?classid=6" + (f"&page={n}" if n > 1 else "")] = framed(body)
    requests = ["/list.asp?classid=6", *(f"/list.asp?classid=6&page={n}" for n in (2, 3, 4))]
    return TestSite(pages | article_pages(found), "/list.asp?classid=6", found, requests)


def aspnet_postback(total: int = 5) -> TestSite:
    """ASP.NET: the pager posts the state of the page. Only the first page is read, and that is said."""
    found = items(8, "/NewsView.aspx?id={n}")
    rows = "".join(f"<tr><td>{row(item)[4:-5]}</td></tr>" for item in found)
    links = "".join(f"<a href=\"javascript:__doPostBack('AspNetPager1','{n}')\">{n}</a> " for n in range(2, total + 1))
    body = (
        '<form method="post" action="NewsList.aspx?ClassID=602" id="form1">'
        '<input type="hidden" name="__VIEWSTATE" value="/wEPDw">'
        f"<table>{rows}</table><div>{links}"
        "<a href=\"javascript:__doPostBack('AspNetPager1','2')\">下一页</a></div></form>"
        "<script>function __doPostBack(t,a){}</script>"
    )
    gap = f"列表用回传翻页（__doPostBack），共{total}页，只读取了当前页"
    pages: dict[str, bytes | Answer] = {"/NewsList.aspx?ClassID=602": framed(body)}
    start = "/NewsList.aspx?ClassID=602"
    return TestSite(pages | article_pages(found), start, found, [start], [gap])


# Links that are no plain links


def links_in_scripts() -> TestSite:
    """An old home page on which most things are opened by scripts."""
    targets = ["/gk/index.html", "/gk/zn.html", "/gk/nb/2023.html", "/fw/index.html", "/zx/list.asp?lb=3", "/hd.html"]
    body = (
        "<a href=\"javascript:window.open('/gk/index.html','_blank')\">信息公开</a>"
        "<a href='javascript:openUrl(\"gk/zn.html\")'>公开指南</a>"
        "<a href='#' onclick=\"location.href='/gk/nb/2023.html';return false;\">2023年度报告</a>"
        "<div onclick=\"window.location='fw/index.html'\">办事服务</div>"
        "<a href='javascript:void(0)' onclick=\"goUrl('/zx/list.asp?lb=3')\">局长信箱</a>"
        "<td onclick='self.location.replace(\"hd.html\")'>互动交流</td>"
        "<a href=\"javascript:showDetail('123')\">详细</a><a href='javascript:history.back()'>返回</a>"
        "<a href=\"javascript:location.href='/view.asp?id='+id\">下一条</a>"
    )
    pages: dict[str, bytes | Answer] = {"/": html(body, "市教育局")}
    pages |= {path: html(f"<h1>栏目{n}</h1><p>本栏目内容正在完善。</p>") for n, path in enumerate(targets)}
    return TestSite(pages, "/", made={"script": targets})


def frameset() -> TestSite:
    """An old ASP site: frames hold the menu on the left and the list; the list is turned by plain links."""
    found = items(9, "/news/view.asp?id={n}")
    head = "<html><head><meta charset='utf-8'><title>市教育局</title></head>"
    inner = "<frameset cols='180,*'><frame src='left.asp'><frame src='main.asp' name='main'></frameset>"
    without = "<noframes><body>浏览器不支持框架</body></noframes>"
    home = f"{head}<frameset rows='90,*'><frame src='top.asp' name='top'>{inner}{without}</frameset></html>"
    links = ("<a href='main.asp' target='main'>通知公告</a>", "<a href='jj.asp' target='main'>机构简介</a>")
    menu = f"<ul>{''.join(f'<li>{link}</li>' for link in links)}</ul>"
    pages: dict[str, bytes | Answer] = {
        "/": home.encode(),
        "/top.asp": html("<img src='top.jpg' alt='市教育局'>"),
        "/left.asp": html(menu),
        "/main.asp": html(f"<ul>{''.join(map(row, found[:5]))}</ul><p>共2页 <a href='main.asp?page=2'>下一页</a></p>"),
        "/main.asp?page=2": html(f"<ul>{''.join(map(row, found[5:]))}</ul><p>共2页 <a href='main.asp'>上一页</a></p>"),
        "/jj.asp": html("<h1>机构简介</h1><p>市教育局是主管全市教育工作的市政府工作部门。</p>"),
    }
    made = {"frame": ["/top.asp", "/left.asp", "/main.asp"]}
    return TestSite(pages | article_pages(found), "/main.asp", found, ["/main.asp", "/main.asp?page=2"], made=made)


def refreshed_home() -> TestSite:
    """A home page that only sends on: by meta refresh, then by an iframe that holds the list."""
    found = items(4, "/web/xw/{n}.htm")
    pages: dict[str, bytes | Answer] = {
        "/": html("正在转到首页，请稍候", "市教育局", '<meta http-equiv="Refresh" content="0; URL=web/default.htm">'),
        "/web/default.htm": html('<h1>市教育局</h1><iframe src="xw/list.htm" width="100%"></iframe>'),
        "/web/xw/list.htm": html(f"<ul>{''.join(map(row, found))}</ul>"),
    }
    made = {"refresh": ["/web/default.htm"], "frame": ["/web/xw/list.htm"]}
    return TestSite(pages | article_pages(found), "/web/xw/list.htm", found, ["/web/xw/list.htm"], made=made)


_ALL: list[Callable[[], TestSite]] = [
    jpage_groups_by_get, jpage_groups_by_post, jpage_array_of_rows, jpage_whole_in_page,
    jpaas_list, jpaas_one_page,
    gkmlpt_catalogue, gkmlpt_of_a_bureau, gkmlpt_computed_addresses,
    script_list_in_groups, script_list_more_pages, script_list_of_objects,
    trsapi_first_pages, trsapi_whole,
    posted_jsp_list, posted_from_zero, jump_field_by_get, aspnet_postback,
    links_in_scripts, frameset, refreshed_home,
]  # fmt: skip
SITES: dict[str, Callable[[], TestSite]] = {make.__name__: make for make in _ALL}
