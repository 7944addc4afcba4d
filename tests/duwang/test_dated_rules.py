"""A rule that changed on a day: an old capture is judged by the rule of the day asked for, without a request."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from duwang import audit
from duwang.cli import run
from duwang.demo_server import serve_folder
from scoring.data import RULES
from scoring.rules import RuleSet, load

COLUMNS = {"rsxx": "人事信息", "tjsj": "统计数据", "jdjc": "监督检查"}
PAGE = (
    '<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head><body><h1>石桥县应急管理局</h1>'
    '<div class="nav"><a href="/">首页</a>{menu}</div><p>当前位置：首页 &gt; {title}</p>'
    '<div class="list">{body}</div></body></html>'
)


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A site with three empty columns, as it was read; its server is gone."""
    root = tmp_path_factory.mktemp("site")
    menu = "".join(f'<a href="/{path}/index.html">{name}</a>' for path, name in COLUMNS.items())
    (root / "index.html").write_text(PAGE.format(title="首页", menu=menu, body="<p>欢迎访问。</p>"), encoding="utf-8")
    for path, name in COLUMNS.items():
        (root / path).mkdir()
        (root / path / "index.html").write_text(PAGE.format(title=name, menu=menu, body=""), encoding="utf-8")
    out = tmp_path_factory.mktemp("out")
    with serve_folder(root) as port:
        assert run(["crawl", f"http://127.0.0.1:{port}/", "--delay", "0", "--out", str(out)]) == 0
    yield next(out.glob("*/capture"))


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleSet:
    """The rules with a stricter version of one of them, in force from July 2026."""
    folder = tmp_path_factory.mktemp("rules") / "rules"
    shutil.copytree(RULES, folder)
    path = folder / "website" / "columns-empty-many.yaml"
    rule = yaml.safe_load(path.read_text(encoding="utf-8"))
    (first,) = rule["versions"]
    first["effective_from"] = str(first["effective_from"])
    rule["versions"].append({**first, "effective_from": "2026-07-01", "check": {**first["check"], "least": 3}})
    path.write_text(yaml.safe_dump(rule, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return load(folder)


def judged(capture: Path, out: Path, rules: RuleSet, on: date) -> dict[str, Any]:
    audit.score([str(capture)], out, rules, on, "json", "major")
    data: dict[str, Any] = json.loads(next(out.glob("*/inspection.json")).read_text(encoding="utf-8"))
    return data


def test_the_old_day_has_the_old_verdict_and_the_new_day_the_new(capture: Path, rules: RuleSet, tmp_path: Path) -> None:
    old = judged(capture, tmp_path / "old", rules, date(2026, 6, 30))
    new = judged(capture, tmp_path / "new", rules, date(2026, 7, 1))
    assert old["outcomes"]["WS-105"]["pass"] == 3 and old["outcomes"]["WS-105"]["fail"] == 0
    assert new["outcomes"]["WS-105"]["pass"] == 0 and new["outcomes"]["WS-105"]["fail"] == 1
    (veto,) = [finding for finding in new["findings"] if finding["rule"] == "WS-105"]
    assert veto["severity"] == "veto" and len(veto["pages"]) == 3
    vetoes = [set(data["scorecards"][0]["vetoes"]) for data in (old, new)]
    assert vetoes[1] - vetoes[0] == {"WS-105"} and vetoes[0] <= vetoes[1]
    # What each column shows is the same on both days.
    empty = [[f["values"]["name"] for f in data["findings"] if f["rule"] == "WS-202"] for data in (old, new)]
    assert empty[0] == empty[1] and sorted(empty[0]) == sorted(COLUMNS.values())
