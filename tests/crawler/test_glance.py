"""What a glance at a web page tells: no line that its document has is missing."""

from __future__ import annotations

import re

import pytest

from crawler import readers
from crawler.readers.glance import lines_of_page
from crawler.readers.html import open_html

URL = "http://www.qingxi.example/bszn/1.html"
MEDIA = "text/html; charset=utf-8"
PAGES = {
    "a label parted by inline markup": "<p>1.申请<b>条件</b>：<span>本县户籍</span></p><p>办理　时限：三日</p>",
    "a heading over two lines": "<h2>办理<br>流程</h2><p>先到窗口领取表格，<br>再到二楼盖章。</p>",
    "wide spaces": "<p>姓　名</p><table>"
    "<tr><td>电　　话</td><td>一\u2003二</td></tr><tr><td>甲</td><td>乙</td></tr></table>",
    "lines of the source": "<p>申请\n材料 和 \n依据</p>",
    "cells of a table": "<table><tr><td>收费\n标准</td><td>不收费<p>但工本费除外</p></td></tr>"
    "<tr><td>地址</td><td>城关镇</td></tr></table>",
    "what nobody sees in the middle of a word": "<p>咨询<i hidden>x</i>电话<script>1</script>：12345</p>",
    "what a picture is called": "<p>窗口位置见图<img src='a.png' alt='政务服务大厅平面图'></p>",
    "a file in a sentence": "<p>请下载<a href='b.doc'>申请表</a>填写后提交。</p>",
    "lines as they were typed": "<pre>材料：身份证\n时间：工作日</pre>",
    "typed lines with a break between": "<pre>材料：身份证<br>时间：工作日\n地点：二楼<div>窗口：三号</div></pre>",
    "a heading of typed lines": "<h2><pre>办理\n流程</pre></h2>",
    "a heading over two lines above a block": "<h2>办理<br>流程<div>图解</div></h2>",
    "protected spaces in a cell": "<table><tr><td>联系&nbsp;&nbsp;电话</td><td>共18件&nbsp;&nbsp;1/2</td></tr>"
    "<tr><td>地&nbsp;　址</td><td>东街</td></tr></table>",
    "a name of a file over two lines": "<p>附件：<a href='b.doc'>清溪县<br>申请表</a></p>",
    "what nobody sees between two words": "<p>收费</p>不<div hidden>草稿</div>收费"
    "<table><tr><td>证照<div style='display:none'>x</div>名称</td><td>营业执照</td></tr><tr><td>甲</td><td>乙</td></tr>"
    "</table>",
    "a caption over two lines": "<table><caption>材料<br>清单<i hidden>x</i></caption>"
    "<tr><td>身份证</td><td>一份</td></tr><tr><td>照片</td><td>两张</td></tr></table>",
    "a separator of paragraphs": "<p>办理&#8233;时限</p>",
    "an option that stands alone": "<p>请选<option>择</option>窗口</p>",
    "control characters": "<p>办&#11;理&#x1f;地点</p><p>一楼</p>",
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_every_line_of_the_document_is_there(name: str) -> None:
    body = f"<html><body><div>{PAGES[name]}</div></body></html>".encode()
    document = readers.read(body, uri=URL, media_type=MEDIA)
    said = [line for block in document.blocks for line in re.split(r"[\n\t]", block.text) if line.strip()]
    seen = lines_of_page(open_html(body, URL, MEDIA))
    assert said
    assert [line for line in said if line not in seen] == []


def test_what_nobody_sees_is_not_told() -> None:
    body = "<html><head><title>标题</title></head><body><p hidden>草稿</p><p>正文</p></body></html>".encode()
    assert lines_of_page(open_html(body, URL, MEDIA)) == ["正文"]


def test_a_character_that_no_tree_takes_back_leaves_the_page_to_its_document() -> None:
    body = "<html><body><p>办理\f地点</p></body></html>".encode()
    with pytest.raises(ValueError):
        lines_of_page(open_html(body, URL, MEDIA))
