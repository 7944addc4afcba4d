"""Schemas of files: the fast judge never takes what the reference implementation refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scoring.schema import Schema

SCHEMA = {
    "type": "object",
    "properties": {
        "day": {"type": "string", "format": "date"},
        "id": {"type": "string", "pattern": "^[a-z]{2}$"},
        "count": {"type": "integer", "minimum": 1},
    },
    "required": ["id"],
    "additionalProperties": False,
}


@pytest.fixture
def schema(tmp_path: Path) -> Schema:
    path = tmp_path / "thing.schema.json"
    path.write_text(json.dumps(SCHEMA), encoding="utf-8")
    return Schema(path)


def test_what_keeps_the_schema_has_no_fault(schema: Schema) -> None:
    value = {"id": "ab", "day": "2026-03-10", "count": 2}
    assert schema.fault(value) is None and not list(schema.errors(value)) and schema.name == "thing.schema.json"


@pytest.mark.parametrize(
    ("value", "validator"),
    [
        ({}, "required"),
        ({"id": "AB"}, "pattern"),
        ({"id": "ab", "count": 0}, "minimum"),
        ({"id": "ab", "count": True}, "type"),
        ({"id": "ab", "day": "2026-02-30"}, "format"),
        ({"id": "ab", 1: 2}, "additionalProperties"),
        ({"id": b"ab"}, "type"),
        ({"id": "\ud800"}, "pattern"),
        ([], "type"),
    ],
)
def test_each_fault_is_told_by_the_reference(schema: Schema, value: Any, validator: str) -> None:
    fault = schema.fault(value)
    assert fault is not None and fault.validator == validator
    assert [error.validator for error in schema.errors(value)][-1] in (validator, "required")


def test_a_value_of_three_hundred_levels_does_no_harm(schema: Schema) -> None:
    deep: list[Any] = []
    for _ in range(300):
        deep = [deep]
    fault = schema.fault(deep)
    assert fault is not None and fault.validator == "type"
