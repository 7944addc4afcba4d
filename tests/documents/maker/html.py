"""A made report as HTML, in the looks that print as differently built PDF files."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from documents.maker.data import MadeCell, MadeReport, MadeTable


@dataclass(frozen=True)
class Look:
    """How the page and its tables look. ``stacked`` sets group labels one character below the other."""

    name: str
    page: str = "size: A4; margin: 30mm 26mm"
    css: str = ""
    repeat_head: bool = True
    stacked: bool = False
    text_class: str = ""


_COLLAPSED = "table {border-collapse: collapse} td, th {border: 1px solid #000} "
_OPEN_SIDES = (
    "tr > :first-child {border-left: 0} table {border-right: 0} td:last-child {border-right: 0} "
    "td.group {border-left: 1px solid #000}"
)
_EDGES = "@top-center {content: '信息公开'} @bottom-center {content: '— ' counter(page) ' —'}"
LOOKS = {
    look.name: look
    for look in (
        Look("ruled", css=_COLLAPSED),
        Look(
            "cell-borders",
            page="size: A4; margin: 15mm",
            css="table {border-spacing: 2px; break-inside: avoid; font-size: 9pt} table, td {border: 1px solid #333}",
        ),
        Look("landscape", page="size: A4 landscape; margin: 20mm", css=_COLLAPSED),
        Look("stacked", css=_COLLAPSED + "td.group {width: 1.6em}", stacked=True),
        Look("standing", css=_COLLAPSED + "td.group div {writing-mode: vertical-rl; margin: auto}"),
        Look(
            "tall",
            page=f"size: A4; margin: 25mm 30mm; {_EDGES}",
            css=_COLLAPSED + "td {padding: 9px 4px; font-size: 12pt}",
        ),
        Look("cut-rows", css=_COLLAPSED + "td {padding: 7px 2px; font-size: 14pt}", repeat_head=False),
        Look(
            "two-columns",
            css=_COLLAPSED + ".run {columns: 2; column-gap: 9mm; font-size: 11pt; line-height: 1.6}",
            text_class="run",
        ),
        Look("open-sides", css=_COLLAPSED + _OPEN_SIDES),
        Look("double", css="table {border-collapse: collapse; border: 4px double #000} td {border: 1px dashed #000}"),
        Look("small", css=_COLLAPSED + "td {font-size: 6.5pt; padding: 0 1px; line-height: 1.15}"),
        Look(
            "shaded",
            css=_COLLAPSED + "td {border-color: #888; font-family: 'WenQuanYi Micro Hei'} .label {background: #eef}",
        ),
    )
}

_BASE = """
body {font: 16pt/28pt 'Noto Serif CJK SC', serif; margin: 0}
h1 {font-size: 22pt; line-height: 34pt; text-align: center; margin: 0 0 20pt}
h2 {font-size: 16pt; font-family: 'Noto Sans CJK SC'; text-indent: 2em; margin: 0; font-weight: normal}
p {text-indent: 2em; margin: 0; text-align: justify}
table {width: 100%; font-size: 10.5pt; line-height: 1.35; margin: 6pt 0}
td {text-align: center; font-weight: normal; padding: 2px 3px}
"""


def html_of(report: MadeReport, look: Look | str = "ruled") -> str:
    """The whole page."""
    look = LOOKS[look] if isinstance(look, str) else look
    parts = [f"<h1>{escape(report.title)}</h1>", f"<p>{escape(report.preamble)}</p>"]
    for heading, texts, table in report.sections:
        run = "".join(f"<p>{escape(text)}</p>" for text in texts)
        parts.append(f"<h2>{escape(heading)}</h2><div class='{look.text_class}'>{run}</div>")
        if table is not None:
            parts.append(table_html(table, look))
    style = f"@page {{{look.page}}}{_BASE}{look.css}"
    head = f"<meta charset='utf-8'><title>{escape(report.title)}</title><style>{style}</style>"
    return f"<!doctype html><html lang='zh-CN'><head>{head}</head><body>{''.join(parts)}</body></html>"


def table_html(table: MadeTable, look: Look) -> str:
    """One table; its head rows stand in ``thead`` where they are to be repeated on each page."""
    rows = []
    for row in table.rows:
        cells = "".join(_cell(cell, look) for cell in row)
        rows.append(f"<tr>{cells}</tr>")
    cut = table.head_rows if look.repeat_head else 0
    head = f"<thead>{''.join(rows[:cut])}</thead>" if cut else ""
    return f"<table>{head}<tbody>{''.join(rows[cut:])}</tbody></table>"


def _cell(cell: MadeCell, look: Look) -> str:
    spans = (f" rowspan={cell.rowspan}" if cell.rowspan > 1 else "") + (
        f" colspan={cell.colspan}" if cell.colspan > 1 else ""
    )
    group = cell.head and cell.rowspan > 2 and cell.colspan == 1
    kind = "group label" if group else "label" if cell.head else "figure"
    lines = _stack(cell.text) if group and look.stacked else [cell.text]
    text = "<br>".join(map(escape, lines))
    return f"<td class='{kind}'{spans}><div>{text}</div></td>"


def _stack(text: str) -> list[str]:
    """Characters one by one; punctuation stays with the one before it."""
    lines: list[str] = []
    for char in text:
        if (lines and char in "、）") or (lines and lines[-1] == "（"):
            lines[-1] += char
        else:
            lines.append(char)
    return lines
