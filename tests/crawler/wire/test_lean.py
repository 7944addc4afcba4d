"""What is left of Scrapy is what was chosen: nothing misspelt, nothing new of Scrapy switched on or off unseen."""

from __future__ import annotations

from scrapy.settings import default_settings

from crawler.crawl.lean import lean_settings

LEFT = {
    "DOWNLOADER_MIDDLEWARES": {"RobotsTxtMiddleware", "DefaultHeadersMiddleware", "UserAgentMiddleware"},
    "SPIDER_MIDDLEWARES": set[str](),
    "EXTENSIONS": {"CoreStats", "AutoThrottle"},
}


def test_what_is_left() -> None:
    for setting, names in LEFT.items():
        assert {path.rpartition(".")[2] for path in lean_settings()[f"{setting}_BASE"]} == names


def test_only_http_is_spoken() -> None:
    handlers = default_settings.DOWNLOAD_HANDLERS_BASE | lean_settings()["DOWNLOAD_HANDLERS"]
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}
