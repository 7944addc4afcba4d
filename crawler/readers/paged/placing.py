"""A recognised picture put onto the page that it stands on."""

from __future__ import annotations

from dataclasses import replace

from crawler.evidence import Box
from crawler.readers.paged.model import PageContent, Rule, Word


def placed(content: PageContent, box: Box, number: int) -> PageContent:
    """``content`` scaled to ``box`` of page ``number`` and moved there."""
    across = (box[2] - box[0]) / (content.width or 1.0)
    down = (box[3] - box[1]) / (content.height or 1.0)

    def moved(old: Box) -> Box:
        return (
            box[0] + old[0] * across,
            box[1] + old[1] * down,
            box[0] + old[2] * across,
            box[1] + old[3] * down,
        )

    def word(old: Word) -> Word:
        start, scale = (box[1], down) if old.vertical else (box[0], across)
        edges = tuple(start + edge * scale for edge in old.edges)
        return replace(old, box=moved(old.box), size=old.size * (across if old.vertical else down), edges=edges)

    return PageContent(
        number,
        box[2] - box[0],
        box[3] - box[1],
        [word(w) for w in content.words],
        [Rule(moved(rule.box)) for rule in content.rules],
        [moved(picture) for picture in content.pictures],
    )
