"""Invented persons with numbers that pass their checks, and numbers that are none of persons; all made by rule."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from docx import Document
from openpyxl import Workbook

REGION = "620199"  # no county bears this code
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SURNAMES, _GIVEN = "王李张刘陈杨黄赵吴周", ("晓梅", "建业", "志远", "一鸣", "文静", "立新", "春生", "秀兰")


@dataclass(frozen=True)
class Person:
    name: str
    identity: str
    mobile: str
    card: str

    @property
    def secrets(self) -> tuple[str, str, str]:
        return self.identity, self.mobile, self.card


def identity(day: str, order: int) -> str:
    """An identity number by GB 11643: birthday as YYYYMMDD and a number in the order of births."""
    first = f"{REGION}{day}{order:03d}"
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, _WEIGHTS, strict=True)) % 11]


def unsound(number: str) -> str:
    """The same identity number with a wrong check digit."""
    return number[:-1] + ("2" if number[-1] != "2" else "3")


def card(first: str) -> str:
    """A card number: ``first`` and the digit that Luhn's algorithm wants behind it."""
    total = 0
    for place, digit in enumerate(reversed(first)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return first + str(-total % 10)


def persons(count: int, seed: int = 1) -> list[Person]:
    draw = random.Random(seed)
    return [
        Person(
            f"{_SURNAMES[number % 10]}{_GIVEN[number // 10 % 8]}",
            identity(f"{draw.randint(1955, 2004)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}", number),
            f"13{draw.randint(0, 9)}{draw.randint(10_000_000, 99_999_999)}",
            card(f"622848{draw.randint(10**11, 10**12 - 1)}"),
        )
        for number in range(count)
    ]


Rows = Sequence[Sequence[str]]


def html_of(title: str, lines: Sequence[str], rows: Rows, css: str = "") -> str:
    table = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{escape(title)}</title><style>{css}</style></head>"
        f"<body><h1>{escape(title)}</h1><div class='TRS_Editor'>{text}<table>{table}</table></div></body></html>"
    )


def docx_of(title: str, lines: Sequence[str], rows: Rows) -> bytes:
    document = Document()
    document.add_paragraph(title, style="Title")
    for line in lines:
        document.add_paragraph(line)
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for made, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(made.cells, row, strict=True):
            cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def xlsx_of(title: str, lines: Sequence[str], rows: Rows) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (title, *lines):
        sheet.append([line])
    for row in rows:
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
