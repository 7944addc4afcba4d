"""The part of the availability log that a site is judged by, kept beside its inspection."""

from __future__ import annotations

import json
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from crawler import readers
from crawler.archive.codec import encode
from crawler.evidence import ProbeVisit
from crawler.probes import read_probes, visit_of
from reports.files import write_whole
from scoring.probes import Probes

FILE = "probes.jsonl"
_KEPT = timedelta(days=14)  # before the day of judging; a week is judged


def keep(log: Path, site: str, folder: Path, on: date) -> None:
    """Copy the visits to a site in the days before ``on`` out of the log; nothing is written where there are none.

    Raises UnusableInput where the log cannot be read.
    """
    visits = [v for v in read_probes(log) if v.site == site and on - _KEPT <= v.time.date() <= on]
    if visits:
        write_whole(folder / FILE, _lines(visits))


def held(folder: Path, place: str = FILE) -> Probes | None:
    """The visits kept in a folder of results; None where there are none. ``place`` is their file for the inspection."""
    path = folder / FILE
    return probes_of(path.read_bytes(), place) if path.is_file() else None


def probes_of(body: bytes, place: str = FILE) -> Probes:
    """Visits and document of a log as ``keep`` writes it: one line, one block."""
    name = sha256(body).hexdigest()
    document = readers.read(
        body, uri=f"file:///{FILE}", media_type="text/plain", record=f"probes-{name[:16]}", digest=f"sha256:{name}"
    )
    visits = [(visit, block) for block, visit in enumerate(_visits(body))]
    return Probes(place, document, tuple(sorted(visits, key=lambda pair: pair[0].time)))


def made(visits: list[ProbeVisit]) -> Probes:
    """The same from visits themselves."""
    return probes_of(_lines(visits))


def _lines(visits: list[ProbeVisit]) -> bytes:
    return "".join(f"{json.dumps(encode(visit), ensure_ascii=False)}\n" for visit in visits).encode()


def _visits(body: bytes) -> list[ProbeVisit]:
    return [visit_of(json.loads(line)) for line in body.splitlines() if line.strip()]
