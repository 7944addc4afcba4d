"""Opening a DOCX without trusting it."""

from __future__ import annotations

from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from lxml import etree

from crawler.readers.drafts import refuse
from crawler.readers.packages import BROKEN, open_package

_SAVE_AS = "用 Word 或 WPS 打开后另存为 DOCX 再试"


def open_word(body: bytes, uri: str) -> WordDocument:
    """The document in ``body``. Raises UnusableInput with one clear line where it cannot be opened."""
    names = open_package(body, uri, "Word 文档", _SAVE_AS, whole=True).names
    if "[Content_Types].xml" not in names or not any(name.startswith("word/") for name in names):
        refuse(uri, "是 ZIP 压缩包，不是 Word 文档", _SAVE_AS)
    try:
        document = Document(BytesIO(body))
    except etree.XMLSyntaxError:
        refuse(uri, "Word 文档内部结构有误或嵌套过深，无法读取", _SAVE_AS)
    except (OpcError, KeyError, ValueError, AttributeError, IndexError, TypeError):
        # python-docx answers to odd packages with whatever breaks first.
        refuse(uri, "不是有效的 Word 文档", _SAVE_AS)
    except BROKEN:
        refuse(uri, "Word 文档已损坏或加密，无法解压", f"检查文件是否完整、是否加密，{_SAVE_AS}")
    root = document.element
    if root.getroottree().docinfo.internalDTD is not None:
        refuse(uri, "Word 文档内含外部实体声明，存在安全风险，已拒绝读取", _SAVE_AS)
    # Of another root python-docx knows no body.
    if getattr(root, "body", None) is None:
        refuse(uri, "Word 文档没有正文", _SAVE_AS)
    return document
