"""Pages that scripts draw: when the browser is asked, and what its drawing stands for afterwards."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from scrapy.http import Response

from crawler.crawl.frontier import Visit
from crawler.crawl.messages import headers_of, phrase
from crawler.crawl.refused import Refused
from crawler.crawl.render.page import Rendered
from crawler.crawl.render.program import unavailable
from crawler.crawl.render.renderer import Renderer
from crawler.crawl.render.scripted import Mode, Scripted, Seen, measure
from crawler.errors import UnusableInput
from crawler.evidence import Record
from crawler.fetch import Fetched
from crawler.listing.base import Paging
from crawler.pages import PageFacts, read_page
from crawler.readers.html import Opened, open_html
from crawler.templates import shape
from crawler.urls import key, same_site
from crawler.words import load

if TYPE_CHECKING:
    from crawler.crawl.spider import SiteSpider

logger = logging.getLogger(__name__)

_HTML = "text/html; charset=utf-8"


class Drawn(NamedTuple):
    """A page to take in; ``unread`` where scripts would have shown more and nothing could run them.

    ``opened`` is the page as a browser drew it, None where it stands as it was sent.
    """

    record: Record
    facts: PageFacts
    unread: bool = False
    opened: Opened | None = None


class Drawing:
    """Draws pages of one site on behalf of its spider; without a browser it only counts what would have needed one."""

    def __init__(self, spider: SiteSpider, mode: str) -> None:
        self._spider = spider
        self._texts = load("render")["unread"]
        self._missing = str(self._texts["unwanted"]) if mode == "never" else unavailable()
        self._scripted = Scripted("never" if self._missing else cast(Mode, mode))
        self._renderer: Renderer | None = None

    async def draw(self, visit: Visit, opened: Opened, facts: PageFacts, record: Record, body: bytes) -> Drawn:
        """The page as a browser draws it, archived; as sent where that is all there is to it, or all there can be."""
        if record.status is None or facts.forward or _asks_data(facts):
            # An earlier capture holds it as drawn, or the crawl itself goes where its scripts would go.
            return Drawn(record, facts)
        name, links = shape(visit.url), len(facts.links)
        text, scripts = len(facts.facts.text), opened.text.count("<script")
        rough = Seen(facts.kind, len(facts.entries), text, links, scripts, _has_gap(facts), record.status)
        wanted = self._scripted.look(name, rough)
        given = Fetched(visit.url, record.status, "", [("Content-Type", record.media_type)], body)
        drawn = await self._drawn(visit, given) if wanted else None
        if drawn is None:
            if wanted and not self._missing:
                self._scripted.learn(name, rough, None)
            if self._scripted.unread(name, rough, failed=wanted):
                return Drawn(record, _unsure(facts, self._texts["gap"]), unread=True)
            return Drawn(record, facts)
        rendered, after, found = drawn
        if onward := _onward(rendered, visit.url):
            return Drawn(record, replace(facts, forward=onward))
        seen = _seen(after, found, rendered.status or record.status)
        if not self._scripted.learn(name, _seen(opened, facts, record.status), seen):
            return Drawn(record, facts)
        kept = self._spider.writer.add_rendered(visit.name, record, rendered.html, self._spider.clock())
        return Drawn(kept, found, opened=after)

    def filled(self, shell: Record) -> bool:
        """Whether scripts brought in what the page with these bytes shows: the bytes do not tell such pages apart."""
        page = self._spider.writer.index.page(shell.uri)
        return page is not None and page.record is not None and page.record != shell.id

    async def challenged(self, visit: Visit, response: Response) -> Drawn | None:
        """A page behind a script challenge, opened once by an honest browser; None where the challenge stands."""
        seen = Seen("other", 0, 0, 0, 1, True, response.status)
        if not self._scripted.look(shape(visit.url), seen):
            return None
        given = Fetched(visit.url, response.status, "", headers_of(response), response.body)
        drawn = await self._drawn(visit, given)
        after = _seen(drawn[1], drawn[2], drawn[0].status or response.status) if drawn else None
        if not self._scripted.learn(shape(visit.url), seen, after) or drawn is None:
            return None
        raw = self._spider.archive(visit.name, response)
        kept = self._spider.writer.add_rendered(visit.name, raw, drawn[0].html, self._spider.clock())
        return Drawn(kept, drawn[2], opened=drawn[1])

    def notes(self) -> list[str]:
        """What the coverage statement has to say."""
        number = self._scripted.left
        if not number:
            return []
        example = next((name for name, _ in self._scripted.left_templates()), self._spider.site.home)
        why = self._missing or self._texts["failed"]
        return [str(self._texts["note"]).format(number=number, example=example, why=why)]

    def dump(self) -> dict[str, Any]:
        return self._scripted.dump()

    def load(self, state: dict[str, Any]) -> None:
        self._scripted.load(state)

    async def close(self) -> None:
        if self._renderer is not None:
            await self._renderer.close()

    async def _drawn(self, visit: Visit, given: Fetched) -> tuple[Rendered, Opened, PageFacts] | None:
        if self._renderer is None:
            self._renderer = Renderer(self._fetch)
            try:
                await self._renderer.start()
            except UnusableInput as error:
                self._missing = str(error)
                self._scripted.forgo()
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
        if after.base == visit.url:
            # A script may change the address without leaving the page, and its links are relative to that.
            after = replace(after, base=rendered.url)
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


def _asks_data(facts: PageFacts) -> bool:
    """Whether the data that fills the list is known and read without a browser."""
    return facts.paging is not None and any(turn.data for turn in facts.paging.turns)


def _has_gap(facts: PageFacts) -> bool:
    """A list that shows less than it holds, or a column that shows nothing and does not say so."""
    if facts.paging is not None and facts.paging.gap:
        return True
    turns = facts.paging is not None and bool(facts.paging.turns)
    return facts.kind in ("list", "column") and not facts.entries and not turns and facts.empty != "stated"


def _onward(rendered: Rendered, url: str) -> str:
    """The other page of the site that the scripts of this one went to, ``""`` where they stayed."""
    last = next((asked for asked in reversed(rendered.requests) if asked.kind == "document" and asked.status), None)
    return last.url if last is not None and key(last.url) != key(url) else ""


def _unsure(facts: PageFacts, gap: str) -> PageFacts:
    """Of a list that scripts draw neither the end nor the emptiness is known."""
    if facts.kind not in ("list", "column"):
        return facts
    paging = facts.paging or Paging("")
    return replace(facts, paging=replace(paging, gap=paging.gap or gap), empty="", empty_quote="")


def _seen(page: Opened, facts: PageFacts, status: int) -> Seen:
    chars, links, scripts = measure(page)
    return Seen(facts.kind, len(facts.entries), chars, links, scripts, _has_gap(facts), status)
