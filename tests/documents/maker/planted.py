"""Wrong digits put into table 三, and the sums that no longer hold because of them."""

from __future__ import annotations

import random

from documents.maker.data import MadeReport, template

_HEAD_ROWS, _LABELS, _FIGURES = 3, 3, 7
# The rules on table 三, by the line that each adds up.
ROW_SUM = "applicants-total-wrong"
RESULT_SUM = "results-total-wrong"
BALANCE = "requests-unbalanced"
SUMS = (ROW_SUM, RESULT_SUM, BALANCE)


def with_wrong_digits(report: MadeReport) -> MadeReport:
    """One digit of one figure of every column is another one, each in a row of its own.

    Over four reports in a row every row of the table has its turn.
    """
    draw = random.Random(f"planted {report.seed}")
    table = next(t for t in report.tables if t.id == "t3")
    rows = len(table.rows) - _HEAD_ROWS
    for column in range(_FIGURES):
        row = (_FIGURES * (report.seed // 2) + column) % rows
        place = (_HEAD_ROWS + row, _LABELS + column)
        table = table.with_text(*place, _misprinted(table.placed()[place].text, draw))
    return report.with_table(table)


def _misprinted(figure: str, draw: random.Random) -> str:
    at = draw.randrange(len(figure))
    others = [d for d in "0123456789" if d != figure[at] and not (d == "0" and at == 0 and len(figure) > 1)]
    return figure[:at] + draw.choice(others) + figure[at + 1 :]


def unbalanced(report: MadeReport) -> set[tuple[str, str]]:
    """Every sum of table 三 that does not hold, as (rule, row or column label); worked out from the made figures."""
    labels = template(report.format)["t3"]
    placed = next(t for t in report.tables if t.id == "t3").placed()
    grid = {
        row["id"]: [int(placed[_HEAD_ROWS + r, _LABELS + c].text) for c in range(_FIGURES)]
        for r, row in enumerate(labels["rows"])
    }
    found = {(ROW_SUM, row["label"]) for row in labels["rows"] if sum(grid[row["id"]][:-1]) != grid[row["id"]][-1]}
    results = [name for name in grid if name.startswith("r3.") and name != "r3.7"]
    for c, column in enumerate(labels["columns"]):
        if sum(grid[name][c] for name in results) != grid["r3.7"][c]:
            found.add((RESULT_SUM, column["label"]))
        if grid["r1"][c] + grid["r2"][c] != grid["r3.7"][c] + grid["r4"][c]:
            found.add((BALANCE, column["label"]))
    return found
