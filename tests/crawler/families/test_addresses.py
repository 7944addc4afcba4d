"""Which addresses are one page, and what a row of a list says of its day."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.listing.rows import rows
from crawler.readers.html import open_html
from crawler.urls import has_own_fragment, key, page_of

_SITE = "http://www.example.gov.cn"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("/gkmlpt/index#571", "/gkmlpt/index#580", False),
        ("/gkmlpt/index#571", "/gkmlpt/index", False),
        ("/jyj/gkmlpt/annualreport#571", "/jyj/gkmlpt/annualreport#571", True),
        ("/gkmlpt/index#top", "/gkmlpt/index", True),
        ("/gkmlpt/index#", "/gkmlpt/index", True),
        ("/gkmlpt/index#12345678901234", "/gkmlpt/index", True),
        ("/a.html#571", "/a.html", True),
        ("/list.jsp;jsessionid=A1?page=2", "/list.jsp?page=2&jsessionid=B2", True),
        ("/list.jsp?page=2", "/list.jsp?page=3", False),
    ],
)
def test_a_fragment_counts_only_where_it_names_a_page(one: str, other: str, same: bool) -> None:
    assert (key(_SITE + one) == key(_SITE + other)) is same


def test_the_page_of_an_address() -> None:
    addresses = ["/a.html#p2", "/a.html", "/gkmlpt/index#571", "/gkmlpt/index#app", "/#", "/gkmlpt/index?x=1#5"]
    assert [page_of(_SITE + path).removeprefix(_SITE) for path in addresses] == [
        "/a.html", "/a.html", "/gkmlpt/index#571", "/gkmlpt/index", "/", "/gkmlpt/index?x=1#5",
    ]  # fmt: skip
    assert [has_own_fragment(_SITE + path) for path in addresses] == [False, False, True, False, False, True]
    assert not has_own_fragment("http://[bad/gkmlpt/#5")


@pytest.mark.parametrize(
    "parts", ["<b>28</b><i>2024-03</i>", "<b>28</b><i>2024年3月</i>", "<b>03-28</b><i>2024</i>", "<i>2024.03.28</i>"]
)
def test_the_day_is_read_from_its_parts_even_where_the_title_has_the_same_number(parts: str) -> None:
    title = "关于2024年第28次常务会议的通知"
    page = open_html(f"<ul><li>{parts}<a href='a.html'>{title}</a></li></ul>".encode(), f"{_SITE}/", "text/html")
    assert [(row.title, row.date) for row in rows(page.root, page.base)] == [(title, date(2024, 3, 28))]
