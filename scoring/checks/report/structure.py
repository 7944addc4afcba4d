"""The six sections: there, in order, rightly headed, filled, numbered."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from scoring.annual_report import AnnualReport, Heading, Quote
from scoring.checks.report.publication import body_length, looked_at
from scoring.data import table
from scoring.results import Check, ReportCase, Result
from scoring.text import fold, key, sentences

_NUMERALS = "一二三四五六七八九十"
_LEAD = re.compile(r"\s*(?:[(][一二三四五六七八九十\d][)]|\d[.、]|[一二三四五六七八九十]是)")


def heading_quote(report: AnnualReport, heading: Heading) -> Quote:
    return report.quote(heading.block, heading.start, heading.end)


def _where_looked(report: AnnualReport) -> tuple[Quote, tuple[tuple[str, Quote], ...]]:
    """The headings that are there, last one first: what a finding about a missing one can show."""
    found = [heading_quote(report, s.heading) for _, s in sorted(report.sections.items())]
    if not found:
        return looked_at(report), ()
    return found[-1], tuple(("已有标题", q) for q in found[:-1])


def spec_of(number: int) -> dict[str, Any]:
    found: dict[str, Any] = next(s for s in table("report-sections")["sections"] if s["number"] == number)
    return found


def _old_headings(report: AnnualReport) -> list[Heading]:
    data = table("report-sections")["old_structure"]
    return [
        h
        for h in report.headings
        if h.fit == "other" and any(re.search(p, key(h.title) or h.title) for p in data["headings"])
    ]


class SectionPresent(Check):
    """Each of the six sections has its heading."""

    says_absent = "text"
    use: Literal["section_present"]
    sections: tuple[int, ...] = (1, 2, 3, 4, 5, 6)
    shortest: int = 200  # characters of text; below, the report itself is not in this file

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        if (report.year or 9999) < 2019:
            yield Result("not_applicable")
            return
        if not report.sections and body_length(report) < self.shortest:
            yield Result("not_checked", "no_text")
            return
        missing = [n for n in self.sections if n not in report.sections]
        at, related = _where_looked(report)
        titles = "、".join(report.section_title(n) for n in sorted(report.sections)) or "未见任何一级标题"
        for number in missing:
            title = f"{_NUMERALS[number - 1]}、{spec_of(number)['title']}"
            values = {"section": title, "found": titles}
            run_in = _run_in(report, title)
            unread = _unread_where(report, number)
            if run_in is not None:
                yield Result("needs_review", "run_in", values, run_in)
            elif unread:
                yield Result("needs_review", "unread", values | {"count": unread}, at, related)
            else:
                yield Result("fail", "missing", values, at, related)
        if not missing:
            yield Result("pass")


def _run_in(report: AnnualReport, title: str) -> Quote | None:
    """Where a heading stands with its numeral inside other text: a page may have lost the line break before it."""
    wanted = re.compile(r"\s*[、.]?\s*".join(map(re.escape, key(title))))
    for block in range(*report.document.main):
        source = report.document.blocks[block]
        match = wanted.search(fold(source.text)) if source.table is None else None
        if match is not None:
            return report.quote(block, match.start(), match.end())
    return None


def _unread_where(report: AnnualReport, number: int) -> int:
    """How many pictures and attachments stand where a section should be: it may be in one of them."""
    places = {n: s.heading.block for n, s in report.sections.items()}
    start = max((b for n, b in places.items() if n < number), default=report.document.main[0])
    end = min((b for n, b in places.items() if n > number), default=report.document.main[1])
    between = report.document.blocks[start:end]
    return sum(block.kind in ("picture", "attachment") for block in between)


def _sheet(report: AnnualReport, heading: Heading) -> str:
    """The sheet of a workbook on which a heading stands, "" elsewhere: the order of sheets is none of the report."""
    return report.document.blocks[heading.block].spot.selector.rpartition("!")[0]


class SectionOrder(Check):
    """The sections stand in order and carry the numerals 一 to 六."""

    says_absent = "text"
    use: Literal["section_order"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        there = [s.heading for s in report.sections.values()]
        if len(there) < 2:
            yield Result("not_checked", "no_sections")
            return
        there.sort(key=lambda h: h.block)
        found = []
        for before, after in itertools.pairwise(there):
            if (after.section or 0) < (before.section or 0) and _sheet(report, before) == _sheet(report, after):
                values = {"first": before.title, "second": after.title}
                found.append(
                    Result(
                        "fail",
                        "order",
                        values,
                        heading_quote(report, after),
                        (("前一标题", heading_quote(report, before)),),
                    )
                )
        for heading in there:
            if heading.numeral is not None and heading.numeral != heading.section and not found:
                values = {
                    "printed": _NUMERALS[heading.numeral - 1],
                    "due": _NUMERALS[(heading.section or 1) - 1],
                    "title": heading.title,
                }
                found.append(Result("fail", "numeral", values, heading_quote(report, heading)))
        yield from found or [Result("pass")]


class HeadingOfficial(Check):
    """The headings are the official ones or known variants of them."""

    says_absent = "text"
    use: Literal["heading_official"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        if not report.sections:
            yield Result("not_checked", "no_sections")
            return
        found = [
            Result(
                "fail",
                "other",
                {"printed": section.heading.title, "official": spec_of(number)["title"]},
                heading_quote(report, section.heading),
            )
            for number, section in sorted(report.sections.items())
            if section.heading.fit == "other"
        ]
        yield from found or [Result("pass")]


def _is_signature(text: str) -> bool:
    """A line that only signs: the unit's name, or a date."""
    bare = re.sub(r"\s+", "", text)
    rest = re.sub(r"20\d\d年\d{1,2}月\d{1,2}日|20\d\d[-/.]\d{1,2}[-/.]\d{1,2}", "", fold(bare))
    return not rest or (len(bare) < 30 and bool(re.fullmatch(table("identity")["unit"]["organ"], bare)))


