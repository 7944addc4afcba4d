"""The made reports of the tests as files of every format that is read."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import ImageOps

TESTS = Path(__file__).resolve().parent.parent / "tests"
if str(TESTS) not in sys.path:
    sys.path.insert(0, str(TESTS))

from documents.maker import LOOKS, Look, MadeReport, html_of, pdf_of_html  # noqa: E402
from documents.maker.ofd import ofd_of  # noqa: E402
from documents.maker.printing import Printer  # noqa: E402
from documents.maker.scans import scanned_pdf, scans, wear_of  # noqa: E402
from documents.maker.sheets import csv_of, xlsx_of  # noqa: E402
from documents.maker.word import converted, docx_of  # noqa: E402

DPI = 150
# One page as high as the report, as a phone shows it.
_LONG = Look("long", page="size: 210mm 2000mm; margin: 15mm", css=LOOKS["ruled"].css, repeat_head=False)
_LAYOUTS = ("one", "tight", "three", "open")
_STYLES = ("runs", "packed", "scaled", "single")


@dataclass
class Forms:
    """Makes files of reports; ``page`` is what prints. The variant follows from the report's seed."""

    page: Printer
    makers: dict[str, Callable[[MadeReport], bytes]] = field(init=False)

    def __post_init__(self) -> None:
        self.makers = {
            "html": lambda report: html_of(report, self._look(report)).encode(),
            "docx": docx_of,
            "xlsx": lambda report: xlsx_of(report, _LAYOUTS[report.seed % 4]),  # type: ignore[arg-type]
            "csv": csv_of,
            "ofd": lambda report: ofd_of(report, _STYLES[report.seed % 4]),  # type: ignore[arg-type]
            "pdf": self.pdf,
            "doc": _doc,
            "scan": self.scan,
            "png": self.png,
        }

    def _look(self, report: MadeReport) -> str:
        return list(LOOKS)[report.seed % len(LOOKS)]

    def pdf(self, report: MadeReport) -> bytes:
        return pdf_of_html(self.page, html_of(report, self._look(report)))

    def scan(self, report: MadeReport) -> bytes:
        """The printed report as pictures of 150 dpi: turned by 0.4 to 1.0 degrees, blurred, with noise, as JPEG."""
        wear = wear_of(report.seed)
        return scanned_pdf(scans(self.pdf(report), wear, report.seed), wear)

    def png(self, report: MadeReport) -> bytes:
        """The whole report as one high picture."""
        document = pypdfium2.PdfDocument(pdf_of_html(self.page, html_of(report, _LONG)))
        image = document[0].render(scale=DPI / 72).to_pil().convert("L")
        document.close()
        bottom = ImageOps.invert(image).getbbox()
        assert bottom, "a printed report has ink"
        out = BytesIO()
        image.crop((0, 0, image.width, min(bottom[3] + DPI // 2, image.height))).save(out, "PNG")
        return out.getvalue()


def _doc(report: MadeReport) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return converted(docx_of(report), "doc", Path(folder))


def name_of(form: str) -> str:
    """The file name under which a form is read."""
    return f"report.{'pdf' if form == 'scan' else form}"


def can_make(form: str) -> bool:
    """Whether the programs that the form needs are there."""
    return form != "doc" or shutil.which("soffice") is not None
