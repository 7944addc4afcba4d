"""DOCX to drafts."""

from __future__ import annotations

from functools import partial

from docx.document import Document as WordDocument

from crawler.readers.drafts import Draught
from crawler.readers.word.body import BodyReader
from crawler.readers.word.package import open_word


def read_docx(body: bytes, uri: str, *, recognise: bool = True) -> Draught:
    """Drafts of a Word document; without ``recognise`` its pictures stay unread.

    Raises UnusableInput where it is none, is damaged or breaks the limits.
    """
    document = open_word(body, uri)
    reader = BodyReader(document, uri)
    page = Draught("docx", "utf-8", reader.run(), notes=reader.notes)
    if any(draft.kind == "picture" for draft in page.drafts):
        # Loaded where it is needed: most documents hold text.
        from crawler.readers.ocr.pictures import with_pictures

        with_pictures(page, partial(_picture, document), recognise=recognise)
    return page


def _picture(document: WordDocument, target: str) -> bytes | None:
    """The bytes of a picture inside the document by the target of its relation."""
    for relation in document.part.rels.values():
        if not relation.is_external and relation.target_ref == target:
            return bytes(relation.target_part.blob)
    return None
