"""The words for what came of an address: one table for findings, reports and lists (rules/tables/outcomes.yaml)."""

from __future__ import annotations

from collections.abc import Collection

from scoring.data import table


def refusal(reason: str) -> str:
    """Why an address was not read, in Chinese; an HTTP status is spelled out, an unknown word stays as it is."""
    status = reason.removeprefix("http-")
    if status.isdigit():
        return f"返回状态码 {status}"
    return str(table("outcomes")["unread"].get(reason, reason))


def outcome_of_page(outcome: str) -> str:
    """What came of an address, in Chinese."""
    return str(table("outcomes")["read"].get(outcome, "未读"))


def remedy(reasons: Collection[str]) -> str:
    """What to do where nothing at all was read, for these reasons."""
    words = table("outcomes")
    for known in words["remedies"]:
        if not set(known["reasons"]).isdisjoint(reasons):
            return str(known["text"])
    return str(words["other_remedy"])
