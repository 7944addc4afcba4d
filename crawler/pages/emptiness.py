"""Pages without content: columns that say so, columns that are blank, pages that only send the reader on."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Literal

from crawler.evidence import LinkArea
from crawler.readers.html import Opened
from crawler.readers.markup import text_in
from crawler.readers.page.addresses import Addresses
from crawler.readers.page.scan import Scan
from crawler.readers.page.targets import target_of
from crawler.urls import key
from crawler.words import load

_REFRESH = re.compile(
    r"\s{0,99}\d{0,9}(?:\.\d{1,9})?\s{0,9}[;,]?\s{0,9}url\s{0,9}=\s{0,9}[\"']?(?P<url>[^\"']{1,2000})", re.I
)
_CONTENT = frozenset({"iframe", "frame", "object", "embed", "video", "audio", "canvas"})
_FIELDS = frozenset({"input", "textarea", "select"})


def emptiness(
    opened: Opened, page: Scan, areas: list[tuple[int, LinkArea]], chrome: bytearray, known: set[str], links: int
) -> tuple[Literal["", "stated", "blank"], str]:
    """What a column page without entries says or shows: (stated, its words), (blank, "") or ("", "").

    ``known`` are texts that say nothing of content: names of the column, title, path; ``links`` counts the links that
    are neither of those nor in a menu or the footer.
    """
    words = _words()
    left = 0
    for number in range(len(page.lines)):
        if chrome[number]:
            continue
        line = page.texts[number]
        if len(line) <= words["quote"] and (word := next((word for word in words["words"] if word in line), "")):
            return ("stated", line) if _is_statement(line, word) else ("", "")
        if page.shown[number] and line not in known and _counters().sub("", line):
            left += page.shown[number]
    drawn = any(mark in opened.text for mark in words["drawn"])
    bare = len(page.anchors) < words["menu"]
    if drawn or bare or left > words["blank"] or links > words["links"] or _shows(page, areas):
        return "", ""
    return "blank", ""


def forward(opened: Opened, page: Scan, addresses: Addresses) -> str | None:
    """Where a page sends the reader on: meta refresh, or a script of a page that holds nothing else."""
    found = _refresh(opened, addresses) or _sent_on(opened, page, addresses)
    return found if found and key(found) != key(opened.url) else None


def _refresh(opened: Opened, addresses: Addresses) -> str | None:
    match = next(filter(None, map(_REFRESH.match, opened.refreshes)), None)
    return addresses.of(match["url"].strip()) if match else None


def _sent_on(opened: Opened, page: Scan, addresses: Addresses) -> str | None:
    limits = load("page-facts")["forward"]
    if page.plain[-1] > limits["max_text"] or len(page.anchors) > limits["max_links"] or "location" not in opened.text:
        return None
    for element in opened.root.iter("script"):
        if found := target_of(text_in(element), addresses.base):
            return found
    return None


def _is_statement(line: str, word: str) -> bool:
    """The line is about the list: it is little more than the words themselves."""
    around: int = _words()["around"]
    return len(line) - len(word) <= around


def _shows(page: Scan, areas: list[tuple[int, LinkArea]]) -> bool:
    """Whether the page shows something that is no text: pictures that are no links, frames, players, forms."""
    limits = _words()
    fields = sum(tag in _FIELDS for tag in page.tags)
    if fields > limits["fields"] or not _CONTENT.isdisjoint(page.tags):
        return True
    if len(page.pictures) > limits["pictures"]:
        return True
    chrome = [range(here, page.stops[here]) for here, area in areas if area != "main"]
    for picture in page.pictures:
        inside = any(picture in part for part in chrome)
        if not inside and not any(page.tags[above] == "a" for above in page.above(picture)):
            return True
    return False


@cache
def _counters() -> re.Pattern[str]:
    return re.compile(_words()["counters"])


def _words() -> dict[str, Any]:
    words: dict[str, Any] = load("page-facts")["empty"]
    return words
