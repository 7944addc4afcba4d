"""The index of a capture: one SQLite file with a table per kind of record, readable with any SQLite tool."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache, lru_cache, partial
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from isal import isal_zlib

from crawler.archive.codec import decoder, encode, packed, unpacked
from crawler.evidence import Check, Column, Document, Facts, Link, ListEntry, Page, Record

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies: WARC file (relative to the capture's folder) and byte offset of its gzip member."""

    id: str
    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class Validator:
    """What a server gave to ask again with: ``ETag`` and ``Last-Modified`` as sent, ``""`` where it sent none."""

    url: str
    etag: str
    modified: str


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A ``Link`` without its page (same order): site menus stand on every page and are kept once."""

    url: str
    text: str
    title: str
    area: str
    form: str
    hidden: str


TABLES: dict[type, str] = {
    Record: "records",
    Place: "places",
    Page: "pages",
    Column: "columns",
    ListEntry: "entries",
    Validator: "validators",
    Check: "checks",
    _Anchor: "anchors",
}
# Columns that hold a JSON value; everything else is a plain SQLite value.
_JSON = {(Page, "column_path"), *((Column, name) for name in ("path", "pages", "gaps", "years"))}
_UNIQUE = {(Record, "id"), (Place, "id"), (Page, "url"), (Column, "url"), (Validator, "url"), (Check, "url")}
_INDEXED = {(ListEntry, "page"), (ListEntry, "url"), (Record, "digest")}
_LINKS = """
CREATE TABLE page_links (n INTEGER PRIMARY KEY, page TEXT UNIQUE, anchors TEXT NOT NULL);
CREATE VIEW links AS
  SELECT p.n * 100000 + j.key AS n, p.page AS page, a.url, a.text, a.title, a.area, a.form, a.hidden
  FROM page_links p, json_each(p.anchors) j JOIN anchors a ON a.n = j.value;
