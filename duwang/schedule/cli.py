"""The commands of ``duwang schedule``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crawler.errors import UnusableInput
from duwang.chinese import Group, clock, number, one_of
from duwang.schedule.plan import Every, Plan
from duwang.schedule.schedulers import NAMES, scheduler
from duwang.settings import UNUSABLE

_EVERY = ("month", "week", "day")


_with = click.option("--with", "which", type=one_of(NAMES), metavar="|".join(NAMES), help="用哪一种定时，默认按本机。")
_name = click.option("--name", default="scan", metavar="名称", help="计划的名称，默认 scan；几个计划用不同的名称。")


@click.group(
    cls=Group,
    short_help="定时运行每月检查",
    help="用本机的定时功能（systemd、cron 或 Windows 任务计划）定时运行 duwang scan。",
)
def schedule() -> None:
    pass


@schedule.command(
    short_help="设定",
    help="""设定定时检查，再次设定同名计划时替换原来的。

例：duwang schedule install sites.yaml --out 结果 --every month --day 1 --at 02:30""",
)
@click.argument("sources", nargs=-1, required=True, metavar="清单…")
@click.option("--out", type=Path, default="duwang-scan", metavar="文件夹", help="结果文件夹，默认 duwang-scan。")
@click.option(
    "--every", type=one_of(_EVERY), default="month", metavar="|".join(_EVERY), help="每月、每周或每天，默认每月。"
)
@click.option(
    "--day", type=number(1, 28), default=1, metavar="数", help="每月几日（1 至 28）或周几（1 至 7），默认 1。"
)
@click.option("--at", type=clock, default="02:30", metavar="时间", help="几点开始，默认 02:30。")
@click.option("--settings", "settings_file", type=Path, metavar="文件", help="扫描的设置文件（通知等）。")
@_name
@_with
def install(
    sources: tuple[str, ...],
    out: Path,
    every: Every,
    day: int,
    at: tuple[int, int],
    settings_file: Path | None,
    name: str,
    which: str | None,
) -> int:
    for source in sources:
        if not Path(source).is_file():
            raise UnusableInput(f"{source}：没有这个文件；请指定站点清单。")
    chosen = [str(Path(source).resolve()) for source in sources]
    words = [sys.executable, "-m", "duwang", "scan", *chosen, "--out", str(out.resolve())]
    words += ["--settings", str(settings_file.resolve())] if settings_file else []
    words += ["--period", "day"] if every != "month" else []  # else the second run of a month would find all done
    plan = Plan(name, tuple(words), str(Path.cwd()), every, day if every != "day" else 1, *at)
    own = scheduler(which)
    own.install(plan)
    click.echo(f"已用{own.title}设定“{name}”：{plan.told}。")
    return 0


@schedule.command(short_help="查看", help="查看已设定的计划。")
@_name
@_with
def show(name: str, which: str | None) -> int:
    own = scheduler(which)
    told = own.show(name)
    click.echo(told if told is not None else f"{own.title}中没有名为“{name}”的计划。")
    return 0 if told is not None else UNUSABLE


@schedule.command(short_help="取消", help="取消已设定的计划。")
@_name
@_with
def remove(name: str, which: str | None) -> int:
    own = scheduler(which)
    done = own.remove(name)
    click.echo(f"已取消“{name}”。" if done else f"{own.title}中没有名为“{name}”的计划。")
    return 0 if done else UNUSABLE
