"""What the disclosure guide says: its elements, its age, its time limits, and the form for requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

from crawler.evidence import Form
from scoring.checks.platform.guide import Guide, Passage, Unread, around, attachments, guide_of
from scoring.checks.platform.items import within
from scoring.checks.platform.region import Platform
from scoring.data import table
from scoring.inspection import Outcome
from scoring.results import Point, SiteCase, SiteCheck, SiteResult
from scoring.site.view import PageView
from scoring.text import fold, sentences


class _GuideCheck(SiteCheck):
    """Base of checks on the guide: where there is none to judge, ``run`` says why."""

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        guide = guide_of(case.view.once(Platform))
        if isinstance(guide, Guide):
            yield from self.judge(guide, case)
        elif guide is not None:
            yield self.lacking(guide)

    def lacking(self, guide: Unread) -> SiteResult:
        """What is said where the board holds no guide that could be read."""
        return SiteResult("not_checked", guide.key, guide.values)

    def judge(self, guide: Guide, case: SiteCase) -> Iterator[SiteResult]:
        """What is said about a guide."""
        raise NotImplementedError


class GuideElements(_GuideCheck):
    """The guide says the nine elements of article 12 (``rules/tables/disclosure-guide.yaml``).

    An element that is named without a value that could be recognised, or that stands beside the text of the guide, is
    left to a person.
    """

    use: Literal["guide_elements"]

    def lacking(self, guide: Unread) -> SiteResult:
        if guide.point is None:
            return SiteResult("not_checked", guide.key, guide.values)
        return SiteResult("needs_review", "empty", point=guide.point, place="empty")

    def judge(self, guide: Guide, case: SiteCase) -> Iterator[SiteResult]:
        text, beside = guide.text, around(case.view, guide.page)
        missing: list[str] = []
        unclear: list[str] = []
        points: list[Point] = []
        for element in table("disclosure-guide")["elements"]:
            if any(re.search(pattern, text) for pattern in element["patterns"]):
                continue
            named = self._named(guide, element.get("unclear", ()))
            if named is None and any(re.search(pattern, beside) for pattern in element["patterns"]):
                named = guide.point
            (unclear if named else missing).append(element["name"])
            points += [named] if named else []
        if missing:
            values = {"title": within(guide.title), "elements": "、".join(missing)}
            yield SiteResult("fail", "missing", values, point=guide.point, place="missing")
        if unclear:
            values = {"title": within(guide.title), "elements": "、".join(unclear)}
            yield SiteResult(
                "needs_review", "unclear", values, point=points[0], points=tuple(points[1:]), place="unclear"
            )
        if not missing and not unclear:
            yield SiteResult("pass")

    def _named(self, guide: Guide, words: tuple[str, ...]) -> Point | None:
        found = (Point(line.page, word) for line in guide.lines for word in words if word in line.raw)
        return next(found, None)


class GuideCurrent(_GuideCheck):
    """The guide rests on the regulation in force and was revised within a year; a person judges either."""

    use: Literal["guide_current"]

    def judge(self, guide: Guide, case: SiteCase) -> Iterator[SiteResult]:
        data = table("disclosure-guide")
        newest = max(guide.days, default=None)
        old = next((line for line in guide.lines if re.search(data["repealed"], line.folded.replace(" ", ""))), None)
        outdated = old is not None and not re.search(data["current"], guide.text)
        if old is not None and outdated:
            yield SiteResult("needs_review", "repealed_basis", point=_cited(old), place="basis")
        if newest is None:
            yield SiteResult("not_checked", "undated")
        elif newest < date.fromisoformat(str(data["day_current"])):
            yield SiteResult("needs_review", "before_regulation", {"day": newest}, point=guide.point, place="age")
        elif newest < case.view.day - timedelta(days=data["old_after"]):
            yield SiteResult("needs_review", "not_revised", {"day": newest}, point=guide.point, place="age")
        elif not outdated:
            yield SiteResult("pass")


def _cited(line: Passage) -> Point:
    match = re.search(r"第?\s*492\s*号|第四百九十二号", line.folded)
    return Point(line.page, line.raw[match.start() : match.end()] if match else line.raw)


@dataclass(frozen=True, slots=True)
class _Term:
    """A time limit of the guide as its words stand."""

    limit: dict[str, Any]
    days: int
    words: str
    page: str
    promised: bool


class GuideTerms(_GuideCheck):
    """Time limits in the guide are those of articles 26 and 30 to 33, and no fee of the repealed regulation is charged.

    A longer term, or that of the repealed regulation, is wrong; a shorter one may be a promise of the office.
    """

    use: Literal["guide_terms"]

    def judge(self, guide: Guide, case: SiteCase) -> Iterator[SiteResult]:
        said: dict[tuple[str, int], _Term] = {}
        for line in guide.lines:
            for start, end in sentences(line.folded):
                raw, folded = line.raw[start:end], line.folded[start:end]
                for term in _terms(Passage(line.page, raw, folded)):
                    said.setdefault((term.limit["id"], term.days), term)
        for term in said.values():
            yield self._judge_term(term)
        yield from self._fees(guide)

    def _judge_term(self, term: _Term) -> SiteResult:
        limit = term.limit
        if term.days == limit["right"]:
            return SiteResult("pass")
        values = {"limit": limit["name"], "said": term.days, "right": limit["right"], "words": term.words}
        wrong = term.days > limit["right"] or (term.days in limit["wrong"] and not term.promised)
        outcome: Outcome = "fail" if wrong else "needs_review"
        point = Point(term.page, term.words)
        return SiteResult(outcome, "term" if wrong else "shorter", values, point=point, place=limit["id"])

    def _fees(self, guide: Guide) -> Iterator[SiteResult]:
        data = table("disclosure-guide")["fees"]
        for line in guide.lines:
            for start, end in sentences(line.folded) if any(word in line.raw for word in data["marks"]) else ():
                folded = line.folded[start:end]
                found = next((m for pattern in data["patterns"] if (m := re.search(pattern, folded))), None)
                if found and not any(word in folded for word in data["not"]):
                    words = line.raw[start + found.start() : start + found.end()]
                    point = Point(line.page, words)
                    yield SiteResult("fail", "old_fees", {"words": words}, point=point, place="fees")
                    return


def _terms(sentence: Passage) -> Iterator[_Term]:
    """The time limits that a sentence states, each stretch of it once."""
    data = table("disclosure-guide")
    if "工作日" not in sentence.folded or any(word in sentence.folded for word in data["other_matters"]):
        return
    taken: list[tuple[int, int]] = []
    promised = any(word in sentence.folded for word in data["promised"])
    for limit in data["limits"]:
        for pattern in _patterns(limit["id"]) if any(word in sentence.folded for word in limit["marks"]) else ():
            for match in pattern.finditer(sentence.folded):
                days = _number(match["n"])
                at = match.span("n")
                if days is not None and at not in taken:
                    taken.append(at)
                    yield _Term(limit, days, sentence.raw[match.start() : match.end()], sentence.page, promised)


@cache
def _patterns(limit: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of a time limit; spaces may stand around its number."""
    data = table("disclosure-guide")
    number = rf"\s?(?:{data['numeral']})\s?"
    found = next(one for one in data["limits"] if one["id"] == limit)
    return tuple(re.compile(pattern.replace("(?P<n>{n})", f"(?P<n>{number})")) for pattern in found["patterns"])


