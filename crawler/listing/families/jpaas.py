"""大汉 jpaas: parts of the page are built by a request whose parameters stand in a ``<script queryData>``.

Form read: ``<script url="/api-gateway/jpaas-publish-server/front/page/build/unit" queryData="{'pageId': …}">``; GET
``url?<parameters>`` answers ``{"success": true, "data": {"html": "…"}}``; its ``class="pagination"`` element says
``rows`` (a page) and ``count`` (in all); page N is asked for with ``paramJson={"pageNo":N,"pageSize":rows}``.
"""

from __future__ import annotations

import json
import re
from math import ceil
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.listing import items
from crawler.listing.base import Answer, Paging, Turn
from crawler.readers.html import Opened
from crawler.readers.markup import Element
from crawler.readers.page import literals
from crawler.urls import absolute, same_site

NAME = "jpaas"
MARKS = ("queryData=",)
ORDER = 12

_UNIT = "/front/page/build/unit"
_PAGER = re.compile(r"<[^<>]{0,300}class=[\"']?[^\"'<>]{0,100}pagination[^<>]{0,600}>")
_ROWS = re.compile(r"\brows=[\"']?(\d{1,6})\b")
_COUNT = re.compile(r"\bcount=[\"']?(\d{1,9})\b")


def read_page(page: Opened) -> Paging | None:
    """First request of each part of a column page; None for articles and pages without such parts."""
    urls = dict.fromkeys(url for script in page.root.iter("script") if (url := _request(script, page)))
    if not urls:
        return None
    most = items.limit("max_units")
    missing = items.gap("units", limit=most) if len(urls) > most else ""
    return Paging(NAME, tuple(Turn(url, data=True) for url in list(urls)[:most]), gap=missing)


def read_data(answer: Answer) -> Paging:
    """Rows of the list that one part holds (none where it is a menu), and its other pages."""
    data = items.loads(answer.text)
    inner = data.get("data") if isinstance(data, dict) else None
    markup = inner.get("html") if isinstance(inner, dict) else None
    if not isinstance(markup, str):
        raise ValueError("no html in the answer")
    entries, lost = items.cut(items.main_of_html(markup, answer.page))
    size, total = _pager(markup)
    if not size or total is None:
        return Paging(NAME, (), entries, gap=lost)
    pages, missing = items.bounded(ceil(total / size))
    turns = tuple(turn for n in range(2, pages + 1) if (turn := _page(answer.turn.url, n, size)) != answer.turn)
    return Paging(NAME, turns, entries, max(pages, 1), total, "；".join(filter(None, (lost, missing))))


def _request(script: Element, page: Opened) -> str | None:
    # The parser writes attribute names in lower case.
    written, address = script.get("querydata"), script.get("url")
    if not written or not address or _UNIT not in address or len(written) > items.limit("max_form"):
        return None
    try:
        found = literals.literal(written, written.index("{"))
    except ValueError:
        return None
    url = absolute(page.base, address)
    if not isinstance(found, dict) or found.get("pageType") not in (None, "column"):
        return None
    if not url or not same_site(url, page.url):
        return None
    fields = {key: value for key, value in found.items() if isinstance(value, str | int)}
    return urlunsplit(urlsplit(url)._replace(query=urlencode(fields), fragment=""))


def _pager(markup: str) -> tuple[int | None, int | None]:
    element = _PAGER.search(markup)
    size, total = (_ROWS.search(element[0]), _COUNT.search(element[0])) if element else (None, None)
    return (int(size[1]) if size else None), (int(total[1]) if total else None)


def _page(url: str, number: int, size: int) -> Turn:
    parts = urlsplit(url)
    fields = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "paramJson"]
    fields.append(("paramJson", json.dumps({"pageNo": number, "pageSize": size}, separators=(",", ":"))))
    return Turn(urlunsplit(parts._replace(query=urlencode(fields))), data=True)
