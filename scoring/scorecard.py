"""Scorecards: which rules count, how many points, caps, vetoes, grades. The sentences are in SCORING.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
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


def site_cards(kind: str | None = None) -> tuple[str, ...]:
    """Ids of the scorecards of sites; with ``kind`` (of the site) those that hold for it where nobody chose one."""
    named = sorted(path.stem for path in (RULES / "scorecards").glob("*.yaml"))
    cards = [name for name in named if card(name)["applies_to"] == "site"]
    return tuple(name for name in cards if kind is None or (card(name)["default"] and kind in card(name)["kinds"]))


def priced(name: str) -> frozenset[str]:
    """Codes of the rules that a scorecard names."""
    return frozenset(code_of(place) for indicator in card(name)["indicators"] for place in indicator["rules"])


def _round(points: float) -> float:
    return round(points, 1)


def add_up(
    name: str,
    judged: Judged,
    findings: Iterable[Finding],
    trial: frozenset[str] = frozenset(),
    services: bool | None = None,
) -> ScorecardResult:
    """Add up one scorecard over judged findings.

    ``trial``: codes of rules that run but score nothing. ``services`` is False for a body that serves nobody over the
    counter: what the scorecard says of such bodies holds.
    """
    data = card(name)
    found = [f for f in findings if f.rule not in trial]
    without = data.get("without_services", {}) if services is False else {}
    counted = [i for i in data["indicators"] if not without or i.get("group") != without["group"]]
    items = [_item(indicator, found, judged, trial, data["not_open"]) for indicator in counted]
    grave = [f for f in found if f.severity == "veto"]
    return _total(data, items, {f.id: f for f in found}, grave, reduced=bool(without))


def add_up_again(result: ScorecardResult, findings: Iterable[Finding]) -> ScorecardResult:
    """The same scorecard after decisions about its findings, at the prices that held when it was added up.

    ``findings`` are those of the inspection; others than its own do not bear on it.
    """
    by_id = {f.id: f for f in findings}
    items = [replace(item, lost=0.0, open=0.0) for item in result.items]
    grave = [by_id[name] for name in result.grave if name in by_id]
    again = _total(card(result.id), items, by_id, grave, reduced=result.reduced)
    return replace(again, title=result.title, note=result.note)


def _total(
    data: dict[str, Any],
    drafts: Iterable[ScoreItem],
    findings: Mapping[str, Finding],
    grave: Sequence[Finding],
    *,
    reduced: bool,
) -> ScorecardResult:
    items = [_weighed(item, findings) for item in drafts]
    without = data["without_services"] if reduced else {}
    times, parts = without.get("factor", (1, 1))
    factor = times / parts
    vetoes = _vetoes(grave, "fail")
    doubts = tuple(code for code in _vetoes(grave, "needs_review") if code not in vetoes)
    top = float(data["max"])
    full = sum(item.points for item in items) if reduced else top
    score = 0.0 if vetoes else max(0.0, full - sum(i.lost for i in items)) * factor
    low = 0.0 if vetoes or doubts else max(0.0, score - sum(i.open for i in items) * factor)
    return ScorecardResult(
        id=data["id"],
        title=data["title"],
        score=_round(score),
        range=(_round(low), _round(score)),
        max=top,
        grade=_grade(data, score),
        verdict=_verdict(data, score, low, vetoes, doubts) + without.get("note", ""),
        items=tuple(items),
        note=data["note"],
        vetoes=vetoes,
        grave=tuple(f.id for f in grave),
        reduced=reduced,
    )


def _weighed(item: ScoreItem, findings: Mapping[str, Finding]) -> ScoreItem:
    """An indicator with what its findings cost, each as it counts now."""
    paid = {"fail": 0.0, "needs_review": item.undecided, "none": 0.0}
    for name, cost in zip(item.findings, item.costs, strict=False):
        if name in findings:
            paid[findings[name].counted_as] += cost
    lost = min(item.points, paid["fail"])
    return replace(item, lost=_round(lost), open=_round(min(item.points - lost, paid["needs_review"])))


def _item(
    indicator: dict[str, Any], found: list[Finding], judged: Judged, trial: frozenset[str], not_open: list[str]
) -> ScoreItem:
    costs: dict[str, Any] = indicator["rules"]
    cap = float(indicator["points"])
    priced = [(f, cost) for f in found if (cost := _cost(costs, f)) is not None]
    priced.sort(key=lambda pair: pair[0].outcome != "fail")
    undecided = 0.0
    for code in dict.fromkeys(map(code_of, costs)):
        if code not in trial and _undecided(judged, code, not_open):
            undecided += max(_each(cost) for place, cost in costs.items() if code_of(place) == code)
    return ScoreItem(
        indicator["title"],
        cap,
        0.0,
        0.0,
        tuple(f.id for f, _ in priced),
        indicator.get("group", ""),
        indicator.get("weights", ""),
        tuple(cost for _, cost in priced),
        undecided,
    )


def _cost(costs: dict[str, Any], finding: Finding) -> float | None:
    """What a finding costs: under what it is about, else its message, else its rule; for each page where it says so."""
    about = finding.values.get("what") or finding.values.get("name")
    names = (f"{finding.rule}:{about}", f"{finding.rule}/{finding.message_key}", finding.rule)
    cost = next((costs[name] for name in names if name in costs), None)
    if isinstance(cost, dict):
        return float(cost["each"]) * max(1, len(finding.pages))
    return None if cost is None else float(cost)


def code_of(place: str) -> str:
    """The rule of a price: ``WS-201``, ``WS-201/window`` (its message), ``WS-201:政策文件`` (what it is about)."""
    return place[: len("WS-201")]


def _each(cost: Any) -> float:
    return float(cost["each"] if isinstance(cost, dict) else cost)


def _vetoes(found: Iterable[Finding], outcome: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f.rule for f in found if f.counted_as == outcome))


def _grade(data: dict[str, Any], score: float) -> str:
    return str(next(g["title"] for g in data["grades"] if score >= g["from"]))


def _verdict(data: dict[str, Any], score: float, low: float, vetoes: tuple[str, ...], doubts: tuple[str, ...]) -> str:
    if vetoes:
        return f"触及单项否决（{'、'.join(vetoes)}）。"
    grade, worst = _grade(data, score), _grade(data, low)
    if grade == worst:
        verdict = f"评为“{grade}”。"
    else:
        verdict = f"目前为“{grade}”；待核对和未能核对的事项都按问题计时为“{worst}”。"
    if doubts:
        verdict += f"有待人工确认的单项否决事项（{'、'.join(doubts)}），确认后即触及否决。"
    bonus = data.get("bonus", {})
    return verdict + (bonus["note"] if bonus and score > bonus["above"] else "")


def _undecided(judged: Judged, code: str, not_open: list[str]) -> bool:
    """Whether a rule could not be decided although there was something to decide."""
    outcomes = judged.outcomes.get(code, {})
    if outcomes.get("error"):
        return True
    reasons = judged.reasons.get(code, set()) - set(not_open)
    return bool(reasons) and not outcomes.get("fail")
