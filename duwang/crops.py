"""Pictures of what was recognised, cut out of the stored pages for the report that rests on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

from crawler.capture import Capture
from crawler.errors import CaptureDamaged, UnusableInput
from reports import view
from reports.pictures import Spot, spot_of
from scoring.inspection import Finding, Inspection, Place, Where

_STARS = "****"  # of a masked number


def pictures_of(inspection: Inspection, folder_of: Callable[[str], Path | None]) -> dict[Spot, bytes]:
    """PNG pictures of the recognised places that findings show, bounded in number and size altogether.

    ``folder_of`` gives the capture that holds a record. A place whose evidence is not at hand, or that cannot be cut
    out, has no picture.
    """
    wanted = list(_places(inspection))
    if not wanted:
        return {}
    # Loaded here: few reports are pictures.
    from crawler.readers.ocr.settings import settings

    limits = settings("crops")
    shown = Counter(wanted[: limits["pictures"]])
    found: dict[Spot, bytes] = {}
    size = 0
    # One page after the other: each is drawn once.
    ordered = sorted(shown, key=lambda where: (where.record, where.page or 0))
    for record, places in groupby(ordered, key=lambda where: where.record):
        cut = _scissors(record, folder_of(record))
        for where in places:
            spot, picture = spot_of(where), cut(where)
            if spot is not None and picture is not None and size + len(picture) * shown[where] <= limits["bytes"]:
                size += len(picture) * shown[where]
                found[spot] = picture
    return found


def _places(inspection: Inspection) -> Iterator[Where]:
    """The places that are shown, those first that a person is asked to look at.

    A picture is not masked: there is none of a finding that has masked numbers on or around a place.
    """
    for finding in sorted(inspection.findings, key=lambda finding: finding.outcome == "fail"):
        if not _masked(finding):
            yield from (place.where for place in view.recognised_places(finding))


def _masked(finding: Finding) -> bool:
    places = (Place(finding.where, finding.quote, "", finding.excerpt), *finding.related)
    around = (place.excerpt for place in places)
    cells = (cell.text for one in around for row in one.rows for cell in row)
    lines = (text for place in places for text in (place.quote, place.excerpt.before, place.excerpt.after))
    return any(_STARS in text for text in (*lines, *cells))


def _scissors(record: str, folder: Path | None) -> Callable[[Where], bytes | None]:
    """What cuts places out of one record; gives None for what cannot be cut out."""
    try:
        capture = Capture.open(folder) if folder is not None else None
        held = capture.record(record) if capture is not None else None
        body = capture.body(record) if capture is not None and held is not None else b""
    except (UnusableInput, CaptureDamaged, KeyError):
        body, held = b"", None

    def cut(where: Where) -> bytes | None:
        if held is None or where.page is None or where.box is None:
            return None
        try:
            from crawler.readers.ocr.crops import crop

            return crop(body, held.uri, where.page, where.box)
        except (UnusableInput, ImportError):
            return None

    return cut
