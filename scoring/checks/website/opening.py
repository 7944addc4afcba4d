"""Links, pictures and attachments that do not open or do not hold what they promise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from crawler.evidence import Link, Page
from crawler.templates import shape
from scoring.checks.website.links import host_of, is_of
from scoring.inspection import Outcome
from scoring.outcomes import refusal
from scoring.results import PageCheck, Point, SiteCase, SiteCheck, SiteResult
from scoring.site.view import PageView, SiteView


@dataclass(slots=True)
class _Dead:
    """One address that does not open: why, the visible links to it, and the pages that show it as a picture."""

    target: str
    reason: str
    confirmed: bool
    links: list[Link] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    @property
    def pages(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*(link.page for link in self.links), *self.shown]))

    @property
    def area(self) -> str:
        return self.links[0].area if self.links else "main"

    @property
    def text(self) -> str:
        return next((link.text or link.title for link in self.links if link.text or link.title), "")


class LinksOpen(PageCheck):
    """Every visible link and picture of the site opens; what did not was asked for twice.

    Many dead addresses of one template in one part of the pages are one fault (``fold_from``). ``unsure``: outcomes of
    two tries that may also lie with our side of the way.
    """

    use: Literal["links_open"]
    fold_from: int
    unsure: tuple[str, ...]

    def watch(self, case: SiteCase, on: date) -> _LinkWatcher:
        return _LinkWatcher(self, case.view)


class _LinkWatcher:
    def __init__(self, check: LinksOpen, view: SiteView) -> None:
        self._check, self._view = check, view
        self._asked = 0
        self._dead = {
            page.url: _Dead(page.url, page.outcome, True) for page in view.pages.values() if page.outcome == "dead"
        }
        self._pictures: set[str] = set()
        for one in view.held.checks():
            self._asked += one.outcome == "opens"
            if one.outcome == "dead" or (one.outcome in check.unsure and one.tries > 1):
                self._dead[one.url] = _Dead(one.url, one.outcome, one.outcome == "dead")
                if one.kind == "picture":
                    self._pictures.add(one.url)

    def see(self, page: PageView) -> None:
        self._asked += 1
        for url in self._pictures.intersection(page.facts.pictures) if self._pictures else ():
            self._dead[url].shown.append(page.url)

    def results(self) -> Iterator[SiteResult]:
        for target, link in self._view.held.links_to(self._dead) if self._dead else ():
            if not link.hidden and link.form in ("link", "frame"):
                self._dead[target].links.append(link)
        standing = [one for one in self._dead.values() if one.pages]
        for group in self._grouped(standing):
            yield self._result(group)
        if self._asked:
            yield SiteResult("pass", times=self._asked)

    def _grouped(self, found: list[_Dead]) -> Iterator[list[_Dead]]:
        groups: dict[tuple[str, str, bool], list[_Dead]] = {}
        for one in found:
            groups.setdefault((one.area, shape(one.target), one.confirmed), []).append(one)
        for group in groups.values():
            if len(group) >= self._check.fold_from:
                yield group
            else:
                yield from ([one] for one in group)

    def _result(self, group: list[_Dead]) -> SiteResult:
        first = group[0]
        home = self._view.home.url if self._view.home else ""
        pages = tuple(dict.fromkeys(page for one in group for page in one.pages))
        values = {
            "target": first.target,
            "text": first.text,
            "area": first.area,
            "reason": refusal(first.reason),
            "count": len(pages),
            "targets": len(group),
            "named": f"“{first.text}”" if first.text else "",
        }
        points = [Point(page, link=one.target) for one in group for page in one.pages[:1]]
        points += [Point(page, link=first.target) for page in first.pages[1:]]
        kind = "many" if len(group) > 1 else "home" if home in pages else "inner"
        place = f"{first.area} {shape(first.target)}" if len(group) > 1 else first.target
        more: dict[str, Any] = {"point": points[0], "points": tuple(points[1:]), "pages": pages, "place": place}
        if first.confirmed:
            return SiteResult("fail", kind, values, **more)
        return SiteResult("needs_review", "unreachable", values, **more)


class NoSoftMissing(SiteCheck):
    """No link leads to a page that says that it does not exist and answers as if it did."""

    use: Literal["no_soft_missing"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view = case.view
        missing = [page.url for page in view.pages.values() if page.outcome == "soft-404"]
        leading: dict[str, Link] = {}
        for target, link in view.held.links_to(missing) if missing else ():
            if not link.hidden:
                leading.setdefault(target, link)
        if not leading:
            yield SiteResult("pass", times=max(1, len(view.pages)))
            return
        points = [Point(link.page, link=target) for target, link in leading.items()]
        values = {"count": len(leading), "example": next(iter(leading))}
        yield SiteResult(
            "fail", "soft", values, point=points[0], points=tuple(points[1:]), pages=tuple(leading), place="soft-404"
        )


class AttachmentsUsable(SiteCheck):
    """Every attachment holds something, and what its name says. ``kinds``: ending → what its content may be.

    ``readable``: contents of which a damaged file can be told from one that this version does not read.
    """

    use: Literal["attachments_usable"]
    kinds: dict[str, tuple[str, ...]]
    readable: tuple[str, ...]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view, looked = case.view, 0
        faults: list[tuple[Page, Outcome, str]] = []
        for page in view.pages.values():
            expected = self.kinds.get(_ending(page.url))
            if expected is None or page.record is None or not (page.was_read or page.outcome == "unreadable"):
                continue
            looked += 1
            if told := self._fault(view, page, expected):
                faults.append((page, *told))
        leading: dict[str, Link] = {}
        for target, link in view.held.links_to(page.url for page, *_ in faults) if faults else ():
            leading.setdefault(target, link)
        for page, outcome, kind in faults:
            if page.url not in leading:
                continue
            link = leading[page.url]
            text, ending = link.text or link.title or page.url, _ending(page.url)
            values = {"target": page.url, "text": text, "ending": ending, "held": page.media}
            at = Point(link.page, link=page.url)
            yield SiteResult(outcome, kind, values, point=at, pages=(link.page,), place=page.url)
        if looked > len(faults):
            yield SiteResult("pass", times=looked - len(faults))

    def _fault(self, view: SiteView, page: Page, expected: tuple[str, ...]) -> tuple[Outcome, str] | None:
        record = view.held.record(page.record or "")
        if record is not None and record.length == 0:
            return "fail", "empty"
        if page.media and page.media not in expected:
            return "fail", "web_page" if page.media == "html" else "other_type"
        if page.outcome == "unreadable" and page.media in self.readable:
            return "needs_review", "unreadable"
        return None


def _ending(url: str) -> str:
    path = url.partition("#")[0].partition("?")[0].split("/", 3)[3:]  # behind the host
    name = "".join(path).rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


class ExternalLinksAnnounced(SiteCheck):
    """Links to other sites than the government's: each leads there without a reminder, as far as its markup says.

    ``own``: endings of hosts that need no reminder. One result for the site: a person clicks and sees.
    """

    use: Literal["external_links_announced"]
    own: tuple[str, ...]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view = case.view
        asked = [one.url for one in view.held.checks() if one.kind == "link"]
        away = [url for url in asked if not is_of(host_of(url), self.own)]
        leading: dict[str, Link] = {}
        for target, link in view.held.links_to(away) if away else ():
            if not link.hidden and link.form == "link":
                leading.setdefault(target, link)
        if not asked:
            yield SiteResult("not_checked", "not_asked")
        elif not leading:
            yield SiteResult("pass", times=len(asked))
        else:
            hosts = dict.fromkeys(host_of(url) for url in leading)
            points = [Point(link.page, link=target) for target, link in leading.items()]
            values = {"count": len(leading), "hosts": "、".join([*hosts][:8]), "number": len(hosts)}
            pages = tuple(dict.fromkeys(link.page for link in leading.values()))
            yield SiteResult(
                "needs_review",
                "direct",
                values,
                point=points[0],
                points=tuple(points[1:]),
                pages=pages,
                place="external",
            )
