"""Prints made reports to PDF through Chromium, one browser for as many files as are wanted."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

FONT = "Noto Serif CJK SC"


class Printer:
    """A blank page of a browser without network, in a thread of its own.

    Playwright's synchronous interface keeps an event loop in its thread; other tests want to start theirs.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._page: Page = self._thread.submit(self._start).result()

    def _start(self) -> Page:
        path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        assert path, "Chromium is needed to print the test reports (make system)"
        # Another font sets other lines, breaks pages elsewhere, and may have no characters for vertical text.
        asked = subprocess.run(["fc-match", "-f", "%{family}", FONT], capture_output=True, text=True, check=True)
        assert FONT in asked.stdout, f"{FONT} is needed to print the test reports (make system)"
        self._play = sync_playwright().start()
        self._browser = self._play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        return self._browser.new_context(offline=True).new_page()

    def _print(self, html: str) -> bytes:
        self._page.set_content(html)
        return self._page.pdf(prefer_css_page_size=True, print_background=True)

    def _stop(self) -> None:
        self._browser.close()
        self._play.stop()

    def print(self, html: str) -> bytes:
        """The printed HTML; paper and margins are those of its ``@page``."""
        return self._thread.submit(self._print, html).result()

    def close(self) -> None:
        self._thread.submit(self._stop).result()
        self._thread.shutdown()


@contextmanager
def printer() -> Iterator[Printer]:
    """What ``pdf_of_html`` prints with."""
    found = Printer()
    try:
        yield found
    finally:
        found.close()


def pdf_of_html(page: Printer, html: str) -> bytes:
    """The printed HTML."""
    return page.print(html)
