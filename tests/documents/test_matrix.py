"""The same reports in every born-digital format: no cell is lost, no sound sum doubted, no wrong digit overlooked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from documents.conftest import Print
from documents.maker import LOOKS, MadeReport, compare_tables, html_of, make_report
from documents.maker.data import template
from documents.maker.ofd import ofd_of
from documents.maker.planted import SUMS, unbalanced, with_wrong_digits
from documents.maker.sheets import csv_of, xlsx_of
from documents.maker.word import docx_of
from support import judge

from crawler.evidence import Document
from crawler.readers import read
from scoring.annual_report import AnnualReport, Options
from scoring.inspection import Finding

FORMS: dict[str, Callable[[MadeReport], bytes]] = {
    "html": lambda report: html_of(report).encode(),
    "docx": docx_of,
    "xlsx": xlsx_of,
    "csv": csv_of,
    "ofd": ofd_of,
}
# Four reports, two of either format, have a wrong digit in every row and every column of table 三.
PLANTED = (2, 3, 4, 5, 6, 7, 8, 9)


def document(body: bytes, form: str) -> Document:
    return read(body, uri=f"file:///report.{form}", record="test")


def doubts(document: Document) -> list[Finding]:
    """Sums that do not hold; a check that broke down is none."""
    judged = judge(AnnualReport(document, Options()))
    assert [u for u in judged.unchecked if u.outcome == "error"] == []
    return [f for f in judged.findings if f.arithmetic]


def broken(document: Document) -> set[tuple[str, str]]:
    return {(f.rule_id, f.values["line"]) for f in doubts(document) if f.outcome == "fail" and f.rule_id in SUMS}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(2))
def test_no_cell_is_lost_and_no_sound_sum_is_doubted(form: str, seed: int) -> None:
    for report in map(make_report, range(seed, 12, 6)):
        read_as = document(FORMS[form](report), form)
        cells = compare_tables(report, read_as)
        assert (cells.wrong, cells.right) == ([], cells.cells)
        assert doubts(read_as) == []


def faults(document: Document) -> list[str]:
    """Everything that is called a fault, by its message."""
    return [f.message for f in judge(AnnualReport(document, Options())).findings if f.outcome == "fail"]


@pytest.mark.parametrize("form", FORMS)
def test_a_sound_report_has_no_fault_of_any_kind(form: str) -> None:
    for report in map(make_report, range(4)):
        assert faults(document(FORMS[form](report), form)) == []


@pytest.mark.parametrize("layout", ["tight", "three", "open"])
def test_tables_on_sheets_of_their_own_are_no_fault(layout: Literal["tight", "three", "open"]) -> None:
    assert faults(document(xlsx_of(make_report(3), layout), "xlsx")) == []


@pytest.mark.parametrize("form", FORMS)
def test_every_wrong_digit_breaks_the_sums_it_is_part_of_and_no_others(form: str) -> None:
    for seed in PLANTED if form in ("html", "csv") else PLANTED[:2]:
        planted = with_wrong_digits(make_report(seed))
        expected = unbalanced(planted)
        assert len(expected) >= 14
        assert broken(document(FORMS[form](planted), form)) == expected


@pytest.mark.parametrize("seeds", [PLANTED[::2], PLANTED[1::2]])
def test_the_wrong_digits_reach_every_row_and_column_and_every_kind_of_sum(seeds: tuple[int, ...]) -> None:
    labels = template(make_report(seeds[0]).format)["t3"]
    found = set().union(*(unbalanced(with_wrong_digits(make_report(seed))) for seed in seeds))
    assert {line for rule, line in found if rule == SUMS[0]} == {row["label"] for row in labels["rows"]}
    assert {line for rule, line in found if rule != SUMS[0]} == {column["label"] for column in labels["columns"]}
    assert {rule for rule, _ in found} == set(SUMS)


@pytest.mark.parametrize("seed", [2, 3])
def test_printed_reports_show_the_same(seed: int, printed: Print) -> None:
    look = list(LOOKS)[seed]
    assert doubts(document(printed(make_report(seed), look), "pdf")) == []
    planted = with_wrong_digits(make_report(seed))
    assert broken(document(printed(planted, look), "pdf")) == unbalanced(planted)
