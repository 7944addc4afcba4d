"""click in Chinese: help pages, parameter types and the one line that a wrong command gets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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

    def write_text(self, text: str) -> None:
        for paragraph in text.split("\n"):
            for line in wrap(paragraph.strip(), self.width - self.current_indent):
                self.write(f"{' ' * self.current_indent}{line}\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = _LABEL, col_spacing: int = 2) -> None:
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


def _help_text(command: click.Command, formatter: click.HelpFormatter) -> None:
    if command.help:
        formatter.write_paragraph()
        formatter.write_text(command.help)


def _options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    rows = [record for param in command.get_params(ctx) if (record := param.get_help_record(ctx)) is not None]
    with formatter.section("选项"):
        formatter.write_dl(rows)


class Command(click.Command):
    """A command whose help page is Chinese throughout."""

    context_class = Context

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"options_metavar": "[选项]", **kwargs})

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _told(super().get_help_option(ctx))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _help_text(self, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _options(self, ctx, formatter)


class Group(click.Group):
    """A group of commands whose help page is Chinese throughout."""

    context_class = Context
    command_class = Command
    group_class = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs = {"options_metavar": "[选项]", "subcommand_metavar": "命令 …", "no_args_is_help": True, **kwargs}
        super().__init__(*args, **kwargs)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _told(super().get_help_option(ctx))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _help_text(self, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _options(self, ctx, formatter)
        commands = [(name, self.commands[name]) for name in self.list_commands(ctx)]
        with formatter.section("命令"):
            formatter.write_dl([(name, command.short_help or "") for name, command in commands if not command.hidden])

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which they were added, which is the order of use."""
        return list(self.commands)


def _told(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "显示本说明。"
    return option


class Day(click.ParamType):
    """A calendar day, written 2026-01-31."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}”不是日期，请写成 2026-01-31 的形式", param, ctx)


class OneOf(click.ParamType):
    """One of a few words."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)
        self.name = "|".join(self.words)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value in self.words:
            return str(value)
        self.fail(f"“{value}”不可用，可用的值：{'、'.join(self.words)}", param, ctx)


class Number(click.ParamType):
    """A number between two bounds, whole where the bounds are whole."""

    name = "数"

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        kind = int if isinstance(self.low, int) else float
        try:
            number = kind(value)
        except ValueError:
            number = None
        if number is None or not self.low <= number <= self.high:
            self.fail(f"“{value}”不可用，应为 {self.low} 到 {self.high} 之间的数", param, ctx)
        return number


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
