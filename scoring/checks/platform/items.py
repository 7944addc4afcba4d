"""The information items of a site: where they stand, their metadata block, and one fault of many of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from crawler.errors import CaptureDamaged, UnusableInput
from crawler.evidence import Labelled, Page
from scoring.annual_report import is_title
from scoring.checks.platform.region import Platform
from scoring.data import table
from scoring.inspection import Outcome
from scoring.results import Point, SiteCase, SiteResult
from scoring.site.view import PageView, SiteView, fit_of

Kind = Literal["", "statutory", "system", "policy", "normative"]
_SINGLE = str.maketrans("《》", "〈〉")
_MOST_POINTS = 6  # one quoted in the finding, the others as samples


class ItemRegion:
    """Which pages are items of the disclosure directory, by the columns that they stand in."""

    def __init__(self, case: SiteCase) -> None:
        self._platform = case.view.once(Platform)
        self._reports = {report.url for report in case.reports}
        self._known: dict[tuple[str, ...], Kind] = {}

    def is_report(self, page: Page) -> bool:
        """Whether a page is an annual report, which rules of its own judge."""
        return page.url in self._reports or is_title(page.title)

    def kind(self, page: Page) -> Kind:
        """The part of the site that an item stands in, "" where it is none."""
        found = self._known.get(page.column_path)
        if found is None:
            found = self._known[page.column_path] = self._of_path(page.column_path)
        return found

    def _of_path(self, path: tuple[str, ...]) -> Kind:
        if not path or any(word in name for name in path[1:] for word in table("platform")["not_items"]):
            return ""
        if self._in(path, "disclosure-guide", "information-request", "disclosure-reports"):
            return ""
        if self._in(path, "normative-documents"):
            return "normative"
        if self._in(path, "disclosure-system"):
            return "system"
        if self._in(path, "statutory-content") or any(self._platform.is_column(n, "platform") for n in path):
            return "statutory"
        return "policy" if self._in(path, "policies", "policies-like") else ""

    def _in(self, path: tuple[str, ...], *kinds: str) -> bool:
        return any(fit_of((name,), self._platform.spec(kind)) for kind in kinds for name in path)


@dataclass(frozen=True, slots=True)
class Block:
    """The metadata block of a page: its fields as printed, that of the date line with them."""

    fields: tuple[Labelled, ...]

    @property
    def labels(self) -> str:
        """Its labels, for people."""
        return "、".join(dict.fromkeys(one.label for one in self.fields if one.label))

    @property
    def template(self) -> str:
        """Its labels without those of publication, which the date line has too: they tell templates apart."""
        return "、".join(one.label for one in self.fields if one.name != "date_published")

    def value(self, *names: str) -> str:
        """The first value under these names that is filled in, "" without one."""
        found = (one.value.strip() for name in names for one in self.fields if one.name == name)
        return next((value for value in found if value), "")

    def field(self, name: str) -> Labelled | None:
        """The first field of a name."""
        return next((one for one in self.fields if one.name == name), None)


def block_of(page: PageView) -> Block | None:
    """The metadata block of a page; the date line under the title is none."""
    return page.once(_block) if len(page.facts.fields) >= 2 else None


def _block(page: PageView) -> Block | None:
    facts, names = page.facts, table("item-metadata")["block"]
    if sum(one.name in names for one in facts.fields) < 2:
        return None
    return Block(tuple(one for one in facts.fields if one.name in names or one.name == "date_published"))


def source_of(view: SiteView, url: str) -> str:
    """The source of a page as text, "" where its bytes are none; CaptureDamaged where they are not those kept."""
    page = view.content(url)
    try:
        return view.held.source(page.record) if page is not None and page.record is not None else ""
    except CaptureDamaged:
        raise
    except UnusableInput:
        return ""


def within(title: str) -> str:
    """A title as it stands inside 《》: titles in it take the single marks."""
    return title.translate(_SINGLE)


@dataclass(slots=True)
class Fold:
    """One fault on many pages: the first few places, all addresses, and what the first of them says."""

    values: dict[str, Any]
    points: list[Point] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)

    def result(self, outcome: Outcome, key: str, place: str, **values: Any) -> SiteResult:
        """The fault as one result; ``count`` is the number of pages."""
        told = {"count": len(self.pages), **self.values, **values}
        first, *others = self.points
        return SiteResult(outcome, key, told, point=first, points=tuple(others), pages=tuple(self.pages), place=place)


class Folds:
    """Faults of items, folded by what they have in common."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, ...], Fold] = {}

    def add(self, kind: tuple[str, ...], page: Page, words: str, **values: Any) -> None:
        """Note a fault of a page; ``values`` count where it is the first of its kind."""
        fold = self._found.setdefault(kind, Fold({"title": within(page.title), **values}))
        fold.pages.append(page.url)
        if len(fold.points) < _MOST_POINTS:
            fold.points.append(Point(page.url, words))

    def items(self) -> Iterator[tuple[tuple[str, ...], Fold]]:
        """Kinds and their faults, as they were found."""
        yield from self._found.items()
