"""Whatever is handed in, a user gets a document or one clear line; nothing crashes and nothing hangs."""

from __future__ import annotations

import io
import random
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import UnusableInput
from crawler.evidence import Document
from crawler.readers import read
from crawler.readers.drafts import READABLE

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def packed(**parts: str | bytes) -> bytes:
    """A ZIP of the parts; ``__`` in a name stands for ``/``, ``_types`` for the list of content types."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr("[Content_Types].xml" if name == "_types" else f"{name.replace('__', '/')}.xml", content)
    return made.getvalue()


def encrypted() -> bytes:
    body = bytearray(packed(_types=TYPES, word__document="<a/>"))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = body.find(mark)
        while at >= 0:
            body[at + flags] |= 1
            at = body.find(mark, at + 4)
    return bytes(body)


def deep(tag: str) -> bytes:
    return f"<html><body>{f'<{tag}>' * 20_000}正文</body></html>".encode()


NOISE = random.Random(5).randbytes(20_000)

BAD = [
    ("empty.html", b"", "文件是空的"),
    ("blank.txt", b"\xef\xbb\xbf \r\n\n", "文件是空的"),
    ("large.txt", b"a" * (60 * 1024 * 1024), "超过 50 MB"),
    ("zip.docx", packed(readme="text"), "不是 Word 文档"),
    ("bomb.docx", packed(_types=TYPES, word__document=b"\0" * (120 * 1024 * 1024)), "解压后过大"),
    ("many.docx", packed(_types=TYPES, **{f"word__p{i}": "" for i in range(6000)}), "解压后过大"),
    (
        "entity.docx",
        packed(_types=TYPES, word__document='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
        "外部实体",
    ),
    ("hollow.docx", packed(_types=TYPES, word__document="<a/>"), "不是有效的 Word 文档"),
    ("broken.docx", packed(_types="<not xml", word__document="<a/>"), "无法读取"),
    ("cut.docx", packed(_types=TYPES, word__document="<a/>" * 500)[:200], "已损坏"),
    ("secret.docx", encrypted(), "已加密"),
    ("letter.docx", "只是文字".encode(), "不是 Word 文档"),
    ("deep-div.html", deep("div"), "嵌套过深"),
    ("deep-inline.html", deep("b"), "嵌套过深"),
    ("deep-table.html", deep("table><tr><td"), "嵌套过深"),
    ("deep-list.html", deep("ul><li"), "嵌套过深"),
    ("noise.txt", NOISE, "不是文字"),
    ("noise.html", NOISE, "不是文字"),
    ("noise", NOISE, "不是文字"),
    ("zeros.txt", "表\0二".encode() * 50, "不是文字"),
    ("comment.html", b"<!-- nothing -->", "没有任何内容"),
    ("report.pdf", b"%PDF-1.7\n%\xe2\xe3", "PDF 文件"),
    ("renamed.html", b"%PDF-1.7\n%\xe2\xe3", "PDF 文件"),
    ("scan.png", b"\x89PNG\r\n\x1a\n", "图片"),
    ("scan.jpg", b"\xff\xd8\xff\xe0", "图片"),
    ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Office"),
    ("form.ofd", packed(OFD="<a/>"), "OFD 文件"),
    ("sheet.xlsx", packed(_types=TYPES, xl__workbook="<a/>"), "Excel"),
    ("pack.zip", packed(a="b"), "ZIP 压缩包"),
    ("pack.rar", b"Rar!\x1a\x07\x00", "RAR"),
]


@pytest.mark.parametrize(("name", "body", "says"), BAD, ids=[case[0] for case in BAD])
def test_one_clear_line(name: str, body: bytes, says: str) -> None:
    started = time.monotonic()
    with pytest.raises(UnusableInput) as caught:
        read(body, uri=f"file:///data/{name}")
    line = str(caught.value)
    assert line.startswith(f"{name}：") and says in line and "；请" in line and "\n" not in line
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("name", ["a.rar", "b.doc", "c.pptx"])
def test_line_names_the_formats_that_are_read(name: str) -> None:
    body = {"a.rar": b"Rar!", "b.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "c.pptx": packed(ppt__a="x")}
    with pytest.raises(UnusableInput, match=READABLE):
        read(body[name], uri=name)


def test_name_is_decoded_and_kept_on_one_line() -> None:
    with pytest.raises(UnusableInput) as caught:
        read(b"", uri="http://www.example.gov.cn/nb/%E5%B9%B4%E6%8A%A5%0A2023.html?id=1")
    assert str(caught.value).startswith("年报2023.html：")


def test_deep_but_bearable_page_is_read() -> None:
    page = "<html><body>" + "<div>" * 200 + "<p>正文还在。</p>" + "</div>" * 200 + "</body></html>"
    assert [block.text for block in read(page.encode(), uri="a.html").blocks] == ["正文还在。"]


def test_absurd_spans_are_bounded() -> None:
    rows = "<tr>" + '<td colspan="99999999" rowspan="70000">1</td><td>2</td>' * 3 + "</tr>"
    started = time.monotonic()
    document = read(f"<html><table>{rows * 300}</table>".encode(), uri="a.html")
    table = document.blocks[0].table
    assert table is not None and table.columns <= 200_000
    assert any("表格过大" in note for note in document.notes)
    assert time.monotonic() - started < 30


def test_many_wide_tables_share_one_limit() -> None:
    table = "<table>" + '<tr><td colspan="1000">一</td><td>1</td></tr>' * 190 + "</table>"
    started = time.monotonic()
    document = read(f"<html>{table * 60}".encode(), uri="a.html")
    assert any("表格过大" in note for note in document.notes)
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    "text",
    [
        "** a" * 100_000,
        "# " + " #" * 100_000 + "x",
        "[" * 100_000,
        "a|b\n" * 20_000,
        "发　" * 50_000,
        "|" * 200_000,
        "<table" * 20_000,
    ],
)
def test_hostile_text_takes_no_time(text: str) -> None:
    started = time.monotonic()
    assert read(text.encode(), uri="a.md").carrier == "markdown"
    assert time.monotonic() - started < 30


def test_hidden_text_is_noted_and_not_read() -> None:
    page = f"<html><body><p>看得见。</p><div style='DISPLAY : none'>{'藏' * 500}</div></body></html>"
    document = read(page.encode(), uri="a.html")
    assert [block.text for block in document.blocks] == ["看得见。"]
    assert any("隐藏" in note for note in document.notes)


def test_few_wrong_bytes_do_not_change_the_encoding() -> None:
    page = b"<html><body>" + "<p>政府信息公开工作</p>".encode() * 200 + b"<p>\xe4\xb8</p></body></html>"
    document = read(page, uri="a.html")
    assert document.encoding == "utf-8" and document.blocks[0].text == "政府信息公开工作"
    assert any("替代字符" in note for note in document.notes)


def test_western_label_on_a_chinese_page_is_not_believed() -> None:
    page = "<html><body><p>政府信息公开工作年度报告</p></body></html>".encode("gbk")
    document = read(page, uri="a.html", media_type="text/html; charset=ISO-8859-1")
    assert (document.encoding, document.blocks[0].text) == ("gb18030", "政府信息公开工作年度报告")


def test_content_outweighs_name_and_media_type() -> None:
    page = "<!DOCTYPE html><html><body><p>网页</p></body></html>".encode()
    assert read(page, uri="file:///a/report.docx").carrier == "html"
    assert read(page, uri="http://e.cn/down?id=3", media_type="application/octet-stream").carrier == "html"
    assert read("没有标签的文字".encode(), uri="a.html").carrier == "text"
    assert read("文字".encode(), uri="http://e.cn/x", media_type="text/plain; charset=utf-8").carrier == "text"


PIECES = st.lists(
    st.sampled_from(
        ["<table>", "</table>", "<tr>", "<td rowspan=3>", "<td colspan=0>", "<p>", "</p>", "<a href='x.doc'>", "</a>",
         "12", "索引号：", "发文机关", "<br>", "<h1>", "</div>", "<div class=footer>", "ICP备", "一、总体情况",
         "&nbsp;", "|", "\n", "|---|", "\t", "<!--", "-->", "<script>", "<img src=a>", "<dl><dt>", "<dd>", "<caption>",
         "<tfoot>", "2020-01-02"]
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(PIECES, st.sampled_from(["a.html", "a.md", "a.txt"]))
def test_any_mixture_gives_a_document_or_a_line(pieces: list[str], name: str) -> None:
    try:
        document = read("".join(pieces).encode(), uri=name)
    except UnusableInput as error:
        assert str(error).startswith(f"{name}：")
        return
    assert isinstance(document, Document)
    assert 0 <= document.main[0] <= document.main[1] <= len(document.blocks)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.binary(max_size=300), st.sampled_from(["a.html", "a", "a.docx"]))
def test_any_bytes_give_a_document_or_a_line(body: bytes, name: str) -> None:
    try:
        read(body, uri=name)
    except UnusableInput as error:
        assert str(error).startswith(f"{name}：")


def test_a_page_of_40_kb_is_read_quickly() -> None:
    item = '<li><a href="/art/{0}.html">栏目动态第{0}条信息标题文字</a><span>2024-01-02</span></li>'
    rows = "".join(f"<tr><td>第{i}行</td><td>{i}</td><td></td><td>/</td></tr>" for i in range(60))
    body = "".join(f"<p>第{i}段，{'正文内容' * 40}。</p>" for i in range(60))
    links = "".join(item.format(i) for i in range(80))
    page = f"<html><body><ul class=nav>{links}</ul>{body}<table>{rows}</table></body></html>".encode()
    assert len(page) > 36_000
    times = []
    for _ in range(5):
        started = time.process_time()
        read(page, uri="http://e.cn/a.html")
        times.append(time.process_time() - started)
    assert min(times) < 0.2
