"""What the site as a service gives: search, transport, speed, and use by those who cannot see it."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator
from datetime import date
from typing import Any, Literal
from urllib.parse import urlsplit

from crawler.evidence import Form
from scoring.checks.website.looking import Fold
from scoring.results import PageCheck, Point, SiteCase, SiteCheck, SiteResult
from scoring.site.view import PageView, SiteView

_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")


class SearchOffered(SiteCheck):
    """The home page offers a search of the whole site: a form, or a menu entry.

    ``words`` name a search on a form, button or menu; ``inputs`` are names of its text field; ``traces`` are words in
    the source of a page that may draw its search by script.
    """

    use: Literal["search_offered"]
    words: tuple[str, ...]
    inputs: tuple[str, ...]
    traces: tuple[str, ...]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        front = case.view.front
        if front is None or front.page.record is None:
            yield SiteResult("not_checked", "no_home")
        elif front.facts.access is None:
            yield SiteResult("not_checked", "old_capture")
        elif any(map(self._searches, front.facts.forms)) or self._named(case.view):
            yield SiteResult("pass")
        elif self._traced(case.view, case.view.held.source(front.page.record)):
            yield SiteResult("needs_review", "unclear", point=Point(front.url), place="search")
        else:
            yield SiteResult("fail", "none", point=Point(front.url), place="search")

    def _searches(self, form: Form) -> bool:
        said = " ".join((*form.words, form.action)).lower()
        return any(word in said for word in self.words) or any(name.lower() in self.inputs for name in form.inputs)

    def _traced(self, view: SiteView, source: str) -> bool:
        """Whether the source hints at a search; that of another site (beian.mps.gov.cn/#/query/webSearch) is none."""
        own = _ADDRESS.sub(lambda match: match[0] if view.is_own(match[0]) else "", source).lower()
        return any(trace in own for trace in self.traces)

    def _named(self, view: SiteView) -> bool:
        front = view.front
        return front is not None and any(word in link.text for link in front.links for word in self.words)


def _surveyed(view: SiteView, name: str) -> Any:
    """What the survey of the crawl noted of the home page's host; None where it did not look."""
    return view.held.hosts.get(urlsplit(view.site.home).netloc.lower(), {}).get(name)


class Ipv6Reachable(SiteCheck):
    """The home page's host has an AAAA record and answers over IPv6, as the survey of the crawl saw it."""

    use: Literal["ipv6_reachable"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        seen, front = _surveyed(case.view, "ipv6"), case.view.front
        if seen is None or front is None:
            yield SiteResult("not_checked", "not_surveyed")
        elif seen["record"] is False:
            yield SiteResult("needs_review", "no_record", point=Point(front.url), place="ipv6")
        elif seen["answers"] is False:
            yield SiteResult("needs_review", "no_answer", point=Point(front.url), place="ipv6")
        elif seen["answers"]:
            yield SiteResult("pass")
        else:
            yield SiteResult("not_checked", "not_tried")


class TransportSecure(PageCheck):
    """The site answers over https with a valid certificate, and its https pages load nothing over http.

    ``bad``: states of a certificate that any browser refuses. ``refusing``: reasons that are the host's own answer.
    """

    use: Literal["transport_secure"]
    bad: tuple[str, ...]
    refusing: tuple[str, ...]

    def watch(self, case: SiteCase, on: date) -> _TransportWatcher:
        return _TransportWatcher(self, case.view)


class _TransportWatcher:
    def __init__(self, check: TransportSecure, view: SiteView) -> None:
        self._check, self._view = check, view
        self._mixed = Fold()
        self._loaded = ""

    def see(self, page: PageView) -> None:
        if page.url.startswith("https:") and page.facts.mixed:
            self._mixed.add(page.url)
            self._loaded = self._loaded or page.facts.mixed[0]

    def results(self) -> Iterator[SiteResult]:
        seen, front = _surveyed(self._view, "https"), self._view.front
        if seen is None or front is None or seen["answers"] is None:
            yield SiteResult("not_checked", "not_surveyed")
        else:
            yield self._of_host(seen, Point(front.url))
        if self._mixed:
            points = tuple(Point(url) for url in self._mixed.looked)
            values = {"count": len(self._mixed), "example": self._loaded}
            pages = tuple(self._mixed.pages)
            first = Point(points[0].page, link=self._loaded)
            yield SiteResult("fail", "mixed", values, point=first, points=points[1:], pages=pages, place="mixed")

    def _of_host(self, seen: dict[str, Any], at: Point) -> SiteResult:
        certificate = seen["certificate"]
        if not seen["answers"]:
            reason = str(seen["reason"])
            sure = reason in self._check.refusing or reason == "to-http" or bool(seen["status"])
            if sure:
                return SiteResult("fail", "no_https", point=at, place="https")
            return SiteResult("needs_review", "no_answer", point=at, place="https")
        if certificate in self._check.bad:
            return SiteResult("fail", certificate.replace("-", "_"), point=at, place="certificate")
        if seen["valid"] is False:
            return SiteResult("needs_review", "untrusted", point=at, place="certificate")
        return SiteResult("pass")


class HomeLoads(SiteCheck):
    """The document of the home page came within ``seconds`` on the median of at least ``looks`` looks."""

    use: Literal["home_loads"]
    seconds: float
    looks: int

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        seen, front = _surveyed(case.view, "home_seconds") or (), case.view.front
        times = [float(look["seconds"]) for look in seen if look["seconds"] is not None]
        if front is None or len(times) < self.looks:
            yield SiteResult("not_checked", "few_looks")
            return
        middle = statistics.median(times)
        if middle <= self.seconds:
            yield SiteResult("pass")
            return
        told = "、".join(f"{time:.1f}" for time in times)
        values = {"median": f"{middle:.1f}", "times": told, "limit": f"{self.seconds:g}"}
        yield SiteResult("needs_review", "slow", values, point=Point(front.url), place="home")


class AccessibleBasics(PageCheck):
    """Pages state their language, their pictures have a text, their fields a label: a result for each of the three."""

    use: Literal["accessible_basics"]

    def watch(self, case: SiteCase, on: date) -> _AccessWatcher:
        return _AccessWatcher()


class _AccessWatcher:
    def __init__(self) -> None:
        self._looked = 0
        self._found = {"language": Fold(), "pictures": Fold(), "fields": Fold()}
        self._number = {"language": 0, "pictures": 0, "fields": 0}

    def see(self, page: PageView) -> None:
        facts = page.facts
        if facts.access is None:
            return
        self._looked += 1
        faults = {
            "language": int(not facts.language),
            "pictures": facts.access.unnamed_pictures,
            "fields": facts.access.unnamed_fields,
        }
        for name, number in faults.items():
            if number:
                self._found[name].add(page.url)
                self._number[name] += number

    def results(self) -> Iterator[SiteResult]:
        if not self._looked:
            yield SiteResult("not_checked", "old_capture")
            return
        for name, fold in self._found.items():
            if not fold:
                yield SiteResult("pass", times=self._looked)
                continue
            points = tuple(Point(url) for url in fold.looked)
            values = {"count": len(fold), "number": self._number[name], "pages": self._looked}
            yield SiteResult(
                "fail", name, values, point=points[0], points=points[1:], pages=tuple(fold.pages), place=name
            )
