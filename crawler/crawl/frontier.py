"""What is still to be read of a site, and in which order."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from crawler.evidence import Link
from crawler.pages.page import PageFacts
from crawler.urls import ending, key, same_site
from crawler.words import load

# Ranks: a lower one is read first. Within a rank breadth first, then in the order of finding.
HOME, REPORTS, FIRST, COLUMNS, REST = range(5)


@dataclass(frozen=True, slots=True)
class Visit:
    """One address to read. ``root`` is the first page of the list that its pager belongs to; ``chain`` holds the
    addresses that redirected here."""

    url: str
    rank: int
    depth: int = 0
    found_on: str = ""
    text: str = ""
    root: str | None = None
    is_home: bool = False
    chain: tuple[str, ...] = ()


class Frontier:
    """Addresses of one site, each given out once. ``left()`` names those that never were."""

    def __init__(self, home: str, limits: dict[str, Any]) -> None:
        self.home = home
        self._heap: list[tuple[int, int, int, Visit]] = []
        self._number = 0
        self._seen: set[str] = set()
        self._deep: dict[str, str] = {}
        self._limits = limits

    def push(self, visit: Visit) -> str | None:
        """Queue an address unless it is known; returns the reason where it is refused at once."""
        name = key(visit.url)
        if name in self._seen or not same_site(visit.url, self.home):
            return None
        if ending(visit.url) in _refused_endings():
            self._seen.add(name)
            return "type"
        if visit.depth > self._limits["max_depth"]:
            # A shorter way to it may still turn up.
            self._deep.setdefault(name, visit.url)
            return None
        if len(self._seen) >= self._limits["max_known"]:
            return "budget"
        self._seen.add(name)
        self.again(visit)
        return None

    def again(self, visit: Visit) -> None:
        """Queue an address that may be known already (the target of a redirect)."""
        self._seen.add(key(visit.url))
        self._number += 1
        heapq.heappush(self._heap, (visit.rank, visit.depth, self._number, visit))

    def pop(self) -> Visit | None:
        return heapq.heappop(self._heap)[3] if self._heap else None

    def knows(self, url: str) -> bool:
        return key(url) in self._seen

    def left(self) -> Iterator[tuple[str, str]]:
        """(address, reason) of everything that was found and not given out."""
        for _, _, _, visit in sorted(self._heap, key=lambda item: item[:3]):
            yield visit.url, "budget"
        for name, url in self._deep.items():
            if name not in self._seen:
                yield url, "depth"

    def __len__(self) -> int:
        return len(self._heap)


def visits(facts: PageFacts, visit: Visit) -> Iterator[Visit]:
    """What the links of a page lead to, ranked."""
    pagers = {key(url) for url in facts.pagers}
    root = visit.root or visit.url
    entries = {key(entry.url) for entry in facts.entries} if facts.kind == "list" else set()
    reports = visit.rank <= REPORTS and not visit.is_home
    for url in facts.pagers:
        yield Visit(url, visit.rank, visit.depth, visit.url, visit.text, root)
    for link in facts.links:
        name = key(link.url)
        if name in pagers:
            continue
        rank = _rank(link)
        if reports and name in entries:
            rank = REPORTS
        yield Visit(link.url, rank, visit.depth + 1, visit.url, link.text)
    if facts.forward:
        yield Visit(facts.forward, visit.rank, visit.depth + 1, visit.url, visit.text, is_home=visit.is_home)


def _rank(link: Link) -> int:
    words = load("crawl")
    text = f"{link.text} {link.title}"
    if any(word in text for word in words["report_columns"]) or _holds(link.url, words["report_addresses"]):
        return REPORTS
    short = len(link.text) <= words["max_column_name"]
    if any(word in text for word in words["first_columns"]):
        return FIRST
    if short and _holds(link.url, words["first_addresses"]):
        return FIRST
    return COLUMNS if short and link.text else REST


def _holds(url: str, parts: list[str]) -> bool:
    return any(part in url for part in parts)


@cache
def _refused_endings() -> frozenset[str]:
    return frozenset(load("crawl")["refused_endings"])
