"""The records that cross folders: frozen, typed, and free of behaviour.

Everything a judgement rests on is one of these. A record never holds what was not seen: a field that
could not be read is ``None`` (unknown), an empty string was really empty on the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

BlockKind = Literal["heading", "paragraph", "table", "picture", "attachment"]
Carrier = Literal["html", "text", "markdown", "docx"]
PageKind = Literal["home", "column", "list", "article", "other"]


@dataclass(frozen=True, slots=True)
class Site:
    """One bureau site of the site list (the YAML keys of the design, same names)."""

    id: str
    name: str
    home: str
    kind: Literal["department", "portal"] = "department"
    level: Literal["province", "city", "county", "township"] | None = None
    region: str | None = None
    site_code: str | None = None
    services: bool | None = None
    columns: dict[str, str] = field(default_factory=dict)
    windows: dict[str, int] = field(default_factory=dict)
    crawl: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place inside one Document: a span of a block's text, or one cell of a table block.

    ``block`` indexes ``Document.blocks``. For text, ``start``/``end`` are character offsets in
    ``Block.text``. For a table cell, ``row``/``column`` are zero-based grid coordinates (spans resolved).
    ``selector`` is the XPath of the element in HTML, ``line N`` in text, ``body/p[3]`` in DOCX.
    """

    block: int
    start: int = 0
    end: int = 0
    row: int | None = None
    column: int | None = None
    selector: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table, placed on the grid (``row``, ``column``) with its spans.

    ``raw`` is the text as it stands, line breaks kept as ``\\n``, outer white space removed: ``0``, an empty
    cell, ``/`` and ``-`` stay different. ``row_labels``/``column_labels`` are the texts of the label cells that
    cover this cell's row to the left and its column above, outermost first, through row and column spans.
    """

    row: int
    column: int
    raw: str
    rowspan: int = 1
    colspan: int = 1
    row_labels: tuple[str, ...] = ()
    column_labels: tuple[str, ...] = ()
    has_picture: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as real cells (a spanned cell appears once), ``rows`` × ``columns`` of grid."""

    rows: int
    columns: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a document in reading order. ``text`` of a table is its cells' raw text, for quoting.

    ``level`` is the heading level the markup gives (1-6), 0 where it gives none. ``href`` is the target of a
    picture or an attachment, absolute where the document's address is known.
    """

    kind: BlockKind
    text: str
    spot: Spot
    level: int = 0
    table: Table | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value of a metadata block, e.g. 索引号: ``name`` is the canonical field, ``label`` as printed.

    ``name`` is one of index, title, class, issuer, doc_no, date_made, date_issued, date_published, summary,
    validity, openness, keywords, source. ``value`` is the raw text, ``""`` where the page leaves it blank.
    """

    name: str
    label: str
    value: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Document:
    """One resource read once: blocks in reading order, metadata block, tags. All carriers give the same shape.

    ``blocks`` holds everything visible; ``main`` is the half-open range of block indexes of the main text
    (without site chrome). ``fields`` is the metadata block; ``tags`` the page's ``<meta name=… content=…>``
    (first value of a name, names as printed). ``notes`` keeps what could not be parsed, in plain words.
    """

    record: str
    digest: str
    uri: str
    carrier: Carrier
    encoding: str
    title: str
    blocks: tuple[Block, ...]
    main: tuple[int, int]
    fields: tuple[Field, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record of a capture. ``digest`` is ``sha256:<hex>`` of the payload."""

    id: str
    uri: str
    digest: str
    media_type: str
    status: int | None
    fetched: datetime
    length: int


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a page: absolute target, visible text, ``title`` attribute."""

    page: str
    url: str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One entry of a list page: what the list says about an article."""

    page: str
    url: str
    title: str
    date: date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A 栏目: name, address, path of names from the home page, the pages it was read on and its entries.

    ``complete`` is true only where every list page that the column links to was read.
    """

    name: str
    url: str
    path: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    entries: int = 0
    newest: date | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a capture. ``outcome`` tells a page that was read from one that was not, and why."""

    url: str
    record: str | None
    status: int | None
    outcome: str
    kind: PageKind
    title: str = ""
    published: date | None = None
    column_path: tuple[str, ...] = ()
    depth: int = 0
    found_on: str = ""
