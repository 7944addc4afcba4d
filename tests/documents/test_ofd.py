"""OFD files: every cell and paragraph in the ways that programs write them, and what is no text."""

from __future__ import annotations

import io

import pytest
from documents.maker import compare_tables, compare_text, make_report
from documents.maker.ofd import Style, ofd_of, package
from PIL import Image
from support import judge

from crawler.errors import UnusableInput
from crawler.evidence import Document
from crawler.readers import read
from crawler.readers.ofd.objects import deltas, outlines
from scoring.annual_report import AnnualReport, Options
from scoring.inspection import Finding

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def document(body: bytes, name: str = "report.ofd") -> Document:
    return read(body, uri=f"file:///{name}", record="test")


def findings(body: bytes) -> list[Finding]:
    return list(judge(AnnualReport(document(body), Options())).findings)


def text(content: str, more: str = "", code: str = 'X="0" Y="6" DeltaX="g 20 5"', box: str = "30 50 150 8") -> str:
    inner = f"<ofd:TextCode {code}>{content}</ofd:TextCode>"
    return f'<ofd:TextObject ID="50" Boundary="{box}" Font="1" Size="5" {more}>{inner}</ofd:TextObject>'


def lines(body: bytes) -> list[str]:
    """The main text, without running heads."""
    got = document(body)
    return [b.text for b in got.blocks[slice(*got.main)] if b.text != "政府信息公开"]


@pytest.mark.parametrize(("seed", "style"), [(1, "runs"), (2, "packed"), (3, "scaled"), (4, "single")])
def test_every_cell_and_paragraph_is_read(seed: int, style: Style) -> None:
    report = make_report(seed)
    got = document(ofd_of(report, style))
    cells = compare_tables(report, got)
    assert not cells.wrong and cells.right == cells.cells >= 279
    assert compare_text(report, got) == []
    assert (got.carrier, got.title, got.notes) == ("ofd", report.title, ())


def test_a_consistent_report_breaks_no_rule_and_a_wrong_digit_does() -> None:
    report = make_report(2)
    assert [f for f in findings(ofd_of(report)) if f.outcome == "fail"] == []
    wrong = findings(ofd_of(report.with_wrong_digit(3, 3)))
    assert {f.rule for f in wrong if f.outcome == "fail" and f.arithmetic}


def test_cells_say_where_they_stand_in_points() -> None:
    got = document(ofd_of(make_report(2)))
    block = next(b for b in got.blocks if b.table is not None)
    assert block.table is not None
    first = block.table.cells[0]
    assert first.page == block.spot.page and first.page is not None
    # The table begins 22 mm from the left edge.
    assert first.box is not None and first.box[0] == pytest.approx(22 * 72 / 25.4, abs=0.1)
    assert first.confidence is None


def test_running_heads_of_the_template_are_no_text() -> None:
    got = document(ofd_of(make_report(2)))
    pages = max(b.spot.page or 0 for b in got.blocks)
    edges = [b.text.replace(" ", "") for b in got.blocks[got.main[1] :]]
    assert pages > 2
    assert sorted(edges) == sorted(
        ["政府信息公开", *(f"-{n}-" for n in range(2, pages + 1)), "-1-"] + ["政府信息公开"] * (pages - 1)
    )


def test_offsets_and_outlines_follow_the_standard() -> None:
    assert deltas("g 3 2.5 1", 6) == [2.5, 2.5, 2.5, 1, 1, 1]
    assert deltas("g 999999999 1", 4) == [1, 1, 1, 1]
    assert deltas(None, 3) == []
    assert list(outlines("M 0 0 L 5 0 L 5 2 C B 1 1 2 2 9 9 L 9 4")) == [
        [(0, 0), (5, 0), (5, 2), (0, 0)],
        [(9, 9), (9, 4)],
    ]
    assert list(outlines("L x y M M 1 L")) == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("", 'X="0" Y="6" DeltaX="g 20 5"'),
        ("", 'X="0" Y="6"'),
        ('CTM="0.5 0 0 0.5 0 0"', 'X="0" Y="12" DeltaX="5 5 5 5 5"'),
    ],
)
def test_text_is_read_in_each_way_to_place_it(more: str, code: str) -> None:
    assert lines(package([text("公开年度报告", more, code)])) == ["公开年度报告"]


def test_standing_text_is_read_downwards() -> None:
    assert lines(package([text("办理结果", code='X="0" Y="6" DeltaY="g 3 5"')])) == ["办理结果"]


def test_what_nobody_sees_is_not_read() -> None:
    white = text("看不见的字", box="30 80 150 8").replace(
        "<ofd:TextCode", '<ofd:FillColor Value="255 255 255"/><ofd:TextCode'
    )
    off = text("不显示的字", 'Visible="false"', box="30 90 150 8")
    assert lines(package([text("看得见的字") + white + off])) == ["看得见的字"]


