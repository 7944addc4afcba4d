"""What a user is told about hostile documents: by the readers, and by the command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from documents.hostile.cases import all_cases, parts_of, sound, with_parts, zipped

from crawler.evidence import Document
from crawler.readers import read
from crawler.readers.bounds import told
from crawler.readers.packed import unpack


def notes(body: bytes, name: str) -> tuple[str, ...]:
    return read(body, uri=f"file:///{name}", recognise=False).notes


def text(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


@pytest.mark.parametrize(
    ("form", "name", "what"),
    [
        ("html", "年报.pdf", "网页（HTML）"),
        ("docx", "年报.doc", " Word 文档（DOCX）"),
        ("xlsx", "年报.xls", " Excel 工作簿（XLSX）"),
        ("csv", "年报.ofd", "纯文本"),
        ("png", "年报.docx", "图片"),
    ],
)
def test_a_file_under_the_name_of_another_is_read_and_said(form: str, name: str, what: str) -> None:
    ending = name.rpartition(".")[2]
    assert f"文件名以 .{ending} 结尾，内容却是{what}，按内容读取" in notes(sound()[form], name)


def test_names_that_fit_or_tell_nothing_are_passed_over() -> None:
    for name in ("a.htm", "a.shtml", "download.do", "a", "年报.HTML"):
        assert notes(sound()["html"], name) == ()
    assert not any("文件名" in note for note in notes(sound()["jpg"], "a.png"))
    assert not any("文件名" in note for note in notes(sound()["xls"], "a.et"))


def test_what_was_cut_off_is_said() -> None:
    page = sound()["html"]
    said = "网页没有结束标记（</html>），可能没有保存完整"
    assert said in notes(page[: page.rindex(b"</body")], "a.html")
    assert said not in notes(page[: page.rindex(b"</html")], "a.html")
    # A piece of a page never had an end.
    assert notes(b"<p>x</p><p>y</p><p>z</p>", "a.html") == ()
    table = sound()["csv"]
    assert "文件末尾没有换行，最后一行可能不完整" in notes(table.rstrip(), "a.csv")
    assert "文件末尾没有换行，最后一行可能不完整" not in notes(table, "a.csv")


def test_text_that_is_gone_from_a_workbook_is_not_blank() -> None:
    cells = b'<c r="A1"><v>1</v></c><c r="B1" t="s"><v>9</v></c><c r="C1" t="s"><v>x</v></c>'
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    body = with_parts("xlsx", **{"sheet1.xml": sheet + cells + b"</row></sheetData></worksheet>"})
    got = read(body, uri="file:///a.xlsx")
    assert "工作表“Sheet”有 2 个单元格的文字缺失，以“\ufffd”代替" in got.notes
    assert sum(block.text.count("\ufffd") for block in got.blocks) == 2


def test_styles_of_word_that_are_none_do_not_lose_the_text() -> None:
    whole = sound()["docx"]
    types = parts_of(whole)["[Content_Types].xml"].replace(b"wordprocessingml.styles+xml", b"wordprocessingml.x+xml")
    got = read(with_parts("docx", **{"[Content_Types].xml": types}), uri="file:///a.docx")
    assert "文件的样式部分已损坏，未读取，标题和编号可能不全" in got.notes
    assert text(got) == text(read(whole, uri="file:///a.docx"))


def test_notes_stay_readable() -> None:
    assert told(["a\x1b\u202eb", "ab", "x" * 999]) == ["ab", "x" * 250]
    many = told([f"第 {n} 页已损坏，未读取" for n in range(1, 301)])
    assert len(many) == 40 and many[-1] == "另有 261 处也没有读全，不再逐一列出"
    archive = zipped({"a.html": sound()["html"], "坏\x7f\x9b.txt": b"x", "c\x85.exe": b""})
    found = unpack(archive, "file:///a.zip")
    assert all(line.isprintable() for line in [*found.notes, *found.foreign, *(m.name for m in found.members)])


_TOLD = {
    "pdf encrypted": "口令",
    "pdf head only": "已损坏",
    "docx bomb": "炸弹",
    "docx document.xml: laughs": "实体",
    "xlsx encrypted": "加密",
    "xls table at the end": "已损坏",
    "ofd document is itself": "没有页面",
    "ofd Content.xml: nothing": "第 1 页已损坏，未读取",
    "html deep": "嵌套过深",
    "html cut at 20 %": "可能没有保存完整",
    "csv cut at 1 %": "无法识别编码",
    "doc encrypted": "加密",
    "rtf cut": "LibreOffice",
    "zip encrypted": "加密",
    "picture PNG bomb": "炸弹",
    "other RAR": "RAR",
    "other page in one file": "MHT",
}


def test_the_command_says_one_line_for_each_and_ends_with_two(tmp_path: Path) -> None:
    files: dict[str, str] = {}
    for case in all_cases():
        if case.name in _TOLD:
            name = f"{len(files)}.{case.file.rpartition('.')[2]}"
            (tmp_path / name).write_bytes(case.make())
            files[name] = _TOLD[case.name]
    assert len(files) == len(_TOLD)
    done = subprocess.run(
        [sys.executable, "-m", "duwang", "check", *files], cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "DUWANG_SOFFICE": "/nowhere/soffice"}, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    # A slow machine is told how far the work is, in lines of their own.
    lines = [line for line in done.stderr.splitlines() if not line.startswith("已")]
    assert len(lines) == len(files), done.stderr
    assert "Traceback" not in done.stderr
    for name, says in files.items():
        (line,) = (line for line in lines if line.startswith(f"{name}："))
        assert says in line and "；请" in line and line.endswith("。")
