"""Whether a department's budget and accounts of each year are there, and hold what they usually do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from crawler.evidence import Page
from scoring.catalogue.directory import shipped
from scoring.catalogue.matching import Found, pages_of, shelf_of, unread_of
from scoring.catalogue.reading import Reading
from scoring.data import table
from scoring.results import Point, SiteCase, SiteCheck, SiteResult
from scoring.site.view import SiteView
from scoring.text import fold


@dataclass(frozen=True, slots=True)
class Paper:
    """A budget or accounts of a year as a title or the text of a link calls it; ``year`` is None where none says it."""

    title: str
    url: str
    on: str
    year: int | None


def _papers(view: SiteView, found: Found, kind: Mapping[str, Any]) -> list[Paper]:
    """What on the site is called one of this kind, by titles of pages, lists and links of the item's pages."""
    shelf = shelf_of(view)
    called = [(one.title, one.url, one.on) for one in shelf.titles((word,) for word in kind["words"])]
    called += [
        (link.text or link.title, link.url, page.url)
        for page in pages_of(view, found)[: table("catalogue")["pages_read"]]
        if (seen := view.look(page.url)) is not None
        for link in seen.links
    ]
    papers: dict[tuple[str, str], Paper] = {}
    for title, url, on in called:
        text = fold(title)
        if any(word in text for word in kind["words"]) and not any(word in text for word in kind["not"]):
            page = view.content(url)
            day = page.published if page is not None else None
            years = [int(year) for year in re.findall(r"20\d\d", text)]
            # Without a year in its title it may be that of the year it came out in.
            year = max(years) if years else day.year if day else None
            papers.setdefault((text, url), Paper(title, url, on, year))
    return list(papers.values())


def _is_paper(view: SiteView, paper: Paper) -> bool:
    """Whether it is an article or a file; the name of a column has no year."""
    page = view.content(paper.url)
    return page is None or page.kind in ("article", "document")


class YearlyMoney(SiteCheck):
    """The budget of this year and the accounts of last year are there, as far as their lack is certain.

    They are due so many days after an approval whose day is not public: a lack is certain for the budget when its year
    is over, for accounts a year later; before that, from a usual month on, a person is asked to look. Both hold only
    for a body that, by an older paper or annual report on its site, was there then. Where nothing at all is found, the
    rule on missing items tells.
    """

    use: Literal["yearly_money"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view = case.view
        found = shelf_of(view).find(shipped("statutory-20").item("budget"))
        if not found.confidence or (found.state != "read" and not found.titled):
            return
        kinds = table("catalogue")["money"]["kinds"]
        papers = {name: _papers(view, found, kind) for name, kind in kinds.items()}
        known = [paper.year for some in papers.values() for paper in some] + [report.year for report in case.reports]
        oldest = min((year for year in known if year is not None), default=None)
        for name, kind in kinds.items():
            yield self._judge(view, found, kind, papers[name], oldest)

    def _judge(
        self, view: SiteView, found: Found, kind: Mapping[str, Any], papers: list[Paper], oldest: int | None
    ) -> SiteResult:
        due = view.day.year - kind["lag"]
        newest = max((paper.year for paper in papers if paper.year is not None), default=None)
        late = newest is None or newest < due
        asked = newest == due and view.day.month >= kind["ask_from"]
        if not late and not asked:
            return SiteResult("pass")
        if why := shelf_of(view).unseen() or unread_of(view, found):
            return SiteResult("not_checked", "unread", {"kind": kind["name"], "why": why})
        if any(paper.year is None and _is_paper(view, paper) for paper in papers):
            return SiteResult("not_checked", "undated", {"kind": kind["name"]})
        values = {"kind": kind["name"], "year": due if late else due + 1, "newest": f"{newest}年" if newest else "无"}
        certain = late and oldest is not None and oldest <= view.day.year - 2
        point, points = self._where(view, found, papers)
        key = "missing" if certain else "unsure" if late else "due"
        outcome: Literal["fail", "needs_review"] = "fail" if certain else "needs_review"
        return SiteResult(outcome, key, values, point=point, points=points, place=f"{kind['name']}|{values['year']}")

    def _where(self, view: SiteView, found: Found, papers: list[Paper]) -> tuple[Point, tuple[Point, ...]]:
        newest = sorted(papers, key=lambda paper: -(paper.year or 0))[:4]
        points = [Point(paper.on, words=paper.title, label=f"{paper.year}年") for paper in newest]
        if found.first is not None and found.first.state == "read":
            points.insert(0, Point(found.first.url, words=found.first.label, label="栏目"))
        point, more = shelf_of(view).where()
        return (points[0], tuple(points[1:])) if points else (point, more)


class MoneyContents(SiteCheck):
    """The newest budget and the newest accounts hold the usual tables and notes, in their text or their attachments.

    What was not read, and pictures, may hold the rest: then nothing is said.
    """

    use: Literal["money_contents"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view = case.view
        if view.site.kind != "department":
            return
        found = shelf_of(view).find(shipped("statutory-20").item("budget"))
        for kind in table("catalogue")["money"]["kinds"].values() if found.confidence else ():
            dated = [(paper.year, paper) for paper in _papers(view, found, kind) if paper.year is not None]
            if not dated:
                continue
            year = max(year for year, _ in dated)
            newest = [paper for one, paper in dated if one == year]
            yield self._judge(view, kind["name"], year, newest)

    def _judge(self, view: SiteView, kind: str, year: int, papers: list[Paper]) -> SiteResult:
        pages: list[Page] = []
        for url in dict.fromkeys(url for paper in papers for url in (paper.url, paper.on)):
            page = view.content(url)
            if page is not None and page.kind in ("article", "document", "other"):
                pages.append(page)
        values = {"kind": kind, "year": year}
        unread = next((paper for paper in papers if view.content(paper.url) is None), None)
        if not pages or unread is not None:
            return SiteResult("not_checked", "unread", {**values, "why": "正文或附件没有读到"})
        reading = Reading(view, pages)
        lacking = [one["name"] for one in table("catalogue")["contents"] if not reading.says(one["words"])]
        if not lacking:
            return SiteResult("pass")
        if reading.unread or reading.pictures:
            return SiteResult("not_checked", "unread", {**values, "why": reading.unread or "有图片，其中的文字没有读"})
        return SiteResult(
            "needs_review", "lacking", {**values, "lacking": "、".join(lacking)},
            point=reading.point(), points=reading.points(), place=f"{kind}|{year}",
        )  # fmt: skip
