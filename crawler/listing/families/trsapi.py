"""TRS list2.trsapi (福建): the page holds the rows of its first display pages, a service it does not name the rest.

Form read: ``list2.trsapi`` with ``recordCount:'213'`` and ``prepage:10``. The address of the service has not been seen,
so the rest is told as a gap.
"""

from __future__ import annotations

import re
from math import ceil

from crawler.listing import items
from crawler.listing.base import Paging
from crawler.listing.rows import main_list, rows
from crawler.readers.html import Opened

NAME = "trsapi"
MARKS = ("trsapi",)
ORDER = 20

_LIST = re.compile(r"list\d?\.trsapi")
_COUNT = re.compile(r"(?<![\w$])recordCount['\"]?\s{0,5}:\s{0,5}['\"]?(\d{1,9})(?!\d)")
_SIZE = re.compile(r"(?<![\w$])prepage['\"]?\s{0,5}:\s{0,5}['\"]?(\d{1,4})(?!\d)")


def read_page(page: Opened) -> Paging | None:
    """Stated totals, and a gap where the page holds fewer rows than it states."""
    count = _COUNT.search(page.text)
    if count is None or not _LIST.search(page.text):
        return None
    total, size = int(count[1]), _SIZE.search(page.text)
    found = len(main_list(rows(page.root, page.base), page.url))
    pages = ceil(total / int(size[1])) if size and int(size[1]) else None
    missing = items.gap("no_address", total=total, found=found) if found < total else ""
    return Paging(NAME, (), None, pages, total, missing)
