"""``duwang store``: look at the store, make it anew from the files, bring it up to date."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from duwang import settings
from duwang.chinese import Group, one_of

if TYPE_CHECKING:
    from duwang.store.queries import History, Ranked

_STORE = settings.store(
    "台账库：文件路径，或 postgresql://用户@主机/库名；默认 duwang-store.sqlite，也可用环境变量 DUWANG_STORE 设定。"
)
_KINDS = {
    "sites": "检查对象", "captures": "存档", "inspections": "检查", "findings": "问题", "decisions": "认定",
    "notices": "通知", "probes": "访问记录", "runs": "运行记录",
}  # fmt: skip


@click.group(
    cls=Group,
    short_help="台账库：各次检查的汇总",
    help="""台账库汇总各站点历次检查的存档、得分、问题和认定。

检查结果文件是根本，台账库可以随时由它们重建。默认是一个文件；多台机器合用的，使用 PostgreSQL。""",
)
def store() -> None:
    pass


@store.command(
    "show",
    short_help="查看台账库或一个站点的历次情况",
    help="""查看台账库的概况和各站点最近一次得分；写明站点的，列出它历次检查和全部问题。

例：duwang store show lanxi-jyj""",
)
@click.argument("site", required=False, default="", metavar="站点")
@_STORE
@click.option(
    "--format", "form", type=one_of(("text", "json")), default="text", metavar="text|json", help="输出格式，默认 text。"
)
def show(site: str, store: str, form: str) -> int:
    from crawler.errors import UnusableInput
    from duwang.store import queries
    from duwang.store.database import reading, shown

    with reading(store) as connection:
        if connection is None:
            raise UnusableInput(f"{shown(store)}：还没有台账库；请先运行 duwang store rebuild。")
        if not site:
            counts, ranked = queries.counts(connection), queries.ranking(connection)
            _show_all(shown(store), counts, ranked, form)
            return 0
        known = queries.history(connection, site)
    if known is None:
        raise UnusableInput(f"台账库中没有“{site}”；请用 duwang store show 查看有哪些。")
    if form == "json":
        click.echo(json.dumps(asdict(known), ensure_ascii=False, indent=2))
    else:
        _show_site(known)
    return 0


def _show_all(place: str, counts: dict[str, int], ranked: Sequence[Ranked], form: str) -> None:
    from reports.view import number, visible

    if form == "json":
        told = {"store": place, "counts": counts, "ranking": [asdict(one) for one in ranked]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.echo(f"{place}：" + "，".join(f"{label} {counts[name]}" for name, label in _KINDS.items()) + "。")
    for one in ranked:
        change = "" if one.score_before is None else f"（上次 {number(one.score_before)}）"
        found = f"问题 {one.counts['fails']}，待核对 {one.counts['reviews']}"
        line = f"{one.place}　{one.key}　{one.name}　{number(one.score)}{change}　{one.grade}　{one.judged_on}　{found}"
        click.echo(visible(line))


def _show_site(known: History) -> None:
    from reports import labels
    from reports.view import number, visible

    click.echo(visible(f"{known.key}　{known.name}"))
    for month in known.months:
        points = "，".join(f"{title} {number(score)}" for title, score in month.scores.items()) or "没有计分"
        states = "，".join(f"{label} {month.counts[name]}" for name, label in labels.STATE.items())
        click.echo(visible(f"{month.judged_on}　{points}　{states}"))
    for notice in known.notices:
        due = f"，整改时限 {notice.due_on}" if notice.due_on else ""
        click.echo(
            visible(f"整改通知书 {notice.number}　{notice.sent_on}，问题 {notice.faults} 项{due}　{notice.path}")
        )
    for life in known.lives:
        span = f"{life.first_seen} 至 {life.last_seen}"
        head = f"〔{labels.STATE[life.state]}〕{life.rule} {life.title}　{span}　{life.fingerprint}"
        click.echo(visible(head))
        click.echo(visible(f"　{life.message}"))
        if life.why:
            click.echo(visible(f"　原因：{life.why}"))
        if life.decision is not None:
            one = life.decision
            click.echo(visible(f"　认定：{labels.DECISION[one.kind]}；{one.by}，{one.at[:10]}"))


@store.command(
    "rebuild",
    short_help="由检查结果重建台账库",
    help="""由结果文件夹重建台账库：其中全部检查结果、认定和访问记录。可以写多个文件夹，次序不限。

中途停止的，台账库保持原样。库中已有的认定和通知记录不删除。

例：duwang store rebuild 一月 二月 三月""",
)
@click.argument("folders", nargs=-1, required=True, type=Path, metavar="结果文件夹…")
@_STORE
def rebuild(folders: tuple[Path, ...], store: str) -> int:
    from duwang.loop.inspections import files
    from duwang.store import intake
    from duwang.store.database import shown, writing

    paths = list(dict.fromkeys(path.resolve() for folder in folders for path in files(folder)))
    with writing(store) as connection:
        number = intake.rebuild(connection, paths)
    click.echo(f"已由 {number} 份检查结果重建 {shown(store)}。")
    return 0


@store.command(
    "upgrade",
    short_help="把台账库升级到现行版本",
    help="把台账库升级到本程序的版本；没有的，新建一个。升级前请先备份。",
)
@_STORE
def upgrade(store: str) -> int:
    from duwang.store.database import shown
    from duwang.store.database import upgrade as bring_up

    before, after = bring_up(store)
    told = f"已从版本 {before} 升级到 {after}" if before != after else f"已是现行版本 {after}"
    click.echo(f"{shown(store)}：{told if before else f'已新建，版本 {after}'}。")
    return 0
