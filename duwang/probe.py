"""``duwang probe``: visits home pages again and again and keeps a log of whether they open."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from crawler.crawl.probing import Prober, Round
from crawler.errors import UnusableInput
from crawler.evidence import ProbeVisit, Site
from crawler.probes import ProbeWriter, read_probes
from crawler.words import load
from duwang.failures import tell
from duwang.settings import FOUND
from duwang.sites import wanted

# Visits that fall due within this are made together: sites of one list keep step.
_TOGETHER = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Plan:
    """How often to visit, for how long (None: once), within how many seconds a page must open."""

    every: timedelta
    lasting: timedelta | None
    timeout: float
    jobs: int
    contact: str = ""


def plan(
    every: float | None, days: float | None, timeout: float | None, jobs: int | None, contact: str, *, once: bool
) -> Plan:
    """A plan of minutes, days and seconds; what is None is as in ``crawler/data/probe.yaml``."""
    usual = load("probe")["limits"]
    lasting = timedelta(days=usual["days"] if days is None else days)
    return Plan(
        every=timedelta(minutes=every or usual["every"]),
        lasting=None if once else lasting,
        timeout=timeout or usual["timeout"],
        jobs=jobs or usual["jobs"],
        contact=contact,
    )


@dataclass(slots=True)
class _Tally:
    """What one site came to in this run."""

    made: int = 0
    failed: int = 0
    unclear: int = 0


@dataclass(slots=True)
class _Log:
    """What the log holds: its first visit, and the last one of each site; what this run adds."""

    writer: ProbeWriter
    first: datetime | None = None
    last: dict[str, datetime] = field(default_factory=dict)
    tallies: defaultdict[str, _Tally] = field(default_factory=lambda: defaultdict(_Tally))

    def add(self, visit: ProbeVisit) -> None:
        self.writer.add(visit)
        tally = self.tallies[visit.site]
        tally.made += 1
        tally.failed += visit.ok is False
        tally.unclear += visit.ok is None
        tell(f"[{visit.site}] {visit.time:%Y-%m-%d %H:%M:%S} {_told(visit)}")


def _told(visit: ProbeVisit) -> str:
    if visit.ok:
        return f"打开，{visit.seconds:.2f} 秒"
    return f"{'打不开' if visit.ok is False else '无法判断'}：{visit.error}"


def command(sources: Sequence[str], path: Path, plan: Plan) -> int:
    """Visit the sites of the lists and addresses; 1 where a visit of this run found one that does not open."""
    sites = wanted(sources)
    log = _open(path, sites)
    try:
        asyncio.run(_visit_all(sites, log, plan, lambda: datetime.now().astimezone()))
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"已中止；访问记录在 {path}。用同样的命令可以接着记录。") from None
    finally:
        log.writer.close()
        _summary(sites, log)
    return FOUND if any(tally.failed for tally in log.tallies.values()) else 0


def _open(path: Path, sites: Sequence[Site]) -> _Log:
    """The log, gone on with where it is there; looked through before anything is written to it."""
    first: datetime | None = None
    last: dict[str, datetime] = {}
    if path.is_dir():
        raise UnusableInput(f"{path}：这是一个文件夹；请用 --log 指定访问记录文件。")
    if path.exists() and path.stat().st_size:
        known = {(site.id, site.home) for site in sites}
        made = 0
        for visit in read_probes(path):
            made += 1
            if (visit.site, visit.url) in known:
                first = first or visit.time
                last[visit.site] = visit.time
        if not made:
            raise UnusableInput(f"{path}：这个文件不是访问记录；请用 --log 换一个文件。")
        tell(f"接着记录到 {path}（已有 {made} 次访问）。")
    return _Log(ProbeWriter(path), first, last)


async def _visit_all(sites: Sequence[Site], log: _Log, plan: Plan, now: Callable[[], datetime]) -> None:
    prober = Prober(plan.timeout, plan.contact, now)
    try:
        if plan.lasting is None:
            await _round(sites, log, prober, plan.jobs)
            return
        ends = _end(log.first, plan.lasting, now())
        tell(f"每 {plan.every / timedelta(minutes=1):g} 分钟访问一次，到 {ends:%Y-%m-%d %H:%M} 为止。")
        due = {site.id: max(now(), log.last[site.id] + plan.every) if site.id in log.last else now() for site in sites}
        while (moment := min(due.values())) < ends:
            await asyncio.sleep(max((moment - now()).total_seconds(), 0))
            turn = [site for site in sites if due[site.id] <= moment + min(_TOGETHER, plan.every / 2)]
            for site in turn:
                # Counted from when it was due, so that the visits do not drift; not to be made up for after a sleep.
                due[site.id] = max(moment, now() - plan.every / 2) + plan.every
            await _round(turn, log, prober, plan.jobs)
    finally:
        await prober.close()


def _end(first: datetime | None, lasting: timedelta, now: datetime) -> datetime:
    """A log that is gone on with ends when it would have; one that is full begins anew."""
    begun = now if first is None or first + lasting <= now else first
    return begun + lasting


async def _round(sites: Sequence[Site], log: _Log, prober: Prober, jobs: int) -> None:
    turns, made = asyncio.Semaphore(jobs), Round()

    async def one(site: Site) -> None:
        async with turns:
            probed = await prober.visit(site)
        for visit in made.add(probed):
            log.add(visit)

    await asyncio.gather(*map(one, sites))
    for visit in made.end():
        log.add(visit)


def _summary(sites: Sequence[Site], log: _Log) -> None:
    for site in sites:
        tally = log.tallies.get(site.id)
        if tally is not None:
            share = f"（{100 * tally.failed / tally.made:.1f}%）" if tally.failed else ""
            unclear = f"，无法判断 {tally.unclear} 次" if tally.unclear else ""
            tell(f"[{site.id}] 访问 {tally.made} 次，打不开 {tally.failed} 次{share}{unclear}")
