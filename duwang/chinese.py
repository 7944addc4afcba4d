"""click in Chinese: help pages, parameter types and the one line that a wrong command gets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import click
from rich.cells import cell_len

from reports.wrap import wrap

_WIDEST = 100
_LABEL = 30  # cells at most before an option's text moves to its own line


class Formatter(click.HelpFormatter):
    """Help pages measured in terminal cells, because a Chinese character takes two of them."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        del prefix
        self.write(f"用法：{prog} {args}\n")

    def write_heading(self, heading: str) -> None:
        self.write(f"{' ' * self.current_indent}{heading}：\n")

    def write_text(self, text: str) -> None:
        for paragraph in text.split("\n"):
            for line in wrap(paragraph.strip(), self.width - self.current_indent):
                self.write(f"{' ' * self.current_indent}{line}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = _LABEL, col_spacing: int = 2) -> None:
        rows = list(rows)
        start = min(max((cell_len(label) for label, _ in rows), default=0), col_max) + col_spacing
        pad = " " * self.current_indent
        for label, text in rows:
            lines = wrap(text, self.width - self.current_indent - start)
            if cell_len(label) + col_spacing > start:
                self.write(f"{pad}{label}\n")
            else:
                self.write(f"{pad}{label}{' ' * (start - cell_len(label))}{lines.pop(0)}".rstrip() + "\n")
            for line in lines:
                self.write(f"{pad}{' ' * start}{line}".rstrip() + "\n")


class Context(click.Context):
    formatter_class = Formatter

    def make_formatter(self) -> click.HelpFormatter:
        return Formatter(width=min(self.terminal_width or _WIDEST, _WIDEST))


class _Chinese(click.Command):
    """What a help page of a command and of a group have in common."""

    context_class = Context

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"options_metavar": "[选项]", **kwargs})

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示本说明。"
        return option

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's
        if self.help:
            formatter.write_paragraph()
            formatter.write_text(self.help)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        rows = [record for option in options if (record := option.get_help_record(ctx)) is not None]
        with formatter.section("选项"):
            formatter.write_dl(rows)


class Command(_Chinese):
    """A command whose help page is Chinese throughout."""


class Group(_Chinese, click.Group):
    """A group of commands whose help page is Chinese throughout."""

    command_class = Command
    group_class = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"subcommand_metavar": "命令 …", "no_args_is_help": True, **kwargs})

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        commands = [(name, self.commands[name].short_help or "") for name in self.list_commands(ctx)]
        with formatter.section("命令"):
            formatter.write_dl(commands)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """In the order in which they were added, which is the order of use."""
        return list(self.commands)


def day(value: str) -> date:
    """A calendar day, written 2026-01-31."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"“{value}”不是日期，请写成 2026-01-31 的形式") from None


def clock(value: str) -> tuple[int, int]:
    """A time of day, ``HH:MM``, as hour and minute."""
    hour, _, minute = value.partition(":")
    if not (hour.isascii() and minute.isascii() and hour.isdigit() and len(minute) == 2 and minute.isdigit()):
        raise click.BadParameter(f"“{value}”不是时间；请写成 02:30 的样子。")
    if int(hour) > 23 or int(minute) > 59:
        raise click.BadParameter(f"“{value}”不是时间；请写成 02:30 的样子。")
    return int(hour), int(minute)


def one_of(words: Iterable[str]) -> Callable[[str], str]:
    """One of a few words."""
    allowed = tuple(words)

    def word(value: str) -> str:
        if value not in allowed:
            raise click.BadParameter(f"“{value}”不可用，可用的值：{'、'.join(allowed)}")
        return value

    return word


def number(low: float, high: float) -> Callable[[str], float]:
    """A number between two bounds, whole where the lower bound is whole."""
    kind = int if isinstance(low, int) else float

    def within(value: str) -> float:
        try:
            found = kind(value)
        except ValueError:
            found = None
        if found is None or not low <= found <= high:
            raise click.BadParameter(f"“{value}”不可用，应为 {low} 到 {high} 之间的数")
        return found

    return within


def explain(error: click.ClickException) -> str:
    """What was wrong with the command line: one Chinese line with the remedy."""
    ctx = getattr(error, "ctx", None)
    told = f"；运行 {ctx.command_path} --help 查看用法。" if ctx is not None else "。"
    if isinstance(error, click.NoSuchOption):
        near = f"，是否指 {'、'.join(error.possibilities)}" if error.possibilities else ""
        return f"没有选项 {error.option_name}{near}{told}"
    if isinstance(error, click.MissingParameter):
        return f"缺少{_name(error.param)}{told}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 的写法不对，请检查它后面的值{told}"
    if isinstance(error, click.BadParameter):
        return f"{_name(error.param)}：{error.message}{told}"
    if isinstance(error, click.UsageError) and ctx is not None and isinstance(ctx.command, click.Group):
        return f"没有这个命令，可用的命令：{'、'.join(ctx.command.commands)}{told}"
    if isinstance(error, click.UsageError):
        return f"参数过多或写法不对{told}"
    return error.format_message()


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return "参数"
    if isinstance(param, click.Option):
        return f"选项 {param.opts[-1]}"
    return f"参数 {param.make_metavar(click.Context(click.Command(None)))}"
