"""Whole crawls of test sites, with a table in place of the name servers, and what came of every address."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from site_server import Server

from crawler.capture import Capture
from crawler.evidence import Site
from crawler.site import crawl_site

QUICK = {
    "timeout": 1.5, "max_bytes": 200_000, "again_after": 0.0, "slow_down": 0.05, "dns_timeout": 2.0,
    "robots_wait": 0.05,
}  # fmt: skip
_HOOK = Path(__file__).with_name("hook")


@dataclass
class Crawled:
    """``dialled`` holds each address (``host:port``) that a connection was opened to, ``looked_up`` each name that was
    asked for, ``megabytes`` the peak memory of the crawl's process."""

    capture: Capture
    dialled: list[str]
    looked_up: list[str]
    megabytes: int


def crawl(
    server: Server,
    folder: Path,
    *,
    names: dict[str, list[list[str]]] | None = None,
    public: tuple[str, ...] = (),
    wire: dict[str, Any] | None = None,
    limits: dict[str, Any] | None = None,
    **options: Any,
) -> Crawled:
    """Crawl ``server`` into a folder below ``folder``; ``limits`` adds to the quick ones.

    ``names``: what look-ups of a name give, one after another; ``public``: addresses that count as public ones;
    ``wire``: replaces limits of ``wire.yaml``.
    """
    job = folder / "child.json"
    job.write_text(json.dumps({"names": names or {}, "public": public, "wire": wire or {}}))
    path = os.pathsep.join(filter(None, [str(_HOOK), os.environ.get("PYTHONPATH", "")]))
    site = Site("demo", "示范局", server.url)
    chosen: dict[str, Any] = {"delay": 0.0, "render": "never"} | options
    with patch.dict(os.environ, {"PYTHONPATH": path, "DUWANG_TEST_CHILD": str(job)}):
        capture = crawl_site(site, folder / "capture", limits=QUICK | (limits or {}), **chosen)
    return Crawled(capture, **json.loads(job.with_suffix(".told").read_text()))


def short(capture: Capture, url: str) -> str:
    """The address without the home page's, the whole one for other hosts."""
    assert capture.site
    return url.removeprefix(capture.site.home)


def read(capture: Capture) -> dict[str, str]:
    """Path → kind of every page that was read."""
    return {short(capture, page.url): page.kind for page in capture.pages() if page.outcome == "read"}


def refused(capture: Capture) -> dict[str, str]:
    """Path → reason of every address that was not read."""
    return {short(capture, url): reason for url, reason in capture.refusals()}


def by_outcome(capture: Capture) -> dict[str, list[str]]:
    """Outcome → sorted paths of the pages that came to it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for page in capture.pages():
        found[page.outcome].append(short(capture, page.url))
    return {outcome: sorted(paths) for outcome, paths in found.items()}
