"""The disclosure platform itself: its column, its boards, its functions (国办公开办函〔2019〕61号)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from crawler.evidence import Form
from scoring.checks.platform.items import ItemRegion
from scoring.checks.platform.region import Door, Platform
from scoring.data import table
from scoring.inspection import Outcome
from scoring.results import PageCheck, Point, SiteCase, SiteCheck, SiteResult
from scoring.site.view import PageView, SiteView


def _menu(view: SiteView) -> tuple[Point, str]:
    """Where the home page's menu stands, and what it names, for saying where something was looked for."""
    assert view.front is not None
    most = table("site-places")["longest_name"]
    seen = [link for link in view.front.links if not link.hidden and 2 <= len(link.text) <= most]
    menu = [link.text for link in seen if link.area == "nav"] or [link.text for link in seen]
    shown = list(dict.fromkeys(menu))[: table("platform")["most_named"]]
    return Point(view.front.url, shown[0] if shown else ""), "、".join(shown)


class PlatformShown(SiteCheck):
    """The home page leads to a column named 政府信息公开.

    A column of another name, or one that lies on the portal, is not missing. Missing is said only where all menus
    were read.
    """

    use: Literal["platform_shown"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view, platform = case.view, case.view.once(Platform)
        states = {door.state for door in platform.doors}
        if platform.fronts:
            inside = bool(platform.doors) and not any(platform.on_home(door) for door in platform.doors)
            yield self._deep(platform.doors[0]) if inside else SiteResult("pass")
        elif platform.away:
            yield SiteResult("not_checked", "away", {"host": platform.away})
        elif "unread" in states or any(door.state == "unread" for door in platform.others):
            yield SiteResult("not_checked", "gaps", {"gaps": view.gap_text() or "专栏没有读到"})
        elif platform.menu_gap and not platform.doors:
            yield SiteResult("not_checked", "gaps", {"gaps": platform.menu_gap})
        elif platform.doors:
            door = platform.doors[0]
            yield SiteResult("fail", "gone", {"url": door.url}, point=door.point, place="platform")
        elif platform.named_inside:
            yield SiteResult(
                "needs_review", "inside", {"url": platform.named_inside}, point=_menu(view)[0], place="home"
            )
        else:
            point, names = _menu(view)
            yield SiteResult("fail", "missing", {"names": names}, point=point, place="platform")

    def _deep(self, door: Door) -> SiteResult:
        return SiteResult("needs_review", "deep", {"url": door.found_on}, point=door.point, place="home")


class PlatformNamed(SiteCheck):
    """A column that serves as the platform is named 政府信息公开, at least where it is shown itself."""

    use: Literal["platform_named"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        platform = case.view.once(Platform)
        if platform.doors or platform.named_inside:
            yield SiteResult("pass")
            return
        shown = [door for door in platform.others if door.state != "gone"]
        if not shown:
            return
        if platform.away:
            yield SiteResult("not_checked", "away", {"host": platform.away})
        elif platform.menu_gap or not platform.fronts:
            yield SiteResult("not_checked", "gaps", {"gaps": platform.menu_gap or "专栏没有读到"})
        else:
            door = next(door for door in shown if door.state == "read")
            yield SiteResult("fail", "misnamed", {"name": door.name}, point=door.point, place="platform")


class PlatformParts(SiteCheck):
    """The platform has these parts (classes of ``rules/tables/site-places.yaml``) in its menu or in the site's.

    A part that stands there as a heading, that pages say they stand in, or that lies on another site is not missing.
    Where no part of a platform at all was found, its menu may be drawn by a script: a person judges.
    """

    use: Literal["platform_parts"]
    parts: tuple[str, ...]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        platform = case.view.once(Platform)
        if platform.fronts and not platform.has_part and not platform.gaps:
            values = {"platform": platform.name, "parts": "、".join(table("platform")["parts"][k] for k in self.parts)}
            point = Point(platform.fronts[0].url, platform.name)
            yield SiteResult("needs_review", "none", values, point=point, place="none")
            return
        for kind in self.parts:
            yield from self._part(platform, kind)

    def _part(self, platform: Platform, kind: str) -> Iterator[SiteResult]:
        data = table("platform")
        ways = platform.ways(kind)
        values: dict[str, Any] = {"part": data["parts"][kind], "platform": platform.name}
        if any(door.state != "gone" for door in ways):
            yield SiteResult("pass")
        elif ways:
            values["url"] = ways[0].url
            yield SiteResult("fail", "gone", values, point=ways[0].point, place=kind)
        elif platform.away:
            yield SiteResult("not_checked", "away", {"host": platform.away})
        elif not platform.fronts:
            if platform.doors or platform.others or platform.view.front is None:
                yield SiteResult("not_checked", "gaps", {"gaps": platform.view.gap_text() or "专栏没有读到"})
        elif platform.finds(kind):
            yield SiteResult("pass")
        elif platform.gaps:
            yield SiteResult("not_checked", "gaps", {"gaps": platform.gaps})
        elif other := platform.says(data["renamed"][kind]):
            yield SiteResult("needs_review", "renamed", {**values, "name": other.words}, point=other, place=kind)
        else:
            front = platform.fronts[0]
            values["pages"] = "、".join(page.url for page in platform.fronts)
            yield SiteResult("fail", "missing", values, point=Point(front.url, platform.name), place=kind)


class PlatformFunctions(PageCheck):
    """The platform can be searched, and offers documents to download (条例第二十四条)."""

    use: Literal["platform_functions"]

    def watch(self, case: SiteCase, on: date) -> _Functions:
        return _Functions(case)


class _Functions:
    """Counts the items of the platform until one of them offers a document."""

    def __init__(self, case: SiteCase) -> None:
        self._platform = case.view.once(Platform)
        self._region = ItemRegion(case)
        self._data = table("platform")["functions"]
        self._offered = False
        self._items: list[str] = []
        self._count = 0

    def see(self, page: PageView) -> None:
        if self._offered or not self._region.kind(page.page):
            return
        self._offered = bool(page.facts.attachments)
        self._count += page.page.kind == "article"
        if page.page.kind == "article" and len(self._items) < self._data["items_looked"]:
            self._items.append(page.url)

    def results(self) -> Iterator[SiteResult]:
        platform = self._platform
        if platform.away:
            yield SiteResult("not_checked", "away", {"host": platform.away})
        elif platform.fronts:
            yield self._search()
            yield from self._download()
        elif platform.doors or platform.others:
            yield SiteResult("not_checked", "gaps", {"gaps": platform.view.gap_text() or "专栏没有读到"})

    def _search(self) -> SiteResult:
        platform, view = self._platform, self._platform.view
        pages = [*platform.fronts, *self._boards()]
        everywhere = {_box(form) for form in view.front.facts.forms} if view.front else set()
        boxes = {_box(form) for page in pages for form in page.facts.forms if self._is_search(form)}
        if boxes - everywhere or platform.says(self._data["search"]):
            return SiteResult("pass")
        if not boxes and all(page.facts.access is None for page in pages):
            return SiteResult("not_checked", "old_capture")
        if platform.gaps:
            return SiteResult("not_checked", "gaps", {"gaps": platform.gaps})
        elsewhere = bool(boxes) or self._leads_to_search(platform.fronts[0])
        outcome: Outcome = "needs_review" if elsewhere else "fail"
        said = "site_search" if elsewhere else "no_search"
        point = Point(platform.fronts[0].url, platform.name)
        return SiteResult(outcome, said, {"platform": platform.name}, point=point, place="search")

    def _leads_to_search(self, page: PageView) -> bool:
        """Whether a page has a button or a link for searching, which a script or another page serves."""
        marks = self._data["search_addresses"]
        links = (link.url.lower() for link in page.links if link.area != "footer")  # records of the police are searched
        return any(mark in url for url in links for mark in marks) or bool(
            self._platform.says(self._data["site_search"])
        )

    def _boards(self) -> Iterator[PageView]:
        for kind in table("platform")["parts"]:
            for door in self._platform.ways(kind)[:1]:
                page = self._platform.view.look(door.url)
                if page is not None:
                    yield page

    def _is_search(self, form: Form) -> bool:
        said = "".join((form.action, *form.inputs, *form.words)).lower()
        return any(word in said for word in self._data["search_words"]) or len(form.inputs) == self._data["one_box"]

    def _download(self) -> Iterator[SiteResult]:
        platform = self._platform
        if self._offered or platform.says(self._data["download"], self._items):
            yield SiteResult("pass")
        elif self._count >= self._data["least_items"]:
            if platform.gaps:
                yield SiteResult("not_checked", "gaps", {"gaps": platform.gaps})
            else:
                values = {"platform": platform.name, "count": self._count}
                point = Point(platform.fronts[0].url, platform.name)
                points = tuple(Point(url) for url in self._items)
                yield SiteResult("fail", "no_download", values, point=point, points=points, place="download")


def _box(form: Form) -> tuple[str, tuple[str, ...]]:
    return form.action, form.inputs
