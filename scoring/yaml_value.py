"""The value of a YAML text, within bounds of length and depth.

It is put together from the events of libyaml: its own composer calls itself for each level, and a text of many levels
ends the process. Tags, numbers and days are those of YAML 1.1 as PyYAML reads them; days become ISO text.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, Final

import yaml
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

DEEPEST: Final = 50  # levels; those of rules have fewer than 15
MOST_BYTES: Final = 20_000_000  # of a file, and characters of a text
_MOST: Final = 1_000_000  # values, those that aliases repeat counted each time
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STRING: Final = "tag:yaml.org,2002:str"

Path = tuple[str | int, ...]


class YamlFault(Exception):
    """Why a text is not taken: each fault with its line (from 1)."""

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        super().__init__("; ".join(told for _, told in faults))
        self.faults = faults


def value_of(text: str, *, aliases: bool = False, deepest: int = DEEPEST) -> Any:
    """The value of the one document in a text; None where there is none. Raises YamlFault.

    What an alias stands for is the same object in each place.
    """
    return _Reader(text, aliases, deepest, None).read()


def lines_of(text: str) -> dict[Path, int]:
    """The line (from 1) of every path in a text that ``value_of`` took; aliases have the line where they stand."""
    lines: dict[Path, int] = {}
    _Reader(text, True, DEEPEST, lines).read()
    return lines


class _Reader:
    def __init__(self, text: str, aliases: bool, deepest: int, lines: dict[Path, int] | None) -> None:
        self._text, self._aliases, self._deepest, self._lines = text, aliases, deepest, lines
        self._anchored: dict[str, tuple[Any, int]] = {}  # with the number of values in it
        self._count = 0
        self._twice: list[tuple[int, str]] = []

    def read(self) -> Any:
        if len(self._text) > MOST_BYTES:
            raise YamlFault([(1, f"超过 {MOST_BYTES // 10_000} 万字；请拆分文件")])
        try:
            value = self._document()
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise YamlFault([(line, f"YAML 语法错误（{error.problem}）；请改正缩进、引号或冒号")]) from error
        except (yaml.YAMLError, UnicodeError) as error:
            told = " ".join(str(error).split())
            raise YamlFault([(1, f"不是可读的 YAML（{told}）；请检查文件内容")]) from error
        if self._twice:
            raise YamlFault(self._twice)
        return value

    def _document(self) -> Any:
        events: Iterator[Any] = iter(_LOADER(self._text).get_event, None)
        next(events)  # the start of the stream
        if isinstance(next(events), yaml.StreamEndEvent):
            return None
        value = self._value(next(events), events, (), 1)
        next(events)  # the end of the document
        if not isinstance(after := next(events), yaml.StreamEndEvent):
            raise YamlFault([(_line(after), "有不止一个 YAML 文档；请只保留一个")])
        return value

    def _value(self, event: Any, events: Iterator[Any], at: Path, depth: int) -> Any:
        before, self._count = self._count, self._count + 1
        if self._lines is not None:
            self._lines[at] = _line(event)
        if isinstance(event, yaml.AliasEvent):
            value = self._repeated(event)
        elif isinstance(event, yaml.ScalarEvent):
            value = _scalar(event)
        elif depth > self._deepest:
            raise YamlFault([(_line(event), f"超过 {self._deepest} 层，层次过深；请减少层次")])
        elif isinstance(event, yaml.MappingStartEvent):
            value = self._mapping(events, at, depth)
        else:
            value = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                value.append(self._value(item, events, (*at, len(value)), depth + 1))
        if self._count > _MOST:
            raise YamlFault([(_line(event), f"超过 {_MOST // 10_000} 万项；请拆分文件")])
        if event.anchor and not isinstance(event, yaml.AliasEvent):
            self._anchored[event.anchor] = value, self._count - before
        return value

    def _mapping(self, events: Iterator[Any], at: Path, depth: int) -> dict[Any, Any]:
        value: dict[Any, Any] = {}
        while not isinstance(key := next(events), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent):
                raise YamlFault([(_line(key), "键应为文字；请改正")])
            name = _scalar(key)
            if name in value:
                self._twice.append((_line(key), f"键“{name}”重复；请只保留一个"))
            value[name] = self._value(next(events), events, (*at, name), depth + 1)
            if self._lines is not None:
                self._lines[(*at, name)] = _line(key)
        return value

    def _repeated(self, event: Any) -> Any:
        if not self._aliases:
            raise YamlFault([(_line(event), "别名（*）不可使用；请逐项写明")])
        if event.anchor not in self._anchored:
            raise YamlFault([(_line(event), f"别名“{event.anchor}”没有定义；请改正")])
        value, count = self._anchored[event.anchor]
        self._count += count
        return value


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: Any) -> Any:
    text: str = event.value
    tag = event.tag
    if tag is None or tag == "!":
        tag = _implied(text) if event.implicit[0] else _STRING
    if tag == _STRING:
        return text
    try:
        return _tagged(tag, text)
    except (ValueError, yaml.YAMLError) as error:
        raise YamlFault([(_line(event), f"值“{text[:40]}”不可读；请改正，文字可以加引号")]) from error


def _implied(text: str) -> str:
    """The tag of a plain scalar."""
    kinds = Resolver.yaml_implicit_resolvers.get(text[:1], ())
    return next((tag for tag, pattern in kinds if pattern.match(text)), _STRING)


@lru_cache(maxsize=4096)
def _tagged(tag: str, text: str) -> Any:
    value = SafeConstructor().construct_object(yaml.ScalarNode(tag, text))
    return value.isoformat() if isinstance(value, date) else value
