"""The circular over many sites (通报), as a page and a workbook: ranking, heat map, frequent faults, trend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from reports import labels, view
from reports.files import write_whole
from reports.html import environment
from reports.sheets import Sheet, write_sheets
from scoring.inspection import SEVERITIES
from scoring.ranking import Period, Ranking, Standing, distribution, most_frequent, ranked, worst_columns

_FOLDED = 50  # rows of the ranking shown at once; the others are folded in groups of as many
_RULES_SHOWN, _COLUMNS_SHOWN, _INDICATORS_SHOWN = 20, 30, 24
_LEAST_RISE = 10.0  # points that the height of a trend stands for at least
_HEAT_SHOWN = 300  # rows of a heat map; the workbook has all


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: what it stands for, its value as printed, its length in parts of the longest (0 to 1)."""

    name: str
    value: str
    share: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line over periods: points in a field of 160 by 36, names and values of the points."""

    path: str
    points: tuple[tuple[float, float, str, str], ...]


def render(periods: Sequence[Period], *, title: str, notes: Sequence[str] = ()) -> str:
    """The page. ``periods`` are the newest first, the earlier ones for change and trend."""
    now = periods[0]
    boards = [_board(ranking, periods[1:]) for ranking in ranked(periods)]
    frequent = most_frequent(now.standings)
    return (
        environment()
        .get_template("ranking.html.j2")
        .render(
            title=title,
            running=title,
            period=now.name,
            before=periods[1].name if len(periods) > 1 else "",
            judged=sorted({one.judged_on for one in now.standings}),
            boards=boards,
            total=len(now.standings),
            faults=sum(sum(one.faults.values()) for one in now.standings),
            reviews=sum(one.reviews for one in now.standings),
            vetoed=sum(one.vetoed for one in now.standings),
            rules=_bars([(f"{code} {name}", sites, f"{times} 处") for code, name, sites, times in frequent], "个站点"),
            rules_left=max(0, len(frequent) - _RULES_SHOWN),
            columns=worst_columns(now.standings)[:_COLUMNS_SHOWN],
            unread=now.unread,
            notes=notes,
        )
    )


def write(periods: Sequence[Period], path: Path, *, title: str, notes: Sequence[str] = ()) -> None:
    """Write the page (.html) or the workbook (.xlsx, .csv: the ranking alone). Raises ReportError."""
    if path.suffix.lower() in (".html", ".htm"):
        write_whole(path, render(periods, title=title, notes=notes).encode())
    else:
        write_sheets(path, sheets(periods))


def _board(ranking: Ranking, earlier: Sequence[Period]) -> dict[str, Any]:
    rows = [_row(place) for place in ranking.places]
    standings = [place.standing for place in ranking.places]
    spans = distribution(standings)
    most = max((count for _, _, count in spans), default=0)
    return {
        "card": ranking.card or "没有计分",
        "groups": [rows[at : at + _FOLDED] for at in range(0, len(rows), _FOLDED)],
        "count": len(rows),
        "grades": sorted({row["grade"] for row in rows if row["grade"]}),
        "spans": [
            Bar(f"{view.number(low)}～{view.number(high)}", str(count), count / most if most else 0.0)
            for low, high, count in spans
        ],
        "heat": _heat(standings),
        "trend": _curve([(name, mean) for name, mean, _, sites in ranking.trend if sites]) if earlier else None,
        "figures": ranking.trend if earlier else (),
    }


def _row(place: Any) -> dict[str, Any]:
    one: Standing = place.standing
    return {
        "place": place.place,
        "moved": place.moved,
        "gained": place.gained,
        "name": one.name,
        "href": quote(one.report) if one.report else "",
        "score": one.score,
        "range": one.range if one.range[0] != one.range[1] else None,
        "grade": one.grade,
        "vetoed": one.vetoed,
        "faults": [one.faults.get(severity, 0) for severity in SEVERITIES],
        "reviews": one.reviews,
    }


def _heat(standings: Sequence[Standing]) -> dict[str, Any]:
    """Points lost by site and indicator: those indicators that cost most, each cell in parts of the largest loss."""
    totals: dict[str, float] = {}
    for one in standings:
        for indicator, lost in one.lost.items():
            totals[indicator] = totals.get(indicator, 0.0) + lost
    names = [name for name in sorted(totals, key=lambda name: -totals[name]) if totals[name] > 0][:_INDICATORS_SHOWN]
    most = max((one.lost.get(name, 0.0) for one in standings for name in names), default=0.0)
    rows = [
        (one.name, [(one.lost.get(name, 0.0), round(one.lost.get(name, 0.0) / most, 2)) for name in names])
        for one in standings
        if any(one.lost.get(name) for name in names)
    ]
    return {"names": names, "rows": rows[:_HEAT_SHOWN], "left": max(0, len(rows) - _HEAT_SHOWN)}


def _bars(items: Sequence[tuple[str, int, str]], unit: str) -> list[Bar]:
    most = max((value for _, value, _ in items), default=0)
    return [Bar(name, f"{value} {unit}", value / most, note) for name, value, note in items[:_RULES_SHOWN]]


def _curve(values: Sequence[tuple[str, float]]) -> Curve | None:
    if len(values) < 2:
        return None
    low, high = min(value for _, value in values), max(value for _, value in values)
    room = max(high - low, _LEAST_RISE)  # a tenth of a point must not look like a fall
    points = tuple(
        (
            round(14 + 132 * at / (len(values) - 1), 2),
            round(26 - 18 * (value - low) / room, 2),
            name,
            view.number(value),
        )
        for at, (name, value) in enumerate(values)
    )
    return Curve(" ".join(f"{x},{y}" for x, y, _, _ in points), points)


def sheets(periods: Sequence[Period]) -> list[Sheet]:
    """The workbook: ranking, points lost by indicator, faults, columns, sites that were not read."""
    now = periods[0]
    rankings = ranked(periods)
    heads = (
        "计分表",
        "名次",
        "名次变化",
        "单位",
        "得分",
        "得分变化",
        "等级",
        "否决",
        *labels.SEVERITY.values(),
        "待核对",
    )
    rows = [
        (
            ranking.card,
            str(place.place),
            _signed(place.moved),
            place.standing.name,
            view.number(place.standing.score or 0.0),
            _signed(place.gained),
            place.standing.grade,
            "是" if place.standing.vetoed else "",
            *(str(place.standing.faults.get(severity, 0)) for severity in SEVERITIES),
            str(place.standing.reviews),
        )
        for ranking in rankings
        for place in ranking.places
    ]
    frequent = [(code, name, str(sites), str(times)) for code, name, sites, times in most_frequent(now.standings)]
    return [
        Sheet("排名", heads, rows, (20, 8, 10, 28, 8, 10, 10, 8, 8, 8, 8, 8, 8)),
        Sheet("指标失分", ("单位", "指标", "失分"), _lost(rankings), (28, 36, 8)),
        Sheet("常见问题", ("规则", "问题", "站点数", "处数"), frequent, (10, 40, 10, 10)),
        Sheet(
            "问题栏目",
            ("单位", "栏目", "问题数"),
            [(name, column, str(times)) for name, column, times in worst_columns(now.standings)],
            (28, 48, 10),
        ),
        Sheet("未能检查", ("站点", "原因"), list(now.unread), (36, 80)),
    ]


def _lost(rankings: Sequence[Ranking]) -> list[tuple[str, str, str]]:
    found = [(place.standing.name, place.standing.lost) for ranking in rankings for place in ranking.places]
    return [(name, indicator, view.number(lost)) for name, each in found for indicator, lost in _worst(each)]


def _worst(lost: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(((name, points) for name, points in lost.items() if points), key=lambda item: -item[1])


def _signed(change: float | None) -> str:
    if change is None:
        return "—"
    return f"{'+' if change > 0 else ''}{view.number(change)}"
