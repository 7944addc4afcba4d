"""Addresses out of onclick and javascript: links."""

from __future__ import annotations

import pytest

from crawler.readers.page.script_links import script_target

BASE = "http://www.example.gov.cn/zwgk/index.html"
HOME = "http://www.example.gov.cn/"


@pytest.mark.parametrize(
    ("code", "target"),
    [
        ("javascript:window.open('/gk/zn.html')", "gk/zn.html"),
        ("JavaScript: window.open ( \"zn.html\" , '_blank', 'width=800')", "zwgk/zn.html"),
        ("javascript:open('../hd/')", "hd/"),
        ("javascript:void(window.open('a.html'))", "zwgk/a.html"),
        ("location.href='a.html';return false;", "zwgk/a.html"),
        ("window.location='?page=2'", "zwgk/index.html?page=2"),
        ('window.location.href = "\\/a\\/b.html"', "a/b.html"),
        ("parent.location='list'", "zwgk/list"),
        ("document.location.href=('b.html')", "zwgk/b.html"),
        ("top.location.replace('b.html')", "zwgk/b.html"),
        ("this.className='on';self.location.assign(\"b.html\")", "zwgk/b.html"),
        ("if(confirm('离开本站？')) location.href='c.html'", "zwgk/c.html"),
        ("setTimeout(\"location.href='c.html'\",1000)", "zwgk/c.html"),
        ("openUrl('/list.jsp?id=3&lx=1')", "list.jsp?id=3&lx=1"),
        ("javascript:goUrl(%22/tz/%E9%80%9A.html%22)", "tz/%E9%80%9A.html"),
        ("gotoPage('index_2.html')", "zwgk/index_2.html"),
        ("turnTo('./2.htm', 5)", "zwgk/2.htm"),
    ],
)
def test_the_address_is_read(code: str, target: str) -> None:
    assert script_target(code, BASE) == HOME + target


@pytest.mark.parametrize(
    "code",
    [
        "",
        "javascript:void(0)",
        "javascript:;",
        "history.back()",
        "javascript:history.go(-1)",
        "javascript:window.print()",
        "window.close()",
        "window.open(this.href)",
        "location.href=url",
        "location.href='/view.asp?id='+id",
        "location.href=base+'/view.asp'",
        "window.open('/v.jsp?id=' + this.value, '_blank')",
        "showDetail('123')",
        "showDetail('/a.html')",
        "gotoPage('3')",
        "gotoPage(3)",
        "openUrl(u)",
        "if(location.href=='/a.html'){}",
        "if(location != '/a.html'){}",
        "location.hash='#a.html'",
        "location.search='?a=1'",
        "xhr.open('GET','/a.json')",
        "$('#dlg').dialog.open('/a.html')",
        "mylocation='/a.html'",
        "location.href='javascript:void(0)'",
        "location.href='mailto:a@b.example'",
        "window.open('about:blank')",
        "window.open('')",
        "window.open('http://[bad/')",
        "alert('请访问 /a.html')",
        "addFavorite('http://www.example.gov.cn/')",
        "location.href='/a.html",
        "location.href='" + "a" * 5000 + "'",
    ],
)
def test_nothing_is_guessed(code: str) -> None:
    assert script_target(code, BASE) is None


def test_the_second_address_counts_where_the_first_is_computed() -> None:
    code = "if(x){location.href='/a?id='+x}else{location.href='/a.html'}"
    assert script_target(code, BASE) == HOME + "a.html"
