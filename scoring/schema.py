"""JSON Schemas of files: what is right is told fast, what is wrong is told with its place."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

import jsonschema_rs

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError


class Schema:
    """A JSON Schema (2020-12) in a file, formats of strings included."""

    def __init__(self, file: Traversable) -> None:
        self.name = file.name
        self._file = file

    def errors(self, value: Any) -> Iterable[ValidationError]:
        """What is wrong with a value, in the order of the schema; nothing where it keeps it."""
        return () if self._kept(value) else self._slow.iter_errors(value)

    def fault(self, value: Any) -> ValidationError | None:
        """What is most wrong with a value; None where it keeps the schema."""
        if self._kept(value):
            return None
        from jsonschema.exceptions import best_match

        worst: ValidationError | None = best_match(self._slow.iter_errors(value))
        return worst

    @cached_property
    def _text(self) -> str:
        return self._file.read_text(encoding="utf-8")

    @cached_property
    def _fast(self) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(self._text, validate_formats=True)

    @cached_property
    def _slow(self) -> Draft202012Validator:
        # The reference implementation takes a hundred times as long, and alone says which fault matters most.
        import json

        from jsonschema import Draft202012Validator

        return Draft202012Validator(json.loads(self._text), format_checker=Draft202012Validator.FORMAT_CHECKER)

    def _kept(self, value: Any) -> bool:
        try:
            return self._fast.is_valid(value)
        except (ValueError, TypeError, RecursionError):
            # What JSON cannot say (keys that are no text, bytes) is left to the reference implementation.
            return False
