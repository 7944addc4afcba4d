"""ZIP archives: each document in them, Chinese names, archives in archives, and what is left out."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from documents.maker import compare_tables, make_report
from documents.maker.ofd import ofd_of
from documents.maker.sheets import xlsx_of
from documents.maker.word import docx_of

from crawler.errors import UnusableInput
from crawler.readers import read
from crawler.readers.packed import is_archive, read_all, unpack

URI = "http://www.example.gov.cn/nb/reports.zip"


def archive(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in files.items():
            # With a name alone, the clock would stand in it, and in the name of a test.
            package.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def test_every_document_of_an_archive_is_read_on_its_own() -> None:
    report = make_report(2)
    files = {
        "年报/报告.docx": docx_of(report),
        "年报/报告.xlsx": xlsx_of(report),
        "年报/报告.ofd": ofd_of(report),
        "说明.txt": "说明文字".encode(),
        "__MACOSX/年报/._报告.docx": b"x",
        "公章.png": b"\x89PNG",
    }
    documents, lines = read_all(archive(files), uri=URI, record="r1")
    assert [d.carrier for d in documents] == ["docx", "xlsx", "ofd", "text"]
    assert all(not compare_tables(report, d).wrong for d in documents[:3])
    assert documents[0].uri == "http://www.example.gov.cn/nb/reports.zip!/%E5%B9%B4%E6%8A%A5/%E6%8A%A5%E5%91%8A.docx"
    assert documents[0].digest == f"sha256:{hashlib.sha256(files['年报/报告.docx']).hexdigest()}"
    assert {d.record for d in documents} == {"r1"}
    assert lines == ["压缩包里有 1 个文件不是能读的文档（公章.png），未读取"]


def test_names_of_chinese_windows_are_readable() -> None:
    # Written as Chinese Windows does, without saying so.
    name = "二〇二四年报告.txt".encode("gb18030")
    body = archive({"x" * len(name) + ".txt": b"a"}).replace(b"x" * len(name) + b".txt", name + b".txt")
    assert [m.name for m in unpack(body, URI).members] == ["二〇二四年报告.txt.txt"]


def test_an_archive_in_an_archive_is_opened_once() -> None:
    inner = archive({"深.txt": "深处".encode(), "再.zip": archive({"最深.txt": b"a"})})
    found = unpack(archive({"内.zip": inner, "外.txt": b"b"}), URI)
    assert [m.name for m in found.members] == ["内.zip/深.txt", "外.txt"]
    assert found.notes == ["内.zip/再.zip：压缩包套了多层，未读取"]


def test_one_bad_document_does_not_lose_the_others() -> None:
    documents, lines = read_all(archive({"坏.docx": b"PK\x03\x04 no", "好.txt": "正文".encode()}), uri=URI)
    assert [d.blocks[0].text for d in documents] == ["正文"]
    assert len(lines) == 1 and lines[0].startswith("坏.docx：")


def test_a_document_that_is_no_archive_is_its_own_one_document() -> None:
    body = docx_of(make_report(1))
    documents, lines = read_all(body, uri="file:///a.docx")
    assert (len(documents), documents[0].carrier, lines) == (1, "docx", [])
    assert not is_archive(body, "file:///a.docx")
    # Stored in the archive, not packed, its own directory stands in the bytes of the archive.
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("a.docx", body)
    assert is_archive(made.getvalue(), "file:///a.zip")


def locked(body: bytes) -> bytes:
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        i = body.find(mark) + at
        body = body[:i] + b"\x01\x00" + body[i + 2 :]
    return body


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (archive({"a.txt": b"\0" * (40 << 20)}), "疑似压缩炸弹"),
        (archive({"a.exe": b"MZ"}), "没有能读的文档（压缩包里有 1 个文件不是能读的文档（a.exe），未读取）"),
        (locked(archive({"a.txt": b"abc"})), "a.txt：已加密，未读取"),
        (archive({"a.txt": b"abc" * 900})[:60], "已损坏或不完整"),
        (archive({}), "没有能读的文档"),
    ],
    ids=["bomb", "program", "locked", "cut", "empty"],
)
def test_what_cannot_be_read_is_said_in_one_line(body: bytes, says: str) -> None:
    with pytest.raises(UnusableInput) as caught:
        read_all(body, uri=URI)
    line = str(caught.value)
    assert line.startswith("reports.zip：") and says in line and "；请" in line and "\n" not in line


def test_limits_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from crawler.readers import packed

    monkeypatch.setitem(packed.limits("archive"), "documents", 2)
    found = unpack(archive({f"{n}.txt": b"a" for n in range(3)}), URI)
    assert len(found.members) == 2
    assert found.notes == ["2.txt：压缩包里的文件过多或过大，未读取"]


def test_an_archive_is_no_document() -> None:
    with pytest.raises(UnusableInput, match="是 ZIP 压缩包，不是一份文档；请解压后逐份提供"):
        read(archive({"a.txt": b"a"}), uri=URI)
