"""Hostile PDF files."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from documents.hostile.cases import Case, picture, table_pdf
from documents.hostile.noise import noise
from documents.raw_pdf import raw_pdf

_MANY = 100_000
_LINE = b"BT /F1 10 Tf 50 700 Td (1) Tj ET "


def cases() -> Iterator[Case]:
    for name, objects in _structures().items():
        yield Case(f"pdf {name}", "a.pdf", lambda o=objects: pdf(o))
    for name, stream in _streams().items():
        yield Case(f"pdf {name}", "a.pdf", lambda s=stream: raw_pdf([s]))
    for name, box in _BOXES.items():
        yield Case(f"pdf {name}", "a.pdf", lambda b=box: raw_pdf([_LINE], media=b))
    for name, (old, new) in _CHANGED.items():
        yield Case(f"pdf {name}", "a.pdf", lambda o=old, n=new: table_pdf().replace(o, n))
    for name, scan in _scans().items():
        yield Case(f"scan {name}", "a.pdf", lambda b=scan: b, recognise=True)
    yield Case("pdf encrypted", "a.pdf", lambda: raw_pdf([_LINE], trailer=_ENCRYPTED), "口令")
    yield Case("pdf pages", "a.pdf", lambda: raw_pdf([_LINE] * 3000), "只读取了前 400 页")
    yield Case("pdf behind junk", "a.pdf", lambda: b"x" * 1000 + table_pdf())
    yield Case("pdf head only", "a.pdf", lambda: b"%PDF-1.7\n", "已损坏")
    yield Case("pdf twice", "a.pdf", lambda: table_pdf() * 50)
    yield Case("pdf of noise", "a.pdf", lambda: scans(40), "字迹大多无法辨认", recognise=True, heavy=True)
    yield Case("pdf unreadable text", "a.pdf", lambda: unreadable(1), "只识别了一部分", recognise=True, heavy=True)


_ENCRYPTED = b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>" % (b"ab" * 32, b"cd" * 32)
_BOXES = {
    "huge page": b"0 0 99999999 99999999",
    "page of no size": b"0 0 0 0",
    "page turned inside out": b"500 800 0 0",
    "page beyond numbers": b"-1e38 -1e38 1e38 1e38",
    "page of words": b"a b c d",
    "tiny page": b"0 0 0.001 0.001",
}
_CHANGED = {
    "count": (b"/Count 2", b"/Count 2147483647"),
    "negative count": (b"/Count 2", b"/Count -9"),
    "pages in a circle": (b"/Kids[3 0 R", b"/Kids[2 0 R"),
    "page is the catalogue": (b"/Kids[3 0 R", b"/Kids[1 0 R"),
    "page is its own parent": (b"/Parent 2 0 R", b"/Parent 3 0 R"),
    "content is the page": (b"/Contents 4 0 R", b"/Contents 3 0 R"),
    "length": (b"/Length ", b"/Length 99999999"),
    "length in a circle": (b"/Length ", b"/Length 4 0 R/X "),
    "filters": (b"/Filter/FlateDecode", b"/Filter[" + b"/FlateDecode" * 500 + b"]"),
    "unknown filter": (b"/Filter/FlateDecode", b"/Filter/Nothing"),
    "table in a circle": (b"/Root 1 0 R", b"/Root 1 0 R/Prev 9"),
    "root in itself": (b"/Root 1 0 R", b"/Root 2 0 R"),
    "size": (b"trailer<</Size 7", b"trailer<</Size 2147483647"),
    "turned": (b"/Type/Page/", b"/Rotate 45/UserUnit 1e9/Type/Page/"),
    "no table": (b"startxref", b"startxxxx"),
}


def pdf(objects: list[bytes]) -> bytes:
    """A file without a table of places; readers find the objects by looking."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % item for item in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer<</Size %d/Root 1 0 R>>\n%%%%EOF" % (len(objects) + 1)


