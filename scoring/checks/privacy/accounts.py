"""Numbers of bank cards and accounts of persons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import ClassVar, Literal

from scoring.checks.privacy.looking import Looked, Seen, is_name, words
from scoring.data import table
from scoring.wording.check import Hit, TextCheck
from scoring.wording.texts import Text


class BankAccounts(TextCheck):
    """No bank account of a person stands in the text unmasked.

    It is one where a number of 16 to 19 digits that Luhn's algorithm lets pass is called one and stands by the name of
    a person or is called that of a card; without these it is a question, and in lines with identity numbers below a
    heading that names cards. Accounts of offices and companies are none.
    """

    use: Literal["bank_accounts"]
    recognised: ClassVar[bool] = True
    structured: ClassVar[bool] = True

    def worth(self, text: Text) -> bool:
        return "card" in Looked.at(text).kinds and words("account").search(text.words) is not None

    def hits(self, text: Text, on: date) -> Iterator[Hit]:
        looked = Looked.at(text)
        found: dict[str, list[Seen]] = {"exposed": [], "unclear": []}
        for seen in looked.of("card"):
            if called := _called(looked, seen):
                found[called].append(seen)
        for seen in found["exposed"]:
            yield Hit("fail", "exposed", seen.start, seen.end)
        if not found["exposed"]:
            for seen in found["unclear"]:
                yield Hit("needs_review", "unclear", seen.start, seen.end)


def _called(looked: Looked, seen: Seen) -> str:
    """``exposed``, ``unclear``, or ``""`` where it is no account of a person."""
    labels, row = seen.labels, looked.row(seen)
    if not words("account").search(labels):
        return "unclear" if row is None and _in_lines(looked, seen) else ""
    office = words("office_account")
    if row is not None and row.person:
        # A list of persons: the columns beside the name may name a school or an office.
        return "" if office.search(labels) else "exposed"
    around = seen.around(table("personal-data")["near"]["window"]) if row is None else _told(row.cells)
    if office.search(around):
        return ""
    held = looked.person(seen) or any(is_name(match[1]) for match in _holders().finditer(around))
    return "exposed" if held or words("own_card").search(labels) else "unclear"


def _in_lines(looked: Looked, seen: Seen) -> bool:
    """Whether it stands in a line of a list without a table: a line with an identity number, in a text about cards."""
    called_else = words("serial").search(seen.before(table("personal-data")["near"]["serial"]))
    with_person = looked.text.line(seen.start)[0] in looked.lines_with_identity
    return with_person and not called_else and words("own_card").search(looked.text.words) is not None


@cache
def _holders() -> re.Pattern[str]:
    return re.compile(rf"(?:{words('holder').pattern})[:：为是\s]+([\u3400-\u9fff]{{2,4}})(?![\u3400-\u9fff])")


def _told(cells: tuple[tuple[object, object], ...]) -> str:
    return " ".join(getattr(cell, "raw", "") for cell, _ in cells)
