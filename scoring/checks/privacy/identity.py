"""Identity numbers of persons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Literal

from scoring.checks.privacy.looking import Looked, Seen, words
from scoring.data import table
from scoring.veil import organisation
from scoring.wording.check import Hit, TextCheck
from scoring.wording.texts import Text


class IdentityNumbers(TextCheck):
    """No identity number of a person stands in the text unmasked.

    Certain is a number of 18 digits with a birthday and the check digit of GB 11643 that is called one, that stands by
    the name of a person, or of which there are several. Codes of organisations (统一社会信用代码) and numbers that are
    called something else do not count. Only a question is a number that nothing calls one, one with a wrong check
    digit, and an old one of 15 digits; the last two where they are called identity numbers.
    """

    use: Literal["identity_numbers"]
    recognised: ClassVar[bool] = True
    structured: ClassVar[bool] = True

    def worth(self, text: Text) -> bool:
        return not Looked.at(text).kinds.isdisjoint(("identity", "old"))

    def hits(self, text: Text, on: date) -> Iterator[Hit]:
        told: dict[str, list[Seen]] = {"exposed": [], "unlabelled": [], "unsound": [], "old": []}
        doubtful = 0  # built alike, with a wrong check digit and without a label: these are serial numbers of some kind
        looked = Looked.at(text)
        for seen in looked.of("identity", "old"):
            called = how_called(looked, seen, on)
            doubtful += called == "other"
            if called in told:
                told[called].append(seen)
        many = told["exposed"] or len(told["unlabelled"]) >= table("personal-data")["enough_alike"]
        if many and not doubtful:
            told["exposed"] += told.pop("unlabelled")
        for key, found in told.items():
            for seen in found:
                yield Hit("fail" if key == "exposed" else "needs_review", key, seen.start, seen.end)
            if found and key == "exposed":
                return


def how_called(looked: Looked, seen: Seen, on: date) -> str:
    """What an identity number is: ``exposed``, ``unlabelled``, ``unsound``, ``old``; ``other``, ``""``: none at all."""
    number, labels = seen.number, seen.labels
    named = words("identity").search(labels) is not None
    if number.kind == "old":
        return "old" if named else ""
    born = number.born is not None and number.born <= on
    if named:
        return "exposed" if number.sound and born else "unsound"
    serial = labels if seen.cell is not None else seen.before(table("personal-data")["near"]["serial"])
    person = looked.person(seen)
    if words("serial").search(serial) or (not person and organisation(number.digits)):
        return ""
    if not (number.sound and born):
        return "other"
    return "exposed" if person else "unlabelled"
