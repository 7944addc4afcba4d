"""Bytes to text as browsers do it, with the Chinese habits of mislabelled pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

from crawler.readers.drafts import READABLE, refuse
from crawler.readers.spaces import CONTROLS, INVISIBLE, clean

# A Chinese page in one of these is mislabelled by its server, not written in it.
_WESTERN = frozenset({"ascii", "cp1252", "iso8859-1", "latin-1"})
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_RARE = f"{CONTROLS}\x7f".encode()
# Shares of a text: so many wrong bytes are slips of a page, more of them are another encoding or no text at all.
_SLIPS = 0.002
_NO_TEXT = 0.02


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the same in UTF-8 for what reads bytes, and the name of the encoding that it came in."""

    text: str
    utf8: bytes
    encoding: str
    notes: tuple[str, ...] = ()


def _declared(body: bytes, media_type: str, is_html: bool) -> list[str]:
    """Encodings that the server and the page state, in the browser's order."""
    named = [http_content_type_encoding(media_type) if media_type else None]
    if is_html:
        named.append(html_body_declared_encoding(body[:8192]))
    found = [name for name in named if name and resolve_encoding(name)]
    return [name for name in found if name not in _WESTERN and not name.startswith("utf-16")]


def _wrong(text: str) -> float:
    return text.count("\ufffd") / max(len(text), 1)


def _choose(body: bytes, declared: list[str]) -> tuple[str, str]:
    for name in declared:
        text = body.decode(name, "replace")
        if _wrong(text) <= _SLIPS:
            return text, name
    utf8 = body.decode("utf-8", "replace")
    if _wrong(utf8) <= _SLIPS:
        return utf8, "utf-8"
    tried = [(body.decode(name, "replace"), name) for name in ("gb18030", *declared)]
    return min([*tried, (utf8, "utf-8")], key=lambda pair: _wrong(pair[0]))


def _text(body: bytes, media_type: str, *, is_html: bool) -> tuple[str, bytes, str]:
    """Text of ``body``, that in UTF-8, and its encoding."""
    bom, _ = read_bom(body)
    if bom:
        text, name = body.decode(bom, "replace"), bom
    else:
        try:
            return body.decode("utf-8"), body, "utf-8"
        except UnicodeDecodeError:
            text, name = _choose(body, _declared(body, media_type, is_html))
    return text, text.encode("utf-8", "replace"), name


def decode(body: bytes, uri: str, media_type: str, *, is_html: bool) -> Decoded:
    """Text of ``body``, control and invisible characters taken out. Raises UnusableInput where it is no text."""
    text, utf8, name = _text(body, media_type, is_html=is_html)
    wrong = text.count("\ufffd")
    # Few texts hold control characters, and bytes are gone over ten times as fast as characters.
    has_controls = len(utf8.translate(None, _RARE)) < len(utf8)
    controls = len(_CONTROLS.findall(text)) if has_controls else 0
    if (wrong + controls) / max(len(text), 1) > _NO_TEXT or (has_controls and "\0" in text and not is_html):
        refuse(uri, "内容不是文字，无法识别编码", f"确认文件没有损坏，并改用 {READABLE} 格式")
    notes = []
    if wrong:
        notes.append(f"有 {wrong} 处字节不能按 {name} 解码，显示为替代字符")
    if controls:
        notes.append(f"去掉了 {controls} 个控制字符")
    if has_controls or any(mark in text for mark in INVISIBLE):
        text = clean(text)
        utf8 = text.encode("utf-8", "replace")
    return Decoded(text, utf8, name, tuple(notes))
