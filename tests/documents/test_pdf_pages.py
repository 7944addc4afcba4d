"""PDF pages that are turned, scanned, unreadable, locked, damaged or hostile."""

from __future__ import annotations

import os
import sys
import types

import pypdfium2
import pytest
from documents.conftest import Print
from documents.maker import MadeReport, compare_tables, compare_text, make_report
from documents.raw_pdf import put_picture, raw_pdf, saved, scanned

from crawler.errors import UnusableInput
from crawler.evidence import Document
from crawler.readers import read
from crawler.readers.paged import PageContent, Rule, Word


def document(body: bytes) -> Document:
    return read(body, uri="file:///report.pdf")


@pytest.fixture
def report() -> MadeReport:
    return make_report(0)


@pytest.fixture
def body(report: MadeReport, printed: Print) -> bytes:
    return printed(report, "ruled")


@pytest.fixture
def no_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "crawler.readers.ocr", None)


def recognise_as(monkeypatch: pytest.MonkeyPatch, words: list[Word], rules: list[Rule]) -> list[tuple[int, int]]:
    """Put a recognition in place that sees ``words`` and ``rules`` (pixels); returns the sizes it was shown."""
    shown: list[tuple[int, int]] = []

    def page_of_image(image: object, number: int, effort: object) -> PageContent:
        shown.append(image.size)  # type: ignore[attr-defined]
        return PageContent(number, *image.size, words, rules)  # type: ignore[attr-defined]

    module = types.ModuleType("crawler.readers.ocr")
    module.page_of_image = page_of_image  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "crawler.readers.ocr", module)
    return shown


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_marked_as_turned_reads_as_ever(quarters: int, report: MadeReport, body: bytes) -> None:
    pdf = pypdfium2.PdfDocument(body)
    for page in pdf:
        page.set_rotation(90 * quarters)
    got = document(saved(pdf))
    assert not compare_tables(report, got).wrong
    assert compare_text(report, got) == []


TABLE = b"".join(b"%d %d 300 1 re f " % (100, y) for y in (500, 540, 580)) + b"".join(
    b"%d 500 1 80 re f " % x for x in (100, 250, 400)
)
WORDS = (b"Item", 110, 555), (b"Count", 260, 555), (b"Requests", 110, 515), (b"12", 260, 515)
TEXT = b"BT /F1 12 Tf " + b"".join(b"1 0 0 1 %d %d Tm (%s) Tj " % (x, y, text) for text, x, y in WORDS) + b"ET "


def raws(got: Document) -> list[list[str]]:
    return [[cell.raw for cell in block.table.cells] for block in got.blocks if block.table is not None]


@pytest.mark.parametrize("turn", [b"0 1 -1 0 842 0 cm ", b"0 -1 1 0 0 595 cm "])
def test_a_page_set_sideways_is_turned_upright(turn: bytes) -> None:
    got = document(raw_pdf([turn + TABLE + TEXT], media=b"0 0 842 595"))
    assert raws(got) == [["Item", "Count", "Requests", "12"]]
    assert got.blocks[0].spot.box == pytest.approx((100.5, 261.5, 400.5, 341.5), abs=1)


def test_a_label_that_runs_upwards_is_one_word() -> None:
    label = (
        b"BT /F1 12 Tf 0 1 -1 0 114 505 Tm (Requests) Tj 1 0 0 1 260 515 Tm (12) Tj 1 0 0 1 260 555 Tm (Count) Tj "
        b"1 0 0 1 100 700 Tm (Upright text says how the page is read) Tj ET"
    )
    got = document(raw_pdf([TABLE.replace(b"100 540 300 1 re f ", b"250 540 150 1 re f ") + label]))
    assert raws(got) == [["Requests", "Count", "12"]]


def test_a_scan_without_recognition_is_said_to_be_unread(body: bytes, no_recognition: None) -> None:
    got = document(scanned(body))
    assert {b.kind for b in got.blocks} == {"picture"}
    assert len(got.blocks) >= 3
    unread = f'第 1 至 {len(got.blocks)} 页是扫描图片，未安装文字识别组件（先运行 pip install "duwang[ocr]"），未读取'
    assert got.notes == (unread,)


PICTURE = b"q 595 0 0 842 0 0 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \xff\x80\xff\x80 EI Q "


def test_a_scan_with_its_own_text_is_read_with_little_confidence(no_recognition: None) -> None:
    got = document(raw_pdf([b"BT 3 Tr ET " + TEXT.replace(b"BT ", b"BT 3 Tr ") + PICTURE]))
    unread = '未安装文字识别组件（先运行 pip install "duwang[ocr]"），未读取'
    assert got.notes == (f"第 1 页是扫描图片，文字取自文件自带的识别结果，可能有误（{unread}）",)
    assert [b.text for b in got.blocks] == ["Item Count", "Requests 12"]
    assert {b.confidence for b in got.blocks} == {0.5}


