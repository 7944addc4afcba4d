"""Walks a list over a real socket the way the crawler does: every turn that a family tells of, each once."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections import deque
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urljoin

from site_server import Server

from crawler.listing import Answer, Entry, Paging, Turn, paging, paging_of_data
from crawler.listing.rows import main_list, rows
from crawler.readers.encoding import decode
from crawler.readers.html import open_html
from crawler.urls import key

_MOST = 300


class MissingPageError(AssertionError):
    """A turn led to nothing that exists."""


@dataclass
class Walked:
    """What a walk saw. ``pages`` are the addresses asked for in order, without the server (a POST with its form
    after a space); ``entries`` are (address, title, date), as often as they were seen; ``missing`` are the pages that
    do not exist, where the walk was told that there may be some."""

    entries: list[tuple[str, str, date | None]] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def walk(server: Server, start: str, *, may_miss: bool = False) -> Walked:
    """Read the list at ``start`` (a path of the server) to its end. AssertionError where a turn leads to nothing
    that exists (unless it ``may_miss`` pages), or where it never ends."""
    walked = Walked()
    first = Turn(urljoin(server.url, start))
    known, queue = {_identity(first)}, deque([(first, "", first.url)])
    while queue:
        assert len(walked.pages) < _MOST, "the list never ends"
        turn, family, page = queue.popleft()
        walked.pages.append(
            "/" + turn.url.removeprefix(server.url) + (f" {turn.form}" if turn.method == "POST" else "")
        )
        try:
            found, entries = _read(turn, family, page)
        except MissingPageError:
            if not may_miss:
                raise
            walked.missing.append(walked.pages.pop())
            continue
        walked.entries += [(entry.url, entry.title, entry.date) for entry in entries]
        if found is None:
            continue
        walked.gaps += [found.gap] if found.gap else []
        for further in found.turns:
            if _identity(further) not in known:
                known.add(_identity(further))
                queue.append((further, found.family, page if turn.data else turn.url))
    return walked


def _read(turn: Turn, family: str, page: str) -> tuple[Paging | None, list[Entry]]:
    body, media_type = _fetch(turn)
    if turn.data:
        text = decode(body, turn.url, media_type, is_html=False).text
        found: Paging | None = paging_of_data(family, Answer(turn.url, text, media_type, turn, page))
        return found, list(found.entries or ()) if found else []
    opened = open_html(body, turn.url, media_type)
    found = paging(opened)
    if found is not None and found.entries is not None:
        return found, list(found.entries)
    listed = main_list(rows(opened.root, opened.base), turn.url)
    return found, [Entry(row.url, row.title, row.date) for row in listed]


def _fetch(turn: Turn) -> tuple[bytes, str]:
    data = turn.form.encode() if turn.method == "POST" else None
    request = urllib.request.Request(turn.url, data=data, method=turn.method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read(), answer.headers.get("Content-Type", "")
    except urllib.error.HTTPError as error:
        raise MissingPageError(f"{turn.method} {turn.url} {turn.form}: {error.code}") from None


def _identity(turn: Turn) -> tuple[str, str, str]:
    return turn.method, key(turn.url), turn.form
