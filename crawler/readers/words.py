"""The words and thresholds of ``crawler/data/page-words.yaml``, compiled once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from crawler.words import load

_BRACKETS = re.compile(r"[\s\[\]【】〔〕:：]+")
_COLON = r"[\s\]】〕]*[:：]"


@dataclass(frozen=True, slots=True)
class Label:
    """One known label of a metadata block. ``strong``: it names such a block by itself."""

    name: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Words:
    """Compiled page words. ``labels`` maps a bare label to its field; patterns expect text as read."""

    labels: dict[str, Label]
    label: re.Pattern[str]
    value_end: re.Pattern[str]
    value: re.Pattern[str]
    chrome_token: re.Pattern[str]
    content_token: re.Pattern[str]
    section: re.Pattern[str]
    endings: tuple[str, ...]
    fields: dict[str, Any]
    chrome: dict[str, Any]
    layout: dict[str, Any]

    def label_of(self, text: str) -> Label | None:
        """The field whose label is the whole of ``text`` (colon, brackets and spaces do not matter)."""
        return self.labels.get(_BRACKETS.sub("", text)) if len(text) <= 24 else None

    def holds_label(self, text: str) -> bool:
        """Whether a label with its colon stands anywhere in ``text``."""
        return has_colon(text) and self.label.search(text) is not None


def has_colon(text: str) -> bool:
    """Whether a label can stand in ``text``: asked first, for the pattern of all labels costs a hundred times that."""
    return ":" in text or "：" in text


def _spaced(words: list[str]) -> str:
    """Alternation, longest first; white space may stand between the characters of a word."""
    return "|".join(r"[\s　]*".join(map(re.escape, word)) for word in sorted(words, key=lambda w: (-len(w), w)))


def _tokens(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def _value_pattern(values: dict[str, Any]) -> re.Pattern[str]:
    marks = "|".join(map(re.escape, values["none"]))
    units = "|".join(map(re.escape, sorted(values["units"], key=lambda w: (-len(w), w))))
    number = r"[+\-−]?\s?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
    return re.compile(rf"(?:{marks}|{number}\s?(?:%|‰|{units})?)?")


@lru_cache(maxsize=1)
def words() -> Words:
    """Load and compile the page words (once per process)."""
    data = load("page-words")
    fields = data["fields"]
    labels: dict[str, Label] = {}
    for strength in ("strong", "weak"):
        for name, spellings in fields[strength].items():
            for spelling in spellings:
                labels.setdefault(spelling, Label(name, strength == "strong"))
    chrome = data["chrome"]
    other = _spaced(fields["other"])
    return Words(
        labels=labels,
        label=re.compile(rf"(?P<label>{_spaced(list(labels))}){_COLON}"),
        value_end=re.compile(
            rf"[\s|｜丨\[【]+[\u4e00-\u9fff]{{2,8}}\s*[:：]|(?:^|[\s|｜丨\[【])[\s\[【]*(?:{other})|(?:{other})\s*[:：]"
        ),
        value=_value_pattern(data["values"]),
        chrome_token=_tokens(chrome["tokens"]),
        content_token=_tokens(chrome["content"]),
        section=re.compile(chrome["section_start"]),
        endings=tuple(data["attachments"]["endings"]),
        fields=fields,
        chrome=chrome,
        layout=data["layout"],
    )
