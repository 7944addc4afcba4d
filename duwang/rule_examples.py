"""Examples of rule files are their tests: each is made into a case and run against its rule's check alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from crawler import readers
from crawler.errors import UnusableInput
from crawler.evidence import Document, Spot
from duwang.site_examples import made_case
from scoring.annual_report import AnnualReport, Options, Quote
from scoring.data import RULES
from scoring.engine import reason_text
from scoring.inspection import Tie
from scoring.results import ColumnCount, Counted, Elsewhere, Other, ReportCase, Result, SiteCase, SiteResult
from scoring.rules import Rule, RuleVersion
from scoring.site.points import Quoter
from scoring.wording.check import TextCheck
from scoring.wording.judging import DocumentTexts, SiteTexts, results_on_document, results_on_site
from scoring.wording.lexicons import shipped

JUDGED_ON = "2026-03-10"
_NAMES = {"markdown": "x.md", "text": "x.txt", "html": "x.html"}
_FOUND = ("fail", "needs_review")


class FaultyExample(Exception):
    """An example that cannot be run. ``str(error)`` is one Chinese line."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One example run: ``failure`` is empty where it came out as expected, else one Chinese line."""

    rule: Rule
    name: str
    failure: str


def run_rule(rule: Rule, folder: Path = RULES) -> Iterator[Ran]:
    """Run all examples of a rule. ``folder`` holds ``examples/``, the base documents."""
    for example in rule.examples:
        yield Ran(rule, example["name"], run_example(rule, example, folder))


def run_example(rule: Rule, example: Mapping[str, Any], folder: Path = RULES) -> str:
    """Run one example; empty where it came out as expected, else what came out instead."""
    try:
        if rule.of("text") is not None:
            results, quoter = _on_text(rule, example["given"], folder)
        else:
            case, version, on, quoter = _case(rule, example["given"], folder)
            results = list(version.check.run(case, on)) if version is not None else []
    except FaultyExample as error:
        return f"例子本身有误：{error}"
    except UnusableInput as error:
        return f"例子的文本读不了：{error}"
    except Exception as error:  # a crash is what the example is there to find
        return f"检查出错（{type(error).__name__}：{error}）"
    return _compare(rule, example, [_quoted(r, quoter) for r in results] or [Result("not_applicable")])


def _on_text(rule: Rule, given: Mapping[str, Any], folder: Path) -> tuple[list[Result], Quoter]:
    """What a rule on running text says of the text of an example, or of its site."""
    on = date.fromisoformat(given.get("judged_on", JUDGED_ON))
    case, quoter = made_case(given, on)
    version = rule.version(on)
    if version is None:
        return [], quoter
    assert isinstance(version.check, TextCheck)
    if "site" in given:
        return list(results_on_site(version.check, SiteTexts(case.view, shipped()), on)), quoter
    texts = DocumentTexts(_document(given, folder), shipped(), _day(given))
    return list(results_on_document(version.check, texts, on)), quoter


def _quoted(result: Result, quoter: Quoter) -> Result:
    """A result on a site with the quote that its finding would have."""
    if not isinstance(result, SiteResult) or result.point is None:
        return result
    place = quoter.place(result.point)
    return replace(result, at=Quote(Spot(place.where.block, place.where.start, place.where.end), place.quote))


def _case(
    rule: Rule, given: Mapping[str, Any], folder: Path
) -> tuple[ReportCase | SiteCase, RuleVersion | None, date, Quoter]:
    on = date.fromisoformat(given.get("judged_on", JUDGED_ON))
    made, quoter = made_case(given, on)
    on_site = rule.of("site") if "site" in given or rule.of("report") is None else None
    if on_site is not None:
        return _with_region(made, given), on_site.version(on), on, quoter
    report = _report(given, folder)
    previous = given.get("previous")
    case = ReportCase(
        report,
        _report(previous, folder) if previous else None,
        tuple(_others(given, folder)),
        tuple(given["lacking"]) if "lacking" in given else None,
        _counted(given["counted"], report.year or 0) if "counted" in given else None,
    )
    return case, rule.version(on, report.year), on, quoter


def _others(given: Mapping[str, Any], folder: Path) -> Iterator[Other]:
    if "earlier" in given:
        yield Other("earlier", "以前的存档", _report(given["earlier"], folder))
    roles: tuple[tuple[Tie, str], ...] = (("copy", "copies"), ("sibling", "siblings"), ("unit", "below"))
    for role, name in roles:
        for number, item in enumerate(given.get(name, ()), 1):
            yield Other(role, item.get("unit", f"第{number}份"), _report(item, folder))


def _counted(given: Mapping[str, Any], year: int) -> Counted:
    def column(item: Mapping[str, Any]) -> ColumnCount:
        name = item["name"]
        page = readers.read(f"# {name}\n\n示例。\n".encode(), uri="file:///column.md", record="example-column")
        start = page.blocks[0].text.index(name)
        seen = Elsewhere(name, Quote(Spot(0, start, start + len(name)), name), page)
        years, undated, complete = {str(year): item["seen"]}, item.get("undated", 0), item.get("complete", True)
        return ColumnCount(name, "http://example.invalid/", years, undated, complete, seen)

    columns = tuple(column(item) for item in given.get("columns", ()))
    gaps = tuple(given.get("gaps", ()))
    return Counted(columns, {year: given["seen"]}, given.get("undated", 0), gaps, given.get("portal", False))


