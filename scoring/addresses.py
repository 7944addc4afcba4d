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
    sheet, letters, number = match.groups()
    place = column
    for power, letter in enumerate(reversed(letters)):
        place += (ord(letter) - 64) * 26**power
    name = ""
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return f"{sheet}{name}{int(number) + row}"
