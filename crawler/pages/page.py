"""Facts of one HTML page: what kind it is, its date, its place in the site, its links, its list and its footer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from crawler import dates, listing
from crawler.evidence import DateSeen, Facts, Link, LinkArea, ListEntry, PageKind
from crawler.listing import rows as lists
from crawler.listing.base import Paging, Turn
from crawler.pages.areas import MainText, areas_of, chrome_lines, main_text, trimmed
from crawler.pages.crumbs import breadcrumb
from crawler.pages.emptiness import emptiness, forward
from crawler.pages.footer import read_footer
from crawler.pages.links import Links, read_links
from crawler.pages.parts import read_parts
from crawler.pages.statements import Stated, labelled, read_stated, source_of, tag, tag_dates, text_dates
from crawler.pages.title import article_title, column_title, home_title
from crawler.readers.html import Opened, is_attachment
from crawler.readers.page.addresses import Addresses
from crawler.readers.page.scan import Scan, scan
from crawler.words import load

_NO_TEXT = MainText(-1, (), "", 0)
_LISTS = ("list", "column")
_CHROME = ("nav", "footer")
_WHOLE = ("html", "body")
_MOST_GROUPS = 20


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page says about itself.

    ``paging`` is how its list goes on (None where it is no list, or all of it stands on the page). ``forward`` is
    where the page sends the reader on. ``empty`` and ``empty_quote`` are those of a column, as in ``Column``.
    ``column_tag`` is its ColumnType; ``facts`` holds everything else.
    """

    kind: PageKind
    title: str
    published: date | None
    column_path: tuple[str, ...]
    column_name: str
    column_tag: str
    links: tuple[Link, ...]
    entries: tuple[ListEntry, ...]
    paging: Paging | None
    forward: str | None
    empty: Literal["", "stated", "blank"]
    empty_quote: str
    facts: Facts


@dataclass(slots=True)
class _Reading:
    """What the parts of the reading share."""

    opened: Opened
    page: Scan
    addresses: Addresses
    tags: dict[str, str]
    areas: list[tuple[int, LinkArea]]
    chrome: bytearray
    main: MainText = _NO_TEXT
    path: tuple[str, ...] = ()
    title: str = ""
    stated: list[Stated] = field(default_factory=list)
    shown: list[DateSeen] = field(default_factory=list)


def read_page(opened: Opened, *, is_home: bool) -> PageFacts:
    """Facts of an HTML page that was parsed already; the tree is left as it is."""
    page = scan(opened.root)
    areas = areas_of(page)
    chrome = chrome_lines(page, areas)
    tags = {name.lower(): value for name, value in reversed(opened.tags.items())}
    here = _Reading(opened, page, Addresses(opened.base), tags, areas, chrome)
    if is_home:
        here.title = home_title(opened.title, tags)
    else:
        _read_text(here)
    return _facts(here, is_home=is_home)


def _read_text(here: _Reading) -> None:
    """Path, title, metadata block, dates and main text."""
    page, chrome = here.page, here.chrome
    here.path = breadcrumb(page)
    main = main_text(page, chrome)
    here.title = article_title(page, chrome, main.lines, here.opened.title, here.tags, here.path)
    here.stated = read_stated(page, chrome, main, here.title)
    here.shown = text_dates(page, chrome, here.stated, here.title)
    known = {here.title, *(seen.quote for seen in here.shown)}
    here.main = trimmed(page, main, known, {one.element for one in here.stated})


def _facts(here: _Reading, *, is_home: bool) -> PageFacts:
    sent_on = forward(here.opened, here.page, here.addresses)
    kind, entries, paging, rows = _listed(here, is_home=is_home, is_bare=_is_bare(here, sent_on))
    if kind in _LISTS:
        here.title = column_title(here.page, here.chrome, here.opened.title, here.tags, here.path)
    path, column_name = here.path, tag(here.tags, "column")
    if kind == "article" and path and _same_title(path[-1], here.title):
        path = path[:-1]
    path = path or ((column_name,) if column_name and not is_home else ())
    links = read_links(here.page, here.addresses, here.areas, here.opened.url, _main_part(here, kind, rows))
    if sent_on:
        links.links.append(Link(here.opened.url, sent_on, "", form="refresh"))
        links.elements.append(0)
    empty, quote = _empty(here, kind, entries, paging, path, links)
    seen = _dates(here, kind)
    return PageFacts(
        kind=kind,
        title=here.title,
        published=_published(seen, kind),
        column_path=path,
        column_name=column_name or (path[-1] if path and kind in _LISTS else ""),
        column_tag=tag(here.tags, "column_type"),
        links=tuple(links.links),
        entries=tuple(entries),
        paging=paging,
        forward=sent_on,
        empty=empty,
        empty_quote=quote,
        facts=_said(here, kind, path, seen, links),
    )


