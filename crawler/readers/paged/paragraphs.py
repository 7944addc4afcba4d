"""Lines to paragraphs and headings: over line ends, column ends and page ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from crawler.evidence import Box
from crawler.readers.drafts import Draft
from crawler.readers.paged.lines import Line, first_unit, glue
from crawler.readers.paged.model import lowest, quantile, settings, union
from crawler.readers.spaces import solid
from crawler.readers.words import words


@dataclass(slots=True)
class Style:
    """What is usual in a document: letter height of the text, distance of its lines, margins by page."""

    em: float
    pitch: float
    margins: dict[int, tuple[float, float]]

    def margin(self, page: int) -> tuple[float, float]:
        return self.margins.get(page) or self.margins[0]


@dataclass(slots=True)
class Placed:
    """A line with the margins of its column."""

    line: Line
    left: float
    right: float

    @property
    def centred(self) -> bool:
        limits = settings("paragraphs")
        before, after = self.line.box[0] - self.left, self.right - self.line.box[2]
        em = self.line.em
        off, margin = abs(before - after), min(before, after)
        return bool(off <= limits["centre"] * em and margin >= limits["centre_margin"] * em)


@dataclass(slots=True)
class Paragraph:
    """Lines that are one paragraph."""

    lines: list[Placed] = field(default_factory=list)

    @property
    def em(self) -> float:
        return max(placed.line.em for placed in self.lines)

    @property
    def text(self) -> str:
        text = ""
        for placed in self.lines:
            text = glue(text, placed.line.text)
        return text

    @property
    def box(self) -> Box:
        page = self.lines[0].line.page
        return union(p.line.box for p in self.lines if p.line.page == page)


def style_of(lines: Sequence[Line], width: float) -> Style:
    """Style of a document by its lines outside tables and columns; ``width`` is that of its pages."""
    sizes = [line.em for line in lines for _ in range(max(solid(line.text), 1))]
    em = quantile(sizes, 0.5)
    distances = [
        b.box[1] - a.box[1] for a, b in pairwise(lines) if a.page == b.page and 0.5 * em < b.box[1] - a.box[1] < 4 * em
    ]
    by_page: dict[int, list[Line]] = {}
    for line in lines:
        by_page.setdefault(line.page, []).append(line)
    margins = {0: _margins(list(lines), em, width)}
    for page, own in by_page.items():
        if len(own) > 8:
            margins[page] = _margins(own, em, width)
    return Style(em, quantile(distances, 0.4) or 1.5 * em, margins)


def _margins(lines: list[Line], em: float, width: float) -> tuple[float, float]:
    """Left and right margin: the outermost place where at least two lines begin, and the one that lines reach."""
    if not lines:
        return (0.0, 0.0)
    starts = sorted(line.box[0] for line in lines)
    left = next((a for a, b in pairwise(starts) if b - a < 0.3 * em), starts[0])
    right = max(line.box[2] for line in lines)
    # Where no line is long, none is full: the margins are as wide on both sides.
    return left, right if right - left >= settings("paragraphs")["narrow"] * width else width - left


def paragraphs(lines: Sequence[Placed], style: Style) -> list[Paragraph]:
    """Lines in reading order, joined to paragraphs."""
    found: list[Paragraph] = []
    for placed in lines:
        if found and _goes_on(found[-1], placed, style):
            found[-1].lines.append(placed)
        else:
            found.append(Paragraph([placed]))
    return found


def _goes_on(paragraph: Paragraph, placed: Placed, style: Style) -> bool:
    limits = settings("paragraphs")
    last = paragraph.lines[-1]
    above, line = last.line, placed.line
    if not 1 / limits["size"] <= line.em / max(above.em, 0.1) <= limits["size"]:
        return False
    if re.match(limits["section"], line.text) and above.text.endswith(tuple(limits["ends"])):
        return False
    beside = above.page == line.page and line.box[1] > above.box[1]
    if beside and line.box[1] - above.box[1] > limits["gap"] * max(style.pitch, 1.2 * line.em):
        return False
    if placed.centred and (last.centred or line.em > style.em * limits["size"]):
        # A title set on several lines is one.
        large = line.em >= limits["title_size"] * style.em
        return bool(large and len(paragraph.lines) < limits["title_lines"] and line.page == above.page)
    if line.box[0] - placed.left > limits["indent"] * line.em:
        return False
    short = limits["short" if line.confidence is None else "short_recognised"]
    return bool(last.right - above.box[2] < first_unit(line) + short * line.em)


def drafts_of(found: Sequence[Paragraph], style: Style, opening: bool) -> list[Draft]:
    """Drafts of paragraphs; ``opening``: the title may be among them."""
    drafts = []
    for paragraph in found:
        text = paragraph.text
        if not text:
            continue
        level = _level(paragraph, text, style, opening)
        heading = level > 0 or _is_heading(paragraph, text, style)
        opening = opening and (heading or len(text) <= settings("paragraphs")["heading_characters"])
        page = paragraph.lines[0].line.page
        drafts.append(
            Draft(
                "heading" if heading else "paragraph",
                text,
                f"page {page}",
                level=level,
                page=page,
                box=paragraph.box,
                confidence=lowest(p.line.confidence for p in paragraph.lines),
            )
        )
    return drafts


def _level(paragraph: Paragraph, text: str, style: Style, opening: bool) -> int:
    """1 for the title: large and centred, above all text. Other levels a page does not say."""
    limits = settings("paragraphs")
    large = paragraph.em >= limits["title_size"] * style.em
    return int(opening and large and paragraph.lines[0].centred and len(text) <= 2 * limits["heading_characters"])


def _is_heading(paragraph: Paragraph, text: str, style: Style) -> bool:
    limits = settings("paragraphs")
    if len(paragraph.lines) > 2 or len(text) > limits["heading_characters"] or text[-1] in "。；，、：;,:":
        return False
    if words().section.match(text):
        return len(paragraph.lines) == 1
    return bool(paragraph.em >= limits["title_size"] * style.em)
