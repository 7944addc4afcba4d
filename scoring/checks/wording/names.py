"""Names that were changed on a day: bodies, and places of the administrative division."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Literal

from scoring.text import fold
from scoring.wording.check import Hit, TextCheck
from scoring.wording.lexicons import Match
from scoring.wording.past import looks_back, written_before, written_on
from scoring.wording.texts import Text, inside

_BEHIND = 12  # characters behind a name that ``kept`` may look at


@lru_cache(maxsize=4)
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


class ChangedNames(TextCheck):
    """No name of the ``lexicon`` is used for the present after the day on which it was changed (``changed``).

    Silent are texts without a date, texts of the time (by their date or number), sentences that look back, titles in
    《》, quotations, and what follows as part of another name (the lexicon's ``kept``).
    """

    use: Literal["changed_names"]
    lexicon: str

    def hits(self, text: Text, on: date) -> Iterator[Hit]:
        for match in text.found(self.lexicon):
            ended = date.fromisoformat(match.entry.data["ended"])
            day = written_on(text)
            if day is None or day < ended or self._is_other(text, match) or written_before(text, ended):
                continue
            if not looks_back(text, match.start, match.end, ended):
                wrong = fold(text.words[match.start : match.end])
                values = {"wrong": wrong, "right": match.entry.data["right"], "year": ended.year}
                yield Hit("needs_review", "changed", match.start, match.end, values, same=wrong)

    def _is_other(self, text: Text, match: Match) -> bool:
        kept = text.lexicons.tables[self.lexicon].get("kept")
        behind = fold(text.words[match.end : match.end + _BEHIND])
        if kept and _compiled(kept).match(behind):
            return True
        return any(inside(spans, match.start, match.end) for spans in (text.titles, text.quoted, text.addresses))
