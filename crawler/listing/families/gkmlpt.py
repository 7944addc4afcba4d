"""开普 gkmlpt (政府信息公开目录, Guangdong): the page is an empty shell, the list comes as JSON.

Form read: ``<prefix>/gkmlpt/index[#id]`` (also ``annualreport``, ``policy``) with ``SID`` in its settings; GET
``<prefix>/gkmlpt/api/all/<id>?page=N&sid=<SID>`` answers ``{"articles": […], "total": n, "classify":
{"post_count": n}}``, 100 articles a page. Without a number after ``#`` the shell itself asks for id 0, which is all
articles.
"""

from __future__ import annotations

import re
from math import ceil
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from crawler.listing import items
from crawler.listing.base import Answer, Paging, Turn
from crawler.readers.html import Opened
from crawler.words import load

NAME = "gkmlpt"
MARKS = ("_CONFIG",)
ORDER = 10

_SHELL = re.compile(r"(?P<prefix>(?:/[^/?#]{1,100}){0,6}/gkmlpt)/(?P<list>[a-z]{1,30})/?")
_SETTING = r"(?<![\w$]){}['\"]?\s{{0,5}}[:=]\s{{0,5}}['\"]?(\d{{1,12}})(?!\d)"
_NAMED = r'"id":\s?"?(\d{{1,12}})"?,[^{{}}]{{0,300}}"name":\s?"(?:{}|{})"'
_API = re.compile(r"/gkmlpt/api/all/\d+$")
_PAGE = re.compile(r"(?<=[?&]page=)\d{1,9}")


def read_page(page: Opened) -> Paging | None:
    """The first request of the list that a shell shows; None for articles and for pages that only link there."""
    parts = urlsplit(page.url)
    shell, sid = _SHELL.fullmatch(parts.path), re.search(_SETTING.format("SID"), page.text)
    if shell is None or sid is None or shell["list"] not in _facts()["lists"]:
        return None
    column = _column(page, shell["list"], parts.fragment)
    if column is None:
        return None
    path, query = f"{shell['prefix']}/api/all/{column}", f"page=1&sid={sid[1]}"
    return Paging(NAME, (Turn(urlunsplit(parts._replace(path=path, query=query, fragment="")), data=True),), ())


def read_data(answer: Answer) -> Paging:
    """Articles of one page, and all other pages by the total."""
    data = items.loads(answer.text)
    articles = data.get("articles") if isinstance(data, dict) else None
    if not isinstance(articles, list):
        raise ValueError("no articles in the answer")
    base = answer.turn.url[: answer.turn.url.find("/gkmlpt/") + len("/gkmlpt/")]
    keys = {"titles": ["title"], "urls": _facts()["urls"], "dates": _facts()["dates"]}
    entries, lost = items.cut(items.of_objects([_addressed(article) for article in articles], base, keys))
    total = _total(data)
    turns, missing = _further(answer.turn.url, total, len(articles))
    pages = ceil(total / max(len(articles), 1)) if total is not None and turns else None
    return Paging(NAME, turns, entries, pages, total, "；".join(filter(None, (lost, missing))))


def _column(page: Opened, shown: str, fragment: str) -> str | None:
    """Number of the list: after ``#``, else set by the page, else named in its tree, else 0 (all) on the index."""
    if fragment.isascii() and fragment.isdigit() and len(fragment) <= 12:
        return fragment
    chosen = re.search(_SETTING.format("curId"), page.text)
    if chosen:
        return chosen[1]
    for name in _facts()["named"].get(shown, ()):
        # The tree holds each column as {"id": 12, …, "name": "…"}.
        match = re.search(_NAMED.format(name, _escaped(name)), page.text)
        if match:
            return match[1]
    return "0" if shown == "index" else None


def _escaped(name: str) -> str:
    """As JSON writes it in ASCII, for use in a pattern."""
    return "".join(f"\\\\u{ord(char):04x}" for char in name)


def _addressed(article: object) -> object:
    """An article without address lies at ``content/<millions>/<thousands>/post_<id>.html``."""
    if not isinstance(article, dict) or any(article.get(key) for key in _facts()["urls"]):
        return article
    known = items.number(article.get("id"))
    if known is None:
        return article
    return article | {"url": f"content/{known // 1_000_000}/{known // 1000}/post_{known}.html"}


def _total(data: dict[str, Any]) -> int | None:
    classify = data.get("classify")
    stated = data.get("total")
    return items.number(classify.get("post_count") if stated is None and isinstance(classify, dict) else stated)


def _further(url: str, total: int | None, given: int) -> tuple[tuple[Turn, ...], str]:
    """The other pages, told by the first one: later ones may be shorter, so their length says nothing."""
    here = _PAGE.search(url)
    if not _API.search(urlsplit(url).path) or here is None or here[0] != "1" or total is None or total <= given:
        return (), ""
    if not given:
        return (), items.gap("no_entries", total=total)
    pages, missing = items.bounded(ceil(total / given))
    return tuple(Turn(_PAGE.sub(str(n), url, count=1), data=True) for n in range(2, pages + 1)), missing


def _facts() -> dict[str, Any]:
    found: dict[str, Any] = load("list-data")["gkmlpt"]
    return found
