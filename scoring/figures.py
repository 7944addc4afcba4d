"""Named figures of the bound tables: ``t3.r1.total``, ``t3.r3.4.total`` (a sum of rows), ``t4.review.total``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from scoring.annual_report import AnnualReport, Quote
from scoring.cell_values import parse_value
from scoring.report_tables import BoundCell, BoundTable
from scoring.text import plain


@dataclass(frozen=True, slots=True)
class Figure:
    """A number the tables show: its value, the cells it rests on, and how it is written out."""

    value: Decimal
    cells: tuple[BoundCell, ...]
    written: str


def cell_quote(report: AnnualReport, cell: BoundCell) -> Quote:
    """Quote of a cell: its raw string. A blank cell is quoted by the nearest label of its row.

    The spot is the cell's own in both cases; ``verify`` knows the second form.
    """
    if cell.value.raw.strip():
        return Quote(cell.spot, cell.value.raw)
    table = report.document.blocks[cell.spot.block].table
    row, column = cell.spot.row or 0, cell.spot.column or 0
    labels = [
        c
        for c in (table.cells if table else ())
        if c.row <= row < c.row + c.rowspan and c.column < column and parse_value(c.raw).kind == "text"
    ]
    if labels:
        return Quote(cell.spot, max(labels, key=lambda c: c.column).raw)
    heads = [c for c in (table.cells if table else ()) if c.raw.strip() and c.column <= column < c.column + c.colspan]
    return Quote(cell.spot, max(heads, key=lambda c: c.row).raw if heads else "")


def figure(report: AnnualReport, name: str) -> Figure | None:
    """The figure of that name; None where the table, row or cell is not there or holds no number.

    A blank total is read as the sum of its row's applicants (facts §9.3: blank counts as nothing in sums),
    so that a report that leaves the total column empty is still compared with its text.
    """
    bound, rows, column = _place(report, name)
    if not bound.found:
        return None
    parts = [_cell_figure(report, bound.id, r, column) for r in rows]
    known = [p for p in parts if p is not None]
    if len(known) < len(rows):
        return None
    value = sum((p.value for p in known), Decimal(0))
    cells = tuple(c for p in known for c in p.cells)
    shown = [p for p in known if p.value] or known[:1]
    written = plain(value) if len(shown) == 1 else " + ".join(plain(p.value) for p in shown) + f" = {plain(value)}"
    return Figure(value, cells, written)


def unread_cells(report: AnnualReport, names: Iterable[str]) -> tuple[BoundCell, ...]:
    """The cells of named figures whose digits could not be read: no figure is known as long as they are not."""
    cells = (bound.get(row, column) for bound, rows, column in map(partial(_place, report), names) for row in rows)
    return tuple(c for c in cells if c is not None and c.value.kind == "unread")


def _place(report: AnnualReport, name: str) -> tuple[BoundTable, list[str], str]:
    """Table, rows and column of a named figure; a kind of result of table 三 (r3.3 …) stands for all its rows."""
    table_id, _, rest = name.partition(".")
    row, _, column = rest.rpartition(".")
    bound = report.bound(table_id)
    groups = bound.template.get("results")
    return bound, groups[row] if isinstance(groups, dict) and row in groups else [row], column


def sum_figure(report: AnnualReport, plus: tuple[str, ...], minus: tuple[str, ...] = ()) -> Figure | None:
    """Sum of named figures, written out; None where one of them is not known."""
    ups, downs = ([figure(report, name) for name in side] for side in (plus, minus))
    if None in ups or None in downs:
        return None
    more, less = [f for f in ups if f], [f for f in downs if f]
    value = sum((f.value for f in more), Decimal(0)) - sum((f.value for f in less), Decimal(0))
    cells = tuple(c for f in (*more, *less) for c in f.cells)
    if len(more) == 1 and not less:
        return Figure(value, cells, more[0].written)
    text = " + ".join(plain(f.value) for f in more) + "".join(f" − {plain(f.value)}" for f in less)
    return Figure(value, cells, f"{text} = {plain(value)}")


def _cell_figure(report: AnnualReport, table_id: str, row: str, column: str) -> Figure | None:
    bound = report.bound(table_id)
    cell = bound.get(row, column)
    if cell is None or not cell.value.known:
        return None
    if cell.value.number is None and column == "total" and row != "r3.7" and table_id in ("t3", "t4"):
        parts = [c for (r, other), c in bound.cells.items() if r == row and other != "total"]
        if not all(p.value.known for p in parts):
            return None
        if all(p.value.number is None for p in parts):
            return None  # a blank row says nothing
        shown = [p for p in parts if p.value.number]
        total = sum((p.value.amount for p in parts), Decimal(0))
        return Figure(total, tuple(shown) or (cell,), plain(total))
    if cell.value.number is None and row == "r3.7":
        return None  # a blank total is no zero
    if cell.value.number is None:
        return Figure(Decimal(0), (cell,), "空白")
    return Figure(cell.value.number, (cell,), plain(cell.value.number))
