"""Report pages as bureau sites have them, and small files to attach."""

from __future__ import annotations

import io
import zipfile

from PIL import Image
from site_server import Server, page

TITLE = "青溪县水务局{year}年政府信息公开工作年度报告"


def article(title: str, body: str, published: str) -> str:
    """A page with the chrome of a site around its text."""
    head = f"<meta charset='utf-8'><title>{title}</title><meta name='PubDate' content='{published}'>"
    trail = "<div class='crumb'>当前位置：<a href='/'>首页</a> &gt; <a href='/nb/'>政府信息公开年报</a></div>"
    logo = "<div class='header'><img src='/logo.png'><a href='/'>首页</a></div>"
    text = f"<div class='article'><h1>{title}</h1><p>发布时间：{published}　来源：办公室</p>{body}</div>"
    foot = "<div class='footer'><img src='/mark.png'>版权所有：青溪县水务局　陇ICP备12345678号</div>"
    return f"<!doctype html><html><head>{head}</head><body>{logo}{trail}{text}{foot}</body></html>"


def column(server: Server, reports: dict[str, str]) -> None:
    """Home page and report column; ``reports`` are the pages to list: path → title."""
    server.add("/", page(("/nb/", "政府信息公开年报"), title="首页"))
    rows = "".join(
        f"<li><a href='{path}'>{title}</a><span>2026-01-2{n}</span></li>"
        for n, (path, title) in enumerate(reports.items())
    )
    trail = "<div class='crumb'>当前位置：<a href='/'>首页</a> &gt; 政府信息公开年报</div>"
    server.add("/nb/", f"<html><head><title>政府信息公开年报</title></head><body>{trail}<ul>{rows}</ul></body></html>")


def png(image: Image.Image | None = None, shade: int = 200) -> bytes:
    """A picture file; without an image one that is too small to hold text."""
    out = io.BytesIO()
    (image or Image.new("L", (20, 20), shade)).save(out, "PNG")
    return out.getvalue()


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in files.items():
            package.writestr(name, body)
    return out.getvalue()
