"""Bytes to text as browsers do it, with the Chinese habits of mislabelled pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

from crawler.readers.drafts import READABLE, refuse
from crawler.readers.spaces import clean

# A Chinese page in one of these is mislabelled by its server, not written in it.
_WESTERN = frozenset({"ascii", "cp1252", "iso8859-1", "latin-1"})
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# Shares of a text: so many wrong bytes are slips of a page, more of them are another encoding or no text at all.
_SLIPS = 0.002
_NO_TEXT = 0.02


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
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
    bom, _ = read_bom(body)
    if bom:
        return body.decode(bom, "replace"), bom
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    for name in declared:
        text = body.decode(name, "replace")
        if _wrong(text) <= _SLIPS:
            return text, name
    utf8 = body.decode("utf-8", "replace")
    if _wrong(utf8) <= _SLIPS:
        return utf8, "utf-8"
    tried = [(body.decode(name, "replace"), name) for name in ("gb18030", *declared)]
    return min([*tried, (utf8, "utf-8")], key=lambda pair: _wrong(pair[0]))


def decode(body: bytes, uri: str, media_type: str, *, is_html: bool) -> Decoded:
    """Text of ``body``, control and invisible characters taken out. Raises UnusableInput where it is no text."""
    text, name = _choose(body, _declared(body, media_type, is_html))
    wrong = text.count("\ufffd")
    controls = len(_CONTROLS.findall(text))
    if (wrong + controls) / max(len(text), 1) > _NO_TEXT or ("\0" in text and not is_html):
        refuse(uri, "内容不是文字，无法识别编码", f"确认文件没有损坏，并改用 {READABLE} 格式")
    notes = []
    if wrong:
        notes.append(f"有 {wrong} 处字节不能按 {name} 解码，显示为替代字符")
    if controls:
        notes.append(f"去掉了 {controls} 个控制字符")
    return Decoded(clean(text), name, tuple(notes))
