"""Sheets hold text and nothing else, whatever is written into them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from reports.errors import ReportError
from reports.sheets import Sheet, write_sheets

HEADINGS = ("原文", "说明")
ROWS = [("=1+1", "+86"), ("-5", "@甲"), ("正\x07常", 'a,"b"\n丙')]


def test_no_cell_of_a_workbook_is_a_formula_and_what_excel_refuses_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "清单.xlsx"
    write_sheets(path, [Sheet("修改清单", HEADINGS, ROWS, (10, 20))])
    sheet = load_workbook(path)["修改清单"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    assert [tuple(cell.value for cell in row) for row in sheet.iter_rows()] == [
        HEADINGS, ("=1+1", "+86"), ("-5", "@甲"), ("正常", "a,\"b\"\n丙"),
    ]  # fmt: skip
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B4"


def test_a_csv_opens_in_excel_as_text(tmp_path: Path) -> None:
    path = tmp_path / "清单.csv"
    write_sheets(path, [Sheet("修改清单", HEADINGS, ROWS, (10, 20))])
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [list(HEADINGS), ["'=1+1", "'+86"], ["'-5", "'@甲"], ["正\x07常", 'a,"b"\n丙']]


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"清单\.doc：不认识的格式；请用 \.xlsx 或 \.csv"):
        write_sheets(tmp_path / "清单.doc", [Sheet("修改清单", HEADINGS, [], ())])
