"""Columns (栏目) of a site, put together from the list pages that were read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from crawler.evidence import Column
from crawler.pages.page import PageFacts
from crawler.urls import key
from crawler.words import load


@dataclass(slots=True)
class _Draft:
    """What is known of one column so far."""

    name: str
    url: str
    path: tuple[str, ...]
    pages: list[str] = field(default_factory=list)
    pagers: set[str] = field(default_factory=set)
    entries: set[str] = field(default_factory=set)
    newest: date | None = None
    script_pager: bool = False


class ColumnBook:
    """Collects list pages while the site is read; ``columns()`` gives the result."""

    def __init__(self) -> None:
        self._drafts: dict[str, _Draft] = {}

    def add(self, url: str, root: str | None, name: str, facts: PageFacts) -> None:
        """One page of a column: ``root`` is the list page whose pager led here, ``name`` the text of the link."""
        home = root or url
        draft = self._drafts.get(key(home))
        if draft is None:
            draft = _Draft(_name(name, facts), home, facts.column_path)
            self._drafts[key(home)] = draft
        draft.pages.append(url)
        draft.pagers.update(map(key, facts.pagers))
        draft.entries.update(key(entry.url) for entry in facts.entries)
        draft.script_pager |= facts.script_pager
        dates = [entry.date for entry in facts.entries if entry.date]
        if draft.newest:
            dates.append(draft.newest)
        draft.newest = max(dates, default=None)

    def columns(self, was_read: Callable[[str], bool]) -> Iterator[Column]:
        """Columns in the order in which they were found; ``was_read`` tells of a key whether its page was read."""
        for draft in self._drafts.values():
            yield Column(
                name=draft.name,
                url=draft.url,
                path=draft.path,
                pages=tuple(draft.pages),
                entries=len(draft.entries),
                newest=draft.newest,
                complete=not draft.script_pager and all(map(was_read, draft.pagers)),
            )


def _name(link_text: str, facts: PageFacts) -> str:
    if facts.column_path:
        return facts.column_path[-1]
    short = link_text if 0 < len(link_text) <= load("crawl")["max_column_name"] else ""
    return facts.column_name or short or facts.title
