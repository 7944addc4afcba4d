"""Annual reports on a captured site: the pages that are one, and the region where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crawler.errors import UnusableInput
from crawler.evidence import Block, Column, Document, Page, Site, Spot
from scoring.annual_report import AnnualReport, Options, Quote, is_title
from scoring.data import table
from scoring.results import FoundReport, SiteCase
from scoring.site.view import SiteView
from scoring.text import key


def _may_be_report(page: Page) -> bool:
    """Whether a page is called an annual report, or something like it."""
    return is_title(page.title) or any(word in page.title for word in table("site-regions")["report_columns"])


def _is_report(page: Page, document: Document) -> bool:
    """A page is a report if its title is one and more than a list stands below it."""
    report = AnnualReport(document, Options(page=True))
    return report.title is not None and (bool(report.sections) or is_title(page.title))


def find_reports(view: SiteView, document: Callable[[str], Document]) -> list[AnnualReport]:
    """Every annual report the site shows, newest first; one per content. Attachments of a report's page count."""
    options = Options(page=True, level=view.site.level)
    named = [page for page in view.pages.values() if page.was_read and _may_be_report(page)]
    found: dict[str, AnnualReport] = {}
    attached: dict[str, AnnualReport] = {}

    def take(page: Page) -> None:
        if page.record is None or page.kind in ("home", "list", "column"):
            return
        read = document(page.record)
        if read.digest in found or not _is_report(page, read):
            return
        found[read.digest] = report = AnnualReport(read, options)
        facts = view.held.facts(page.url)
        for url in facts.attachments if facts else ():
            attached.setdefault(url, report)

    for page in named:
        if page.kind != "document":
            take(page)
    for report in _attached(view, attached, document) if attached else ():
        found.setdefault(report.document.digest, report)
    for page in named:
        if page.kind == "document":  # one that no page of a report offers
            take(page)
    return sorted(found.values(), key=lambda r: (-(r.year or 0), r.document.uri))


def _attached(
    view: SiteView, attached: dict[str, AnnualReport], document: Callable[[str], Document]
) -> Iterator[AnnualReport]:
    """The reports among attachments (address → report of the page that offers it)."""
    for url, cover in attached.items():
        for record in _documents(view, url):
            try:
                read = document(record)
            except (UnusableInput, ValueError):
                continue  # unread is not absent: the page that offers it says so
            report = AnnualReport(read, cover.options)
            if report.title is not None or report.sections:
                yield _named(report, cover)


def _named(report: AnnualReport, cover: AnnualReport) -> AnnualReport:
    """An attachment that does not say whose report it is, or of which year, is that of its page."""
    if report.unit is not None and report.year is not None:
        return report
    named = table("site-regions")["of_page"]
    unit, year = report.unit or cover.unit, report.year or cover.year
    return AnnualReport(report.document, replace(report.options, unit=unit, year=year, named_by=named))


@dataclass(frozen=True, slots=True)
class Carried:
    """One report of one unit and year with its other carriers on the site."""

    report: AnnualReport
    copies: tuple[AnnualReport, ...] = ()


def carried(reports: Iterable[AnnualReport], site: Site) -> list[Carried]:
    """Reports of one unit and year taken together: the fullest is judged, the others are its copies."""
    groups: dict[tuple[str, int | str], list[AnnualReport]] = {}
    for report in reports:
        groups.setdefault((key(report.unit or site.name), report.year or report.document.record), []).append(report)
    result = []
    for group in groups.values():
        ranked = sorted(group, key=lambda r: (-_fullness(r), r.document.carrier != "html", r.document.uri))
        result.append(Carried(_dated(ranked[0], ranked[1:]), tuple(ranked[1:])))
    return result


def _fullness(report: AnnualReport) -> int:
    return len(report.sections) + sum(bound.found for bound in report.tables.all())


def _dated(report: AnnualReport, others: list[AnnualReport]) -> AnnualReport:
    """An attachment says nothing of its publication: the page that offers it does."""
    if report.published is not None or report.document.carrier == "html":
        return report
    day = next((o.published for o in others if o.published is not None and o.document.carrier == "html"), None)
    if day is None:
        return report
    options = replace(report.options, published=day, published_by=table("site-regions")["of_page"])
    return AnnualReport(report.document, options)


