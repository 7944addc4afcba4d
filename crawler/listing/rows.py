"""List pages: rows with a link and a date, and the links that turn the page."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from crawler import dates
from crawler.evidence import ListEntry
from crawler.readers.markup import HEADINGS, Element, text_in
from crawler.readers.page.addresses import Addresses
from crawler.readers.page.scan import Scan, scan
from crawler.readers.page.targets import target_at
from crawler.urls import key, same_site
from crawler.words import load

_ROWS = frozenset({"li", "tr", "dt", "dd"})
_BLOCKS = frozenset({"div", "p", "article", "section"})
_CLIMB = 6
_DIGITS = re.compile(r"[\[第]?\s?\d{1,4}\s?[\]页]?")
_YEAR = re.compile(r"[\[【（(]?\s?((?:19|20)\d\d)\s?年?度?\s?[\]】）)]?")
_LONG = re.compile(r"\d{4}")
_PART = re.compile(r"[\d年月日./-]{1,12}")
_CUT = re.compile(r"(…|\.{2,9}|·{3,9})$")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: its main link and the date it prints.

    ``group`` is the number of the element that holds its siblings, ``look`` that element's name, class and parent.
    """

    url: str
    title: str
    date: date | None
    group: int
    look: tuple[str, str, int]


def text_of(element: Element) -> str:
    """Text of an element, white space folded."""
    return " ".join(text_in(element).split())


def rows(root: Element, base: str) -> list[Row]:
    """All rows of all lists of a page or a piece of one, in document order, each link once."""
    return rows_of(scan(root), Addresses(base))


def rows_of(page: Scan, addresses: Addresses) -> list[Row]:
    """The same for a page that was gone over already."""
    limits = _words()
    found: list[Row] = []
    numbers: list[int] = []
    taken: set[int] = set()
    known: dict[int, int | None] = {}
    for anchor in islice(page.anchors, load("crawl")["limits"]["max_links"]):
        row = _row_of(page, anchor, limits["max_row"], known) if page.tags[anchor] == "a" else None
        if row is None or row in taken:
            continue
        taken.add(row)
        made = _read_row(page, row, addresses, limits)
        if made:
            found.append(made)
            numbers.append(row)
    return _with_years(page, found, numbers, limits["max_row"]) if any(row.date is None for row in found) else found


def entries(found: list[Row], page: str) -> list[ListEntry]:
    """The rows as evidence of the list page at ``page``."""
    return [ListEntry(page, row.url, row.title, row.date) for row in found]


def main_list(found: list[Row], page: str) -> list[Row]:
    """The rows of the list that the page is about; [] where it only has menus.

    Lists of one look (element and class, under one parent) are one list: some sites part it by rules.
    """
    groups: dict[int, list[Row]] = {}
    for row in found:
        groups.setdefault(row.group, []).append(row)
    lists: dict[tuple[str, str, int, bool], list[Row]] = {}
    for group in groups.values():
        if _is_list(group, page):
            lists.setdefault((*group[0].look, group[0].date is None), []).extend(group)
    return max(lists.values(), key=lambda group: (_dated(group), _length(group)), default=[])


def pagers(root: Element, base: str, page: str) -> list[str]:
    """Addresses of the other pages of the list on ``page``, from ordinary links, in document order."""
    return pagers_of(scan(root), Addresses(base), page)


def pagers_of(page: Scan, addresses: Addresses, url: str) -> list[str]:
    """The same for a page at ``url`` that was gone over already."""
    words = {word.lower() for word in _words()["pager_words"]}
    sign = _words()["page_sign"]
    found: dict[str, str] = {}
    own = key(url)
    for anchor in islice(page.anchors, load("crawl")["limits"]["max_links"]):
        given = page.attributes[anchor]
        if page.tags[anchor] != "a" or page.ends[anchor] - page.begins[anchor] > 8:
            continue
        text = page.text(anchor).lower() or given.get("title", "").lower()
        if text not in words and not (_DIGITS.fullmatch(text) and _among_pages(page, anchor, words, sign)):
            continue
        target, _ = target_at(page, anchor, addresses)
        if target and key(target) != own and _alike(target, url):
            found.setdefault(key(target), target)
    return list(found.values())


def has_script_pager(source: str) -> bool:
    """True where a script turns (or fills) the list of the page, so that links do not show all of it."""
    for mark, pattern in _script_pagers():
        if mark not in source:
            continue
        for match in pattern.finditer(source):
            pages = match.groupdict().get("pages")
            if pages is None or int(pages) > 1:
                return True
    return False


def _row_of(page: Scan, anchor: int, limit: int, known: dict[int, int | None]) -> int | None:
    """The list row that holds a link: li, tr, dt, dd, else a small block with a date beside the link."""
    node = page.parents[anchor]
    if node in known:
        return known[node]
    start = node
    known[start] = None
    for _ in range(_CLIMB):
        if node < 0 or page.tags[node] == "body":
            return None
        if page.tags[node] in _ROWS:
            known[start] = node
            return node
        if page.tags[node] in _BLOCKS:
            texts = page.folded(page.begins[node], page.ends[node], limit)
            if texts is None:
                return None
            if any(map(dates.is_only_date, texts)):
                if page.text(anchor, 4).lower() in _more():
                    return None
                known[start] = node
                return node
        node = page.parents[node]
    return None


