"""Bind the tables 二 三 四 of an annual report to the template rows and columns, by label.

Labels decide; order decides only inside a row whose label matched, because offices merge header cells
differently from data cells (facts §9.2). Every value keeps its raw string beside the number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from rapidfuzz import fuzz

from crawler.evidence import Block, Cell, Document, Spot, Table
from scoring.addresses import cell_selector
from scoring.cell_values import Value, parse_value
from scoring.data import table as data_table
from scoring.text import fold, key

_BRACKETS = re.compile(r"[(][^()]*[)]")
_LEADING_NUMBER = re.compile(r"^[一二三四五六七八九十\d]+")


@dataclass(frozen=True, slots=True)
class BoundCell:
    """One value of the template: table/row/column ids, the value, where it stands, how surely it was recognised."""

    table: str
    row: str
    column: str
    value: Value
    spot: Spot
    row_label: str
    column_label: str
    kind: str = "count"  # count | signed | amount
    confidence: float | None = None  # as in Cell


@dataclass(frozen=True, slots=True)
class LabelUse:
    """How a template label was printed: exact, a known variant, or altered."""

    id: str
    expected: str
    printed: str
    fit: Literal["exact", "variant", "altered"]
    spot: Spot


@dataclass(slots=True)
class BoundTable:
    """One template table as found: cells by (row id, column id), labels as printed, what is not there."""

    id: str
    name: str
    section: int
    cells: dict[tuple[str, str], BoundCell] = field(default_factory=dict)
    labels: list[LabelUse] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    unbound: list[tuple[Spot, str]] = field(default_factory=list)  # value rows whose label fits nothing
    template: dict[str, Any] = field(default_factory=dict)

    @property
    def found(self) -> bool:
        return bool(self.cells)

    def get(self, row: str, column: str) -> BoundCell | None:
        return self.cells.get((row, column))

    def rows(self) -> list[str]:
        return list(dict.fromkeys(row for row, _ in self.cells))


@dataclass(slots=True)
class ReportTables:
    """The three tables, bound under one format. ``template`` is the format's data."""

    format: str | None
    template: dict[str, Any]
    t2: BoundTable
    t3: BoundTable
    t4: BoundTable
    format_cells: list[tuple[Spot, str]] = field(default_factory=list)  # cells that gave the format away

    def all(self) -> tuple[BoundTable, BoundTable, BoundTable]:
        return self.t2, self.t3, self.t4


def bind(document: Document, blocks: Iterable[int], expected: str | None) -> ReportTables:
    """Find and bind the tables among ``blocks``. ``expected`` is the format that the report year asks for.

    The format is the one whose own header cells occur; where none occurs, the expected one is used for
    binding and ``format`` stays None.
    """
    tables = [document.blocks[i] for i in blocks if document.blocks[i].table is not None]
    found, cells = _detect(tables)
    name = found or expected or "F2021"
    template = data_table(template_name(name))
    rows_format = _rows_format(tables) or expected or name
    templates = {"t2": template["t2"], "t3": data_table(template_name(rows_format))["t3"], "t4": template["t4"]}
    t2, t3, t4 = (BoundTable(t, v["name"], v["section"], template=v) for t, v in templates.items())
    result = ReportTables(found, template, t2, t3, t4, cells)
    for block in tables:
        _bind_t2(block, t2.template, t2)
        _bind_t3(block, t3.template, t3)
        _bind_t4(block, t4.template, t4, document)
    return result


def template_name(report_format: str) -> str:
    return "annual-report-" + report_format[1:]


def format_for_year(year: int) -> str | None:
    """The format that a report year asks for; None before 2019."""
    for name in ("annual-report-2021", "annual-report-2019"):
        data = data_table(name)
        if data["from_report_year"] <= year <= data.get("to_report_year", 9999):
            return str(data["format"])
    return None