def _said(here: _Reading, kind: PageKind, path: tuple[str, ...], seen: list[DateSeen], links: Links) -> Facts:
    page, main = here.page, here.main if kind != "list" else _NO_TEXT
    notes = (f"链接超过 {len(links.links)} 条，只记录了前面的部分",) if links.more else ()
    return Facts(
        page=here.opened.url,
        tags=here.opened.tags,
        dates=tuple(seen),
        source=source_of(here.stated, here.shown, here.tags),
        breadcrumb=path,
        fields=labelled(page, here.stated),
        footer=read_footer(here.opened, page, here.chrome, here.main, links),
        text=main.text,
        text_selector=page.path(main.element) if main.text else "",
        attachments=_attachments(page, main, links, here.addresses),
        notes=here.opened.notes + notes,
        **read_parts(here.opened, page, here.addresses)._asdict(),
    )


def _main_part(here: _Reading, kind: PageKind, rows: list[lists.Row]) -> list[range]:
    """The elements that are the main part whatever they are called: those of the list, or of the article."""
    groups = dict.fromkeys(row.group for row in rows) if kind == "list" else ()
    found = [*groups][:_MOST_GROUPS] if groups else [here.main.element] if kind == "article" else []
    return [range(one, here.page.stops[one]) for one in found if one >= 0 and here.page.tags[one] not in _WHOLE]


def _is_bare(here: _Reading, sent_on: str | None) -> bool:
    """A page that only leads on, frames others, says that something went wrong or shows nothing at all."""
    data, page, running = load("page-facts"), here.page, here.main.running
    shown = page.plain[-1]
    led_on = bool(sent_on) or "frameset" in page.tags
    if (led_on and shown <= data["forward"]["max_text"]) or not (shown or page.anchors):
        return bool(running < data["lists"]["article_few"])
    said = here.opened.title[: data["title"]["max"]] + (here.main.text if shown <= data["forward"]["max_error"] else "")
    return bool(running < data["lists"]["article_text"]) and any(word in said for word in data["errors"])


def _listed(
    here: _Reading, *, is_home: bool, is_bare: bool
) -> tuple[PageKind, list[ListEntry], Paging | None, list[lists.Row]]:
    """Kind of the page, entries of its list, how that goes on, and its rows where the entries were read of rows."""
    url, page, limits = here.opened.url, here.page, load("page-facts")["lists"]
    if is_home:
        return "home", lists.entries([row for row in lists.rows_of(page, here.addresses) if row.date], url), None, []
    running = here.main.running >= limits["article_text"]
    article, column = _looks_like_article(here), _looks_like_column(here)
    paging = None if running and article else listing.paging(here.opened)
    if paging is not None and paging.entries is not None:
        return "list", [ListEntry(url, one.url, one.title, one.date) for one in paging.entries], paging, []
    goes_on = bool(paging and (paging.turns or paging.gap))
    if (running or dates.from_url(url)) and not goes_on:
        return "article", [], None, []
    rows = [row for row in lists.rows_of(page, here.addresses) if row.url.partition("#")[0] != url]
    main = lists.main_list(rows, url)
    # The last page of a list may have two or three rows; their dates are not the date of an article.
    paged = goes_on or bool(paging and paging.pages)
    article = article and not (paged and main and all(row.date for row in main))
    kind = _kind(main, article, column or goes_on)
    if kind == "list" and not goes_on and _is_front(here, rows):
        kind = "column"
    if kind == "other" and here.main.running >= limits["article_few"]:
        kind = "article"
    if is_bare and kind != "list" and not goes_on:
        kind = "other"
    if kind in ("article", "other"):
        return kind, [], None, []
    shown = main if kind == "list" else [row for row in rows if row.date]
    return kind, lists.entries(shown, url), paging or _pager(here), main


