"""What the test sites of this folder are made of: a list over several pages, its articles, a home page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from site_server import Answer, Server

NEWEST = date(2024, 6, 28)
_PLACES = ("市城区", "东河镇", "清溪乡", "高新园区", "南坪街道", "各县区", "全市")
_ACTS = ("关于开展", "关于做好", "关于印发", "关于组织实施", "关于公布", "关于调整")
_THINGS = (
    "防汛值守",
    "老旧小区改造",
    "秋季学校食堂检查",
    "农村公路养护",
    "就业见习岗位征集",
    "水质监测",
    "养老服务补贴发放",
)
_KINDS = ("工作的通知", "结果的公告", "实施方案", "有关事项的公示")


@dataclass
class TestSite:
    """One site. ``listed`` are the addresses of the pages of its list (page 1 first), ``missing`` those that the list
    claims and that do not exist, ``titles`` the entries of all pages in order."""

    __test__ = False

    pages: dict[str, bytes]
    list_url: str
    listed: tuple[str, ...]
    titles: tuple[tuple[str, date], ...]
    missing: tuple[str, ...] = ()

    @property
    def entries(self) -> int:
        return len(self.titles)

    @property
    def list_pages(self) -> int:
        return len(self.listed)

    def serve(self, server: Server) -> None:
        for path, body in self.pages.items():
            server.pages[path] = Answer(body)


Row = Callable[[str, str, date], str]


def in_list(href: str, title: str, day: date) -> str:
    return f'<li><a href="{href}" title="{title}" target="_blank">{title[:14]}...</a><span>{day}</span></li>'


def in_table(href: str, title: str, day: date) -> str:
    return f'<tr><td>·</td><td><a href="{href}">{title}</a></td><td align="right">[{day:%Y/%m/%d}]</td></tr>'


def in_blocks(href: str, title: str, day: date) -> str:
    return f'<div class="item"><a href="{href}">{title}</a><em>{day.year}年{day.month}月{day.day}日</em></div>'


def in_terms(href: str, title: str, day: date) -> str:
    return f'<dl><dd><a href="{href}" title="{title}">{title}</a><span class="time">{day:%Y.%m.%d}</span></dd></dl>'


def site(
    listed: Sequence[str],
    counts: Sequence[int],
    pager: Callable[[int], str],
    *,
    row: Row = in_list,
    start: str = "",
    article: str = "/zwgk/202406/t{day:%Y%m%d}_{n}.html",
    head: str = "",
    more: str = "",
    missing: Sequence[str] = (),
) -> TestSite:
    """A site with the list ``listed``, whose page p has ``counts[p - 1]`` entries and the markup ``pager(p)``.

    ``start`` is the address by which the site links its list (page 1 unless given); ``more`` stands above the list.
    """
    start = start or listed[0]
    pages: dict[str, bytes] = {}
    titles: list[tuple[str, date]] = []
    for p, (path, count) in enumerate(zip(listed, counts, strict=True), 1):
        lines = []
        for _ in range(count):
            n = len(titles)
            title, day = title_of(n), NEWEST - timedelta(days=2 * n)
            href = article.format(day=day, n=7300 - n)
            titles.append((title, day))
            pages[href] = article_page(title, day, start)
            lines.append(row(href, title, day))
        body = f'{more}<div class="list">{_wrapped(row, lines)}</div><div class="page">{pager(p)}</div>'
        pages[path] = page("通知公告", body, start, head)
    pages[start] = pages[listed[0]]
    pages["/"] = page("云溪市民政局", "<p>欢迎访问云溪市民政局网站。</p>", start)
    return TestSite(pages, start, (start, *listed[1:]), tuple(titles), tuple(missing))


def title_of(n: int) -> str:
    """The title of the n-th entry, each another one."""
    place, act = _PLACES[n % len(_PLACES)], _ACTS[n // 3 % len(_ACTS)]
    return f"{act}{place}{_THINGS[n % len(_THINGS)]}{_KINDS[n % len(_KINDS)]}（云民发〔2024〕{200 - n}号）"


def page(title: str, body: str, start: str, head: str = "") -> bytes:
    nav = f'<div class="nav"><a href="/">首页</a> <a href="{start}">通知公告</a></div>'
    here = f'<div class="position">您的位置：<a href="/">首页</a> &gt; {title}</div>'
    foot = '<div class="footer">主办：云溪市民政局 地址：云溪市人民路18号 网站标识码：5309000018</div>'
    opening = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
    return f"{opening}<body>{nav}{here}{body}{foot}</body></html>".encode()


def article_page(title: str, day: date, start: str) -> bytes:
    text = "各乡镇人民政府，局属各单位：为做好这项工作，现将有关要求通知如下，请认真落实，有问题及时报告。" * 4
    return page(title, f"<h1>{title}</h1><p>发布时间：{day} 来源：本局</p><div>{text}</div>", start)


def script(text: str) -> str:
    return f'<script type="text/javascript">{text}</script>'


def _wrapped(row: Row, lines: list[str]) -> str:
    before, after = (
        ("<table>", "</table>") if row is in_table else ("<div>", "</div>") if row is in_blocks else ("<ul>", "</ul>")
    )
    if row is in_terms:
        return "".join(lines)
    return before + "".join(lines) + after


def numbered(folder: str, name: str, ending: str, pages: int) -> list[str]:
    """Addresses of pages that count from 1, the first without its number."""
    return [f"{folder}{name}.{ending}", *(f"{folder}{name}_{n}.{ending}" for n in range(2, pages + 1))]
