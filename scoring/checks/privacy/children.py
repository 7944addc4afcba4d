"""Personal data of children."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Literal

from scoring.checks.privacy.identity import how_called
from scoring.checks.privacy.looking import Listing, Looked, words
from scoring.data import table
from scoring.veil import numbers
from scoring.wording.check import Hit, TextCheck
from scoring.wording.texts import Text

_STUDENT = re.compile(r"[GLgl\uff27\uff2c]$")
_DAY = re.compile(r"\d{4}\s*[年./\-]\s*\d{1,2}|^\s*(?:19|20)\d{4}(?:\d{2})?\s*$")


class ChildrensData(TextCheck):
    """No data of children that are more than names stand in the text: always a question.

    These are student numbers made of G or L and an identity number, identity numbers of children under the age of
    ``child_years`` on the day of publication, and lists of pupils with birthdays or telephones of their parents.
    """

    use: Literal["childrens_data"]
    recognised: ClassVar[bool] = True
    structured: ClassVar[bool] = True

    def worth(self, text: Text) -> bool:
        return "identity" in Looked.at(text).kinds or _may_list(text)

    def hits(self, text: Text, on: date) -> Iterator[Hit]:
        looked = Looked.at(text)
        years: int = table("personal-data")["child_years"]
        for seen in looked.of("identity"):
            if not seen.number.sound:
                continue
            if _STUDENT.search(seen.before(1)):
                yield Hit("needs_review", "student", seen.start - 1, seen.end)
            elif how_called(looked, seen, on) == "exposed" and _age(seen.number.born, text.day or on) < years:
                yield Hit("needs_review", "young", seen.start, seen.end)
        if _may_list(text):
            for listing in looked.listings.values():
                yield from _in_list(listing)


def _may_list(text: Text) -> bool:
    return any(words(name).search(text.words) for name in ("birth", "guardian_phone"))


def _in_list(listing: Listing) -> Iterator[Hit]:
    told = f"{listing.heads} {listing.caption}"
    if not words("children").search(told) or words("no_children").search(told):
        return
    for row in listing.rows:
        for cell, piece in row.cells if row.person else ():
            label = row.label(cell)
            if (words("birth").search(label) and _DAY.search(cell.raw)) or (
                words("guardian_phone").search(label) and any(one.kind == "mobile" for one in numbers(cell.raw))
            ):
                yield Hit("needs_review", "listed", piece.start, piece.end)


def _age(born: date | None, on: date) -> int:
    assert born is not None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
