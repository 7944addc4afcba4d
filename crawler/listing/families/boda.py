"""博达 Visual SiteBuilder: files that count down.

``/tzgg.htm`` is page 1 of 31, ``/tzgg/30.htm`` page 2, ``/tzgg/1.htm`` the last: old pages keep their address.

``_simple_list_gotopage_fun(pages, input, mode)``: mode 2 is files, mode 1 an address with ``PAGENUM`` (as its script
gotopage.js reads them).
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from urllib.parse import urlsplit, urlunsplit

from crawler.listing.base import Paging
from crawler.listing.families import links
from crawler.listing.families.links import blocks, said
from crawler.listing.numbered import Numbers, as_linked, limits, number, scripts, turning
from crawler.readers.html import Opened

NAME = "boda"
MARKS = ("_simple_list_gotopage_fun", "/system/resource/", "Visual SiteBuilder", "_sitegray")
ORDER = 20

_JUMP = re.compile(
    rf"""_simple_list_gotopage_fun\s{{0,5}}\(\s{{0,5}}{number("pages")}\s{{0,5}},[^(),]{{1,80}},\s{{0,5}}{number("mode")}"""
)
_FILE = re.compile(r"(?P<folder>.*)/(?P<name>[^/]{1,120})(?P<ending>\.s?html?)")
_PAGE = re.compile(r"(?P<before>[?&]PAGENUM=)(?P<n>\d{1,9})(?=&|$)")
_OURS = re.compile(r"(?<=[?&])(?:totalpage|PAGENUM)=\d{1,9}(?:&|$)")


def read_page(page: Opened) -> Paging | None:
    """Paging by the jump to a page, or by the links to numbered files; None where the page has neither."""
    jump = _jump(page) if MARKS[0] in page.text else None
    found = list(blocks(page)) if jump or any(mark in page.text for mark in links.MARKS) else []
    words: dict[str, int] = {}
    for block in found:
        words = said(block.text) | words
    if jump:
        words["pages"] = int(jump["pages"])
        if words["pages"] <= 1:
            return Paging(NAME, pages=words["pages"], total=words.get("total"))
        if jump["mode"] == "1":
            return _numbered(page, words)
    return _files(page, [url for block in found for _, url in block.links], words, is_sure=jump is not None)


def _jump(page: Opened) -> re.Match[str] | None:
    found = [match for source in scripts(page, MARKS[:1]) if (match := _JUMP.search(source))]
    for element in () if found else islice(page.root.iter("input", "a"), limits()["max_links"]):
        match = _JUMP.search(element.get("onclick") or element.get("onkeydown") or "")
        found += [match] if match else []
    return found[0] if found else None


def _files(page: Opened, turns: list[str], words: dict[str, int], *, is_sure: bool) -> Paging | None:
    """``turns`` are the links that turn the page: articles are numbered files too, and link each other."""
    file = _FILE.fullmatch(urlunsplit(urlsplit(page.url)._replace(query="", fragment="")))
    if file is None:
        return None
    # /tzgg/30.htm is a page of /tzgg.htm, unless it has pages of its own (/2023.htm, /2023/4.htm).
    stem, own = f"{file['folder']}/{file['name']}", None
    linked = _numbers_in(turns, Numbers(f"{stem}/", file["ending"]))
    if file["name"].isdecimal() and not linked:
        stem, own = file["folder"], int(file["name"])
        linked = _numbers_in(turns, Numbers(f"{stem}/", file["ending"]))
    pages = words.get("pages")
    if not linked and not (is_sure and (own or 0) <= (pages or 0)):
        return None
    numbers, known = Numbers(f"{stem}/", file["ending"]), {*linked, own or 0}
    # Page 2 has the highest number of files that count down, so the first page tells how many there are.
    count = pages or max(known) + 1
    is_down = count not in known

    def address(p: int) -> str:
        return f"{stem}{file['ending']}" if p == 1 else numbers.at(count - p + 1 if is_down else p)

    at = 1 if own is None else count - own + 1 if is_down else own
    found = turning(page, NAME, address, count, own=at, total=words.get("total"))
    return found if pages or own is None else replace(found, pages=None)


def _numbers_in(urls: list[str], numbers: Numbers) -> set[int]:
    return {found for url in urls if (found := numbers.inside(url))}


def _numbered(page: Opened, words: dict[str, int]) -> Paging | None:
    """``list.jsp?totalpage=31&PAGENUM=2&…``, made as the jump makes it."""
    address, mark, query = page.url.partition("?")
    if not mark or not urlsplit(page.url).path.endswith(".jsp"):
        return None
    pages = words["pages"]
    rest = _OURS.sub("", f"?{query}")[1:].rstrip("&")
    at = _PAGE.search(page.url)
    bare = f"{address}?{rest}" if rest else address
    opening = as_linked(page, _with(address, pages, 1, rest), bare)
    return turning(
        page, NAME, lambda p: opening if p == 1 else _with(address, pages, p, rest), pages,
        own=int(at["n"]) if at else 1, total=words.get("total"),
    )  # fmt: skip


def _with(address: str, pages: int, p: int, rest: str) -> str:
    return f"{address}?totalpage={pages}&PAGENUM={p}" + (f"&{rest}" if rest else "")
