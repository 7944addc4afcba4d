"""Whose report, which year, which format, on which basis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal

from scoring.annual_report import AnnualReport, Piece, Quote, unit_of_title
from scoring.data import table
from scoring.narrative import clean
from scoring.results import Check, ReportCase, Result
from scoring.text import fold, key, sentences


class TitleForm(Check):
    """The title names the unit, the year and 政府信息公开工作年度报告 (or a known short form of it)."""

    use: Literal["title_form"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        if report.title is None:
            yield Result("not_checked", "untitled")
            return
        line = re.sub(r"\s+", "", fold(report.title.text))
        line = re.sub(r"[(][^()]{1,12}[)]$", "", line)
        missing = []
        if not re.search(r"20\d\d", line):
            missing.append("年份")
        if unit_of_title(report.title.text) is None:
            missing.append("单位名称")
        name = re.sub(r"20\d\d(年(?!度))?", "", line)
        official = table("units")["title"]["official"]
        if not any(name.endswith(key(form)) for form in official):
            missing.append("“政府信息公开工作年度报告”的规范名称")
        if not missing:
            yield Result("pass")
        else:
            yield Result(
                "fail",
                "nonstandard",
                {"missing": "、".join(missing), "title": report.title.text},
                report.title,
            )


class StaleYear(Check):
    """No statement about the office's work opens with another year than the report year.

    Years of plans, budgets, comparisons and carry-overs, and those inside titles and document numbers, are
    explained; the year after the report year is a plan.
    """

    use: Literal["stale_year"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        if report.year is None:
            yield Result("not_checked", "year")
            return
        found = list(self._stale(report, report.year))
        yield from found or [Result("pass")]

    def _stale(self, report: AnnualReport, year: int) -> Iterator[Result]:
        data = table("identity")["stale_year"]
        unit = re.escape(report.unit or "本单位")
        leads = [re.compile(lead.replace("{unit}", unit)) for lead in data["leads"]]
        for piece in report.pieces(0, 1, 5, 6):
            text = clean(report, piece)
            for start, end in sentences(text):
                sentence = re.sub(
                    r"^[\s(一二三四五六七八九十\d).、是]{0,6}",
                    lambda m: " " * len(m.group()),
                    text[start:end],
                )
                lead_in = len(sentence) - len(sentence.lstrip())
                for lead in leads:
                    match = lead.search(sentence[lead_in:].replace(" ", ""))
                    if match is None:
                        continue
                    stated = int(match[1])
                    at = sentence.find(match[1])
                    around = sentence[max(0, at - data["window"]) : at + 5 + data["window"]]
                    if stated >= year or any(word in around for word in data["explained"]):
                        continue
                    where = report.quote(piece.block, piece.start + start, piece.start + end)
                    yield Result("fail", "stale", {"stated": stated, "year": year}, where)
                    break


class UnitAgreement(Check):
    """Title, preamble, contact line and metadata name one and the same unit (short forms are the same)."""

    use: Literal["unit_agreement"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        own = unit_of_title(report.title.text) if report.title else None
        own = own or report.unit
        if not own or report.title is None:
            yield Result("not_checked", "unit")
            return
        data = table("identity")["unit"]
        seen: set[str] = set()
        found = []
        for kind, outcome in (("authored", "fail"), ("contact", "needs_review")):
            patterns = [re.compile(p.replace("{organ}", data["organ"])) for p in data[kind]]
            for piece in report.pieces(0, 1, 6):
                for named, quote in self._named(report, piece, patterns):
                    if same_unit(own, named) or named in seen or any(named.startswith(w) for w in data["short_forms"]):
                        continue
                    seen.add(named)
                    values = {"own": own, "named": named}
                    if outcome == "fail":
                        found.append(Result("fail", "other", values, quote, (("报告标题", report.title),)))
                    else:
                        found.append(Result("needs_review", "contact", values, quote, (("报告标题", report.title),)))
        yield from found or [Result("pass")]

    def _named(
        self, report: AnnualReport, piece: Piece, patterns: list[re.Pattern[str]]
    ) -> Iterator[tuple[str, Quote]]:
        text = clean(report, piece)
        for start, end in sentences(text):
            for pattern in patterns:
                for match in pattern.finditer(text[start:end]):
                    yield match[1], report.quote(piece.block, piece.start + start, piece.start + end)


def same_unit(one: str, other: str) -> bool:
    """Whether two names can be one unit: one is the other with characters left out, or holds it whole."""
    short, long = sorted((key(one), key(other)), key=len)
    rest = iter(long)
    return all(ch in rest for ch in short)


class TemplateFormat(Check):
    """The tables are those of the format that the report year asks for."""

    use: Literal["template_format"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        due = report.expected_format
        if due is None or report.year is None:
            yield Result("not_applicable")
            return
        tables = report.tables
        if tables.format is None:
            yield Result("not_checked", "no_table")
        elif tables.format == due:
            yield Result("pass")
        else:
            spot, raw = tables.format_cells[0]
            others = tuple(("表头", Quote(s, r)) for s, r in tables.format_cells[1:4])
            names = {"F2019": "国办公开办函〔2019〕60号试行格式", "F2021": "国办公开办函〔2021〕30号格式"}
            values = {"used": names[tables.format], "due": names[due], "year": report.year, "word": raw}
            yield Result("fail", "old" if due == "F2021" else "early", values, Quote(spot, raw), others)


class BasisCited(Check):
    """The legal basis in the text is in force and its number is right."""

    use: Literal["basis_cited"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        data = table("identity")["basis"]
        texts = [(piece, fold(report.text(piece))) for piece in report.pieces(0, 1, 5, 6)]
        whole = "\n".join(text for _, text in texts)
        found = []
        for piece, text in texts:
            for match in re.finditer(data["repealed"], text):
                if not re.search(data["current"], whole) and (report.year or 0) >= 2019:
                    quote = _sentence_at(report, piece, text, match.start())
                    found.append(Result("fail", "repealed", {"cited": match.group()}, quote))
            for entry in data["wrong_number"]:
                for match in re.finditer(entry["pattern"], text):
                    quote = _sentence_at(report, piece, text, match.start())
                    found.append(Result("fail", "number", {"cited": match.group(), "right": entry["right"]}, quote))
            for entry in data["formats"]:
                year = report.year or 0
                if not year or entry.get("from", 0) <= year <= entry.get("to", 9999):
                    continue
                for match in re.finditer(entry["pattern"], text):
                    quote = _sentence_at(report, piece, text, match.start())
                    values = {"cited": match.group(), "right": entry["right"], "year": year}
                    found.append(Result("fail", "format", values, quote))
        yield from found or [Result("pass")]


def _sentence_at(report: AnnualReport, piece: Piece, text: str, at: int) -> Quote:
    for start, end in sentences(text):
        if start <= at < end:
            return report.quote(piece.block, piece.start + start, piece.start + end)
    return report.quote(piece.block, piece.start, piece.end)
