"""Scrapy without the parts that this crawl never uses."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

_HANDLER = "crawler.crawl.handler.GuardedHandler"

# Spelled out: a new default component of Scrapy must not be switched off unseen.
_DOWNLOADER = (
    "offsite.OffsiteMiddleware",
    "httpauth.HttpAuthMiddleware",
    "downloadtimeout.DownloadTimeoutMiddleware",
    "retry.RetryMiddleware",
    "redirect.MetaRefreshMiddleware",
    "httpcompression.HttpCompressionMiddleware",
    "redirect.RedirectMiddleware",
    "cookies.CookiesMiddleware",
    "httpproxy.HttpProxyMiddleware",
    "stats.DownloaderStats",
    "httpcache.HttpCacheMiddleware",
)
_SPIDER = (
    "start.StartSpiderMiddleware",
    "httperror.HttpErrorMiddleware",
    "referer.RefererMiddleware",
    "urllength.UrlLengthMiddleware",
    "depth.DepthMiddleware",
    "metacopy.MetaCopyDetectionMiddleware",
)
_EXTENSIONS = (
    "logcount.LogCount",
    "telnet.TelnetConsole",
    "memusage.MemoryUsage",
    "memdebug.MemoryDebugger",
    "closespider.CloseSpider",
    "feedexport.FeedExporter",
    "logstats.LogStats",
    "spiderstate.SpiderState",
    "remote_control.RemoteControl",
)


def lean_settings() -> dict[str, Any]:
    """Settings that leave of Scrapy what a crawl with its own frontier, redirects and retries needs.

    Left on: CoreStats (it keeps ``finish_reason``), AutoThrottle and robots.txt (both off unless asked for), default
    headers and user agent. Every status reaches the callback. A caller adds components of its own with
    ``settings["DOWNLOADER_MIDDLEWARES"] |= {...}``.
    """
    settings: dict[str, Any] = {
        "TWISTED_REACTOR_ENABLED": False,
        "DOWNLOAD_HANDLERS": {"http": _HANDLER, "https": _HANDLER, "data": None, "file": None, "s3": None, "ftp": None},
        "DOWNLOADER_MIDDLEWARES": {f"scrapy.downloadermiddlewares.{name}": None for name in _DOWNLOADER},
        "SPIDER_MIDDLEWARES": {f"scrapy.spidermiddlewares.{name}": None for name in _SPIDER},
        "EXTENSIONS": {f"scrapy.extensions.{name}": None for name in _EXTENSIONS},
        # Scrapy makes this many tasks for every answer, whether it has items or not.
        "CONCURRENT_ITEMS": 1,
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        # Both listen on a port, and say so in the log even where the extension is not there.
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "DOWNLOADER_STATS": False,
        "DOWNLOAD_WARNSIZE": 0,
    }
    if find_spec("uvloop"):
        settings["ASYNCIO_EVENT_LOOP"] = "uvloop.Loop"
    return settings
