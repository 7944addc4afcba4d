"""Pages whose content scripts bring in, and what the crawler reads in them."""

from __future__ import annotations

from site_server import Server

from crawler.listing.rows import main_list, rows
from crawler.readers.html import open_html

LIST = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>通知公告</title><script src="/js/list.js"></script>
</head><body><h2>通知公告</h2><ul id="list"></ul><script>fill("/data/1.json")</script></body></html>"""
FILL = """function fill(address) { fetch(address).then(a => a.json()).then(all => {
  for (const [href, title, day] of all) {
    const row = document.createElement("li");
    row.innerHTML = `<a href="${href}">${title}</a><span>${day}</span>`;
    document.getElementById("list").append(row);
  } }); }"""
DATA = """[["/a/1.html", "关于调整城区公交线路的通知", "2024-03-01"],
 ["/a/2.html", "关于开展冬季消防检查的通知", "2024-02-11"],
 ["/a/3.html", "关于公布办事窗口作息的公告", "2023-12-30"]]"""
ENTRIES = [
    ("/a/1.html", "关于调整城区公交线路的通知", "2024-03-01"),
    ("/a/2.html", "关于开展冬季消防检查的通知", "2024-02-11"),
    ("/a/3.html", "关于公布办事窗口作息的公告", "2023-12-30"),
]


def entries(html: str, url: str) -> list[tuple[str, str, str]]:
    """Path, title and date of the main list, as the crawler reads it."""
    opened = open_html(html.encode(), url, "text/html; charset=utf-8")
    found = main_list(rows(opened.root, opened.base), url)
    return [("/" + row.url.split("/", 3)[3], row.title, str(row.date)) for row in found]


def script_page(script: str, body: str = "", head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}<p>正文</p><script>{script}</script></body></html>"


def list_site(server: Server) -> None:
    server.add("/list/1.html", LIST)
    server.add("/js/list.js", FILL, Content_Type="text/javascript")
    server.add("/data/1.json", DATA, Content_Type="application/json")
