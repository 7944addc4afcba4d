"""Marks: pairs over paragraphs, nested quotation marks, words of hostile length, right official text."""

from datetime import date
from pathlib import Path

import pytest
from support import TESTS

from scoring.data import RULES
from scoring.rules import shipped as rules
from scoring.wording.check import TextCheck
from scoring.wording.lexicons import Lexicons
from scoring.wording.texts import Part, Text

TODAY = date(2026, 3, 10)
CODES = ("RD-201", "RD-202", "RD-203", "RD-204", "RD-205", "RD-301", "RD-302")


def check(code: str) -> TextCheck:
    found = rules().by_code[code].versions[-1].check
    assert isinstance(found, TextCheck)
    return found


def told(code: str, *lines: str, drawn: bool = False) -> list[tuple[str, str, str]]:
    text = Text([Part(line, "paragraph") for line in lines], Lexicons(()), drawn=drawn)
    return [(hit.outcome, hit.key, text.words[hit.start : hit.end]) for hit in check(code).hits(text, TODAY)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["局长说：“公开“是常态，不公开是例外，大家都要记住这一点。”"], [("fail", "unpaired", "“")]),
        (["请各单位（含直属单位、派出机构）（含乡镇于月底前报送材料。"], [("needs_review", "unpaired", "（")]),
        (["请各单位（含直属单位（含乡镇）于本月底前报送有关材料。"], [("fail", "unpaired", "（")]),
        (["组织学习《预算法》《采购法和《会计法》，并组织了两次考试。"], [("fail", "unpaired", "《")]),
        (["组织学习《关于实施〈会计法〉办法》和《〈预算法〉问答》，并组织了两次考试。"], []),
        (["窗口前的老人笑着说办得真快:)，工作人员也笑了。:-)"], []),
        (["会议提出：“第一，要抓紧；", "第二，要抓实；", "第三，要抓好。”会议开了半天就结束了。"], []),
        (["关于举办“书香云溪", "我局组织参加了读书活动，效果很好。"], []),
    ],
)  # fmt: skip
def test_pairs(lines: list[str], expected: list[tuple[str, str, str]]) -> None:
    assert told("RD-201", *lines) == expected


def test_a_long_inner_quotation_is_told_at_its_opening_mark() -> None:
    inner = "建立台账、逐项销号、定期通报、公开结果、接受监督" * 2
    found = told("RD-201", f"会议要求“各单位要按照“{inner}{inner}”的办法整改到位”，不得走过场。")
    assert [key for _, key, _ in found] in (["nested_long"], ["turned"])


def test_right_form_keeps_the_words_around() -> None:
    text = Text([Part("我局在2024年,共公开信息三百二十六条，全部按时办结，没有超期。", "paragraph")], Lexicons(()))
    [hit] = check("RD-202").hits(text, TODAY)
    assert hit.values == {"wrong": "2024年,共公开信", "right": "2024年，共公开信"}


@pytest.mark.parametrize("code", CODES)
def test_right_reports_of_ours_are_silent(code: str) -> None:
    for path in sorted((RULES / "examples").glob("*.md")):
        assert told(code, *path.read_text(encoding="utf-8").splitlines()) == [], path.name


@pytest.mark.parametrize("words", ["（" * 60000, "“" * 30000 + "”" * 30000, "情," * 30000 + "。", "1月" * 30000 + "。"])
def test_hostile_lengths_are_read_in_time(words: str) -> None:
    for code in CODES:
        assert all(outcome == "fail" for outcome, _, _ in told(code, words))


SEED = TESTS.parent.parent / "shared" / "corpus" / "reports" / "gansu-education-2019.txt"
if Path(SEED).exists():

    def test_the_report_that_all_grew_from() -> None:
        lines = SEED.read_text(encoding="utf-8").splitlines()
        assert told("RD-201", *lines) == [("fail", "nested", "“双一流”")]
        assert [words for _, _, words in told("RD-203", *lines)] == ["三 中", "条 例"]
        assert {key for _, key, _ in told("RD-202", *lines)} == {"half_width", "half_width_brackets"}
        for code in ("RD-204", "RD-205", "RD-301", "RD-302"):
            assert told(code, *lines) == []
