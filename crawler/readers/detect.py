"""What a resource really is: by its content first, then by its name, then by its media type."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Literal
from urllib.parse import unquote, urlsplit

from crawler.errors import UnusableInput
from crawler.readers.drafts import MAX_BYTES, READABLE, refuse
from crawler.readers.ole import MAGIC, OleKind, ole_kind
from crawler.readers.packages import BROKEN
from crawler.words import load

Kind = Literal[
    "html", "text", "markdown", "docx", "pdf", "ofd", "xlsx", "xls", "csv", "doc", "wps", "rtf", "wordml", "image",
]  # fmt: skip

Form = Literal["doc", "wps", "rtf", "wordml"]

# File signatures (magic numbers), with the name a user knows the file by.
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "pdf", " PDF 文件"),
    (b"\x89PNG", "image", "图片"),
    (b"\xff\xd8\xff", "image", "图片"),
    (b"GIF8", "image", "图片"),
    (b"II*\x00", "image", "图片"),
    (b"MM\x00*", "image", "图片"),
    (MAGIC, "ole", "旧版 Office 文件（DOC、XLS、WPS）或加密文件"),
    (b"Rar!", "rar", " RAR 压缩包"),
    (b"7z\xbc\xaf", "7z", " 7z 压缩包"),
    (b"\x1f\x8b", "gzip", " GZIP 压缩包"),
    (b"{\\rtf", "rtf", " RTF 文件"),
)
# What LibreOffice converts, by kind.
FORMS: dict[Kind, Form] = {"doc": "doc", "wps": "wps", "rtf": "rtf", "wordml": "wordml"}
# What of these is read.
_READ: dict[str, Kind] = {"pdf": "pdf", "rtf": "rtf", "image": "image"}
_PACKED: dict[str, Kind] = {"docx": "docx", "ofd": "ofd", "xlsx": "xlsx"}
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_ENDINGS: dict[str, Kind] = {
    "html": "html", "htm": "html", "shtml": "html", "xhtml": "html", "jsp": "html", "jspx": "html", "asp": "html",
    "aspx": "html", "php": "html", "do": "html", "txt": "text", "md": "markdown", "markdown": "markdown",
    "docx": "docx", "csv": "csv", "tsv": "csv", "xls": "csv",
}  # fmt: skip
_MEDIA: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "text/markdown": "markdown",
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
_ROOT = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_TAG = re.compile(rb"<(?:/?[a-z][a-z0-9]*[\s/>]|!doctype|!--)", re.IGNORECASE)
_MARKUP = re.compile(rb"<(?:p|div|table|span|br|td|meta|title|a|h[1-6])[\s/>]", re.IGNORECASE)
# BMP and WEBP: the signature alone would fit a text.
_PICTURE = re.compile(rb"BM.{4}\0{4}|RIFF.{4}WEBP", re.DOTALL)
# Programs put up to 1024 bytes before the mark (ISO 32000-1, implementation note on the file header).
_PDF = re.compile(rb"[^<]{0,1024}?%PDF-", re.DOTALL)
# Office 2003 saves XML in one file; its HTML export names the same programs, but in a page.
_WORD_XML = b"schemas.microsoft.com/office/word/2003/wordml"
_EXCEL_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
# A page with its pictures in one file (RFC 2557), as Word and browsers save it; and drawings. Both look like pages.
_ONE_FILE = re.compile(rb"(?:[\w-]+:[^\n]*\n|[ \t][^\n]*\n)*?MIME-Version:[^\0]*?multipart/", re.IGNORECASE)
_DRAWING = re.compile(rb"(?:\s|<[?!][^>]*>)*<svg[\s>]", re.IGNORECASE)
_HEAD = 4096
# A directory of a ZIP that is larger than this is not taken apart to find out what the ZIP is.
_DIRECTORY = 2 * 1024 * 1024
_ENOUGH_MARKUP = 3


def _zip_media(body: bytes, uri: str) -> tuple[str, str]:
    """What a ZIP is, and its name, by the names of its entries."""
    names = _zip_names(body)
    if _holds(names, "word/") or _ending(uri) == "docx":
        return "docx", " Word 文档"
    if _holds(names, "OFD.xml"):
        return "ofd", " OFD 文件"
    if _holds(names, "xl/"):
        return "xlsx", " Excel 工作簿"
    return ("pptx", "演示文稿") if _holds(names, "ppt/") else ("zip", " ZIP 压缩包")


def _zip_names(body: bytes) -> list[str] | bytes:
    """Names of the entries; where the directory is damaged or very large the bytes that should hold it."""
    end = body.rfind(b"PK\x05\x06", -66_000)
    if end >= 0 and int.from_bytes(body[end + 12 : end + 16], "little") <= _DIRECTORY:
        try:
            return zipfile.ZipFile(BytesIO(body)).namelist()
        except BROKEN:
            pass
    return body[-1024 * 1024 :] + body[:_HEAD]


def _holds(names: list[str] | bytes, start: str) -> bool:
    """Whether an entry stands in a folder, or bears a name, at the top of the archive."""
    return start.encode() in names if isinstance(names, bytes) else any(name.startswith(start) for name in names)


def media_of(body: bytes, uri: str, media_type: str) -> str:
    """What ``body`` is, readable or not, by its content first: html, text, docx, pdf, ole, zip …; "" for nothing."""
    for signature, name, _ in _SIGNATURES:
        if body.startswith(signature):
            return (ole_kind(body) or name) if name == "ole" else name
    if _PICTURE.match(body):
        return "image"
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


def misnamed(kind: Kind, uri: str) -> str:
    """A note where the name of a file tells another format than its bytes; "" where it does not."""
    known = load("document")["formats"]
    ending = _ending(uri)
    if kind in known["endings"].get(ending, (kind,)):
        return ""
    return f"文件名以 .{ending} 结尾，内容却是{known['names'][kind]}，按内容读取"


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
    for signature, name, what in _SIGNATURES:
        if body.startswith(signature) or (name == "pdf" and _PDF.match(body)):
            if name in _READ:
                return _READ[name]
            if name == "ole":
                return _ole(ole_kind(body), uri, what)
            refuse(uri, f"是{what}，本版本还不能读取", f"改用 {READABLE} 格式")
    if _PICTURE.match(body):
        return "image"
    if body[:4] in _ZIPS:
        media, what = _zip_media(body, uri)
        if media in _PACKED:
            return _PACKED[media]
        if media == "zip":
            refuse(uri, "是 ZIP 压缩包，不是一份文档", "解压后逐份提供")
        refuse(uri, f"是{what}，本版本还不能读取", f"改用 {READABLE} 格式")
    if _ONE_FILE.match(body[:_HEAD]):
        refuse(uri, "是单文件网页（MHT），不能读取", "用浏览器、Word 或 WPS 打开后另存为 HTML 或 DOCX 再试")
    if _DRAWING.match(body[:_HEAD]):
        refuse(uri, "是矢量图（SVG），不能读取", "另存为 PNG 图片或 PDF 后重试")
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
    if _WORD_XML in head:
        return "wordml"
    if _EXCEL_XML in head:
        refuse(uri, "是 XML 格式的 Excel 表格（2003），不能读取", "用 Excel 或 WPS 打开后另存为 XLSX 再试")
    stated = by_name or by_media
    if stated == "html" and not _TAG.search(body):
        return "text"
    # Programs save pages with a table under the name of a sheet.
    if stated == "csv" and len(_MARKUP.findall(head)) >= _ENOUGH_MARKUP:
        return "html"
    if stated:
        return stated
    return "html" if len(_MARKUP.findall(body[: 1024 * 1024])) >= _ENOUGH_MARKUP else "text"


def _ole(kind: OleKind, uri: str, what: str) -> Kind:
    """The kind of an OLE file; WPS writes the format of Word."""
    if kind == "doc":
        return "wps" if _ending(uri) == "wps" else "doc"
    if kind == "xls":
        return "xls"
    if kind == "encrypted":
        refuse(uri, "Office 文件设有打开密码，已加密，无法读取", "去掉密码后重试")
    if kind == "ppt":
        refuse(uri, "是演示文稿，本版本还不能读取", f"改用 {READABLE} 格式")
    refuse(uri, f"是{what}，内容已损坏或无法识别", f"用 Word、Excel 或 WPS 打开后另存为 {READABLE} 格式")
