"""The view of one captured site that its checks share. Nothing here passes or fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, partial
from typing import Any, Literal, TypeVar
from urllib.parse import urljoin, urlsplit

from crawler.errors import UnusableInput
from crawler.evidence import Column, Document, Facts, Link, Page, Site
from crawler.urls import page_of
from scoring.data import table
from scoring.outcomes import refusal
from scoring.site.held import Held
from scoring.text import bare, key

_LOOKED = 200  # pages whose facts and links are kept while checks look at them
_EXPECTED = 1000  # pages kept from the visit because checks said that they will look at them
_GLANCED = 64  # pages whose lines are kept while checks ask for words
_MOST_REDIRECTS = 20  # one after another; the crawl itself follows fewer

State = Literal["read", "unread", "gone", "away"]
Listed = tuple[str, str | None]  # title and date under which a list names a page
T = TypeVar("T")


class PageView:
    """One web page that was read: its row, what it says about itself and its links, each read from the index once.

    ``facts`` gives what the page says about itself and ``listed`` is what lists call it, where they are at hand.
    """

    __slots__ = ("_facts", "_give", "_held", "_links", "_listed", "_made", "page", "url")

    def __init__(
        self, page: Page, held: Held, facts: Callable[[], Facts] | None = None, listed: list[Listed] | None = None
    ) -> None:
        self.page = page
        self.url = page.url
        self._held = held
        self._give = facts
        self._listed = listed
        self._facts: Facts | None = None
        self._links: list[Link] | None = None
        self._made: dict[Callable[[PageView], Any], Any] = {}

    @property
    def facts(self) -> Facts:
        """What the page says about itself; empty facts where the capture has none."""
        if self._facts is None:
            given = self._give() if self._give is not None else self._held.facts(self.url)
            self._facts = given or Facts(self.url)
        return self._facts

    @property
    def listed(self) -> list[Listed]:
        """(title, date as ISO) under which the lists of the site name the page."""
        if self._listed is None:
            self._listed = self._held.listed(self.url)
        return self._listed

    def once(self, make: Callable[[PageView], T]) -> T:
        """What a function makes of this page, made only once for all watchers that ask."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    @property
    def links(self) -> list[Link]:
        if self._links is None:
            self._links = list(self._held.links(self.page.url))
        return self._links


