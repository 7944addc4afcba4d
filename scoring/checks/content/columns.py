"""Checks on the columns of a site: do they move, do they hold anything, and how many do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Literal

from crawler.evidence import Column
from scoring.checks.content.column_states import Aged, Emptiness, aged_columns, emptiness, heading, named
from scoring.data import table
from scoring.inspection import Outcome
from scoring.results import Point, SiteCase, SiteCheck, SiteResult
from scoring.site.view import SiteView

_MOST_NAMED = 12  # columns named in one message; all addresses stand in the list of pages


class ColumnsFresh(SiteCheck):
    """Each column for which a period holds (rules/tables/columns.yaml, or the site list's own) has a newer entry.

    Past the site list's own window: ``window``. Past the period of its class: ``stale``; where there is a doubt about
    its class or period: needs_review under the key that the table gives. Without any date: needs_review ``undated``.
    Not read far enough: not_checked ``unread``, all of them together.
    """

    use: Literal["columns_fresh"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        fresh, unread = 0, []
        for aged in aged_columns(case.view):
            if aged.age == "fresh":
                fresh += 1
            elif aged.age == "unread":
                unread.append(f"“{named(aged.column)}”{_seen(aged)}")
            else:
                yield _old(case.view, aged)
        if fresh:
            yield SiteResult("pass", times=fresh)
        if unread:
            yield SiteResult("not_checked", "unread", {"columns": _listed(unread)})


def _old(view: SiteView, aged: Aged) -> SiteResult:
    outcome: Outcome = "needs_review"
    if aged.age == "undated":
        key = "undated"
    elif aged.doubt:
        key = aged.doubt
    else:
        outcome, key = "fail", "stale" if aged.what else "window"
    values: dict[str, Any] = {
        "name": named(aged.column),
        "what": aged.what,
        "limit": aged.limit,
        "newest": aged.day.isoformat() if aged.day else "",
        "days": (view.day - aged.day).days if aged.day else None,
        "day": view.day.isoformat(),
    }
    url = aged.column.url
    return SiteResult(
        outcome, key, values, point=heading(aged.column), points=_newest(aged), pages=(url,), place=named(aged.column)
    )


def _newest(aged: Aged) -> tuple[Point, ...]:
    """The link to the newest entry, where a list has one."""
    entry = aged.newest
    return (Point(entry.page, link=entry.url, label="最新一条"),) if entry is not None and entry.url else ()


def _seen(aged: Aged) -> str:
    return f"（读到的最新一条为{aged.day}）" if aged.day else ""


def _listed(names: list[str]) -> str:
    more = f"等{len(names)}个" if len(names) > _MOST_NAMED else ""
    return "、".join(names[:_MOST_NAMED]) + more


class StaleColumnsFew(SiteCheck):
    """Fewer than ``least`` columns are past their period.

    ``which``: ``news`` counts news columns and first-level notices and policies, ``others`` all other columns with a
    period. As many for certain: fail ``many``. With those a person has to weigh: needs_review ``likely``. Where
    columns that were not read, or a menu with gaps, could make it as many: not_checked ``unread``; where no column has
    a period (for ``others``: one that the site list sets): not_checked ``none``. An empty column is counted by the rule
    on empty columns alone.
    """

    use: Literal["stale_columns_few"]
    which: Literal["news", "others"]
    least: int

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view, veto = case.view, table("columns")["veto"]
        counted = [
            aged
            for aged in aged_columns(view)
            if (aged.group in veto) == (self.which == "news") and not emptiness(view, aged.column)
        ]
        # Which other columns should move, only the site list says.
        if not counted or (self.which == "others" and all(aged.what for aged in counted)):
            yield SiteResult("not_checked", "none")
            return
        past = _once(aged for aged in counted if aged.age in ("stale", "undated"))
        sure = [aged for aged in past if aged.age == "stale" and not aged.doubt]
        likely = [aged for aged in past if aged.age == "undated" or aged.doubt]
        unread = [named(aged.column) for aged in counted if aged.age == "unread"]
        found = _many(view, self.least, [(a.column, _told(a)) for a in sure], [(a.column, _told(a)) for a in likely])
        if found is not None:
            yield found
        elif len(sure) + len(likely) + len(unread) >= self.least or view.gaps:
            yield SiteResult("not_checked", "unread", {"gaps": _gaps(view, unread)})
        else:
            yield SiteResult("pass", times=len(counted))


def _once(columns: Iterable[Aged]) -> list[Aged]:
    """One list that stands in two places of the site, with the same newest entry, is one column."""
    found: dict[str, Aged] = {}
    for aged in columns:
        found.setdefault(aged.newest.url if aged.newest and aged.newest.url else aged.column.url, aged)
    return list(found.values())


def _told(aged: Aged) -> str:
    return f"{named(aged.column)}（{aged.day or '无日期'}）"


def _gaps(view: SiteView, unread: list[str]) -> str:
    return "；".join(one for one in (f"没有读全的栏目：{_listed(unread)}" if unread else "", view.gap_text()) if one)


def _many(
    view: SiteView, least: int, sure: list[tuple[Column, str]], likely: list[tuple[Column, str]]
) -> SiteResult | None:
    """The finding that so many columns are at fault; None where they are too few."""
    if len(sure) + len(likely) < least:
        return None
    outcome: Outcome = "fail" if len(sure) >= least else "needs_review"
    counted = sure if outcome == "fail" else [*sure, *likely]
    first, *others = [column for column, _ in counted]
    values = {
        "count": len(counted),
        "sure": len(sure),
        "likely": len(likely),
        "least": least,
        "columns": _listed([told for _, told in counted]),
        "day": view.day.isoformat(),
    }
    return SiteResult(
        outcome,
        "many" if outcome == "fail" else "likely",
        values,
        point=heading(first),
        points=tuple(heading(column) for column in others),
        pages=tuple(column.url for column in (first, *others)),
        place="site",
    )


class ColumnsFilled(SiteCheck):
    """No column is empty: a list that was read whole and shows nothing, or only that there is nothing yet.

    A page that says why it has nothing is none; a column of activities (``activity``) and a page whose words a script
    may replace (``scripted``) are for a person.
    """

    use: Literal["columns_filled"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        filled = 0
        for column, state in _empties(case.view, case.view.columns):
            if state in ("", "reason"):
                filled += 1
                continue
            outcome: Outcome = "fail" if state in ("blank", "stated") else "needs_review"
            values = {"name": named(column), "quote": column.empty_quote or "没有任何内容"}
            point = Point(column.url, words=column.empty_quote) if column.empty_quote else heading(column)
            yield SiteResult(outcome, state, values, point=point, pages=(column.url,), place=named(column))
        if filled:
            yield SiteResult("pass", times=filled)


class EmptyColumnsFew(SiteCheck):
    """Fewer than ``least`` columns are empty; which ones are: as for ``columns_filled``.

    Keys as for ``stale_columns_few``.
    """

    use: Literal["empty_columns_few"]
    least: int

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view = case.view
        # One column under two addresses is one.
        states = {named(column): (column, state) for column, state in _empties(view, view.columns)}.values()
        if not states:
            yield SiteResult("not_checked", "none")
            return
        sure = [(column, named(column)) for column, state in states if state in ("blank", "stated")]
        likely = [(column, named(column)) for column, state in states if state in ("scripted", "activity")]
        found = _many(view, self.least, sure, likely)
        if found is not None:
            yield found
        elif view.gaps:
            yield SiteResult("not_checked", "unread", {"gaps": view.gap_text()})
        else:
            yield SiteResult("pass", times=len(states))


def _empties(view: SiteView, columns: Iterable[Column]) -> Iterator[tuple[Column, Emptiness]]:
    """Columns whose entries, or emptiness, were read."""
    for column in columns:
        if column.entries or column.empty:
            yield column, emptiness(view, column)
