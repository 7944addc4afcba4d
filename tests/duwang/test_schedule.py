"""The monthly scan set up with the machine's scheduler: told, found again, taken away, nothing else touched."""

from __future__ import annotations

import configparser
import shlex
from pathlib import Path

import pytest

from crawler.errors import UnusableInput
from duwang.cli import run
from duwang.schedule.plan import Plan, cron_line, systemd_service, systemd_timer, windows_command

CRONTAB = """#!/bin/sh
file="$FAKE/table"
[ "$1" = - ] && exec cat > "$file"
[ -f "$file" ] && exec cat "$file"
echo "no crontab for user" >&2
exit 1
"""
SYSTEMCTL = """#!/bin/sh
echo "$@" >> "$FAKE/calls"
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose schedulers write down what they are told."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    for name, text in (("crontab", CRONTAB), ("systemctl", SYSTEMCTL)):
        (bin_ / name).write_text(text)
        (bin_ / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin_}:/usr/bin:/bin")
    monkeypatch.setenv("FAKE", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sites.yaml").write_text("sites: []\n")
    return tmp_path


def plan(**given: object) -> Plan:
    known = {"name": "scan", "command": ("python", "-m", "duwang"), "folder": "/srv/读网 1", "every": "month"}
    return Plan(**{**known, "day": 5, "hour": 2, "minute": 30, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "cron", "calendar", "windows", "told"),
    [
        ({}, "30 2 5 * *", "*-*-05 02:30:00", ["MONTHLY", "/D", "5"], "每月 5 日 02:30"),
        ({"every": "week", "day": 7}, "30 2 * * 0", "Sun *-*-* 02:30:00", ["WEEKLY", "/D", "SUN"], "每周日 02:30"),
        ({"every": "day", "day": 1, "hour": 0, "minute": 5}, "5 0 * * *", "*-*-* 00:05:00", ["DAILY"], "每天 00:05"),
    ],
)
def test_each_scheduler_is_told_the_same_moment(
    given: dict[str, object], cron: str, calendar: str, windows: list[str], told: str
) -> None:
    made = plan(**given)
    assert cron_line(made).startswith(f"{cron} cd ")
    assert f"OnCalendar={calendar}\n" in systemd_timer(made)
    assert [part for part in windows_command(made) if part in windows] == windows
    assert made.told == told


def test_paths_with_blanks_quotes_and_percent_signs_reach_the_program_whole() -> None:
    made = plan(command=("/opt/py thon", "-m", "duwang", "scan", "清单 100%$x'\".yaml"))
    words = cron_line(made).split(" ", 5)[5].rsplit(" #", 1)[0].replace("\\%", "%")
    assert shlex.split(words) == ["cd", "/srv/读网 1", "&&", *made.command]
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(systemd_service(made))
    assert unit["Service"]["WorkingDirectory"] == "/srv/读网 1"
    assert unit["Service"]["ExecStart"].endswith(' "清单 100%%$$x\'\\".yaml"')


@pytest.mark.parametrize(
    "given", [{"name": "a b"}, {"name": ""}, {"name": "../x"}, {"day": 0}, {"day": 29}, {"folder": "/a\n* * * * * rm"}]
)
def test_what_no_scheduler_could_hold_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(UnusableInput):
        plan(**given)


def test_a_crontab_keeps_the_lines_of_others(fake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = fake / "table"
    table.write_text("0 1 * * * backup\n")
    base = ["schedule", "install", "sites.yaml", "--with", "cron"]
    assert run(base) == 0
    assert run([*base, "--day", "9"]) == 0  # replaces the first
    lines = table.read_text().splitlines()
    assert len(lines) == 2
    assert lines[0] == "0 1 * * * backup"
    assert lines[1].startswith("30 2 9 * * cd ")
    assert f"scan {fake}/sites.yaml --out {fake}/duwang-scan # duwang-scan:scan" in lines[1]
    capsys.readouterr()
    assert run(["schedule", "show", "--with", "cron"]) == 0
    assert capsys.readouterr().out.strip() == lines[1]
    assert run(["schedule", "remove", "--with", "cron"]) == 0
    assert table.read_text() == "0 1 * * * backup\n"
    assert run(["schedule", "remove", "--with", "cron"]) == 2
    assert run(["schedule", "show", "--with", "cron"]) == 2


def test_a_systemd_timer_is_written_enabled_shown_and_taken_away(
    fake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        run(["schedule", "install", "sites.yaml", "--name", "edu", "--every", "week", "--day", "1", "--at", "3:05"])
        == 0
    )
    assert capsys.readouterr().out == "已用systemd 定时器设定“edu”：每周一 03:05。\n"
    units = fake / "config" / "systemd" / "user"
    assert sorted(path.name for path in units.iterdir()) == ["duwang-edu.service", "duwang-edu.timer"]
    assert (fake / "calls").read_text().splitlines()[-2:] == [
        "--user daemon-reload",
        "--user enable --now duwang-edu.timer",
    ]
    assert run(["schedule", "show", "--name", "edu"]) == 0
    assert "OnCalendar=Mon *-*-* 03:05:00" in capsys.readouterr().out
    assert run(["schedule", "remove", "--name", "edu"]) == 0
    assert list(units.iterdir()) == []


def test_a_list_that_is_not_there_is_told_in_one_line(fake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schedule", "install", "nosuch.yaml", "--with", "cron"]) == 2
    assert capsys.readouterr().err == "nosuch.yaml：没有这个文件；请指定站点清单。\n"
    assert not (fake / "table").exists()


def test_a_weekly_scan_is_a_round_of_its_own_each_time(fake: Path) -> None:
    assert run(["schedule", "install", "sites.yaml", "--with", "cron", "--every", "week", "--day", "3"]) == 0
    assert "--period day # duwang-scan:scan" in (fake / "table").read_text()
