"""Words that inspectors count as serious (严重表述错误, V1.1); a person confirms every one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from scoring.checks.website.looking import Fold
from scoring.data import table
from scoring.results import PageCheck, Point, SiteCase, SiteResult
from scoring.site.view import PageView, SiteView


@dataclass(frozen=True, slots=True)
class _Entry:
    """One wrong form, the right one, and what around it makes it something else."""

    wrong: str
    right: str
    unless: tuple[str, ...] = ()


class SeriousWords(PageCheck):
    """Titles, main text and footer of pages hold no form of the table ``serious-wording``.

    One behind a quotation mark is quoted as wrong. Each form is one result for the site.
    """

    use: Literal["serious_words"]

    def watch(self, case: SiteCase, on: date) -> _Words:
        return _Words(case.view)


@dataclass(slots=True)
class _Hits:
    entry: _Entry
    fold: Fold = field(default_factory=Fold)
    points: list[Point] = field(default_factory=list)


class _Words:
    """Where each form stands."""

    def __init__(self, view: SiteView) -> None:
        data = table("serious-wording")
        self._view = view
        self._entries = [_Entry(one["wrong"], one["right"], tuple(one.get("unless", ()))) for one in data["forms"]]
        # A single character is looked for in a tenth of the time, and few texts hold all those of a form.
        self._signs = [tuple(dict.fromkeys(entry.wrong)) for entry in self._entries]
        self._quotes: tuple[str, ...] = tuple(data["quotes"])
        self._around: int = data["around"]
        self._most: int = data["most_points"]
        self._hits: dict[str, _Hits] = {}
        self._pages = 0

    def see(self, page: PageView) -> None:
        if not self._view.is_own(page.url):
            return
        self._pages += 1
        parts = (page.page.title, page.facts.text, *(item.value for item in page.facts.footer))
        holds = "\n".join(parts).__contains__
        for entry, signs in zip(self._entries, self._signs, strict=True):
            for part in parts if all(map(holds, signs)) else ():
                if (at := part.find(entry.wrong)) >= 0:
                    self._weigh(entry, part, at, page.url)

    def _weigh(self, entry: _Entry, text: str, at: int, url: str) -> None:
        around = text[max(0, at - self._around) : at + len(entry.wrong) + self._around]
        if any(word in around for word in entry.unless):
            return
        if text[max(0, at - 1) : at] in self._quotes:
            return
        hits = self._hits.setdefault(entry.wrong, _Hits(entry))
        if url not in hits.fold.pages[-1:]:
            hits.fold.add(url)
            if len(hits.points) < self._most:
                hits.points.append(Point(url, words=entry.wrong))

    def results(self) -> Iterator[SiteResult]:
        if not self._hits and self._pages:
            yield SiteResult("pass", times=self._pages)
        for wrong, hits in self._hits.items():
            values = {"wrong": wrong, "right": hits.entry.right, "count": len(hits.fold)}
            yield SiteResult(
                "needs_review", "found", values, point=hits.points[0],
                points=tuple(hits.points[1:]), pages=tuple(hits.fold.pages), place=wrong,
            )  # fmt: skip
