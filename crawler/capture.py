"""A capture: one site (or one checked file), one run, as WARC + SQLite index + capture.json.

PLACEHOLDER MODULE: signatures are the contract.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.evidence import Column, Document, Link, ListEntry, Page, Record, Site


class CaptureWriter:
    """Writes a new capture into ``folder`` (must not hold one). Nothing counts until ``close()``."""

    def __init__(self, folder: Path, site: Site | None, settings: dict[str, Any], started: datetime) -> None: ...

    def add_response(
        self, uri: str, status: int, reason: str, headers: list[tuple[str, str]], body: bytes, fetched: datetime
    ) -> Record:
        """Archive one HTTP response as a WARC ``response`` record; returns its Record."""
        raise NotImplementedError

    def add_file(self, uri: str, media_type: str, body: bytes, fetched: datetime) -> Record:
        """Archive a local file as a WARC ``resource`` record (``file:`` URI)."""
        raise NotImplementedError

    def add_page(self, page: Page, links: list[Link] = [], entries: list[ListEntry] = []) -> None: ...  # noqa: B006

    def add_column(self, column: Column) -> None: ...

    def add_document(self, document: Document) -> None:
        """Keep what the reader made of a record, so that judging needs no second parse."""

    def refuse(self, uri: str, reason: str) -> None:
        """Note a URL that was not read, and why (robots, refused, timeout, budget, type, …)."""

    def close(self, finished: datetime) -> Capture:
        """Finish all files, write ``capture.json`` with their digests and make the folder read-only."""
        raise NotImplementedError


class Capture:
    """A closed capture, read-only."""

    folder: Path
    site: Site | None
    settings: dict[str, Any]
    started: datetime
    finished: datetime
    counts: dict[str, int]
    refused: dict[str, int]  # reason -> number
    digest: str  # sha256:<hex> of capture.json, which holds the digests of all other files

    @classmethod
    def open(cls, folder: Path) -> Capture:
        """Open a closed capture; CaptureDamaged/UnusableInput otherwise. Does not read the WARC through."""
        raise NotImplementedError

    def records(self) -> Iterator[Record]:
        raise NotImplementedError

    def pages(self) -> Iterator[Page]:
        raise NotImplementedError

    def columns(self) -> Iterator[Column]:
        raise NotImplementedError

    def entries(self, page: str | None = None) -> Iterator[ListEntry]:
        raise NotImplementedError

    def links(self, page: str | None = None) -> Iterator[Link]:
        raise NotImplementedError

    def refusals(self) -> Iterator[tuple[str, str]]:
        """(uri, reason) of everything that was not read."""
        raise NotImplementedError

    def document(self, record_id: str) -> Document | None:
        """The document that the reader made at capture time."""
        raise NotImplementedError

    def body(self, record_id: str) -> bytes:
        """Payload of a record, its digest checked; CaptureDamaged where it differs."""
        raise NotImplementedError

    def reread(self, record_id: str) -> Document:
        """Read the stored bytes again with today's readers (for verify)."""
        raise NotImplementedError

    def problems(self) -> list[str]:
        """Every way in which the stored files differ from what was captured (one Chinese line each)."""
        raise NotImplementedError
