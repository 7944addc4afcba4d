"""A made report as DOCX, and through LibreOffice as the old formats that offices still publish."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

from documents.maker.data import MadeReport, MadeTable
from docx import Document


def docx_of(report: MadeReport) -> bytes:
    """Headings as Word styles, tables with merged cells."""
    document = Document()
    document.add_paragraph(report.title, style="Title")
    document.add_paragraph(report.preamble)
    for heading, texts, table in report.sections:
        document.add_paragraph(heading, style="Heading 1")
        for text in texts:
            document.add_paragraph(text)
        if table is not None:
            _table(document, table)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _table(document: Document, table: MadeTable) -> None:  # type: ignore[valid-type]
    grid = document.add_table(len(table.rows), table.columns, style="Table Grid")  # type: ignore[attr-defined]
    # Looked up once: python-docx walks the whole table for each look.
    cells = [list(row.cells) for row in grid.rows]
    for (row, column), cell in table.placed().items():
        target = cells[row][column]
        if cell.rowspan > 1 or cell.colspan > 1:
            target = target.merge(cells[row + cell.rowspan - 1][column + cell.colspan - 1])
        target.text = cell.text


def converted(docx: bytes, ending: str, folder: Path) -> bytes:
    """``docx`` as ``doc`` or ``rtf``; works in ``folder``."""
    program = shutil.which("soffice")
    assert program, "LibreOffice is needed to make old Word files"
    (folder / "made.docx").write_bytes(docx)
    command = [program, f"-env:UserInstallation={(folder / 'maker').as_uri()}", "--headless", "--convert-to", ending]
    subprocess.run([*command, "--outdir", folder, folder / "made.docx"], check=True, capture_output=True, timeout=120)
    return (folder / f"made.{ending}").read_bytes()
