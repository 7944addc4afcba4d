"""A report printed to PDF by Chromium, which asks for nothing outside it."""

from __future__ import annotations

import asyncio

from crawler.crawl.render.process import BrowserProcess
from crawler.crawl.render.program import unavailable
from crawler.errors import UnusableInput
from crawler.words import load

_SECONDS = 120.0


def printed(page: str) -> bytes:
    """The pages of an HTML report as A4. Raises UnusableInput where there is no Chromium, or it does not print."""
    if reason := unavailable():
        raise UnusableInput(f"不能输出 PDF：{reason}")
    return asyncio.run(_printed(page))


async def _printed(page: str) -> bytes:
    from playwright.async_api import Error, Route

    async def refuse(route: Route) -> None:
        await route.abort()

    browser = BrowserProcess(load("render")["page"])
    await browser.start()
    try:
        context = await browser.context("", scripts=False)
        sheet = await context.new_page()
        await sheet.route("**/*", refuse)
        async with asyncio.timeout(_SECONDS):
            await sheet.set_content(page, wait_until="domcontentloaded")
            body: bytes = await sheet.pdf(format="A4", print_background=True, prefer_css_page_size=True)
        return body
    except (Error, TimeoutError) as error:
        why = str(error).splitlines()[0] if str(error) else "超时"
        raise UnusableInput(f"不能输出 PDF：浏览器出错（{why}）；请改用网页格式打印。") from error
    finally:
        await browser.close()
