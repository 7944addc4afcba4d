"""A recognised cell is shown as it was drawn, and two passages stand side by side."""

from __future__ import annotations

from dataclasses import replace

from lxml.html import HtmlElement, document_fromstring

from reports import html, view
from reports.pictures import Pictures
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


def drawn(report: Inspection, given: Pictures | None = None) -> HtmlElement:
    return document_fromstring(html.render(report, pictures=given))


def policy(page: HtmlElement) -> str:
    (found,) = (item for item in page.iter("meta") if item.get("http-equiv"))
    return str(found.get("content"))


def test_of_many_recognised_cells_the_least_certain_are_shown() -> None:
    report = with_place(3, 0.9)
    first = report.findings[0]
    cells = [replace(first.where, box=(float(n), 0.0, 9.0, 9.0), confidence=n / 100) for n in range(60, 40, -1)]
    finding = replace(first, related=tuple(Place(where, "1", "表三") for where in cells))
    shown = view.recognised_places(finding)
    assert (shown[0].where, shown[0].quote) == (first.where, first.quote)
    assert [place.where.confidence for place in shown[1:]] == [n / 100 for n in range(41, 48)]


def test_the_picture_of_a_recognised_cell_is_drawn_where_it_is_given() -> None:
    report = with_place(3, 0.42)
    page = drawn(report, pictures(report))
    (seen,) = page.find_class("seen")
    (image,) = seen.iter("img")
    assert image.get("src", "").startswith("data:image/png;base64,iVBORw0K")
    assert "第 3 页" in seen.text_content() and "识别把握 42%" in seen.text_content()
    assert "img-src data:" in policy(page)


def test_without_a_picture_the_page_stays_closed_to_all_pictures() -> None:
    page = drawn(with_place(3, 0.42))
    assert list(page.iter("img")) == []
    assert policy(page) == "default-src 'none'; style-src 'unsafe-inline'"


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
    (shown,) = drawn(replace(report, findings=(pair,))).find_class("pair")
    left, right = shown.findall("section")
    assert text.quote in left.text_content() and "一字不差的一段。" not in left.text_content()
    assert "一字不差的一段。" in right.text_content() and "乙局年报.html" in right.text_content()
