"""Sites side by side: crawl each into its folder, judge it, write its reports; one failure stops no other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Event, Lock

from crawler.capture import INDEX, MANIFEST, WARC, Capture
from crawler.errors import UnusableInput
from crawler.evidence import Site
from crawler.site import crawl_site
from crawler.sites import load_sites, site_of
from duwang import outputs
from duwang.failures import PROBLEMS, crash_line, line_of, tell
from duwang.outputs import Target
from reports import labels, view
from scoring.assemble import inspect_site
from scoring.inspection import Inspection
from scoring.rules import RuleSet

CAPTURE = "capture"
_FRESH, _OLD = ".capture-new", ".capture-old"
_EVERY = 25  # addresses between two plain progress lines


@dataclass(frozen=True, slots=True)
class Pace:
    """How to crawl: None leaves it to the site list and the defaults."""

    max_pages: int | None = None
    delay: float | None = None
    contact: str = ""
    jobs: int = 2
    force: bool = False


@dataclass(slots=True)
class Visit:
    """What came of one site: its capture and inspection, or the one line that says why not."""

    site: Site
    folder: Path
    capture: Capture | None = None
    inspection: Inspection | None = None
    files: Target = field(default_factory=Target)
    problem: str = ""

    @property
    def unread(self) -> view.Unread:
        return view.Unread(f"{self.site.name}（{self.site.home}）", self.problem)


class Progress:
    """Progress lines of several sites at once: each opening and end, between them one line in many."""

    def __init__(self, say: Callable[[str], None] = tell) -> None:
        self._say = say
        self._lock = Lock()
        self._counts: dict[str, int] = {}
        self._live = sys.stderr.isatty()
        self.stop = Event()

    def line(self, site: Site, text: str) -> None:
        with self._lock:
            self._say(f"[{site.id}] {text}")

    def address(self, site: Site, text: str) -> None:
        """One address was read. Raises KeyboardInterrupt in the worker once the user has given up."""
        if self.stop.is_set():
            raise KeyboardInterrupt
        with self._lock:
            count = self._counts[site.id] = self._counts.get(site.id, 0) + 1
            if self._live or count % _EVERY == 0:
                self._say(f"[{site.id}] {count}  {text}")


def wanted(sources: Sequence[str]) -> list[Site]:
    """All sites of the lists and addresses given. Raises UnusableInput for the first that cannot be used."""
    sites: dict[str, Site] = {}
    for source in sources:
        if Path(source).is_dir():
            raise UnusableInput(f"{source}：这是一个文件夹；请指定站点清单文件或网址。")
        # An address of another kind than http is told as such, not as a file that is missing.
        for site in (site_of(source),) if "://" in source else load_sites(source):
            if site.id in sites:
                raise UnusableInput(f"{source}：站点 {site.id} 出现两次；请只保留一个，或在清单中改用不同的 id。")
            sites[site.id] = site
    return list(sites.values())


def refuse_used(visits: Sequence[Visit], *, force: bool) -> None:
    """Nothing is fetched where an earlier result would be in the way, unless it may be replaced and is ours."""
    for visit in visits:
        held = visit.folder / CAPTURE
        if (held / MANIFEST).exists() and not force:
            raise UnusableInput(f"{held}：这里已有一份存档；请用 --out 换一个文件夹，或用 --force 替换它。")
        for path in (*visit.files.files(), held):
            if path.exists() and not outputs.is_ours(path) and not _unfinished(path):
                raise UnusableInput(f"{path}：这里已有别的内容，不是本程序写的；请用 --out 换一个文件夹。")


def _unfinished(path: Path) -> bool:
    """An empty folder or the rest of an interrupted crawl, which the next one clears away."""
    parts = {name + end for name in (WARC, INDEX, MANIFEST) for end in ("", ".part")}
    return path.is_dir() and {item.name for item in path.iterdir()} <= parts


def crawl_all(visits: Sequence[Visit], pace: Pace, after: Callable[[Visit], None] | None, progress: Progress) -> None:
    """Crawl the sites, ``pace.jobs`` side by side, and do ``after`` with each one that could be read."""

    def one(visit: Visit) -> None:
        try:
            _crawl(visit, pace, progress)
            if after is not None and visit.capture is not None:
                after(visit)
        except PROBLEMS as error:
            visit.problem = line_of(error).splitlines()[0]
        except Exception as error:  # a fault of ours on one site must not lose the others
            visit.problem = crash_line(error)
        if visit.problem:
            progress.line(visit.site, f"未能检查：{visit.problem}")

    with ThreadPoolExecutor(max_workers=pace.jobs) as pool:
        waiting = [pool.submit(one, visit) for visit in visits]
        try:
            for future in waiting:
                future.result()
        except BaseException:
            # Running crawls end at their next address; what has not begun never begins.
            progress.stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _crawl(visit: Visit, pace: Pace, progress: Progress) -> None:
    site, held = visit.site, visit.folder / CAPTURE
    again = (held / MANIFEST).exists()
    target = visit.folder / _FRESH if again else held
    if (target / MANIFEST).exists():
        _remove(target)
    progress.line(site, f"开始读取 {site.name} {site.home}")
    capture = crawl_site(
        site,
        target,
        max_pages=pace.max_pages,
        delay=pace.delay,
        contact=pace.contact,
        progress=lambda text: progress.address(site, text),
    )
    pages = sum(page.outcome == "read" for page in capture.pages())
    if not pages:
        visit.problem = _why(capture)
        _remove(target)
        with suppress(OSError):
            # Only where nothing else is in it.
            visit.folder.rmdir()
        return
    if again:
        held.rename(visit.folder / _OLD)
        target.rename(held)
        _remove(visit.folder / _OLD)
        for path in visit.files.files():
            # They speak of the capture that is gone.
            path.unlink(missing_ok=True)
        capture = Capture.open(held)
    visit.capture = capture
    progress.line(
        site, f"读完 {pages} 页" + (f"，未读 {sum(capture.refused.values())} 个地址" if capture.refused else "")
    )


def _why(capture: Capture) -> str:
    reasons = [labels.refusal(reason) for reason in capture.refused]
    told = f"（{'、'.join(dict.fromkeys(reasons))}）" if reasons else ""
    return f"网站没有读到任何页面{told}；请核对网址和网络后重试。"


def _remove(folder: Path) -> None:
    """Remove one of our captures, and only its own files."""
    for name in (WARC, INDEX, MANIFEST):
        (folder / name).unlink(missing_ok=True)
    folder.rmdir()


def judge(visit: Visit, rules: RuleSet, on: date) -> None:
    """Judge the capture of a visit and write its files."""
    if visit.capture is None:
        return
    where = outputs.relative(visit.capture.folder, visit.folder)
    inspection = inspect_site(visit.capture, rules=rules, on=on, folder=where)
    outputs.publish(inspection, None, visit.files)
    visit.inspection = inspection
