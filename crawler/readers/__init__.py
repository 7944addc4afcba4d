"""Bytes to Document: one entry for all carriers."""

from __future__ import annotations

import hashlib

from crawler.evidence import Block, Document, Spot
from crawler.readers.detect import detect
from crawler.readers.drafts import Draught, refuse
from crawler.readers.fields import read_fields
from crawler.readers.html import open_html, read_html
from crawler.readers.main_text import main_range, title_of
from crawler.readers.text import read_text

__all__ = ["read"]


def read(body: bytes, *, uri: str, media_type: str = "", record: str = "", digest: str = "") -> Document:
    """Read one resource. Raises UnusableInput with one clear line where nothing can be read.

    ``media_type`` is the Content-Type as the server sent it, charset included; it counts less than what the
    bytes and the name say. ``digest`` is ``sha256:<hex>`` of ``body`` and is computed where it is not given.
    """
    kind = detect(body, uri, media_type)
    try:
        if kind == "docx":
            # Imported where it is needed: python-docx takes as long to load as all our other readers.
            from crawler.readers.word import read_docx

            page = read_docx(body, uri)
        elif kind == "html":
            page = read_html(open_html(body, uri, media_type))
        else:
            page = read_text(body, uri, media_type, markdown=kind == "markdown")
    except (RecursionError, MemoryError):
        refuse(uri, "文件结构过于庞大，超出读取限度", "拆分或简化文件后重试")
    return _document(page, uri, record, digest or f"sha256:{hashlib.sha256(body).hexdigest()}")


def _document(page: Draught, uri: str, record: str, digest: str) -> Document:
    start, end = main_range(page)
    title, title_block = title_of(page, (start, end))
    fields = read_fields(page.drafts, (start, end), title_block)
    # Title, metadata and date line belong to the main text even where chrome stands between.
    lead = [f.spot.block for f in fields] + ([title_block] if title_block >= 0 else [])
    start = min([start, *(block for block in lead if block < end)])
    if page.carrier not in ("html", "docx") and not page.title:
        title = next((f.value for f in fields if f.name == "title" and f.value), title)
    if not page.drafts:
        page.notes.append("没有看到任何文字、表格或图片")
    blocks = tuple(
        Block(d.kind, d.text, Spot(i, 0, len(d.text), selector=d.selector), d.level, d.table, d.href)
        for i, d in enumerate(page.drafts)
    )
    return Document(
        record, digest, uri, page.carrier, page.encoding, title, blocks, (start, end), tuple(fields), page.tags,
        tuple(page.notes),
    )  # fmt: skip
