"""The visits to a home page that the availability log holds, as evidence beside a capture."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.evidence import Document, ProbeVisit, Spot
from scoring.annual_report import Quote


@dataclass(frozen=True, slots=True)
class Probes:
    """The visits of one site, oldest first, each with the block of ``document`` (the log read as text) that says so.

    ``file`` is the log's place as seen from the inspection file.
    """

    file: str
    document: Document
    visits: tuple[tuple[ProbeVisit, int], ...]

    def quote(self, block: int) -> Quote:
        """A line of the log."""
        source = self.document.blocks[block]
        spot = Spot(block, 0, len(source.text), selector=source.spot.selector)
        return Quote(spot, source.text, self.document.record)
