"""Sheets to drafts: titles and texts as paragraphs, tables with their spans, notes on what is hidden."""

from __future__ import annotations

import re
from collections.abc import Sequence

from openpyxl.utils.cell import get_column_letter

from crawler.readers.drafts import Draft, Omission
from crawler.readers.grid import MAX_ROOM, MAX_SLOTS, RawCell, build, table_text
from crawler.readers.sheets.model import Place, Range, Sheet, address, listed, selector, settings
from crawler.readers.sheets.regions import Part, Slot, parts_of
from crawler.readers.sheets.spans import lost_spans
from crawler.readers.spaces import BREAK, cell_lines, clean, collapse

_MERGED = "文件不保存合并单元格，表头和栏目名称旁的空白按合并单元格读取"


def drafts_of_sheets(sheets: Sequence[Sheet], notes: list[str]) -> list[Draft]:
    """Blocks of all sheets that are shown, in the order of their tabs; ``notes`` takes what is hidden or left out.

    Where every sheet is hidden they are read all the same.
    """
    shown = [sheet for sheet in sheets if not sheet.hidden] or list(sheets)
    for sheet in sheets:
        if sheet not in shown and sheet.cells:
            notes.append(f"工作表“{sheet.name}”已隐藏，未读取")
    drafts: list[Draft] = []
    room = MAX_ROOM
    named = sum(bool(sheet.cells) for sheet in shown) > 1
    for sheet in shown:
        notes += _notes(sheet)
        own: list[tuple[Place, Draft]] = list(sheet.extras)
        for part in parts_of(sheet):
            if not part.table:
                own += _texts(sheet, part)
                continue
            if not sheet.merges_known:
                part = _merged(part, notes)
            draft = _table(sheet, part, room, notes)
            room -= draft.table.rows * draft.table.columns if draft.table else 0
            own.append(((part.box.top, part.box.left), draft))
        own.sort(key=lambda item: item[0])
        found = [draft for _, draft in own]
        if named and found and not _says_nothing(sheet.name) and found[0].text != sheet.name:
            drafts.append(Draft("heading", collapse(sheet.name), selector(sheet.name, (0, 0)), level=3))
        drafts += found
    return drafts


def _says_nothing(name: str) -> bool:
    return re.fullmatch(settings("names")["plain"], name.strip(), re.IGNORECASE) is not None


def _texts(sheet: Sheet, part: Part) -> list[tuple[Place, Draft]]:
    """A paragraph for each line of each cell."""
    found = []
    for slot in sorted(part.slots, key=lambda s: (s.at.top, s.at.left)):
        place = (slot.at.top, slot.at.left)
        for line in clean(slot.text).splitlines():
            if text := collapse(line):
                found.append((place, Draft("paragraph", text, selector(sheet.name, place))))
    return found


def _merged(part: Part, notes: list[str]) -> Part:
    """A table with the merged cells that its file does not keep."""
    box = part.box
    width, height = box.right - box.left + 1, box.bottom - box.top + 1
    if width * height > MAX_SLOTS:
        return part
    grid = [[""] * width for _ in range(height)]
    for slot in part.slots:
        grid[slot.at.top - box.top][slot.at.left - box.left] = slot.text.strip()
    spans = lost_spans(grid)
    if spans and _MERGED not in notes:
        notes.append(_MERGED)
    moved = {
        (span.top + box.top, span.left + box.left): Range(
            span.top + box.top, span.left + box.left, span.bottom + box.top, span.right + box.left
        )
        for span in spans
    }
    slots = {(slot.at.top, slot.at.left): slot for slot in part.slots}
    for place, at in moved.items():
        slots[place] = Slot(at, slots[place].text if place in slots else "", False)
    return Part(True, tuple(slots.values()), box)


def _table(sheet: Sheet, part: Part, room: int, notes: list[str]) -> Draft:
    box = part.box
    width = box.right - box.left + 1
    height = min(box.bottom - box.top + 1, max(min(room, MAX_SLOTS) // width, 1))
    rows: list[dict[int, RawCell]] = [{} for _ in range(height)]
    taken: set[Place] = set()
    for slot in part.slots:
        row, column = slot.at.top - box.top, slot.at.left - box.left
        if row >= height:
            continue
        high, wide = slot.at.bottom - slot.at.top + 1, slot.at.right - slot.at.left + 1
        text = cell_lines(clean(slot.text).replace("\r\n", "\n").replace("\r", "\n").replace("\n", BREAK))
        rows[row][column] = RawCell(text, high, wide, column=column)
        taken.update((r, c) for r in range(row, min(row + high, height)) for c in range(column, column + wide))
    for r, line in enumerate(rows):
        for column in range(width):
            if (r, column) not in taken:
                line[column] = RawCell("", column=column)
    table, cut = build([[line[column] for column in sorted(line)] for line in rows], room=room)
    if cut or height < box.bottom - box.top + 1:
        notes.append(Omission("有一张表格过大，只读取了前面的部分"))
    where = selector(sheet.name, (box.top, box.left), (box.top + table.rows - 1, box.left + max(table.columns, 1) - 1))
    return Draft("table", table_text(table), where, table=table)


def _notes(sheet: Sheet) -> list[str]:
    """What a reader of the sheet does not see, and what the file does not say."""
    found = []
    where = f"工作表“{sheet.name}”" if sheet.name else "表格"
    rows = sorted({row for row, _ in sheet.cells} & sheet.hidden_rows)
    if rows:
        found.append(f"{where}有 {len(rows)} 个隐藏的行（第 {listed(str(row + 1) for row in rows)} 行），内容照样读取")
    used = sorted({column for _, column in sheet.cells})
    columns = [c for c in used if any(first <= c <= last for first, last in sheet.hidden_columns)]
    if columns:
        names = listed(get_column_letter(column + 1) for column in columns)
        found.append(f"{where}有 {len(columns)} 个隐藏的列（{names} 列），内容照样读取")
    if sheet.uncounted:
        names = listed(address(place) for place in sheet.uncounted)
        count = len(sheet.uncounted)
        found.append(f"{where}有 {count} 个公式没有保存计算结果（{names}），未读取；用 Excel 或 WPS 打开后保存一次即可")
    if sheet.blank_zeros:
        found.append(f"{where}设置为不显示零值，零按空白读取")
    return found
