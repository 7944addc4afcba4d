"""The command ``duwang``: wires options to the functions that do the work.

Each command imports its own part, so that a quick one does not wait for the crawler's libraries.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from crawler.words import software_version
from duwang import settings
from duwang.chinese import Group, day, explain, number, one_of
from duwang.directory_cli import directory
from duwang.failures import tell, tell_error
from duwang.loop.review_cli import review
from duwang.rules_cli import rules
from duwang.scan.cli import scan
from duwang.schedule.cli import schedule
from duwang.settings import UNUSABLE, judging_day
from duwang.store_cli import store

if TYPE_CHECKING:
    from scoring.annual_report import Publisher
    from scoring.regions import Tree
    from scoring.rules import RuleSet

_INTERRUPTED = 130
_PUBLISHERS = ("department", "government", "township")
_LEVELS = ("province", "city", "county", "township")


@click.group(
    cls=Group,
    help="""读网：像第三方检查员那样阅读部门网站和政府信息公开工作年度报告，按法规判定，每条发现都附证据。

退出状态：0 没有达到 --fail-on 的问题；1 有问题；2 输入不能使用。""",
)
@click.version_option(software_version(), "--version", message="duwang %(version)s", help="显示版本。")
def app() -> None:
    pass


@app.command(
    short_help="检查年度报告（文件、文件夹或网址）",
    help="""检查政府信息公开工作年度报告：文件（网页、Word、PDF、OFD、Excel、图片等）或网页地址，可以一次给出多个。

文件夹连同其中各层的文件一并检查，ZIP 压缩包逐份检查；多份时最后列表汇总，个别文件不能读取不影响其他文件。

年度、单位、发布主体和发布日期从报告中认出，也可以指定。用 -o 保存时同时保留存档，日后可用 duwang verify 复核。

例：duwang check 年报.docx --previous 上年年报.docx -o 结果.html

只查一份通知的文字：duwang check --only wording 通知.docx --fix-list 修改清单.xlsx""",
)
@click.argument("given", nargs=-1, required=True, metavar="文件、文件夹或网址…")
@settings.report_format("默认 text；未写时按 -o 的后缀")
@settings.output("写到这里：.html、.json 或 .txt 文件；多个输入时为文件夹。网页和 JSON 旁边另存证据。")
@click.option("--year", type=number(2008, 2100), metavar="年", help="报告年度。")
@click.option("--published", type=day, metavar="日期", help="发布日期，如 2026-01-20。")
@click.option(
    "--publisher",
    type=one_of(_PUBLISHERS),
    metavar="|".join(_PUBLISHERS),
    help="发布主体：政府部门、人民政府、乡镇或街道。",
)
@click.option("--unit", metavar="名称", help="单位名称。")
@click.option("--level", type=one_of(_LEVELS), metavar="|".join(_LEVELS), help="层级：省、市、县、乡。")
@click.option("--previous", metavar="文件或网址", help="上一年度的报告，用于核对两年的衔接。")
@click.option(
    "--sibling", "siblings", multiple=True, metavar="文件或网址", help="其他单位同一年度的报告，用于核对雷同。"
)
@click.option("--units", type=Path, metavar="清单", help="单位清单或站点清单：政府的数据与所属单位对照。")
@click.option(
    "--only", type=one_of(("wording",)), metavar="wording", help="只查文字和个人信息；任何文档都可以，不限于年度报告。"
)
@settings.own_words
@click.option("--fix-list", type=Path, metavar="文件", help="另写修改清单（.xlsx 或 .csv）：位置、原文、建议改为。")
@click.option("--jobs", type=number(1, 64), metavar="数", help="同时检查的文件数，默认为处理器核数；结果与数目无关。")
@settings.judged_on()
@settings.fail_on()
def check(
    given: tuple[str, ...],
    form: str | None,
    out: Path | None,
    year: int | None,
    published: date | None,
    publisher: str | None,
    unit: str | None,
    level: str | None,
    previous: str | None,
    siblings: tuple[str, ...],
    units: Path | None,
    only: str | None,
    lexicons: tuple[Path, ...],
    fix_list: Path | None,
    jobs: int | None,
    judged_on: date | None,
    fail_on: str,
) -> int:
    from duwang.check import Stated
    from duwang.check_command import Wishes, command
    from duwang.many import Beyond
    from duwang.own_lexicon import joined
    from duwang.workers import cores

    whose, part = cast("Publisher | None", publisher), cast("Literal['wording'] | None", only)
    stated = Stated(year, published, whose, unit, level, part, joined(lexicons).kept())
    beyond = Beyond(previous, siblings, _tree(units))
    wishes = Wishes(form, out, fail_on, jobs or cores(), fix_list)
    return command(given, beyond, stated, _rules(), judging_day(judged_on), wishes)


@cache
def _rules() -> RuleSet:
    """The rules that come with the product, loaded where a command judges."""
    # What is loaded lives as long as the process: no use in looking for garbage among it, now or later.
    gc.disable()
    try:
        from scoring.rules import shipped

        return shipped()
    finally:
        gc.freeze()
        gc.enable()


def _tree(units: Path | None) -> Tree | None:
    if units is None:
        return None
    # Lists of sites need a reader of spreadsheets, which most calls do not.
    from duwang.units import load_units

    return load_units(units)


@app.command(
    short_help="读取网站并检查",
    help="""读取一个或多个网站，存档，找出年度报告和信息公开栏目并检查，每个站点一个文件夹。

