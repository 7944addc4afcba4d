"""Run the rules on a site: checks on the whole of it one by one, checks on its pages in one pass for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date

from crawler.evidence import Document
from scoring.engine import Judged, Locator, finding_of, judge_rule, running_rules
from scoring.fingerprints import settled, skeleton, words_of
from scoring.inspection import Finding, Place
from scoring.results import PageCheck, Result, SiteCase, SiteCheck, SiteResult, Watcher
from scoring.rules import Rule, RuleSet, RuleVersion
from scoring.site.points import Quoter, Unquotable
from scoring.text import key
from scoring.wording.check import TextCheck
from scoring.wording.judging import SiteTexts, TextWatcher
from scoring.wording.lexicons import Lexicons

_SAMPLES = 5  # further quoted places of one finding; all its addresses stand in the list


def judge_site(
    case: SiteCase,
    documents: Callable[[str], Document],
    rules: RuleSet,
    on: date,
    subject: str,
    lexicons: Lexicons | None = None,
) -> Judged:
    """Judge what a site shows. ``documents`` gives the document of a quoted record, ``subject`` names the site.

    ``lexicons`` are the word lists in use, those that are shipped where none are given.
    """
    judged = Judged()
    quoter = Quoter(case.view, documents)
    running = [(rule, rule.version(on)) for subject_of in ("site", "text") for rule in running_rules(rules, subject_of)]
    _expect(case, running)
    seen = _watched(case, running, on, SiteTexts(case.view, lexicons))

    def results_of(version: RuleVersion) -> Iterable[Result]:
        return seen[id(version)].results() if id(version) in seen else version.check.run(case, on)

    def build(rule: Rule, version: RuleVersion, result: Result) -> Finding | None:
        if isinstance(result, SiteResult):
            return _finding(rule, version, result, quoter, subject)
        at, *others = _quoted(result, documents)
        return finding_of(rule, version, result, at, tuple(others), f"{key(subject)}||{words_of(at.quote, at.where)}")

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


def _watched(
    case: SiteCase, running: list[tuple[Rule, RuleVersion | None]], on: date, texts: SiteTexts
) -> dict[int, Watcher | _Failing]:
    """The watchers of all checks on pages and on running text, by version, after one pass over the pages."""
    watchers: dict[int, Watcher | _Failing] = {}
    for _, version in running:
        if version is None:
            continue
        try:
            if isinstance(version.check, PageCheck):
                watchers[id(version)] = version.check.watch(case, on)
            elif isinstance(version.check, TextCheck):
                watchers[id(version)] = TextWatcher(version.check, texts, on)
        except Exception as error:
            watchers[id(version)] = _Failing(error)
    looking = [(name, watcher.see) for name, watcher in watchers.items()]
    for page in case.view.visit() if watchers else ():
        failed = False
        for name, see in looking:
            try:
                see(page)
            except Exception as error:
                watchers[name], failed = _Failing(error), True
        if failed:
            looking = [(name, watcher.see) for name, watcher in watchers.items()]
    _files(watchers, texts)
    return watchers


def _files(watchers: dict[int, Watcher | _Failing], texts: SiteTexts) -> None:
    """Show the attachments of a site to the watchers of running text, one after the other."""
    reading = {name: watcher for name, watcher in watchers.items() if isinstance(watcher, TextWatcher)}
    for page in texts.files() if reading else ():
        document = texts.document(page.url, texts.day_of(page))
        for name, watcher in list(reading.items()):
            try:
                watcher.see_document(page.url, page.title, document)
            except Exception as error:
                watchers[name] = _Failing(error)
                del reading[name]


def _finding(rule: Rule, version: RuleVersion, result: SiteResult, quoter: Quoter, subject: str) -> Finding | None:
    assert result.point is not None, f"{rule.code}: {result.key} without a place"
    places = quoter.places((result.point, *result.points[:_SAMPLES]))
    if not places and result.point.least:
        return None
    if not places:
        raise Unquotable(result.point.page)
    at, *related = places
    # The place of running text is words of the page, that of any other check the name of a thing.
    named = skeleton(result.place) if isinstance(version.check, TextCheck) else settled(result.place)
    place = named or f"{at.where.layer}|{words_of(at.quote, at.where)}"
    finding = finding_of(rule, version, result, at, tuple(related), f"{key(subject)}|{place}")
    return replace(finding, pages=result.pages)


def _quoted(result: Result, documents: Callable[[str], Document]) -> list[Place]:
    """The places of a result that brings its quotes along, each with its record."""
    assert result.at is not None
    quotes = (("", result.at), *result.related)
    return [Locator(documents(quote.record), None).place(label, quote) for label, quote in quotes]
