"""Whose report, which year, which format, on which basis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any, Literal

from scoring.annual_report import AnnualReport, Piece, Quote, unit_of_title
from scoring.data import table
from scoring.narrative import clean
from scoring.results import Check, ReportCase, Result
from scoring.text import find_date, fold, key, sentences

# Numbering in front of a sentence: （一）, 1., 一是.
_MARKERS = re.compile(
    r"^\s*(?:[(][一二三四五六七八九十\d]{1,2}[)]|[一二三四五六七八九十]是|[一二三四五六七八九十]、|\d{1,2}[.、](?!\d))\s*"
)


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
        if unit_of_title(report.title.text) is None and not report.title_above:
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
        leading = list(self._leading(report))
        found = [
            Result("fail", "stale", {"stated": stated, "year": report.year}, quote)
            for stated, quote, explained in leading
            if stated < report.year and not explained
        ]
        printed = re.search(r"20\d\d", fold(report.title.text)) if report.title else None
        if report.title and printed and int(printed.group()) != report.year:
            values = {"stated": int(printed.group()), "year": report.year}
            yield Result("fail", "title", values, report.title)
            return
        later = [(stated, quote) for stated, quote, _ in leading if stated > report.year]
        whole = "".join(clean(report, piece) for piece in report.pieces(0, 1, 5, 6))
        later = [(stated, quote) for stated, quote in later if whole.count(f"{stated}年") >= 2]
        if report.title and later and not any(stated <= report.year for stated, _, _ in leading):
            # Every statement is about a later year: it is the title that was not brought up to date.
            values = {"stated": report.year, "year": later[0][0]}
            found = [Result("fail", "title", values, report.title, tuple(("正文", q) for _, q in later[:4]))]
        yield from found or [Result("pass")]

    def _leading(self, report: AnnualReport) -> Iterator[tuple[int, Quote, bool]]:
        """(year, sentence, whether a word explains it) of every statement that opens with a year of work."""
        data = table("identity")["stale_year"]
        unit = re.escape(fold(report.unit or "本单位"))
        leads = [re.compile(lead.replace("{unit}", unit)) for lead in data["leads"]]
        for piece in report.pieces(0, 1, 3, 4, 5, 6):
            text = clean(report, piece)
            for start, end in sentences(text):
                sentence = _MARKERS.sub("", text[start:end]).replace(" ", "")
                match = next((m for lead in leads if (m := lead.search(sentence))), None)
                if match is None:
                    continue
                at = match.start(1)
                around = sentence[max(0, at - data["window"]) : at + 5 + data["window"]]
                quote = report.quote(piece.block, piece.start + start, piece.start + end)
                yield int(match[1]), quote, any(word in around for word in data["explained"])


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
        for kind in ("authored", "contact"):
            patterns = [re.compile(p.replace("{organ}", data["organ"])) for p in data[kind]]
            for piece in report.pieces(0, 1, 6):
                for named, quote in self._named(report, piece, patterns):
                    if same_unit(own, named) or named in seen or any(named.startswith(w) for w in data["short_forms"]):
                        continue
                    seen.add(named)
                    # A government's office may answer for its bureaus: only another bureau is surely wrong.
                    hard = kind == "authored" or not re.search(data["answers_for_others"], named)
                    found.append(
                        Result(
                            "fail" if hard else "needs_review",
                            "other" if hard else "contact",
                            {"own": own, "named": named},
                            quote,
                            (("报告标题", report.title),),
                        )
                    )
        for name, quote in self._signed(report, data):
            if not same_unit(own, name) and name not in seen:
                seen.add(name)
                values = {"own": own, "named": name}
                found.append(Result("fail", "other", values, quote, (("报告标题", report.title),)))
        for item, quote in report.fields("issuer"):
            name = item.value.strip()
            known = re.fullmatch(data["organ"], name) and not re.search(data["answers_for_others"], name)
            if known and not same_unit(own, name) and name not in seen:
                seen.add(name)
                values = {"own": own, "named": name}
                found.append(Result("fail", "other", values, quote, (("报告标题", report.title),)))
        yield from found or [Result("pass")]

    def _signed(self, report: AnnualReport, data: dict[str, Any]) -> Iterator[tuple[str, Quote]]:
        """The unit that signs: a line of its own at the end, with a date below it."""
        last = report.pieces(max(report.sections, default=0))
        for piece, after in pairwise(last):
            name = re.sub(r"\s+", "", report.text(piece))
            if re.fullmatch(data["organ"], name) and find_date(report.text(after)) and len(report.text(after)) < 20:
                yield name, report.quote(piece.block, piece.start, piece.end)

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
    office = table("identity")["unit"]["inner_office"]
    one, other = (re.sub(office, "", key(name)) or key(name) for name in (one, other))
    short, long = sorted((one, other), key=len)
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
