"""A bureau site of any size, the same on every machine: home page, 25 columns with list pages, articles.

No page lies on disk: each is put together from its number and from parts that are built once (chrome, paragraphs,
titles), so that serving costs a tenth of what reading costs. The text is composed from benchmarks/bureau_site.yaml.
The figures of a page follow bureau pages: 30 to 60 KB, about 3,600 CJK characters on an article, 50 to 100 links.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple

from benchmarks.site_parts import (
    ASSETS,
    CODE,
    HEAD,
    HEADED,
    PARAGRAPHS,
    SECTIONS,
    UNIT,
    WORDS,
    article_tags,
    column_tags,
    figures,
    metadata,
    paragraphs,
    sentence,
    written,
)

PER_LIST = 20
NEWEST = date(2026, 11, 20).toordinal()
DAYS = 1500  # age of the oldest article
FIRST_NUMBER = 1_000_000
COLUMN_ROOM = 10_000  # numbers kept for the articles of one column

_ARTICLE = re.compile(r"/[a-z]+/[a-z]+/\d{6}/t\d{8}_(\d{7})\.html")
_LIST = re.compile(r"/[a-z]+/([a-z]+)/index(?:_(\d{1,4}))?\.html")


class Spot(NamedTuple):
    """Which page of the site: column and number within it (article, newest first; list page, first is 0)."""

    kind: Literal["home", "list", "article", "plain"]
    column: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``script`` where its pager is a call of ``createPageHTML`` and not a row of links."""

    number: int
    folder: str
    name: str
    section: str
    articles: int
    script: bool

    @property
    def lists(self) -> int:
        return -(-self.articles // PER_LIST)

    def list_name(self, page: int) -> str:
        """File name of a list page: the script counts from 0, the links count from 1."""
        return "index.html" if page == 0 else f"index_{page if self.script else page + 1}.html"


class Bureau:
    """A site of exactly ``pages`` pages (80 at least), every one of them linked from another."""

    def __init__(self, pages: int) -> None:
        self.columns, self.plain = _share_out(pages)
        self._by_folder = {column.folder.rpartition("/")[2]: column for column in self.columns}
        self._tails = [[_tail(column, j) for j in range(column.articles)] for column in self.columns]

    def __len__(self) -> int:
        return 1 + len(self.plain) + sum(column.lists + column.articles for column in self.columns)

    def paths(self) -> Iterator[str]:
        """The path of every page."""
        yield "/"
        yield from (f"/{name}.html" for name in self.plain)
        for column in self.columns:
            yield from (f"{column.folder}/{column.list_name(page)}" for page in range(column.lists))
            yield from (f"{column.folder}/{_file(column, j)}" for j in range(column.articles))

    def find(self, path: str) -> Spot | None:
        """The page at a path, None where there is none."""
        if path == "/":
            return Spot("home")
        if found := _ARTICLE.fullmatch(path):
            column, j = divmod(int(found[1]) - FIRST_NUMBER, COLUMN_ROOM)
            known = 0 <= column < len(self.columns) and j < self.columns[column].articles
            return Spot("article", column, j) if known and path.endswith(_file(self.columns[column], j)) else None
        if found := _LIST.fullmatch(path):
            listed = self._by_folder.get(found[1])
            page = int(found[2] or 0) - (0 if not found[2] or (listed and listed.script) else 1)
            return Spot("list", listed.number, page) if listed and 0 <= page < listed.lists else None
        name = path.removeprefix("/").removesuffix(".html")
        return Spot("plain", 0, self.plain.index(name)) if name in self.plain else None

    def changed_on(self, spot: Spot) -> date:
        """The day on which a page last changed."""
        day = _day(self.columns[spot.column], spot.number) if spot.kind == "article" else NEWEST
        return date.fromordinal(day)

    def render(self, spot: Spot) -> bytes:
        """The page itself, UTF-8."""
        if spot.kind == "article":
            return self._article(self.columns[spot.column], spot.number)
        if spot.kind == "list":
            return self._list(self.columns[spot.column], spot.number)
        return self._home() if spot.kind == "home" else self._plain(self.plain[spot.number])

    def _home(self) -> bytes:
        boxes = []
        for column in self.columns[5:13]:
            rows = self._rows(column, range(min(6, column.articles)), f"{column.folder}/")
            more = f'<h2><span class="name">{column.name}</span></h2>'
            boxes.append(f'<div class="box col-{column.number % 2}">{more}<ul class="list">{rows}</ul></div>')
        intro = "".join(self._paragraphs(3, 9))
        body = f'<div class="home clearfix"><div class="notice">{intro}</div>{"".join(boxes)}</div>'
        return self._page(UNIT, column_tags("首页", "首页"), body)

    def _plain(self, name: str) -> bytes:
        title = WORDS["plain"][name]
        links = "".join(f'<li><a href="{column.folder}/index.html">{column.name}</a></li>' for column in self.columns)
        text = "".join(self._paragraphs(len(title) + self.plain.index(name), 14))
        body = f'<div class="single"><h1>{title}</h1>{text}<ul class="map clearfix">{links}</ul></div>'
        return self._page(f"{title}_{UNIT}", "", body)

    def _list(self, column: Column, page: int) -> bytes:
        shown = range(page * PER_LIST, min((page + 1) * PER_LIST, column.articles))
        rows = self._rows(column, shown, "./")
        right = (
            f'<div class="right"><div class="tit"><h2>{column.name}</h2></div><div class="intro">'
            f"{''.join(self._paragraphs(column.number * 500 + page, 6))}</div>"
            f'<ul class="list list-main">{rows}</ul>{_pager(column, page)}</div>'
        )
        body = f'<div class="wrap clearfix">{self._side(column)}{right}</div>{self._newest}'
        return self._page(f"{column.name}_{UNIT}", column_tags(column.name, column.name), _crumbs(column) + body)

    def _article(self, column: Column, j: int) -> bytes:
        title, day, number = _title(column, j), date.fromordinal(_day(column, j)), _number(column, j)
        mark = number * 2_654_435_761 % 2**32
        text = self._paragraphs(mark, 6 + mark % 8 + mark // 8 % 8)
        first = f"现将{title}有关事项说明如下，编号{number}，自{written(day)}起执行。"
        text.insert(0, sentence(first))
        if mark % 7 == 0:
            text.insert(len(text) // 2, figures(mark))
        block = metadata(title, day, number) if column.section == "xxgk" else ""
        body = (
            f'<div class="wrap clearfix"><div class="content">{block}<div class="title"><h1>{title}</h1></div>'
            f'<div class="info"><span>发布时间：{day} {8 + mark % 10:02d}:{mark % 60:02d}</span>'
            f"<span>来源：{UNIT}</span><span>浏览次数：<i id='hits'>0</i></span>"
            f'<span class="zoom">字体：[<a href="javascript:doZoom(18)">大</a>'
            f'<a href="javascript:doZoom(14)">小</a>]</span></div>'
            f'<div class="article" id="UCAP-CONTENT"><div class="view TRS_UEDITOR">{"".join(text)}</div></div>'
            f'<div class="sign"><p>{UNIT}</p><p>{written(day)}</p></div>{self._around(column, j, mark)}</div></div>'
        )
        tags = column_tags(column.name, column.name) + article_tags(title, day, mark)
        newest = self._newest if mark % 5 else ""
        return self._page(f"{title}_{column.name}_{UNIT}", tags, f"{_crumbs(column)}{body}{newest}")

    def _around(self, column: Column, j: int, mark: int) -> str:
        """Neighbours in the list, and related articles of the column."""
        sides = [("上一篇", j - 1), ("下一篇", j + 1)]
        tails = self._tails[column.number]
        near = "".join(
            f'<p><em>{label}：</em><a href="../{tails[k].partition("<span")[0]}</p>'
            for label, k in sides
            if 0 <= k < column.articles
        )
        step = 1 + mark % 7
        related = dict.fromkeys((j + step * k) % column.articles for k in range(1, 11 + mark // 16 % 16))
        rows = self._rows(column, related, "../")
        tools = (
            '<div class="tools"><a href="javascript:window.print()">打印</a>'
            '<a href="javascript:window.close()">关闭</a></div>'
        )
        return f'{tools}<div class="near">{near}</div><div class="related"><h3>相关文章</h3><ul>{rows}</ul></div>'

    def _rows(self, column: Column, numbers: Iterable[int], prefix: str) -> str:
        tails = self._tails[column.number]
        return "".join(f'<li><i class="dot"></i><a href="{prefix}{tails[j]}</li>' for j in numbers)

    def _paragraphs(self, mark: int, count: int) -> list[str]:
        """``count`` paragraphs out of the stock, a heading before every fourth."""
        stock, found = self._stock, []
        for k in range(count):
            if k % 4 == 0:
                found.append(HEADED[(mark + k) % len(HEADED)])
            mark = (mark * 1_103_515_245 + 12_345) % 2**31
            found.append(stock[(mark >> 8) % PARAGRAPHS])
        return found

    def _page(self, title: str, tags: str, body: str) -> bytes:
        return "".join((HEAD, tags, f"<title>{title}</title>", ASSETS, self._header, body, self._footer)).encode()

    def _side(self, column: Column) -> str:
        name, columns = SECTIONS[column.section]
        items = "".join(
            f'<li class="item"><a href="/{column.section}/{folder}/index.html" title="{label}">{label}</a></li>'
            for folder, label in columns.items()
        )
        return f'<div class="left"><div class="menu-title"><h3>{name}</h3></div><ul class="menu">{items}</ul></div>'

    @cached_property
    def _newest(self) -> str:
        rows = "".join(self._rows(column, range(1), f"{column.folder}/") for column in self.columns[5:25:2])
        return f'<div class="newest"><div class="tit"><h3>最新发布</h3></div><ul>{rows}</ul></div>'

    @cached_property
    def _header(self) -> str:
        menus = []
        for section, (name, columns) in SECTIONS.items():
            items = "".join(
                f'<dd><a href="/{section}/{folder}/index.html" target="_self">{label}</a></dd>'
                for folder, label in columns.items()
            )
            first = next(iter(columns))
            menus.append(
                f'<li class="nav-item"><a href="/{section}/{first}/index.html">{name}</a><dl>{items}</dl></li>'
            )
        return (
            '<body class="page"><div class="top"><div class="w1200"><span id="day"></span>'
            '<a href="javascript:void(0)" onclick="wza()">无障碍浏览</a>'
            '<a href="javascript:void(0)">长者模式</a></div></div>'
            f'<div class="header"><div class="w1200"><a href="/" class="logo"><img src="/images/logo.png" alt="{UNIT}">'
            f'</a><h1 class="site">{UNIT}</h1><form action="/search" method="get"><input type="text" name="word">'
            '<input type="submit" value="搜索"></form></div></div><div class="nav"><ul class="w1200">'
            f'<li class="nav-item"><a href="/">首页</a></li>{"".join(menus)}</ul></div><div class="main w1200">'
        )

    @cached_property
    def _footer(self) -> str:
        friends = "".join(
            f'<a href="http://w{k}.yunze.example/" target="_blank">{name}</a>'
            for k, name in enumerate(WORDS["friends"])
        )
        plain = "".join(f'<a href="/{name}.html">{WORDS["plain"][name]}</a>|' for name in self.plain)
        return (
            f'</div><div class="links"><div class="w1200"><h4>友情链接</h4>{friends}</div></div>'
            f'<div class="footer"><div class="w1200"><p class="nav-foot">{plain}</p><div class="info">'
            f"<p>主办单位：{UNIT}　联系电话：0999-8000001</p><p>地址：云泽市滨河路十二号　邮政编码：999001</p>"
            f"<p>网站标识码：{CODE}　"
            '<a href="http://icp.example/">云ICP备00000001号-1</a>　'
            '<a href="http://police.example/">云公网安备99010200000001号</a></p></div><div class="marks">'
            '<a href="http://mark.example/"><img src="/images/red.png" alt="党政机关"></a>'
            f'<a href="http://error.example/?site={CODE}"><img src="/images/jiucuo.png" alt="我为政府网站找错"></a>'
            "</div></div></div></body></html>"
        )

    @cached_property
    def _stock(self) -> list[str]:
        return paragraphs()


def _share_out(pages: int) -> tuple[list[Column], list[str]]:
    """Columns of nearly one size, and 3 or 4 plain pages, so that the whole makes ``pages``."""
    names = [(s, f, name) for s, (_, columns) in SECTIONS.items() for f, name in columns.items()]
    plain = list(WORDS["plain"])[:3]
    room = pages - 1 - len(plain)
    articles = room * PER_LIST // (PER_LIST + 1) + len(names)
    while True:
        sizes = [articles // len(names) + (k < articles % len(names)) for k in range(len(names))]
        left = room - sum(size + -(-size // PER_LIST) for size in sizes)
        if left >= 0:
            break
        articles -= 1
    if left > 1 or min(sizes) < 2 or max(sizes) > COLUMN_ROOM:
        raise ValueError(f"no site of {pages} pages can be made")
    columns = [
        Column(k, f"/{section}/{folder}", name, section, sizes[k], k % 2 == 0)
        for k, (section, folder, name) in enumerate(names)
    ]
    return columns, plain + list(WORDS["plain"])[3 : 3 + left]


def _number(column: Column, j: int) -> int:
    return FIRST_NUMBER + column.number * COLUMN_ROOM + j


def _day(column: Column, j: int) -> int:
    return NEWEST - column.number % 9 - j * DAYS // column.articles


def _file(column: Column, j: int) -> str:
    day = date.fromordinal(_day(column, j))
    return f"{day:%Y%m}/t{day:%Y%m%d}_{_number(column, j)}.html"


def _title(column: Column, j: int) -> str:
    """No two articles share a title: the product of the lists is larger than any site, the step coprime to it."""
    lists = [WORDS[name] for name in ("places", "actions", "matters", "kinds")]
    mark = (column.number + j * 25) * 40_503 % math.prod(map(len, lists))
    mark, kind = divmod(mark, len(lists[3]))
    mark, matter = divmod(mark, len(lists[2]))
    place, action = divmod(mark, len(lists[1]))
    return f"关于{lists[1][action]}{lists[0][place]}{lists[2][matter]}工作的{lists[3][kind]}"


def _tail(column: Column, j: int) -> str:
    """The rest of a list row after the folder: file name, whole title, shown title (cut where long), date."""
    title = _title(column, j)
    shown = title if len(title) <= 20 else f"{title[:19]}…"
    day = date.fromordinal(_day(column, j))
    return f'{_file(column, j)}" title="{title}" target="_blank">{shown}</a><span class="date">{day}</span>'


def _crumbs(column: Column) -> str:
    section = SECTIONS[column.section][0]
    return (
        '<div class="position"><span>当前位置：</span><a href="/">首页</a><em>&gt;</em>'
        f'<span>{section}</span><em>&gt;</em><a href="{column.folder}/index.html">{column.name}</a></div>'
    )


def _pager(column: Column, page: int) -> str:
    if column.script:
        call = f'createPageHTML({column.lists}, {page}, "index", "html");'
        return f'<div class="page-list"><script type="text/javascript">{call}</script></div>'
    near = range(max(0, page - 2), min(column.lists, page + 3))
    numbers = "".join(
        f'<span class="now">{k + 1}</span>' if k == page else f'<a href="{column.list_name(k)}">{k + 1}</a>'
        for k in near
    )
    steps = [("首页", 0), ("上一页", page - 1), ("下一页", page + 1), ("尾页", column.lists - 1)]
    ends = [
        f'<a href="{column.list_name(k)}">{label}</a>'
        if 0 <= k < column.lists and k != page
        else f"<span>{label}</span>"
        for label, k in steps
    ]
    return f'<div class="page-list">{ends[0]}{ends[1]}{numbers}{ends[2]}{ends[3]}<em>共{column.lists}页</em></div>'
