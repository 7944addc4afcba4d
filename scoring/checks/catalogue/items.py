"""Whether the items of a directory stand on a site, hold anything, and move within their own windows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Literal

from scoring.catalogue.declared import Row, declared_on
from scoring.catalogue.directory import Directory, Item, directories
from scoring.catalogue.matching import Found, pages_of, shelf_of, unread_of
from scoring.checks.content.column_states import emptiness, heading
from scoring.data import table
from scoring.results import Point, SiteCase, SiteCheck, SiteResult
from scoring.site.view import SiteView
from scoring.text import fold, key


def named_in(items: Iterable[Item]) -> str:
    """Items in one line for people, a few of them named."""
    names = [f"“{item.name}”" for item in items]
    shown = table("catalogue")["items_named"]
    return "".join(names[:shown]) + (f"等 {len(names)} 项" if len(names) > shown else "")


class ItemShown(SiteCheck):
    """Every item of the directories that holds for the site has a column, or pages in its disclosure part.

    Missing is said only where menus and lists were read whole and nothing anywhere on the site fits by name or title.
    An item holds where its directory says so for certain, or where the body's own published directory names it. What
    that directory does not name is not asked for; without one, such items are told together for a person to look at.
    Items whose lack another rule tells are left to it.
    """

    use: Literal["item_shown"]
    directories: tuple[str, ...]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        for directory in directories(self.directories, case.view.site):
            yield from self._judge(case.view, directory)

    def _judge(self, view: SiteView, directory: Directory) -> Iterator[SiteResult]:
        shelf, declared = shelf_of(view), declared_on(view)
        lost: dict[str, list[tuple[Item, Row | None]]] = {}
        elsewhere: list[tuple[str, SiteResult]] = []
        unseen: list[Item] = []
        doubtful: list[Item] = []
        for item in directory.items:
            holds = item.binds(view.site)
            if holds is None or item.told_by:
                continue
            found, row = shelf.find(item), declared.row_of(item)
            # Several items that one row of the body's directory names are one thing that is missing.
            name = row.name if row is not None and not holds else item.name
            if found.confidence in ("exact", "named", "content"):
                yield _seen(view, item, found)
            elif not (holds or row or (not declared.read and not found.confidence)):
                yield SiteResult("pass")
            elif shelf.unseen(directory.umbrella):
                unseen.append(item)
            elif found.confidence:
                elsewhere.append((name, _elsewhere(item, found)))
            elif holds or (row is not None and item.verified):
                lost.setdefault(name, []).append((item, row))
            else:
                doubtful.append(item)
        yield from (result for name, result in elsewhere if name not in lost)
        for name, missing in lost.items():
            yield self._missing(view, directory, name, missing)
        if unseen:
            values = {"items": named_in(unseen), "gaps": shelf.unseen(directory.umbrella)}
            yield SiteResult("not_checked", "unseen", values, times=len(unseen))
        if doubtful:
            point, points = shelf.where()
            told: dict[str, Any] = {"items": named_in(doubtful), "directory": directory.title}
            told["count"] = len(doubtful)
            yield SiteResult("needs_review", "doubtful", told, point=point, points=points, place=directory.id)

    def _missing(
        self, view: SiteView, directory: Directory, name: str, missing: list[tuple[Item, Row | None]]
    ) -> SiteResult:
        point, points = shelf_of(view).where()
        row = missing[0][1]
        values: dict[str, Any] = {"item": "、".join(item.name for item, _ in missing), "basis": missing[0][0].basis}
        values |= {"columns": len(view.columns), "directory": directory.title, "row": row.name if row else ""}
        if row is not None:
            point, points = row.point, (point, *points)
        kind = "own" if directory.own else "declared" if row is not None else "missing"
        return SiteResult("fail", kind, values, point=point, points=points, place=f"{directory.id}|{name}")


def _seen(view: SiteView, item: Item, found: Found) -> SiteResult:
    """An item that has a place: whether that could be read is another question."""
    first = found.first
    if found.state == "read" or first is None:
        return SiteResult("pass")
    values = {"item": item.name, "column": first.label, "url": first.url}
    if found.state == "gone":
        point = Point(first.found_on, link=first.url)
        return SiteResult("needs_review", "gone", values, point=point, place=f"gone|{item.name}")
    why = "在另一网站" if found.state == "away" else f"没有读到{view.why(first.url)}"
    return SiteResult("not_checked", "not_read", {**values, "why": why})


def _elsewhere(item: Item, found: Found) -> SiteResult:
    points = [Point(one.on, words=one.title) for one in found.titled[:5]]
    points += [Point(one.found_on, link=one.url) for one in found.named[:5]]
    seen = found.titled[0].title if found.titled else found.named[0].label
    values = {"item": item.name, "basis": item.basis, "seen": seen[:60]}
    return SiteResult(
        "needs_review", "elsewhere", values, point=points[0], points=tuple(points[1:]), place=f"elsewhere|{item.name}"
    )


class ItemFilled(SiteCheck):
    """The columns of an item hold something, for whomever it holds: a body that has the column says that it is its own.

    Empty is said only where all of its columns were read whole and no title in the disclosure part fits it. A column
    that says why it has nothing passes; what a script may fill, and a column whose name only fits, go to a person.
    """

    use: Literal["item_filled"]
    directories: tuple[str, ...]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        told: dict[str, list[str]] = {}
        results: dict[str, SiteResult] = {}
        for directory in directories(self.directories, case.view.site):
            for item in directory.items:
                for url, result in self._judge(case.view, item):
                    told.setdefault(url, []).append(item.name)
                    results.setdefault(url, result)
        for url, result in results.items():
            values = {**result.values, "items": "、".join(dict.fromkeys(told[url]))}
            yield SiteResult(result.outcome, result.key, values, point=result.point, place=result.place)

    def _judge(self, view: SiteView, item: Item) -> Iterator[tuple[str, SiteResult]]:
        found = shelf_of(view).find(item)
        if found.confidence not in ("exact", "named") or found.state != "read":
            return
        columns = [(one, one.column) for one in found.named if one.column is not None and one.state == "read"]
        states = [emptiness(view, column) for _, column in columns]
        others = [one for one in found.named if one.column is None and one.state != "gone"]
        if not columns or others or "" in states or "reason" in states or any(one.disclosed for one in found.titled):
            yield found.named[0].url, SiteResult("pass")
            return
        one, column = columns[0]
        is_item = found.confidence == "exact" or key(one.label) in declared_on(view).names
        certain = states[0] in ("blank", "stated") and is_item
        values = {"column": one.label, "said": column.empty_quote}
        point = Point(column.url, words=column.empty_quote) if column.empty_quote else heading(column)
        outcome: Literal["fail", "needs_review"] = "fail" if certain else "needs_review"
        name = "blank" if certain else "unsure"
        yield column.url, SiteResult(outcome, name, values, point=point, place=one.label)


class ItemFresh(SiteCheck):
    """What stands under an item is not older than its own window: so many days, or something for each year.

    An item of each year whose newest is that of last year is asked about from ``ask_from`` (a month) on. Old is said
    only where all of the item's columns were read.
    """

    use: Literal["item_fresh"]
    directories: tuple[str, ...]
    ask_from: int = 10

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        for directory in directories(self.directories, case.view.site):
            for item in directory.items:
                sure = item.binds(case.view.site)
                if sure is not None and (item.window or item.yearly):
                    yield from self._judge(case.view, item, sure)

    def _judge(self, view: SiteView, item: Item, sure: bool) -> Iterator[SiteResult]:
        found = shelf_of(view).find(item)
        if found.confidence not in ("exact", "named", "content") or found.state != "read":
            return
        days, years, undated = _dates(view, found)
        since = view.day - timedelta(days=item.window) if item.window else date(view.day.year - 1, 1, 1)
        newest = max(days, default=None)
        year = max([*years, *([newest.year] if newest else [])], default=None)
        fresh = (newest is not None and newest >= since) if item.window else (year is not None and year >= since.year)
        if fresh:
            late = item.yearly and year is not None and year < view.day.year and view.day.month >= self.ask_from
            yield self._result("needs_review", "this_year", view, item, found, year) if late else SiteResult("pass")
        elif unread := unread_of(view, found):
            yield SiteResult("not_checked", "unread", {"item": item.name, "why": unread})
        elif (newest is None and year is None) or (undated and item.window):
            yield SiteResult("not_checked", "undated", {"item": item.name})
        elif near := self._near(view, item, since):
            yield near
        else:
            own = declared_on(view).row_of(item) is not None and item.verified
            certain = own or (sure and found.confidence == "exact")
            shown = newest if item.window else year
            yield self._result("fail" if certain else "needs_review", "stale", view, item, found, shown)

    def _near(self, view: SiteView, item: Item, since: date) -> SiteResult | None:
        """What newer pages near the item say of it: a pass where they hold it, open where they may."""
        for one, page, reading in shelf_of(view).near(item):
            years = [int(year) for year in re.findall(r"20\d\d", fold(one.title))]
            if max([*years, page.published.year if page.published else 0]) < since.year:
                continue
            if reading.says(item.texts):
                return SiteResult("pass")
            if reading.unread or reading.pictures:
                why = reading.unread or f"《{one.title[:40]}》有图片，其中的文字没有读"
                return SiteResult("not_checked", "unread", {"item": item.name, "why": why})
        return None

    def _result(
        self, outcome: Literal["fail", "needs_review"], name: str, view: SiteView, item: Item, found: Found,
        newest: date | int | None,
    ) -> SiteResult:  # fmt: skip
        limit = f"{item.window} 天" if item.window else "每年"
        values = {"item": item.name, "newest": str(newest), "limit": limit, "year": view.day.year}
        if (first := found.first) is not None:
            point = heading(first.column) if first.column else Point(first.url, words=first.label)
        else:
            best = found.titled[0]
            point = Point(best.url if view.content(best.url) is not None else best.on, words=best.title)
        return SiteResult(outcome, name, values, point=point, place=f"{item.name}|{name}")


def _dates(view: SiteView, found: Found) -> tuple[list[date], list[int], bool]:
    """Days of publication up to the day of judging, years in titles, and whether any entry has no date."""
    pages = pages_of(view, found)
    entries = [
        entry
        for one in found.named
        if one.column is not None
        for address in one.column.pages
        for entry in view.held.entries(address)
    ]
    told = [*(page.published for page in pages), *(entry.date for entry in entries)]
    told += [one.column.newest for one in found.named if one.column is not None]
    days = [day for day in told if day is not None and day <= view.day]
    titles = [*(page.title for page in pages), *(entry.title for entry in entries)]
    years = [int(year) for title in titles for year in re.findall(r"20\d\d", fold(title))]
    articles = (page for page in pages if page.kind == "article")
    undated = any(entry.date is None for entry in entries) or any(page.published is None for page in articles)
    return days, [year for year in years if year <= view.day.year], undated
