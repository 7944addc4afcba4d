"""Run the rules on a site: checks on the whole of it one by one, checks on its pages in one pass for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date

from crawler.evidence import Document
from scoring.engine import Judged, Locator, finding_of, judge_rule, running_rules
from scoring.inspection import Finding, Place
from scoring.results import PageCheck, Result, SiteCase, SiteCheck, SiteResult, Watcher
from scoring.rules import Rule, RuleSet, RuleVersion
from scoring.site.points import Quoter, Unquotable
from scoring.text import key

_SAMPLES = 5  # further quoted places of one finding; all its addresses stand in the list


def judge_site(case: SiteCase, documents: Callable[[str], Document], rules: RuleSet, on: date, subject: str) -> Judged:
    """Judge what a site shows. ``documents`` gives the document of a quoted record, ``subject`` names the site."""
    judged = Judged()
    quoter = Quoter(case.view, documents)
    running = [(rule, rule.version(on)) for rule in running_rules(rules, "site")]
    _expect(case, running)
    seen = _watched(case, running, on)

    def results_of(version: RuleVersion) -> Iterable[Result]:
        return seen[id(version)].results() if id(version) in seen else version.check.run(case, on)

    def build(rule: Rule, version: RuleVersion, result: Result) -> Finding:
        if isinstance(result, SiteResult):
            return _finding(rule, version, result, quoter, subject)
        at, *others = _quoted(result, documents)
        return finding_of(rule, version, result, at, tuple(others), f"{key(subject)}||{key(at.quote)}")

    for rule, version in running:
        judge_rule(rule, version, results_of, judged, build)
    return judged


def _expect(case: SiteCase, running: list[tuple[Rule, RuleVersion | None]]) -> None:
    """Say which pages checks will look at after the pass; one that cannot say so will say why when it runs."""
    for _, version in running:
        if version is not None and isinstance(version.check, SiteCheck):
            with suppress(Exception):
                case.view.expect(version.check.expects(case))


class _Failing:
    """Stands for a watcher that crashed on a page: its rule says so at the end, no other one suffers."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def see(self, page: object) -> None:
        pass

    def results(self) -> Iterable[SiteResult]:
        raise self._error


def _watched(case: SiteCase, running: list[tuple[Rule, RuleVersion | None]], on: date) -> dict[int, Watcher | _Failing]:
    """The watchers of all checks on pages, by version, after one pass over the pages."""
    watchers: dict[int, Watcher | _Failing] = {}
    for _, version in running:
        if version is not None and isinstance(version.check, PageCheck):
            try:
                watchers[id(version)] = version.check.watch(case, on)
            except Exception as error:
                watchers[id(version)] = _Failing(error)
    for page in case.view.visit() if watchers else ():
        for name, watcher in watchers.items():
            try:
                watcher.see(page)
            except Exception as error:
                watchers[name] = _Failing(error)
    return watchers


def _finding(rule: Rule, version: RuleVersion, result: SiteResult, quoter: Quoter, subject: str) -> Finding:
    assert result.point is not None, f"{rule.code}: {result.key} without a place"
    places = quoter.places((result.point, *result.points[:_SAMPLES]))
    if not places:
        raise Unquotable(result.point.page)
    at, *related = places
    place = key(result.place) or f"{at.where.layer}|{key(at.quote)}"
    finding = finding_of(rule, version, result, at, tuple(related), f"{key(subject)}|{place}")
    return replace(finding, pages=result.pages)


def _quoted(result: Result, documents: Callable[[str], Document]) -> list[Place]:
    """The places of a result that brings its quotes along, each with its record."""
    assert result.at is not None
    quotes = (("", result.at), *result.related)
    return [Locator(documents(quote.record), None).place(label, quote) for label, quote in quotes]
