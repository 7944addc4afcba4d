"""How the crawl behaves towards a host: robots.txt first, its pace, and slowing down when it is asked to."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.crawl.answers import outcome_of
from crawler.crawl.handler import failure_of
from crawler.crawl.refused import Refused
from crawler.crawl.robots import Robots, RobotsState
from crawler.urls import absolute, host_key, same_site, split
from crawler.words import load

if TYPE_CHECKING:
    from crawler.crawl.spider import SiteSpider

AGENT = "Duwang"
_ROBOTS = "duwang_robots"
_TRIES = "duwang_throttled"
# For what is not worth waiting for: an answer that asks to slow down is taken as it is, and the host slowed down for.
IMPATIENT = {_TRIES: 1_000_000}
# For other hosts than that of the site, whose robots.txt was looked at already (`against_elsewhere`).
ELSEWHERE = {_ROBOTS: True}


@dataclass(slots=True)
class _Gate:
    """What came of asking one name of a host for its robots.txt."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    refusal: str = ""
    cause: BaseException | None = None
    refused: int = 0


@dataclass(slots=True)
class _Host:
    """The pace of one host, whatever names its addresses give it. Moments are monotonic seconds."""

    extra: float = 0.0
    good: int = 0
    not_before: float = 0.0
    released: float = 0.0
    back_offs: int = 0
    longest_wait: float = 0.0


