"""What a body says in its own published directory that it discloses: row by row, so that an item can be looked up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from crawler.evidence import Block, Document
from scoring.catalogue.directory import Item
from scoring.catalogue.matching import Found, Shelf, pages_of, shelf_of
from scoring.data import table
from scoring.results import Point
from scoring.site.view import SiteView
from scoring.text import key


@dataclass(frozen=True, slots=True)
class Row:
    """One line or table row of a published directory: its cells as they stand, the page, and the words to quote."""

    cells: tuple[str, ...]
    url: str

    @property
    def name(self) -> str:
        """The longest of its first cells that is no number: what it calls the item."""
        named = [cell for cell in self.cells[:3] if not cell.strip().isdigit()]
        return named[0] if named else self.cells[0]

    @property
    def point(self) -> Point:
        """Where it stands."""
        return Point(self.url, words=self.name, label="本单位主动公开基本目录")


class Declared:
    """The rows of the directories that a site shows as its own; ``read`` where there are any to go by."""

    def __init__(self, view: SiteView) -> None:
        self.found = directory_on(shelf_of(view), "basic")
        self.rows: tuple[Row, ...] = ()
        if self.found.state == "read":
            pages = pages_of(view, self.found)[: table("catalogue")["pages_anew"]]
            self.rows = tuple(row for page in pages for row in self._of_page(view, page.url))

    def _of_page(self, view: SiteView, url: str) -> Iterator[Row]:
        facts = view.held.facts(url)
        for address in (url, *(facts.attachments if facts is not None else ())):
            document = view.document(address)
            if document is not None:
                yield from _rows(document, url if address == url else address)

    @property
    def read(self) -> bool:
        """Whether so many rows were read that an item that is in none of them is not in the directory."""
        return len(self.rows) >= int(words_of_directories()["rows"])

    @property
    def names(self) -> frozenset[str]:
        """What the rows call their items, without marks and spaces."""
        return frozenset(key(row.name) for row in self.rows)

    def row_of(self, item: Item) -> Row | None:
        """The first row that names the item; None where none does."""
        for row in self.rows:
            name, text = key(row.name), "".join(map(key, row.cells))
            if any(one in name for one in (*item.names, *item.contains) if len(one) > 2):
                return row
            if any(all(key(word) in text for word in words) for words in item.titles if len("".join(words)) > 3):
                return row
        return None


def _rows(document: Document, url: str) -> Iterator[Row]:
    """The rows of the tables of a document; its lines only where it has no table."""
    blocks = document.blocks[slice(*document.main)]
    tables = [block for block in blocks if block.table is not None]
    for block in tables:
        yield from _cells(block, url)
    for block in () if tables else blocks:
        if block.kind in ("paragraph", "heading") and block.text.strip():
            yield Row((block.text.strip(),), url)


def _cells(block: Block, url: str) -> Iterator[Row]:
    rows: dict[int, list[str]] = {}
    for cell in block.table.cells if block.table is not None else ():
        # A cell that spans rows names the group of all of them.
        for row in range(cell.row, cell.row + cell.rowspan):
            if cell.raw.strip():
                rows.setdefault(row, []).append(cell.raw.strip())
    for _, cells in sorted(rows.items()):
        yield Row(tuple(cells), url)


def words_of_directories() -> dict[str, Any]:
    """The names of directories, and when one is old."""
    words: dict[str, Any] = table("catalogue")["directories"]
    return words


@lru_cache(maxsize=4)
def _item(kind: str) -> Item:
    names = tuple(key(one) for one in words_of_directories()[kind])
    excluded = tuple(key(one) for one in words_of_directories()["not"])
    long = tuple(name for name in names if len(name) > 2)
    parts = () if kind == "board" else long
    return Item(kind, names[0], names, parts, excluded, tuple((name,) for name in long), anywhere=True)


def directory_on(shelf: Shelf, kind: str) -> Found:
    """What a site calls its directory: ``basic``, an ``index`` only, or the ``board`` where the items stand."""
    found = shelf.find(_item(kind))
    titled = tuple(one for one in found.titled if not any(word in one.title for word in words_of_directories()["not"]))
    if found.titled and not titled and not found.named:  # lists of other things are called directories too
        return Found(found.item, "")
    return Found(found.item, found.confidence, found.named, titled)


def declared_on(view: SiteView) -> Declared:
    """What a site declares, read when it is first asked for."""
    return view.once(Declared)
