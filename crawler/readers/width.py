"""Tags with more attributes than any page has: parsers compare each attribute of a tag with all before it."""

from __future__ import annotations

import re

from crawler.words import load

_START = re.compile(rb"<(?:(!--)|([a-zA-Z][^\s/>]*+))")
_ATTRIBUTE = re.compile(rb"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|[^\s>\"'][^\s>]*+)?+)?+")
_ENDS = {name: re.compile(b"</" + name, re.IGNORECASE) for name in (b"script", b"style")}


def too_wide(source: bytes) -> bool:
    """Whether a tag has more than ``max_attributes`` (``markup`` of data/page-words.yaml); linear in any input.

    A page that is smaller than ``counted_from`` bytes cannot hold enough of them to matter.
    """
    limits = load("page-words")["markup"]
    if len(source) < limits["counted_from"]:
        return False
    at = 0
    while start := _START.search(source, at):
        at = start.end()
        if start[1]:
            at = _behind(source.find(b"-->", at), source)
            continue
        for _ in range(limits["max_attributes"]):
            attribute = _ATTRIBUTE.match(source, at)
            if attribute is None:
                break
            at = attribute.end()
        else:
            return True
        if end := _ENDS.get(start[2].lower()):
            found = end.search(source, at)
            at = found.end() if found else len(source)
    return False


def _behind(found: int, source: bytes) -> int:
    return found if found >= 0 else len(source)