def stream(body: bytes, more: bytes = b"", rounds: int = 1) -> bytes:
    for _ in range(rounds):
        body = zlib.compress(body, 9)
    return b"<</Length %d/Filter[%s]%s>>stream\n%s\nendstream" % (len(body), b"/FlateDecode" * rounds, more, body)


def _page(content: bytes, resources: bytes = b"", count: int = 1) -> list[bytes]:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<%s>>/Contents 4 0 R>>" % resources
    return [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, b"3 0 R " * count),
        page,
        content,
    ]


def _structures() -> dict[str, list[bytes]]:
    deep_pages = [b"<</Type/Catalog/Pages 2 0 R>>"]
    deep_pages += [b"<</Type/Pages/Count 1/Parent %d 0 R/Kids[%d 0 R]>>" % (n - 1, n + 1) for n in range(2, 5000)]
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]"
    uses = b"/XObject<</X 5 0 R/Y 6 0 R>>"
    circle = [stream(b"/Y Do", form + b"/Resources<<%s>>" % uses), stream(b"/X Do", form + b"/Resources<<%s>>" % uses)]
    doubling = [
        stream(b"/X Do " * 12, form + b"/Resources<</XObject<</X %d 0 R>>>>" % (n + 1)) for n in range(5, 12)
    ] + [stream(_LINE + b"0 0 m 9 9 l S ", form)]
    large = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
    shown = stream(b"595 0 0 842 0 0 cm /X Do")
    font = b"/Font<</F1 5 0 R>>"
    type3 = b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/CharProcs<</a 6 0 R>>" \
        b"/Encoding<</Differences[49/a]>>/FirstChar 49/LastChar 49/Widths[9]/Resources<<%s>>>>" % font  # fmt: skip
    cmap = stream(b"begincmap " + b"1 beginbfrange <0000> <ffff> <0000> endbfrange " * 5000)
    names = b"/Names<</EmbeddedFiles<</Kids[1 0 R]>>>>/Outlines 1 0 R/OpenAction<</S/JavaScript/JS(while(1);)>>"
    return {
        "page tree of 5000 levels": deep_pages,
        "one page very often": _page(stream(_LINE), count=5000),
        "forms in a circle": [*_page(stream(b"/X Do"), uses), *circle],
        "forms that double": [*_page(stream(b"/X Do " * 12), b"/XObject<</X 5 0 R>>"), *doubling],
        "bomb": _page(stream(b" " * 300_000_000)),
        "bomb in a bomb": _page(stream(zlib.compress(b" " * 100_000_000, 9), rounds=2)),
        "huge picture": [*_page(shown, b"/XObject<</X 5 0 R>>"), stream(b"\0" * 10_000, large % (100_000, 100_000))],
        "picture beyond numbers": [*_page(shown, b"/XObject<</X 5 0 R>>"), stream(b"\0" * 99, large % (2**31, 2**31))],
        "picture of no size": [*_page(shown, b"/XObject<</X 5 0 R>>"), stream(b"", large % (0, 0))],
        "broken JPX": [
            *_page(shown, b"/XObject<</X 5 0 R>>"),
            stream(b"\0\0\0\x0cjP  \r\n\x87\n" * 99, large % (99, 99)).replace(b"Flate", b"JPX"),
        ],
        "broken JBIG2": [
            *_page(shown, b"/XObject<</X 5 0 R>>"),
            stream(b"\0" * 999, large % (99, 99)).replace(b"Flate", b"JBIG2"),
        ],
        "picture masks itself": [
            *_page(shown, b"/XObject<</X 5 0 R>>"),
            stream(b"\0" * 9801, large % (99, 99) + b"/SMask 5 0 R"),
        ],
        "font draws itself": [*_page(stream(_LINE), font), type3, stream(_LINE)],
        "font maps all": [
            *_page(stream(_LINE), font),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
            cmap,
        ],
        "font of itself": [
            *_page(stream(_LINE), font),
            b"<</Type/Font/Subtype/Type0/DescendantFonts[5 0 R]/Encoding 5 0 R>>",
        ],
        "resources of itself": _page(stream(_LINE), b"/Font 3 0 R/XObject 3 0 R/ExtGState 3 0 R"),
        "script and names": [b"<</Type/Catalog/Pages 2 0 R%s>>" % names, *_page(stream(_LINE))[1:]],
        "objects": [*_page(stream(_LINE)), *[b"<</A %d 0 R>>" % n for n in range(60_000)]],
        "deep dictionary": [*_page(stream(_LINE)), b"<</A" * 50_000 + b">>" * 50_000],
        "deep list": [*_page(stream(_LINE)), b"[" * 100_000 + b"]" * 100_000],
        "object streams in a circle": [
            *_page(stream(_LINE)),
            stream(b"5 0 <<>>", b"/Type/ObjStm/N 99999999/First 4/Extends 5 0 R"),
        ],
        "no pages": [b"<</Type/Catalog>>"],
        "nothing": [],
    }


