"""WARC files (ISO 28500:2017) of a capture: one gzip member per record, SHA-256 digests (warcio)."""

from __future__ import annotations

import hashlib
import re
import uuid
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

WARC_VERSION = "WARC/1.1"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
# What a damaged gzip member or a torn WARC header raises, depending on where the damage sits.
DAMAGE = (
    ArchiveLoadFailed,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    AttributeError,
    AssertionError,
    KeyError,
)

# The HTTP client has undone these, so the archived headers must not claim them any longer.
_UNDONE = {"transfer-encoding", "content-encoding", "content-length"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class _Sha256:
    """Digester of warcio that prints hexadecimal, the form used in the index."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def update(self, data: bytes) -> None:
        self._hash.update(data)

    def __str__(self) -> str:
        return f"sha256:{self._hash.hexdigest()}"


class _Member:
    """One gzip member. Level 4 instead of warcio's fixed 9: half the time for a twentieth more room."""

    def __init__(self, out: IO[bytes]) -> None:
        self._zip = zlib.compressobj(4, zlib.DEFLATED, zlib.MAX_WBITS + 16)
        self._out = out

    def write(self, data: bytes) -> None:
        self._out.write(self._zip.compress(data))

    def flush(self) -> None:
        self._out.write(self._zip.flush())


class _Writer(WARCWriter):  # type: ignore[misc]  # warcio has no type information
    @staticmethod
    def _create_digester() -> _Sha256:
        return _Sha256()

    def write_record(self, record: Any, params: Any = None) -> None:  # noqa: ARG002  # warcio's signature
        # Compressed here, so that warcio itself writes plain bytes into the member.
        self._write_warc_record(_Member(self.out), record)


class WarcFile:
    """One WARC file being written; every ``write_*`` returns the byte offset of its record.

    ``at`` goes on with an existing file from this length; what stands behind it (a record cut short) is dropped.
    """

    def __init__(self, path: Path, at: int | None = None) -> None:
        self._out: IO[bytes] = path.open("wb" if at is None else "r+b")
        if at is not None:
            self._out.truncate(at)
            self._out.seek(at)
        self._writer = _Writer(self._out, gzip=False, warc_version=WARC_VERSION)

    def sync(self) -> int:
        """Hand everything written to the system; returns the length of the file."""
        self._out.flush()
        return self._out.tell()

    def write_info(self, record_id: str, date: datetime, info: dict[str, str]) -> int:
        payload = "".join(f"{key}: {_line(value)}\r\n" for key, value in info.items() if value).encode()
        return self._write("", "warcinfo", record_id, date, payload)

    def write_response(
        self,
        uri: str,
        record_id: str,
        date: datetime,
        status_line: str,
        headers: list[tuple[str, str]],
        body: bytes,
        digest: str,
    ) -> int:
        """``digest`` is ``sha256:<hex>`` of ``body``."""
        http = StatusAndHeaders(_line(status_line), consistent(headers, len(body)), protocol="HTTP/1.1")
        known = {"WARC-Payload-Digest": digest}
        return self._write(uri, "response", record_id, date, body, http=http, extra=known)

    def write_conversion(
        self, uri: str, record_id: str, date: datetime, media_type: str, body: bytes, refers_to: str
    ) -> int:
        """Another form of the content of the record ``refers_to`` (ISO 28500, 6.8): the page as a browser drew it."""
        extra = {"WARC-Refers-To": f"<{refers_to}>"}
        return self._write(uri, "conversion", record_id, date, body, media_type=_line(media_type), extra=extra)

    def write_resource(self, uri: str, record_id: str, date: datetime, media_type: str, body: bytes) -> int:
        return self._write(uri, "resource", record_id, date, body, media_type=_line(media_type))

    def write_revisit(
        self,
        uri: str,
        record_id: str,
        date: datetime,
        status_line: str,
        headers: list[tuple[str, str]],
        refers_to: tuple[str, datetime, str],
    ) -> int:
        """Same payload as an earlier response: ``refers_to`` is its URI, date and payload digest.

        A status of 304 makes it a "server not modified" revisit.
        """
        other, other_date, digest = refers_to
        http = StatusAndHeaders(_line(status_line), consistent(headers, None), protocol="HTTP/1.1")
        record = self._writer.create_revisit_record(
            uri_line(uri),
            digest,
            uri_line(other),
            warc_date(other_date),
            http_headers=http,
            warc_headers_dict={"WARC-Record-ID": f"<{record_id}>", "WARC-Date": warc_date(date)},
        )
        if status_line.startswith("304"):
            record.rec_headers.replace_header("WARC-Profile", _NOT_MODIFIED)
        return self._append(record)

    def close(self) -> None:
        self._out.close()

    def _write(
        self,
        uri: str,
        kind: str,
        record_id: str,
        date: datetime,
        payload: bytes,
        http: StatusAndHeaders | None = None,
        media_type: str = "",
        extra: dict[str, str] | None = None,
    ) -> int:
        record = self._writer.create_warc_record(
            uri_line(uri),
            kind,
            payload=BytesIO(payload),
            length=len(payload),
            warc_content_type=media_type,
            warc_headers_dict={"WARC-Record-ID": f"<{record_id}>", "WARC-Date": warc_date(date), **(extra or {})},
            http_headers=http,
        )
        return self._append(record)

    def _append(self, record: Any) -> int:
        offset = self._out.tell()
        self._writer.write_record(record)
        return offset


def read_payload(path: Path, offset: int) -> bytes:
    """Payload of the record at ``offset``; one of ``DAMAGE`` where it cannot be read."""
    with path.open("rb") as stream:
        stream.seek(offset)
        for record in ArchiveIterator(stream):
            # raw_stream stands behind the HTTP headers; nothing was left encoded when it was written.
            payload: bytes = record.raw_stream.read()
            return payload
    raise ValueError("no record at this place")


def damaged_uris(path: Path) -> Iterator[str]:
    """URIs of the records whose digests no longer fit; ends where the file stops being readable."""
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests=True):
                while record.raw_stream.read(1 << 20):
                    pass
                if record.digest_checker.passed is False:
                    yield record.rec_headers.get_header("WARC-Target-URI") or record.rec_type
    except DAMAGE:
        return


def record_id(kind: str, uri: str, digest: str, status: int | None) -> str:
    """``urn:uuid:…`` made of the content, so that the same bytes from the same place get the same id."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{kind} {status or ''} {uri} {digest}").urn


def digest_of(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def warc_date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def consistent(headers: list[tuple[str, str]], length: int | None) -> list[tuple[str, str]]:
    """Headers for a body whose encodings are undone; what they said before stays as X-Archive-Orig-*."""
    kept = []
    for name, value in headers:
        prefix = "X-Archive-Orig-" if name.lower() in _UNDONE else ""
        kept.append((prefix + _line(name), _line(value)))
    if length is not None:
        kept.append(("Content-Length", str(length)))
    return kept


def uri_line(uri: str) -> str:
    """A WARC header holds one line: white space and control characters of a wild URI are escaped."""
    return re.sub(r"[\s\x00-\x1f\x7f]", lambda match: f"%{ord(match[0]):02X}", uri)


def _line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()
