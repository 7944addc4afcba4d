"""``duwang rank``: the circular over the results of a round, beside those of earlier rounds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from crawler.errors import UnusableInput
from duwang import outputs, runs
from duwang.audit import INSPECTION
from duwang.failures import tell
from reports import json_report, ranking
from reports.errors import ReportError
from scoring.ranking import Period, standing_of

TITLE = "政府网站与政务公开检查情况通报"
_ENDINGS = (".html", ".htm", ".xlsx", ".csv")


def command(folders: Sequence[str], out: Path, title: str, names: Sequence[str]) -> int:
    """Write the circular; returns the exit status. The first folder is this round, the others are earlier ones."""
    if out.suffix.lower() not in _ENDINGS:
        raise UnusableInput(f"{out}：不认识的格式；请用 .html、.xlsx 或 .csv 结尾的文件名。")
    write(folders, [out], title, names)
    click.echo(f"已写入 {out}")
    return 0


def write(folders: Sequence[str], outs: Sequence[Path], title: str, names: Sequence[str]) -> None:
    """Write the circular in several formats, all in one folder. Raises UnusableInput where a round has no results."""
    if len(names) > len(folders):
        raise UnusableInput(f"--name 有 {len(names)} 个，文件夹只有 {len(folders)} 个；请一一对应。")
    periods, notes = [], []
    for number, folder in enumerate(map(Path, folders)):
        name = names[number] if number < len(names) else folder.resolve().name
        period, digests = _period(folder, name, outs[0].parent)
        periods.append(period)
        notes.append(digests)
    told = []
    if len(set().union(*notes)) > 1:
        told.append("各期（或各站点）检查所用的规则不完全相同，名次和得分的变化可能来自规则的变化。")
    ids = [{one.id for one in period.standings} for period in periods]
    if len(ids) > 1 and ids[0] != ids[1]:
        came, went = len(ids[0] - ids[1]), len(ids[1] - ids[0])
        told.append(f"与上期相比，参加排名的站点新增 {came} 个，减少 {went} 个。")
    for out in outs:
        ranking.write(periods, out, title=title, notes=told)


def _period(folder: Path, name: str, base: Path) -> tuple[Period, set[str]]:
    """The standings of one round, and the digests of the rules it was judged by; links are seen from ``base``."""
    if not folder.is_dir():
        raise UnusableInput(f"{folder}：没有这个文件夹；请指定 duwang audit 的结果文件夹。")
    standings, digests = [], set()
    for path in sorted(folder.glob(f"*/{INSPECTION}")):
        try:
            inspection = json_report.load(path)
        except ReportError as error:  # one broken file must not hide the others
            tell(str(error))
            continue
        if inspection.subject.kind != "site":
            continue
        report = path.parent / "report.html"
        href = outputs.relative(report, base) if report.is_file() else ""
        standings.append(standing_of(inspection, path.parent.name, href))
        digests.add(inspection.profile.rules_digest)
    if not standings:
        raise UnusableInput(f"{folder}：这里没有网站的检查结果；请指定 duwang audit 的结果文件夹。")
    unread = [(f"{one['name']}（{one['home']}）", one["problem"]) for one in runs.load(folder) if one["problem"]]
    return Period(name, tuple(standings), tuple(unread)), digests
