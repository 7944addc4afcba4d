"""Where on a site an item stands: by the names of columns and menus, by the titles of pages, and how surely.

Words and limits: rules/tables/catalogue.yaml (with its sources). Nothing here passes or fails.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Literal

from crawler.evidence import Column, Page
from scoring.catalogue.directory import Item
from scoring.catalogue.reading import Reading
from scoring.data import table
from scoring.results import Point
from scoring.site.view import Place, SiteView, State
from scoring.text import fold, key

# A column of exactly that name in the disclosure part (or anywhere, where the item says so); a column whose name fits
# otherwise; pages of the disclosure part whose titles fit; anything that fits elsewhere; nothing.
Confidence = Literal["exact", "named", "content", "elsewhere", ""]
_ORDER: tuple[Confidence, ...] = ("exact", "named", "content", "elsewhere", "")
_STATES: tuple[State, ...] = ("read", "away", "unread", "gone")


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a menu, a path or a column gives a name. ``names`` and ``tag`` are without marks and spaces."""

    label: str
    names: tuple[str, ...]
    url: str
    state: State
    disclosed: bool
    found_on: str
    column: Column | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Titled:
    """A page by its title, as it says itself or as a list (``on``) calls it."""

    title: str
    url: str
    disclosed: bool
    on: str


@dataclass(frozen=True, slots=True)
class Found:
    """What an item was matched to: named parts of the site and titles, the surest first."""

    item: Item
    confidence: Confidence
    named: tuple[Named, ...] = ()
    titled: tuple[Titled, ...] = ()

    @property
    def state(self) -> State | None:
        """What is known of it: ``read`` where any of it was read; None where nothing was found."""
        states = {one.state for one in self.named} | ({"read"} if self.titled else set())
        return next((state for state in _STATES if state in states), None)

    @property
    def first(self) -> Named | None:
        """The named part that counts: the surest one that was read."""
        return min(self.named, key=lambda one: _STATES.index(one.state), default=None)


