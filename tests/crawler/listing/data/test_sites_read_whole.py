"""Every list that data or forms fill, read to its end over a real socket: exact entries, exact requests, exact gaps."""

from __future__ import annotations

import pytest
from listing.data.sites import SITES
from listing.driver import walk
from site_server import Server

from crawler.listing import paging
from crawler.readers.html import open_html
from crawler.readers.page.script_links import script_target

# Lists that ordinary links turn (on the sites of frames and refresh) are the crawl's own work.
_LISTS = [name for name, make in SITES.items() if make().items and not make().made]


@pytest.mark.parametrize("name", _LISTS)
def test_the_whole_list_is_read_and_nothing_else_is_asked_for(server: Server, name: str) -> None:
    site = SITES[name]()
    site.serve(server)
    walked = walk(server, site.list_url)
    expected = [(f"{server.url}{item.path[1:]}", item.title, item.day) for item in site.items]
    assert list(dict.fromkeys(walked.entries)) == expected
    assert walked.pages == site.requests
    assert walked.gaps == site.gaps


def test_stated_totals_are_those_of_the_sites() -> None:
    """(family, pages, entries) that each list page states by itself."""
    stated = {}
    for name in _LISTS:
        site = SITES[name]()
        answer = site.pages[site.list_url.partition("#")[0]]
        body = answer if isinstance(answer, bytes) else answer.body
        assert isinstance(body, bytes)
        found = paging(open_html(body, f"http://www.example.gov.cn{site.list_url}", "text/html"))
        stated[name] = (found.family, found.pages, found.total) if found else None
    assert stated == {
        "jpage_groups_by_get": ("jpage", 5, 70),
        "jpage_groups_by_post": ("jpage", 6, 52),
        "jpage_array_of_rows": ("jpage", 4, 37),
        "jpage_whole_in_page": ("jpage", 1, 12),
        "jpaas_list": ("jpaas", None, None),
        "jpaas_one_page": ("jpaas", None, None),
        "gkmlpt_catalogue": ("gkmlpt", None, None),
        "gkmlpt_of_a_bureau": ("gkmlpt", None, None),
        "gkmlpt_computed_addresses": ("gkmlpt", None, None),
        "script_list_in_groups": ("data-list", 3, None),
        "script_list_more_pages": ("data-list", 8, None),
        "script_list_of_objects": ("data-list", None, None),
        "trsapi_first_pages": ("trsapi", 22, 213),
        "trsapi_whole": ("trsapi", 2, 20),
        "posted_jsp_list": ("page-form", 3, None),
        "posted_from_zero": ("page-form", 2, None),
        "jump_field_by_get": ("page-form", 4, None),
        "aspnet_postback": ("postback", 5, None),
    }


def test_everything_that_the_sites_promise_is_served() -> None:
    """The sites are used again by the tests of whole crawls: a slip in them would look like one of the crawler."""
    for make in SITES.values():
        site = make()
        promised = [item.path for item in site.items] + [path for paths in site.made.values() for path in paths]
        assert [path for path in promised if path not in site.pages] == []
        assert site.list_url.partition("#")[0] in site.pages


def test_script_links_of_the_site_lead_to_its_pages() -> None:
    site = SITES["links_in_scripts"]()
    body = site.pages["/"]
    assert isinstance(body, bytes)
    page = open_html(body, "http://www.example.gov.cn/", "text/html")
    found = []
    for element in page.root.iter():
        for code in (element.get("href"), element.get("onclick")):
            target = script_target(code, page.base) if code else None
            if target:
                found.append(target.removeprefix("http://www.example.gov.cn"))
    assert found == site.made["script"]
