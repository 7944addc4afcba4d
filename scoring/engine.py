"""Run rules over a case and turn what the checks say into findings with evidence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any, Literal
from urllib.parse import unquote

from crawler.evidence import Document
from scoring.annual_report import AnnualReport, Quote
from scoring.checks.report.arithmetic import TableSum
from scoring.data import table
from scoring.excerpt import excerpt, words_of
from scoring.fingerprints import print_of, skeleton, told_apart
from scoring.inspection import OUTCOMES, SEVERITIES, Excerpt, Finding, Place, Unchecked, Where
from scoring.recognition import Recognition, confidence_at
from scoring.report_tables import BoundCell
from scoring.results import Elsewhere, ReportCase, Result
from scoring.rules import Rule, RuleSet, RuleVersion
from scoring.text import key
from scoring.unread import weigh_unread
from scoring.veil import veiled, veiled_all

RUNNING = ("stable", "trial")


def reason_text(rule: Rule, name: str, values: dict[str, Any]) -> str:
    """Why a rule could not be decided: its own words for the key, else those of all rules."""
    own = rule.messages.get("not_checked", {}).get(name)
    text: str = own.text if own else table("reasons")["reasons"].get(name, "")
    return text.format_map(values)


@dataclass(slots=True)
class Judged:
    """What came of one case: findings, what could not be decided, and the count of outcomes per rule."""

    findings: list[Finding] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)
    outcomes: dict[str, dict[str, int]] = field(default_factory=dict)
    reasons: dict[str, set[str]] = field(default_factory=dict)  # rule code -> keys of not_checked

    def count(self, code: str, outcome: str, times: int = 1) -> None:
        self.outcomes.setdefault(code, dict.fromkeys(OUTCOMES, 0))[outcome] += times

    def only(self, codes: Collection[str]) -> Judged:
        """What these rules said."""
        return Judged(
            [one for one in self.findings if one.rule in codes],
            [one for one in self.unchecked if one.rule in codes],
            {code: dict(counts) for code, counts in self.outcomes.items() if code in codes},
            {code: set(names) for code, names in self.reasons.items() if code in codes},
        )

    def leave(self, rule: Rule, name: str, values: dict[str, Any]) -> None:
        """Note why a rule could not be decided."""
        self.reasons.setdefault(rule.code, set()).add(name)
        reason = veiled(reason_text(rule, name, values))
        self.unchecked.append(Unchecked(rule.code, rule.id, rule.title, "not_checked", reason))


def file_name(uri: str) -> str:
    """Name of a checked file as people know it (``file:///name`` in the evidence)."""
    return unquote(uri.removeprefix("file:///"))


class Locator:
    """Turns quotes of one document into places a person can find."""

    def __init__(self, document: Document, report: AnnualReport | None) -> None:
        self.document = document
        self.report = report
        self._cells: dict[tuple[int, int | None, int | None], BoundCell] = {}
        if report is not None:
            for bound in report.tables.all():
                for cell in bound.cells.values():
                    self._cells[(cell.spot.block, cell.spot.row, cell.spot.column)] = cell

    def where(self, quote: Quote) -> Where:
        spot, document = quote.spot, self.document
        remote = document.uri.startswith(("http://", "https://"))
        section = row = column = name = ""
        if self.report is not None:
            number = self.report.section_of(spot.block)
            section = self.report.section_title(number) if number else ""
            cell = self._cells.get((spot.block, spot.row, spot.column))
            if cell is not None:
                row, column = cell.row_label, cell.column_label
                name = self.report.bound(cell.table).name
        return Where(
            record=document.record,
            digest=document.digest,
            block=spot.block,
            url=document.uri if remote else None,
            file=None if remote else file_name(document.uri),
            selector=spot.selector,
            start=spot.start,
            end=spot.end,
            row=spot.row,
            column=spot.column,
            section=section,
            table=name,
            row_label=row,
            column_label=column,
            page=spot.page,
            box=spot.box,
            confidence=confidence_at(document, spot),
        )

    def place(self, label: str, quote: Quote) -> Place:
        return Place(self.where(quote), words_of(self.document, quote), label, excerpt(self.document, quote, ()))

    def places(self, labelled: Iterable[tuple[str, Quote]], shown: int | None = None) -> list[Place]:
        """Quoted places; the cells of one table share one excerpt, given with the first of them.

        ``shown`` is a table that is drawn already, with all these cells marked in it.
        """
        pairs = list(labelled)
        drawn = {shown}
        result = []
        for label, quote in pairs:
            block = quote.spot.block
            if quote.spot.row is None:
                surround = excerpt(self.document, quote, ())
            elif block in drawn:
                surround = Excerpt()
            else:
                drawn.add(block)
                surround = excerpt(self.document, quote, [q for _, q in pairs if q.spot.block == block])
            result.append(Place(self.where(quote), words_of(self.document, quote), label, surround))
        return result


class _Locators:
    """One locator for each document of a case, made when it is first quoted."""

    def __init__(self) -> None:
        self._made: dict[int, Locator] = {}

    def of(self, document: Document, report: AnnualReport | None) -> Locator:
        if id(document) not in self._made:
            self._made[id(document)] = Locator(document, report)
        return self._made[id(document)]

    def places(self, items: Iterable[Elsewhere]) -> list[Place]:
        """Quoted places of other documents; cells of one table share one excerpt."""
        found: list[Place] = []
        for _, group in groupby(items, key=lambda item: id(item.document)):
            first, *rest = group
            pairs = [(item.label, item.quote) for item in (first, *rest)]
            found += self.of(first.document, first.report).places(pairs)
        return found


def judge_report(case: ReportCase, rules: RuleSet, on: date, subject: str) -> Judged:
    """Judge one annual report. ``subject`` names it in fingerprints (site id or unit); ``on`` is the day of judging."""
    locate = _Locators()
    judged = Judged()
    scope = f"{subject}|{case.report.year or ''}"
    running = [(rule, rule.version(on, case.report.year)) for rule in running_rules(rules, "report")]
    sums = [v.check for _, v in running if v is not None and isinstance(v.check, TableSum)]
    recognition = Recognition(case, (e for check in sums for e in check.equations(case.report)))

    def build(rule: Rule, version: RuleVersion, result: Result) -> Finding:
        report = result.on or case.report
        return _finding(rule, version, result, locate.of(report.document, report), locate, scope)

    def weigh(version: RuleVersion, result: Result) -> Result:
        absent = version.check.says_absent
        return weigh_unread(case, recognition.weigh(result, absent), absent)

    silent = not any(block.text.strip() for block in case.report.document.blocks)
    for rule, version in running:
        if silent:  # nothing to quote: nothing can be said, neither for nor against
            judged.count(rule.code, "not_checked")
            judged.leave(rule, "no_text", {})
            continue
        judge_rule(rule, version, lambda v: (weigh(v, r) for r in v.check.run(case, on)), judged, build)
    return judged


def running_rules(rules: RuleSet, subject: str) -> list[Rule]:
    """The rules that run on a report, on a site or on running text."""
    return [own for r in rules.rules if r.status in RUNNING and (own := r.of(subject)) is not None]


def judge_rule(
    rule: Rule,
    version: RuleVersion | None,
    results_of: Callable[[RuleVersion], Iterable[Result]],
    judged: Judged,
    build: Callable[[Rule, RuleVersion, Result], Finding | None],
) -> None:
    """Take in what one rule says.

    ``results_of`` runs the check of a version, ``build`` makes a finding of a result, None where nothing can be quoted.
    """
    if version is None:
        judged.count(rule.code, "not_applicable")
        return
    try:
        results, findings = _taken(rule, version, results_of(version), build)
    except Exception as error:  # a crash of ours is an error outcome, never a finding against a bureau
        judged.count(rule.code, "error")
        reason = veiled(f"{table('reasons')['reasons']['crashed']}（{type(error).__name__}：{error}）")
        judged.unchecked.append(Unchecked(rule.code, rule.id, rule.title, "error", reason))
        return
    for result in results:
        judged.count(rule.code, result.outcome, result.times)
    judged.findings.extend(findings)
    open_results = [r for r in reversed(results) if r.outcome == "not_checked"]
    for name, values in reversed({r.key: r.values for r in open_results}.items()):  # the first result of each key
        judged.leave(rule, name, values)


def _taken(
    rule: Rule,
    version: RuleVersion,
    told: Iterable[Result],
    build: Callable[[Rule, RuleVersion, Result], Finding | None],
) -> tuple[list[Result], list[Finding]]:
    """The results of a rule and its findings; what cannot be quoted could not be told."""
    results: list[Result] = []
    findings: list[Finding] = []
    for result in told:
        if result.outcome in ("fail", "needs_review"):
            finding = build(rule, version, result)
            if finding is None:
                result = Result("not_checked", "unquotable")
            else:
                findings.append(finding)
        results.append(result)
    return results or [Result("not_applicable")], findings


def _finding(rule: Rule, version: RuleVersion, result: Result, here: Locator, locate: _Locators, scope: str) -> Finding:
    assert result.at is not None, f"{rule.code}: {result.key} without a quote"
    where = here.where(result.at)
    block = result.at.spot.block if result.at.spot.row is not None else None
    same = [q for _, q in result.related if q.spot.block == result.at.spot.block]
    related = (*here.places(result.related, block), *locate.places(result.elsewhere))
    at = Place(where, words_of(here.document, result.at), "", excerpt(here.document, result.at, same))
    return finding_of(rule, version, result, at, related, place_of(scope, where, result.at))


def place_of(scope: str, where: Where, quote: Quote) -> str:
    """Subject and place of a quote in words that survive a re-crawl."""
    if where.row_label:
        return f"{key(scope)}|{where.table}|{where.row_label}|{where.column_label}"
    return f"{key(scope)}|{skeleton(where.section)}|{skeleton(veiled(quote.text))}"


def finding_of(
    rule: Rule, version: RuleVersion, result: Result, at: Place, related: tuple[Place, ...], place: str
) -> Finding:
    """The finding of a result quoted ``at``, numbers of persons masked in all that it says.

    ``place`` is subject and place in words that survive a re-crawl, such numbers masked.
    """
    outcome: Literal["fail", "needs_review"] = "fail" if result.outcome == "fail" and rule.verified else "needs_review"
    message = rule.messages["fail" if result.doubt else result.outcome][result.key]
    return veiled_all(
        Finding(
            id="",
            fingerprint=print_of(rule.code, place, result.key),
            rule=rule.code,
            rule_id=rule.id,
            title=rule.title,
            severity=message.severity or rule.severity,
            outcome=outcome,
            cites=version.cites,
            message=message.text.format_map(result.values) + result.doubt,
            remedy=rule.remedy,
            limits=rule.limits,
            where=at.where,
            quote=at.quote,
            excerpt=at.excerpt,
            related=related,
            arithmetic=result.arithmetic,
            values={name: _json(value) for name, value in result.values.items()},
            message_key=result.key,
            verified=rule.verified,
        )
    )


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def numbered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in reading order (severity, certain before open, code, place) with their ids."""
    ordered = sorted(
        findings,
        key=lambda f: (
            SEVERITIES.index(f.severity),
            f.outcome != "fail",
            f.rule,
            f.where.url or "",
            f.where.block,
            f.where.row or 0,
            f.where.column or 0,
            f.where.start,
        ),
    )
    seen: dict[str, int] = {}
    result = []
    for finding, name in zip(ordered, told_apart(ordered), strict=True):
        seen[finding.rule] = seen.get(finding.rule, 0) + 1
        result.append(replace(finding, id=f"{finding.rule}-{seen[finding.rule]}", fingerprint=name))
    return tuple(result)
