"""One PDF file opened by pdfium: what stands on each page, and pictures of its pages."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2

from crawler.evidence import Box
from crawler.readers.paged import PageContent, Word
from crawler.readers.paged.model import settings
from crawler.readers.pdf.chars import glyphs_of, words_of
from crawler.readers.pdf.drawing import drawing_of
from crawler.readers.pdf.place import Place
from crawler.readers.spaces import collapse


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page as the file says it, upright.

    ``content`` holds what is seen, ``layer`` the invisible words that scanners lay under a picture, ``pictures`` all
    pictures. ``seen`` counts the visible characters, ``unreadable`` those of them without a meaning, ``slanted`` those
    that stand askew; ``characters`` and ``objects`` are what was looked at, ``cut``: there was more. ``quarter`` is
    how many quarters clockwise the page was turned to be upright.
    """

    content: PageContent
    layer: list[Word]
    pictures: list[Box]
    seen: int
    unreadable: int
    slanted: int
    characters: int
    objects: int
    cut: bool
    quarter: int


class Pages:
    """A PDF file. Raises pypdfium2.PdfiumError where it cannot be opened."""

    def __init__(self, body: bytes) -> None:
        self._pdf = pypdfium2.PdfDocument(body)
        self.count = len(self._pdf)
        self.title = collapse(self._pdf.get_metadata_dict(skip_empty=True).get("Title", ""))

    def close(self) -> None:
        self._pdf.close()

    def page(self, index: int, characters: int, objects: int) -> PageRead | None:
        """Page ``index`` (from 0), within so many characters and objects; None where it is damaged."""
        try:
            page = self._pdf[index]
        except pypdfium2.PdfiumError:
            return None
        try:
            return self._read(page, index + 1, characters, objects)
        except pypdfium2.PdfiumError:
            return None
        finally:
            page.close()

    def _read(self, page: pypdfium2.PdfPage, number: int, characters: int, objects: int) -> PageRead:
        textpage = page.get_textpage()
        count = max(textpage.count_chars(), 0)
        glyphs = glyphs_of(textpage, min(count, characters))
        textpage.close()
        turn = glyphs.quarter
        quarter = page.get_rotation() // 90 % 4 if turn is None else turn
        place = Place(page.get_bbox(), quarter)
        drawing = drawing_of(page, place, objects)
        seen = [g for g in glyphs.found if not g.hidden]
        layer = [g for g in glyphs.found if g.hidden]
        width, height = place.size
        return PageRead(
            PageContent(number, width, height, words_of(seen, place), drawing.rules),
            words_of(layer, place, settings("pdf")["layer_confidence"]),
            drawing.pictures,
            sum(g.char != " " for g in seen),
            glyphs.unreadable,
            glyphs.slanted,
            count,
            drawing.seen,
            drawing.cut or count > characters,
            quarter,
        )

    def picture(self, index: int, quarter: int, box: Box, scale: float) -> tuple[int, int, bytes] | None:
        """Width, height and RGB bytes of ``box`` on the upright page ``index``; None where it cannot be drawn."""
        try:
            page = self._pdf[index]
            width, height = Place(page.get_bbox(), quarter).size
            crop = (box[0], height - box[3], width - box[2], box[1])
            rotation = (quarter - page.get_rotation() // 90) % 4 * 90
            image = page.render(scale=scale, rotation=rotation, crop=crop).to_pil().convert("RGB")
            page.close()
        except (pypdfium2.PdfiumError, ValueError):
            return None
        return image.width, image.height, image.tobytes()
