"""Options that several commands share, and the one place where the clock is read for judging."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from duwang.chinese import day, number, one_of
from duwang.outputs import FORMATS
from scoring.inspection import SEVERITIES, Inspection

F = TypeVar("F", bound=Callable[..., Any])

FOUND, UNUSABLE = 1, 2
NEVER = "never"
RENDER = ("auto", "never", "always")
# Of saved inspections; the first ones are also those of what is judged now.
REPORT_FORMATS = (*FORMATS, "docx", "notice", "pdf", "xlsx", "csv", "sarif", "junit")
DEMO_DAY = "2026-03-10"  # the day for which the sample data was written


def judging_day(stated: date | None) -> date:
    """The day of judging: as stated, else today."""
    return stated or datetime.now().astimezone().date()


def moment() -> str:
    """The moment of a person's decision: now, as an ISO time with its offset."""
    return datetime.now().astimezone().isoformat(timespec="milliseconds")


def judged_on(default: str | None = None) -> Callable[[F], F]:
    told = f"默认 {default}" if default else "默认今天"
    return click.option("--judged-on", type=day, metavar="日期", default=default, help=f"按哪一天判定，{told}。")


def report_format(default: str) -> Callable[[F], F]:
    return click.option(
        "--format", "form", type=one_of(FORMATS), metavar="|".join(FORMATS), help=f"输出格式，{default}。"
    )


def fail_on() -> Callable[[F], F]:
    return click.option(
        "--fail-on",
        type=one_of((*SEVERITIES, NEVER)),
        metavar="|".join((*SEVERITIES, NEVER)),
        default="major",
        help="有这一级或更重的问题时退出状态为 1，默认 major；never 表示不计。",
    )


own_words = click.option(
    "--lexicon",
    "lexicons",
    type=Path,
    multiple=True,
    metavar="文件",
    help="自备词表（.yaml、.xlsx、.csv）：错误写法和正确写法，以及不报的词句；可以多次给出。",
)


def output(text: str) -> Callable[[F], F]:
    return click.option("-o", "--output", "out", type=Path, metavar="路径", help=text)


def folder(name: str, default: str | None, text: str) -> Callable[[F], F]:
    return click.option(name, "out", type=Path, metavar="文件夹", default=default, help=text)


def crawling(command: F) -> F:
    """Options of everything that reads a site."""
    options = (
        click.option(
            "--max-pages",
            type=number(1, 1_000_000),
            metavar="数",
            help="每个站点最多读取的页数，默认按站点清单，没有写的为 500。",
        ),
        click.option(
            "--delay",
            type=number(0.0, 60.0),
            metavar="数",
            help="两次访问相隔的秒数，默认按站点清单，没有写的为 1。",
        ),
        click.option(
            "--contact", default="", metavar="网址或邮箱", help="写入访问标识的联系方式，便于网站管理员联系。"
        ),
        click.option("--jobs", type=number(1, 64), metavar="数", default=2, help="同时读取的站点数，默认 2。"),
        click.option("--force", is_flag=True, help="重新采集，替换输出文件夹中已有的存档和报告。"),
        click.option("--resume", is_flag=True, help="接着上次没有完成的采集；已读完的站点不再读取。"),
        click.option(
            "--since",
            type=Path,
            metavar="文件夹",
            help="以前的存档（或其所在的结果文件夹）：没有变化的内容不再下载。",
        ),
        click.option(
            "--render",
            type=one_of(RENDER),
            metavar="|".join(RENDER),
            help="脚本绘制的页面用浏览器打开：auto 需要时，never 从不，always 总是；默认按站点清单，未写的为 auto。",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def scoring(command: F) -> F:
    """Options of everything that judges a site."""
    options = (
        click.option(
            "--probes", type=Path, metavar="文件", help="访问记录（duwang probe 所写），用于判断站点能否访问。"
        ),
        click.option(
            "--scorecard",
            "scorecards",
            multiple=True,
            metavar="名称",
            help="网站的计分表，可写多次：national-2019-19、province-department、self-check；默认按网站类型。",
        ),
        click.option(
            "--compare-with",
            "compare_with",
            type=Path,
            metavar="检查结果",
            help="以前的检查结果（或其所在的结果文件夹）：标明新发现、持续存在、再次出现和已改正的问题。",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def store(text: str) -> Callable[[F], F]:
    return click.option("--store", metavar="位置", envvar="DUWANG_STORE", default="", help=text)


def status(inspections: Iterable[Inspection], threshold: str, *, unusable: bool) -> int:
    """Exit status: 2 where an input could not be used, 1 where a fault is at or above ``threshold``, else 0."""
    if unusable:
        return UNUSABLE
    if threshold == NEVER:
        return 0
    counted = SEVERITIES[: SEVERITIES.index(threshold) + 1]
    found = any(f.counted_as == "fail" and f.severity in counted for i in inspections for f in i.findings)
    return FOUND if found else 0
