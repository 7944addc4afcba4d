"""The tables 二 三 四: there, readable, complete, labelled as the template, filled with counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Literal

from scoring.annual_report import AnnualReport, Quote
from scoring.checks.report.structure import heading_quote
from scoring.data import table
from scoring.figures import cell_quote, figure
from scoring.report_tables import BoundCell, BoundTable
from scoring.results import Check, ReportCase, Result, elsewhere
from scoring.text import fold, key, plain

TABLES: tuple[str, ...] = ("t2", "t3", "t4")


def _lost(report: AnnualReport, bound: BoundTable) -> str | None:
    """Why an unbound table may be there all the same: picture, attachment, text_carrier, text; None if nothing is."""
    section = report.sections.get(bound.section)
    blocks = [report.document.blocks[b] for b in section.blocks] if section else []
    for kind in ("picture", "attachment"):
        if any(b.kind == kind for b in blocks):
            return kind
    if any(b.table is not None for b in blocks):
        return "other_table"
    if section and re.search(table("wording")["table_elsewhere"], report.section_text(bound.section)):
        return "said_elsewhere"
    if report.document.carrier == "text":
        return "text_carrier"
    main = [report.document.blocks[i] for i in range(*report.document.main)]
    if not blocks and any(b.kind in ("picture", "attachment") for b in main):
        return "elsewhere"
    if section and any(ch.isdigit() for ch in report.section_text(bound.section)):
        return "text"
    return None


class TablePresent(Check):
    """Each table section holds its table; ``about`` missing: nothing stands there, unreadable: something does."""

    says_absent = "table"
    use: Literal["table_present"]
    about: Literal["missing", "unreadable"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        found: list[Result] = []
        sections = 0
        for name in TABLES:
            bound = report.bound(name)
            section = report.sections.get(bound.section)
            sections += section is not None
            if bound.found or section is None:
                continue
            why = _lost(report, bound)
            values = {"section": report.section_title(bound.section), "table": bound.name}
            at = heading_quote(report, section.heading)
            if self.about == "missing":
                if why is None:
                    found.append(Result("fail", "missing", values, at))
                elif why == "text":
                    found.append(Result("needs_review", "text_only", values, at))
            elif why is not None and why != "text":
                found.append(Result("needs_review", why, values, at))
        if found:
            yield from found
        elif sections:
            yield Result("pass")
        else:
            yield Result("not_checked", "no_sections")


class TableFilled(Check):
    """No cell is blank, ``/`` or ``-`` where a figure is due.

    Fails where the table itself proves that a figure is due: a blank total beside figures, or a table without any
    figure. A single blank that can only mean zero goes to a person (the zero rule was not confirmed in the source).
    """

    use: Literal["table_filled"]
    show: int = 8  # places named in the message

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        any_table = False
        for name in TABLES:
            bound = report.bound(name)
            if not bound.found:
                continue
            any_table = True
            yield self._judge(report, bound)
        if not any_table:
            yield Result("not_checked", "no_table")

    def _judge(self, report: AnnualReport, bound: BoundTable) -> Result:
        empty = [c for c in bound.cells.values() if c.value.kind in ("blank", "dash")]
        if not empty:
            return Result("pass")
        filled = len(bound.cells) - len(empty)
        due = [c for c in empty if is_open_total(bound, c)]
        ordered = due + [c for c in empty if c not in due]
        places = "；".join(place_name(c) for c in ordered[: self.show])
        if len(ordered) > self.show:
            places += " 等"
        values = {"table": bound.name, "count": len(empty), "due": len(due), "places": places, "of": len(bound.cells)}
        quotes = [cell_quote(report, c) for c in ordered]
        related = tuple((place_name(c), q) for c, q in zip(ordered[1:60], quotes[1:60], strict=False))
        if filled == 0:
            return Result("fail", "all_blank", values, quotes[0], related)
        if due:
            return Result("fail", "total_blank", values, quotes[0], related)
        dashes = [c for c in empty if c.value.kind == "dash"]
        named = "dashes" if len(dashes) == len(empty) else "blank"
        return Result("needs_review", named, values, quotes[0], related)


def is_open_total(bound: BoundTable, cell: BoundCell) -> bool:
    """Whether a cell is a total whose parts show figures: the 总计 column of its row, the （七）总计 of its column."""
    parts: list[BoundCell] = []
    if cell.column == "total":
        parts += [c for (row, column), c in bound.cells.items() if row == cell.row and column != "total"]
    if cell.row == "r3.7":
        parts += [c for (row, column), c in bound.cells.items() if column == cell.column and row.startswith("r3.")]
    return any(c.value.number for c in parts if c is not cell)


def place_name(cell: BoundCell) -> str:
    """Row and column of a cell in the template's own words."""
    return f"“{cell.row_label}”行“{cell.column_label}”列"


