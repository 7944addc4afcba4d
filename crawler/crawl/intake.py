"""What becomes of an answer: records in the archive, facts in the index, further addresses in the frontier."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from scrapy.http import Response

from crawler import listing, readers
from crawler.archive.warc import digest_of
from crawler.crawl import frontier
from crawler.crawl.earlier import Earlier, Prior
from crawler.crawl.frontier import Visit
from crawler.crawl.messages import header, headers_of, phrase
from crawler.errors import UnusableInput
from crawler.evidence import ListEntry, Page, PageKind, Record
from crawler.listing.base import Answer, Paging, Turn
from crawler.pages import PageFacts, read_page
from crawler.readers.detect import media_of
from crawler.readers.encoding import decode
from crawler.readers.html import Opened, open_html
from crawler.templates import shape
from crawler.urls import absolute, ending, has_own_fragment, page_of, same_site
from crawler.words import load

if TYPE_CHECKING:
    from crawler.crawl.render.drawing import Drawn
    from crawler.crawl.spider import SiteSpider

_OF_REPORT = ("article", "other")


class Intake:
    """Takes in the answers of one site on behalf of its spider."""

    def __init__(self, spider: SiteSpider) -> None:
        self._spider = spider
        self._writer = spider.writer
        self._frontier = spider.frontier
        # Names of pages of annual reports → number of pictures queued for them.
        self.pictured: dict[str, int] = {}

    async def content(self, visit: Visit, response: Response, prior: Prior | None) -> None:
        """An answer with content: archive it (once for the same bytes) and read it."""
        spider = self._spider
        digest = digest_of(response.body)
        headers, status = headers_of(response), response.status
        if prior is not None and prior.record.digest == digest and spider.earlier is not None:
            self.unchanged(visit, response, prior, spider.earlier)
            await self.from_earlier(visit, prior, spider.earlier, "unchanged")
            return
        known = self._writer.index.record_with(digest)
        if known is not None and known.uri != visit.name and response.body:
            self._writer.add_revisit(visit.name, status, phrase(status), headers, known, spider.clock())
            filled = has_own_fragment(visit.url) or self._spider.drawing.filled(known)
            if self._frontier.was_read(known.uri) and not filled:
                self._duplicate(visit, known, status)
            else:
                # An error page or an unreadable one is not content because it comes twice; a shell that scripts fill
                # shows something else at each address.
                await self._read(visit, response.body, known, "read")
            return
        record = self._writer.add_response(
            visit.name, status, phrase(status), headers, response.body, spider.clock(), digest
        )
        self._writer.add_validator(visit.name, header(response, b"ETag"), header(response, b"Last-Modified"))
        await self._read(visit, response.body, record, "read")

    async def from_earlier(self, visit: Visit, prior: Prior, earlier: Earlier, outcome: str) -> None:
        """Take in what the earlier capture holds of an address, read again with today's readers."""
        self._writer.refer(prior.record, earlier.used(prior), prior.place)
        if prior.validator:
            self._writer.add_validator(visit.name, prior.validator.etag, prior.validator.modified)
        await self._read(visit, earlier.body(prior), prior.record, outcome)

    def unchanged(self, visit: Visit, response: Response, prior: Prior, earlier: Earlier) -> None:
        """Archive that an address was asked for and is as it was."""
        self._writer.refer(prior.record, earlier.used(prior), prior.place)
        status, headers = response.status, headers_of(response)
        self._writer.add_revisit(visit.name, status, phrase(status), headers, prior.record, self._spider.clock())

    def wanted(self, visit: Visit, media_type: str) -> bool:
        """Whether an answer of this Content-Type is downloaded: pages, documents, data of lists."""
        words = load("crawl")
        named = media_type.partition(";")[0].strip().lower()
        if visit.part == "picture":
            return named in words["picture_types"] or named in words["unnamed_types"]
        if visit.family or named in words["page_types"] or named in words["document_types"]:
            return True
        if named not in words["unnamed_types"]:
            return False
        endings = words["document_endings"]
        return not named or ending(visit.url) in endings or visit.text.rpartition(".")[2].strip().lower() in endings

    def not_read(self, visit: Visit, reason: str, status: int | None, record: Record | None = None) -> None:
        """Note an address that gave nothing to read, for good."""
        # An address that was only to be opened, and opens, is no page, unless its first failure was noted as one.
        if not visit.check or reason != "type" or visit.tries:
            self._writer.add_page(self._page(visit, record.id if record else None, status, reason))
        self._frontier.done(visit, reason)
        self._spider.refuse(visit.name, reason)
        if reason in ("timeout", "network", "broken", "refused", "dns", "error") or reason.startswith("http-5"):
            self._spider.count_error()

    def pending(self, visit: Visit, reason: str, status: int | None, record: Record | None) -> None:
        """Note a first failure, until the second try says more."""
        self._writer.add_page(self._page(visit, record.id if record else None, status, reason))

    def redirected(self, visit: Visit, target: str, status: int, record: Record) -> None:
        self._writer.add_page(self._page(visit, record.id, status, "redirect"))
        self._frontier.done(visit, "redirect", target)

    def told(self, url: str, response: Response) -> tuple[str, str]:
        """Title and main text of an answer that is not kept as a page."""
        try:
            facts = read_page(open_html(response.body, url, header(response, b"Content-Type")), is_home=False)
        except UnusableInput:
            return "", ""
        return facts.title, facts.facts.text

    def _duplicate(self, visit: Visit, known: Record, status: int) -> None:
        """The same bytes under a second address: no second page, and no second walk through its links."""
        self._writer.add_page(self._page(visit, known.id, status, "duplicate"))
        self._frontier.done(visit, "duplicate", known.uri)
        self._spider.traps.seen_content(shape(visit.url), fresh=False)

    async def _read(self, visit: Visit, body: bytes, record: Record, outcome: str) -> None:
        media = media_of(body, visit.url, record.media_type)
        try:
            if visit.family:
                self._data(visit, body, record, outcome)
            elif media == "html":
                opened = open_html(body, visit.url, record.media_type)
                await self._html(visit, opened, record, outcome, body)
            else:
                self._document(visit, body, record, outcome, media)
        except UnusableInput:
            page = self._page(visit, record.id, record.status, "unreadable")
            self._writer.add_page(replace(page, kind="document" if media != "html" else page.kind, media=media))
            self._frontier.done(visit, "unreadable")
            self._spider.refuse(visit.name, "unreadable")

    def _document(self, visit: Visit, body: bytes, record: Record, outcome: str, media: str) -> None:
        page = replace(self._page(visit, record.id, record.status, outcome), kind="document", media=media)
        if visit.part == "picture" and media == "image":
            self._taken(visit, page)
            return
        if media == "zip":
            # Loaded where it is needed: most of what is fetched is pages.
            from crawler.crawl import attached

            attached.unpack(self._spider, visit, page, record, body)
            self._taken(visit, page)
            return
        document = readers.read(
            body,
            uri=visit.url,
            media_type=record.media_type,
            record=record.id,
            digest=record.digest,
            recognise=of_report(visit),
        )
        self._writer.add_document(document)
        self._taken(visit, replace(page, title=document.title))

    def _taken(self, visit: Visit, page: Page) -> None:
        self._spider.traps.seen_content(shape(visit.url), fresh=True)
        self._writer.add_page(page)
        self._frontier.done(visit, page.outcome)
        self._spider.count_read(visit)

    async def _html(self, visit: Visit, opened: Opened, record: Record, outcome: str, body: bytes) -> None:
        facts = read_page(opened, is_home=visit.is_home)
        drawn = await self._spider.drawing.draw(visit, opened, facts, record, body)
        self.drawn(visit, drawn, "script" if drawn.unread else outcome, opened)

    def drawn(self, visit: Visit, drawn: Drawn, outcome: str, opened: Opened | None = None) -> None:
        """Take in a page as ``page`` does; of an annual report its pictures and attachments, too."""
        self.page(visit, drawn.record, drawn.facts, outcome)
        if drawn.facts.kind in _OF_REPORT and _is_report(f"{visit.text} {drawn.facts.title}"):
            self._parts(visit, drawn.facts, drawn.opened or opened)

    def _parts(self, visit: Visit, facts: PageFacts, opened: Opened | None) -> None:
        """Queue the attachments of an annual report and, where ``opened`` is given, the pictures in its text."""
        texts = {link.url: link.text for link in facts.links}
        for url in facts.facts.attachments:
            text = texts.get(url, "")
            offered = Visit(url, frontier.REPORTS, visit.depth + 1, visit.name, text, part="attachment")
            self._queue(offered)
            self._frontier.prefer(offered)
        shown = readers.main_pictures(opened) if opened is not None else []
        inside = (absolute(href, href) for href in shown)
        urls = dict.fromkeys(page_of(url) for url in inside if url and same_site(url, self._spider.site.home))
        limits = self._spider.limits
        others = sum(number for name, number in self.pictured.items() if name != visit.name)
        room = max(min(limits["page_pictures"], limits["max_pictures"] - others), 0)
        for number, url in enumerate(urls):
            picture = Visit(url, frontier.REPORTS, visit.depth, visit.name, part="picture")
            reason = "budget" if number >= room else self._frontier.push(picture)
            if reason:
                self._spider.refuse(url, reason)
            else:
                self._frontier.prefer(picture)
        if urls:
            self.pictured[visit.name] = min(len(urls), room)

    def read_pictured(self) -> None:
        """Read the pages of annual reports whose pictures were fetched, with these; each becomes a document."""
        if self.pictured:
            from crawler.crawl import attached

            attached.read_pictured(self._spider, self.pictured)

    def page(self, visit: Visit, record: Record, facts: PageFacts, outcome: str) -> None:
        """Take in what a page says, as sent or as drawn; where its scripts would say more (``script``), what it has."""
        facts = _named(facts, visit)
        quote = self._spider.soft.is_soft(visit.url, facts.title, facts.facts.text, None)
        soft = bool(quote) and not visit.is_home
        self._spider.traps.seen_content(shape(visit.url), fresh=not soft)
        if soft:
            self._spider.count_lost(visit)
            self.not_read(visit, "soft-404", record.status, record)
            return
        page = replace(
            self._page(visit, record.id, record.status, outcome),
            kind=facts.kind,
            title=facts.title,
            published=facts.published,
            column_path=facts.column_path,
            media="html",
        )
        self._writer.add_page(page, facts.links, facts.entries)
        self._writer.add_facts(facts.facts)
        self._frontier.done(visit, outcome)
        if outcome == "script":
            self._spider.refuse(visit.name, outcome)
        else:
            self._spider.count_read(visit)
        if facts.kind in ("list", "column"):
            self._spider.columns.add(visit, facts)
        self._follow(visit, facts)

    def _data(self, visit: Visit, body: bytes, record: Record, outcome: str) -> None:
        """Entries of a list that a script would fetch."""
        text = decode(body, visit.url, record.media_type, is_html=False).text
        turn = Turn(visit.url, "POST" if visit.form else "GET", visit.form, data=True)
        answer = Answer(visit.url, text, record.media_type, turn, visit.root or visit.found_on)
        try:
            paging = listing.paging_of_data(visit.family, answer)
        except ValueError:
            self.not_read(visit, "unreadable", record.status, record)
            return
        entries = [ListEntry(visit.name, entry.url, entry.title, entry.date) for entry in paging.entries or ()]
        page = replace(self._page(visit, record.id, record.status, outcome), kind="list", media="data")
        self._writer.add_page(page, (), entries)
        self._frontier.done(visit, outcome)
        self._spider.count_read(visit)
        self._spider.columns.add_data(visit, paging)
        self._turn(visit, paging, entries)
        for entry in entries:
            self._push(visit, entry.url, entry.title, entry=True)

    def _follow(self, visit: Visit, facts: PageFacts) -> None:
        """Queue what a page leads to: the other pages of its list, its links, where it sends its readers on."""
        turned = self._turn(visit, facts.paging, facts.entries) if facts.paging else set()
        entries = {entry.url for entry in facts.entries} if facts.kind == "list" else set()
        deep = visit.depth >= self._spider.limits["max_depth"]
        for link in facts.links:
            # Too deep is no final word, so such a link is looked at wherever it stands.
            if not deep and self._frontier.seen(link.url):
                continue
            if link.url not in turned and link.url != facts.forward:
                text = f"{link.text} {link.title}" if link.title else link.text
                self._push(visit, link.url, text, entry=link.url in entries, name=link.text)
        for found in facts.entries:
            if deep or not self._frontier.seen(found.url):
                self._push(visit, found.url, found.title, entry=True)
        if facts.forward:
            self._queue(
                Visit(
                    facts.forward, visit.rank, visit.depth + 1, visit.url, visit.text, is_home=visit.is_home,
                    chain=(*visit.chain, visit.url),
                )
            )  # fmt: skip

    def _turn(self, visit: Visit, paging: Paging, entries: Sequence[ListEntry]) -> set[str]:
        """Queue the other pages of a list; they cost no depth."""
        root = visit.root or visit.url
        new = [turn for turn in paging.turns if not self._frontier.seen(f"{turn.url} {turn.form}")]
        for turn in () if new and self._spider.columns.repeats(visit, entries) else new:
            family = paging.family if turn.data else ""
            self._queue(
                Visit(
                    turn.url, visit.rank, visit.depth, visit.name, visit.text, root, method=turn.method,
                    form=turn.form, family=family,
                ),
                is_turn=True,
            )  # fmt: skip
        return {turn.url for turn in paging.turns if not turn.form}

    def _push(self, visit: Visit, url: str, text: str, *, entry: bool = False, name: str | None = None) -> None:
        rank = frontier.rank_of(url, text)
        if entry and visit.rank <= frontier.REPORTS and not visit.is_home:
            rank = frontier.REPORTS
        self._queue(Visit(url, rank, visit.depth + 1, visit.name, text if name is None else name))

    def _queue(self, visit: Visit, *, is_turn: bool = False) -> None:
        spider = self._spider
        visit = replace(visit, url=page_of(visit.url)) if "#" in visit.url else visit
        if not same_site(visit.url, spider.site.home):
            return
        if ending(visit.url) in _unread_endings():
            # Films and programs are not fetched; whether they are there is asked at the end, as far as allowed.
            visit = replace(visit, rank=frontier.CHECKS, method="HEAD", check=True, first="type")
        elif not self._frontier.knows(visit.name):
            trap = spider.traps.verdict(visit.url, depth=visit.depth, is_turn=is_turn)
            if trap:
                if self._frontier.bar(visit, "trap"):
                    spider.refuse(visit.name, "trap")
                return
        reason = self._frontier.push(visit)
        if reason:
            spider.refuse(visit.name, reason)

    def _page(self, visit: Visit, record: str | None, status: int | None, outcome: str) -> Page:
        kind: PageKind = "home" if visit.is_home else "other"
        return Page(visit.name, record, status, outcome, kind, depth=visit.depth, found_on=visit.found_on)


