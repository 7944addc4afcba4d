"""ASP.NET lists that turn the page by ``__doPostBack``: the page is made anew from a state that only a browser keeps.

Such a list is told as a gap, not posted: its form holds the state of all controls of the page.
"""

from __future__ import annotations

import re
from itertools import islice

from crawler.listing import items
from crawler.listing.base import Paging
from crawler.listing.rows import pagers
from crawler.readers.html import Opened
from crawler.readers.markup import Element, text_in
from crawler.readers.spaces import collapse
from crawler.words import load

NAME = "postback"
MARKS = ("__doPostBack",)
ORDER = 90

_CALL = re.compile(
    r"__doPostBack\(\s{0,5}['\"][^'\"]{1,300}['\"]\s{0,5},\s{0,5}['\"](?:Page\$)?(?P<page>[^'\"]{0,100})['\"]"
)


def read_page(page: Opened) -> Paging | None:
    """The gap, with the number of pages where the page states it; None where links turn the page as well."""
    numbers = [number for link in _links(page) if (number := _number(link)) is not None]
    if not numbers or pagers(page.root, page.base, page.url):
        return None
    pages = items.stated_pages(page) or max(numbers) or None
    if pages == 1:
        return None
    return Paging(
        NAME, (), None, pages, None, items.gap("postback_pages", pages=pages) if pages else items.gap("postback")
    )


def _links(page: Opened) -> list[Element]:
    return list(islice(page.root.iter("a"), load("crawl")["limits"]["max_links"]))


def _number(link: Element) -> int | None:
    """Page that a pager link leads to, 0 where it only says next or last; None where it is no pager link."""
    code = link.get("href") or ""
    match = _CALL.search((code if "__doPostBack" in code else link.get("onclick") or "")[: items.limit("max_code")])
    if match is None:
        return None
    text = collapse(text_in(link)).lower()
    if text in {word.lower() for word in load("page-facts")["lists"]["pager_words"]}:
        return items.number(match["page"]) or 0
    return items.number(match["page"]) if items.number(text.strip("[]")) is not None else None
