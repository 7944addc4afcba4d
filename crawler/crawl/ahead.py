"""The next request goes out before the page at hand is read: the line is busy meanwhile, with one request at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple

from scrapy.http import Response

from crawler.crawl.frontier import Visit

# Turns of the event loop in which Scrapy's downloader gets from a request to writing it.
_TURNS = 6


class Turn(NamedTuple):
    """A visit whose turn it is, and its answer where it was asked for already."""

    visit: Visit
    answer: Awaitable[Response] | None = None


class Ahead:
    """Holds what was asked for before its turn, one visit at most.

    What is asked for ahead is decided before the page at hand is read, whatever the network does, so that the order of
    a crawl stays the same every time.
    """

    def __init__(self, ask: Callable[[Visit], Awaitable[Response]]) -> None:
        self._ask = ask
        self._visit: Visit | None = None
        self._task: asyncio.Future[Response] | None = None

    async def ask(self, visit: Visit) -> None:
        """Keep a visit for its turn; its request is on the way when this returns."""
        self._visit, self._task = visit, asyncio.ensure_future(self._ask(visit))
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    def take(self) -> Turn | None:
        """What was asked for, None where nothing was."""
        visit, task, self._visit, self._task = self._visit, self._task, None, None
        return Turn(visit, task) if visit else None

    async def drop(self) -> None:
        """Give up what is on the way; its address stays as one that was found and not read."""
        task, self._visit, self._task = self._task, None, None
        if task is not None:
            task.cancel()
            await self.ignore(task)

    async def ignore(self, answer: Awaitable[Response] | None) -> None:
        """Wait for an answer that nobody wants any more."""
        with suppress(asyncio.CancelledError, Exception):
            if answer is not None:
                await answer
