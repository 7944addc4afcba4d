"""The disclosure guide (政府信息公开指南): which pages and attachments are it, and what their text says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from scoring.checks.platform.region import Door, Platform
from scoring.data import table
from scoring.results import Point
from scoring.site.view import PageView, SiteView, fit_of
from scoring.text import find_date, fold, key


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a guide: ``folded`` for reading, ``raw`` for quoting, of one length; ``page`` is where it stands."""

    page: str
    raw: str
    folded: str


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide that counts: its page, its title, the days that it states, and its lines, attachments last."""

    page: str
    title: str
    days: tuple[date, ...]
    lines: tuple[Passage, ...]

    @property
    def text(self) -> str:
        """All of it, folded, without spaces inside a line."""
        return "\n".join(line.folded.replace(" ", "") for line in self.lines)

    @property
    def point(self) -> Point:
        return Point(self.page, self.title)


@dataclass(frozen=True, slots=True)
class Unread:
    """Why there is no guide to judge: a key of reasons with its values; ``point`` where a board was read and bare."""

    key: str
    values: dict[str, Any]
    point: Point | None = None


def guide_of(platform: Platform) -> Guide | Unread | None:
    """The guide of a site; None where nothing leads to one (another rule says so)."""
    ways = platform.ways("disclosure-guide")
    read = [door for door in ways if door.state == "read"]
    if not read:
        return _closed(platform, ways) if ways else None
    boards = [page for door in read if (page := platform.view.look(door.url)) is not None]
    drafts = [_guide(platform, page) for page in _pages(platform, boards)]
    full = [guide for guide in drafts if len(guide.text) >= table("disclosure-guide")["least_text"]]
    if full:
        unit = key(platform.view.site.name)
        return max(full, key=lambda guide: (unit in key(guide.title), max(guide.days, default=date.min)))
    if unread := _unread_parts(platform, boards):
        return Unread("unread", {"why": unread})
    return Unread("empty", {}, Point(boards[0].url, read[0].name))


def _closed(platform: Platform, ways: tuple[Door, ...]) -> Unread:
    if all(door.state == "away" for door in ways):
        return Unread("away", {"host": ways[0].url})
    return Unread("unread", {"why": f"“{ways[0].name}”未读{platform.view.why(ways[0].url)}"})


def _pages(platform: Platform, boards: list[PageView]) -> Iterator[PageView]:
    """The boards, and the articles in them that are called a guide."""
    spec = platform.spec("disclosure-guide")
    found: dict[str, PageView] = {}
    for board in boards:
        found.setdefault(board.url, board)
        for entry in platform.view.held.entries(board.url):
            page = platform.view.look(entry.url) if fit_of((entry.title,), spec) else None
            if page is not None:
                found.setdefault(page.url, page)
    yield from list(found.values())[: table("disclosure-guide")["most_pages"]]


def _guide(platform: Platform, page: PageView) -> Guide:
    lines = [*_lines(platform, page.url)]
    for url, name in attachments(page):
        if not any(word in name for word in table("disclosure-guide")["not_guides"]):
            lines += _lines(platform, url)
    days = [seen.value for seen in page.facts.dates]
    days += [page.page.published] if page.page.published else []
    days += _stated("\n".join(line.folded for line in lines))
    return Guide(page.url, page.page.title, tuple(days), tuple(lines))


def attachments(page: PageView) -> list[tuple[str, str]]:
    """Address and name of the documents that a page offers in its text."""
    names: dict[str, str] = {}
    for link in page.links:
        names[link.url] = f"{names.get(link.url, '')}{link.text}{link.title}"
    return [(url, names.get(url, "")) for url in page.facts.attachments]


def _lines(platform: Platform, url: str) -> Iterator[Passage]:
    """The main text of a page or document line by line; of a page whose main text is not told apart, all of it."""
    document = platform.view.document(url)
    if document is None:
        return
    start, stop = document.main
    blocks = document.blocks[start:stop] or document.blocks
    for block in blocks:
        for line in block.text.split("\n"):
            if line.strip():
                yield Passage(url, line, fold(line))


def around(view: SiteView, url: str) -> str:
    """What a page says outside of its main text and its footer, folded as the text of a guide."""
    document, page = view.document(url), view.look(url)
    if document is None or page is None:
        return ""
    footer = [item.value for item in page.facts.footer if item.value]
    start, stop = document.main
    blocks = (*document.blocks[:start], *document.blocks[stop:])
    said = [block.text for block in blocks if not any(value in block.text for value in footer)]
    return fold("\n".join(said)).replace(" ", "")


def _stated(text: str) -> list[date]:
    """Days on which the text says it was revised."""
    found = []
    for match in re.finditer(table("disclosure-guide")["revised"], text):
        said = match["date"] or match["behind"]
        day = find_date(said) or find_date(f"{said.rstrip('-./')}1日" if said.endswith("月") else f"{said}-1")
        found += [day] if day else []
    return found


def _unread_parts(platform: Platform, boards: list[PageView]) -> str:
    """What of the boards was not read and may hold the guide; "" where nothing."""
    view = platform.view
    for board in boards:
        inside = [link.url for link in board.links if link.form == "frame"]
        spec = platform.spec("disclosure-guide")
        named = [entry.url for entry in view.held.entries(board.url) if fit_of((entry.title,), spec)]
        for url in (*board.facts.attachments, *inside, *named):
            if view.content(url) is None or view.document(url) is None:
                return f"{url} 未读{view.why(url)}"
        if board.facts.notes or (not board.facts.text and board.facts.pictures):
            return f"{board.url} 的正文是图片或没有读全"
    return ""
