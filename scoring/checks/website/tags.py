"""The tags (``<meta>``) that pages of a site must have (网页设计规范: 网站标签, 栏目标签, 内容页标签)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from typing import Literal

from scoring.checks.website.looking import Fold, furniture
from scoring.results import PageCheck, Point, SiteCase, SiteResult
from scoring.site.view import PageView, SiteView
from scoring.text import key

_Kind = Literal["home", "column", "content"]
_NAMES: dict[_Kind, str] = {"home": "首页", "column": "栏目页", "content": "内容页"}


class TagsPresent(PageCheck):
    """Home, column and content pages have their required tags, filled in; names in any case of letters.

    Asked for are pages that are what they are beyond doubt: lists, columns that the crawl kept or that have a tag of
    a column, articles with a date or a tag of content. One result for each kind of page.
    """

    use: Literal["tags_present"]
    site: tuple[str, ...]
    column: tuple[str, ...]
    content: tuple[str, ...]

    def watch(self, case: SiteCase, on: date) -> _Tags:
        return _Tags(self, case.view)


class _Tags:
    """By kind of page: how many there are, which lack a tag, and which tags these lack."""

    def __init__(self, check: TagsPresent, view: SiteView) -> None:
        self._view = view
        self._of_column = frozenset(name.lower() for name in check.column)
        self._of_content = frozenset(name.lower() for name in check.content)
        self._required: dict[_Kind, tuple[tuple[str, str], ...]] = {
            "home": _pairs(check.site),
            "column": _pairs(check.site + check.column),
            "content": _pairs(check.site + check.column + check.content),
        }
        self._known = frozenset(low for _, low in self._required["content"])
        self._pages: Counter[_Kind] = Counter()
        self._lacking: dict[_Kind, Fold] = {kind: Fold() for kind in self._required}
        self._missing: dict[_Kind, Counter[str]] = {kind: Counter() for kind in self._required}
        self._samples: dict[_Kind, dict[str, str]] = {kind: {} for kind in self._required}

    def see(self, page: PageView) -> None:
        if page.page.kind == "other" or not self._view.is_own(page.url):
            return
        filled = page.once(_filled) & self._known
        kind = self._kind(page, filled)
        if kind is None:
            return
        self._pages[kind] += 1
        missing = [name for name, low in self._required[kind] if low not in filled]
        if not missing:
            return
        self._lacking[kind].add(page.url)
        for name in missing:
            self._missing[kind][name] += 1
            self._samples[kind].setdefault(name, page.url)

    def _kind(self, page: PageView, filled: frozenset[str]) -> _Kind | None:
        kind = page.page.kind
        if kind == "home":
            return "home"
        if kind == "list":
            return "column"
        if kind == "column":
            known = self._view.column_at(page.url) is not None or not filled.isdisjoint(self._of_column)
            return "column" if known else None
        if kind == "article":
            return "content" if is_item(page) else "column" if _is_column(page) else None
        return None

    def results(self) -> Iterator[SiteResult]:
        for kind, total in self._pages.items():
            lacking = self._lacking[kind]
            if total > len(lacking):
                yield SiteResult("pass", times=total - len(lacking))
            if not lacking.pages:
                continue
            missing = self._missing[kind]
            told = "{}" if kind == "home" else "{}（{} 页）"
            tags = "、".join(told.format(tag, missing[tag]) for tag, _ in self._required[kind] if missing[tag])
            values = {"kind": _NAMES[kind], "total": total, "count": len(lacking), "tags": tags}
            name = "home" if kind == "home" else "missing"
            first, *others = [Point(url, tag=tag, label=tag) for tag, url in self._samples[kind].items()]
            yield SiteResult(
                "fail", name, values, point=first, points=tuple(others), pages=tuple(lacking.pages), place=kind
            )


def is_item(page: PageView) -> bool:
    """Whether an article is an item beyond doubt: it has its tag, or a date and a title that is not its column's."""
    if is_filled(tag_of(page, "ArticleTitle")):
        return True
    return page.page.published is not None and not _is_column(page)


def _is_column(page: PageView) -> bool:
    """Whether a text stands for a column: its title is the name of the column, or ends in it."""
    name = key(tag_of(page, "ColumnName") or (page.facts.breadcrumb[-1] if page.facts.breadcrumb else ""))
    return bool(name) and key(page.page.title).endswith(name)


def tag_of(page: PageView, name: str) -> str:
    """The value of a meta tag, its name as the regulation writes it or in other letters; "" where there is none."""
    value = page.facts.tags.get(name)
    if value is None:
        value = page.once(_lowered).get(name.lower(), "")
    return value.strip()


def _lowered(page: PageView) -> dict[str, str]:
    """The tags of a page by their names in small letters, the first of each."""
    found: dict[str, str] = {}
    for name, value in page.facts.tags.items():
        found.setdefault(name.lower(), value)
    return found


def _filled(page: PageView) -> frozenset[str]:
    """The names, in small letters, of the tags of a page that say anything."""
    tags = page.facts.tags
    if _unfilled().search("\n".join(tags.values())) is None and all(map(str.strip, tags.values())):
        return _names(tuple(tags))
    return frozenset(name.lower() for name, value in tags.items() if is_filled(value))


@lru_cache(maxsize=256)
def _names(tags: tuple[str, ...]) -> frozenset[str]:
    """Names in small letters; the pages of one template have the same."""
    return frozenset(map(str.lower, tags))


@lru_cache(maxsize=1024)
def is_filled(value: str) -> bool:
    """Whether a tag says anything: not blank, and no mark of a template that nobody filled in."""
    return bool(value) and not value.isspace() and _unfilled().search(value) is None


@cache
def _unfilled() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, furniture()["unfilled"])))


def _pairs(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, name.lower()) for name in names)