def _named(facts: PageFacts, visit: Visit) -> PageFacts:
    """The same with the name of the page in all its parts (a page that was posted for is not that of its address), and
    entries without what only names a place in a page."""
    entries = facts.entries
    if visit.name != visit.url or any("#" in entry.url for entry in entries):
        entries = tuple(replace(entry, page=visit.name, url=page_of(entry.url)) for entry in entries)
    if visit.name == visit.url:
        return facts if entries is facts.entries else replace(facts, entries=entries)
    links = tuple(link._replace(page=visit.name) for link in facts.links)
    return replace(facts, entries=entries, links=links, facts=replace(facts.facts, page=visit.name))


def of_report(visit: Visit) -> bool:
    """Whether a document belongs to an annual report, so that what is a picture in it is recognised."""
    return visit.rank == frontier.REPORTS or bool(visit.part) or _is_report(visit.text)


def _is_report(title: str) -> bool:
    """Whether a title, or the text of a link, names an annual report."""
    return _report_title().search(title) is not None and not any(word in title for word in _not_reports())


@cache
def _report_title() -> re.Pattern[str]:
    return re.compile(load("crawl")["report_titles"])


@cache
def _not_reports() -> tuple[str, ...]:
    return tuple(load("crawl")["not_report_titles"])


@cache
def _unread_endings() -> frozenset[str]:
    return frozenset(load("crawl")["refused_endings"])