def _streams() -> dict[str, bytes]:
    grid = b"".join(b"0 %d m 595 %d l S %d 0 m %d 842 l S " % (n, n, n, n) for n in range(0, 842, 1))
    return {
        "characters": b"BT /F1 8 Tf " + b"1 0 0 1 %d 500 Tm (123456789) Tj " % 50 * 60_000 + b"ET",
        "characters side by side": b"".join(
            b"BT /F1 4 Tf %d %d Td (1234567) Tj ET " % (x, y) for x in range(0, 580, 20) for y in range(0, 840, 5)
        ),
        "operators": b"q Q " * 1_000_000,
        "states": b"q " * 300_000 + _LINE,
        "lines": b"0 0 m 500 500 l S " * _MANY,
        "grid": grid,
        "rectangles": b"".join(b"%d %d 5 5 re S " % (x, y) for x in range(0, 595, 6) for y in range(0, 842, 6)),
        "long path": b"0 0 m " + b"9 9 l 1 1 2 2 3 3 c " * _MANY + b"S",
        "figures": b"999999999999999999999999 -1e99 m nan inf l S 1 0 0 1 1e38 1e38 cm " + _LINE,
        "matrix": b"1e30 0 0 1e30 0 0 cm " * 50 + _LINE,
        "letters of size 0": b"BT /F1 0 Tf 50 700 Td (12345) Tj ET BT /F1 -9 Tf (12) Tj ET BT /F1 1e9 Tf (1) Tj ET",
        "askew": b"".join(b"BT /F1 9 Tf .7 .7 -.7 .7 %d %d Tm (12) Tj ET " % (n % 500, n % 800) for n in range(5000)),
        "inline picture": b"BI /W 100000 /H 100000 /BPC 8 /CS /G ID " + b"\0" * 5000 + b" EI " + _LINE,
        "clips": b"0 0 9 9 re W n " * 50_000 + _LINE,
        "rubbish": bytes(range(256)) * 500,
        "open text": b"(" * 500_000,
        "open list": b"[" * 500_000,
        "open dictionary": b"<</A" * 200_000,
        "marks": b"/P <</MCID 0>> BDC " * 100_000 + _LINE,
    }


