"""Links that a site should not have: hidden ones to other sites, and such that lead to gambling or pornography."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from ipaddress import ip_address
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from crawler.evidence import Link
from scoring.checks.website.looking import Fold
from scoring.data import table
from scoring.results import PageCheck, Point, SiteCase, SiteResult
from scoring.site.view import PageView, SiteView

_Key = Literal["hostile", "host", "hidden", "covered"]


@dataclass(slots=True)
class _Found:
    """Pages with links of one kind to one host; the first of these links, and what hides it."""

    link: str
    text: str
    how: str = ""
    fold: Fold = field(default_factory=Fold)


class LinksVisible(PageCheck):
    """No hidden links to other sites, no links to or scripts from hosts of gambling or pornography.

    Links to the own host, to government hosts and to those of ``hostile-links.yaml`` that are commonly linked to are
    not looked at. What is hidden as a whole until a script shows it (menus, panels of links) is told from a hidden link
    by where it stands and how many there are.
    """

    use: Literal["links_visible"]

    def watch(self, case: SiteCase, on: date) -> _Links:
        return _Links(case.view)


class _Links:
    """What was found, by kind and host."""

    def __init__(self, view: SiteView) -> None:
        self._view = view
        self._words = table("hostile-links")
        self._own = host_of(view.site.home).removeprefix("www.")
        self._home = urljoin(view.site.home, "/")
        self._foreign: dict[str, bool] = {}
        self._scripts: dict[str, bool] = {}
        self._found: dict[tuple[_Key, str], _Found] = {}
        self._pages = 0

    def see(self, page: PageView) -> None:
        if not self._view.is_own(page.url):
            return
        self._pages += 1
        for address in page.facts.scripts:
            if address not in self._scripts:
                self._scripts[address] = self._is_hostile_host(host_of(address))
            if self._scripts[address]:
                self._add("host", Link(page.url, address, ""))

    def _look(self) -> None:
        """Take in the links: each different one once, and only for those that matter the pages that they stand on."""
        wanted: dict[Link, _Key] = {}
        for link in self._view.held.anchors():
            if not link.url.startswith(self._home) and self._is_foreign(link.url) and (name := self._kind(link)):
                wanted[link] = name
        covered: dict[str, list[Link]] = {}
        for _, link in self._view.held.links_to({link.url for link in wanted}) if wanted else ():
            name = wanted.get(link._replace(page=""))
            if name is None or not self._view.is_own(link.page):
                continue
            if name == "covered":
                covered.setdefault(link.page, []).append(link)
            else:
                self._add(name, link)
        for links in covered.values():
            if len(links) < self._words["panel_links"]:
                for link in links:
                    if link.area != "nav":
                        self._add("covered", link)

    def _kind(self, link: Link) -> _Key | None:
        if self._is_hostile(link.text or link.title):
            return "hostile"
        if self._is_hostile_host(host_of(link.url)):
            return "host"
        if link.hidden and link.form == "link":
            return "covered" if link.hidden in self._words["panels"] else "hidden"
        return None

    def _add(self, name: _Key, link: Link) -> None:
        found = self._found.setdefault((name, host_of(link.url)), _Found(link.url, link.text, link.hidden))
        if link.page not in found.fold.pages[-1:]:
            found.fold.add(link.page)

    def _is_foreign(self, url: str) -> bool:
        """Whether an address is on a host that is neither the site's nor one that government sites link to."""
        end = url.find("/", 8)
        start = url[:end] if end > 0 else url
        known = self._foreign.get(start)
        if known is None:
            host = host_of(url)
            known = bool(host) and not f".{host}".endswith(f".{self._own}") and not self._is_usual(host)
            self._foreign[start] = known
        return known

    def _is_usual(self, host: str) -> bool:
        try:
            if not ip_address(host).is_global:
                return True
        except ValueError:
            pass
        return is_of(host, self._words["usual_hosts"])

    def _is_hostile(self, text: str) -> bool:
        return (
            any(word in text for word in self._words["words"])
            and not any(word in text for word in self._words["against"])
        )  # fmt: skip

    def _is_hostile_host(self, host: str) -> bool:
        return any(word in host for word in self._words["host_words"])

    def results(self) -> Iterator[SiteResult]:
        self._look()
        clean = self._pages - len({url for found in self._found.values() for url in found.fold.pages})
        if clean:
            yield SiteResult("pass", times=clean)
        for (name, host), found in self._found.items():
            values: dict[str, Any] = {
                "host": host, "text": found.text[:40] or "无文字", "count": len(found.fold),
                "how": self._words["ways"].get(found.how, ""),
            }  # fmt: skip
            first, *others = self._points(found)
            yield SiteResult(
                "needs_review", name, values, point=first, points=tuple(others), pages=tuple(found.fold.pages),
                place=f"{name}|{host}",
            )  # fmt: skip

    def _points(self, found: _Found) -> Iterable[Point]:
        return (Point(url, link=found.link) for url in found.fold.looked)


def host_of(url: str) -> str:
    """The host of an address in lower case, "" where it has none or cannot be read."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_of(host: str, domains: Iterable[str]) -> bool:
    """Whether a host is one of these domains or stands below one."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
