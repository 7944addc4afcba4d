"""One page while it is drawn: its time, its requests, what they came to; and what is left when it is over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from crawler.fetch import Fetched

# url, method, headers (names in lower case, the caller's own as given), body; None: this address may not be asked.
Fetch = Callable[[str, str, dict[str, str], bytes | None], Awaitable[Fetched | None]]

_T = TypeVar("_T")


class Asked(NamedTuple):
    """One request of a page. ``kind`` is the browser's: document, script, xhr, fetch, stylesheet.

    ``outcome``: ``answered``, ``cached``; not sent because of ``elsewhere`` (another site), ``method``, ``limit``;
    ``refused`` (the crawler does not allow it), ``failed`` (it allowed it, and no answer came).
    """

    url: str
    method: str
    kind: str
    outcome: str
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A drawn page. ``html`` is the serialised DOM with its doctype, ``""`` where there is none.

    ``url`` is the address the page ended on, ``status`` that of its last own document. ``target`` is the address off
    the site that its scripts wanted to lead to. ``note`` says in plain Chinese what is wrong or missing, else ``""``.
    """

    url: str
    status: int | None
    html: str
    title: str
    requests: tuple[Asked, ...] = ()
    screenshot: bytes | None = None
    target: str = ""
    note: str = ""


class Broken(Exception):
    """The page is given up, and the browser with it; ``str(error)`` is the key of the note."""


class Wish(NamedTuple):
    """One request as the browser makes it."""

    kind: str
    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None = None


@dataclass(slots=True)
class Load:
    """One page while it is drawn; ``limits`` are those of ``page`` in crawler/data/render.yaml."""

    url: str
    headers: Mapping[str, str]
    given: Fetched | None
    limits: Mapping[str, Any]
    ends: float = 0.0
    ends_surely: float = 0.0
    trouble: asyncio.Future[str] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    asked: list[Asked] = field(default_factory=list)
    tasks: set[asyncio.Task[Fetched | None]] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    sent: int = 0
    documents: int = 0
    dialogs: int = 0
    limited: bool = False
    leading: bool = False
    status: int | None = None
    target: str = ""

    def __post_init__(self) -> None:
        now = time.monotonic()
        self.ends, self.ends_surely = now + self.limits["seconds"], now + self.limits["longest"]

    def over(self, grace: float = 0.0) -> bool:
        """Whether the page's time is up; what it waits for the site is not its fault."""
        now = time.monotonic()
        return now >= self.ends_surely + grace or (not self.tasks and now >= self.ends + grace)

    def note(self, wish: Wish, outcome: str, answer: Fetched | None = None) -> None:
        self.limited = self.limited or outcome == "limit"
        if len(self.asked) < self.limits["recorded"]:
            status = answer.status if answer else None
            self.asked.append(Asked(wish.url[:2000], wish.method, wish.kind, outcome, status))

    def give_up(self, reason: str) -> None:
        if not self.trouble.done():
            self.trouble.set_result(reason)

    async def within(self, work: Coroutine[Any, Any, _T], grace: float = 0.0) -> _T:
        """Result of ``work``; Broken where the page breaks or its time is up first."""
        task = asyncio.ensure_future(work)
        either: list[asyncio.Future[Any]] = [task, self.trouble]
        try:
            while True:
                await asyncio.wait(either, timeout=self.limits["poll"], return_when="FIRST_COMPLETED")
                if task.done() and not task.cancelled():
                    return task.result()
                if self.trouble.done():
                    raise Broken(self.trouble.result())
                if self.over(grace):
                    raise Broken("hung")
        finally:
            task.add_done_callback(_look)
            task.cancel()

    async def stop(self) -> None:
        """Nothing is asked for in the name of a page that is over."""
        for task in (tasks := list(self.tasks)):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _look(task: asyncio.Task[Any]) -> None:
    """Errors of work that nobody waits for any more are of no interest."""
    if not task.cancelled():
        task.exception()
