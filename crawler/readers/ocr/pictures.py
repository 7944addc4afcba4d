"""Pictures as documents, and pictures that stand in documents."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace

from crawler.errors import UnusableInput
from crawler.readers.drafts import Draft, Draught, Omission, refuse
from crawler.readers.ocr.recognition import INSTALL, NO_TEXT, NOT_ASKED, Recognition
from crawler.readers.ocr.settings import settings
from crawler.readers.paged import PageContent, drafts_of_pages

Fetch = Callable[[str], bytes | None]


def installed() -> bool:
    """Whether the extra for recognition is there."""
    try:
        importlib.import_module("crawler.readers.ocr.engine")
    except ImportError:
        return False
    return True


def read_picture(body: bytes, uri: str, *, recognise: bool = True) -> Draught:
    """Drafts of a picture file, one page for each page of a TIFF. Boxes are in pixels of the upright page.

    Without ``recognise`` it is one picture, unread.
    Raises UnusableInput where it is damaged, too large, or recognition is not installed.
    """
    from crawler.readers.ocr.opening import frames, opened

    # What is no picture is refused at once: recognition takes a second to load.
    with opened(body, uri) as image:
        next(frames(image, uri))
    if not recognise:
        return Draught("image", "", [Draft("picture", "", "page 1", href=uri, page=1)], notes=[f"图片{NOT_ASKED}"])
    if not installed():
        refuse(uri, "是图片，读取它要用文字识别组件，尚未安装", f"先运行 {INSTALL} 再重试")
    draught = Draught("image", "", [])
    draught.drafts = _read(body, uri, draught.notes, Recognition())
    return draught


def _read(body: bytes, uri: str, notes: list[str], recognition: Recognition) -> list[Draft]:
    from crawler.readers.ocr.opening import frames, opened, page_count

    pages: list[PageContent] = []
    unread: list[Draft] = []
    with opened(body, uri) as image:
        count = page_count(image)
        for number, frame in enumerate(frames(image, uri), 1):
            content, why = recognition.read(frame, number)
            if why:
                notes.append(f"第 {number} 页图片{why}" if count > 1 else f"图片{why}")
            if content is not None:
                pages.append(content)
                continue
            box = (0.0, 0.0, float(frame.width), float(frame.height))
            unread.append(Draft("picture", "", f"page {number}", href=uri, page=number, box=box))
    if count > settings("pictures")["pages"]:
        notes.append(Omission(f"图片共 {count} 页，只读取了前 {settings('pictures')['pages']} 页"))
    return sorted(drafts_of_pages(pages, notes) + unread, key=lambda draft: draft.page or 0)


def with_pictures(draught: Draught, fetch: Fetch, *, recognise: bool = True) -> None:
    """Put what the pictures of a document say right behind each of them, and say which were not read.

    ``fetch`` gives the bytes of a picture by its ``href``, None where they are not at hand. Pictures too small to hold
    a table or text are passed over. Without ``recognise`` none is read.
    """
    limits = settings("pictures")
    found: list[Draft] = []
    missing = failed = left = partly = 0
    room: int = limits["embedded"]
    recognition = Recognition(recognise)
    for draft in draught.drafts:
        found.append(draft)
        if draft.kind != "picture" or not draft.href:
            continue
        body = fetch(draft.href)
        if body is None or not large_enough(body, draft.href):
            continue
        if not recognise:
            left += 1
        elif not installed():
            missing += 1
        elif room <= 0 or recognition.refused:
            failed += 1
        else:
            room -= 1
            inner, whole = _inner(body, draft, recognition)
            failed += inner is None
            partly += inner is not None and not whole
            found += inner or []
    draught.drafts = found
    if missing:
        draught.notes.append(f"有 {missing} 张图片未读取：未安装文字识别组件，请先运行 {INSTALL}")
    if left:
        draught.notes.append(f"有 {left} 张图片{NOT_ASKED}")
    if partly:
        draught.notes.append(Omission(f"有 {partly} 张图片只读取了一部分：其余文字过密或无法读取，请由人核对原件"))
    if failed:
        draught.notes.append(f"有 {failed} 张图片未读取：图片损坏、过大、字迹大多无法辨认，或识别量超过一份文件的限度")


def _inner(body: bytes, outer: Draft, recognition: Recognition) -> tuple[list[Draft] | None, bool]:
    """What a picture says, [] where that is no document's text, None where it cannot be read; whether that is all."""
    notes: list[str] = []
    try:
        drafts = _read(body, outer.href, notes, recognition)
    except UnusableInput:
        return None, False
    read = [draft for draft in drafts if draft.kind != "picture"]
    whole = all(note.endswith(NO_TEXT) for note in notes)
    if not read and not whole:
        return None, False
    tables = any(draft.table is not None for draft in read)
    if not tables and sum(len(draft.text) for draft in read) < settings("pictures")["characters"]:
        return [], True
    return [
        replace(draft, selector=f"{outer.selector}/{draft.selector}", parent=outer.parent, content=outer.content,
                chrome=outer.chrome or draft.chrome)
        for draft in read
    ], whole  # fmt: skip


def large_enough(body: bytes, uri: str) -> bool:
    """Whether a picture could hold a table or text; what cannot be opened here might."""
    from crawler.readers.ocr.opening import opened

    least = settings("pictures")["sides"]
    try:
        with opened(body, uri) as image:
            return bool(image.width >= least[0] and image.height >= least[1])
    except UnusableInput:
        return True
