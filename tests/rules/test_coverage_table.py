"""The table of regulations and items: what is covered, by which rules, and the page of it in the documents."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from lxml import html

from duwang import rule_text
from scoring.data import RULES
from scoring.rules import load, shipped

PAGE = Path(__file__).resolve().parents[2] / "docs" / "coverage.html"


def body(page: str) -> str:
    return page[page.index("<body") :]


def rows(tree: Any, regulation: str) -> dict[str, list[str]]:
    """The cells of each item of a regulation by its name."""
    found = ([cell.text_content().strip() for cell in row] for row in tree.get_element_by_id(regulation).iter("tr"))
    return {first: rest for first, *rest in found}


def test_the_page_in_the_documents_is_up_to_date() -> None:
    """Its look may lag behind, its content not: ``make fix`` writes it."""
    assert body(PAGE.read_text(encoding="utf-8")) == body(rule_text.coverage_page(shipped()))


def test_each_item_shows_its_rules_its_reason_and_what_is_left() -> None:
    tree = html.document_fromstring(rule_text.coverage_page(shipped()))
    shown = rows(tree, "order-711")
    assert shown["第二十五条"] == ["查阅场所和设施", "不在范围内", "", "线下场所，须实地查看"]
    assert shown["第十八条"][3].endswith("。人工核查内部资料：查看定期评估审查的记录")
    assert shown["第三十六条"][1:3] == ["部分检查", "AR-402 AR-604"]
    assert rows(tree, "gbmh-2019-19")["可用性"][0].endswith("（限门户网站）")
    assert tree.xpath("//section/ul/li/a/@href") == [f"#{name}" for name in shipped().regulations]


def test_a_rule_without_a_file_is_shown_as_such(tmp_path: Path) -> None:
    shutil.copytree(RULES, tmp_path / "rules")
    (tmp_path / "rules" / "annual-report" / "annual-report-late.yaml").unlink()
    rules = load(tmp_path / "rules")
    assert "AR-102（没有规则文件）" in rule_text.coverage_page(rules)
    assert "AR-103（没有规则文件）" not in rule_text.coverage_page(rules)


def test_a_practice_and_a_law_without_number_are_named_as_what_they_are() -> None:
    plain = rule_text.coverage_plain(shipped())
    assert "《中华人民共和国预算法》\n" in plain
    assert "《政府网站检查惯例" not in plain and "（）" not in plain
