"""List pages: rows of entries, and how each family of content management systems turns the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from crawler.listing import families
from crawler.listing.base import Answer, Entry, Family, Paging, Turn
from crawler.readers.html import Opened

__all__ = ["Answer", "Entry", "Paging", "Turn", "known_families", "paging", "paging_of_data"]


def paging(page: Opened) -> Paging | None:
    """How the list on ``page`` goes on, by the first family that knows it; None where none does."""
    for family in known_families():
        if any(mark in page.text for mark in family.MARKS):
            found = family.read_page(page)
            if found is not None:
                return found
    return None


def paging_of_data(family: str, answer: Answer) -> Paging:
    """Entries and further turns of a data answer. ValueError where it cannot be read, by this family or by any."""
    known = next((known for known in known_families() if family == known.NAME), None)
    read: Callable[[Answer], Paging] | None = getattr(known, "read_data", None)
    if read is None:
        raise ValueError(f"no family of the name {family} reads data")
    return read(answer)


@cache
def known_families() -> tuple[Family, ...]:
    """Every module of the folder, in the order in which they are asked: a new family is one new file."""
    names = [found.name for found in iter_modules(families.__path__)]
    found = [cast(Family, import_module(f"{families.__name__}.{name}")) for name in sorted(names)]
    return tuple(sorted(found, key=lambda family: family.ORDER))
