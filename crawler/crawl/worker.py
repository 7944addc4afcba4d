"""The child process of a crawl: a job as JSON on stdin, progress as JSON lines on stdout, the capture on disk."""

from __future__ import annotations

import cProfile
import gc
import json
import logging
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess

from crawler.archive.codec import decode
from crawler.archive.writer import CaptureWriter
from crawler.crawl.earlier import Earlier
from crawler.crawl.lean import lean_settings
from crawler.crawl.spider import SiteSpider
from crawler.errors import CaptureDamaged, StorageFailed, UnusableInput
from crawler.evidence import Site
from crawler.progress import Progress


def main() -> int:
    """Run the job; 0 when the capture is closed."""
    job: dict[str, Any] = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_owner, daemon=True).start()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")
    profile = os.environ.get("DUWANG_PROFILE")
    if not profile:
        return _run(job)
    watched = cProfile.Profile()
    status = watched.runcall(_run, job)
    watched.dump_stats(profile)
    return status


def _run(job: dict[str, Any]) -> int:
    try:
        _crawl(job)
    except (UnusableInput, CaptureDamaged) as error:
        _say({"problem": str(error)})
        return 2
    except (StorageFailed, OSError, sqlite3.Error) as error:
        what = "存档无法写入（磁盘已满或没有权限"
        _say({"problem": f"{job['folder']}：{what}：{error}）；请腾出空间后用 --resume 接着采集。"})
        return 2
    _say({"done": True})
    return 0


def _crawl(job: dict[str, Any]) -> None:
    limits = job["limits"]
    earlier = Earlier(Path(job["since"]), limits) if job["since"] else None
    with _writer(job, earlier) as writer:
        clock = _clock(datetime.fromisoformat(job["now"]))
        process = AsyncCrawlerProcess(scrapy_settings(job))
        # Scrapy sets it to DEBUG, which costs several lines a page.
        logging.getLogger("scrapy").setLevel(logging.WARNING)
        crawler = process.create_crawler(SiteSpider)
        options = {"limits": limits, "clock": clock, "tell": _tell, "earlier": earlier}
        options |= {name: job[name] for name in ("render", "survey")}
        process.crawl(crawler, site=writer.site, writer=writer, **options)
        # Pages hold no cycles; looking for some among all modules, every few pages, finds nothing.
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        process.start()
        if isinstance(crawler.spider, SiteSpider) and crawler.spider.broken:
            raise crawler.spider.broken
        reason = crawler.stats.get_value("finish_reason") if crawler.stats else None
        if reason != "finished":
            raise UnusableInput(f"{job['folder']}：采集中断（{reason}）；可用 --resume 接着采集。")
        writer.close(clock(), list(earlier.bases()) if earlier else [])


def _writer(job: dict[str, Any], earlier: Earlier | None) -> CaptureWriter:
    folder = Path(job["folder"])
    if job["resume"]:
        return CaptureWriter.resume(folder)
    settings = {
        "user_agent": job["user_agent"],
        "robots": "obeyed",
        "public_only": job["public_only"],
        "render": job["render"],
        "survey": job["survey"],
        "since": job["since"],
        "turn": earlier.turn if earlier else 0,
        "limits": job["limits"],
    }
    site = decode(Site, job["site"])
    return CaptureWriter(folder, site, settings, datetime.fromisoformat(job["now"]), durable=True)


def scrapy_settings(job: dict[str, Any]) -> dict[str, Any]:
    """Scrapy's settings for one site: one request at a time, nothing that listens, stores or shares."""
    limits = job["limits"]
    return {
        **lean_settings(),
        "USER_AGENT": job["user_agent"],
        "DUWANG_PUBLIC_ONLY": job["public_only"],
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
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9",
        },
        "DOWNLOADER_MIDDLEWARES": {"crawler.crawl.manners.Manners": 560},
    }


def _clock(started: datetime) -> Callable[[], datetime]:
    """The caller's time, carried on by a clock that nobody can set back."""
    zero = time.monotonic()
    return lambda: started + timedelta(seconds=time.monotonic() - zero)


def _tell(progress: Progress) -> None:
    _say({"progress": asdict(progress)})


def _end_with_owner() -> None:
    """Whoever asked for this crawl keeps the pipe open; once it is gone, nobody would ever look at the rest."""
    sys.stdin.read()
    os._exit(1)


def _say(message: dict[str, Any]) -> None:
    try:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(1)


if __name__ == "__main__":
    # Everything is closed by now; taking the libraries apart would cost as much as reading twenty pages.
    ended = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(ended)
