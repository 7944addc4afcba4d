"""Addresses of spreadsheet cells, as Excel writes them."""

from __future__ import annotations

import re

_RANGE = re.compile(r"(|.+!)([A-Z]{1,3})([1-9]\d{0,6})(?::[A-Z]{1,3}[1-9]\d{0,6})?", re.DOTALL)


def cell_selector(table: str, row: int, column: int) -> str:
    """Where a cell of a table stands, by the table's selector: in a sheet (``Sheet1!B3:H9``) its own address.

    ``row`` and ``column`` count from 0. Any other selector is returned as it is.
    """
    match = _RANGE.fullmatch(table)
    if match is None:
        return table
    # Loaded where it is needed: most reports are no workbooks.
    from openpyxl.utils.cell import column_index_from_string, get_column_letter

    sheet, letters, number = match.groups()
    return f"{sheet}{get_column_letter(column_index_from_string(letters) + column)}{int(number) + row}"
