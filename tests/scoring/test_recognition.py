"""Figures read from a picture: what is not certain goes to a person, and a misread digit is told as such."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support import document, judge

from crawler.evidence import Block, Cell, Document
from scoring.annual_report import AnnualReport
from scoring.data import RULES
from scoring.inspection import Finding
from scoring.recognition import recognised_fact

TEXT = (RULES / "examples" / "department-2023.md").read_text(encoding="utf-8")
NEW = "| 一、本年新收政府信息公开申请数量 | 18 | 4 | 0 | 0 | 0 | 0 | 22 |"


def scan(
    text: str = TEXT, sure: float = 0.99, low: dict[tuple[str, int], float | None] | None = None, *, prose: bool = False
) -> AnnualReport:
    """The report as if its tables came from a picture; ``low``: confidence by row label and column of the grid."""

    def cell(block: Block, item: Cell) -> Cell:
        row = next((c.raw for c in block.table.cells if c.row == item.row and c.column == 0), "") if block.table else ""
        confidence = next(
            (v for (label, column), v in (low or {}).items() if label in row and column == item.column), sure
        )
        return replace(item, confidence=confidence, page=2, box=(10.0 * item.column, 20.0 * item.row, 50.0, 60.0))

    def seen(block: Block) -> Block:
        if block.table is None:
            return replace(block, confidence=sure) if prose else block
        return replace(block, table=replace(block.table, cells=tuple(cell(block, item) for item in block.table.cells)))

    read: Document = document(text.encode(), "x.md")
    return AnnualReport(replace(read, blocks=tuple(seen(block) for block in read.blocks)))


def of(report: AnnualReport, code: str) -> list[Finding]:
    return [f for f in judge(report).findings if f.rule == code]


def test_a_consistent_report_has_no_fault_however_it_was_read() -> None:
    for sure in (0.99, 0.3):
        assert [f.rule for f in judge(scan(sure=sure)).findings if f.rule.startswith("AR-4")] == []


def test_a_wrong_sum_of_surely_read_cells_is_a_fault() -> None:
    # Two sums are broken in ways that no single cell explains.
    wrong = TEXT.replace(NEW, "| 一、本年新收政府信息公开申请数量 | 19 | 6 | 0 | 0 | 0 | 0 | 22 |")
    found = of(scan(wrong), "AR-403")
    assert [f.outcome for f in found] == ["fail"]
    assert found[0].where.confidence == 0.99


def test_a_low_cell_that_explains_every_imbalance_is_named_with_its_value() -> None:
    wrong = TEXT.replace(NEW, "| 一、本年新收政府信息公开申请数量 | 13 | 4 | 0 | 0 | 0 | 0 | 22 |")
    found = of(scan(wrong, low={("一、本年新收", 1): 0.42}), "AR-401")
    assert [f.outcome for f in found] == ["needs_review"]
    message = found[0].message
    assert "相差 5" in message
    assert "“一、本年新收政府信息公开申请数量”行“自然人”列应为 18（识别为“13”），则各式均平衡" in message
    assert "把握不足（42%）" in message


def test_the_uncertain_cell_can_be_found_on_its_page() -> None:
    wrong = TEXT.replace(NEW, "| 一、本年新收政府信息公开申请数量 | 13 | 4 | 0 | 0 | 0 | 0 | 22 |")
    finding = of(scan(wrong, low={("一、本年新收", 1): 0.42}), "AR-401")[0]
    places = [finding.where, *(place.where for place in finding.related)]
    low = [where for where in places if where.confidence == 0.42]
    assert len(low) == 1
    assert low[0].page == 2
    assert low[0].box == (10.0, 20.0, 50.0, 60.0)
    assert (low[0].row, low[0].column) == (1, 1)


def test_an_uncertain_zero_that_a_sum_leaves_out_is_shown_too() -> None:
    # （六）3.其他 was 1 and read as 0: the long sum does not quote zeros.
    wrong = TEXT.replace("| 3.其他 | 1 |", "| 3.其他 | 0 |")
    assert wrong != TEXT
    finding = next(f for f in of(scan(wrong, low={("3.其他", 1): 0.2}), "AR-402") if "自然人" in f.message)
    assert finding.outcome == "needs_review"
    assert "3.其他”行“自然人”列应为 1（识别为“0”）" in finding.message
    assert [place.quote for place in finding.related if place.label == "识别把握不足的单元格"] == ["0"]


def test_a_low_cell_that_explains_nothing_still_leaves_it_to_a_person() -> None:
    wrong = TEXT.replace(NEW, "| 一、本年新收政府信息公开申请数量 | 19 | 6 | 0 | 0 | 0 | 0 | 22 |")
    found = of(scan(wrong, low={("一、本年新收", 3): 0.5}), "AR-403")
    assert [f.outcome for f in found] == ["needs_review"]
    assert "把握不足（50%）" in found[0].message and "则各式均平衡" not in found[0].message


def test_a_sure_cell_that_alone_explains_everything_is_worth_a_look() -> None:
    wrong = TEXT.replace(NEW, "| 一、本年新收政府信息公开申请数量 | 13 | 4 | 0 | 0 | 0 | 0 | 22 |")
    found = of(scan(wrong), "AR-401")
    assert [f.outcome for f in found] == ["needs_review"]
    assert "应为 18" in found[0].message and "是否误识" in found[0].message and "把握不足" not in found[0].message


def test_the_same_error_in_a_file_of_text_is_a_fault() -> None:
    wrong = TEXT.replace(NEW, "| 一、本年新收政府信息公开申请数量 | 13 | 4 | 0 | 0 | 0 | 0 | 22 |")
    found = of(AnnualReport(document(wrong.encode(), "x.md")), "AR-401")
    assert [f.outcome for f in found] == ["fail"]
    assert found[0].where.confidence is None and "识别" not in found[0].message


def test_a_blank_among_recognised_cells_may_have_been_overlooked() -> None:
    report = scan(TEXT.replace("| 3.其他 | 1 |", "| 3.其他 |  |"), low={("3.其他", 1): None})
    blank = next(c for c in report.bound("t3").cells.values() if c.value.kind == "blank")
    assert (blank.row, blank.confidence) == ("r3.6.3", 0.0)
    assert {f.outcome for f in of(report, "AR-402")} == {"needs_review"}


def test_text_against_a_table_rests_on_the_tables_cells() -> None:
    wrong = TEXT.replace("全年收到政府信息公开申请22件", "全年收到政府信息公开申请23件")
    assert [f.outcome for f in of(scan(wrong), "AR-601")] == ["fail"]
    assert [f.outcome for f in of(scan(wrong, low={("一、本年新收", 7): 0.6}), "AR-601")] == ["needs_review"]


def test_what_recognised_text_lacks_is_never_called_missing() -> None:
    without = TEXT.replace("## 六、其他需要报告的事项", "")
    assert [f.outcome for f in of(scan(without), "AR-201")] == ["fail"]
    found = of(scan(without, prose=True), "AR-201")
    assert [f.outcome for f in found] == ["needs_review"]
    assert "可能有漏读" in found[0].message


def test_a_row_that_recognition_may_have_lost_is_never_called_missing() -> None:
    row = next(line for line in TEXT.splitlines() if line.startswith("| 3.补正后申请内容仍不明确"))
    without = TEXT.replace(row + "\n", "")
    assert [f.outcome for f in of(AnnualReport(document(without.encode(), "x.md")), "AR-305")] == ["fail"]
    assert [f.outcome for f in of(scan(without), "AR-305")] == ["needs_review"]


def test_doubt_costs_no_points_and_keeps_the_fingerprint() -> None:
    wrong = TEXT.replace(NEW, "| 一、本年新收政府信息公开申请数量 | 13 | 4 | 0 | 0 | 0 | 0 | 22 |")
    sure = of(AnnualReport(document(wrong.encode(), "x.md")), "AR-401")[0]
    doubted = of(scan(wrong, low={("一、本年新收", 1): 0.42}), "AR-401")[0]
    assert sure.fingerprint == doubted.fingerprint
    judged = judge(scan(wrong, low={("一、本年新收", 1): 0.42}))
    assert judged.outcomes["AR-401"]["fail"] == 0 and judged.outcomes["AR-401"]["needs_review"] == 1


@pytest.mark.parametrize("sure", [0.99, 0.8])
def test_the_subject_says_which_tables_were_recognised(sure: float) -> None:
    fact = recognised_fact(scan(sure=sure))
    assert fact is not None
    assert fact[0] == "图像识别" and "表三" in fact[1] and f"{sure * 100:.0f}%" in fact[1]
    assert recognised_fact(AnnualReport(document(TEXT.encode(), "x.md"))) is None
