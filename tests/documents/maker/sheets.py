"""A made report as a workbook, laid out as offices do it, and as CSV."""

from __future__ import annotations

import csv
import io
from typing import Literal

from documents.maker.data import MadeReport, MadeTable
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.worksheet import Worksheet

# one: the whole report on one sheet; tight: the same without blank rows; three: each table on a sheet of its own,
# its title above it; open: like three, without borders.
Layout = Literal["one", "tight", "three", "open"]

_THIN = Side(style="thin")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WIDTH = 11


def xlsx_of(report: MadeReport, layout: Layout = "one") -> bytes:
    """The workbook; figures are numbers in it, as offices type them."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    row = _text(sheet, 1, report.title)
    row = _text(sheet, row, report.preamble)
    for heading, texts, table in report.sections:
        row = _text(sheet, row, heading)
        for text in texts:
            row = _text(sheet, row, text)
        if table is None:
            continue
        if layout in ("one", "tight"):
            gap = layout == "one"
            row = _table(sheet, row + gap, table) + gap
        else:
            own = book.create_sheet()
            _table(own, _text(own, 1, heading), table, ruled=layout == "three")
    return saved(book)


def saved(book: Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _text(sheet: Worksheet, row: int, text: str) -> int:
    """Text over the whole width; the next row."""
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=_WIDTH)
    sheet.cell(row, 1, text).alignment = Alignment(wrap_text=True)
    return row + 1


def _table(sheet: Worksheet, top: int, table: MadeTable, *, ruled: bool = True) -> int:
    rows = len(table.rows)
    for (r, c), cell in table.placed().items():
        target = sheet.cell(top + r, 1 + c)
        target.value = float(cell.text) if cell.text.isdigit() else cell.text or None
        if cell.text and not cell.text.isdigit() and not cell.head and _is_number(cell.text):
            target.value, target.number_format = float(cell.text), "0.00" if "." in cell.text else "+0;-0;0"
        if cell.rowspan > 1 or cell.colspan > 1:
            sheet.merge_cells(
                start_row=top + r, start_column=1 + c, end_row=top + r + cell.rowspan - 1, end_column=c + cell.colspan
            )
    if ruled:
        for line in sheet.iter_rows(min_row=top, max_row=top + rows - 1, max_col=table.columns):
            for target in line:
                target.border = _BORDER
    return top + rows


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def csv_of(report: MadeReport, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """All on one sheet as spreadsheets export it: merged cells leave blanks."""
    made = io.StringIO()
    writer = csv.writer(made, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([report.title])
    writer.writerow([report.preamble])
    for heading, texts, table in report.sections:
        writer.writerow([heading])
        writer.writerows([text] for text in texts)
        if table is not None:
            grid = [[""] * table.columns for _ in table.rows]
            for (r, c), cell in table.placed().items():
                grid[r][c] = cell.text
            writer.writerows([[], *grid, []])
    return made.getvalue().encode(encoding)
