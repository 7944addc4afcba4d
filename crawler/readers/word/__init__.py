"""DOCX to drafts."""

from __future__ import annotations

from crawler.readers.drafts import Draught
from crawler.readers.word.body import BodyReader
from crawler.readers.word.package import open_word


def read_docx(body: bytes, uri: str) -> Draught:
    """Drafts of a Word document. Raises UnusableInput where it is none, is damaged or breaks the limits."""
    document = open_word(body, uri)
    reader = BodyReader(document, uri)
    drafts = reader.run()
    return Draught("docx", "utf-8", drafts, notes=reader.notes)
