"""WARC files (ISO 28500:2017) of a capture: one gzip member per record, SHA-256 digests.

Records are put together here, which takes a third of the time of warcio's builder; warcio reads and checks them.
"""

from __future__ import annotations

import hashlib
import re
import uuid
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from isal import isal_zlib
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders

from crawler.errors import StorageFailed

WARC_VERSION = "WARC/1.1"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_HTTP = "application/http; msgtype=response"
# ISA-L's last but one: the room of zlib's level 2 at a third of its time.
_LEVEL = 2
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
# The stub of isal takes its error for a value.
_TORN: tuple[type[Exception], ...] = (*DAMAGE, isal_zlib.error)  # type: ignore[assignment]

# The HTTP client has undone these, so the archived headers must not claim them any longer.
_UNDONE = {"transfer-encoding", "content-encoding", "content-length"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\nContent-Length: (\d{1,15})$")  # the last line of a head
_HTTP_BLOCK = f"\r\nContent-Type: {_HTTP}\r\n".encode()
_CHUNK = 1 << 16
_GAPS = re.compile(r"[\s\x00-\x1f\x7f]")


class WarcFile:
    """One WARC file being written; every ``write_*`` returns the byte offset of its record.

    ``at`` goes on with an existing file from this length; what stands behind it (a record cut short) is dropped.
    """

    def __init__(self, path: Path, at: int | None = None) -> None:
        self._out: IO[bytes] = path.open("wb" if at is None else "r+b")
        if at is not None:
            self._out.truncate(at)
            self._out.seek(at)

    def sync(self) -> int:
        """Hand everything written to the system; returns the length of the file."""
        try:
            self._out.flush()
        except OSError as error:
            raise StorageFailed(str(error)) from error
        return self._out.tell()

    def write_info(self, record_id: str, date: datetime, info: dict[str, str]) -> int:
        payload = "".join(f"{key}: {_line(value)}\r\n" for key, value in info.items() if value).encode()
        return self._write("", "warcinfo", record_id, date, "application/warc-fields", payload, {})

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
        head = _http_head(status_line, consistent(headers, len(body)))
        return self._write(uri, "response", record_id, date, _HTTP, body, {"WARC-Payload-Digest": digest}, head)

    def write_conversion(
        self, uri: str, record_id: str, date: datetime, media_type: str, body: bytes, refers_to: str
    ) -> int:
        """Another form of the content of the record ``refers_to`` (ISO 28500, 6.8): a page as a browser drew it, a file
        out of an archive."""
        more = {"WARC-Payload-Digest": digest_of(body), "WARC-Refers-To": f"<{refers_to}>"}
        return self._write(uri, "conversion", record_id, date, _line(media_type), body, more)

    def write_resource(self, uri: str, record_id: str, date: datetime, media_type: str, body: bytes) -> int:
        more = {"WARC-Payload-Digest": digest_of(body)}
        return self._write(uri, "resource", record_id, date, _line(media_type), body, more)

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
        more = {
            "WARC-Profile": _NOT_MODIFIED if status_line.startswith("304") else _SAME_PAYLOAD,
            "WARC-Refers-To-Target-URI": uri_line(other),
            "WARC-Refers-To-Date": warc_date(other_date),
            "WARC-Payload-Digest": digest,
        }
        head = _http_head(status_line, consistent(headers, None))
        return self._write(uri, "revisit", record_id, date, _HTTP, b"", more, head)

    def close(self) -> None:
        self._out.close()

    def _write(
        self,
        uri: str,
        kind: str,
        record_id: str,
        date: datetime,
        media_type: str,
        body: bytes,
        more: dict[str, str],
        head: bytes = b"",
    ) -> int:
        """Append a record whose block is ``head`` (of the HTTP message, if there is one) and ``body``."""
        block = hashlib.sha256(head)
        block.update(body)
        fields = {
            "WARC-Type": kind,
            "WARC-Record-ID": f"<{record_id}>",
            "WARC-Date": warc_date(date),
            **({"WARC-Target-URI": uri_line(uri)} if uri else {}),
            **more,
            "WARC-Block-Digest": f"sha256:{block.hexdigest()}",
            "Content-Type": media_type or "application/octet-stream",
            "Content-Length": str(len(head) + len(body)),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        member = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, isal_zlib.MAX_WBITS + 16)
        first = member.compress(f"{WARC_VERSION}\r\n{lines}\r\n".encode("utf-8", "replace") + head)
        offset = self._out.tell()
        try:
            self._out.write(b"".join((first, member.compress(body), member.compress(b"\r\n\r\n"), member.flush())))
        except OSError as error:
            raise StorageFailed(str(error)) from error
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


def quick_payload(path: Path, offset: int) -> bytes | None:
    """What is the payload of the record at ``offset`` where it stands there as ``WarcFile`` writes it, else None.

    A third of the time of ``read_payload``; nothing is checked here: the digest tells whether it is the payload.
    """
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            head, _, block = _member(stream).partition(_HEAD_END)
    except _TORN:
        return None
    length = _LENGTH.search(head)
    if length is None:
        return None
    block = block[: int(length[1])]
    return block.partition(_HEAD_END)[2] if _HTTP_BLOCK in head else block


def _member(stream: IO[bytes]) -> bytes:
    """The gzip member that begins here, unpacked."""
    unpacker = isal_zlib.decompressobj(isal_zlib.MAX_WBITS + 16)
    parts = []
    while not unpacker.eof:
        chunk = stream.read(_CHUNK)
        if not chunk:
            raise EOFError
        parts.append(unpacker.decompress(chunk))
    return b"".join(parts)


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
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


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
    return _GAPS.sub(lambda match: f"%{ord(match[0]):02X}", uri)


def _http_head(status_line: str, headers: list[tuple[str, str]]) -> bytes:
    """Status line and headers in ASCII, the rest percent-encoded, with the empty line behind them."""
    http: bytes = StatusAndHeaders(_line(status_line), headers, protocol="HTTP/1.1").to_ascii_bytes()
    return http


def _line(text: str) -> str:
    return (_CONTROL.sub(" ", text) if not text.isprintable() else text).strip()
