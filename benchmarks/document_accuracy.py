"""The same reports in every format: are the cells read right, are sound ones left alone, are wrong digits found.

``python -m benchmarks.document_accuracy [--forms html,scan] [--reports 12]``: a line for each form with its bars, then
what was read wrong; status 1 where a bar is missed. Scans and pictures take a quarter of an hour.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.document_forms import Forms, can_make, name_of

# The folder of the tests is on the path from here on.
from documents.maker import MadeReport, compare_tables, make_report, printer  # isort: skip
from documents.maker.planted import SUMS, unbalanced, with_wrong_digits  # isort: skip
from support import judge  # isort: skip

from crawler.evidence import Document
from crawler.readers import read
from scoring.annual_report import AnnualReport, Options
from scoring.inspection import Finding

# Share of cells read right, share of wrong sums found, by form.
BARS = {
    **dict.fromkeys(("html", "docx", "xlsx", "csv", "ofd", "doc"), (1.0, 1.0)),
    "pdf": (0.999, 1.0),
    "scan": (0.99, 0.95),
    "png": (0.99, 0.95),
}
RECOGNISED = ("scan", "png")
REPORTS = 12
SHOWN = 6  # wrong cells that are named for each form


@dataclass
class Row:
    """What all reports of one form came to."""

    form: str
    reports: int = 0
    cells: int = 0
    right: int = 0
    failed: int = 0  # sound reports with an arithmetic fail
    doubted: int = 0  # sound reports with a sum to be looked at
    sums: int = 0  # sums broken by planted digits
    found: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        cells, sums = BARS[self.form]
        return self.right >= cells * self.cells and self.found >= sums * self.sums and not self.failed

    def line(self) -> str:
        cells, sums = BARS[self.form]
        return (
            f"{self.form:6} {self.reports:7d} {self.right:6d}/{self.cells:<6d} {self.right / self.cells:9.3%}"
            f" {cells:7.1%} {self.failed:6d} {self.doubted:7d} {self.found:5d}/{self.sums:<5d} {sums:5.0%}"
            f"  {'kept' if self.good else 'MISSED'}\n"
        )


def findings(document: Document) -> list[Finding]:
    """Sums that do not hold, as ``duwang check`` judges them. RuntimeError where a check broke down."""
    judged = judge(AnnualReport(document, Options()))
    broken = [u for u in judged.unchecked if u.outcome == "error"]
    if broken:
        raise RuntimeError(f"{broken[0].rule}: {broken[0].reason}")
    return [f for f in judged.findings if f.arithmetic]


def measure(row: Row, report: MadeReport, forms: Forms) -> None:
    """Add one report, sound and with wrong digits, to the row of its form."""

    def reading(of: MadeReport) -> Document:
        return read(forms.makers[row.form](of), uri=f"file:///{name_of(row.form)}", record="made")

    document = reading(report)
    compared = compare_tables(report, document)
    row.reports += 1
    # A cell that is read where none was made counts as a wrong one.
    row.cells += max(compared.cells, compared.right + len(compared.wrong))
    row.right += compared.right
    row.wrong += [f"{row.form} {report.seed}: {line}" for line in compared.wrong]
    sound = {f.outcome for f in findings(document)}
    row.failed += "fail" in sound
    row.doubted += "needs_review" in sound
    planted = with_wrong_digits(report)
    wanted = unbalanced(planted)
    said = ("fail", "needs_review") if row.form in RECOGNISED else ("fail",)
    seen = {(f.rule_id, f.values.get("line")) for f in findings(reading(planted)) if f.outcome in said}
    row.sums += len(wanted)
    row.found += len(wanted & seen)
    row.wrong += [f"{row.form} {report.seed}: not found: {rule} {line}" for rule, line in sorted(wanted - seen)]
    surplus = {found for found in seen - wanted if found[0] in SUMS}
    row.wrong += [f"{row.form} {report.seed}: found, but not planted: {rule} {line}" for rule, line in surplus]


def accuracy(chosen: Sequence[str], reports: int = REPORTS) -> int:
    """Print the table of all chosen forms; 0 where every bar is met."""
    out = sys.stdout.write
    out("form   reports  cells read right               bar  fails  doubts  wrong sums   bar\n")
    good = True
    with printer() as page:
        forms = Forms(page)
        for form in chosen:
            if not can_make(form):
                out(f"{form:6} left out: LibreOffice is not installed\n")
                continue
            row = Row(form)
            for seed in range(reports):
                measure(row, make_report(seed), forms)
            out(row.line())
            out("".join(f"       {line}\n" for line in row.wrong[:SHOWN]))
            sys.stdout.flush()
            good &= row.good
    return 0 if good else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", default=",".join(BARS), help="by commas")
    parser.add_argument("--reports", type=int, default=REPORTS)
    chosen = parser.parse_args()
    return accuracy(chosen.forms.split(","), chosen.reports)


if __name__ == "__main__":
    sys.exit(main())
