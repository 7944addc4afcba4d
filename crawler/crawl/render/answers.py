"""What a drawn page gets for its requests: from the crawler, one at a time, or from what the site answered before.

Playwright does not offer the further hops of a redirect to its interceptor (they would go to the network), so
redirects are followed here.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from crawler import words
from crawler.crawl.render.page import Fetch, Load, Wish
from crawler.fetch import Fetched
from crawler.urls import absolute, key, same_site, split

if TYPE_CHECKING:
    from playwright.async_api import Page, Request

_REDIRECTS = {301, 302, 303, 307, 308}
_REDIRECTS_TO_GET = {301, 302, 303}
# What scripts add so that no cache answers: jQuery's `_=<milliseconds>` and `x=<Math.random()>`.
_BUSTER = re.compile(r"(?<=[?&])(?:_=\d{13}|\w{1,16}=0\.\d{6,20})(?:&|$)")


class _Cache:
    """Answers of one site, bounded in bytes, the least recently used forgotten first."""

    def __init__(self, most: int) -> None:
        self._most, self._held = most, 0
        self._answers: OrderedDict[str, Fetched] = OrderedDict()

    def get(self, url: str) -> Fetched | None:
        name = key(_BUSTER.sub("", url))
        if name in self._answers:
            self._answers.move_to_end(name)
        return self._answers.get(name)

    def put(self, url: str, answer: Fetched) -> None:
        name = key(_BUSTER.sub("", url))
        if name in self._answers or len(answer.body) > self._most // 4:
            return
        self._answers[name] = answer
        self._held += len(answer.body)
        while self._held > self._most:
            self._held -= len(self._answers.popitem(last=False)[1].body)


class Answers:
    """What a page gets for its requests: from the crawler, one at a time, or from what the site answered before."""

    def __init__(self, fetch: Fetch, cache_bytes: int, screenshots: bool) -> None:
        self._fetch = fetch
        self._rules = words.load("render")["requests"]
        self._cache = _Cache(cache_bytes)
        self._pictured = screenshots
        self._turn = asyncio.Lock()

    async def answer(self, load: Load, request: Request, page: Page | None) -> Fetched | None:
        """The answer to a request of the page itself; None where it gets none."""
        kind, url = request.resource_type, request.url.partition("#")[0]
        unwanted = kind not in self._rules["methods"] or (kind in self._rules["for_screenshots"] and not self._pictured)
        if unwanted or page is None or not _is_own(request, page):
            return None
        headers = {name.lower(): value for name, value in load.headers.items()}
        headers |= {name: value for name, value in request.headers.items() if name in self._rules["headers"]}
        cookies = await page.context.cookies(url) if split(url) else []
        if cookies:
            headers["cookie"] = "; ".join(f"{cookie.get('name', '')}={cookie.get('value', '')}" for cookie in cookies)
        wish = Wish(kind, request.method, url, headers, request.post_data_buffer)
        if kind == "document":
            return await self._document(load, wish)
        # What the browser fetched ahead in vain it asks for once more.
        if wish.method == "GET" and url in load.lost:
            return None
        answer = await self._part(load, wish)
        if answer is None and wish.method == "GET":
            load.lost.add(url)
        return answer

    def _refusal(self, load: Load, wish: Wish) -> str:
        """Why a request is not sent to anyone; ``""`` where it is."""
        if wish.method not in self._rules["methods"][wish.kind]:
            return "method"
        strange = split(wish.url) is None
        if strange or (not same_site(wish.url, load.url) and wish.kind not in self._rules["elsewhere"]):
            return "elsewhere"
        many = wish.kind == "document" and load.documents >= load.limits["documents"]
        return "limit" if many or load.sent >= load.limits["requests"] else ""

    async def _document(self, load: Load, wish: Wish) -> Fetched | None:
        """A page that the browser goes to: the one to draw, or where its scripts lead within the site."""
        refusal = self._refusal(load, wish)
        if refusal:
            load.note(wish, refusal)
            load.target = wish.url[:2000] if refusal == "elsewhere" else load.target
            return None
        load.documents += 1
        answer, load.given = load.given, None
        if answer is not None:
            load.note(wish, "cached", answer)
        else:
            answer = await self._ask(load, wish)
        location = _location(answer)
        if answer is None or not location:
            load.status = answer.status if answer else load.status
            return answer
        following = absolute(wish.url, location)
        if following is None or not same_site(following, load.url):
            load.target = (following or location)[:2000]
            return None
        # A page that leads on by script: only so the browser comes back with the next hop.
        load.leading = True
        target = json.dumps(following).replace("<", "\\u003c")
        kept = [(name, value) for name, value in answer.headers if name.lower() == "set-cookie"]
        body = f"<script>location.replace({target})</script>".encode()
        return Fetched(wish.url, 200, "", [("content-type", "text/html"), *kept], body)

    async def _part(self, load: Load, wish: Wish) -> Fetched | None:
        """A script or data, redirects followed."""
        first = wish.url
        for _ in range(load.limits["redirects"] + 1):
            held = self._cache.get(wish.url) if wish.method == "GET" else None
            refusal = "cached" if held else self._refusal(load, wish)
            if refusal:
                load.note(wish, refusal, held)
                return held
            answer = await self._ask(load, wish)
            location = _location(answer)
            if answer is None or not location:
                if answer and wish.method == "GET" and (answer.status < 300 or wish.kind in self._rules["kept_bad"]):
                    self._cache.put(first, answer)
                return answer
            wish = wish._replace(url=absolute(wish.url, location) or location)
            if answer.status in _REDIRECTS_TO_GET:
                wish = wish._replace(method="GET", body=None)
        load.note(wish, "limit")
        return None

    async def _ask(self, load: Load, wish: Wish) -> Fetched | None:
        """Ask the crawler, one request at a time."""
        load.sent += 1
        task = asyncio.create_task(self._in_turn(load, wish))
        load.tasks.add(task)
        task.add_done_callback(load.tasks.discard)
        await asyncio.wait({task})
        if task.cancelled() or task.exception() is not None:
            load.note(wish, "failed")
            return None
        answer = task.result()
        if answer is not None and len(answer.body) > load.limits["max_body"]:
            load.note(wish, "limit", answer)
            return None
        load.note(wish, "answered" if answer else "refused", answer)
        return answer

    async def _in_turn(self, load: Load, wish: Wish) -> Fetched | None:
        async with self._turn:
            began = time.monotonic()
            try:
                return await self._fetch(wish.url, wish.method, wish.headers, wish.body)
            finally:
                load.ends += time.monotonic() - began


def _is_own(request: Request, page: Page) -> bool:
    """False for frames inside the page and for windows that it opens."""
    from playwright.async_api import Error

    try:
        return request.frame == page.main_frame
    except Error:
        return False


def _location(answer: Fetched | None) -> str:
    """Where a redirect leads, ``""`` for any other answer."""
    if answer is None or answer.status not in _REDIRECTS:
        return ""
    return next((value for name, value in answer.headers if name.lower() == "location"), "")
