"""What the narrative sections say, or leave unsaid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal

from scoring.annual_report import AnnualReport, Piece, Quote
from scoring.checks.report.structure import heading_quote
from scoring.data import table
from scoring.narrative import clean, figures
from scoring.results import Check, ReportCase, Result
from scoring.text import fold, sentences


def statement(report: AnnualReport, piece: Piece, at: int) -> Quote:
    """The sentence around a position of a piece."""
    text = report.text(piece)
    for start, end in sentences(text):
        if start <= at < end:
            return report.quote(piece.block, piece.start + start, piece.start + end)
    return report.quote(piece.block, piece.start, piece.end)


def _problem_text(report: AnnualReport) -> tuple[str, bool, bool]:
    """Text of section 五, and whether any problem and any measure is told in it.

    Headings are left out: they name both without telling either. The word lists are wide on purpose, so that only
    a section that is really silent is found fault with.
    """
    data = table("wording")["problems"]
    text = fold(report.section_text(5)).strip()
    said = [text[a:b].strip() for a, b in sentences(text)]
    body = "\n".join(s for s in said if not any(re.search(p, s.rstrip("。;,:")) for p in data["empty"]))
    body = re.sub("|".join(data["labels"]), "", body)
    needs_out = re.sub(data["need"], "", body)
    # 改进情况：…: under that name whatever follows is what was done.
    named = re.search(data["measure_named"], text)
    # A sentence without any sign of a shortcoming may tell what was done, in words that no list holds.
    other = any(len(s) >= data["shortest"] and not re.search(data["problem"], s) for s in needs_out.split("\n"))
    return text, bool(re.search(data["problem"], body)), bool(named or other or re.search(data["measure"], needs_out))


class ProblemsAndMeasures(Check):
    """Section 五 names problems and improvement, both."""

    says_absent = "text"
    use: Literal["problems_and_measures"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        data = table("wording")["problems"]
        text, problem, measure = _problem_text(report)
        if (
            5 not in report.sections
            or len(text) < data["shortest"]
            or re.match(data["nothing"], text)
            or re.search(data["no_problem"], text)
            or problem == measure is False
        ):
            yield Result("not_checked", "nothing")
        elif not measure:
            yield Result("fail", "no_measure", {}, _start(report, 5))
        elif not problem:
            yield Result("fail", "no_problem", {}, _start(report, 5))
        else:
            yield Result("pass")


def _start(report: AnnualReport, number: int) -> Quote:
    for piece in report.pieces(number):
        spans = sentences(report.text(piece))
        if spans:
            return report.quote(piece.block, piece.start + spans[0][0], piece.start + spans[0][1])
    return heading_quote(report, report.sections[number].heading)


class ProblemsConcrete(Check):
    """Section 五 is more than 无, a few characters, or a sentence without any problem."""

    says_absent = "text"
    use: Literal["problems_concrete"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        if 5 not in report.sections:
            yield Result("not_checked", "no_section")
            return
        data = table("wording")["problems"]
        text, problem, _ = _problem_text(report)
        if not text:
            yield Result("not_checked", "no_section")
        elif re.match(data["nothing"], text) or len(text) < data["shortest"]:
            yield Result("fail", "short", {"text": text, "length": len(text)}, _start(report, 5))
        elif re.search(data["no_problem"], text) or not (problem or self._concrete(text)):
            yield Result("fail", "none", {"length": len(text)}, _start(report, 5))
        elif len(text) <= data["hollow"] and not self._told(text):
            yield Result("needs_review", "hollow", {"length": len(text)}, _start(report, 5))
        else:
            yield Result("pass")

    def _told(self, text: str) -> bool:
        """Whether a problem or a measure is told beyond set phrases."""
        data = table("wording")["problems"]
        rest = re.sub(data["generic"], "", re.sub(data["vague"], "", text))
        return bool(re.search(data["problem"], rest) or re.search(data["measure"], rest))

    def _concrete(self, text: str) -> bool:
        """Whether anything done or planned is told beyond words of intent."""
        data = table("wording")["problems"]
        return bool(re.search(data["measure"], re.sub(data["vague"], "", text)))


class SectionMentions(Check):
    """A section speaks of a matter (any of the words of a list in ``rules/tables/wording.yaml``)."""

    says_absent = "text"
    use: Literal["section_mentions"]
    section: int
    words: Literal["fee"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        if self.section not in report.sections:
            yield Result("not_checked", "no_section")
            return
        words = table("wording")[self.words]
        if any(word in report.section_text(self.section) for word in words):
            yield Result("pass")
        else:
            section = report.sections[self.section]
            at = _start(report, self.section) if section.pieces else heading_quote(report, section.heading)
            yield Result("needs_review", "silent", {"section": report.section_title(self.section)}, at)


class PhrasesAbsent(Check):
    """None of the patterns of a list in ``rules/tables/wording.yaml`` occurs in the report's text."""

    use: Literal["phrases_absent"]
    phrases: Literal["template_left"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        found = []
        seen: set[tuple[int, int]] = set()
        for piece in report.pieces():
            text = fold(report.text(piece))
            for pattern in table("wording")[self.phrases]:
                for match in re.finditer(pattern, text):
                    quote = statement(report, piece, match.start())
                    if (quote.spot.block, quote.spot.start) in seen:
                        continue  # one sentence, one finding
                    seen.add((quote.spot.block, quote.spot.start))
                    phrase = report.text(piece)[match.start() : match.end()]
                    found.append(Result("fail", "left", {"phrase": phrase}, quote))
        yield from found or [Result("pass")]


class OwnFigures(Check):
    """Section 一 speaks of the office's own work: not only of offices in general, without one figure."""

    use: Literal["own_figures"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        data = table("wording")["generalised"]
        text = "\n".join(clean(report, p) for p in report.pieces(1))
        if not text.strip():
            yield Result("not_checked", "no_section")
            return
        own = [n for n in figures(text) if n.unit in data["figure_units"]]
        hits = [(p, phrase) for p in report.pieces(1) for phrase in data["phrases"] if phrase in report.text(p)]
        if own or len({phrase for _, phrase in hits}) < data["need"]:
            yield Result("pass")
            return
        piece, phrase = hits[0]
        quote = statement(report, piece, report.text(piece).find(phrase))
        values = {"phrases": "、".join(dict.fromkeys(f"“{p}”" for _, p in hits))}
        yield Result("needs_review", "general", values, quote)


class FigurePresent(Check):
    """Where a sentence counts something, the figure is there (not 共主动公开条)."""

    says_absent = "text"
    use: Literal["figure_present"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        data = table("wording")["figure_missing"]
        pattern = re.compile(f"({data['before']})({data['gap']})({data['units']}){data['stop']}")
        found = []
        for piece in report.pieces(0, 1, 3, 4, 5, 6):
            text = clean(report, piece)
            places = {m.end(): m[3] for m in pattern.finditer(text) if not self._is_word(m, text)}
            for bare in data["bare"]:
                places.update({m.end(): m[1] for m in re.finditer(bare, text)})
            found += [
                Result("fail", "missing", {"unit": unit}, statement(report, piece, end - 1))
                for end, unit in sorted(places.items())
            ]
        yield from found or [Result("pass")]

    def _is_word(self, match: re.Match[str], text: str) -> bool:
        """Whether word and unit only look like a count: 文件, 头条, 申请件."""
        data = table("wording")["figure_missing"]
        if match[2]:
            return False  # a gap was left for the figure
        joined = match[1] + match[3]
        if any(joined.endswith(word) for word in data["words_ending"]):
            return True
        exception = any(joined.endswith(word) for word in data["exceptions"])
        return exception and (joined[-2:] in data["exceptions"] or not _counts(text[: match.end(1)]))


def _counts(before: str) -> bool:
    """Whether the clause announces a count: 共, 共计, 累计 or a verb of receiving stands in it."""
    clause = before[max(before.rfind(mark) for mark in ",。;、") + 1 :]
    return bool(re.search(table("wording")["figure_missing"]["counts"], clause))


class OnTopic(Check):
    """Section 六 holds matters of disclosure, not the office's other work."""

    use: Literal["on_topic"]
    section: int

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        data = table("wording")["off_topic"]
        found = []
        for piece in report.pieces(self.section):
            text = clean(report, piece)
            for start, end in sentences(text):
                sentence = text[start:end]
                foreign = [w for w in data["foreign"] if w in sentence]
                if foreign and not any(w in sentence for w in data["own"]):
                    quote = report.quote(piece.block, piece.start + start, piece.start + end)
                    found.append(Result("needs_review", "foreign", {"words": "、".join(foreign)}, quote))
        yield from found or [Result("pass" if self.section in report.sections else "not_checked", "no_section")]
