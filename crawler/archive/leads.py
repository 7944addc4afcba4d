"""The links of single pages, and which of a site lead to given addresses: a capture has too many to look at all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from crawler.evidence import Link
from crawler.urls import key, page_of

_KNOWN = 20_000  # anchors kept; the menus of a site stand on every page
_ANCHOR = "n, url, text, title, area, form, hidden"
_ASKED = f"SELECT {_ANCHOR} FROM anchors WHERE n IN (SELECT value FROM json_each(?))"


class PageLinks:
    """The links of one page after the other; an anchor that stands on many of them is read once."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._known: dict[int, tuple[Any, ...]] = {}

    def of(self, page: str) -> Iterator[Link]:
        """The links of a page in their order, none where it has none."""
        row = self._db.execute("SELECT anchors FROM page_links WHERE page = ?", (page,)).fetchone()
        numbers: list[int] = json.loads(row[0]) if row is not None else []
        known = self._anchors(numbers)
        return (Link(page, *known[number]) for number in numbers if number in known)

    def _anchors(self, numbers: list[int]) -> dict[int, tuple[Any, ...]]:
        new = [number for number in numbers if number not in self._known]
        if len(self._known) + len(new) > _KNOWN:
            self._known, new = {}, numbers
        for number, *anchor in self._db.execute(_ASKED, (json.dumps(new),)) if new else ():
            self._known[number] = tuple(anchor)
        return self._known


def links_to(db: sqlite3.Connection, urls: Iterable[str]) -> Iterator[tuple[str, Link]]:
    """Each link that leads to one of ``urls``, with that one, pages in the order of reading.

    Addresses count as in ``crawler.urls.key``. A link leads to where its target redirects to as far as pages know it.
    """
    wanted: dict[str, str] = {}
    for url in urls:
        for name in (url, *_redirecting(db, url)):
            wanted.setdefault(key(name), url)
    anchors: dict[int, tuple[str, tuple[str, ...]]] = {}
    for number, *anchor in db.execute(f"SELECT {_ANCHOR} FROM anchors"):
        to = wanted.get(key(page_of(anchor[0])))
        if to is not None:
            anchors[number] = to, tuple(anchor)
    for page, numbers in db.execute("SELECT page, anchors FROM page_links ORDER BY n") if anchors else ():
        for number in json.loads(numbers):
            if number in anchors:
                to, rest = anchors[number]
                yield to, Link(page, *rest)  # type: ignore[arg-type]  # the columns of a link, in order


def _redirecting(db: sqlite3.Connection, url: str) -> Iterator[str]:
    """The addresses of the site through which this one was found by redirects."""
    seen = {url}
    sql = "SELECT r.url FROM pages p JOIN pages r ON r.url = p.found_on WHERE p.url = ? AND r.outcome = 'redirect'"
    while (row := db.execute(sql, (url,)).fetchone()) and row[0] not in seen:
        url = str(row[0])
        seen.add(url)
        yield url


def anchors(db: sqlite3.Connection) -> Iterator[Link]:
    """Every link of the site once, whatever pages it stands on (``page`` is empty): far fewer than links of pages."""
    for row in db.execute("SELECT url, text, title, area, form, hidden FROM anchors ORDER BY n"):
        yield Link("", *row)
