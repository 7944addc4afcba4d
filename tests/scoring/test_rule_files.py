"""Rule files: every fault of every file is named with its line; what is shipped is whole and honest."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from support import TESTS

from scoring.checks import ALL, name_of
from scoring.data import RULES
from scoring.rules import load, shipped
from scoring.yaml_source import RuleFileError, load_yaml

CATALOGUE = TESTS.parent.parent / "shared" / "rule-catalogue.md"


def broken(tmp_path: Path, *changes: tuple[str, str], name: str = "annual-report-late") -> list[str]:
    folder = tmp_path / "rules"
    shutil.copytree(RULES / "regulations", folder / "regulations")
    (folder / "annual-report").mkdir()
    text = (RULES / "annual-report" / f"{name}.yaml").read_text(encoding="utf-8")
    for find, put in changes:
        assert find in text
        text = text.replace(find, put)
    (folder / "annual-report" / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleFileError) as caught:
        load(folder)
    return caught.value.faults


def test_all_faults_of_a_file_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    faults = broken(tmp_path, ("severity: major", "severity: huge"), ("month: 1", "monht: 1"), ("remedy:", "remdy:"))
    text = "\n".join(faults)
    assert "huge" in text and "monht" in text and "remdy" in text and "“remedy”" in text
    lines = [int(m[1]) for m in re.finditer(r"annual-report-late\.yaml:(\d+)：", text)]
    assert len(lines) == len(faults) and len(set(lines)) > 1


def test_a_duplicate_key_is_refused(tmp_path: Path) -> None:
    faults = broken(tmp_path, ("status: stable", "status: stable\nstatus: trial"))
    assert len(faults) == 1 and "“status”重复" in faults[0]


def test_a_syntax_error_names_its_line(tmp_path: Path) -> None:
    faults = broken(tmp_path, ("severity: major", "severity: [major"))
    assert re.search(r"\.yaml:\d+：YAML 语法错误", faults[0])


def test_an_unknown_article_is_refused(tmp_path: Path) -> None:
    assert "没有条目“第九十九条”" in broken(tmp_path, ("第四十九条", "第九十九条"))[0]


def test_an_unverified_rule_may_not_fail(tmp_path: Path) -> None:
    assert "不得判为 fail" in broken(tmp_path, ("status: stable", "status: stable\nverified: false"))[0]


def test_the_file_name_is_the_id(tmp_path: Path) -> None:
    assert "与文件名不一致" in broken(tmp_path, ("id: annual-report-late", "id: annual-report-tardy"))[0]


def test_the_shipped_rules_load_and_each_table_names_its_source() -> None:
    assert len(shipped().rules) > 50
    for path in (RULES / "tables").glob("*.yaml"):
        assert load_yaml(path).value["source"], path.name
    for path in (RULES / "scorecards").glob("*.yaml"):
        assert load_yaml(path).value["source"], path.name


def test_every_automated_item_of_a_regulation_names_rules_that_exist_or_says_why_not() -> None:
    codes = set(shipped().by_code)
    for regulation in shipped().regulations.values():
        for item in regulation.items:
            assert item["why"], (regulation.id, item["id"])
            if item["status"] == "automated":
                assert set(item["rules"]) & codes, (regulation.id, item["id"])


def test_every_rule_that_a_regulation_lists_is_there() -> None:
    codes = set(shipped().by_code)
    for regulation in shipped().regulations.values():
        for item in regulation.items:
            assert set(item["rules"]) <= codes, (regulation.id, item["id"], item["rules"])


if CATALOGUE.exists():
    NAMES = {"V": "veto", "M": "major", "m": "minor", "A": "advice"}
    ROWS = re.findall(
        r"^\| ([A-Z]{2}-\d{3}) \| ([a-z0-9-]+) \| .* \| ([VMmA]) \| ([FR]) \|",
        CATALOGUE.read_text(encoding="utf-8"),
        re.M,
    )

    def test_codes_ids_severities_and_limits_are_those_of_the_catalogue() -> None:
        rows = {code: (name, NAMES[severity], most) for code, name, severity, most in ROWS}
        for rule in shipped().rules:
            name, severity, most = rows[rule.code]
            # Two severities stand in the catalogue's words of AR-501; its row gives the graver one.
            assert (rule.id, rule.severity) == (name, severity), rule.code
            assert most == "F" or "fail" not in rule.messages, rule.code


def test_no_two_checks_have_one_name() -> None:
    names = [name_of(check) for check in ALL]
    assert sorted(names) == sorted(set(names))


def test_every_item_that_a_rule_cites_lists_it() -> None:
    listed = {(r.id, i["id"], c) for r in shipped().regulations.values() for i in r.items for c in i["rules"]}
    cited = {(c.regulation, c.article, rule.code) for rule in shipped().rules for v in rule.versions for c in v.cites}
    assert cited - listed == set()
