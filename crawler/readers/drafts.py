"""What the carriers hand to the common part: blocks before main text and metadata are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from crawler.errors import UnusableInput
from crawler.evidence import BlockKind, Box, Carrier, Table

MAX_BYTES = 50 * 1024 * 1024
# Stands for a character or a value that is there and could not be read.
UNREADABLE = "\ufffd"
READABLE = "HTML、纯文本、Markdown、DOCX、PDF、OFD、XLSX 或图片"


@dataclass(slots=True)
class Draft:
    """A block on its way to ``Block``, with what only the readers need.

    ``parent`` and ``tag`` say where it stood in the markup, ``line`` on which line of text (0: no lines).
    ``link_chars`` counts the characters inside links; ``chrome`` and ``content`` come from ids and classes.
    ``page``, ``box`` and ``confidence`` are those of ``Spot`` and ``Cell``.
    """

    kind: BlockKind
    text: str
    selector: str
    level: int = 0
    table: Table | None = None
    href: str = ""
    parent: str = ""
    tag: str = ""
    line: int = 0
    link_chars: int = 0
    chrome: bool = False
    content: bool = False
    page: int | None = None
    box: Box | None = None
    confidence: float | None = None


@dataclass(slots=True)
class Draught:
    """One resource as its carrier gave it. ``title`` is what the carrier itself calls the title.

    ``omitted`` is the first of the notes that is an Omission, once all of it is read; ``""`` where there is none.
    """

    carrier: Carrier
    encoding: str
    drafts: list[Draft]
    title: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    omitted: str = ""


class Omission(str):
    """A note that a part of the resource was not read, and that nothing in the blocks shows where it stood.

    What a rule does not find may stand there.
    """

    __slots__ = ()


def name_of(uri: str) -> str:
    """The last part of an address, readable, on one line."""
    try:
        parts = urlsplit(uri)
        last = unquote(parts.path).rstrip("/").rsplit("/", 1)[-1] or parts.netloc
    except ValueError:
        last = uri
    last = "".join(c for c in last if c.isprintable()).strip()
    return last[:80] or "（未命名）"


def refuse(uri: str, wrong: str, remedy: str) -> NoReturn:
    """Raise the one clear line about an input that cannot be used."""
    raise UnusableInput(f"{name_of(uri)}：{wrong}；请{remedy}。")
