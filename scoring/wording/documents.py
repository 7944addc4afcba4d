"""Judge the wording of one document by itself: any notice, speech or report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from crawler.evidence import Document
from scoring.annual_report import AnnualReport
from scoring.engine import Judged, Locator, finding_of, judge_rule, place_of, running_rules
from scoring.inspection import Finding
from scoring.results import Result
from scoring.rules import Rule, RuleSet, RuleVersion
from scoring.wording.check import TextCheck
from scoring.wording.judging import DocumentTexts, results_on_document
from scoring.wording.lexicons import Lexicons


def judge_wording(
    document: Document,
    rules: RuleSet,
    on: date,
    subject: str,
    lexicons: Lexicons,
    *,
    day: date | None = None,
    report: AnnualReport | None = None,
) -> Judged:
    """Run the rules on running text over a document.

    ``subject`` names it in fingerprints, ``day`` is when it was published; ``report`` is the document as an annual
    report, which gives quotes their sections.
    """
    judged = Judged()
    texts = DocumentTexts(document, lexicons, day)
    locate = Locator(document, report)

    def results_of(version: RuleVersion) -> Iterator[Result]:
        assert isinstance(version.check, TextCheck)
        return results_on_document(version.check, texts, on)

    def build(rule: Rule, version: RuleVersion, result: Result) -> Finding | None:
        assert result.at is not None
        if not result.at.text.strip():
            return None
        at = locate.place("", result.at)
        return finding_of(
            rule, version, result, at, tuple(locate.places(result.related)), place_of(subject, at.where, result.at)
        )

    for rule in running_rules(rules, "text"):
        judge_rule(rule, rule.version(on), results_of, judged, build)
    return judged
