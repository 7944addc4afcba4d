"""The shipped model of official writing: what it finds, what it leaves alone, and what a caller may count on."""

from __future__ import annotations

import pytest

from scoring.wording.model import CharacterModel, Suspicion


@pytest.fixture(scope="module")
def model() -> CharacterModel:
    return CharacterModel.shipped()


def corrected(model: CharacterModel, text: str) -> str:
    for one in reversed(model.suspicions(text)):
        assert text[one.start : one.end] == one.wrong
        text = text[: one.start] + one.right + text[one.end :]
    return text


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("不断加强干部队伍健设。", "不断加强干部队伍建设。"),
        ("做好美国白鹅防控工作。", "做好美国白蛾防控工作。"),
        ("全市大力发展大数局产业。", "全市大力发展大数据产业。"),
        ("该项目获得科技进步二登奖。", "该项目获得科技进步二等奖。"),
    ],
)
def test_a_wrong_character_is_found_and_the_right_one_proposed(model: CharacterModel, written: str, right: str) -> None:
    assert corrected(model, written) == right


def test_right_text_is_left_alone(model: CharacterModel) -> None:
    text = (
        "各部门要认真贯彻落实上级决策部署，加强组织领导，明确责任分工，按时完成各项任务。\n"
        "2023年，全局主动公开政府信息126条，受理依申请公开8件，均按时办结。\n"
        "联系人：张晓明，电话：0000-0000000。"
    )
    assert model.suspicions(text) == []


def test_places_are_counted_over_all_lines(model: CharacterModel) -> None:
    text = "第一行。\r\n𠮷祥街道办事处\n全市大力发展大数局产业。"
    [one] = model.suspicions(text)
    assert text[one.start : one.end] == one.wrong
    assert "据" in one.right
    assert "局" in one.wrong


def test_many_texts_at_once_say_the_same_as_one_by_one(model: CharacterModel) -> None:
    texts = ["全市大力发展大数局产业。", "", "各项工作进展顺利。", "不断加强干部队伍健设。"]
    assert model.suspicions_of(texts) == [model.suspicions(text) for text in texts]


@pytest.mark.parametrize("text", ["", "\n\n", "a", "局", "2023-01-01", "\ud800"])
def test_texts_without_words_hold_nothing(model: CharacterModel, text: str) -> None:
    assert model.suspicions(text) == []


def test_a_suspicion_is_a_plain_value() -> None:
    assert Suspicion(0, 1, "物", "务", 4.0) == Suspicion(0, 1, "物", "务", 4.0)


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("各单位要按照照有关规定执行。", "各单位要按照有关规定执行。"),
        ("贯彻落实党中央国院决策部署。", "贯彻落实党中央国务院决策部署。"),
    ],
)
def test_a_doubled_or_missing_character_is_found(model: CharacterModel, written: str, right: str) -> None:
    assert corrected(model, written) == right


@pytest.mark.parametrize(
    "text",
    [
        "会议由王军伟主持，申思、单伟、周维汇报了情况。",
        "经研究，聘请洪银兴为顾问。",
        "民政信息与财政信息分别公布。",
        "天天向上，欣欣向荣，人人参与。",
        "横州市人民政府与梅州市人民政府签订协议。",
    ],
)
def test_names_and_repeated_characters_are_no_errors(model: CharacterModel, text: str) -> None:
    assert model.suspicions(text) == []


def test_two_wrong_characters_in_one_word_make_one_suspicion(model: CharacterModel) -> None:
    text = "按照国家有关规定，依法发展改隔萎负责的事项。"
    for one in model.suspicions(text):
        assert one.wrong == text[one.start : one.end]
    starts = [one.start for one in model.suspicions(text)]
    assert starts == sorted(set(starts))
