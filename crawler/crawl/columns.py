"""Columns (栏目) of a site, put together from the list pages that were read; kept in the index until the end."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from crawler.archive.index import clean
from crawler.crawl.frontier import Frontier, Visit, key_of
from crawler.evidence import Column
from crawler.listing.base import Paging
from crawler.pages import PageFacts
from crawler.urls import absolute
from crawler.words import load

_SCHEMA = """
CREATE TABLE IF NOT EXISTS list_pages (
  n INTEGER PRIMARY KEY, root INTEGER, root_url TEXT, url TEXT, name TEXT, path TEXT, tag TEXT,
  family TEXT, total INTEGER, gap TEXT, empty TEXT, quote TEXT
);
CREATE INDEX IF NOT EXISTS list_pages_root ON list_pages (root);
CREATE TABLE IF NOT EXISTS list_turns (root INTEGER, name TEXT, PRIMARY KEY (root, name)) WITHOUT ROWID
"""


@dataclass(slots=True)
class _Draft:
    """One column while its pages are read back."""

    name: str
    url: str
    path: tuple[str, ...]
    tag: str
    family: str
    empty: Literal["", "stated", "blank"]
    quote: str
    pages: list[str] = field(default_factory=list)
    gaps: dict[str, None] = field(default_factory=dict)
    total: int | None = None


class ColumnBook:
    """Collects list pages while the site is read; ``columns()`` gives the result."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        for statement in _SCHEMA.split(";"):
            db.execute(statement)
        # Every page of a list names all others: each is written down once.
        self._noted: set[int] = set()

    def add(self, visit: Visit, facts: PageFacts) -> None:
        """One page of a column; ``visit.root`` is the list page whose pager led here."""
        name, quote = _name(visit.text, facts), facts.empty_quote
        self._add(visit, facts.paging, name, facts.column_path, facts.column_tag, facts.empty, quote)

    def add_data(self, visit: Visit, paging: Paging) -> None:
        """One answer of data that belongs to a list."""
        self._add(visit, paging, visit.text, (), "", "", "")

    def _add(
        self, visit: Visit, paging: Paging | None, name: str, path: tuple[str, ...], tag: str, empty: str, quote: str
    ) -> None:
        home = visit.root or visit.url
        root = key_of(home)
        for turn in paging.turns if paging else ():
            number = hash((root, turn.url, turn.form))
            if number not in self._noted:
                self._noted.add(number)
                found = clean(turn_name(visit, turn.url, turn.form))
                self._db.execute("INSERT OR IGNORE INTO list_turns VALUES (?, ?)", (root, found))
        row = (
            root, clean(home), clean(visit.name), clean(name), json.dumps(path), clean(tag),
            paging.family if paging else "", paging.total if paging else None, paging.gap if paging else "",
            empty, clean(quote),
        )  # fmt: skip
        self._db.execute(f"INSERT INTO list_pages VALUES (NULL, {', '.join('?' * len(row))})", row)

    def columns(self, frontier: Frontier, windows: Mapping[str, int]) -> Iterator[Column]:
        """Columns in the order in which they were found; ``windows`` are those of the site list, by column name."""
        roots = self._db.execute("SELECT root FROM list_pages GROUP BY root ORDER BY min(n)").fetchall()
        for (root,) in roots:
            yield self._column(root, frontier, windows)

    def _column(self, root: int, frontier: Frontier, windows: Mapping[str, int]) -> Column:
        draft = self._draft(root)
        entries: dict[int, date | None] = {}
        sql = "SELECT e.url, e.date FROM entries e JOIN list_pages l ON l.url = e.page WHERE l.root = ? ORDER BY e.n"
        for url, day in self._db.execute(sql, (root,)):
            number = key_of(url)
            entries[number] = entries.get(number) or (date.fromisoformat(day) if day else None)
        turns = self._db.execute("SELECT name FROM list_turns WHERE root = ? ORDER BY name", (root,)).fetchall()
        unread = [url for (url,) in turns if not frontier.was_read(url)]
        if unread:
            draft.gaps[f"有 {len(unread)} 个分页没有读到（如 {unread[0]}）"] = None
        if draft.total is not None and len(entries) < draft.total:
            draft.gaps[f"列表标明共 {draft.total} 条，读到 {len(entries)} 条"] = None
        years: dict[str, int] = {}
        for found in entries.values():
            if found:
                years[str(found.year)] = years.get(str(found.year), 0) + 1
        return Column(
            name=draft.name,
            url=draft.url,
            path=draft.path,
            pages=tuple(draft.pages),
            entries=len(entries),
            newest=max((found for found in entries.values() if found), default=None),
            complete=not draft.gaps,
            gaps=tuple(draft.gaps),
            years=dict(sorted(years.items())),
            undated=sum(found is None for found in entries.values()),
            expected=draft.total,
            empty="" if entries else draft.empty,
            empty_quote="" if entries else draft.quote,
            window=windows.get(draft.name),
            family=draft.family,
            tag=draft.tag,
        )

    def _draft(self, root: int) -> _Draft:
        draft: _Draft | None = None
        rows: Iterator[tuple[Any, ...]] = self._db.execute(
            "SELECT root_url, url, name, path, tag, family, total, gap, empty, quote FROM list_pages "
            "WHERE root = ? ORDER BY n",
            (root,),
        )
        for home, url, name, path, tag, family, total, gap, empty, quote in rows:
            if draft is None:
                draft = _Draft(name, home, tuple(json.loads(path)), tag, family, empty, quote)
            draft.pages.append(url)
            draft.family = draft.family or family
            if gap:
                draft.gaps[gap] = None
            if total is not None:
                draft.total = max(draft.total or 0, total)
        if draft is None:
            raise LookupError(f"no list page under {root}")
        return draft


def turn_name(visit: Visit, url: str, form: str) -> str:
    """The name under which the further page of a list is kept."""
    return Visit(absolute(visit.url, url) or url, visit.rank, method="POST" if form else "GET", form=form).name


def _name(link_text: str, facts: PageFacts) -> str:
    if facts.column_path:
        return facts.column_path[-1]
    short = link_text if 0 < len(link_text) <= load("crawl")["max_column_name"] else ""
    return facts.column_name or short or facts.title
