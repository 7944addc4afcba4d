"""Whether an address opens, followed through its redirects; nothing of it is read or archived."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.crawl.answers import outcome_of
from crawler.crawl.handler import failure_of, location
from crawler.crawl.messages import header, headers_of, rough_text
from crawler.urls import absolute
from crawler.words import load

OPENS = "opens"
REDIRECTS = frozenset({301, 302, 303, 307, 308})

Ask = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Opening:
    """What came of it: ``opens``, or the outcome code of what stood against it.

    ``url`` is where the redirects ended. ``seconds`` are those of all answers together, from each request to its last
    byte. ``certificate`` is that of the first answer over https (see ``wire.lines.Host``), ``""`` without one.
    ``error`` is the failure where there was no answer.
    """

    outcome: str
    url: str
    status: int | None = None
    seconds: float = 0.0
    media: str = ""
    certificate: str = ""
    response: Response | None = None
    error: BaseException | None = None


async def nothing_against(url: str) -> str:
    """Any address may be asked for."""
    del url
    return ""


async def open_address(
    ask: Ask,
    url: str,
    *,
    method: str = "GET",
    meta: Mapping[str, Any] | None = None,
    against: Callable[[str], Awaitable[str]] = nothing_against,
) -> Opening:
    """Ask for ``url`` and what it redirects to. ``against`` says why an address must not be asked for, "" if it may."""
    limits = load("crawl")["limits"]
    seconds, certificate, asked = 0.0, "", list[str]()
    while True:
        try:
            if refusal := await against(url):
                return Opening(refusal, url, seconds=seconds, certificate=certificate)
            known = {"handle_httpstatus_all": True, "verbatim_url": True, **(meta or {})}
            request = Request(url, method=method, dont_filter=True, meta=known)
            response = await ask(request)
        except Exception as error:
            return Opening(failure_of(error), url, seconds=seconds, certificate=certificate, error=error)
        seconds += request.meta.get("seconds", 0.0)
        certificate = certificate or request.meta.get("tls", {}).get("certificate", "")
        asked.append(url)
        status, media = response.status, header(response, b"Content-Type").partition(";")[0].strip().lower()
        target = absolute(url, location(response)) if status in REDIRECTS else None
        if target is None:
            said = outcome_of(status, dict(headers_of(response)), rough_text(response, limits["refusal_chars"]))
            outcome = OPENS if said == "content" else said
            return Opening(outcome, url, status, seconds, media, certificate, response)
        if target in asked or len(asked) > limits["max_redirects"]:
            return Opening("redirect-loop", target, status, seconds, media, certificate, response)
        url = target
