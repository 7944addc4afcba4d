"""How old the newest entry of each column is, against the period that holds for it; and which columns are empty.

Periods and words: rules/tables/columns.yaml (with its sources). Nothing here passes or fails.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from crawler.errors import CaptureDamaged, UnusableInput
from crawler.evidence import Column, ListEntry
from scoring.data import table
from scoring.results import Point
from scoring.site.view import SiteView, fit_of

# fresh, past its period, without any date, or not read far enough to say.
Age = Literal["fresh", "stale", "undated", "unread"]
# What a column that should have entries shows instead of them; "" where it has some, or was not read whole.
Emptiness = Literal["", "blank", "stated", "scripted", "activity", "reason"]


@dataclass(frozen=True, slots=True)
class Aged:
    """A column with a period. ``doubt``: "" where its staleness is certain, else why a person has to weigh it.

    ``limit`` is the period in words, ``since`` the first day of it; ``newest`` is the newest entry that is not dated
    later than the day of the view (``on`` is its list page), ``what`` the class for people ("" where the site list set
    the period).
    """

    column: Column
    what: str
    limit: str
    since: date
    age: Age
    doubt: str
    group: str
    newest: ListEntry | None = None

    @property
    def day(self) -> date | None:
        return self.newest.date if self.newest is not None else None


def months_before(day: date, months: int) -> date:
    """The same day so many calendar months before, the last of its month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def path_of(column: Column) -> tuple[str, ...]:
    """Names from below the home page down to the column."""
    home = table("columns")["home"]
    return tuple(name for name in column.path if name not in home) or (column.name,)


def named(column: Column) -> str:
    """What findings call a column: its path."""
    return " › ".join(path_of(column))


def heading(column: Column) -> Point:
    """Where the page of a column says its name."""
    return Point(column.url, words=column.name, label=f"栏目“{column.name}”")


def aged_columns(view: SiteView) -> tuple[Aged, ...]:
    """The columns for which a period holds, in the order of the crawl.

    The site list's own window comes first; else the first class that the name fits. What has further columns below it
    and is no list itself is judged by them, but for first-level columns, which hold all that is below them.
    """
    return view.once(_aged_columns)


def _aged_columns(view: SiteView) -> tuple[Aged, ...]:
    return tuple(_each_aged(view))


def _each_aged(view: SiteView) -> Iterator[Aged]:
    for column in view.columns:
        window = column.window if column.window is not None else view.site.windows.get(column.name)
        if window is not None:
            yield _aged(view, column, [column], view.day - timedelta(days=window), {"limit": f"{window} 天"})
        elif (period := _period(view, column)) is not None and (together := _together(view, column, period)):
            yield _aged(view, column, together, _since(view.day, period), period)


def _together(view: SiteView, column: Column, period: Mapping[str, Any]) -> list[Column]:
    """The columns whose entries count for one; none where it is not to be judged itself."""
    below = [other for other in view.columns if _is_below(other, column)]
    first_level = period.get("first_level", False)
    if first_level and _has_parent(column, period["class"]):
        return []
    if _is_front(view, column):
        if below and (not first_level or period.get("doubt") == "likely"):
            return []
        # Where no path tells what is below a front, its entries do.
        if not below and column.entries and _shows_others(view, column):
            return []
    together = [column, *below] if first_level else [column]
    return together if any(one.entries or one.gaps for one in together) else []


def _period(view: SiteView, column: Column) -> Mapping[str, Any] | None:
    data = table("columns")
    if any(word in name for word in data["topics"] for name in path_of(column)):
        return None
    classes = table("site-places")["classes"]
    for period in data["periods"]:
        holds = view.site.kind in period.get("kinds", (view.site.kind,))
        if holds and fit_of([column.name], classes[period["class"]]):
            deep = period.get("first_level") and len(path_of(column)) > data["first_level_depth"]
            return {**period, "doubt": "likely"} if deep else dict(period)
    return None


def _since(day: date, period: Mapping[str, Any]) -> date:
    if "days" in period:
        return day - timedelta(days=period["days"])
    return months_before(day, period["months"])


def _limit(period: Mapping[str, Any]) -> str:
    return str(period.get("limit") or (f"{period['days']} 天" if "days" in period else f"{period['months']} 个月"))


