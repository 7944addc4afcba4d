"""Hostile packages and archives: bombs, names, entries over one another; OFD files."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from documents.hostile.cases import Case, parts_of, picture, sound, with_parts, zipped
from documents.hostile.old import compound
from documents.maker.ofd import package

_MANY = 100_000
_PACKED = ("docx", "xlsx", "ofd", "zip")


def cases() -> Iterator[Case]:
    for ending in _PACKED:
        yield Case(f"{ending} bomb", f"a.{ending}", lambda e=ending: _bomb(e), "炸弹")
        yield Case(f"{ending} that hides its size", f"a.{ending}", lambda e=ending: _lying(e))
        yield Case(f"{ending} encrypted", f"a.{ending}", lambda e=ending: _encrypted(_base(e)), "加密")
        yield Case(f"{ending} odd names", f"a.{ending}", lambda e=ending: _named(e))
        yield Case(f"{ending} names twice", f"a.{ending}", lambda e=ending: _twice(_base(e)))
        yield Case(f"{ending} many entries", f"a.{ending}", lambda e=ending: _many(e))
        yield Case(f"{ending} overlapping", f"a.{ending}", lambda e=ending: _overlapping(e))
        yield Case(f"{ending} unknown packing", f"a.{ending}", lambda e=ending: _method(_base(e), 99))
        yield Case(f"{ending} lzma", f"a.{ending}", lambda e=ending: zipped(parts_of(_base(e)), zipfile.ZIP_LZMA))
        yield Case(f"{ending} directory elsewhere", f"a.{ending}", lambda e=ending: _end(_base(e), 16, 0x7FFFFFFF))
        yield Case(f"{ending} directory of 4 GB", f"a.{ending}", lambda e=ending: _end(_base(e), 12, 0xFFFFFFFE))
        yield Case(f"{ending} entry count", f"a.{ending}", lambda e=ending: _end(_base(e), 10, 0xFFFF))
        yield Case(f"{ending} behind junk", f"a.{ending}", lambda e=ending: b"PK\3\4" + b"x" * 9000 + _base(e))
        yield Case(f"{ending} empty", f"a.{ending}", lambda: zipped({}))
    yield Case("zip without names", "a.zip", lambda: _raw(_base("zip"), [("", b"\3\0", 0, 0)]), "（无名）")
    for depth in (1, 2, 50):
        yield Case(f"zip within {depth}", "a.zip", lambda d=depth: _nested(d))
    for ending in ("docx", "xlsx", "ofd"):
        yield Case(f"{ending} encrypted as a whole", f"a.{ending}", lambda: compound({"EncryptedPackage": 1}), "加密")
    for name, body in _ofd().items():
        yield Case(f"ofd {name}", "a.ofd", lambda b=body: b)


def _base(ending: str) -> bytes:
    if ending != "zip":
        return sound()[ending]
    return zipped({"a.html": sound()["html"], "b/年报.xlsx": sound()["xlsx"]})


def _bomb(ending: str) -> bytes:
    """60 MB of blanks in each of five parts."""
    blank = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = b"<r>" + b" " * 60_000_000 + b"</r>"
    packed = blank.compress(body) + blank.flush()
    return _raw(_base(ending), [(f"x{n}.xml", packed, len(body), zlib.crc32(body)) for n in range(5)])


def _lying(ending: str) -> bytes:
    """A part that says it is small and unpacks to 60 MB."""
    blank = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = blank.compress(b" " * 60_000_000) + blank.flush()
    return _raw(_base(ending), [("x.xml", packed, 100, 0)])


def _raw(base: bytes, more: list[tuple[str, bytes, int, int]]) -> bytes:
    """The package with entries of packed bytes (name, bytes, size, CRC-32) that are taken as given."""
    out = io.BytesIO(zipped(parts_of(base)))
    entries: list[bytes] = []
    start = _place(out.getvalue(), 16)
    old = out.getvalue()[start : out.getvalue().rfind(b"PK\5\6")]
    out.seek(start)
    for name, packed, size, crc in more:
        head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x5C21, crc, len(packed), size, len(name), 0)
        entries.append(b"PK\1\2\x14\0" + head + struct.pack("<HHHII", 0, 0, 0, 0, out.tell()) + name.encode())
        out.write(b"PK\3\4" + head + name.encode() + packed)
    place = out.tell()
    directory = old + b"".join(entries)
    count = old.count(b"PK\1\2") + len(entries)
    out.write(directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), place, 0))
    out.truncate()
    return out.getvalue()


def _place(body: bytes, field: int) -> int:
    """A number of the end record."""
    at = body.rfind(b"PK\5\6") + field
    return int.from_bytes(body[at : at + 4], "little")


def _end(body: bytes, field: int, value: int) -> bytes:
    """The archive with another number in its end record."""
    at = body.rfind(b"PK\5\6") + field
    packed = struct.pack("<H" if field == 10 else "<I", value)
    return body[:at] + packed + body[at + len(packed) :]


def _flagged(body: bytes, mark: bytes, at: int, value: int) -> bytes:
    changed = bytearray(body)
    found = changed.find(mark)
    while found >= 0:
        changed[found + at : found + at + 2] = struct.pack("<H", value)
        found = changed.find(mark, found + 4)
    return bytes(changed)


def _encrypted(body: bytes) -> bytes:
    return _flagged(_flagged(body, b"PK\1\2", 8, 1), b"PK\3\4", 6, 1)


def _method(body: bytes, number: int) -> bytes:
    return _flagged(_flagged(body, b"PK\1\2", 10, number), b"PK\3\4", 8, number)


def _named(ending: str) -> bytes:
    names = ("/etc/passwd", "../../../etc/x.html", "C:\\x.html", "a\0b.html", "\x1b[31m.html", "x" * 60_000 + ".html")
    return zipped({**parts_of(_base(ending)), **dict.fromkeys(names, b"<p>x</p>")})


def _twice(body: bytes) -> bytes:
    """Every entry twice, the second one empty."""
    return _raw(body, [(name, b"\3\0", 0, 0) for name in parts_of(body)])


def _many(ending: str) -> bytes:
    return zipped({**parts_of(_base(ending)), **{f"x/{n}.html": b"<p>x" for n in range(20_000)}}, zipfile.ZIP_STORED)


def _overlapping(ending: str) -> bytes:
    """4000 entries that are all the same 1 MB of packed bytes."""
    body = _bomb(ending)
    start, end = _place(body, 16), body.rfind(b"PK\5\6")
    directory = body[start:end]
    last = directory[directory.rfind(b"PK\1\2") :]
    size = len(last) * 4000 + len(directory)
    return (
        body[:start] + directory + last * 4000 + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 4005, 4005, size, start, 0)
    )


def _nested(depth: int) -> bytes:
    body = _base("zip")
    for n in range(depth):
        body = zipped({f"{n}.zip": body, "a.html": sound()["html"]})
    return body


def _text(more: str = "", code: str = 'X="0" Y="6" DeltaX="g 20 5"', text: str = "政府信息") -> str:
    inner = f"<ofd:TextCode {code}>{text}</ofd:TextCode>"
    return f'<ofd:TextObject ID="50" Boundary="30 50 150 8" Font="1" Size="5" {more}>{inner}</ofd:TextObject>'


def _path(data: str, more: str = "") -> str:
    return (
        f'<ofd:PathObject ID="60" Boundary="30 50 150 8" {more}><ofd:AbbreviatedData>{data}</ofd:AbbreviatedData>'
        "</ofd:PathObject>"
    )


def _ofd() -> dict[str, bytes]:
    template = '<ofd:TemplatePage ID="{}" BaseLoc="Tpls/Tpl_{}/Content.xml"/>'
    page = (
        '<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Template TemplateID="{}"/><ofd:Content>'
        '<ofd:Layer ID="1">{}</ofd:Layer></ofd:Content></ofd:Page>'
    )
    circle = {f"Doc_0/Tpls/Tpl_{n}/Content.xml": page.format(n % 3 + 10, _text()) for n in (9, 10, 11)}
    listed = '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_1/Content.xml"/>' * 50_000
    document = sound()["ofd"]
    root = parts_of(document)["OFD.xml"]
    picture_of = '<ofd:ImageObject ID="70" Boundary="0 0 210 297" ResourceID="99"/>'
    media = '<ofd:MultiMedia ID="99" Type="Image"><ofd:MediaFile>{}</ofd:MediaFile></ofd:MultiMedia>'
    resources = '<ofd:Res xmlns:ofd="http://www.ofdspec.org/2016" BaseLoc="{}"><ofd:MultiMedias>' + media
    resources += "</ofd:MultiMedias></ofd:Res>"
    templates = "".join(template.format(n, n) for n in (9, 10, 11))
    own = '<ofd:TemplatePage ID="7" BaseLoc="Pages/Page_1/Content.xml"/>'
    figures = ("nan", "inf", "1e308", "-1e308", "9" * 400, "x", "", "1 2 3 4 5 6 7 8")
    odd = "".join(_text(f'CTM="{f} {f} 0 {f} 0 {f}"') + _text(f'Size="{f}"', f'X="{f}" Y="{f}"') for f in figures)
    boxes = "".join(_text().replace("30 50 150 8", f"{f} {f} {f} {f}") for f in figures)
    return {
        "advances": package([_text(code='X="0" Y="6" DeltaX="g 999999999 5"')]),
        "odd advances": package([_text(code=f'X="0" Y="6" DeltaX="{delta}" DeltaY="g g g"') for delta in figures]),
        "odd figures": package([odd]),
        "odd boxes": package([boxes]),
        "templates in a circle": package([_text()], more={**circle}, common=templates),
        "page is its own template": package([_text()], common=own),
        "template of all pages": package(
            [_text()] * 300, more={"Doc_0/Tpls/Tpl_0/Content.xml": page.format(7, _text() * 5000)}
        ),
        "one page very often": package([_text() * 500], after=listed),
        "document is itself": with_parts("ofd", **{"OFD.xml": root.replace(b"Doc_0/Document.xml", b"OFD.xml")}),
        "document elsewhere": with_parts("ofd", **{"OFD.xml": root.replace(b"Doc_0/Document.xml", b"/etc/passwd")}),
        "document upwards": with_parts("ofd", **{"OFD.xml": root.replace(b"Doc_0/Document.xml", b"../" * 900 + b"x")}),
        "groups": package(["<ofd:PageBlock ID='3'>" * 200 + _text() + "</ofd:PageBlock>" * 200]),
        "objects": package([_text() * _MANY]),
        "characters": package([_text(text="中" * 500_000)]),
        "points": package([_path("M 0 0 " + "L 1 1 B 1 1 2 2 3 3 " * _MANY + "C")]),
        "odd path": package([_path("M L C 1 Z nan L 9 S A 1 2 3 4 5 6 7 " * 100)]),
        "lines": package([_path("M 0 0 L 150 8") * 30_000]),
        "grid": package(
            ["".join(_path(f"M 0 {n / 10} L 150 {n / 10} M {n / 10} 0 L {n / 10} 80") for n in range(1500))]
        ),
        "picture elsewhere": package(
            [picture_of], more={"Doc_0/PublicRes.xml": resources.format("../../..", "etc/passwd")}
        ),
        "picture without end": package(
            [picture_of] * 60,
            more={"Doc_0/PublicRes.xml": resources.format("Res", "p.png"), "Doc_0/Res/p.png": picture("png")[:90]},
        ),
        "pages without parts": package([""] * 400),
    }
