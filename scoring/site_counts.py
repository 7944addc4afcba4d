"""What the crawl of a site counted: dated entries of its lists by year, and how far the lists were read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from crawler.capture import Capture
from crawler.evidence import Column, Document, Site
from scoring.data import table
from scoring.results import ColumnCount, Counted, Elsewhere
from scoring.site_reports import name_on_page


def counted(capture: Capture, site: Site, document: Callable[[str], Document]) -> Counted:
    """Different entries by the year of their date, over the columns that have any."""
    listed = [column for column in capture.columns() if column.entries]
    dates: dict[str, date | None] = {}
    for entry in capture.entries():
        dates[entry.url] = entry.date or dates.get(entry.url)
    entries: dict[int, int] = {}
    for day in dates.values():
        if day is not None:
            entries[day.year] = entries.get(day.year, 0) + 1
    gaps = [f"“{column.name}”没有读全" for column in listed if not column.complete]
    harmless = set(table("site-claims")["harmless"])
    unread = sum(number for reason, number in capture.refused.items() if reason not in harmless)
    gaps += [f"有 {unread} 个地址没有读取"] if unread else []
    columns = (_column(capture, column, document) for column in listed)
    return Counted(
        tuple(c for c in columns if c is not None),
        entries,
        sum(1 for day in dates.values() if day is None),
        tuple(dict.fromkeys(gaps)),
        site.kind == "portal",
    )


def _column(capture: Capture, column: Column, document: Callable[[str], Document]) -> ColumnCount | None:
    page = capture.page(column.pages[0] if column.pages else column.url)
    if page is None or page.record is None or not page.was_read:
        return None
    read = document(page.record)
    quote = name_on_page(read, column.name)
    if quote is None:
        return None
    seen = Elsewhere(f"栏目“{column.name}”", quote, read)
    return ColumnCount(column.name, column.url, column.years, column.undated, column.complete, seen)
