"""The monthly crawl: what an earlier capture spares the site, and how it is asked whether something changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from crawler.archive.index import Place, Validator
from crawler.capture import Capture
from crawler.crawl.frontier import REPORTS, Visit, key_of
from crawler.errors import CaptureDamaged
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


def usable(folder: Path) -> Capture:
    """The capture in ``folder``, whole and unchanged, with all that it refers to; UnusableInput or CaptureDamaged."""
    capture = Capture.open(folder)
    _unchanged(capture)
    for base in capture.bases:
        _unchanged(Capture.open(base))
    return capture


def _unchanged(capture: Capture) -> None:
    for problem in capture.changes():
        raise CaptureDamaged(f"{problem.removesuffix('。')}；请放回原件，或去掉 --since 全部重新采集。")


def is_due(name: str, turn: int, of: int) -> bool:
    """Whether an address belongs to the sample of this turn: in any ``of`` turns in a row each address does once."""
    return key_of(name) % of == turn % of


class Earlier:
    """An earlier capture of the same site. ``turn`` counts captures since the first, for the rotating sample."""

    def __init__(self, folder: Path, limits: dict[str, Any]) -> None:
        self.capture = usable(folder)
        self.turn = int(self.capture.settings.get("turn", 0)) + 1
        self._sample = int(limits["sample_of"])
        self._tries = int(limits["validator_tries"])
        self._used: set[Path] = set()
        self._asked = self._spared = 0

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

        Lists and annual reports are asked for whole, whatever the server says of their age. Everything else that the
        server can compare is asked for on condition. Where it gives nothing to compare, or never yet found anything
        unchanged, policy files and their attachments are read again, and an article is where a list names it otherwise
        than then, or when its turn in the rotating sample comes.
        """
        words = load("crawl")
        page = prior.page
        named = f"{page.title} {visit.text} {self._titled(visit.found_on) if page.kind == 'document' else ''}"
        if visit.rank == REPORTS or any(word in named for word in words["report_columns"]):
            return "ask"
        if page.kind in ("home", "column", "list"):
            return "ask"
        if not prior.headers or (self._asked >= self._tries and not self._spared):
            silent = page.kind == "other" or any(word in named for word in words["silent_changes"])
            changed = silent or listed != self.capture.listed(visit.url)
            if not changed and not is_due(visit.name, self.turn, self._sample):
                return "carry"
        if not prior.headers:
            return "ask"
        self._asked += 1
        return "condition"

    def _titled(self, url: str) -> str:
        page = self.capture.page(url)
        return page.title if page else ""

    def spared(self) -> None:
        """A question on condition was answered with a "no": what the server gives to compare is worth something."""
        self._spared += 1

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

    def dump(self) -> dict[str, Any]:
        """What a crawl that goes on must know, in JSON types."""
        return {"used": [str(path) for path in sorted(self._used)], "asked": self._asked, "spared": self._spared}

    def load(self, kept: dict[str, Any]) -> None:
        """Take over what ``dump`` gave."""
        self._used.update(map(Path, kept["used"]))
        self._asked, self._spared = kept["asked"], kept["spared"]
