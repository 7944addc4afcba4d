"""甘肃: ``wzlb.shtml?mkbh=…&begin=15&pagenum=2`` from ``dataTotal`` (entries) and ``pagenum`` (own page).

``begin`` is the number of the first entry; the number of entries a page is not stated, so it is taken from the address
or counted on the first page.
"""

from __future__ import annotations

import re

from crawler.listing.base import Paging
from crawler.listing.numbered import as_linked, number, scripts, stated, turning
from crawler.listing.rows import main_list, rows
from crawler.readers.html import Opened
from crawler.urls import absolute, same_site

NAME = "begin"
MARKS = ("dataTotal",)
ORDER = 30

_TOTAL = re.compile(rf"(?<![\w.$])dataTotal\s{{0,5}}=\s{{0,5}}{number('n')}")
_OWN = re.compile(rf"(?<![\w.$])pagenum\s{{0,5}}=\s{{0,5}}{number('n')}")
_TARGET = re.compile(r"""["'](?P<before>[^"'\s<>]{1,300}[?&]begin=)["']""")
_BEGIN = re.compile(r"[?&]begin=(\d{1,9})")


def read_page(page: Opened) -> Paging | None:
    """Paging by the script that holds the total and the address."""
    for source in scripts(page, MARKS):
        total, own, target = _TOTAL.search(source), _OWN.search(source), _TARGET.search(source)
        before = absolute(page.base, target["before"]) if target else None
        if total is None or before is None or not same_site(before, page.url):
            continue
        entries, current = int(total["n"]), int(own["n"]) if own else 1
        size = _size(page, source, current)
        if size == 0:
            return Paging(NAME, total=entries, gap=_gap(entries)) if entries else Paging(NAME, pages=0, total=0)
        return _turning(page, before, size, current, entries)
    return None


def _turning(page: Opened, before: str, size: int, own: int, entries: int) -> Paging:
    opening = as_linked(page, f"{before}0&pagenum=1", re.sub(r"[?&]begin=$", "", before))

    def address(p: int) -> str:
        return opening if p == 1 else f"{before}{(p - 1) * size}&pagenum={p}"

    return turning(page, NAME, address, -(-entries // size), own=own, total=entries)


def _size(page: Opened, source: str, current: int) -> int:
    """Entries a page; 0 where nothing tells."""
    begin = _BEGIN.search(page.url)
    if begin and current > 1 and int(begin[1]) % (current - 1) == 0 and int(begin[1]):
        return int(begin[1]) // (current - 1)
    return stated(source, "size") or len(main_list(rows(page.root, page.base), page.url))


def _gap(entries: int) -> str:
    return f"列表自称共 {entries} 条，每页条数不明，无法得出其余各页的地址"
