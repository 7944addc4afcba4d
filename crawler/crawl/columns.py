"""Columns (栏目) of a site, put together from the list pages that were read; kept in the index until the end."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from crawler.archive.index import clean
from crawler.crawl.frontier import Frontier, Visit, key_of
from crawler.evidence import Column, ListEntry
from crawler.listing.base import Paging
from crawler.listing.numbered import folder
from crawler.pages import PageFacts
from crawler.urls import absolute
from crawler.words import load

_SCHEMA = """
CREATE TABLE IF NOT EXISTS list_pages (
  n INTEGER PRIMARY KEY, root INTEGER, root_url TEXT, key INTEGER, url TEXT, name TEXT, path TEXT, tag TEXT,
  family TEXT, total INTEGER, gap TEXT, empty TEXT, quote TEXT, ring INTEGER
);
CREATE TABLE IF NOT EXISTS list_turns (ring INTEGER, name TEXT, PRIMARY KEY (ring, name)) WITHOUT ROWID
"""
_FIRST = re.compile(r"(?<!\d)0*[01](?!\d)")


@dataclass(slots=True)
class _Draft:
    """One column while its pages are read back. ``entries`` are (title, date) by key of the address."""

    name: str
    url: str
    path: tuple[str, ...]
    tag: str
    empty: Literal["", "stated", "blank"]
    quote: str
    family: str = ""
    pages: list[str] = field(default_factory=list)
    gaps: dict[str, None] = field(default_factory=dict)
    total: int | None = None
    entries: dict[int, tuple[str, date | None]] = field(default_factory=dict)


class ColumnBook:
    """Collects list pages while the site is read; ``columns()`` gives the result."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        for statement in _SCHEMA.split(";"):
            db.execute(statement)
        # Most pages of a list name all others: the pages of such a ring are written down once.
        self._rings: dict[int, int] = {}
        self._last_ring = int(db.execute("SELECT coalesce(max(ring), 0) FROM list_pages").fetchone()[0])

    def add(self, visit: Visit, facts: PageFacts) -> None:
        """One page of a column; ``visit.root`` is the list page whose pager led here."""
        name, quote = _name(visit.text, facts), facts.empty_quote
        self._add(visit, facts.paging, name, facts.column_path, facts.column_tag, facts.empty, quote)

    def add_data(self, visit: Visit, paging: Paging) -> None:
        """One answer of data that belongs to a list."""
        self._add(visit, paging, visit.text, (), "", "", "")

    def repeats(self, visit: Visit, entries: Sequence[ListEntry]) -> bool:
        """Whether a further page of a list only has the entries of the page that led to it: pagers without an end."""
        if visit.root is None:
            return False
        before = self._db.execute("SELECT url FROM entries WHERE page = ?", (clean(visit.found_on),))
        return {url for (url,) in before} == {clean(entry.url) for entry in entries}

    def _add(
        self, visit: Visit, paging: Paging | None, name: str, path: tuple[str, ...], tag: str, empty: str, quote: str
    ) -> None:
        home = visit.root or visit.url
        row = (
            key_of(home), clean(home), key_of(visit.name), clean(visit.name), clean(name), json.dumps(path),
            clean(tag), paging.family if paging else "", paging.total if paging else None,
            paging.gap if paging else "", empty, clean(quote), self._ring(visit, paging),
        )  # fmt: skip
        self._db.execute(f"INSERT INTO list_pages VALUES (NULL, {', '.join('?' * len(row))})", row)

    def _ring(self, visit: Visit, paging: Paging | None) -> int:
        """Number of the set of pages that this one and its pager name; 0 where there is no pager."""
        if paging is None or not paging.turns:
            return 0
        # The same number whichever of its pages names the others.
        number = hash(visit.url) ^ hash(visit.form)
        for turn in paging.turns:
            number ^= hash(turn.url) ^ hash(turn.form)
        if number not in self._rings:
            self._last_ring += 1
            self._rings[number] = self._last_ring
            named = {(visit.url, visit.form), *((turn.url, turn.form) for turn in paging.turns)}
            names = ((self._last_ring, clean(turn_name(visit, *pair))) for pair in named)
            self._db.executemany("INSERT OR IGNORE INTO list_turns VALUES (?, ?)", names)
        return self._rings[number]

    def columns(self, frontier: Frontier, windows: Mapping[str, int]) -> Iterator[Column]:
        """Columns in the order in which they were found; ``windows`` are those of the site list, by column name.

        A list that was come upon in two ways (by its folder and by its file, by its first page and by another) is one.
        """
        shelf = _Shelf(self._db, frontier)
        found: dict[tuple[int, int], Column] = {}
        rings: dict[int, tuple[int, int]] = {}
        for root in shelf.roots:
            ring, url = shelf.first(root)
            # First pages of one ring name each other: the same list again, with a longer address.
            if ring in rings and len(url) >= len(found[rings[ring]].url):
                continue
            column, likeness = shelf.column(root, windows)
            if ring:
                rings[ring] = likeness
            if likeness not in found or len(column.url) < len(found[likeness].url):
                found[likeness] = column
        yield from found.values()


