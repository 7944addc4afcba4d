"""The monthly crawl: what an earlier capture spares the site, and how it is asked whether something changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from crawler.archive.index import Place, Validator
from crawler.capture import Capture
from crawler.crawl.frontier import REPORTS, Visit, key_of
from crawler.evidence import Page, Record
from crawler.words import load

Way = Literal["ask", "condition", "carry"]


@dataclass(frozen=True, slots=True)
class Prior:
    """What the earlier capture holds of an address."""

    page: Page
    record: Record
    place: Place
    validator: Validator | None

    @property
    def headers(self) -> dict[str, str]:
        """Request headers that ask only for what is new (RFC 9110, 13.1)."""
        found: dict[str, str] = {}
        if self.validator and self.validator.etag:
            found["If-None-Match"] = self.validator.etag
        if self.validator and self.validator.modified:
            found["If-Modified-Since"] = self.validator.modified
        return found


class Earlier:
    """An earlier capture of the same site. ``turn`` counts captures since the first, for the rotating sample."""

    def __init__(self, folder: Path, limits: dict[str, Any]) -> None:
        self.capture = Capture.open(folder)
        self.turn = int(self.capture.settings.get("turn", 0)) + 1
        self._sample = int(limits["sample_of"])
        self._used: set[Path] = set()

    def prior(self, visit: Visit) -> Prior | None:
        """What is held of the address itself; None where it was not read then, or led elsewhere."""
        page = self.capture.page(visit.name)
        if page is None or not page.was_read or page.record is None:
            return None
        record, place = self.capture.record(page.record), self.capture.place(page.record)
        if record is None or place is None or record.status is None:
            # What a browser drew has no answer of a server that one could ask about.
            return None
        return Prior(page, record, place, self.capture.validator(visit.name))

    def way(self, visit: Visit, prior: Prior, listed: list[tuple[str, str | None]]) -> Way:
        """How to ask for an address that is held: whole, on condition, or not this time.

        Annual reports are asked for whole, whatever the server says of their age. Everything else that the server can
        compare is asked for on condition. Where it gives nothing to compare, lists and policy files are read again, and
        an article is where a list names it otherwise than then, or when its turn in the rotating sample comes.
        """
        words = load("crawl")
        named = f"{prior.page.title} {visit.text}"
        if visit.rank == REPORTS or any(word in named for word in words["report_columns"]):
            return "ask"
        if prior.headers:
            return "condition"
        if prior.page.kind not in ("article", "document") or any(word in named for word in words["silent_changes"]):
            return "ask"
        changed = listed != self.capture.listed(visit.url)
        sampled = key_of(visit.name) % self._sample == self.turn % self._sample
        return "ask" if changed or sampled else "carry"

    def body(self, prior: Prior) -> bytes:
        return self.capture.body(prior.record.id)

    def used(self, prior: Prior) -> Path:
        """Note that the new capture refers to this record; returns the folder that its place is relative to."""
        folder = self.capture.folder
        self._used.add((folder / prior.place.file).resolve().parent)
        return folder

    def bases(self) -> Iterator[Path]:
        """Folders of all captures that the new one refers to."""
        yield from sorted(self._used)

    def dump(self) -> list[str]:
        return [str(path) for path in sorted(self._used)]

    def load(self, used: list[str]) -> None:
        self._used.update(map(Path, used))
