"""Index numbers and document numbers of a site's information items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, Literal, NamedTuple

from scoring.checks.platform.items import Folds, block_of
from scoring.data import table
from scoring.results import PageCheck, Point, SiteCase, SiteResult
from scoring.site.view import PageView
from scoring.text import fold, key


class Number(NamedTuple):
    """A document number: organ, year, serial, as they compare; ``raw`` as it stands."""

    organ: str
    year: int
    serial: int
    raw: str

    @property
    def same(self) -> tuple[str, int, int]:
        """What makes two spellings one number."""
        return self.organ, self.year, self.serial


def _packed(text: str) -> str:
    return "".join(fold(text).split())


@cache
def _number() -> re.Pattern[str]:
    return re.compile(table("item-metadata")["document_number"])


def read_number(text: str) -> Number | None:
    """The document number that a text is, whatever its brackets; None where it is none, or has more beside it."""
    match = _number().fullmatch(_packed(text)) if len(text) < 60 else None
    return Number(match["organ"], int(match["year"]), int(match["serial"]), text.strip()) if match else None


def number_in_head(text: str) -> Number | None:
    """The number that stands in a line of its own at the beginning of a text."""
    for line in text.split("\n", table("item-metadata")["head_lines"])[: table("item-metadata")["head_lines"]]:
        if "号" in line and (found := read_number(line)):
            return found
    return None


class IndexNumbers(PageCheck):
    """Index numbers have a known form and a possible year, and no two items share one.

    One article at two addresses is one item: its titles are the same. A number of another form is left to a person.
    """

    use: Literal["index_numbers"]

    def watch(self, case: SiteCase, on: date) -> _Indexes:
        return _Indexes(case)


class _Indexes:
    def __init__(self, case: SiteCase) -> None:
        self._data = table("index-numbers")
        self._forms = re.compile("|".join(self._data["forms"]))
        self._year = re.compile(self._data["year"])
        self._bodiless = re.compile(self._data["bodiless"])
        self._dated, self._shapeless = re.compile(self._data["dated"]), re.compile(self._data["shapeless"])
        self._last = case.view.held.finished.year
        self._sound = 0
        self._wrong = Folds()
        self._first: dict[str, tuple[str, str, str]] = {}
        self._again: dict[str, dict[str, Point]] = {}

    def see(self, page: PageView) -> None:
        block = block_of(page)
        raw = block.value("index") if block is not None else ""
        if block is None or not raw:
            return
        number = _packed(raw)
        fault = self._fault(number)
        self._sound += not fault
        if fault:
            self._wrong.add((fault, block.template), page.page, raw, index=raw)
        self._note(number, raw, block.value("title") or page.page.title, page)

    def _fault(self, number: str) -> str:
        if self._bodiless.search(number):
            return "bodiless"
        match = self._year.search(number)
        year = int(match["year"]) if match else 0
        if year in self._data["unset_years"] or self._last < year <= self._data["latest_year"]:
            return "year"
        if self._forms.fullmatch(number):
            return ""
        bare = not self._dated.search(number) and self._shapeless.search(number)
        return "shapeless" if bare else "form"

    def _note(self, number: str, raw: str, title: str, page: PageView) -> None:
        called = key(title)
        first = self._first.setdefault(number, (called, page.url, raw))
        if first[1] != page.url and not _is_same(called, first[0]):
            others = self._again.setdefault(number, {first[0]: Point(first[1], first[2])})
            if not any(_is_same(called, known) for known in others):
                others[called] = Point(page.url, raw)

    def results(self) -> Iterator[SiteResult]:
        if self._sound:
            yield SiteResult("pass", times=self._sound)
        for (fault, template), found in self._wrong.items():
            yield found.result("needs_review" if fault == "form" else "fail", fault, f"{fault}|{template}")
        most = self._data["most_shown"]
        if len(self._again) > most:
            points = [point for others in self._again.values() for point in others.values()]
            values: dict[str, Any] = {"numbers": len(self._again), "index": points[0].words}
            yield _shared("shared_many", values, points, "shared")
        else:
            for number, others in self._again.items():
                points = list(others.values())
                yield _shared("shared", {"index": points[0].words}, points, f"shared|{number}")


def _is_same(one: str, other: str) -> bool:
    """Whether two titles can be one: a list or a tag may cut a title short."""
    return not one or not other or one.startswith(other) or other.startswith(one)


def _shared(key: str, values: dict[str, Any], points: list[Point], place: str) -> SiteResult:
    pages = tuple(point.page for point in points)
    told = {**values, "count": len(points)}
    return SiteResult("fail", key, told, point=points[0], points=tuple(points[1:6]), pages=pages, place=place)


class DocumentNumbers(PageCheck):
    """The document number in the metadata block is the one that the text bears in a line of its own.

    Numbers of two bodies are left to a person: the text may be that of the document passed on.
    """

    use: Literal["document_numbers"]

    def watch(self, case: SiteCase, on: date) -> _Documents:
        return _Documents()


class _Documents:
    def __init__(self) -> None:
        self._same = 0
        self._differ = Folds()

    def see(self, page: PageView) -> None:
        block = block_of(page)
        stated = read_number(block.value("doc_no")) if block is not None else None
        found = number_in_head(page.facts.text) if stated else None
        if block is None or stated is None or found is None:
            return
        self._same += stated.same == found.same
        if stated.same != found.same:
            kind = "differs" if stated.organ == found.organ else "other_body"
            self._differ.add((kind, block.template), page.page, found.raw, block=stated.raw, text=found.raw)

    def results(self) -> Iterator[SiteResult]:
        if self._same:
            yield SiteResult("pass", times=self._same)
        for (kind, template), found in self._differ.items():
            yield found.result("fail" if kind == "differs" else "needs_review", kind, f"{kind}|{template}")
