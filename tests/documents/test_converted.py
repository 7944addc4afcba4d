"""Old Word files: through LibreOffice where it is there, one clear line where it is not or cannot."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from documents.hostile.old import compound
from documents.maker import compare_tables, compare_text, make_report
from documents.maker.word import converted, docx_of
from support import judge

from crawler.errors import UnusableInput
from crawler.evidence import Document
from crawler.readers import converted as reader
from crawler.readers import read
from scoring.annual_report import AnnualReport, Options


def document(body: bytes, name: str) -> Document:
    return read(body, uri=f"file:///{name}", record="test")


def line(body: bytes, name: str) -> str:
    with pytest.raises(UnusableInput) as caught:
        document(body, name)
    return str(caught.value)


def ole(stream: str, flags: int = 0) -> bytes:
    """A compound document as far as its kind can be told."""
    return compound({stream: 1}, flags)


@pytest.mark.optional("soffice")
def test_a_word_document_of_old_is_read_to_the_cell(tmp_path: Path) -> None:
    report = make_report(2).with_wrong_digit(3, 3)
    body = converted(docx_of(report), "doc", tmp_path)
    got = document(body, "report.wps")
    assert not compare_tables(report, got).wrong
    assert compare_text(report, got) == []
    assert got.carrier == "wps"
    # The evidence is the file as published, not what was made of it.
    assert got.digest == f"sha256:{hashlib.sha256(body).hexdigest()}"
    assert got.notes == ("原件是 WPS 文件，由 LibreOffice 转换后读取，版面以原件为准",)
    found = judge(AnnualReport(got, Options())).findings
    assert {f.rule for f in found if f.outcome == "fail" and f.arithmetic}


@pytest.mark.optional("soffice")
def test_rtf_is_read_and_what_is_damaged_is_said() -> None:
    rtf = rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 SimSun;}}\f0 \u24180?\u25253?\par\trowd\cellx2000\cellx4000"
    rtf += rb"\intbl 1\cell 2\cell\row\pard\par}"
    got = document(rtf, "a.rtf")
    assert [b.text for b in got.blocks] == ["年报", "1\t2"]
    assert "已损坏或加密，LibreOffice 无法转换" in line(ole("WordDocument"), "a.doc")


def test_without_libreoffice_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(reader.PROGRAM, "/nowhere/soffice")
    for name, body in (("a.doc", ole("WordDocument")), ("b.rtf", b"{\\rtf1 a}")):
        said = line(body, name)
        assert (
            said.startswith(f"{name}：是")
            and "本机没有安装 LibreOffice，无法读取；请用 Word 或 WPS 打开后另存为 DOCX 再试" in said
        )


def test_a_program_that_hangs_is_stopped_with_what_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    mark = tmp_path / "child"
    program.write_text(f"#!/bin/sh\nsh -c 'echo $$ > {mark}; exec sleep 60' &\nwait\n")
    program.chmod(0o755)
    monkeypatch.setenv(reader.PROGRAM, str(program))
    monkeypatch.setitem(reader.limits("convert"), "patience", 1)
    assert "LibreOffice 没有按时转换完" in line(ole("WordDocument"), "a.doc")
    alive = subprocess.run([sys.executable, "-c", f"import os; os.kill({mark.read_text()}, 0)"], capture_output=True)
    state = Path(f"/proc/{mark.read_text().strip()}/stat")
    assert alive.returncode != 0 or state.read_text().split()[2] == "Z"


def test_the_profile_allows_no_macros_and_the_surroundings_are_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, seen = tmp_path / "soffice", tmp_path / "seen"
    program.write_text(f'#!/bin/sh\n{{ env; echo "$@"; ulimit -v; cat profile/user/*.xcu; }} > {seen}\n')
    program.chmod(0o755)
    monkeypatch.setenv(reader.PROGRAM, str(program))
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    line(ole("WordDocument"), "a.doc")
    said = seen.read_text()
    assert "HTTPS_PROXY" not in said and "HOME=/" in said
    assert "--infilter=MS Word 97" in said and "--headless" in said
    assert str(reader.limits("convert")["memory"]) in said
    assert '<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>' in said


@pytest.mark.parametrize(
    ("body", "name", "says"),
    [
        (ole("EncryptedPackage"), "a.docx", "已加密"),
        (ole("WordDocument", flags=0x0100), "b.doc", "已加密"),
        (ole("PowerPoint Document"), "c.ppt", "演示文稿"),
        (ole("Contents"), "d.doc", "内容已损坏或无法识别"),
        (ole("Workbook"), "e.et", "旧版 Excel 工作簿已损坏"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "f.xls", "2003"),
    ],
)
def test_other_files_of_old_are_named(body: bytes, name: str, says: str) -> None:
    said = line(body, name)
    assert said.startswith(f"{name}：") and says in said and "；请" in said and "\n" not in said
