"""The path to a page as it prints it: 当前位置：首页 > 政务公开 > 通知公告."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import Any

from crawler.readers.page.scan import Scan
from crawler.words import load

_CLIMB = 4
_EDGES = " :：　/|·-—"


def breadcrumb(page: Scan) -> tuple[str, ...]:
    """Names of the columns above the page, from the home page down, without it; () where none is shown."""
    sign = _words()["sign"]
    signed = (number for number, text in enumerate(page.texts) if sign in text and page.shown[number])
    for number in islice(signed, _words()["tries"]):
        begin, end, block = page.lines[number]
        at = _label_piece(page, begin, end)
        found = _labelled(page, at, end, block) if at is not None else ()
        if found:
            return found
    return _unlabelled(page)


def _label_piece(page: Scan, begin: int, end: int) -> int | None:
    """The piece of a line that begins with a label."""
    for at in range(begin, end):
        folded = "".join(page.pieces[at].split())
        if folded and len(folded) < 60 and _starts_with_label(folded):
            return at
    return None


def _starts_with_label(text: str) -> bool:
    for label in _words()["labels"]:
        if text.startswith(label):
            rest = text[len(label) :]
            return not rest or not rest[0].isalnum() or len(label) > 3
    return False


def _labelled(page: Scan, at: int, end: int, block: int) -> tuple[str, ...]:
    """The trail behind a label; the two may be neighbours, so look a little further up until names turn up."""
    holders = (block, *islice(page.above(block), _CLIMB - 1))
    for holder, stop in zip((block, *holders), (end, *(page.ends[above] for above in holders)), strict=True):
        if page.has_link(holder) and (found := _crumbs(page, at, stop)):
            return found
    return ()


def _unlabelled(page: Scan) -> tuple[str, ...]:
    """A trail without a label: the home page, a separator, another link."""
    words = _words()
    homes, strong = frozenset(words["home"]), frozenset(words["separators"])
    weak = frozenset(words["weak_separators"])
    for here in page.anchors:
        if page.ends[here] - page.begins[here] > 3 or "".join(page.text(here).split()) not in homes:
            continue
        for around in islice(page.above(here), 3):
            texts = page.folded(page.begins[around], page.ends[around], 200)
            if not texts or not page.has_link(around):
                continue
            # Style sheets draw the separators of some.
            named = _is_named(page, around) and (page.has_link(around, 2) or not weak.isdisjoint(texts))
            if named or (page.has_link(around, 2) and not strong.isdisjoint(texts)):
                found = _crumbs(page, page.begins[around], page.ends[around])
                if found:
                    return found
    return ()


def _is_named(page: Scan, here: int) -> bool:
    """Whether an element or the one around it calls itself a trail."""
    return any(
        _tokens().fullmatch(token)
        for one in (here, page.parents[here])
        for name in ("id", "class")
        for token in page.attributes[one].get(name, "")[:300].split()
    )


def _crumbs(page: Scan, begin: int, end: int) -> tuple[str, ...]:
    words = _words()
    texts = page.folded(begin, end, words["max_line"])
    if texts is None:
        return ()
    names: list[str] = []
    labels = tuple(words["labels"])
    for text in texts:
        for part in _separator().split(text):
            name = part.strip(_EDGES)
            if name.startswith(labels):
                name = _after_label(name, words["labels"])
            if not name or "".join(name.split()) in words["home"] or name in words["not_columns"]:
                continue
            names.append(name)
    kept = [name for name in names if len(name) <= words["max_name"]]
    return tuple(dict.fromkeys(kept[: words["max_parts"]]))


def _after_label(text: str, labels: list[str]) -> str:
    label = max((label for label in labels if text.startswith(label)), key=len)
    return text[len(label) :].strip(_EDGES)


@cache
def _tokens() -> re.Pattern[str]:
    return re.compile(_words()["tokens"], re.IGNORECASE)


@cache
def _separator() -> re.Pattern[str]:
    words = _words()
    strong = "|".join(map(re.escape, sorted(words["separators"], key=len, reverse=True)))
    weak = "|".join(map(re.escape, sorted(words["weak_separators"], key=len, reverse=True)))
    return re.compile(rf"\s*(?:{strong})\s*|(?:^|\s+)(?:{weak})(?:\s+|$)")


def _words() -> dict[str, Any]:
    words: dict[str, Any] = load("page-facts")["breadcrumb"]
    return words
