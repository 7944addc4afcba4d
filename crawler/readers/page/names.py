"""What element names and id and class tokens say: menu, footer, main part, main text."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from crawler.words import load

# Areas in the order in which they count where several are named.
_AREAS = ("footer", "nav", "main")
_MAX_TOKENS = 300


@cache
def telling_tags() -> frozenset[str]:
    """Element names that say something by themselves."""
    data = load("page-facts")
    return frozenset(data["main_text"]["tags"]).union(*(data["areas"][f"{area}_tags"] for area in _AREAS))


@lru_cache(maxsize=8192)
def names(tag: str, name: str | None, classes: str | None) -> tuple[str, int]:
    """(area, rank) of an element by its id and class: area is nav, main, footer or "", rank 1 is the surest main text.

    Rank 0 is no main text.
    """
    data = load("page-facts")
    area = next((area for area in _AREAS if tag in data["areas"][f"{area}_tags"]), "")
    rank = 1 if tag in data["main_text"]["tags"] else 0
    parts = [part for tokens in (name, classes) if tokens and len(tokens) <= _MAX_TOKENS for part in tokens.split()]
    area = area or next((area for area in _AREAS if any(map(_area(area).fullmatch, parts))), "")
    rank = rank or next((n for n, known in enumerate(_main_texts(), 1) if any(map(known.fullmatch, parts))), 0)
    return area, rank


@cache
def _area(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in load("page-facts")["areas"][name]), re.IGNORECASE)


@cache
def _main_texts() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one, re.IGNORECASE) for one in load("page-facts")["main_text"]["tokens"])
