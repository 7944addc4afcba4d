"""Writing a capture: records to the WARC file, everything else to the index, nothing valid until it is closed."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from crawler.archive.codec import decode, encode
from crawler.archive.index import IndexWriter, Place, Validator, select
from crawler.archive.layout import (
    DATA_FILES,
    FORMAT,
    FRESH,
    INDEX,
    MANIFEST,
    OURS,
    PART,
    WARC,
    Base,
    Lock,
    discard,
    fingerprint,
    kept_settings,
    render,
    settle,
)
from crawler.archive.warc import DAMAGE, WarcFile, digest_of, read_payload, record_id
from crawler.capture import Capture
from crawler.errors import CaptureDamaged, UnusableInput
from crawler.evidence import Column, Document, Facts, Link, ListEntry, Page, Record, Site
from crawler.words import software_version


class CaptureWriter:
    """Writes a new capture into ``folder`` (must not hold one). Nothing counts until ``close()``.

    A ``durable`` one survives a killed process: what was added before the last ``commit()`` is there when
    ``resume()`` goes on. As a context manager, one that is not durable leaves nothing behind when the block raises.
    """

    def __init__(
        self, folder: Path, site: Site | None, settings: dict[str, Any], started: datetime, *, durable: bool = False
    ) -> None:
        prepare(folder)
        discard(folder)
        json.dumps(settings)
        self._lock = Lock(folder)
        self._begin(folder, site, settings, started.astimezone(UTC))
        self._warc = WarcFile(folder / (WARC + PART))
        self._index = IndexWriter(folder / (INDEX + PART), durable=durable)
        self._index.db.execute("CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT)")
        self._write_info()
        if durable:
            self.keep("site", encode(site))
            self.keep("settings", settings)
            self.keep("started", self._started.isoformat())
            self.commit()

    @classmethod
    def resume(cls, folder: Path) -> Self:
        """Go on with the capture that a killed crawl left in ``folder``; UnusableInput where there is none.

        What was written behind the last commit, a record cut short among it, is dropped and noted.
        """
        part = folder / (INDEX + PART)
        kept_settings(folder)
        writer = cls.__new__(cls)
        writer._lock = Lock(folder)
        _take_back(folder)
        writer._index = index = IndexWriter(part, durable=True, again=True)
        state = dict(index.db.execute("SELECT name, value FROM state"))
        kept = [json.loads(state[key]) for key in ("site", "settings", "started", "warc")]
        site, settings, started, length = kept
        writer._begin(folder, decode(Site, site), settings, datetime.fromisoformat(started))
        warc = folder / (WARC + PART)
        size = warc.stat().st_size if warc.exists() else -1
        if size < length:
            index.abandon()
            writer._lock.release()
            raise UnusableInput(f"{warc}：文件比记录的短（{size} < {length} 字节），无法续采；请重新采集。")
        writer._figures = writer.kept("figures") or {}
        writer._notes = writer.kept("notes") or []
        writer.count("resumed", writer._figures.get("resumed", 0) + 1)
        if size > length:
            writer.note(f"采集曾意外中断，归档文件末尾未写完的 {size - length} 字节已去除，所涉页面已重新读取。")
        # Noted before it is done: a second kill must not hide it.
        writer._keep_remarks()
        index.commit()
        writer._warc = WarcFile(warc, length)
        return writer

    def _begin(self, folder: Path, site: Site | None, settings: dict[str, Any], started: datetime) -> None:
        self.folder = folder
        self.site = site
        self.settings = settings
        self._started = started
        self._closed = False
        self._figures: dict[str, int] = {}
        self._hosts: dict[str, Any] = {}
        self._notes: list[str] = []

    @property
    def started(self) -> datetime:
        return self._started

    @property
    def index(self) -> IndexWriter:
        """The index under construction; the crawl keeps its frontier in the same file, so that both are one commit."""
        return self._index

    def add_response(
        self,
        uri: str,
        status: int,
        reason: str,
        headers: list[tuple[str, str]],
        body: bytes,
        fetched: datetime,
        digest: str = "",
    ) -> Record:
        """Archive one HTTP response as a WARC ``response`` record; returns its Record.

        ``body`` is what an HTTP client hands over: transfer and content encodings undone. Headers that
        claim them are kept as ``X-Archive-Orig-…``. ``digest`` is that of the body where it is known.
        """
        self._check_open()
        media_type = next((value for name, value in headers if name.lower() == "content-type"), "")
        record = self._new_record("response", uri, media_type, status, body, fetched, digest)
        if not self._index.holds(record.id):
            line = f"{status} {reason}"
            offset = self._warc.write_response(uri, record.id, record.fetched, line, headers, body, record.digest)
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
        self.count("revisits", self._figures.get("revisits", 0) + 1)

    def add_file(self, uri: str, media_type: str, body: bytes, fetched: datetime) -> Record:
        """Archive a local file (``file:`` URI) or a screenshot as a WARC ``resource`` record."""
        self._check_open()
        record = self._new_record("resource", uri, media_type, None, body, fetched)
        if not self._index.holds(record.id):
            offset = self._warc.write_resource(uri, record.id, record.fetched, media_type, body)
            self._keep(record, offset)
        return record

    def add_rendered(self, uri: str, raw: Record, html: str, fetched: datetime) -> Record:
        """Archive what a browser showed at ``uri`` as a WARC ``conversion`` record of the answer ``raw``.

        ``raw`` may be that of another address with the same bytes.
        """
        self._check_open()
        return self._add_conversion(uri, raw, "text/html; charset=utf-8", html.encode("utf-8", "replace"), fetched)

    def add_member(self, uri: str, archive: Record, body: bytes, fetched: datetime) -> Record:
        """Archive a document of a ZIP as a WARC ``conversion`` record of the answer that holds it."""
        self._check_open()
        return self._add_conversion(uri, archive, "application/octet-stream", body, fetched)

    def _add_conversion(self, uri: str, raw: Record, media_type: str, body: bytes, fetched: datetime) -> Record:
        record = self._new_record("conversion", uri, media_type, None, body, fetched)
        if not self._index.holds(record.id):
            offset = self._warc.write_conversion(uri, record.id, record.fetched, media_type, body, raw.id)
            self._keep(record, offset)
        return record

    def body(self, record_id: str) -> bytes:
        """Payload of a record added before; CaptureDamaged where it cannot be read, KeyError if unknown."""
        self._check_open()
        place = next(select(self._index.db, Place, "id", record_id), None)
        if place is None:
            raise KeyError(record_id)
        self._warc.sync()
        path = self.folder / (WARC + PART if place.file == WARC else place.file)
        try:
            return read_payload(path, place.offset)
        except DAMAGE as error:
            raise CaptureDamaged(f"{path}：存档中的内容已损坏，无法读出；请重新采集。") from error

    def refer(self, record: Record, base: Path, place: Place) -> None:
        """Make a record of an earlier capture (in folder ``base``) a record of this one, without copying it."""
        self._check_open()
        if not self._index.holds(record.id):
            self._index.add(record)
            file = _from(self.folder, base / place.file)
            self._index.add(Place(record.id, file, place.offset))

    def add_page(self, page: Page, links: Sequence[Link] = (), entries: Sequence[ListEntry] = ()) -> None:
        """Keep what is known of a page, with the links and list entries found on it."""
        self._check_open()
        self._index.add(page)
        self._index.add_links(page.url, links)
        self._index.add_entries(entries)

    def add_facts(self, facts: Facts) -> None:
        self._check_open()
        self._index.add_facts(facts)

    def add_validator(self, url: str, etag: str, modified: str) -> None:
        """Keep what the server gave to ask again with next time."""
        self._check_open()
        if etag or modified:
            self._index.add(Validator(url, etag, modified))

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
        """Set a figure of its own among the counts of ``capture.json``."""
        self._figures[name] = number

    def host(self, name: str, state: Any) -> None:
        """Keep what is to be said of a host (robots.txt, delays) in ``capture.json``."""
        self._hosts[name] = state

    def note(self, text: str) -> None:
        """Keep a remark for the reader of ``capture.json``, in plain Chinese; the same one once."""
        if text not in self._notes:
            self._notes.append(text)

    def keep(self, name: str, value: Any) -> None:
        """Keep a JSON value with the next commit, for whoever resumes."""
        text = json.dumps(value, ensure_ascii=False)
        self._index.db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, text))

    def kept(self, name: str) -> Any:
        """A value kept earlier, None where there is none."""
        row = self._index.db.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def commit(self) -> None:
        """From here on everything added so far survives a kill of the process (but not a loss of power)."""
        self._check_open()
        self.keep("warc", self._warc.sync())
        self._keep_remarks()
        self._index.commit()

    def _keep_remarks(self) -> None:
        self.keep("figures", self._figures)
        self.keep("notes", self._notes)

    def close(self, finished: datetime, bases: Sequence[Path] = ()) -> Capture:
        """Finish all files, write ``capture.json`` with their digests and make the files read-only.

        ``bases`` are the folders of the earlier captures that ``refer()`` pointed into.
        """
        self._check_open()
        refused, counts = self._index.reasons(), self._counts()
        self._warc.sync()
        self._warc.close()
        fresh = self.folder / (INDEX + FRESH)
        self._index.finish(fresh)
        self._closed = True
        settle(self.folder / (WARC + PART), self.folder / WARC)
        settle(fresh, self.folder / INDEX)
        files = {name: fingerprint(self.folder / name) for name in DATA_FILES}
        manifest = {
            "format": FORMAT,
            "software": f"duwang {software_version()}",
            "site": encode(self.site),
            "settings": self.settings,
            "started": self._started.isoformat(),
            "finished": finished.astimezone(UTC).isoformat(),
            "counts": counts,
            "refused": refused,
            "hosts": self._hosts,
            "notes": self._notes,
            "bases": [encode(_base(self.folder, base)) for base in bases],
            "files": {name: {"sha256": digest, "size": size} for name, (digest, size) in files.items()},
        }
        part = self.folder / (MANIFEST + PART)
        part.write_bytes(render({**manifest, "seal": digest_of(render(manifest))}))
        settle(part, self.folder / MANIFEST)
        for name in OURS - {WARC, INDEX, MANIFEST}:
            (self.folder / name).unlink(missing_ok=True)
        self._lock.release()
        return Capture.open(self.folder)

    def abandon(self) -> None:
        """Give up: remove what was written so far, unless it is durable. Does nothing after ``close()``."""
        if self._closed:
            return
        self._closed = True
        with suppress(OSError):
            # What does not fit on the disk any more is not committed either.
            self._warc.close()
        self._index.abandon()
        if not self._index.durable:
            for name in DATA_FILES:
                (self.folder / (name + PART)).unlink(missing_ok=True)
        self._lock.release()

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
        self, kind: str, uri: str, media_type: str, status: int | None, body: bytes, fetched: datetime, digest: str = ""
    ) -> Record:
        digest = digest or digest_of(body)
        name = record_id(kind, uri, digest, status)
        return Record(name, uri, digest, media_type, status, fetched.astimezone(UTC), len(body))

    def _keep(self, record: Record, offset: int) -> None:
        self._index.add(record)
        self._index.add(Place(record.id, WARC, offset))

    def _counts(self) -> dict[str, int]:
        index = self._index
        # Rendered pages and records of earlier captures were not fetched now.
        responses = index.count(f"records r JOIN places p USING (id) WHERE status IS NOT NULL AND p.file = '{WARC}'")
        names = ("records", "pages", "documents", "columns", "entries")
        figures = {name: number for name, number in self._figures.items() if name != "revisits"}
        return {
            "fetched": responses + self._figures.get("revisits", 0),
            "read": index.count("pages WHERE outcome IN ('read', 'unchanged', 'carried')"),
            **{name: index.count(name) for name in names},
            "links": index.count_links(),
            "refused": index.count("refusals"),
            **figures,
        }

    def _write_info(self) -> None:
        info = {
            "software": f"duwang/{software_version()}",
            "format": "WARC File Format 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "http-header-user-agent": str(self.settings.get("user_agent", "")),
            "isPartOf": self.site.id if self.site else "",
            "description": self.site.name if self.site else "",
        }
        name = record_id("warcinfo", info["isPartOf"], self._started.isoformat(), None)
        self._warc.write_info(name, self._started, info)


def _take_back(folder: Path) -> None:
    """Make parts again of what a crawl killed while closing had finished; the index is made anew from its part."""
    (folder / INDEX).unlink(missing_ok=True)
    warc, part = folder / WARC, folder / (WARC + PART)
    if warc.exists():
        warc.replace(part)
    if part.exists():
        part.chmod(0o644)


def prepare(folder: Path) -> None:
    """Make ``folder`` ready for a new capture; UnusableInput where it holds one, or something that is not ours."""
    if (folder / MANIFEST).exists():
        raise UnusableInput(f"{folder}：这里已有一份完成的存档，存档不能改写；请换一个文件夹。")
    if folder.exists() and not folder.is_dir():
        raise UnusableInput(f"{folder}：这是文件，不是文件夹；请换一个文件夹。")
    folder.mkdir(parents=True, exist_ok=True)
    foreign = sorted(path.name for path in folder.iterdir() if path.name not in OURS)
    if foreign:
        raise UnusableInput(f"{folder}：文件夹里有别的文件（{foreign[0]}）；请指定一个空文件夹。")


def _from(folder: Path, target: Path) -> str:
    """``target`` as seen from ``folder``, so that both can be moved together."""
    return Path(os.path.relpath(target.resolve(), folder.resolve())).as_posix()


def _base(folder: Path, base: Path) -> Base:
    digest, _ = fingerprint(base / MANIFEST)
    return Base(folder=_from(folder, base), digest=digest)
