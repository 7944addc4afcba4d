"""``duwang scan``: read, judge, keep, compare, report and rank all sites of a round, and tell people."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import click

from duwang import audit, rank, report_command, runs
from duwang.failures import PROBLEMS, crash_line, line_of, tell
from duwang.scan import exceptions, notify, rounds
from duwang.scan.exceptions import Seen
from duwang.scan.rounds import State
from duwang.scan.settings import Settings
from duwang.settings import UNUSABLE, status
from duwang.sites import Pace, Visit, begun, wanted
from reports import json_report, ledger, text
from reports.files import write_whole
from scoring.data import table
from scoring.regions import Tree
from scoring.rules import RuleSet

EXCEPTIONS = f"{exceptions.TITLE}.txt"
CIRCULAR = ("通报.html", "通报.xlsx")
LEDGER = f"{ledger.TITLE}.xlsx"


@dataclass(frozen=True, slots=True)
class Order:
    """A scan: which sites, where its rounds lie, which round (None: the month of ``on``), judged on which day."""

    sources: Sequence[str]
    out: Path
    period: str | None
    on: date
    threshold: str


def command(order: Order, pace: Pace, rules: RuleSet, settings: Settings, tree: Tree | None = None) -> int:
    """Scan, or go on with a scan that was interrupted; returns the exit status."""
    period = rounds.period_of(order.period, order.on)
    sites = wanted(order.sources, pace.lexicons)  # faults of a list are told before anything is made
    with rounds.alone(order.out):
        folder = order.out / period
        state = rounds.state_of(folder)
        if state.finished and all((folder / site.id / audit.INSPECTION).is_file() for site in sites):
            return _done_before(folder, [site.id for site in sites], order.threshold)
        before = rounds.earlier(order.out, period)
        _hint(before)
        rounds.note(folder, replace(state, finished=False))
        pace = replace(
            pace,
            store=pace.store or str(order.out / rounds.STORE),
            resume=any(begun(folder / site.id) for site in sites),
            rounds=tuple(before),
            call="scan",
            keep_day=True,
        )
        try:
            visits = audit.visit_all(order.sources, folder, pace, rules, order.on, "html", tree)
        except KeyboardInterrupt:
            raise KeyboardInterrupt("已中止；读到的内容已保存。用同样的命令可以接着检查。") from None
        return _finish(order, folder, before, visits, state, settings)


def _done_before(folder: Path, ids: Sequence[str], threshold: str) -> int:
    tell(f"{folder}：这一期已经检查完毕，没有再读；要另行检查，请用 --period 写明另一期。")
    inspections = [json_report.load(folder / name / audit.INSPECTION) for name in ids]
    return status(inspections, threshold, unusable=False)


def _hint(before: Sequence[Path]) -> None:
    """A round that was interrupted and never gone on with."""
    if before and (before[0] / rounds.NAME).exists() and not rounds.state_of(before[0]).finished:
        name = before[0].name
        tell(f"{name} 这一期没有检查完；以后可以用同样的命令加上 --period {name} 接着检查。")


def _finish(
    order: Order, folder: Path, before: Sequence[Path], visits: Sequence[Visit], state: State, settings: Settings
) -> int:
    """Write what speaks of the whole round, the exceptions first; then tell people."""
    sites = [
        Seen(one.site.id, one.site.name, one.site.home, one.inspection, one.problem, one.note)
        for one in sorted(visits, key=lambda one: one.site.id)
    ]
    on = order.on.isoformat()
    report = exceptions.plain(sites, folder.name, on)
    done = [visit.inspection for visit in visits if visit.inspection is not None]
    held = [visit.files.inspection for visit in visits if visit.inspection is not None and visit.files.inspection]
    steps: list[tuple[str, Callable[[], object]]] = [
        (EXCEPTIONS, lambda: write_whole(folder / EXCEPTIONS, report.encode("utf-8", "backslashreplace"))),
        (audit.INDEX, lambda: audit.write_index(visits, folder / audit.INDEX)),
        (runs.NAME, lambda: runs.save(visits, folder, on)),
    ]
    made = [_made(folder / name, make) for name, make in steps]
    whole = all(made)
    if done:
        whole = _made(folder / CIRCULAR[0], lambda: _circular(folder, before)) and whole
        whole, state = _ledger(folder, held, state, whole=whole)
    text.summary(text.console_for(sys.stdout), done, [one.unread for one in visits if one.inspection is None])
    notify.send(
        notify.Notice(exceptions.subject(sites, folder.name), report, exceptions.figures(sites, folder.name, on)),
        settings.notify,
    )
    # Last of all: whoever is killed before this does it again, and nobody goes without a notice.
    rounds.note(folder, replace(state, finished=whole))
    unusable = not whole or len(done) < len(visits)
    return UNUSABLE if unusable else status(done, order.threshold, unusable=False)


def _circular(folder: Path, before: Sequence[Path]) -> None:
    several = [str(folder), *map(str, before[: table("scan")["periods"] - 1])]
    rank.write(several, [folder / name for name in CIRCULAR], rank.TITLE, ())


def _ledger(folder: Path, held: Sequence[Path], state: State, *, whole: bool) -> tuple[bool, State]:
    """Write the ledger, unless a person has filled in the one that lies there."""
    path = folder / LEDGER
    if state.ledger and rounds.digest_of(path) not in ("", state.ledger):
        tell(f"{path}：已有人填写，没有改写；其中没有这次新检查的站点，请用 duwang report 另存一份。")
        return whole, state
    paper = report_command.Paper()
    if not _made(path, lambda: report_command.command([str(one) for one in held], "xlsx", path, paper), told=True):
        return False, state
    return whole, replace(state, ledger=rounds.digest_of(path))


def _made(path: Path, make: Callable[[], object], *, told: bool = False) -> bool:
    """Make one file; a failure is told and costs no other. ``told`` says that ``make`` itself names what it wrote."""
    try:
        make()
    except PROBLEMS as error:
        tell(f"{path.name} 没有写成：{line_of(error)}")
        return False
    except Exception as error:  # a fault of ours in one file must not lose the others
        tell(f"{path.name} 没有写成：{crash_line(error)}")
        return False
    if not told:
        click.echo(f"已写入 {path}")
    return True
