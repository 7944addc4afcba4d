"""Crawl one site into a capture. Scrapy runs in a child process, so that this can be called any number of times."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any

from crawler.archive.codec import encode
from crawler.archive.layout import kept_settings, kept_site, tidy
from crawler.archive.writer import prepare
from crawler.capture import Capture
from crawler.crawl.earlier import usable
from crawler.errors import UnusableInput
from crawler.evidence import Site
from crawler.progress import Progress
from crawler.urls import is_public, literal_address, resolve, same_site, split
from crawler.words import load, software_version

_POLL = 1.0  # seconds


def crawl_site(
    site: Site,
    folder: Path,
    *,
    max_pages: int | None = None,
    delay: float | None = None,
    progress: Callable[[Progress], None] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    contact: str = "",
    allow_private: bool | None = None,
    limits: dict[str, Any] | None = None,
    render: str | None = None,
    survey: bool | None = None,
    since: Path | None = None,
    resume: bool = False,
) -> Capture:
    """Read ``site`` into a new capture in ``folder`` and return it, closed.

    ``max_pages`` and ``delay`` (seconds) go before ``site.crawl``, which goes before ``crawler/data/crawl.yaml``;
    ``limits`` replaces single values of the latter. ``progress`` is told how far the crawl is, at least once a
    second; what it raises ends the crawl. Private addresses are
    refused where the home page is public; ``allow_private`` says so (or not) whatever the home page is. ``render``
    (auto, never, always) says when a browser draws pages. ``survey`` says whether to look at IPv6, https, the time
    that the home page takes, and whether pictures and links to other hosts open; unless it or ``site.crawl`` says
    so, that is done where the home page is public. ``since`` is the folder of an earlier capture of the site:
    what did not change since is not fetched again. ``resume`` goes on with what a killed crawl left in ``folder``,
    with the settings of its beginning: an argument that contradicts them, or another home, is refused.
    A crawl that is broken off keeps what it has for that. A site that cannot be reached gives a capture without
    pages, whose refusals say why. UnusableInput where the folder cannot be used or the crawl broke off.
    """
    rules = {**load("crawl")["limits"], **(limits or {})}
    chosen = {"max_pages": max_pages, "delay": delay}
    for name, value in chosen.items():
        rules[name] = value if value is not None else site.crawl.get(name, rules[name])
    job: dict[str, Any] = {
        "site": encode(site),
        "folder": str(folder.resolve()),
        "now": now().astimezone(UTC).isoformat(),
        "limits": rules,
        "resume": resume,
        "user_agent": f"Duwang/{software_version()}" + (f" (+{contact})" if contact else ""),
        "render": render or site.crawl.get("render", "auto"),
        "since": str(since.resolve()) if since else "",
    }
    # What cannot be used is refused here, in the caller's process, before anything is started.
    if resume:
        tidy(folder)
        kept = kept_settings(folder)
        wished = {**chosen, **(limits or {}), "render": render, "since": job["since"] or None, "survey": survey}
        _same_wishes(folder, site, kept, wished)
        job |= {name: kept[name] for name in ("user_agent", "render", "since", "public_only")}
        job["survey"] = kept.get("survey", False)
        # A limit that this version does not know yet has its usual value.
        job["limits"] = {**load("crawl")["limits"], **kept["limits"]}
        if kept["since"]:
            usable(Path(kept["since"]))
    else:
        if since is not None:
            check_earlier(since, site)
        prepare(folder)
        private = home_is_private(site.home) if allow_private is None else allow_private
        wanted = survey if survey is not None else site.crawl.get("survey")
        job |= {"public_only": not private, "survey": not private if wanted is None else wanted}
    _run(site, job, progress)
    return Capture.open(folder)


def _same_wishes(folder: Path, site: Site, kept: dict[str, Any], wished: dict[str, Any]) -> None:
    """A crawl goes on as it began: one capture has one site and one set of settings."""
    home = kept_site(folder).home
    if home != site.home:
        raise UnusableInput(f"{folder}：未完成的采集读的是 {home}，不是 {site.home}；请换一个文件夹，或重新开始。")
    held = {**kept["limits"], "render": kept["render"], "since": kept["since"], "survey": kept.get("survey", False)}
    for name, value in wished.items():
        if value is not None and value != held.get(name, value):
            told = f"{name}={'无' if held[name] == '' else held[name]}，与现在的 {value} 不同"
            raise UnusableInput(f"{folder}：未完成的采集用的是 {told}；请沿用原来的设置，或重新开始。")


def check_earlier(since: Path, site: Site) -> None:
    """UnusableInput or CaptureDamaged where ``since`` is no whole earlier capture of the site."""
    held = usable(since).site
    if held is None or not same_site(held.home, site.home):
        raise UnusableInput(f"{since}：这不是 {site.name}（{site.home}）的存档；请核对 --since。")


def home_is_private(home: str) -> bool:
    """True where the home page itself is on a loopback or private address, as on an intranet or in a demo."""
    parts = split(home)
    if parts is None or parts.hostname is None:
        raise UnusableInput(f"{home}：不是可以访问的网址；请写成 http:// 或 https:// 开头的完整网址。")
    literal = literal_address(parts.hostname)
    try:
        addresses = [literal] if literal else resolve(parts.hostname, parts.port or 80)
    except (OSError, UnicodeError):
        return False
    return not any(map(is_public, addresses))


def _run(site: Site, job: dict[str, Any], progress: Callable[[Progress], None] | None) -> None:
    """Run the child process to its end and hand its progress on."""
    package = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH", "")]))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        child = subprocess.Popen(
            # -P: a file named like a library in the user's folder must not be imported.
            [sys.executable, "-P", "-m", "crawler.crawl.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("DUWANG_DEBUG") == "1" else log,
            env=environment,
            text=True,
            encoding="utf-8",
            # Ctrl-C reaches us alone; we end the child, and what it has stays for --resume.
            start_new_session=True,
        )
        try:
            last = _talk(child, job, progress)
            child.wait()
        except BaseException:
            child.kill()
            child.wait()
            raise
        if "problem" in last:
            raise UnusableInput(last["problem"])
        if "done" not in last:
            why = _last_line(log)
            raise UnusableInput(f"{site.home}：采集中断（{why}）；可用 --resume 接着采集，仍失败请报告此问题。")


def _talk(
    child: subprocess.Popen[str], job: dict[str, Any], progress: Callable[[Progress], None] | None
) -> dict[str, Any]:
    """Hand progress on; returns the last message, which says how it ended."""
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("child process without pipes")
    with suppress(BrokenPipeError):
        # Left open: by its end the child knows that we are gone.
        child.stdin.write(json.dumps(job) + "\n")
        child.stdin.flush()
    message: dict[str, Any] = {}
    seen = Progress(url=job["site"]["home"])
    for line in _lines(child.stdout):
        with suppress(ValueError):
            # The last line of a killed child may be half a line.
            message = json.loads(line) if line else message
        if "progress" in message:
            seen = Progress(**message["progress"]) if line else seen
        if progress:
            progress(seen)
    return message


def _lines(stream: IO[str]) -> Iterator[str]:
    """Lines as they come, and "" for each second without one, so that whoever watches can end a silent crawl."""
    lines = Queue[str | None]()

    def pump() -> None:
        for line in stream:
            lines.put(line)
        lines.put(None)

    Thread(target=pump, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=_POLL)
        except Empty:
            line = ""
        if line is None:
            return
        yield line


def _last_line(log: IO[str]) -> str:
    log.seek(0)
    lines = [line.strip() for line in log.read()[-20_000:].splitlines() if line.strip()]
    return lines[-1][:200] if lines else "没有说明"
