"""The items that the footer of a site must show (发展指引, 底部功能区)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from datetime import date
from typing import Any, Literal

from crawler.evidence import Facts
from scoring.checks.website.looking import Fold, Look, furniture, look, points_of
from scoring.results import PageCheck, Point, SiteCase, SiteResult
from scoring.site.view import PageView, SiteView

_INNER = ("column", "list", "article")
_State = Literal["shown", "missing", "maybe", "unclear", "drawn"]


class FooterItems(PageCheck):
    """The footer of the home page shows each of the items (names of ``rules/tables/site-furniture.yaml``).

    What is missing on the home page is a failure, that of ``unsure`` for a person. What only the footers of inner pages
    lack, is for a person; so are, where ``bare`` is set, inner pages without any footer. Nothing is said about a footer
    that a script or a frame draws, nor about an item of which there is a trace.
    """

    use: Literal["footer_items"]
    items: tuple[str, ...]
    unsure: tuple[str, ...] = ()
    bare: bool = False

    def watch(self, case: SiteCase, on: date) -> _Footers:
        return _Footers(self, case.view)


class _Footers:
    """Which inner pages lack what."""

    def __init__(self, check: FooterItems, view: SiteView) -> None:
        self._check, self._view = check, view
        self._lacking = {item: Fold() for item in check.items}
        self._bare = Fold()
        self._folds: dict[frozenset[str], list[Fold]] = {}
        self._looks: dict[str, Look | None] = {}

    def see(self, page: PageView) -> None:
        if page.page.kind not in _INNER or not self._view.is_own(page.url):
            return
        names = frozenset([item.name for item in page.facts.footer])
        if names not in self._folds:
            self._folds[names] = self._folds_of(names)
        for fold in self._folds[names]:
            fold.add(page.url)

    def _folds_of(self, names: frozenset[str]) -> list[Fold]:
        """What a page is taken into whose footer has these items: most footers of a site have the same."""
        if not names:
            return [self._bare]
        lacking = self._lacking.items() if _stands_there(names) else ()
        return [fold for item, fold in lacking if names.isdisjoint(_item(item)["shown_by"])]

    def results(self) -> Iterator[SiteResult]:
        front = self._view.front
        home = self._look(front.url) if front else None
        if front is None or home is None:
            yield SiteResult("not_checked", "unread")
            return
        names = {item.name for item in front.facts.footer}
        anchor = anchor_in(home, front.facts)
        for item in self._check.items:
            yield self._of_item(item, state_of(item, names, home), home, anchor)
        if self._check.bare and _stands_there(names):
            yield from self._without_footer()

    def _of_item(self, item: str, state: _State, home: Look, anchor: str) -> SiteResult:
        name = _item(item)["name"]
        inner = self._lacking[item]
        if state == "unclear" and self._is_unlinked(item, home):
            point = Point(home.url, words=next(word for word in _item(item)["words"] if word in home.footer))
            return SiteResult("needs_review", "unlinked", {"item": name}, point=point, place=item)
        if state in ("unclear", "drawn"):
            return SiteResult("not_checked", state, {"item": name})
        pages = self._proven(inner, item)
        values = {"item": name, "count": len(pages)}
        if state == "shown":
            if not pages:
                return SiteResult("pass")
            first, *others = [url for url in inner.looked if url in pages]
            return SiteResult(
                "needs_review", "inner", values, point=self._at(first), points=points_of(others), pages=pages,
                place=f"{item}|inner",
            )  # fmt: skip
        outcome: Literal["fail", "needs_review"] = "fail"
        key = "missing"
        if state == "maybe" or item in self._check.unsure:
            outcome, key = "needs_review", "unsure" if item in self._check.unsure else "maybe"
        point = Point(home.url, words=anchor)
        return SiteResult(outcome, key, values, point=point, pages=(home.url, *pages), place=item)

    def _is_unlinked(self, item: str, home: Look) -> bool:
        """Whether the home page only names an item that has to be a link."""
        known, front = _item(item), self._view.front
        if not known.get("by_link") or front is None or any(mark in home.source for mark in known["marks"]):
            return False
        return not any(word in (link.text or link.title) for link in front.links for word in known["words"])

    def _without_footer(self) -> Iterator[SiteResult]:
        pages = self._proven(self._bare, *self._check.items)
        if pages:
            first, *others = [url for url in self._bare.looked if url in pages]
            values = {"count": len(pages)}
            point = self._at(first)
            yield SiteResult(
                "needs_review", "bare", values, point=point, points=points_of(others), pages=pages, place="bare"
            )

    def _proven(self, fold: Fold, *items: str) -> tuple[str, ...]:
        """The pages of a fold, without templates of which the one page looked at may have one of these items."""
        return fold.without(url for url in fold.looked if not self._lacks(url, items))

    def _lacks(self, url: str, items: tuple[str, ...]) -> bool:
        page, facts = self._look(url), self._view.look(url)
        if page is None or facts is None:
            return False
        names = {item.name for item in facts.facts.footer}
        return all(state_of(item, names, page) == "missing" for item in items)

    def _at(self, url: str) -> Point:
        page, facts = self._look(url), self._view.look(url)
        return Point(url, words=anchor_in(page, facts.facts) if page and facts else "")

    def _look(self, url: str) -> Look | None:
        if url not in self._looks:
            self._looks[url] = look(self._view, url)
        return self._looks[url]


def state_of(item: str, names: set[str], page: Look) -> _State:
    """What is known of an item of a footer. ``names`` are those of the items that were read on the page.

    ``maybe``: it is not in a footer that was read, but a script could draw it; ``unclear``: there is a trace of it;
    ``drawn``: the footer as a whole may be drawn by a script or in a frame.
    """
    known = _item(item)
    if not names.isdisjoint(known["shown_by"]):
        return "shown"
    footer = page.footer
    pattern = known.get("pattern")
    if any(word in footer for word in known["words"]) or any(mark in page.source for mark in known.get("marks", ())):
        return "unclear"
    if pattern and re.search(pattern, footer):
        return "unclear"
    if not _stands_there(names):
        return "drawn" if may_be_drawn(page, page.body) else "missing"
    behind = page.body[_footer_at(page) :]
    return "maybe" if known.get("by_script") and may_be_drawn(page, behind) else "missing"


def may_be_drawn(page: Look, part: str) -> bool:
    """Whether a part of the source holds frames, or scripts that might write something there."""
    words = furniture()
    return (
        any(mark in part for mark in words["frames"])
        or any(mark in part for mark in words["writers"])
        or any(name in part.lower() for name in page.scripts())
    )


def anchor_in(page: Look, facts: Facts) -> str:
    """Words of the footer that stand in one block of the page, to show where it was looked."""
    items = furniture()["text_items"]
    values = (item.value for name in items for item in facts.footer if item.name == name and item.value)
    texts = [block.text for block in page.blocks]
    for value in values:
        if any(value in text for text in texts):
            return value
    return next((text[:30] for text in reversed(texts) if text.strip()), "")


def _footer_at(page: Look) -> int:
    """Where in the body the text of the footer begins, by its codes and registration numbers."""
    body = page.body
    places = [body.rfind(word) for word in furniture()["footer_begins"]]
    found = [at for at in places if at >= 0]
    return min(found) if found else 0


def _stands_there(names: Set[str]) -> bool:
    """Whether so much of a footer was read that it is in the page itself."""
    least: int = furniture()["text_items_seen"]
    return sum(name in names for name in furniture()["text_items"]) >= least


def _item(name: str) -> dict[str, Any]:
    found: dict[str, Any] = furniture()["items"][name]
    return found
