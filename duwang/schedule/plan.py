"""What is to run and when, and the lines in which each scheduler wants to be told so."""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import dataclass
from typing import Literal

from crawler.errors import UnusableInput

Every = Literal["month", "week", "day"]
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LAST_DAY = 28  # every month has it
MARK = "# duwang-scan:"


@dataclass(frozen=True, slots=True)
class Plan:
    """A scan to run: ``command`` with arguments, in ``folder``, ``every`` month, week or day at ``hour``:``minute``.

    ``day`` is that of the month (1-28) or of the week (1-7, Monday first). ``name`` tells several plans apart.
    """

    name: str
    command: tuple[str, ...]
    folder: str
    every: Every
    day: int
    hour: int
    minute: int

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise UnusableInput(
                f"名称“{self.name}”不可用；请用小写字母、数字和连字符，以字母或数字开头，不超过 40 个字符。"
            )
        most = {"month": _LAST_DAY, "week": 7, "day": 1}[self.every]
        if not 1 <= self.day <= most:
            raise UnusableInput(f"--day {self.day} 不可用；应在 1 至 {most} 之间。")
        if any("\n" in part or "\r" in part for part in (*self.command, self.folder)):
            raise UnusableInput("路径中有换行，不能写入计划；请换一个路径。")

    @property
    def unit(self) -> str:
        """The name under which schedulers know it."""
        return f"duwang-{self.name}"

    @property
    def told(self) -> str:
        """When it runs, for people."""
        clock = f"{self.hour:02d}:{self.minute:02d}"
        if self.every == "day":
            return f"每天 {clock}"
        return (
            f"每周{'一二三四五六日'[self.day - 1]} {clock}" if self.every == "week" else f"每月 {self.day} 日 {clock}"
        )


def systemd_service(plan: Plan) -> str:
    """The unit that runs the scan. Arguments are quoted as systemd asks for, and nothing in them is expanded."""
    return (
        "[Unit]\n"
        f"Description=Duwang scan {plan.name}\n"
        "[Service]\n"
        "Type=oneshot\n"
        f"WorkingDirectory={_systemd(plan.folder, quoted=False)}\n"
        f"ExecStart={' '.join(map(_systemd, plan.command))}\n"
        # Findings are no failure of the service.
        "SuccessExitStatus=1\n"
    )


def systemd_timer(plan: Plan) -> str:
    """The unit that says when; a run that was missed because the machine was off is made up for."""
    days = {"day": "*-*-*", "month": f"*-*-{plan.day:02d}", "week": f"{_WEEKDAYS[plan.day - 1]} *-*-*"}[plan.every]
    return (
        "[Unit]\n"
        f"Description=Duwang scan {plan.name}: when\n"
        "[Timer]\n"
        f"OnCalendar={days} {plan.hour:02d}:{plan.minute:02d}:00\n"
        "Persistent=true\n"
        "[Install]\n"
        "WantedBy=timers.target\n"
    )


def _systemd(text: str, *, quoted: bool = True) -> str:
    safe = text.replace("%", "%%")
    if not quoted:
        return safe
    safe = safe.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{safe}"'


def cron_line(plan: Plan) -> str:
    """A line of a crontab, with the mark by which it is found again."""
    day = str(plan.day) if plan.every == "month" else "*"
    weekday = str(plan.day % 7) if plan.every == "week" else "*"
    words = f"cd {shlex.quote(plan.folder)} && {shlex.join(plan.command)}"
    # A percent sign ends the command in a crontab.
    return f"{plan.minute} {plan.hour} {day} * {weekday} {words.replace('%', chr(92) + '%')} {MARK}{plan.name}"


def windows_command(plan: Plan) -> list[str]:
    """The call of schtasks that sets the task up."""
    words = f'cmd /c cd /d "{plan.folder}" && {subprocess.list2cmdline(plan.command)}'
    when = {"day": ["DAILY"], "month": ["MONTHLY", "/D", str(plan.day)],
            "week": ["WEEKLY", "/D", _WEEKDAYS[plan.day - 1].upper()]}[plan.every]  # fmt: skip
    clock = f"{plan.hour:02d}:{plan.minute:02d}"
    return ["schtasks", "/Create", "/F", "/TN", plan.unit, "/TR", words, "/SC", *when, "/ST", clock]
