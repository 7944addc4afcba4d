"""Hostile files of old Word, and files of other programs under the names of documents."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
import struct
from collections.abc import Iterator

from documents.hostile.cases import Case

_WORDML = b'<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body>%s</w:body></w:wordDocument>'
_LAUGHS = b'<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "%s"><!ENTITY c "%s">]>' % (b"&a;" * 99, b"&b;" * 99)
_FILE = b'<!DOCTYPE w [<!ENTITY c SYSTEM "file:///etc/passwd">]>'
_MANY = 200_000


def cases() -> Iterator[Case]:
    """Old Word files are read without LibreOffice here: what it does with them is tried where it is tested."""
    for name, body, says in _compound():
        yield Case(f"doc {name}", "a.doc", lambda b=body: b, says)
        yield Case(f"wps {name}", "a.wps", lambda b=body: b, says)
    for name, body in _rich().items():
        yield Case(f"rtf {name}", "a.rtf", lambda b=body: b, "LibreOffice")
    for name, (file, body, says) in _others().items():
        yield Case(f"other {name}", file, lambda b=body: b, says)


def compound(streams: dict[str, int], flags: int = 0, header: dict[int, bytes] | None = None) -> bytes:
    """A compound document (MS-CFB 2): header, a sector of directory with the ``streams`` by first sector, one of text.

    ``flags`` are those of the Word document, ``header``: other bytes by their place in the file.
    """
    start = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    entries = [name.encode("utf-16-le").ljust(64, b"\0") + b"\0" * 52 + struct.pack("<Iq", at, 512)
               for name, at in {"Root Entry": 0, **streams}.items()]  # fmt: skip
    text = (b"\xec\xa5\xc1\0".ljust(10, b"\0") + struct.pack("<H", flags)).ljust(512, b"\0")
    body = bytearray(start.ljust(512, b"\0") + b"".join(entries).ljust(512, b"\0") + text)
    for at, value in (header or {}).items():
        body[at : at + len(value)] = value
    return bytes(body)


def _compound() -> Iterator[tuple[str, bytes, str]]:
    word = {"WordDocument": 1}
    body = compound(word)
    yield "sound as far as it goes", body, "LibreOffice"
    yield "encrypted", compound(word, 0x0100), "加密"
    yield "encrypted as a package", compound({"EncryptedPackage": 1}), "加密"
    yield "presentation", compound({"PowerPoint Document": 1}), "演示文稿"
    yield "workbook", compound({"Workbook": 1}), "Excel"
    yield "of no kind", compound({"Contents": 1}), "无法识别"
    yield "header only", body[:512], "无法识别"
    yield "eight bytes", body[:8], "无法识别"
    yield "cut in the directory", body[:700], ""
    yield "text beyond the end", compound({"WordDocument": 0x7FFFFFFE}), ""
    yield "sectors of 2^65535", compound(word, header={30: b"\xff\xff"}), ""
    yield "sectors of 1", compound(word, header={30: b"\0\0"}), ""
    yield "all entries alike", body[:512] + body[640:768] * 50_000, ""
    yield "names everywhere", body[:512] + "WordDocument\0".encode("utf-16-le") * 100_000, ""
    yield "noise", body[:64] + random.Random("doc").randbytes(20_000), "无法识别"


def _rich() -> dict[str, bytes]:
    return {
        "groups": b"{\\rtf1" + b"{" * _MANY + b"x" + b"}" * _MANY,
        "open groups": b"{\\rtf1" + b"{\\*" * _MANY,
        "binary without end": b"{\\rtf1 \\bin2147483647 x}",
        "object": b"{\\rtf1{\\object\\objemb{\\*\\objdata " + b"ff" * _MANY + b"}}}",
        "picture": b"{\\rtf1{\\pict\\pngblip\\picw999999999\\pich999999999 89504e47}}",
        "rows": b"{\\rtf1 " + b"\\trowd\\cellx9 1\\cell\\row" * 50_000 + b"}",
        "field to a file": b'{\\rtf1{\\field{\\*\\fldinst INCLUDETEXT "/etc/passwd"}{\\fldrslt x}}}',
        "cut": b"{\\rtf",
        "zeros": b"{\\rtf1" + b"\0" * _MANY,
    }


def _others() -> dict[str, tuple[str, bytes, str]]:
    noise = random.Random("other").randbytes(3000)
    part = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n\r\n'
    tar = b"a.html".ljust(257, b"\0") + b"ustar\x0000".ljust(255, b"\0")
    excel = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
    return {
        "Word XML with laughs": ("a.doc", b'<?xml version="1.0"?>' + _LAUGHS + _WORDML % b"&c;", "实体"),
        "Word XML with a file": ("a.xml", b'<?xml version="1.0"?>' + _FILE + _WORDML % b"&c;", "实体"),
        "Word XML without end": ("a.xml", _WORDML[:80], ""),
        "Word XML": ("a.xml", _WORDML % (b"<w:p>" * 50_000), "LibreOffice"),
        "Excel XML": ("a.xls", excel, "2003"),
        "page in one file": ("a.mht", part + b"<html><body>=C4=EA</body></html>", "MHT"),
        "page in one file named doc": ("a.doc", part + b"<html><body>=C4=EA</body></html>", "MHT"),
        "drawing": ("a.svg", b'<?xml version="1.0"?><svg xmlns="x"><text>1</text></svg>', "SVG"),
        "drawing named png": ("a.png", b"<svg><image href='file:///etc/passwd'/></svg>", "SVG"),
        "RAR": ("a.rar", b"Rar!\x1a\7\0" + noise, "RAR"),
        "RAR named zip": ("a.zip", b"Rar!\x1a\7\1\0" + noise, "RAR"),
        "7z": ("a.7z", b"7z\xbc\xaf\x27\x1c" + noise, "7z"),
        "gzip bomb": ("a.gz", gzip.compress(b"\0" * 20_000_000, 9, mtime=0), "GZIP"),
        "gzip named pdf": ("a.pdf", gzip.compress(b"%PDF-1.7", mtime=0), "GZIP"),
        "bzip2": ("a.doc", bz2.compress(b"x" * 9999), ""),
        "xz": ("a.docx", lzma.compress(b"x" * 9999), ""),
        "tar": ("a.zip", tar + b"\0" * 1024, ""),
        "program": ("a.xls", b"MZ\x90\0" + noise, ""),
        "film": ("a.pdf", b"\0\0\0\x18ftypmp42" + noise, ""),
        "font": ("a.ofd", b"\0\1\0\0\0\x0c" + noise, ""),
        "CEB": ("a.ceb", b"Founder CEB 3.0\0" + noise, ""),
        "one byte": ("a.docx", b"P", ""),
        "ZIP mark only": ("a.ofd", b"PK\3\4", ""),
        "blanks": ("a.txt", b" \r\n\t" * 99_999, "空的"),
        "too large": ("a.pdf", b"%PDF-1.7" + b"\0" * (50 << 20), "上限"),
    }
