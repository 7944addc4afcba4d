"""Checks on running text: what they look at, and what they say of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Literal

from scoring.results import Check
from scoring.wording.texts import Text

Fold = Literal["line", "page", "site"]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found in a text: ``start`` and ``end`` are characters of ``Text.words``.

    ``key`` names the message and ``values`` fill it; by custom ``wrong`` is what stands there and ``right`` what should
    (they go into the list of corrections). ``same`` names the thing, so that one thing found often can be told once.
    ``fold`` is that of the check where it is None.
    """

    outcome: Literal["fail", "needs_review"]
    key: str
    start: int
    end: int
    values: dict[str, Any] = field(default_factory=dict)
    same: str = ""
    fold: Fold | None = None


class TextCheck(Check):
    """A check on running text, of reports, of the pages and attachments of a site, and of any other document.

    ``fold`` says what is one finding: each different ``line`` with the same thing (it may stand on many pages), all of
    one ``page`` or document, or all of one ``site``. Messages may use ``{count}``, the number of places.
    """

    subject: ClassVar[str] = "text"
    # Whether it also reads what was recognised from pictures: slips of recognition look like slips of the pen.
    recognised: ClassVar[bool] = False
    # Whether it needs the structure of documents (cells with their labels), which pages are read anew for.
    structured: ClassVar[bool] = False

    fold: Fold = "line"

    def worth(self, text: Text) -> bool:
        """For a ``structured`` check: whether the words of a page make it worth reading the page anew."""
        return bool(text.words)

    @property
    def together(self) -> bool:
        """Whether it gains by being shown many texts at once."""
        return False

    def prepare(self, texts: Sequence[Text]) -> None:
        """Told of texts before it is asked for the hits in each; changes no result."""

    def hits(self, text: Text, on: date) -> Iterator[Hit]:
        """Everything it finds in a text. ``on`` is the day of judging; ``text.day`` that of publication."""
        raise NotImplementedError
