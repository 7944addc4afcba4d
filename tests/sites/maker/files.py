"""Files that sites offer: forms, tables, texts in fixed layout, pictures, style sheets."""

from __future__ import annotations

import io
import zlib
from functools import cache
from typing import Any

import docx
import openpyxl
from documents.raw_pdf import raw_pdf
from PIL import Image

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSS = "body{font:14px/1.8 sans-serif;margin:0} ul{list-style:none} .list span{float:right} img{max-width:100%}"


def document(name: str, title: str, info: dict[str, Any]) -> tuple[bytes, str]:
    """Content and media type of a file by its ending."""
    ending = name.rpartition(".")[2]
    if ending == "docx":
        return _form(title, info["unit"]), _DOCX
    if ending == "xlsx":
        return _sheet(title, info["unit"]), _XLSX
    if ending == "pdf":
        return _pdf(name), "application/pdf"
    raise ValueError(f"no maker for {name}")


def assets(info: dict[str, Any]) -> dict[str, tuple[bytes, str]]:
    """Pictures and style sheets of all pages."""
    pictures = {name: (_picture(), "image/png") for name in ("/images/logo.png", "/images/ga.png", "/images/bs.png")}
    return {
        **pictures,
        "/images/site.css": (_CSS.encode(), "text/css"),
        "/images/site.js": (_SCRIPT, "text/javascript"),
    }


_SCRIPT = "function createPageHTML(n, i, name, ending) { /* 页码 */ }".encode()


@cache
def _form(title: str, unit: str) -> bytes:
    made = docx.Document()
    made.add_heading(title, 1)
    made.add_paragraph(f"受理机关：{unit}")
    table = made.add_table(rows=5, cols=2)
    for row, label in zip(table.rows, ("姓名或者名称", "有效证件名称", "联系方式", "内容说明", "备注"), strict=True):
        row.cells[0].text = label
    return _bytes(made)


@cache
def _sheet(title: str, unit: str) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append([title])
    sheet.append(["编制单位", unit])
    sheet.append(["项目", "金额（万元）"])
    for name, figure in (("一般公共预算拨款", 812.4), ("基本支出", 640.2), ("项目支出", 172.2)):
        sheet.append([name, figure])
    return _bytes(made)


@cache
def _pdf(name: str) -> bytes:
    """A page with a number of its own: the standard fonts have no Chinese letters."""
    return raw_pdf([f"BT /F1 14 Tf 72 720 Td (No. {zlib.crc32(name.encode())}) Tj ET".encode()])


@cache
def _picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (24, 24), (200, 30, 30)).save(held, "PNG")
    return held.getvalue()


def _bytes(made: Any) -> bytes:
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()
