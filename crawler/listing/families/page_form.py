"""JSP and ASP lists turned by sending a form: ``goPage(3)``, ``forms[0].pageNo.value=3``, a field to type in.

Reading only: forms with passwords, files or text areas, to other hosts, or to addresses that change something are never
sent.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice

from crawler.listing import forms, items
from crawler.listing.base import Paging
from crawler.listing.rows import pagers
from crawler.readers.html import Opened
from crawler.words import load

NAME = "page-form"
MARKS = ("<form", "<FORM", "<Form")
ORDER = 80

_ASSIGNED = (
    r"(?:\.{0}\.value|(?:ById|ByName)\(['\"]{0}['\"]\)(?:\[0\])?\.value)\s{{0,5}}=(?!=)|\(['\"]#{0}['\"]\)\.val\((?!\))"
)


def read_page(page: Opened) -> Paging | None:
    """Requests for all pages but the first (which has an address of its own) and the present one."""
    for form in islice(forms.page_forms(page), items.limit("max_units")):
        called = _called(page, form.field)
        pages = items.stated_pages(page) or _counted(form) or max(called, default=0)
        if pages < 2 or not (called or form.shown or _assigned(page, form.field)):
            continue
        if pagers(page.root, page.base, page.url):
            return None
        if form.fresh:
            return Paging(NAME, (), None, pages, None, items.gap("token"))
        count, missing = items.bounded(pages)
        # Counting from 0 or from 1: the first page says which.
        first = 0 if form.current == "0" or (called and min(called) == 0) else 1
        turns = [form.turn(n) for n in range(first + 1, first + count) if str(n) != form.current]
        return Paging(NAME, tuple(filter(None, turns)), None, pages, None, missing)
    return None


def _called(page: Opened, field: str) -> list[int]:
    """Page numbers that links hand to a function that turns the page (or write into the field)."""
    found = list[int]()
    for link in islice(
        page.root.iter("a", "input", "button", "span", "li", "td"), load("crawl")["limits"]["max_links"]
    ):
        for code in (link.get("href"), link.get("onclick")):
            if code and code[0] != "#" and len(code) <= items.limit("max_code"):
                found += [int(match["call"] or match["value"]) for match in _turning(field).finditer(code)]
    return found


def _assigned(page: Opened, field: str) -> bool:
    return re.search(_ASSIGNED.format(re.escape(field)), page.text) is not None


def _counted(form: forms.PageForm) -> int:
    names = forms.words()["count_fields"]
    return next((items.number(value) or 0 for name, value in form.fields if name.lower() in names), 0)


@cache
def _turning(field: str) -> re.Pattern[str]:
    names = "|".join(map(re.escape, forms.words()["turn_functions"]))
    return re.compile(
        rf"(?<![\w$.])(?:{names})\s{{0,5}}\(\s{{0,5}}['\"]?(?P<call>\d{{1,6}})['\"]?\s{{0,5}}[,)]"
        rf"|\.{re.escape(field)}\.value\s{{0,5}}=\s{{0,5}}['\"]?(?P<value>\d{{1,6}})(?!\d)",
        re.IGNORECASE,
    )
