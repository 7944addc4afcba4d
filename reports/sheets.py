"""Sheets as people open them: XLSX and CSV, whose cells are text and nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len

from reports.errors import ReportError
from reports.files import write_whole

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ENDINGS = (".xlsx", ".csv")
# What a spreadsheet program would take for a formula; quoted with an apostrophe, it stays text (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_000  # characters; a cell of Excel holds 32,767
_LONGEST_LINK = 2_000  # characters; Excel refuses a file with longer ones
_MOST_LINKS = 60_000  # of one sheet; Excel takes 65,530
_PICTURE_WIDTH = 410  # pixels
_POINTS = 0.75  # of a pixel
_HIGHEST = 400.0  # points; a row of Excel takes 409
_LINE = 14.5  # points of a line of text


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: headings, rows of text, widths of the columns in characters.

    ``links`` are the columns whose web addresses can be clicked, ``choices`` what may be chosen in a column, ``hidden``
    the columns that are there for reading back. ``pictures`` are JPEG or PNG by (row, column), both from 0.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    links: Sequence[int] = ()
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    hidden: Sequence[int] = ()
    pictures: Mapping[tuple[int, int], bytes] = field(default_factory=dict)


def write_sheets(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write sheets to ``path``: XLSX, or the first of them as CSV, by its ending.

    Raises ReportError for another ending, or where the place cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise ReportError(f"{path}：不认识的格式；请用 .xlsx 或 .csv 结尾的文件名。")
    write_whole(path, workbook(sheets) if ending == ".xlsx" else csv_of(sheets[0]))


def csv_of(sheet: Sheet) -> bytes:
    """A sheet as CSV that Excel opens right: with BOM, without it Excel takes the bytes for GBK."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (sheet.headings, *sheet.rows):
        writer.writerow([f"'{text}" if text.startswith(_FORMULA) else text for text in row])
    return out.getvalue().encode("utf-8-sig", "backslashreplace")


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Sheets as an XLSX file: frozen heads, filters, wrapped text."""
    # Loaded here: most calls write no workbook.
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _fill(book.create_sheet(sheet.title), sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(page: Worksheet, sheet: Sheet) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    wrapped = Alignment(wrap_text=True, vertical="top")
    head, link = Font(bold=True), Font(color="0563C1", underline="single")
    shade, thin = PatternFill("solid", fgColor="E8EEF4"), Side(style="thin", color="BFBFBF")
    frame = Border(left=thin, right=thin, top=thin, bottom=thin)
    linked = 0
    for number, row in enumerate([sheet.headings, *sheet.rows], 1):
        for column, text in enumerate(row):
            cell = page.cell(number, column + 1)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST]
            cell.data_type = "s"  # else a value beginning with = would be a formula
            cell.alignment, cell.border = wrapped, frame
            if number == 1:
                cell.font, cell.fill = head, shade
            elif column in sheet.links and _can_be_followed(text) and linked < _MOST_LINKS:
                cell.hyperlink, cell.font = text, link
                linked += 1
    for column, width in enumerate(sheet.widths):
        page.column_dimensions[get_column_letter(column + 1)].width = width
    for column in sheet.hidden:
        page.column_dimensions[get_column_letter(column + 1)].hidden = True
    for number, row in enumerate(sheet.rows, 2):
        # Not every program fits rows to wrapped text when it opens a file.
        if (lines := max(map(_lines, row, sheet.widths), default=1)) > 1:
            page.row_dimensions[number].height = min(_HIGHEST, _LINE * lines)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    _offer(page, sheet)
    _show(page, sheet)
    _lay_out(page)


def _can_be_followed(text: str) -> bool:
    return text.startswith(("http://", "https://")) and len(text) <= _LONGEST_LINK and not any(map(str.isspace, text))


def _offer(page: Worksheet, sheet: Sheet) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for column, words in sheet.choices.items():
        listed = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=False)
        letter = get_column_letter(column + 1)
        listed.add(f"{letter}2:{letter}{max(2, len(sheet.rows) + 1)}")
        page.add_data_validation(listed)


def _show(page: Worksheet, sheet: Sheet) -> None:
    from openpyxl.drawing.image import Image
    from openpyxl.utils import get_column_letter

    for (row, column), body in sheet.pictures.items():
        picture = Image(io.BytesIO(body))
        scale = min(1.0, _PICTURE_WIDTH / picture.width, _HIGHEST / _POINTS / picture.height)
        picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
        page.add_image(picture, f"{get_column_letter(column + 1)}{row + 2}")
        high = max(picture.height * _POINTS + 4, page.row_dimensions[row + 2].height or 0)
        page.row_dimensions[row + 2].height = min(_HIGHEST, high)


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of so many characters; Chinese ones count twice."""
    return sum(max(1, -(-cell_len(line) // max(1, width - 1))) for line in text.split("\n"))


def _lay_out(page: Worksheet) -> None:
    """Printed on A4 across, as wide as the paper, the headings on every sheet of paper."""
    from openpyxl.worksheet.properties import PageSetupProperties

    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = "1:1"
