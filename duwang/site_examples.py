"""Examples of rules on sites: a site described in YAML, its pages read as the crawl reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, partial
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin

from crawler import readers
from crawler.evidence import Check, Column, DateSeen, Document, Facts, Link, ListEntry, Page, ProbeVisit, Record, Site
from crawler.pages import read_page
from crawler.pages.page import PageFacts
from crawler.readers.glance import lines_of_page
from crawler.readers.html import open_html
from duwang.probed import made as made_probes
from scoring.probes import Probes
from scoring.results import FoundReport, SiteCase
from scoring.site.points import Quoter
from scoring.site.view import SiteView

HOME = "http://jyj.shili.gov.cn/"
_MEDIA = "text/html; charset=utf-8"
_PAGE = (
    "<!DOCTYPE html><html{lang}><head><meta charset='utf-8'><title>{title}</title>{head}</head>"
    "<body>{body}</body></html>"
)


class MadeSite:
    """A site as ``given.site`` of an example describes it; it answers as a capture does (``Held``)."""

    def __init__(self, given: Mapping[str, Any], on: date) -> None:
        named = {field.name for field in fields(Site)} & set(given) - {"columns"}
        self.site = Site(
            **{"id": "example", "name": "示例市教育局", "home": HOME, **{name: given[name] for name in named}}
        )
        self.started = self.finished = datetime.combine(on, time(12), UTC)
        self._unread: dict[str, str] = {self.address(path): why for path, why in given.get("unread", {}).items()}
        self.refused: dict[str, int] = {}
        for why in [*self._unread.values(), *given.get("refused", ())]:
            self.refused[why] = self.refused.get(why, 0) + 1
        self.hosts: dict[str, Any] = dict(given.get("hosts", {}))
        self._given = {self.address(path): page for path, page in given.get("pages", {"/": {}}).items()}
        self._files = {self.address(path): item for path, item in given.get("files", {}).items()}
        self._columns = tuple(self._column(item) for item in given.get("columns", ()))
        self._facts: dict[str, PageFacts] = {}
        self._checks = tuple(map(self._check, given.get("checks", ())))

    def address(self, path: str) -> str:
        """The full address of a path on the site."""
        return urljoin(self.site.home, path)

    def _column(self, item: Mapping[str, Any]) -> Column:
        url = self.address(item["url"])
        newest = date.fromisoformat(item["newest"]) if item.get("newest") else None
        known: dict[str, Any] = {
            "complete": True, "pages": [item["url"]], "path": ["首页", item["name"]], "entries": 0, **item,
            "url": url, "newest": newest,
        }  # fmt: skip
        known["pages"] = tuple(self.address(page) for page in known["pages"])
        return Column(**{**known, "path": tuple(known["path"]), "gaps": tuple(known.get("gaps", ()))})

    def _check(self, item: Mapping[str, Any]) -> Check:
        known = {"status": None, "media": "", "target": "", "tries": 2, "first": "", "at": self.finished}
        return Check(**{**known, **item, "url": self.address(item["url"])})

    def _body(self, url: str) -> bytes:
        page = self._given[url]
        if "html" in page:
            return str(page["html"]).encode()
        lang = f' lang="{page["lang"]}"' if "lang" in page else ""
        title, head, body = (
            page.get("title", self.site.name),
            page.get("head", ""),
            page.get("body", "<p>示例页面。</p>"),
        )
        return _PAGE.format(lang=lang, title=title, head=head, body=body).encode()

    def _read(self, url: str) -> PageFacts:
        if url not in self._facts:
            self._facts[url] = read_page(open_html(self._body(url), url, _MEDIA), is_home=url == self.site.home)
        return self._facts[url]

    # --- as a capture ---

    @cached_property
    def _pages(self) -> tuple[Page, ...]:
        found = [self._page(url, page) for url, page in self._given.items()]
        missing = [Page(url, None, None, why, "other", found_on=self.site.home) for url, why in self._unread.items()]
        return (*found, *map(self._file, self._files), *missing)

    def _file(self, url: str) -> Page:
        item = self._files[url]
        outcome, media = item.get("outcome", "read"), item.get("media", url.rsplit(".", 1)[-1])
        return Page(url, _name(url), 200, outcome, "document", found_on=self.site.home, media=media)

    def _page(self, url: str, page: Mapping[str, Any]) -> Page:
        said = self._read(url)
        day = date.fromisoformat(page["published"]) if page.get("published") else said.published
        return Page(
            url=url,
            record=_name(url),
            status=200,
            outcome="read",
            kind=page.get("kind", said.kind),
            title=said.title,
            published=day,
            column_path=tuple(page.get("column_path", said.column_path)),
            found_on=self.address(page.get("found_on", "")),
            media="html",
        )

    def pages(self) -> Iterator[Page]:
        return iter(self._pages)

    def facts(self, page: str) -> Facts | None:
        return self._facts_of(page) if page in self._given else None

    def _facts_of(self, page: str) -> Facts:
        facts = self._read(page).facts
        told = tuple(DateSeen("list", date.fromisoformat(day), day) for _, day in self.listed(page) if day)
        return replace(facts, dates=(*facts.dates, *told)) if told else facts

    def all_facts(self) -> Iterator[tuple[str, Callable[[], Facts], list[tuple[str, str | None]]]]:
        for page in self.pages():
            if page.url in self._given:
                yield page.url, partial(self._facts_of, page.url), self.listed(page.url)

    def links(self, page: str | None = None) -> Iterator[Link]:
        for url in self._given if page is None else [page] if page in self._given else []:
            yield from self._read(url).links

    def anchors(self) -> Iterator[Link]:
        return iter(dict.fromkeys(link._replace(page="") for link in self.links()))

    def links_to(self, urls: Iterable[str]) -> Iterator[tuple[str, Link]]:
        wanted = set(urls)
        return ((link.url, link) for link in self.links() if link.url in wanted)

    def checks(self) -> Iterator[Check]:
        return iter(self._checks)

    def columns(self) -> Iterator[Column]:
        return iter(self._columns)

    def entries(self, page: str | None = None) -> Iterator[ListEntry]:
        for url in self._given if page is None else [page] if page in self._given else []:
            yield from self._read(url).entries

    def listed(self, url: str) -> list[tuple[str, str | None]]:
        named = {(e.title, e.date.isoformat() if e.date else None) for e in self.entries() if e.url == url}
        return sorted(named, key=str)

    def refusals(self) -> Iterator[tuple[str, str]]:
        return iter(self._unread.items())

    def record(self, name: str) -> Record | None:
        url = next((url for url in (*self._given, *self._files) if _name(url) == name), None)
        if url is None:
            return None
        body = self._body(url) if url in self._given else b"x" * self._files[url].get("size", 1000)
        digest = f"sha256:{sha256(body).hexdigest()}"
        return Record(name, url, digest, _MEDIA, 200, self.finished, len(body))

    def source(self, record_id: str) -> str:
        record = self.record(record_id)
        if record is None:
            raise KeyError(record_id)
        return self._body(record.uri).decode()

    def lines(self, record_id: str) -> list[str] | None:
        url = next((url for url in self._given if _name(url) == record_id), None)
        return None if url is None else lines_of_page(open_html(self._body(url), url, _MEDIA))

    def document(self, record_id: str) -> Document:
        """The document of a record, as ``scoring.assemble`` gets it."""
        record = self.record(record_id)
        if record is None:
            raise KeyError(record_id)
        body = self._body(record.uri)
        return readers.read(body, uri=record.uri, media_type=_MEDIA, record=record.id, digest=record.digest)


def _name(url: str) -> str:
    return f"record-{sha256(url.encode()).hexdigest()[:12]}"


def made_case(given: Mapping[str, Any], on: date) -> tuple[SiteCase, Quoter]:
    """The case of an example on a site, and what makes quotes of the points of its results."""
    made = MadeSite(given.get("site", {}), on)
    view = SiteView(made, made.site, on, made.document)
    reports = tuple(
        FoundReport(item["year"], item.get("title", ""), made.address(f"r{index}.html"), f"report-{index}")
        for index, item in enumerate(given.get("reports", ()))
    )
    publisher = given.get("publisher", "government" if made.site.kind == "portal" else "department")
    case = SiteCase(view, made.site.name, publisher, reports, (), False, probes=_probes(given, made.site))
    return case, Quoter(view, made.document)


def _probes(given: Mapping[str, Any], site: Site) -> Probes | None:
    """The log of visits that an example describes: so many evenly spaced ones a day, the first ones failed."""
    spec = given.get("site", {}).get("probes")
    if spec is None:
        return None
    first = date.fromisoformat(spec["last"]) - timedelta(days=spec["days"] - 1)
    spaced = timedelta(days=1) / spec["a_day"]
    moments = [datetime.combine(first, time(), UTC) + number * spaced for number in range(spec["days"] * spec["a_day"])]
    return made_probes(
        [
            ProbeVisit(moment, site.id, site.home, number >= spec["failed"], 0.5, 200, "", 15.0)
            for number, moment in enumerate(moments)
        ]
    )
