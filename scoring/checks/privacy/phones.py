"""Mobile numbers of persons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Literal

from scoring.checks.privacy.looking import Listing, Looked, Row, Seen, labels_of, words
from scoring.data import table
from scoring.wording.check import Hit, TextCheck
from scoring.wording.texts import Text


class MobileNumbers(TextCheck):
    """No list shows the mobile numbers of private persons.

    Certain is a table with a column of names and a column of telephones in several rows that columns or title show to
    be one of private persons (pupils, applicants, recipients). Where nothing shows who the persons are it is a
    question. Lists of those who have a public duty do not count; a mobile number as the contact of an office in running
    text is a remark (``contact``), one for the whole site.
    """

    use: Literal["mobile_numbers"]
    recognised: ClassVar[bool] = True
    structured: ClassVar[bool] = True

    def worth(self, text: Text) -> bool:
        return "mobile" in Looked.at(text).kinds

    def hits(self, text: Text, on: date) -> Iterator[Hit]:
        looked = Looked.at(text)
        in_tables: dict[int, list[Seen]] = {}
        for seen in looked.of("mobile"):
            if seen.cell is not None:
                in_tables.setdefault(seen.piece.block, []).append(seen)
            elif _contact(seen):
                yield Hit("needs_review", "contact", seen.start, seen.end, fold="site")
        for block, found in in_tables.items():
            listing = looked.listings[block]
            listed = [seen for seen in found if _listed(looked.row(seen), seen)]
            rows = {seen.cell.row for seen in listed if seen.cell is not None}
            if len(rows) >= table("personal-data")["rows"]["phones"] and (key := _whose(listing)):
                for seen in listed:
                    yield Hit("fail" if key == "exposed" else "needs_review", key, seen.start, seen.end)


def _listed(row: Row | None, seen: Seen) -> bool:
    """Whether a number stands in a column of telephones, in a row with the name of a person."""
    return (
        row is not None
        and seen.cell is not None
        and bool(row.person)
        and words("phone").search(f"{labels_of(seen.cell)} {row.label(seen.cell)}") is not None
    )


def _whose(listing: Listing) -> str:
    """``exposed``: private persons; ``unclear``: nobody knows; ``""``: those who have a public duty."""
    if words("duty").search(listing.heads):
        return ""
    private = words("private_columns").search(listing.heads) or words("private_lists").search(listing.caption)
    if private:
        return "exposed"
    return "" if words("duty").search(listing.caption) else "unclear"


def _contact(seen: Seen) -> bool:
    near: dict[str, int] = table("personal-data")["near"]
    line = seen.text.words[slice(*seen.text.line(seen.start))]
    called = words("contact").search(seen.before(near["label"])) is not None
    return called and words("public_line").search(line) is None
