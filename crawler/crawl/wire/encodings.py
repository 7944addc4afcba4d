"""Undoing content encodings within limits."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
from scrapy.exceptions import DownloadCancelledError, ResponseDataLossError

from crawler.words import load

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_GZIP_TRAILER = 8
_EXTRA, _NAME, _COMMENT, _CHECKSUM = 4, 8, 16, 2


class _NotOfThisKind(Exception):
    """The body was never compressed in the way that its header says."""


def decoded(body: bytes, encodings: list[str], most: int) -> tuple[bytes, list[str]]:
    """The body with its encodings undone, and those left on it because nobody knows them.

    ``encodings`` in the order in which they were applied, in lower case. A body that is plain, whatever its header
    says, stays as it is. No form of it is larger than ``most`` bytes (DownloadCancelledError); one that is cut short
    or damaged is ResponseDataLossError.
    """
    left = [name for name in encodings if name not in ("", "identity")]
    if len(left) > load("wire")["limits"]["max_encodings"]:
        raise ResponseDataLossError("too many encodings")
    while body and left and left[-1] in _DECODERS:
        try:
            body = _DECODERS[left.pop()](body, most + 1)
        except _NotOfThisKind:
            continue
        except (zlib.error, zstd.ZstdError, brotli.error) as error:
            raise ResponseDataLossError(f"damaged: {error}") from error
        if len(body) > most:
            raise DownloadCancelledError(f"more than {most} bytes when unpacked")
    return body, left if body else []


def _gunzip(body: bytes, most: int) -> bytes:
    """All members (RFC 1952). Old servers get the checksum at the end wrong or leave it out, so it is not looked at."""
    if not body.startswith(_GZIP_MAGIC):
        raise _NotOfThisKind
    out = b""
    for _ in range(load("wire")["limits"]["max_members"]):
        piece, rest = _inflate(body[_gzip_header(body) :], -zlib.MAX_WBITS, most - len(out))
        out += piece
        body = rest[_GZIP_TRAILER:]
        if len(out) >= most or not body.startswith(_GZIP_MAGIC):
            return out
    raise ResponseDataLossError("too many gzip members")


def _gzip_header(body: bytes) -> int:
    """Length of the header of a gzip member."""
    flags = body[3] if len(body) > 3 else 0
    at = 10
    if flags & _EXTRA:
        at += 2 + int.from_bytes(body[at : at + 2], "little")
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            end = body.find(b"\0", at)
            at = end + 1 if end >= 0 else len(body)
    return at + 2 if flags & _CHECKSUM else at


def _deflate(body: bytes, most: int) -> bytes:
    """zlib format as RFC 9110 wants it, or raw deflate as old IIS sends it."""
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            return _inflate(body, bits, most)[0]
        except zlib.error:
            continue
    raise _unreadable(body)


def _inflate(body: bytes, bits: int, most: int) -> tuple[bytes, bytes]:
    """At most ``most`` bytes, and what follows the compressed data."""
    decoder = zlib.decompressobj(bits)
    out = decoder.decompress(body, max(most, 1))
    if not decoder.eof and len(out) < most:
        raise ResponseDataLossError("compressed body cut short")
    return out, decoder.unused_data


def _unbrotli(body: bytes, most: int) -> bytes:
    decoder = brotli.Decompressor()
    out = b""
    try:
        while not decoder.is_finished() and len(out) < most:
            piece = decoder.process(b"" if out else body, output_buffer_limit=most - len(out))
            if not piece:
                break
            out += piece
    except brotli.error as error:
        raise _unreadable(body) from error
    if not decoder.is_finished() and len(out) < most:
        raise ResponseDataLossError("compressed body cut short")
    return out


def _unzstd(body: bytes, most: int) -> bytes:
    if not body.startswith(_ZSTD_MAGIC):
        raise _NotOfThisKind
    window = {int(zstd.DecompressionParameter.window_log_max): load("wire")["limits"]["zstd_window"]}
    decoder = zstd.ZstdDecompressor(options=window)
    out = decoder.decompress(body, max_length=most)
    if not decoder.eof and len(out) < most:
        raise ResponseDataLossError("compressed body cut short")
    return bytes(out)


def _unreadable(body: bytes) -> Exception:
    """What to make of a body that is not compressed as it says: plain text is plain, all else is damaged."""
    start = body[: load("wire")["limits"]["plain_look"]]
    if start.translate(None, b"\t\n\f\r") == start.translate(None, bytes(range(32))):
        return _NotOfThisKind()
    return ResponseDataLossError("damaged")


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _deflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
