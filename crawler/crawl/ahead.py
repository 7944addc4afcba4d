"""The next request goes out before the page at hand is read: the line is busy meanwhile, with one request at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, NamedTuple

from scrapy.http import Response

from crawler.crawl.frontier import Visit

# Turns of the event loop in which Scrapy's downloader gets from a request to writing it.
_TURNS = 6


class Turn(NamedTuple):
    """A visit whose turn it is, and its answer where it was asked for already."""

    visit: Visit
    answer: asyncio.Future[Response] | None = None


class Ahead:
    """Holds what was asked for before its turn, one visit at most.

    What is asked for ahead is decided before the page at hand is read, whatever the network does, so that the order of
    a crawl stays the same every time.
    """

    def __init__(self, ask: Callable[[Visit], Coroutine[Any, Any, Response]]) -> None:
        self._ask = ask
        self._turn: Turn | None = None

    async def ask(self, visit: Visit) -> None:
        """Keep a visit for its turn; its request is on the way when this returns."""
        self._turn = Turn(visit, asyncio.ensure_future(self._ask(visit)))
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    def take(self) -> Turn | None:
        """What was asked for, None where nothing was."""
        turn, self._turn = self._turn, None
        return turn

    async def drop(self) -> None:
        """Give up what is on the way; its address stays as one that was found and not read."""
        turn = self.take()
        if turn is not None and turn.answer is not None:
            turn.answer.cancel()
            await ignore(turn.answer)


async def ignore(answer: asyncio.Future[Response]) -> None:
    """Wait for an answer that nobody wants any more."""
    with suppress(asyncio.CancelledError, Exception):
        await answer
