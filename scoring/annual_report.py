"""An annual report as a judge sees it: title, unit, year, publisher, date, six sections, bound tables.

Built from one Document and what the user stated; knows the format data of ``rules/tables`` and no rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Literal

from crawler.evidence import Document, Field, Spot
from scoring.data import table
from scoring.report_tables import BoundTable, ReportTables, bind, format_for_year
from scoring.text import find_date, fold, key, mask

Publisher = Literal["department", "government", "township"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of stored text: where it is and what it says, letter for letter.

    ``record`` names the document where several are in play (a site); it is empty for the report at hand.
    """

    spot: Spot
    text: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user stated; anything None is recognised from the document."""

    year: int | None = None
    unit: str | None = None
    publisher: Publisher | None = None
    published: date | None = None
    level: str | None = None
    page: bool = False  # the document is a page as published (site or URL), not a draft file
    published_by: str = "由用户指定"  # how the stated publication date is known …
    named_by: str = "由用户指定"  # … and the stated unit and year


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered heading. ``section`` is the section it stands for, None where it is none of the six."""

    block: int
    numeral: int | None
    title: str
    section: int | None
    fit: Literal["official", "accepted", "other"]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of running text of a section: block and character range."""

    block: int
    start: int
    end: int
    section: int  # 0 is the preamble


@dataclass(slots=True)
class Section:
    number: int
    heading: Heading
    blocks: list[int] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)


class AnnualReport:
    """One report. Everything is recognised once, lazily; nothing here passes or fails."""

    def __init__(self, document: Document, options: Options | None = None) -> None:
        self.document = document
        self.options = options or Options()
        self.recognised: dict[str, str] = {}
        self.memo: dict[str, Any] = {}  # what readers of this report have worked out once
        self.title = self._find_title()
        self.title_above = self._unit_above()  # the unit, where it stands in a line of its own over the title
        self.headings, self.sections, self.preamble = _cut(document, self.title)
        self.year = self._find_year()
        self.unit = self._find_unit()
        self.publisher = self._find_publisher()
        self.published, self.published_quote = self._find_published()

    # --- text access ---

    def text(self, piece: Piece) -> str:
        return self.document.blocks[piece.block].text[piece.start : piece.end]

    def quote(self, block: int, start: int = 0, end: int | None = None) -> Quote:
        """Quote a span of a block's text (outer white space trimmed)."""
        source = self.document.blocks[block]
        stop = len(source.text) if end is None else end
        text = source.text[start:stop]
        start += len(text) - len(text.lstrip())
        text = text.strip()
        place = source.spot
        spot = Spot(block, start, start + len(text), selector=place.selector, page=place.page, box=place.box)
        return Quote(spot, text)

    def pieces(self, *sections: int) -> list[Piece]:
        """Running text of the given sections (0 = preamble), all of it where none is given."""
        wanted = sections or tuple(range(7))
        result = list(self.preamble) if 0 in wanted else []
        for number in sorted(self.sections):
            if number in wanted:
                result.extend(self.sections[number].pieces)
        return result

    def section_text(self, number: int) -> str:
        return "\n".join(self.text(p) for p in self.pieces(number))

    def section_title(self, number: int) -> str:
        """Printed heading of a section, for people."""
        section = self.sections.get(number)
        if section is None:
            return "前言" if number == 0 else ""
        return self.quote(section.heading.block, section.heading.start, section.heading.end).text

    def fields(self, *names: str) -> list[tuple[Field, Quote]]:
        """Fields of the metadata block by canonical name (all where none is given), with the quote of each."""
        found = [f for f in self.document.fields if not names or f.name in names]
        return [(f, _field_quote(self.document, f.spot)) for f in found]

    def section_of(self, block: int) -> int:
        for number, section in self.sections.items():
            if block == section.heading.block or block in section.blocks:
                return number
        return 0

    @cached_property
    def tables(self) -> ReportTables:
        expected = format_for_year(self.year) if self.year else None
        return bind(self.document, range(*self.document.main), expected)

    def bound(self, table_id: str) -> BoundTable:
        found: BoundTable = getattr(self.tables, table_id)
        return found

    @property
    def expected_format(self) -> str | None:
        return format_for_year(self.year) if self.year else None

    @property
    def is_page(self) -> bool:
        """A page as published: only there can a missing date or metadata block be a fault."""
        return self.options.page or bool(self.document.fields) or self.has_chrome

    @property
    def has_chrome(self) -> bool:
        """A saved web page with its surroundings: site tags, or blocks outside the main text."""
        tags = {name.lower() for name in self.document.tags}
        outside = self.document.main != (0, len(self.document.blocks))
        return self.document.carrier == "html" and (outside or bool(tags & {"sitename", "columnname"}))

    # --- recognition ---

    def _find_title(self) -> Quote | None:
        """The first line that can be the title. A bare 政府信息公开年报 is a menu entry unless sections follow it."""
        sections = any(
            (heading := _heading(i, b.text, b.level)) and heading.section
            for i, b in enumerate(self.document.blocks)
            if b.kind in ("heading", "paragraph") and len(b.text) < 80
        )
        labelled = {f.spot.block for f in self.document.fields if f.spot.row is None}
        for block in range(*self.document.main):
            source = self.document.blocks[block]
            fits = source.kind in ("heading", "paragraph") and block not in labelled and is_title(source.text)
            if fits and (sections or not is_bare(source.text)):
                return self.quote(block)
            if source.kind == "table" and source.table and source.table.rows > 6:
                break
        for item in self.document.fields:
            if item.name == "title" and is_title(item.value):
                return _field_quote(self.document, item.spot)
        # Outside the main text a title counts only if sections stand somewhere: else it is a link to a report.
        for block, source in enumerate(self.document.blocks if sections else ()):
            if source.kind in ("heading", "paragraph") and is_title(source.text) and not is_bare(source.text):
                return self.quote(block)
        return None

    def _unit_above(self) -> str:
        if self.title is None or self.title.spot.row is not None or unit_of_title(self.title.text):
            return ""
        for block in range(self.title.spot.block - 1, max(-1, self.title.spot.block - 3), -1):
            text = re.sub(r"\s+", "", self.document.blocks[block].text)
            if text and re.fullmatch(r"[\u4e00-\u9fff]{3,30}", text) and publisher_of(text):
                return text
        return ""

    def _find_year(self) -> int | None:
        if self.options.year:
            self.recognised["year"] = self.options.named_by
            return self.options.year
        if self.title and (match := re.search(r"(20\d\d)\s*年?", fold(self.title.text))):
            self.recognised["year"] = "取自标题"
            return int(match[1])
        for piece in (*self.preamble, *self.pieces(1)):
            match = re.search(r"(20\d\d)\s*年\s*0?1\s*月\s*0?1\s*日.{0,6}12\s*月\s*31\s*日", fold(self.text(piece)))
            if match:
                self.recognised["year"] = "取自正文统计期限"
                return int(match[1])
        counts: dict[int, int] = {}
        for piece in self.pieces(0, 1):
            for match in re.finditer(r"(20\d\d)\s*年", fold(self.text(piece))):
                counts[int(match[1])] = counts.get(int(match[1]), 0) + 1
        if counts:
            self.recognised["year"] = "按正文出现最多的年份推定"
            return max(counts, key=lambda y: counts[y])
        return None

    def _find_unit(self) -> str | None:
        if self.options.unit:
            self.recognised["unit"] = self.options.named_by
            return self.options.unit
        if self.title and (unit := unit_of_title(self.title.text)):
            self.recognised["unit"] = "取自标题"
            return unit
        if self.title_above:
            self.recognised["unit"] = "取自标题上一行"
            return self.title_above
        for piece in self.preamble:
            if unit := unit_of_statement(self.text(piece)):
                self.recognised["unit"] = "取自前言"
                return unit
        for item in self.document.fields:
            if item.name == "issuer" and item.value:
                self.recognised["unit"] = f"取自“{item.label}”"
                return item.value
        for tag in ("ContentSource", "SiteName"):
            if value := self.document.tags.get(tag, "").strip():
                self.recognised["unit"] = f"取自网页标签 {tag}"
                return value
        return None

    def _find_publisher(self) -> Publisher | None:
        if self.options.publisher:
            self.recognised["publisher"] = "由用户指定"
            return self.options.publisher
        kind = publisher_of(self.unit) if self.unit else None
        if kind:
            self.recognised["publisher"] = "按单位名称推定"
        return kind

    def _find_published(self) -> tuple[date | None, Quote | None]:
        if self.options.published:
            self.recognised["published"] = self.options.published_by
            return self.options.published, None
        for name in ("date_published", "date_issued"):
            for item in self.document.fields:
                if item.name == name and (found := find_date(item.value)):
                    self.recognised["published"] = f"取自页面“{item.label}”"
                    return found, _field_quote(self.document, item.spot)
        for tag, value in self.document.tags.items():
            if tag.lower() == "pubdate" and (found := find_date(value)):
                self.recognised["published"] = "取自网页标签 PubDate"
                return found, None
        if match := re.search(r"/t(20\d\d)(\d\d)(\d\d)_\d+|/art/(20\d\d)/(\d\d?)/(\d\d?)/", self.document.uri):
            parts = [int(p) for p in match.groups() if p]
            try:
                found = date(*parts)
            except ValueError:
                return None, None
            self.recognised["published"] = "取自网址中的日期"
            return found, None
        return None, None


