"""Home addresses of persons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Literal

from scoring.checks.privacy.looking import Looked, is_name, words
from scoring.data import table
from scoring.wording.check import Hit, TextCheck
from scoring.wording.texts import Text

_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,4}")
_VALUE = r"[:：]?\s*([^\s，,。；;（(:：][^，,。；;\n]{3,60})"


class HomeAddresses(TextCheck):
    """No home address with more than street, village or estate stands beside the name of a person: always a question.

    An address counts where a column or the words before it call it that of a home.
    """

    use: Literal["home_addresses"]
    recognised: ClassVar[bool] = True
    structured: ClassVar[bool] = True

    def worth(self, text: Text) -> bool:
        return words("address").search(text.words) is not None

    def hits(self, text: Text, on: date) -> Iterator[Hit]:
        if not self.worth(text):
            return
        looked = Looked.at(text)
        yield from self._in_tables(looked)
        pattern = re.compile(f"(?:{words('address').pattern}){_VALUE}")
        for match in pattern.finditer(text.words):
            if text.piece(match.start()).cell is None and self._fits(text, match):
                yield Hit("needs_review", "exposed", *match.span(1))

    def _in_tables(self, looked: Looked) -> Iterator[Hit]:
        for listing in looked.listings.values():
            for row in listing.rows:
                for cell, piece in row.cells:
                    # In a list the label stands above and the name in the row; in a form it stands to the left.
                    above, beside = row.label(cell) if row.name else "", cell.row_labels[-1:] if listing.named else ()
                    label = " ".join((above, *beside))
                    called = words("address").search(label) and not words("no_address").search(label)
                    if called and words("detail").search(cell.raw):
                        yield Hit("needs_review", "exposed", piece.start, piece.end)

    def _fits(self, text: Text, match: re.Match[str]) -> bool:
        near: dict[str, int] = table("personal-data")["near"]
        first, _ = text.line(match.start())
        before = text.words[max(first, match.start() - near["window"]) : match.start()]
        if words("no_address").search(before[-near["name"] :]) or not words("detail").search(match[1]):
            return False
        return any(is_name(token[0]) for token in _HAN_RUN.finditer(before))
