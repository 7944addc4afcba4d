"""Labelled values in running lines of a page: 留言时间：2025-03-02, or a label and its value one below the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from crawler.evidence import Document
from scoring.text import fold, key

_NUMBERED = r"(?:[(\[]?[一二三四五六七八九十\d]{1,3}[)\].、]{1,2}\s{0,3})?"
_FRONT = re.compile(rf"^\s{{0,9}}{_NUMBERED}")
_EDGES = " \u3000|;；,，[【(（"
_MOST_LINES = 60  # lines that one value may run over
_LONGEST_LINE = 24  # characters of a line that may be a label and nothing else


class Said(NamedTuple):
    """One labelled value: the classes of its label, the label and the value as written, "" where it is left blank."""

    names: tuple[str, ...]
    label: str
    value: str


class Labels:
    """A set of labels by class; a label may be of several. Compared without spaces and marks, numbers before them left
    out."""

    def __init__(self, labels: Mapping[str, Iterable[str]]) -> None:
        self._names: dict[str, tuple[str, ...]] = {}
        for name, written in labels.items():
            for label in written:
                self._names[label] = (*self._names.get(label, ()), name)
        longest_first = sorted(self._names, key=len, reverse=True)
        either = "|".join(map(re.escape, longest_first))
        self._inside = re.compile(rf"(?:^|(?<=[\s|,;，；]))[\[(]?{_NUMBERED}({either})[\])]?\s{{0,3}}:")

    def label(self, text: str) -> str:
        """The label that a text is, without marks; "" where it is something else, or more."""
        bare = key(_FRONT.sub("", fold(text))) if len(text) <= _LONGEST_LINE else ""
        return bare if bare in self._names else ""

    def names(self, text: str) -> tuple[str, ...]:
        """The classes of a text that is a label."""
        return self._names.get(self.label(text), ())

    def read(self, lines: Sequence[str]) -> list[Said]:
        """The labelled values of lines, in order. A blank line right behind a label is its empty value."""
        found: list[Said] = []
        open_label = ""
        value: list[str] = []

        def close() -> None:
            if open_label:
                found.append(Said(self._names[open_label], open_label, "\n".join(value).strip()))

        for line in lines:
            parts = list(self._parts(line))
            if not parts:
                # An empty cell is the value of the label before it: what follows belongs to no label.
                if open_label and not line.strip() and not value:
                    close()
                    open_label = ""
                elif len(value) < _MOST_LINES:
                    value.append(line)
                continue
            for label, rest in parts:
                close()
                open_label, value = label, [rest] if rest else []
        close()
        return found

    def _parts(self, line: str) -> Iterator[tuple[str, str]]:
        """(label, value) of the labels in a line, none where it has none; text before the first is passed over."""
        if label := self.label(line):
            yield label, ""
            return
        matches = list(self._inside.finditer(fold(line))) if ":" in line or "：" in line else []
        for number, match in enumerate(matches):
            end = matches[number + 1].start() if number + 1 < len(matches) else len(line)
            yield match[1], line[match.end() : end].strip(_EDGES)


def lines_of(document: Document) -> list[str]:
    """The lines of the main text of a document; each cell of a table is one, empty ones too."""
    first, last = document.main
    return [line for block in document.blocks[first:last] for line in re.split(r"[\n\t]", block.text)]
