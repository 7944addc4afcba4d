"""Fixed expressions: usual misquotations, slips inside one, and lists whose members stand in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from scoring.wording.check import Hit, TextCheck
from scoring.wording.lexicons import Entry
from scoring.wording.members import Members
from scoring.wording.near import Phrases
from scoring.wording.past import looks_back, written_before, written_on
from scoring.wording.texts import Text, inside

_NAME = "expressions"


class FixedExpressions(TextCheck):
    """No expression of the lexicon ``expressions`` is misquoted; a person confirms every one.

    ``known`` is a misquotation that the lexicon lists, ``near`` one with one or two characters missing, too many or
    other ones inside, ``order`` a list whose members stand in another order, ``member`` one with a member written
    otherwise, ``missing`` one without a member. Silent are texts of before the form held, sentences that look back,
    and titles in 《》.
    """

    use: Literal["fixed_expressions"]

    def hits(self, text: Text, on: date) -> Iterator[Hit]:
        seen: list[tuple[int, int]] = []
        for hit in self._found(text):
            entry = hit.values.pop("entry")
            if inside(seen, hit.start, hit.end) or inside(text.titles, hit.start, hit.end):
                continue
            if _holds(text, hit, entry.data, on):
                seen.append((hit.start, hit.end))
                yield hit

    def _found(self, text: Text) -> Iterator[Hit]:
        for match in text.found(_NAME):
            wrong = text.words[match.start : match.end]
            yield _hit("known", match.entry, match.start, match.end, wrong, match.entry.data["right"])
        for slip in _phrases(text).slips(text.words):
            yield _hit("near", slip.entry, slip.start, slip.end, text.words[slip.start : slip.end], slip.right)
        for found in _members(text).misplaced(text.words):
            wrong = text.words[found.start : found.end]
            yield _hit(found.kind, found.entry, found.start, found.end, wrong, found.entry.data["right"])


def _hit(key: str, entry: Entry, start: int, end: int, wrong: str, right: str) -> Hit:
    values: dict[str, Any] = {"wrong": " ".join(wrong.split()), "right": right, "entry": entry}
    return Hit("needs_review", key, start, end, values, same=f"{values['wrong']}→{right}")


def _holds(text: Text, hit: Hit, data: Mapping[str, Any], on: date) -> bool:
    """Whether the right form held when the text was written and at the time that it speaks of."""
    if "since" not in data:
        return True
    since = date.fromisoformat(data["since"])
    if (written_on(text) or on) < since or written_before(text, since):
        return False
    return not looks_back(text, hit.start, hit.end, since)


def _phrases(text: Text) -> Phrases:
    made = text.lexicons.memo.get("near")
    if not isinstance(made, Phrases):
        made = text.lexicons.memo["near"] = Phrases(*_with(text, "near"))
    return made


def _members(text: Text) -> Members:
    made = text.lexicons.memo.get("members")
    if not isinstance(made, Members):
        made = text.lexicons.memo["members"] = Members(*_with(text, "members"))
    return made


def _with(text: Text, name: str) -> tuple[list[Entry], Mapping[str, Any]]:
    """The entries that have something under a name, and the lexicon's own keys."""
    entries = [entry for entry in text.lexicons.entries if entry.lexicon == _NAME and entry.data.get(name)]
    return entries, text.lexicons.tables.get(_NAME, {})