def _number(text: str) -> int | None:
    """A number up to 99 in digits or Chinese numerals, None where it is none."""
    text = text.strip()
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    digits: dict[str, int] = table("disclosure-guide")["digits"]
    if not ten:
        return digits.get(text)
    if (tens and tens not in digits) or (ones and ones not in digits):
        return None
    return digits.get(tens, 1) * 10 + digits.get(ones, 0)


class RequestForm(SiteCheck):
    """A form for requests can be downloaded or filled in online, and the files offered open.

    No regulation that was seen asks for a form to download: where there is none, a person judges. A file that is
    offered and does not exist is a fault.
    """

    use: Literal["request_form"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view, platform = case.view, case.view.once(Platform)
        ways = (*platform.ways("information-request"), *platform.ways("disclosure-guide"))
        read = {page.url: page for door in ways if (page := view.look(door.url)) is not None}
        for door in platform.ways("disclosure-guide"):
            read |= {page.url: page for page in self._entries(platform, door.url)}
        offered = {url: (page, name) for page in read.values() for url, name in self._files(page)}
        dead = {url: page for url, (page, _) in offered.items() if view.state(url) == "gone"}
        if dead:
            points = [Point(page.url, link=url) for url, page in dead.items()]
            names = "、".join(dict.fromkeys(offered[url][1] or url for url in dead))
            values = {"names": names, "urls": "、".join(dead)}
            pages = tuple(page.url for page in dead.values())
            yield SiteResult(
                "fail", "dead", values, point=points[0], points=tuple(points[1:]), pages=pages, place="dead"
            )
        if len(dead) < len(offered) or any(self._is_online(page) for page in read.values()):
            yield SiteResult("pass")
        elif not dead and ways:
            yield self._missing(platform, read)

    def _missing(self, platform: Platform, read: dict[str, PageView]) -> SiteResult:
        view = platform.view
        asked = platform.ways("information-request")
        if asked and all(door.state == "away" for door in asked):
            return SiteResult("not_checked", "away", {"host": asked[0].url})
        closed = [door for door in asked if door.state == "unread"]
        frames = [link.url for page in read.values() for link in page.links if link.form == "frame"]
        unread = [door.url for door in closed] + [url for url in frames if view.content(url) is None]
        if unread or not read:
            why = f"{unread[0]} 未读{view.why(unread[0])}" if unread else "依申请公开和指南页面没有读到"
            return SiteResult("not_checked", "unread", {"why": why})
        if platform.gaps:
            return SiteResult("not_checked", "gaps", {"gaps": platform.gaps})
        page = next(iter(read.values()))
        values = {"pages": "、".join(read)}
        return SiteResult("needs_review", "missing", values, point=Point(page.url, page.page.title), place="form")

    def _entries(self, platform: Platform, board: str) -> Iterator[PageView]:
        for entry in platform.view.held.entries(board):
            page = platform.view.look(entry.url)
            if page is not None:
                yield page

    def _files(self, page: PageView) -> Iterator[tuple[str, str]]:
        """Addresses and names of application forms that a page offers."""
        words = table("disclosure-guide")["form"]["files"]
        named = {link.url: link.text or link.title for link in page.links}
        for url, name in {**named, **dict(attachments(page))}.items():
            if any(word in name for word in words):
                yield url, named.get(url) or name

    def _is_online(self, page: PageView) -> bool:
        data = table("disclosure-guide")["form"]
        links = (f"{link.text}{link.title}" for link in page.links)
        return any(self._asks(form) for form in page.facts.forms) or any(
            word in name for name in links for word in data["online"]
        )

    def _asks(self, form: Form) -> bool:
        data = table("disclosure-guide")["form"]
        said = fold("".join((*form.words, *form.inputs)))
        return len(form.inputs) >= data["least_fields"] and any(word in said for word in data["words"])