站点用清单文件（YAML、CSV 或 XLSX）或首页网址指定。读取守规矩：遵守 robots.txt，默认每秒一次。

例：duwang audit sites.yaml --out 结果 --jobs 4""",
)
@click.argument("sources", nargs=-1, required=True, metavar="清单或网址…")
@settings.folder("--out", "duwang-out", "结果文件夹，默认 duwang-out。")
@settings.report_format("默认 html；json 只写 inspection.json")
@settings.crawling
@click.option("--units", type=Path, metavar="清单", help="单位清单：政府的数据与所属单位对照，默认按站点清单。")
@settings.scoring
@settings.own_words
@settings.store("结果同时记入这个台账库：文件路径，或 postgresql:// 开头的地址；并按其中上一次的结果比较。")
@settings.judged_on()
@settings.fail_on()
def audit(
    sources: tuple[str, ...],
    out: Path,
    form: str | None,
    max_pages: int | None,
    delay: float | None,
    contact: str,
    jobs: int,
    force: bool,
    resume: bool,
    since: Path | None,
    render: str | None,
    units: Path | None,
    probes: Path | None,
    scorecards: tuple[str, ...],
    lexicons: tuple[Path, ...],
    compare_with: Path | None,
    store: str,
    judged_on: date | None,
    fail_on: str,
) -> int:
    from duwang import audit as stages
    from duwang.sites import Pace

    pace = Pace(
        max_pages, delay, contact, jobs, force, render, since, resume, probes, scorecards, lexicons, compare_with, store
    )
    return stages.audit(sources, out, pace, _rules(), judging_day(judged_on), form, fail_on, _tree(units))


@app.command(short_help="只读取网站并存档", help="只读取网站并存档，不检查；存档可用 duwang score 检查。")
@click.argument("sources", nargs=-1, required=True, metavar="清单或网址…")
@settings.folder("--out", "duwang-out", "结果文件夹，默认 duwang-out。")
@settings.crawling
def crawl(
    sources: tuple[str, ...],
    out: Path,
    max_pages: int | None,
    delay: float | None,
    contact: str,
    jobs: int,
    force: bool,
    resume: bool,
    since: Path | None,
    render: str | None,
) -> int:
    from duwang import audit as stages
    from duwang.sites import Pace

    return stages.crawl(sources, out, Pace(max_pages, delay, contact, jobs, force, render, since, resume))


@app.command(
    short_help="只检查已有的存档",
    help="按现行规则检查已有的存档，不访问网络。网站和年度报告的存档都可以。",
)
@click.argument("captures", nargs=-1, required=True, metavar="存档文件夹…")
@settings.folder("--out", None, "结果文件夹，默认在存档旁边。")
@settings.report_format("默认 html；json 只写检查结果文件")
@settings.scoring
@settings.judged_on()
@settings.fail_on()
def score(
    captures: tuple[str, ...],
    out: Path | None,
    form: str | None,
    probes: Path | None,
    scorecards: tuple[str, ...],
    compare_with: Path | None,
    judged_on: date | None,
    fail_on: str,
) -> int:
    from duwang import audit as stages

    on = judging_day(judged_on)
    return stages.score(captures, out, _rules(), on, form, fail_on, probes, scorecards, compare_with)


@app.command(
    short_help="由检查结果重新出报告",
    help="""由已有的检查结果（inspection.json）重新出报告，不重新判定。

