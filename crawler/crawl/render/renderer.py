"""Chromium draws the pages of one site, one at a time.

The browser never contacts anything itself: no name resolves for it, its proxy does not exist, and each request of a
page is answered through a callable, the crawler's own polite, guarded and archived way.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from crawler import words
from crawler.crawl.render.answers import Answers
from crawler.crawl.render.page import Broken, Fetch, Load, Rendered
from crawler.crawl.render.process import BrowserProcess
from crawler.errors import UnusableInput
from crawler.fetch import Fetched
from crawler.urls import split

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Dialog, Page, Route

logger = logging.getLogger(__name__)

_STATE = """() => [document.readyState, document.getElementsByTagName('*').length, document.links.length,
    (document.documentElement || document).textContent?.length ?? 0]"""
# Taken from the prototype: an element named "documentElement" or "doctype" would stand in the way.
_DRAWN = """limit => {
    const root = Document.prototype.querySelector.call(document, ':root');
    const type = document.doctype;
    const head = type instanceof DocumentType ? new XMLSerializer().serializeToString(type) : '';
    const html = root ? head + root.outerHTML : '';
    return [html.slice(0, limit), html.length, String(document.title), String(document.URL)];
}"""
_CLEAR = "() => { window.name = ''; sessionStorage.clear(); localStorage.clear(); }"


class Renderer:
    """Draws the pages of one site, one at a time; the browser is started again after a crash and after many pages.

    ``fetch`` is asked for everything, one request at a time, and is cancelled where a page's time is over.
    ``limits`` are those of ``page`` in crawler/data/render.yaml.
    """

    def __init__(self, fetch: Fetch, limits: Mapping[str, Any] | None = None, *, screenshots: bool = False) -> None:
        self._words = words.load("render")
        self._limits: Mapping[str, Any] = {**self._words["page"], **(limits or {})}
        self._screenshots = screenshots
        self._answers = Answers(fetch, self._limits["cache_bytes"], screenshots)
        self._process = BrowserProcess(self._limits)
        self._one_page = asyncio.Lock()
        self._context: BrowserContext | None = None
        self._page: Page | None = None
        self._agent, self._drawn = "", 0
        self._load: Load | None = None

    async def start(self) -> None:
        """Start the browser. UnusableInput (one Chinese line) where that is not possible."""
        await self._process.start()
        self._drawn = 0

    async def close(self) -> None:
        """End the browser; may be called at any time and more than once."""
        self._context = self._page = None
        await self._process.close()

    async def processes(self) -> list[tuple[str, int]]:
        """(kind, process id) of the processes of the running browser."""
        return await self._process.processes()

    async def render(self, url: str, headers: Mapping[str, str], given: Fetched | None = None) -> Rendered:
        """Draw the page at ``url``; every way it can fail is a ``note``, never an error.

        ``headers`` are the crawler's own (``User-Agent`` among them) and go with every request. ``given`` is the
        answer that the crawler already has for ``url``: it is not asked for again.
        """
        async with self._one_page:
            load = self._load = Load(url, headers, given, self._limits)
            try:
                return await self._render(load)
            except UnusableInput:
                return self._nothing(load, "unstarted")
            except BaseException as error:
                await self._stop(load)
                await self.close()
                if not isinstance(error, Exception):
                    raise
                if not isinstance(error, Broken):
                    logger.warning("browser failed on %s", url, exc_info=error)
                return self._nothing(load, str(error) if isinstance(error, Broken) else "failed")
            finally:
                await self._stop(load)

    async def _render(self, load: Load) -> Rendered:
        from playwright.async_api import Error

        if not self._process.runs or self._drawn >= load.limits["pages_per_browser"]:
            await self.close()
            await self.start()
            load.ends = time.monotonic() + load.limits["seconds"]
        self._drawn += 1
        watch = asyncio.create_task(self._watch_memory(load))
        try:
            page = self._page = await load.within(self._open(load))
            with suppress(Error):
                # An aborted first document is an error here, and shows as such in what was drawn.
                await load.within(page.goto(load.url, wait_until="commit", timeout=0))
            settled = (load.status is None and not load.leading) or await self._settle(load, page)
            rendered = await load.within(self._read(load, page, settled), load.limits["grace"])
            await self._stop(load)
            load.ends = min(load.ends, time.monotonic())
            try:
                await load.within(self._leave(page), load.limits["grace"])
            except (Error, Broken):
                # What was drawn stands, whatever the page does when it is left.
                await self.close()
            return rendered
        finally:
            watch.cancel()

    async def _stop(self, load: Load) -> None:
        self._load = None
        await load.stop()

    async def _open(self, load: Load) -> Page:
        """The one page of the browser, with this user agent."""
        agent = next((value for name, value in load.headers.items() if name.lower() == "user-agent"), "")
        if self._page is not None and self._agent == agent:
            return self._page
        if self._context is not None:
            await self._context.close()
        self._context = await self._process.context(agent)
        await self._context.route("**/*", self._route)
        page = await self._context.new_page()
        self._context.on("page", _close)
        page.on("dialog", self._dialog)
        page.on("crash", lambda _: self._load.give_up("crashed") if self._load else None)
        self._agent = agent
        return page

    async def _settle(self, load: Load, page: Page) -> bool:
        """Wait until nothing is asked for and nothing changes any more; False where the time was up before."""
        from playwright.async_api import Error

        before: object = None
        since = time.monotonic()
        while not load.over():
            try:
                state: Any = await load.within(page.evaluate(_STATE), load.limits["grace"])
            except Error:
                if page.is_closed():
                    raise Broken("crashed") from None
                # The page is on its way to another one.
                state = None
            if state is None or state != before or load.tasks:
                before, since = state, time.monotonic()
            elif state[0] != "loading" and time.monotonic() - since >= load.limits["quiet"]:
                return True
            await asyncio.sleep(load.limits["poll"])
        return False

    async def _read(self, load: Load, page: Page, settled: bool) -> Rendered:
        limits, notes = load.limits, self._words["notes"]
        html, length, title, url = await page.evaluate(_DRAWN, limits["max_html"])
        said = [notes[name] for name, holds in (("unsettled", not settled), ("limited", load.limited)) if holds]
        if length > limits["max_html"]:
            said.append(notes["cut"])
        if load.target:
            said.append(notes["offsite"].format(target=load.target))
        if load.status is None or split(url) is None:
            # Not answered, or nothing that a browser shows (a download).
            html, title, said = "", "", [*said, notes["failed"]]
        picture = await self._picture(page) if self._screenshots and html else None
        title = _sound(title)[: limits["max_title"]]
        asked = tuple(load.asked)
        return Rendered(
            url if split(url) else load.url,
            load.status,
            _sound(html),
            title,
            asked,
            picture,
            load.target,
            "；".join(said),
        )

    async def _picture(self, page: Page) -> bytes | None:
        from playwright.async_api import Error

        height = await page.evaluate("() => document.documentElement.scrollHeight")
        width = self._words["browser"]["context"]["viewport"]["width"]
        clip = {"x": 0, "y": 0, "width": width, "height": max(1, min(int(height), self._limits["max_screenshot"]))}
        with suppress(Error):
            milliseconds = self._limits["grace"] * 1000 / 2
            return await page.screenshot(full_page=True, clip=clip, animations="disabled", timeout=milliseconds)  # type: ignore[arg-type]
        return None

    def _nothing(self, load: Load, note: str) -> Rendered:
        text = str(self._words["notes"][note])
        return Rendered(load.url, load.status, "", "", tuple(load.asked), None, load.target, text)

    async def _leave(self, page: Page) -> None:
        """Nothing of this page may show in the next one."""
        from playwright.async_api import Error

        with suppress(Error):
            await page.evaluate(_CLEAR)
        await page.goto("about:blank")
        await page.context.clear_cookies()

    async def _watch_memory(self, load: Load) -> None:
        """Give the page up where the browser grows too large."""
        from playwright.async_api import Error

        with suppress(Error):
            await self._process.outgrown()
            load.give_up("memory")

    async def _dialog(self, dialog: Dialog) -> None:
        from playwright.async_api import Error

        load = self._load
        if load is not None:
            load.dialogs += 1
            if load.dialogs > load.limits["dialogs"]:
                load.give_up("dialogs")
                return
        with suppress(Error):
            await dialog.dismiss()

    async def _route(self, route: Route) -> None:
        """Answer one request of the browser; none is ever passed on to its own network."""
        from playwright.async_api import Error

        load = self._load
        with suppress(Error):
            answer = await self._answers.answer(load, route.request, self._page) if load else None
            if answer is None or load is not self._load:
                await route.abort("aborted")
                return
            headers: dict[str, str] = {}
            for name, value in answer.headers:
                name = name.lower()
                if name not in self._words["requests"]["dropped_headers"]:
                    mark = "\n" if name == "set-cookie" else ", "
                    headers[name] = headers[name] + mark + value if name in headers else value
            await route.fulfill(status=answer.status, headers=headers, body=answer.body)


def _sound(text: str) -> str:
    """Text that can be written: half characters and NULs are replaced."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


async def _close(page: Page) -> None:
    """Windows that a page opens."""
    from playwright.async_api import Error

    with suppress(Error):
        await page.close()