"""
# The file itself and what SQLite keeps beside it.
_BESIDE = ("", "-wal", "-shm", "-journal")
_KNOWN_ANCHORS = 20_000
# What only the running crawl needs.
_OF_THE_CRAWL = ("state", "frontier", "list_pages", "list_turns", "earlier", "trap_calls")


class IndexWriter:
    """Builds a new index at ``path``, or goes on with one that a crawl left behind (``again``).

    ``durable`` keeps what was committed through a killed process; without it nothing is spent on that.
    """

    def __init__(self, path: Path, *, durable: bool = False, again: bool = False) -> None:
        if not again:
            for end in _BESIDE:
                path.with_name(path.name + end).unlink(missing_ok=True)
        self.path = path
        self.durable = durable
        self.db = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        self.db.execute(f"PRAGMA journal_mode={'WAL' if durable else 'OFF'}")
        self.db.execute(f"PRAGMA synchronous={'NORMAL' if durable else 'OFF'}")
        self._anchors: dict[tuple[str, ...], int] = {}
        self.db.execute("BEGIN")
        if not again:
            self._create()

    def _create(self) -> None:
        for kind, table in TABLES.items():
            columns = ", ".join(_column_sql(kind, name) for name in _columns(kind))
            self.db.execute(f"CREATE TABLE {table} (n INTEGER PRIMARY KEY, {columns})")
        for kind, name in sorted(_INDEXED, key=lambda pair: (TABLES[pair[0]], pair[1])):
            self.db.execute(f"CREATE INDEX {TABLES[kind]}_{name} ON {TABLES[kind]} ({name})")
        for statement in _LINKS.split(";"):
            self.db.execute(statement)
        self.db.execute("CREATE TABLE documents (record TEXT PRIMARY KEY, body BLOB NOT NULL)")
        self.db.execute("CREATE TABLE facts (page TEXT PRIMARY KEY, body BLOB NOT NULL)")
        self.db.execute("CREATE TABLE refusals (n INTEGER PRIMARY KEY, uri TEXT, reason TEXT, UNIQUE (uri))")

    def add(self, item: Record | Place | Page | Column | ListEntry | Validator | Check | _Anchor) -> int:
        """Append one record and return its row; a second one with the same key replaces the first."""
        kind = cast(Hashable, type(item))
        return int(self._run(_insert(kind), _row_maker(kind)(item)).lastrowid or 0)

    def add_entries(self, entries: Sequence[ListEntry]) -> None:
        """Append the entries of one list page."""
        make, sql = _row_maker(ListEntry), _insert(ListEntry)
        for entry in entries:
            self._run(sql, make(entry))

    def add_links(self, page: str, links: Sequence[Link]) -> None:
        """Keep the links of one page, in order."""
        known, rows = self._anchors, []
        for link in links:
            anchor = link[1:]
            row = known.get(anchor)
            if row is None:
                if len(known) >= _KNOWN_ANCHORS:
                    known.clear()
                row = known[anchor] = int(self._run(_insert(_Anchor), anchor).lastrowid or 0)
            rows.append(row)
        if rows:
            sql = "INSERT OR REPLACE INTO page_links (page, anchors) VALUES (?, ?)"
            self._run(sql, (page, f"[{','.join(map(str, rows))}]"))

    def _run(self, sql: str, row: tuple[Any, ...]) -> sqlite3.Cursor:
        """Most text is fit for SQLite; looking at each string before would cost more than the row itself."""
        try:
            return self.db.execute(sql, row)
        except UnicodeEncodeError:
            return self.db.execute(sql, [clean(value) if isinstance(value, str) else value for value in row])

    def add_document(self, document: Document) -> None:
        self._add_packed("documents", document.record, document)

    def add_facts(self, facts: Facts) -> None:
        self._add_packed("facts", clean(facts.page), facts)

    def _add_packed(self, table: str, key: str, item: Document | Facts) -> None:
        row = (key, isal_zlib.compress(packed(item), 2))
        self.db.execute(f"INSERT OR REPLACE INTO {table} VALUES (?, ?)", row)

    def refuse(self, uri: str, reason: str) -> None:
        """The first reason stands: later ones are consequences of it."""
        self.db.execute("INSERT OR IGNORE INTO refusals (uri, reason) VALUES (?, ?)", (clean(uri), reason))

    def holds(self, record_id: str) -> bool:
        return self.db.execute("SELECT 1 FROM records WHERE id = ?", (record_id,)).fetchone() is not None

    def record(self, record_id: str) -> Record | None:
        return next(select(self.db, Record, "id", record_id), None)

    def page(self, url: str) -> Page | None:
        return next(select(self.db, Page, "url", url), None)

    def record_with(self, digest: str) -> Record | None:
        """The first good answer with this payload."""
        sql = "SELECT id FROM records WHERE digest = ? AND status = 200 ORDER BY n LIMIT 1"
        row = self.db.execute(sql, (digest,)).fetchone()
        return self.record(row[0]) if row else None

    def listed(self, url: str) -> list[tuple[str, str | None]]:
        """(title, date as ISO) under which the lists read so far name an address."""
        return listings(self.db, url)

    def count(self, table: str) -> int:
        return int(self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def count_links(self) -> int:
        found = self.db.execute("SELECT sum(json_array_length(anchors)) FROM page_links").fetchone()[0]
        return int(found or 0)

    def reasons(self) -> dict[str, int]:
        rows = self.db.execute("SELECT reason, count(*) FROM refusals GROUP BY reason ORDER BY reason")
        return {str(reason): int(number) for reason, number in rows}

    def commit(self) -> None:
        """Everything added so far survives the end of this process from here on."""
        self.db.execute("COMMIT")
        self.db.execute("BEGIN")

    def finish(self, path: Path) -> None:
        """Write the finished index to ``path`` and close. A durable one stays as it is, in case this is cut short."""
        self.db.execute("COMMIT")
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.db.close()
        # SQLite would roll the journal of an earlier try back into the new file.
        for end in _BESIDE:
            path.with_name(path.name + end).unlink(missing_ok=True)
        if self.durable:
            shutil.copyfile(self.path, path)
        else:
            self.path.replace(path)
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode=DELETE")
            db.execute("PRAGMA synchronous=OFF")
            for table in _OF_THE_CRAWL:
                db.execute(f"DROP TABLE IF EXISTS {table}")
            if self.durable:
                db.execute("VACUUM")

    def abandon(self) -> None:
        self.db.close()


def open_index(path: Path) -> sqlite3.Connection:
    """Open a closed index for reading only; SQLite writes nothing beside it."""
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)


def select(db: sqlite3.Connection, kind: type[T], key: str = "", value: str = "") -> Iterator[T]:
    """Records of one kind, streamed in the order of adding; where ``key`` is given, only its ``value``."""
    names = _columns(cast(Hashable, kind))
    where = f" WHERE {key} = ?" if key else ""
    sql = f"SELECT {', '.join(names)} FROM {TABLES[kind]}{where} ORDER BY n"
    readers = _readers(cast(Hashable, kind))
    for row in db.execute(sql, (value,) if key else ()):
        values = list(row)
        for at, read in readers:
            values[at] = read(values[at])
        yield kind(*values)


def select_links(db: sqlite3.Connection) -> Iterator[Link]:
    """The links of all pages in the order of adding."""
    for row in db.execute(f"SELECT {', '.join(Link._fields)} FROM links ORDER BY n"):
        yield Link(*row)


def select_document(db: sqlite3.Connection, record_id: str) -> Document | None:
    return _unpacked(db, "SELECT body FROM documents WHERE record = ?", record_id, Document)


def select_facts(db: sqlite3.Connection, page: str) -> Facts | None:
    return _unpacked(db, "SELECT body FROM facts WHERE page = ?", page, Facts)


def _unpacked(db: sqlite3.Connection, sql: str, key: str, kind: type[T]) -> T | None:
    row = db.execute(sql, (key,)).fetchone()
    return None if row is None else unpacked(kind, isal_zlib.decompress(row[0]))


def select_all_facts(db: sqlite3.Connection) -> Iterator[tuple[str, Callable[[], Facts]]]:
    """Address and facts of every page that has some, in the order of pages; unpacked where they are called for."""
    for url, body in db.execute("SELECT p.url, f.body FROM pages p JOIN facts f ON f.page = p.url ORDER BY p.n"):
        yield url, partial(_facts_in, body)


def _facts_in(body: bytes) -> Facts:
    return unpacked(Facts, isal_zlib.decompress(body))


def all_listings(db: sqlite3.Connection) -> Iterator[tuple[str, str, str | None]]:
    """(address, title, date as ISO) of each page with facts that lists name, each once, in the order of pages."""
    sql = "SELECT DISTINCT p.n, p.url, e.title, e.date FROM pages p JOIN facts f ON f.page = p.url"
    for _, url, title, day in db.execute(f"{sql} JOIN entries e ON e.url = p.url ORDER BY p.n, e.title, e.date"):
        yield str(url), str(title), day


def listings(db: sqlite3.Connection, url: str) -> list[tuple[str, str | None]]:
    """(title, date as ISO) under which lists name an address, each once."""
    rows = db.execute("SELECT DISTINCT title, date FROM entries WHERE url = ? ORDER BY title, date", (clean(url),))
    return [(str(title), day) for title, day in rows]


def select_refusals(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for uri, reason in db.execute("SELECT uri, reason FROM refusals ORDER BY n"):
        yield str(uri), str(reason)


@cache
def _readers(kind: Any) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    """By position what makes a field of SQLite's value; most values are the field as they stand."""
    hints = get_type_hints(kind)
    found: list[tuple[int, Callable[[Any], Any]]] = []
    for at, name in enumerate(_columns(kind)):
        hint = hints[name]
        if (kind, name) in _JSON:
            found.append((at, _json_reader(hint)))
        elif hint is bool:
            found.append((at, bool))
        elif not {str, int, float}.intersection(get_args(hint) or (hint,)) and get_origin(hint) is not Literal:
            found.append((at, decoder(hint)))
    return tuple(found)


