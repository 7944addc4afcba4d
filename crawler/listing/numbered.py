"""Pages of a list that differ in one number: what scripts state, addresses with that number, the turns made of them.

Shared by the families of computed addresses: scripts without comments, numbers as scripts write them, files and
parameters that carry the number of the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from crawler.listing.base import Paging, Turn
from crawler.readers.html import Opened
from crawler.urls import absolute, key, same_site
from crawler.words import load

# An address up to a parameter without its value.
PARAMETER = re.compile(r"[?&]([\w.-]{1,60})=$")
# Strings are matched first, so that // in an address opens no comment; each alternative ends without backtracking.
_COMMENTS = re.compile(
    r"""("(?:[^"\\\n]|\\[^\n])*+"?|'(?:[^'\\\n]|\\[^\n])*+'?|`(?:[^`\\]|\\.)*+`?)"""
    r"""|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|(?<![\\:])//[^\n]*+|<!--[^\n]*+""",
    re.DOTALL,
)
_PARSED = re.compile(
    r"""(?:parseInt|Number)\s{0,5}\(\s{0,5}["']?\s{0,5}(\d{1,15})[}\s]{0,5}["']?\s{0,5}(?:,\s{0,5}10\s{0,5})?\)"""
)
_MARK = "NUMBEROFTHEPAGE"


def scripts(page: Opened, marks: tuple[str, ...]) -> list[str]:
    """Inline scripts that hold one of ``marks``, without comments and with ``parseInt("3")`` as 3."""
    room: int = limits()["max_script"]
    found = []
    for element in page.root.iter("script"):
        text, kind = element.text or "", (element.get("type") or "").lower()
        if not any(mark in text for mark in marks) or (kind and "script" not in kind):
            continue
        text = text[:room]
        room -= len(text)
        found.append(_PARSED.sub(r"\1", _COMMENTS.sub(lambda match: match[1] or " ", text)))
    return found


def number(group: str) -> str:
    """Pattern of a number as scripts write it: 3, "3", '3}'."""
    return rf"""["']?\s{{0,5}}(?P<{group}>\d{{1,15}})(?![\d.])[}}\s]{{0,5}}["']?"""


def stated(source: str, what: str) -> int | None:
    """The number that a script gives to one of the names of ``counts`` (``pages``, ``total``, ``size``, ``own``)."""
    match = _statement(what).search(source)
    return int(match["n"]) + int(match["more"] or 0) if match else None


def turning(
    page: Opened,
    family: str,
    address: Callable[[int], str],
    pages: int,
    *,
    own: int | None,
    first: int = 1,
    total: int | None = None,
) -> Paging:
    """Turns to the pages ``first`` … ``first + pages - 1`` without the page's own number ``own``.

    ``address`` gives ``""`` for a page that has none; a list of one page has no turns at all. Not more than
    ``limits.max_turns`` turns; ``gap`` says so.
    """
    most: int = limits()["max_turns"]
    if pages <= 1:
        return Paging(family, pages=pages, total=total)
    numbers = (n for n in range(first, first + pages) if n != own)
    urls = (url for n in islice(numbers, most) if (url := address(n)) and url != page.url)
    gap = f"列表自称共 {pages} 页，只读取其中的 {most} 页" if pages > most + 1 else ""
    return Paging(family, tuple(map(Turn, dict.fromkeys(urls))), pages=pages, total=total, gap=gap)


