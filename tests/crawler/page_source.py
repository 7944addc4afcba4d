"""Pages for the tests of what is read off them."""

from __future__ import annotations

from crawler.pages import PageFacts, read_page
from crawler.readers.html import open_html

URL = "http://jyj.example.gov.cn/zwgk/tzgg/index.html"
ARTICLE = "http://jyj.example.gov.cn/zwgk/tzgg/202401/t20240131_1.html"
MENU = "<div class='nav'>" + "".join(f"<a href='/{n}/'>栏目{n}</a>" for n in range(5)) + "</div>"
CRUMB = "<div class='crumb'>当前位置：<a href='/'>首页</a> &gt; <a href='/zwgk/'>政务公开</a> &gt; 通知公告</div>"
FOOT = "<div class='footer'><p>主办单位：示范市教育局　联系电话：0931-1234567</p></div>"
PARAGRAPHS = [f"第{n}段讲全市学校的安全工作，各学校要落实责任，认真排查，及时整改。" for n in range(1, 13)]
TEXT = "".join(f"<p style='text-indent:2em'>{one}</p>" for one in PARAGRAPHS)


def facts(body: str, url: str = URL, head: str = "", *, is_home: bool = False) -> PageFacts:
    """Facts of a page with the title 标题."""
    source = f"<html><head><title>标题</title>{head}</head><body>{body}</body></html>".encode()
    return read_page(open_html(source, url, "text/html; charset=utf-8"), is_home=is_home)