xlsx、csv 为问题台账，多个站点合为一份；docx 为检查报告，notice 为整改通知书，都是 Word 文件。

pdf 需要 Chromium；sarif、junit 供其他软件读取。

例：duwang report duwang-out/*/inspection.json -o 问题台账.xlsx

例：duwang report duwang-out/lanxi-jyj/inspection.json --format notice --due 2026-12-31 -o 通知.docx""",
)
@click.argument("files", nargs=-1, required=True, metavar="检查结果…")
@click.option(
    "--format",
    "form",
    type=one_of(settings.REPORT_FORMATS),
    metavar="|".join(settings.REPORT_FORMATS),
    help="输出格式，默认 text；未写时按 -o 的后缀。",
)
@settings.output("写到这里；多份时为文件夹，台账除外。")
@click.option("--issuer", default="", metavar="名称", help="Word 文件的落款机关；不写的留空。")
@click.option("--number", "paper_number", default="", metavar="文号", help="整改通知书的发文字号。")
@click.option("--due", type=day, metavar="日期", help="整改时限，写入通知书和台账。")
@click.option("--dated", type=day, metavar="日期", help="Word 文件的成文日期，默认为判定日期。")
@click.option("--attachment", "attachments", multiple=True, metavar="名称", help="附件名称，可以多次给出。")
@click.option("--template", type=Path, metavar="文件", help="自备的 Word 模板（.docx），代替自带的版式。")
@settings.store("整改通知书同时记入这个台账库，须有发文字号。")
def report(
    files: tuple[str, ...],
    form: str | None,
    out: Path | None,
    issuer: str,
    paper_number: str,
    due: date | None,
    dated: date | None,
    attachments: tuple[str, ...],
    template: Path | None,
    store: str,
) -> int:
    from duwang.report_command import Paper, command
    from reports.word.papers import Letterhead

    return command(files, form, out, Paper(Letterhead(issuer, paper_number, due, attachments, dated), template, store))


@app.command(
    short_help="排名和通报",
    help="""由各站点的检查结果出通报：排名和升降、得分分布、各站点各指标失分、最常见的问题、问题最多的栏目、历次变化、未能检查的站点。

第一个文件夹是本期结果（duwang audit 的 --out），其后依次是以前各期。计分表不同的站点分别排名；有单项否决的排在后面。

例：duwang rank 2026-11 2026-10 2026-09 -o 通报.html""",
)
@click.argument("folders", nargs=-1, required=True, metavar="结果文件夹…")
@click.option(
    "-o",
    "--output",
    "out",
    type=Path,
    default="通报.html",
    metavar="文件",
    help="写到这里（.html、.xlsx 或 .csv），默认 通报.html。",
)
@click.option("--title", default="", metavar="标题", help="通报的标题。")
@click.option("--name", "names", multiple=True, metavar="名称", help="各期的名称，按文件夹的次序，默认为文件夹名。")
def rank(folders: tuple[str, ...], out: Path, title: str, names: tuple[str, ...]) -> int:
    from duwang import rank as ranking

    return ranking.command(folders, out, title or ranking.TITLE, names)


@app.command(
    short_help="用存档复核检查结果",
    help="""用存档中的原始内容复核检查结果，不访问网络：存档有没有改动，每条引文是否就在所指的位置，重新判定是否得出同样的发现。

退出状态：0 全部属实；1 有不符，逐条列出；2 不能复核。""",
)
@click.argument("files", nargs=-1, required=True, metavar="检查结果…")
@click.option("--file", "original", metavar="原件", help="检查时没有保留存档的，指明当时的原件。")
def verify(files: tuple[str, ...], original: str | None) -> int:
    from duwang import verify as verifying

    return verifying.command(files, original, _rules())


@app.command(
    short_help="比较两次检查",
    help="""比较同一对象的两次检查结果，或两个结果文件夹：新发现、再次出现、持续存在、已改正、未能复查的问题，得分的变化。

文章移动、翻页变动、页面改版、日期和数字的变动不算新问题。所在网页这次没有读到的，不算已改正。规则、计分表、读取范围不同的，予以提示。

退出状态：0 没有达到 --fail-on 的新发现或再次出现的问题；1 有；2 输入不能使用。

例：duwang compare 二月 三月""",
)
@click.argument("old", type=Path, metavar="以前的检查结果")
@click.argument("new", type=Path, metavar="以后的检查结果")
@click.option(
    "--format",
    "form",
    type=one_of(("text", "html", "json")),
    metavar="text|html|json",
    help="输出格式，默认 text；未写时按 -o 的后缀。",
)
@settings.output("写到这里：.txt、.html 或 .json 文件。")
@settings.fail_on()
def compare(old: Path, new: Path, form: str | None, out: Path | None, fail_on: str) -> int:
    from duwang.loop import comparing

    return comparing.command(old, new, form, out, fail_on)


@app.command(
    short_help="定时访问首页，记录能否打开",
    help="""定时访问各站点的首页，记录每次能否在限定时间内打开，供判定“站点无法访问”。

站点用清单文件或首页网址指定，各站点同时访问。国办秘函〔2019〕19号的口径：监测1周，每天间隔性访问20次以上，超过15秒未打开的为打不开。默认每60分钟一次（每天24次）、持续7天、限15秒。

每次访问在记录文件中写一行 JSON，立即存盘；中断后用同样的命令接着记录。

网站拦截本程序的，可能是本机网络问题的，记为无法判断。

退出状态：0 本次运行的访问没有打不开的；1 有打不开的；2 输入不能使用。

例：duwang probe sites.yaml --log 可用性.jsonl""",
)
@click.argument("sources", nargs=-1, required=True, metavar="清单或网址…")
@click.option(
    "--log",
    "path",
    type=Path,
    metavar="文件",
    default="duwang-probe.jsonl",
    help="访问记录文件，默认 duwang-probe.jsonl；已有的接着写。",
)
@click.option("--every", type=number(1.0, 1440.0), metavar="分钟", help="两次访问相隔的分钟数，默认 60。")
@click.option(
    "--for",
    "days",
    type=number(0.1, 366.0),
    metavar="天数",
    help="持续的天数，默认 7，从记录中的第一次访问算起。",
)
@click.option("--once", is_flag=True, help="只访问一次。")
@click.option("--timeout", type=number(1.0, 120.0), metavar="秒", help="超过多少秒算打不开，默认 15。")
@click.option("--jobs", type=number(1, 64), metavar="数", help="同时访问的站点数，默认 8。")
@click.option("--contact", default="", metavar="网址或邮箱", help="写入访问标识的联系方式，便于网站管理员联系。")
def probe(
    sources: tuple[str, ...],
    path: Path,
    every: float | None,
    days: float | None,
    once: bool,
    timeout: float | None,
    jobs: int | None,
    contact: str,
) -> int:
    from duwang import probe as probing

    return probing.command(sources, path, probing.plan(every, days, timeout, jobs, contact, once=once))


@app.command(
    short_help="用样例演示全过程",
    help="在本机启动几个样例网站，读取并检查，再检查几份样例年度报告，写出网页报告。不访问外部网络，两分钟内完成。",
)
@settings.folder("--out", "demo-out", "结果文件夹，默认 demo-out；再次运行会替换其中的演示结果。")
@settings.judged_on(settings.DEMO_DAY)
def demo(out: Path, judged_on: date) -> int:
    from duwang import demo as demonstration

    return demonstration.demo(out, _rules(), judged_on)


app.add_command(rules)
app.add_command(directory)
app.add_command(scan)
app.add_command(schedule)
app.add_command(review)
app.add_command(store)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status; every failure is one Chinese line."""
    try:
        return int(app.main(list(arguments), prog_name="duwang", standalone_mode=False) or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return UNUSABLE
    except click.ClickException as error:
        tell(explain(error))
        return UNUSABLE
    except (click.Abort, KeyboardInterrupt) as error:
        # click hands an interrupt on as the cause of its own.
        tell(str(error.__cause__ or "") or "已中止。")
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has enough; Python must not complain about the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        tell_error(error)
        return UNUSABLE


def main() -> None:
    """Entry point of the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file name or quote that the terminal cannot show must not end the program.
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))