class Manners:
    """Downloader middleware for a crawl on plain asyncio, below the retries (a number above 550).

    The downloader's slot keeps the base delay and AutoThrottle; here the host's own wishes are added: Crawl-delay,
    Retry-After, and an extra delay that doubles with each 429 or 503 and is halved after good answers. Addresses
    that must not be asked for raise :class:`Refused` with ``robots``, ``robots-unreachable`` (its cause is the network
    error, if there was one), ``challenged`` (robots.txt itself was answered with a challenge), ``throttled`` (the host
    wants a pause longer than ``max_wait``) or ``stopped``. Limits: ``data/manners.yaml``, replaced by the spider's.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        # The spider exists before its middlewares do.
        self._spider = cast("SiteSpider", crawler.spider)
        self._spider.manners = self
        self._limits: dict[str, Any] = {**load("manners")["limits"], **self._spider.limits}
        self._gates: dict[str, _Gate] = {}
        self._elsewhere: dict[str, _Gate] = {}
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self.robots = Robots(AGENT, self._spider.limits)
        self._stopped = asyncio.Event()
        self.slowed = 0
        self._before: dict[str, dict[str, Any]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Manners:
        return cls(crawler)

    def state(self) -> dict[str, dict[str, Any]]:
        """For the coverage statement, by name of the host: ``robots`` (state or None), ``crawl_delay`` (seconds),
        ``back_offs`` (answers that asked to slow down), ``extra_delay`` (seconds, now) and ``longest_wait`` (seconds).
        """
        return {name: self._state(name) for name in sorted({*self._gates, *self._before})}

    def _state(self, name: str) -> dict[str, Any]:
        host = self._host(f"http://{name}/")
        robots: dict[str, Any] = {"robots": self.robots.state(name), "crawl_delay": self.robots.delay(name)}
        if robots["robots"] is None and name in self._before:
            # Who goes on after a kill may have nothing left to ask the host for.
            robots = {field: self._before[name][field] for field in robots}
        return {
            **robots,
            "back_offs": host.back_offs,
            "extra_delay": round(host.extra, 3),
            "longest_wait": round(host.longest_wait, 3),
        }

    def dump(self) -> dict[str, Any]:
        """What a crawl that goes on after a kill must still keep to, in JSON types; moments by the wall clock."""
        wall = time.time() - time.monotonic()
        hosts = {
            name: [host.extra, host.good, host.back_offs, host.longest_wait, wall + host.not_before]
            for name, host in self._hosts.items()
        }
        return {"slowed": self.slowed, "hosts": hosts, "state": self.state()}

    def load(self, kept: dict[str, Any]) -> None:
        """Take over what ``dump`` gave."""
        wall = time.time() - time.monotonic()
        self.slowed, self._before = kept["slowed"], kept["state"]
        for name, (extra, good, back_offs, longest, until) in kept["hosts"].items():
            self._hosts[name] = _Host(
                extra=extra, good=good, back_offs=back_offs, longest_wait=longest, not_before=until - wall
            )

    def stop(self) -> None:
        """End all waiting: whoever waits is refused with ``stopped``."""
        self._stopped.set()

    async def process_request(self, request: Request) -> None:
        if self._stopped.is_set():
            raise Refused("stopped")
        name = urlsplit(request.url).netloc.lower()
        # One queue for all names of a host, so that the delay between two requests is that of the host.
        request.meta["download_slot"] = _site(request.url)
        if _ROBOTS not in request.meta:
            await self._know_robots(name, request.url)
            if not self.robots.allowed(request.url):
                raise Refused("robots")
        await self._pace(name, self._host(request.url), request)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        if _ROBOTS in request.meta:
            return response
        host = self._host(request.url)
        if response.status not in load("manners")["answers"]["throttled"]:
            self._recover(host, response.status)
            return response
        asked = _retry_after(response)
        self._back_off(host, asked)
        tries = request.meta.get(_TRIES, 0)
        if tries >= self._limits["throttle_tries"] or (asked or 0.0) > self._limits["max_wait"]:
            request.meta["dont_retry"] = True
            return response
        return request.replace(dont_filter=True, meta={**request.meta, _TRIES: tries + 1})

    async def against_elsewhere(self, url: str) -> str:
        """Why an address of any host must not be asked for, "" where it may.

        A robots.txt that is not known is asked for once; nobody waits for one that cannot be had. Raises Refused.
        """
        name = urlsplit(url).netloc.lower()
        gate = self._elsewhere.setdefault(name, _Gate())
        async with gate.lock:
            if self.robots.state(name) is None:
                self._take(name, await self._fetch(gate, absolute(url, "/robots.txt") or url))
        if self.robots.state(name) == "unreachable":
            return failure_of(gate.cause) if gate.cause else "robots-unreachable"
        return "" if self.robots.allowed(url) else "robots"

    def slow_down(self, url: str) -> None:
        """Back off from a host whose page, not its status, asks for that."""
        self._back_off(self._host(url), None)

    def _host(self, url: str) -> _Host:
        return self._hosts[_site(url)]

    async def _know_robots(self, name: str, url: str) -> None:
        """Ask for robots.txt before the first request, and again now and then while it cannot be had."""
        gate = self._gates.setdefault(name, _Gate())
        async with gate.lock:
            if self.robots.state(name) is None or (gate.refusal and gate.refused >= self._limits["robots_again"]):
                gate.refusal, gate.cause, gate.refused = "", None, 0
                await self._ask(name, gate, absolute(url, "/robots.txt") or url)
            if gate.refusal:
                gate.refused += 1
                raise Refused(gate.refusal) from gate.cause

    async def _ask(self, name: str, gate: _Gate, url: str) -> None:
        limits = self._limits
        for number in range(1, limits["robots_tries"] + 1):
            response = await self._fetch(gate, url)
            state = self._take(name, response)
            asked = _retry_after(response) if response is not None else None
            seconds = max(asked or 0.0, limits["robots_wait"] * number)
            done = state != "unreachable" or _is_challenge(response)
            if done or number == limits["robots_tries"] or seconds > limits["max_wait"]:
                break
            await self._wait(name, self._host(url), seconds, "robots")
        if state == "unreachable":
            gate.refusal = "challenged" if _is_challenge(response) else "robots-unreachable"
        self._spider.keep_robots(url, response, state)

    async def _fetch(self, gate: _Gate, url: str) -> Response | None:
        """The answer to robots.txt, after redirects within the site; None where there is none."""
        meta = {_ROBOTS: True, "dont_redirect": True, "handle_httpstatus_all": True, "dont_retry": True}
        first, response, gate.cause = url, None, None
        engine = self._crawler.engine
        assert engine is not None
        for _ in range(self._limits["robots_redirects"] + 1):
            try:
                response = await engine.download_async(Request(url, callback=NO_CALLBACK, meta=dict(meta)))
            except Refused:
                raise
            except Exception as error:
                gate.cause = error
                return None
            location = (response.headers.get(b"Location") or b"").decode("utf-8", "replace")
            target = absolute(url, location) if 300 <= response.status < 400 and location else None
            if target is None or not same_site(target, first):
                break
            url = target
        return response

    def _take(self, name: str, response: Response | None) -> RobotsState:
        if response is None:
            return self.robots.take(name, None, b"", "")
        media_type = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
        return self.robots.take(name, response.status, response.body, media_type)

    async def _pace(self, name: str, host: _Host, request: Request) -> None:
        """Wait until the host may be asked again; the slot adds nothing where this is the longer wait."""
        now = time.monotonic()
        if host.not_before - now > self._limits["max_wait"]:
            raise Refused("throttled")
        slot = self._slot(request)
        delay = slot.delay if slot else 0.0
        wished = max(self.robots.delay(name), delay)
        ready = max(now, host.not_before)
        if wished > delay or host.extra:
            ready = max(ready, max(slot.lastseen if slot else 0.0, host.released) + wished + host.extra)
        host.released = ready
        why = "retry-after" if host.not_before >= ready else "slow" if host.extra else "crawl-delay"
        await self._wait(name, host, ready - now, why)

    def _slot(self, request: Request) -> Any:
        """Scrapy's queue for the host, whose ``lastseen`` is the moment of its last request; None at first."""
        engine = self._crawler.engine
        assert engine is not None
        return engine.downloader.slots.get(engine.downloader.get_slot_key(request))

    async def _wait(self, name: str, host: _Host, seconds: float, why: str) -> None:
        if seconds <= 0:
            return
        host.longest_wait = max(host.longest_wait, seconds)
        self._spider.waiting(name, seconds, why)
        try:
            async with asyncio.timeout(seconds):
                await self._stopped.wait()
        except TimeoutError:
            return
        raise Refused("stopped")

    def _back_off(self, host: _Host, asked: float | None) -> None:
        limits = self._limits
        self.slowed += 1
        host.back_offs += 1
        host.good = 0
        host.extra = min(max(2 * host.extra, limits["slow_down"]), limits["max_slow"])
        pause = host.extra if asked is None else asked
        host.not_before = max(host.not_before, time.monotonic() + pause)

    def _recover(self, host: _Host, status: int) -> None:
        if status >= 500:
            host.good = 0
            return
        host.good += 1
        if host.extra and host.good >= self._limits["recover_after"]:
            host.good = 0
            host.extra = host.extra / 2 if host.extra / 2 >= self._limits["least_slow"] else 0.0


def _site(url: str) -> str:
    """One name for all that an address may call a host: with ``www.`` or without, with the usual port or without."""
    parts = split(url)
    return host_key(parts) if parts else ""


def _retry_after(response: Response) -> float | None:
    """Seconds that ``Retry-After`` asks for, given as a number or a date (RFC 9110, 10.2.3); None without one."""
    value = (response.headers.get(b"Retry-After") or b"").decode("latin-1").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)


def _is_challenge(response: Response | None) -> bool:
    if response is None:
        return False
    text = response.body[: load("manners")["answers"]["max_body"]].decode("utf-8", "replace")
    return outcome_of(response.status, {}, text) == "challenged"
