"""The dates of a site's information items: do they agree, and was an item published in time (条例第二十六条)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from crawler.evidence import Labelled
from scoring.checks.platform.items import Block, Fold, Folds, ItemRegion, block_of, within
from scoring.checks.report.identity import same_unit
from scoring.data import table
from scoring.results import PageCheck, Point, SiteCase, SiteResult
from scoring.site.view import PageView
from scoring.text import find_date, fold, key
from scoring.workdays import weekdays_after, workdays_after

_PUBLISHED = ("date_published", "date_issued")


class ItemDates(PageCheck):
    """The printed dates of an item can all be true.

    It was made before it was published, no day is in the future, none was left at the start of a clock. A date of
    making that is the same to the second as that of publishing was filled in by a program.
    """

    use: Literal["item_dates"]

    def watch(self, case: SiteCase, on: date) -> _Dates:
        return _Dates(case)


class _Dates:
    def __init__(self, case: SiteCase) -> None:
        self._data = table("item-metadata")["dates"]
        self._seconds = re.compile(self._data["seconds"])
        # The clock of the server may be ahead of ours.
        self._last = case.view.held.finished.date() + timedelta(days=self._data["tolerance"])
        self._sound = 0
        self._wrong = Folds()

    def see(self, page: PageView) -> None:
        block = block_of(page)
        made = block.field("date_made") if block is not None else None
        if block is None or made is None:
            return
        vague = self._data["vague_labels"]
        shown = [one for one in block.fields if one.name in _PUBLISHED and one.label not in vague]
        told = [(one, day) for one in (made, *shown) if (day := find_date(one.value))]
        if not told:
            return
        fault = self._fault(made, told)
        if fault is None:
            self._sound += 1
        else:
            kind, one, values = fault
            self._wrong.add((kind, block.template), page.page, one.value.strip(), **values)

    def _fault(self, made: Labelled, told: list[tuple[Labelled, date]]) -> tuple[str, Labelled, dict[str, Any]] | None:
        """What is wrong with the dates of one block: the kind, the field that shows it, what the message says."""
        for one, day in told:
            values = {"label": one.label or "发布日期", "date": day}
            if day.year < self._data["first_year"]:
                return "unset", one, values
            if day > self._last:
                return "future", one, values
        (first, day), *others = told
        if first is not made:
            return None
        for one, other in others:
            values = {"made": day, "other": other, "label": one.label or "发布日期", "made_label": made.label}
            if day > other:
                return "made_later", made, values
            if self._is_filled(made.value, one.value):
                return "filled", made, {**values, "time": made.value.strip()}
        return None

    def _is_filled(self, made: str, other: str) -> bool:
        """Whether two dates are one to the second; midnight is how a date without time is printed."""
        time = self._seconds.search(fold(made))
        return time is not None and made.strip() == other.strip() and time[0] not in self._data["midnight"]

    def results(self) -> Iterator[SiteResult]:
        if self._sound:
            yield SiteResult("pass", times=self._sound)
        for (kind, template), found in self._wrong.items():
            yield found.result("fail", kind, f"{kind}|{template}")


class PublishedInTime(PageCheck):
    """An item that the unit made itself went online within ``workdays`` working days of its making.

    ``since``: earlier items are left out. Who made an item is read from its label, title, signature and source; where
    that stays open, where the calendar does not know the year, and where many items went online on one day, a person
    judges. Annual reports have a term of their own.
    """

    use: Literal["published_in_time"]
    workdays: int = 20
    since: date

    def watch(self, case: SiteCase, on: date) -> _InTime:
        return _InTime(self, case)


@dataclass(frozen=True, slots=True)
class _Late:
    """An item that went online late; ``days`` are working days, None where the calendar does not know them."""

    kind: str
    days: int | None
    made: date
    published: date
    title: str
    column: str
    point: Point


class _InTime:
    def __init__(self, check: PublishedInTime, case: SiteCase) -> None:
        self._check, self._unit = check, case.view.site.name
        self._region = ItemRegion(case)
        self._data = table("item-metadata")
        self._others = re.compile(self._data["other_bodies"])
        self._inside = re.compile(self._data["own_sources"])
        self._in_time = 0
        self._late: list[_Late] = []

    def see(self, page: PageView) -> None:
        block = block_of(page)
        field = block.field("date_made") if block is not None else None
        made = find_date(field.value) if field is not None else None
        if block is None or field is None or made is None or made < self._check.since:
            return
        published = next((day for name in _PUBLISHED if (day := find_date(block.value(name)))), None)
        if published is None or published < made or self._region.is_report(page.page):
            return
        estimate = weekdays_after(made, published)
        days = workdays_after(made, published) if estimate > self._check.workdays // 2 else estimate
        if (estimate if days is None else days) <= self._check.workdays:
            self._in_time += 1
        elif maker := self._maker(block, page):
            kind = "year" if days is None else maker
            point = Point(page.url, field.value.strip())
            column = page.page.column_path[-1] if page.page.column_path else ""
            self._late.append(_Late(kind, days, made, published, page.page.title, column, point))

    def _maker(self, block: Block, page: PageView) -> str:
        """``late`` where the unit made the item itself, "" where another body did, ``maker`` where that stays open."""
        issuer = block.field("issuer")
        if issuer is not None and issuer.value.strip():
            first = re.split(r"[、,，;；\s]", issuer.value.strip())[0]
            if not same_unit(first, self._unit):
                return ""
            if issuer.label in self._data["maker_labels"]:
                return "late"
        if self._is_own(block, page):
            return "late"
        if self._is_passed_on(page.facts.source):
            return ""
        named = self._others.search(page.page.title) or block.value("doc_no").endswith("号")
        return "maker" if named or issuer is None else "late"

    def _is_passed_on(self, source: str) -> bool:
        """Whether the source of an item is another body."""
        return bool(source) and not same_unit(source, self._unit) and not self._inside.search(source)

    def _is_own(self, block: Block, page: PageView) -> bool:
        """Whether the unit stands in the title, or signs at the end."""
        unit = key(self._unit)
        if unit in key(block.value("title") or page.page.title):
            return True
        lines = page.facts.text[-400:].split("\n")[-self._data["signature_lines"] :]
        return any(key(line) == unit for line in lines)

    def results(self) -> Iterator[SiteResult]:
        if self._in_time:
            yield SiteResult("pass", times=self._in_time)
        groups: dict[tuple[str, str], list[_Late]] = defaultdict(list)
        for late in self._moved():
            groups[late.kind, late.column].append(late)
        for (kind, column), items in groups.items():
            items.sort(key=lambda late: late.made - late.published)  # the longest first
            yield self._folded(items).result("fail" if kind == "late" else "needs_review", kind, f"{kind}|{column}")

    def _moved(self) -> Iterator[_Late]:
        """The late items; those moved from an older site are told apart by the one day on which they went online."""
        limits = self._data["late"]
        by_day: dict[date, list[date]] = defaultdict(list)
        for late in self._late:
            by_day[late.published].append(late.made)
        for late in self._late:
            made = by_day[late.published]
            moved = len(made) >= limits["bulk"] and (max(made) - min(made)).days >= limits["spread"]
            yield replace(late, kind="moved") if moved else late

    def _folded(self, items: list[_Late]) -> Fold:
        worst = items[0]
        values = {
            "title": within(worst.title),
            "made": worst.made,
            "published": worst.published,
            "days": worst.days if worst.days is not None else weekdays_after(worst.made, worst.published),
            "column": worst.column,
            "term": self._check.workdays,
        }
        points = [late.point for late in items]
        return Fold(values, points[:6], [point.page for point in points])
