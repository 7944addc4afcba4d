"""Workbooks (XLSX, XLS) and CSV to drafts."""

from __future__ import annotations

from crawler.readers.drafts import Draught
from crawler.readers.sheets.delimited import sheet_of_csv
from crawler.readers.sheets.drawn import drafts_of_sheets
from crawler.readers.sheets.xls import sheets_of_xls
from crawler.readers.sheets.xlsx import sheets_of_xlsx

__all__ = ["read_csv", "read_xls", "read_xlsx"]


def read_xlsx(body: bytes, uri: str) -> Draught:
    """Drafts of an XLSX workbook. Raises UnusableInput where it is none, is damaged, encrypted or a bomb."""
    sheets, notes = sheets_of_xlsx(body, uri)
    return Draught("xlsx", "utf-8", drafts_of_sheets(sheets, notes), notes=notes)


def read_xls(body: bytes, uri: str) -> Draught:
    """Drafts of an XLS workbook. Raises UnusableInput where it is damaged or encrypted."""
    sheets, notes = sheets_of_xls(body, uri)
    return Draught("xls", "", drafts_of_sheets(sheets, notes), notes=notes)


def read_csv(body: bytes, uri: str, media_type: str = "") -> Draught:
    """Drafts of a table in text with a delimiter. Raises UnusableInput where it is no text."""
    sheet, encoding, notes = sheet_of_csv(body, uri, media_type)
    return Draught("csv", encoding, drafts_of_sheets([sheet], notes), notes=notes)
