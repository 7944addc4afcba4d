"""Prints made reports to PDF through Chromium, one browser for as many files as are wanted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright


@contextmanager
def printer() -> Iterator[Page]:
    """A blank page of a browser without network that ``pdf_of_html`` prints from."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "Chromium is needed to print the test reports"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            page = browser.new_context(offline=True).new_page()
            yield page
        finally:
            browser.close()


def pdf_of_html(page: Page, html: str) -> bytes:
    """The printed HTML; paper and margins are those of its ``@page``."""
    page.set_content(html)
    return page.pdf(prefer_css_page_size=True, print_background=True)
