"""Real reports that nobody here wrote, where they lie beside the checkout (``../shared/corpus``).

The files are not part of the project; without them nothing is collected here.
"""

from __future__ import annotations

import json
import re

import pytest
from support import CORPUS, document, judge, report

from scoring.annual_report import AnnualReport, Options
from scoring.inspection import Finding

REPORTS = CORPUS / "reports"


def codes(findings: list[Finding]) -> dict[str, list[Finding]]:
    result: dict[str, list[Finding]] = {}
    for finding in findings:
        result.setdefault(finding.rule, []).append(finding)
    return result


if REPORTS.is_dir():

    def test_the_seed_report_has_its_faults_and_no_other() -> None:
        found = codes(judge(report(REPORTS / "gansu-education-2019.txt", publisher="department")).findings)
        assert set(found) == {"AR-102", "AR-201", "AR-302", "DP-301"}
        late = found["AR-102"][0]
        assert late.values["published"] == "2020-02-04" and late.values["days"] == 4
        assert "六、其他需要报告的事项" in found["AR-201"][0].message
        assert {f.outcome for f in found["AR-302"]} == {"needs_review"} and len(found["AR-302"]) == 3
        assert all(label in found["DP-301"][0].message for label in ("发文机构", "发文字号", "信息类别", "内容概述"))

    def test_shanghai_text_and_table_disagree_and_every_column_balances() -> None:
        judged = judge(report(REPORTS / "shanghai-office-2019.html"))
        found = codes(judged.findings)
        assert not [code for code in found if code.startswith("AR-4")]
        assert set(found) == {"AR-303", "AR-604", "AR-605", "AR-609"}
        assert "总计" in found["AR-303"][0].message and found["AR-303"][0].outcome == "fail"
        numbers = {(f.values["said"], f.values["due"]) for f in found["AR-604"]}
        assert numbers == {("258", "275"), ("265", "337")}
        assert "33.9" in found["AR-605"][0].message and "34.16" in found["AR-605"][0].message
        assert found["AR-609"][0].values["claim"] == "均获维持" and "尚未审结" in found["AR-609"][0].message

    def test_suqian_two_years_hold_together() -> None:
        judged = judge(report(REPORTS / "suqian-2024.md"), report(REPORTS / "suqian-2023.md"))
        found = codes(judged.findings)
        assert not [code for code in found if re.match(r"AR-4|AR-501|AR-502", code)]
        assert {f.outcome for f in found["AR-607"] + found["AR-608"]} == {"needs_review"}
        assert (found["AR-607"][0].values["said"], found["AR-607"][0].values["due"]) == ("134", "170")
        assert (found["AR-608"][0].values["said"], found["AR-608"][0].values["due"]) == ("57", "77")
        assert {f.outcome for f in judged.findings} == {"needs_review"}

    def test_the_blank_form_is_bound_to_the_last_cell() -> None:
        form = report(REPORTS / "annual-report-form-template.docx")
        assert [len(form.bound(t).cells) for t in ("t2", "t3", "t4")] == [10, 175, 15]
        assert {c.value.kind for t in ("t2", "t3", "t4") for c in form.bound(t).cells.values()} == {"blank"}


def single_changes() -> list[tuple[str, str, int]]:
    """Every third cell of table 三 of the 2024 report, changed by one."""
    template = report(REPORTS / "suqian-2024.md").bound("t3").template
    cells = [(r["id"], c["id"]) for r in template["rows"] for c in template["columns"]]
    return [(row, column, 1 if i % 2 else -1) for i, (row, column) in enumerate(cells[::3])]


if REPORTS.is_dir():

    @pytest.mark.parametrize("year", ["2023", "2024"])
    def test_suqian_tables_are_read_to_the_cell(year: str) -> None:
        now = report(REPORTS / f"suqian-{year}.md")
        truth = json.loads((REPORTS / f"suqian-{year}.tables.json").read_text(encoding="utf-8"))
        template = now.bound("t3").template
        got = [
            [int(now.bound("t3").cells[(row["id"], column["id"])].value.amount) for column in template["columns"]]
            for row in template["rows"]
        ]
        assert got == truth["t3"]
        assert [int(c.value.amount) for c in now.bound("t4").cells.values()] == truth["t4"]

    @pytest.mark.parametrize(("row", "column", "by"), single_changes())
    def test_one_cell_changed_by_one_breaks_exactly_what_it_must(row: str, column: str, by: int) -> None:
        path = REPORTS / "suqian-2024.md"
        now = report(path)
        cell = now.bound("t3").cells[(row, column)]
        if cell.value.amount + by < 0:
            by = 1
        lines = path.read_text(encoding="utf-8").split("\n")
        block = now.document.blocks[cell.spot.block]
        first = int(block.spot.selector.removeprefix("line ")) - 1
        at = first + (cell.spot.row or 0) + (1 if (cell.spot.row or 0) > 0 else 0)  # the alignment row is no row
        parts = lines[at].split("|")
        parts[(cell.spot.column or 0) + 1] = f" {int(cell.value.amount) + by} "
        lines[at] = "|".join(parts)
        changed = AnnualReport(document("\n".join(lines).encode(), path.name), Options())
        sums = [f for f in judge(changed).findings if f.rule in ("AR-401", "AR-402", "AR-403", "AR-404")]
        labels = {(f.rule, f.values["line"]) for f in sums}
        wanted = {("AR-403", cell.row_label)}
        if row in ("r1", "r2", "r3.7", "r4"):
            wanted.add(("AR-401", cell.column_label))
        if row.startswith("r3"):
            wanted.add(("AR-402", cell.column_label))
        assert labels == wanted
        assert all(f.outcome == "fail" and f.arithmetic and f.where.row_label and f.where.column_label for f in sums)
