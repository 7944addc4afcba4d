"""What a resource really is: by its content first, then by its name, then by its media type."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import unquote, urlsplit

from crawler.errors import UnusableInput
from crawler.readers.drafts import MAX_BYTES, READABLE, refuse

Kind = Literal["html", "text", "markdown", "docx"]

# File signatures (magic numbers) of what this version does not read, with the name a user knows it by.
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "pdf", " PDF 文件"),
    (b"\x89PNG", "image", "图片"),
    (b"\xff\xd8\xff", "image", "图片"),
    (b"GIF8", "image", "图片"),
    (b"II*\x00", "image", "图片"),
    (b"MM\x00*", "image", "图片"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole", "旧版 Office 文件（DOC、XLS、WPS）或加密文件"),
    (b"Rar!", "rar", " RAR 压缩包"),
    (b"7z\xbc\xaf", "7z", " 7z 压缩包"),
    (b"\x1f\x8b", "gzip", " GZIP 压缩包"),
    (b"{\\rtf", "rtf", " RTF 文件"),
)
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_ENDINGS: dict[str, Kind] = {
    "html": "html", "htm": "html", "shtml": "html", "xhtml": "html", "jsp": "html", "jspx": "html", "asp": "html",
    "aspx": "html", "php": "html", "do": "html", "txt": "text", "md": "markdown", "markdown": "markdown",
    "docx": "docx",
}  # fmt: skip
_MEDIA: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "text/markdown": "markdown",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
_ROOT = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_TAG = re.compile(rb"<(?:/?[a-z][a-z0-9]*[\s/>]|!doctype|!--)", re.IGNORECASE)
_MARKUP = re.compile(rb"<(?:p|div|table|span|br|td|meta|title|a|h[1-6])[\s/>]", re.IGNORECASE)
_HEAD = 4096
_ENOUGH_MARKUP = 3


def _zip_media(body: bytes, uri: str) -> tuple[str, str]:
    """What a ZIP is, and its name: the names of its entries stand in clear in its directory at the end."""
    directory = body[-1024 * 1024 :] + body[:_HEAD]
    if b"word/" in directory or _ending(uri) == "docx":
        return "docx", " Word 文档"
    if b"OFD.xml" in directory:
        return "ofd", " OFD 文件"
    if b"xl/" in directory:
        return "xlsx", " Excel 工作簿"
    return ("pptx", "演示文稿") if b"ppt/" in directory else ("zip", " ZIP 压缩包")


def media_of(body: bytes, uri: str, media_type: str) -> str:
    """What ``body`` is, readable or not, by its content first: html, text, docx, pdf, ole, zip …; "" for nothing."""
    for signature, name, _ in _SIGNATURES:
        if body.startswith(signature):
            return name
    if body[:4] in _ZIPS:
        return _zip_media(body, uri)[0]
    try:
        return detect(body, uri, media_type)
    except UnusableInput:
        return ""


def _ending(uri: str) -> str:
    try:
        path = unquote(urlsplit(uri).path)
    except ValueError:
        path = uri
    return path.rsplit("/", 1)[-1].rpartition(".")[2].lower()


def _wide(body: bytes) -> bytes:
    """The opening with the zero bytes of UTF-16 taken out, so that tags can be seen."""
    head = body[:_HEAD]
    return head.replace(b"\0", b"") if body[:2] in (b"\xff\xfe", b"\xfe\xff") else head


def detect(body: bytes, uri: str, media_type: str) -> Kind:
    """The kind of ``body``. Raises UnusableInput where it is nothing that can be read."""
    if len(body) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        refuse(uri, f"文件有 {len(body) / 1024 / 1024:.0f} MB，超过 {limit} MB 的上限", "拆分或删去大图片后重试")
    if not body.strip(b"\xef\xbb\xbf \t\r\n\f\0"):
        refuse(uri, "文件是空的，没有任何内容", "检查文件是否保存完整")
    for signature, _, what in _SIGNATURES:
        if body.startswith(signature):
            refuse(uri, f"是{what}，本版本还不能读取", f"改用 {READABLE} 格式")
    if body[:4] in _ZIPS:
        media, what = _zip_media(body, uri)
        if media == "docx":
            return "docx"
        refuse(uri, f"是{what}，本版本还不能读取", f"改用 {READABLE} 格式")
    by_name = _ENDINGS.get(_ending(uri))
    by_media = _MEDIA.get(media_type.partition(";")[0].strip().lower())
    head = _wide(body)
    if by_name == "docx" or (by_name is None and by_media == "docx"):
        if _ROOT.search(head):
            return "html"
        refuse(uri, "扩展名是 DOCX，内容却不是 Word 文档", "用 Word 或 WPS 另存为 DOCX 后重试")
    # A Markdown or text file may hold a table in HTML; only a document of HTML outweighs its name.
    if _ROOT.search(head) and by_name not in ("markdown", "text"):
        return "html"
    if _ROOT.match(head.lstrip(b"\xef\xbb\xbf \t\r\n\f")):
        return "html"
    stated = by_name or by_media
    if stated == "html" and not _TAG.search(body):
        return "text"
    if stated:
        return stated
    return "html" if len(_MARKUP.findall(body[: 1024 * 1024])) >= _ENOUGH_MARKUP else "text"
