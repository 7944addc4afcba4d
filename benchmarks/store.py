"""The store at the size of a province: 1,000 sites, 12 months, 50 findings in each inspection, on SQLite.

``python -m benchmarks.store``: fills a store (in bulk, as no user does), then asks for the ranking and for one site's
history, five times each. Status 1 where a question takes two seconds or more. ``--store`` takes another place, which
must be empty, ``--sites`` another number of sites.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from benchmarks.crawl import out, tell
from duwang.store import queries
from duwang.store import tables as t
from duwang.store.database import reading, writing

MAX_SECONDS = 2.0
MONTHS, FINDINGS = 12, 50
ROUNDS = 5
_LIVES = 2  # of the findings of a site one in so many ends each year, and another comes


def fill(connection: Connection, sites: int) -> None:
    """Rows as a year of inspections leaves them."""
    for number in range(1, sites + 1):
        connection.execute(insert(t.sites), [_site(number)])
        connection.execute(insert(t.captures), list(_captures(number)))
        connection.execute(insert(t.inspections), list(_inspections(number)))
        connection.execute(insert(t.scores), list(_scores(number)))
        connection.execute(insert(t.findings), list(_findings(number)))
        connection.execute(insert(t.sightings), list(_sightings(number)))


def _site(number: int) -> dict[str, Any]:
    name = f"第{number}县教育局"
    return {"id": number, "key": f"site-{number:04}", "kind": "site", "name": name, "url": f"http://s{number}.gov.cn/"}


def _day(month: int) -> str:
    return f"2026-{month + 1:02}-10"


def _captures(site: int) -> Iterator[dict[str, Any]]:
    for month in range(MONTHS):
        yield {
            "id": site * MONTHS + month, "site_id": site, "digest": f"sha256:{site:032}{month:032}",
            "started": f"{_day(month)}T01:00:00+08:00", "finished": f"{_day(month)}T02:00:00+08:00", "pages": 500,
        }  # fmt: skip


def _inspections(site: int) -> Iterator[dict[str, Any]]:
    for month in range(MONTHS):
        number = site * MONTHS + month
        yield {
            "id": number, "site_id": site, "capture_id": number, "judged_on": _day(month),
            "finished": f"{_day(month)}T02:00:00+08:00", "rules_digest": "sha256:0", "content": f"{number:064}",
            "path": f"/results/{month}/{site}/inspection.json", "snapshot": bytes(8000), "fails": 40, "reviews": 10,
            "new": 2, "persisting": 48, "fixed": 2,
        }  # fmt: skip


def _scores(site: int) -> Iterator[dict[str, Any]]:
    for month in range(MONTHS):
        for position, card in enumerate(("province-department", "annual-report")):
            score = float((site * 37 + month * 11 + position) % 1000) / 10
            yield {
                "inspection_id": site * MONTHS + month, "card": card, "position": position, "title": card,
                "score": score, "low": score - 5, "max": 100.0, "grade": "一般",
            }  # fmt: skip


def _findings(site: int) -> Iterator[dict[str, Any]]:
    for number in range(FINDINGS + FINDINGS // _LIVES):
        yield {
            "id": site * 1000 + number, "site_id": site, "fingerprint": f"{site:06}{number:014}",
            "rule": f"WS-{201 + number % 9}", "title": "栏目超过期限没有更新", "severity": "major", "outcome": "fail",
            "message": f"栏目“第{number}栏”最新一条信息是 2024-01-05，距检查日已有 795 天，超过 14 天的期限。",
            "url": f"http://s{site}.gov.cn/c{number}/", "state": "persisting", "first_seen": _day(0),
            "last_seen": _day(11),
        }  # fmt: skip


def _sightings(site: int) -> Iterator[dict[str, Any]]:
    for month in range(MONTHS):
        gone = month * FINDINGS // _LIVES // MONTHS
        for number in range(gone, gone + FINDINGS):
            yield {
                "inspection_id": site * MONTHS + month, "finding_id": site * 1000 + number,
                "latest": f"{site:06}{number:014}", "number": f"WS-201-{number}", "state": "persisting",
                "severity": "major", "counted": "fail", "message": f"栏目“第{number}栏”已有 795 天没有更新。",
                "url": f"http://s{site}.gov.cn/c{number}/",
            }  # fmt: skip


def measure(ask: Callable[[Connection], object], url: str) -> tuple[float, float]:
    """Median seconds by the clock and of the processor, each time on a new connection."""
    clock, processor = [], []
    for _ in range(ROUNDS):
        started, worked = time.perf_counter(), time.process_time()
        with reading(url) as connection:
            assert connection is not None
            ask(connection)
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - worked)
    return statistics.median(clock), statistics.median(processor)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", default="")
    parser.add_argument("--sites", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="duwang-bench-") as folder:
        url = options.store or str(Path(folder) / "store.sqlite")
        started = time.perf_counter()
        with writing(url) as connection:
            fill(connection, options.sites)
        tell(f"filled in {time.perf_counter() - started:.0f} s")
        site = f"site-{options.sites // 2:04}"
        questions: dict[str, Callable[[Connection], object]] = {
            "ranking": queries.ranking,
            "history of a site": lambda connection: queries.history(connection, site),
        }
        slow = False
        for name, ask in questions.items():
            clock, processor = measure(ask, url)
            out(f"{name}: {clock:.3f} s, {processor:.3f} s of the processor (at most {MAX_SECONDS:.0f} s)\n")
            slow = slow or clock >= MAX_SECONDS
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
