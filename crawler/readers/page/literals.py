"""Values written in scripts: arrays and objects of JSON or of JavaScript, without running anything."""

from __future__ import annotations

import json
import re
from typing import Any

from crawler.words import load

_TOKEN = re.compile(
    r"""\s+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/
    |(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<number>-?\d{1,18}(?:\.\d{1,18})?(?:[eE][+-]?\d{1,2})?(?![\w.]))
    |(?P<word>[A-Za-z_$][\w$.]*)
    |(?P<mark>[\[\]{},:])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0", "\n": ""}
_CONSTANTS = {"true": True, "false": False, "null": None, "undefined": None}


class Name(str):
    """A variable that stands where a value is expected."""

    __slots__ = ()


def literal(text: str, start: int) -> Any:
    """Value of the array or object that opens at ``text[start]``: lists, dicts, str, int, float, bool, None, ``Name``.

    Keys without quotes, single quotes, comments and commas at the end are read. ValueError where it is no literal
    (calls, sums, functions), does not end, or breaks the limits of depth and length.
    """
    limits = load("list-data")["limits"]
    text = text[start : start + limits["max_literal"]]
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return _Builder(limits["max_depth"]).read(text)
    return value


def assigned(text: str, name: str) -> Any:
    """Value of the first literal given to the variable ``name``; ValueError where there is none."""
    match = re.search(rf"(?<![\w$.]){re.escape(name)}[\"']?\s{{0,20}}[=:]\s{{0,20}}(?=[\[{{])", text)
    if match is None:
        raise ValueError(f"no value for {name}")
    return literal(text, match.end())


def unescape(quoted: str) -> str:
    """Text of a JavaScript string with its quotes."""
    if "\\" not in quoted:
        return quoted[1:-1]
    found = _ESCAPE.sub(_character, quoted[1:-1])
    # Characters outside of the first plane are written as two escapes.
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return _NAMED.get(code, code)


class _Builder:
    """Builds a value from tokens with a stack of its own: input depth never becomes call depth."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.open: list[list[Any] | dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.done: list[Any] = []

    def read(self, text: str) -> Any:
        at = 0
        while not self.done:
            match = _TOKEN.match(text, at)
            if match is None or match.end() == at:
                raise ValueError(f"no literal at {at}")
            at = match.end()
            if match.lastgroup:
                self._take(match.lastgroup, match[0])
        return self.done[0]

    def _take(self, kind: str, token: str) -> None:
        if kind == "mark":
            self._mark(token)
        elif kind == "string":
            self._value(unescape(token))
        elif kind == "number":
            self._value(float(token) if any(sign in token for sign in ".eE") else int(token))
        else:
            self._value(_CONSTANTS.get(token, Name(token)))

    def _mark(self, token: str) -> None:
        if token in "[{":
            if len(self.open) >= self.depth:
                raise ValueError("literal is nested too deeply")
            self.open.append([] if token == "[" else {})
            self.keys.append(None)
        elif token in "]}":
            closed = self.open.pop() if self.open else None
            if not isinstance(closed, list if token == "]" else dict) or self.keys.pop() is not None:
                raise ValueError("literal is closed wrongly")
            self._value(closed)

    def _value(self, value: Any) -> None:
        if not self.open:
            self.done.append(value)
        elif isinstance(inside := self.open[-1], list):
            inside.append(value)
        elif (key := self.keys[-1]) is None:
            self.keys[-1] = str(value)
        else:
            inside[key] = value
            self.keys[-1] = None
