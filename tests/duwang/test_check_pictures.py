"""What was recognised is shown as it was drawn, cut out of the stored evidence; no recognition is run here."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from documents.raw_pdf import raw_pdf
from PIL import Image
from test_reports import samples

from crawler.archive.writer import CaptureWriter
from duwang import outputs
from reports import json_report
from scoring.inspection import Inspection, Place

MOMENT = datetime(2026, 3, 10, tzinfo=UTC)
URI = "file:///scan.pdf"
# Two cells of 80 x 20 points: one black, one white with a frame; enough text that the page is not turned upright.
PAGE = b"0 g 100 700 80 20 re f 1 g 200 700 80 20 re f 0 G 200 700 80 20 re S BT /F1 9 Tf 50 600 Td (%s) Tj ET" % (
    b"x" * 90
)
BLACK, WHITE = (100.0, 122.0, 180.0, 142.0), (200.0, 122.0, 280.0, 142.0)


@pytest.fixture
def scanned(tmp_path: Path) -> Inspection:
    """An inspection whose first finding rests on two recognised cells, beside the capture of their file."""
    with CaptureWriter(tmp_path / "x.capture", None, {}, MOMENT) as writer:
        record = writer.add_file(URI, "application/pdf", raw_pdf([PAGE]), MOMENT)
        capture = writer.close(MOMENT)
    report = samples.report()
    first = report.findings[0]
    where = replace(
        first.where, record=record.id, digest=record.digest, file="scan.pdf", page=1, box=BLACK, confidence=0.9
    )
    other = Place(replace(where, box=WHITE, confidence=0.4), "0", "表三")
    finding = replace(first, outcome="needs_review", where=where, quote="1", related=(other,))
    evidence = replace(report.evidence, capture="x.capture", digest=capture.digest, beside=())
    return replace(report, findings=(finding, *report.findings[1:]), evidence=evidence)


def images(page: str) -> list[Image.Image]:
    found = re.findall(r'<img src="data:image/png;base64,([^"]+)"', page)
    return [Image.open(io.BytesIO(base64.b64decode(text))).convert("L") for text in found]


def middle(image: Image.Image) -> int:
    value = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(value, int)
    return value


def test_a_report_shows_the_cells_that_its_finding_rests_on(scanned, tmp_path) -> None:
    place = outputs.target("html", tmp_path, "x")
    outputs.publish(scanned, None, place)
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    drawn = images(page)
    assert [middle(image) for image in drawn] == [0, 255]
    assert all(image.width > 2 * image.height for image in drawn)  # the cell, not the page
    assert "识别为“1”，识别把握 90%，第 1 页" in page and "识别为“0”，识别把握 40%，第 1 页" in page
    assert "https://" not in "".join(re.findall(r'src="([^"]*)"', page))


def test_a_report_drawn_again_shows_them_too(duwang, scanned, tmp_path) -> None:
    json_report.write(scanned, tmp_path / "x.json")
    duwang("report", "x.json", "-o", "again.html")
    assert len(images((tmp_path / "again.html").read_text(encoding="utf-8"))) == 2


def test_without_its_evidence_a_report_describes_only(scanned, tmp_path) -> None:
    (tmp_path / "x.capture" / "data.warc.gz").chmod(0o644)
    (tmp_path / "x.capture" / "data.warc.gz").write_bytes(b"damaged")
    place = outputs.target("html", tmp_path, "x")
    outputs.publish(scanned, None, place)
    assert images((tmp_path / "x.html").read_text(encoding="utf-8")) == []


def test_pictures_are_bounded_in_number(scanned, tmp_path, monkeypatch) -> None:
    from crawler.readers.ocr.settings import settings

    monkeypatch.setitem(settings("crops"), "pictures", 1)
    assert len(images(outputs.page(scanned, "x.json", outputs.Held.by(scanned, tmp_path)))) == 1
    monkeypatch.setitem(settings("crops"), "bytes", 10)
    assert images(outputs.page(scanned, "x.json", outputs.Held.by(scanned, tmp_path))) == []
