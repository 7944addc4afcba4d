"""The Scrapy spider: reads one site in order, archives every answer, and notes why the rest was not read."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    StopDownload,
)
from scrapy.http import Headers, Response
from twisted.python.failure import Failure

from crawler import readers
from crawler.archive.warc import digest_of
from crawler.capture import CaptureWriter
from crawler.crawl import frontier
from crawler.crawl.columns import ColumnBook
from crawler.crawl.frontier import Frontier, Visit
from crawler.crawl.polite import BLOCKED, Refused
from crawler.errors import UnusableInput
from crawler.evidence import Document, Page, PageKind, Record, Site
from crawler.pages.page import read_page
from crawler.urls import absolute, ending, key, literal_address, same_site
from crawler.words import load

logger = logging.getLogger(__name__)

_REDIRECTS = {301, 302, 303, 307, 308}
_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (DownloadTimeoutError, "timeout"),
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "refused"),
    (DownloadCancelledError, "too-large"),
    (ResponseDataLossError, "broken"),
    (StopDownload, "type"),
)


class SiteSpider(scrapy.Spider):
    """One request at a time, so that the order of reading (and the result) does not depend on the network."""

    name = "site"

    def __init__(
        self,
        *,
        site: Site,
        writer: CaptureWriter,
        limits: dict[str, Any],
        clock: Callable[[], datetime],
        tell: Callable[[str], None],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.site = site
        self.writer = writer
        self.limits = limits
        self.base_delay = self.delay = float(limits["delay"])
        self.slowed = 0
        self._clock = clock
        self._tell = tell
        self._frontier = Frontier(site.home, limits)
        self._columns = ColumnBook()
        self._done = asyncio.Event()
        self._budget = int(limits["max_pages"])
        self._refusals_in_a_row = 0
        self._read: set[str] = set()
        self._bodies: dict[str, Record] = {}
        self._not_read = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SiteSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.on_headers, signals.headers_received)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Give out one address, wait until it is dealt with, give out the next."""
        self._push(Visit(self.site.home, frontier.HOME, is_home=True))
        for name, address in self.site.columns.items():
            url = absolute(self.site.home, address)
            if url:
                self._push(Visit(url, frontier.REPORTS, 1, self.site.home, name))
        while self._budget > 0 and self._refusals_in_a_row < self.limits["stop_after"]:
            visit = self._frontier.pop()
            if visit is None:
                break
            if self.delay > self.base_delay:
                await asyncio.sleep(self.delay - self.base_delay)
            self._done.clear()
            yield Request(
                visit.url,
                callback=self.on_response,
                errback=self.on_failure,
                dont_filter=True,
                meta={"visit": visit, "dont_redirect": True, "handle_httpstatus_all": True},
            )
            await self._done.wait()

    def finish(self) -> None:
        """Columns, and a reason for every address that was found and not read."""
        stopped = self._refusals_in_a_row >= self.limits["stop_after"]
        for url, reason in self._frontier.left():
            self.refuse(url, "stopped" if stopped and reason == "budget" else reason)
        self.writer.count("slowed", self.slowed)
        for column in self._columns.columns(self._read.__contains__):
            self.writer.add_column(column)

    def on_headers(self, headers: Headers, request: Request) -> None:
        """Do not download what is neither a page nor a document that can be read."""
        visit = request.meta.get("visit")
        media_type = (headers.get(b"Content-Type") or b"").decode("latin-1")
        if visit is not None and not _readable(visit.url, media_type):
            raise StopDownload(fail=False)

    def on_response(self, response: Response) -> None:
        visit: Visit = response.meta["visit"]
        try:
            self._take(visit, response)
        except Exception:
            # One page that trips us up must not cost the whole site; it counts as not read, by our fault.
            logger.exception("error while reading %s", visit.url)
            self._not_a_page(visit, "error", response.status)
        finally:
            self._next(visit)

    def on_failure(self, failure: Failure) -> None:
        visit: Visit = failure.request.meta["visit"]  # type: ignore[attr-defined]  # set by Scrapy
        try:
            self._not_a_page(visit, self._reason(failure.value, visit.url), None)
            self._budget -= 1
        finally:
            self._next(visit)

    def archive(self, url: str, response: Response) -> Record:
        """Store an answer; the headers say what came over the wire."""
        phrase = _phrase(response.status)
        return self.writer.add_response(url, response.status, phrase, _headers(response), response.body, self._clock())

    def refuse(self, url: str, reason: str) -> None:
        self._not_read += 1
        self.writer.refuse(url, reason)

    def _next(self, visit: Visit) -> None:
        self._tell(f"已读 {len(self._read)} 页，待读 {len(self._frontier)} 页，未读 {self._not_read} 页：{visit.url}")
        self._done.set()

    def _push(self, visit: Visit) -> None:
        reason = self._frontier.push(visit)
        if reason:
            self.refuse(visit.url, reason)

    def _take(self, visit: Visit, response: Response) -> None:
        status = response.status
        refusing = status in load("crawl")["refusing_statuses"]
        self._refusals_in_a_row = self._refusals_in_a_row + 1 if refusing else 0
        if status in _REDIRECTS and response.headers.get(b"Location"):
            self._redirect(visit, response)
            return
        self._budget -= 1
        if "download_stopped" in response.flags and 200 <= status < 300:
            self._not_a_page(visit, "type", status)
            return
        if not 200 <= status < 300:
            record = self.archive(visit.url, response)
            self._not_a_page(visit, f"http-{status}", status, record.id)
            return
        self._content(visit, response)

    def _redirect(self, visit: Visit, response: Response) -> None:
        """Follow within the site; anything else is a reason not to have read the page."""
        record = self.archive(visit.url, response)
        target = absolute(visit.url, _location(response))
        chain = (*visit.chain, visit.url)
        reason = ""
        if target is None or not same_site(target, self.site.home):
            host = urlsplit(target).hostname if target else None
            private = bool(host and literal_address(host) and not literal_address(self._home_host()))
            reason = "private-address" if private else "offsite-redirect"
        elif target in chain or len(chain) > self.limits["max_redirects"]:
            reason = "redirect-loop"
        if reason or target is None:
            for url in chain[:-1]:
                self.refuse(url, reason)
            self._not_a_page(visit, reason, response.status, record.id)
            self._budget -= 1
            return
        self.writer.add_page(self._page(visit, record.id, response.status, "redirect"))
        if self._frontier.knows(target) and key(target) not in set(map(key, chain)):
            self._read_alias(visit, target)
            return
        self._frontier.again(
            Visit(target, visit.rank, visit.depth, visit.url, visit.text, visit.root, visit.is_home, chain)
        )

    def _read_alias(self, visit: Visit, target: str) -> None:
        """The address leads to a page that is or will be read under its own address."""
        if key(target) in self._read:
            self._read.add(key(visit.url))

    def _content(self, visit: Visit, response: Response) -> None:
        digest = digest_of(response.body)
        known = self._bodies.get(digest)
        if known is not None:
            # The same bytes under a second address: no second page, and no second walk through its links.
            self.writer.add_revisit(
                visit.url, response.status, _phrase(response.status), _headers(response), known, self._clock()
            )
            self._read.add(key(visit.url))
            self.writer.add_page(self._page(visit, known.id, response.status, "duplicate"))
            return
        record = self.archive(visit.url, response)
        try:
            document = readers.read(
                response.body,
                uri=visit.url,
                media_type=record.media_type,
                record=record.id,
                digest=record.digest,
            )
        except UnusableInput as error:
            logger.info("%s", error)
            self._not_a_page(visit, "unreadable", response.status, record.id)
            return
        self._bodies[digest] = record
        self.writer.add_document(document)
        if document.carrier == "html":
            self._html(visit, response, record, document)
        else:
            self._read.add(key(visit.url))
            page = self._page(visit, record.id, response.status, "read")
            self.writer.add_page(replace(page, kind="article", title=document.title))

    def _html(self, visit: Visit, response: Response, record: Record, document: Document) -> None:
        facts = read_page(response.body, document, visit.url, is_home=visit.is_home)
        page = replace(
            self._page(visit, record.id, response.status, "read"),
            kind=facts.kind,
            title=facts.title,
            published=facts.published,
            column_path=facts.column_path,
        )
        self._read.add(key(visit.url))
        self.writer.add_page(page, facts.links, facts.entries)
        if facts.kind in ("list", "column"):
            self._columns.add(visit.url, visit.root, visit.text, facts)
        for following in frontier.visits(facts, visit):
            self._push(following)

    def _not_a_page(self, visit: Visit, reason: str, status: int | None, record: str | None = None) -> None:
        self.writer.add_page(self._page(visit, record, status, reason))
        self.refuse(visit.url, reason)

    def _page(self, visit: Visit, record: str | None, status: int | None, outcome: str) -> Page:
        kind: PageKind = "home" if visit.is_home else "other"
        return Page(visit.url, record, status, outcome, kind, depth=visit.depth, found_on=visit.found_on)

    def _home_host(self) -> str:
        return urlsplit(self.site.home).hostname or ""

    def _reason(self, error: BaseException | None, url: str) -> str:
        if isinstance(error, Refused):
            return error.reason
        if isinstance(error, IgnoreRequest):
            return "robots" if "robots.txt" in str(error) else "too-large"
        if (urlsplit(url).hostname or "") in BLOCKED:
            return "private-address"
        return next((reason for kind, reason in _FAILURES if isinstance(error, kind)), "network")


def _readable(url: str, media_type: str) -> bool:
    words = load("crawl")
    named = media_type.partition(";")[0].strip().lower()
    if named in words["page_types"] or named in words["document_types"]:
        return True
    if named not in words["unnamed_types"]:
        return False
    return named == "" or ending(url) in words["document_endings"]


def _headers(response: Response) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]


def _location(response: Response) -> str:
    return (response.headers.get(b"Location") or b"").decode("utf-8", "replace")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
