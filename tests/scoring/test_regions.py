"""The region tree: whose figures a government's report takes in."""

from __future__ import annotations

import pytest
from support import document

from scoring.annual_report import AnnualReport
from scoring.regions import Tree, Unit, says_narrower
from scoring.relations import Member, relate

CITY = Unit("岚川市人民政府", "government", "331100", "city")
COUNTY = Unit("青溪县人民政府", "government", "331128", "county")
TOWN = Unit("白石镇人民政府", "government", "331128101", "township")
UNITS = (
    CITY,
    COUNTY,
    TOWN,
    Unit("岚川市教育局", "department", "331100", "city"),
    Unit("青溪县教育局", "department", "331128", "county"),
    Unit("青溪县税务局", "department", "331128", "county", vertical=True),
    Unit("云峰县水利局", "department", "331129", "county"),
    Unit("外市人民政府", "government", "331200", "city"),
)


@pytest.mark.parametrize(
    ("region", "level", "prefix"),
    [
        ("330000", None, "33"),
        ("331100", None, "3311"),
        ("331000", None, "3310"),
        ("331128", None, "331128"),
        ("331120", None, "331120"),
        ("331128101", None, "331128101"),
        ("331128101000", None, "331128101"),
        ("331128", "city", "3311"),
        ("331000", "county", "331000"),
    ],
)
def test_the_digits_that_a_region_shares(region: str, level: str | None, prefix: str) -> None:
    assert Unit("某局", "department", region, level).prefix == prefix  # type: ignore[arg-type]


def names(tree: Tree, government: Unit) -> set[str]:
    return {unit.name for unit in tree.below(government)}


def test_a_government_takes_in_its_departments_and_the_governments_below() -> None:
    tree = Tree(UNITS)
    # The county's departments and towns are in the county's figures; a county without a government is counted itself.
    assert names(tree, CITY) == {"青溪县人民政府", "岚川市教育局", "云峰县水利局"}
    assert names(tree, COUNTY) == {"青溪县教育局", "白石镇人民政府"}
    assert names(tree, TOWN) == set()


def test_spaces_in_a_name_do_not_hide_a_unit() -> None:
    assert Tree(UNITS).find("青溪县 教育局") == UNITS[4]
    assert Tree(UNITS).find("青溪县林业局") is None


def member(unit: str, year: int = 2024) -> Member:
    return Member(f"{unit}{year}", unit, year, "")


def test_units_without_a_report_of_the_year_are_named_only_where_all_are_listed() -> None:
    members = [member("青溪县人民政府"), member("青溪县教育局"), member("白石镇人民政府", 2023)]
    open_list = relate(members, Tree(UNITS))["青溪县人民政府2024"]
    assert [(r.tie, r.name) for r in open_list.found] == [("unit", "青溪县教育局")]
    assert open_list.lacking is None
    whole = relate(members, Tree(UNITS, ["331128"]))["青溪县人民政府2024"]
    assert whole.lacking == ("白石镇人民政府",)


@pytest.mark.parametrize(
    ("preamble", "narrower"),
    [
        ("本报告汇总全县各部门、各乡镇数据编制。", False),
        ("统计范围包括全县各级行政机关。", False),
        ("统计范围包括市司法局机关。", True),
        ("统计范围为县政府机关本级。", True),
        ("所列数据不含各乡镇。", True),
    ],
)
def test_a_report_says_that_it_covers_less(preamble: str, narrower: bool) -> None:
    text = f"# 青溪县人民政府2024年政府信息公开工作年度报告\n\n{preamble}\n\n## 一、总体情况\n\n正文。\n"
    assert says_narrower(AnnualReport(document(text.encode(), "x.md"))) is narrower
