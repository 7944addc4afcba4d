"""How each content management system names its addresses and turns the pages of its lists."""

from __future__ import annotations

from html import escape
from typing import Protocol

from sites.maker.model import Column, Entry


class Style(Protocol):
    """One system. Addresses are paths from the root of the site; ``number`` of a list page counts from 1."""

    name: str
    encoding: str
    size: int  # entries on one page of a list

    def home(self) -> str: ...

    def column(self, column: Column, number: int = 1, pages: int = 1) -> str: ...

    def entry(self, entry: Entry) -> str: ...

    def file(self, entry: Entry, number: int, ending: str) -> str: ...

    def pager(self, column: Column, number: int, pages: int, total: int) -> str: ...


def _serial(entry: Entry) -> int:
    """A number that no other entry of the site has."""
    return entry.column.number * 100 + entry.number


class Trs:
    """拓尔思 WCM: folders, pages numbered from 0, pager written by a script."""

    name, encoding, size = "trs", "utf-8", 15

    def home(self) -> str:
        return "/"

    def column(self, column: Column, number: int = 1, pages: int = 1) -> str:
        folder = "/" + "".join(f"{one.key}/" for one in column.path)
        return folder if number == 1 else f"{folder}index_{number - 1}.html"

    def entry(self, entry: Entry) -> str:
        return f"{self.column(entry.column)}{entry.day:%Y%m}/t{entry.day:%Y%m%d}_{30000 + _serial(entry)}.html"

    def file(self, entry: Entry, number: int, ending: str) -> str:
        return f"{self.column(entry.column)}{entry.day:%Y%m}/P0{entry.day:%Y%m%d}{_serial(entry)}{number:02d}.{ending}"

    def pager(self, column: Column, number: int, pages: int, total: int) -> str:
        return f'<script>createPageHTML({pages}, {number - 1}, "index", "html");</script>'


class Hanweb:
    """大汉 jcms: numbered columns, dates in the addresses of articles, lists as records in a script."""

    name, encoding, size = "hanweb", "utf-8", 15

    def home(self) -> str:
        return "/"

    def column(self, column: Column, number: int = 1, pages: int = 1) -> str:
        return f"/col/col{5000 + column.number}/index.html"

    def entry(self, entry: Entry) -> str:
        day = entry.day
        return f"/art/{day.year}/{day.month}/{day.day}/art_{5000 + entry.column.number}_{70000 + _serial(entry)}.html"

    def file(self, entry: Entry, number: int, ending: str) -> str:
        return f"/attach/0/{70000 + _serial(entry)}{number}.{ending}"

    def proxy(self, column: Column, number: int) -> str:
        """Address of one group of records."""
        return (
            f"/module/web/jpage/dataproxy.jsp?page={number}&appid=1&webid=12&path=/&columnid={5000 + column.number}"
            f"&unitid={8000 + column.number}&permissiontype=0"
        )

    def pager(self, column: Column, number: int, pages: int, total: int) -> str:
        return ""


class Boda:
    """博达 Visual SiteBuilder: .htm files, further pages of a list numbered downwards in a folder of its name."""

    name, encoding, size = "boda", "utf-8", 12

    def home(self) -> str:
        return "/"

    def column(self, column: Column, number: int = 1, pages: int = 1) -> str:
        stem = "/" + "/".join(one.key for one in column.path)
        return f"{stem}.htm" if number == 1 else f"{stem}/{pages - number + 1}.htm"

    def entry(self, entry: Entry) -> str:
        return f"/info/{1000 + entry.column.number}/{2000 + _serial(entry)}.htm"

    def file(self, entry: Entry, number: int, ending: str) -> str:
        return f"/__local/{1000 + entry.column.number}/{2000 + _serial(entry)}_{number}.{ending}"

    def pager(self, column: Column, number: int, pages: int, total: int) -> str:
        def link(other: int, text: str) -> str:
            if other == number or not 1 <= other <= pages:
                return f"<span>{text}</span>"
            return f'<a href="{self.column(column, other, pages)}">{text}</a>'

        names = {"首页": 1, "上页": number - 1, "下页": number + 1, "尾页": pages}
        links = " ".join(link(other, text) for text, other in names.items())
        said = f'<span class="p_t">共{total}条</span> <span>{number}/{pages}</span>'
        return f'<div class="pb_sys_common">{said} {links}</div>'


class Asp:
    """An old site of ASP pages in GB 2312, laid out with tables."""

    name, encoding, size = "asp", "gb18030", 12

    def home(self) -> str:
        return "/"

    def column(self, column: Column, number: int = 1, pages: int = 1) -> str:
        name = "about" if column.kind == "page" else "list"
        further = f"&page={number}" if number > 1 else ""
        return f"/{name}.asp?id={column.number}{further}"

    def entry(self, entry: Entry) -> str:
        return f"/show.asp?id={_serial(entry)}"

    def file(self, entry: Entry, number: int, ending: str) -> str:
        return f"/upfile/{entry.day:%Y%m}/{_serial(entry)}{number}.{ending}"

    def pager(self, column: Column, number: int, pages: int, total: int) -> str:
        def link(other: int, text: str) -> str:
            if other == number or not 1 <= other <= pages:
                return text
            return f'<a href="{escape(self.column(column, other, pages))}">{text}</a>'

        names = {"首页": 1, "上一页": number - 1, "下一页": number + 1, "尾页": pages}
        links = " ".join(link(other, text) for text, other in names.items())
        return f"<p align='center'>共{total}条记录 第{number}页/共{pages}页 {links}</p>"


STYLES: dict[str, Style] = {style.name: style for style in (Trs(), Hanweb(), Boda(), Asp())}
