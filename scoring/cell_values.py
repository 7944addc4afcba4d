"""What a table cell says: ``0``, blank, ``/``, text and a figure that could not be read stay different things."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from scoring.data import table as data_table
from scoring.text import fold

ValueKind = Literal["number", "blank", "dash", "text", "unread"]
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Value:
    """A cell's raw string and what it says. ``number`` is None unless ``kind`` is number.

    ``unread``: a figure stands there, and some or all of its digits could not be read.
    """

    raw: str
    kind: ValueKind
    number: Decimal | None = None
    unit: str = ""

    @property
    def known(self) -> bool:
        """Whether the cell counts in sums: a figure, or nothing."""
        return self.kind not in ("text", "unread")

    @property
    def amount(self) -> Decimal:
        """For sums: blank and dash count as nothing."""
        return self.number if self.number is not None else Decimal(0)


@lru_cache(maxsize=8192)
def parse_value(raw: str) -> Value:
    """Read one cell: ``0``, blank, ``/``, text and an unread figure stay different things."""
    text = fold(raw).strip()
    if not text:
        return Value(raw, "blank")
    data = data_table("cell-values")
    if raw.strip() in data["dashes"] or text in data["dashes"]:
        return Value(raw, "dash")
    match = _figure(text, data["units"])
    if match:
        number = Decimal(match[2].replace(",", ""))
        return Value(raw, "number", -number if match[1] == "-" else number, match[3])
    mark = data["unread"]["mark"]
    if mark in text:
        # With any digit in the place of what could not be read it would be a figure.
        return Value(raw, "unread" if _figure(text.replace(mark, "0"), data["units"]) else "text")
    return Value(raw, "text")


def _figure(text: str, units: list[str]) -> re.Match[str] | None:
    """Sign, digits and unit of a figure; None where the text is none."""
    match = _NUMBER.fullmatch(text.replace(" ", ""))
    return match if match and (not match[3] or match[3] in units) else None
