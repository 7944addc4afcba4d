"""Normative documents show whether they are in force (国办发〔2017〕47号：修改、废止、失效的在原文件页面标注)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from crawler.evidence import Page
from scoring.checks.platform.items import Block, Folds, ItemRegion, block_of, within
from scoring.checks.platform.numbers import Number, read_number
from scoring.data import table
from scoring.results import PageCheck, Point, SiteCase, SiteResult
from scoring.site.view import PageView
from scoring.text import find_date, fold, sentences

_Same = tuple[str, int, int]
_YEAR = re.compile(r"(?<!\d)20\d\d\s*年")


class ValidityMarked(PageCheck):
    """A document that another page of the site declares ended is marked so on its own page.

    Where a column of normative documents, or one whose documents mostly show their validity, has one without, a person
    judges: that every document states it is not a rule that was seen.
    """

    use: Literal["validity_marked"]

    def watch(self, case: SiteCase, on: date) -> _Validity:
        return _Validity(case)


@dataclass(frozen=True, slots=True)
class _Ended:
    """Where the site says that a document is ended: the page, its title, the words."""

    page: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class _Paper:
    """A numbered document: whether its page says that it ended, and what it states of its validity."""

    page: str
    title: str
    number: Number
    marked: bool
    shown: str


class _Validity:
    def __init__(self, case: SiteCase) -> None:
        self._view, self._region = case.view, ItemRegion(case)
        self._data: dict[str, Any] = table("item-metadata")["validity"]
        self._named = re.compile(self._data["named"])
        self._before, self._behind = re.compile(self._data["before"]), re.compile(self._data["behind"])
        self._between = re.compile(self._data["between"])
        self._normative = re.compile(table("item-metadata")["normative_number"])
        self._ended: dict[_Same, _Ended] = {}
        self._papers: list[_Paper] = []
        self._marked: dict[str, int] = {}
        self._unmarked: dict[str, list[tuple[Page, str]]] = {}
        self._sound = 0

    def see(self, page: PageView) -> None:
        kind = self._region.kind(page.page)
        if not kind or page.page.kind == "list":
            return
        text = page.facts.text
        if any(word in text for word in self._data["ends"]):
            self._note_ended(page, text)
        block = block_of(page)
        if block is None:
            return
        number = read_number(block.value("doc_no"))
        if number is not None:
            mark = self._is_marked(block, page)
            shown = block.value("validity")
            self._papers.append(_Paper(page.url, page.page.title, number, mark, shown))
            self._note_mark(page, block, kind == "normative" or bool(self._normative.search(fold(number.raw))))

    def _note_mark(self, page: PageView, block: Block, normative: bool) -> None:
        """Count what shows its validity, by column, and keep what does not."""
        column = page.page.column_path[-1]
        if block.value("validity") or self._is_marked(block, page):
            self._sound += 1
            self._marked[column] = self._marked.get(column, 0) + 1
        else:
            self._unmarked.setdefault("" if normative else column, []).append((page.page, block.value("doc_no")))

    def _is_marked(self, block: Block, page: PageView) -> bool:
        """Whether the page says that the document is ended: in its block, its title or a line above the text."""
        words = self._data["ended"]
        head = page.facts.text.split("\n", self._data["head_lines"])[: self._data["head_lines"]]
        lines = [line for line in head if len(line) <= self._data["most_head"] and "《" not in line]
        return any(word in said for said in (block.value("validity"), page.page.title, *lines) for word in words)

    def _note_ended(self, page: PageView, text: str) -> None:
        """Note what a text declares ended; a draft, and what takes effect later, ends nothing yet."""
        if any(word in page.page.title for word in self._data["drafts"]):
            return
        for line in text.split("\n"):
            if not any(word in line for word in self._data["ends"]) or self._is_later(line):
                continue
            for start, end in sentences(line):
                if not any(word in line[start:end] for word in self._data["not_ended"]):
                    self._read_sentence(page, line[start:end])

    def _is_later(self, line: str) -> bool:
        return any((day := find_date(line[match.start() :])) and day > self._view.day for match in _YEAR.finditer(line))

    def _read_sentence(self, page: PageView, raw: str) -> None:
        """Numbers behind 废止 in one sentence, and those before it with nothing but other titles between."""
        said = fold(raw)
        for match in self._named.finditer(said):
            behind = said[match.end() :]
            ends = self._is_behind_word(said[: match.start()]) or self._behind.match(behind) is not None
            number = read_number(match["number"]) if ends else None
            if number is not None:
                words = raw[match.start() : match.end()]
                self._ended.setdefault(number.same, _Ended(page.url, page.page.title, words))

    def _is_behind_word(self, before: str) -> bool:
        """Whether 废止 stands before, with nothing but other titles between."""
        found = list(self._before.finditer(before))
        return bool(found) and not self._between.sub("", before[found[-1].end() :])

    def results(self) -> Iterator[SiteResult]:
        wrong = Folds()
        for paper in self._papers:
            ended = self._ended.get(paper.number.same)
            if ended is not None and ended.page != paper.page and not paper.marked and not self._shows_end(paper.page):
                yield self._unmarked_end(paper, ended)
        if self._sound:
            yield SiteResult("pass", times=self._sound)
        for column, pages in self._unmarked.items():
            for page, number in pages if self._is_due(column, len(pages)) else ():
                wrong.add(("unmarked",), page, number, number=number)
        for _, found in wrong.items():
            yield found.result("needs_review", "unmarked", "unmarked")

    def _shows_end(self, url: str) -> bool:
        """Whether a short line anywhere on a page says that the document is ended."""
        document = self._view.document(url)
        lines = (line for block in document.blocks for line in block.text.split("\n")) if document is not None else ()
        short = (line for line in lines if len(line) <= self._data["most_mark"])
        return any(word in line for line in short for word in self._data["ended"])

    def _is_due(self, column: str, without: int) -> bool:
        """Whether documents of a column (\"\": normative ones anywhere) are expected to show their validity."""
        shown = self._marked.get(column, 0)
        enough = shown >= self._data["least_marked"]
        return not column or (enough and shown / (shown + without) >= self._data["unmarked_share"])

    def _unmarked_end(self, paper: _Paper, ended: _Ended) -> SiteResult:
        values = {
            "number": paper.number.raw,
            "title": within(paper.title),
            "by": within(ended.title),
            "shown": paper.shown or "未标注",
        }
        point = Point(paper.page, paper.number.raw)
        points = (Point(ended.page, ended.words, label="宣布废止、失效的页面"),)
        return SiteResult("fail", "repealed", values, point=point, points=points, place=f"repealed|{paper.number.raw}")
