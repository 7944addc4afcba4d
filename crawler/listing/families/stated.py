"""Provincial systems whose lists are numbered files from one (``index.html``, ``index_2.html`` …) and that only state
how many there are: 上海 ``pagination("setPage", own, pages)``, 河南 ``#pageDec``, 兵团 ``.pageCount``.

Of a list of 兵团 only the first ten files exist, whatever it states; the rest are dead links and so a gap of the crawl.
"""

from __future__ import annotations

import re

from crawler.listing.base import Paging
from crawler.listing.numbered import file_of, files, number, scripts
from crawler.readers.html import Opened
from crawler.readers.markup import text_in

NAME = "stated"
MARKS = ("setPage", "pageDec", "PageInp")
ORDER = 30

_SET = re.compile(
    rf"""\.pagination\(\s{{0,5}}["']setPage["']\s{{0,5}},\s{{0,5}}{number("own")}\s{{0,5}},\s{{0,5}}{number("pages")}\s{{0,5}}\)"""
)
_PATH = re.compile(
    r"""["'`](?P<name>[\w./-]{1,200})_(?:\$\{\w{1,40}\}|["']\s{0,5}\+\s{0,5}\w{1,40}\s{0,5}\+\s{0,5}["'])\.(?P<ending>s?html?)["'`]"""
)
_COUNT = re.compile(r"\s*(\d{1,15})\s*")


def read_page(page: Opened) -> Paging | None:
    """Paging by whichever of the three states a number."""
    name, ending, _ = file_of(page)
    sources = scripts(page, MARKS)
    path = next((match for source in sources if (match := _PATH.search(source))), None)
    if path:
        name, ending = path["name"], path["ending"]
    for pages, own in (_set_page(sources), _page_dec(page), _page_count(page)):
        if pages is not None:
            return files(page, NAME, name, ending, pages, first=1, current=own)
    return None


def _set_page(sources: list[str]) -> tuple[int | None, int | None]:
    for source in sources:
        match = _SET.search(source)
        if match:
            return int(match["pages"]), int(match["own"])
    return None, None


def _page_dec(page: Opened) -> tuple[int | None, int | None]:
    for element in page.root.iterfind(".//*[@id='pageDec']"):
        match = _COUNT.fullmatch(element.get("pagecount") or "")
        if match:
            return int(match[1]), None
    return None, None


def _page_count(page: Opened) -> tuple[int | None, int | None]:
    """``<input id="PageInp" value="1"><span class="pageCount">18</span>``"""
    for field in page.root.iterfind(".//input[@id='PageInp']"):
        own = _COUNT.fullmatch(field.get("value") or "")
        for element in page.root.iterfind(".//*[@class='pageCount']"):
            match = _COUNT.fullmatch(text_in(element))
            if match:
                return int(match[1]), int(own[1]) if own else None
    return None, None