def _detect(tables: list[Block]) -> tuple[str | None, list[tuple[Spot, str]]]:
    hits: dict[str, list[tuple[Spot, str]]] = {}
    for block in tables:
        assert block.table is not None
        for cell in block.table.cells:
            text = key(cell.raw)
            for name in ("annual-report-2021", "annual-report-2019"):
                data = data_table(name)
                if any(key(word) in text for word in data["detect"]) and len(text) < 24:
                    hits.setdefault(data["format"], []).append((_spot(block, cell), cell.raw))
    if not hits:
        return None, []
    best = max(hits, key=lambda f: len(hits[f]))
    return best, hits[best]


def _rows_format(tables: list[Block]) -> str | None:
    """Table 三 tells its format by the rows under （六）: an office may mix an old table 二 with a new table 三."""
    specs = [r for r in data_table("annual-report-2021")["t3"]["rows"] if r["id"] in ("r3.6.1", "r3.6.2")]
    for block in tables:
        if block.table and any(match_label(c.raw, specs) for c in block.table.cells):
            return "F2021"
    return None


def _spot(block: Block, cell: Cell) -> Spot:
    selector = cell_selector(block.spot.selector, cell.row, cell.column)
    return Spot(block.spot.block, row=cell.row, column=cell.column, selector=selector, page=cell.page, box=cell.box)


def physical_rows(table: Table) -> Iterator[list[Cell]]:
    """Cells grouped by the row they start in, left to right: what the office typed, spans not repeated."""
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell)
    for row in sorted(rows):
        yield sorted(rows[row], key=lambda c: c.column)


@lru_cache(maxsize=8192)
def _keys(text: str) -> tuple[str, str, str]:
    """Keys of a label: whole, without bracketed explanation, and that without its number."""
    bare = (
        key(_BRACKETS.sub("", fold(text)))
        if not fold(text).startswith("(")
        else key(fold(text)[:3] + _BRACKETS.sub("", fold(text)[3:]))
    )
    return key(text), bare, _LEADING_NUMBER.sub("", bare)


class _Label(NamedTuple):
    """A template entry as labels are compared with it: its keys, those of its variants, those of its group."""

    exact: str
    own: frozenset[str]
    unnumbered: tuple[str, ...]
    groups: frozenset[str]


@lru_cache(maxsize=4096)
def _label(label: str, variants: tuple[str, ...], group: str) -> _Label:
    names = (label, *variants)
    own = frozenset(k for name in names for k in (key(name), *_keys(name)))
    groups = frozenset({_LEADING_NUMBER.sub("", key(group)), key(group)} if key(group) else ())
    return _Label(key(label), own, tuple(_keys(name)[2] for name in names), groups)


_LONGEST_KEPT = 100  # characters; a longer cell is no label, and would only fill the memory


# The same few labels are compared with one another in every report.
@lru_cache(maxsize=32768)
def _fit(
    whole: str, bare: str, unnumbered: str, name: str, variants: tuple[str, ...], group: str
) -> Literal["exact", "variant"] | float:
    """How the keys of a printed label fit a template entry: a word where they do, else how alike they are (0 to 1)."""
    label = _label(name, variants, group)
    if whole == label.exact:
        return "exact"
    if whole in label.own or bare in label.own or (unnumbered and unnumbered in label.own):
        return "variant"
    if any(whole == g + k for g in label.groups for k in label.own) or any(
        whole.endswith(k) and any(g in whole for g in label.groups) for k in label.own if len(k) > 3
    ):
        return "variant"
    return max(fuzz.ratio(unnumbered, known) for known in label.unnumbered) / 100


def match_label(
    text: str, specs: list[dict[str, Any]]
) -> tuple[dict[str, Any], Literal["exact", "variant", "altered"]] | None:
    """The template entry that a printed label stands for, and how well it fits. None where nothing fits."""
    if parse_value(text).kind != "text":
        return None
    whole, bare, unnumbered = _keys(text)
    if not whole:
        return None
    best: tuple[float, dict[str, Any]] | None = None
    fits = _fit if len(whole) < _LONGEST_KEPT else _fit.__wrapped__
    for spec in specs:
        fit = fits(whole, bare, unnumbered, str(spec["label"]), tuple(spec.get("variants", ())), spec.get("group", ""))
        if isinstance(fit, str):
            return spec, fit
        if best is None or fit > best[0]:
            best = (fit, spec)
    if best and best[0] >= data_table("cell-values")["label_similarity"] and len(unnumbered) >= 4:
        return best[1], "altered"
    return None


