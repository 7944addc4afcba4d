"""Faults planted one by one into reports that are in order: each is found, and nothing that is not listed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import document, grave, judge, line

from scoring.annual_report import AnnualReport, Options
from scoring.inspection import Finding

HERE = Path(__file__).resolve().parent
CASES: list[tuple[str, dict[str, Any]]] = [
    (path.stem, case)
    for path in sorted((HERE / "faults").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def build(base: str, changes: list[dict[str, str]], options: dict[str, Any]) -> AnnualReport:
    text = (HERE / "base" / base).read_text(encoding="utf-8")
    for change in changes:
        assert text.count(change["find"]) == 1, f"{base}: {change['find']!r} must occur once"
        text = text.replace(change["find"], change["with"])
    published = options.pop("published", None)
    if isinstance(published, str):
        published = date.fromisoformat(published)
    return AnnualReport(document(text.encode(), base), Options(published=published, **options))


def fits(finding: Finding, wanted: dict[str, Any]) -> bool:
    text = " ".join((finding.message, finding.quote, finding.where.row_label, finding.where.column_label))
    return (
        finding.rule == wanted["rule"]
        and finding.outcome == wanted["outcome"]
        and wanted.get("severity", finding.severity) == finding.severity
        and wanted.get("contains", "") in f"{text} {finding.arithmetic}"
    )


def test_every_rule_on_reports_has_at_least_three_planted_faults() -> None:
    planted: dict[str, int] = {}
    for code, case in CASES:
        planted[code] = planted.get(code, 0) + any(e["rule"] == code for e in case["expect"])
    for mixed in ("more", "more-slips"):  # cases of many rules
        planted.pop(mixed)
    assert {code: n for code, n in planted.items() if n < 3} == {}


@pytest.mark.parametrize(("code", "case"), CASES, ids=[f"{code}-{case['name']}" for code, case in CASES])
def test_planted_fault(code: str, case: dict[str, Any]) -> None:
    options = dict(case.get("options") or {})
    previous = options.pop("previous", None)
    now = build(case["base"], case.get("replace") or [], options)
    before = build(previous, [], {}) if previous else None
    judged = judge(now, before)
    found = grave(judged) + [f for f in judged.findings if f.severity == "advice" and f.rule == code]
    wanted = [e for e in case["expect"] if e.get("severity") != "advice" or e["rule"] == code]
    for entry in wanted:
        hits = [f for f in found if fits(f, entry)]
        assert len(hits) == entry["count"] if entry.get("count") else hits, (
            f"expected {entry}, found {[line(f) for f in found]}"
        )
    allowed = set(case.get("may") or [])
    extra = [f for f in found if f.rule not in allowed and not any(fits(f, e) for e in wanted)]
    assert [line(f) for f in extra] == []
    assert [u.reason for u in judged.unchecked if u.outcome == "error"] == []
