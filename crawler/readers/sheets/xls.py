"""XLS workbooks (BIFF8 and older) through xlrd."""

from __future__ import annotations

import io
import struct
from typing import Any

from crawler.readers.drafts import Omission, refuse
from crawler.readers.sheets.formats import shown
from crawler.readers.sheets.model import Range, Sheet, settings
from crawler.readers.spaces import clean

_SAVE_AS = "用 Excel 或 WPS 打开后另存为 XLSX 再试"
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1")


def sheets_of_xls(body: bytes, uri: str) -> tuple[list[Sheet], list[str]]:
    """Sheets in the order of their tabs, and notes. Raises UnusableInput where it is damaged or encrypted."""
    # Loaded where it is needed: few offices still publish such files.
    import xlrd

    most = settings("limits")["xls_bytes"]
    if len(body) > most:
        size, limit = len(body) / 1024 / 1024, most / 1024 / 1024
        refuse(uri, f"旧版 Excel 工作簿有 {size:.0f} MB，超过 {limit:.0f} MB 的上限", _SAVE_AS)
    try:
        book = xlrd.open_workbook(
            file_contents=body, logfile=io.StringIO(), formatting_info=True, ragged_rows=True, use_mmap=False
        )
        return _read(book, body)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            refuse(uri, "Excel 工作簿已加密，无法读取", "去掉密码后重试")
        refuse(uri, "旧版 Excel 工作簿已损坏或不完整，无法读取", _SAVE_AS)
    except (
        ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, TypeError, ValueError,
        struct.error, xlrd.compdoc.CompDocError,
    ):  # fmt: skip
        # xlrd answers to damaged records with whatever breaks first.
        refuse(uri, "旧版 Excel 工作簿已损坏或不完整，无法读取", _SAVE_AS)


def _read(book: Any, body: bytes) -> tuple[list[Sheet], list[str]]:
    notes: list[str] = []
    sheets: list[Sheet] = []
    room = settings("limits")["cells"]
    for old in book.sheets()[: settings("limits")["sheets"]]:
        sheet = Sheet(clean(old.name), hidden=bool(old.visibility), blank_zeros=not old.show_zero_values)
        sheet.merges = [
            Range(r0, c0, r1 - 1, c1 - 1) for r0, r1, c0, c1 in old.merged_cells[: settings("limits")["merges"]]
        ]
        sheet.hidden_rows = {row for row, info in old.rowinfo_map.items() if info.hidden}
        sheet.hidden_columns = [(column, column) for column, info in old.colinfo_map.items() if info.hidden]
        room = _cells(book, old, sheet, room)
        if room <= 0:
            notes.append(Omission(f"工作簿内容过多，工作表“{sheet.name}”只读取了前面的部分"))
        sheets.append(sheet)
        if room <= 0:
            break
    if any(mark in body for mark in _PICTURES):
        notes.append("工作簿内可能有图片，未读取")
    return sheets, notes


def _cells(book: Any, old: Any, sheet: Sheet, room: int) -> int:
    """Take the cells over; what is left of ``room``."""
    for row in range(old.nrows):
        for column, cell in enumerate(old.row(row)):
            style = book.xf_list[cell.xf_index] if cell.xf_index is not None else None
            text = _text(book, cell, style, sheet.blank_zeros)
            ruled = style is not None and _ruled(style.border)
            if text:
                sheet.cells[row, column] = text
            if ruled:
                sheet.ruled.add((row, column))
            room -= bool(text or ruled)
            if room <= 0:
                return 0
    return room


def _ruled(border: Any) -> bool:
    return bool(border.top_line_style or border.bottom_line_style or border.left_line_style or border.right_line_style)


def _text(book: Any, cell: Any, style: Any, blank_zeros: bool) -> str:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)[: settings("limits")["text"]]
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        if not cell.value and blank_zeros:
            return ""
        known = book.format_map.get(style.format_key) if style is not None else None
        code = known.format_str if known is not None else "General"
        return shown(float(cell.value), code, date1904=bool(book.datemode))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return ""
