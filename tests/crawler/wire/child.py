"""One crawl in a process of its own: a job as JSON on stdin, what became of each request as JSON on stdout.

Names are looked up in the job only; ``public`` lists loopback addresses that count as public ones.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import urls
from crawler.crawl.handler import location, reason_of
from crawler.crawl.lean import lean_settings
from crawler.words import load

JOB: dict[str, Any] = json.loads(sys.stdin.read())
FOUND: list[dict[str, Any]] = []


class OneByOne(scrapy.Spider):
    """Asks for one address after the other."""

    name = "one-by-one"

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for asked in JOB["requests"]:
            self.done = asyncio.Event()
            self.began = time.monotonic()
            await asyncio.sleep(asked.get("pause", 0))
            yield scrapy.Request(
                asked["url"],
                method=asked.get("method", "GET"),
                body=asked.get("body", ""),
                meta={"verbatim_url": True, "wanted": "video/mp4".__ne__} | asked.get("meta", {}),
                callback=self.on_answer,
                errback=self.on_failure,
                dont_filter=True,
            )
            await self.done.wait()

    def on_answer(self, response: Response) -> None:
        self.note(
            response.meta,
            outcome="read",
            status=response.status,
            body=response.body[:400].decode("latin-1"),
            length=len(response.body),
            location=location(response),
            headers={name.decode(): value[-1].decode("latin-1") for name, value in response.headers.items()},
            flags=response.flags,
            address=str(response.ip_address),
        )

    def on_failure(self, failure: Failure) -> None:
        self.note(failure.request.meta, outcome=reason_of(failure.value), error=repr(failure.value))

    def note(self, meta: dict[str, Any], **facts: Any) -> None:
        known = {"tls": meta.get("tls"), "latency": meta.get("download_latency")}
        FOUND.append(facts | known | {"seconds": time.monotonic() - self.began})
        self.done.set()


def resolve(host: str, port: int) -> list[str]:
    """The job's answers for a name in turn; the last one stays."""
    answers = JOB["names"].get(host)
    if answers is None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown name")
    answer: list[str] = answers.pop(0) if len(answers) > 1 else answers[0]
    if answer == ["slow"]:
        time.sleep(2)
    return answer


def peak_memory() -> int:
    """Megabytes; what getrusage says is that of the parent process where it was larger."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) // 1024


def main() -> None:
    really_public = urls.is_public
    urls.is_public = lambda address: address in JOB["public"] or really_public(address)
    urls.resolve = resolve
    load("wire")["limits"].update(JOB["limits"])
    process = AsyncCrawlerProcess(lean_settings() | {"LOG_LEVEL": "ERROR"} | JOB["settings"])
    process.crawl(OneByOne)
    process.start()
    print(json.dumps({"found": FOUND, "megabytes": peak_memory()}))


if __name__ == "__main__":
    main()
