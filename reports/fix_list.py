"""The list of corrections: where something stands, what is written there, and what should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from reports import labels, view
from reports.sheets import Sheet, write_sheets
from scoring.inspection import Finding, Inspection
from scoring.veil import veiled

HEADINGS = ("序号", "文件或网址", "位置", "原文", "建议改为", "所在句子", "级别", "结论", "规则", "说明")
_WIDTHS = (6, 32, 26, 18, 18, 48, 8, 12, 24, 48)


def write(inspections: Sequence[Inspection], path: Path) -> None:
    """Write the list to ``path``, XLSX or CSV. Raises ReportError where that is not possible."""
    rows = (row for inspection in inspections for finding in inspection.findings for row in _rows(finding))
    numbered = [(str(number), *row) for number, row in enumerate(rows, 1)]
    write_sheets(path, [Sheet("修改清单", HEADINGS, numbered, _WIDTHS, links=(1,))])


def _rows(finding: Finding) -> Iterator[tuple[str, ...]]:
    """A row for each quoted place of a finding that says what is wrong there."""
    wrong = finding.values.get("wrong")
    if not isinstance(wrong, str):
        return
    right = str(finding.values.get("right") or "")
    places = [(finding.where, finding.quote), *((place.where, place.quote) for place in finding.related)]
    told = (
        labels.SEVERITY[finding.severity],
        labels.OUTCOME[finding.outcome],
        f"{finding.rule} {finding.title}",
        finding.message,
    )
    for where, quote in places:
        source = veiled(where.url or where.file or "")
        yield (source, view.place(where), wrong, right, quote, *told)
