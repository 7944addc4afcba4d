"""One fault is told once, by the rule that knows more of it."""

from __future__ import annotations

from dataclasses import replace

from test_reports.samples import LATE

from scoring.told_once import told_once

HERE = replace(LATE.where, block=3, start=10, end=20)
SPECIAL = replace(LATE, rule="WS-110", where=HERE)


def general(**place: object) -> object:
    return replace(LATE, rule="RD-101", where=replace(HERE, **place))  # type: ignore[arg-type]


def test_the_same_words_are_left_to_the_special_rule() -> None:
    inside, beside, other_block = general(start=14, end=16), general(start=20, end=24), general(block=4)
    assert told_once([inside, SPECIAL, beside, other_block]) == [SPECIAL, beside, other_block]  # type: ignore[list-item]


def test_without_the_special_rule_the_general_one_speaks() -> None:
    alone = general()
    assert told_once([alone]) == [alone]  # type: ignore[list-item]
