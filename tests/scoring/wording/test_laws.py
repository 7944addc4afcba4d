"""Laws that ended, names of laws, old names of bodies and places, numbers of documents."""

from datetime import date, timedelta

import pytest

from scoring.checks.wording.doc_numbers import DocumentNumbers
from scoring.checks.wording.laws import LawNames, RepealedLaws
from scoring.checks.wording.names import ChangedNames
from scoring.wording.check import TextCheck
from scoring.wording.lexicons import Entry, shipped
from scoring.wording.texts import Part, Text

TODAY = date(2026, 11, 20)
REPEALED = RepealedLaws(use="repealed_laws")
NAMES = LawNames(use="law_names")
BODIES = ChangedNames(use="changed_names", lexicon="institutions")
NUMBERS = DocumentNumbers(use="numbers_written")
ENDED = [entry for entry in shipped().entries if entry.lexicon == "laws-repealed"]


def told(check: TextCheck, words: str, day: date | None = TODAY) -> list[tuple[str, str]]:
    return [(hit.outcome, hit.key) for hit in check.hits(Text([Part(words, "paragraph")], shipped(), day), TODAY)]


@pytest.mark.parametrize("entry", ENDED, ids=lambda entry: entry.find[0])
def test_a_repealed_law_as_basis_is_told_from_its_last_day_on(entry: Entry) -> None:
    ended = date.fromisoformat(entry.data["ended"])
    words = f"根据《{entry.find[0]}》，制定本办法。"
    if entry.data.get("kind") == "number":
        words = f"按照《示例标准》（{entry.find[0]}）执行。"
    expected = [("fail", "cited")] if entry.data.get("verified", True) else [("needs_review", "unsure")]
    assert told(REPEALED, words, ended - timedelta(days=1)) == []
    assert told(REPEALED, words, ended) == expected
    assert told(REPEALED, words, None) == ([("needs_review", "unsure")] if ended <= TODAY else [])


@pytest.mark.parametrize(
    "words",
    [
        "根据《劳动合同法》《海域使用管理法》办理。",
        "依照劳动合同法第三十九条处理，按照合同法定代表人签字为准。",
        "适用《最高人民法院关于适用〈中华人民共和国担保法〉若干问题的解释》。",
        "依据合同法律关系，按照担保法律意见书办理。",
        "原根据《合同法》签订的协议继续有效。",
        "《合同法》自2021年1月1日起废止，同时依据《民法典》办理。",
        "2015年，学校依据《合同法》与施工单位签订协议。",
        "授课教师开设《合同法》《婚姻法》选修课。",
        "他引用“根据《合同法》第八条”的说法。",
        "根据《合同法（草案）》征求意见。",
        "根据《示例市环境保护法规汇编》整理。",
    ],
)
def test_names_that_only_hold_a_repealed_law_and_looks_back_are_silent(words: str) -> None:
    assert told(REPEALED, words) == []


def test_chains_of_titles_lead_back_to_the_basis() -> None:
    words = (
        "根据《中华人民共和国教育法》（2021年修正）第五条、《民办教育促进法》和《中华人民共和国合同法》，制定本办法。"
    )
    assert told(REPEALED, words) == [("fail", "cited")]
    assert told(REPEALED, "根据上级安排，组织学习《合同法》。") == [("needs_review", "mentioned")]
    hostile = "根据" + "第一条" * 40 + "《甲》" * 20 + "《合同法》"
    assert told(REPEALED, hostile * 50) in ([], [("fail", "cited")] * 50)


