"""A capture: one site (or one checked file), one run, as WARC + SQLite index + capture.json.

    data.warc.gz    what was received, byte for byte (ISO 28500)
    index.sqlite    pages, links, columns, entries, documents, refusals, and where each record lies
    capture.json    site, settings, times, counts, digests of the two files above, and its own seal

A folder without ``capture.json`` is not a capture: it is written last. A closed capture is never changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crawler import readers
from crawler.archive.codec import encode
from crawler.archive.index import IndexWriter, Place, open_index, select, select_document, select_refusals
from crawler.archive.warc import DAMAGE, WarcFile, damaged_uris, digest_of, read_payload, record_id
from crawler.errors import CaptureDamaged, UnusableInput
from crawler.evidence import Column, Document, Link, ListEntry, Page, Record, Site
from crawler.words import software_version

FORMAT = 1
WARC = "data.warc.gz"
INDEX = "index.sqlite"
MANIFEST = "capture.json"
_PART = ".part"
_OURS = {name + end for name in (WARC, INDEX, MANIFEST) for end in ("", _PART)}
_DATA_FILES = (WARC, INDEX)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sha256: str
    size: int


class _Manifest(BaseModel):
    """``capture.json``. ``seal`` is the SHA-256 of the same file without the seal."""

    model_config = ConfigDict(extra="forbid")

    format: Literal[1]
    software: str
    site: Site | None
    settings: dict[str, Any]
    started: datetime
    finished: datetime
    counts: dict[str, int]
    refused: dict[str, int]
    files: dict[Literal["data.warc.gz", "index.sqlite"], _File] = Field(min_length=2)
    seal: str


class CaptureWriter:
    """Writes a new capture into ``folder`` (must not hold one). Nothing counts until ``close()``.

    As a context manager it leaves nothing behind when the block raises.
    """

    def __init__(self, folder: Path, site: Site | None, settings: dict[str, Any], started: datetime) -> None:
        if (folder / MANIFEST).exists():
            raise UnusableInput(f"{folder}：这里已有一份完成的快照，快照不能改写；请换一个文件夹。")
        if folder.exists() and not folder.is_dir():
            raise UnusableInput(f"{folder}：这是文件，不是文件夹；请换一个文件夹。")
        folder.mkdir(parents=True, exist_ok=True)
        foreign = sorted(path.name for path in folder.iterdir() if path.name not in _OURS)
        if foreign:
            raise UnusableInput(f"{folder}：文件夹里有别的文件（{foreign[0]}）；请指定一个空文件夹。")
        for name in _OURS:
            (folder / name).unlink(missing_ok=True)
        json.dumps(settings)
        self.folder = folder
        self._site = site
        self._settings = settings
        self._started = started.astimezone(UTC)
        self._closed = False
        self._revisits = 0
        self._figures: dict[str, int] = {}
        self._warc = WarcFile(folder / (WARC + _PART))
        self._index = IndexWriter(folder / (INDEX + _PART))
        self._write_info()

    def add_response(
        self,
        uri: str,
        status: int,
        reason: str,
        headers: list[tuple[str, str]],
        body: bytes,
        fetched: datetime,
    ) -> Record:
        """Archive one HTTP response as a WARC ``response`` record; returns its Record.

        ``body`` is what an HTTP client hands over: transfer and content encodings undone. Headers that
        claim them are kept as ``X-Archive-Orig-…``.
        """
        self._check_open()
        media_type = next((value for name, value in headers if name.lower() == "content-type"), "")
        record = self._new_record("response", uri, media_type, status, body, fetched)
        if self._index.record(record.id) is None:
            line = f"{status} {reason}"
            offset = self._warc.write_response(uri, record.id, record.fetched, line, headers, body)
            self._keep(record, offset)
        return record

    def add_revisit(
        self,
        uri: str,
        status: int,
        reason: str,
        headers: list[tuple[str, str]],
        original: Record,
        fetched: datetime,
    ) -> None:
        """Archive a response with the payload of ``original`` as a WARC ``revisit`` record (no payload)."""
        self._check_open()
        moment = fetched.astimezone(UTC)
        target = (original.uri, original.fetched, original.digest)
        name = record_id("revisit", uri, original.digest, status)
        self._warc.write_revisit(uri, name, moment, f"{status} {reason}", headers, target)
        self._revisits += 1

    def add_file(self, uri: str, media_type: str, body: bytes, fetched: datetime) -> Record:
        """Archive a local file as a WARC ``resource`` record (``file:`` URI)."""
        self._check_open()
        record = self._new_record("resource", uri, media_type, None, body, fetched)
        if self._index.record(record.id) is None:
            offset = self._warc.write_resource(uri, record.id, record.fetched, media_type, body)
            self._keep(record, offset)
        return record

    def add_page(self, page: Page, links: Sequence[Link] = (), entries: Sequence[ListEntry] = ()) -> None:
        """Keep what is known of a page, with the links and list entries found on it."""
        self._check_open()
        self._index.add(page)
        for link in links:
            self._index.add(link)
        for entry in entries:
            self._index.add(entry)

    def add_column(self, column: Column) -> None:
        self._check_open()
        self._index.add(column)

    def add_document(self, document: Document) -> None:
        """Keep what the reader made of a record, so that judging needs no second parse."""
        self._check_open()
        self._index.add_document(document)

    def refuse(self, uri: str, reason: str) -> None:
        """Note a URL that was not read, and why (robots, refused, timeout, budget, type, …)."""
        self._check_open()
        self._index.refuse(uri, reason)

    def count(self, name: str, number: int) -> None:
        """Add a figure of its own to the counts of ``capture.json``."""
        self._figures[name] = number

    def close(self, finished: datetime) -> Capture:
        """Finish all files, write ``capture.json`` with their digests and make the files read-only."""
        self._check_open()
        refused, counts = self._index.reasons(), self._counts()
        self._closed = True
        self._warc.close()
        self._index.close()
        for name in _DATA_FILES:
            _settle(self.folder / (name + _PART), self.folder / name)
        files = {name: _fingerprint(self.folder / name) for name in _DATA_FILES}
        manifest = {
            "format": FORMAT,
            "software": f"duwang {software_version()}",
            "site": encode(self._site),
            "settings": self._settings,
            "started": self._started.isoformat(),
            "finished": finished.astimezone(UTC).isoformat(),
            "counts": counts,
            "refused": refused,
            "files": {name: {"sha256": digest, "size": size} for name, (digest, size) in files.items()},
        }
        part = self.folder / (MANIFEST + _PART)
        part.write_bytes(_render({**manifest, "seal": digest_of(_render(manifest))}))
        _settle(part, self.folder / MANIFEST)
        return Capture.open(self.folder)

    def abandon(self) -> None:
        """Give up: remove what was written so far. Does nothing after ``close()``."""
        if self._closed:
            return
        self._closed = True
        self._warc.close()
        self._index.abandon()
        for name in _DATA_FILES:
            (self.folder / (name + _PART)).unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abandon()

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("the capture is closed and can no longer be changed")

    def _new_record(
        self, kind: str, uri: str, media_type: str, status: int | None, body: bytes, fetched: datetime
    ) -> Record:
        digest = digest_of(body)
        name = record_id(kind, uri, digest, status)
        return Record(name, uri, digest, media_type, status, fetched.astimezone(UTC), len(body))

    def _keep(self, record: Record, offset: int) -> None:
        self._index.add(record)
        self._index.add(Place(record.id, WARC, offset))

    def _counts(self) -> dict[str, int]:
        responses = self._index.count("records WHERE status IS NOT NULL")
        names = ("records", "pages", "documents", "columns", "entries", "links")
        return {
            "fetched": responses + self._revisits,
            "read": self._index.count("pages WHERE outcome = 'read'"),
            **{name: self._index.count(name) for name in names},
            "refused": self._index.count("refusals"),
            **self._figures,
        }

    def _write_info(self) -> None:
        info = {
            "software": f"duwang/{software_version()}",
            "format": "WARC File Format 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "http-header-user-agent": str(self._settings.get("user_agent", "")),
            "isPartOf": self._site.id if self._site else "",
            "description": self._site.name if self._site else "",
        }
        name = record_id("warcinfo", info["isPartOf"], self._started.isoformat(), None)
        self._warc.write_info(name, self._started, info)


class Capture:
    """A closed capture, read-only. Iterators stream from the index; bodies are read one at a time."""

    folder: Path
    site: Site | None
    settings: dict[str, Any]
    started: datetime
    finished: datetime
    counts: dict[str, int]
    refused: dict[str, int]  # reason -> number
    digest: str  # sha256:<hex> of capture.json, which holds the digests of all other files

    def __init__(self, folder: Path, manifest: _Manifest, digest: str) -> None:
        self.folder = folder
        self.site = manifest.site
        self.settings = manifest.settings
        self.started = manifest.started
        self.finished = manifest.finished
        self.counts = manifest.counts
        self.refused = manifest.refused
        self.digest = digest
        self._files = manifest.files

    @classmethod
    def open(cls, folder: Path) -> Capture:
        """Open a closed capture; CaptureDamaged/UnusableInput otherwise. Does not read the WARC through."""
        path = folder / MANIFEST
        if not path.is_file():
            known = any((folder / name).exists() for name in _OURS)
            problem = (
                "快照没有完成（缺少 capture.json）；请重新采集。" if known else "这里没有快照；请指定快照所在的文件夹。"
            )
            raise UnusableInput(f"{folder}：{problem}")
        data = path.read_bytes()
        try:
            content = json.loads(data)
            if content.get("format") != FORMAT:
                raise UnusableInput(f"{path}：快照格式不是 {FORMAT}；请用生成它的版本打开。")
            unsealed = {key: value for key, value in content.items() if key != "seal"}
            if content["seal"] != digest_of(_render(unsealed)) or data != _render(content):
                raise CaptureDamaged(f"{path}：内容与归档时不一致，快照不可作为证据；请使用原件或重新采集。")
            manifest = _Manifest.model_validate(content)
        except (ValueError, KeyError, AttributeError, RecursionError, ValidationError) as error:
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
        return select(self._db, ListEntry) if page is None else select(self._db, ListEntry, "page", page)

    def links(self, page: str | None = None) -> Iterator[Link]:
        return select(self._db, Link) if page is None else select(self._db, Link, "page", page)

    def refusals(self) -> Iterator[tuple[str, str]]:
        """(uri, reason) of everything that was not read."""
        return select_refusals(self._db)

    def document(self, record_id: str) -> Document | None:
        """The document that the reader made at capture time."""
        return select_document(self._db, record_id)

    def body(self, record_id: str) -> bytes:
        """Payload of a record, its digest checked; CaptureDamaged where it differs, KeyError if unknown."""
        record = self.record(record_id)
        place = next(select(self._db, Place, "id", record_id), None)
        if record is None or place is None:
            raise KeyError(record_id)
        try:
            payload = read_payload(self.folder / place.file, place.offset)
        except DAMAGE as error:
            raise CaptureDamaged(f"{record.uri}：快照中的这份内容已损坏，无法读出；请使用原件。") from error
        if digest_of(payload) != record.digest:
            raise CaptureDamaged(f"{record.uri}：快照中的内容与采集时的摘要不符；请使用原件。")
        return payload

    def reread(self, record_id: str) -> Document:
        """Read the stored bytes again with today's readers (for verify)."""
        body = self.body(record_id)
        record = self.record(record_id)
        if record is None:
            raise KeyError(record_id)
        return readers.read(body, uri=record.uri, media_type=record.media_type, record=record.id, digest=record.digest)

    def problems(self) -> list[str]:
        """Every way in which the stored files differ from what was captured (one Chinese line each)."""
        found = []
        for name, stored in self._files.items():
            path = self.folder / name
            if not path.is_file():
                found.append(f"{path}：文件缺失。")
                continue
            digest, size = _fingerprint(path)
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
        known = {*self._files, MANIFEST}
        found += [f"{path}：快照之外多出的文件。" for path in _others(self.folder, known)]
        return found

    @cached_property
    def _db(self) -> sqlite3.Connection:
        """The index, its bytes checked once: judging rests on it."""
        path = self.folder / INDEX
        stored = self._files["index.sqlite"]
        try:
            if _fingerprint(path) != (stored.sha256, stored.size):
                raise CaptureDamaged(f"{path}：索引与归档时不一致，不可作为证据；请使用原件或重新采集。")
            return open_index(path)
        except (OSError, sqlite3.Error, zlib.error) as error:
            raise CaptureDamaged(f"{path}：索引缺失或无法打开；请使用原件或重新采集。") from error


def _render(manifest: dict[str, Any]) -> bytes:
    return (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")


def _fingerprint(path: Path) -> tuple[str, int]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return f"sha256:{digest}", stream.tell()


def _settle(part: Path, final: Path) -> None:
    """Bring a finished file to disk, make it read-only and give it its name, in that order."""
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())
    part.chmod(0o444)
    part.replace(final)


def _others(folder: Path, known: set[str]) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name not in known)