def together(found: list[Paging]) -> Paging | None:
    """One paging of several pagers on one page: all their turns, the numbers of the longest list."""
    if not found:
        return None
    most: int = limits()["max_turns"]
    longest = max(found, key=lambda paging: paging.pages or 0)
    turns = tuple(dict.fromkeys(turn for paging in found for turn in paging.turns))
    gap = longest.gap or (f"页面上的几个列表共 {len(turns)} 页，只读取其中的 {most} 页" if len(turns) > most else "")
    return Paging(longest.family, turns[:most], pages=longest.pages, total=longest.total, gap=gap)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Absolute addresses of one site that differ in one number."""

    head: str
    tail: str

    @classmethod
    def of(cls, page: Opened, before: str, after: str) -> Numbers | None:
        """From the two parts of a link on ``page``; None where they make no address of its site."""
        url = absolute(page.base, f"{before}{_MARK}{after}")
        if url is None or url.count(_MARK) != 1 or not same_site(url, page.url):
            return None
        head, _, tail = url.partition(_MARK)
        return cls(head, tail)

    def at(self, n: int) -> str:
        return f"{self.head}{n}{self.tail}"

    @property
    def parameter(self) -> str:
        """Name of the parameter that holds the number, ``""`` for a number in the path."""
        match = PARAMETER.search(self.head)
        return match[1] if match else ""

    @property
    def bare(self) -> str:
        """The address without the parameter, ``""`` for a number in the path."""
        match = PARAMETER.search(self.head)
        if match is None:
            return ""
        after = self.tail.replace("&", "?", 1) if match[0][0] == "?" else self.tail
        return self.head[: match.start()] + after

    def inside(self, url: str) -> int | None:
        """The number in an address of this form."""
        head, _, tail = key(f"{self.head}{_MARK}{self.tail}").partition(_MARK)
        found = key(url)
        digits = found[len(head) : len(found) - len(tail)]
        fits = found.startswith(head) and found.endswith(tail) and digits.isdecimal() and len(digits) < 10
        return int(digits) if fits else None


def files(
    page: Opened,
    family: str,
    name: str,
    ending: str,
    pages: int,
    *,
    first: int,
    current: int | None = None,
    total: int | None = None,
) -> Paging | None:
    """Paging of the files ``name.ending``, ``name_N.ending``, whose first has the number ``first`` (not written).

    ``current`` is the page's own number as its script states it: for pages whose address does not tell, and at the
    first page it shows where the list starts to count. None where the files are not of the site.
    """
    numbers, start = Numbers.of(page, f"{name}_", f".{ending}"), absolute(page.base, f"{name}.{ending}")
    if numbers is None or start is None:
        return None
    own = numbers.inside(page.url)
    if own is None and _is_start(page.url, start):
        own = first = current if current in (0, 1) else first
    elif own is None:
        own = current
    opening = start if own == first else as_linked(page, start, folder(start))

    def address(n: int) -> str:
        return opening if n == first else numbers.at(n)

    return turning(page, family, address, pages, own=own, first=first, total=total)


def file_of(page: Opened) -> tuple[str, str, int | None]:
    """Name, ending and number of the list file that ``page`` stands at; the usual first file for a folder."""
    match = re.search(r"/([^/?#]{1,120}?)(?:_(\d{1,9}))?\.(s?html?|jsp|aspx?)$", urlsplit(page.url).path)
    if match:
        return match[1], match[3], int(match[2]) if match[2] else None
    usual = load("listing")["first_file"]
    return usual["name"], usual["ending"], None


def folder(start: str) -> str:
    """The address of the folder that ``start`` is the first file of, else ``start`` itself."""
    parts = urlsplit(start)
    path, _, name = parts.path.rpartition("/")
    if name.rpartition(".")[0].lower() in load("listing")["folder_files"] and not parts.query:
        return urlunsplit(parts._replace(path=f"{path}/"))
    return start


def as_linked(page: Opened, url: str, other: str) -> str:
    """``other`` where the page links it: the same page under two addresses is to be asked for under one."""
    if url == other:
        return url
    wanted, last = key(other), urlsplit(other).path.rpartition("/")[2]
    for anchor in islice(page.root.iter("a"), limits()["max_links"]):
        href = anchor.get("href") or ""
        if href.partition("?")[0].endswith(last or ("/", ".")) and key(absolute(page.base, href) or "") == wanted:
            return other
    return url


def limits() -> dict[str, int]:
    """The limits of ``listing.yaml``."""
    found: dict[str, int] = load("listing")["limits"]
    return found


def is_page_parameter(name: str) -> bool:
    """Whether a parameter of this name carries the number of the page."""
    known: list[str] = load("listing")["page_parameters"]
    lower = name.lower()
    return lower in known or any(len(end) > 3 and lower.endswith(end) for end in known)


def _is_start(url: str, start: str) -> bool:
    """Whether a page stands at the first file, or at its folder."""
    parts, first = urlsplit(url), urlsplit(start)
    return parts.path == first.path or (parts.path.endswith("/") and parts.path == first.path.rpartition("/")[0] + "/")


def counts() -> dict[str, Any]:
    """What ``listing.yaml`` says of statements in scripts."""
    found: dict[str, Any] = load("listing")["counts"]
    return found


@cache
def _statement(what: str) -> re.Pattern[str]:
    names = "|".join(map(re.escape, counts()[what]))
    return re.compile(
        rf"""(?<![\w.$])(?:{names})["']?\s{{0,5}}[:=]\s{{0,5}}\(?{number("n")}(?:\s{{0,5}}\+\s{{0,5}}(?P<more>[01])(?!\d))?"""
    )
