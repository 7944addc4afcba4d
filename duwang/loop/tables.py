"""Tables that people filled in: CSV and XLSX as sheets of text, opened without trusting them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import UnusableInput
from crawler.readers.sheets.model import Sheet
from duwang.inputs import Source, file_uri, named, whole
from scoring.data import table

ENDINGS = (".csv", ".xlsx")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Head:
    """The headings of a sheet: their row, from 0, and the column of each name."""

    row: int
    columns: dict[str, int]


def sheets(path: Path) -> list[Sheet]:
    """The sheets of a file, cells as they are shown. Raises UnusableInput with one line where it cannot be used."""
    limits = table("decisions")["ledger"]
    data = whole(path, str(path), limits["most_bytes"])
    if path.suffix.lower() == ".csv":
        return [_csv(path, decoded(path, data))]
    # Loaded here: a form in CSV has no use for a reader of workbooks.
    from crawler.readers.sheets.xlsx import sheets_of_xlsx

    uri = file_uri(path.name)
    try:
        return sheets_of_xlsx(data, uri, limits["cells"])[0]
    except UnusableInput as error:
        raise named(error, Source(str(path), uri, b"")) from error


def decoded(path: Path, data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnusableInput(f"{path}：文件编码无法识别；请另存为 UTF-8。")


def _csv(path: Path, text: str) -> Sheet:
    sheet = Sheet("", merges_known=False)
    most = table("decisions")["ledger"]["cells"]
    try:
        for row, line in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True)):
            sheet.cells.update({(row, column): cell for column, cell in enumerate(line) if cell})
            if len(sheet.cells) > most:
                raise UnusableInput(f"{path}：内容过多，超出读取限度；请分成几份。")
    except csv.Error as error:
        raise UnusableInput(f"{path}：不是正确的 CSV；请用表格软件另存为 CSV UTF-8。") from error
    return sheet


def head_of(sheet: Sheet, wanted: tuple[str, ...]) -> Head | None:
    """The first row that has all these headings; None where there is none among the first rows."""
    top: dict[int, dict[str, int]] = {}
    most = table("decisions")["ledger"]["head_rows"]
    for row, column in sorted(place for place in sheet.cells if place[0] < most):
        top.setdefault(row, {}).setdefault(plain(sheet.cells[row, column]), column)
    return next((Head(row, names) for row, names in top.items() if names.keys() >= set(wanted)), None)


def rows_below(sheet: Sheet, head: int) -> Iterator[tuple[int, dict[int, str]]]:
    """The rows below a heading that hold anything, each with its number, from 0, and its cells by column."""
    rows: dict[int, dict[int, str]] = {}
    for (row, column), text in sheet.cells.items():
        if row > head and (said := plain(text)):
            rows.setdefault(row, {})[column] = said
    yield from sorted(rows.items())


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain(text: str) -> str:
    """Inverse of ``safe``, without the blanks around it."""
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def day_of(text: str) -> str:
    """A day as spreadsheets write it, with zeros filled in and without the time; any other text as it is."""
    parts = text.partition(" ")[0].replace("/", "-").replace("年", "-").replace("月", "-").removesuffix("日").split("-")
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        year, month, day = parts
        return f"{year}-{month:0>2}-{day:0>2}"
    return text
