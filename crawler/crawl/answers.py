"""What an answer of a server is: content, a refusal, a challenge, or a request to slow down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from crawler.words import load

# A comment, an element without text, a link, text, or a run of other tags. Linear on any input: no two alternatives
# start alike, and none looks further than its own end.
_PIECES = re.compile(
    r"<(?:(!--)|(script|style)(?![a-z])|(a)(?![a-z]))[^<>]*>?\s*"
    r"|([^<]+)"
    r"|(?:<(?!!--|(?:script|style|a)(?![a-z]))[^<>]*>?\s*)+",
    re.IGNORECASE | re.ASCII,
)
_COMMENT, _TEXTLESS, _LINK, _TEXT = 1, 2, 3, 4
_ENDS = {tag: re.compile(f"</{tag}", re.IGNORECASE) for tag in ("script", "style")}
_COMMENT_END = re.compile("(?<=-->)")


class _Signature(NamedTuple):
    outcome: str
    markup: tuple[str, ...]
    any: tuple[str, ...]
    says: tuple[str, ...]
    max_text: int
    max_links: int


class _Glance(NamedTuple):
    """Visible text without white space, in lower case, and the number of links; None where there is too much."""

    text: str
    links: int


def outcome_of(status: int, headers: Mapping[str, str], text_head: str) -> str:
    """``content``, ``blocked``, ``challenged``, ``throttled``, ``gone`` or ``http-NNN``.

    ``text_head`` is the decoded body (HTML source), whole where it is not longer than ``answers.max_body`` of
    ``data/manners.yaml``; ``""`` for anything that is no text. Only short pages with few links are ever taken for
    a block or challenge page, so a long one costs little here. A redirect is ``http-3NN``.
    """
    rules = load("manners")["answers"]
    if 200 <= status < 300 or status in rules["looked_into"]:
        said = _by_headers(headers) or _by_page(text_head)
        if said:
            return said
    if 200 <= status < 300:
        return "content"
    for outcome in ("blocked", "challenged", "throttled", "gone"):
        if status in rules[outcome]:
            return outcome
    return f"http-{status}"


def _by_headers(headers: Mapping[str, str]) -> str:
    signs = load("manners")["answers"]["headers"]
    lower = {name.lower(): value.lower() for name, value in headers.items()}
    return next((sign["outcome"] for sign in signs if lower.get(sign["header"]) == sign["value"]), "")


def _by_page(source: str) -> str:
    if not source or len(source) > load("manners")["answers"]["max_body"]:
        return ""
    signatures = _signatures()
    glance = _glance(source, max(one.max_text for one in signatures), max(one.max_links for one in signatures))
    if glance is None:
        return ""
    return next((one.outcome for one in signatures if _holds(one, source, glance)), "")


def _holds(one: _Signature, source: str, glance: _Glance) -> bool:
    if len(glance.text) > one.max_text or glance.links > one.max_links:
        return False
    if one.says and not any(phrase in glance.text for phrase in one.says):
        return False
    if one.any and not any(token in source for token in one.any):
        return False
    return all(token in source for token in one.markup)


def _glance(source: str, max_text: int, max_links: int) -> _Glance | None:
    """Read the visible text, and stop as soon as the page is longer than any block page."""
    pieces: list[str] = []
    length = links = position = 0
    while position < len(source):
        match = _PIECES.match(source, position)
        if match is None:
            break
        position = match.end()
        kind = match.lastindex
        if kind == _TEXT:
            text = "".join(match[0].split())
            pieces.append(text)
            length += len(text)
        elif kind == _LINK:
            links += 1
        elif kind == _COMMENT:
            position = _next(_COMMENT_END, source, match.start() + 4)
        elif kind == _TEXTLESS:
            position = _next(_ENDS[match[2].lower()], source, position)
        if length > max_text or links > max_links:
            return None
    return _Glance("".join(pieces).lower(), links)


def _next(end: re.Pattern[str], source: str, start: int) -> int:
    """Where the element or comment ends; the end of the page where that is missing, as browsers do it."""
    found = end.search(source, start)
    return found.start() if found else len(source)


@cache
def _signatures() -> tuple[_Signature, ...]:
    rules: dict[str, Any] = load("manners")["answers"]

    def tokens(named: dict[str, Any], name: str) -> tuple[str, ...]:
        value = named.get(name, ())
        return tuple(rules[value] if isinstance(value, str) else value)

    return tuple(
        _Signature(
            named["outcome"],
            tokens(named, "markup"),
            tokens(named, "any"),
            tuple(phrase.lower() for phrase in tokens(named, "says")),
            named.get("max_text", rules["max_text"]),
            named.get("max_links", rules["max_links"]),
        )
        for named in rules["signatures"]
    )
