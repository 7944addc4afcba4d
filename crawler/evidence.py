"""The records that cross folders: frozen, typed, and free of behaviour.

Everything a judgement rests on is one of these. A record never holds what was not seen: a field that
could not be read is ``None`` (unknown), an empty string was really empty on the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

BlockKind = Literal["heading", "paragraph", "table", "picture", "attachment"]
Carrier = Literal["html", "text", "markdown", "docx", "pdf", "image", "xlsx", "xls", "csv", "ofd", "doc", "wps"]
# x0, y0, x1, y1 from the top left of the page: points (1/72 inch) in paged carriers, pixels in a picture.
Box = tuple[float, float, float, float]
PageKind = Literal["home", "column", "list", "article", "document", "other"]
# Where a link stands on its page, and how it is made.
LinkArea = Literal["nav", "main", "footer", "other"]
LinkForm = Literal["link", "frame", "script", "refresh"]
DateOrigin = Literal["tag", "text", "url", "list"]


@dataclass(frozen=True, slots=True)
class Site:
    """One bureau site of the site list (the YAML keys of the design, same names).

    ``directory`` is the text of the bureau's own directory of items to disclose (YAML), ``lexicon`` its own word
    lists, each ``""`` without one.
    """

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
    directory: str = ""
    lexicon: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place inside one Document: a span of a block's text, or one cell of a table block.

    ``block`` indexes ``Document.blocks``. For text, ``start``/``end`` are character offsets in
    ``Block.text``. For a table cell, ``row``/``column`` are zero-based grid coordinates (spans resolved).
    ``selector`` is the XPath of the element in HTML, ``line N`` in text, ``body/p[3]`` in DOCX, ``Sheet!B5`` in a
    workbook. ``page`` counts from 1 in carriers that have pages (PDF, OFD, pictures: 1); ``box`` is the place on it.
    """

    block: int
    start: int = 0
    end: int = 0
    row: int | None = None
    column: int | None = None
    selector: str = ""
    page: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table, placed on the grid (``row``, ``column``) with its spans.

    ``raw`` is the text as it stands, line breaks kept as ``\\n``, outer white space removed: ``0``, an empty
    cell, ``/`` and ``-`` stay different. ``row_labels``/``column_labels`` are the texts of the label cells that
    cover this cell's row to the left and its column above, outermost first, through row and column spans.
    ``confidence`` is None where the text stands in the file itself, else that of the character recognition (0-1).
    ``page`` and ``box`` say where the cell was drawn, as in ``Spot``.
    """

    row: int
    column: int
    raw: str
    rowspan: int = 1
    colspan: int = 1
    row_labels: tuple[str, ...] = ()
    column_labels: tuple[str, ...] = ()
    has_picture: bool = False
    confidence: float | None = None
    page: int | None = None
    box: Box | None = None


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
    picture or an attachment, absolute where the document's address is known. ``confidence`` is None where the text
    stands in the file itself, else the lowest of the character recognition (0-1) over its words.
    """

    kind: BlockKind
    text: str
    spot: Spot
    level: int = 0
    table: Table | None = None
    href: str = ""
    confidence: float | None = None


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
    ``recognised`` is False where scanned pages and pictures in it were left unread to spare time. ``omitted`` says
    of what else was not read, with no block to show where it stood; ``""`` where there is no such thing.
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
    recognised: bool = True
    omitted: str = ""


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


