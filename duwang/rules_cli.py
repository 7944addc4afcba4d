"""``duwang rules``: for people who read, write and answer for the rules.

Each command imports its own part, because every other command of the program passes by here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.errors import UnusableInput
from duwang.chinese import Group, one_of
from duwang.failures import tell
from duwang.settings import FOUND, output, own_words
from reports.files import write_whole
from scoring.data import RULES
from scoring.yaml_source import RuleFileError

if TYPE_CHECKING:
    from scoring.rules import Rule, RuleSet

_FORMATS = ("text", "html")
_folder = click.option("--rules", "folder", type=Path, metavar="文件夹", help="规则文件夹，默认随程序提供的规则。")


@click.group(cls=Group, short_help="查看、测试规则和法规覆盖情况", help="查看和测试规则，列出法规各条的覆盖情况。")
def rules() -> None:
    pass


@rules.command("list", short_help="列出规则", help="列出全部规则：编码、名称、严重程度、状态。")
@_folder
def list_rules(folder: Path | None) -> int:
    from duwang import rule_text
    from reports.text import console_for

    rule_text.draw_list(console_for(sys.stdout), _loaded(folder))
    return 0


@rules.command(
    "show",
    short_help="说明一条规则",
    help="说明一条规则：依据、检查方式、局限、用语、整改建议和例子。编码（AR-102）或名称（annual-report-late）都可以。",
)
@click.argument("codes", nargs=-1, required=True, metavar="编码…")
@_folder
def show(codes: tuple[str, ...], folder: Path | None) -> int:
    from duwang import rule_text
    from reports.text import console_for

    loaded = _loaded(folder)
    console = console_for(sys.stdout)
    for index, rule in enumerate(_chosen(loaded, codes)):
        if index:
            console.print()
        rule_text.draw_rule(console, rule, loaded)
    return 0


@rules.command(
    "test",
    short_help="检查规则文件并运行其中的例子",
    help="""检查全部规则文件，每处错误列出文件和行号；再运行每条规则自带的例子。有错误或失败时退出状态为 1。

给出 --lexicon 时，只检查自备词表：有没有词条出现在正确的文字之中（如“决择”在“解决择校问题”中）。""",
)
@click.argument("codes", nargs=-1, metavar="[编码…]")
@own_words
@_folder
def test(codes: tuple[str, ...], lexicons: tuple[Path, ...], folder: Path | None) -> int:
    try:
        loaded = _loaded(folder)
    except RuleFileError as error:
        for fault in error.faults:
            tell(fault)
        tell(f"规则文件有 {len(error.faults)} 处错误。")
        return FOUND
    if lexicons:
        from duwang.lexicon_test import collisions

        entries, lines = collisions(list(lexicons), loaded)
        for line in lines:
            click.echo(line)
        click.echo(f"词表共 {entries} 条，与正确的文字相撞的 {len(lines)} 条。")
        return FOUND if lines else 0
    from duwang.rule_examples import run_rule

    chosen = _chosen(loaded, codes) if codes else list(loaded.rules)
    ran = [result for rule in chosen for result in run_rule(rule, folder or RULES)]
    failed = [result for result in ran if result.failure]
    for result in failed:
        click.echo(f"{result.rule.code} {result.rule.path.name}：例子“{result.name}”：{result.failure}")
    click.echo(f"共 {len(chosen)} 条规则、{len(ran)} 个例子，通过 {len(ran) - len(failed)} 个，失败 {len(failed)} 个。")
    return FOUND if failed else 0


@rules.command(
    "coverage",
    short_help="列出法规各条的覆盖情况",
    help="按法规逐条列出：自动检查、部分检查、人工检查还是不在范围内，用哪些规则，为什么。",
)
@click.option(
    "--format", "form", type=one_of(("text", "html")), metavar="text|html", default="text", help="输出格式，默认 text。"
)
@output("写到这个文件。")
@_folder
def coverage(form: str, out: Path | None, folder: Path | None) -> int:
    from duwang import rule_text
    from reports.text import console_for

    loaded = _loaded(folder)
    if out is not None and out.suffix.lower() in (".html", ".htm"):
        form = "html"
    if out is None and form == "text":
        rule_text.draw_coverage(console_for(sys.stdout), loaded)
        return 0
    content = rule_text.coverage_page(loaded) if form == "html" else rule_text.coverage_plain(loaded)
    if out is None:
        click.echo(content)
        return 0
    write_whole(out, content.encode())
    click.echo(f"已写入 {out}")
    return 0


@rules.command(
    "docs",
    short_help="写出规则参考（Markdown）",
    help="把全部规则写成 Markdown 文档：每类规则一页，另有法规覆盖情况和目录页。自己修改规则的，用 --rules 指定。",
)
@output("写入这个文件夹，默认 规则参考；其中同名的文件会被替换。")
@_folder
def docs(out: Path | None, folder: Path | None) -> int:
    from duwang import rule_pages

    written = rule_pages.pages(_loaded(folder))
    place = out if out is not None else Path("规则参考")
    for name, text in written.items():
        write_whole(place / name, text.encode())
    click.echo(f"已写入 {place}（{len(written)} 个文件）")
    return 0


def _loaded(folder: Path | None) -> RuleSet:
    from scoring.rules import load, shipped

    if folder is None:
        return shipped()
    if not folder.is_dir():
        raise UnusableInput(f"{folder}：没有这个文件夹；请指定与 rules/ 同样布局的规则文件夹。")
    return load(folder)


def _chosen(loaded: RuleSet, codes: tuple[str, ...]) -> list[Rule]:
    chosen = []
    for code in codes:
        rule = loaded.find(code)
        if rule is None:
            raise UnusableInput(f"{code}：没有这条规则；运行 duwang rules list 查看全部规则。")
        chosen.append(rule)
    return chosen