def _field_quote(document: Document, spot: Spot) -> Quote:
    block = document.blocks[spot.block]
    if spot.row is not None and block.table is not None:
        raw = next((c.raw for c in block.table.cells if (c.row, c.column) == (spot.row, spot.column)), "")
        return Quote(spot, raw)
    return Quote(spot, block.text[spot.start : spot.end])


# --- titles and units -------------------------------------------------------------------------------


_IN_BRACKETS = 12  # characters that may stand in brackets behind a title


def is_title(text: str) -> bool:
    """Whether a line can be the report's title: short, about 信息公开, ends in a word for report."""
    line = "".join(text.split())
    return len(line) <= table("units")["title"]["longest"] + _IN_BRACKETS + 2 and _is_title(line)


@lru_cache(maxsize=4096)
def _is_title(line: str) -> bool:
    """The same for a short line without spaces; several rules ask for the titles of all pages."""
    data = table("units")["title"]
    line = re.sub(rf"[(][^()]{{1,{_IN_BRACKETS}}}[)]$", "", fold(line))
    if not 6 <= len(line) <= data["longest"] or "。" in line or any(word in line for word in data["not_reports"]):
        return False
    if re.search(r"[:>|→]", line):
        return False
    return bool(re.search(data["subject"] + ".{0,12}" + data["report"] + "$", line))


