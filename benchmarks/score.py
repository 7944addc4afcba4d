"""Judging a captured site: CPU seconds against one bare lxml parse of the same pages, in the same run.

``python -m benchmarks.score``: crawls the made site, then judges the capture several times, each time in turn with the
parses. Rules on running text read every word of a site and have a benchmark of their own (``benchmarks.words``).
Status 1 where judging costs more than parsing, takes more than 20 seconds, or asks for anything.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import lxml.html

from benchmarks.crawl import fresh, judged, ours, out, tell
from benchmarks.site_server import ROOT, serving

MAX_RATIO = 1.0  # CPU seconds of judging to those of parsing the same pages once
MAX_SECONDS = 20.0
FIRST = 100  # pages of the small site that is judged before
DAY = date(2026, 3, 10)


class Asked(Exception):
    """Judging tried to reach a network."""


def _refused(*_: Any, **__: Any) -> NoReturn:
    raise Asked


def _bodies(folder: Path) -> Iterator[bytes]:
    from crawler.capture import Capture

    capture = Capture.open(folder)
    for page in capture.pages():
        if page.was_read and page.record and page.media == "html":
            yield capture.body(page.record)


def _child(folder: Path, first: Path, what: str) -> None:
    """Judge, or parse, once in a process of its own; print CPU seconds of the work without start-up, and findings.

    Start-up, which a process pays once for all its sites, is loading the program, the rules and their tables, and what
    is loaded with the first site (patterns, scorecards): ``first``, a small one, is judged, or parsed, before.
    """
    from crawler.capture import Capture
    from crawler.readers.words import words
    from scoring.assemble import inspect_site
    from scoring.data import RULES, table
    from scoring.rules import shipped

    every = shipped()
    rules = replace(every, rules=tuple(rule for rule in every.rules if rule.of("text") is None))
    for path in (RULES / "tables").glob("*.yaml"):
        table(path.stem)
    words()
    socket.socket.connect = _refused  # type: ignore[method-assign]
    socket.getaddrinfo = _refused
    if what == "parse":
        for body in _bodies(first):
            lxml.html.document_fromstring(body)
        bodies = list(_bodies(folder))
        began = time.process_time()
        for body in bodies:
            lxml.html.document_fromstring(body)
        spent, found = time.process_time() - began, len(bodies)
    else:
        inspect_site(Capture.open(first), rules=rules, on=DAY, folder="capture")
        began = time.process_time()
        inspection = inspect_site(Capture.open(folder), rules=rules, on=DAY, folder="capture")
        spent, found = time.process_time() - began, len(inspection.findings)
        broken = [item for item in inspection.unchecked if item.outcome == "error"]
        if broken:
            raise SystemExit(f"{broken[0].rule}: {broken[0].reason}")
    out(json.dumps({"seconds": spent, "found": found}))


def _run(folder: Path, first: Path, what: str) -> dict[str, Any]:
    held = ["--child", str(folder), "--first", str(first)]
    command = [sys.executable, "-m", "benchmarks.score", *held, "--what", what]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{what} failed:\n{done.stderr[-2000:]}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def measure(pages: int, rounds: int) -> bool:
    """Whether both bars were kept."""
    with fresh() as folder:
        return _measured(folder, pages, rounds)


def _measured(folder: Path, pages: int, rounds: int) -> bool:
    with serving(pages) as server:
        tell(f"crawling {pages} pages")
        ours(server, folder / "capture", pages)
    with serving(FIRST) as server:
        ours(server, folder / "first", FIRST)
    parsing, judging = [], []
    for _ in range(rounds):
        parsing.append(_run(folder / "capture", folder / "first", "parse"))
        judging.append(_run(folder / "capture", folder / "first", "judge"))
    parse, judge = (statistics.median(run["seconds"] for run in runs) for runs in (parsing, judging))
    out(f"lxml alone: {parse:.2f} s of CPU for {parsing[0]['found']} pages\n")
    out(f"judging: {judge:.2f} s of CPU, {judging[0]['found']} findings, no request\n")
    ratio = judge / parse
    kept = judged("ratio to one parse of the same pages", ratio, f"≤ {MAX_RATIO}", ratio <= MAX_RATIO)
    return judged("seconds", judge, f"≤ {MAX_SECONDS}", judge <= MAX_SECONDS) and kept


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.score", description=__doc__.split("\n")[0])
    parser.add_argument("--pages", type=int, default=3000, help="pages of the site (default 3000)")
    parser.add_argument("--rounds", type=int, default=3, help="alternating rounds (default 3)")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--first", help=argparse.SUPPRESS)
    parser.add_argument("--what", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        _child(Path(chosen.child), Path(chosen.first), chosen.what)
        return 0
    return 0 if measure(chosen.pages, chosen.rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
