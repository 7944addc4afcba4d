"""All hostile documents by name, and what is made of sound ones: cut, damaged, renamed, their parts exchanged."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from documents.maker import html_of, make_report
from documents.maker.ofd import ofd_of
from documents.maker.sheets import csv_of, xlsx_of
from documents.maker.word import docx_of
from documents.raw_pdf import raw_pdf
from PIL import Image, ImageDraw


@dataclass(frozen=True)
class Case:
    """One document. ``says`` is part of the line or note that it must bring about; "" leaves that open.

    ``like``: the ending of the sound document that it must be read as, word for word, where no line says otherwise.
    ``recognise``: read with recognition; all pictures are, other files where nothing else shows their weak spot.
    ``heavy``: left to the benchmark.
    """

    name: str
    file: str
    make: Callable[[], bytes]
    says: str = ""
    like: str = ""
    recognise: bool = False
    heavy: bool = False


def all_cases() -> list[Case]:
    """The corpus, always in this order."""
    from documents.hostile import noise, old, packed, pages, pdfs, pictures, sheets, word

    found = [case for source in (pages, word, sheets, packed, old, pdfs, pictures, noise) for case in source.cases()]
    found += [*_cut(), *_damaged(), *_renamed(), *_parts()]
    assert len({case.name for case in found}) == len(found)
    return [replace(case, heavy=True) if case.name in _HEAVY else case for case in found]


# What takes more than half a second each.
_HEAVY = frozenset((
    "html cells", "html rows", "html links", "html breaks", "html heads", "html tables", "html date lines",
    "html entities", "html less", "html metas", "html marks", "text lines", "text endless line", "text pipes",
    "text table rows", "text records", "text returns", "docx rows", "docx columns", "docx paragraphs",
    "docx empty paragraphs", "docx text", "docx numbers", "docx tables", "docx runs", "xlsx cells", "xlsx rows",
    "xlsx texts", "ofd template of all pages", "ofd characters", "pdf rectangles", "pdf forms that double",
    "picture PNG below the limit", "picture PNG strip", "scan fax of 60000 lines", "scan many pages",
    "scan pixels without end", "scan palette of itself", "scan mask that is the picture", "scan many pictures",
    "scan JPEG that is larger", "scan JPX of noise", "html wide span", "picture JPEG heads", "pdf bomb",
    "pdf characters side by side", "pdf marks", "docx breaks", "ofd lines", "text lists",
))  # fmt: skip


@cache
def sound() -> dict[str, bytes]:
    """One small sound document of each format, by its ending."""
    report = make_report(2)
    report = replace(report, sections=report.sections[3:5])
    return {
        "html": html_of(report).encode(),
        "docx": docx_of(report),
        "xlsx": xlsx_of(report),
        "ofd": ofd_of(report),
        "csv": csv_of(report),
        "pdf": table_pdf(),
        "xls": (Path(__file__).parent.parent / "files" / "sample.xls").read_bytes(),
        **{form: picture(form) for form in ("png", "jpg", "gif", "tif", "bmp", "webp")},
    }


def table_pdf() -> bytes:
    """Two pages with a ruled table."""
    lines = b"".join(b"%d 500 m %d 600 l S 50 %d m 350 %d l S " % (x, x, 500 + y, 500 + y)
                     for x, y in zip(range(50, 351, 100), range(0, 101, 33), strict=True))  # fmt: skip
    texts = b"".join(b"BT /F1 10 Tf %d %d Td (%d) Tj ET " % (60 + i % 3 * 100, 510 + i // 3 * 33, i) for i in range(9))
    return raw_pdf([lines + texts] * 2)


def picture(form: str) -> bytes:
    """A small table as a picture file."""
    image = Image.new("RGB", (260, 120), "white")
    draw = ImageDraw.Draw(image)
    for n in range(4):
        draw.line((10 + n * 80, 10, 10 + n * 80, 100), "black")
        draw.line((10, 10 + n * 30, 250, 10 + n * 30), "black")
    for n in range(9):
        draw.text((40 + n % 3 * 80, 18 + n // 3 * 30), str(n * 7), "black")
    out = io.BytesIO()
    image.save(out, {"jpg": "JPEG", "tif": "TIFF"}.get(form, form.upper()))
    return out.getvalue()


def is_picture(ending: str) -> bool:
    return ending in ("png", "jpg", "gif", "tif", "bmp", "webp")


def zipped(parts: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, body in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), body, packing)
    return out.getvalue()


def parts_of(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_parts(ending: str, **changed: bytes | None) -> bytes:
    """The sound package with other parts; ``None`` takes a part out. Names are given by their last piece."""
    parts = parts_of(sound()[ending])
    for short, body in changed.items():
        name = next((n for n in parts if n.rsplit("/", 1)[-1] == short), short)
        if body is None:
            del parts[name]
        else:
            parts[name] = body
    return zipped(parts)


def _cut() -> Iterator[Case]:
    for ending in sound():
        for share in (1, 20, 50, 80, 97, 99):
            yield Case(
                f"{ending} cut at {share} %", f"a.{ending}",
                lambda e=ending, s=share: sound()[e][: max(len(sound()[e]) * s // 100, 3)],
                like=ending, recognise=is_picture(ending),
            )  # fmt: skip


def _damaged() -> Iterator[Case]:
    ways = {"bits": _bits, "zeros": _zeros, "doubled": _doubled, "noise": _noise, "shuffled": _shuffled}
    for ending in sound():
        for way, change in ways.items():
            for seed in range(1 if is_picture(ending) else 2):
                yield Case(
                    f"{ending} {way} {seed}", f"a.{ending}",
                    lambda e=ending, c=change, s=seed: c(sound()[e], random.Random(f"{e} {s}")),
                    # These keep sums of what is in them; in others a changed letter is a letter.
                    like=ending if ending in ("docx", "xlsx", "ofd", "png") else "", recognise=is_picture(ending),
                )  # fmt: skip


def _bits(body: bytes, draw: random.Random) -> bytes:
    changed = bytearray(body)
    for _ in range(max(len(body) // 400, 4)):
        changed[draw.randrange(len(body))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _zeros(body: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(body))
    return body[:at] + b"\0" * min(500, len(body) - at) + body[at + 500 :]


def _doubled(body: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(body))
    return body[:at] * 2 + body[at:]


def _noise(body: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(16, len(body))
    return body[:at] + draw.randbytes(300) + body[at + 100 :]


def _shuffled(body: bytes, draw: random.Random) -> bytes:
    pieces = [body[at : at + 64] for at in range(64, len(body), 64)]
    draw.shuffle(pieces)
    return body[:64] + b"".join(pieces)


def _renamed() -> Iterator[Case]:
    """Every format under the name of each of three others, and ones that no name fits."""
    endings = list(sound())
    for n, ending in enumerate(endings):
        for other in (endings[(n + k) % len(endings)] for k in (1, 3, 5)):
            yield Case(
                f"{ending} named {other}", f"a.{other}", lambda e=ending: sound()[e],
                like=ending, recognise=is_picture(ending),
            )  # fmt: skip
    for ending in ("html", "docx", "pdf", "xlsx", "ofd"):
        yield Case(f"noise named {ending}", f"a.{ending}", lambda e=ending: random.Random(e).randbytes(5000))
        yield Case(f"nothing named {ending}", f"a.{ending}", lambda: b"", says="文件是空的")


_LAUGHS = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "%s">%s]><r>&z;</r>' % (
    b"&a;" * 10,
    b"".join(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in range(ord("c"), ord("z") + 1)),
)
_FILE = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'
_LATE = b'<?xml version="1.0"?><!--' + b" " * 9000 + b"-->" + _FILE.partition(b"?>")[2]
_DEEP = b"<r>" * 200_000 + b"</r>" * 200_000
_WIDE = b"<r " + b" ".join(b'a%d=""' % n for n in range(200_000)) + b"/>"


def _parts() -> Iterator[Case]:
    """The main parts of each package, and the list of its parts, exchanged for others."""
    main = {"docx": "document.xml", "xlsx": "sheet1.xml", "ofd": "Content.xml"}
    others = {
        "docx": ("styles.xml", "[Content_Types].xml", "document.xml.rels"),
        "xlsx": ("workbook.xml", "styles.xml", "[Content_Types].xml"),
        "ofd": ("OFD.xml", "Document.xml", "PublicRes.xml"),
    }
    contents: dict[str, tuple[bytes | None, str]] = {
        "laughs": (_LAUGHS, "实体"),
        "laughs in UTF-16": (_LAUGHS.decode().encode("utf-16"), "实体"),
        "file entity": (_FILE, "实体"),
        "late entity": (_LATE, "实体"),
        "depth": (_DEEP, ""),
        "attributes": (_WIDE, ""),
        "nothing": (b"", ""),
        "no part": (None, ""),
        "other root": (b"<html><body>1</body></html>", ""),
        "bytes": (bytes(range(256)) * 20, ""),
    }
    for ending, name in main.items():
        for what, (body, says) in contents.items():
            for part in (name, *(others[ending] if what in ("laughs", "no part", "other root") else ())):
                yield Case(
                    f"{ending} {part}: {what}", f"a.{ending}",
                    lambda e=ending, p=part, b=body: with_parts(e, **{p: b}),
                    says if part == name and (ending, what) != ("ofd", "late entity") else "", ending,
                )  # fmt: skip
