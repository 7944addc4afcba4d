"""OLE files (compound documents, MS-CFB): which program's document is inside, and whether it is encrypted."""

from __future__ import annotations

from typing import Literal

OleKind = Literal["doc", "xls", "ppt", "encrypted", ""]

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# An entry of the directory: its name in UTF-16 first, the first sector of its stream at byte 116 (MS-CFB 2.6.1).
_ENTRY = 128
_START = 116
_STREAMS: tuple[tuple[str, OleKind], ...] = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
)
# FibBase (MS-DOC 2.5.2): flags at byte 10, fEncrypted among them.
_FLAGS, _ENCRYPTED = 10, 0x0100


def ole_kind(body: bytes) -> OleKind:
    """What an OLE file holds; WPS and ET files are doc and xls inside. "" where it is none of these, or damaged."""
    for name, kind in _STREAMS:
        at = _entry(body, name)
        if at < 0:
            continue
        return "encrypted" if kind == "doc" and _is_encrypted(body, at) else kind
    return ""


def _entry(body: bytes, name: str) -> int:
    """Where the directory entry of a stream begins, -1 where there is none."""
    mark = name.encode("utf-16-le") + b"\0\0"
    at = body.find(mark)
    # Entries fill whole sectors, so they begin at multiples of their size.
    while at >= 0 and at % _ENTRY:
        at = body.find(mark, at + 2)
    return at


def _is_encrypted(body: bytes, entry: int) -> bool:
    shift = int.from_bytes(body[30:32], "little")
    sector = int.from_bytes(body[entry + _START : entry + _START + 4], "little")
    if shift not in (9, 12):
        return False
    at = ((sector + 1) << shift) + _FLAGS
    return bool(int.from_bytes(body[at : at + 2], "little") & _ENCRYPTED)
