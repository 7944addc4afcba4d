"""How the crawler keeps its manners on the wire: robots.txt, slowing down, and addresses it never contacts."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred

from crawler.urls import is_public, literal_address

if TYPE_CHECKING:
    from crawler.crawl.spider import SiteSpider

AGENT = "Duwang"
PUBLIC_ONLY = "DUWANG_PUBLIC_ONLY"


class Refused(IgnoreRequest):
    """A request that must not be sent; ``reason`` is the code of the refusal."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class GuardedResolver(CachingThreadedResolver):
    """Name look-up that gives no private address where only public ones are allowed.

    The connection is made to the address given here, so a name cannot change its mind in between.
    """

    blocked: set[str]
    public_only: bool

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> GuardedResolver:
        made = super().from_crawler(crawler, reactor)
        made.public_only = crawler.settings.getbool(PUBLIC_ONLY)
        made.blocked = BLOCKED
        return made

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:
        found = super().getHostByName(name, timeout)
        found.addCallback(self._allowed, name)
        return found

    def _allowed(self, address: str, name: str) -> str:
        if self.public_only and not is_public(address):
            self.blocked.add(name)
            raise OSError("private address")
        return address


# Twisted turns every resolver error into "not found"; the names refused here tell the two apart afterwards.
BLOCKED: set[str] = set()


class Manners:
    """Downloader middleware below the retries: robots.txt answers, 429 and 503, spelled-out private addresses."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._public_only = crawler.settings.getbool(PUBLIC_ONLY)
        self._without_robots: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Manners:
        return cls(crawler)

    @property
    def _spider(self) -> SiteSpider:
        return cast("SiteSpider", self._crawler.spider)

    def process_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        address = literal_address(parts.hostname or "")
        if self._public_only and address and not is_public(address):
            raise Refused("private-address")
        if parts.netloc in self._without_robots and not _is_robots(request):
            raise Refused("robots-unreachable")

    async def process_response(self, request: Request, response: Response) -> Response:
        if _is_robots(request):
            self._read_robots(request, response)
        if response.status in (429, 503):
            self._spider.slowed += 1
            await asyncio.sleep(self._wait(response))
        return response

    def _read_robots(self, request: Request, response: Response) -> None:
        """Keep the answer as evidence; a server error forbids everything for now (RFC 9309, 2.3.1.4)."""
        host = urlsplit(request.url).netloc
        spider = self._spider
        if response.status >= 500 or response.status == 429:
            self._without_robots.add(host)
            return
        self._without_robots.discard(host)
        spider.archive(response.url, response)
        if response.status == 200:
            asked = Protego.parse(response.body.decode("utf-8", "replace")).crawl_delay(AGENT)
            if asked:
                spider.delay = max(spider.delay, min(float(asked), spider.limits["max_robots_delay"]))

    def _wait(self, response: Response) -> float:
        """Seconds that ``Retry-After`` asks for, within our limit."""
        value = (response.headers.get(b"Retry-After") or b"").decode("latin-1").strip()
        limits = self._spider.limits
        seconds = float(limits["slow_down"])
        if value.isdigit():
            seconds = float(value)
        elif value:
            try:
                moment = parsedate_to_datetime(value)
                seconds = (moment - datetime.now(moment.tzinfo or UTC)).total_seconds()
            except (ValueError, TypeError):
                pass
        return float(min(max(seconds, 0.0), limits["max_wait"]))


def _is_robots(request: Request) -> bool:
    return bool(request.meta.get("dont_obey_robotstxt"))
