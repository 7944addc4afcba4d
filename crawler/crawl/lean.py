"""Scrapy without the parts that this crawl never uses."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from scrapy.logformatter import LogFormatter
from scrapy.settings import default_settings

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


class Quiet(LogFormatter):
    """Composes no line for each answer, which nobody would read."""

    def crawled(self, *_: object) -> None:  # type: ignore[override]  # None is for no line
        return None


def lean_settings() -> dict[str, Any]:
    """Settings that leave of Scrapy what a crawl with its own frontier, redirects and retries needs.

    Left on: CoreStats (it keeps ``finish_reason``), AutoThrottle and robots.txt (both off unless asked for), default
    headers and user agent. Every status reaches the callback. A caller adds components of its own as
    ``DOWNLOADER_MIDDLEWARES`` and the like.
    """
    settings: dict[str, Any] = {
        "TWISTED_REACTOR_ENABLED": False,
        "DOWNLOAD_HANDLERS": {"http": _HANDLER, "https": _HANDLER, "data": None, "file": None, "s3": None, "ftp": None},
        "DOWNLOADER_MIDDLEWARES_BASE": _left("DOWNLOADER_MIDDLEWARES_BASE", "downloadermiddlewares", _DOWNLOADER),
        "SPIDER_MIDDLEWARES_BASE": _left("SPIDER_MIDDLEWARES_BASE", "spidermiddlewares", _SPIDER),
        "EXTENSIONS_BASE": _left("EXTENSIONS_BASE", "extensions", _EXTENSIONS),
        # Scrapy makes this many tasks for every answer, whether it has items or not.
        "CONCURRENT_ITEMS": 1,
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        # Both listen on a port, and say so in the log even where the extension is not there.
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "DOWNLOADER_STATS": False,
        "LOG_FORMATTER": Quiet,
        "LOG_VERSIONS": [],
        "LOG_INSTALL_ROOT_HANDLER": False,
        "DOWNLOAD_WARNSIZE": 0,
    }
    if find_spec("uvloop"):
        settings["ASYNCIO_EVENT_LOOP"] = "uvloop.Loop"
    return settings


def _left(setting: str, package: str, off: tuple[str, ...]) -> dict[str, Any]:
    """Scrapy's own components without these; switched off with None, each would still be imported."""
    base: dict[str, Any] = getattr(default_settings, setting)
    without = {f"scrapy.{package}.{name}" for name in off}
    return {path: order for path, order in base.items() if path not in without}
