"""A recognised cell is shown as it was drawn, and two passages stand side by side."""

from __future__ import annotations

from dataclasses import replace

import lxml.html

from reports import html
from scoring.inspection import Inspection, Place

from . import samples

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def with_place(page: int | None, confidence: float | None) -> Inspection:
    report = samples.report()
    first = report.findings[0]
    box = (10.0, 20.0, 60.0, 34.0) if page else None
    where = replace(first.where, page=page, box=box, confidence=confidence)
    return replace(report, findings=(replace(first, where=where), *report.findings[1:]))


def pictures(report: Inspection) -> dict[tuple[str, int, tuple[float, float, float, float]], bytes]:
    return {(report.findings[0].where.record, 3, (10.0, 20.0, 60.0, 34.0)): PNG}


def test_the_picture_of_a_recognised_cell_is_drawn_where_it_is_given() -> None:
    report = with_place(3, 0.42)
    page = lxml.html.fromstring(html.render(report, pictures=pictures(report)))
    (seen,) = page.xpath("//figure[@class='seen']")
    assert seen.xpath("img/@src")[0].startswith("data:image/png;base64,iVBORw0K")
    assert "第 3 页" in seen.text_content() and "识别把握 42%" in seen.text_content()
    assert "img-src data:" in page.xpath("//meta[@http-equiv]/@content")[0]


def test_without_a_picture_the_page_stays_closed_to_all_pictures() -> None:
    page = lxml.html.fromstring(html.render(with_place(3, 0.42)))
    assert page.xpath("//img") == []
    assert page.xpath("//meta[@http-equiv]/@content") == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_text_of_the_file_itself_needs_no_picture_and_what_is_no_png_is_not_drawn() -> None:
    sure = with_place(3, None)
    assert "<img" not in html.render(sure, pictures=pictures(sure))
    report = with_place(3, 0.42)
    assert "<img" not in html.render(report, pictures=dict.fromkeys(pictures(report), b"<svg onload=alert(1)>"))


def test_a_passage_and_that_of_another_report_stand_side_by_side() -> None:
    report = samples.report()
    text = next(f for f in report.findings if f.where.row is None)
    other = replace(text.where, record=samples.LAST_YEAR, file="乙局年报.html")
    pair = replace(text, related=(Place(other, "一字不差的一段。", "乙局的报告同一部分"),))
    page = lxml.html.fromstring(html.render(replace(report, findings=(pair,))))
    (drawn,) = page.find_class("pair")
    left, right = drawn.findall("section")
    assert text.quote in left.text_content() and "一字不差的一段。" not in left.text_content()
    assert "一字不差的一段。" in right.text_content() and "乙局年报.html" in right.text_content()
