"""Whether tags say what their page shows: PubDate, ArticleTitle, ColumnName."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import SequenceMatcher
from functools import cache
from typing import Any, Literal

from scoring.checks.website.looking import Fold, Look, furniture, look
from scoring.checks.website.tags import is_filled, tag_of
from scoring.results import PageCheck, Point, SiteCase, SiteResult
from scoring.site.view import PageView, SiteView
from scoring.text import find_date, key

_Outcome = Literal["fail", "needs_review"]


@dataclass(slots=True)
class _Fault:
    """Pages with one fault, the values of the first, and a place on each of the first few."""

    fold: Fold = field(default_factory=Fold)
    values: dict[str, Any] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)

    def add(self, point: Point, values: dict[str, Any]) -> None:
        self.fold.add(point.page)
        self.values = self.values or values
        if len(self.points) < 6:
            self.points.append(point)

    def result(self, outcome: _Outcome, name: str) -> SiteResult:
        return SiteResult(
            outcome, name, {**self.values, "count": len(self.fold)}, point=self.points[0],
            points=tuple(self.points[1:]), pages=tuple(self.fold.pages), place=name,
        )  # fmt: skip


class TagValues(PageCheck):
    """PubDate is a date and none that lies behind the day of the capture; titles in tags are those that pages show.

    PubDate is read with tolerance for its marks (U+2236 for a colon, long dashes); a text that only holds a year is for
    a person. ArticleTitle is doubtful where it differs from the titles in lists and metadata block, or is the name of
    the site or a column: a few such pages are read anew, and only where another title stands on them is it a failure.
    ColumnName is wrong where a list page shows another name and the tag is that of another column, or stands nowhere.
    """

    use: Literal["tag_values"]

    def watch(self, case: SiteCase, on: date) -> _Values:
        return _Values(case.view)


class _Values:
    """Both watchers in one."""

    def __init__(self, view: SiteView) -> None:
        self._parts = (_PubDates(view), _Titles(view))

    def see(self, page: PageView) -> None:
        for part in self._parts:
            part.see(page)

    def results(self) -> Iterator[SiteResult]:
        for part in self._parts:
            yield from part.results()


class _PubDates:
    """Dates that are none, or lie ahead."""

    def __init__(self, view: SiteView) -> None:
        self._view = view
        self._latest = view.held.finished.date() + timedelta(days=_limits()["ahead"])
        self._faults: dict[tuple[_Outcome, str], _Fault] = {}
        self._sound = 0

    def see(self, page: PageView) -> None:
        if page.page.kind != "article" or not self._view.is_own(page.url):
            return
        value = tag_of(page, "PubDate")
        if not is_filled(value):
            return
        day = read_date(value)
        values = {"value": value[:40], "title": page.page.title}
        if day is None:
            known: tuple[_Outcome, str] = ("needs_review", "odd") if _year().search(value) else ("fail", "unreadable")
            self._add(known, page, values)
        elif day > self._latest:
            self._add(("fail", "future"), page, {**values, "day": self._view.held.finished.date()})
        else:
            self._sound += 1

    def _add(self, fault: tuple[_Outcome, str], page: PageView, values: dict[str, Any]) -> None:
        self._faults.setdefault(fault, _Fault()).add(Point(page.url, tag="PubDate"), values)

    def results(self) -> Iterator[SiteResult]:
        if self._sound:
            yield SiteResult("pass", times=self._sound)
        for (outcome, name), fault in self._faults.items():
            yield fault.result(outcome, name)


def read_date(value: str) -> date | None:
    """The day that a tag states, read with tolerance for its marks; None where it is none."""
    plain = value if value.isascii() else value.translate(_marks())  # none of the marks is ASCII
    if found := find_date(plain):
        return found
    match = re.search(_limits()["compact"], plain)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


class _Titles:
    """Doubtful articles and columns while the pages pass by."""

    def __init__(self, view: SiteView) -> None:
        self._view = view
        self._articles: list[tuple[str, str, tuple[str, ...], bool]] = []
        self._columns: list[tuple[str, str, str]] = []
        self._strays = _Fault()
        self._sound = 0

    def see(self, page: PageView) -> None:
        kind = page.page.kind
        if kind not in ("article", "list", "column") or not self._view.is_own(page.url):
            return
        if kind == "article" and is_filled(title := tag_of(page, "ArticleTitle")):
            self._see_title(page, title)
        if is_filled(name := tag_of(page, "ColumnName")):
            self._see_column(page, name)

    def _see_title(self, page: PageView, title: str) -> None:
        shown = [name for name, _ in page.listed]
        shown += [item.value for item in page.facts.fields if item.name == "title" and item.value]
        bare = key(title)
        others = {key(name) for name in (tag_of(page, "SiteName"), tag_of(page, "ColumnName"), *page.facts.breadcrumb)}
        if bare in others or (shown and not any(alike(bare, key(name)) for name in shown)):
            if len(self._articles) < _limits()["looked_at"]:
                self._articles.append((page.url, title, tuple(shown), bare in others))
        else:
            self._sound += 1

    def _see_column(self, page: PageView, name: str) -> None:
        facts, bare = page.facts, key(name)
        column = self._view.column_at(page.url)
        # The last name of a path may have been taken for the title, and the other way about.
        known = (*facts.breadcrumb, page.page.title, *([column.name] if column is not None else []))
        if not facts.breadcrumb:
            return
        if any(_is_part(bare, key(one)) for one in known):
            self._sound += 1
        elif page.page.kind == "article":
            values = {"tag": name, "shown": " > ".join(facts.breadcrumb), "title": page.page.title}
            self._strays.add(Point(page.url, tag="ColumnName"), values)
        elif len(self._columns) < _limits()["shown_columns"]:
            self._columns.append((page.url, name, facts.breadcrumb[-1]))

    def results(self) -> Iterator[SiteResult]:
        titles = _Fault()
        for url, tagged, listed, is_name in self._articles:
            page = look(self._view, url)
            shown = _title_shown(page, tagged, listed, is_name) if page is not None else ""
            if shown:
                titles.add(Point(url, tag="ArticleTitle"), {"tag": tagged, "shown": shown})
                titles.points.append(Point(url, words=shown))
            else:
                self._sound += 1
        if self._sound:
            yield SiteResult("pass", times=self._sound)
        if titles.points:
            yield titles.result("fail", "title")
        for outcome, name in (("fail", "column"), ("needs_review", "column_unsure")):
            fault = self._wrong_columns(sure=outcome == "fail")
            if fault.points:
                yield fault.result("fail" if outcome == "fail" else "needs_review", name)
        if self._strays.points:
            yield self._strays.result("needs_review", "stray")

    def _wrong_columns(self, *, sure: bool) -> _Fault:
        """Columns under a wrong name: of another column, or one that stands nowhere on the page."""
        fault = _Fault()
        for url, name, shown in self._columns:
            page = look(self._view, url)
            here = self._view.column_at(url)
            other = any(key(column.name) == key(name) and column is not here for column in self._view.columns)
            if page is not None and sure == (other or not page.says(name)):
                fault.add(Point(url, tag="ColumnName"), {"tag": name, "shown": shown})
                fault.points.append(Point(url, words=shown))
        return fault


def _title_shown(page: Look, tagged: str, listed: tuple[str, ...], is_name: bool) -> str:
    """The title that an article shows where it is another one than its tag states; "" where they agree or in doubt.

    A tag that is the name of the site or of a column (``is_name``) stands in headers and menus anyway: against it only
    a title counts that a list or the metadata block gives.
    """
    bare = key(tagged)
    shortest: int = _limits()["shortest_title"]
    lines = {key(block.text) for block in page.blocks if block.kind in ("heading", "paragraph")}
    headings = [block.text for block in page.blocks if block.kind == "heading" and block.level <= 2]
    named = listed if is_name else (*listed, page.document.title, *headings)
    shown = [text for text in named if len(key(text)) >= shortest and key(text) in lines]
    if not shown or any(alike(bare, key(text)) for text in shown if not is_name or key(text) == bare):
        return ""
    # A list may call an article by a name of its own.
    return "" if bare in lines and not is_name else shown[0]


def alike(one: str, other: str) -> bool:
    """Whether two titles (without marks) are one: equal, one a part of the other, or nearly equal."""
    if not one or not other or _is_part(one, other):
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    least: float = _limits()["alike"]
    return matcher.quick_ratio() >= least and matcher.ratio() >= least


def _is_part(one: str, other: str) -> bool:
    return bool(one) and bool(other) and (one in other or other in one)


@cache
def _marks() -> dict[int, str]:
    data = _limits()
    return {ord(mark): "-" for mark in data["dashes"]} | {ord(mark): ":" for mark in data["colons"]}


@cache
def _year() -> re.Pattern[str]:
    return re.compile(_limits()["year"])


def _limits() -> dict[str, Any]:
    limits: dict[str, Any] = furniture()["tag_values"]
    return limits
