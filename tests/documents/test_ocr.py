"""Recognition: scanned reports, lone figures, pictures in documents, limits, and what is said without the extra."""

from __future__ import annotations

import base64
import io
import struct
import sys
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from documents.conftest import Print
from documents.hostile.noise import noise, png
from documents.maker import compare_tables, make_report
from documents.maker.scans import encoded, scanned_pdf, scans, wear_of
from PIL import Image, ImageDraw
from support import judge

from crawler.errors import UnusableInput
from crawler.evidence import Cell, Document
from crawler.readers import read
from crawler.readers.ocr.crops import crop
from crawler.readers.ocr.settings import settings
from scoring.annual_report import AnnualReport, Options

SUMS = {"AR-401", "AR-402", "AR-403", "AR-404"}
ROWS = (
    ("项目", "上年结转", "本年新收", "合计"),
    ("予以公开", "0", "1", "1"),
    ("不予公开", "7", "-", "7"),
    ("其他处理", "", "/", "1203"),
    ("收费金额", "0.50", "38.20", "38.70"),
)


def sums(document: Document) -> list[tuple[str, str]]:
    found = judge(AnnualReport(document, Options())).findings
    return sorted({(f.rule, f.outcome) for f in found if f.rule in SUMS})


def cells(document: Document) -> dict[tuple[int, int], Cell]:
    return {(c.row, c.column): c for block in document.blocks if block.table for c in block.table.cells}


@pytest.fixture(scope="module")
def small_table(printed_html: Callable[[str], bytes]) -> Image.Image:
    """A scan of a small table with lone figures, a blank, a dash and a slash, under one line of text."""
    rows = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in ROWS)
    style = (
        "@page {size: 130mm 70mm; margin: 8mm} body {font: 10.5pt 'Noto Serif CJK SC'; margin: 0}"
        "table {width: 100%; border-collapse: collapse; text-align: center} td {border: 1px solid #000; height: 7mm}"
    )
    text = f"<style>{style}</style><p>政府信息公开申请办理情况统计</p><table>{rows}</table>"
    return scans(printed_html(text), wear_of(3), 3)[0]


def test_a_scanned_report_is_read_to_the_cell(printed: Print) -> None:
    report = make_report(4)
    # Its title, and the page with tables 三 and 四: each page costs seconds.
    body = scanned_pdf(scans(printed(report, "cell-borders"), wear_of(4), 4, only=(0, 2)), wear_of(4))
    document = read(body, uri="file:///scan.pdf", record="test")
    assert not [line for line in compare_tables(report, document).wrong if line.startswith(("t3", "t4"))]
    assert document.title == report.title
    assert document.notes == ()
    assert sums(document) == []
    assert all(c.confidence is not None and c.page and c.box for c in cells(document).values() if c.raw)


def test_a_wrong_digit_in_a_picture_is_found(printed: Print) -> None:
    report = make_report(4).with_wrong_digit(9, 5)
    (page,) = scans(printed(report, "cell-borders"), wear_of(4), 4, only=(2,))
    document = read(encoded(page, "PNG", wear_of(4)), uri="file:///page.png", record="test")
    assert document.carrier == "image"
    assert "AR-402" in {rule for rule, _ in sums(document)}


@pytest.mark.parametrize(("form", "quarters"), [("PNG", 0), ("TIFF", 2), ("WEBP", 3)])
def test_lone_figures_blanks_and_marks(form: str, quarters: int, small_table: Image.Image) -> None:
    turned = small_table.rotate(90 * quarters, expand=True)
    document = read(encoded(turned, form, wear_of(3)), uri=f"file:///table.{form.lower()}")
    read_rows = {place: cell.raw for place, cell in cells(document).items()}
    assert read_rows == {(r, c): text for r, row in enumerate(ROWS) for c, text in enumerate(row)}
    assert document.blocks[0].text == "政府信息公开申请办理情况统计"
    # The picture of a cell shows that cell: reading it again gives the same.
    place = cells(document)[3, 3]
    assert place.box is not None and place.page == 1
    piece = Image.open(io.BytesIO(crop(encoded(turned, form, wear_of(3)), "file:///t", 1, place.box)))
    assert 1.0 < piece.width / piece.height < 6.0
    assert piece.width < small_table.width / 2


