"""A real browser whose requests are answered by the test, with the standard library."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from crawler.crawl.render.page import Rendered
from crawler.crawl.render.program import unavailable
from crawler.crawl.render.renderer import Renderer
from crawler.fetch import Fetched

AGENT = "Duwang/test (+https://example.org/contact)"
# Short enough for pages that never end, long enough for a busy machine.
LIMITS = {
    "seconds": 6.0, "quiet": 0.3, "poll": 0.05, "closing": 3.0, "max_html": 200_000, "max_memory": 900_000_000,
    "memory_poll": 0.2,
}  # fmt: skip


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


@dataclass
class Bench:
    """One browser for all tests of a module. ``asked`` is what the browser's pages asked the crawler for."""

    runner: asyncio.Runner
    renderer: Renderer = field(init=False)
    allowed: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    posts: dict[str, str] = field(default_factory=dict)
    under_way: int = 0
    most_under_way: int = 0

    def __post_init__(self) -> None:
        self.renderer = Renderer(self.fetch, LIMITS)

    async def fetch(self, url: str, method: str, headers: dict[str, str], body: bytes | None) -> Fetched | None:
        self.asked.append((method, url))
        self.headers.append(headers)
        if not url.startswith(self.allowed):
            return None
        if method == "POST":
            self.bodies.append(body or b"")
            return Fetched(url, 200, "OK", [("Content-Type", "application/json")], self.posts[url].encode())
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            return await asyncio.to_thread(_get, url, headers)
        finally:
            self.under_way -= 1

    def draw(self, url: str, given: Fetched | None = None) -> Rendered:
        return self.runner.run(self.renderer.render(url, {"User-Agent": AGENT}, given))

    def alone(self, url: str, limits: dict[str, float] | None = None, *, screenshots: bool = False) -> Rendered:
        """Draw a page with a browser of its own that has other limits."""

        async def draw() -> Rendered:
            renderer = Renderer(self.fetch, LIMITS | (limits or {}), screenshots=screenshots)
            try:
                return await renderer.render(url, {"User-Agent": AGENT})
            finally:
                await renderer.close()

        return self.runner.run(draw())

    def forget(self) -> None:
        for seen in (self.asked, self.headers, self.bodies, self.posts):
            seen.clear()


def _get(url: str, headers: dict[str, str]) -> Fetched:
    opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
    try:
        answer = opener.open(urllib.request.Request(url, headers=headers), timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return Fetched(url, answer.status, answer.reason, list(answer.headers.items()), answer.read())


@pytest.fixture(scope="session")
def _bench() -> Iterator[Bench]:
    missing = unavailable()
    if missing:
        pytest.skip(missing)
    with asyncio.Runner() as runner:
        bench = Bench(runner)
        runner.run(bench.renderer.start())
        try:
            yield bench
        finally:
            runner.run(bench.renderer.close())


@pytest.fixture
def bench(_bench: Bench, server: Any) -> Bench:
    """The browser, allowed to ask the test's own site and nothing else."""
    _bench.forget()
    _bench.allowed = server.url
    return _bench
