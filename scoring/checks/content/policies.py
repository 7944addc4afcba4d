"""Checks on policy documents: is there an interpretation of each, and do the two lead to each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal

from scoring.checks.content.column_states import months_before, named
from scoring.checks.content.papers import Paper, Papers, belonging, leads, papers_at, papers_of, promises
from scoring.inspection import Outcome
from scoring.results import Point, SiteCase, SiteCheck, SiteResult
from scoring.site.view import SiteView

_MOST_NAMED = 5  # documents named in one message


class PolicyInterpreted(SiteCheck):
    """Documents of the last ``months`` months, ``grace`` days after publication, have an interpretation on the site.

    Looked at are documents of the body itself with a 文号, of the kinds in rules/tables/policies.yaml. An
    interpretation belongs to a document by a link of either page, by its number or by its name in 《》. More without
    one than the share ``allowed``: fail ``lacking``; where only kinds that may need none lack one: needs_review
    ``likely``. Not said where the columns of interpretations were not read whole; without such a column another rule
    speaks.
    """

    use: Literal["policy_interpreted"]
    months: int
    grace: int
    allowed: float

    def expects(self, case: SiteCase) -> Iterable[str]:
        return papers_at(case.view)

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view = case.view
        papers = papers_of(view)
        first, last = months_before(view.day, self.months), view.day - timedelta(days=self.grace)
        due = [one for one in papers.documents if one.kind and one.day is not None and first <= one.day <= last]
        if not due or not papers.columns:
            yield SiteResult("not_applicable")
            return
        explained = {document.url for document, _ in belonging(papers, strictly=False)}
        explained |= {url for paper in papers.interpretations for url in paper.links}
        lacking = [one for one in due if one.url not in explained and not one.leads and not promises(view, one)]
        if len(lacking) <= self.allowed * len(due):
            yield SiteResult("pass", times=len(due))
        elif unread := _unread(view, papers):
            yield SiteResult("not_checked", "unread", {"gaps": unread, "count": len(lacking)})
        else:
            yield self._lacking(lacking, len(due))

    def _lacking(self, lacking: list[Paper], total: int) -> SiteResult:
        sure = [one for one in lacking if one.kind == "sure"]
        outcome: Outcome = "fail" if len(sure) > self.allowed * total else "needs_review"
        told = sure if outcome == "fail" else lacking
        values = {"count": len(told), "total": total, "months": self.months, "documents": _titles(told)}
        first, *others = (Point(one.url, words=one.title) for one in told)
        pages = tuple(one.url for one in told)
        said = "lacking" if outcome == "fail" else "likely"
        return SiteResult(outcome, said, values, point=first, points=tuple(others), pages=pages, place="site")


def _unread(view: SiteView, papers: Papers) -> str:
    """What of the interpretations was not read; "" where all of them were."""
    parts = [f"“{named(column)}”没有读全" for column in papers.columns if not column.complete or column.gaps]
    return "；".join([*parts, view.gap_text()] if view.gaps else parts)


def _titles(papers: list[Paper]) -> str:
    more = f"等 {len(papers)} 件" if len(papers) > _MOST_NAMED else ""
    return "、".join(f"“{one.title}”" for one in papers[:_MOST_NAMED]) + more


class InterpretationLinked(SiteCheck):
    """A document and its interpretation on the same site lead to each other.

    Pairs are found by the document's number or name in the interpretation. One result for the interpretations that do
    not lead to their document (``interpretation``), one for the documents that lead to none of theirs (``document``);
    one for the pages with a heading for related items that a script may fill (needs_review ``scripted``).
    """

    use: Literal["interpretation_linked"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        papers = papers_of(case.view)
        pairs = list(belonging(papers, strictly=True))
        if not pairs:
            yield SiteResult("not_applicable")
            return
        documents: dict[str, list[Paper]] = {}
        leading: dict[str, list[Paper]] = {}
        for document, paper in pairs:
            documents.setdefault(paper.url, []).append(document)
            leading.setdefault(document.url, []).append(paper)
        explaining = {paper.url: paper for _, paper in pairs}
        explained = {document.url: document for document, _ in pairs}
        back = [explaining[url] for url, many in documents.items() if not leads(explaining[url], many)]
        forth = [explained[url] for url, many in leading.items() if not leads(explained[url], many)]
        sound = len(documents) + len(leading) - len(back) - len(forth)
        if sound:
            yield SiteResult("pass", times=sound)
        empty = [paper for paper in (*back, *forth) if promises(case.view, paper)]
        groups: tuple[tuple[Outcome, str, list[Paper], int], ...] = (
            ("fail", "interpretation", [one for one in back if one not in empty], len(documents)),
            ("fail", "document", [one for one in forth if one not in empty], len(leading)),
            ("needs_review", "scripted", empty, len(documents) + len(leading)),
        )
        for outcome, name, at_fault, total in groups:
            if at_fault:
                yield _unlinked(outcome, name, at_fault, total)


def _unlinked(outcome: Outcome, name: str, papers: list[Paper], total: int) -> SiteResult:
    values = {"count": len(papers), "total": total, "documents": _titles(papers)}
    first, *others = (Point(one.url, words=one.title) for one in papers)
    pages = tuple(one.url for one in papers)
    return SiteResult(outcome, name, values, point=first, points=tuple(others), pages=pages, place=name)
