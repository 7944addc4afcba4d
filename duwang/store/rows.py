"""Writing rows: one way for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite


def clean(value: Any) -> Any:
    """A text without what a database refuses: NUL and lone surrogates."""
    if not isinstance(value, str):
        return value
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def put(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> None:
    """Add rows; those whose ``keys`` are there already are brought up to date."""
    _insert(connection, table, rows, keys, update=True)


def add_new(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> None:
    """Add the rows whose ``keys`` are not there yet; the others stay as they are."""
    _insert(connection, table, rows, keys, update=False)


def _insert(
    connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]], keys: Sequence[str], *, update: bool
) -> None:
    listed = [{name: clean(value) for name, value in row.items()} for row in rows]
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    if not listed:
        return
    statement = make(table)
    rest = {name: statement.excluded[name] for name in listed[0] if name not in keys}
    if update and rest:
        connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=rest), listed)
    else:
        connection.execute(statement.on_conflict_do_nothing(index_elements=list(keys)), listed)


def id_of(connection: Connection, table: Table, **where: Any) -> int:
    """The id of the row with these values, which is there."""
    conditions = [table.c[name] == clean(value) for name, value in where.items()]
    found: int = connection.execute(select(table.c.id).where(*conditions)).scalar_one()
    return found
