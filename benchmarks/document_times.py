"""How long a report takes, by format, against a library that only opens the same file in the same run."""

from __future__ import annotations

import csv
import io
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import docx
import lxml.etree
import lxml.html
import openpyxl
import pypdfium2

from benchmarks.document_forms import Forms, name_of

# The folder of the tests is on the path from here on.
from documents.maker import html_of, make_report, printer  # isort: skip

from crawler.evidence import Document
from crawler.readers import read
from duwang.workers import cores
from scoring.annual_report import AnnualReport
from scoring.engine import judge_report
from scoring.results import ReportCase
from scoring.rules import RuleSet, shipped

REPORTS = 4
ROUNDS = 5
PAGES = 100
DAY = date(2026, 11, 23)


def _texts_of_pdf(body: bytes) -> None:
    pdf = pypdfium2.PdfDocument(body)
    for page in pdf:
        page.get_textpage().get_text_bounded()
    pdf.close()


def _parts_of_ofd(body: bytes) -> None:
    archive = zipfile.ZipFile(io.BytesIO(body))
    for name in archive.namelist():
        lxml.etree.fromstring(archive.read(name))


# What each time is measured against: a library that opens the file and understands nothing of it.
OPENERS: dict[str, tuple[str, Callable[[bytes], object]]] = {
    "html": ("lxml", lxml.html.fromstring),
    "docx": ("python-docx", lambda body: docx.Document(io.BytesIO(body))),
    "xlsx": ("openpyxl", lambda body: openpyxl.load_workbook(io.BytesIO(body))),
    "csv": ("csv", lambda body: list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))),
    "pdf": ("pypdfium2", _texts_of_pdf),
    "ofd": ("zipfile + lxml", _parts_of_ofd),
}


def clock(work: Callable[[], object]) -> float:
    """Milliseconds of the fastest of a few runs (the least disturbed one)."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best * 1000


def judge(document: Document, rules: RuleSet) -> None:
    judge_report(ReportCase(AnnualReport(document)), rules, DAY, "x")


def times() -> None:
    """Print medians over reports of both formats, then the time of calls with one page and with many."""
    rules = shipped()
    out = sys.stdout.write
    out(f"{'form':6} {'opened by':15} {'opening':>8} {'reading':>8} {'judging':>8} {'all, ms':>8} {'ratio':>6}\n")
    with printer() as page:
        forms = Forms(page)
        for form, (name, opener) in OPENERS.items():
            rows = []
            for seed in range(REPORTS):
                body = forms.makers[form](make_report(seed))
                reading = partial(read, body, uri=f"file:///{name_of(form)}", record="made")
                rows.append((clock(partial(opener, body)), clock(reading), clock(partial(judge, reading(), rules))))
            opening, took, judging = (statistics.median(column) for column in zip(*rows, strict=True))
            whole = took + judging
            out(f"{form:6} {name:15} {opening:8.2f} {took:8.2f} {judging:8.2f} {whole:8.2f} {whole / opening:6.1f}\n")
    wall, cpu = _calls(1)
    out(f"one page by duwang check, start-up included: {wall:.2f} s, {cpu:.2f} s of CPU\n")
    wall, cpu = _calls(PAGES)
    out(f"{PAGES} pages in one call of duwang check: {wall:.1f} s, {cpu:.1f} s of CPU on {cores()} cores\n")


def _calls(pages: int) -> tuple[float, float]:
    """Seconds and CPU seconds of one call with a folder of different reports, start-up and writing included."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        for seed in range(pages):
            (folder / "in" / f"{seed:03d}.html").write_text(html_of(make_report(seed)), encoding="utf-8")
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        command = [sys.executable, "-m", "duwang", "check", "in", "-o", "out", "--fail-on", "never"]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