class Shelf:
    """Everything on a site that has a name or a title; made once for each view."""

    def __init__(self, view: SiteView) -> None:
        self._view = view
        self.data = table("catalogue")
        classes = table("site-places")["classes"]
        self._platform = {name for kind in self.data["platform_classes"] for name in classes[kind]["names"]}
        read = ((url, page) for url, page in view.pages.items() if page.was_read)
        self._inside = {url for url, page in read if self.is_disclosed(page.column_path)}
        for column in view.columns:
            if self.is_disclosed((*column.path, column.name)):
                self._inside.update((column.url, *column.pages))
        self._entries = tuple(view.held.entries())
        self._listed = {entry.url: entry.date is not None for entry in self._entries}
        self.named = tuple(self._named())
        self.titled = tuple(self._titled())
        self._folded = tuple(key(one.title) for one in self.titled)
        self._every_title = "\n".join(self._folded)
        self._begins = tuple(accumulate((len(title) + 1 for title in self._folded), initial=0))
        self._found: dict[int, Found] = {}

    def is_disclosed(self, path: Iterable[str]) -> bool:
        """Whether a path of names leads into the disclosure part."""
        return any(word in name for name in path for word in self.data["disclosure"])

    def _named(self) -> Iterator[Named]:
        seen: set[tuple[str, str]] = set()
        for place in self._view.places:
            if not self._is_entry(place.url):
                yield self._of_place(place)
            seen.update((key(name), place.url) for name in place.names)
        for name, page, inside in self._crumbs():
            if (key(name), page.url) not in seen:
                yield Named(name, (key(name),), page.url, "read", inside, page.url)
        for url in self._fronts():
            front = self._view.look(url)
            for link in front.links if front is not None else ():
                label = link.text or link.title
                name = key(label)
                # What scripts show and hide is there too: a drop-down menu, a tab.
                if not 2 <= len(name) <= self.data["longest_name"] or (name, link.url) in seen:
                    continue
                if self._is_entry(link.url):
                    continue
                seen.add((name, link.url))
                inside = link.url in self._inside or (url in self._inside and link.url not in self._view.menu)
                yield Named(label, (name,), link.url, self._view.state(link.url), inside, url)

    def _is_entry(self, url: str) -> bool:
        """Whether a list has this address as one of its articles, so that its name is a title."""
        if url not in self._listed or self._view.column_at(url) is not None:
            return False
        page = self._view.content(url)
        return self._listed[url] or (page is not None and page.kind in ("article", "document"))

    def _of_place(self, place: Place) -> Named:
        column = place.column
        tag = key(column.tag) if column is not None and column.tag else ""
        inside = self.is_disclosed((*place.path, *place.names)) or place.url in self._inside
        inside = inside or place.found_on in self._inside
        names = tuple(key(name) for name in place.names)
        # A template often carries one ColumnType through all its columns: it is kept apart.
        called = tuple(name for name in names if name != tag or (column is not None and key(column.name) == tag))
        return Named(place.name, called or names[:1], place.url, place.state, inside, place.found_on, column, tag)

    def _crumbs(self) -> Iterator[tuple[str, Page, bool]]:
        """The names in the paths of pages, each once, with a page that stands there."""
        seen: set[str] = set()
        for page in self._view.pages.values():
            if not page.was_read:
                continue
            for depth, name in enumerate(page.column_path):
                if key(name) not in seen:
                    seen.add(key(name))
                    yield name, page, self.is_disclosed(page.column_path[: depth + 1])

    def _fronts(self) -> list[str]:
        """The home page and the pages of the disclosure part that lead on, the nearest first."""
        home = self._view.home.url if self._view.home is not None else ""
        pages = [self._view.pages[url] for url in self._inside if url in self._view.pages and url != home]
        fronts = sorted(
            (p for p in pages if p.was_read and p.kind not in ("article", "document")), key=lambda p: p.depth
        )
        return [page.url for page in fronts[: self.data["pages_looked"]]]

    def _titled(self) -> Iterator[Titled]:
        seen: set[tuple[str, str]] = set()
        for url, page in self._view.pages.items():
            if page.was_read and page.title and page.kind not in ("home", "column"):
                seen.add((page.title, url))
                yield Titled(page.title, url, url in self._inside, url)
        for entry in self._entries:
            if (entry.title, entry.url) not in seen:
                seen.add((entry.title, entry.url))
                yield Titled(
                    entry.title, entry.url, entry.page in self._inside or entry.url in self._inside, entry.page
                )

    # --- asking ---

    def find(self, item: Item) -> Found:
        """What of the site an item is matched to, looked for once for all rules that ask."""
        found = self._found.get(id(item))  # which holds the item, so that its id is no other's
        if found is None:
            found = self._found[id(item)] = self._find(item)
        return found

    def _find(self, item: Item) -> Found:
        named = sorted(self._fits(item), key=lambda pair: _ORDER.index(pair[0]))
        best: Confidence = named[0][0] if named else ""
        sure = tuple(one for how, one in named if how in ("exact", "named"))
        titles = self.titles(item.titles)
        inside = tuple(one for one in titles if one.disclosed)
        if sure:
            return Found(item, best, sure, titles)
        if inside:
            return Found(item, "content", (), inside)
        if item.around and (told := self._told(item)):
            return told
        if spoken := self._spoken(item):
            return Found(item, "named", spoken, titles)
        if titles or named:
            return Found(item, "elsewhere", tuple(one for _, one in named), titles)
        return Found(item, "")

    def _spoken(self, item: Item) -> tuple[Named, ...]:
        """Names of the item that stand on the fronts without a link: what a script opens there is not known."""
        longest = self.data["longest_part"]

        def fits(line: str) -> bool:
            name = key(line)
            return name in item.names or (len(line) <= longest and any(word in name for word in item.contains))

        if not any(map(fits, self._glimpsed)):  # a page is read anew only where its lines name the item
            return ()
        return tuple(Named(line, (key(line),), url, "unread", True, url) for line, url in self._lines if fits(line))[:1]

    @cached_property
    def _nearest(self) -> list[str]:
        return self._fronts()[: self.data["fronts_lined"]]

    @cached_property
    def _lines(self) -> tuple[tuple[str, str], ...]:
        """The short lines of the nearest fronts that are neither links nor titles of lists."""
        found = []
        for url in self._nearest:
            document = self._view.document(url)
            for block in document.blocks if document is not None else ():
                lines = block.text.split("\n") if block.table is None else []
                found += [(line, url) for line in self._unknown(lines)]
        return tuple(dict.fromkeys(found))

    @cached_property
    def _glimpsed(self) -> tuple[str, ...]:
        """The lines of the nearest fronts, as far as a glance tells: those of ``_lines`` and some more."""
        seen = [self._view.glance(url) for url in self._nearest]
        if None in seen:
            return tuple(line for line, _ in self._lines)
        return tuple(dict.fromkeys(line for one in seen if one is not None for line in self._unknown(one.lines)))

    def _unknown(self, lines: Iterable[str]) -> Iterator[str]:
        """Those that are short and name nothing that is known."""
        for line in lines:
            if 2 <= len(line.strip()) <= self.data["longest_name"] and key(line) not in self._known:
                yield line.strip()

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(name for one in self.named for name in one.names).union(self._folded)

    def near(self, item: Item) -> Iterator[tuple[Titled, Page, Reading]]:
        """Pages whose titles are near the item, with what they say."""
        held = ((one, self._view.content(one.url)) for one in self.titles(item.around))
        pages = [(one, page) for one, page in held if page is not None]
        for one, page in pages[: self.data["pages_read"]]:
            yield one, page, Reading(self._view, [page])

    def _told(self, item: Item) -> Found | None:
        """Pages near the item whose texts name it; what they may hold unread counts as doubt."""
        for one, _, reading in self.near(item):
            if reading.says(item.texts):
                return Found(item, "content" if one.disclosed else "elsewhere", (), (one,))
            if reading.unread or reading.pictures:
                return Found(item, "elsewhere", (), (one,))
        return None

    def _fits(self, item: Item) -> Iterator[tuple[Confidence, Named]]:
        for one in self.named:
            if any(word in one.names[0] for word in item.excluded):
                continue
            here = one.disclosed or item.anywhere
            if any(name in item.names for name in one.names):
                yield ("exact" if here else "named"), one
            elif any(word in name for word in item.contains for name in one.names):
                yield ("named" if here else "elsewhere"), one
            elif one.tag and one.tag in item.names:
                yield "elsewhere", one

    def titles(self, wanted: Iterable[tuple[str, ...]]) -> tuple[Titled, ...]:
        """The pages in whose titles all words of one of these stand."""
        found = {number for one in wanted for number in self._with(tuple(map(key, one)))}
        return tuple(self.titled[number] for number in sorted(found))

    def _with(self, words: tuple[str, ...]) -> Iterator[int]:
        """The numbers of the titles that hold all of these words, looked for in all titles at once by the longest."""
        longest = max(words, key=len, default="")
        at = self._every_title.find(longest)
        while 0 <= at < self._begins[-1]:
            number = bisect_right(self._begins, at) - 1
            if all(word in self._folded[number] for word in words):
                yield number
            at = self._every_title.find(longest, self._begins[number + 1])

    def unseen(self, umbrella: Iterable[str] = ()) -> str:
        """Why nothing can be called absent from what was read of the site; "" where it can.

        The menus have to be read whole, no part called as the disclosure part (or by a word of ``umbrella``) may lie
        on another site, and the lists of the disclosure part have to be read whole.
        """
        if self._view.gaps:
            return self._view.gap_text()
        words = [key(word) for word in umbrella]
        for one in self.named:
            if one.state != "away":
                continue
            if self._is_platform(one) or any(word in name for word in words for name in one.names):
                return f"“{one.label}”在另一网站（{one.url}）"
        short = next((c for c in self._view.columns if c.url in self._inside and (not c.complete or c.gaps)), None)
        return f"“{short.name}”的列表没有读全" if short is not None else ""

    def _is_platform(self, one: Named) -> bool:
        return any(name in self._platform for name in one.names)

    def where(self) -> tuple[Point, tuple[Point, ...]]:
        """Where an item that is missing was looked for: the heads of the disclosure part, else the home page."""
        heads = [
            Point(one.url, words=one.label, label=f"已查看“{one.label}”")
            for one in self.named
            if one.state == "read" and key(one.label) in self._platform
        ]
        home = [Point(self._view.home.url, label="首页")] if self._view.home is not None else []
        first, *rest = [*heads, *home]
        return first, tuple(rest[:4])