def _report_columns(view: SiteView) -> list[Column]:
    data = table("site-regions")
    return [
        column
        for column in view.columns
        if any(word in column.name for word in data["report_columns"])
        and not any(word in column.name for word in data["not_report_columns"])
    ]


def site_case(view: SiteView, reports: list[AnnualReport], document: Callable[[str], Document]) -> SiteCase:
    """What checks on the whole site look at: its reports, the report columns, and how far they were read."""
    shown = [FoundReport(r.year, r.title.text if r.title else "", r.document.uri, r.document.record) for r in reports]
    site = view.site
    region: list[tuple[str, Quote]] = []
    gaps: list[str] = []
    for column in _report_columns(view):
        gaps.extend(f"“{column.name}”{gap}" for gap in column.gaps)
        if not (column.complete or column.gaps):
            gaps.append(f"“{column.name}”没有读全")
        for url in column.pages or (column.url,):
            page = view.pages.get(url)
            if page is None or page.record is None or not page.was_read:
                gaps.append(f"“{column.name}”{url} 未读{view.why(url)}")
                continue
            gaps.extend(_unread_entries(view, url, shown))
            # What a script would fetch for the list has entries, and nothing that a person could be shown.
            if page.media != "data":
                quote = name_on_page(document(page.record), column.name)
                region.extend([(url, quote)] if quote else [])
                gaps.extend([] if quote else [f"“{column.name}”{url} 没有文字"])
    publisher = "government" if site.kind == "portal" else "department"
    return SiteCase(
        view=view,
        unit=site.name,
        publisher=publisher,
        reports=tuple(shown),
        region=tuple(region),
        region_complete=bool(region) and not gaps,
        gaps=tuple(dict.fromkeys(gaps)),
    )


def _documents(view: SiteView, url: str) -> list[str]:
    """Records of the documents that an address gives; of an archive those in it."""
    held = view.content(url)
    if held is None:
        return []
    inside = [page for page in view.pages.values() if page.found_on == held.url] if held.media == "zip" else [held]
    return [page.record for page in inside if page.record is not None and page.was_read]


def _unread_entries(view: SiteView, url: str, shown: list[FoundReport]) -> list[str]:
    """What a page of the region names and was not read.

    An item whose title is a report's counts as shown, only unread. Links that the home page has too are the site's
    menu, not the column's content.
    """
    menu = view.menu if view.home is None or url != view.home.url else frozenset()
    named = {entry.url: entry.title for entry in view.held.entries(url)}
    for link in view.held.links(url):
        if link.url not in menu:
            named.setdefault(link.url, link.title if is_title(link.title) else link.text)
    gaps = []
    known = {report.url for report in shown}
    for target, title in named.items():
        read = view.was_read(target)
        if read:
            continue
        if is_title(title) and target not in known:
            report = AnnualReport(_titled(title, target))
            shown.append(FoundReport(report.year, title, target, ""))
            known.add(target)
        elif read is False and target.startswith(_origin(url)) and "#" not in target:
            gaps.append(f"“{title or target}”未读{view.why(target)}")
    return gaps


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _titled(title: str, url: str) -> Document:
    block = Block("heading", title, Spot(0, 0, len(title)), 1)
    return Document("", "", url, "html", "utf-8", title, (block,), (0, 1))


def name_on_page(document: Document, name: str) -> Quote | None:
    """Where a page says that it is this column: the block with its name, else its first text, None without any."""
    first: Quote | None = None
    for index, block in enumerate(document.blocks):
        if block.kind not in ("heading", "paragraph") or not block.text.strip():
            continue
        at = block.text.find(name)
        if at >= 0:
            return Quote(Spot(index, at, at + len(name), selector=block.spot.selector), name, document.record)
        if first is None:
            spot = Spot(index, 0, len(block.text), selector=block.spot.selector)
            first = Quote(spot, block.text, document.record)
    return first