def _read_row(page: Scan, row: int, addresses: Addresses, limits: dict[str, Any]) -> Row | None:
    anchors = page.links_in(row, limits["max_scanned"])
    found = [(url, anchor) for anchor in anchors if (url := target_at(page, anchor, addresses)[0])]
    if not found or len({url for url, _ in found}) > limits["max_row_links"]:
        return None
    texts = page.folded(page.begins[row], page.ends[row], limits["max_row"])
    if texts is None:
        return None
    if page.tags[row] == "dt":
        texts += _texts_after(page, row, limits["max_row"])
    title, url = max(((_title(page, anchor), url) for url, anchor in found), key=lambda pair: len(pair[0]))
    if not title or page.parents[row] < 0:
        return None
    group = page.parents[row]
    look = (page.tags[group], page.attributes[group].get("class", ""), page.parents[group])
    return Row(url, title, _date(texts, title, url, table=page.tags[row] == "tr"), group, look)


def _title(page: Scan, anchor: int) -> str:
    """Full title of a link without a date inside it: the ``title`` attribute where the text is cut short."""
    headings = (i for i in range(anchor + 1, page.stops[anchor]) if page.tags[i] in HEADINGS)
    # A link around a whole item: its heading is the title.
    holder = next(headings, anchor)
    parts = (" ".join(piece.split()) for piece in page.pieces[page.begins[holder] : page.ends[holder]])
    text = " ".join(part for part in parts if part and not dates.is_only_date(part))
    attribute = " ".join(page.attributes[anchor].get("title", "").split())
    if attribute and (not text or (_CUT.search(text) and len(attribute) > len(_CUT.sub("", text)))):
        return attribute
    return text


def _date(texts: list[str], title: str, url: str, *, table: bool) -> date | None:
    """Date of a row: a piece of text that is nothing but a date, else a date outside of the title."""
    alone = [text for text in texts if dates.is_only_date(text)]
    days = [day for text in alone if (day := dates.find(text))]
    if days:
        # In a table a day of making stands before that of publication.
        return max(days) if table else days[0]
    # The day alone (30) may stand in the title too (第30次).
    rest = " ".join(text for text in texts if text not in title or _PART.fullmatch(text))
    found = dates.find(rest)
    if found:
        return found
    # Month and day alone: the year may be in the address, and only there.
    told = dates.from_url(url)
    short = next((pair for text in alone if (pair := dates.month_day(text))), None)
    return told if told and short == (told.month, told.day) else None


def _with_years(page: Scan, found: list[Row], numbers: list[int], limit: int) -> list[Row]:
    """Dates of rows that print month and day alone, by the heading above them that is a year."""
    years = [(page.lines[n][0], page.lines[n][2], match) for n in range(len(page.lines)) if (match := _year(page, n))]
    for n, row in enumerate(found if years else ()):
        begin, end = page.begins[numbers[n]], page.ends[numbers[n]]
        texts = () if row.date else page.folded(begin, end, limit) or ()
        short = next((pair for text in texts if dates.is_only_date(text) and (pair := dates.month_day(text))), None)
        at = bisect_left(years, (begin,)) - 1
        # The heading stands beside the rows or beside their list.
        if short and at >= 0 and years[at][1] > row.look[2]:
            found[n] = replace(row, date=_day(int(years[at][2]), *short))
    return found


def _year(page: Scan, number: int) -> str:
    """The year that a line is, "" where it is something else."""
    begin, end, _ = page.lines[number]
    match = _YEAR.fullmatch(page.texts[number]) if end - begin < 4 else None
    return match[1] if match else ""


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _texts_after(page: Scan, row: int, limit: int) -> list[str]:
    """Texts of the dd elements that belong to a dt."""
    found: list[str] = []
    sibling, end = page.stops[row], page.stops[page.parents[row]]
    while sibling < end and page.tags[sibling] == "dd" and len(found) < limit:
        found += page.folded(page.begins[sibling], page.ends[sibling], limit) or []
        sibling = page.stops[sibling]
    return found


def _is_list(group: list[Row], page: str) -> bool:
    if _dated(group):
        return True
    ours = sum(_ours(_start(row.url), _start(page)) for row in group)
    return ours * 2 > len(group) and _length(group) / len(group) >= _words()["min_title"]


def _start(url: str) -> str:
    """Scheme and host of an absolute address."""
    return url[: url.find("/", 8) + 1]


@lru_cache(maxsize=4096)
def _ours(start: str, page: str) -> bool:
    return same_site(start, page)


def _dated(group: list[Row]) -> int:
    return sum(row.date is not None for row in group)


def _length(group: list[Row]) -> int:
    return sum(len(row.title) for row in group)


def _among_pages(page: Scan, anchor: int, words: set[str], sign: str) -> bool:
    """A number is a page number where its surroundings turn pages."""
    node = page.parents[anchor]
    for _ in range(3):
        if node < 0 or page.tags[node] == "body":
            return False
        texts = page.folded(page.begins[node], page.ends[node], 300)
        if texts is None:
            return False
        text = " ".join(texts)
        if sign in text or any(word in text.lower() for word in words):
            return True
        named = f"{page.attributes[node].get('class', '')} {page.attributes[node].get('id', '')}".lower()
        # Numbers of four digits are years as well.
        if not _LONG.search(text) and any(name in named for name in _words()["pager_names"]):
            return True
        node = page.parents[node]
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
def _more() -> frozenset[str]:
    return frozenset(word.lower() for word in _words()["more"])


@cache
def _script_pagers() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((known["mark"], re.compile(known["pattern"])) for known in _words()["script_pagers"])
