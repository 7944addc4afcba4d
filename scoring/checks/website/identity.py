"""Under what name and address a site stands: its domain, and its name in the header of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from scoring.checks.website.looking import Fold, Look, furniture, look, points_of
from scoring.checks.website.tags import tag_of
from scoring.results import PageCheck, Point, SiteCase, SiteCheck, SiteResult
from scoring.site.view import PageView, SiteView
from scoring.text import key

_INNER = ("column", "list", "article")
_SPACE = re.compile(r"\s+")
_MARKUP = re.compile(r"<[^<>]{0,4000}>")
_TITLE = re.compile(r"<title\b[^<>]{0,400}>([^<]{0,400})", re.IGNORECASE)
_NO_TEXT = re.compile(
    r"<(a|script|style|select|option|button)\b[^<>]{0,2000}>.*?</\1\s{0,9}>", re.IGNORECASE | re.DOTALL
)
_State = Literal["unread", "shown", "drawn", "styled", "missing"]


class DomainConforms(SiteCheck):
    """The domain ends in .gov.cn or .政务; a portal is www.□.gov.cn, a department ○.□.gov.cn.

    Addresses that are no public domain (an IP address, a loopback name) are not judged. The form of the name is for a
    person where the level of the body is not known.
    """

    use: Literal["domain_conforms"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view, site = case.view, case.view.site
        host = (urlsplit(site.home).hostname or "").rstrip(".")
        if view.front is None:
            yield SiteResult("not_checked", "unread")
        elif not _is_domain(host):
            yield SiteResult("not_checked", "no_domain", {"host": host})
        elif not _ends(host, furniture()["domains"]["endings"]):
            yield self._result(view, "fail", "suffix", host)
        elif not _ends(host, [furniture()["domains"]["english"]]):
            yield SiteResult("pass")  # nothing is known of the form of Chinese names
        elif site.kind == "portal":
            fits = host.startswith("www.") and len(_names(host)) == 1
            yield SiteResult("pass") if fits else self._result(view, "needs_review", "portal", host)
        # A department that stands in a folder of its portal has the portal's domain.
        elif len(_names(host)) >= 2 or urlsplit(site.home).path.strip("/"):
            yield SiteResult("pass")
        else:
            yield self._result(view, "fail" if site.level else "needs_review", "department", host)

    def _result(self, view: SiteView, outcome: Literal["fail", "needs_review"], name: str, host: str) -> SiteResult:
        point = Point(view.front.url if view.front else view.site.home, tag="SiteDomain")
        return SiteResult(outcome, name, {"host": host}, point=point, place="domain")


def _is_domain(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return "." in host and host.rpartition(".")[2] not in furniture()["domains"]["no_domain"]
    return False


def _ends(host: str, endings: list[str]) -> bool:
    return any(host.endswith(f".{ending}") for ending in endings)


def _names(host: str) -> list[str]:
    """The parts of a host before .gov.cn, www apart."""
    parts = host.removesuffix(f".{furniture()['domains']['english']}").split(".")
    return [part for part in parts if part != "www"]


class HeaderName(PageCheck):
    """The name of the site stands in the header of its pages: one page of each template is looked at.

    A name that ``<title>`` has is no failure where the header holds pictures or scripts; without one, nothing is said
    about such headers. A header that a style sheet may have painted is for a person, unless it says another name.
    """

    use: Literal["header_name"]

    def watch(self, case: SiteCase, on: date) -> _Headers:
        return _Headers(case.view)


class _Headers:
    """One page of each template; the name of the site as its pages state it."""

    def __init__(self, view: SiteView) -> None:
        self._view = view
        self._home, self._inner = Fold(), Fold()
        self._names = {view.site.name}

    def see(self, page: PageView) -> None:
        kind = page.page.kind
        if not self._view.is_own(page.url):
            return
        if kind == "home":
            self._names |= {page.page.title, tag_of(page, "SiteName")}
            self._home.add(page.url)
        elif kind in _INNER:
            self._inner.add(page.url)

    def results(self) -> Iterator[SiteResult]:
        looked = (*self._home.looked, *self._inner.looked)
        if not looked:
            yield SiteResult("not_checked", "unread")
            return
        names = _bare_names(self._names)
        states: dict[_State, list[str]] = {}
        for url in looked:
            states.setdefault(_header_state(look(self._view, url), names), []).append(url)
        values = {"name": self._view.site.name}
        if states.get("shown"):
            yield SiteResult("pass", times=len(states["shown"]))
        if states.get("drawn"):
            yield SiteResult("not_checked", "drawn", values)
        if set(states) == {"unread"}:
            yield SiteResult("not_checked", "unread")
        if styled := states.get("styled"):
            yield _without("needs_review", "styled", styled, values)
        if missing := states.get("missing"):
            yield _without("fail", "missing", missing, values)


def _without(
    outcome: Literal["fail", "needs_review"], name: str, pages: list[str], values: dict[str, str]
) -> SiteResult:
    """Pages whose header lacks the name."""
    first, *others = points_of(pages)
    told = {**values, "count": len(pages)}
    return SiteResult(outcome, name, told, point=first, points=tuple(others), pages=tuple(pages), place=name)


def _header_state(page: Look | None, names: set[str]) -> _State:
    """What is known of the name in the header of a page."""
    if page is None:
        return "unread"
    header = header_of(page)
    shown = key(_MARKUP.sub("", header)) + key(header)  # text, and what pictures are called
    if any(name in shown for name in names):
        return "shown"
    words = furniture()
    if any(mark in header for mark in words["header_drawn"]):
        title = key(_raw_title(page))
        return "shown" if any(name in title for name in names) else "drawn"
    if _other_name(header):
        return "missing"
    return "styled" if any(mark in page.source for mark in words["styled"]) else "missing"


def _other_name(header: str) -> str:
    """A name of a site that a header says in plain text, outside of links; "" where it says none."""
    words = furniture()
    texts = (unescape(text).strip() for text in _MARKUP.split(_NO_TEXT.sub("<>", header)))
    named = (text for text in texts if words["shortest_name"] <= len(text) <= words["longest_name"])
    return next((text for text in named if text.endswith(tuple(words["name_ends"]))), "")


def header_of(page: Look) -> str:
    """The source of what stands before the path and the main part of a page."""
    body, words = page.body, furniture()
    begin = page.document.main[0]
    texts = (block.text.strip() for block in page.blocks[begin:]) if begin else iter(())
    lead = _SPACE.split(next((text for text in texts if text), ""))[0][:12]
    ends = [body.find(sign) for sign in (words["path_sign"], lead) if sign]
    known = [at for at in ends if at > 0] or [int(len(body) * words["header_share"])]
    return body[: min(*known, words["header_length"])]


def _raw_title(page: Look) -> str:
    found = _TITLE.search(page.source)
    return found[1] if found else ""


def _bare_names(names: set[str]) -> set[str]:
    """Names without marks and without what a header may leave out of them."""
    words, found = furniture(), set()
    shortest: int = words["shortest_name"]
    for name in map(key, names):
        bare = next((name.removesuffix(end) for end in words["name_endings"] if name.endswith(end)), name)
        if len(one := bare if len(bare) >= shortest else name) >= shortest:
            found.add(one)
    return found
