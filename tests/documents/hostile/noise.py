"""Hostile documents whose pictures look like dense print and say nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator

from documents.hostile.cases import Case
from documents.maker.ofd import package
from docx import Document as WordDocument
from docx.shared import Cm
from PIL import Image, ImageDraw

_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def cases() -> Iterator[Case]:
    """Each would take minutes, were all of it recognised."""
    unread = "字迹大多无法辨认"
    for name, file, make in (
        ("tiff of noise", "a.tif", lambda: tiff([noise(600, 850, seed) for seed in range(12)])),
        ("tiff of noise in cells", "a.tif", lambda: tiff([noise_in_cells(seed) for seed in range(12)])),
        ("docx of noise", "a.docx", lambda: _docx([noise(600, 850, seed) for seed in range(12)])),
        ("ofd of noise", "a.ofd", lambda: _ofd([noise(600, 850, seed) for seed in range(20)])),
    ):
        yield Case(name, file, make, unread, recognise=True, heavy=True)


def noise(width: int, height: int, seed: int = 0) -> Image.Image:
    """Rows of strokes, as dense as print."""
    return Image.frombytes("L", (width, height), b"".join(
        bytes((x * (y + seed) * 7919 >> 3) % 256 if y % 24 < 12 else 255 for x in range(width)) for y in range(height)
    ))  # fmt: skip


def noise_in_cells(seed: int) -> Image.Image:
    """A ruled table with a little noise in each of its thousand cells."""
    full = noise(1240, 1754, seed)
    image = Image.new("L", full.size, 255)
    draw = ImageDraw.Draw(image)
    for y in range(20, 1694, 40):
        draw.line((20, y, 1220, y), 0, 2)
        for x in range(20, 1180, 60):
            draw.line((x, 20, x, 1734), 0, 2)
            box = (x + 10, y + 10, x + 50, y + 30)
            image.paste(full.crop(box), box)
    return image


def tiff(pages: list[Image.Image]) -> bytes:
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_deflate")
    return out.getvalue()


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _docx(pictures: list[Image.Image]) -> bytes:
    document = WordDocument()
    for picture in pictures:
        document.add_picture(io.BytesIO(png(picture)), Cm(15))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _ofd(pages: list[Image.Image]) -> bytes:
    numbers = range(500, 500 + len(pages))
    shown = '<ofd:ImageObject ID="60" Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="{}"/>'
    media = '<ofd:MultiMedia ID="{0}" Type="Image"><ofd:MediaFile>{0}.png</ofd:MediaFile></ofd:MultiMedia>'
    listed = f"<ofd:MultiMedias>{''.join(map(media.format, numbers))}</ofd:MultiMedias>"
    return package(
        list(map(shown.format, numbers)),
        more={
            "Doc_0/DocumentRes.xml": f'<ofd:Res {_NS} BaseLoc="Res">{listed}</ofd:Res>',
            **{f"Doc_0/Res/{n}.png": png(page) for n, page in zip(numbers, pages, strict=True)},
        },
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
    )
