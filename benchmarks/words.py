"""Reading the words of a captured site by all rules on wording and personal data: megabytes of text a CPU second.

``python -m benchmarks.words``: crawls the made site, then reads its pages with the word lists filled up to 10,000
entries, several times. Beside it stands the search for those entries alone. Status 1 below the bar.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.crawl import fresh, judged, ours, out, tell
from benchmarks.site_server import ROOT, serving

MIN_SPEED = 3.0  # megabytes of UTF-8 text a CPU second, one core
ENTRIES = 10_000
DAY = date(2026, 3, 10)
_FILLING = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面"


def _child(folder: Path, what: str) -> None:
    """Read the pages, or only search them for the entries; print CPU seconds, bytes of text and what was found."""
    from crawler.capture import Capture
    from scoring.assemble import site_of, stored_documents
    from scoring.engine import running_rules
    from scoring.rules import shipped
    from scoring.site.view import SiteView
    from scoring.wording.check import TextCheck
    from scoring.wording.judging import SiteTexts, TextWatcher

    capture = Capture.open(folder)
    view = SiteView(capture, site_of(capture), DAY, stored_documents(capture))
    texts = SiteTexts(view, _lexicons())
    versions = [rule.version(DAY) for rule in running_rules(shipped(), "text")]
    checks = [version.check for version in versions if version and isinstance(version.check, TextCheck)]
    watchers = [TextWatcher(check, texts, DAY) for check in checks] if what == "read" else []
    list(texts.lexicons.search("起动"))
    for check in checks:  # what is loaded once for all sites
        list(check.hits(texts.of(next(view.visit())), DAY))
    read = found = 0
    began = time.process_time()
    for page in view.visit():
        text = texts.of(page)
        read += len(text.words)
        for watcher in watchers:
            watcher.see(page)
        if what == "search":
            found += len(texts.lexicons.search(text.words))
    found += sum(1 for watcher in watchers for result in watcher.results() if result.outcome != "pass")
    spent = time.process_time() - began
    size = sum(len(texts.of(page).words.encode()) for page in view.visit())
    out(json.dumps({"seconds": spent, "bytes": size, "characters": read, "found": found, "rules": len(watchers)}))


def _lexicons() -> Any:
    from scoring.wording.lexicons import Entry, Lexicons, shipped

    own = shipped()
    chosen = random.Random(20260310)
    words: set[str] = set()
    while len(words) < ENTRIES - len(own.entries):
        words.add("".join(chosen.choices(_FILLING, k=chosen.choice((4, 4, 5, 6)))))
    filling = tuple(Entry("filling", (word,), {}) for word in sorted(words))
    return Lexicons((*own.entries, *filling), own.tables)


def _run(folder: Path, what: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.words", "--child", str(folder), "--what", what]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{what} failed:\n{done.stderr[-2000:]}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def measure(pages: int, rounds: int) -> bool:
    """Whether the bar was kept."""
    with serving(pages) as server, fresh() as folder:
        tell(f"crawling {pages} pages")
        ours(server, folder / "capture", pages)
        searching, reading = [], []
        for _ in range(rounds):
            searching.append(_run(folder / "capture", "search"))
            reading.append(_run(folder / "capture", "read"))
    search, read = (statistics.median(run["seconds"] for run in runs) for runs in (searching, reading))
    size = reading[0]["bytes"] / 1e6
    out(f"text: {size:.1f} MB of {pages} pages, {reading[0]['rules']} rules, {ENTRIES} entries\n")
    out(f"search alone: {search:.2f} s of CPU, {size / search:.1f} MB/s\n")
    out(f"all rules: {read:.2f} s of CPU, {read / search:.1f} times the search, {reading[0]['found']} results\n")
    return judged("MB of text a CPU second", size / read, f"≥ {MIN_SPEED}", size / read >= MIN_SPEED)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.words", description=__doc__.split("\n")[0])
    parser.add_argument("--pages", type=int, default=3000, help="pages of the site (default 3000)")
    parser.add_argument("--rounds", type=int, default=3, help="alternating rounds (default 3)")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--what", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        _child(Path(chosen.child), chosen.what)
        return 0
    return 0 if measure(chosen.pages, chosen.rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
