"""The browser's process: started with no way out, watched, and ended whatever state it is in."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.crawl.render.program import VARIABLE, browser, unavailable
from crawler.errors import UnusableInput
from crawler.words import load

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, CDPSession, Playwright


class BrowserProcess:
    """One Chromium, started and ended any number of times; ``limits`` as of ``Renderer``."""

    def __init__(self, limits: Mapping[str, Any]) -> None:
        self._words = load("render")
        self._limits = limits
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._system: CDPSession | None = None
        self._pid: int | None = None

    @property
    def runs(self) -> bool:
        return self._browser is not None and self._browser.is_connected()

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

    async def close(self) -> None:
        """End the browser; may be called at any time and more than once."""
        opened, driver, pid = self._browser, self._playwright, self._pid
        self._browser = self._playwright = self._system = self._pid = None
        if opened is not None and not await self._ended(opened.close()) and pid is not None:
            # Only a browser that does not answer any more gets here.
            with suppress(OSError):
                os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        if driver is not None:
            await self._ended(driver.stop())

    async def context(self, agent: str, *, scripts: bool = True) -> BrowserContext:
        """A new session of the running browser with this user agent (``""``: its own); its pages run ``scripts``."""
        assert self._browser is not None
        return await self._browser.new_context(
            user_agent=agent or None,
            service_workers="block",
            accept_downloads=False,
            java_script_enabled=scripts,
            **self._words["browser"]["context"],
        )

    async def processes(self) -> list[tuple[str, int]]:
        """(kind, process id) of the processes of the running browser: browser, renderer, gpu-process, utility."""
        assert self._system is not None
        answer = await self._system.send("SystemInfo.getProcessInfo")
        return [(process["type"], process["id"]) for process in answer["processInfo"]]

    async def outgrown(self) -> None:
        """Return once the browser holds more memory than it may: the flag for scripts bounds only their objects.

        Never where the system does not tell (there is no ``/proc``); Playwright's error where the browser has ended.
        """
        while (
            not _held(os.getpid()) or sum(_held(pid) for _, pid in await self.processes()) <= self._limits["max_memory"]
        ):
            await asyncio.sleep(self._limits["memory_poll"])

    async def _ended(self, work: Coroutine[Any, Any, None]) -> bool:
        """Whether an orderly end came in time."""
        try:
            async with asyncio.timeout(self._limits["closing"]):
                await work
        except Exception:
            return False
        return True


def _held(pid: int) -> int:
    """Bytes of memory that a process holds for itself; 0 where that cannot be told."""
    try:
        fields = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")