def _note_label(
    bound: BoundTable,
    spec: dict[str, Any],
    fit: Literal["exact", "variant", "altered"],
    block: Block,
    cell: Cell,
    kind: str,
) -> None:
    bound.labels.append(LabelUse(f"{kind}:{spec['id']}", str(spec["label"]), cell.raw, fit, _spot(block, cell)))
    if block.spot.block not in bound.blocks:
        bound.blocks.append(block.spot.block)


def _put(
    bound: BoundTable, block: Block, cell: Cell, spec: dict[str, Any], column: dict[str, Any], kind: str = "count"
) -> None:
    place = (spec["id"], column["id"])
    labels = (str(spec["label"]), str(column["label"]))
    value, spot = parse_value(cell.raw), _spot(block, cell)
    if value.kind == "blank" and cell.has_picture:
        value = Value(cell.raw, "unread")  # the figure may be in the picture
    bound.cells.setdefault(place, BoundCell(bound.id, *place, value, spot, *labels, kind, sureness(block, cell)))


def sureness(block: Block, cell: Cell) -> float | None:
    """Confidence of a cell as in ``Cell``; a blank among recognised cells may be a figure that was overlooked: 0."""
    if cell.confidence is not None or cell.raw or block.table is None:
        return cell.confidence
    return 0.0 if any(c.confidence is not None for c in block.table.cells) else None


def _is_value(cell: Cell) -> bool:
    return parse_value(cell.raw).kind != "text"


# --- table 二 ---------------------------------------------------------------------------------------


def _bind_t2(block: Block, template: dict[str, Any], bound: BoundTable) -> None:
    assert block.table is not None
    rows = [{**row, "block": part} for part in template["blocks"] for row in part["rows"]]
    columns = [column for part in template["blocks"] for column in part["columns"]]
    header: list[Cell] = []
    for cells in physical_rows(block.table):
        matched_columns = [c for c in cells if match_label(c.raw, columns) and not match_label(c.raw, rows)]
        if any(key(c.raw) == key(template["head"]) for c in cells) or len(matched_columns) >= 2:
            start = next((i for i, c in enumerate(cells) if key(c.raw) == key(template["head"])), -1)
            header = cells[start + 1 :] if start >= 0 else matched_columns
            continue
        if not header:
            continue
        place = next(((i, m) for i, c in enumerate(cells) if (m := match_label(c.raw, rows))), None)
        if place is None:
            if any(parse_value(c.raw).kind == "number" for c in cells) and not _is_value(cells[0]):
                bound.unbound.append((_spot(block, cells[0]), cells[0].raw))
            continue
        index, (spec, fit) = place
        values = cells[index + 1 :]
        if not values or any(parse_value(v.raw).kind == "text" and match_label(v.raw, rows) for v in values):
            continue
        part = spec["block"]
        _note_label(bound, spec, fit, block, cells[index], f"{part['id']}")
        named = [match_label(h.raw, part["columns"]) for h in header]
        by_header = len(header) == len(values) and any(named)
        for position, cell in enumerate(values):
            hit = named[position] if by_header else None
            if hit is None and by_header and len(header) == len(part["columns"]) and named.count(None) == 1:
                # The one column without a known name, where every other column of the block has its own.
                hit = (part["columns"][position], "altered")
            if hit is None and not by_header and len(values) == len(part["columns"]):
                hit = (part["columns"][position], "exact")
            if hit is None:
                continue
            column, column_fit = hit
            if by_header:
                _note_label(bound, column, column_fit, block, header[position], f"{part['id']}/col")
            _put(bound, block, cell, spec, column, column["kind"])


# --- table 三 ---------------------------------------------------------------------------------------


