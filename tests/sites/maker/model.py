"""What a site is made of: columns and their entries, with the addresses that its system gives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(eq=False)
class Entry:
    """One article, guide, message or leader. ``key`` is ``column/number``; ``data`` is what the content file says."""

    key: str
    column: Column
    number: int
    title: str
    day: date
    time: str
    source: str
    body: list[Any]
    data: dict[str, Any]
    url: str = ""

    @property
    def stamp(self) -> str:
        """Day and time as the tags give them."""
        return f"{self.day} {self.time}"


@dataclass(eq=False)
class Column:
    """One column. ``kind`` is list, front, page, tiles, messages or links; ``data`` is what the content file says."""

    key: str
    number: int
    name: str
    kind: str
    parent: Column | None
    data: dict[str, Any]
    entries: list[Entry] = field(default_factory=list)
    children: list[Column] = field(default_factory=list)
    url: str = ""

    @property
    def path(self) -> list[Column]:
        """From the top of the site down to this column."""
        return [*(self.parent.path if self.parent else ()), self]

    @property
    def newest(self) -> list[Entry]:
        """Entries, newest first."""
        return sorted(self.entries, key=lambda entry: (entry.day, entry.time, -entry.number), reverse=True)

    def below(self) -> Iterator[Column]:
        """This column and all below it."""
        yield self
        for child in self.children:
            yield from child.below()


@dataclass(eq=False)
class Made:
    """A whole site as data, before it is drawn. ``info`` holds its name, codes, telephone numbers and the like."""

    id: str
    style: str
    info: dict[str, Any]
    columns: dict[str, Column]

    @property
    def top(self) -> list[Column]:
        return [column for column in self.columns.values() if column.parent is None]

    def column(self, key: str) -> Column:
        return self.columns[key]

    def entry(self, key: str) -> Entry:
        column = key.partition("/")[0]
        found = (entry for entry in self.columns[column].entries if entry.key == key) if column in self.columns else ()
        entry = next(iter(found), None)
        if entry is None:
            raise KeyError(f"{self.id} has no entry {key}")
        return entry

    def entries(self) -> Iterator[Entry]:
        for column in self.columns.values():
            yield from column.entries
