"""Workbooks and CSV: every cell as it is shown, titles and texts, what is hidden, what cannot be read."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from documents.maker import compare_tables, compare_text, make_report
from documents.maker.sheets import Layout, csv_of, saved, xlsx_of
from openpyxl import Workbook
from openpyxl.styles import Border, Side
from openpyxl.worksheet.worksheet import Worksheet
from support import judge

from crawler.errors import UnusableInput
from crawler.evidence import Document
from crawler.readers import read
from crawler.readers.sheets.formats import builtin, shown
from crawler.readers.sheets.model import settings
from scoring.annual_report import AnnualReport, Options

SAMPLE = (Path(__file__).parent / "files" / "sample.xls").read_bytes()


def document(body: bytes, name: str = "report.xlsx") -> Document:
    return read(body, uri=f"file:///{name}", record="test")


def failing(body: bytes, name: str = "report.xlsx") -> set[str]:
    """Rules that a figure of the report breaks."""
    found = judge(AnnualReport(document(body, name), Options())).findings
    return {f.rule for f in found if f.outcome == "fail" and f.arithmetic}


def shown_in(body: bytes, name: str = "report.xlsx") -> list[tuple[str, str, str]]:
    return [(b.kind, b.spot.selector, b.text) for b in document(body, name).blocks]


def book(fill: Callable[[Worksheet], Any]) -> bytes:
    made = Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    fill(sheet)
    return saved(made)


@pytest.mark.parametrize("layout", ["one", "tight", "three", "open"])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_cell_of_a_report_is_read(seed: int, layout: Layout) -> None:
    report = make_report(seed)
    got = document(xlsx_of(report, layout))
    cells = compare_tables(report, got)
    assert not cells.wrong and cells.right == cells.cells >= 279
    assert (got.carrier, got.title, got.notes) == ("xlsx", report.title, ())
    if layout in ("one", "tight"):
        assert compare_text(report, got) == []


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("gb18030", ","), ("utf-8", ";"), ("utf-16", "\t")]
)
def test_every_cell_of_a_csv_is_read_its_merged_heads_too(encoding: str, delimiter: str) -> None:
    report = make_report(3)
    got = document(csv_of(report, encoding, delimiter), "report.csv")
    assert not compare_tables(report, got).wrong
    assert compare_text(report, got) == []
    assert got.notes == ("文件不保存合并单元格，表头和栏目名称旁的空白按合并单元格读取",)


@pytest.mark.parametrize("seed", [0, 5])
def test_a_consistent_report_breaks_no_rule_and_a_wrong_digit_does(seed: int) -> None:
    report = make_report(seed)
    for name, made in (("report.xlsx", xlsx_of), ("report.csv", csv_of)):
        found = judge(AnnualReport(document(made(report), name), Options())).findings
        assert [f for f in found if f.outcome == "fail"] == []
        assert failing(made(report.with_wrong_digit(3, 3)), name)


def test_cells_are_found_again_by_their_address() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.title = "附表 1"
        sheet["B2"] = "办理情况表"
        sheet["B4"], sheet["C4"], sheet["B5"], sheet["C5"] = "类别", "件数", "新收", 3

    assert shown_in(book(fill)) == [
        ("paragraph", "'附表 1'!B2", "办理情况表"),
        ("table", "'附表 1'!B4:C5", "类别\t件数\n新收\t3"),
    ]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567, "#,##0", "1,234,567"),
        (0.985, "0.0%", "98.5%"),
        (2.5, "0", "3"),
        (0, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "-"),
        (-1234.5, "#,##0.00_);(#,##0.00)", "(1,234.50)"),
        (5, '0"件"', "5件"),
        (12345, '0\\.0,"万"', "1.2万"),
        (7, ";;;", ""),
        (45000, 'yyyy"年"m"月"d"日"', "2023年3月15日"),
        (45000.5, "yyyy/m/d h:mm", "2023/3/15 12:00"),
        (1.5, "[h]:mm:ss", "36:00:00"),
        (45, '[>=60]"及格";"不及格"', "不及格"),
        (5, "000", "005"),
        (1e300, "0.00", "1e+300"),
        (3000000, "yyyy/m/d", "3000000"),
        (45000, builtin(14), "2023/3/15"),
        (45000, builtin(31), "2023年3月15日"),
        (0.5, "# ?/?", "0.5"),
    ],
)
def test_numbers_are_read_as_they_are_shown(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


def test_hidden_rows_are_read_and_named_and_hidden_sheets_are_named() -> None:
    made = Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    for row in (("类别", "件数"), ("新收", 3), ("结转", 1)):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    other = made.create_sheet("去年")
    other["A1"], other.sheet_state = "旧", "hidden"
    got = document(saved(made))
    assert [b.text for b in got.blocks] == ["类别\t件数\n新收\t3\n结转\t1"]
    assert got.notes == (
        "工作表“去年”已隐藏，未读取",
        "工作表“Sheet”有 1 个隐藏的行（第 3 行），内容照样读取",
        "工作表“Sheet”有 1 个隐藏的列（B 列），内容照样读取",
    )


def test_a_formula_without_a_stored_result_is_unread_and_not_blank() -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (("类别", "件数"), ("新收", 3), ("总计", "=SUM(B2:B2)")):
            sheet.append(row)

    got = document(book(fill))
    assert [b.text for b in got.blocks] == ["类别\t件数\n新收\t3\n总计\t\ufffd"]
    assert got.notes == ("工作表“Sheet”有 1 个公式没有保存计算结果（B3），未读取；用 Excel 或 WPS 打开后保存一次即可",)


def test_tables_side_by_side_and_one_below_the_other_stay_apart() -> None:
    def fill(sheet: Worksheet) -> None:
        for row in range(1, 4):
            for column in (1, 2, 4, 5):
                sheet.cell(row, column, f"{row}{column}")
                sheet.cell(row + 4, column, f"{row + 4}{column}")

    assert [where for _, where, _ in shown_in(book(fill))] == [
        "Sheet!A1:B3",
        "Sheet!D1:E3",
        "Sheet!A5:B7",
        "Sheet!D5:E7",
    ]


def test_a_blank_with_a_border_belongs_to_its_table_and_an_empty_form_below_does_not() -> None:
    line = Side(style="thin")

    def fill(sheet: Worksheet) -> None:
        sheet["A1"], sheet["B1"], sheet["A2"] = "类别", "件数", "新收"
        for row in range(1, 40):
            for column in (1, 2, 3):
                sheet.cell(row, column).border = Border(line, line, line, line)

    table = document(book(fill)).blocks[0].table
    assert table is not None
    assert (table.rows, table.columns) == (2, 3)
    assert [(c.row, c.column) for c in table.cells if not c.raw] == [(0, 2), (1, 1), (1, 2)]


def test_an_old_workbook_is_read_like_a_new_one() -> None:
    got = document(SAMPLE, "sample.xls")
    assert got.carrier == "xls"
    assert [(b.spot.selector, b.text) for b in got.blocks] == [
        ("申请情况!A1", "收到和处理政府信息公开申请情况"),
        ("申请情况!D2", "单位：件"),
        (
            "申请情况!A3:D7",
            "申请类别\t申请人\t合计\n自然人\t法人\n本年新收\t12\t3\t15\n上年结转\t0\t\t1,234\n办结率\t98.5%\t/\t2024年1月31日",
        ),
    ]
    table = got.blocks[2].table
    assert table is not None
    head = {c.raw: (c.rowspan, c.colspan) for c in table.cells if c.row == 0}
    assert head == {"申请类别": (2, 1), "申请人": (1, 2), "合计": (2, 1)}
    assert got.notes == ("工作表“旧数据”已隐藏，未读取", "工作表“申请情况”有 1 个隐藏的行（第 6 行），内容照样读取")


def test_a_page_saved_under_the_name_of_a_sheet_is_a_page() -> None:
    page = "<table><tr><td>类别</td><td>件数</td></tr><tr><td>新收</td><td>3</td></tr></table>"
    assert document(page.encode("gb18030"), "export.xls").carrier == "html"


def repacked(body: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The package with one part changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part == name else content)
    return made.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
GOOD = xlsx_of(make_report(1))
NOISE = random.Random(3).randbytes(4000)


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("cut.xlsx", GOOD[: len(GOOD) // 2], "已损坏或加密"),
        ("broken.xlsx", repacked(GOOD, SHEET, lambda b: b[: len(b) // 2]), "内部结构有误"),
        ("bomb.xlsx", repacked(GOOD, SHEET, lambda _: b"\0" * (120 << 20)), "解压后过大"),
        ("deep.xlsx", repacked(GOOD, SHEET, lambda _: b"<a>" * 60_000), "嵌套过深"),
        (
            "entity.xlsx",
            repacked(
                GOOD, SHEET, lambda b: b"<!--" + b"-".join([b"x"] * 4000) + b'--><!DOCTYPE a [<!ENTITY x "y">]><a/>'
            ),
            "外部实体",
        ),
        ("empty.xlsx", repacked(GOOD, "xl/workbook.xml", lambda _: b"<a/>"), "不是有效的 Excel 工作簿"),
        ("noise.xls", SAMPLE[:600] + NOISE + SAMPLE[4600:], "已损坏"),
        ("cut.xls", SAMPLE[:2000], "已损坏"),
        ("noise.csv", NOISE, "不是文字"),
        ("quotes.csv", b'"' + b"a,b\n" * 100_000, "引号没有成对"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(name: str, body: bytes, says: str) -> None:
    with pytest.raises(UnusableInput) as caught:
        document(body, name)
    line = str(caught.value)
    assert line.startswith(f"{name}：") and says in line and "；请" in line and "\n" not in line


def test_far_cells_and_huge_merges_take_no_room() -> None:
    cell = b'<c r="XFD1048576"><v>9</v></c>'
    far = repacked(
        GOOD, SHEET, lambda b: b.replace(b"</sheetData>", b'<row r="1048576">' + cell + b"</row></sheetData>")
    )
    huge = repacked(far, SHEET, lambda b: b.replace(b'<mergeCell ref="A1:K1"', b'<mergeCell ref="A1:XFD1048576"'))
    report = make_report(1)
    got = document(huge)
    assert not compare_tables(report, got).wrong
    assert got.blocks[-1].text == "9"


def test_a_workbook_with_too_many_cells_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings("limits"), "cells", 100)
    rows = "".join(f"<row><c><v>{n}</v></c><c><v>{n}</v></c></row>" for n in range(60)).encode()
    got = document(repacked(GOOD, SHEET, lambda b: b.split(b"<row")[0] + rows + b"</sheetData></worksheet>"))
    assert got.notes == ("工作簿内容过多，工作表“Sheet”只读取了前面的部分",)
    assert got.blocks[0].text.endswith("48\t48\n49\t49")
