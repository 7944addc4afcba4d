"""What no reader could make out (U+FFFD, a picture in a cell) goes to a person: it is never a fault of the report."""

from __future__ import annotations

import random
import re

import pytest
from support import document, judge, line

from scoring.annual_report import AnnualReport
from scoring.cell_values import parse_value
from scoring.data import RULES
from scoring.engine import Judged

MARK = "\ufffd"
TEXTS = {
    name: (RULES / "examples" / f"{name}.md").read_text(encoding="utf-8")
    for name in ("department-2022", "department-2023")
}


def report(text: str) -> AnnualReport:
    return AnnualReport(document(text.encode(), "x.md"))


def judged(text: str) -> Judged:
    return judge(report(text), report(TEXTS["department-2022"]))


def failures(found: Judged) -> dict[tuple[str, str], str]:
    return {(f.rule, f.message): line(f) for f in found.findings if f.outcome == "fail"}


def doubts(text: str, rule: str) -> list[str]:
    found = [f for f in judged(text).findings if f.rule == rule]
    assert [f.outcome for f in found] == ["needs_review"] * len(found)
    return [f.message for f in found]


@pytest.mark.parametrize("raw", [MARK, f"1{MARK}", f"{MARK}{MARK}.5", f"1,{MARK}34件", f" {MARK} "])
def test_a_figure_with_an_unread_digit_is_no_text_and_no_number(raw: str) -> None:
    value = parse_value(raw)
    assert (value.kind, value.number, value.known, value.raw) == ("unread", None, False, raw)


@pytest.mark.parametrize("raw", [f"行政{MARK}可", f"{MARK}干", f"12件（{MARK}）"])
def test_words_with_an_unread_character_stay_words(raw: str) -> None:
    assert parse_value(raw).kind == "text"


def test_no_unread_character_makes_a_fault() -> None:
    choose = random.Random(20231120)
    text = TEXTS["department-2023"]
    known = failures(judged(text))
    digits = [m.start() for m in re.finditer(r"\d", text)]
    others = [m.start() for m in re.finditer(r"[^\s\d|#-]", text)]
    for place in choose.sample(digits, 40) + choose.sample(others, 40):
        found = failures(judged(text[:place] + MARK + text[place + 1 :]))
        around = text[max(0, place - 12) : place + 12]
        assert {key: told for key, told in found.items() if key not in known} == {}, around


def test_an_unread_cell_is_named_and_nothing_is_added_up_with_it() -> None:
    row = "| 一、本年新收政府信息公开申请数量 | 18 |"
    found = judged(TEXTS["department-2023"].replace(row, row.replace("18", f"1{MARK}")))
    (cell,) = [f for f in found.findings if f.rule == "AR-306"]
    assert cell.outcome == "needs_review" and cell.quote == f"1{MARK}"
    assert "“一、本年新收政府信息公开申请数量”行“自然人”列" in cell.message
    reasons = {u.rule: u.reason for u in found.unchecked}
    assert reasons["AR-401"] == reasons["AR-403"] == "所需单元格的数字未能读出，无法计算。"


def test_a_number_beside_an_unread_digit_in_the_text_is_for_a_person() -> None:
    for rule, written, read in (("AR-605", "占50%", f"占{MARK}7%"), ("AR-602", "上年结转2件", f"上年结转{MARK}5件")):
        (message,) = doubts(TEXTS["department-2023"].replace(written, read), rule)
        assert message.endswith("所依据的文字中有未能读出的字符，请对照原件核对。")


def test_a_total_in_the_text_is_not_wrong_while_a_summand_of_the_table_is_unread() -> None:
    row = "| 二、上年结转政府信息公开申请数量 | 2 | 0 | 0 | 0 | 0 | 0 | 2 |"
    text = TEXTS["department-2023"].replace(row, row[:-4] + f"{MARK} |")
    text = text.replace("收到政府信息公开申请22件", "收到政府信息公开申请24件")
    (message,) = doubts(text, "AR-601")
    assert "“二、上年结转政府信息公开申请数量”行“总计”列未能读出" in message


def test_a_section_is_not_missing_where_its_heading_could_not_be_read() -> None:
    text = TEXTS["department-2023"].replace("## 六、其他需要报告的事项", f"## 六{MARK}{MARK}他需要{MARK}告的事{MARK}")
    (message,) = doubts(text, "AR-201")
    assert message.startswith("未找到“六、其他需要报告的事项”部分。")
    assert message.endswith("文件中有未能读出的文字，请对照原件核对。")


def test_a_section_is_not_missing_where_the_file_was_not_read_to_its_end() -> None:
    whole = "<html><body><h1>清溪县民政局2023年政府信息公开工作年度报告</h1>{}</body></html>"
    sections = "".join(
        f"<h2>{heading}</h2><p>{'本年按要求公开信息，未收到申请。' * 5}</p>"
        for heading in ("一、总体情况", "二、主动公开政府信息情况")
    )

    def missing(page: str) -> set[tuple[str, str]]:
        found = judge(AnnualReport(document(page.encode(), "x.html"))).findings
        return {(f.outcome, f.message.partition("文件没有读全")[2]) for f in found if f.rule == "AR-201"}

    assert missing(whole.format(sections)) == {("fail", "")}
    assert missing(whole.format(sections).removesuffix("</body></html>")) == {
        ("needs_review", "（网页没有结束标记（</html>），可能没有保存完整），请对照原件核对。")
    }


def test_no_section_is_missing_where_pictures_stand_instead_of_all_headings() -> None:
    text = "清溪县民政局坚持以公开为常态、不公开为例外，按时发布各类信息，认真答复群众来信。" * 8
    page = "<html><body><h1>清溪县民政局2023年政府信息公开工作年度报告</h1><p>{}</p>{}</body></html>"

    def outcomes(picture: str) -> set[str]:
        found = judge(AnnualReport(document(page.format(text, picture).encode(), "x.html"))).findings
        return {f.outcome for f in found if f.rule == "AR-201"}

    assert outcomes("") == {"fail"}
    assert outcomes("<img src='1.png'>") == {"needs_review"}