class _Shelf:
    """All list pages of a site at the end of its crawl."""

    def __init__(self, db: sqlite3.Connection, frontier: Frontier) -> None:
        self._db = db
        self._frontier = frontier
        self._copies = frontier.copies()
        self.roots: dict[int, list[int]] = {}
        self._by_key: dict[int, int] = {}
        self._ring_of: dict[int, int] = {}
        for n, root, number, ring in db.execute("SELECT n, root, key, ring FROM list_pages ORDER BY n"):
            self.roots.setdefault(root, []).append(n)
            self._by_key.setdefault(number, n)
            self._ring_of[n] = ring

    def first(self, root: int) -> tuple[int, str]:
        """Ring and address of the first page of a column."""
        n = self.roots[root][0]
        url: str = self._db.execute("SELECT root_url FROM list_pages WHERE n = ?", (n,)).fetchone()[0]
        return self._ring_of[n], url

    def column(self, root: int, windows: Mapping[str, int]) -> tuple[Column, tuple[int, int]]:
        """The column whose first page is ``root``; the second value is the same for what is the same list."""
        numbers, turns = self._together(root)
        draft = self._draft(self.roots[root][0], numbers)
        known = set(draft.pages)
        unread = sorted(name for name in turns if name not in known and not self._frontier.was_read(name))
        if unread:
            draft.gaps[f"有 {len(unread)} 个分页没有读到（如 {unread[0]}）"] = None
        if repeated := self._read_entries(draft, turns):
            draft.gaps[f"有 {len(repeated)} 个分页的条目与别的分页相同（如 {repeated[0]}）"] = None
        if draft.total is not None and len(draft.entries) < draft.total:
            draft.gaps[f"列表标明共 {draft.total} 条，读到 {len(draft.entries)} 条"] = None
        # One article under two addresses is one entry, where the list names both alike.
        days: dict[tuple[int, str], date | None] = {}
        for number, (title, day) in draft.entries.items():
            same = self._copies.get(number, number), title
            days[same] = days.get(same) or day
        pages = frozenset(key_of(folder(url)) for url in draft.pages)
        return _column(draft, list(days.values()), windows), (hash(pages), hash(frozenset(days)))

    def _together(self, root: int) -> tuple[list[int], list[str]]:
        """Pages of one list, whatever led to each of them, and the names of all that their pagers know."""
        found: set[int] = set()
        names: dict[str, None] = {}
        rings: set[int] = set()
        waiting = list(self.roots[root])
        while waiting:
            n = waiting.pop()
            ring = 0 if n in found else self._ring_of[n]
            found.add(n)
            if not ring or ring in rings:
                continue
            rings.add(ring)
            for (name,) in self._db.execute("SELECT name FROM list_turns WHERE ring = ?", (ring,)).fetchall():
                names[name] = None
                other = self._by_key.get(self._frontier.leads_to(name))
                if other is not None and other not in found:
                    waiting.append(other)
        return sorted(found), list(names)

    def _draft(self, first: int, numbers: list[int]) -> _Draft:
        sql = "SELECT root_url, name, path, tag, empty, quote FROM list_pages WHERE n = ?"
        url, name, path, tag, empty, quote = self._db.execute(sql, (first,)).fetchone()
        draft = _Draft(name, url, tuple(json.loads(path)), tag, empty, quote)
        sql = "SELECT url, family, total, gap FROM list_pages WHERE n = ?"
        for n in numbers:
            url, family, total, gap = self._db.execute(sql, (n,)).fetchone()
            draft.pages.append(url)
            draft.family = draft.family or family
            if gap:
                draft.gaps[gap] = None
            if total is not None:
                draft.total = max(draft.total or 0, total)
        return draft

    def _read_entries(self, draft: _Draft, turns: list[str]) -> list[str]:
        """Fill in the entries; returns the pages that say again what another one says, but for a second address of
        the first page."""
        seen: dict[int, str] = {}
        repeated = [name for name in sorted(turns) if key_of(name) in self._copies]
        for page in draft.pages:
            own = set()
            sql = "SELECT url, title, date FROM entries WHERE page = ? ORDER BY n"
            for url, title, day in self._db.execute(sql, (page,)):
                number = key_of(url)
                own.add(number)
                known = draft.entries.get(number, (title, None))
                draft.entries[number] = known[0], known[1] or (date.fromisoformat(day) if day else None)
            if own and seen.setdefault(hash(frozenset(own)), page) != page:
                repeated.append(page)
        again = next((page for page in repeated if _is_first(page, draft.pages[0])), "")
        return [page for page in repeated if page != again]


def _column(draft: _Draft, days: list[date | None], windows: Mapping[str, int]) -> Column:
    dated = [day for day in days if day]
    years: dict[str, int] = {}
    for day in sorted(dated):
        years[str(day.year)] = years.get(str(day.year), 0) + 1
    return Column(
        name=draft.name,
        url=draft.url,
        path=draft.path,
        pages=tuple(draft.pages),
        entries=len(days),
        newest=max(dated, default=None),
        complete=not draft.gaps,
        gaps=tuple(draft.gaps),
        years=years,
        undated=len(days) - len(dated),
        expected=draft.total,
        empty="" if days else draft.empty,
        empty_quote="" if days else draft.quote,
        window=windows.get(draft.name),
        family=draft.family,
        tag=draft.tag,
    )


def turn_name(visit: Visit, url: str, form: str) -> str:
    """The name under which the further page of a list is kept."""
    return Visit(absolute(visit.url, url) or url, visit.rank, method="POST" if form else "GET", form=form).name


def _is_first(url: str, first: str) -> bool:
    """Whether an address may be another one of the first page: its folder or file, or with the number 0 or 1."""
    return folder(url) == folder(first) or _FIRST.search(url[url.rfind("/", 0, (url + "?").find("?")) :]) is not None


def _name(link_text: str, facts: PageFacts) -> str:
    if facts.column_path:
        return facts.column_path[-1]
    short = link_text if 0 < len(link_text) <= load("crawl")["max_column_name"] else ""
    return facts.column_name or short or facts.title
