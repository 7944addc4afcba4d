"""How far the crawl of a site is, as told to whoever watches."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Progress:
    """Pages read, addresses waiting and given up, errors of the site, seconds since the start, the last address.

    ``waiting`` is for how many seconds nothing will happen, ``why`` says it in plain Chinese.
    """

    read: int = 0
    queued: int = 0
    unread: int = 0
    errors: int = 0
    seconds: float = 0.0
    url: str = ""
    waiting: float = 0.0
    why: str = ""

    @property
    def rate(self) -> float:
        """Pages a second since the start."""
        return self.read / self.seconds if self.seconds > 0 else 0.0
