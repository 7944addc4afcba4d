"""List pages: rows with a link and a date, and the links that turn the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from crawler import dates
from crawler.evidence import ListEntry
from crawler.readers.markup import Element
from crawler.urls import absolute, key, same_site
from crawler.words import load

_ROWS = {"li", "tr", "dt", "dd"}
_BLOCKS = {"div", "p", "article", "section"}
_CLIMB = 6
_DIGITS = re.compile(r"[\[第]?\s*\d{1,4}\s*[\]页]?")
_CUT = re.compile(r"(…|\.{2,}|·{3,})$")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: its main link, the date it prints and the element that holds its siblings."""

    url: str
    title: str
    date: date | None
    group: Element


def text_of(element: Element) -> str:
    """Text of an element, white space folded."""
    return " ".join("".join(map(str, element.itertext())).split())


def short_texts(element: Element, limit: int) -> list[str] | None:
    """The pieces of text of an element, or None where they are longer than ``limit`` characters together."""
    found, length = [], 0
    for text in _texts(element):
        length += len(text)
        if length > limit:
            return None
        found.append(text)
    return found


def rows(root: Element, base: str) -> list[Row]:
    """All rows of all lists of a page, in document order, each link once."""
    limits = _words()
    found: list[Row] = []
    taken: set[Element] = set()
    for anchor in islice(root.iter("a"), load("crawl")["limits"]["max_links"]):
        row = _row_of(anchor, limits["max_row"])
        if row is None or row in taken:
            continue
        taken.add(row)
        made = _read_row(row, base, limits)
        if made:
            found.append(made)
    return found


def entries(found: list[Row], page: str) -> list[ListEntry]:
    return [ListEntry(page, row.url, row.title, row.date) for row in found]


def main_list(found: list[Row], page: str) -> list[Row]:
    """The rows of the list that the page is about; [] where it only has menus.

    Lists of one look (element and class, under one parent) are one list: some sites part it by rules.
    """
    groups: dict[Element, list[Row]] = {}
    for row in found:
        groups.setdefault(row.group, []).append(row)
    lists: dict[tuple[str, str, Element | None, bool], list[Row]] = {}
    for element, group in groups.items():
        if _is_list(group, page):
            look = (str(element.tag), element.get("class") or "", element.getparent(), group[0].date is None)
            lists.setdefault(look, []).extend(group)
    return max(lists.values(), key=lambda group: (_dated(group), _length(group)), default=[])


def pagers(root: Element, base: str, page: str) -> list[str]:
    """Addresses of the other pages of the list on ``page``, from ordinary links, in document order."""
    words = {word.lower() for word in _words()["pager_words"]}
    sign = _words()["page_sign"]
    found: dict[str, str] = {}
    for anchor in islice(root.iter("a"), load("crawl")["limits"]["max_links"]):
        text = text_of(anchor).lower() or str(anchor.get("title") or "").lower()
        if text not in words and not (_DIGITS.fullmatch(text) and _among_pages(anchor, words, sign)):
            continue
        url = absolute(base, anchor.get("href") or "")
        if url and key(url) != key(page) and _alike(url, page):
            found.setdefault(key(url), url)
    return list(found.values())


def has_script_pager(source: str) -> bool:
    """True where a script turns (or fills) the list of the page, so that links do not show all of it."""
    for pattern in _script_pagers():
        for match in pattern.finditer(source):
            pages = match.groupdict().get("pages")
            if pages is None or int(pages) > 1:
                return True
    return False


def _row_of(anchor: Element, limit: int) -> Element | None:
    """The list row that holds a link: li, tr, dt, dd, else a small block with a date beside the link."""
    node = anchor.getparent()
    for _ in range(_CLIMB):
        if node is None or node.tag == "body":
            return None
        if node.tag in _ROWS:
            return node
        if node.tag in _BLOCKS:
            texts = short_texts(node, limit)
            if texts is None:
                return None
            if any(map(dates.is_only_date, texts)):
                return node
        node = node.getparent()
    return None


def _read_row(row: Element, base: str, limits: dict[str, Any]) -> Row | None:
    anchors = [anchor for anchor in row.iter("a") if anchor.get("href")]
    targets = {url for anchor in anchors if (url := absolute(base, anchor.get("href") or ""))}
    if not targets or len(targets) > limits["max_row_links"]:
        return None
    texts = short_texts(row, limits["max_row"])
    if texts is None:
        return None
    if row.tag == "dt":
        texts += _texts_after(row)
    anchor = max(anchors, key=lambda item: len(_title(item)))
    url, title = absolute(base, anchor.get("href") or ""), _title(anchor)
    parent = row.getparent()
    if not url or not title or parent is None:
        return None
    return Row(url, title, _date(texts, title, url), parent)


def _title(anchor: Element) -> str:
    """Full title of a link without a date inside it: the ``title`` attribute where the text is cut short."""
    text = " ".join(part for part in _texts(anchor) if not dates.is_only_date(part))
    attribute = " ".join(str(anchor.get("title") or "").split())
    if attribute and (not text or (_CUT.search(text) and len(attribute) > len(_CUT.sub("", text)))):
        return attribute
    return text


def _date(texts: list[str], title: str, url: str) -> date | None:
    """Date of a row: a piece of text that is nothing but a date, else a date outside of the title."""
    alone = [text for text in texts if dates.is_only_date(text)]
    for text in alone:
        found = dates.find(text)
        if found:
            return found
    rest = " ".join(text for text in texts if text not in title)
    found = dates.find(rest)
    if found:
        return found
    # Month and day alone: the year may be in the address, and only there.
    told = dates.from_url(url)
    short = next((pair for text in alone if (pair := dates.month_day(text))), None)
    return told if told and short == (told.month, told.day) else None


def _texts(element: Element) -> Iterator[str]:
    for text in element.itertext():
        folded = " ".join(str(text).split())
        if folded:
            yield folded


def _texts_after(row: Element) -> list[str]:
    """Texts of the dd elements that belong to a dt."""
    found: list[str] = []
    for sibling in row.itersiblings():
        if sibling.tag != "dd":
            break
        found += _texts(sibling)
    return found


def _is_list(group: list[Row], page: str) -> bool:
    if _dated(group):
        return True
    ours = sum(same_site(row.url, page) for row in group)
    return ours * 2 > len(group) and _length(group) / len(group) >= _words()["min_title"]


def _dated(group: list[Row]) -> int:
    return sum(row.date is not None for row in group)


def _length(group: list[Row]) -> int:
    return sum(len(row.title) for row in group)


def _among_pages(anchor: Element, words: set[str], sign: str) -> bool:
    """A number is a page number where its surroundings turn pages."""
    node = anchor.getparent()
    for _ in range(3):
        if node is None or node.tag == "body":
            return False
        texts = short_texts(node, 300)
        if texts is None:
            return False
        text = " ".join(texts)
        if sign in text or any(word in text.lower() for word in words):
            return True
        node = node.getparent()
    return False


def _alike(url: str, page: str) -> bool:
    """Pages of one list lie in one folder, or are one address with different parameters."""
    one, other = urlsplit(url), urlsplit(page)
    if not same_site(url, page):
        return False
    folder, home = one.path.rpartition("/")[0], other.path.rpartition("/")[0]
    # 博达 keeps page 2 of /tzgg.htm in /tzgg/2.htm.
    return folder in (home, other.path.rpartition(".")[0]) or home == one.path.rpartition(".")[0]


def _words() -> dict[str, Any]:
    limits: dict[str, Any] = load("page-facts")["lists"]
    return limits


@cache
def _script_pagers() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in load("page-facts")["lists"]["script_pagers"])
