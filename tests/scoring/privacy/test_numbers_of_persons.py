"""Numbers of persons are found however they are written, and masked in any text without moving what stands in it."""

from __future__ import annotations

import random

import pytest
from made_persons import card, identity, persons, unsound

from scoring.veil import numbers, organisation, veiled, veiled_part

BORN = identity("19900315", 1)
ENDS_IN_X = next(n for n in (identity("19880712", k) for k in range(99)) if n.endswith("X"))
CARD = card("622848000012345678")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("written", "masked"),
    [
        (BORN, f"62*************{BORN[-3:]}"),
        (ENDS_IN_X.lower(), f"62*************{ENDS_IN_X[-3:].lower()}"),
        (unsound(BORN), f"62*************{unsound(BORN)[-3:]}"),
        (f"G{BORN}", f"G62*************{BORN[-3:]}"),
        (f"{BORN[:6]} {BORN[6:14]} {BORN[14:]}", f"62**** ******** *{BORN[-3:]}"),
        (f"{BORN[:6]}-{BORN[6:14]}-{BORN[14:]}", f"62****-********-*{BORN[-3:]}"),
        (f"{BORN[:9]}\n{BORN[9:]}", f"62*******\n******{BORN[-3:]}"),
        (BORN.translate(WIDE), f"６２*************{BORN[-3:].translate(WIDE)}"),
        ("620199900315001", "62**********001"),
        ("13800001234", "138****1234"),
        ("138-0000-1234", "138-****-1234"),
        ("138 0000 1234", "138 **** 1234"),
        (CARD, f"6228***********{CARD[-4:]}"),
        (f"{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:16]} {CARD[16:]}", f"6228 **** **** ***{CARD[15]} {CARD[16:]}"),
    ],
)
def test_each_way_of_writing_is_masked_with_its_ends_left(written: str, masked: str) -> None:
    text = f"张晓梅，号码{written}，其他不变。"
    assert veiled(text) == f"张晓梅，号码{masked}，其他不变。"
    assert veiled(veiled(text)) == veiled(text)


@pytest.mark.parametrize(
    "text",
    [
        "电话0931-8123456，传真8123456，热线12345",
        "支出13800001234元，比上年增加13800001234.50元，访问13800001234人次",
        "统一社会信用代码91620199MA0123456Q，索引号11620199013895170Q/2024-00012",
        "时间戳20240315123045123，编号2024031512304512345678",
        "网站标识码6201990068，发文日期2024-03-15，2019 2020 2021 2022 2023",
        f"62*************{BORN[-3:]}、138****1234、620199XXXXXXXX0017、620199××××××××0017",
    ],
)
def test_other_numbers_stay_as_they_are(text: str) -> None:
    assert veiled(text) == text


def test_a_list_of_three_hundred_is_masked_whole_and_nothing_moves() -> None:
    made = persons(300)
    text = "\n".join(f"{p.name}\t{p.identity}\t{p.mobile}\t{p.card}" for p in made)
    masked = veiled(text)
    assert len(masked) == len(text)
    assert not [secret for p in made for secret in p.secrets if secret in masked]
    assert [line.split("\t")[0] for line in masked.split("\n")] == [p.name for p in made]
    assert len(numbers(text)) == 900


def test_a_cut_through_a_number_shows_no_more_of_it() -> None:
    text = f"身份证号{BORN}。"
    assert veiled_part(text, 0, 10) == "身份证号62****"
    assert veiled_part(text, 12, len(text)) == f"*******{BORN[-3:]}。"


def test_the_code_of_an_organisation_is_told_by_its_check_sign() -> None:
    letters, weights = "0123456789ABCDEFGHJKLMNPQRTUWXY", [3**place % 31 for place in range(17)]
    draw = random.Random(3)
    for _ in range(50):
        first = "12" + "".join(draw.choice("0123456789") for _ in range(15))
        total = sum(letters.index(sign) * weight for sign, weight in zip(first, weights, strict=True))
        code = first + letters[-total % 31]
        assert organisation(code)
        assert not organisation(first + letters[(1 - total) % 31])
