"""CSV and its relatives: text with a delimiter."""

from __future__ import annotations

import csv
import io
from collections import Counter

from crawler.readers.drafts import Omission, refuse
from crawler.readers.encoding import decode
from crawler.readers.sheets.model import Sheet, settings

_DELIMITERS = (",", "\t", ";", "|", "，")
_SAMPLE = 200_000


def sheet_of_csv(body: bytes, uri: str, media_type: str) -> tuple[Sheet, str, list[str]]:
    """The sheet, its encoding, and notes. Raises UnusableInput where it is no text or its quotes never end."""
    decoded = decode(body, uri, media_type, is_html=False)
    notes = list(decoded.notes)
    limits = settings("limits")
    text, delimiter = _delimiter(decoded.text[: limits["csv_characters"]])
    if len(decoded.text) > limits["csv_characters"]:
        notes.append(Omission("表格内容过多，只读取了前面的部分"))
    elif not text.endswith(("\n", "\r")):
        notes.append("文件末尾没有换行，最后一行可能不完整")
    sheet = Sheet("", merges_known=False)
    try:
        for row, line in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            for column, cell in enumerate(line[: limits["csv_columns"]]):
                if cell.strip():
                    sheet.cells[row, column] = cell[: limits["text"]]
            if len(line) > limits["csv_columns"] or len(sheet.cells) > limits["cells"] or row > limits["strings"]:
                notes.append(Omission(f"表格内容过多，只读取到第 {row + 1} 行"))
                break
    except csv.Error:
        refuse(uri, "不是正确的 CSV 文件，引号没有成对或单元格过长", "用表格软件打开后另存为 XLSX 再试")
    return sheet, decoded.encoding, notes


def _delimiter(text: str) -> tuple[str, str]:
    """The text after a line ``sep=;`` (Excel's own), and the delimiter: the one that most lines agree on."""
    head = text[:8].lower()
    if head.startswith("sep=") and len(head) > 4:
        return text.partition("\n")[2], text[4]
    sample = "\n".join(text[:_SAMPLE].splitlines()[: settings("layout")["csv_sample"]])
    best, most = ",", (0, 0)
    for delimiter in _DELIMITERS:
        try:
            widths = Counter(len(line) for line in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))
        except csv.Error:
            continue
        widths.pop(1, None)
        score = max(((count, width) for width, count in widths.items()), default=(0, 0))
        if score > most:
            best, most = delimiter, score
    return text, best