def test_watermarks_stamps_and_signatures_are_named() -> None:
    mark = text("内部资料", 'CTM="0.7 0.7 -0.7 0.7 0 0"')
    where = '<ofd:Page PageID="1"><ofd:FileLoc>Note.xml</ofd:FileLoc></ofd:Page>'
    notes = f"<ofd:Annotations {NS}>{where}</ofd:Annotations>"
    note = f'<ofd:PageAnnot {NS}><ofd:Annot ID="1" Type="Stamp"/></ofd:PageAnnot>'
    body = package(
        [text("正文在此") + mark],
        more={"Doc_0/Annots/Annotations.xml": notes, "Doc_0/Annots/Note.xml": note},
        body="<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>",
        after="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>",
    )
    assert lines(body) == ["正文在此"]
    assert document(body).notes == (
        "第 1 页有 4 个斜排的文字（多为水印），未读取",
        "第 1 页有 1 处签章或批注，未读取",
        "文件带有电子签名或签章，没有验证",
    )


def scan() -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(picture, "PNG")
    media = '<ofd:MultiMedia ID="9" Type="Image"><ofd:MediaFile>scan.png</ofd:MediaFile></ofd:MultiMedia>'
    res = f'<ofd:Res {NS} BaseLoc="Res"><ofd:MultiMedias>{media}</ofd:MultiMedias></ofd:Res>'
    page = '<ofd:ImageObject ID="60" Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="9"/>'
    return package(
        [page],
        more={"Doc_0/Res/scan.png": picture.getvalue(), "Doc_0/DocumentRes.xml": res},
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
    )


def test_a_scanned_page_is_unread_and_not_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise ImportError

    monkeypatch.setattr("crawler.readers.ocr.page_of_image", missing)
    got = document(scan())
    assert [(b.kind, b.spot.page) for b in got.blocks if b.kind == "picture"] == [("picture", 1)]
    assert got.notes == ('第 1 页是扫描图片，未安装文字识别组件（先运行 pip install "duwang[ocr]"），未读取',)


def test_words_of_a_scan_stand_where_the_picture_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    from crawler.readers.paged import PageContent, Word

    seen: list[tuple[int, int]] = []

    def recognise(image: Image.Image, number: int, effort: object) -> PageContent:
        seen.append(image.size)
        return PageContent(number, 60, 80, [Word("扫描件上的字", (6, 8, 54, 16), 0.97, 8.0)])

    monkeypatch.setattr("crawler.readers.ocr.page_of_image", recognise)
    block = next(b for b in document(scan()).blocks if b.text == "扫描件上的字")
    assert seen == [(60, 80)]
    assert block.spot.box is not None and block.confidence == 0.97
    assert block.spot.box == pytest.approx((59.5, 84.2, 535.7, 168.4), abs=0.2)


OUT = '<ofd:TemplatePage ID="8" BaseLoc="../../../../etc/passwd"/>'
MANY = "".join(text("字", box=f"{n % 180} {n % 270} 8 8") for n in range(6_000))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (package([text("正文")])[:-400], "已损坏或加密"),
        (package([text("正文")], more={"OFD.xml": "<ofd:OFD>"}), "内部结构有误"),
        (package([text("正文")], more={"OFD.xml": "<a/>"}), "不是有效的 OFD 文件"),
        (
            package(
                [text("正文")], more={"OFD.xml": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'}
            ),
            "外部实体",
        ),
        (package([]), "没有页面"),
        (package([text("正文")], more={"Doc_0/Encryptions.xml": "<a/>"}), "已加密"),
        (package([text("正文")], more={"Doc_0/big.xml": b" " * (120 << 20)}), "解压后过大"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(body: bytes, says: str) -> None:
    with pytest.raises(UnusableInput) as caught:
        document(body)
    line = str(caught.value)
    assert line.startswith("report.ofd：") and says in line and "；请" in line and "\n" not in line


def test_nothing_leads_out_of_the_package_and_one_bad_page_loses_no_other() -> None:
    body = package(["<broken", text("第二页在此")], common=OUT)
    assert lines(body) == ["第二页在此"]
    assert document(body).notes == ("第 1 页已损坏，未读取",)


def test_groups_that_hold_themselves_come_to_an_end() -> None:
    unit = (
        '<ofd:CompositeGraphicUnit ID="5"><ofd:Content><ofd:CompositeObject ID="6" ResourceID="5" Boundary="0 0 9 9"/>'
        + text("一次")
        + "</ofd:Content></ofd:CompositeGraphicUnit>"
    )
    res = f'<ofd:Res xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CompositeGraphicUnits>{unit}</ofd:CompositeGraphicUnits></ofd:Res>'
    body = package(
        ['<ofd:CompositeObject ID="4" ResourceID="5" Boundary="0 0 9 9"/>'],
        more={"Doc_0/U.xml": res},
        common="<ofd:PublicRes>U.xml</ofd:PublicRes>",
    )
    assert "一次" in "".join(lines(body))


def test_a_page_of_very_many_objects_is_read_in_bearable_time() -> None:
    assert document(package([MANY])).blocks
