"""Scorecards: which rules count, how many points, caps, vetoes, grades. The sentences are in SCORING.md."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from scoring.data import RULES
from scoring.engine import Judged
from scoring.inspection import Finding, ScorecardResult, ScoreItem
from scoring.yaml_source import load_yaml


@lru_cache(maxsize=16)
def card(name: str) -> dict[str, Any]:
    """A scorecard of ``rules/scorecards`` by id."""
    data: dict[str, Any] = load_yaml(RULES / "scorecards" / f"{name}.yaml").value
    return data


def _round(points: float) -> float:
    return round(points, 1)


def add_up(
    name: str, judged: Judged, findings: Iterable[Finding], trial: frozenset[str] = frozenset()
) -> ScorecardResult:
    """Add up one scorecard over judged findings. ``trial``: codes of rules that run but score nothing."""
    data = card(name)
    found = [f for f in findings if f.rule not in trial]
    items = []
    for indicator in data["indicators"]:
        costs: dict[str, float] = indicator["rules"]
        cap = float(indicator["points"])
        faults = [f for f in found if f.rule in costs and f.outcome == "fail"]
        reviews = [f for f in found if f.rule in costs and f.outcome == "needs_review"]
        lost = min(cap, sum(costs[f.rule] for f in faults))
        unsure = sum(costs[f.rule] for f in reviews) + sum(
            cost for code, cost in costs.items() if code not in trial and _undecided(judged, code, data["not_open"])
        )
        items.append(
            ScoreItem(
                indicator["title"],
                cap,
                _round(lost),
                _round(min(cap - lost, unsure)),
                tuple(f.id for f in (*faults, *reviews)),
            )
        )
    vetoes = tuple(dict.fromkeys(f.rule for f in found if f.severity == "veto" and f.outcome == "fail"))
    top = float(data["max"])
    score = 0.0 if vetoes else max(0.0, top - sum(i.lost for i in items))
    low = max(0.0, score - sum(i.open for i in items))
    grade = next(g["title"] for g in data["grades"] if score >= g["from"])
    worst = next(g["title"] for g in data["grades"] if low >= g["from"])
    if vetoes:
        verdict = f"触及单项否决（{'、'.join(vetoes)}）。"
    elif grade == worst:
        verdict = f"评为“{grade}”。"
    else:
        verdict = f"目前为“{grade}”；待核对和未能核对的事项都按问题计时为“{worst}”。"
    return ScorecardResult(
        id=data["id"],
        title=data["title"],
        score=_round(score),
        range=(_round(low), _round(score)),
        max=top,
        grade=grade,
        verdict=verdict,
        items=tuple(items),
        note=data["note"],
        vetoes=vetoes,
    )


def _undecided(judged: Judged, code: str, not_open: list[str]) -> bool:
    """Whether a rule could not be decided although there was something to decide."""
    outcomes = judged.outcomes.get(code, {})
    if outcomes.get("error"):
        return True
    reasons = judged.reasons.get(code, set()) - set(not_open)
    return bool(reasons) and not outcomes.get("fail")
