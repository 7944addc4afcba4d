"""Garbled text, blanks and placeholders: what examples in Markdown cannot hold."""

from datetime import date

import pytest

from scoring.rules import shipped as rules
from scoring.wording.check import TextCheck
from scoring.wording.lexicons import Lexicons
from scoring.wording.texts import Part, Text

BODY = "，请各单位于本月底前报送有关材料，逾期不再受理，联系电话另行通知。"


def told(code: str, *lines: str, drawn: bool = False) -> list[tuple[str, str]]:
    found = rules().by_code[code].versions[-1].check
    assert isinstance(found, TextCheck)
    text = Text([Part(line, "paragraph") for line in lines], Lexicons(()), drawn=drawn)
    return [(hit.outcome, hit.key) for hit in found.hits(text, date(2026, 3, 10))]


@pytest.mark.parametrize("words", ["政府信息公开", "关于印发工作方案的通知", "云溪县人民政府办公室"])
def test_common_words_in_the_wrong_encoding_are_told(words: str) -> None:
    as_gbk = words.encode().decode("gbk", errors="replace").replace("\ufffd", "")
    as_latin = words.encode("gbk").decode("latin-1")
    as_western = words.encode().decode("latin-1")
    for wrong in (as_gbk, as_latin, as_western):
        assert ("fail", "mojibake") in told("RD-301", f"{wrong}{BODY}"), wrong
    assert told("RD-301", f"{words}{BODY}") == []


def test_characters_without_a_form_are_doubtful_where_they_were_read_from_glyphs() -> None:
    for words, key in (("联系人王\ufffd同志" + BODY, "replacement"), ("联系人王\ue5e5同志" + BODY, "private")):
        assert told("RD-301", words) == [("fail", key)]
        assert told("RD-301", words, drawn=True) == [("needs_review", key)]
    assert told("RD-301", *["王\ufffd同志" + BODY] * 50) == [("needs_review", "replacement")] * 50


def test_blanks_that_were_read_from_glyphs_are_doubtful() -> None:
    line = "我局严格执行政府信息公开条 例的规定，在20 24年度及时公开各类信息，没有超期。"
    assert told("RD-203", line) == [("fail", "blank"), ("fail", "number")]
    assert told("RD-203", line, drawn=True) == [("needs_review", "blank"), ("needs_review", "number")]


def test_a_blank_in_what_stands_together_elsewhere_is_for_a_person() -> None:
    spaced = "我县云溪河长 制工作扎实推进，各乡镇层层落实，水质明显改善，群众满意。"
    again = "云溪河长制工作纳入考核，河长制工作每月通报一次，结果向社会公布。"
    assert told("RD-203", spaced) == []
    assert told("RD-203", spaced, again) == [("needs_review", "blank")]


def test_blanks_of_lists_and_wide_setting_are_silent() -> None:
    for line in (
        "参加人员：政 府 办 公 室 主 任，教 育 局 局 长，会议由县长主持，研究了三项工作。",
        "语文 数学 英语 物理 化学 生物成绩由各学校登记后上报，不得自行公布，违者追究责任。",
        "政 府",
        "第一条 例会每月召开一次，由办公室主任主持，各科室负责人参加，必要时可以扩大范围。",
    ):
        assert told("RD-203", line) == [], line


def test_placeholders_stand_in_forms_cases_and_types() -> None:
    wrong = "我局全年共公开信息XX条，群众反映良好，较上年有所增加，受到好评。"
    assert told("RD-302", wrong) == [("fail", "figure")]
    for right in (
        "当事人王××于20××年违规经营，被处罚款，已当场缴纳，案件已经办结归档。",
        "例如，全年共公开信息XX条，应当写明具体数字，不得留空，填报后由领导审签。",
        "工作服尺码为XXL，型号为××20型，共采购三百件，已经全部发放到位。",
        "热线号码为400-XXX-XXXX，正式号码开通后另行公告，请社会各界周知。",
    ):
        assert told("RD-302", right) == [], right
    assert told("RD-302", "某公司年报范本", wrong) == []
