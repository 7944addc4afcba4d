"""What reading one page of a crawl costs, part by part, in CPU milliseconds.

``python -m benchmarks.reading``: means over the made site. Of each page the fastest of a few rounds counts, and between
two readings of one page stand all the others, as in a crawl; start-up is left out.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from benchmarks.site_maker import Bureau
from crawler.pages import read_page
from crawler.readers.encoding import decode
from crawler.readers.html import open_html, parse
from crawler.readers.page.scan import scan

SITE = "http://fgj.yunze.example"
MEDIA = "text/html; charset=utf-8"
PAGES, ROUNDS = 300, 6
# Parts with a deeper margin are contained in the one above them.
PARTS = ("open_html", "  decode", "  parse", "read_page", "  scan")

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """CPU seconds of this thread, and what came of it."""
    start = time.thread_time()
    found = work()
    return time.thread_time() - start, found


def costs(body: bytes, url: str) -> Iterator[float]:
    """Seconds of each of ``PARTS`` for one page."""
    opening, opened = timed(lambda: open_html(body, url, MEDIA))
    yield opening
    decoding, decoded = timed(lambda: decode(body, url, MEDIA, is_html=True))
    yield decoding
    parsing, root = timed(lambda: parse(decoded.utf8, url))
    yield parsing
    reading, _ = timed(lambda: read_page(opened, is_home=url == f"{SITE}/"))
    yield reading
    yield timed(lambda: scan(root))[0]


def main() -> None:
    site = Bureau(PAGES)
    pages = [(site.render(spot), SITE + path) for path in site.paths() if (spot := site.find(path))]
    best = [[float("inf")] * len(PARTS) for _ in pages]
    for _ in range(ROUNDS):
        for n, (body, url) in enumerate(pages):
            best[n] = list(map(min, best[n], costs(body, url)))
    means = [sum(column) / len(pages) * 1000 for column in zip(*best, strict=True)]
    out = sys.stdout.write
    for part, mean in zip(PARTS, means, strict=True):
        out(f"{part:12}{mean:8.2f} ms\n")
    out(f"{'both':12}{means[PARTS.index('open_html')] + means[PARTS.index('read_page')]:8.2f} ms a page\n")


if __name__ == "__main__":
    main()
