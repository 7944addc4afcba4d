"""Bytes to Document: one entry for all carriers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from crawler.evidence import Block, Document, Spot
from crawler.readers.bounds import bound
from crawler.readers.detect import FORMS, Kind, detect, misnamed
from crawler.readers.drafts import Draught, refuse
from crawler.readers.fields import read_fields
from crawler.readers.html import Opened, open_html, read_html
from crawler.readers.main_text import main_range, title_of
from crawler.readers.text import read_text

__all__ = ["main_pictures", "read"]

Fetch = Callable[[str], bytes | None]


def read(
    body: bytes,
    *,
    uri: str,
    media_type: str = "",
    record: str = "",
    digest: str = "",
    pictures: Fetch | None = None,
    recognise: bool = True,
) -> Document:
    """Read one resource. Raises UnusableInput with one clear line where nothing can be read.

    ``media_type`` is the Content-Type as the server sent it, charset included; it counts less than what the
    bytes and the name say. ``digest`` is ``sha256:<hex>`` of ``body`` and is computed where it is not given.
    ``pictures`` gives the bytes of a picture of a page by its address, None where they are not at hand: what it says
    is read behind its place. Pictures inside a DOCX are read without it. Without ``recognise`` no characters are
    recognised: scanned pages and pictures stay unread, and a note says so.
    """
    kind = detect(body, uri, media_type)
    try:
        page = _draught(kind, body, uri, media_type, recognise=recognise)
        if kind == "html" and pictures is not None and recognise:
            from crawler.readers.ocr.pictures import with_pictures

            with_pictures(page, pictures)
    except (RecursionError, MemoryError):
        refuse(uri, "文件结构过于庞大，超出读取限度", "拆分或简化文件后重试")
    if note := misnamed(kind, uri):
        page.notes.append(note)
    digest = digest or f"sha256:{hashlib.sha256(body).hexdigest()}"
    return _document(page, uri, record, digest, recognised=recognise)


def main_pictures(opened: Opened) -> list[str]:
    """Addresses of the pictures in the main text of a page, each once, in their order."""
    page = read_html(opened)
    start, end = main_range(page)
    shown = (draft.href for draft in page.drafts[start:end] if draft.kind == "picture" and not draft.chrome)
    return list(dict.fromkeys(href for href in shown if href))


def _draught(kind: Kind, body: bytes, uri: str, media_type: str, *, recognise: bool) -> Draught:
    """The reader of a kind. Those of files are loaded where they are needed: most resources are pages."""
    if kind == "html":
        return read_html(open_html(body, uri, media_type))
    if kind == "docx":
        # Imported where it is needed, as all below: python-docx takes as long to load as all our text readers.
        from crawler.readers.word import read_docx

        return read_docx(body, uri, recognise=recognise)
    if kind == "pdf":
        from crawler.readers.pdf import read_pdf

        return read_pdf(body, uri, recognise=recognise)
    if kind == "ofd":
        from crawler.readers.ofd import read_ofd

        return read_ofd(body, uri, recognise=recognise)
    if kind in ("xlsx", "xls", "csv"):
        from crawler.readers.sheets import read_csv, read_xls, read_xlsx

        if kind == "csv":
            return read_csv(body, uri, media_type)
        return read_xlsx(body, uri) if kind == "xlsx" else read_xls(body, uri)
    if kind == "image":
        from crawler.readers.ocr.pictures import read_picture

        return read_picture(body, uri, recognise=recognise)
    if kind in FORMS:
        from crawler.readers.converted import read_converted

        return read_converted(body, uri, FORMS[kind], recognise=recognise)
    return read_text(body, uri, media_type, markdown=kind == "markdown")


def _document(page: Draught, uri: str, record: str, digest: str, *, recognised: bool) -> Document:
    bound(page)
    start, end = main_range(page)
    title, title_block = title_of(page, (start, end))
    fields = read_fields(page.drafts, (start, end), title_block)
    # Title, metadata and date line belong to the main text even where chrome stands between.
    lead = [f.spot.block for f in fields] + ([title_block] if title_block >= 0 else [])
    start = min([start, *(block for block in lead if block < end)])
    if page.carrier not in ("html", "docx", "doc", "wps") and not page.title:
        title = next((f.value for f in fields if f.name == "title" and f.value), title)
    if not page.drafts:
        page.notes.append("没有看到任何文字、表格或图片")
    blocks = tuple(
        Block(
            d.kind, d.text, Spot(i, 0, len(d.text), selector=d.selector, page=d.page, box=d.box), d.level, d.table,
            d.href, d.confidence,
        )
        for i, d in enumerate(page.drafts)
    )  # fmt: skip
    return Document(
        record, digest, uri, page.carrier, page.encoding, title, blocks, (start, end), tuple(fields), page.tags,
        tuple(page.notes), recognised, page.omitted,
    )  # fmt: skip
