"""Reading and judging an annual report, against one lxml parse of the same pages.

``python -m benchmarks.documents``: medians per carrier over the clean reports of the tests, in milliseconds.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import lxml.html

from crawler.evidence import Document
from crawler.readers import read
from scoring.annual_report import AnnualReport
from scoring.engine import judge_report
from scoring.results import ReportCase
from scoring.rules import RuleSet, shipped

REPORTS = Path(__file__).resolve().parent.parent / "tests" / "reports" / "clean"
ROUNDS = 5
DAY = date(2026, 11, 23)


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


def main() -> None:
    rules = shipped()
    rows: dict[str, list[tuple[float, float, float]]] = {}
    for path in sorted(REPORTS.iterdir()):
        if path.suffix == ".yaml":
            continue
        body = path.read_bytes()
        uri = f"file:///{path.name}"
        document = read(body, uri=uri)
        parse = clock(partial(lxml.html.fromstring, body)) if document.carrier == "html" else 0.0
        reading = clock(partial(read, body, uri=uri))
        judging = clock(partial(judge, document, rules))
        rows.setdefault(document.carrier, []).append((parse, reading, judging))
    out = sys.stdout.write
    out(f"{'carrier':10} {'files':>5} {'lxml':>8} {'read':>8} {'judge':>8} {'all / lxml':>11}\n")
    for carrier, times in sorted(rows.items()):
        parse, reading, judging = (statistics.median(column) for column in zip(*times, strict=True))
        ratio = f"{(reading + judging) / parse:11.1f}" if parse else f"{'-':>11}"
        out(f"{carrier:10} {len(times):5d} {parse:8.2f} {reading:8.2f} {judging:8.2f} {ratio}\n")


if __name__ == "__main__":
    main()