class SectionFilled(Check):
    """Below the heading of a narrative section stands text (table sections are judged by their tables)."""

    says_absent = "text"
    use: Literal["section_filled"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        found = []
        for number, section in sorted(report.sections.items()):
            if spec_of(number)["kind"] != "narrative":
                continue
            blocks = [report.document.blocks[b] for b in section.blocks]
            if any(b.kind in ("table", "picture", "attachment") for b in blocks):
                continue
            said = [report.text(p).strip() for p in section.pieces if not _is_signature(report.text(p))]
            if not "".join(said).strip(" \u3000\n。.、:："):
                title = report.section_title(number)
                found.append(Result("fail", "empty", {"section": title}, heading_quote(report, section.heading)))
        yield from found or ([Result("pass")] if report.sections else [Result("not_checked", "no_sections")])


class OldStructure(Check):
    """The report does not follow the structure of the repealed format (概述、收费及减免…)."""

    says_absent = "text"
    use: Literal["old_structure"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        old = _old_headings(report)
        if (report.year or 9999) < 2019:
            yield Result("not_applicable")
        elif len(old) >= table("report-sections")["old_structure"]["need"]:
            quotes = [heading_quote(report, h) for h in old]
            values = {"headings": "、".join(h.title for h in old)}
            yield Result("fail", "old", values, quotes[0], tuple(("标题", q) for q in quotes[1:]))
        else:
            yield Result("pass")


class AspectsCovered(Check):
    """A section speaks of each aspect of a list in ``rules/tables/report-sections.yaml``.

    ``fail_when``: ``any`` one missing fails, or only when ``all`` are missing (some missing goes to a person).
    """

    says_absent = "text"
    use: Literal["aspects_covered"]
    aspects: Literal["aspects", "government_aspects"]
    section: int = 1
    publisher: Literal["government"] | None = None
    fail_when: Literal["any", "all"] = "any"

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        kind = (
            "government"
            if report.publisher == "township" and (report.unit or "").endswith("政府")
            else report.publisher
        )
        if self.publisher and kind != self.publisher:
            yield Result("not_applicable" if report.publisher else "not_checked", "publisher")
            return
        section = report.sections.get(self.section)
        if section is None:
            yield Result("not_checked", "no_section")
            return
        text = fold(report.section_text(self.section)) + fold(report.section_text(5) if self.publisher else "")
        aspects = table("report-sections")[self.aspects]
        leads = [fold(report.text(p))[:16] for p in section.pieces if _LEAD.match(fold(report.text(p)))]
        led = sum(any(a["title"] in line or a["title"][-4:] in line for line in leads) for a in aspects)
        by_lead = led >= table("report-sections")["led_from"]
        words = [(a["title"], a.get("led", a["any"]) if by_lead else a["any"]) for a in aspects]
        missing = [title for title, any_of in words if not any(word in text for word in any_of)]
        if not missing:
            yield Result("pass")
            return
        if not text.strip():
            yield Result("not_checked", "no_section")
            return
        hard = self.fail_when == "any" or len(missing) == len(aspects)
        heads = [
            report.quote(p.block, p.start, p.start + sentences(report.text(p))[0][1])
            for p in section.pieces
            if re.match(r"\s*[(（]?[一二三四五六七八九十\d]", report.text(p)) and sentences(report.text(p))
        ]
        values = {"missing": "、".join(missing), "count": len(missing)}
        yield Result(
            "fail" if hard else "needs_review",
            "missing" if hard else "partly",
            values,
            heading_quote(report, section.heading),
            tuple(("查看过的段落", q) for q in heads[:6]),
        )


class NumberingComplete(Check):
    """Numbering inside the narrative sections skips nothing: （一）（二）…, 1. 2. …, 一是 二是 …"""

    says_absent = "text"
    use: Literal["numbering_complete"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        if not report.sections:
            yield Result("not_checked", "no_sections")
            return
        found: list[Result] = []
        for number in (1, 5, 6):
            found.extend(self._headings(report, number))
            found.extend(self._measures(report, number))
        yield from found or [Result("pass")]

    def _headings(self, report: AnnualReport, number: int) -> Iterator[Result]:
        for pattern, name in (
            (r"\s*[(]([一二三四五六七八九十])[)]", "（{}）"),
            (r"\s*(\d{1,2})[.、](?!\d)", "{}."),
        ):
            expected = 1
            for piece in report.pieces(number):
                text = fold(report.text(piece))
                match = re.match(pattern, text)
                inline = re.findall(r"(?<=[。;:])\s*[(]([一二三四五六七八九十])[)]", text) if name == "（{}）" else []
                if match is None and inline:
                    expected = _NUMERALS.index(inline[-1]) + 2
                    continue
                if match is None:
                    if name == "{}." and re.match(r"\s*[(][一二三四五六七八九十][)]", text):
                        expected = 1
                    continue
                value = _NUMERALS.index(match[1]) + 1 if match[1] in _NUMERALS else int(match[1])
                if value not in (expected, 1):
                    line = sentences(text)[0][1]
                    quote = report.quote(piece.block, piece.start, piece.start + min(line, 40))
                    printed = name.format(match[1])
                    due = name.format(_NUMERALS[expected - 1] if match[1] in _NUMERALS else expected)
                    yield Result("fail", "heading", {"printed": printed, "due": due}, quote)
                expected = value + 1

    def _measures(self, report: AnnualReport, number: int) -> Iterator[Result]:
        marker = re.compile(r"(?:^|(?<=[。;:,、\s)]))([一二三四五六七八九十])是")
        expected = 1
        for piece in report.pieces(number):
            text = fold(report.text(piece))
            if re.match(r"\s*[(][一二三四五六七八九十][)]", text):
                expected = 1
            for match in marker.finditer(text):
                value = _NUMERALS.index(match[1]) + 1
                if value not in (expected, 1):
                    start = next((a for a, b in sentences(text) if a <= match.start() < b), match.start())
                    quote = report.quote(
                        piece.block,
                        piece.start + max(start, match.start() - 20),
                        piece.start + match.end() + 20,
                    )
                    values = {"printed": f"{match[1]}是", "due": f"{_NUMERALS[min(expected, 10) - 1]}是"}
                    yield Result("fail", "measure", values, quote)
                expected = value + 1
