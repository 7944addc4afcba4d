"""``duwang directory``: a bureau's own directory of items to disclose."""

from __future__ import annotations

from pathlib import Path

import click

from duwang.chinese import Group
from duwang.settings import output


@click.group(cls=Group, short_help="制作和导入本单位的主动公开基本目录", help="制作、导入本单位的主动公开基本目录。")
def directory() -> None:
    pass


@directory.command(
    "template",
    short_help="写出空白的目录表",
    help="写出空白的目录表，按后缀为 Excel 或 YAML。填好后用 duwang directory import 导入。",
)
@output("写到这里：.xlsx 或 .yaml 文件。")
def template(out: Path | None) -> int:
    from duwang.directory import form

    path = _named(out)
    form(path)
    click.echo(f"已写出 {path}。")
    return 0


@directory.command(
    "import",
    short_help="导入填好的目录",
    help="""检查填好的目录（Excel 或 YAML），写成站点清单可以引用的文件；每处错误列出工作表和行。

各地公开的标准目录（一级事项、二级事项、公开内容、公开依据等列）可以直接导入。

例：duwang directory import 目录.xlsx -o site-directory.yaml，再在站点清单中写 directory: site-directory.yaml""",
)
@click.argument("given", type=Path, metavar="目录文件")
@output("写到这里：.yaml 文件。")
def take(given: Path, out: Path | None) -> int:
    from duwang.directory import take_in

    path = _named(out)
    found = take_in(given, path)
    click.echo(f"共 {found.items} 项，已写出 {path}。在站点清单中写 directory: {path.name} 即可使用。")
    if found.unused:
        click.echo(f"没有使用的列：{'、'.join(found.unused)}。")
    return 0


def _named(out: Path | None) -> Path:
    if out is None:
        raise click.UsageError("请用 -o 写明输出文件。")
    return out
