"""``duwang audit``, ``crawl`` and ``score``: the stages of judging sites, together or one by one."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import click

from crawler.capture import Capture
from crawler.errors import UnusableInput
from duwang import coverage, outputs, probed, runs
from duwang.beside import kept_company, relate_sites
from duwang.check import judge_capture
from duwang.failures import PROBLEMS, crash_line, line_of, tell
from duwang.loop.earlier import Source, earlier_of, tell_earlier
from duwang.loop.follow import follow, followed_again
from duwang.outputs import Target
from duwang.settings import UNUSABLE, status
from duwang.sites import Pace, Visit, crawl_all, judge, refuse_used, wanted
from duwang.watch import Watch
from reports import overview, text
from scoring.assemble import inspect_site
from scoring.inspection import Inspection
from scoring.regions import Tree
from scoring.rules import RuleSet
from scoring.scorecard import site_cards

INSPECTION = "inspection.json"
INDEX = overview.NAME
_REPORT = {"html": "report.html", "text": "report.txt"}


def audit(
    sources: Sequence[str],
    out: Path,
    pace: Pace,
    rules: RuleSet,
    on: date,
    form: str | None,
    threshold: str,
    tree: Tree | None = None,
) -> int:
    """Crawl, judge and report every site; returns the exit status."""
    visits = visit_all(sources, out, pace, rules, on, form or "html", tree)
    done = [visit.inspection for visit in visits if visit.inspection is not None]
    unread = [visit.unread for visit in visits if visit.inspection is None]
    if form == "json":
        listing = [visit.folder / INSPECTION for visit in visits if visit.inspection is not None]
    else:
        listing = [path for visit in visits if visit.inspection is not None for path in visit.files.files()]
    if (form or "html") == "html":
        write_index(visits, out / INDEX)
        listing.insert(0, out / INDEX)
    listing.append(runs.save(visits, out, on.isoformat()))
    text.summary(text.console_for(sys.stdout), done, unread)
    for path in listing:
        click.echo(f"已写入 {path}")
    if done:
        click.echo(f"读取情况逐个地址、逐个栏目列在各站点文件夹的 {coverage.PAGES} 和 {coverage.COLUMNS} 中。")
    return status(done, threshold, unusable=bool(unread))


def visit_all(
    sources: Sequence[str], out: Path, pace: Pace, rules: RuleSet, on: date, form: str, tree: Tree | None = None
) -> list[Visit]:
    """Crawl and judge every site into ``out/<site id>/``, writing its inspection and report; relate their reports."""
    refuse_unknown(pace.cards)
    folders = ((site, out / site.id) for site in wanted(sources, pace.lexicons))
    visits = [
        Visit(site, folder, files=_files(folder, form), cards=pace.cards, store=pace.store) for site, folder in folders
    ]
    refuse_used(visits, pace)
    if (out / runs.NAME).exists() and not runs.is_one(out / runs.NAME):
        raise UnusableInput(f"{out / runs.NAME}：这里已有别的内容，不是本程序写的；请用 --out 换一个文件夹。")
    tell_earlier(visits, pace, on)
    if form == "html":
        outputs.replaceable(Target(report=out / INDEX))
    if pace.probes is not None:
        for visit in visits:
            probed.keep(pace.probes, visit.site.id, visit.folder, on)
    with _noted(visits, out, pace):
        with Watch(len(visits)) as watch:
            crawl_all(visits, pace, lambda visit: judge(visit, rules, on), watch)
        relate_sites(visits, rules, on, tree)
    return visits


@contextmanager
def _noted(visits: Sequence[Visit], out: Path, pace: Pace) -> Iterator[None]:
    """The store, where there is one, notes the call, and how many sites gave no result."""
    if not pace.store:
        yield
        return
    # Loaded here: without a store nothing of a database is needed.
    from duwang.store import noted

    with noted(pace.store, pace.call, out, len(visits)) as run:
        yield
        run.failed = sum(visit.inspection is None for visit in visits)


def refuse_unknown(cards: Sequence[str]) -> None:
    """UnusableInput for a scorecard that does not exist, or is not of sites."""
    known = site_cards()
    for name in cards:
        if name not in known:
            raise UnusableInput(f"没有网站计分表“{name}”；可用的有：{'、'.join(known)}。")


def _files(folder: Path, form: str) -> Target:
    report = _REPORT.get(form)
    return Target(report=folder / report if report else None, inspection=folder / INSPECTION)


def entries(visits: Sequence[Visit], base: Path) -> list[overview.Entry]:
    """What the overview in ``base`` links to."""
    return [
        overview.Entry(visit.inspection, visit.files.report.relative_to(base).as_posix())
        for visit in visits
        if visit.inspection is not None and visit.files.report is not None
    ]


def write_index(visits: Sequence[Visit], path: Path) -> None:
    unread = [visit.unread for visit in visits if visit.inspection is None]
    overview.write(entries(visits, path.parent), path, unread, title=overview.OF_SITES)


def crawl(sources: Sequence[str], out: Path, pace: Pace) -> int:
    """Only read the sites into captures; returns the exit status."""
    visits = [Visit(site, out / site.id, files=_files(out / site.id, "html")) for site in wanted(sources)]
    refuse_used(visits, pace)
    with Watch(len(visits)) as watch:
        crawl_all(visits, pace, None, watch)
    for visit in visits:
        if visit.capture is not None:
            pages, columns = coverage.files(visit.folder)
            click.echo(f"已存档 {visit.capture.folder}（清单 {pages}、{columns.name}）")
    return UNUSABLE if any(visit.problem for visit in visits) else 0


@dataclass(slots=True)
class _Scored:
    done: list[Inspection] = field(default_factory=list)
    failed: bool = False


def score(
    folders: Sequence[str],
    out: Path | None,
    rules: RuleSet,
    on: date,
    form: str | None,
    threshold: str,
    probes: Path | None = None,
    cards: Sequence[str] = (),
    compare: Path | None = None,
) -> int:
    """Judge closed captures again, without a single request; returns the exit status.

    ``probes`` is the log of visits to the sites; without it the part of one that lies beside a capture counts.
    ``compare`` are earlier inspections; without them the result keeps what the one in its place says of them.
    """
    refuse_unknown(cards)
    result = _Scored()
    for name in folders:
        try:
            capture = Capture.open(Path(name))
            place = _place_of(capture, out, form or "html")
            base = (place.inspection or capture.folder).parent
            where = outputs.relative(capture.folder, base)
            company = kept_company(capture, _place_of(capture, None, "json").inspection or base, base)
            if capture.site is None:
                inspection = judge_capture(capture, rules, on, where, company=company)
            else:
                if probes is not None:
                    probed.keep(probes, capture.site.id, base, on)
                beside = capture.folder.resolve().parent
                kept = probed.held(base) or probed.held(beside, outputs.relative(beside / probed.FILE, base))
                inspection = inspect_site(
                    capture, rules=rules, on=on, folder=where, company=company, cards=cards, probes=kept
                )
                before = earlier_of(Source(compare=compare), capture.site.id, on)
                if before is not None:
                    inspection = follow(inspection, base, before)
                else:
                    inspection = followed_again(inspection, base, place.inspection)
            outputs.publish(inspection, None, place)
        except PROBLEMS as error:
            tell(line_of(error))
            result.failed = True
        except Exception as error:  # a fault of ours on one capture must not lose the others
            tell(f"{name}：{crash_line(error)}")
            result.failed = True
        else:
            result.done.append(inspection)
            for path in place.files():
                click.echo(f"已写入 {path}")
    if result.done:
        text.summary(text.console_for(sys.stdout), result.done)
    return status(result.done, threshold, unusable=result.failed)


def _place_of(capture: Capture, out: Path | None, form: str) -> Target:
    """Beside the capture, or in ``out``: a site's files under fixed names, a report's under its own."""
    folder = capture.folder.resolve()
    if capture.site is not None:
        return _files((out / capture.site.id) if out else folder.parent, form)
    stem = folder.name.removesuffix(".capture")
    base = out or folder.parent
    report = {"html": base / f"{stem}.html", "text": base / f"{stem}.txt"}.get(form)
    return Target(report=report, inspection=base / f"{stem}.json")
