"""Numbers of official documents (发文字号) that are not written as the standard says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from scoring.data import table
from scoring.wording.check import Hit, TextCheck
from scoring.wording.texts import Text, inside

_REACH = 22  # characters before the bracket
_SHORT = 3


class DocumentNumbers(TextCheck):
    """Numbers of documents are 机关代字〔年份〕序号: these brackets, no 第, no leading zero (GB/T 9704-2012, 7.2.5).

    ``wrong`` where the short name before the bracket is certainly that of documents, else ``unsure``, and that only
    behind a title in 《》. Numbers of before the standard, orders, announcements, court cases and registrations are
    left alone.
    """

    use: Literal["numbers_written"]

    def hits(self, text: Text, on: date) -> Iterator[Hit]:
        if "号" not in text.words:
            return
        data = table("document-numbers")
        for found in _pattern("form").finditer(text.words):
            faults = _faults(found, data)
            if not faults or int(found[2]) < data["first_year"]:
                continue
            before = text.words[max(0, found.start() - _REACH) : found.start()]
            body = _pattern("body").search(before)
            if body is None or _pattern("exempt").search(body[0]) or inside(text.addresses, found.start(), found.end()):
                continue
            start = found.start() - len(body[0])
            certain = _pattern("certain").search(body[0]) is not None
            if certain or _names_title(text, start):
                yield _hit(found, data, body[0], faults, certain=certain)


@lru_cache(maxsize=8)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(table("document-numbers")[name])


def _faults(found: re.Match[str], data: dict[str, Any]) -> list[str]:
    """What of the form is wrong: parts ``bracket``, ``ordinal``, ``zero``."""
    opening, _, closing, ordinal, zeros, _ = found.groups()
    wrong = [("bracket", (opening, closing) != (data["opening"], data["closing"]))]
    wrong += [("ordinal", bool(ordinal)), ("zero", bool(zeros))]
    return [name for name, is_so in wrong if is_so]


def _names_title(text: Text, start: int) -> bool:
    """Whether what stands before a short name is a title and the bracket for its number: 《…》（."""
    return re.search(r"》\s*[(（]$", text.words[max(0, start - 4) : start]) is not None


def _hit(found: re.Match[str], data: dict[str, Any], body: str, faults: list[str], *, certain: bool) -> Hit:
    values = {
        "wrong": found[0],
        "right": f"{data['opening']}{found[2]}{data['closing']}{found[6]}号",
        "faults": "、".join(data["faults"][fault] for fault in faults),
    }
    key: Literal["wrong", "unsure"] = "wrong" if certain else "unsure"
    # The words before a short name are prose: its last characters are enough to tell numbers apart.
    same = body[-_SHORT:] + found[0]
    return Hit("fail" if certain else "needs_review", key, found.start(), found.end(), values, same=same)
