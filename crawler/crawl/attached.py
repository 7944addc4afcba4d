"""Documents that take more than one answer: those of a ZIP archive, and pages of annual reports with their pictures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler import readers
from crawler.archive.pictures import pictures_of
from crawler.crawl import intake
from crawler.crawl.frontier import Visit
from crawler.errors import UnusableInput
from crawler.evidence import Page, Record
from crawler.readers.detect import media_of
from crawler.readers.packed import Member
from crawler.readers.packed import unpack as members_of

if TYPE_CHECKING:
    from crawler.crawl.spider import SiteSpider


def unpack(spider: SiteSpider, visit: Visit, page: Page, record: Record, body: bytes) -> None:
    """Make every document of an archive a record, a page and a document of its own; UnusableInput where none is.

    ``page`` is that of the archive. What is left out is noted, or refused by its name within the archive.
    """
    found = members_of(body, record.uri)
    most = spider.limits["max_members"]
    for line in (*found.notes, *found.foreign):
        spider.writer.note(f"{record.uri}：{line}。")
    for member in found.members[:most]:
        _take(spider, visit, page, record, member)
    for member in found.members[most:]:
        spider.refuse(member.uri, "budget")


def _take(spider: SiteSpider, visit: Visit, archive: Page, record: Record, member: Member) -> None:
    kept = spider.writer.add_member(member.uri, record, member.body, spider.clock())
    media = media_of(member.body, member.uri, kept.media_type)
    page = replace(archive, url=member.uri, record=kept.id, depth=archive.depth + 1, found_on=archive.url, media=media)
    try:
        document = readers.read(
            member.body,
            uri=kept.uri,
            media_type=kept.media_type,
            record=kept.id,
            digest=kept.digest,
            recognise=intake.of_report(visit),
        )
    except UnusableInput:
        spider.writer.add_page(replace(page, outcome="unreadable"))
        spider.refuse(member.uri, "unreadable")
        return
    spider.writer.add_document(document)
    spider.writer.add_page(replace(page, title=document.title))


def read_pictured(spider: SiteSpider, names: Iterable[str]) -> None:
    """Read these pages with the pictures that were fetched of them, and keep what they say as documents."""
    writer = spider.writer
    fetch = pictures_of(writer.index.db, writer.body)
    for name in names:
        page = writer.index.page(name)
        record = writer.index.record(page.record) if page is not None and page.was_read and page.record else None
        if record is None:
            continue
        spider.reading(name)
        try:
            document = readers.read(
                writer.body(record.id),
                uri=record.uri,
                media_type=record.media_type,
                record=record.id,
                digest=record.digest,
                pictures=fetch,
            )
        except UnusableInput:
            # It could be read without its pictures, and will be.
            continue
        writer.add_document(document)
