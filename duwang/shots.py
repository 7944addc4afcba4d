"""Pictures of the places that findings on a site quote, drawn by Chromium from the stored bytes without any network.

Numbers of persons are masked before a page is drawn; where one is seen all the same, there is no picture.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.capture import Capture
from crawler.crawl.render.process import BrowserProcess
from crawler.crawl.render.program import unavailable
from crawler.errors import CaptureDamaged, UnusableInput
from crawler.words import load
from scoring.inspection import Finding, Inspection, Where
from scoring.veil import veiled

if TYPE_CHECKING:
    from playwright.async_api import Page, Route

logger = logging.getLogger(__name__)

VARIABLE = "DUWANG_SCREENSHOTS"  # 0: none are made
_ADDRESS = re.compile(r"""\b(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.IGNORECASE)

# Finds the quoted words in the text of the page (white space apart), or the element with the quoted address; marks it
# and gives its box. Nothing of the page's own runs: scripts are off.
_FIND = r"""([words, address]) => {
  const squeeze = text => text.replace(/\s+/g, '');
  let found = null;
  if (address) {
    for (const one of document.querySelectorAll('[href],[src]')) {
      if (one.getAttribute('href') === address || one.getAttribute('src') === address) { found = one; break; }
    }
  } else {
    const wanted = squeeze(words);
    for (let all = [document.body]; all.length;) {
      const inside = [...(all[0]?.children ?? [])].filter(one => squeeze(one.textContent ?? '').includes(wanted));
      found = squeeze(all[0]?.textContent ?? '').includes(wanted) ? all[0] : found;
      all = inside.length ? [inside[0]] : [];
    }
  }
  if (!found || found === document.body) return null;
  found.style.outline = '3px solid #d4380d';
  found.scrollIntoView({block: 'center'});
  const box = found.getBoundingClientRect();
  return box.width && box.height ? [box.top + window.scrollY, box.height] : null;
}"""


@dataclass(frozen=True, slots=True)
class _Wanted:
    finding: str
    where: Where
    words: str
    address: str


def shots_of(inspection: Inspection, folder_of: Callable[[str], Path | None]) -> dict[str, bytes]:
    """JPEG pictures by finding id, bounded in number and size; none without Chromium, and none of what is not seen.

    ``folder_of`` gives the capture that holds a record. Only findings on sites get one: a report's places are quoted.
    """
    if inspection.subject.kind != "site" or os.environ.get(VARIABLE) == "0" or unavailable():
        return {}
    most = load("render")["shots"]["pictures"]
    wanted = [one for finding in inspection.findings if (one := _wanted(finding)) is not None][:most]
    if not wanted:
        return {}
    try:
        return asyncio.run(_draw(wanted, folder_of))
    except UnusableInput:  # a browser that does not start: the report has its quotes all the same
        return {}


def _wanted(finding: Finding) -> _Wanted | None:
    where = finding.where
    if not where.url or where.page is not None:
        return None
    if where.layer == "text":
        return _Wanted(finding.id, where, finding.quote, "")
    if finding.quote[:5].lower() in ("<meta", "<titl", "<scri", "<link"):
        return None  # nothing that is seen
    match = _ADDRESS.search(finding.quote)
    return _Wanted(finding.id, where, "", unescape(match[1] or match[2] or match[3] or "")) if match else None


async def _draw(wanted: list[_Wanted], folder_of: Callable[[str], Path | None]) -> dict[str, bytes]:
    from playwright.async_api import Error

    data = load("render")
    limits, browser = data["shots"], BrowserProcess(data["page"])
    await browser.start()
    # The index of a capture is checked whole when it is first asked: once for all pictures.
    opened = cache(Capture.open)
    found: dict[str, bytes] = {}
    try:
        context = await browser.context("", scripts=False)
        for one in wanted:
            source = _source(opened, folder_of(one.where.record), one.where.record)
            if source is None:
                continue
            source = veiled(source)
            page = await context.new_page()
            try:
                async with asyncio.timeout(limits["seconds"]):
                    picture = await _picture(page, one, source)
                if picture is not None and len(picture) <= limits["bytes"]:
                    found[one.finding] = picture
            except (Error, TimeoutError) as error:
                logger.info("no picture of %s: %s", one.where.url, error)
            finally:
                with suppress(Error):
                    await page.close()
    finally:
        await browser.close()
    return found


def _source(opened: Callable[[Path], Capture], folder: Path | None, record: str) -> str | None:
    try:
        return opened(folder).source(record) if folder is not None else None
    except (UnusableInput, CaptureDamaged, KeyError):
        return None


async def _picture(page: Page, one: _Wanted, source: str) -> bytes | None:
    """The page at its own address, answered from the archive, around the place; None where the place is not seen."""

    async def answer(route: Route) -> None:
        if route.request.is_navigation_request() and route.request.frame == page.main_frame:
            await route.fulfill(content_type="text/html; charset=utf-8", body=source.encode("utf-8", "replace"))
        else:
            await route.abort()

    await page.route("**/*", answer)
    await page.goto(str(one.where.url), wait_until="domcontentloaded")
    seen = await page.evaluate("document.body?.innerText ?? ''")
    if veiled(seen) != seen:  # a number that the markup hides from masking
        return None
    box: Any = await page.evaluate(_FIND, [one.words, one.address])
    if box is None:
        return None
    top, height = float(box[0]), float(box[1])
    data = load("render")
    size, limits = data["browser"]["context"]["viewport"], data["shots"]
    high = min(height + 2 * limits["around"], size["height"])
    clip: Any = {"x": 0, "y": max(0.0, top - limits["around"]), "width": size["width"], "height": high}
    return await page.screenshot(
        full_page=True, clip=clip, type="jpeg", quality=limits["quality"], animations="disabled"
    )
