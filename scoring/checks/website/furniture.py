"""What an article shows beside its text: time, source, and the path to it (发展指引, 内容页要素)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from crawler.evidence import Facts
from scoring.checks.website.footer import may_be_drawn
from scoring.checks.website.identity import header_of
from scoring.checks.website.looking import Fold, Look, furniture, look, points_of
from scoring.checks.website.tags import is_item, tag_of
from scoring.results import PageCheck, SiteCase, SiteResult
from scoring.site.view import PageView, SiteView

_Part = Literal["date", "source", "path"]


class ContentFurniture(PageCheck):
    """Articles show when they were published, where they come from and where on the site they stand.

    Articles are pages with a date or a tag of content. Of each template on which a part was not recognised one page
    is read anew; said to be missing is what left no trace there either. All for a person: the list of parts was not
    confirmed against its source.
    """

    use: Literal["content_furniture"]
    parts: tuple[_Part, ...]

    def watch(self, case: SiteCase, on: date) -> _Furniture:
        return _Furniture(self, case.view)


class _Furniture:
    """Articles on which a part was not recognised."""

    def __init__(self, check: ContentFurniture, view: SiteView) -> None:
        self._view = view
        self._lacking: dict[_Part, Fold] = {part: Fold() for part in check.parts}
        self._looks: dict[str, Look | None] = {}
        self._articles = 0

    def see(self, page: PageView) -> None:
        if page.page.kind != "article" or not self._view.is_own(page.url):
            return
        if not is_item(page):
            return
        self._articles += 1
        for part, lacking in self._lacking.items():
            if not _recognised(part, page, page.facts):
                lacking.add(page.url)

    def results(self) -> Iterator[SiteResult]:
        for part, lacking in self._lacking.items():
            pages = lacking.without(url for url in lacking.looked if not self._is_missing(part, url))
            if self._articles > len(pages):
                yield SiteResult("pass", times=self._articles - len(pages))
            if pages:
                values = {"part": furniture()["content"][part]["name"], "count": len(pages), "total": self._articles}
                first, *others = points_of(url for url in lacking.looked if url in pages)
                yield SiteResult(
                    "needs_review", "missing", values, point=first, points=tuple(others), pages=pages, place=part
                )

    def _is_missing(self, part: _Part, url: str) -> bool:
        if url not in self._looks:
            self._looks[url] = look(self._view, url)
        page = self._looks[url]
        return page is not None and not _leaves_trace(part, page)


def _recognised(part: _Part, page: PageView, facts: Facts) -> bool:
    """Whether the crawl read a part where a reader sees it, not only in a tag."""
    if part == "date":
        return any(seen.origin == "text" for seen in facts.dates)
    if part == "source":
        printed = any(item.name in ("source", "issuer") and item.value for item in facts.fields)
        return printed or any(facts.source and facts.source in seen.quote for seen in facts.dates)
    return bool(facts.breadcrumb) and facts.breadcrumb != (tag_of(page, "ColumnName"),)


def _leaves_trace(part: _Part, page: Look) -> bool:
    """Whether anything outside of the text could be the part, or the header may be drawn by a script."""
    words: dict[str, Any] = furniture()["content"][part]
    texts = _beside(page)
    if part == "date":
        return any(re.search(words["pattern"], text) for text in texts)
    if any(word in text for text in texts for word in words["words"]):
        return True
    if part == "source":
        return False
    trail = (words["home"] in text and any(mark in text for mark in words["separators"]) for text in texts)
    return any(trail) or may_be_drawn(page, header_of(page))


def _beside(page: Look) -> list[str]:
    """The texts of a page but for the middle of its main text."""
    data = furniture()
    begin, end = page.document.main
    first, last = begin + data["content_lead"], end - data["content_tail"]
    return [block.text for n, block in enumerate(page.blocks) if n < first or n >= last]
