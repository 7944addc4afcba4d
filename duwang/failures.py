"""From an error to one Chinese line on the error stream; nobody is shown a traceback unasked."""

from __future__ import annotations

import os
import traceback

import click

from crawler.errors import CaptureDamaged, UnusableInput
from reports.errors import ReportError, system_reason
from scoring.veil import veiled
from scoring.yaml_source import RuleFileError

# What a user can act on; anything else is a fault of this program.
PROBLEMS = (UnusableInput, CaptureDamaged, ReportError, RuleFileError, OSError)


def line_of(error: BaseException) -> str:
    """What went wrong, for the user; several lines only where a file has several faults."""
    if isinstance(error, OSError):
        name = f"{error.filename}：" if error.filename else ""
        return f"{name}{system_reason(error)}；请检查路径、权限和剩余空间。"
    if isinstance(error, PROBLEMS):
        return str(error)
    return crash_line(error)


def crash_line(error: BaseException) -> str:
    kind = f"{type(error).__name__}：{error}".splitlines()[0][:200]
    return f"程序出错（{kind}）。这是本程序的缺陷，请设置 DUWANG_DEBUG=1 重新运行，把输出连同输入文件一并报告。"


def tell(text: str) -> None:
    """A line on the error stream, numbers of persons masked."""
    click.echo(veiled(text), err=True)


def tell_error(error: BaseException) -> None:
    """The line of an error; with DUWANG_DEBUG=1 also where a fault of ours happened."""
    if not isinstance(error, PROBLEMS) and os.environ.get("DUWANG_DEBUG") == "1":
        tell("".join(traceback.format_exception(error)))
    tell(line_of(error))
