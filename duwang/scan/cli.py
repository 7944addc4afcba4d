"""The options of ``duwang scan``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from duwang import settings
from duwang.chinese import Command, number


@click.command(
    cls=Command,
    short_help="每月检查全部站点",
    help="""检查清单中的全部站点，每期一个文件夹：读取、判定、记入台账库、与上期比较，写出异常报告、汇总、通报和问题台账，最后发出通知。

先看异常报告：未能检查的站点，新发现的否决和重大问题，再次出现的问题，下降最多的得分。

中断以后用同样的命令接着检查，已检查的站点不再读取。可以用 duwang schedule install 定时运行。

退出状态：0 没有达到 --fail-on 的问题；1 有问题；2 有站点未能检查，或者输入不能使用。

例：duwang scan sites.yaml --out 结果 --settings 设置.yaml""",
)
@click.argument("sources", nargs=-1, required=True, metavar="清单…")
@settings.folder("--out", "duwang-scan", "结果文件夹，默认 duwang-scan；每期在其中有一个文件夹。")
@click.option(
    "--period", metavar="期", help="哪一期：2026-11、2026-11-23 或 day（判定日期当天），默认为判定日期所在的月。"
)
@settings.store("结果记入这个台账库：文件路径，或 postgresql:// 开头的地址；默认为结果文件夹中的 store.sqlite。")
@click.option("--settings", "settings_file", type=Path, metavar="文件", help="设置文件（YAML）：通知，以及下列各项。")
@click.option("--jobs", type=number(1, 64), metavar="数", help="同时读取的站点数，默认 2。")
@click.option("--max-pages", type=number(1, 1_000_000), metavar="数", help="每个站点最多读取的页数，默认按站点清单。")
@click.option("--delay", type=number(0.0, 60.0), metavar="数", help="两次访问相隔的秒数，默认按站点清单。")
@click.option("--units", type=Path, metavar="清单", help="单位清单：政府的数据与所属单位对照，默认按站点清单。")
@settings.own_words
@settings.judged_on()
@settings.fail_on()
def scan(
    sources: tuple[str, ...],
    out: Path,
    period: str | None,
    store: str,
    settings_file: Path | None,
    jobs: int | None,
    max_pages: int | None,
    delay: float | None,
    units: Path | None,
    lexicons: tuple[Path, ...],
    judged_on: date | None,
    fail_on: str,
) -> int:
    # Loaded here: a quick command must not wait for the crawler's libraries.
    from duwang.scan import command
    from duwang.scan.settings import Settings, load
    from duwang.sites import Pace
    from duwang.units import load_units
    from scoring.rules import shipped

    held = load(settings_file) if settings_file is not None else Settings()
    pace = Pace(
        max_pages=max_pages if max_pages is not None else held.max_pages,
        delay=delay if delay is not None else held.delay,
        contact=held.contact,
        jobs=jobs or held.jobs or Pace().jobs,
        render=held.render,
        lexicons=lexicons or tuple(map(Path, held.lexicon)),
        store=store or held.store,
    )
    order = command.Order(sources, out, period, settings.judging_day(judged_on), fail_on)
    return command.command(order, pace, shipped(), held, load_units(units) if units is not None else None)
