"""Looking at a few pages anew where what the crawl keeps of all of them does not suffice, and folding of pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from crawler.errors import CaptureDamaged, UnusableInput
from crawler.evidence import Block, Document
from crawler.templates import shape
from scoring.data import table
from scoring.results import Point
from scoring.site.view import SiteView
from scoring.text import key

_MOST_TEMPLATES = 8  # templates of which a page is kept, to be looked at or quoted
_SCRIPT = re.compile(r"<script\b[^<>]{0,2000}?\bsrc\s*=\s*[\"']?([^\"'\s<>]{1,600})", re.IGNORECASE)
_CODED = re.compile(
    r"<script\b[^<>]{0,1000}?\bsitecode\s{0,3}=\s{0,3}[\"']?([0-9A-Za-z]{1,40})[^<>]{0,1000}>", re.IGNORECASE
)


@dataclass(slots=True)
class Fold:
    """Pages that have one fault: all their addresses, and the first one of each of a few templates."""

    pages: list[str] = field(default_factory=list)
    samples: dict[str, str] = field(default_factory=dict)

    def add(self, url: str) -> None:
        self.pages.append(url)
        if len(self.samples) < _MOST_TEMPLATES:
            self.samples.setdefault(shape(url), url)

    def __len__(self) -> int:
        return len(self.pages)

    @property
    def looked(self) -> tuple[str, ...]:
        """One page of each template, the first ones."""
        return tuple(self.samples.values())

    def without(self, acquitted: Iterable[str]) -> tuple[str, ...]:
        """The pages but for those of the templates of some that were looked at.

        Where all that were looked at are acquitted, none is left: the others are of more templates of the same kind.
        """
        templates = {shape(url) for url in acquitted}
        if templates.issuperset(self.samples):
            return ()
        return tuple(url for url in self.pages if shape(url) not in templates)


@dataclass(frozen=True, slots=True)
class Look:
    """One page read anew: its address, its source as text and its blocks."""

    url: str
    source: str
    document: Document

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self.document.blocks

    @property
    def body(self) -> str:
        """The source from ``<body`` on; all of it where there is none."""
        at = self.source.lower().find("<body")
        return self.source[max(at, 0) :]

    @property
    def footer(self) -> str:
        """The text of the last blocks, one a line."""
        return "\n".join(block.text for block in self.blocks[-furniture()["last_blocks"] :])

    def script_codes(self) -> dict[str, str]:
        """Site codes that its error report scripts are given, each with the address of the script."""
        found = {}
        for element in _CODED.finditer(self.source):
            source = _SCRIPT.match(element[0])
            found[element[1]] = urljoin(self.url, source[1]) if source else ""
        return found

    def says(self, words: str) -> bool:
        """Whether its text says this, marks and spaces apart."""
        return key(words) in self.words

    @property
    def words(self) -> str:
        """All its text without marks and spaces."""
        return "".join(key(block.text) for block in self.blocks)

    def scripts(self) -> list[str]:
        """Names of script files that might draw a part of the page."""
        plain = furniture()["plain_scripts"]
        names = (address.partition("?")[0].rsplit("/", 1)[-1].lower() for address in _SCRIPT.findall(self.source))
        return [name for name in names if not any(part in name for part in plain)]


def furniture() -> dict[str, Any]:
    return table("site-furniture")


def look(view: SiteView, url: str) -> Look | None:
    """The page at an address read anew; None where it was not read or its stored bytes are no text."""
    page = view.content(url)
    document = view.document(url)
    if page is None or page.record is None or document is None:
        return None
    try:
        return Look(page.url, view.held.source(page.record), document)
    except CaptureDamaged:
        raise
    except (UnusableInput, KeyError):
        return None


def points_of(urls: Iterable[str], words: str = "", tag: str = "") -> tuple[Point, ...]:
    """A place on each page: the same words or the same tag."""
    return tuple(Point(url, words=words, tag=tag) for url in urls)
