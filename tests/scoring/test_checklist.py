"""The checklist of a site: what only a person can judge, for this kind of site, by where it is looked at."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from crawler.evidence import Site
from scoring.checklist import checklist
from scoring.data import RULES
from scoring.inspection import ManualItem
from scoring.rules import load, shipped
from scoring.yaml_source import RuleFileError

REGULATION = """\
id: sample
name: 样例规定
number: 样函〔2024〕1号
source: 测试用
verified: true
%s
items:
"""
ITEM = "  - {id: %s, subject: 内容, status: %s, rules: [], why: 理由, %s}\n"


def made(tmp_path: Path, *items: tuple[str, str, str], head: str = "applies_to: site") -> Path:
    folder = tmp_path / "rules"
    (folder / "regulations").mkdir(parents=True, exist_ok=True)
    text = REGULATION % head + "".join(ITEM % item for item in items)
    (folder / "regulations" / "sample.yaml").write_text(text, encoding="utf-8")
    return folder


def bureau(name: str = "青溪县水务局", *, services: bool | None = None) -> Site:
    return Site("a", name, "http://a.test/", "department", services=services)


PORTAL = Site("p", "青溪县人民政府", "http://p.test/", "portal")


def articles(found: Iterable[ManualItem]) -> list[str]:
    return [item.article for item in found]


def test_what_is_manual_or_left_open_is_listed_files_after_the_site(tmp_path: Path) -> None:
    folder = made(
        tmp_path,
        ("案卷", "manual", "place: 内部资料, todo: 查看案卷"),
        ("逾期", "automated", "verified: true"),
        ("附件", "partial", "todo: 打开附件看一看"),
        ("定义", "out-of-scope", "verified: true"),
        ("地图", "manual", "verified: true"),
    )
    assert checklist(load(folder), bureau()) == (
        ManualItem("sample", "样例规定", "样函〔2024〕1号", "附件", "内容", "打开附件看一看", "网站"),
        ManualItem("sample", "样例规定", "样函〔2024〕1号", "地图", "内容", "理由", "网站"),
        ManualItem("sample", "样例规定", "样函〔2024〕1号", "案卷", "内容", "查看案卷", "内部资料"),
    )


def test_items_hold_by_the_kind_of_site_and_by_its_services(tmp_path: Path) -> None:
    rules = load(
        made(
            tmp_path,
            ("门户", "manual", "kinds: [portal]"),
            ("部门", "manual", "kinds: [department]"),
            ("办事", "manual", "services: true"),
        )
    )
    assert articles(checklist(rules, PORTAL)) == ["门户", "办事"]
    assert articles(checklist(rules, bureau(services=True))) == ["部门", "办事"]
    assert articles(checklist(rules, bureau(services=None))) == ["部门", "办事"]
    assert articles(checklist(rules, bureau(services=False))) == ["部门"]


def test_a_regulation_for_some_bodies_binds_them_and_the_portal(tmp_path: Path) -> None:
    rules = load(made(tmp_path, ("督导", "manual", "verified: true"), head="bodies: [教育]"))
    assert articles(checklist(rules, bureau("青溪县教育局"))) == ["督导"]
    assert articles(checklist(rules, PORTAL)) == ["督导"]
    assert checklist(rules, bureau("青溪县水务局")) == ()


def test_a_text_about_the_annual_report_alone_is_left_out(tmp_path: Path) -> None:
    assert (
        checklist(load(made(tmp_path, ("表二", "manual", "verified: true"), head="applies_to: report")), PORTAL) == ()
    )


@pytest.mark.parametrize(
    ("item", "head", "told"),
    [
        (("地图", "partial", "verified: true"), "applies_to: site", "“地图”没有说明留给人工的事项"),
        (("地图", "manual", "place: 现场"), "applies_to: site", "“地图”的 place 不可用"),
        (("地图", "manual", "kinds: [bureau]"), "applies_to: site", "“地图”的 kinds 不可用"),
        (("地图", "manual", "toto: 看"), "applies_to: site", "“地图”有不认识的键“toto”"),
        (("地图", "unknown", "verified: true"), "applies_to: site", "“地图”缺少有效的 status 或 why"),
        (("地图", "manual", "verified: true"), "applies_to: sites", "applies_to“sites”不可用"),
    ],
)
def test_a_faulty_item_is_told_with_its_line(tmp_path: Path, item: tuple[str, str, str], head: str, told: str) -> None:
    with pytest.raises(RuleFileError) as caught:
        load(made(tmp_path, item, head=head))
    (fault,) = caught.value.faults
    line = 6 if head.endswith("sites") else 8
    assert told in fault
    assert f"sample.yaml:{line}：" in fault


def test_an_item_may_not_stand_twice(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError) as caught:
        load(made(tmp_path, ("地图", "manual", "verified: true"), ("地图", "manual", "verified: true")))
    assert ["sample.yaml:9：条目“地图”重复" in fault for fault in caught.value.faults] == [True]


def test_the_shipped_checklist_suits_a_bureau_that_serves_no_public() -> None:
    found = checklist(shipped(), bureau(services=False))
    listed = {(item.regulation, item.article) for item in found}
    assert ("order-711", "第三十三条") in listed
    assert ("gbmh-2019-19", "安全、泄密事故等严重问题（泄露国家秘密）") in listed
    # Not for a bureau, not without services, not outside education.
    assert (
        not {("gbmh-2019-19", "兼容性"), ("licensing-law", "第三十条"), ("preschool-education-law", "第七十二条")}
        & listed
    )
    assert [item.place for item in found] == sorted((item.place for item in found), key=["网站", "内部资料"].index)
    assert {item.place for item in found if item.article == "第三十三条"} == {"内部资料"}


def test_nothing_left_to_a_person_names_a_rule_or_a_status() -> None:
    for site in (PORTAL, bureau("青溪县教育局", services=True)):
        for item in checklist(shipped(), site):
            assert item.todo and item.subject, item
            assert not any(mark in item.todo for mark in ("WS-", "DP-", "CT-", "AR-", "partial", "manual")), item


def test_regulations_stand_in_their_order() -> None:
    names = list(shipped().regulations)
    assert names[:4] == ["gbmh-2019-19", "gbf-2017-47", "order-711", "gbgkbh-2019-61"]
    assert names[-3:] == ["practice-website", "practice-annual-report", "practice-wording"]


def test_points_stand_only_where_they_were_read() -> None:
    with_points = {
        item["id"]: item["points"] for item in shipped().regulations["gbmh-2019-19"].items if "points" in item
    }
    assert with_points == {"政策文件（不更新）": 5, "事项公开（统计数据更新）": 2, "留言公开（更新）": 3}


def test_every_regulation_says_where_it_was_read(tmp_path: Path) -> None:
    for regulation in shipped().regulations.values():
        assert regulation.source, regulation.id
        assert all(type(item.get("verified")) is bool for item in regulation.items), regulation.id
    shutil.copytree(RULES / "regulations", tmp_path / "regulations")
    assert list(load(tmp_path).regulations) == list(shipped().regulations)
