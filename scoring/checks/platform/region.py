"""Where a site's disclosure platform stands: its column, the boards of its menu and the pages that show them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from crawler.evidence import Block, Link
from scoring.checks.report.identity import same_unit
from scoring.data import table
from scoring.results import Point
from scoring.site.view import PageView, SiteView, State, fit_of
from scoring.text import key

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Door:
    """What a page or column calls an address: ``found_on`` shows the name, ``state`` is that of a ``Place``."""

    name: str
    url: str
    found_on: str
    state: State

    @property
    def point(self) -> Point:
        """Where the name stands."""
        return Point(self.found_on, link=self.url)


class Platform:
    """The disclosure platform of one site. Nothing here passes or fails.

    ``doors`` are named 政府信息公开, ``others`` otherwise; ``fronts`` are the pages read behind them. Kinds are the
    classes of ``rules/tables/site-places.yaml``.
    """

    def __init__(self, view: SiteView) -> None:
        self.view = view
        self._data = table("platform")
        self._classes: dict[str, dict[str, list[str]]] = table("site-places")["classes"]
        # One rule after the other asks for the same few parts.
        self._led: dict[str, tuple[Door, ...]] = {}
        self._held: dict[str, bool] = {}

    # --- the column ---

    @cached_property
    def doors(self) -> tuple[Door, ...]:
        """What is named 政府信息公开 anywhere in the menus, what the home page shows first."""
        return self._of_column("platform")

    @cached_property
    def others(self) -> tuple[Door, ...]:
        """What carries another name that such columns had."""
        return self._of_column("platform-other")

    def _of_column(self, kind: str) -> tuple[Door, ...]:
        home = self.view.home.url if self.view.home else ""
        named = [door for door in self._menus if self.is_column(door.name, kind)]
        # A menu that leads nowhere but to its own page is a heading.
        found = [door for door in named if not (door.state == "read" and self._same(door.url, home))]
        return tuple(sorted(found, key=lambda door: (not self.on_home(door), door.state != "read")))

    def is_column(self, name: str, kind: str) -> bool:
        """The name itself, or behind that of the unit."""
        called, names = key(name), self._classes[kind]["names"]
        if called in names:
            return True
        ending = next(filter(called.endswith, names), "")
        before = called.removesuffix(ending)
        return bool(ending) and len(before) >= 2 and same_unit(before, self.view.site.name)

    def on_home(self, door: Door) -> bool:
        """Whether the home page leads there."""
        return door in self._home_doors or any(door.url == other.url for other in self._home_doors)

    @cached_property
    def named_inside(self) -> str:
        """An address whose path or title names the platform, where no menu does; "" without one."""
        for page in self.view.pages.values():
            if page.was_read and page.kind != "home":
                names = (*page.column_path, page.title)
                if any(self.is_column(name, "platform") for name in names):
                    return page.url
        return ""

    @cached_property
    def fronts(self) -> tuple[PageView, ...]:
        """The pages behind the doors, else behind the other names, and the frames in them."""
        found: dict[str, PageView] = {}
        for door in self.doors or self.others:
            page = self.view.look(door.url) if door.state == "read" else None
            if page is not None and len(found) < self._data["most_fronts"]:
                found.setdefault(page.url, page)
        return self._with_frames(list(found.values()))

    @cached_property
    def name(self) -> str:
        """What the platform is called."""
        door = next((door for door in self.doors or self.others if door.state == "read"), None)
        return door.name if door else ""

    @cached_property
    def away(self) -> str:
        """The host that the platform lies on, where it is another site's; "" where it is not."""
        hosts = [urlsplit(door.url).netloc for door in self.doors or self.others if door.state == "away"]
        return hosts[0] if hosts and not self.fronts else ""

    # --- its parts ---

    def ways(self, kind: str) -> tuple[Door, ...]:
        """What leads to a part of the platform, the best named first."""
        if kind not in self._led:
            self._led[kind] = self._ways(kind)
        return self._led[kind]

    def _ways(self, kind: str) -> tuple[Door, ...]:
        spec = self._classes[kind]
        graded: dict[str, tuple[int, Door]] = {}
        for door in self._leading:
            fit = fit_of((door.name,), spec)
            if fit > graded.get(door.url, (0, door))[0]:
                graded[door.url] = (fit, door)
        ranked = sorted(graded.values(), key=lambda pair: (-pair[0], pair[1].state != "read"))
        return tuple(door for _, door in ranked)

    def says(self, names: dict[str, list[str]], urls: Iterable[str] = ()) -> Point | None:
        """Where pages (without any: the fronts) name something in a heading, tab or button, with a link or without."""
        for url in urls or (page.url for page in self.fronts):
            for text in self._lines(url):
                if fit_of((text,), names):
                    return Point(url, text)
        return None

    def holds(self, kind: str) -> bool:
        """Whether a page that was read is called like this part, or says that it stands in it."""
        if kind not in self._held:
            self._held[kind] = any(fit_of((name,), self._classes[kind]) for name in self._named)
        return self._held[kind]

    @cached_property
    def _named(self) -> frozenset[str]:
        """What pages that were read are called, and the parts of the site that they say they stand in."""
        longest = table("site-places")["longest_name"]
        read = [page for page in self.view.pages.values() if page.was_read]
        paths = frozenset(name for path in {page.column_path for page in read} for name in path)
        return paths.union(p.title for p in read if len(p.title) <= longest and not _DIGIT.search(p.title))

    def spec(self, kind: str) -> dict[str, list[str]]:
        """The names of a class."""
        return self._classes[kind]

    @cached_property
    def gaps(self) -> str:
        """What keeps one from calling a part of the platform missing, in one line; "" where nothing does."""
        if self.view.gaps:
            return self.view.gap_text()
        if unread := self._unread_frames(self.fronts):
            return unread
        return "" if any(self._lines(page.url) for page in self.fronts) else "专栏页面没有文字"

    # --- names and where they lead ---

    @cached_property
    def menu_gap(self) -> str:
        """What keeps one from saying that no menu names something, in one line; "" where all menus were read."""
        if self.view.gaps:
            return self.view.gap_text()
        unread = self._unread_frames(self._home_pages)
        signs = self._data["menu_signs"]
        links = [link for page in self._home_pages for link in page.links]
        in_menu = sum(link.area == "nav" for link in links)
        if not unread and in_menu < signs["least"] and not any(key(link.text) in signs["home"] for link in links):
            return "首页没有读到菜单"
        return unread

    @cached_property
    def has_part(self) -> bool:
        """Whether any part of a platform was found: then its menu was read."""
        return any(self.finds(kind) for kind in self._data["parts"])

    def finds(self, kind: str) -> bool:
        """Whether anything leads to a part, names it or stands in it."""
        return bool(self.ways(kind)) or self.says(self.spec(kind)) is not None or self.holds(kind)

    @cached_property
    def _home_pages(self) -> tuple[PageView, ...]:
        """The home page and the frames in it."""
        front = self.view.front
        return self._with_frames([front]) if front is not None else ()

    def _with_frames(self, pages: list[PageView]) -> tuple[PageView, ...]:
        found = {page.url: page for page in pages}
        for page in pages:
            for link in page.links:
                inner = self.view.look(link.url) if link.form == "frame" else None
                if inner is not None:
                    found.setdefault(inner.url, inner)
        return tuple(found.values())

    def _unread_frames(self, pages: Iterable[PageView]) -> str:
        for page in pages:
            for link in page.links:
                if link.form == "frame" and self.view.state(link.url) in ("unread", "away"):
                    return f"框架页 {link.url} 未读{self.view.why(link.url)}"
        return ""

    @cached_property
    def _home_doors(self) -> tuple[Door, ...]:
        """What the home page names, its drop-down menus too, which scripts show and hide."""
        return tuple(door for page in self._home_pages for door in self._doors_of(page, page.links))

    @cached_property
    def _menus(self) -> tuple[Door, ...]:
        """The named parts of the site."""
        found: dict[tuple[str, str], Door] = {}
        for place in self.view.places:
            tag = place.column.tag if place.column else ""
            for name in place.names:
                if name != tag or (place.column and name == place.column.name):
                    found.setdefault((name, place.url), Door(name, place.url, place.found_on, place.state))
        for door in self._home_doors:
            found.setdefault((door.name, door.url), door)
        return tuple(found.values())

    @cached_property
    def _shown(self) -> tuple[Door, ...]:
        """What the platform's own pages link to."""
        return tuple(door for page in self.fronts for door in self._doors_of(page, page.links))

    @cached_property
    def _leading(self) -> tuple[Door, ...]:
        """What may lead to a part of the platform: names with digits are titles."""
        return tuple(door for door in (*self._menus, *self._shown) if not _DIGIT.search(door.name))

    def _doors_of(self, page: PageView, links: Iterable[Link]) -> Iterator[Door]:
        longest = table("site-places")["longest_name"]
        for link in links:
            for name in dict.fromkeys((link.text, link.title)):
                if 2 <= len(name) <= longest:
                    yield Door(name, link.url, page.url, self.view.state(link.url))

    def _lines(self, url: str) -> list[str]:
        """Short lines of a page, as they stand."""
        document = self.view.document(url)
        return [text for block in document.blocks for text in _short(block)] if document is not None else []

    def _same(self, url: str, other: str) -> bool:
        page = self.view.content(url)
        return page is not None and page.url == other


def _short(block: Block) -> Iterator[str]:
    longest = table("site-places")["longest_name"]
    texts = [cell.raw for cell in block.table.cells] if block.table is not None else [block.text]
    for text in texts:
        for line in text.split("\n"):
            if 2 <= len(line.strip()) <= longest and not _DIGIT.search(line):
                yield line.strip()
