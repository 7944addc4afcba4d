"""Pages drawn by scripts: Chromium without a network, every request answered by the crawler.

The browser never contacts anything itself: no name resolves for it, its proxy does not exist, and each request of a
page is answered through a callable, the crawler's own polite, guarded and archived way. Playwright does not offer the
further hops of a redirect to its interceptor (they would go to the network), so redirects are followed here.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import shutil
import signal
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from crawler.errors import UnusableInput
from crawler.fetch import Fetched
from crawler.urls import absolute, key, same_site, split
from crawler.words import load as words

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, CDPSession, Dialog, Page, Playwright, Request, Route

VARIABLE = "DUWANG_BROWSER"

# url, method, headers (names in lower case, the caller's own as given), body; None: this address may not be asked.
Fetch = Callable[[str, str, dict[str, str], bytes | None], Awaitable[Fetched | None]]

logger = logging.getLogger(__name__)

_T = TypeVar("_T")
_REDIRECTS = {301, 302, 303, 307, 308}
_REDIRECTS_TO_GET = {301, 302, 303}
# What scripts add so that no cache answers: jQuery's `_=<milliseconds>` and `x=<Math.random()>`.
_BUSTER = re.compile(r"(?<=[?&])(?:_=\d{13}|\w{1,16}=0\.\d{6,20})(?:&|$)")
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


def browser() -> str | None:
    """Path of a Chromium, Chrome or Edge; None where there is none (or where DUWANG_BROWSER names none)."""
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        return shutil.which(named)
    known = words("render")["browser"]
    programs = (*known["names"], *(os.path.expandvars(place) for place in known["places"]))
    return next((found for program in programs if (found := shutil.which(program))), None)


def unavailable() -> str:
    """Why no page can be drawn here and what to do, as one Chinese line; ``""`` where nothing is missing."""
    texts = words("render")["unavailable"]
    if find_spec("playwright") is None:
        return str(texts["library"])
    if browser() is None:
        named = os.environ.get(VARIABLE, "").strip()
        return str(texts["setting" if named else "browser"]).format(variable=VARIABLE, value=named[:200])
    return ""


class _Broken(Exception):
    """The page is given up, and the browser with it; ``str(error)`` is the key of the note."""


class _Wish(NamedTuple):
    """One request as the browser makes it."""

    kind: str
    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None = None


@dataclass(slots=True)
class _Load:
    """One page while it is drawn."""

    url: str
    headers: Mapping[str, str]
    given: Fetched | None
    limits: Mapping[str, Any]
    ends: float
    ends_surely: float
    trouble: asyncio.Future[str]
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

    def over(self, grace: float = 0.0) -> bool:
        """Whether the page's time is up; what it waits for the site is not its fault."""
        now = time.monotonic()
        return now >= self.ends_surely + grace or (not self.tasks and now >= self.ends + grace)

    def note(self, wish: _Wish, outcome: str, answer: Fetched | None = None) -> None:
        self.limited = self.limited or outcome == "limit"
        if len(self.asked) < self.limits["recorded"]:
            status = answer.status if answer else None
            self.asked.append(Asked(wish.url[:2000], wish.method, wish.kind, outcome, status))

    def give_up(self, reason: str) -> None:
        if not self.trouble.done():
            self.trouble.set_result(reason)


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


class _Answers:
    """What a page gets for its requests: from the crawler, one at a time, or from what the site answered before."""

    def __init__(self, fetch: Fetch, cache_bytes: int, screenshots: bool) -> None:
        self._fetch = fetch
        self._rules = words("render")["requests"]
        self._cache = _Cache(cache_bytes)
        self._pictured = screenshots
        self._turn = asyncio.Lock()

    async def answer(self, load: _Load, request: Request, page: Page | None) -> Fetched | None:
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
        wish = _Wish(kind, request.method, url, headers, request.post_data_buffer)
        if kind == "document":
            return await self._document(load, wish)
        # What the browser fetched ahead in vain it asks for once more.
        if wish.method == "GET" and url in load.lost:
            return None
        answer = await self._part(load, wish)
        if answer is None and wish.method == "GET":
            load.lost.add(url)
        return answer

    def _refusal(self, load: _Load, wish: _Wish) -> str:
        """Why a request is not sent to anyone; ``""`` where it is."""
        if wish.method not in self._rules["methods"][wish.kind]:
            return "method"
        strange = split(wish.url) is None
        if strange or (not same_site(wish.url, load.url) and wish.kind not in self._rules["elsewhere"]):
            return "elsewhere"
        many = wish.kind == "document" and load.documents >= load.limits["documents"]
        return "limit" if many or load.sent >= load.limits["requests"] else ""

    async def _document(self, load: _Load, wish: _Wish) -> Fetched | None:
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

    async def _part(self, load: _Load, wish: _Wish) -> Fetched | None:
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

    async def _ask(self, load: _Load, wish: _Wish) -> Fetched | None:
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

    async def _in_turn(self, load: _Load, wish: _Wish) -> Fetched | None:
        async with self._turn:
            began = time.monotonic()
            try:
                return await self._fetch(wish.url, wish.method, wish.headers, wish.body)
            finally:
                load.ends += time.monotonic() - began