def _bind_t3(block: Block, template: dict[str, Any], bound: BoundTable) -> None:
    assert block.table is not None
    specs = template["rows"]
    groups = template["groups"]
    matched: list[tuple[list[Cell], int, dict[str, Any], Literal["exact", "variant", "altered"]]] = []
    strange: list[tuple[int, Cell]] = []  # rows that fit nothing, and how many rows were matched before each
    first_row: int | None = None
    for cells in physical_rows(block.table):
        hits = [(i, m) for i, c in enumerate(cells) if (m := match_label(c.raw, specs))]
        last_label = max((i for i, c in enumerate(cells) if not _is_value(c)), default=-1)
        group_hit = [i for i in (last_label,) if i >= 0 and key(cells[i].raw) in {key(g["label"]) for g in groups}]
        if not hits:
            if group_hit and first_row is not None and sum(map(_is_value, cells[group_hit[-1] + 1 :])) >= 5:
                continue  # a subtotal row that some offices add
            numbers = [c for c in cells if parse_value(c.raw).kind == "number"]
            if any(key(cells[last_label].raw).endswith(key(name)) for name in template["ignored"]):
                continue
            if first_row is not None and len(numbers) >= 5 and last_label >= 0:
                strange.append((len(matched), cells[last_label]))
            continue
        index, (spec, fit) = hits[-1]
        if len(cells) - index - 1 < 5:
            continue
        if first_row is None:
            first_row = cells[0].row
        matched.append((cells, index, spec, fit))
    if len(matched) < 2:
        return
    _renamed_rows(bound, block, specs, [spec["id"] for _, _, spec, _ in matched], strange)
    header = _t3_header(block.table, first_row or 0, template["columns"])
    for column, cell, column_fit in header:
        if column is not None:
            _note_label(bound, column, column_fit, block, cell, "col")
    _renamed_column(bound, block, template["columns"], header)
    order = [column for column, _, _ in header]
    for cells, index, spec, fit in matched:
        _note_label(bound, spec, fit, block, cells[index], "row")
        values = cells[index + 1 :]
        for cell, column in _align(values, order, template["columns"], header):
            _put(bound, block, cell, spec, column)


def _renamed_rows(
    bound: BoundTable, block: Block, specs: list[dict[str, Any]], there: list[str], strange: list[tuple[int, Cell]]
) -> None:
    """A row that fits nothing but stands just where one template row is missing is that row under another name.

    Only its label is noted; its values stay unbound, for order alone binds nothing.
    """
    order = [spec["id"] for spec in specs]
    for before, cell in strange:
        previous = order.index(there[before - 1]) if before else -1
        following = order.index(there[before]) if before < len(there) else len(order)
        alone = sum(1 for other, _ in strange if other == before) == 1
        if alone and following - previous == 2:
            _note_label(bound, specs[previous + 1], "altered", block, cell, "row")
        else:
            bound.unbound.append((_spot(block, cell), cell.raw))


def _renamed_column(bound: BoundTable, block: Block, columns: list[dict[str, Any]], header: list[_HeaderCell]) -> None:
    there = [column["id"] for column, _, _ in header if column is not None]
    missing = [column for column in columns if column["id"] not in there]
    unknown = [(i, cell) for i, (column, cell, _) in enumerate(header) if column is None]
    if len(missing) == 1 and len(unknown) == 1 and columns.index(missing[0]) == unknown[0][0]:
        _note_label(bound, missing[0], "altered", block, unknown[0][1], "col")


_HeaderCell = tuple[dict[str, Any] | None, Cell, Literal["exact", "variant", "altered"]]


def _t3_header(table: Table, first_row: int, columns: list[dict[str, Any]]) -> list[_HeaderCell]:
    """Lowest header cell over each grid column, left to right, from the first applicant column on."""
    lowest: dict[int, Cell] = {}
    for cell in sorted(table.cells, key=lambda c: c.row):
        if cell.row >= first_row or not cell.raw.strip():
            continue
        for column in range(cell.column, cell.column + cell.colspan):
            lowest[column] = cell
    result: list[_HeaderCell] = []
    seen: set[tuple[int, int]] = set()
    for column in sorted(lowest):
        cell = lowest[column]
        if (cell.row, cell.column) in seen:
            continue
        seen.add((cell.row, cell.column))
        hit = match_label(cell.raw, columns)
        if hit is None and not result:
            continue  # the head over the row labels
        result.append((hit[0], cell, hit[1]) if hit else (None, cell, "altered"))
    return result


