"""The command line itself: help, wrong calls, crashes, and the commands about rules."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from duwang import check, cli
from duwang.cli import app
from duwang.rule_examples import run_example
from scoring.rules import shipped

ROOT = Path(__file__).resolve().parents[2]


def commands(group: click.Group, *path: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [path]
    for name, command in group.commands.items():
        below = (*path, name)
        found += commands(command, *below) if isinstance(command, click.Group) else [below]
    return found


@pytest.mark.parametrize("path", commands(app), ids=" ".join)
def test_help_is_chinese_throughout(duwang, path: tuple[str, ...]) -> None:
    done = duwang(*path, "--help")
    assert done.status == 0
    assert done.out.startswith("用法：duwang")
    for english in ("Usage", "Options", "Commands", "Show", "Error", "default:", "["):
        assert english not in done.out.replace("[选项]", "").replace("[编码…]", "")
    assert all(
        re.search(r"\S  +\S|^  +\S", line)
        for line in done.out.split("选项：")[1].splitlines()
        if line.startswith("  -")
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["check"], "缺少参数"),
        (["chek", "x"], "没有这个命令"),
        (["check", "--yaer", "2024", "x"], "没有选项 --yaer，是否指 --year"),
        (["check", "x", "--year"], "--year"),
        (["check", "x", "--year", "二〇二四"], "2008 到 2100"),
        (["check", "x", "--published", "2026-1-32"], "不是日期"),
        (["check", "x", "--format", "pdf"], "text、html、json"),
        (["demo", "x"], "参数过多"),
        (["rules", "show", "XX-999"], "没有这条规则"),
        (["rules", "test", "--rules", "none"], "没有这个文件夹"),
        (["score", "none"], "没有存档"),
        (["report", "none.json"], "无法读取"),
    ],
)
def test_a_wrong_call_is_one_line_and_status_two(duwang, words: list[str], told: str) -> None:
    done = duwang(*words)
    assert done.status == 2
    assert len(done.lines) == 1
    assert told in done.err
    assert done.out == ""


def test_a_crash_of_ours_is_one_line_unless_asked(duwang, clean, monkeypatch) -> None:
    def broken(*args: object, **more: object) -> None:
        raise RuntimeError("nobody expected this")

    monkeypatch.setattr(check, "capture_report", broken)
    done = duwang("check", clean)
    assert done.status == 2
    assert len(done.lines) == 1
    assert "程序出错" in done.err
    assert "报告" in done.err
    monkeypatch.setenv("DUWANG_DEBUG", "1")
    assert "Traceback" in duwang("check", clean).err


def test_an_interrupt_is_one_line(duwang, clean, monkeypatch) -> None:
    def interrupted(*args: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "capture_report", interrupted)
    done = duwang("check", clean)
    assert done.status == 130
    assert done.lines[-1] == "已中止。"


def test_the_module_runs_as_the_command_does(faulty, tmp_path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "duwang", "check", str(faulty), "--judged-on", "2026-03-10"]
    done = subprocess.run(command, capture_output=True, cwd=tmp_path, env=environment)
    assert done.returncode == 1
    assert b"AR-402" in done.stdout
    assert done.stderr == b""


def test_output_may_be_cut_off(faulty, tmp_path) -> None:
    line = f'"{sys.executable}" -m duwang check "{faulty}" --judged-on 2026-03-10 | head -n 1'
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["sh", "-c", line], capture_output=True, cwd=tmp_path, env=environment)
    assert done.stderr == b""


# --- rules -------------------------------------------------------------------------------------------


def test_list_names_every_rule(duwang) -> None:
    done = duwang("rules", "list")
    assert done.status == 0
    for rule in shipped().rules:
        assert rule.code in done.out
    assert f"共 {len(shipped().rules)} 条规则" in done.out


def test_show_says_everything_about_a_rule(duwang) -> None:
    done = duwang("rules", "show", "ar-102", "item-metadata-blank")
    text = "".join(done.out.split())
    for word in (
        "AR-102年度报告发布逾期", "第四十九条", "重大", "day:31", "逾期{days}天", "不得改动发布日期",
        "期限当日发布不算逾期", "DP-301",
    ):  # fmt: skip
        assert word in text


def test_coverage_counts_every_item_once(duwang, tmp_path) -> None:
    done = duwang("rules", "coverage")
    items = [item for regulation in shipped().regulations.values() for item in regulation.items]
    assert f"合计：{len(items)} 项" in done.out
    for status, label in {"automated": "自动检查", "out-of-scope": "不在范围内"}.items():
        count = sum(item["status"] == status for item in items)
        assert f"{label} {count}" in done.out.rsplit("合计", 1)[1]
    assert duwang("rules", "coverage", "-o", "coverage.html").status == 0
    page = (tmp_path / "coverage.html").read_text(encoding="utf-8")
    assert page.count("<tr>") == len(items) + len(shipped().regulations)
    assert "第四十九条" in page


@pytest.fixture
def rules_copy(tmp_path) -> Path:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    return tmp_path / "rules"


def test_test_runs_the_examples_of_a_folder(duwang, rules_copy: Path) -> None:
    done = duwang("rules", "test", "AR-102", "--rules", rules_copy)
    assert done.status == 0
    assert "共 1 条规则、6 个例子，通过 6 个，失败 0 个。" in done.out
    path = rules_copy / "annual-report" / "annual-report-late.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("逾期 2 天", "逾期 9 天"), encoding="utf-8")
    done = duwang("rules", "test", "annual-report-late", "--rules", rules_copy)
    assert done.status == 1
    assert "AR-102 annual-report-late.yaml：例子“政府四月发布算逾期”：文字中没有“逾期 9 天”" in done.out


def test_test_names_every_fault_with_its_line(duwang, rules_copy: Path) -> None:
    late = rules_copy / "annual-report" / "annual-report-late.yaml"
    late.write_text(late.read_text(encoding="utf-8").replace("severity: major", "severity: grave"), encoding="utf-8")
    blank = rules_copy / "platform" / "item-metadata-blank.yaml"
    blank.write_text(blank.read_text(encoding="utf-8") + "extra: 1\n", encoding="utf-8")
    done = duwang("rules", "test", "--rules", rules_copy)
    assert done.status == 1
    assert re.search(r"annual-report-late\.yaml:6：.*grave", done.err)
    assert re.search(r"item-metadata-blank\.yaml:\d+：.*extra", done.err)
    assert "2 处错误" in done.err


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"expect": "fail", "message": "late"}, "应为 fail（late），却得出 pass"),
        ({"given": {"base": "department-2023", "replace": [{"find": "，", "with": ""}]}}, "应当恰好一次"),
        ({"given": {"base": "none"}}, "没有文件"),
    ],
)
def test_a_wrong_example_is_told_as_such(change: dict[str, object], told: str) -> None:
    rule = shipped().find("AR-102")
    assert rule is not None
    assert told in run_example(rule, {**rule.examples[0], **change})


def test_main_is_the_entry_point() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'duwang = "duwang.cli:main"' in text
    assert callable(cli.main)
