"""Picture files to pages of pixels, within limits: forms, sizes, frames; turned as their camera says."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from crawler.readers.drafts import refuse
from crawler.readers.ocr.settings import settings

# What Pillow answers to pictures that are cut, damaged or made to exhaust memory.
_BROKEN = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, OverflowError,
    ZeroDivisionError, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip
_REMEDY = "重新下载或另存为 PNG、JPEG 后重试"


def opened(body: bytes, uri: str) -> Image.Image:
    """The picture, its size known, nothing unpacked. Raises UnusableInput where it is none or too large."""
    limits = settings("pictures")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(body), formats=limits["forms"])
            if image.format == "PNG":
                # Pillow draws damaged pixels without a word; the sums of a PNG are checked only on demand.
                Image.open(BytesIO(body), formats=["PNG"]).verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        refuse(uri, "图片像素过多，疑似压缩炸弹", "缩小图片后重试")
    except _BROKEN:
        refuse(uri, "图片已损坏，或不是能读的格式", _REMEDY)
    _within(image, uri)
    return image


def _within(image: Image.Image, uri: str) -> None:
    most = settings("pictures")["pixels"]
    if image.width * image.height > most:
        size = f"{image.width} × {image.height}"
        refuse(uri, f"图片有 {size} 像素，超过 {most // 1_000_000} 百万像素的上限", "缩小图片后重试")


def frames(image: Image.Image, uri: str) -> Iterator[Image.Image]:
    """The pages of a picture file: those of a TIFF, else the first frame. Raises UnusableInput where it is damaged."""
    limits = settings("pictures")
    try:
        for number in range(min(page_count(image), limits["pages"])):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                image.seek(number)
                _within(image, uri)
                image.load()
                page = _sized(ImageOps.exif_transpose(image) or image)
            yield page
    except _BROKEN:
        refuse(uri, "图片已损坏或不完整", _REMEDY)


def page_count(image: Image.Image) -> int:
    """How many pages a picture file has."""
    if image.format != "TIFF":
        return 1
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return int(getattr(image, "n_frames", 1))
    except _BROKEN:
        return 1


def _sized(image: Image.Image) -> Image.Image:
    """The frame, made smaller where it has more pixels than recognition needs."""
    most = settings("pictures")["recognised_pixels"]
    over = image.width * image.height / most
    if image.mode not in ("RGB", "L"):
        image = image.convert("RGBA") if "transparency" in image.info or image.mode in ("LA", "PA") else image
    if over > 1:
        size = (max(int(image.width / over**0.5), 1), max(int(image.height / over**0.5), 1))
        image = image.convert("RGBA" if image.mode == "RGBA" else "RGB").resize(size, Image.Resampling.LANCZOS)
    return image
