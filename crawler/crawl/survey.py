"""What reading the pages of a site does not show: IPv6, https, and how long the home page takes to come."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from crawler import urls
from crawler.crawl.manners import IMPATIENT
from crawler.crawl.opening import OPENS, Opening, open_address
from crawler.crawl.wire.addresses import connectable, leads_inside
from crawler.errors import UnusableInput
from crawler.pages import read_page
from crawler.readers.html import open_html
from crawler.words import load

if TYPE_CHECKING:
    from crawler.crawl.spider import SiteSpider

logger = logging.getLogger(__name__)

_SCHEMES = ("http", "https")


class Survey:
    """Looks at the host of the home page in the course of a crawl, by way of all its manners.

    What fails here is noted or left out; the crawl goes on in any case.
    """

    def __init__(self, spider: SiteSpider, kept: dict[str, Any] | None) -> None:
        self._spider = spider
        self._limits = spider.limits
        self._home = urlsplit(spider.site.home)
        kept = kept or {}
        self._looks: list[dict[str, Any]] = kept.get("home_seconds", [])
        self._found: dict[str, Any] = kept.get("found", {})
        # Who goes on after a kill waits as long again.
        self._looked = time.monotonic() if self._looks else float("-inf")

    def dump(self) -> dict[str, Any]:
        return {"home_seconds": self._looks, "found": self._found}

    def state(self) -> dict[str, Any]:
        """For ``capture.json``: ``ipv6``, ``https`` and ``home_seconds``, as far as they were looked at."""
        return {**self._found, **({"home_seconds": self._looks} if self._looks else {})}

    async def look(self, *, last: bool = False) -> None:
        """Look now if it is time: at the beginning, after a while, and at the end."""
        if (not last and len(self._looks) > 1) or time.monotonic() - self._looked < self._limits["survey_gap"]:
            return
        first = not self._looks
        try:
            await self._time()
            for name, find in (("ipv6", self._ipv6), ("https", self._https)):
                # What was found against the site is looked at again.
                if first or (last and _is_against(self._found.get(name, {}))):
                    self._take(name, await find())
        except Exception:
            logger.exception("the survey failed")
        self._looked = time.monotonic()

    def _take(self, name: str, found: dict[str, Any]) -> None:
        before = self._found.get(name)
        if before is not None and found["answers"] is None and not _is_against(found):
            # The second look could not see: the first one stands.
            return
        tries = (before["tries"] if before else 0) + 1
        self._found[name] = {**found, "tries": tries, "at": self._now()}

    def _now(self) -> str:
        return self._spider.clock().isoformat()

    async def _time(self) -> None:
        at = self._now()
        opened = await self._open(self._spider.site.home)
        seconds = round(opened.seconds, 3) if opened.outcome == OPENS else None
        self._looks.append({"at": at, "seconds": seconds, "status": opened.status, "reason": _reason(opened)})

    async def _open(self, url: str, **meta: Any) -> Opening:
        return await open_address(self._spider.ask, url, meta={**IMPATIENT, **meta}, against=self._against)

    async def _against(self, url: str) -> str:
        if leads_inside(url, self._spider.site.home):
            return "private-address"
        names = {urls.bare_host(parts.hostname or "") for parts in (urlsplit(url), self._home)}
        return "" if len(names) == 1 else "offsite-redirect"

    @property
    def _is_literal(self) -> bool:
        return urls.literal_address(self._home.hostname or "") is not None

    async def _ipv6(self) -> dict[str, Any]:
        if self._is_literal:
            return _six(None, None, "literal")
        port = self._home.port or self._limits[f"{self._home.scheme}_port"]
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._limits["dns_timeout"]):
                found = await loop.run_in_executor(None, urls.resolve_six, _ascii(self._home), port)
        except (OSError, UnicodeError, TimeoutError):
            return _six(None, None, "dns")
        if not found:
            return _six(False, None, "no-record")
        if not any(_has_route(address, port) for address in found):
            return _six(True, None, "no-route")
        opened = await self._open(self._spider.site.home, six=True)
        return _six(True, _answer(opened), _reason(opened), opened.status)

    async def _https(self) -> dict[str, Any]:
        secure, plain = (self._as(scheme) for scheme in _SCHEMES[::-1])
        redirects, http_reason = await self._redirects(plain) if plain else (None, self._why_not())
        told = {"http_redirects": redirects, "http_reason": http_reason}
        if secure is None:
            return _secure(None, self._why_not(), "", None) | told
        opened = await self._open(secure)
        if opened.outcome == OPENS and not opened.url.startswith("https:"):
            return _secure(False, "to-http", opened.certificate, opened.status) | told
        return _secure(_answer(opened), _reason(opened), opened.certificate, opened.status) | told

    def _why_not(self) -> str:
        return "literal" if self._is_literal else "port"

    def _as(self, scheme: str) -> str | None:
        """The home page over a scheme; None where its port is one of its own, or it has no name to certify."""
        limits, home = self._limits, self._home
        if self._is_literal:
            return None
        if scheme == home.scheme:
            return self._spider.site.home
        usual = {name: limits[f"{name}_port"] for name in _SCHEMES}
        if (home.port or urls.DEFAULT_PORTS[home.scheme]) != usual[home.scheme]:
            return None
        port = "" if usual[scheme] == urls.DEFAULT_PORTS[scheme] else f":{usual[scheme]}"
        return home._replace(scheme=scheme, netloc=f"{home.hostname}{port}").geturl()

    async def _redirects(self, plain: str) -> tuple[bool | None, str]:
        """Whether the home page over http leads on to https, and why that could not be seen."""

        async def against(url: str) -> str:
            return OPENS if url.startswith("https:") else await self._against(url)

        opened = await open_address(self._spider.ask, plain, meta=IMPATIENT, against=against)
        if opened.url.startswith("https:"):
            return True, ""
        if opened.outcome != OPENS or opened.response is None:
            return None, opened.outcome
        return _sent_on(opened).startswith("https:"), ""


def _six(record: bool | None, answers: bool | None, reason: str, status: int | None = None) -> dict[str, Any]:
    return {"record": record, "answers": answers, "reason": reason, "status": status}


def _secure(answers: bool | None, reason: str, certificate: str, status: int | None) -> dict[str, Any]:
    valid = None if certificate in ("", "unchecked") else certificate == "verified"
    return {"answers": answers, "reason": reason, "certificate": certificate, "valid": valid, "status": status}


def _is_against(found: dict[str, Any]) -> bool:
    return any(found.get(name) is False for name in ("record", "answers", "valid"))


def _answer(opened: Opening) -> bool | None:
    """Whether the page came; None where what stood against it says nothing about the host."""
    if opened.outcome in load("crawl")["says_nothing"]:
        return None
    return opened.outcome == OPENS


def _reason(opened: Opening) -> str:
    return "" if opened.outcome == OPENS else opened.outcome


def _sent_on(opened: Opening) -> str:
    """Where a page sends its readers on, ``""`` where it keeps them."""
    assert opened.response is not None
    media = (opened.response.headers.get(b"Content-Type") or b"").decode("latin-1")
    try:
        return read_page(open_html(opened.response.body, opened.url, media), is_home=True).forward or ""
    except UnusableInput:
        return ""


def _ascii(parts: SplitResult) -> str:
    return (parts.hostname or "").encode("idna").decode("ascii")


def _has_route(address: str, port: int) -> bool:
    """Whether this machine has an IPv6 address of its own to reach this one from; no packet is sent."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as line:
            line.connect((address, port))
            own = str(line.getsockname()[0])
    except OSError:
        return False
    # From a private address one gets no further than to other private ones.
    return connectable(own) or not connectable(address)
