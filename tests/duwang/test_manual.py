"""The commands of the manual, page by page and in their order, run on what ``duwang demo`` wrote."""

from __future__ import annotations

import shlex
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from doc_files import GUIDE, fenced

from duwang.demo_server import DATA

Duwang = Callable[..., Any]
REPORTS = DATA / "reports"
SITE = "yunxi-mzj"  # the site of the demo that the manual takes its examples from
# These read sites or set up the machine; test_audit, test_scan, test_probe and test_schedule run them.
ELSEWHERE = ("audit", "crawl", "demo", "probe", "scan", "schedule")
# What these look at has faults.
FOUND = ("check 各局年报/", "check 各局年报.zip", "check 一局.docx", "score")
WRITTEN = ("-o", "--out", "--fix-list")
MANY = ("结果", "七月", "八月", "九月", "2026-09", "2026-10", "2026-11", "demo-out/sites", "存档")


@pytest.fixture
def desk(demo: Path, duwang: Duwang, tmp_path: Path) -> Path:
    """A folder with the files that the manual speaks of."""
    sound, faulty = REPORTS / "songling-swj-2025.docx", REPORTS / "shiqiao-yjj-2025.html"
    for name in ("年报.docx", "本局年报.docx", "邻局年报.docx", "一局.docx", "通知.docx"):
        shutil.copy(sound, name)
    # The content says what a file is, not its name.
    for name in ("二局.html", "上级年报.pdf"):
        shutil.copy(faulty, name)
    shutil.copy(REPORTS / "baiyang-wjj-2025.md", "三局.md")
    for folder in ("各局年报", "稿件"):
        Path(folder).mkdir()
    shutil.copy(faulty, "各局年报")
    with zipfile.ZipFile("各局年报.zip", "w") as archive:
        archive.write(faulty, "石桥县应急管理局.html")
    Path("稿件", "通知.txt").write_text("关于开展安全检查的通知\n请各单位认真部署。\n", encoding="utf-8")
    [units] = [code.text for page in GUIDE for code in fenced(page) if code.text.startswith("units:")]
    Path("单位.yaml").write_text(units, encoding="utf-8")
    words = openpyxl.Workbook()
    assert words.active is not None
    words.active.append(["错误写法", "正确写法", "级别"])
    words.active.append(["示例镇中学校", "示例镇初级中学", "错误"])
    words.save("词表.xlsx")
    for name in MANY:
        shutil.copytree(demo / "sites" / SITE, Path(name, SITE))
    assert duwang("check", "年报.docx", "-o", "结果.json").status == 0
    assert duwang("store", "rebuild", "八月", "--store", "台账.sqlite").status == 0
    return tmp_path


def lines(page: Path) -> list[str]:
    texts = [code.text for code in fenced(page) if code.kind == "sh"]
    return [line.removeprefix("duwang ") for text in texts for line in text.splitlines()]


def expanded(line: str) -> list[str]:
    """The words of a command line as a shell hands them over."""
    words = shlex.split(line)
    return [str(name) for word in words for name in (sorted(Path().glob(word)) if "*" in word else [word])]


@pytest.mark.parametrize("page", [page for page in GUIDE if lines(page)], ids=lambda page: page.name)
def test_the_commands_of_a_page_work_one_after_the_other(desk: Path, duwang: Duwang, page: Path) -> None:
    ran = [line for line in lines(page) if line.split()[0] not in ELSEWHERE]
    for line in ran:
        words = expanded(line)
        places = [Path(words[words.index(option) + 1]) for option in WRITTEN if option in words]
        for place in places:
            if place.is_file():
                place.unlink()
        done = duwang(*words)
        assert done.status == int(line.startswith(FOUND)), (line, done.err)
        assert done.out or done.err, line
        assert [str(place) for place in places if not place.exists()] == [], line


def test_the_examples_of_the_manual_are_those_of_the_demo() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in GUIDE)
    assert f" {SITE}/WS-202-1" in text and (DATA / "sites" / SITE).is_dir()
