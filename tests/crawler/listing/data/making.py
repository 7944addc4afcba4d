"""What a test site is made of: entries, articles, rows, pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from site_server import Answer, Server

_MATTERS = ["关于印发", "关于做好", "关于公布", "关于组织申报", "关于开展"]
_THINGS = [
    "义务教育学校招生工作",
    "校舍安全排查",
    "教师资格认定",
    "学生资助资金发放",
    "中小学课后服务",
    "职业技能竞赛",
    "校车安全管理",
]
_KINDS = ["的通知", "方案的通知", "结果的公告", "有关事项的说明"]


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list, as the site knows it."""

    path: str
    title: str
    day: date


@dataclass
class TestSite:
    """One site: its answers by path, the list to read, and what a whole reading of it finds.

    ``items`` are the entries of the list, ``requests`` everything that is asked for (as ``driver.walk`` writes it) in
    order, ``gaps`` what cannot be reached. ``made`` are the links that are no plain ``<a href>`` (scripts, frames,
    refresh): form of the link → paths.
    """

    __test__ = False

    pages: dict[str, bytes | Answer]
    list_url: str
    items: list[Item] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    made: dict[str, list[str]] = field(default_factory=dict)

    @property
    def entries(self) -> int:
        return len(self.items)

    @property
    def list_pages(self) -> int:
        """Pages and data answers that reading the whole list takes."""
        return len(self.requests)

    def serve(self, server: Server) -> None:
        for path, answer in self.pages.items():
            server.pages[path] = Answer(answer) if isinstance(answer, bytes) else answer


def items(count: int, path: str = "/art/{y}/{m}/{d}/art_2041_{n}.html", first: date = date(2024, 3, 29)) -> list[Item]:
    """Entries newest first, three days apart, each title once."""
    made = []
    for n in range(count):
        day = first - timedelta(days=3 * n)
        title = f"市教育局{_MATTERS[n % 5]}{day.year}年{_THINGS[n % 7]}{_KINDS[n % 4]}（第{n + 1}号）"
        made.append(Item(path.format(y=day.year, m=day.month, d=day.day, n=88000 - n), title, day))
    return made


def article(item: Item) -> bytes:
    meta = f'<meta name="ArticleTitle" content="{item.title}"><meta name="PubDate" content="{item.day} 09:30">'
    text = "各县区教育局、局属各学校：现将有关事项通知如下，请结合实际认真贯彻执行，并于月底前报送情况。" * 3
    return html(f"<h1>{item.title}</h1><p>发布时间：{item.day}</p><p>{text}</p>", item.title, meta)


def html(body: str, title: str = "通知公告", head: str = "") -> bytes:
    opening = '<!DOCTYPE html><html><head><meta charset="utf-8">'
    return f"{opening}<title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def row(item: Item, cut: int = 0) -> str:
    shown = item.title[:cut] + "…" if cut else item.title
    return f'<li><a href="{item.path}" title="{item.title}" target="_blank">{shown}</a><span>{item.day}</span></li>'


def data(body: str, media_type: str = "application/json; charset=utf-8") -> Answer:
    return Answer(body, headers={"Content-Type": media_type})


def framed(inner: str) -> bytes:
    menu = '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk.html">政务公开</a></li></ul></div>'
    return html(f'{menu}<div class="position">当前位置：首页 &gt; 通知公告</div>{inner}<div>版权所有：市教育局</div>')


def article_pages(found: list[Item]) -> dict[str, bytes | Answer]:
    return {item.path: article(item) for item in found}
