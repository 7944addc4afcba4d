"""What stands on the boards of the platform: the rules of disclosure, and no news (国办公开办函〔2019〕61号)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal

from crawler.evidence import Column
from scoring.checks.platform.items import Fold, within
from scoring.checks.platform.region import Door, Platform
from scoring.data import table
from scoring.results import PageCheck, Point, SiteCase, SiteCheck, SiteResult
from scoring.site.view import PageView, SiteView, fit_of


class SystemDocuments(SiteCheck):
    """The board 政府信息公开制度 has documents, and some of them are about disclosure.

    Empty is said only where the list was read whole. Whether its documents are those of disclosure a person judges.
    """

    use: Literal["system_documents"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        platform = case.view.once(Platform)
        ways = platform.ways("disclosure-system")
        read = [door for door in ways if door.state == "read"]
        if read:
            yield self._judge(case.view, read)
        elif ways:
            why = f"“{ways[0].name}”未读{case.view.why(ways[0].url)}"
            yield SiteResult("not_checked", "unread", {"why": why})

    def _judge(self, view: SiteView, doors: list[Door]) -> SiteResult:
        boards = [page for door in doors if (page := view.look(door.url)) is not None]
        columns = [column for page in boards if (column := view.column_at(page.url)) is not None]
        titles = [title for page in boards for title in _titles(view, page)]
        words, least = table("platform")["system_words"], table("platform")["least_text"]
        texts = [page.facts.text for page in boards if len(page.facts.text) >= least]
        front, name = boards[0], doors[0].name
        if any(word in said for said in (*titles, *texts) for word in words):
            return SiteResult("pass")
        if titles:
            values = {"count": len(titles), "titles": "、".join(f"《{within(title)}》" for title in titles[:3])}
            return SiteResult("needs_review", "others", values, point=Point(front.url, titles[0]), place="others")
        if any(column.empty for column in columns) and not any(column.gaps for column in columns):
            quote = next((column.empty_quote for column in columns if column.empty_quote), name)
            return SiteResult("fail", "empty", {"name": name}, point=Point(front.url, quote), place="empty")
        if texts:
            values = {"count": 1, "titles": front.page.title}
            return SiteResult("needs_review", "others", values, point=Point(front.url), place="others")
        return SiteResult("not_checked", "unread", {"why": f"“{name}”没有读到内容"})


def _titles(view: SiteView, board: PageView) -> list[str]:
    """What a board lists: its entries on all pages, else the links in its main part that are no menu."""
    column = view.column_at(board.url)
    pages = column.pages if column is not None else (board.url,)
    entries = [entry.title for url in (*pages, board.url) for entry in view.held.entries(url)]
    if entries:
        return list(dict.fromkeys(entries))
    longest = table("site-places")["longest_name"]
    named = (link.title or link.text for link in board.links if link.area not in ("nav", "footer"))
    return [name for name in dict.fromkeys(named) if len(name) > longest or name.startswith("《")]


class OnTopic(PageCheck):
    """The statutory content holds no news: no columns of that name, no large share of articles that tell of events.

    Only for a person to judge. Notices, plans and results are no news whatever they tell of.
    """

    use: Literal["platform_on_topic"]

    def watch(self, case: SiteCase, on: date) -> _Topics:
        return _Topics(case.view)


class _Topics:
    def __init__(self, view: SiteView) -> None:
        self._view, self._platform = view, view.once(Platform)
        self._data = table("platform")["news"]
        self._tells = re.compile(self._data["titles"])
        self._inside: dict[tuple[str, ...], bool] = {}
        self._read: dict[tuple[str, ...], int] = {}
        self._told: dict[tuple[str, ...], list[tuple[str, str]]] = {}

    def _is_inside(self, path: tuple[str, ...]) -> bool:
        if path not in self._inside:
            spec = self._platform.spec("statutory-content")
            self._inside[path] = any(
                fit_of((name,), spec) or self._platform.is_column(name, "platform") for name in path
            )
        return self._inside[path]

    def see(self, page: PageView) -> None:
        path = page.page.column_path
        if page.page.kind != "article" or not path or not self._is_inside(path):
            return
        self._read[path] = self._read.get(path, 0) + 1
        title = page.page.title
        if self._tells.search(title) and not any(word in title for word in self._data["not"]):
            self._told.setdefault(path, []).append((page.url, title))

    def results(self) -> Iterator[SiteResult]:
        columns = list(self._columns())
        for column in columns:
            page = column.pages[0] if column.pages else column.url
            values = {"column": column.name, "path": " › ".join(column.path)}
            place = f"column|{column.name}"
            yield SiteResult("needs_review", "column", values, point=Point(page, column.name), place=place)
        named = {column.name for column in columns}
        for path, found in self._told.items():
            enough = len(found) >= self._data["least"] and len(found) >= self._data["share"] * self._read[path]
            if enough and not named.intersection(path):
                points = [Point(url, title) for url, title in found[:6]]
                fold = Fold({"column": path[-1], "title": within(found[0][1])}, points, [url for url, _ in found])
                yield fold.result("needs_review", "articles", f"articles|{path[-1]}", total=self._read[path])
        if self._read:
            yield SiteResult("pass", times=len(self._read))

    def _columns(self) -> Iterator[Column]:
        """Columns of news below the statutory content."""
        for column in self._view.columns:
            inside = self._is_inside(tuple(column.path[:-1]))
            if column.entries and inside and fit_of((column.name,), self._platform.spec("news")):
                yield column
