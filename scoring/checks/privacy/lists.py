"""Lists of those who get aid, and how long they stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import ClassVar, Literal

from pydantic import PositiveInt

from scoring.checks.privacy.looking import Looked, words
from scoring.data import table
from scoring.text import fold
from scoring.wording.check import Hit, TextCheck
from scoring.wording.texts import Text

_DAY = r"(?:(\d{4})\s*[年.\-/]\s*)?(\d{1,2})\s*[月.\-/]\s*(\d{1,2})\s*日?"
_PERIOD = re.compile(rf"公示(?:期|时间|时限|日期)[^。\n]{{0,24}}?{_DAY}[^。\n\d]{{0,8}}?(?:至|到|-|—|~|–|～)+\s*{_DAY}")


class AidLists(TextCheck):
    """A list of persons who get aid does not stay online after its display period: always a question.

    The period is the one that the text states, else ``days`` days from publication.
    """

    use: Literal["aid_lists"]
    recognised: ClassVar[bool] = True
    structured: ClassVar[bool] = True

    days: PositiveInt

    def worth(self, text: Text) -> bool:
        return all(words(name).search(text.words) for name in ("head", "aid_list", "aid"))

    def hits(self, text: Text, on: date) -> Iterator[Hit]:
        if not self.worth(text):
            return
        looked = Looked.at(text)
        if not _names_persons(looked):
            return
        ended = _ended(text)
        if ended is not None:
            until, start, end = ended
            if until < on:
                yield Hit("needs_review", "overdue", start, end, {"until": until})
        elif text.day is not None and text.day + timedelta(days=self.days) < on:
            first = text.pieces[0]
            values = {"published": text.day, "days": self.days}
            yield Hit("needs_review", "old", first.start, min(first.end, text.line(first.start)[1]), values)


def _names_persons(looked: Looked) -> bool:
    """Whether a table lists names, and columns or title say that it is about aid."""
    least: int = table("personal-data")["rows"]["names"]
    for listing in looked.listings.values():
        told = f"{listing.caption} {listing.heads}"
        about = words("aid").search(told) is not None and words("aid_list").search(told) is not None
        if about and sum(bool(row.person) for row in listing.rows) >= least:
            return True
    return False


def _ended(text: Text) -> tuple[date, int, int] | None:
    """The last day of the display period that the text states, and where it does."""
    match = _PERIOD.search(fold(text.words)) if "公示" in text.words else None
    if match is None:
        return None
    year, _, _, last_year, month, day = match.groups()
    chosen = last_year or year or (str(text.day.year) if text.day is not None else "")
    try:
        return date(int(chosen), int(month), int(day)), *match.span()
    except ValueError:
        return None
