"""Hostile pictures; all are read with recognition."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

from documents.hostile.cases import Case, picture
from PIL import Image


def cases() -> Iterator[Case]:
    for name, (file, body, says) in _pictures().items():
        yield Case(f"picture {name}", file, lambda b=body: b, says, recognise=True)
    for mode in ("1", "L", "P", "RGBA", "LA", "CMYK", "I;16", "F"):
        yield Case(f"picture in {mode}", "a.tif", lambda m=mode: _saved(Image.new(m, (90, 60))), recognise=True)


def _saved(image: Image.Image, form: str = "TIFF") -> bytes:
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _png(width: int, height: int, data: bytes, depth: int = 8, colour: int = 0, more: bytes = b"") -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + more + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _blank(width: int, height: int) -> bytes:
    """A white picture, packed as small as can be."""
    packer = zlib.compressobj(9)
    row = b"\0" + b"\xff" * (width // 8)
    data = b"".join(packer.compress(row * 100) for _ in range(height // 100)) + packer.flush()
    return _png(width // 8 * 8, height // 100 * 100, data, depth=1)


def _pictures() -> dict[str, tuple[str, bytes, str]]:
    text = zlib.compress(b"x" * 30_000_000, 9)
    tif = bytearray(picture("tif"))
    place = int.from_bytes(tif[4:8], "little")
    end = place + 2 + 12 * int.from_bytes(tif[place : place + 2], "little")
    circle = bytes(tif[:end]) + struct.pack("<I", place) + bytes(tif[end + 4 :])
    away = bytes(tif[:end]) + struct.pack("<I", 0x7FFFFFFF) + bytes(tif[end + 4 :])
    many = bytes(tif[:place]) + b"\xff\xff" + bytes(tif[place + 2 :])
    gif = picture("gif")
    jpg = picture("jpg")
    wide = jpg.find(b"\xff\xc0") + 5
    bmp = picture("bmp")
    return {
        "PNG of 10^10 pixels": ("a.png", _png(100_000, 100_000, zlib.compress(b"\0" * 999)), "像素"),
        "PNG of 2^62 pixels": ("a.png", _png(2**31 - 1, 2**31 - 1, zlib.compress(b"\0")), ""),
        "PNG of no pixels": ("a.png", _png(0, 0, zlib.compress(b"\0")), ""),
        "PNG bomb": ("a.png", _blank(20_000, 20_000), "像素"),
        "PNG below the limit": ("a.png", _blank(7600, 7600), "没有识别出文字"),
        "PNG strip": ("a.png", _png(1, 50_000, zlib.compress(b"\0\0" * 50_000)), ""),
        "PNG line": ("a.png", _png(50_000, 1, zlib.compress(b"\0" * 50_001)), ""),
        "PNG text bomb": ("a.png", _png(9, 9, zlib.compress(b"\0" * 90), more=_chunk(b"zTXt", b"a\0\0" + text)), ""),
        "PNG profile bomb": ("a.png", _png(9, 9, zlib.compress(b"\0" * 90), more=_chunk(b"iCCP", b"a\0\0" + text)), ""),
        "PNG chunk of 4 GB": ("a.png", picture("png")[:33] + b"\xff\xff\xff\xf0IDAT", ""),
        "PNG of odd depth": ("a.png", _png(9, 9, zlib.compress(b"\0" * 90), depth=77, colour=99), ""),
        "PNG without palette": ("a.png", _png(9, 9, zlib.compress(b"\0" * 90), colour=3), ""),
        "GIF of 2^32 pixels": ("a.gif", gif[:6] + b"\xff\xff\xff\xff" + gif[10:], ""),
        "GIF frames": ("a.gif", gif[:-1] + gif[gif.find(b"\x2c") : -1] * 2000 + b"\x3b", ""),
        "JPEG of 2^32 pixels": ("a.jpg", jpg[:wide] + b"\xff\xff\xff\xff" + jpg[wide + 4 :], "像素"),
        "JPEG scans": ("a.jpg", jpg[:-2] + jpg[jpg.find(b"\xff\xda") : -2] * 500 + jpg[-2:], ""),
        "JPEG heads": ("a.jpg", b"\xff\xd8" + b"\xff\xe0\0\x02" * 500_000, ""),
        "JPEG turned oddly": (
            "a.jpg",
            jpg[:2]
            + b"\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\xff"
            + b"\0" * 8
            + jpg[2:],
            "",
        ),
        "TIFF in a circle": ("a.tif", circle, ""),
        "TIFF elsewhere": ("a.tif", away, ""),
        "TIFF of 65535 fields": ("a.tif", many, ""),
        "TIFF pages": ("a.tif", _pages(200), "12 页"),
        "BMP of 2^62 pixels": ("a.bmp", bmp[:18] + struct.pack("<ii", 2**31 - 1, 2**31 - 1) + bmp[26:], ""),
        "BMP upside down": ("a.bmp", bmp[:18] + struct.pack("<ii", -260, -(2**31)) + bmp[26:], ""),
        "WEBP of nothing": ("a.webp", b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\xff" * 40, ""),
        "WEBP cut": ("a.webp", picture("webp")[:40], ""),
    }


def _pages(count: int) -> bytes:
    out = io.BytesIO()
    first = Image.new("1", (60, 40), 1)
    first.save(out, "TIFF", save_all=True, append_images=[first] * (count - 1))
    return out.getvalue()