class Glance:
    """The lines of a page, as ``Capture.lines`` has them, and all of them as one ``text`` without marks and spaces."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    @cached_property
    def text(self) -> str:
        return bare("".join(self.lines))


@dataclass(frozen=True, slots=True)
class Place:
    """A named part of the site: a column, or a page or another site that a menu leads to.

    ``names`` are what column, tag and menus call it, ``path`` the names above it. ``column`` is there where a list
    stands under the address. ``state`` says what is known of it: ``read``; ``unread`` (``why`` is the reason, as the
    capture has it); ``gone`` where it does not exist any more; ``away`` where it lies on another site.
    """

    url: str
    names: tuple[str, ...]
    path: tuple[str, ...]
    state: State
    found_on: str
    column: Column | None = None
    why: str = ""

    @property
    def name(self) -> str:
        return self.names[0] if self.names else self.url


class SiteView:
    """One site on one day.

    ``day`` is the day for which freshness counts: that of the capture, or that of judging where it is earlier.
    ``pages`` are all addresses that the crawl met, by address, in order; a page's text and links stay in the index.
    """

    def __init__(self, held: Held, site: Site, on: date, documents: Callable[[str], Document]) -> None:
        self.held = held
        self._documents = documents
        self.site = site
        self.day = min(on, held.finished.date())
        self.pages = {page.url: page for page in held.pages()}
        self.home = next((page for page in self.pages.values() if page.kind == "home"), None)
        self._looked: dict[str, PageView] = {}
        self._expected: dict[str, PageView | None] = {}
        self._made: dict[Callable[[SiteView], Any], Any] = {}
        self._glance = lru_cache(maxsize=_GLANCED)(partial(_glimpse, held))
        self._origin = urljoin(site.home, "/")
        self._reasons = dict(held.refusals())
        self._read = {page.record: page for page in self.pages.values() if page.was_read}
        self._redirected = {page.found_on: page for page in self.pages.values()}

    def once(self, make: Callable[[SiteView], T]) -> T:
        """What a function makes of this site, made only once for all checks that ask; it goes with the view."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    def close(self) -> None:
        """Forget what was made of the site: much of it knows the view, and looking for such circles takes time."""
        self._made.clear()

    # --- pages ---

    def visit(self) -> Iterator[PageView]:
        """Every web page that was read, once for each content, in the order of reading."""
        told = self.held.all_facts()
        ahead = next(told, None)
        for page in self.pages.values():
            facts, listed = None, None
            if ahead is not None and ahead[0] == page.url:
                _, facts, listed = ahead
                ahead = next(told, None)
            if page.was_read and page.media in ("html", ""):
                seen = PageView(page, self.held, facts, listed)
                if page.url in self._expected:
                    self._expected[page.url] = seen
                yield seen

    def expect(self, urls: Iterable[str]) -> None:
        """Keep the pages that these addresses lead to, as far as there is room, from the visit that comes."""
        for url in urls:
            page = self.content(url) if len(self._expected) < _EXPECTED else None
            if page is not None:
                self._expected[page.url] = None

    def look(self, url: str) -> PageView | None:
        """The page that an address leads to, where it was read; what was looked at lately is kept."""
        page = self.content(url)
        if page is None:
            return None
        if kept := self._expected.get(page.url):
            return kept
        kept = self._looked.pop(page.url, None) or PageView(page, self.held)
        self._looked[page.url] = kept  # the last one again
        if len(self._looked) > _LOOKED:
            del self._looked[next(iter(self._looked))]
        return kept

    def document(self, url: str) -> Document | None:
        """What was read of the document or page at an address, None where nothing was; a web page is read anew."""
        page = self.content(url)
        if page is None or page.record is None:
            return None
        try:
            return self._documents(page.record)
        except (UnusableInput, ValueError):  # kept, but not readable
            return None

    def may_say(self, url: str, *words: str) -> bool:
        """Whether the document of an address may hold one of these words, marks and spaces apart: False is certain.

        A glance at a page costs a third of reading it anew.
        """
        seen = self.glance(url)
        return seen is None or any(key(word) in seen.text for word in words)

    def glance(self, url: str) -> Glance | None:
        """What stands on the page at an address; None where its document may say more."""
        page = self.content(url)
        if page is None or page.record is None or page.media not in ("html", ""):
            return None
        return self._glance(page.record)

    @cached_property
    def front(self) -> PageView | None:
        """The home page, where it was read."""
        return self.look(self.home.url) if self.home is not None and self.home.was_read else None

    @cached_property
    def menu(self) -> frozenset[str]:
        """Addresses that the home page links to."""
        return frozenset(link.url for link in self.front.links) if self.front else frozenset()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return tuple(self.held.columns())

    def column_at(self, url: str) -> Column | None:
        """The column whose list stands under an address."""
        return self._columns_by_page.get(url)

    @cached_property
    def _columns_by_page(self) -> dict[str, Column]:
        found: dict[str, Column] = {}
        for column in self.columns:
            for url in (column.url, *column.pages):
                found.setdefault(url, column)
        return found

    # --- what was read ---

    def content(self, url: str) -> Page | None:
        """The page that holds what an address shows (behind redirects, and of copies the one kept); None if unread."""
        page = self.led_to(url)
        if page is None:
            return None
        if page.outcome == "duplicate":
            return self._read.get(page.record)
        return page if page.was_read else None

    def led_to(self, url: str) -> Page | None:
        """The page at the end of the redirects; None where it is not known."""
        page = self.pages.get(url) or self.pages.get(page_of(url))
        for _ in range(_MOST_REDIRECTS):
            if page is None or page.outcome != "redirect":
                break
            page = self._redirected.get(page.url)
        return page

    def was_read(self, url: str) -> bool | None:
        """Whether what stands under an address was read; None where it leads to a page that is not known."""
        page = self.led_to(url)
        if page is None:
            return None if url in self.pages else False
        return self.content(url) is not None

    def reason(self, url: str) -> str:
        """Why an address was not read, as the capture has it (``robots``, ``dead``, ``http-500``); "" where unknown."""
        page = self.led_to(url)
        for asked in (url, page.url if page is not None else url):
            if found := self._reasons.get(asked):
                return found
        return ""

    def why(self, url: str) -> str:
        """The reason for which an address was not read, in brackets; "" where none is known."""
        reason = self.reason(url)
        return f"（{refusal(reason)}）" if reason else ""

    def is_own(self, url: str) -> bool:
        """Whether an address lies on the host of the site's home page."""
        return url.startswith(self._origin) or _host(url) == _host(self.site.home)

    # --- named parts ---

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Columns, and what menus lead to, one for each address that content stands under."""
        limits = table("site-places")
        drafts: dict[str, _Draft] = {}

        def draft(url: str, found_on: str) -> _Draft:
            page = self.content(url)
            return drafts.setdefault(page.url if page is not None else url, _Draft(url, found_on))

        for column in self.columns:
            here = draft(column.url, column.pages[0] if column.pages else column.url)
            here.column, here.path = column, column.path
            here.name(column.name, column.tag)
        home = self.home.url if self.home else ""
        menus = [home, *(c.url for c in self.columns)] if self.front else [c.url for c in self.columns]
        for url in dict.fromkeys(menus):
            seen = self.look(url)
            for link in seen.links if seen is not None else ():
                text = link.text or link.title
                # Menus hide their lower levels until the mouse comes.
                if (link.hidden and not self.is_own(link.url)) or not 2 <= len(text) <= limits["longest_name"]:
                    continue
                if url == home or link.area in ("nav", "footer"):
                    draft(link.url, url).name(text)
        return tuple(self._place(url, one) for url, one in drafts.items())

    def _place(self, url: str, draft: _Draft) -> Place:
        page = self.content(url)
        path = draft.path or (page.column_path if page is not None else ())
        return Place(url, tuple(draft.names), path, self.state(url), draft.found_on, draft.column, self.reason(url))

    def state(self, url: str) -> State:
        """What is known of an address, as ``Place`` has it."""
        if self.content(url) is not None:
            return "read"
        if not self.is_own(url):
            return "away"
        return "gone" if self.reason(url) in table("site-places")["gone"] else "unread"

    def classed(self, kind: str) -> tuple[Place, ...]:
        """The places of a class of ``rules/tables/site-places.yaml``, the best fitting first."""
        return self._classes.get(kind, ())

    @cached_property
    def _classes(self) -> dict[str, tuple[Place, ...]]:
        found: dict[str, tuple[Place, ...]] = {}
        for kind, spec in table("site-places")["classes"].items():
            graded = [(fit, place) for place in self.places if (fit := fit_of(place.names, spec))]
            found[kind] = tuple(place for fit, place in sorted(graded, key=lambda pair: -pair[0]))
        return found

    # --- what may be called absent ---

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """What keeps one from saying that something is not on the site; empty where its menus were read whole.

        An address that does not exist, or that lies on another site, is no gap; a crawl that was cut short is one.
        """
        data = table("site-places")
        if self.front is None:
            return ("首页没有读到",)
        found = [
            f"“{place.name}”未读{self.why(place.url)}"
            for place in self.places
            if place.state == "unread"
            and place.why not in data["no_gap"]
            and not any(word in place.name for word in data["not_parts"])
        ]
        cut = [refusal(reason) for reason in data["cut_short"] if self.held.refused.get(reason)]
        return (*found, *cut)

    def gap_text(self) -> str:
        """The gaps in one line for people, at most a few of them named."""
        shown = table("site-places")["gaps_shown"]
        rest = len(self.gaps) - shown
        return "；".join(self.gaps[:shown]) + (f"等 {len(self.gaps)} 处" if rest > 0 else "")


class _Draft:
    """A place while its names are gathered."""

    def __init__(self, url: str, found_on: str) -> None:
        self.url, self.found_on = url, found_on
        self.names: list[str] = []
        self.path: tuple[str, ...] = ()
        self.column: Column | None = None

    def name(self, *names: str) -> None:
        self.names += [one for name in names if (one := name.strip()) and one not in self.names]


def fit_of(called: Sequence[str], spec: Mapping[str, Sequence[str]]) -> int:
    """How well what something is called fits a class: 2 by a name, 1 by a part of the first name, 0 not at all."""
    names = [key(name) for name in called]
    first = names[0] if names else ""
    if any(word in first for word in spec.get("not", ())):
        return 0
    exact = spec["names"]
    for name in names:  # asked for very often
        if name in exact:
            return 2
    return int(any(word in first for word in spec.get("contains", ())))


def _glimpse(held: Held, record: str) -> Glance | None:
    lines = held.lines(record)
    return None if lines is None else Glance(lines)


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()
