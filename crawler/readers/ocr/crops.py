"""The picture of a cell or a line, cut from the page where it was read, for a person to compare."""

from __future__ import annotations

import math
from functools import lru_cache
from io import BytesIO
from itertools import islice
from typing import NoReturn

from PIL import Image

from crawler.evidence import Box
from crawler.readers.drafts import refuse
from crawler.readers.ocr.effort import Illegible
from crawler.readers.ocr.settings import settings
from crawler.readers.paged.model import settings as paged_settings
from crawler.readers.pdf.child import Damaged, PdfFile, Stopped


def crop(body: bytes, uri: str, page: int, box: Box) -> bytes:
    """A PNG of what stands in ``box`` of a page (from 1) of a PDF or picture file, with a little around it.

    ``box`` is that of a ``Spot`` or ``Cell``. Raises UnusableInput where the file has no such page or place, and
    ImportError where the page is a picture and the extra for recognition is not installed.
    """
    image, scale = _page(body, uri, page)
    x0, y0, x1, y1 = (value * scale for value in box)
    margin = settings("crops")["margin"] * max(y1 - y0, 1.0)
    left, top = max(math.floor(x0 - margin), 0), max(math.floor(y0 - margin), 0)
    right, bottom = min(math.ceil(x1 + margin), image.width), min(math.ceil(y1 + margin), image.height)
    if right <= left or bottom <= top:
        refuse(uri, f"第 {page} 页上没有这个位置", "重新读取文件后再截图")
    piece = image.crop((left, top, right, bottom))
    piece.thumbnail((settings("crops")["side"],) * 2)
    out = BytesIO()
    piece.save(out, "PNG", optimize=True)
    return out.getvalue()


@lru_cache(maxsize=2)
def _page(body: bytes, uri: str, number: int) -> tuple[Image.Image, float]:
    """A page as its words were placed, and its pixels for each unit of a box."""
    if b"%PDF-" in body[:1100]:
        return _pdf_page(body, uri, number)
    from crawler.readers.ocr.opening import frames, opened

    with opened(body, uri) as image:
        frame = next(islice(frames(image, uri), number - 1, None), None) if number > 0 else None
        if frame is None:
            _no_page(uri, number)
        return _upright(frame), 1.0


def _upright(image: Image.Image) -> Image.Image:
    from crawler.readers.ocr.page import pixels_of
    from crawler.readers.ocr.upright import upright

    try:
        return Image.fromarray(upright(pixels_of(image))[0][:, :, ::-1])
    except Illegible:
        # What is known of such a page is the scanner's own text, placed on the page as it is.
        return image


def _pdf_page(body: bytes, uri: str, number: int) -> tuple[Image.Image, float]:
    limits = paged_settings("pdf")
    try:
        file = PdfFile(body)
    except (Damaged, Stopped):
        _unreadable(uri)
    try:
        read = file.page(number - 1, limits["characters"], limits["objects"]) if 0 < number <= file.count else None
        if read is None:
            _no_page(uri, number)
        whole = (0.0, 0.0, read.content.width, read.content.height)
        scale = min(limits["dpi"] / 72, math.sqrt(limits["pixels"] / max(whole[2] * whole[3], 1.0)))
        drawn = file.picture(number - 1, read.quarter, whole, scale)
        if drawn is None:
            _unreadable(uri)
    except Stopped:
        _unreadable(uri)
    finally:
        file.close()
    image = Image.frombytes("RGB", drawn[:2], drawn[2])
    # Pages without text of their own were turned upright before they were read.
    return (_upright(image) if read.seen - read.unreadable < limits["few_characters"] else image), scale


def _unreadable(uri: str) -> NoReturn:
    refuse(uri, "PDF 文件已损坏、设有口令或过于庞大，无法截图", "重新下载后重试")


def _no_page(uri: str, number: int) -> NoReturn:
    refuse(uri, f"没有第 {number} 页", "核对页码")
