"""The site of the monthly crawls: columns of articles whose pages can, or cannot, be asked for on condition."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from site_server import Server, page

PER_PAGE = 15
MENU = '<div class="nav"><a href="/">首页</a> <a href="/etag/">甲类公开</a> <a href="/date/">乙类公开</a></div>'


@dataclass
class Sheet:
    """One page or file of the site. ``version`` counts its changes; ``says`` how the server marks its age: ``etag``,
    ``date``, ``lie`` (an ETag that never changes), ``deaf`` (an ETag that nobody compares) or nothing."""

    path: str
    title: str
    day: str
    says: str = ""
    version: int = 1
    more: tuple[tuple[str, str], ...] = ()
    media: str = "text/html; charset=utf-8"
    gone: bool = False
    to: str = ""

    def body(self) -> str:
        text = f"{self.title}，第{self.version}稿。" * 40
        return text if "plain" in self.media else MENU + page(*self.more, title=self.title, text=text)

    @property
    def marks(self) -> dict[str, str]:
        if self.says == "date":
            return {"Last-Modified": f"Mon, 0{self.version} Jan 2024 08:00:00 GMT"}
        version = "same" if self.says in ("lie", "deaf") else str(self.version)
        return {"ETag": f'"{version}"'} if self.says else {}


@dataclass
class Town:
    """``sheets`` by path; ``lists`` holds the addresses of each column's sheets; ``sent`` the bytes sent by path since
    it was last cleared."""

    server: Server
    sheets: dict[str, Sheet] = field(default_factory=dict)
    lists: dict[str, list[Sheet]] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)
    banner: bool = False

    def column(self, name: str, sheets: list[Sheet]) -> None:
        self.lists[name] = sheets
        self.serve(*sheets)
        self.show(name)

    def serve(self, *sheets: Sheet) -> None:
        for sheet in sheets:
            self.sheets[sheet.path] = sheet
            self.server.run(sheet.path, self._answer)

    def show(self, name: str) -> None:
        """Bring the pages of a list up to what it holds."""
        sheets = self.lists[name]
        for at in range(0, len(sheets), PER_PAGE):
            rows = "".join(
                f'<li><a href="{sheet.path}">{sheet.title}</a><span>{sheet.day}</span></li>'
                for sheet in sheets[at : at + PER_PAGE]
            )
            number = at // PER_PAGE
            turn = f'<a href="index_{number + 1}.html">下一页</a>' if at + PER_PAGE < len(sheets) else ""
            path = f"/{name}/" if number == 0 else f"/{name}/index_{number}.html"
            trail = f'<div>当前位置：<a href="/">首页</a> &gt; {_NAMES[name]}</div>'
            head = f"<head><title>{_NAMES[name]}</title></head>"
            self.server.add(path, f"<html>{head}<body>{MENU}{trail}<ul>{rows}</ul>{turn}</body></html>")

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        sheet, asked = self.sheets[handler.path], handler.headers
        if sheet.gone or sheet.to:
            _send(handler, 404 if sheet.gone else 301, {"Location": sheet.to} if sheet.to else {}, b"")
            return
        same = asked.get("If-None-Match") == sheet.marks.get("ETag", "none")
        same = same or asked.get("If-Modified-Since") == sheet.marks.get("Last-Modified", "none")
        if same and sheet.says != "deaf":
            _send(handler, 304, sheet.marks, b"")
            return
        number = len(self.server.log)
        body = (sheet.body() + (f"<div>您是第{number}位访客</div>" if self.banner else "")).encode()
        self.sent[sheet.path] = self.sent.get(sheet.path, 0) + len(body)
        _send(handler, 200, {"Content-Type": sheet.media, **sheet.marks}, body)


_NAMES = {
    "etag": "甲类公开",
    "date": "乙类公开",
    "bare": "丙类公开",
    "nb": "政府信息公开年报",
    "zc": "政策文件",
    "deaf": "丁类公开",
}


def _send(handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes) -> None:
    handler.send_response(status)
    for name, value in {**headers, "Content-Length": str(len(body))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def articles(name: str, count: int, says: str = "") -> list[Sheet]:
    return [
        Sheet(f"/{name}/t{n:03}.html", f"第{n}期机关食堂采购结果{name}", f"2024-01-{n % 28 + 1:02}", says)
        for n in range(count)
    ]


def build(server: Server) -> Town:
    """About 150 pages: 40 articles each with ETag, with Last-Modified and with neither; reports, policies, files."""
    town = Town(server)
    names = ("etag", "date", "bare", "nb", "zc")
    links = [(f"/{name}/", _NAMES[name]) for name in names]
    server.add("/", MENU + page(*links, title="云泽县林业局", text="欢迎访问。"))
    for name, says in (("etag", "etag"), ("date", "date"), ("bare", "")):
        town.column(name, articles(name, 40, says))
    reports = [
        Sheet(f"/nb/{year}.html", f"云泽县林业局{year}年政府信息公开工作年度报告", f"{year + 1}-01-20", says)
        for year, says in ((2023, "lie"), (2022, ""), (2021, ""))
    ]
    town.column("nb", reports)
    policies = [
        Sheet(
            f"/zc/p{n}.html", f"云泽县林场管理办法（第{n}号）", f"2023-0{n + 1}-01", more=((f"/zc/f{n}.txt", "附件"),)
        )
        for n in range(5)
    ]
    town.column("zc", policies)
    town.serve(*[Sheet(f"/zc/f{n}.txt", f"林场名录{n}", "", media="text/plain; charset=utf-8") for n in range(5)])
    return town
