"""Whether what the pages of a site show and lead to opens: its pictures, and links to other hosts."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Literal

from crawler.archive.index import select, select_facts
from crawler.crawl.manners import ELSEWHERE, IMPATIENT
from crawler.crawl.opening import Opening, open_address
from crawler.crawl.wire.addresses import leads_inside
from crawler.evidence import Check
from crawler.urls import DEFAULT_PORTS, bare_host, host_key, key, page_of, same_site, split
from crawler.words import load

if TYPE_CHECKING:
    from crawler.crawl.spider import SiteSpider

# Below are the well-known ports (RFC 6335), where no page stands but on those of the web.
_FREE_PORTS = 1024

Kind = Literal["picture", "link"]


class Checks:
    """Asks at the end of a crawl: hosts side by side, one request after the other on each.

    What was asked before a kill is not asked again.
    """

    def __init__(self, spider: SiteSpider) -> None:
        self._spider = spider
        self._index = spider.writer.index
        self._limits = spider.limits
        self._home = spider.site.home
        self._made: dict[str, Check] = {key(one.url): one for one in select(self._index.db, Check)}
        self._ends = time.monotonic() + float(self._limits["check_seconds"])

    async def run(self) -> None:
        """Ask for all, and again for what did not open."""
        wanted = [*self._wanted("picture", self._pictures()), *self._wanted("link", self._links())]
        await self._ask_all((url, kind) for url, kind in wanted if key(url) not in self._made)
        failed = [one for one in self._made.values() if one.tries == 1 and _may_be_chance(one.outcome)]
        if failed:
            await asyncio.sleep(float(self._limits["again_after"]))
            await self._ask_all((one.url, one.kind) for one in failed)

    def _wanted(self, kind: Kind, found: Iterable[str]) -> Iterator[tuple[str, Kind]]:
        """The first addresses of a kind, each once; how many there were stands in the counts."""
        each: dict[str, str] = {}
        for url in found:
            each.setdefault(key(url), url)
        limit, name = (
            (self._limits["check_pictures"], "pictures_found")
            if kind == "picture"
            else (self._limits["check_links"], "elsewhere_found")
        )
        self._spider.writer.count(name, len(each))
        return ((url, kind) for url in islice(each.values(), limit))

    def _pictures(self) -> Iterator[str]:
        """Pictures of the site itself that were not fetched, in the order in which their pages were read."""
        sql = "SELECT f.page FROM pages p JOIN facts f ON f.page = p.url ORDER BY p.n LIMIT ?"
        for (page,) in self._index.db.execute(sql, (self._limits["check_pages"],)):
            facts = select_facts(self._index.db, page)
            for url in facts.pictures if facts else ():
                if same_site(url, self._home) and self._index.page(page_of(url)) is None:
                    yield page_of(url)

    def _links(self) -> Iterator[str]:
        """Addresses on other hosts that a reader is led to, those on the home page first."""
        db = self._index.db
        home = "SELECT l.url FROM links l JOIN pages p ON p.url = l.page WHERE p.kind = 'home' ORDER BY l.n"
        for sql in (home, "SELECT url FROM anchors ORDER BY n"):
            for (url,) in db.execute(sql):
                if self._is_elsewhere(url):
                    yield page_of(url)

    def _is_elsewhere(self, url: str) -> bool:
        """Whether this is the web address of another host; another port of the site's own is none, nor is a low one."""
        there, here = split(url), split(self._home)
        if there is None or here is None or bare_host(there.hostname or "") == bare_host(here.hostname or ""):
            return False
        return there.port is None or there.port in DEFAULT_PORTS.values() or there.port >= _FREE_PORTS

    async def _ask_all(self, wanted: Iterable[tuple[str, Kind]]) -> None:
        hosts: defaultdict[str, list[tuple[str, Kind]]] = defaultdict(list)
        for url, kind in wanted:
            parts = split(url)
            hosts[host_key(parts) if parts else ""].append((url, kind))
        turns = asyncio.Semaphore(int(self._limits["check_at_once"]))

        async def one_host(addresses: list[tuple[str, Kind]]) -> None:
            async with turns:
                for url, kind in addresses:
                    if time.monotonic() < self._ends:
                        await self._ask(url, kind)

        await asyncio.gather(*map(one_host, hosts.values()))

    async def _ask(self, url: str, kind: Kind) -> None:
        before = self._made.get(key(url))
        # What looks dead is asked for in the way of a reader before it is called so.
        opened = await self._open(url, "GET" if before else "HEAD")
        if opened.status in self._limits["head_refused"] and not before:
            opened = await self._open(url, "GET")
        outcome = opened.outcome
        if outcome == "gone":
            outcome = "dead" if before else f"http-{opened.status}"
        check = Check(
            url=url,
            kind=kind,
            outcome=outcome,
            status=opened.status,
            media=opened.media,
            target=opened.url if opened.url != url else "",
            tries=before.tries + 1 if before else 1,
            first=before.outcome if before else "",
            at=self._spider.clock(),
        )
        self._made[key(url)] = check
        self._index.add(check)
        self._spider.checking(url)

    async def _open(self, url: str, method: str) -> Opening:
        meta = {"download_timeout": self._limits["check_timeout"], "wanted": _nothing}
        return await open_address(
            self._spider.ask,
            url,
            method=method,
            meta=meta | IMPATIENT | ({} if same_site(url, self._home) else ELSEWHERE),
            against=self._against,
        )

    async def _against(self, url: str) -> str:
        if leads_inside(url, self._home):
            return "private-address"
        return await self._spider.manners.against_elsewhere(url)


def _nothing(media_type: str) -> bool:
    """No body is downloaded: the status says enough."""
    del media_type
    return False


def _may_be_chance(outcome: str) -> bool:
    """Whether an address is asked for once more; a host that asks to slow down is left alone."""
    again = outcome in load("crawl")["tried_again"] or outcome.startswith(("http-404", "http-410", "http-5"))
    return again and outcome != "throttled"
