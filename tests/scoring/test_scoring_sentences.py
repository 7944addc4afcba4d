"""One test per numbered sentence of ``scoring/SCORING.md``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from scoring import scorecard
from scoring.engine import Judged
from scoring.inspection import OUTCOMES, Cite, Finding, Where

CARD: dict[str, Any] = {
    "id": "trial",
    "title": "试验",
    "max": 100,
    "note": "分值为本项目自定。",
    "not_open": ["no_previous"],
    "indicators": [
        {"id": "a", "title": "甲", "points": 30, "rules": {"AR-401": 20, "AR-402": 8, "AR-501": 6}},
        {"id": "b", "title": "乙", "points": 70, "rules": {"AR-201": 40, "AR-101": 50}},
    ],
    "grades": [{"from": 90, "title": "好"}, {"from": 60, "title": "中"}, {"from": 0, "title": "差"}],
}


@pytest.fixture(autouse=True)
def card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorecard, "card", lambda name: CARD)


def finding(rule: str, outcome: str = "fail", severity: str = "major", number: int = 1) -> Finding:
    return Finding(
        id=f"{rule}-{number}",
        fingerprint=f"{rule}{number}",
        rule=rule,
        rule_id="x",
        title="题",
        severity=severity,  # type: ignore[arg-type]
        outcome=outcome,  # type: ignore[arg-type]
        cites=(Cite("r", "名", "号", "条"),),
        message="话",
        remedy="办法",
        limits="限",
        where=Where("rec", "sha256:" + "0" * 64, 0, file="x"),
        quote="引",
    )


def judged(reasons: dict[str, set[str]] | None = None, **outcomes: dict[str, int]) -> Judged:
    result = Judged()
    result.reasons = reasons or {}
    for code, counts in outcomes.items():
        result.outcomes[code.replace("_", "-")] = {**dict.fromkeys(OUTCOMES, 0), **counts}
    return result


def add(*findings: Finding, state: Judged | None = None, trial: frozenset[str] = frozenset()) -> Any:
    return scorecard.add_up("trial", state or judged(), findings, trial)


def test_1_starts_full_and_only_loses() -> None:
    assert add().score == 100
    assert add(finding("AR-402")).score < 100


def test_2_only_fail_costs() -> None:
    assert add(finding("AR-402", "needs_review")).score == 100


def test_3_every_failing_finding_costs_its_rule() -> None:
    assert add(finding("AR-402"), finding("AR-402", number=2)).score == 84


def test_4_an_indicator_is_capped() -> None:
    result = add(finding("AR-401"), finding("AR-401", number=2))
    assert result.items[0].lost == 30 and result.score == 70


def test_5_a_rule_not_named_costs_nothing() -> None:
    assert add(finding("AR-613")).score == 100


def test_6_a_trial_rule_costs_nothing() -> None:
    assert add(finding("AR-401"), trial=frozenset({"AR-401"})).score == 100


def test_7_a_veto_makes_zero() -> None:
    result = add(finding("AR-402", severity="veto"))
    assert result.score == 0 and result.vetoes == ("AR-402",) and "否决" in result.verdict


def test_8_the_low_end_counts_reviews_as_faults() -> None:
    assert add(finding("AR-402", "needs_review")).range == (92, 100)


def test_9_the_undecided_lower_the_low_end_once() -> None:
    assert add(state=judged({"AR-401": {"no_table"}}, AR_401={"not_checked": 7})).range == (80, 100)
    assert add(state=judged(AR_402={"error": 1})).range == (92, 100)


def test_10_nothing_to_check_against_lowers_nothing() -> None:
    assert add(state=judged({"AR-501": {"no_previous"}}, AR_501={"not_checked": 1})).range == (100, 100)


def test_11_lost_points_are_not_at_risk_again() -> None:
    result = add(finding("AR-401"), finding("AR-401", number=2), finding("AR-402", "needs_review"))
    assert result.items[0].open == 0 and result.range == (70, 70)


def test_12_the_grade_and_the_grade_of_the_low_end() -> None:
    result = add(finding("AR-402"), finding("AR-201", "needs_review"))
    assert result.grade == "好" and "好" in result.verdict and "差" in result.verdict


def test_13_own_weights_are_called_so() -> None:
    assert "自定" in add().note
    text = (Path(scorecard.__file__).parent.parent / "rules/scorecards/annual-report.yaml").read_text(encoding="utf-8")
    assert "weights: ours" in text and "分值为本项目自定" in text


def test_14_every_point_is_traced() -> None:
    result = add(finding("AR-401"), finding("AR-402", "needs_review"))
    assert result.items[0].findings == ("AR-401-1", "AR-402-1")


def test_every_sentence_has_its_test() -> None:
    text = (Path(scorecard.__file__).parent / "SCORING.md").read_text(encoding="utf-8")
    numbers = {int(n) for n in re.findall(r"^(\d+)\. ", text, re.MULTILINE)}
    tested = {int(m[1]) for name in globals() if (m := re.match(r"test_(\d+)_", name))}
    assert numbers == tested
