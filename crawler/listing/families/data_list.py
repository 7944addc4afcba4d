"""Lists that stand as an array of objects in a script of the page.

Forms read: ``var dataList=[{infolist:[{title, url, daytime}, …]}, …]; var pagesData={curPageNo, pageTotal}`` (浙江),
``var itemObj = [{"aT": …, "aPd": …, "aU": "{\\"common\\": …}"}]``, and any variable that ``list-data.yaml`` names with
objects that have a title, an address and a date.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import Any

from crawler.listing import items
from crawler.listing.base import Entry, Paging
from crawler.readers.html import Opened
from crawler.readers.page import literals
from crawler.words import load

NAME = "data-list"
MARKS: tuple[str, ...] = tuple(load("list-data")["data_list"]["marks"])
ORDER = 60


def read_page(page: Opened) -> Paging | None:
    """Entries of the largest list of articles that a script of the page holds; None where no variable is one."""
    best: tuple[tuple[Entry, ...], int, str] = ((), 0, "")
    for match in list(_variables().finditer(page.text))[: items.limit("max_units")]:
        found = _articles(page, match.end())
        if len(found[0]) > len(best[0]):
            best = found
    entries, groups, lost = best
    if not entries:
        return None
    pages, total = _stated(page.text)
    missing = ""
    if total is not None and total > len(entries):
        missing = items.gap("no_address", total=total, found=len(entries))
    elif total is None and pages is not None and pages > max(groups, 1):
        missing = items.gap("no_address_pages", total=pages, found=max(groups, 1))
    return Paging(NAME, (), entries, pages, total, "；".join(filter(None, (lost, missing))))


def _articles(page: Opened, start: int) -> tuple[tuple[Entry, ...], int, str]:
    """(entries, display pages, gap) of one value; nothing where its objects are no dated articles."""
    try:
        value = literals.literal(page.text, start)
    except ValueError:
        return (), 0, ""
    keys = _facts()
    entries, lost, groups = list[Entry](), "", 0
    for array in _arrays(value):
        found, missing = items.cut(items.of_objects(array, page.base, keys))
        if sum(entry.date is not None for entry in found) >= max(len(found) * keys["dated_share"], 1):
            entries += found
            groups += 1
            lost = lost or missing
    return tuple(dict.fromkeys(entries)), groups, lost


def _arrays(value: Any) -> Iterator[list[Any]]:
    """All arrays inside a value, outermost first; the stack is on the heap."""
    waiting, seen = deque([value]), 0
    while waiting and seen < items.limit("max_entries"):
        item = waiting.popleft()
        seen += 1
        if isinstance(item, list):
            yield item
        inner = item if isinstance(item, list) else list(item.values()) if isinstance(item, dict) else []
        waiting.extend(child for child in inner if isinstance(child, list | dict))


def _stated(text: str) -> tuple[int | None, int | None]:
    """(pages, entries) that the settings beside the list state."""
    for name in _facts()["page_names"]:
        try:
            found = literals.assigned(text, name)
        except ValueError:
            continue
        if isinstance(found, dict):
            named = {str(key).lower(): value for key, value in found.items()}
            pages, totals = (
                next((count for key in _facts()[kind] if (count := items.number(named.get(key))) is not None), None)
                for kind in ("pages", "totals")
            )
            return pages, totals
    return None, None


@cache
def _variables() -> re.Pattern[str]:
    names = "|".join(map(re.escape, _facts()["names"]))
    return re.compile(rf"(?<![\w$.])(?:{names})\s{{0,10}}=\s{{0,10}}(?=[\[{{])")


def _facts() -> dict[str, Any]:
    found: dict[str, Any] = load("list-data")["data_list"]
    return found
