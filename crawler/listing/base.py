"""What a family of list pages answers: the entries it reads and the requests that lead to the other pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from crawler.readers.html import Opened


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: absolute address, full title, the date the list prints (None: none or unreadable)."""

    url: str
    title: str
    date: date | None


@dataclass(frozen=True, slots=True)
class Turn:
    """One further page of a list, as a request.

    ``form`` is the body of a POST (``application/x-www-form-urlencoded``). With ``data`` the answer is no page but
    data of the family (XML, JSON) that its ``read_data`` reads.
    """

    url: str
    method: Literal["GET", "POST"] = "GET"
    form: str = ""
    data: bool = False


@dataclass(frozen=True, slots=True)
class Paging:
    """How a list goes on.

    ``entries`` are those that the family reads out of scripts or data; None leaves them to the general reading of
    rows. ``turns`` are all other pages that this page tells of (the crawler drops those it knows). ``pages`` and
    ``total`` are the numbers of pages and of entries that the list itself states, None where it does not.
    ``gap`` says in plain Chinese why pages of the list cannot be reached, ``""`` where all can.
    """

    family: str
    turns: tuple[Turn, ...] = ()
    entries: tuple[Entry, ...] | None = None
    pages: int | None = None
    total: int | None = None
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a ``Turn`` with ``data``: decoded text, and the list page it belongs to."""

    url: str
    text: str
    media_type: str
    turn: Turn
    page: str


class Family(Protocol):
    """A module of ``crawler/listing/families/``.

    ``MARKS`` are plain substrings of the page source of which at least one must be there before ``read_page`` is
    called: most pages are of no family and must cost nothing. ``ORDER`` sorts families (lower first); the first that
    answers has it. A family whose turns are ``data`` also has ``read_data(answer: Answer) -> Paging``, which gives the
    paging of such an answer and raises ValueError where it is not what the family gives (kept as unreadable).
    """

    NAME: str
    MARKS: tuple[str, ...]
    ORDER: int

    def read_page(self, page: Opened) -> Paging | None:
        """Paging of a list page, None where the page is not of this family."""
