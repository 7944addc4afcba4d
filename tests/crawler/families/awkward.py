"""Columns of one site whose lists are awkward: broken, endless, doubled, empty, leading away."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from site_server import Answer, Server

_NEWEST = date(2024, 3, 28)
MENU = [
    ("numbers/list.asp", "数字分页"), ("digits/list.asp", "只有数字"),
    ("offset/news.php", "按条分页"), ("scripted/index.htm", "脚本翻页"),
    ("clicked/index.htm", "点击翻页"), ("frames/index.htm", "框架列表"), ("moved/index.htm", "转向列表"),
    ("broken/index.html", "中间断页"), ("lying/index.html", "虚报总数"),
    ("boasting/index.html", "虚报页数"), ("ring/index.html", "循环翻页"),
    ("endless/list.asp", "无尽翻页"), ("deaf/list.asp", "不翻的页"), ("two/index.html", "旁有列表"),
    ("pair/index.html", "两个列表"), ("pair/other.html", "其中之一"), ("away/index.html", "外站条目"),
    ("files/index.html", "附件列表"), ("empty/index.html", "空的栏目"), ("blank/index.html", "空白栏目"),
    ("undated/index.html", "没有日期"), ("folder/", "目录列表"), ("folder/index.html", "目录列表"),
    ("midway/index_1.html", "半路列表"), ("midway/index.html", "半路列表"), ("session/list.jsp", "会话列表"),
    ("double/index.html", "一文两址"), ("gkmlpt/index#571", "目录通知"), ("gkmlpt/index#580", "目录计划"),
]  # fmt: skip


def build(server: Server, further: Sequence[tuple[str, str]] = ()) -> None:
    """Serve all columns, and a home page that links to them and to ``further`` ones (path, name)."""
    links = "".join(f'<li><a href="/{path}">{name}</a></li>' for path, name in [*MENU, *further])
    server.add("/", f"<html><head><title>示范局</title></head><body><ul>{links}</ul></body></html>")
    for make in (_plain, _scripts, _leading_on, _breaks, _repeats, _others, _addresses, _catalogue):
        make(server)


def rows(folder: str, numbers: Iterable[int], *, dated: bool = True) -> str:
    return "".join(row(f"/{folder}/a{n}.htm", folder, n, dated=dated) for n in numbers)


def row(href: str, folder: str, n: int, *, dated: bool = True) -> str:
    day = f"<span>{day_of(n)}</span>" if dated else ""
    return f'<li><a href="{href}">{title_of(folder, n)}</a>{day}</li>'


def title_of(folder: str, n: int) -> str:
    return f"关于{folder}第{n}号事项办理情况的公开通知"


def day_of(n: int) -> date:
    return _NEWEST - timedelta(days=10 * n)


def _list(name: str, body: str, pager: str = "", head: str = "") -> str:
    trail = f'<div>当前位置：<a href="/">首页</a> &gt; {name}</div>'
    return (
        f"<html><head><title>{name}</title>{head}</head><body>{trail}"
        f'<ul class="list">{body}</ul><div class="page">{pager}</div></body></html>'
    )


def _articles(server: Server, folder: str, numbers: Iterable[int]) -> None:
    for n in numbers:
        server.add(f"/{folder}/a{n}.htm", _article(folder, n))


def _article(folder: str, n: int) -> str:
    title = title_of(folder, n)
    text = "现将有关情况公开如下，请认真组织实施，有问题及时报告。" * 6
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"


def _paged(
    server: Server, folder: str, name: str, paths: Sequence[str], size: int, pagers: Sequence[str], *, total: int
) -> None:
    """A list of ``total`` entries on pages of ``size`` at ``paths``, each with its pager."""
    for p, path in enumerate(paths):
        shown = range(p * size, min(total, p * size + size))
        server.add(f"/{folder}/{path}", _list(name, rows(folder, shown), pagers[p]))
    _articles(server, folder, range(total))


def _plain(server: Server) -> None:
    """Numbers as links with ``pageNo=``, bare numbers, and a next page by the number of the entry."""
    paths = ["list.asp", "list.asp?pageNo=2", "list.asp?pageNo=3"]
    pager = "".join(f'<a href="list.asp?pageNo={n}">{n}</a> ' for n in (2, 3)) + "共3页"
    _paged(server, "numbers", "数字分页", paths, 4, [pager] * 3, total=11)
    pages = "".join(f'<a href="list.asp?p={n}">{n}</a> ' for n in (1, 2, 3))
    _paged(server, "digits", "只有数字", [f"list.asp?p={n}" for n in (1, 2, 3)], 4, [pages] * 3, total=10)
    server.add("/digits/list.asp", server.pages["/digits/list.asp?p=1"].body)
    paths = ["news.php", "news.php?start=49", "news.php?start=98"]
    pagers = [f'<a href="news.php?start={49 * n}">下一页</a>' for n in (1, 2)]
    _paged(server, "offset", "按条分页", paths, 4, [*pagers, "下一页"], total=9)


def _scripts(server: Server) -> None:
    """Links of the pager that are scripts: in ``href``, in ``onclick``."""
    paths = ["index.htm", "index_2.htm", "index_3.htm"]
    pagers = [f"<a href=\"javascript:window.location='index_{n}.htm'\">下一页</a>" for n in (2, 3)]
    _paged(server, "scripted", "脚本翻页", paths, 4, [*pagers, "下一页"], total=10)
    pagers = [f"<a href='#' onclick=\"location.href='index_{n}.htm';return false;\">下一页</a>" for n in (2, 3)]
    _paged(server, "clicked", "点击翻页", paths, 4, [*pagers, "下一页"], total=10)


def _leading_on(server: Server) -> None:
    """A list inside of frames, and one behind a page that only sends on."""
    frames = "<html><head><title>框架列表</title></head><frameset cols='180,*'><frame src='menu.htm'>"
    server.add("/frames/index.htm", f"{frames}<frame src='list.htm'></frameset></html>")
    server.add("/frames/menu.htm", '<html><body><a href="list.htm">框架列表</a></body></html>')
    pagers = ['<a href="list_2.htm">下一页</a>', '<a href="list.htm">上一页</a>']
    _paged(server, "frames", "框架列表", ["list.htm", "list_2.htm"], 3, pagers, total=5)
    refresh = '<meta http-equiv="refresh" content="0;url=list.htm">'
    server.add("/moved/index.htm", f"<html><head>{refresh}</head><body>正在转到列表</body></html>")
    _paged(server, "moved", "转向列表", ["list.htm", "list_2.htm"], 3, pagers, total=6)


def _breaks(server: Server) -> None:
    """A page in the middle that fails, a last page that says that there are more entries, pages that nobody made."""
    paths = ["index.html", "index_1.html", "index_2.html", "index_3.html"]
    calls = [f"<script>createPageHTML(4, {p}, 'index', 'html');</script>" for p in range(4)]
    _paged(server, "broken", "中间断页", paths, 3, calls, total=12)
    server.add("/broken/index_2.html", "出错了", 500)
    pagers = ['共8条 <a href="index_1.html">下一页</a>', '共12条 <a href="index.html">上一页</a>']
    _paged(server, "lying", "虚报总数", ["index.html", "index_1.html"], 4, pagers, total=8)
    calls = [f"<script>createPageHTML(900, {p}, 'index', 'html');</script>" for p in range(2)]
    _paged(server, "boasting", "虚报页数", ["index.html", "index_1.html"], 4, calls, total=8)


def _repeats(server: Server) -> None:
    """A pager that goes round, one that has no end, one whose pages are all the first."""
    paths = ["index.html", "index_2.html", "index_3.html"]
    pagers = [f'<a href="{paths[(p + 1) % 3]}">下一页</a>' for p in range(3)]
    _paged(server, "ring", "循环翻页", paths, 3, pagers, total=9)
    for p in range(1, 9):
        name = "/endless/list.asp" + (f"?page={p}" if p > 1 else "")
        pager = f'第{p}页 <a href="list.asp?page={p + 1}">下一页</a>'
        server.add(name, _list("无尽翻页", rows("endless", range(3) if p == 1 else range(3, 5)), pager))
    _articles(server, "endless", range(5))
    pager = "".join(f'<a href="list.asp?page={n}">{n}</a> ' for n in (1, 2, 3)) + "共3页"
    _paged(server, "deaf", "不翻的页", ["list.asp"], 4, [pager], total=4)
    for n in (1, 2, 3):
        server.add(f"/deaf/list.asp?page={n}", server.pages["/deaf/list.asp"].body)


def _others(server: Server) -> None:
    """A list beside the list, two lists on one page, entries elsewhere, documents, no entries, no dates."""
    side = '<ul class="side">' + rows("numbers", (0, 1)) + "</ul>"
    pagers = [f'{side}<a href="index_2.html">下一页</a>', f'{side}<a href="index.html">上一页</a>']
    _paged(server, "two", "旁有列表", ["index.html", "index_2.html"], 4, pagers, total=7)
    calls = [f"<script>createPageHTML(2, {p}, 'index', 'html');</script>" for p in (0, 1)]
    others = [f"<script>createPageHTML(2, {p}, 'other', 'html');</script>" for p in (0, 1)]
    _paged(server, "pair", "两个列表", ["index.html", "index_1.html"], 3, [calls[0] + others[0], calls[1]], total=5)
    for p, numbers in enumerate((range(5, 8), range(8, 10))):
        name = "/pair/other.html" if p == 0 else "/pair/other_1.html"
        server.add(name, _list("其中之一", rows("pair", numbers), others[p]))
    _articles(server, "pair", range(5, 10))
    far = "".join(row(f"http://www.other{n}.example/a{n}.htm", "away", n) for n in range(4))
    server.add("/away/index.html", _list("外站条目", far))
    files = "".join(row(f"/files/f{n}.txt", "files", n) for n in range(3))
    server.add("/files/index.html", _list("附件列表", files))
    for n in range(3):
        server.add(f"/files/f{n}.txt", f"附件{n}：{title_of('files', n)}", Content_Type="text/plain; charset=utf-8")
    menu = "".join(f'<a href="/{path}">{name}</a> ' for path, name in MENU[:12])
    menu = f'<div class="nav"><ul>{menu}</ul></div>'
    server.add("/empty/index.html", _list("空的栏目", "<li>暂无信息</li>").replace("<body>", f"<body>{menu}"))
    server.add("/blank/index.html", _list("空白栏目", "").replace("<body>", f"<body>{menu}"))
    server.add("/undated/index.html", _list("没有日期", rows("undated", range(5), dated=False)))
    _articles(server, "undated", range(5))


def _addresses(server: Server) -> None:
    """A folder and its file that differ by a stamp, a list linked at its second page, sessions, an article twice."""
    paths = ["index.html", "index_1.html", "index_2.html"]
    pagers = [f'<a href="index_{p + 1}.html">下一页</a>' for p in range(2)]
    _paged(server, "folder", "目录列表", paths, 3, [*pagers, "下一页"], total=8)
    server.add("/folder/", str(server.pages["/folder/index.html"].body) + "<!-- 08:00:01 -->")
    calls = [f"<script>createPageHTML(3, {p}, 'index', 'html');</script>" for p in range(3)]
    _paged(server, "midway", "半路列表", paths, 3, calls, total=7)
    ids = [";jsessionid=A1", ";jsessionid=B2"]
    for p in range(2):
        body = "".join(row(f"/session/a{n}.htm{ids[p]}", "session", n) for n in range(p * 3, p * 3 + 4))
        other = f'<a href="list.jsp{ids[p]}{"" if p else "?page=2"}">{"上" if p else "下"}一页</a>'
        server.add(f"/session/list.jsp{ids[0] if p else ''}" + ("?page=2" if p else ""), _list("会话列表", body, other))
    for n in range(7):
        server.add(f"/session/a{n}.htm{ids[0 if n < 4 else 1]}", _article("session", n))
    double = rows("double", range(3)) + row("/double/copy/a1.htm#top", "double", 1)
    server.add("/double/index.html", _list("一文两址", double))
    _articles(server, "double", range(3))
    server.add("/double/copy/a1.htm", _article("double", 1))


def _catalogue(server: Server) -> None:
    """One shell, two columns of it."""
    server.add(
        "/gkmlpt/index", "<html><body><div id='app'></div><script>var _CONFIG={SID:'661'};</script></body></html>"
    )
    for column, numbers in ((571, range(3)), (580, range(3, 5))):
        listed = [
            {"title": title_of("gkmlpt", n), "url": f"/gkmlpt/a{n}.htm", "created_at": f"{day_of(n)} 10:00"}
            for n in numbers
        ]
        answer = json.dumps({"articles": listed, "total": len(listed)})
        server.pages[f"/gkmlpt/api/all/{column}?page=1&sid=661"] = Answer(
            answer, headers={"Content-Type": "application/json"}
        )
    _articles(server, "gkmlpt", range(5))
