"""The Scrapy spider: reads one site in order, one request at a time, and notes what came of every address."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import scrapy
from scrapy import Request
from scrapy.http import Response

from crawler.archive.writer import CaptureWriter
from crawler.crawl import frontier
from crawler.crawl.ahead import Ahead, Turn, ignore
from crawler.crawl.answers import outcome_of
from crawler.crawl.checks import Checks
from crawler.crawl.columns import ColumnBook
from crawler.crawl.earlier import Earlier, Prior
from crawler.crawl.frontier import Frontier, Visit
from crawler.crawl.handler import failure_of, location
from crawler.crawl.intake import Intake
from crawler.crawl.memory import LastingTraps
from crawler.crawl.messages import headers_of, phrase, rough_text
from crawler.crawl.opening import REDIRECTS
from crawler.crawl.render.drawing import Drawing
from crawler.crawl.robots import RobotsState
from crawler.crawl.soft404 import SoftErrors, probe_address
from crawler.crawl.survey import Survey
from crawler.crawl.wire.addresses import leads_inside
from crawler.errors import CaptureDamaged, StorageFailed
from crawler.evidence import Record, Site
from crawler.progress import Progress
from crawler.urls import absolute, same_site
from crawler.words import load

if TYPE_CHECKING:
    from crawler.crawl.manners import Manners

logger = logging.getLogger(__name__)

# After these nothing that is read can be kept, or trusted.
_FATAL = (StorageFailed, CaptureDamaged, sqlite3.OperationalError)
_COUNTED = ("read", "unread", "errors")
# With fewer pages left, what comes next is chosen when everything is known.
_NOT_AHEAD = 3


class SiteSpider(scrapy.Spider):
    """One request at a time, so that the order of reading (and the result) does not depend on the network.

    The requests go straight to Scrapy's downloader: the frontier, not Scrapy's scheduler, knows what comes next, and
    everything between request and answer (middlewares, pace, AutoThrottle) stays Scrapy's.
    """

    name = "site"
    manners: Manners

    def __init__(
        self,
        *,
        site: Site,
        writer: CaptureWriter,
        limits: dict[str, Any],
        clock: Callable[[], datetime],
        tell: Callable[[Progress], None],
        earlier: Earlier | None = None,
        render: str = "auto",
        survey: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.site = site
        self.writer = writer
        self.limits = limits
        self.clock = clock
        self.earlier = earlier
        self._tell, self._reported = tell, 0.0
        self.frontier = Frontier(writer.index.db, site.home, limits)
        self.columns = ColumnBook(writer.index.db)
        self.traps = LastingTraps(limits, writer)
        self.soft = SoftErrors(site.home)
        self.drawing = Drawing(self, render)
        self.intake = Intake(self)
        self._ahead = Ahead(lambda visit: self._download(visit, {}))
        kept = writer.kept("spider") or {}
        self._budget = int(kept.get("budget", limits["max_pages"]))
        self._checks = int(kept.get("checks", limits["max_checks"]))
        self._spent = float(kept.get("seconds", 0.0))
        self._probe_answer: list[Any] | None = kept.get("probe")
        self._in_a_row = int(kept.get("in_a_row", 0))
        # Further pages of a list that were not there, one after the other, by the address of the list.
        self._lost: dict[str, int] = kept.get("lost", {})
        self._count = replace(Progress(), **{name: kept[name] for name in _COUNTED if name in kept})
        self._begun = self._committed = time.monotonic()
        self._kept_manners: dict[str, Any] | None = kept.get("manners")
        self.survey = Survey(self, kept.get("survey")) if survey else None
        self.broken: Exception | None = None
        if kept:
            self.drawing.load(kept["drawing"])
            self.intake.pictured = kept["pictured"]
        if probe := kept.get("probe"):
            self.soft.learn_probe(*probe)
        if earlier is not None and kept:
            earlier.load(kept["earlier"])

    async def start(self) -> AsyncIterator[Request]:
        """Read the site. No request is handed to the scheduler, so that Scrapy ends when this does."""
        if self._kept_manners is not None:
            self.manners.load(self._kept_manners)
        try:
            await self._crawl()
        except _FATAL as error:
            self.broken = error
        finally:
            await self._ahead.drop()
            await self.drawing.close()
        for request in list[Request]():
            yield request

    async def _crawl(self) -> None:
        self._seed()
        while not (stopped := self._stopped()):
            turn = self._ahead.take() or self._next()
            if turn is None:
                break
            visit = turn.visit
            try:
                await self._visit(*turn)
            except _FATAL:
                raise
            except Exception:
                # One page that trips us up must not cost the whole site; it counts as not read, by our fault.
                logger.exception("error while reading %s", visit.url)
                self.intake.not_read(visit, "error", None)
            if self.survey:
                await self.survey.look()
            self._report(visit.url)
            self._commit()
        if self.survey and stopped not in ("stopped", "time"):
            await self._look_beyond(self.survey)
        self._finish(stopped)

    async def _look_beyond(self, survey: Survey) -> None:
        """What is asked once everything is read; a fault of it costs nothing of that."""
        await survey.look(last=True)
        try:
            await Checks(self).run()
        except _FATAL:
            raise
        except Exception:
            logger.exception("the checks failed")

    def _next(self) -> Turn | None:
        visit = self.frontier.pop()
        return Turn(visit) if visit else None

    async def _look_ahead(self, visit: Visit) -> None:
        """Ask for the next page while this one is read, unless this one may change what is to be asked for next."""
        # What a page of reports shows and offers is asked for as part of it, whatever it was taken for before.
        apart = visit.check or visit.tries or visit.rank <= frontier.REPORTS
        if apart or self.earlier or self._in_a_row or self._budget < _NOT_AHEAD:
            return

        def suits(coming: Visit) -> bool:
            # What a page of a list says may end the list; what a page leads to may come before lower ranks.
            same_list = coming.root is not None and coming.root in (visit.root, visit.url)
            later = coming.rank > visit.rank or coming.depth > visit.depth + 1
            if coming.is_home or coming.check or coming.tries or same_list or later:
                return False
            return not (self._in_lost_list(coming) or self.traps.may_be_barren(coming.url))

        if coming := self.frontier.pop(suits):
            await self._ahead.ask(coming)

    def _not_asked(self, visit: Visit) -> bool:
        """Whether an address is left alone for what its like came to."""
        plain = not (visit.is_home or visit.check or visit.root or visit.tries or visit.chain or visit.part)
        if plain and self.traps.barren(visit.url):
            return True
        return not visit.tries and self._in_lost_list(visit)

    def _in_lost_list(self, visit: Visit) -> bool:
        """A page of a list whose pager counts pages that nobody made."""
        return self._lost.get(visit.root or "", 0) >= int(self.limits["list_lost"])

    def _seed(self) -> None:
        self.frontier.push(Visit(self.site.home, frontier.HOME, is_home=True))
        for name, address in self.site.columns.items():
            url = absolute(self.site.home, address)
            if url:
                self.frontier.push(Visit(url, frontier.REPORTS, 1, self.site.home, name))

    def _stopped(self) -> str:
        """Why the crawl ends before everything is read; "" while it goes on."""
        if self._budget <= 0:
            return "budget"
        if self._in_a_row >= self.limits["stop_after"]:
            return "stopped"
        allowed = float(self.limits["max_seconds"])
        return "time" if 0 < allowed <= self._seconds() else ""

    def _seconds(self) -> float:
        return self._spent + time.monotonic() - self._begun

    async def _visit(self, visit: Visit, answer: asyncio.Future[Response] | None) -> None:
        """Deal with one address; ``answer`` is that to its request where it was asked for before its turn."""
        if visit.check and self._checks <= 0:
            self.intake.not_read(visit, visit.first or "type", None)
            return
        if self._not_asked(visit):
            # What is known by now counts, whether it was asked for ahead or, after a kill, was not.
            if answer is not None:
                await ignore(answer)
            self.intake.not_read(visit, "trap", None)
            return
        prior = self.earlier.prior(visit) if self.earlier and not visit.check else None
        headers: dict[str, str] = {}
        if self.earlier and prior:
            way = self.earlier.way(visit, prior, self.writer.index.listed(visit.url))
            if way == "carry":
                await self.intake.from_earlier(visit, prior, self.earlier, "carried")
                return
            headers = prior.headers if way == "condition" else {}
        if visit.tries:
            await self._wait(float(self.limits["again_after"]), "稍候再试一次")
        try:
            response = await (answer or self._download(visit, headers))
        except _FATAL:
            raise
        except Exception as error:
            self._failed(visit, failure_of(error))
            return
        await self._answered(visit, response, prior)
        if visit.is_home and self._probe_answer is None and 200 <= response.status < 300:
            await self._probe()

    async def _download(self, visit: Visit, headers: dict[str, str]) -> Response:
        body = visit.form.encode("utf-8", "replace")
        if body:
            headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}

        def wanted(media_type: str) -> bool:
            """Do not download what is neither a page nor a document."""
            return not visit.check and self.intake.wanted(visit, media_type)

        meta: dict[str, Any] = {"wanted": wanted}
        if visit.part == "picture":
            meta["download_maxsize"] = self.limits["picture_bytes"]
        return await self.request(visit.url, visit.method, headers, body, meta)

    async def request(
        self, url: str, method: str, headers: dict[str, str], body: bytes, meta: dict[str, Any]
    ) -> Response:
        """One answer by way of all manners; what the handler and the manners raise where there is none."""
        meta = {"handle_httpstatus_all": True, "verbatim_url": True, **meta}
        return await self.ask(Request(url, method=method, headers=headers, body=body, dont_filter=True, meta=meta))

    async def ask(self, request: Request) -> Response:
        """The answer to a request, as ``request`` gives it."""
        if self.crawler.engine is None:
            raise RuntimeError("the engine is not running")
        downloader = self.crawler.engine.downloader
        while True:
            # The engine's own way here, without its Deferreds, signals and log line for each answer.
            answer = await downloader.middleware.download_async(downloader._enqueue_request, request)
            if isinstance(answer, Response):
                return answer
            request = answer

    async def _answered(self, visit: Visit, response: Response, prior: Prior | None) -> None:
        status = response.status
        if status == 304 and prior and self.earlier:
            self._in_a_row = 0
            self._spend(visit)
            self.earlier.spared()
            self.intake.unchanged(visit, response, prior, self.earlier)
            await self.intake.from_earlier(visit, prior, self.earlier, "unchanged")
            return
        if status in REDIRECTS and response.headers.get(b"Location"):
            self._in_a_row = 0
            self._redirect(visit, response)
            return
        self._spend(visit)
        outcome = outcome_of(status, dict(headers_of(response)), rough_text(response, self.limits["refusal_chars"]))
        if outcome in ("blocked", "throttled", "challenged"):
            self._in_a_row += 1
            if outcome == "throttled" and 200 <= status < 300:
                self.manners.slow_down(visit.url)
        elif outcome == "content":
            self._in_a_row = 0
        if outcome == "challenged" and not visit.check:
            opened = await self.drawing.challenged(visit, response)
            if opened is not None:
                self._in_a_row = 0
                self.intake.drawn(visit, opened, "read")
                return
        if visit.check and (outcome == "content" or visit.method == "HEAD"):
            self._checked(visit, status, outcome)
        elif outcome != "content":
            record = self.archive(visit.name, response)
            self._failed(visit, outcome, status, record)
        elif "download_stopped" in response.flags:
            self.intake.not_read(visit, "type", status)
        else:
            await self._look_ahead(visit)
            await self.intake.content(visit, response, prior)

    def _spend(self, visit: Visit) -> None:
        if visit.check:
            self._checks -= 1
        else:
            self._budget -= 1

    def _checked(self, visit: Visit, status: int, outcome: str) -> None:
        """What an address came to that was only asked whether it opens."""
        if outcome == "content":
            self.intake.not_read(visit, "type", status)
        elif status in self.limits["head_refused"] and not visit.tries:
            self.frontier.again(replace(visit, method="GET"))
        else:
            self._failed(visit, outcome, status)

    def _failed(self, visit: Visit, outcome: str, status: int | None = None, record: Record | None = None) -> None:
        """Once is chance: what may pass, and what looks dead, is asked for again at the end."""
        if status is None:
            self._spend(visit)
        words = load("crawl")
        if outcome == "gone":
            self.count_lost(visit)
        again = outcome in words["tried_again"] or (outcome.startswith("http-5") and status is not None)
        if again and visit.tries < self.limits["second_tries"]:
            first = f"http-{status}" if outcome == "gone" else outcome
            self.intake.pending(visit, first, status, record)
            self.frontier.again(frontier.second_try(visit, first))
            return
        if outcome == "gone":
            outcome = "dead"
        self.intake.not_read(visit, outcome, status, record)

    def _redirect(self, visit: Visit, response: Response) -> None:
        """Follow within the site; anything else is a reason not to have read the page."""
        record = self.archive(visit.name, response)
        target = absolute(visit.url, location(response))
        chain = (*visit.chain, visit.url)
        reason = ""
        if target is not None and self.soft.is_soft(visit.url, "", "", target):
            reason = "soft-404"
        elif target is None or not same_site(target, self.site.home):
            reason = "private-address" if target and leads_inside(target, self.site.home) else "offsite-redirect"
        elif target in chain or len(chain) > self.limits["max_redirects"]:
            reason = "redirect-loop"
        if reason or target is None:
            for url in chain[:-1]:
                self.refuse(url, reason)
            self._spend(visit)
            self.intake.not_read(visit, reason, response.status, record)
            return
        self.intake.redirected(visit, target, response.status, record)
        if not self.frontier.knows(target) or frontier.key_of(target) in set(map(frontier.key_of, chain)):
            self.frontier.again(replace(visit, url=target, found_on=visit.url, chain=chain))

    async def _probe(self) -> None:
        """Ask once for a page that cannot be there, to know the site's way of saying so."""
        url = probe_address(self.site.home)
        try:
            response = await self.request(url, "GET", {}, b"", {})
        except _FATAL:
            raise
        except Exception as error:
            logger.info("no answer to the probe: %s", error)
            self._probe_answer = [0, None, "", ""]
            return
        target = absolute(url, location(response)) if response.status in REDIRECTS else None
        self._probe_answer = [response.status, target, *self.intake.told(url, response)]
        self.soft.learn_probe(*self._probe_answer)

    async def _wait(self, seconds: float, why: str) -> None:
        if seconds > 0:
            self.waiting(urlsplit(self.site.home).netloc, seconds, why)
            await asyncio.sleep(seconds)

    def keep_robots(self, url: str, response: Response | None, state: RobotsState) -> None:
        """Keep the answer to robots.txt as evidence; where there is none that counts, say so."""
        if response is not None:
            self.archive(url, response)
        if state == "unreadable":
            self.writer.note(f"{url} 不是可识别的 robots.txt，按没有限制处理。")

    def archive(self, url: str, response: Response) -> Record:
        """Store an answer; the headers say what came over the wire."""
        status, headers = response.status, headers_of(response)
        return self.writer.add_response(url, status, phrase(status), headers, response.body, self.clock())

    def refuse(self, url: str, reason: str) -> None:
        self._count.unread += 1
        self.writer.refuse(url, reason)

    def waiting(self, host: str, seconds: float, why: str) -> None:
        """Tell whoever watches that nothing happens for a while; ``why`` is a word of the manners or plain Chinese."""
        if seconds >= self.limits["commit_every"]:
            # Who is killed while waiting and goes on must wait on, too.
            self._commit(force=True)
        self._report(host, waiting=seconds, why=load("manners")["waiting"].get(why, why))

    def checking(self, url: str) -> None:
        """Tell that an address was asked whether it opens."""
        self._report(url)
        self._commit()

    def reading(self, url: str) -> None:
        """Tell that a page is read that takes its time, with everything before it safe."""
        self._commit(force=True)
        self._report(url, waiting=self.limits["commit_every"], why=load("crawl")["reading_pictures"])

    def count_read(self, visit: Visit) -> None:
        self._count.read += 1
        self._lost.pop(visit.root or "", None)

    def count_lost(self, visit: Visit) -> None:
        """Count a further page of a list that is not there."""
        if visit.root and not visit.tries:
            self._lost[visit.root] = self._lost.get(visit.root, 0) + 1

    def count_error(self) -> None:
        self._count.errors += 1

    def _report(self, url: str, waiting: float = 0.0, why: str = "") -> None:
        """Tell how far it is, a few times a second at most: writing and reading it must not cost more than a page."""
        moment = time.monotonic()
        if moment - self._reported < self.limits["report_every"] and not waiting:
            return
        self._reported = moment
        queued, seconds = len(self.frontier), self._seconds()
        self._tell(replace(self._count, url=url, queued=queued, seconds=seconds, waiting=waiting, why=why))

    def _commit(self, *, force: bool = False) -> None:
        """Make what was read safe, at most once in a while: a page read twice after a kill costs less than a commit."""
        moment = time.monotonic()
        if not force and moment - self._committed < self.limits["commit_every"]:
            return
        self._committed = moment
        kept = {
            "budget": self._budget,
            "checks": self._checks,
            "seconds": self._seconds(),
            "probe": self._probe_answer,
            **{name: getattr(self._count, name) for name in _COUNTED},
            "in_a_row": self._in_a_row,
            "lost": self._lost,
            "manners": self.manners.dump(),
            "drawing": self.drawing.dump(),
            "earlier": self.earlier.dump() if self.earlier else None,
            "pictured": self.intake.pictured,
            "survey": self.survey.dump() if self.survey else None,
        }
        self.traps.keep()
        self.writer.keep("spider", kept)
        self.writer.commit()

    def _finish(self, stopped: str) -> None:
        """Columns, and a reason for every address that was found and not read."""
        for url, reason in self.frontier.left():
            self.refuse(url, reason or stopped or "budget")
        self.intake.read_pictured()
        self.writer.count("slowed", self.manners.slowed)
        hosts = self.manners.state()
        if self.survey and (found := self.survey.state()):
            home = urlsplit(self.site.home).netloc.lower()
            hosts[home] = hosts.get(home, {}) | found
        for host, state in hosts.items():
            self.writer.host(host, state)
        called = load("manners")["traps"]["called"]
        for seen in self.traps.report():
            self.writer.note(f"疑似无穷尽的地址（{called[seen.kind]}，如 {seen.example}），有 {seen.count} 个未读。")
        for line in self.drawing.notes():
            self.writer.note(line)
        for column in self.columns.columns(self.frontier, self.site.windows):
            self.writer.add_column(column)
        self._commit(force=True)
