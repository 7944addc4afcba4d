"""Which links of a site lead to given addresses, looked for from the addresses: a capture has many more links."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator

from crawler.evidence import Link
from crawler.urls import key, page_of


def links_to(db: sqlite3.Connection, urls: Iterable[str]) -> Iterator[tuple[str, Link]]:
    """Each link that leads to one of ``urls``, with that one, pages in the order of reading.

    Addresses count as in ``crawler.urls.key``. A link leads to where its target redirects to as far as pages know it.
    """
    wanted: dict[str, str] = {}
    for url in urls:
        for name in (url, *_redirecting(db, url)):
            wanted.setdefault(key(name), url)
    anchors: dict[int, tuple[str, tuple[str, ...]]] = {}
    for number, *anchor in db.execute("SELECT n, url, text, title, area, form, hidden FROM anchors"):
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
