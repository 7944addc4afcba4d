"""YAML with line numbers: duplicate keys are faults, and a path into the data leads back to its line."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scoring.schema import Schema
from scoring.yaml_value import DEEPEST, MOST_BYTES, YamlFault, lines_of, value_of

if TYPE_CHECKING:
    from jsonschema import ValidationError


class RuleFileError(Exception):
    """One or more faults of rule files; ``faults`` holds one line each: file, line, what, remedy."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Source:
    """A parsed YAML file: its value, and on demand the line of every path in it."""

    path: Path
    value: Any
    text: str = field(repr=False)

    def line(self, path: tuple[str | int, ...]) -> int:
        """Line (from 1) of a path; of its nearest known parent where the path itself is missing."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    @cached_property
    def _lines(self) -> dict[tuple[str | int, ...], int]:
        # Hundreds of files are read at each start, and lines are asked for where one is at fault.
        return lines_of(self.text)


def load_yaml(path: Path) -> Source:
    """Read one YAML file. Raises RuleFileError as ``parse_yaml``; aliases are taken."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise RuleFileError([f"{path}:1：文件超过 {MOST_BYTES // 1_000_000} MB；请拆分文件"])
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RuleFileError([f"{path}:1：不是 UTF-8 文本；请另存为 UTF-8"]) from error
    return parse_yaml(text, path, aliases=True)


def parse_yaml(text: str, path: Path, *, aliases: bool = False, deepest: int = DEEPEST) -> Source:
    """Read YAML text; ``path`` is what faults call it, ``deepest`` how many levels it may have.

    Raises RuleFileError for syntax errors, duplicate keys (all at once), what is too long or too deep, and aliases (a
    few lines of them can stand for gigabytes) where they are not taken.
    """
    try:
        return Source(path, value_of(text, aliases=aliases, deepest=deepest), text)
    except YamlFault as error:
        raise RuleFileError([f"{path}:{line}：{told}" for line, told in error.faults]) from error


def schema_faults(source: Source, schema: Schema) -> list[str]:
    """What a file says that its schema (a file of ``rules/``) does not allow, one line each with file and line."""
    result = []
    for error in sorted(schema.errors(source.value), key=lambda e: list(map(str, e.absolute_path))):
        at = tuple(error.absolute_path)
        place = "/".join(map(str, at)) or "文件"
        result.append(f"{source.path}:{source.line(at)}：{place}：{_explain(error, schema.name)}")
    return result


def _explain(error: ValidationError, name: str) -> str:
    schema: Any = error.schema
    wanted: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "additionalProperties":
        known = sorted(schema.get("properties", {}))
        extra = sorted(set(instance) - set(known))
        return f"不认识的键“{'、'.join(map(str, extra))}”；可用的键：{'、'.join(known)}"
    if error.validator == "required":
        missing = sorted(set(wanted) - set(instance))
        return f"缺少键“{'、'.join(missing)}”；请补上"
    if error.validator in ("enum", "const"):
        allowed = wanted if isinstance(wanted, list) else [wanted]
        return f"值“{error.instance}”不可用；可用的值：{'、'.join(map(str, allowed))}"
    if error.validator == "type":
        return f"值的类型不对，应为 {wanted}；请改正"
    return f"不合规则文件的格式（{error.message[:120]}）；请对照 {name} 改正"
