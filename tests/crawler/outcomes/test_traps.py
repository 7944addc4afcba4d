"""Endless parts of a site in a whole crawl: each is left after a few pages and reported, real lists are read whole."""

from __future__ import annotations

from collections import Counter
from itertools import count
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from outcomes.crawling import by_outcome, crawl, refused
from site_server import Server, page, serving

from crawler.crawl.soft404 import probe_address

# A tenth of the usual numbers, so that a trap costs a tenth of the pages.
LIMITS = {"template_pages": 60, "template_reads": 12, "calendar_pages": 24, "max_shapes": 10, "max_depth": 30}
ARTICLES, LIST_PAGES, PER_PAGE = 120, 6, 20
_NEVER_THE_SAME = count()
MANY = "/q.jsp?" + "&".join(f"p{n}=1" for n in range(25))


def endless(path: str) -> str:
    """A page for every address of the five machines that make links without end."""
    parts = urlsplit(path)
    query = dict(parse_qsl(parts.query))
    if parts.path == "/cal.jsp":
        return calendar(int(query["year"]), int(query["month"]))
    if parts.path == "/news.jsp":
        visit = f"0123456789{next(_NEVER_THE_SAME):06}"
        return page(*(f"/news.jsp?id={n}&sessid={visit}" for n in range(1, 6)), title=f"新闻{query['id']}")
    if parts.path == "/find.jsp":
        more = (f"/find.jsp?{parts.query}&f{n}=1" for n in range(1, 13) if f"f{n}" not in query)
        return page(*more, title=f"筛选{parts.query}")
    if parts.path == "/count.asp":
        return page(title="请登录", text="登录以后可以查看。")
    if parts.path.startswith("/more"):
        at = int(parts.path.removeprefix("/more"))
        return page(
            *([f"/more{at + 1}"] if at < 19 else []),
            *(f"/count.asp?n={at * 20 + n}" for n in range(20)),
            title=f"更多{at}",
        )
    if parts.path.startswith("/deeper/"):
        return page("deeper/", title=f"第{path.count('/')}层")
    if parts.path == "/rows.jsp":
        return page(*(f"/rows.jsp?cid=1&sort={name}" for name in ("asc", "desc", "hits", "date")), title="一号栏目")
    return ""


def calendar(year: int, month: int) -> str:
    links = [f"/cal.jsp?year={year}&month={number}" for number in range(1, 13)]
    links += [f"/cal.jsp?year={year + step}&month={month}" for step in (-1, 1)]
    return page(*links, title=f"{year}年{month}月")


def build(server: Server) -> None:
    starts = [
        "/list.jsp?start=0", "/cal.jsp?year=2024&month=5", "/news.jsp?id=1&sessid=0123456789abcdef", "/find.jsp?cid=1",
        "/more0", "/deeper/", "/rows.jsp?cid=1", MANY, *(f"/path{n}/notice.html" for n in range(8)), "/old.html",
    ]  # fmt: skip
    server.otherwise = endless
    server.add("/", page(*starts, title="首页"))
    for number in range(8):
        server.add(f"/path{number}/notice.html", page("/linked.html", title="一篇文章", text="它有八个地址。"))
    server.add("/linked.html", page(title="由它链接"))
    for at in range(LIST_PAGES):
        rows = "".join(
            f'<li><a href="/art/{n}.html">关于第{n}号事项的公开通知</a><span>2024-01-{n % 28 + 1:02}</span></li>'
            for n in range(at * PER_PAGE, at * PER_PAGE + PER_PAGE)
        )
        turns = "".join(f'<a href="/list.jsp?start={n * PER_PAGE}">{n + 1}</a>' for n in range(LIST_PAGES))
        server.add(
            f"/list.jsp?start={at * PER_PAGE}",
            f"<html><body><ul>{rows}</ul><div class='page'>{turns}</div></body></html>",
        )
    for number in range(ARTICLES):
        server.add(f"/art/{number}.html", page(title=f"关于第{number}号事项的公开通知"))
    # What is not there leads to the home page.
    server.go("/old.html", "/")
    server.go("/" + probe_address(server.url).removeprefix(server.url), "/")


def test_traps_are_left_and_told_and_lists_are_read_whole(tmp_path: Path) -> None:
    with serving() as server:
        build(server)
        capture = crawl(server, tmp_path, limits=LIMITS, max_pages=2000).capture
    found = by_outcome(capture)
    parts = Counter(path.partition("?")[0].partition("/")[0].rstrip("0123456789") for path in found["read"])
    assert parts == {
        "": 1, "art": ARTICLES, "list.jsp": LIST_PAGES, "linked.html": 1, "more": 20, "path": 1, "rows.jsp": 1,
        "cal.jsp": 24, "find.jsp": 10, "news.jsp": 5, "deeper": 2, "count.asp": 1,
    }  # fmt: skip
    # The same bytes under many addresses are one article, or, where there are hardly any others, a trap.
    copies = [path for path in found["duplicate"] if path.startswith("path")]
    assert len(copies) == 7 and len(found["duplicate"]) == 7 + 11
    assert len({page.record for page in capture.pages() if page.url.endswith("notice.html")}) == 1
    assert server.asked.count("/linked.html") == 1
    assert found["soft-404"] == ["old.html"]
    assert set(refused(capture).values()) == {"trap", "soft-404"}
    told = [note.replace(server.url, "/") for note in capture.notes]
    assert told == [
        "疑似无穷尽的地址（大量地址内容相同，如 /count.asp?n=12），有 388 个未读。",
        "疑似无穷尽的地址（筛选条件任意组合，如 /find.jsp?cid=1&f10=1），有 66 个未读。",
        "疑似无穷尽的地址（同一列表换排序或样式，如 /find.jsp?cid=1&f2=1&f1=1），有 36 个未读。",
        "疑似无穷尽的地址（日历没有尽头，如 /cal.jsp?year=2023&month=7），有 24 个未读。",
        "疑似无穷尽的地址（会话编号不断变化，如 /news.jsp?id=1&sessid=0123456789000000），有 21 个未读。",
        "疑似无穷尽的地址（同一列表换排序或样式，如 /rows.jsp?cid=1&sort=asc），有 4 个未读。",
        "疑似无穷尽的地址（路径自相重复，如 /deeper/deeper/deeper/），有 1 个未读。",
        "疑似无穷尽的地址（参数不断增加，如 " + MANY + "），有 1 个未读。",
    ]
    read_whole = [column for column in capture.columns() if column.url.startswith(f"{server.url}list.jsp")]
    assert [(len(one.pages), one.entries, one.complete) for one in read_whole] == [(LIST_PAGES, ARTICLES, True)]
