"""The name under which a finding is known again: rule, subject, place and words that survive a re-crawl."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from scoring.inspection import Finding, Where
from scoring.text import bare

_LENGTH = 20  # hex digits of a fingerprint
_DETAIL = 6  # further ones that tell findings with the same fingerprint apart
_MARK = "-"

_NUMERALS = re.compile(r"[0-9零○一二三四五六七八九十百千万亿]+")
_SCHEME = re.compile(r"\b(?:https?://)(?:www\.)?", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>?")


def skeleton(text: str) -> str:
    """A text without spaces, marks and figures: a new date, a new number or a renumbered heading leaves it as it is."""
    return _NUMERALS.sub("0", bare(text))


def settled(place: str) -> str:
    """A place that a check named, without the scheme of addresses in it; its figures tell it from others, and stay."""
    return bare(_SCHEME.sub("", place))


def words_of(quote: str, where: Where) -> str:
    """The skeleton of a quote; of markup only what a reader sees, which a new template leaves as it is."""
    return skeleton(_MARKUP.sub("", quote)) or skeleton(quote) if where.layer == "source" else skeleton(quote)


def print_of(rule: str, place: str, message: str) -> str:
    """The fingerprint of a message of a rule about a place."""
    return _hash(f"{rule}|{place}|{message}", _LENGTH)


def family(fingerprint: str) -> str:
    """The fingerprint without what tells it from others of the same rule, place and words."""
    return fingerprint.partition(_MARK)[0]


def told_apart(findings: Sequence[Finding]) -> list[str]:
    """The fingerprint of each finding, as it is where no other one has it.

    Where several have it, each gets a mark of its own words and its address, so that none depends on what stands before
    it; only those that agree in these too are numbered.
    """
    sizes: dict[str, int] = {}
    for finding in findings:
        sizes[finding.fingerprint] = sizes.get(finding.fingerprint, 0) + 1
    taken: dict[str, int] = {}
    result = []
    for finding in findings:
        name = finding.fingerprint
        if sizes[name] > 1:
            name += _MARK + _hash(f"{bare(finding.quote)}|{finding.where.url or ''}", _DETAIL)
        taken[name] = taken.get(name, 0) + 1
        result.append(name if taken[name] == 1 else f"{name}.{taken[name]}")
    return result


def _hash(text: str, length: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]
