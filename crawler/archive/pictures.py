"""Pictures of a page by their address, as a capture holds them: the same while it is made and ever after."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from crawler.urls import absolute, page_of

_MOST_REDIRECTS = 20  # one after another; the crawl itself follows fewer
# A copy of a picture fetched from another address has the record of that one.
_SHOWN = """
SELECT p.record, p.outcome, EXISTS (SELECT 1 FROM pages q WHERE q.record = p.record AND q.media = 'image')
FROM pages p WHERE p.url = ?
"""


def pictures_of(db: sqlite3.Connection, body: Callable[[str], bytes]) -> Callable[[str], bytes | None]:
    """Gives the bytes of a picture by its address, None where the capture with this index does not hold it.

    ``body`` gives the payload of a record.
    """

    def fetch(href: str) -> bytes | None:
        url = absolute(href, href)
        record = _record(db, page_of(url)) if url else None
        return None if record is None else body(record)

    return fetch


def _record(db: sqlite3.Connection, url: str) -> str | None:
    """Record of the picture that an address shows, through redirects."""
    for _ in range(_MOST_REDIRECTS):
        row = db.execute(_SHOWN, (url,)).fetchone()
        if row is None or row[1] != "redirect":
            return str(row[0]) if row and row[2] else None
        onward = db.execute("SELECT url FROM pages WHERE found_on = ? ORDER BY n", (url,)).fetchone()
        if onward is None:
            return None
        url = onward[0]
    return None
