"""Lists whose script states the number of pages and joins their addresses (安徽 ``Ls.pagination``, ``laypage`` …)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from crawler.listing.base import Paging
from crawler.listing.numbered import (
    PARAMETER,
    Numbers,
    as_linked,
    counts,
    folder,
    is_page_parameter,
    scripts,
    stated,
    turning,
)
from crawler.readers.html import Opened
from crawler.urls import absolute
from crawler.words import load

NAME = "counted"
MARKS: tuple[str, ...] = tuple(load("listing")["counts"]["marks"])
ORDER = 50

_JOINED = re.compile(
    r"""(?P<q>["'])(?P<before>[^"'\s<>\\]{0,300})(?P=q)\s{0,5}\+\s{0,5}"""
    r"""(?P<what>[A-Za-z_$][\w.$]{0,40}+|\([\w\s.$+-]{1,40}\))(?!\s{0,5}[*/%(\[])"""
    r"""(?:\s{0,5}\+\s{0,5}(?P<r>["'])(?P<after>[^"'\s<>\\]{0,100})(?P=r))?"""
    r"""|["'`](?P<before_in>[^"'`\s<>\\$]{0,300})\$\{(?P<what_in>[\w\s.$+-]{1,40})\}(?P<after_in>[^"'`\s<>\\$]{0,100})["'`]"""
)
_FROM_ZERO = re.compile(r"-\s{0,5}1\s{0,5}\)?$")
_ENDING = re.compile(r"\.(?:s?html?|jsp|aspx?|php|do)(?![\w.])", re.IGNORECASE)
_CONTEXT = 80


def read_page(page: Opened) -> Paging | None:
    """Paging by the first script that both counts the pages and goes to a joined address."""
    for source in scripts(page, MARKS):
        pages = _pages(source)
        for before, after, first in _going(source) if pages is not None else ():
            numbers = Numbers.of(page, before, after)
            if numbers is not None and pages is not None:
                return _joined(page, source, numbers, pages, _opening(page, before, after, numbers, first), first)
    return None


def _joined(page: Opened, source: str, numbers: Numbers, pages: int, opening: str, first: int) -> Paging:
    own = numbers.inside(page.url)
    if own is None:
        own = _own(page, source, first)

    def address(n: int) -> str:
        return opening if n == first else numbers.at(n)

    return turning(page, NAME, address, pages, own=own, first=first, total=stated(source, "total"))


def _pages(source: str) -> int | None:
    pages = stated(source, "pages")
    if pages is not None:
        return pages
    total, size = stated(source, "total"), stated(source, "size")
    if size is None and "laypage" in source:
        size = counts()["laypage_size"]
    return -(-total // size) if total is not None and size else None


def _going(source: str) -> Iterator[tuple[str, str, int]]:
    """(before, after, first number) of each joined address with the number of a page that the script goes to."""
    for match in _JOINED.finditer(source):
        before, after = match["before"] or match["before_in"] or "", match["after"] or match["after_in"] or ""
        parameter = PARAMETER.search(before)
        is_file = before.endswith(("_", "-")) and _ENDING.match(after)
        context = source[max(match.start() - _CONTEXT, 0) : match.start()]
        if (is_file or (parameter and is_page_parameter(parameter[1]))) and any(
            word in context for word in counts()["going"]
        ):
            yield before, after, 0 if _FROM_ZERO.search(match["what"] or match["what_in"]) else 1


def _own(page: Opened, source: str, first: int) -> int:
    """Own number where the address has none: what the script states, on a page with a query of its own; else the
    first, for a script may state a number that is long past."""
    current = stated(source, "own")
    return current if current is not None and urlsplit(page.url).query else first


def _opening(page: Opened, before: str, after: str, numbers: Numbers, first: int) -> str:
    """Address of the first page, in the form that the page itself links."""
    if numbers.bare:
        return as_linked(page, numbers.at(first), numbers.bare)
    start = absolute(page.base, before.rstrip("_-") + after) or numbers.at(first)
    return as_linked(page, start, folder(start))
