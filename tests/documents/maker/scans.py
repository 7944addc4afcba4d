"""Scans of made reports: printed pages as pictures, turned a little, blurred, with noise, packed as JPEG."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pypdfium2
from PIL import Image


@dataclass(frozen=True)
class Wear:
    """What a scanner does: degrees of turn (counter-clockwise), blur (sigma in pixels), noise (sigma of 255)."""

    turn: float = 0.7
    blur: float = 0.6
    noise: float = 6.0
    quality: int = 70
    dpi: int = 150


def wear_of(seed: int) -> Wear:
    """The wear of report number ``seed``: turned by 0.4 to 1.0 degrees to either side."""
    draw = np.random.default_rng(seed)
    side = -1 if seed % 2 else 1
    return Wear(turn=side * float(draw.uniform(0.4, 1.0)))


def scans(pdf: bytes, wear: Wear, seed: int, only: Sequence[int] | None = None) -> list[Image.Image]:
    """The pages of ``pdf``, or those with the numbers ``only`` (from 0), as a scanner gives them for this seed."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        wanted = range(len(document)) if only is None else only
        return [worn(document[n].render(scale=wear.dpi / 72).to_pil(), wear, seed + n) for n in wanted]
    finally:
        document.close()


def worn(image: Image.Image, wear: Wear, seed: int) -> Image.Image:
    """One page, in the colours of a scanner: grey paper, ink that is not quite black."""
    pixels = np.asarray(image.convert("RGB")).astype(np.float32) * (215 / 255) + 30
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), wear.turn, 1.0)
    paper = (245.0, 245.0, 245.0)
    pixels = cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=paper)
    pixels = cv2.GaussianBlur(pixels, (0, 0), wear.blur)
    noise = np.random.default_rng(seed).normal(0, wear.noise, (height, width, 1))
    return Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))


def scanned_pdf(pages: list[Image.Image], wear: Wear) -> bytes:
    """A PDF file that holds nothing but ``pages`` as JPEG."""
    out = io.BytesIO()
    first, *rest = pages
    first.save(out, "PDF", save_all=True, append_images=rest, resolution=wear.dpi, quality=wear.quality)
    return out.getvalue()


def encoded(image: Image.Image, form: str, wear: Wear) -> bytes:
    """One page as a picture file: PNG, JPEG, TIFF, GIF, BMP or WEBP."""
    out = io.BytesIO()
    image.save(out, form, quality=wear.quality)
    return out.getvalue()
