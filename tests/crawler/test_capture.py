"""A capture keeps bytes and records without loss, and shows every change afterwards."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archive.writer import CaptureWriter
from crawler.capture import Capture
from crawler.errors import CaptureDamaged, UnusableInput
from crawler.evidence import (
    Block,
    Cell,
    Column,
    Document,
    Field,
    Link,
    ListEntry,
    Page,
    Record,
    Site,
    Spot,
    Table,
)

STARTED = datetime(2024, 3, 1, 8, 0, tzinfo=UTC)
FINISHED = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)
HOME = "http://jyj.example.gov.cn/"
REPORT = "http://jyj.example.gov.cn/nb/t20240131_1.html"
GBK_BODY = "<html><body>年度报告</body></html>".encode("gbk")
SITE = Site("demo-jyj", "示范市教育局", HOME, columns={"年报": "/nb/"}, crawl={"delay": 0.0})


def document(record: Record) -> Document:
    cell = Cell(1, 2, "/", rowspan=2, row_labels=("一、本年新收",), column_labels=("自然人",), has_picture=True)
    table = Table(3, 8, (cell, Cell(0, 0, "")))
    return Document(
        record=record.id,
        digest=record.digest,
        uri=record.uri,
        carrier="html",
        encoding="gb18030",
        title="年度报告",
        blocks=(
            Block("heading", "一、总体情况", Spot(0, 0, 6, selector="/html/body/h2[1]"), level=2),
            Block("table", "/ 0", Spot(1, row=1, column=2), table=table, href="http://x/报告.docx"),
        ),
        main=(0, 2),
        fields=(Field("doc_no", "发文字号", "", Spot(0)),),
        tags={"PubDate": "2024-01-31", "空": ""},
        notes=("末尾有无法解析的内容", "代理字符 \ud800"),
    )


def write(folder: Path) -> tuple[Capture, Record, Record]:
    with CaptureWriter(folder, SITE, {"delay": 0.0}, STARTED) as writer:
        headers = [
            ("Content-Type", "text/html; charset=gbk"),
            ("Content-Encoding", "gzip"),
            ("Content-Length", "9"),
        ]
        home = writer.add_response(HOME, 200, "OK", headers, GBK_BODY, STARTED)
        report = writer.add_file("file:///reports/年报.txt", "text/plain", b"\x00\xff bytes", STARTED)
        writer.add_revisit(HOME + "index.html", 200, "OK", headers, home, STARTED)
        links = [Link(HOME, REPORT, "年报", "2023 年度报告"), Link(HOME, HOME, "首页")]
        entries = [
            ListEntry(HOME, REPORT, "年度报告", date(2024, 1, 31)),
            ListEntry(HOME, HOME, "无日期", None),
        ]
        page = Page(HOME, home.id, 200, "read", "home", "首页", date(2024, 2, 1), ("首页", "年报"), 1, "seed")
        writer.add_page(page, links, entries)
        writer.add_page(Page(REPORT, None, None, "timeout", "other"))
        writer.add_column(Column("年报", HOME, ("首页", "年报"), (HOME,), 1, date(2024, 1, 31), True))
        writer.add_document(document(home))
        writer.refuse(REPORT, "timeout")
        writer.refuse(REPORT, "budget")
        writer.refuse(HOME + "a.zip", "type")
        return writer.close(FINISHED), home, report


@pytest.fixture
def closed(tmp_path: Path) -> Capture:
    return write(tmp_path / "capture")[0]


def test_everything_written_is_read_back_unchanged(tmp_path: Path) -> None:
    _, home, report = write(tmp_path / "capture")
    capture = Capture.open(tmp_path / "capture")
    assert capture.site == SITE
    assert (capture.started, capture.finished, capture.settings) == (STARTED, FINISHED, {"delay": 0.0})
    assert list(capture.records()) == [home, report]
    assert home.digest.startswith("sha256:") and home.length == len(GBK_BODY) and home.status == 200
    assert capture.body(home.id) == GBK_BODY
    assert capture.body(report.id) == b"\x00\xff bytes"
    pages = list(capture.pages())
    assert [(page.url, page.outcome, page.published) for page in pages] == [
        (HOME, "read", date(2024, 2, 1)),
        (REPORT, "timeout", None),
    ]
    assert pages[0].column_path == ("首页", "年报")
    assert list(capture.columns()) == [Column("年报", HOME, ("首页", "年报"), (HOME,), 1, date(2024, 1, 31), True)]
    assert [entry.date for entry in capture.entries(HOME)] == [date(2024, 1, 31), None]
    assert [link.title for link in capture.links()] == ["2023 年度报告", ""]
    assert list(capture.links("http://other/")) == []
    assert capture.document(home.id) == document(home)
    assert capture.document(report.id) is None
    assert list(capture.refusals()) == [(REPORT, "timeout"), (HOME + "a.zip", "type")]
    assert capture.refused == {"timeout": 1, "type": 1}
    assert capture.counts == {
        "fetched": 2, "read": 1, "records": 2, "pages": 2, "documents": 1,
        "columns": 1, "entries": 2, "links": 2, "refused": 2,
    }  # fmt: skip


def test_warc_is_a_standard_one_and_its_headers_fit_the_stored_body(closed: Capture) -> None:
    warc = closed.folder / "data.warc.gz"
    command = Path(sys.executable).with_name("warcio")
    check = subprocess.run([str(command), "check", "-v", str(warc)], capture_output=True, text=True)
    assert check.stdout.count("digest pass") == 3
    assert check.returncode == 0, check.stdout
    with warc.open("rb") as stream:
        records = [(record.rec_type, record.rec_headers, record.http_headers) for record in ArchiveIterator(stream)]
    assert [kind for kind, _, _ in records] == ["warcinfo", "response", "resource", "revisit"]
    _, head, http = records[1]
    assert head.get_header("WARC-Payload-Digest").startswith("sha256:")
    assert head.get_header("WARC-Block-Digest").startswith("sha256:")
    assert http.get_header("Content-Encoding") is None
    assert http.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert http.get_header("Content-Length") == str(len(GBK_BODY))


def test_the_same_file_checked_twice_gets_the_same_id(tmp_path: Path) -> None:
    ids = set()
    for name in ("one", "two"):
        with CaptureWriter(tmp_path / name, None, {}, STARTED) as writer:
            first = writer.add_file("file:///a.txt", "text/plain", b"abc", STARTED)
            assert writer.add_file("file:///a.txt", "text/plain", b"abc", FINISHED).id == first.id
            capture = writer.close(FINISHED)
        assert [record.id for record in capture.records()] == [first.id]
        ids.add(first.id)
    assert len(ids) == 1
    assert next(iter(ids)).startswith("urn:uuid:")


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0x01
    path.chmod(0o644)
    path.write_bytes(bytes(data))


def found(folder: Path) -> str:
    try:
        return "\n".join(Capture.open(folder).problems())
    except (CaptureDamaged, UnusableInput) as error:
        return str(error)


def test_an_untouched_capture_has_no_problem(closed: Capture) -> None:
    assert closed.problems() == []


@pytest.mark.parametrize("name", ["data.warc.gz", "index.sqlite", "capture.json"])
@pytest.mark.parametrize("where", [0.0, 0.3, 0.6, 0.999])
def test_one_changed_byte_is_found_in_each_file(closed: Capture, name: str, where: float) -> None:
    path = closed.folder / name
    flip(path, int(path.stat().st_size * where))
    assert name in found(closed.folder)


def truncate(folder: Path) -> None:
    path = folder / "data.warc.gz"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1])


def append(folder: Path) -> None:
    path = folder / "data.warc.gz"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"\n")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (truncate, "data.warc.gz"),
        (append, "data.warc.gz"),
        (lambda folder: (folder / "data.warc.gz").unlink(), "缺失"),
        (lambda folder: (folder / "index.sqlite").unlink(), "缺失"),
        (lambda folder: (folder / "extra.txt").write_text("x"), "多出"),
        (lambda folder: (folder / "capture.json").unlink(), "capture.json"),
    ],
)
def test_missing_and_added_bytes_are_found(closed: Capture, change: Callable[[Path], object], word: str) -> None:
    change(closed.folder)
    assert word in found(closed.folder)


def test_a_forged_record_is_named_by_its_address(closed: Capture, tmp_path: Path) -> None:
    """Same length, valid gzip, other content: only digests can tell."""
    other = tmp_path / "other"
    with CaptureWriter(other, SITE, {"delay": 0.0}, STARTED) as writer:
        record = next(closed.records())
        headers = [
            ("Content-Type", "text/html; charset=gbk"),
            ("Content-Encoding", "gzip"),
            ("Content-Length", "9"),
        ]
        writer.add_response(HOME, 200, "OK", headers, GBK_BODY.replace(b"html", b"HTML"), STARTED)
        writer.close(FINISHED)
    target = closed.folder / "data.warc.gz"
    target.chmod(0o644)
    shutil.copyfile(other / "data.warc.gz", target)
    assert any("data.warc.gz" in line for line in closed.problems())
    with pytest.raises(CaptureDamaged, match=HOME):
        closed.body(record.id)


def test_a_damaged_index_is_not_judged_from(closed: Capture) -> None:
    flip(closed.folder / "index.sqlite", 5000)
    with pytest.raises(CaptureDamaged, match=r"index\.sqlite"):
        list(Capture.open(closed.folder).pages())


def test_a_closed_capture_cannot_be_changed(closed: Capture, tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="不能改写"):
        CaptureWriter(closed.folder, SITE, {}, STARTED)
    writer = CaptureWriter(tmp_path / "again", None, {}, STARTED)
    writer.close(FINISHED)
    with pytest.raises(RuntimeError):
        writer.refuse("http://a/", "robots")
    for path in closed.folder.iterdir():
        assert path.stat().st_mode & 0o222 == 0
    assert {path.name for path in closed.folder.iterdir()} == {"data.warc.gz", "index.sqlite", "capture.json"}


def test_an_unfinished_capture_says_so_and_can_be_started_again(tmp_path: Path) -> None:
    folder = tmp_path / "capture"
    CaptureWriter(folder, SITE, {}, STARTED).add_response(HOME, 200, "OK", [], b"x", STARTED)
    with pytest.raises(UnusableInput, match="没有完成"):
        Capture.open(folder)
    assert write(folder)[0].problems() == []


def test_an_error_while_writing_leaves_nothing_that_looks_like_a_capture(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), CaptureWriter(tmp_path / "c", SITE, {}, STARTED):
        raise ZeroDivisionError
    assert list((tmp_path / "c").iterdir()) == []


def test_folders_that_cannot_hold_a_capture_are_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    (tmp_path / "empty").mkdir()
    for name, word in (("file", "不是文件夹"), ("full", r"notes\.txt")):
        with pytest.raises(UnusableInput, match=word) as caught:
            CaptureWriter(tmp_path / name, SITE, {}, STARTED)
        assert "\n" not in str(caught.value)
    assert (tmp_path / "full" / "notes.txt").read_text() == "mine"
    with pytest.raises(UnusableInput, match="没有存档"):
        Capture.open(tmp_path / "empty")


def test_capture_json_says_what_a_person_asks(closed: Capture) -> None:
    content = json.loads((closed.folder / "capture.json").read_text(encoding="utf-8"))
    assert content["site"]["name"] == "示范市教育局"
    assert content["refused"] == {"timeout": 1, "type": 1}
    assert set(content["files"]) == {"data.warc.gz", "index.sqlite"}
    assert content["files"]["data.warc.gz"]["size"] == (closed.folder / "data.warc.gz").stat().st_size
    assert content["software"].startswith("duwang ")


def test_wild_addresses_and_headers_cannot_break_the_archive(tmp_path: Path) -> None:
    uri = "http://a.example/列 表\r\nWARC-Type: forged"
    with CaptureWriter(tmp_path / "c", None, {}, STARTED) as writer:
        headers = [("X\r\nEvil", "a\r\n\r\n<b>"), ("X-Name", "中文"), ("Content-Type", "text/html")]
        record = writer.add_response(uri, 200, "O\r\nK", headers, b"body", STARTED)
        capture = writer.close(FINISHED)
    assert capture.body(record.id) == b"body"
    assert next(capture.records()).uri == uri
    with (capture.folder / "data.warc.gz").open("rb") as stream:
        assert [item.rec_type for item in ArchiveIterator(stream)] == ["warcinfo", "response"]