def test_a_camera_note_turns_the_picture(small_table: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    small_table.rotate(90, expand=True).save(out, "JPEG", quality=80, exif=exif)
    document = read(out.getvalue(), uri="file:///photo.jpg")
    assert cells(document)[3, 3].raw == "1203"


def test_a_picture_in_a_page_is_read_in_its_place(small_table: Image.Image) -> None:
    body = encoded(small_table, "PNG", wear_of(3))
    held = {"https://www.example.gov.cn/a/table.png": body}
    ornament = base64.b64encode(encoded(Image.new("RGB", (20, 20)), "PNG", wear_of(3))).decode()
    page = (
        "<html><body><h1>年度报告</h1><p>以下是统计表。</p><img src='table.png'><p>以上是统计表。</p>"
        f"<img src='data:image/png;base64,{ornament}'><img src='gone.png'></body></html>"
    ).encode()
    document = read(page, uri="https://www.example.gov.cn/a/1.html", pictures=held.get)
    kinds = [(b.kind, b.text if b.kind != "table" else "") for b in document.blocks]
    start = kinds.index(("paragraph", "以下是统计表。"))
    assert kinds[start + 1][0] == "picture"
    assert kinds[start + 2][1] == "政府信息公开申请办理情况统计"
    assert kinds[start + 3][0] == "table"
    assert kinds[start + 4] == ("paragraph", "以上是统计表。")
    assert cells(document)[3, 3].raw == "1203"
    without = read(page, uri="https://www.example.gov.cn/a/1.html")
    assert [b.kind for b in without.blocks if b.kind == "table"] == []


def test_a_picture_in_a_word_document_is_read_in_its_place(small_table: Image.Image) -> None:
    from docx import Document as WordDocument

    word = WordDocument()
    word.add_paragraph("以下是统计表。")
    word.add_picture(io.BytesIO(encoded(small_table, "PNG", wear_of(3))))
    word.add_paragraph("以上是统计表。")
    out = io.BytesIO()
    word.save(out)
    document = read(out.getvalue(), uri="file:///report.docx")
    kinds = [b.kind for b in document.blocks]
    assert kinds == ["paragraph", "picture", "paragraph", "table", "paragraph"]
    assert cells(document)[2, 1].raw == "7"
    assert document.notes == ()


def test_without_the_extra_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch, small_table: Image.Image) -> None:
    for name in ("engine", "ruling", "cells", "upright", "page"):  # those that load it
        monkeypatch.delitem(sys.modules, f"crawler.readers.ocr.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    body = encoded(small_table, "PNG", wear_of(3))
    with pytest.raises(UnusableInput, match=r'pip install "duwang\[ocr\]"') as refused:
        read(body, uri="file:///table.png")
    assert "\n" not in str(refused.value)
    page = "<p>统计表如下。</p><img src='table.png'>".encode()
    document = read(page, uri="https://www.example.gov.cn/1.html", pictures=lambda _: body)
    assert any('pip install "duwang[ocr]"' in note for note in document.notes)
    assert "picture" in [b.kind for b in document.blocks]
    scan = scanned_pdf([small_table], wear_of(3))
    assert "未读取" in " ".join(read(scan, uri="file:///scan.pdf").notes)


@pytest.fixture
def little_effort(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recognition may do less for a file than two pages with the small table need."""
    monkeypatch.setitem(settings("effort"), "file", 0.9)


def test_pages_beyond_the_effort_of_one_file_are_said_to_be_unread(
    small_table: Image.Image, little_effort: None
) -> None:
    out = io.BytesIO()
    small_table.save(out, "TIFF", save_all=True, append_images=[small_table] * 3)
    beyond = "识别量超过一份文件的限度，未读取（请拆分文件或单独读取这些内容）"
    for body, what in ((out.getvalue(), "图片"), (scanned_pdf([small_table] * 4, wear_of(3)), "是扫描图片，")):
        document = read(body, uri="file:///many")
        kinds = [(b.kind, b.spot.page) for b in document.blocks if b.kind != "paragraph"]
        assert kinds == [("table", 1), ("picture", 2), ("picture", 3), ("picture", 4)]
        assert cells(document)[3, 3].raw == "1203"
        assert document.notes == (f"第 2 至 4 页{what}{beyond}",)


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The sizes of the pages that recognition has looked at so far."""
    from crawler.readers.ocr import page

    sizes: list[tuple[int, int]] = []
    upright = page.upright

    def counted(pixels: Any) -> Any:
        sizes.append(pixels.shape[:2])
        return upright(pixels)

    monkeypatch.setattr(page, "upright", counted)
    return sizes


def test_a_scan_of_noise_is_given_up_after_three_pages(looked_at: list[tuple[int, int]]) -> None:
    body = scanned_pdf([noise(300, 200, seed) for seed in range(9)], wear_of(3))
    document = read(body, uri="file:///noise.pdf")
    assert len(looked_at) == 3
    assert [(b.kind, b.spot.page) for b in document.blocks] == [("picture", n) for n in range(1, 10)]
    assert document.notes == (
        "第 1 至 3 页是扫描图片，字迹大多无法辨认，未读取（请换清晰的扫描件，或由人核对原件）",
        "第 4 至 9 页是扫描图片，前面 3 张图片都没有识别出能读的文字，不再识别，未读取",
    )
    # What the scanner itself read on such a page can still be shown.
    assert Image.open(io.BytesIO(crop(body, "file:///noise.pdf", 1, (10.0, 10.0, 60.0, 30.0)))).width > 50


def test_pictures_of_noise_count_several_times_and_are_said_to_be_unread(
    looked_at: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = png(noise(600, 400))
    page = ("<h1>年度报告</h1><p>以下是统计表。</p>" + "<img src='noise.png'>" * 5).encode()
    monkeypatch.setitem(settings("effort"), "file", 3.0)  # one costs 0.8, times three: the second is begun
    document = read(page, uri="https://www.example.gov.cn/1.html", pictures=lambda _: body)
    assert len(looked_at) == 2
    assert [b.text for b in document.blocks if b.kind != "picture"] == ["年度报告", "以下是统计表。"]
    assert document.notes == ("有 5 张图片未读取：图片损坏、过大、字迹大多无法辨认，或识别量超过一份文件的限度",)


@pytest.mark.parametrize("size", [7, 8, 8.5, 9])
def test_small_figures_that_fill_a_cell_are_no_line(size: float, printed_html: Callable[[str], bytes]) -> None:
    rows = "".join(f"<tr><td>其他处理</td><td class=n>{18937 + row}</td><td>0</td></tr>" for row in range(4))
    style = (
        "@page {size: 100mm 70mm; margin: 8mm} table {border-collapse: collapse; text-align: center}"
        f"td {{border: 1px solid #000; height: 9mm; font: 12pt 'Noto Serif CJK SC'}} td.n {{font-size: {size}pt}}"
    )
    page = printed_html(f"<style>{style}</style><table>{rows}</table>")
    found = cells(read(encoded(scans(page, wear_of(3), 3)[0], "PNG", wear_of(3)), uri="file:///table.png"))
    assert [found[row, 1].raw for row in range(4)] == [str(18937 + row) for row in range(4)]


@pytest.mark.parametrize("face", ["WenQuanYi Micro Hei", "Noto Sans CJK SC"])
def test_a_slash_is_no_1(face: str, printed_html: Callable[[str], bytes]) -> None:
    """Recognition takes the slash of most sans-serif faces for a 1, and is sure of it."""
    rows = "<tr><td>其他处理</td><td>/</td><td>1</td><td>11</td><td>7</td><td><i>1</i></td></tr>" * 4
    style = (
        "@page {size: 130mm 70mm; margin: 8mm} table {width: 100%; border-collapse: collapse; text-align: center}"
        f"td {{border: 1px solid #000; height: 9mm; font: 10.5pt '{face}'}}"
    )
    body = encoded(
        scans(printed_html(f"<style>{style}</style><table>{rows}</table>"), wear_of(3), 3)[0], "PNG", wear_of(3)
    )
    found = cells(read(body, uri="file:///table.png"))
    assert [[found[row, column].raw for column in range(1, 6)] for row in range(4)] == [["/", "1", "11", "7", "1"]] * 4
    sure = [found[row, column].confidence for row in range(4) for column in range(1, 5)]
    assert min(one for one in sure if one is not None) > 0.95
    # A 1 that leans might be a slash: a sum that rests on it is for a person to look at.
    assert all((found[row, 5].confidence or 0) < 0.95 for row in range(4))


def test_a_page_with_more_noise_than_text_is_read(small_table: Image.Image) -> None:
    page = noise(small_table.width, 2 * small_table.height)
    page.paste(small_table, (0, small_table.height))
    document = read(png(page), uri="file:///stained.png")
    lines = [block.text for block in document.blocks]
    assert {"政府信息公开申请办理情况统计", "收费金额 0.50 38.20 38.70"} <= set(lines)
    assert document.notes == ()


def test_the_lines_of_a_crowded_page_that_are_not_read_are_said(
    printed_html: Callable[[str], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    style = "@page {size: 100mm 70mm; margin: 8mm} p {font: 10.5pt 'Noto Serif CJK SC'; margin: 0 0 3mm}"
    lines = [f"{what}工作按计划办理，没有积压。" for what in ("公开", "申请", "监督", "平台", "培训")]
    text = f"<style>{style}</style>" + "".join(f"<p>{line}</p>" for line in lines)
    image = scans(printed_html(text), wear_of(3), 3)[0]
    monkeypatch.setitem(settings("page"), "running", 0.022)  # of a million pixels; a line has 0.016
    left = "文字过密，自上而下只识别了一部分，其余 3 行未读取（请由人核对原件）"
    picture, pdf = encoded(image, "PNG", wear_of(3)), scanned_pdf([image], wear_of(3))
    page = "<h1>年度报告</h1><img src='a.png'>".encode()
    for document, note, in_page in (
        (read(picture, uri="file:///a.png"), f"图片{left}", False),
        (read(pdf, uri="file:///a.pdf"), f"第 1 页是扫描图片，{left}", False),
        (
            read(page, uri="https://www.example.gov.cn/1.html", pictures=lambda _: picture),
            "有 1 张图片只读取了一部分：其余文字过密或无法读取，请由人核对原件",
            True,  # the picture itself stands for what is unread
        ),
    ):
        assert document.notes == (note,)
        kinds = [b.kind for b in document.blocks]
        assert kinds.count("picture") == 1 and kinds[-1] == ("paragraph" if in_page else "picture")
        assert "".join(b.text for b in document.blocks if b.kind == "paragraph") == "".join(lines[:2])


def _huge_png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def test_bad_pictures_are_refused_in_one_line(small_table: Image.Image) -> None:
    whole = encoded(small_table, "PNG", wear_of(3))
    for body, wrong in (
        (_huge_png(), "像素"),
        (whole[: len(whole) // 2], "损坏"),
        (b"\xff\xd8\xff\xe0" + b"x" * 300, "损坏"),
        (b"GIF89a" + b"\0" * 40, "损坏"),
    ):
        with pytest.raises(UnusableInput, match=wrong) as refused:
            read(body, uri="file:///bad.png")
        assert "\n" not in str(refused.value)


def test_a_picture_without_text_is_said_to_be_unread() -> None:
    blank = Image.new("RGB", (600, 400), "white")
    ImageDraw.Draw(blank).ellipse((200, 100, 400, 300), fill="red")
    out = io.BytesIO()
    blank.save(out, "TIFF", save_all=True, append_images=[blank])
    document = read(out.getvalue(), uri="file:///seals.tif")
    assert [(b.kind, b.spot.page) for b in document.blocks] == [("picture", 1), ("picture", 2)]
    assert document.notes == ("第 1 页图片没有识别出文字，未读取", "第 2 页图片没有识别出文字，未读取")
