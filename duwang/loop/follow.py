"""An inspection told by the one before it and by what persons decided, as it goes into its file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from crawler.capture import Capture
from crawler.errors import CaptureDamaged, UnusableInput
from duwang import outputs
from duwang.loop import records
from duwang.loop.inspections import Held
from scoring.assemble import stored_documents
from scoring.compare import carried, compare, judged_again
from scoring.decisions import Decision, decided
from scoring.inspection import Inspection
from scoring.site.view import SiteView


class CaptureReading:
    """What a capture of a site holds of an address."""

    def __init__(self, capture: Capture) -> None:
        assert capture.site is not None
        documents = stored_documents(capture)
        self._view = SiteView(capture, capture.site, capture.finished.date(), documents)

    def state(self, url: str) -> Literal["read", "unread", "gone", "away"]:
        return self._view.state(url)

    def why(self, url: str) -> str:
        return self._view.why(url)


def reading_of(inspection: Inspection, base: Path) -> CaptureReading | None:
    """What the capture of an inspection in the folder ``base`` holds; None where it is not at hand."""
    if inspection.subject.kind != "site" or not inspection.evidence.capture:
        return None
    try:
        capture = Capture.open(base / inspection.evidence.capture)
    except (CaptureDamaged, UnusableInput, OSError):
        return None
    return CaptureReading(capture) if capture.site and capture.digest == inspection.evidence.digest else None


def follow(inspection: Inspection, folder: Path, earlier: Held | None, known: Iterable[Decision] = ()) -> Inspection:
    """The inspection that goes into ``folder``, told by an earlier one and by all decisions about its subject.

    Decisions that lie beside the earlier one, or are ``known`` from elsewhere, are taken over into ``folder``.
    """
    if earlier is not None:
        inspection = _told(inspection, folder, earlier.inspection)
    beside = [earlier.path.parent] if earlier is not None else []
    own = Held(folder, inspection).key
    records.add(folder, (one for one in (*records.gathered(beside), *known) if one.subject == own))
    return decided(inspection, records.read(folder))


def _told(inspection: Inspection, folder: Path, earlier: Inspection) -> Inspection:
    if earlier.evidence.digest == inspection.evidence.digest:  # the same capture, judged before
        return judged_again(earlier, inspection)
    return carried(compare(earlier, inspection, reading_of(inspection, folder)))


def followed_again(inspection: Inspection, folder: Path, place: Path | None) -> Inspection:
    """A new judgement of a capture that goes into ``folder``, told by the one of the same capture that it replaces."""
    if place is not None and outputs.is_ours(place):
        kept = Held.load(place).inspection
        if kept.evidence.digest == inspection.evidence.digest:
            inspection = judged_again(kept, inspection)
    return decided(inspection, records.read(folder))