def test_a_scan_goes_to_recognition(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    word = Word("识别出的文字", (278, 278, 556, 320), 0.9)
    shown = recognise_as(monkeypatch, [word], [])
    got = document(scanned(body))
    assert [b.text for b in got.blocks] == ["识别出的文字"] * len(shown)
    assert set(shown) == {(1653, 2339)}
    assert got.blocks[0].spot.box == pytest.approx((100.1, 100.1, 200.2, 115.2), abs=0.1)
    assert got.blocks[0].confidence == 0.9
    assert got.notes == ()


def test_a_picture_among_text_is_read_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    above, below = b"(First paragraph stands above it.) Tj ", b"(The last one stands below.) Tj "
    pdf = pypdfium2.PdfDocument(raw_pdf([b"BT /F1 20 Tf 72 700 Td " + above + b"0 -600 Td " + below + b"ET"]))
    blank = pypdfium2.PdfBitmap.new_native(60, 60, pypdfium2.raw.FPDFBitmap_BGR)
    put_picture(pdf, pdf[0], blank, (100, 300, 400, 600))
    texts = ("项目", "数量", "申请", "12")
    places = [(20 + 400 * (i % 2), 20 + 400 * (i // 2)) for i in range(4)]
    cells = [Word(t, (x, y, x + 100, y + 40), 0.8) for t, (x, y) in zip(texts, places, strict=True)]
    lines = [Rule((0, y, 830, y + 2)) for y in (2, 400, 820)] + [Rule((x, 2, x + 2, 820)) for x in (2, 400, 828)]
    recognise_as(monkeypatch, cells, lines)
    got = document(saved(pdf))
    assert [b.kind for b in got.blocks] == ["paragraph", "table", "paragraph"]
    table = got.blocks[1].table
    assert table is not None
    assert [(c.raw, c.confidence) for c in table.cells] == [(text, 0.8) for text in texts]
    assert got.blocks[1].spot.box == pytest.approx((100.9, 243.1, 398.3, 537.4), abs=1)
    monkeypatch.setitem(sys.modules, "crawler.readers.ocr", None)
    unread = document(saved(pdf))
    assert [b.kind for b in unread.blocks] == ["paragraph", "picture", "paragraph"]
    assert unread.notes == ('第 1 页有一张图片，未安装文字识别组件（先运行 pip install "duwang[ocr]"），未读取',)


def test_text_without_meaning_is_said_to_be_unread(body: bytes, no_recognition: None) -> None:
    got = document(body.replace(b"/ToUnicode", b"/NoUnicode"))
    assert got.notes
    assert all("文字编码损坏" in note and "未安装文字识别组件" in note for note in got.notes)
    assert "政府信息公开" not in "".join(b.text for b in got.blocks)


def test_text_without_meaning_goes_to_recognition(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    recognise_as(monkeypatch, [Word("看图读出", (100, 100, 200, 130), 0.95)], [])
    got = document(body.replace(b"/ToUnicode", b"/NoUnicode"))
    assert {b.text for b in got.blocks} == {"看图读出"}


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (
            raw_pdf(
                [b"BT ET"],
                b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(%b)/U(%b)>>" % (b"a" * 32, b"b" * 32),
            ),
            "report.pdf：PDF 文件设有打开口令，无法读取；请解除口令后重试。",
        ),
        (b"%PDF-1.7\nnothing else", "report.pdf：PDF 文件已损坏或不完整，无法打开；请重新下载或重新导出后重试。"),
        # Millions of operators in 60 kB: more memory than is allowed.
        (raw_pdf([b"q " * 30_000_000]), "report.pdf：PDF 文件内容过于庞大，超出读取限度；请拆分或重新导出后重试。"),
        # Each clip lies within all before it.
        (
            raw_pdf([b"".join(b"q 0 0 %d 800 re W n BT /F1 9 Tf 50 9 Td (x) Tj ET\n" % i for i in range(20000))]),
            "report.pdf：PDF 文件内容过于庞大，超出读取限度；请拆分或重新导出后重试。",
        ),
    ],
    ids=["encrypted", "damaged", "bomb", "clips"],
)
def test_what_cannot_be_read_is_one_clear_line(made: bytes, line: str) -> None:
    with pytest.raises(UnusableInput) as error:
        document(made)
    assert str(error.value) == line


def test_more_pages_than_allowed_are_said_to_be_left_out() -> None:
    got = document(raw_pdf([b"BT /F1 12 Tf 72 500 Td (Text of a page) Tj ET"] * 401))
    assert got.notes == ("文件共 401 页，只读取了前 400 页",)


def test_a_watermark_is_no_text_and_is_mentioned() -> None:
    mark = b"BT /F1 60 Tf 0.7 0.7 -0.7 0.7 100 300 Tm (DRAFT) Tj ET "
    got = document(raw_pdf([mark + b"BT /F1 12 Tf 72 500 Td (Text of the page, as it is meant) Tj ET"]))
    assert [b.text for b in got.blocks] == ["Text of the page, as it is meant"]
    assert got.notes == ("第 1 页有 5 个斜排的文字（多为水印），未读取",)


def test_invisible_text_is_not_read() -> None:
    hidden = b"BT 3 Tr /F1 12 Tf 72 400 Td (Nobody sees this) Tj 0 Tr ET "
    clipped = b"q 0 0 50 50 re W n BT /F1 12 Tf 72 300 Td (Cut away) Tj ET Q "
    got = document(raw_pdf([hidden + clipped + b"BT /F1 12 Tf 72 500 Td (What is seen on paper) Tj ET"]))
    assert [b.text for b in got.blocks] == ["What is seen on paper"]


def test_without_a_process_of_its_own_it_reads_the_same(
    report: MadeReport, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "fork")
    assert not compare_tables(report, document(body)).wrong
    with pytest.raises(UnusableInput, match="已损坏或不完整"):
        document(b"%PDF-1.7\nnothing else")


def test_a_file_with_bytes_before_its_mark_is_a_pdf() -> None:
    got = document(b"\r\n mailed by a gateway \r\n" + raw_pdf([b"BT /F1 12 Tf 72 500 Td (Text of a page) Tj ET"]))
    assert (got.carrier, [b.text for b in got.blocks]) == ("pdf", ["Text of a page"])
