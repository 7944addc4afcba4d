"""The schedulers of the machine: systemd of the user, cron, the tasks of Windows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from crawler.errors import UnusableInput
from duwang.schedule.plan import MARK, Plan, cron_line, systemd_service, systemd_timer, windows_command
from reports.files import write_whole

NAMES = ("systemd", "cron", "windows")
_SECONDS = 30.0


class Scheduler(Protocol):
    """What a scheduler can do: set a plan up, tell of it (None: not there), take it away (False: was not there)."""

    title: str

    def install(self, plan: Plan) -> None: ...

    def show(self, name: str) -> str | None: ...

    def remove(self, name: str) -> bool: ...


def scheduler(name: str | None) -> Scheduler:
    """The one named, else the machine's own. UnusableInput where it is not there."""
    if name is None:
        name = "windows" if sys.platform == "win32" else "systemd" if _has_systemd() else "cron"
    program = {"systemd": "systemctl", "cron": "crontab", "windows": "schtasks"}[name]
    if shutil.which(program) is None:
        raise UnusableInput(
            f"本机没有 {program}，不能用 {name} 定时；请用 --with 指定另一种，或自行定时运行 duwang scan。"
        )
    known: dict[str, Callable[[], Scheduler]] = {"systemd": Systemd, "cron": Cron, "windows": Windows}
    return known[name]()


def _has_systemd() -> bool:
    return shutil.which("systemctl") is not None and _call(["systemctl", "--user", "show-environment"])[0] == 0


def _call(command: Sequence[str], given: str = "") -> tuple[int, str]:
    """Run a program of the machine; its status and what it said."""
    try:
        done = subprocess.run(
            list(command), input=given, capture_output=True, text=True, timeout=_SECONDS, check=False, errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 127, str(error)
    return done.returncode, (done.stdout if done.returncode == 0 else done.stderr or done.stdout).strip()


def _must(command: Sequence[str], given: str = "") -> str:
    status, said = _call(command, given)
    if status:
        raise UnusableInput(
            f"{command[0]} 出错：{said.splitlines()[0] if said else f'退出状态 {status}'}；计划没有生效。"
        )
    return said


class Systemd:
    """Timers of the user's own systemd."""

    title = "systemd 定时器"

    def _files(self, unit: str) -> tuple[Path, Path]:
        base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"
        return base / f"{unit}.service", base / f"{unit}.timer"

    def install(self, plan: Plan) -> None:
        service, timer = self._files(plan.unit)
        write_whole(service, systemd_service(plan).encode())
        write_whole(timer, systemd_timer(plan).encode())
        _must(["systemctl", "--user", "daemon-reload"])
        _must(["systemctl", "--user", "enable", "--now", timer.name])

    def show(self, name: str) -> str | None:
        service, timer = self._files(f"duwang-{name}")
        if not timer.is_file():
            return None
        return "\n".join(path.read_text(encoding="utf-8") for path in (timer, service) if path.is_file())

    def remove(self, name: str) -> bool:
        service, timer = self._files(f"duwang-{name}")
        if not timer.is_file() and not service.is_file():
            return False
        _call(["systemctl", "--user", "disable", "--now", timer.name])
        for path in (service, timer):
            path.unlink(missing_ok=True)
        _call(["systemctl", "--user", "daemon-reload"])
        return True


class Cron:
    """Lines in the crontab of the user, each found again by its mark; the other lines are left as they are."""

    title = "cron"

    def _lines(self) -> list[str]:
        status, said = _call(["crontab", "-l"])
        return said.splitlines() if status == 0 else []  # a user without one

    def _write(self, lines: Sequence[str]) -> None:
        _must(["crontab", "-"], "".join(f"{line}\n" for line in lines))

    def install(self, plan: Plan) -> None:
        others = [line for line in self._lines() if not line.endswith(f"{MARK}{plan.name}")]
        self._write([*others, cron_line(plan)])

    def show(self, name: str) -> str | None:
        return next((line for line in self._lines() if line.endswith(f"{MARK}{name}")), None)

    def remove(self, name: str) -> bool:
        lines = self._lines()
        others = [line for line in lines if not line.endswith(f"{MARK}{name}")]
        if len(others) == len(lines):
            return False
        self._write(others)
        return True


class Windows:
    """Tasks of the Windows Task Scheduler."""

    title = "Windows 任务计划"

    def install(self, plan: Plan) -> None:
        _must(windows_command(plan))

    def show(self, name: str) -> str | None:
        status, said = _call(["schtasks", "/Query", "/TN", f"duwang-{name}", "/V", "/FO", "LIST"])
        return said if status == 0 else None

    def remove(self, name: str) -> bool:
        return _call(["schtasks", "/Delete", "/F", "/TN", f"duwang-{name}"])[0] == 0
