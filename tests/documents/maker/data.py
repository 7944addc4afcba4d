"""One annual report as neutral data: sections of text and the three tables as cells, numbers consistent by seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from documents.maker.wording import BUREAUS, TOWNS, preamble, sections

_RULES = Path(__file__).resolve().parents[3] / "rules" / "tables"
_RELATION = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


@dataclass(frozen=True)
class MadeCell:
    """One cell as it is to be read. ``head``: a label; figures and blanks are no heads."""

    text: str
    rowspan: int = 1
    colspan: int = 1
    head: bool = False


@dataclass(frozen=True)
class MadeTable:
    """``rows`` hold the cells that begin in them; ``head_rows`` of them are the head."""

    id: str
    rows: tuple[tuple[MadeCell, ...], ...]
    head_rows: int

    def placed(self) -> dict[tuple[int, int], MadeCell]:
        """Every cell by its place on the grid, spans resolved."""
        taken: set[tuple[int, int]] = set()
        found: dict[tuple[int, int], MadeCell] = {}
        for r, row in enumerate(self.rows):
            column = 0
            for cell in row:
                while (r, column) in taken:
                    column += 1
                found[r, column] = cell
                taken |= {(r + i, column + k) for i in range(cell.rowspan) for k in range(cell.colspan)}
        return found

    @property
    def columns(self) -> int:
        return sum(cell.colspan for cell in self.rows[0])

    def with_text(self, row: int, column: int, text: str) -> MadeTable:
        """The same table with another text in the cell at ``row``, ``column``."""
        old = self.placed()[row, column]
        rows = tuple(
            tuple(replace(cell, text=text) if cell is old else cell for cell in cells) if r == row else cells
            for r, cells in enumerate(self.rows)
        )
        return replace(self, rows=rows)


@dataclass(frozen=True)
class MadeReport:
    """A report: ``sections`` are (heading, paragraphs, table or None) after the ``preamble``."""

    seed: int
    format: str
    year: int
    unit: str
    title: str
    preamble: str
    sections: tuple[tuple[str, tuple[str, ...], MadeTable | None], ...]

    @property
    def tables(self) -> tuple[MadeTable, ...]:
        return tuple(table for _, _, table in self.sections if table is not None)

    def paragraphs(self) -> list[str]:
        """All text outside tables, in reading order."""
        found = [self.title, self.preamble]
        for heading, texts, _ in self.sections:
            found += [heading, *texts]
        return found

    def with_table(self, table: MadeTable) -> MadeReport:
        """The same report with ``table`` in place of the one of the same id."""
        sections = tuple((h, p, table if t is not None and t.id == table.id else t) for h, p, t in self.sections)
        return replace(self, sections=sections)

    def with_wrong_digit(self, row: int, column: int) -> MadeReport:
        """The same report with one figure of table 三 one too large."""
        table = next(t for t in self.tables if t.id == "t3")
        old = table.placed()[row, column].text
        return self.with_table(table.with_text(row, column, str(int(old) + 1)))


def template(report_format: str) -> dict[str, Any]:
    """The official labels of ``F2019`` or ``F2021``."""
    data: dict[str, Any] = yaml.safe_load((_RULES / f"annual-report-{report_format[1:]}.yaml").read_text("utf-8"))
    return data


def make_report(seed: int) -> MadeReport:
    """Report number ``seed``: odd ones in the format of 2019, even ones in that of 2021."""
    draw = random.Random(seed)
    report_format = "F2019" if seed % 2 else "F2021"
    year = draw.choice((2019, 2020)) if seed % 2 else draw.choice((2021, 2022, 2023, 2024, 2025))
    place = TOWNS[seed % len(TOWNS)]
    bureau = draw.choice(BUREAUS)
    unit = f"{place}{'县' if seed % 3 else '市'}{bureau}"
    labels = template(report_format)
    t2, t2_figures = _table2(labels["t2"], draw)
    t3, totals = _table3(labels["t3"], draw, large=seed % 5 == 0)
    t4, t4_totals = _table4(labels["t4"], draw)
    texts = sections(unit, year, report_format, totals, t4_totals, t2_figures, draw)
    return MadeReport(
        seed, report_format, year, unit, f"{unit}{year}年政府信息公开工作年度报告",
        preamble(unit, year, report_format),
        tuple((h, p, {2: t2, 3: t3, 4: t4}.get(n)) for n, (h, p) in enumerate(texts, 1)),
    )  # fmt: skip


def _head(text: str, rowspan: int = 1, colspan: int = 1) -> MadeCell:
    return MadeCell(text, rowspan, colspan, head=True)


def _table2(labels: dict[str, Any], draw: random.Random) -> tuple[MadeTable, dict[str, int]]:
    width = max(len(block["columns"]) for block in labels["blocks"])
    rows: list[tuple[MadeCell, ...]] = []
    figures: dict[str, int] = {}
    for block in labels["blocks"]:
        columns = block["columns"]
        spans = [1] * len(columns)
        spans[-1] += width - len(columns)
        rows.append((_head(block["caption"], 1, width + 1),))
        heads = [_head(c["label"], 1, s) for c, s in zip(columns, spans, strict=True)]
        rows.append((_head(labels["head"]), *heads))
        for row in block["rows"]:
            values = _row2(row["id"], [c["id"] for c in columns], draw, figures)
            cells = [MadeCell(v, 1, s) for v, s in zip(values, spans, strict=True)]
            rows.append((_head(row["label"]), *cells))
    return MadeTable("t2", tuple(rows), 0), figures


def _row2(row: str, columns: list[str], draw: random.Random, figures: dict[str, int]) -> list[str]:
    if row == "rules":
        return [draw.choice(("0", "0", "/", ""))] * len(columns)
    if "in_force" in columns or "total" in columns:
        made, gone = draw.randint(0, 9), draw.randint(0, 3)
        standing = made + gone + draw.randint(0, 40)
        figures.update(made=made, gone=gone, standing=standing)
        return [str(made), str(gone if "in_force" in columns else made), str(standing)]
    values = []
    for column in columns:
        if column == "change":
            values.append(draw.choice(("0", "+2", "-1", "0")))
        elif column in ("amount", "sum"):
            values.append(f"{draw.randint(0, 90000) / 100:.2f}" + ("万元" if column == "sum" else ""))
        else:
            values.append(str(draw.randint(0, 4000)))
    return values


def _table3(labels: dict[str, Any], draw: random.Random, large: bool) -> tuple[MadeTable, dict[str, int]]:
    results = [row["id"] for row in labels["rows"] if row["id"].startswith("r3.") and row["id"] != "r3.7"]
    most = 900 if large else 12
    grid: dict[str, list[int]] = {}
    for name in results:
        grid[name] = [draw.randint(0, most) if draw.random() < 0.3 else 0 for _ in range(6)]
    grid["r3.1"][0] += draw.randint(1, most)
    done = [sum(grid[name][c] for name in results) for c in range(6)]
    left = [draw.randint(0, 3) for _ in range(6)]
    before = [min(draw.randint(0, 3), done[c] + left[c]) for c in range(6)]
    grid["r3.7"], grid["r4"], grid["r2"] = done, left, before
    grid["r1"] = [done[c] + left[c] - before[c] for c in range(6)]
    body = [_row3(row, labels, [*grid[row["id"]], sum(grid[row["id"]])]) for row in labels["rows"]]
    columns = labels["columns"]
    named = [_head(c["label"]) for c in columns if c.get("group")]
    head = (
        (_head(_RELATION, 3, 3), _head("申请人情况", 1, 7)),
        (_head(columns[0]["label"], 2), _head(columns[1]["group"], 1, 5), _head(columns[-1]["label"], 2)),
        tuple(named),
    )
    totals = {name: sum(values) for name, values in grid.items()}
    totals |= {"person": grid["r1"][0], "organs": sum(grid["r1"][1:])}
    for group, members in labels["results"].items():
        totals[group] = sum(totals[m] for m in members)
    return MadeTable("t3", (*head, *body), 3), totals


def _row3(row: dict[str, Any], labels: dict[str, Any], values: list[int]) -> tuple[MadeCell, ...]:
    within = [r for r in labels["rows"] if r["id"].startswith("r3.")]
    cells: list[MadeCell] = []
    group = row.get("group", "")
    if not group:
        cells.append(_head(row["label"], 1, 3))
    else:
        if row is within[0]:
            cells.append(_head("三、本年度办理结果", len(within)))
        members = [r for r in within if r.get("group") == group]
        if group.startswith("（"):
            if row is members[0]:
                cells.append(_head(group, len(members)))
            cells.append(_head(row["label"]))
        else:
            cells.append(_head(row["label"], 1, 2))
    return (*cells, *(MadeCell(str(v)) for v in values))


def _table4(labels: dict[str, Any], draw: random.Random) -> tuple[MadeTable, dict[str, int]]:
    names = [r["label"] for r in labels["results"]]
    values: list[str] = []
    totals: dict[str, int] = {}
    for group in labels["groups"]:
        own = [draw.randint(0, 6) if draw.random() < 0.4 else 0 for _ in names[:-1]]
        totals[group["id"]] = sum(own)
        values += [str(v) for v in (*own, sum(own))]
    head = (
        (_head("行政复议", 1, 5), _head("行政诉讼", 1, 10)),
        (
            *(_head(name, 2) for name in names),
            *(_head(g["label"], 1, 5) for g in labels["groups"][1:]),
        ),
        tuple(_head(name) for _ in range(2) for name in names),
    )
    return MadeTable("t4", (*head, tuple(MadeCell(v) for v in values)), 3), totals