def is_bare(text: str) -> bool:
    """A title that names neither year nor unit."""
    return not re.search(r"20\d\d", fold(text)) and unit_of_title(text) is None


def unit_of_title(text: str) -> str | None:
    """The unit in a title: what is left when year, subject and word for report are taken away."""
    data = table("units")["title"]
    line = re.sub(r"\s+", "", fold(text))
    line = re.sub(r"[(][^()]{1,12}[)]$", "", line)
    line = re.sub(
        data["subject"] + r"[^\u4e00-\u9fff]*(工作)?(的)?(\d{4}年?(度)?)?(年度)?.{0,6}" + data["report"] + "$",
        "",
        line,
    )
    line = re.sub(r"\d{4}年?(度)?", "", line)
    line = re.sub(r"^关于|的$|[《》<>、,:]", "", line).strip()
    return line if 2 <= len(line) <= 40 and re.search(r"[\u4e00-\u9fff]", line) else None


def unit_of_statement(text: str) -> str | None:
    """The unit that a sentence of the preamble names as the author (the patterns of ``rules/tables/identity``)."""
    data = table("identity")["unit"]
    line = mask(fold(text)).replace(" ", "")
    for pattern in data["authored"]:
        if match := re.search(pattern.replace("{organ}", data["organ"]), line):
            return match[1]
    return None


def publisher_of(unit: str) -> Publisher | None:
    """Kind of publisher by the ending of its name; None where the name does not say."""
    name = re.sub(r"\s+", "", fold(unit))
    for entry in table("units")["publishers"]:
        if re.search(entry["pattern"], name):
            kind: Publisher = entry["kind"]
            return kind
    return None


# --- sections ---------------------------------------------------------------------------------------

_NUMERAL = re.compile(r"\s*(?:第)?([一二三四五六七八九十])\s*(?:部分)?\s*[、.,:\s]\s*(.*)", re.DOTALL)


