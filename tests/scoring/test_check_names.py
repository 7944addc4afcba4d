"""Checks are told apart by the names that rule files use."""

from __future__ import annotations

from scoring.checks import ALL, BY_NAME


def test_no_two_checks_share_a_name() -> None:
    assert len(BY_NAME) == len(ALL)
