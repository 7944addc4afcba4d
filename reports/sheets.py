"""Sheets as people open them: XLSX and CSV, whose cells are text and nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from reports.errors import ReportError
from reports.files import write_whole

ENDINGS = (".xlsx", ".csv")
# What a spreadsheet program would take for a formula; quoted with an apostrophe, it stays text (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_000  # characters; a cell of Excel holds 32,767


def write_sheet(
    path: Path, title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]
) -> None:
    """Write one sheet to ``path``, XLSX or CSV by its ending. ``widths`` are in characters.

    Raises ReportError for another ending, or where the place cannot be written.
    """
    ending = path.suffix.lower()
    if ending == ".csv":
        write_whole(path, _csv([headings, *rows]))
    elif ending == ".xlsx":
        write_whole(path, _book(title, headings, rows, widths))
    else:
        raise ReportError(f"{path}：不认识的格式；请用 .xlsx 或 .csv 结尾的文件名。")


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([f"'{text}" if text.startswith(_FORMULA) else text for text in row])
    return out.getvalue().encode("utf-8-sig", "backslashreplace")  # Excel takes CSV without BOM for GBK


def _book(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> bytes:
    # Loaded here: most calls write no workbook.
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(title)
    for number, row in enumerate([headings, *rows], 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST]
            cell.data_type = "s"  # else a value beginning with = would be a formula
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