def _align(
    values: list[Cell],
    order: list[dict[str, Any] | None],
    columns: list[dict[str, Any]],
    header: list[_HeaderCell],
) -> Iterator[tuple[Cell, dict[str, Any]]]:
    if order and len(order) == len(values):
        pairs = zip(values, order, strict=True)
        yield from ((cell, column) for cell, column in pairs if column is not None)
    elif len(values) == len(columns):
        yield from zip(values, columns, strict=True)
    else:
        for cell in values:
            for column, head, _ in header:
                if column is not None and head.column <= cell.column < head.column + head.colspan:
                    yield cell, column
                    break


# --- table 四 ---------------------------------------------------------------------------------------


def _bind_t4(block: Block, template: dict[str, Any], bound: BoundTable, document: Document) -> None:
    assert block.table is not None
    results, groups = template["results"], template["groups"]
    heads = [c for c in block.table.cells if _result_of(c.raw, results)]
    if len({spec["id"] for c in heads if (spec := _result_of(c.raw, results))}) < 4:
        return
    head_rows = {c.row for c in heads}
    for cells in physical_rows(block.table):
        values = [c for c in cells if _is_value(c)]
        labels = [c for c in cells if not _is_value(c)]
        if cells[0].row < min(head_rows) or (cells[0].row + 1 in head_rows and not any(c.raw.strip() for c in values)):
            continue  # group names over the result names, merged cells written out as blanks
        if len(values) < 5 or len(labels) > 2 or any(_result_of(c.raw, results) for c in labels):
            continue
        if len(values) >= 15:
            values = values[-15:] if len(values) > 15 and not values[0].raw.strip() else values[:15]
            for position, cell in enumerate(values):
                group, result = groups[position // 5], results[position % 5]
                _put_t4(bound, block, cell, group, result)
        else:
            named = next((g for c in reversed(labels) for g in groups if key(g["label"]) in key(c.raw)), None)
            chosen: dict[str, Any] | None = named or _group_of(block, document, groups, bound)
            if chosen is None:
                continue
            for cell, result in zip(values[-5:], results, strict=True):
                _put_t4(bound, block, cell, chosen, result)
    for cell in heads:
        spec = _result_of(cell.raw, results)
        if spec is not None and bound.cells and block.spot.block in {b.spot.block for b in bound.cells.values()}:
            fit = match_label(cell.raw, results)
            _note_label(bound, spec, fit[1] if fit else "variant", block, cell, "col")


def _result_of(text: str, results: list[dict[str, Any]]) -> dict[str, Any] | None:
    printed = key(text)
    if len(printed) > 20:
        return None
    for spec in results:
        if any(printed.endswith(key(name)) for name in (spec["label"], *spec.get("variants", []))):
            return spec
    return None


def _group_of(
    block: Block, document: Document, groups: list[dict[str, Any]], bound: BoundTable
) -> dict[str, Any] | None:
    """Which third of the table a five-value row is: by its own labels, the line above, then by order."""
    assert block.table is not None
    own = "".join(key(c.raw) for c in block.table.cells)
    above = key(document.blocks[block.spot.block - 1].text) if block.spot.block else ""
    for text in (own, above[-40:]):
        hits = [g for g in groups if key(g["label"]) in text]
        specific = [g for g in hits if g["label"] != g["within"]]
        if len(specific) == 1:
            return specific[0]
        if len(hits) == 1:
            return hits[0]
    taken = {row for row, _ in bound.cells}
    return next((g for g in groups if g["id"] not in taken), None)


def _put_t4(bound: BoundTable, block: Block, cell: Cell, group: dict[str, Any], result: dict[str, Any]) -> None:
    _put(bound, block, cell, group, result)
    if block.spot.block not in bound.blocks:
        bound.blocks.append(block.spot.block)
