"""Directories as data: the shipped ones are whole and honest, and every fault of another is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.evidence import Site
from scoring.catalogue.directory import OWN, directories, load_directory, parse_own, shipped
from scoring.data import RULES
from scoring.rules import shipped as rules
from scoring.yaml_source import RuleFileError, load_yaml

FOLDER = RULES / "catalogue" / "directories"
NAMES = ("education", "statutory-20", "statutory-21")


def site(name: str, kind: str = "department", level: str | None = "county", directory: str = "") -> Site:
    return Site("x", name, "http://x.gov.cn/", kind=kind, level=level, directory=directory)  # type: ignore[arg-type]


def faults_of(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(RuleFileError) as caught:
        parse_own(text, tmp_path / "own.yaml")
    return caught.value.faults


def test_the_shipped_directories_cite_what_is_there() -> None:
    regulations = rules().regulations
    codes = {rule.code for rule in rules().rules}
    assert tuple(sorted(path.stem for path in FOLDER.glob("*.yaml"))) == NAMES
    for name in NAMES:
        for cite in load_yaml(FOLDER / f"{name}.yaml").value["cites"]:
            assert cite["article"] in {item["id"] for item in regulations[cite["regulation"]].items}
        assert {item.told_by for item in shipped(name).items} <= {"", *codes}


def test_article_20_has_its_fifteen_items_in_order() -> None:
    assert [item.name for item in shipped("statutory-20").items] == [
        "规范性文件", "机构职能", "规划计划", "统计信息", "行政许可", "行政处罚", "财政预决算", "行政事业性收费",
        "政府采购", "重大建设项目", "民生领域政策、措施及实施情况", "应急管理", "监督检查", "公务员招考",
        "其他应当主动公开的信息",
    ]  # fmt: skip


def test_rows_that_nobody_saw_are_those_of_the_regulation_file_and_never_certain() -> None:
    seen = {item["id"]: item["verified"] for item in rules().regulations["edu-directory"].items}
    for item in shipped("education").items:
        if not item.verified:
            assert item.binds(site("青溪县教育局")) is False
    unseen = {item.name for item in shipped("education").items if not item.verified}
    assert len(unseen) == sum(not verified for verified in seen.values())


@pytest.mark.parametrize(
    ("item", "name", "kind", "level", "holds"),
    [
        ("budget", "青溪县档案局", "department", "county", True),
        ("budget", "青溪县人民政府", "portal", "county", True),
        ("budget", "青溪镇人民政府", "portal", "township", False),
        ("inspections", "青溪县市场监督管理局", "department", "county", True),
        ("inspections", "青溪县教育局", "department", "county", None),
        ("projects", "青溪县教育局", "department", "county", None),
        ("licences", "青溪县教育局", "department", "county", False),
        ("licences", "青溪县档案局", "department", "county", None),
        ("emergencies", "青溪县教育局", "department", "county", False),
        ("others", "青溪县教育局", "department", "county", None),
    ],
)
def test_an_item_holds_by_kind_level_and_name(item: str, name: str, kind: str, level: str, holds: bool | None) -> None:
    assert shipped("statutory-20").item(item).binds(site(name, kind, level)) is holds


def test_an_education_bureau_of_a_county_is_bound_and_one_of_a_city_is_asked() -> None:
    plan = shipped("education").item("enrolment-plan")
    assert plan.binds(site("青溪县教育局")) is True
    assert plan.binds(site("青溪市教育局", level="city")) is False
    assert plan.binds(site("青溪县林业局")) is None


def test_a_faulty_directory_of_the_rules_is_told_with_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "statutory-20.yaml"
    path.write_text(
        (FOLDER / "statutory-20.yaml").read_text("utf-8").replace("anywhere: true", "anywere: true", 1), "utf-8"
    )
    with pytest.raises(RuleFileError) as caught:
        load_directory(path)
    assert len(caught.value.faults) == 1
    assert "statutory-20.yaml:" in caught.value.faults[0] and "anywere" in caught.value.faults[0]


def test_two_items_of_one_id_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "statutory-21.yaml"
    path.write_text(
        (FOLDER / "statutory-21.yaml").read_text("utf-8").replace("id: public-services", "id: municipal-works")
    )
    with pytest.raises(RuleFileError, match="“municipal-works”重复"):
        load_directory(path)


def test_every_fault_of_an_own_directory_is_told_with_its_line(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, "title: 目录\nitems:\n  - {nam: 招生}\n  - {name: 资助, window: {days: 0}}\n")
    assert [fault.partition("：")[0].rpartition(":")[2] for fault in faults] == ["3", "3", "4"]
    assert any("缺少键“name”" in fault for fault in faults) and any("“nam”" in fault for fault in faults)


def test_patterns_and_aliases_of_a_user_are_refused(tmp_path: Path) -> None:
    pattern = "title: 目录\nitems:\n  - {name: 招生, elements: [{name: 计划, patterns: ['(a+)+']}]}\n"
    assert faults_of(tmp_path, pattern) == [f"{tmp_path / 'own.yaml'}:3：不能写 patterns；请改用 words"]
    assert "别名" in faults_of(tmp_path, "title: 目录\nitems: &a [{name: 招生}]\nmore: *a\n")[0]


def test_the_directory_of_a_site_holds_for_it_whoever_it_is() -> None:
    text = "title: 青溪县档案局目录\nitems:\n  - {name: 档案开放, names: [开放档案], elements: [目录]}\n"
    given = site("青溪县档案局", directory=text)
    (own,) = directories([OWN], given)
    assert own.own and own.items[0].binds(given) is True
    assert own.items[0].names == ("档案开放", "开放档案")
    assert own.items[0].elements[0].words == ("目录",)
    assert directories([OWN], site("青溪县档案局")) == []