def shelf_of(view: SiteView) -> Shelf:
    """The shelf of a view, made when it is first asked for."""
    return view.once(Shelf)


def pages_of(view: SiteView, found: Found) -> list[Page]:
    """The pages of an item that were read: its columns, their entries, and those with fitting titles."""
    urls: dict[str, None] = {}
    for one in found.named:
        urls[one.url] = None
        for address in one.column.pages if one.column is not None else ():
            urls[address] = None
            urls.update(dict.fromkeys(entry.url for entry in view.held.entries(address)))
    names = {name for one in found.named for name in one.names}
    for url, page in view.pages.items():
        if page.was_read and any(key(name) in names for name in page.column_path):
            urls[url] = None
    urls.update(dict.fromkeys(one.url for one in found.titled))
    read = {page.url: page for page in map(view.content, urls) if page is not None}
    return list(read.values())


def unread_of(view: SiteView, found: Found) -> str:
    """What of an item's own columns was not read, in words; "" where all of it was."""
    for one in found.named:
        column = one.column
        if one.state in ("unread", "away"):
            return f"“{one.label}”{'在另一网站' if one.state == 'away' else '没有读到' + view.why(one.url)}"
        if column is not None and (not column.complete or column.gaps):
            return f"“{column.name}”的列表没有读全"
        for address in column.pages if column is not None else ():
            for entry in view.held.entries(address):
                if view.content(entry.url) is None and view.state(entry.url) != "gone":
                    return f"《{fold(entry.title)[:40]}》没有读到{view.why(entry.url)}"
    return ""