def _scans() -> dict[str, bytes]:
    """Scanned pages whose pictures are damaged, lie about themselves, or are very many."""
    jpg = picture("jpg")
    sizes = b"/Width %d/Height %d/ColorSpace/Device%s/BitsPerComponent %d"
    small, huge = sizes % (260, 120, b"RGB", 8), sizes % (65_000, 65_000, b"RGB", 8)
    packed = b"/Filter/FlateDecode"
    pixels = zlib.compress(b"\xff" * (3 * 260 * 120))
    lying = b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 60000/Rows 60000>>" + sizes % (
        60_000,
        60_000,
        b"Gray",
        1,
    )
    return {
        "sound": _scan(b"/Filter/DCTDecode" + small, jpg),
        "JPEG cut": _scan(b"/Filter/DCTDecode" + small, jpg[: len(jpg) // 2]),
        "JPEG of noise": _scan(b"/Filter/DCTDecode" + small, jpg[:300] + bytes(range(256)) * 30),
        "JPEG without head": _scan(b"/Filter/DCTDecode" + small, jpg[200:]),
        "JPEG that is larger": _scan(b"/Filter/DCTDecode" + huge, jpg),
        "JPEG in a JPEG": _scan(b"/Filter[/DCTDecode/DCTDecode]" + small, jpg),
        "pixels cut": _scan(packed + small, pixels[: len(pixels) // 2]),
        "pixels without end": _scan(packed + sizes % (30_000, 30_000, b"RGB", 8), pixels),
        "pixels of odd depth": _scan(packed + sizes % (260, 120, b"RGB", 77), pixels),
        "pixels in no colours": _scan(packed + sizes % (260, 120, b"Nothing", 8), pixels),
        "fax of 60000 lines": _scan(lying, b"\x00\x10" * 5000),
        "JBIG2 of noise": _scan(b"/Filter/JBIG2Decode" + sizes % (5000, 5000, b"Gray", 1), bytes(range(256)) * 40),
        "JPX of noise": _scan(b"/Filter/JPXDecode" + small, b"\xff\x4f\xff\x51" + bytes(range(256)) * 40),
        "mask that is the picture": _scan(packed + small + b"/SMask 5 0 R/Mask 5 0 R", pixels),
        "palette of itself": _scan(
            packed + b"/Width 9/Height 9/BitsPerComponent 8/ColorSpace[/Indexed 5 0 R 255 5 0 R]", pixels
        ),
        "laid out of the page": _scan(packed + small, pixels, b"1e9 0 0 1e9 -1e9 1e9 cm /X Do"),
        "laid flat": _scan(packed + small, pixels, b"595 0 0 0 0 0 cm /X Do"),
        "many pages": _scan(packed + small, pixels[:50], pages=300),
        "many pictures": _scan(packed + small, pixels[:50], b"200 0 0 100 0 0 cm /X Do " * 3000),
        "file cut": _scan(b"/Filter/DCTDecode" + small, jpg)[:-2500],
    }


def _scan(about: bytes, body: bytes, shown: bytes = b"260 0 0 120 0 0 cm /X Do", pages: int = 1) -> bytes:
    """A small page, quick to recognise, that shows one picture, given as it is packed."""
    held = b"<</Type/XObject/Subtype/Image/Length %d%s>>stream\n%s\nendstream" % (len(body), about, body)
    return pdf([*_page(stream(shown), b"/XObject<</X 5 0 R>>", pages), held]).replace(b"0 0 595 842", b"0 0 260 120")


def scans(pages: int) -> bytes:
    """Pages that are pictures of noise."""
    large = b"/Type/XObject/Subtype/Image/Width 600/Height 850/ColorSpace/DeviceGray/BitsPerComponent 8"
    shown = stream(b"595 0 0 842 0 0 cm /X Do")
    return pdf([*_page(shown, b"/XObject<</X 5 0 R>>", pages), stream(noise(600, 850).tobytes(), large)])


def unreadable(pages: int) -> bytes:
    """Pages full of text whose characters have no meaning."""
    lines = b"".join(
        b"BT /F1 9 Tf 40 %d Td (%s) Tj ET " % (y, bytes(33 + (y * 7 + n * 13) % 90 for n in range(90)).translate(_SAFE))
        for y in range(40, 800, 12)
    )
    empty = stream(b"begincmap 1 beginbfrange <00> <ff> <e000> endbfrange endcmap")
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Courier/ToUnicode 6 0 R>>"
    return pdf([*_page(stream(lines), b"/Font<</F1 5 0 R>>", pages), font, empty])


_SAFE = bytes.maketrans(b"()\\", b"abc")
