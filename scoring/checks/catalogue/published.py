"""Whether a body publishes its directory of what it discloses, and keeps it current."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from scoring.catalogue.declared import directory_on, words_of_directories
from scoring.catalogue.matching import pages_of, shelf_of, unread_of
from scoring.catalogue.reading import Reading
from scoring.checks.content.column_states import months_before
from scoring.results import Point, SiteCase, SiteCheck, SiteResult
from scoring.site.view import SiteView


class DirectoryShown(SiteCheck):
    """The site shows a directory of what the body discloses.

    Certain is its lack only where there is no page so called by any name and no board of the statutory items either;
    with such a board, or an index instead of a directory, a person looks.
    """

    use: Literal["directory_shown"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        shelf = shelf_of(case.view)
        basic, index, board = (directory_on(shelf, kind) for kind in ("basic", "index", "board"))
        if basic.state == "read":
            yield SiteResult("pass")
            return
        for found in (basic, index):
            if found.state in ("away", "unread") and found.first is not None:
                values = {"why": f"“{found.first.label}”{'在另一网站' if found.state == 'away' else '没有读到'}"}
                yield SiteResult("not_checked", "unread", values)
                return
        if why := shelf.unseen():
            yield SiteResult("not_checked", "unread", {"why": why})
            return
        point, points = shelf.where()
        name: Literal["index", "board", "missing"] = "missing"
        # A ColumnType alone says nothing: templates carry one through all their columns.
        if index.state == "read" and index.confidence != "elsewhere":
            name = "index"
        elif board.state == "read" and board.named:
            name = "board"
        outcome: Literal["fail", "needs_review"] = "fail" if name == "missing" else "needs_review"
        yield SiteResult(outcome, name, {}, point=point, points=points, place="directory")


class DirectoryCurrent(SiteCheck):
    """The directory is no older than the regulations in force, names no repealed ones, and was renewed in a year."""

    use: Literal["directory_current"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view = case.view
        basic = directory_on(shelf_of(view), "basic")
        if basic.state != "read":
            return
        pages = pages_of(view, basic)
        days = [day for page in pages if (day := page.published) is not None and day <= view.day]
        days += [one.column.newest for one in basic.named if one.column is not None and one.column.newest]
        newest = max(days, default=None)
        words = words_of_directories()
        reading = Reading(view, pages)
        old = next((word for word in words["old_basis"] if reading.says([word])), "")
        if old and pages:
            point = self._stands(view, reading, old)
            yield SiteResult("needs_review", "old_basis", {"basis": old}, point=point, place="directory|basis")
        elif newest is None or not pages:
            yield SiteResult("not_checked", "undated")
        elif why := unread_of(view, basic):
            yield SiteResult("not_checked", "unread", {"why": why})
        elif newest < date.fromisoformat(words["of_date"]):
            values = {"newest": newest.isoformat(), "since": words["of_date"]}
            yield SiteResult("needs_review", "before", values, point=reading.point(), place="directory|before")
        elif newest < months_before(view.day, words["months"]) and newest.year < view.day.year:
            values = {"newest": newest.isoformat(), "months": words["months"]}
            yield SiteResult("needs_review", "unrenewed", values, point=reading.point(), place="directory|unrenewed")
        else:
            yield SiteResult("pass")

    def _stands(self, view: SiteView, reading: Reading, words: str) -> Point:
        for page in reading.pages:
            document = view.document(page.url)
            if document is not None and any(words in block.text for block in document.blocks):
                return Point(page.url, words=words)
        return reading.point()
