"""Pages that scripts draw: when the browser is asked, and what its drawing stands for afterwards."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

from scrapy.http import Response

from crawler.crawl.frontier import Visit
from crawler.crawl.messages import headers_of, phrase
from crawler.crawl.refused import Refused
from crawler.crawl.render import Rendered, Renderer, unavailable
from crawler.crawl.scripted import Mode, Scripted, Seen, measure
from crawler.crawl.templates import shape
from crawler.errors import UnusableInput
from crawler.evidence import Record
from crawler.fetch import Fetched
from crawler.pages import PageFacts, read_page
from crawler.readers.html import Opened, open_html
from crawler.urls import same_site

if TYPE_CHECKING:
    from crawler.crawl.spider import SiteSpider

logger = logging.getLogger(__name__)

_HTML = "text/html; charset=utf-8"


class Drawing:
    """Draws pages of one site on behalf of its spider; without a browser it only counts what would have needed one."""

    def __init__(self, spider: SiteSpider, mode: str) -> None:
        self._spider = spider
        self._scripted = Scripted(cast(Mode, mode))
        self._missing = "" if mode == "never" else unavailable()
        self._never = mode == "never"
        self._renderer: Renderer | None = None

    async def draw(
        self, visit: Visit, opened: Opened, facts: PageFacts, record: Record, body: bytes
    ) -> tuple[Record, PageFacts] | None:
        """The page as a browser draws it, archived; None where the page as sent is all there is to it."""
        if record.status is None:
            # An earlier capture holds it as drawn.
            return None
        name, links = shape(visit.url), len(facts.links)
        text, scripts = len(facts.facts.text), opened.text.count("<script")
        rough = Seen(facts.kind, len(facts.entries), text, links, scripts, _has_gap(facts), record.status)
        if not self._scripted.look(name, rough):
            return None
        given = Fetched(visit.url, record.status, "", [("Content-Type", record.media_type)], body)
        drawn = await self._drawn(visit, given)
        if drawn is None:
            if self._missing:
                self._scripted.noted(name)
            return None
        rendered, after, found = drawn
        seen = _seen(after, found, rendered.status or record.status)
        if not self._scripted.learn(name, _seen(opened, facts, record.status), seen):
            return None
        return self._spider.writer.add_rendered(record, rendered.html, self._spider.clock()), found

    async def challenged(self, visit: Visit, response: Response) -> tuple[Record, PageFacts] | None:
        """A page behind a script challenge, opened once by an honest browser; None where the challenge stands."""
        seen = Seen("other", 0, 0, 0, 1, True, response.status)
        if self._missing or self._never or not self._scripted.look(shape(visit.url), seen):
            return None
        given = Fetched(visit.url, response.status, "", headers_of(response), response.body)
        drawn = await self._drawn(visit, given)
        after = _seen(drawn[1], drawn[2], drawn[0].status or response.status) if drawn else None
        if not self._scripted.learn(shape(visit.url), seen, after) or drawn is None:
            return None
        raw = self._spider.archive(visit.name, response)
        return self._spider.writer.add_rendered(raw, drawn[0].html, self._spider.clock()), drawn[2]

    def notes(self) -> list[str]:
        """What the coverage statement has to say."""
        number = self._scripted.unread()
        if not number:
            return []
        example = self._scripted.unread_templates()[0][0]
        why = self._missing or "设置为不用浏览器。"
        return [f"有 {number} 个页面的内容由脚本绘制，没有读到（如 {example}）：{why}"]

    def dump(self) -> dict[str, Any]:
        return self._scripted.dump()

    def load(self, state: dict[str, Any]) -> None:
        self._scripted.load(state)

    async def close(self) -> None:
        if self._renderer is not None:
            await self._renderer.close()

    async def _drawn(self, visit: Visit, given: Fetched) -> tuple[Rendered, Opened, PageFacts] | None:
        if self._missing:
            return None
        if self._renderer is None:
            self._renderer = Renderer(self._fetch)
            try:
                await self._renderer.start()
            except UnusableInput as error:
                self._missing = str(error)
                return None
        agent = str(self._spider.crawler.settings.get("USER_AGENT"))
        rendered = await self._renderer.render(visit.url, {"user-agent": agent}, given)
        if rendered.note:
            logger.info("%s: %s", visit.url, rendered.note)
        if not rendered.html:
            return None
        try:
            after = open_html(rendered.html.encode("utf-8", "replace"), visit.url, _HTML)
        except UnusableInput:
            return None
        return rendered, after, read_page(after, is_home=visit.is_home)

    async def _fetch(self, url: str, method: str, headers: dict[str, str], body: bytes | None) -> Fetched | None:
        """What a drawn page asks for: by the same manners as everything else, on the same site only."""
        if not same_site(url, self._spider.site.home):
            return None
        try:
            response = await self._spider.request(url, method, headers, body or b"", {})
        except Refused:
            return None
        except Exception as error:
            logger.info("%s: %s", url, error)
            return Fetched(url, 504, "Gateway Timeout", [], b"")
        return Fetched(url, response.status, phrase(response.status), headers_of(response), response.body)


def _has_gap(facts: PageFacts) -> bool:
    """A list that shows less than it holds, or a column that shows nothing and does not say so."""
    if facts.paging is not None and facts.paging.gap:
        return True
    turns = facts.paging is not None and bool(facts.paging.turns)
    return facts.kind in ("list", "column") and not facts.entries and not turns and facts.empty != "stated"


def _seen(page: Opened, facts: PageFacts, status: int) -> Seen:
    chars, links, scripts = measure(page)
    return Seen(facts.kind, len(facts.entries), chars, links, scripts, _has_gap(facts), status)
