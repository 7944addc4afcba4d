"""Asking for the next page while one is read: one at most, kept for its turn, given up where the crawl ends."""

from __future__ import annotations

import asyncio

from scrapy.http import Response

from crawler.crawl.ahead import Ahead
from crawler.crawl.frontier import Visit

NEXT = Visit("http://a.example/2", 1)


def test_the_request_is_on_its_way_before_its_turn() -> None:
    asked: list[str] = []

    async def ask(visit: Visit) -> Response:
        asked.append(visit.url)
        await asyncio.sleep(0)
        return Response(visit.url)

    async def crawl() -> None:
        ahead = Ahead(ask)
        assert ahead.take() is None
        await ahead.ask(NEXT)
        assert asked == [NEXT.url]
        turn = ahead.take()
        assert turn is not None and turn.visit == NEXT and turn.answer is not None
        assert (await turn.answer).url == NEXT.url
        assert ahead.take() is None

    asyncio.run(crawl())


def test_what_failed_is_told_at_its_turn() -> None:
    async def ask(visit: Visit) -> Response:
        raise OSError(visit.url)

    async def crawl() -> str:
        ahead = Ahead(ask)
        await ahead.ask(NEXT)
        turn = ahead.take()
        assert turn is not None and turn.answer is not None
        try:
            await turn.answer
        except OSError as error:
            return str(error)
        return ""

    assert asyncio.run(crawl()) == NEXT.url


def test_who_stops_hangs_up() -> None:
    ended: list[str] = []

    async def ask(visit: Visit) -> Response:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(visit.url)
        return Response(visit.url)

    async def crawl() -> None:
        ahead = Ahead(ask)
        await ahead.ask(NEXT)
        await ahead.drop()
        assert ended == [NEXT.url]
        assert ahead.take() is None

    asyncio.run(crawl())
