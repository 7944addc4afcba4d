"""Opening a DOCX without trusting it."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from lxml import etree

from crawler.readers.drafts import refuse

MAX_ENTRIES = 5_000
MAX_TOTAL = 200 * 1024 * 1024
# A Word file shrinks to a tenth or so; beyond this ratio, and not small, it is made to exhaust memory.
MAX_RATIO = 100
_SMALL = 10 * 1024 * 1024
_SAVE_AS = "用 Word 或 WPS 打开后另存为 DOCX 再试"
_DOCTYPES = tuple("<!DOCTYPE".encode(name) for name in ("ascii", "utf-16-le", "utf-16-be"))


def open_word(body: bytes, uri: str) -> WordDocument:
    """The document in ``body``. Raises UnusableInput with one clear line where it cannot be opened."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as package:
            _guard(package, len(body), uri)
        document = Document(BytesIO(body))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        refuse(uri, "Word 文档已损坏或加密，无法解压", f"检查文件是否完整、是否加密，{_SAVE_AS}")
    except etree.XMLSyntaxError:
        refuse(uri, "Word 文档内部结构有误或嵌套过深，无法读取", _SAVE_AS)
    except (OpcError, KeyError, ValueError, AttributeError, IndexError, TypeError):
        # python-docx answers to odd packages with whatever breaks first.
        refuse(uri, "不是有效的 Word 文档", _SAVE_AS)
    if document.element.body is None:
        refuse(uri, "Word 文档没有正文", _SAVE_AS)
    return document


def _guard(package: zipfile.ZipFile, size: int, uri: str) -> None:
    entries = package.infolist()
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or total > MAX_TOTAL or (total > _SMALL and total > MAX_RATIO * size):
        refuse(
            uri,
            f"Word 文档解压后过大（{len(entries)} 个部件，{total / 1024 / 1024:.0f} MB），疑似压缩炸弹",
            "删去多余内容或另存后重试",
        )
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or not any(name.startswith("word/") for name in names):
        refuse(uri, "是 ZIP 压缩包，不是 Word 文档", _SAVE_AS)
    for entry in entries:
        if entry.flag_bits & 0x1:
            refuse(uri, "Word 文档已加密，无法读取", "去掉密码后重试")
        # No Word file declares document types; one that does is out to expand entities.
        if entry.filename.lower().endswith((".xml", ".rels")):
            with package.open(entry) as stream:
                head = stream.read(4096)
            if any(mark in head for mark in _DOCTYPES):
                refuse(uri, "Word 文档内含外部实体声明，存在安全风险，已拒绝读取", _SAVE_AS)