def _json_reader(hint: Any) -> Callable[[str], Any]:
    value_of = decoder(hint)

    def read(text: str) -> Any:
        return value_of(json.loads(text))

    # Many pages stand at the end of the same path; what cannot be changed may be shared.
    return lru_cache(maxsize=256)(read) if get_origin(hint) is tuple else read


@cache
def _columns(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _column_sql(kind: Any, name: str) -> str:
    hint = get_type_hints(kind)[name]
    sql = f'"{name}" {"INTEGER" if hint in (int, bool, int | None) else "TEXT"}'
    return f"{sql} UNIQUE" if (kind, name) in _UNIQUE else sql


@cache
def _insert(kind: Any) -> str:
    """SQL; a second row with the same key replaces the first."""
    names = _columns(kind)
    return f"INSERT OR REPLACE INTO {TABLES[kind]} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


@cache
def _row_maker(kind: Any) -> Callable[[Any], tuple[Any, ...]]:
    """What makes SQLite's row of a record: few columns need more than to be taken out of it."""
    names, hints = _columns(kind), get_type_hints(kind)
    take = attrgetter(*names)
    changed: list[tuple[int, Callable[[Any], Any]]] = []
    for at, name in enumerate(names):
        if (kind, name) in _JSON:
            # Escaped, so that a stray surrogate from a hostile page cannot break the file.
            changed.append((at, lambda value: json.dumps(encode(value))))
        elif hints[name] in (date, date | None, datetime):
            changed.append((at, encode))
    if not changed:
        return take

    def make(item: Any) -> tuple[Any, ...]:
        row = list(take(item))
        for at, change in changed:
            row[at] = change(row[at])
        return tuple(row)

    return make


def clean(text: str) -> str:
    """SQLite text must be valid UTF-8; a lone surrogate becomes a replacement character."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