class Renderer:
    """Draws the pages of one site, one at a time; the browser is started again after a crash and after many pages.

    ``fetch`` is asked for everything, one request at a time, and is cancelled where a page's time is over.
    ``limits`` are those of ``page`` in crawler/data/render.yaml.
    """

    def __init__(self, fetch: Fetch, limits: Mapping[str, Any] | None = None, *, screenshots: bool = False) -> None:
        self._words = words("render")
        self._limits: Mapping[str, Any] = {**self._words["page"], **(limits or {})}
        self._screenshots = screenshots
        self._answers = _Answers(fetch, self._limits["cache_bytes"], screenshots)
        self._one_page = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._system: CDPSession | None = None
        self._pid: int | None = None
        self._context: BrowserContext | None = None
        self._page: Page | None = None
        self._agent, self._drawn = "", 0
        self._load: _Load | None = None

    async def start(self) -> None:
        """Start the browser. UnusableInput (one Chinese line) where that is not possible."""
        missing = unavailable()
        program = browser()
        if missing or program is None:
            raise UnusableInput(missing)
        from playwright.async_api import Error, async_playwright

        try:
            async with asyncio.timeout(self._limits["starting"]):
                self._playwright = await async_playwright().start()
                self._browser = await self._playwright.chromium.launch(
                    executable_path=program,
                    args=self._words["browser"]["flags"],
                    # Root has no sandbox to lock itself into.
                    chromium_sandbox=not (hasattr(os, "geteuid") and os.geteuid() == 0),
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                )
                self._system = await self._browser.new_browser_cdp_session()
                self._pid = next((pid for kind, pid in await self.processes() if kind == "browser"), None)
        except (Error, OSError, TimeoutError) as error:
            await self.close()
            text = str(self._words["unavailable"]["start"])
            raise UnusableInput(text.format(variable=VARIABLE, program=program)) from error
        self._drawn = 0

    async def close(self) -> None:
        """End the browser; may be called at any time and more than once."""
        opened, driver, pid = self._browser, self._playwright, self._pid
        self._browser = self._playwright = self._system = self._context = self._page = self._pid = None
        if opened is not None and not await self._ended(opened.close()) and pid is not None:
            # Only a browser that does not answer any more gets here.
            with suppress(OSError):
                os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        if driver is not None:
            await self._ended(driver.stop())

    async def render(self, url: str, headers: Mapping[str, str], given: Fetched | None = None) -> Rendered:
        """Draw the page at ``url``; every way it can fail is a ``note``, never an error.

        ``headers`` are the crawler's own (``User-Agent`` among them) and go with every request. ``given`` is the
        answer that the crawler already has for ``url``: it is not asked for again.
        """
        async with self._one_page:
            now = time.monotonic()
            limits = self._limits
            trouble: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            ends = (now + limits["seconds"], now + limits["longest"])
            load = self._load = _Load(url, headers, given, limits, *ends, trouble)
            try:
                return await self._render(load)
            except UnusableInput:
                return self._nothing(load, "unstarted")
            except BaseException as error:
                await self._stop(load)
                await self.close()
                if not isinstance(error, Exception):
                    raise
                if not isinstance(error, _Broken):
                    logger.warning("browser failed on %s", url, exc_info=error)
                return self._nothing(load, str(error) if isinstance(error, _Broken) else "failed")
            finally:
                await self._stop(load)

    async def _render(self, load: _Load) -> Rendered:
        from playwright.async_api import Error

        if self._browser is None or not self._browser.is_connected() or self._drawn >= load.limits["pages_per_browser"]:
            await self.close()
            await self.start()
            load.ends = time.monotonic() + load.limits["seconds"]
        self._drawn += 1
        watch = asyncio.create_task(self._watch_memory(load))
        try:
            page = self._page = await self._within(load, self._open(load))
            with suppress(Error):
                # An aborted first document is an error here, and shows as such in what was drawn.
                await self._within(load, page.goto(load.url, wait_until="commit", timeout=0))
            settled = (load.status is None and not load.leading) or await self._settle(load, page)
            rendered = await self._within(load, self._read(load, page, settled), load.limits["grace"])
            await self._stop(load)
            try:
                await self._within(load, self._leave(page), load.limits["grace"])
            except (Error, _Broken):
                # What was drawn stands, whatever the page does when it is left.
                await self.close()
            return rendered
        finally:
            watch.cancel()

    async def _stop(self, load: _Load) -> None:
        """Nothing is asked for in the name of a page that is over."""
        self._load = None
        for task in (tasks := list(load.tasks)):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _open(self, load: _Load) -> Page:
        """The one page of the browser, with this user agent."""
        agent = next((value for name, value in load.headers.items() if name.lower() == "user-agent"), "")
        if self._page is not None and self._agent == agent:
            return self._page
        if self._context is not None:
            await self._context.close()
        assert self._browser is not None
        self._context = await self._browser.new_context(
            user_agent=agent or None,
            service_workers="block",
            accept_downloads=False,
            **self._words["browser"]["context"],
        )
        await self._context.route("**/*", self._route)
        page = await self._context.new_page()
        self._context.on("page", _close)
        page.on("dialog", self._dialog)
        page.on("crash", lambda _: self._load.give_up("crashed") if self._load else None)
        self._agent = agent
        return page

    async def _settle(self, load: _Load, page: Page) -> bool:
        """Wait until nothing is asked for and nothing changes any more; False where the time was up before."""
        from playwright.async_api import Error

        before: object = None
        since = time.monotonic()
        while not load.over():
            try:
                state: Any = await self._within(load, page.evaluate(_STATE), load.limits["grace"])
            except Error:
                if page.is_closed():
                    raise _Broken("crashed") from None
                # The page is on its way to another one.
                state = None
            if state is None or state != before or load.tasks:
                before, since = state, time.monotonic()
            elif state[0] != "loading" and time.monotonic() - since >= load.limits["quiet"]:
                return True
            await asyncio.sleep(load.limits["poll"])
        return False

    async def _read(self, load: _Load, page: Page, settled: bool) -> Rendered:
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

    def _nothing(self, load: _Load, note: str) -> Rendered:
        text = str(self._words["notes"][note])
        return Rendered(load.url, load.status, "", "", tuple(load.asked), None, load.target, text)

    async def _leave(self, page: Page) -> None:
        """Nothing of this page may show in the next one."""
        from playwright.async_api import Error

        with suppress(Error):
            await page.evaluate(_CLEAR)
        await page.goto("about:blank")
        await page.context.clear_cookies()

    async def _within(self, load: _Load, work: Coroutine[Any, Any, _T], grace: float = 0.0) -> _T:
        """Result of ``work``; _Broken where the page breaks or its time is up first."""
        task = asyncio.ensure_future(work)
        either: list[asyncio.Future[Any]] = [task, load.trouble]
        try:
            while True:
                await asyncio.wait(either, timeout=load.limits["poll"], return_when="FIRST_COMPLETED")
                if task.done() and not task.cancelled():
                    return task.result()
                if load.trouble.done():
                    raise _Broken(load.trouble.result())
                if load.over(grace):
                    raise _Broken("hung")
        finally:
            task.add_done_callback(_look)
            task.cancel()

    async def _ended(self, work: Coroutine[Any, Any, None]) -> bool:
        """Whether an orderly end came in time."""
        try:
            async with asyncio.timeout(self._limits["closing"]):
                await work
        except Exception:
            return False
        return True

    async def processes(self) -> list[tuple[str, int]]:
        """(kind, process id) of the processes of the running browser: browser, renderer, gpu-process, utility."""
        assert self._system is not None
        answer = await self._system.send("SystemInfo.getProcessInfo")
        return [(process["type"], process["id"]) for process in answer["processInfo"]]

    async def _watch_memory(self, load: _Load) -> None:
        """Give the page up where the browser grows too large: the flag for scripts bounds only their objects."""
        from playwright.async_api import Error

        with suppress(Error):
            while _held(os.getpid()):
                if sum(_held(pid) for _, pid in await self.processes()) > load.limits["max_memory"]:
                    load.give_up("memory")
                await asyncio.sleep(load.limits["memory_poll"])

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


def _sound(text: str) -> str:
    """Text that can be written: half characters and NULs are replaced."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _held(pid: int) -> int:
    """Bytes of memory that a process holds for itself; 0 where that cannot be told."""
    try:
        fields = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")


def _look(task: asyncio.Task[Any]) -> None:
    """Errors of work that nobody waits for any more are of no interest."""
    if not task.cancelled():
        task.exception()


async def _close(page: Page) -> None:
    """Windows that a page opens."""
    from playwright.async_api import Error

    with suppress(Error):
        await page.close()
