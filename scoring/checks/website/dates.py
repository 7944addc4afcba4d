"""Dates of publication that contradict each other (a hint of V1.5, 伪造发稿日期)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from crawler.evidence import DateSeen
from scoring.results import PageCheck, Point, SiteCase, SiteResult
from scoring.site.view import PageView, SiteView

_PRINTED = re.compile(r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?:\s?日)?")
_Fault = Literal["later", "earlier", "tag", "list"]
_WEIGHT = ("url", "list", "tag", "text")  # what contradicts most comes first
_MOST_POINTS = 6


@dataclass(frozen=True, slots=True)
class _Seen:
    """One page whose dates differ: the day shown, the other one, and how the page prints the first."""

    url: str
    title: str
    shown: date
    other: date
    printed: str


class DatesAgree(PageCheck):
    """The date that an article shows agrees with those of its address, its tag PubDate and the lists.

    ``address_days`` and ``days`` are the differences from which it does not: an address keeps the day on which an
    article was written down first, so it may be older. Where an article shows several dates the nearest counts. Not
    taken in are dates that say themselves that they are of a change (``honest`` words), dates of lists that the text
    gives itself (those of letters), dates older than their address where ``moved`` or more articles share its day (a
    site that was moved), and tags where so many share one.
    """

    use: Literal["dates_agree"]
    days: int
    address_days: int
    moved: int
    honest: tuple[str, ...]

    def watch(self, case: SiteCase, on: date) -> _Dates:
        return _Dates(self, case.view)


class _Dates:
    """Articles whose dates differ, by what differs."""

    def __init__(self, check: DatesAgree, view: SiteView) -> None:
        self._check, self._view = check, view
        self._seen: dict[_Fault, list[_Seen]] = {}
        self._sound = 0

    def see(self, page: PageView) -> None:
        if page.page.kind != "article" or not self._view.is_own(page.url) or page.facts.dates_agree is None:
            return
        shown = [one for one in page.facts.dates if one.origin == "text"]
        if not shown:
            return
        explained = any(word in one.quote for one in shown for word in self._check.honest)
        agree = page.facts.dates_agree or explained
        found = None if agree else self._fault(shown, page)
        if found is None:
            self._sound += 1
            return
        fault, seen, other = found
        match = _PRINTED.search(seen.quote)
        self._seen.setdefault(fault, []).append(
            _Seen(page.url, page.page.title, seen.value, other, match[0] if match else "")
        )

    def _fault(self, shown: list[DateSeen], page: PageView) -> tuple[_Fault, DateSeen, date] | None:
        for other in sorted(page.facts.dates, key=lambda one: _WEIGHT.index(one.origin)):
            if other.origin == "text" or (other.origin == "list" and _is_told(other.value, page.facts.text)):
                continue
            nearest = min(shown, key=lambda one: abs((one.value - other.value).days))
            days = (nearest.value - other.value).days
            if abs(days) < (self._check.address_days if other.origin == "url" else self._check.days):
                continue
            if other.origin == "url":
                return ("later" if days > 0 else "earlier"), nearest, other.value
            return ("tag" if other.origin == "tag" else "list"), nearest, other.value
        return None

    def results(self) -> Iterator[SiteResult]:
        if self._sound:
            yield SiteResult("pass", times=self._sound)
        for fault, seen in self._seen.items():
            if kept := self._without_moved(fault, seen):
                first, *others = [Point(one.url, words=one.printed) for one in kept]
                values = {
                    "count": len(kept), "title": kept[0].title, "shown": kept[0].shown, "other": kept[0].other,
                }  # fmt: skip
                yield SiteResult(
                    "needs_review", fault, values, point=first, points=tuple(others[:_MOST_POINTS]),
                    pages=tuple(one.url for one in kept), place=fault,
                )  # fmt: skip

    def _without_moved(self, fault: _Fault, seen: list[_Seen]) -> list[_Seen]:
        """Without those that share the other day with many: the day on which a program wrote them all."""
        if fault not in ("earlier", "tag"):
            return seen
        often = Counter(one.other for one in seen)
        return [one for one in seen if often[one.other] < self._check.moved]


def _is_told(day: date, text: str) -> bool:
    """Whether a text gives a day itself: lists of letters show when they were written, not when they were published."""
    forms = (f"{day:%Y-%m-%d}", f"{day.year}-{day.month}-{day.day}", f"{day.year}年{day.month}月{day.day}日")
    return any(form in text for form in forms)
