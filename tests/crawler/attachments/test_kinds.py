"""Documents of every kind on a crawled site: what is read, what is not and why, and where characters are recognised."""

from __future__ import annotations

from pathlib import Path

import pytest
from attachments.making import archive, png
from documents.maker import make_report
from documents.maker.ofd import ofd_of
from documents.maker.sheets import csv_of, xlsx_of
from documents.maker.word import docx_of
from documents.raw_pdf import raw_pdf, scanned
from outcomes.crawling import crawl, refused, short
from site_server import Server, page

OCTETS = "application/octet-stream"
XLS = Path(__file__).parents[2] / "documents" / "files" / "sample.xls"
TEXT_PDF = raw_pdf([b"BT /F1 20 Tf 60 700 Td (Plain text of the first page) Tj ET"])
NOT_RECOGNISED = "没有作文字识别，未读取"


def test_what_each_kind_of_document_comes_to(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUWANG_SOFFICE", "/nowhere/soffice")
    report = make_report(2)
    files = {
        "text.pdf": (TEXT_PDF, "application/pdf"),
        "scan.pdf": (scanned(TEXT_PDF), "application/x-pdf"),
        "a.docx": (docx_of(report), OCTETS),
        "a.xlsx": (xlsx_of(report), OCTETS),
        "a.xls": (XLS.read_bytes(), "application/vnd.ms-excel"),
        "a.et": (XLS.read_bytes() + bytes(512), "application/kset"),
        "a.csv": (csv_of(report), "text/csv"),
        "a.ofd": (ofd_of(report), "application/ofd"),
        "a.zip": (archive({"内/a.docx": docx_of(report), "坏.docx": b"PK\3\4", "图.png": png()}), "application/zip"),
        "empty.zip": (archive({"a.exe": b"MZ"}), "application/zip"),
        "a.rar": (b"Rar!\x1a\x07\x00" + bytes(50), "application/x-rar-compressed"),
        "a.doc": (b"{\\rtf1 old}", "application/msword"),
        "picture.png": (png(), "image/png"),
        "picture.php": (png(), "image/png"),
    }  # fmt: skip
    server.add("/", page(*files, ("load?id=7", "名册.xlsx"), ("load?id=8", "下载"), title="首页"))
    for name, (body, media_type) in files.items():
        server.add(f"/{name}", body, Content_Type=media_type)
        server.add(f"HEAD /{name}", b"", Content_Type=media_type)
    server.add("/load?id=7", xlsx_of(make_report(4)), Content_Type="application/x-msdownload")
    server.add("/load?id=8", docx_of(make_report(4)), Content_Type="application/x-msdownload")
    capture = crawl(server, tmp_path, limits={"max_bytes": 5_000_000, "timeout": 20.0}).capture

    documents = {short(capture, page.url): page.media for page in capture.pages() if page.was_read}
    inside = "a.zip!/%E5%86%85/a.docx"
    assert documents == {
        "": "html", "text.pdf": "pdf", "scan.pdf": "pdf", "a.docx": "docx", "a.xlsx": "xlsx", "a.xls": "xls",
        "a.et": "xls", "a.csv": "csv", "a.ofd": "ofd", "a.zip": "zip", inside: "docx", "load?id=7": "xlsx",
    }  # fmt: skip
    assert refused(capture) == {
        "empty.zip": "unreadable", "a.rar": "unreadable", "a.doc": "unreadable", "a.zip!/%E5%9D%8F.docx": "unreadable",
        "picture.png": "type", "picture.php": "type", "load?id=8": "type",
    }  # fmt: skip
    assert capture.notes == [f"{server.url}a.zip：压缩包里有 1 个文件不是能读的文档（图.png），未读取。"]
    held = {short(capture, record.uri): capture.document(record.id) for record in capture.records()}
    for name in ("a.docx", inside, "a.xlsx", "a.ofd"):
        document = held[name]
        assert document is not None and document.title == report.title
    scan = held["scan.pdf"]
    assert scan is not None
    assert ([block.kind for block in scan.blocks], scan.notes) == (
        ["picture"],
        (f"第 1 页是扫描图片，{NOT_RECOGNISED}",),
    )
    for record in capture.records():
        stored = capture.document(record.id)
        assert stored is None or capture.reread(record.id) == stored
    assert capture.problems() == []
