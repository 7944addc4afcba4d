"""What is still to be read of a site, and in which order; kept in the index, so that a killed crawl can go on."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from typing import Any, Literal

from crawler.archive.index import clean
from crawler.urls import ending, key, same_site
from crawler.words import load

# Ranks: a lower one is read first. Within a rank breadth first, then in the order of finding.
HOME, REPORTS, FIRST, COLUMNS, REST, FILES, CHECKS, AGAIN = range(8)
_WAITING, _OUT, _DONE, _DEEP = range(4)

_SCHEMA = """
CREATE TABLE frontier (
  n INTEGER PRIMARY KEY, key INTEGER UNIQUE, url TEXT NOT NULL, rank INTEGER, depth INTEGER, state INTEGER,
  outcome TEXT NOT NULL DEFAULT '', target INTEGER, visit TEXT NOT NULL
);
CREATE INDEX frontier_next ON frontier (rank, depth, n) WHERE state = 0;
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """One address to read.

    ``root`` is the first page of the list that its pager belongs to, ``chain`` holds the addresses that redirected
    here. ``form`` is the body of a POST; with ``family`` the answer is data of that family of lists. ``tries`` counts
    earlier failed ones, ``first`` is what the first one came to. A ``check`` only asks whether the address opens.
    ``part`` says what it is of a page that is an annual report.
    """

    url: str
    rank: int
    depth: int = 0
    found_on: str = ""
    text: str = ""
    root: str | None = None
    is_home: bool = False
    chain: tuple[str, ...] = ()
    method: Literal["GET", "POST", "HEAD"] = "GET"
    form: str = ""
    family: str = ""
    tries: int = 0
    first: str = ""
    check: bool = False
    part: Literal["", "attachment", "picture"] = ""

    @property
    def name(self) -> str:
        """The address under which a page is kept: a POST carries its form, in the way of web archives."""
        if self.method != "POST":
            return self.url
        mark = "&" if "?" in self.url else "?"
        return f"{self.url}{mark}__wb_method=POST&{self.form}"


_PLAIN = {field.name: field.default for field in fields(Visit) if field.name not in ("url", "rank", "depth")}


@lru_cache(maxsize=1024)
def key_of(url: str) -> int:
    """A number of 63 bits for everything that ``crawler.urls.key`` takes for one address."""
    return int.from_bytes(hashlib.blake2b(key(url).encode("utf-8", "replace"), digest_size=8).digest()) >> 1


