"""Whether the results of handling deputies' proposals and CPPCC motions are disclosed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Literal

from scoring.catalogue.declared import declared_on
from scoring.catalogue.directory import Item
from scoring.catalogue.matching import shelf_of
from scoring.checks.catalogue.claims import newest_reports
from scoring.data import table
from scoring.results import Point, SiteCase, SiteCheck, SiteResult
from scoring.text import key


@lru_cache(maxsize=1)
def _item() -> Item:
    data = table("catalogue")["proposals"]
    names, parts = (tuple(key(one) for one in data[name]) for name in ("names", "contains"))
    return Item("proposals", names[0], names, parts, titles=tuple(map(tuple, data["titles"])), anywhere=True)


class ProposalsShown(SiteCheck):
    """Results of handling proposals are there. That there is none is no fault for a body that had none to handle.

    Certain is the lack only where the body's own annual report on the site says that it handled some, or its published
    directory names them; else a person looks.
    """

    use: Literal["proposals_shown"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        shelf = shelf_of(case.view)
        found = shelf.find(_item())
        if found.state == "read" and found.confidence:
            yield SiteResult("pass")
            return
        if found.confidence in ("exact", "named") and found.first is not None:
            values = {"why": f"“{found.first.label}”{'在另一网站' if found.state == 'away' else '没有读到'}"}
            yield SiteResult("not_checked", "unread", values)
            return
        if why := shelf.unseen():
            yield SiteResult("not_checked", "unread", {"why": why})
            return
        point, points = shelf.where()
        for report, text in newest_reports(case):
            if claim := _claimed(text):
                quote = Point(report.url, words=claim.group(), label=f"{report.year}年年度报告")
                values = {"year": str(report.year), "claim": claim.group()}
                yield SiteResult("fail", "claimed", values, point=quote, points=(point, *points), place="proposals")
                return
            if any(re.search(pattern, text) for pattern in table("catalogue")["proposals"]["none"]):
                yield SiteResult("pass")
                return
        if (row := declared_on(case.view).row_of(_item())) is not None:
            values = {"row": row.name}
            yield SiteResult("fail", "declared", values, point=row.point, points=(point, *points), place="proposals")
            return
        yield SiteResult("needs_review", "none", {}, point=point, points=points, place="proposals")


def _claimed(text: str) -> re.Match[str] | None:
    """What a text says of proposals that were handled, their number above zero."""
    for pattern in table("catalogue")["proposals"]["claimed"]:
        if found := re.search(pattern.replace("{count}", r"[1-9]\d{0,3}"), text):
            return found
    return None
