"""Visits to home pages as a visitor makes them: is the page open in time?"""

from __future__ import annotations

import asyncio
import errno
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.crawl.handler import PUBLIC_ONLY, GuardedHandler
from crawler.crawl.opening import OPENS, Opening, open_address
from crawler.evidence import ProbeVisit, Site
from crawler.site import home_is_private
from crawler.words import load, software_version

# This machine has no way to the network at all.
_NO_NETWORK = {errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH}


@dataclass(frozen=True, slots=True)
class Probed:
    """A visit, whether the host answered in any way, and whether a failure may be that of our own network."""

    visit: ProbeVisit
    reached: bool
    maybe_ours: bool


class Prober:
    """Visits sites by the handler of the crawl, under the same rules of addresses. Not for use in two event loops."""

    def __init__(self, timeout: float, contact: str, now: Callable[[], datetime]) -> None:
        self._timeout = timeout
        self._now = now
        agent = f"Duwang/{software_version()}" + (f" (+{contact})" if contact else "")
        self._headers = {"User-Agent": agent, "Accept": "text/html,*/*;q=0.8", "Accept-Language": "zh-CN,zh;q=0.9"}
        self._handlers = {public_only: _handler(timeout, public_only) for public_only in (True, False)}

    async def close(self) -> None:
        """End all connections."""
        for handler in self._handlers.values():
            await handler.close()

    async def visit(self, site: Site) -> Probed:
        """Open the home page once, redirects included, within the time."""
        handler = self._handlers[not await self._is_private(site.home)]

        async def ask(request: Request) -> Response:
            request.headers.update(self._headers)
            return await handler.download_request(request)

        at, begun = self._now(), time.monotonic()
        try:
            async with asyncio.timeout(self._timeout):
                opened = await open_address(ask, site.home, meta={"download_timeout": self._timeout})
        except TimeoutError as error:
            opened = Opening("timeout", site.home, error=error)
        seconds = round(time.monotonic() - begun, 3)
        ok, told = _judged(opened, self._timeout)
        visit = ProbeVisit(at, site.id, site.home, ok, seconds, opened.status, told, self._timeout)
        reached = opened.status is not None or opened.outcome in load("probe")["answers"]
        return Probed(visit, reached, ok is False and opened.outcome in load("probe")["maybe_ours"])

    async def _is_private(self, home: str) -> bool:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(load("probe")["limits"]["dns_timeout"]):
                return await loop.run_in_executor(None, home_is_private, home)
        except TimeoutError:
            return False


def _handler(timeout: float, public_only: bool) -> GuardedHandler:
    limits = load("probe")["limits"]
    settings: dict[str, Any] = {
        PUBLIC_ONLY: public_only,
        "DOWNLOAD_TIMEOUT": timeout,
        "DOWNLOAD_MAXSIZE": limits["max_bytes"],
        "DNS_TIMEOUT": limits["dns_timeout"],
    }
    return GuardedHandler(Crawler(Spider, settings))


def _judged(opened: Opening, timeout: float) -> tuple[bool | None, str]:
    """Whether the page was open, None where that cannot be said, and what stood against it."""
    words, status = load("probe")["words"], opened.status
    if opened.outcome == OPENS:
        return True, ""
    # Out of service is what this status means; it is a wish to slow down only towards those who ask often.
    outcome = "http-503" if (opened.outcome, status) == ("throttled", 503) else opened.outcome
    if status is not None and outcome in load("probe")["unclear"]:
        return None, words["turned_away"].format(status=status)
    if status is not None and outcome != "redirect-loop":
        meaning = load("crawl")["statuses"].get(status, "")
        return False, words["status"].format(status=status, meaning=f"（{meaning}）" if meaning else "")
    told = words.get(outcome, words["other"]).format(timeout=timeout, outcome=outcome)
    if outcome in load("probe")["unclear"]:
        return None, told
    if _has_no_network(opened.error):
        return None, words["ours"].format(what=told)
    return False, told


def _has_no_network(error: BaseException | None) -> bool:
    """Whether the failure is that of this machine: no resolver that answers, no way out."""
    while error is not None:
        if isinstance(error, socket.gaierror):
            return error.errno in (socket.EAI_AGAIN, socket.EAI_FAIL)
        if isinstance(error, OSError) and error.errno in _NO_NETWORK:
            return True
        error = error.__cause__
    return False


class Round:
    """The visits made at about one time. Failures wait until one site shows that our own network works."""

    def __init__(self) -> None:
        self._held: list[ProbeVisit] = []
        self._made = 0
        self._reached = False

    def add(self, probed: Probed) -> list[ProbeVisit]:
        """What can be written down now that this visit was made."""
        self._made += 1
        self._reached = self._reached or probed.reached
        self._held.append(probed.visit)
        if not self._reached and probed.maybe_ours:
            return []
        return self._let_go() if self._reached else [self._held.pop()]

    def end(self) -> list[ProbeVisit]:
        """The rest: taken back where no site of several could be reached at all."""
        if self._reached or self._made < 2:
            return self._let_go()
        told = load("probe")["words"]["all"]
        return [replace(one, ok=None, error=told.format(what=one.error)) for one in self._let_go()]

    def _let_go(self) -> list[ProbeVisit]:
        held, self._held = self._held, []
        return held
