"""YAML with line numbers: duplicate keys are faults, and a path into the data leads back to its line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from yaml.constructor import SafeConstructor


class RuleFileError(Exception):
    """One or more faults of rule files; ``faults`` holds one line each: file, line, what, remedy."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Source:
    """A parsed YAML file: its value and the line of every path in it."""

    path: Path
    value: Any
    lines: dict[tuple[str | int, ...], int]

    def line(self, path: tuple[str | int, ...]) -> int:
        """Line (from 1) of a path; of its nearest known parent where the path itself is missing."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(path: Path) -> Source:
    """Read one YAML file. Raises RuleFileError for syntax errors and duplicate keys, all at once."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RuleFileError([f"{path}:1：不是 UTF-8 文本；请另存为 UTF-8"]) from error
    return parse_yaml(text, path)


def parse_yaml(text: str, path: Path) -> Source:
    """Read YAML text; ``path`` is what faults call it. Raises as ``load_yaml``."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RuleFileError([f"{path}:{line}：YAML 语法错误（{error.problem}）；请改正缩进、引号或冒号"]) from error
    except yaml.YAMLError as error:
        raise RuleFileError([f"{path}:1：不是可读的 YAML（{error}）；请检查文件内容"]) from error
    lines: dict[tuple[str | int, ...], int] = {}
    faults: list[str] = []
    value = _build(node, (), lines, faults, path) if node is not None else None
    if faults:
        raise RuleFileError(faults)
    return Source(path, value, lines)


def _build(
    node: yaml.Node,
    at: tuple[str | int, ...],
    lines: dict[tuple[str | int, ...], int],
    faults: list[str],
    path: Path,
) -> Any:
    lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            name = _scalar(key_node)
            if name in result:
                faults.append(f"{path}:{key_node.start_mark.line + 1}：键“{name}”重复；请只保留一个")
            result[name] = _build(value_node, (*at, name), lines, faults, path)
            lines[(*at, name)] = key_node.start_mark.line + 1
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*at, i), lines, faults, path) for i, item in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    value = SafeConstructor().construct_object(node)
    return value.isoformat() if isinstance(value, date) else value


def schema_faults(
    source: Source, validator: jsonschema.Draft202012Validator, schema: str = "rule.schema.json"
) -> list[str]:
    """What a file says that its schema (a file of ``rules/``) does not allow, one line each with file and line."""
    result = []
    for error in sorted(validator.iter_errors(source.value), key=lambda e: list(map(str, e.absolute_path))):
        at = tuple(error.absolute_path)
        place = "/".join(map(str, at)) or "文件"
        result.append(f"{source.path}:{source.line(at)}：{place}：{_explain(error, schema)}")
    return result


def _explain(error: jsonschema.ValidationError, name: str) -> str:
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
