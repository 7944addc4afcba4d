"""Character recognition: scanned pages and pictures. Needs the extra ``ocr``; importing this package does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

    from crawler.readers.ocr.effort import Effort
    from crawler.readers.paged import PageContent


def page_of_image(image: Image.Image, number: int, effort: Effort | None = None) -> PageContent | None:
    """What stands on a picture of a page, turned upright, in its pixels; None where there is no text.

    ``effort``: what recognition may still do for the file. Raises Spent where that does not suffice, Illegible where
    next to nothing can be made out, ImportError where the extra is not installed.
    """
    from crawler.readers.ocr.page import page_of_image as read

    return read(image, number, effort)