def _kind(main: list[lists.Row], article: bool, column: bool) -> PageKind:
    """Kind of a page with little running text: articles have dated lists beside them, lists stand under their tags."""
    dated = sum(row.date is not None for row in main)
    if dated >= load("page-facts")["lists"]["min_dated"] or (main and column and not article):
        return "list"
    if article:
        return "article"
    return "column" if column else "other"


def _is_front(here: _Reading, rows: list[lists.Row]) -> bool:
    """Several lists, each with a link to the rest of it: the page leads to lists and is none."""
    limits, page = load("page-facts")["lists"], here.page
    groups = {row.group for row in rows if row.date}
    if len(groups) < limits["fronts"]:
        return False
    more = {word.lower() for word in limits["more"]}
    short = (anchor for anchor in page.anchors if page.ends[anchor] - page.begins[anchor] < 4)
    return bool(sum(page.text(anchor).lower() in more for anchor in short) >= limits["fronts"])


def _looks_like_article(here: _Reading) -> bool:
    url = here.opened.url
    return bool(tag(here.tags, "article") or dates.from_url(url) or _matches(url, "article") or here.shown)


def _looks_like_column(here: _Reading) -> bool:
    return bool(tag(here.tags, "column") or here.path or _matches(here.opened.url, "column"))


def _pager(here: _Reading) -> Paging | None:
    """Paging by ordinary links; where only a script turns the page, a gap says so."""
    turns = tuple(Turn(target) for target in lists.pagers_of(here.page, here.addresses, here.opened.url))
    gap = "" if turns or not lists.has_script_pager(here.opened.text) else load("page-facts")["lists"]["script_gap"]
    return Paging("links", turns, gap=gap) if turns or gap else None


def _empty(
    here: _Reading,
    kind: PageKind,
    entries: list[ListEntry],
    paging: Paging | None,
    path: tuple[str, ...],
    links: Links,
) -> tuple[Literal["", "stated", "blank"], str]:
    """Emptiness of a column; a list of which something could not be read is not called empty."""
    if kind not in _LISTS or entries or (paging and (paging.turns or paging.gap)):
        return "", ""
    known = {here.title, here.opened.title, tag(here.tags, "column"), *path, *load("page-facts")["breadcrumb"]["home"]}
    inside = sum(link.area not in _CHROME and link.text not in known for link in links.links)
    return emptiness(here.opened, here.page, here.areas, here.chrome, known, inside)


def _dates(here: _Reading, kind: PageKind) -> list[DateSeen]:
    """Every statement of the day of publication, the one that counts first: tag, text, address."""
    seen = tag_dates(here.opened)
    if kind == "article":
        seen += here.shown
        if found := dates.from_url(here.opened.url):
            seen.append(DateSeen("url", found, here.opened.url))
    return seen


def _published(seen: list[DateSeen], kind: PageKind) -> date | None:
    return next((one.value for one in seen if kind == "article" or one.origin == "tag"), None)


def _attachments(page: Scan, main: MainText, links: Links, addresses: Addresses) -> tuple[str, ...]:
    """Documents offered in the main text, or near it: in the largest element around it that is still the article."""
    if main.element < 0:
        return ()
    most, around = load("page-facts")["attachments"]["max_links"], main.element
    for above in page.above(main.element):
        if page.has_link(above, most):
            break
        around = above
    inside = range(around, page.stops[around])
    found = (link for here, link in zip(links.elements, links.links, strict=True) if here in inside)
    offered = (_document(link, addresses) for link in found if link.area not in _CHROME)
    return tuple(dict.fromkeys(url for url in offered if url))


def _document(link: Link, addresses: Addresses) -> str | None:
    """Address of the document that a link offers; a viewer in a frame names it in a parameter."""
    if link.form == "frame":
        name = load("page-facts")["attachments"]["viewer"]
        shown = next((one for key, one in parse_qsl(urlsplit(link.url).query) if key == name), "")
        return addresses.of(shown) if shown and is_attachment(shown, "") else None
    return link.url if is_attachment(link.url, link.text) else None


def _same_title(name: str, title: str) -> bool:
    if len(name) <= load("page-facts")["breadcrumb"]["max_column"]:
        return False
    return title.startswith(name.rstrip(".…")) or name in title


@cache
def _patterns(group: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in load("page-facts")[f"{group}_addresses"])


def _matches(url: str, group: str) -> bool:
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return any(pattern.search(target) for pattern in _patterns(group))
