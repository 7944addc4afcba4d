"""What a capture holds, so that two captures of one site can be compared; and whether its files are whole."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from crawler.capture import Capture


def content(capture: Capture) -> dict[str, Any]:
    """Everything but the times and the remarks on interruptions."""
    pages = list(capture.pages())
    return {
        "pages": pages,
        "records": [(r.id, r.uri, r.digest, r.media_type, r.status, r.length) for r in capture.records()],
        "links": {page.url: list(capture.links(page.url)) for page in pages},
        "entries": {page.url: list(capture.entries(page.url)) for page in pages},
        "columns": list(capture.columns()),
        "facts": {page.url: capture.facts(page.url) for page in pages},
        "refusals": list(capture.refusals()),
        "counts": {name: number for name, number in capture.counts.items() if name != "resumed"},
        "hosts": capture.hosts,
        "notes": [note for note in capture.notes if "意外中断" not in note],
        "warc": Counter((kind, uri) for kind, uri, _ in _archived(capture)),
    }


def check_files(capture: Capture) -> None:
    """Every record of the WARC is whole, known to the index and there once; the index points at the right ones."""
    assert capture.problems() == []
    archived = _archived(capture)
    ids = [name for kind, _, name in archived if kind not in ("warcinfo", "revisit")]
    known = {record.id: capture.place(record.id) for record in capture.records()}
    here = [name for name, place in known.items() if place and place.file == "data.warc.gz"]
    assert Counter(ids) == Counter(here)
    for record in capture.records():
        assert len(capture.body(record.id)) == record.length


def _archived(capture: Capture) -> list[tuple[str, str, str]]:
    """Type, address and id of each record of the WARC, its digests checked on the way."""
    found = []
    with (capture.folder / "data.warc.gz").open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            record.content_stream().read()
            headers = record.rec_headers
            name = re.sub("[<>]", "", headers.get_header("WARC-Record-ID"))
            found.append((record.rec_type, headers.get_header("WARC-Target-URI") or "", name))
    return found