def _cut(document: Document, title: Quote | None) -> tuple[list[Heading], dict[int, Section], list[Piece]]:
    """Find the headings and cut the main text at them."""
    start = title.spot.block if title and document.main[0] <= title.spot.block else document.main[0]
    headings: list[Heading] = []
    for block in range(start, document.main[1]):
        source = document.blocks[block]
        if source.kind in ("heading", "paragraph") and (heading := _heading(block, source.text, source.level)):
            headings.append(heading)
    chosen: dict[int, Heading] = {}
    for heading in headings:
        if heading.section is not None:
            chosen[heading.section] = heading  # the last one: an earlier one is a table of contents
    for index, heading in enumerate(headings):
        number = heading.numeral or 0
        if heading.section is None and 1 <= number <= 6 and number not in chosen:
            before, after = chosen.get(number - 1), chosen.get(number + 1)
            fits_before = before.block < heading.block if before else number == 1
            fits_after = after.block > heading.block if after else number == 6
            if fits_before and fits_after:
                # An own title in the place and with the numeral of a section: that section, wrongly headed.
                headings[index] = chosen[number] = replace(heading, section=number)
    cuts = {h.block: h for h in chosen.values()}
    kept = [h for h in headings if h.section is None or chosen[h.section] is h]
    sections: dict[int, Section] = {}
    preamble: list[Piece] = []
    current: Section | None = None
    first = title.spot.block + 1 if title and title.spot.block >= document.main[0] else document.main[0]
    field_blocks = {f.spot.block for f in document.fields}
    for block in range(first, document.main[1]):
        source = document.blocks[block]
        if heading := cuts.get(block):
            current = Section(heading.section or 0, heading)
            sections[current.number] = current
            if source.text[heading.end :].strip(" \u3000:：。"):
                current.pieces.append(Piece(block, heading.end, len(source.text), current.number))
            continue
        if current is None:
            if source.kind in ("heading", "paragraph") and block not in field_blocks:
                preamble.append(Piece(block, 0, len(source.text), 0))
            continue
        current.blocks.append(block)
        if source.kind in ("heading", "paragraph") and source.text.strip():
            current.pieces.append(Piece(block, 0, len(source.text), current.number))
    return kept, sections, preamble


def _heading(block: int, text: str, level: int) -> Heading | None:
    data = table("report-sections")
    folded = fold(text)
    match = _NUMERAL.match(folded)
    if match is None:
        bare = key(text)
        for spec in data["sections"]:
            if bare == key(spec["title"]):
                return Heading(block, None, text.strip(), spec["number"], "official", 0, len(text))
        return None
    numeral = data["numerals"].index(match[1]) + 1
    rest = match[2]
    offset = match.start(2)
    stop = re.search(r"[。;:\n]", rest)
    whole = stop is None or not rest[stop.end() :].strip()
    line = rest[: stop.start()] if stop else rest
    found = _section_of(line, data)
    if found is None and not whole:
        return None
    if found is None:
        # Heading and text in one line, without a mark between: take an official title off the front.
        for spec in data["sections"]:
            if line.startswith(fold(spec["title"])):
                end = offset + len(spec["title"])
                return Heading(block, numeral, spec["title"], spec["number"], "official", 0, end)
        if len(folded) > data["longest_heading"] or (not level and re.search(r"[,]", line)):
            return None
        return Heading(block, numeral, line.strip(), None, "other", 0, len(text))
    section, fit = found
    if not whole and fit == "other":
        return None
    return Heading(block, numeral, line.strip(), section, fit, 0, offset + len(line))


def _section_of(line: str, data: dict[str, Any]) -> tuple[int, Literal["official", "accepted", "other"]] | None:
    bare = key(line)
    if len(bare) > data["longest_heading"]:
        return None
    for spec in data["sections"]:
        if bare == key(spec["title"]):
            return spec["number"], "official"
    for spec in data["sections"]:
        if any(re.search(pattern, bare) for pattern in spec["accepted"]):
            return spec["number"], "accepted"
    for spec in data["sections"]:
        if (
            all(word in bare for word in spec["all"])
            and any(word in bare for word in spec["any"])
            and not any(word in bare for word in spec["none"])
        ):
            return spec["number"], "other"
    return None
