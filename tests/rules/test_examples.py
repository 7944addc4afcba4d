"""Every example of every rule file comes out as the file says."""

from __future__ import annotations

from typing import Any

import pytest

from duwang.rule_examples import run_example
from scoring.rules import Rule, shipped

EXAMPLES = [(rule, example) for rule in shipped().rules for example in rule.examples]


@pytest.mark.parametrize(
    ("rule", "example"), EXAMPLES, ids=[f"{rule.code}-{example['name']}" for rule, example in EXAMPLES]
)
def test_example(rule: Rule, example: dict[str, Any]) -> None:
    assert run_example(rule, example) == ""


def test_every_rule_shows_a_pass_and_what_it_finds() -> None:
    for rule in shipped().rules:
        expected = {example["expect"] for example in rule.examples}
        assert expected & {"pass", "not_applicable"}, rule.code
        assert expected & {"fail", "needs_review"}, rule.code
