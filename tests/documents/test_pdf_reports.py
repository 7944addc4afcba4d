"""Annual reports printed to PDF in many looks: every cell, every paragraph, and what the rules say about them."""

from __future__ import annotations

import pytest
from documents.conftest import Print
from documents.maker import LOOKS, compare_tables, compare_text, make_report
from support import judge

from crawler.readers import read
from scoring.annual_report import AnnualReport, Options
from scoring.inspection import Finding


def findings(body: bytes) -> list[Finding]:
    document = read(body, uri="file:///report.pdf", record="test")
    return list(judge(AnnualReport(document, Options())).findings)


@pytest.mark.parametrize(("seed", "look"), list(enumerate(LOOKS)))
def test_every_cell_and_paragraph_is_read(seed: int, look: str, printed: Print) -> None:
    report = make_report(seed)
    document = read(printed(report, look), uri="file:///report.pdf")
    cells = compare_tables(report, document)
    assert not cells.wrong
    assert cells.cells == cells.right >= 279
    assert compare_text(report, document) == []
    assert document.notes == ()
    assert document.title == report.title


@pytest.mark.parametrize("seed", [0, 5])
def test_a_consistent_report_has_no_findings(seed: int, printed: Print) -> None:
    look = list(LOOKS)[seed]
    assert [f for f in findings(printed(make_report(seed), look)) if f.outcome != "pass"] == []


@pytest.mark.parametrize(("row", "column"), [(3, 3), (9, 5), (-2, 9)])
def test_one_wrong_digit_is_found(row: int, column: int, printed: Print) -> None:
    report = make_report(2)
    row %= len(next(t for t in report.tables if t.id == "t3").rows)
    wrong = report.with_wrong_digit(row, column)
    rules = {f.rule for f in findings(printed(wrong, "ruled")) if f.outcome == "fail" and f.arithmetic}
    assert rules


def test_cells_say_where_they_stand(printed: Print) -> None:
    report = make_report(5)
    document = read(printed(report, "tall"), uri="file:///report.pdf")
    table = next(b.table for b in document.blocks if b.table is not None and b.table.rows > 20)
    pages = [cell.page for cell in sorted(table.cells, key=lambda c: c.row)]
    assert pages == sorted(pages, key=lambda p: p or 0)
    assert len(set(pages)) > 1
    figure = next(c for c in table.cells if c.raw.isdigit())
    assert figure.box is not None and figure.box[0] < figure.box[2] <= 595.5
    assert figure.confidence is None
    assert figure.row_labels == ("一、本年新收政府信息公开申请数量",)
    assert figure.column_labels == ("申请人情况", "自然人")


def test_running_heads_and_page_numbers_are_no_text(printed: Print) -> None:
    document = read(printed(make_report(5), "tall"), uri="file:///report.pdf")
    edges = [b.text.replace(" ", "") for b in document.blocks[document.main[1] :]]
    pages = max(b.spot.page or 0 for b in document.blocks)
    assert edges == [text for page in range(1, pages + 1) for text in ("信息公开", f"—{page}—")]
    assert pages > 3
