"""开普云 (UCAP): ``createPageHTML("page_div", pages, own, "list", "shtml", entries)``.

Files are numbered from one: ``list.shtml``, ``list_2.shtml`` … Also 湖南 with ``"paging"`` and ``"index"``.
"""

from __future__ import annotations

import re

from crawler.listing.base import Paging
from crawler.listing.families.trs import CALL, ENDING, NAMED, NEXT, by_calls
from crawler.listing.numbered import number, scripts
from crawler.readers.html import Opened

NAME = "ucap"
MARKS = ('"html"', "'html'", '"shtml"', "'shtml'", '"htm"', "'htm'")
ORDER = 11

_CALL = re.compile(
    rf"""{CALL}["'][^"'\d\s][^"'\n]{{0,80}}["']{NEXT}{number("pages")}{NEXT}{number("own")}"""
    rf"{NEXT}{NAMED}{NEXT}{ENDING}(?:{NEXT}{number('total')})?"
)


def read_page(page: Opened) -> Paging | None:
    """Paging by the calls of the page."""
    return by_calls(page, NAME, scripts(page, MARKS), _CALL, 1)
