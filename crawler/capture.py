"""A closed capture: one site (or one checked file), one run; see ``crawler.archive.layout`` for its files."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import cached_property, lru_cache, partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from crawler.archive.codec import decode
from crawler.archive.index import (
    Place,
    Validator,
    all_listings,
    listings,
    open_index,
    select,
    select_all_facts,
    select_document,
    select_facts,
    select_links,
    select_refusals,
)
from crawler.archive.layout import (
    DATA_FILES,
    FORMAT,
    INDEX,
    MANIFEST,
    OURS,
    PARTS,
    WARC,
    Manifest,
    fingerprint,
    render,
    unfinished,
)
from crawler.archive.leads import PageLinks, anchors, links_to
from crawler.archive.warc import DAMAGE, damaged_uris, digest_of, quick_payload, read_payload
from crawler.errors import CaptureDamaged, UnusableInput
from crawler.evidence import Check, Column, DateSeen, Document, Facts, Link, ListEntry, Page, Record, Site

_LISTS_KEPT = 256  # pages whose entries are kept

Listed = tuple[str, str | None]  # title and date (ISO) under which a list names an address


class Capture:
    """A closed capture, read-only. Iterators stream from the index; bodies are read one at a time."""

    folder: Path
    site: Site | None
    settings: dict[str, Any]
    started: datetime
    finished: datetime
    counts: dict[str, int]
    refused: dict[str, int]  # reason -> number
    hosts: dict[str, Any]  # host -> what is to be said of it (robots.txt, delays)
    notes: list[str]
    bases: list[Path]  # folders of the earlier captures that records of this one lie in
    digest: str  # sha256:<hex> of capture.json, which holds the digests of all other files

    def __init__(self, folder: Path, manifest: Manifest, digest: str) -> None:
        self.folder = folder
        self.site = manifest.site
        self.settings = manifest.settings
        self.started = manifest.started
        self.finished = manifest.finished
        self.counts = manifest.counts
        self.refused = manifest.refused
        self.hosts = manifest.hosts
        self.notes = list(manifest.notes)
        self.bases = [folder / base.folder for base in manifest.bases]
        self._bases = manifest.bases
        self.digest = digest
        self._files = manifest.files

    @classmethod
    def open(cls, folder: Path) -> Capture:
        """Open a closed capture; CaptureDamaged/UnusableInput otherwise. Does not read the WARC through."""
        path = folder / MANIFEST
        if not path.is_file():
            known = any((folder / name).exists() for name in OURS)
            problem = "存档没有完成（缺少 capture.json）；请重新采集。"
            if unfinished(folder):
                problem = "采集没有完成；请用 duwang crawl --resume 接着采集。"
            elif not known:
                problem = "这里没有存档；请指定存档所在的文件夹。"
            raise UnusableInput(f"{folder}：{problem}")
        data = path.read_bytes()
        try:
            content = json.loads(data)
            if content.get("format") != FORMAT:
                raise UnusableInput(f"{path}：存档格式不是 {FORMAT}；请用生成它的版本打开。")
            unsealed = {key: value for key, value in content.items() if key != "seal"}
            if content["seal"] != digest_of(render(unsealed)) or data != render(content):
                raise CaptureDamaged(f"{path}：内容与归档时不一致，存档不可作为证据；请使用原件或重新采集。")
            manifest = decode(Manifest, content, strict=True)
            if set(manifest.files) != set(DATA_FILES):
                raise KeyError("files")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise CaptureDamaged(f"{path}：文件已损坏，无法读取；请使用原件或重新采集。") from error
        return cls(folder, manifest, digest_of(data))

    def records(self) -> Iterator[Record]:
        return select(self._db, Record)

    def record(self, name: str) -> Record | None:
        return next(select(self._db, Record, "id", name), None)

    def pages(self) -> Iterator[Page]:
        return select(self._db, Page)

    def columns(self) -> Iterator[Column]:
        return select(self._db, Column)

    def entries(self, page: str | None = None) -> Iterator[ListEntry]:
        return select(self._db, ListEntry) if page is None else iter(self._entries_on(page))

    def links(self, page: str | None = None) -> Iterator[Link]:
        return select_links(self._db) if page is None else self._page_links.of(page)

    def checks(self) -> Iterator[Check]:
        """What came of asking whether addresses open; none in captures made before such checks."""
        made = self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'checks'").fetchone()
        return select(self._db, Check) if made else iter(())

    def anchors(self) -> Iterator[Link]:
        """Every different link once, whatever pages it stands on; ``page`` is empty."""
        return anchors(self._db)

    def links_to(self, urls: Iterable[str]) -> Iterator[tuple[str, Link]]:
        """Each link of a page that leads to one of these addresses, with that address."""
        return links_to(self._db, urls)

    def refusals(self) -> Iterator[tuple[str, str]]:
        """(uri, reason) of everything that was not read."""
        return select_refusals(self._db)

    def facts(self, page: str) -> Facts | None:
        """What the page at this address says about itself, and lists about its date; None where it was not read."""
        facts = select_facts(self._db, page)
        return None if facts is None else _with_listed(facts, self.listed(page))

    def all_facts(self) -> Iterator[tuple[str, Callable[[], Facts], list[Listed]]]:
        """(address, what gives its ``facts``, its ``listed``) of each page that was read, in the order of ``pages``."""
        lists = groupby(all_listings(self._db), key=itemgetter(0))
        ahead = next(lists, None)
        for url, facts in select_all_facts(self._db):
            listed: list[Listed] = []
            if ahead is not None and ahead[0] == url:
                listed = [(title, day) for _, title, day in ahead[1]]
                ahead = next(lists, None)
            yield url, partial(_told, facts, listed), listed

    def listed(self, url: str) -> list[Listed]:
        """(title, date as ISO) under which the lists of the site name an address."""
        return listings(self._db, url)

    def page(self, url: str) -> Page | None:
        """The page at exactly this address."""
        return next(select(self._db, Page, "url", url), None)

    def validator(self, url: str) -> Validator | None:
        """What the server gave to ask for this address again with."""
        return next(select(self._db, Validator, "url", url), None)

    def place(self, record_id: str) -> Place | None:
        """Where a record lies."""
        return next(select(self._db, Place, "id", record_id), None)

    def document(self, record_id: str) -> Document | None:
        """The document that a record holds, None where it is none that can be read.

        What was read at capture time is kept; a web page is read here from its stored bytes, because a crawl
        takes only the facts of each page.
        """
        stored = select_document(self._db, record_id)
        if stored is not None:
            return stored
        try:
            return self.reread(record_id)
        except (KeyError, CaptureDamaged):
            raise
        except UnusableInput:
            return None

    def body(self, record_id: str) -> bytes:
        """Payload of a record, its digest checked; CaptureDamaged where it differs, KeyError if unknown."""
        record = self.record(record_id)
        if record is None:
            raise KeyError(record_id)
        return self._payload(record)

    def _payload(self, record: Record) -> bytes:
        place = self.place(record.id)
        if place is None:
            raise KeyError(record.id)
        path = self.folder / place.file
        if place.file != WARC and not path.exists():
            raise CaptureDamaged(f"{path}：{record.uri} 的内容存放在较早的存档中，该存档已不在原处；请放回后重试。")
        payload = quick_payload(path, place.offset)
        if payload is not None and digest_of(payload) == record.digest:
            return payload
        try:
            payload = read_payload(path, place.offset)
        except DAMAGE as error:
            raise CaptureDamaged(f"{record.uri}：存档中的这份内容已损坏，无法读出；请使用原件。") from error
        if digest_of(payload) != record.digest:
            raise CaptureDamaged(f"{record.uri}：存档中的内容与采集时的摘要不符；请使用原件。")
        return payload

    def source(self, record_id: str) -> str:
        """The source of a web page as text, decoded as its reader does. UnusableInput if it is no text."""
        from crawler.readers.encoding import decode

        record = self.record(record_id)
        if record is None:
            raise KeyError(record_id)
        return decode(self._payload(record), record.uri, record.media_type, is_html=True).text

    def lines(self, record_id: str) -> list[str] | None:
        """The lines that stand on a stored web page, as ``lines_of_page`` has them: what none of them says it does not.

        None where a document is kept (it may say what pictures show), and where the bytes are no web page to be read.
        """
        from crawler.readers.detect import detect
        from crawler.readers.glance import lines_of_page
        from crawler.readers.html import open_html

        record = self.record(record_id)
        if record is None or select_document(self._db, record_id) is not None:
            return None
        body = self._payload(record)
        try:
            if detect(body, record.uri, record.media_type) == "html":
                return lines_of_page(open_html(body, record.uri, record.media_type))
        except (UnusableInput, ValueError):
            pass
        return None

    def reread(self, record_id: str) -> Document:
        """Read the stored bytes again with today's readers (for verify), pictures as far as they were read then."""
        # Imported where they are needed: most of those who open captures read nothing again.
        from crawler import readers
        from crawler.archive.pictures import pictures_of

        record = self.record(record_id)
        if record is None:
            raise KeyError(record_id)
        body = self._payload(record)
        stored = select_document(self._db, record_id)
        return readers.read(
            body,
            uri=record.uri,
            media_type=record.media_type,
            record=record.id,
            digest=record.digest,
            # A web page that is kept as a document was read with its pictures.
            pictures=pictures_of(self._db, self.body) if stored is not None and stored.carrier == "html" else None,
            # What the crawl of a site did not read was not to be recognised either.
            recognise=self.site is None if stored is None else stored.recognised,
        )

    def problems(self) -> list[str]:
        """Every way in which the stored files differ from what was captured (one Chinese line each)."""
        # What a kill behind the last step left is of no account.
        known = {*self._files, MANIFEST, *PARTS}
        return self.changes() + [f"{path}：存档之外多出的文件。" for path in _others(self.folder, known)]

    def changes(self) -> list[str]:
        """The problems that touch what the capture holds: files missing or changed, here or in what it refers to."""
        found = []
        for name, stored in self._files.items():
            path = self.folder / name
            if not path.is_file():
                found.append(f"{path}：文件缺失。")
                continue
            digest, size = fingerprint(path)
            if (digest, size) == (stored.sha256, stored.size):
                continue
            found.append(f"{path}：内容与归档时不一致（归档时 {stored.size} 字节，现为 {size} 字节，摘要不符）。")
            if name == WARC:
                found += [f"{uri}：归档记录的摘要不符。" for uri in damaged_uris(path)]
        try:
            if digest_of((self.folder / MANIFEST).read_bytes()) != self.digest:
                found.append(f"{self.folder / MANIFEST}：打开之后内容发生了变化。")
        except OSError:
            found.append(f"{self.folder / MANIFEST}：文件缺失。")
        for base in self._bases:
            path = self.folder / base.folder / MANIFEST
            if not path.is_file() or fingerprint(path)[0] != base.digest:
                found.append(f"{path.parent}：本存档引用的较早存档缺失或已改变。")
        return found

    @cached_property
    def _entries_on(self) -> Callable[[str], tuple[ListEntry, ...]]:
        """The entries of a list page: one rule after the other asks for those of the same few lists."""
        db = self._db  # not the capture, which would keep itself

        @lru_cache(maxsize=_LISTS_KEPT)
        def entries(page: str) -> tuple[ListEntry, ...]:
            return tuple(select(db, ListEntry, "page", page))

        return entries

    @cached_property
    def _page_links(self) -> PageLinks:
        return PageLinks(self._db)

    @cached_property
    def _db(self) -> sqlite3.Connection:
        """The index, its bytes checked once: judging rests on it."""
        path = self.folder / INDEX
        stored = self._files["index.sqlite"]
        try:
            if fingerprint(path) != (stored.sha256, stored.size):
                raise CaptureDamaged(f"{path}：索引与归档时不一致，不可作为证据；请使用原件或重新采集。")
            return open_index(path)
        except (OSError, sqlite3.Error, zlib.error) as error:
            raise CaptureDamaged(f"{path}：索引缺失或无法打开；请使用原件或重新采集。") from error


def _told(facts: Callable[[], Facts], listed: list[Listed]) -> Facts:
    return _with_listed(facts(), listed)


def _with_listed(facts: Facts, listed: list[Listed]) -> Facts:
    days = dict.fromkeys(day for _, day in listed if day)
    told = tuple(DateSeen("list", date.fromisoformat(day), day) for day in days)
    if told:
        # The facts were made a moment ago and are nobody else's: making them a second time would cost as much again.
        object.__setattr__(facts, "dates", (*facts.dates, *told))
    return facts


def _others(folder: Path, known: set[str]) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name not in known)