def _is_below(other: Column, column: Column) -> bool:
    path, mine = path_of(other), path_of(column)
    return len(path) > len(mine) and path[: len(mine)] == mine


def _has_parent(column: Column, kind: str) -> bool:
    """Whether a column above it is of the same class."""
    spec = table("site-places")["classes"][kind.removesuffix("-like")]
    return any(fit_of([name], spec) for name in path_of(column)[:-1])


def _shows_others(view: SiteView, column: Column) -> bool:
    """Whether every entry of a column stands in another one that is a list."""
    lists = (one for one in view.columns if one is not column and not _is_front(view, one))
    held = {entry.url for one in lists for entry in entries_of(view, one)}
    shown = {entry.url for entry in entries_of(view, column)}
    return bool(shown) and shown <= held


def _is_front(view: SiteView, column: Column) -> bool:
    page = view.content(column.url)
    return page is None or page.kind != "list"


def _aged(view: SiteView, column: Column, together: Sequence[Column], since: date, period: Mapping[str, Any]) -> Aged:
    kind = str(period.get("class", ""))
    age, newest = _age(view, together, since)
    return Aged(
        column, table("columns")["names"].get(kind, ""), _limit(period), since, age, str(period.get("doubt", "")),
        kind.removesuffix("-like"), newest,
    )  # fmt: skip


def _age(view: SiteView, together: Sequence[Column], since: date) -> tuple[Age, ListEntry | None]:
    """Freshness needs one entry; staleness needs that everything was read."""
    newest: ListEntry | None = None
    unread = False
    for column in together:
        unread |= not column.complete or bool(column.gaps)
        if column.newest is not None and since <= column.newest <= view.day:
            return "fresh", _told(column, column.newest)
        if column.newest is not None and column.newest <= view.day:
            newest = _later(newest, _told(column, column.newest))
        for entry in entries_of(view, column):
            page = view.content(entry.url) if entry.date is None else None
            day = page.published if page is not None else entry.date
            # The date that a list leaves out may stand on the page of the entry.
            unread |= entry.date is None and page is None and view.reason(entry.url) not in table("site-places")["gone"]
            if day is not None and day <= view.day:
                newest = _later(newest, replace(entry, date=day))
    if newest is not None and _day(newest) >= since:
        return "fresh", newest
    if unread:
        return "unread", newest
    if newest is not None:
        return "stale", newest
    return "undated" if any(column.entries for column in together) else "unread", None


def _told(column: Column, day: date) -> ListEntry:
    return ListEntry(column.url, "", column.name, day)


def _day(entry: ListEntry) -> date:
    return entry.date or date.min


def _later(newest: ListEntry | None, entry: ListEntry) -> ListEntry:
    """The newer one; of the same day the one that has an address."""
    if newest is None or (_day(entry), bool(entry.url)) > (_day(newest), bool(newest.url)):
        return entry
    return newest


def entries_of(view: SiteView, column: Column) -> Iterator[ListEntry]:
    """The entries of all pages of a column."""
    for page in column.pages or (column.url,):
        yield from view.held.entries(page)


def emptiness(view: SiteView, column: Column) -> Emptiness:
    """What a column shows instead of entries; "" where it has some, was not read whole, or leads to other columns."""
    if not column.empty or not column.complete or column.gaps or any(_is_below(one, column) for one in view.columns):
        return ""
    words = table("columns")["empty"]
    if any(word in column.empty_quote for word in words["reason"]):
        return "reason"
    if any(word in name for word in words["activities"] for name in path_of(column)):
        # Nothing going on at the moment is a statement of its own.
        return "reason" if column.empty == "stated" else "activity"
    if column.empty == "blank":
        return "blank"
    return "scripted" if _is_scripted(view, column, words["scripted"]) else "stated"


def _is_scripted(view: SiteView, column: Column, marks: Sequence[str]) -> bool:
    page = view.content(column.url)
    if page is None or page.record is None:
        return True
    try:
        source = view.held.source(page.record)
    except CaptureDamaged:
        raise
    except UnusableInput:
        return True
    return any(mark in source for mark in marks)
