"""The index of a capture: one SQLite file with a table per kind of record, readable with any SQLite tool."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from crawler.archive.codec import decode, encode
from crawler.evidence import Column, Document, Link, ListEntry, Page, Record

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies: WARC file name and byte offset of its gzip member."""

    id: str
    file: str
    offset: int


TABLES: dict[type, str] = {
    Record: "records",
    Place: "places",
    Page: "pages",
    Column: "columns",
    ListEntry: "entries",
    Link: "links",
}
# Columns that hold a JSON array; everything else is a plain SQLite value.
_ARRAYS = {(Page, "column_path"), (Column, "path"), (Column, "pages"), (Column, "gaps"), (Column, "years")}
_UNIQUE = {(Record, "id"), (Place, "id"), (Page, "url"), (Column, "url")}
_INDEXED = {(ListEntry, "page"), (Link, "page"), (Record, "digest")}


class IndexWriter:
    """Builds a new index at ``path``; replaces what an interrupted run left there."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        # An unfinished index is worthless anyway, so nothing is spent on surviving a crash.
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("BEGIN")
        for kind, table in TABLES.items():
            columns = ", ".join(_column_sql(kind, name) for name in _columns(kind))
            self._db.execute(f"CREATE TABLE {table} (n INTEGER PRIMARY KEY, {columns})")
        for kind, name in sorted(_INDEXED, key=lambda pair: (TABLES[pair[0]], pair[1])):
            self._db.execute(f"CREATE INDEX {TABLES[kind]}_{name} ON {TABLES[kind]} ({name})")
        self._db.execute("CREATE TABLE documents (record TEXT PRIMARY KEY, body BLOB NOT NULL)")
        self._db.execute("CREATE TABLE refusals (n INTEGER PRIMARY KEY, uri TEXT, reason TEXT, UNIQUE (uri))")

    def add(self, item: Record | Place | Page | Column | ListEntry | Link) -> None:
        """Append one record; a second one with the same key replaces the first."""
        kind = type(item)
        names = _columns(kind)
        marks = ", ".join("?" * len(names))
        sql = f"INSERT OR REPLACE INTO {TABLES[kind]} ({', '.join(names)}) VALUES ({marks})"
        self._db.execute(sql, [_value(kind, name, getattr(item, name)) for name in names])

    def add_document(self, document: Document) -> None:
        text = json.dumps(encode(document), ensure_ascii=False, separators=(",", ":"))
        row = (document.record, zlib.compress(text.encode("utf-8", "surrogatepass"), 6))
        self._db.execute("INSERT OR REPLACE INTO documents VALUES (?, ?)", row)

    def refuse(self, uri: str, reason: str) -> None:
        """The first reason stands: later ones are consequences of it."""
        self._db.execute("INSERT OR IGNORE INTO refusals (uri, reason) VALUES (?, ?)", (clean(uri), reason))

    def record(self, record_id: str) -> Record | None:
        return next(select(self._db, Record, "id", record_id), None)

    def count(self, table: str) -> int:
        return int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def reasons(self) -> dict[str, int]:
        rows = self._db.execute("SELECT reason, count(*) FROM refusals GROUP BY reason ORDER BY reason")
        return {str(reason): int(number) for reason, number in rows}

    def close(self) -> None:
        self._db.execute("COMMIT")
        self._db.close()

    def abandon(self) -> None:
        self._db.close()


def open_index(path: Path) -> sqlite3.Connection:
    """Open a closed index for reading only; SQLite writes nothing beside it."""
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)


def select(db: sqlite3.Connection, kind: type[T], key: str = "", value: str = "") -> Iterator[T]:
    """Records of one kind, streamed in the order of adding; where ``key`` is given, only its ``value``."""
    names = _columns(kind)
    where = f" WHERE {key} = ?" if key else ""
    sql = f"SELECT {', '.join(names)} FROM {TABLES[kind]}{where} ORDER BY n"
    booleans = {name for name, hint in get_type_hints(kind).items() if hint is bool}
    for row in db.execute(sql, (value,) if key else ()):
        data = dict(zip(names, row, strict=True))
        for name in names:
            if (kind, name) in _ARRAYS:
                data[name] = json.loads(data[name])
            elif name in booleans:
                data[name] = bool(data[name])
        yield decode(kind, data)


def select_document(db: sqlite3.Connection, record_id: str) -> Document | None:
    row = db.execute("SELECT body FROM documents WHERE record = ?", (record_id,)).fetchone()
    if row is None:
        return None
    return decode(Document, json.loads(zlib.decompress(row[0]).decode("utf-8", "surrogatepass")))


def select_refusals(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for uri, reason in db.execute("SELECT uri, reason FROM refusals ORDER BY n"):
        yield str(uri), str(reason)


def _columns(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _column_sql(kind: type, name: str) -> str:
    hint = get_type_hints(kind)[name]
    sql = f'"{name}" {"INTEGER" if hint in (int, bool, int | None) else "TEXT"}'
    return f"{sql} UNIQUE" if (kind, name) in _UNIQUE else sql


def _value(kind: type, name: str, value: Any) -> Any:
    data = encode(value)
    if (kind, name) in _ARRAYS:
        # Escaped, so that a stray surrogate from a hostile page cannot break the file.
        return json.dumps(data)
    return clean(data) if isinstance(data, str) else data


def clean(text: str) -> str:
    """SQLite text must be valid UTF-8; a lone surrogate becomes a replacement character."""
    return text.encode("utf-8", "replace").decode("utf-8")
