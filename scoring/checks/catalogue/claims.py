"""Columns that the site's newest annual report says to exist, against those that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Literal

from scoring.catalogue.matching import Shelf, shelf_of
from scoring.data import table
from scoring.results import FoundReport, Point, SiteCase, SiteCheck, SiteResult
from scoring.text import key, sentences


def newest_reports(case: SiteCase) -> Iterator[tuple[FoundReport, str]]:
    """The newest annual reports of the site with their texts, as they stand block by block."""
    newest = max((report.year for report in case.reports if report.year), default=None)
    for report in case.reports:
        document = case.view.document(report.url) if report.year == newest and newest is not None else None
        if document is not None:
            blocks = document.blocks[slice(*document.main)]
            yield report, "\n".join(block.text for block in blocks if block.table is None)


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    name = "(?P<name>[^“”]{2,16})"
    return tuple(re.compile(lead.replace("{name}", name)) for lead in table("catalogue")["columns_claimed"]["lead"])


def _claimed(text: str) -> dict[str, str]:
    """Names of columns in quotation marks that a text claims for the office's own site, with the words around each."""
    data = table("catalogue")["columns_claimed"]
    found: dict[str, str] = {}
    for start, end in sentences(text):
        sentence = text[start:end]
        if "“" not in sentence or re.search(data["also_others"], sentence):
            continue
        for pattern in _patterns():
            for match in pattern.finditer(sentence):
                if not re.search(data["not_names"], match["name"]):
                    found.setdefault(match["name"], match.group())
    return found


class ClaimedColumn(SiteCheck):
    """A column that the newest annual report names in quotation marks is found on the site by a name that holds it.

    Sentences that speak of other carriers or of the government's portal are left alone.
    """

    use: Literal["claimed_column"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        shelf = shelf_of(case.view)
        for report, text in newest_reports(case):
            for name, words in list(_claimed(text).items())[: table("catalogue")["columns_claimed"]["shown"]]:
                if _is_there(shelf, name):
                    yield SiteResult("pass")
                elif why := shelf.unseen():
                    yield SiteResult("not_checked", "unread", {"name": name, "why": why})
                else:
                    point = Point(report.url, words=words, label=f"{report.year}年年度报告")
                    values = {"name": name, "year": str(report.year), "columns": len(case.view.columns)}
                    yield SiteResult(
                        "needs_review", "absent", values, point=point, points=shelf.where()[1], place=f"column|{name}"
                    )


def _is_there(shelf: Shelf, name: str) -> bool:
    """Whether anything on the site has this name, or one that holds it or is held by it."""
    wanted = key(name)
    names = (one for named in shelf.named for one in named.names)
    return any(wanted in one or (len(one) > 3 and one in wanted) for one in names) or bool(shelf.titles([(name,)]))
