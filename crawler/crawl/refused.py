"""The one way in which the crawl says that a request must not be sent."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class Refused(IgnoreRequest):
    """A request that must not be sent; ``reason`` is the outcome code of its page."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
