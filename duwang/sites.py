"""Sites side by side: crawl each into its folder, judge it, write its reports; one failure stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from crawler.archive.layout import MANIFEST, OURS, discard, unfinished
from crawler.capture import Capture
from crawler.errors import CaptureDamaged, UnusableInput
from crawler.evidence import Site
from crawler.site import check_earlier, crawl_site
from crawler.sites import site_of
from duwang import coverage, outputs, probed
from duwang.failures import PROBLEMS, crash_line, line_of
from duwang.loop.follow import follow
from duwang.loop.inspections import Held
from duwang.outputs import Target
from duwang.own_lexicon import joined, sites_of
from duwang.watch import Watch
from reports import json_report, view
from reports.errors import ReportError
from scoring.assemble import earlier_reports, inspect_site
from scoring.catalogue.directory import parse_own
from scoring.decisions import Decision
from scoring.inspection import Inspection
from scoring.outcomes import refusal, remedy
from scoring.relations import NOBODY, Company, Relative
from scoring.rules import RuleSet
from scoring.wording.own import OwnLexicon

CAPTURE = "capture"
_FRESH, _OLD = ".capture-new", ".capture-old"


@dataclass(frozen=True, slots=True)
class Pace:
    """How to crawl: None leaves it to the site list and the defaults."""

    max_pages: int | None = None
    delay: float | None = None
    contact: str = ""
    jobs: int = 2
    force: bool = False
    render: str | None = None
    since: Path | None = None
    resume: bool = False
    probes: Path | None = None  # the log of visits to the sites
    cards: tuple[str, ...] = ()  # scorecards, those of the kind of site where none is named
    lexicons: tuple[Path, ...] = ()  # word lists of the user's own, for all sites
    compare: Path | None = None  # earlier inspections, or a folder of them
    store: str = ""  # where results are kept, nowhere where it is empty
    rounds: tuple[Path, ...] = ()  # folders of earlier results, the newest first: each site by the last that has it
    call: str = "audit"  # which command this is, as the store notes it
    keep_day: bool = False  # what was judged before an interruption keeps its day


@dataclass(slots=True)
class Visit:
    """What came of one site: its capture and inspection, or the one line that says why not."""

    site: Site
    folder: Path
    capture: Capture | None = None
    inspection: Inspection | None = None
    files: Target = field(default_factory=Target)
    cards: tuple[str, ...] = ()
    problem: str = ""
    note: str = ""  # what is wrong with its earlier captures, where that did not keep it from being read
    earlier: Path | None = None  # an earlier capture of the site
    before: Held | None = None  # the inspection that this one is told by
    store: str = ""
    on: date | None = None  # the day to judge it by, where that is not the day of the others

    @property
    def unread(self) -> view.Unread:
        return view.Unread(f"{self.site.name}（{self.site.home}）", self.problem)


def wanted(sources: Sequence[str], lexicons: Sequence[Path] = ()) -> list[Site]:
    """All sites of the lists and addresses given, each with its word lists and those of ``lexicons``.

    Raises UnusableInput for the first that cannot be used, RuleFileError for a directory of one with faults.
    """
    sites: dict[str, Site] = {}
    for source in sources:
        if Path(source).is_dir():
            raise UnusableInput(f"{source}：这是一个文件夹；请指定站点清单文件或网址。")
        # An address of another kind than http is told as such, not as a file that is missing.
        for site in (site_of(source),) if "://" in source else sites_of(source):
            if site.id in sites:
                raise UnusableInput(f"{source}：站点 {site.id} 出现两次；请只保留一个，或在清单中改用不同的 id。")
            sites[site.id] = site
    for site in sites.values():
        if site.directory:  # faults of a directory are told before anything is fetched
            parse_own(site.directory, Path(f"站点 {site.id} 的 directory"))
    for_all = joined(lexicons)
    return [replace(site, lexicon=_lexicon(site, for_all)) for site in sites.values()]


def _lexicon(site: Site, for_all: OwnLexicon) -> str:
    """The word lists for a site, in the form that judging takes; those of the site go before."""
    return OwnLexicon.of(site.lexicon).joined([for_all]).kept()


def refuse_used(visits: Sequence[Visit], pace: Pace) -> None:
    """Nothing is fetched where an earlier result would be in the way, unless it may be replaced and is ours."""
    _refuse_wishes(visits, pace)
    for visit in visits:
        held = visit.folder / CAPTURE
        if (held / MANIFEST).exists() and not (pace.force or pace.resume):
            raise UnusableInput(f"{held}：这里已有一份存档；请用 --out 换一个文件夹，或用 --force 替换它。")
        if pace.force and (earlier := earlier_capture(pace, visit.site)) and earlier.resolve() == held.resolve():
            raise UnusableInput(f"{held}：本次要参照这份存档，不能替换它；请用 --out 换一个文件夹。")
        if unfinished(held) and not (pace.force or pace.resume):
            raise UnusableInput(f"{held}：上次采集没有完成；请用 --resume 接着采集，或用 --force 重新开始。")
        for path in (*visit.files.files(), held, *coverage.files(visit.folder)):
            if path.exists() and not outputs.is_ours(path) and not _rest(path):
                raise UnusableInput(f"{path}：这里已有别的内容，不是本程序写的；请用 --out 换一个文件夹。")


def _refuse_wishes(visits: Sequence[Visit], pace: Pace) -> None:
    """Refuse what no site can be read with."""
    since = pace.since
    if since is not None and not since.is_dir():
        raise UnusableInput(f"{since}：没有这个文件夹；请核对 --since。")
    if since is not None and (since / MANIFEST).exists() and len(visits) > 1:
        raise UnusableInput(f"{since}：这是一个站点的存档，而要读的站点有 {len(visits)} 个；请指定以前的结果文件夹。")
    if since is not None and not any(earlier_capture(pace, visit.site) for visit in visits):
        raise UnusableInput(f"{since}：这里没有这些站点以前的存档；请核对 --since 所指的文件夹。")
    if pace.resume and pace.force:
        raise UnusableInput("--resume 是接着采集，--force 是重新采集；请只用一个。")
    if pace.resume and not any(begun(visit.folder) for visit in visits):
        raise UnusableInput(f"{visits[0].folder.parent}：这里没有可以接着采集的内容；请核对 --out，或去掉 --resume。")


def begun(folder: Path) -> bool:
    """Whether the folder of a site holds a capture, or the begin of one."""
    return any(_begun(folder / name) for name in (CAPTURE, _FRESH, _OLD))


def _begun(folder: Path) -> bool:
    """Whether a capture was made here, or begun, be it that nothing of it can be used."""
    return any((folder / name).exists() for name in OURS)


def _rest(path: Path) -> bool:
    """An empty folder or the rest of an interrupted crawl."""
    return path.is_dir() and {item.name for item in path.iterdir()} <= OURS


def crawl_all(visits: Sequence[Visit], pace: Pace, after: Callable[[Visit], None] | None, watch: Watch) -> None:
    """Crawl the sites, ``pace.jobs`` side by side, and do ``after`` with each one that could be read."""

    def one(visit: Visit) -> None:
        try:
            _crawl(visit, pace, watch)
            if after is not None and visit.capture is not None:
                after(visit)
        except PROBLEMS as error:
            visit.problem = line_of(error).splitlines()[0]
        except Exception as error:  # a fault of ours on one site must not lose the others
            visit.problem = crash_line(error)
        if visit.problem:
            watch.end(visit.site, [f"未能{'检查' if after else '读取'}：{visit.problem}"])

    with ThreadPoolExecutor(max_workers=pace.jobs) as pool:
        waiting = [pool.submit(one, visit) for visit in visits]
        try:
            for future in waiting:
                future.result()
        except BaseException as error:
            # Running crawls end within a second; what has not begun never begins.
            watch.stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            if isinstance(error, KeyboardInterrupt):
                raise KeyboardInterrupt("已中止；读到的内容已保存。用同样的命令加上 --resume 可以接着采集。") from None
            raise


def _crawl(visit: Visit, pace: Pace, watch: Watch) -> None:
    site, held, fresh = visit.site, visit.folder / CAPTURE, visit.folder / _FRESH
    _settle(held, visit.folder / _OLD)
    _choose_earlier(visit, pace)
    again = (held / MANIFEST).exists()
    if pace.resume and again and not _begun(fresh):
        visit.capture = Capture.open(held)
        visit.on = _day_kept(visit) if pace.keep_day else None
        if not all(path.exists() for path in coverage.files(visit.folder)):
            coverage.write(visit.capture, visit.folder)
        watch.end(site, [f"已读完，沿用 {held}"])
        return
    capture = _read(visit, fresh if again else held, pace, watch)
    if not any(page.was_read for page in capture.pages()):
        visit.problem = _why(capture)
        _remove(capture.folder)
        with suppress(OSError):
            # Only where nothing else is in it.
            visit.folder.rmdir()
        return
    if again:
        held.rename(visit.folder / _OLD)
        fresh.rename(held)
        _remove(visit.folder / _OLD)
        for path in visit.files.files():
            # They speak of the capture that is gone.
            path.unlink(missing_ok=True)
        capture = Capture.open(held)
    coverage.write(capture, visit.folder)
    visit.capture = capture
    watch.end(site, coverage.statement(capture))


def _day_kept(visit: Visit) -> date | None:
    """The day by which the capture of a visit was judged before; None where it was not."""
    path = visit.files.inspection
    if visit.capture is None or path is None or not outputs.is_ours(path):
        return None
    try:
        kept = json_report.load(path)
    except ReportError:  # it is made anew
        return None
    return date.fromisoformat(kept.profile.judged_on) if kept.evidence.digest == visit.capture.digest else None


def _settle(held: Path, old: Path) -> None:
    """Undo what a program left that was killed while it put a new capture in the place of an earlier one."""
    if not (old / MANIFEST).exists():
        return
    if (held / MANIFEST).exists():
        _remove(old)
    else:
        old.rename(held)


def _read(visit: Visit, target: Path, pace: Pace, watch: Watch) -> Capture:
    """Crawl into ``target``, or go on with what is there."""
    site = visit.site
    if pace.resume and (target / MANIFEST).exists():
        return Capture.open(target)
    resume = pace.resume and unfinished(target)
    if not resume:
        discard(target)
    watch.begin(site, f"{'接着' if resume else '开始'}读取 {site.name} {site.home}")
    if visit.note:
        watch.line(site, visit.note)
    return crawl_site(
        site,
        target,
        max_pages=pace.max_pages,
        delay=pace.delay,
        contact=pace.contact,
        progress=lambda seen: watch.progress(site, seen),
        render=pace.render,
        since=visit.earlier,
        resume=resume,
    )


def earlier_capture(pace: Pace, site: Site) -> Path | None:
    """The earlier capture of a site: given itself, or below a folder of results by the id of the site."""
    return next(_earlier_captures(pace, site), None)


def _earlier_captures(pace: Pace, site: Site) -> Iterator[Path]:
    """All of them, the one that was named first, then those of earlier rounds, the newest first."""
    since = pace.since
    named = [since, since / site.id / CAPTURE, since / CAPTURE] if since is not None else []
    for folder in [*named, *(earlier / site.id / CAPTURE for earlier in pace.rounds)]:
        if (folder / MANIFEST).exists():
            yield folder


def _choose_earlier(visit: Visit, pace: Pace) -> None:
    """What the crawl is told by. Nobody stands by a scan who could put a damaged capture right: it is passed over."""
    named = pace.since is not None
    unusable = []
    for folder in _earlier_captures(pace, visit.site):
        try:
            if not named:
                check_earlier(folder, visit.site)
        except (UnusableInput, CaptureDamaged) as error:
            unusable.append(str(error).partition("；请")[0].removesuffix("。"))
            continue
        visit.earlier = folder
        break
    if unusable:
        instead = "改为参照更早的存档" if visit.earlier else "全部重新读取"
        visit.note = f"以前的存档不能参照（{'；'.join(unusable)}），{instead}。"


def _why(capture: Capture) -> str:
    reasons = list(dict.fromkeys(map(refusal, capture.refused)))
    told = f"（{'、'.join(reasons)}）" if reasons else ""
    return f"网站没有读到任何页面{told}；{remedy(capture.refused)}。"


def _remove(folder: Path) -> None:
    """Remove one of our captures, and only its own files."""
    discard(folder)
    folder.rmdir()


def judge(visit: Visit, rules: RuleSet, on: date, beside: Company = NOBODY) -> None:
    """Judge the capture of a visit, beside the reports of other sites and its own earlier ones; write its files."""
    if visit.capture is None:
        return
    on = visit.on or on
    where = outputs.relative(visit.capture.folder, visit.folder)
    before: list[Relative] = []
    if visit.earlier is not None:
        folder = outputs.relative(visit.earlier, visit.folder)
        before = earlier_reports(visit.capture, Capture.open(visit.earlier), folder)
    company = Company((*before, *beside.relatives), beside.lacking)
    probes = probed.held(visit.folder)
    inspection = inspect_site(
        visit.capture, rules=rules, on=on, folder=where, company=company, cards=visit.cards, probes=probes
    )
    inspection = follow(inspection, visit.folder, visit.before, known_decisions(visit))
    outputs.publish(inspection, None, visit.files)
    visit.inspection = inspection
    if visit.store and visit.files.inspection is not None:
        from duwang.store import take_in

        take_in(visit.store, [visit.files.inspection])


def known_decisions(visit: Visit) -> list[Decision]:
    """What the store knows to be decided about a site."""
    if not visit.store:
        return []
    from duwang.store import decisions_of

    return decisions_of(visit.store, visit.site.id)