def _report(given: Mapping[str, Any], folder: Path) -> AnnualReport:
    made_up = "base" not in given and "text" not in given
    document = _document(given, folder)
    options = Options(
        year=given.get("report_year"),
        unit=given.get("unit"),
        publisher=given.get("publisher"),
        published=_day(given),
        level=given.get("level"),
        page=given.get("page", made_up),
    )
    return AnnualReport(document, options)


def _document(given: Mapping[str, Any], folder: Path) -> Document:
    uri = "file:///" + _NAMES[given.get("carrier", "markdown")]
    return readers.read(_text(given, folder).encode(), uri=uri, record="example")


def _day(given: Mapping[str, Any]) -> date | None:
    published = given.get("published")
    return date.fromisoformat(published) if published else None


def _text(given: Mapping[str, Any], folder: Path) -> str:
    if "text" in given:
        text: str = given["text"]
    elif "base" in given:
        path = folder / "examples" / f"{given['base']}.md"
        if not path.is_file():
            raise FaultyExample(f"没有文件 examples/{given['base']}.md")
        text = path.read_text(encoding="utf-8")
    else:
        year = given.get("report_year", "")
        text = f"# 示例县示例局{year}年政府信息公开工作年度报告\n\n本报告由示例县示例局编制。\n"
    for change in given.get("replace", ()):
        times = text.count(change["find"])
        if times != 1:
            raise FaultyExample(f"要替换的“{change['find'][:40]}”在文本中出现 {times} 次，应当恰好一次")
        text = text.replace(change["find"], change["with"])
    return text


def _with_region(case: SiteCase, given: Mapping[str, Any]) -> SiteCase:
    """The case with the region of its annual reports, where the example describes one."""
    names = given.get("region", [])
    region = tuple(
        (f"http://example.invalid/{index}/", Quote(Spot(0, 0, len(name)), name, f"example-{index}"))
        for index, name in enumerate(names)
    )
    complete = given.get("region_complete", bool(region))
    gaps = () if complete else ("示例：栏目没有读全",)
    return replace(case, region=region, region_complete=complete, gaps=gaps)


def _compare(rule: Rule, example: Mapping[str, Any], results: list[Result]) -> str:
    expected, key = example["expect"], example.get("message")
    found = [result for result in results if result.outcome in _FOUND]
    faults = [fault for result in results if (fault := _unsound(rule, result))]
    if faults:
        return faults[0]
    fitting = [r for r in results if r.outcome == expected and key in (None, r.key)]
    if expected not in _FOUND and found:
        return f"应为 {expected}，却得出 {_told(rule, found)}"
    if not fitting:
        return f"应为 {expected}{f'（{key}）' if key else ''}，却得出 {_told(rule, results)}"
    wanted = example.get("contains")
    if wanted and not any(wanted in _words(rule, result) for result in fitting):
        return f"文字中没有“{wanted}”，得出 {_told(rule, fitting)}"
    count = example.get("count")
    if count is not None and len(fitting) != count:
        return f"应有 {count} 条，得出 {len(fitting)} 条：{_told(rule, fitting)}"
    return ""


def _unsound(rule: Rule, result: Result) -> str:
    """A finding must have its words in the rule file and a quote to stand on, an open outcome its reason."""
    if result.outcome == "not_checked":
        try:
            reason = reason_text(rule, result.key, result.values)
        except (KeyError, ValueError, IndexError) as error:
            return f"原因 {result.key} 填不出来（{error}）"
        return "" if reason else f"没有“{result.key}”的原因文字"
    if result.outcome not in _FOUND:
        return ""
    message = rule.messages.get(result.outcome, {}).get(result.key)
    if message is None:
        return f"规则文件的 messages.{result.outcome} 中没有“{result.key}”"
    try:
        message.text.format_map(result.values)
    except (KeyError, ValueError, IndexError) as error:
        return f"文字 messages.{result.outcome}.{result.key} 填不出来（{error}）"
    if result.at is None or not result.at.text:
        return f"得出 {result.outcome}（{result.key}），但没有引文"
    return ""


def _words(rule: Rule, result: Result) -> str:
    message = rule.messages.get(result.outcome, {}).get(result.key)
    text = message.text.format_map(result.values) if message else ""
    return f"{text}\n{result.at.text if result.at else ''}"


def _told(rule: Rule, results: list[Result]) -> str:
    parts = []
    for result in results[:3]:
        words = _words(rule, result).strip().splitlines()
        key = f"（{result.key}）" if result.key else ""
        parts.append(f"{result.outcome}{key}{'：' + words[0] if words else ''}")
    return "；".join(parts) + ("……" if len(results) > 3 else "")