class Frontier:
    """Addresses of one site, each given out once; every change is part of the next commit of the index."""

    def __init__(self, db: sqlite3.Connection, home: str, limits: dict[str, Any]) -> None:
        self.home = home
        self._db = db
        self._limits = limits
        fresh = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'frontier'").fetchone() is None
        if fresh:
            for statement in _SCHEMA.split(";"):
                db.execute(statement)
        # What was given out and not dealt with when the last run was killed is read again, and first, as it would have
        # been: which of two addresses with the same bytes is the copy depends on the order.
        sql = "SELECT n FROM frontier WHERE state = ? ORDER BY rank, depth, n"
        self._first = [int(row[0]) for row in db.execute(sql, (_OUT,))]
        db.execute("UPDATE frontier SET state = ? WHERE state = ?", (_WAITING, _OUT))
        self._known = {row[0] for row in db.execute("SELECT key FROM frontier")}
        self._waiting = int(db.execute("SELECT count(*) FROM frontier WHERE state = 0").fetchone()[0])
        # Addresses as written on pages, by Python's own hash: most links of a page were seen on the page before.
        self._written: set[int] = set()

    def seen(self, written: str) -> bool:
        """Whether exactly this address was handed to ``seen`` before; a cheap first look."""
        number = hash(written)
        if number in self._written:
            return True
        self._written.add(number)
        return False

    def push(self, visit: Visit) -> str | None:
        """Queue an address unless it is known; returns the reason where it is refused at once."""
        if not same_site(visit.url, self.home):
            return None
        number = key_of(visit.name)
        if number in self._known:
            self._shallower(number, visit)
            return None
        if len(self._known) >= self._limits["max_known"]:
            return "budget"
        deep = visit.depth > self._limits["max_depth"]
        self._known.add(number)
        self._insert(number, visit, _DEEP if deep else _WAITING)
        return None

    def _shallower(self, number: int, visit: Visit) -> None:
        """A shorter way to an address that was too deep before."""
        if visit.depth <= self._limits["max_depth"]:
            row = (visit.rank, visit.depth, _WAITING, _packed(visit), number, _DEEP)
            sql = "UPDATE frontier SET rank = ?, depth = ?, state = ?, visit = ? WHERE key = ? AND state = ?"
            self._waiting += self._db.execute(sql, row).rowcount

    def prefer(self, visit: Visit) -> None:
        """Put a visit in the place of the one that waits under its address, if one does."""
        row = (visit.rank, visit.depth, _packed(visit), key_of(visit.name), _WAITING)
        self._db.execute("UPDATE frontier SET rank = ?, depth = ?, visit = ? WHERE key = ? AND state = ?", row)

    def again(self, visit: Visit) -> None:
        """Queue an address that may be known already: the target of a redirect, or a second try."""
        number = key_of(visit.name)
        if number in self._known:
            row = (visit.rank, visit.depth, _WAITING, _packed(visit), number)
            self._db.execute("UPDATE frontier SET rank = ?, depth = ?, state = ?, visit = ? WHERE key = ?", row)
            self._waiting += 1
        else:
            self._known.add(number)
            self._insert(number, visit, _WAITING)

    def bar(self, visit: Visit, outcome: str) -> bool:
        """Note an address that is never to be read; False where it is known."""
        number = key_of(visit.name)
        if number in self._known:
            return False
        self._known.add(number)
        self._insert(number, visit, _DONE)
        self.done(visit, outcome)
        return True

    def pop(self, suits: Callable[[Visit], bool] | None = None) -> Visit | None:
        """Give out the next address; None where there is none, or where it does not suit."""
        sql = "SELECT n, url, rank, depth, visit FROM frontier WHERE state = 0 ORDER BY rank, depth, n LIMIT 1"
        if self._first:
            sql = f"SELECT n, url, rank, depth, visit FROM frontier WHERE n = {self._first[0]}"
        row = self._db.execute(sql).fetchone()
        if row is None:
            return None
        visit = _unpacked(*row[1:])
        if suits is not None and not suits(visit):
            return None
        del self._first[:1]
        self._db.execute("UPDATE frontier SET state = ? WHERE n = ?", (_OUT, row[0]))
        self._waiting -= 1
        return visit

    def done(self, visit: Visit, outcome: str, target: str | None = None) -> None:
        """Note what came of an address; ``target`` is where it redirects to, or what it is a copy of."""
        number = key_of(target) if target else None
        sql = "UPDATE frontier SET state = ?, outcome = ?, target = ? WHERE key = ?"
        self._db.execute(sql, (_DONE, outcome, number, key_of(visit.name)))

    def knows(self, url: str) -> bool:
        return key_of(url) in self._known

    def was_read(self, url: str) -> bool:
        """Whether the address, or the one that it redirects to, was read (a copy of a page read counts)."""
        number = key_of(url)
        for _ in range(self._limits["max_redirects"] + 1):
            row = self._db.execute("SELECT outcome, target FROM frontier WHERE key = ?", (number,)).fetchone()
            if row is None or row[0] != "redirect" or row[1] is None:
                return row is not None and row[0] in ("read", "unchanged", "carried", "duplicate")
            number = row[1]
        return False

    def leads_to(self, url: str) -> int:
        """Key of the address that gave what this one leads to: through redirects, and to the first with its bytes."""
        number = key_of(url)
        for _ in range(self._limits["max_redirects"] + 2):
            row = self._db.execute("SELECT outcome, target FROM frontier WHERE key = ?", (number,)).fetchone()
            if row is None or row[0] not in ("redirect", "duplicate") or row[1] is None:
                break
            number = row[1]
        return number

    def copies(self) -> dict[int, int]:
        """Keys of addresses that gave the bytes of one read before → the key of that one."""
        sql = "SELECT key, target FROM frontier WHERE outcome = 'duplicate' AND target IS NOT NULL"
        return dict(self._db.execute(sql).fetchall())

    def left(self) -> Iterator[tuple[str, str]]:
        """(address, reason) of everything that was found and not given out; "" where the crawl ended before."""
        sql = "SELECT url, rank, depth, visit, state FROM frontier WHERE state IN (0, 1, 3) ORDER BY rank, depth, n"
        for *row, state in self._db.execute(sql).fetchall():
            visit = _unpacked(*row)
            # Nobody would miss what was only to be checked.
            if not visit.check:
                yield visit.name, "depth" if state == _DEEP else visit.first

    def _insert(self, number: int, visit: Visit, state: int) -> None:
        row = (number, clean(visit.url), visit.rank, visit.depth, state, _packed(visit))
        self._db.execute("INSERT INTO frontier (key, url, rank, depth, state, visit) VALUES (?, ?, ?, ?, ?, ?)", row)
        self._waiting += state == _WAITING

    def __len__(self) -> int:
        return self._waiting


def _packed(visit: Visit) -> str:
    """What differs from an ordinary visit, as JSON; escaped, so that any text can be stored."""
    kept = {name: value for name, plain in _PLAIN.items() if (value := getattr(visit, name)) != plain}
    return json.dumps(kept)


def _unpacked(url: str, rank: int, depth: int, packed: str) -> Visit:
    kept = json.loads(packed)
    if "chain" in kept:
        kept["chain"] = tuple(kept["chain"])
    return Visit(url, rank, depth, **kept)


def second_try(visit: Visit, outcome: str) -> Visit:
    """The same address once more, at the end of everything else, by GET."""
    return replace(visit, rank=AGAIN, tries=visit.tries + 1, first=outcome, method="POST" if visit.form else "GET")


def rank_of(url: str, text: str) -> int:
    """How early a link is read, by its address and its words."""
    words = load("crawl")
    if any(word in text for word in words["report_columns"]) or _holds(url, words["report_addresses"]):
        return REPORTS
    if any(word in text for word in words["first_columns"]):
        return FIRST
    short = len(text) <= words["max_column_name"]
    if short and _holds(url, words["first_addresses"]):
        return FIRST
    if ending(url) in _file_endings():
        return FILES
    return COLUMNS if short and text else REST


def _holds(url: str, parts: list[str]) -> bool:
    return any(part in url for part in parts)


@cache
def _file_endings() -> frozenset[str]:
    return frozenset(load("crawl")["document_endings"])
