"""Makes annual reports as data and writes them in every format that the readers read."""

from documents.maker.compare import Comparison, compare_tables, compare_text
from documents.maker.data import MadeCell, MadeReport, MadeTable, make_report
from documents.maker.html import LOOKS, Look, html_of
from documents.maker.printing import pdf_of_html, printer

__all__ = [
    "LOOKS",
    "Comparison",
    "Look",
    "MadeCell",
    "MadeReport",
    "MadeTable",
    "compare_tables",
    "compare_text",
    "html_of",
    "make_report",
    "pdf_of_html",
    "printer",
]