def test_official_names_and_names_of_other_laws_are_no_slips() -> None:
    data = shipped().tables["laws"]
    names = [entry["find"] for entry in data["entries"]] + data["others"] + [one.find[0] for one in ENDED]
    words = "。".join(f"《{name}》《中华人民共和国{name}》《{name}（2021年修正）》" for name in names)
    assert told(NAMES, words) == []


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("信息公开条例", [("fail", "known")]),
        ("中华人民共和国信息公开条例", [("fail", "known")]),
        ("未成年保护法", [("needs_review", "near")]),
        ("预防未成年人犯罪的法", []),
        ("中华人民共和国国家通用语言文学法", [("needs_review", "near")]),
        ("示例省信息公开条例", []),
        ("示例大学信息公开条例", []),
        ("高等学校信息公开办法", []),
        ("教育法教程", []),
        ("教师法", []),
    ],
)
def test_titles_near_a_law(title: str, expected: list[tuple[str, str]]) -> None:
    assert told(NAMES, f"组织学习《{title}》，落实责任。") == expected


@pytest.mark.parametrize(
    "how", ["以下简称《信息公开条例》", "下称“《信息公开条例》”", "以下统称《信息公开条例》", "简称：《信息公开条例》"]
)
def test_a_declared_short_form_is_right(how: str) -> None:
    words = f"按照《中华人民共和国政府信息公开条例》（{how}）编制。《信息公开条例》第五十条规定了内容。"
    assert told(NAMES, words) == []


def test_a_quoted_or_foreign_title_is_not_certain() -> None:
    assert told(NAMES, "来信说“学习了《信息公开条例》”。") == [("needs_review", "near")]
    assert told(NAMES, "比较英国《信息公开条例》的做法。") == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("请与市环保局联系。", 1), ("按照农业部、文化部要求执行。", 2), ("按照国家林业局要求执行。", 1),
        ("农业部门、文化部门、环境保护部门、国土资源部门参加。", 0), ("工业农业部分企业，企业文化部、校园文化部。", 0),
        ("美国国税局、中国国税局、当地税局、各地税局。", 0), ("煤矿安监局、矿山安监局。", 0), ("原市环保局移交。", 0),
        ("市环保局面临的任务。", 0), ("市环保局于2019年更名为市生态环境局。", 0), ("2016年，市工商局发文。", 0),
        ("《农业部关于秋收的通知》。农业部公告第3号。农业部令2016年第2号。", 0), ("他说“找市环保局”。", 0),
        ("农业农村部、文化和旅游部、市场监督管理局参加。", 0), ("中国银保监会派员参加。", 1),
    ],
)  # fmt: skip
def test_old_names_of_bodies(words: str, found: int) -> None:
    assert told(BODIES, words, date(2024, 5, 10)) == [("needs_review", "changed")] * found


def test_undated_texts_are_dated_by_themselves_or_left_alone() -> None:
    assert told(BODIES, "请与市环保局联系。", None) == []
    assert told(BODIES, "请与市环保局联系。\n示例县教育局\n2024年5月10日", None) == [("needs_review", "changed")]
    assert told(BODIES, "请与市环保局联系。\n示例县教育局\n2016年5月10日", None) == []
    assert told(BODIES, "成文日期：2016-05-10\n请与市环保局联系。", date(2024, 5, 10)) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("示教发[2024]5号", "〔2024〕5号"), ("示教发【2024】5号", "〔2024〕5号"), ("示教发（2024）5号", "〔2024〕5号"),
        ("示政办函〔2024〕05号", "〔2024〕5号"), ("示政办函〔2024〕第5号", "〔2024〕5号"),
        ("示教发〔2024〕5号", None), ("（2024）示01行初12号", None), ("教育部令（2024）第5号", None),
        ("公告（2024）第5号", None), ("食药监械（准）字（2014）第2210号", None), ("许可证[2024]0012号", None),
        ("国办发(1985)49号", None), ("示教发[2012]5号", None), ("新区（2024）3号楼", None),
        ("示例学院（2024）5号", None),        ("采购（2024）5号", None), ("民办函（2024）5号", "〔2024〕5号"),
    ],
)  # fmt: skip
def test_numbers_of_documents(words: str, expected: str | None) -> None:
    text = Text([Part(f"见{words}。", "paragraph")], shipped(), TODAY)
    assert [hit.values["right"] for hit in NUMBERS.hits(text, TODAY)] == ([expected] if expected else [])
