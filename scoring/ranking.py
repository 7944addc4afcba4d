"""The ranking of many sites over periods: places and their change, what is found most, what cannot be told.

Sites are ranked within their scorecard: a portal and a department are not measured by the same points. Sites with equal
scores share a place and the next place is left out (1, 2, 2, 4).
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scoring.inspection import SEVERITIES, Inspection


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ranking keeps of one inspected site. ``id`` holds it together over periods.

    ``faults`` counts findings that are faults by severity, ``rules`` by code; ``lost`` are points lost by indicator;
    ``columns`` counts faults by the column of the site that they stand in. ``report`` is the path of its report.
    """

    id: str
    name: str
    card: str
    score: float | None
    range: tuple[float, float]
    grade: str
    vetoed: bool
    faults: Mapping[str, int]
    reviews: int
    rules: Mapping[str, int]
    lost: Mapping[str, float]
    columns: Mapping[str, int]
    judged_on: str
    report: str = ""
    level: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Period:
    """One round of inspections. ``unread`` are the sites that gave none: name and reason."""

    name: str
    standings: tuple[Standing, ...]
    unread: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the ranking. ``moved`` is how many places it went up since the period before; None: not there then."""

    place: int
    standing: Standing
    moved: int | None
    gained: float | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ranking within one scorecard: places, then the same figures of each period for the trend."""

    card: str
    places: tuple[Place, ...]
    trend: tuple[tuple[str, float, float, int], ...]  # (period, mean, median, sites)


def standing_of(inspection: Inspection, id_: str, report: str = "") -> Standing:
    """What the ranking keeps of an inspection of a site."""
    card = inspection.scorecards[0] if inspection.scorecards else None
    faults = [finding for finding in inspection.findings if finding.counted_as == "fail"]
    columns = Counter(" › ".join(f.where.column_path[1:] or f.where.column_path) for f in faults if f.where.column_path)
    return Standing(
        id=id_,
        name=inspection.subject.name,
        card=card.title if card else "",
        score=card.score if card else None,
        range=card.range if card else (0.0, 0.0),
        grade=card.grade if card else "",
        vetoed=bool(card and card.vetoes),
        faults={name: sum(f.severity == name for f in faults) for name in SEVERITIES},
        reviews=sum(finding.counted_as == "needs_review" for finding in inspection.findings),
        rules=Counter(finding.rule for finding in faults),
        lost={item.indicator: item.lost for item in card.items} if card else {},
        columns=columns,
        judged_on=inspection.profile.judged_on,
        report=report,
        level=inspection.subject.level or "",
        titles={finding.rule: finding.title for finding in faults},
    )


def ranked(periods: Sequence[Period]) -> list[Ranking]:
    """The rankings of the first period, one for each scorecard; the other periods are earlier ones, newest first."""
    now, *earlier = periods
    cards = sorted(
        {one.card for one in now.standings if one.score is not None}, key=lambda card: (-_size(now, card), card)
    )
    return [_ranking(card, now, earlier) for card in cards]


def _size(period: Period, card: str) -> int:
    return sum(one.card == card for one in period.standings)


def _ranking(card: str, now: Period, earlier: Sequence[Period]) -> Ranking:
    before = dict(_placed(earlier[0], card)) if earlier else {}
    scores = {one.id: one.score for one in earlier[0].standings if one.card == card} if earlier else {}
    by_id = {one.id: one for one in now.standings}
    places = []
    for id_, place in _placed(now, card):
        standing, last = by_id[id_], scores.get(id_)
        moved = before[id_] - place if id_ in before else None
        gained = round(standing.score - last, 2) if standing.score is not None and last is not None else None
        places.append(Place(place, standing, moved, gained))
    return Ranking(card, tuple(places), tuple(_figures(period, card) for period in (*reversed(earlier), now)))


def _placed(period: Period, card: str) -> list[tuple[str, int]]:
    """(id, place): a veto comes after all others whatever its points; equals stand in the order of their names."""
    own = [one for one in period.standings if one.card == card and one.score is not None]
    own.sort(key=lambda one: (_rank_key(one), one.name, one.id))
    found: list[tuple[str, int]] = []
    place = 0
    last: tuple[bool, float] | None = None
    for number, one in enumerate(own, 1):
        if _rank_key(one) != last:
            place, last = number, _rank_key(one)
        found.append((one.id, place))
    return found


def _rank_key(one: Standing) -> tuple[bool, float]:
    return one.vetoed, -(one.score or 0.0)


def _figures(period: Period, card: str) -> tuple[str, float, float, int]:
    scores = [one.score for one in period.standings if one.card == card and one.score is not None]
    if not scores:
        return period.name, 0.0, 0.0, 0
    return period.name, round(statistics.fmean(scores), 2), round(statistics.median(scores), 2), len(scores)


def most_frequent(standings: Iterable[Standing]) -> list[tuple[str, str, int, int]]:
    """(code, title, sites that have it, places altogether), the most widespread first."""
    sites: Counter[str] = Counter()
    times: Counter[str] = Counter()
    titles: dict[str, str] = {}
    for one in standings:
        sites.update(one.rules.keys())
        times.update(one.rules)
        titles.update(one.titles)
    order = sorted(sites, key=lambda code: (-sites[code], -times[code], code))
    return [(code, titles.get(code, ""), sites[code], times[code]) for code in order]


def worst_columns(standings: Iterable[Standing]) -> list[tuple[str, str, int]]:
    """(site, column, faults that stand in it), the most first."""
    found = [(one.name, column, times) for one in standings for column, times in one.columns.items()]
    return sorted(found, key=lambda item: (-item[2], item[0], item[1]))


def distribution(standings: Iterable[Standing], width: float = 10.0) -> list[tuple[float, float, int]]:
    """(from, to, sites): how many scores lie in each span of points; the full score belongs to the last span."""
    scores = [one.score for one in standings if one.score is not None]
    if not scores:
        return []
    spans = max(1, int(-(-max(100.0, *scores) // width)))
    counts = Counter(min(spans - 1, max(0, int(score // width))) for score in scores)
    return [(index * width, (index + 1) * width, counts[index]) for index in range(spans)]
