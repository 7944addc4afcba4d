"""Every list of every family is read to its end by a whole crawl: exact entries, exact pages, exact gaps."""

from __future__ import annotations

from collections import Counter

import pytest
from families.conftest import WINDOWS, Crawled
from listing.computed.sites import SITES as COMPUTED
from listing.data.sites import SITES as DATA

from crawler.crawl.soft404 import probe_address
from crawler.evidence import Column
from crawler.listing import known_families

# Lists have entries; the site of script links has none.
_LISTS = [name for name in (*COMPUTED, *DATA) if name != "links_in_scripts"]
# Sites whose home page only leads to other pages.
_LEADING_ON = ("frameset", "refreshed_home", "links_in_scripts")
# Family of a site by the first part of its name; all others are found by their links.
_FAMILIES = {
    "trs": "trs", "ucap": "ucap", "boda": "boda", "ls": "counted", "laypage": "counted", "shanghai": "stated",
    "henan": "stated", "bingtuan": "stated", "gansu": "begin", "shandong": "slices", "jpage": "jpage",
    "jpaas": "jpaas", "gkmlpt": "gkmlpt", "script": "data-list", "trsapi": "trsapi", "posted": "page-form",
    "jump": "page-form", "aspnet": "postback", "refreshed": "",
}  # fmt: skip
# Entries that the lists themselves state.
_STATED = {
    "trs_call_with_styles": 52, "ucap_list": 65, "ucap_prefix": 50, "ucap_paging": 78, "ucap_disclosure": 21,
    "boda_old": 47, "ls_relative": 71, "laypage_count": 52, "laypage_default_limit": 36, "gansu_counted": 50,
    "gansu_stated_size": 44, "gansu_one_page": 15, "shandong_whole": 47, "shandong_one_slice": 15,
    "shandong_in_part": 120, "slash_numbers": 97, "one_page_in_words": 15, "jpage_groups_by_get": 70,
    "jpage_groups_by_post": 52, "jpage_array_of_rows": 37, "jpage_whole_in_page": 12, "jpaas_list": 40,
    "gkmlpt_catalogue": 23, "gkmlpt_of_a_bureau": 31, "gkmlpt_computed_addresses": 3, "trsapi_first_pages": 213,
    "trsapi_whole": 20,
}  # fmt: skip
_GAPS = {
    "shandong_in_part": ["列表自称共 120 条，页面只载有 40 条，其余由脚本另行加载", "列表标明共 120 条，读到 40 条"],
    "trsapi_first_pages": [
        "列表自称共213条，页面里只有20条，其余由脚本读取，页面没有给出读取地址",
        "列表标明共 213 条，读到 20 条",
    ],
    "bingtuan_cut": ["有 3 个分页没有读到（如 bingtuan_cut/zkgg/index_11.shtml）"],
}


@pytest.mark.parametrize("name", _LISTS)
def test_a_column_holds_the_whole_list(lists: Crawled, name: str) -> None:
    site, column = lists.lists[name], _columns(lists)[lists.lists[name].path]
    gaps = _GAPS.get(name, list(site.gaps))
    days = [day for _, day in site.entries]
    assert (column.entries, column.undated) == (len(site.entries), 0)
    assert sorted(lists.bare(page) for page in column.pages) == sorted(site.pages)
    assert [gap.replace(lists.server.url, "") for gap in column.gaps] == gaps
    assert column.complete is not bool(gaps)
    assert column.years == {str(year): count for year, count in sorted(Counter(day.year for day in days).items())}
    assert column.newest == max(days)
    assert (column.expected, column.family) == (_STATED.get(name), _FAMILIES.get(name.partition("_")[0], "links"))
    assert (column.empty, column.empty_quote) == ("", "")
    called = "通知公告" if name in COMPUTED else name[:12]
    assert (column.name, column.window) == (called, WINDOWS.get(called))


@pytest.mark.parametrize("name", _LISTS)
def test_its_entries_are_those_of_the_site(lists: Crawled, name: str) -> None:
    site, column = lists.lists[name], _columns(lists)[lists.lists[name].path]
    found = {entry.url: entry for page in column.pages for entry in lists.capture.entries(page)}
    assert sorted((entry.title, entry.date) for entry in found.values()) == sorted(site.entries)
    assert not site.articles or sorted(map(lists.bare, found)) == sorted(site.articles)


def test_each_page_of_a_list_is_asked_for_once_and_nothing_else(lists: Crawled) -> None:
    asked = Counter(lists.asked())
    missing = {path for site in lists.lists.values() for path in site.missing}
    # What is missing is asked for again at the end, to be sure.
    assert {path: count for path, count in asked.items() if count > 1} == dict.fromkeys(missing, 2)
    # A fragment stays with us.
    wanted = {path.partition("#")[0] for site in lists.lists.values() for path in site.pages}
    probe = lists.bare(probe_address(lists.server.url))
    unlisted = {path for path in asked if path not in wanted and path.partition("/")[0] not in _LEADING_ON}
    assert unlisted == {"", "robots.txt", probe, *missing}
    assert wanted <= set(asked)


def test_every_family_has_a_test_site(lists: Crawled) -> None:
    known = {family.NAME for family in known_families()}
    assert known - {column.family for column in lists.capture.columns()} == set()


def _columns(crawled: Crawled) -> dict[str, Column]:
    """Columns by address without the server."""
    return {crawled.bare(column.url): column for column in crawled.capture.columns()}
