"""Crawls of a few addresses in a process of its own: a JSON line on stdin for each, a JSON line on stdout."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator
from typing import Any

import scrapy
from scrapy import Request
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.crawl.manners import Manners


class FewAddresses(scrapy.Spider):
    """Asks for the addresses in order, one at a time."""

    name = "few"
    manners: Manners

    def __init__(self, urls: list[str], limits: dict[str, Any], told: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.urls = urls
        self.limits = limits
        self.told = told
        self._done = asyncio.Event()

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            self._done.clear()
            meta = {"handle_httpstatus_all": True, "dont_redirect": True}
            yield Request(url, callback=self.on_response, errback=self.on_failure, dont_filter=True, meta=meta)
            await self._done.wait()
        self.told["slowed"] = self.manners.slowed
        self.told["state"] = self.manners.state()

    def on_response(self, response: Response) -> None:
        self.told["results"].append(response.status)
        self._done.set()

    def on_failure(self, failure: Failure) -> None:
        error = failure.value
        cause = type(error.__cause__).__name__ if error.__cause__ else ""
        self.told["results"].append(f"{getattr(error, 'reason', type(error).__name__)} {cause}".strip())
        self._done.set()

    def keep_robots(self, url: str, response: Response | None, state: str) -> None:
        self.told["robots"].append([url, response.url if response is not None else None, state])

    def waiting(self, host: str, seconds: float, why: str) -> None:
        self.told["waits"].append([why, round(seconds, 1)])
        if why == self.told["stop_on"]:
            asyncio.get_running_loop().call_later(0.05, self.manners.stop)


async def crawl(job: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"results": [], "robots": [], "waits": [], "stop_on": job.get("stop_on")}
    settings = {
        "TWISTED_REACTOR_ENABLED": False,
        "CONCURRENT_REQUESTS": 1,
        "DOWNLOAD_DELAY": job.get("delay", 0.0),
        "DOWNLOAD_DELAY_JITTER": 0,
        "DOWNLOAD_TIMEOUT": 2,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOGSTATS_INTERVAL": 0,
        "RETRY_TIMES": 1,
        "DOWNLOADER_MIDDLEWARES": {"crawler.crawl.manners.Manners": 560},
    }
    await AsyncCrawlerRunner(settings).crawl(FewAddresses, urls=job["urls"], limits=job["limits"], told=told)
    return told


def main() -> None:
    logging.basicConfig(level=logging.ERROR)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(asyncio.run(crawl(json.loads(line)))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
