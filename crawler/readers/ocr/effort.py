"""What recognition may do for one file: worked out from pixels, so that the same file always gets as far."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from crawler.readers.ocr.settings import settings

BEYOND = "识别量超过一份文件的限度，未读取（请拆分文件或单独读取这些内容）"


class Spent(Exception):
    """A page needs more than is left."""


class Illegible(Exception):
    """A page is full of what looks like text, and next to none of it can be made out."""


class Effort:
    """Seconds of two cores that are left for one file, as the prices of ``crawler/data/ocr.yaml`` tell them."""

    def __init__(self) -> None:
        self.left: float = settings("effort")["file"]

    @property
    def spent(self) -> bool:
        """Whether nothing is left."""
        return self.left <= 0

    @contextmanager
    def counting(self) -> Iterator[None]:
        """What ``charge`` is told inside is taken from this effort; an illegible page costs more than its pixels."""
        token = _CURRENT.set(self)
        before = self.left
        try:
            yield
        except Illegible:
            self.left = before - settings("effort")["illegible"] * (before - self.left)
            raise
        finally:
            _CURRENT.reset(token)


_CURRENT: ContextVar[Effort | None] = ContextVar("effort", default=None)


def charge(kind: str, pixels: int) -> None:
    """Take the price of ``pixels`` to be worked on. Raises Spent, before the work, where it is more than is left."""
    effort = _CURRENT.get()
    if effort is None:
        return
    effort.left -= pixels / 1e6 * settings("effort")["prices"][kind]
    if effort.spent:
        raise Spent
