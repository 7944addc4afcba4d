"""Every list with computed addresses is read to its end, each page once and nothing that does not exist."""

from __future__ import annotations

import pytest
from listing.computed.sites import SITES
from listing.driver import walk
from site_server import Server

from crawler.listing import paging
from crawler.readers.html import open_html

_GAPS = {"shandong_in_part": ["列表自称共 120 条，页面只载有 40 条，其余由脚本另行加载"]}
# Lists whose last page has no link or word from which the addresses of the others follow.
_SILENT_AT_THE_END = {"qinghai_list", "qinghai_last_only", "boda_links", "by_offset", "down_without_marks"}


@pytest.mark.parametrize("name", SITES)
def test_all_entries_and_exactly_the_pages_of_the_list(name: str, server: Server) -> None:
    site = SITES[name]()
    site.serve(server)
    walked = walk(server, site.list_url, may_miss=bool(site.missing))
    assert sorted(walked.pages) == sorted(site.listed)
    assert sorted(walked.missing) == sorted(site.missing)
    assert sorted((title, day) for _, title, day in walked.entries) == sorted(site.titles)
    assert walked.gaps == _GAPS.get(name, [])


@pytest.mark.parametrize("name", SITES)
def test_a_walk_from_any_page_of_the_list_reads_the_later_ones(name: str, server: Server) -> None:
    """Each page of a list is told apart from the others, whichever the crawler comes upon first; the last page may
    not say that there are others."""
    site = SITES[name]()
    site.serve(server)
    for start in site.listed[1:]:
        walked = walk(server, start, may_miss=bool(site.missing))
        assert len(walked.pages) == len(set(walked.pages))
        wanted = {start} if name in _SILENT_AT_THE_END and start == site.listed[-1] else set(site.listed[1:])
        assert wanted <= set(walked.pages) <= {*site.listed, *site.pages}, start


@pytest.mark.parametrize("name", SITES)
def test_the_first_page_tells_of_all_others_at_once(name: str) -> None:
    site = SITES[name]()
    base = "http://mzj.example.gov.cn"
    found = paging(open_html(site.pages[site.list_url], base + site.list_url, "text/html"))
    assert found is not None
    assert [turn.url for turn in found.turns] == [base + path for path in (*site.listed[1:], *site.missing)]
    assert found.pages == (None if name in _GAPS else site.list_pages + len(site.missing))
