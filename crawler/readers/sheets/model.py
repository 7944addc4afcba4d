"""A sheet as every workbook format gives it: texts as shown, borders, merged ranges, what is hidden."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from openpyxl.utils.cell import get_column_letter

from crawler.readers.drafts import Draft
from crawler.words import load

Place = tuple[int, int]  # row and column, both from 0


class Range(NamedTuple):
    """Cells from ``top``, ``left`` to ``bottom``, ``right``, all from 0 and included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """One sheet. ``ruled`` are the cells with a border, ``extras`` pictures and text boxes with their places.

    ``merges_known``: the format keeps merged ranges, so a blank is a blank.
    """

    name: str
    cells: dict[Place, str] = field(default_factory=dict)
    ruled: set[Place] = field(default_factory=set)
    merges: list[Range] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    uncounted: list[Place] = field(default_factory=list)
    blank_zeros: bool = False
    merges_known: bool = True
    extras: list[tuple[Place, Draft]] = field(default_factory=list)


@cache
def settings(group: str) -> dict[str, Any]:
    """One group of ``crawler/data/sheets.yaml``."""
    found: dict[str, Any] = load("sheets")[group]
    return found


def address(place: Place) -> str:
    """``B5`` of (4, 1)."""
    return f"{get_column_letter(place[1] + 1)}{place[0] + 1}"


def selector(name: str, first: Place, last: Place | None = None) -> str:
    """``Sheet1!B5`` or ``Sheet1!B5:D9``; a name with other than letters and digits in quotes, as Excel writes it."""
    cells = address(first) if last is None or last == first else f"{address(first)}:{address(last)}"
    if not name:
        return cells
    quoted = name if name.replace("_", "a").isalnum() else "'" + name.replace("'", "''") + "'"
    return f"{quoted}!{cells}"


def listed(names: Iterable[str]) -> str:
    """``A、B、C 等`` of more names than a note can hold."""
    found = list(names)
    most = settings("limits")["named"]
    return "、".join(found[:most]) + (" 等" if len(found) > most else "")
