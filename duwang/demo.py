"""``duwang demo``: a sample of bureau sites on loopback and sample reports, judged and reported in one go."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import click

from duwang import audit, outputs
from duwang.check import Stated
from duwang.demo_server import sample_reports, serve_sites, site_list
from duwang.failures import tell
from duwang.inputs import Input
from duwang.many import Beyond, check_all
from duwang.outputs import Target
from duwang.settings import UNUSABLE
from duwang.sites import Pace, Visit
from reports import overview, view
from scoring.inspection import Inspection
from scoring.rules import RuleSet

SITES, REPORTS = "sites", "reports"


def demo(out: Path, rules: RuleSet, on: date) -> int:
    """Run the demo into ``out`` and say in a few lines what came of it; returns the exit status."""
    samples = sample_reports()
    places = [outputs.target("html", out / REPORTS, path.stem) for path in samples]
    outputs.keep_off([*places, Target(report=out / audit.INDEX)], samples)
    tell("正在本机启动样例网站并读取……")
    with serve_sites() as ports, tempfile.TemporaryDirectory(prefix="duwang-") as folder:
        listing = Path(folder) / "sites.yaml"
        listing.write_text(site_list(ports), encoding="utf-8")
        pace = Pace(delay=0.0, force=True)
        visits = audit.visit_all([str(listing)], out / SITES, pace, rules, on, "html")
    tell("正在检查样例年度报告……")
    run = check_all([Input.of(str(path)) for path in samples], Beyond(), Stated(), rules, on, places)
    done = [(one.inspection, one.place) for one in run.done.values()]
    reports = [overview.Entry(i, f"{REPORTS}/{place.report.name}") for i, place in done if place.report]
    unread = [visit.unread for visit in visits if visit.inspection is None]
    unread += [failure.unread for failure in run.failed.values()]
    overview.write([*audit.entries(visits, out), *reports], out / audit.INDEX, unread, title="样例检查结果汇总")
    _show(visits, done, out)
    for failure in run.failed.values():
        tell(failure.line)
    return UNUSABLE if unread else 0


def _show(visits: list[Visit], reports: list[tuple[Inspection, Target]], out: Path) -> None:
    click.echo("")
    click.echo("样例网站")
    for visit in visits:
        if visit.inspection is not None:
            pages = f"读取 {visit.inspection.evidence.pages} 页，"
            _line(visit.inspection, pages, visit.files)
    click.echo("")
    click.echo("样例年度报告")
    for inspection, place in reports:
        _line(inspection, "", place)
    click.echo("")
    click.echo(f"全部结果见 {out / audit.INDEX}（用浏览器打开）。单位、数字和页面均为虚构。")
    click.echo(f"复核：duwang verify {out / SITES}/*/{audit.INSPECTION} {out / REPORTS}/*.json")


def _line(inspection: Inspection, lead: str, place: Target) -> None:
    card = inspection.scorecards[0] if inspection.scorecards else None
    score = f"得分 {view.number(card.score)}（{card.grade}），" if card else "不计分，"
    fails, reviews = view.total(inspection, "fail"), view.total(inspection, "needs_review")
    click.echo(f"  {view.heading(inspection)}：{lead}{score}问题 {fails} 项，待人工核对 {reviews} 项")
    click.echo(f"      {place.report}")
