"""Measures recognition on scanned reports: cells, confidence of wrong ones, planted errors, time, memory.

    PYTHONPATH=.:tests python -m documents.measure_scans [--seeds 1-14] [--planted] [--hard] [--look LOOK]

Each report costs about fifteen seconds on two cores.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from dataclasses import dataclass, field, replace

from documents.maker import LOOKS, MadeReport, compare_tables, html_of, make_report, pdf_of_html, printer
from documents.maker.scans import scanned_pdf, scans, wear_of
from support import judge

from crawler.evidence import Document
from crawler.readers import read
from scoring.annual_report import AnnualReport, Options
from scoring.inspection import Finding

SUMS = ("AR-401", "AR-402", "AR-403", "AR-404")
LEVELS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99)


@dataclass
class Tally:
    """What all reports together came to. ``sure`` holds (confidence, read right) of each value cell."""

    cells: int = 0
    right: int = 0
    values: int = 0
    values_right: int = 0
    sure: list[tuple[float, bool]] = field(default_factory=list)
    failed: int = 0
    reviewed: int = 0
    planted: int = 0
    found: int = 0
    pages: int = 0
    seconds: float = 0.0


def values_of(report: MadeReport, document: Document) -> list[tuple[float, bool, str]]:
    """Confidence, whether right, and the place in words of each value of tables 三 and 四."""
    found = []
    read_tables = [block.table for block in document.blocks if block.table is not None]
    for made in report.tables[1:]:
        placed = made.placed()
        texts = {place: cell.text for place, cell in placed.items() if not cell.head}
        best: dict[tuple[int, int], tuple[str, float]] = {}
        for table in read_tables:
            own = {(c.row, c.column): (c.raw, c.confidence or 0.0) for c in table.cells}
            hits = sum(own.get(place, ("?", 0))[0] == text for place, text in texts.items())
            if hits > sum(best.get(place, ("?", 0))[0] == text for place, text in texts.items()):
                best = own
        for place, text in texts.items():
            raw, sure = best.get(place, ("(missing)", 0.0))
            found.append((sure, raw == text, f"{made.id} {place}: {raw!r} for {text!r}, {sure:.3f}"))
    return found


def sums(document: Document) -> list[Finding]:
    return [f for f in judge(AnnualReport(document, Options())).findings if f.rule in SUMS]


def scanned(page: object, report: MadeReport, look: str, hard: bool) -> tuple[bytes, int]:
    wear = wear_of(report.seed)
    if hard:
        wear = replace(wear, turn=2 * wear.turn, blur=1.0, noise=12.0, quality=45)
    pages = scans(pdf_of_html(page, html_of(report, look)), wear, report.seed)  # type: ignore[arg-type]
    return scanned_pdf(pages, wear), len(pages)


def measure(page: object, seed: int, look: str, planted: bool, hard: bool, tally: Tally) -> None:
    report = make_report(seed)
    if planted:
        draw = random.Random(1000 + seed)
        table = next(t for t in report.tables if t.id == "t3")
        report = report.with_wrong_digit(*draw.choice([p for p, c in table.placed().items() if not c.head]))
    body, count = scanned(page, report, look, hard)
    began = time.perf_counter()
    document = read(body, uri=f"file:///{seed}.pdf", record="test")
    took = time.perf_counter() - began
    tally.seconds += took
    tally.pages += count
    cells = compare_tables(report, document)
    tally.cells += cells.cells
    tally.right += cells.right
    values = values_of(report, document)
    tally.values += len(values)
    tally.values_right += sum(right for _, right, _ in values)
    tally.sure += [(sure, right) for sure, right, _ in values]
    outcomes = sorted({(f.rule, f.outcome) for f in sums(document)})
    if planted:
        tally.planted += 1
        tally.found += bool(outcomes)
    else:
        tally.failed += any(outcome == "fail" for _, outcome in outcomes)
        tally.reviewed += any(outcome == "needs_review" for _, outcome in outcomes)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{seed:3} {look:12} {cells.right}/{cells.cells} {took / count:.1f} s a page, {peak} MB, {outcomes}", flush=True
    )
    for line in [*cells.wrong, *(where for _, right, where in values if not right)][:12]:
        print("     ", line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="1-14")
    parser.add_argument("--look", choices=list(LOOKS))
    parser.add_argument("--planted", action="store_true", help="with one wrong digit in table 三 of each")
    parser.add_argument("--hard", action="store_true", help="blurred, noisy, turned twice as far")
    chosen = parser.parse_args()
    first, _, last = chosen.seeds.partition("-")
    names = [name for name in LOOKS if name != "two-columns"]
    tally = Tally()
    with printer() as page:
        for seed in range(int(first), int(last or first) + 1):
            measure(page, seed, chosen.look or names[seed % len(names)], chosen.planted, chosen.hard, tally)
    print(f"cells {tally.right}/{tally.cells} = {tally.right / tally.cells:.4%}")
    print(f"values of tables 三 and 四 {tally.values_right}/{tally.values} = {tally.values_right / tally.values:.4%}")
    print(f"{tally.seconds / tally.pages:.2f} s a page")
    if chosen.planted:
        print(f"planted errors {tally.planted}, found {tally.found}")
    else:
        print(f"consistent reports with an arithmetic fail {tally.failed}, with a review {tally.reviewed}")
    print("confidence below    wrong cells caught    right cells doubted")
    wrong = [sure for sure, right in tally.sure if not right]
    right = [sure for sure, good in tally.sure if good]
    for level in LEVELS:
        caught, doubted = sum(s < level for s in wrong), sum(s < level for s in right)
        print(f"{level:16.2f} {caught:12}/{len(wrong)} {doubted:17}/{len(right)} = {doubted / max(len(right), 1):.2%}")


if __name__ == "__main__":
    main()
