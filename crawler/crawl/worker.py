"""The child process of a crawl: a job as JSON on stdin, progress as JSON lines on stdout, the capture on disk."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from scrapy.crawler import CrawlerProcess

from crawler.archive.codec import decode
from crawler.capture import CaptureWriter
from crawler.crawl.polite import AGENT, PUBLIC_ONLY
from crawler.crawl.spider import SiteSpider
from crawler.evidence import Site


def main() -> int:
    """Run the job; 0 when the capture is closed."""
    job: dict[str, Any] = json.loads(sys.stdin.read())
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")
    site = decode(Site, job["site"])
    limits = job["limits"]
    started = datetime.fromisoformat(job["started"])
    clock = _clock(started)
    settings = {
        "user_agent": job["user_agent"],
        "robots": "obeyed",
        "public_only": job["public_only"],
        "limits": limits,
    }
    with CaptureWriter(Path(job["folder"]), site, settings, started) as writer:
        process = CrawlerProcess(scrapy_settings(job), install_root_handler=False)
        crawler = process.create_crawler(SiteSpider)
        process.crawl(crawler, site=site, writer=writer, limits=limits, clock=clock, tell=_tell)
        process.start()
        if crawler.stats is None or crawler.stats.get_value("finish_reason") != "finished":
            return 1
        cast(SiteSpider, crawler.spider).finish()
        writer.close(clock())
    sys.stdout.write('{"done": true}\n')
    return 0


def scrapy_settings(job: dict[str, Any]) -> dict[str, Any]:
    """Scrapy's settings for one site: one request at a time, nothing that listens, stores or shares."""
    limits = job["limits"]
    return {
        "USER_AGENT": job["user_agent"],
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": AGENT,
        "CONCURRENT_REQUESTS": 1,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": limits["delay"],
        "DOWNLOAD_DELAY_JITTER": 0,
        "AUTOTHROTTLE_ENABLED": limits["delay"] > 0,
        "AUTOTHROTTLE_START_DELAY": limits["delay"],
        "AUTOTHROTTLE_MAX_DELAY": max(limits["autothrottle_max"], limits["delay"]),
        "DOWNLOAD_TIMEOUT": limits["timeout"],
        "DOWNLOAD_MAXSIZE": limits["max_bytes"],
        "DOWNLOAD_WARNSIZE": 0,
        "DNS_TIMEOUT": limits["dns_timeout"],
        "TWISTED_DNS_RESOLVER": "crawler.crawl.polite.GuardedResolver",
        PUBLIC_ONLY: job["public_only"],
        "RETRY_TIMES": limits["retries"],
        "RETRY_GIVE_UP_LOG_LEVEL": "INFO",
        "REDIRECT_MAX_TIMES": limits["max_redirects"],
        "METAREFRESH_ENABLED": False,
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        # A proxy would look names up itself, past our check of addresses.
        "HTTPPROXY_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        "LOGSTATS_INTERVAL": 0,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9",
        },
        "DOWNLOADER_MIDDLEWARES": {"crawler.crawl.polite.Manners": 560},
    }


def _clock(started: datetime) -> Callable[[], datetime]:
    """The caller's time, carried on by a clock that nobody can set back."""
    zero = time.monotonic()
    return lambda: started + timedelta(seconds=time.monotonic() - zero)


def _tell(line: str) -> None:
    try:
        sys.stdout.write(json.dumps({"line": line}) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever asked for this crawl is gone; nobody would ever look at the rest.
        os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