class Link(NamedTuple):
    """One link of a page: absolute target, visible text, ``title`` attribute.

    A tuple, because there are a hundred on a page: a frozen dataclass takes four times as long to make.

    ``hidden`` says what keeps a reader from seeing it (computed from inline style and attributes of the link and of
    what it stands in: ``display``, ``visibility``, ``size``, ``offscreen``, ``opacity``, ``colour``, ``attribute``),
    ``""`` where nothing does.
    """

    page: str
    url: str
    text: str
    title: str = ""
    area: LinkArea = "other"
    form: LinkForm = "link"
    hidden: str = ""


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

    ``complete`` is true only where every page of the list was read; ``gaps`` says what is missing, in plain words.
    ``years`` counts dated entries by year, ``undated`` the others. ``expected`` is the number of entries that the
    list itself states. ``empty`` is ``"stated"`` where the page says that there is nothing (``empty_quote``),
    ``"blank"`` where it shows nothing and gives no reason, ``""`` where there are entries or the page was not read.
    ``window`` is the update window in days that the site list sets, ``tag`` the column's ColumnType.
    """

    name: str
    url: str
    path: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    entries: int = 0
    newest: date | None = None
    complete: bool = False
    gaps: tuple[str, ...] = ()
    years: dict[str, int] = field(default_factory=dict)
    undated: int = 0
    expected: int | None = None
    empty: Literal["", "stated", "blank"] = ""
    empty_quote: str = ""
    window: int | None = None
    family: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class DateSeen:
    """One statement of a page's publication date: where it comes from and the words that say it."""

    origin: DateOrigin
    value: date
    quote: str
    selector: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled value on a page: ``name`` is canonical, ``label`` and ``value`` as printed, ``""`` where left blank.

    In a metadata block ``name`` is one of those of ``Field``. In a footer it is one of organizer, undertaker,
    contact, address, icp, police, site_code, party_mark, error_report, sitemap, privacy.
    """

    name: str
    label: str
    value: str
    selector: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form with text fields; ``method`` ``""``: the text fields of a page that stand in no form, sent by scripts.

    ``action`` is absolute, ``""`` where it is none or a script. ``inputs`` are the names of the text fields (else their
    ids, ``""`` without either), ``words`` what is written in, on and around its fields and buttons, each once.
    """

    action: str
    method: Literal["GET", "POST", ""] = "GET"
    inputs: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    selector: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """What a page gives those who cannot see it.

    ``pictures`` counts ``<img>``, ``unnamed_pictures`` those without ``alt`` (an empty one names a decoration);
    ``fields`` what a reader fills in or chooses, ``unnamed_fields`` those without label, title, placeholder and
    aria-label. The addresses of the first such pictures and the selectors of the first such fields are examples.
    """

    pictures: int = 0
    unnamed_pictures: int = 0
    fields: int = 0
    unnamed_fields: int = 0
    picture_examples: tuple[str, ...] = ()
    field_examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What one HTML page says about itself, beyond its row in the list of pages.

    ``tags`` are its ``<meta name=… content=…>`` (first value of a name, names as printed), ``dates`` every
    publication date it states, ``source`` its 来源, ``fields`` its metadata block, ``footer`` its footer items.
    ``text`` is the main text, paragraphs parted by ``\n``, standing in the element at ``text_selector``.
    ``attachments`` are the addresses of documents offered in the main text. ``notes`` keeps what could not be read.
    ``language`` is the ``lang`` of the page. ``pictures`` are the addresses of its ``<img>``, ``scripts`` those of its
    scripts, style sheets and frames on other hosts, ``mixed`` what a page that came over https loads over http. All are
    bounded in number (``parts`` in ``page-facts.yaml``). In a capture made before they were read, ``access`` is None.
    """

    page: str
    tags: dict[str, str] = field(default_factory=dict)
    dates: tuple[DateSeen, ...] = ()
    source: str = ""
    breadcrumb: tuple[str, ...] = ()
    fields: tuple[Labelled, ...] = ()
    footer: tuple[Labelled, ...] = ()
    text: str = ""
    text_selector: str = ""
    attachments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    language: str = ""
    forms: tuple[Form, ...] = ()
    access: Access | None = None
    pictures: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    mixed: tuple[str, ...] = ()

    @property
    def dates_agree(self) -> bool | None:
        """Whether all stated dates are one day; None where fewer than two are stated."""
        days = {seen.value for seen in self.dates}
        return None if len(self.dates) < 2 else len(days) == 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a capture. ``outcome`` tells a page that was read from one that was not, and why.

    ``read`` was fetched now; ``unchanged`` was asked for and is as in the earlier capture; ``carried`` was not asked
    for this time and stands as the earlier capture has it (its record says when). Every other outcome is no content.
    ``media`` is what the content is: html, docx, pdf …, ``""`` where unknown.
    """

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
    media: str = ""

    @property
    def was_read(self) -> bool:
        """Whether the capture holds what this page says."""
        return self.outcome in ("read", "unchanged", "carried")


@dataclass(frozen=True, slots=True)
class Check:
    """An address that was only asked whether it opens: a picture of the site, or a link to another host.

    ``outcome`` is ``opens``, or as in ``Page`` why it did not. ``media`` is the Content-Type of the answer, ``target``
    where redirects led. After ``tries`` tries ``first`` is what the first one came to (``""`` for one try); ``at`` is
    the time of the last one.
    """

    url: str
    kind: Literal["picture", "link"]
    outcome: str
    status: int | None
    media: str
    target: str
    tries: int
    first: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProbeVisit:
    """One visit to the home page of a site, a line of the availability log.

    ``time`` is the beginning, with its offset. ``ok`` is whether the page was open within ``timeout`` seconds, None
    where the visit does not tell: the site turned this program away, or the fault may be that of this machine's
    network. ``seconds`` are from the beginning to the last byte or the failure, redirects included; ``status`` is that
    of the last answer, None without one; ``error`` is plain Chinese, ``""`` where the page was open.
    """

    time: datetime
    site: str
    url: str
    ok: bool | None
    seconds: float
    status: int | None
    error: str
    timeout: float
