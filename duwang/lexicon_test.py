"""``duwang rules test --lexicon``: a user's word list tried on right text, before it makes false findings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from duwang.own_lexicon import joined
from scoring.data import RULES
from scoring.rules import RuleSet
from scoring.wording.lexicons import Lexicons, shipped
from scoring.wording.own import shields

_AROUND = 8  # characters on either side of a collision that are shown


def collisions(paths: list[Path], rules: RuleSet) -> tuple[int, list[str]]:
    """The number of entries, and a line for each that stands in right text: it would make a false finding there.

    Right text is what the shipped lexicons call right, the examples of rules on text that pass, and the base documents
    of examples.
    """
    own = joined(paths)
    lexicons = Lexicons(own.entries)
    seen: dict[str, str] = {}
    for what, text in _right_texts(rules):
        for match in (match for found in lexicons.search(text).values() for match in found):
            wrong = match.entry.find[0]
            if wrong in seen or shields(match.entry.data.get("unless", ()), text, match.start, match.end):
                continue
            around = text[max(0, match.start - _AROUND) : match.end + _AROUND].replace("\n", " ")
            seen[wrong] = f"“{wrong}”出现在正确的文字中：“{around}”（{what}）；请加长词条，或在“不查的语境”中写明。"
    return len(own.entries), list(seen.values())


def _right_texts(rules: RuleSet) -> Iterator[tuple[str, str]]:
    for entry in shipped().entries:
        right = entry.data.get("right")
        if isinstance(right, str):
            yield "词表", right
    for rule in rules.rules:
        for example in rule.examples if rule.of("text") is not None else ():
            if example["expect"] == "pass" and "text" in example["given"]:
                yield f"规则 {rule.code} 的例子", example["given"]["text"]
    for path in sorted((RULES / "examples").glob("*.md")):
        yield "例文", path.read_text(encoding="utf-8")
