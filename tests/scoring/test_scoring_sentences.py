"""One test per numbered sentence of ``scoring/SCORING.md``."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scoring import scorecard
from scoring.data import RULES
from scoring.engine import Judged
from scoring.inspection import OUTCOMES, Cite, Decided, Finding, Where
from scoring.rules import shipped
from scoring.yaml_source import load_yaml

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


def use(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """The trial scorecard with some of its keys changed."""
    monkeypatch.setattr(scorecard, "card", lambda name: {**CARD, **changes})


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


def add(
    *findings: Finding, state: Judged | None = None, trial: frozenset[str] = frozenset(), services: bool | None = None
) -> Any:
    return scorecard.add_up("trial", state or judged(), findings, trial, services)


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


def test_15_an_unconfirmed_veto_may_still_make_zero() -> None:
    result = add(finding("WS-112", "needs_review", severity="veto"))
    assert result.score == 100 and result.range == (0, 100)
    assert "WS-112" in result.verdict and result.vetoes == ()


def test_16_a_message_may_have_its_own_price(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, indicators=[{"id": "a", "title": "甲", "points": 30, "rules": {"WS-201": 2, "WS-201/policy": 5}}])
    assert add(replace(finding("WS-201"), message_key="policy")).score == 95
    assert add(replace(finding("WS-201"), message_key="news")).score == 98
    assert add(state=judged(WS_201={"error": 1})).range == (95, 100)
    use(monkeypatch, indicators=[{"id": "a", "title": "甲", "points": 30, "rules": {"WS-201:政策文件": 5}}])
    assert add(replace(finding("WS-201"), values={"what": "政策文件"})).score == 95
    assert add(replace(finding("WS-201"), values={"what": "动态要闻"})).score == 100


def test_17_a_price_for_each_page(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = {"WS-401": {"each": 0.1}}
    use(monkeypatch, indicators=[{"id": "a", "title": "甲", "points": 5, "rules": rules}])
    three = replace(finding("WS-401"), pages=("http://a/1", "http://a/2", "http://a/3"))
    assert add(three).score == 99.7 and add(finding("WS-401")).score == 99.9
    assert add(replace(three, pages=tuple(f"http://a/{n}" for n in range(900)))).score == 95


def test_18_without_services_the_rest_counts_four_thirds(monkeypatch: pytest.MonkeyPatch) -> None:
    indicators = [
        {"id": "s", "title": "办事指南", "group": "办事服务", "points": 25, "rules": {"WS-208": 10}},
        {"id": "r", "title": "其余", "points": 75, "rules": {"WS-201": 15}},
    ]
    use(
        monkeypatch,
        indicators=indicators,
        without_services={"group": "办事服务", "factor": [4, 3], "note": "按四分之三折算。"},
    )
    faults = (finding("WS-201"), finding("WS-208"))
    assert add(*faults).score == 75
    result = add(*faults, services=False)
    assert result.score == 80 and [item.indicator for item in result.items] == ["其余"] and "折算" in result.verdict
    assert add(services=False).score == 100


def test_19_bonus_points_are_told_and_not_added(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, bonus={"above": 80, "note": "可进入加分项评定。"})
    assert add(finding("AR-401")).score == 80 and "加分" not in add(finding("AR-401")).verdict
    assert add().score == 100 and "加分" in add().verdict


def decided(one: Finding, kind: str, *, active: bool = True, **more: Any) -> Finding:
    said = Decided("d1", kind, "张三", "2026-03-11T09:00:00+08:00", active=active, **more)  # type: ignore[arg-type]
    return replace(one, decision=said)


def test_20_what_a_person_set_aside_costs_nothing() -> None:
    assert add(decided(finding("AR-402"), "dismissed", reason="引用原文")).score == 100
    assert add(decided(finding("AR-402", severity="veto"), "dismissed", reason="引用原文")).vetoes == ()
    assert add(decided(finding("AR-402", "needs_review"), "dismissed", reason="引用原文")).range == (100, 100)
    assert add(decided(finding("AR-402"), "waived", until="2026-06-30")).score == 100
    assert add(decided(finding("AR-402"), "waived", until="2026-01-31", active=False)).score == 92


def test_21_what_a_person_confirmed_costs_like_a_fault() -> None:
    assert add(decided(finding("AR-402", "needs_review"), "confirmed")).range == (92, 92)
    unproven = replace(finding("AR-402", "needs_review"), verified=False)
    assert add(decided(unproven, "confirmed")).range == (92, 100)
    assert add(decided(finding("AR-402", "needs_review", "veto"), "confirmed")).vetoes == ("AR-402",)


def test_22_what_is_said_to_be_mended_costs_as_before() -> None:
    assert add(decided(finding("AR-402"), "mended", link="http://example.gov.cn/a.html")).score == 92


def test_23_a_card_that_is_added_up_again_keeps_its_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = [finding("AR-402"), finding("AR-402", number=2), finding("AR-201", "needs_review")]
    state = judged({"AR-501": {"unread"}}, AR_501={"not_checked": 1})
    first = add(*findings, state=state)
    assert first.range == (38, 84)
    use(monkeypatch, indicators=[])
    assert scorecard.add_up_again(first, findings) == first
    again: Any = scorecard.add_up_again(first, [decided(findings[0], "dismissed", reason="误报"), *findings[1:]])
    assert again.range == (46, 92)
    assert [item.lost for item in again.items] == [8, 0]


@pytest.mark.parametrize("path", sorted((RULES / "scorecards").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_scorecard_names_rules_that_exist_and_says_whose_its_weights_are(path: Path) -> None:
    data = load_yaml(path).value
    assert data["id"] == path.stem and data["source"] and data["note"] and data["weights"] in ("ours", "mixed")
    rules = shipped().by_code
    for indicator in data["indicators"]:
        assert data["weights"] == "ours" or indicator["weights"] in ("published", "ours"), indicator["title"]
        for place in indicator["rules"]:
            code, _, message = place.partition(":")[0].partition("/")
            assert code in rules, place
            messages = {key for keys in rules[code].messages.values() for key in keys}
            assert not message or message in messages, place
    points = sum(indicator["points"] for indicator in data["indicators"])
    assert points == data["max"]


def test_every_sentence_has_its_test() -> None:
    text = (Path(scorecard.__file__).parent / "SCORING.md").read_text(encoding="utf-8")
    numbers = {int(n) for n in re.findall(r"^(\d+)\. ", text, re.MULTILINE)}
    tested = {int(m[1]) for name in globals() if (m := re.match(r"test_(\d+)_", name))}
    assert numbers == tested