def comparable(report: AnnualReport) -> list[BoundTable] | str:
    """The tables that can be held against their template, or the reason why there are none."""
    found = [report.bound(name) for name in TABLES if report.bound(name).found]
    if not found:
        return "no_table"
    used = report.tables.format
    return "other_format" if report.expected_format and used and used != report.expected_format else found


def labelled(report: AnnualReport, cells: Iterable[BoundCell]) -> tuple[tuple[str, Quote], ...]:
    """Cells with table, row and column in words, for quoting them beside a text."""
    return tuple((f"{report.bound(c.table).name}{place_name(c)}", cell_quote(report, c)) for c in cells)


class TableLabels(Check):
    """Row and column labels are those of the template or known variants."""

    use: Literal["table_labels"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        bound_tables = comparable(report)
        if isinstance(bound_tables, str):
            yield Result("not_checked", bound_tables)
            return
        found: list[Result] = []
        for bound in bound_tables:
            seen: set[str] = set()
            for use in bound.labels:
                if use.fit != "altered" or use.id in seen:
                    continue
                seen.add(use.id)
                values = {"table": bound.name, "printed": use.printed.replace("\n", ""), "expected": use.expected}
                found.append(Result("fail", "altered", values, Quote(use.spot, use.printed)))
            for spot, printed in bound.unbound if missing_of(bound) else ():
                values = {"table": bound.name, "printed": printed.replace("\n", "")}
                found.append(Result("needs_review", "unknown", values, Quote(spot, printed)))
        yield from found or [Result("pass")]


class TableComplete(Check):
    """No row or column of the template is missing from a table that is there."""

    says_absent = "table"
    use: Literal["table_complete"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        bound_tables = comparable(report)
        if isinstance(bound_tables, str):
            yield Result("not_checked", bound_tables)
            return
        found: list[Result] = []
        for bound in bound_tables:
            missing = missing_of(bound)
            if not missing:
                continue
            first = min(bound.cells.values(), key=lambda c: (c.spot.block, c.spot.row or 0, c.spot.column or 0))
            rows = list(dict.fromkeys(c.row_label for c in bound.cells.values()))
            values = {
                "table": bound.name,
                "missing": "、".join(missing),
                "count": len(missing),
                "found": "、".join(rows),
            }
            case_of = "unbound" if bound.unbound else "loose" if _loose(report, bound) else "missing"
            outcome: Literal["fail", "needs_review"] = "fail" if case_of == "missing" else "needs_review"
            section = report.sections.get(bound.section)
            at = heading_quote(report, section.heading) if section else cell_quote(report, first)
            found.append(Result(outcome, case_of, values, at, (("表内首个数据", cell_quote(report, first)),)))
        yield from found or [Result("pass")]


def _loose(report: AnnualReport, bound: BoundTable) -> bool:
    """Whether a row that a table lacks stands as text in its section: not all of the table was read as one."""
    section = report.sections.get(bound.section)
    blocks = [report.document.blocks[b] for b in section.blocks] if section else []
    text = "\n".join(fold(block.text) for block in blocks if block.table is None)
    there = {row for row, _ in bound.cells}
    labels = (key(row["label"]) for row in _rows(bound) if row["id"] not in there)
    return any(re.search(r"\W*".join(map(re.escape, label)) + r"[^\w\n]*(?:\d|$)", text, re.M) for label in labels)


def _rows(bound: BoundTable) -> list[dict[str, Any]]:
    template = bound.template
    if bound.id == "t2":
        return [row for part in template["blocks"] for row in part["rows"]]
    rows: list[dict[str, Any]] = template["rows"] if bound.id == "t3" else template["groups"]
    return rows


def missing_of(bound: BoundTable) -> list[str]:
    """Rows and columns of the template that a table lacks, in words; one under another name is not lacking."""
    template = bound.template
    renamed = {use.expected for use in bound.labels if use.fit == "altered"}
    there_rows = {row for row, _ in bound.cells}
    missing: list[str] = []
    if bound.id == "t2":
        for part in template["blocks"]:
            for row in part["rows"]:
                if row["id"] not in there_rows:
                    missing.append(f"{part['caption']}“{row['label']}”行")
                    continue
                missing += [
                    f"“{row['label']}”行“{column['label']}”列"
                    for column in part["columns"]
                    if (row["id"], column["id"]) not in bound.cells
                ]
        return missing
    rows = _rows(bound)
    columns = template["columns"] if bound.id == "t3" else template["results"]
    there_columns = {column for _, column in bound.cells}
    missing += [f"“{r['label']}”行" for r in rows if r["id"] not in there_rows and r["label"] not in renamed]
    missing += [f"“{c['label']}”列" for c in columns if c["id"] not in there_columns and c["label"] not in renamed]
    return missing


class CellsAreCounts(Check):
    """Cells hold counts: whole numbers, not negative (only 本年增/减 may be), amounts may be decimal.

    Figures that could not be read are one result per table, for a person. ``show``: places named in the message.
    """

    use: Literal["cells_are_counts"]
    show: int = 8

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        cells = [c for n in TABLES for c in report.bound(n).cells.values()]
        if not cells:
            yield Result("not_checked", "no_table")
            return
        found: list[Result] = []
        unread: dict[str, list[BoundCell]] = {}
        for cell in cells:
            number = cell.value.number
            values = {"place": place_name(cell), "table": report.bound(cell.table).name, "raw": cell.value.raw}
            if cell.value.kind == "text":
                found.append(Result("fail", "text", values, cell_quote(report, cell)))
            elif cell.value.kind == "unread":
                unread.setdefault(cell.table, []).append(cell)
            elif number is None:
                continue
            elif number < 0 and cell.kind != "signed":
                found.append(Result("fail", "negative", values, cell_quote(report, cell)))
            elif number != number.to_integral_value() and cell.kind != "amount":
                found.append(Result("fail", "fraction", values, cell_quote(report, cell)))
        found += [self._unread(report, own) for own in unread.values()]
        yield from found or [Result("pass")]

    def _unread(self, report: AnnualReport, cells: list[BoundCell]) -> Result:
        first, *rest = cells
        places = "；".join(place_name(c) for c in cells[: self.show]) + (" 等" if len(cells) > self.show else "")
        values = {"table": report.bound(first.table).name, "count": len(cells), "places": places}
        related = tuple((place_name(c), cell_quote(report, c)) for c in rest[: self.show])
        return Result("needs_review", "unread", values, cell_quote(report, first), related)


class AmountUnit(Check):
    """An amount in 万元 does not look like one in 元: no 元 behind it, not the text's figure in 元, no huge jump.

    ``cell`` names the figure; ``times``: how many times last year's amount is too much to be true.
    """

    use: Literal["amount_unit"]
    cell: str
    times: int

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        table_id, row, column = self.cell.split(".")
        cell = report.bound(table_id).get(row, column)
        if cell is None or cell.value.number is None:
            yield Result("not_checked", "no_table")
            return
        quote, raw = cell_quote(report, cell), cell.value.raw.strip()
        if cell.value.unit == "元":
            yield Result("needs_review", "unit", {"raw": raw}, quote)
            return
        amount = cell.value.number
        for piece in report.pieces(1, 6):
            text = fold(report.text(piece)).replace(",", "")
            if amount >= self.times and re.search(rf"(?<![\d.]){re.escape(plain(amount))}元", text):
                yield Result("needs_review", "text", {"raw": plain(amount)}, quote)
                return
        before = figure(case.previous, self.cell) if case.previous else None
        if before is not None and before.value > 0 and amount / before.value >= self.times:
            values = {"raw": raw, "before": plain(before.value), "times": round(amount / before.value)}
            assert case.previous is not None
            last = elsewhere(case.previous, f"{case.previous.year}年报告", cell_quote(case.previous, before.cells[0]))
            yield Result("needs_review", "jump", values, quote, elsewhere=(last,))
            return
        yield Result("pass")


class RulesNeedPower(Check):
    """Only bodies that may make 规章 (立法法 articles 91 and 93) report any.

    Townships, counties and their bodies, and departments of any local level cannot; the name of
    a city's government does not tell whether the city may, so there, and for its office, nothing is decided.
    """

    use: Literal["rules_need_power"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        bound = report.bound("t2")
        cells = [c for (row, _), c in bound.cells.items() if row == "rules"]
        if not cells:
            yield Result("not_checked", "no_table")
            return
        shown = [c for c in cells if c.value.number]
        if not shown:
            yield Result("pass")
            return
        power = self._power(report)
        if power == "has":
            yield Result("pass")
            return
        if power == "unclear":
            yield Result("not_checked", "power")
            return
        figures = "、".join(f"{c.column_label} {c.value.raw.strip()}" for c in shown)
        values = {"figures": figures, "unit": report.unit or "本单位"}
        related = tuple((place_name(c), cell_quote(report, c)) for c in shown[1:])
        yield Result("fail", "no_power", values, cell_quote(report, shown[0]), related)

    def _power(self, report: AnnualReport) -> Literal["has", "none", "unclear"]:
        name = report.unit or ""
        data = table("units")
        level = report.options.level or next(
            (entry["level"] for entry in data["levels"] if re.search(entry["pattern"], name)), None
        )
        if report.publisher == "township" or level in ("township", "county"):
            return "none"
        if re.search(data["for_government"], name):
            return "unclear"
        if report.publisher == "government":
            return "has" if level == "province" else "unclear"
        if re.search(data["national"], name):
            return "has"
        return "none" if report.publisher == "department" and re.search(r"[省市州盟]", name) else "unclear"
