"""A new family of lists is one file in the folder; nothing else has to know of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import listing
from crawler.listing import Answer, Entry, Turn, families
from crawler.readers.html import open_html

_NEW = """
from crawler.listing.base import Entry, Paging, Turn

NAME = "brandnew"
MARKS = ("brandnewPager",)
ORDER = 5


def read_page(page):
    return Paging(NAME, (Turn(page.url + "?data=1", data=True),), entries=())


def read_data(answer):
    return Paging(NAME, entries=(Entry(answer.page + "a.html", answer.text, None),))
"""
_URL = "http://www.example.gov.cn/list/"
_ANSWER = Answer(_URL + "?data=1", "一条通知", "text/plain", Turn(_URL + "?data=1", data=True), _URL)


@pytest.fixture
def new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "brandnew.py").write_text(_NEW, encoding="utf-8")
    monkeypatch.setattr(families, "__path__", [*families.__path__, str(tmp_path)])
    listing.known_families.cache_clear()
    yield
    sys.modules.pop(f"{families.__name__}.brandnew", None)
    listing.known_families.cache_clear()


@pytest.mark.usefixtures("new_file")
def test_a_new_file_is_a_new_family() -> None:
    found = listing.paging(open_html(b"<p>brandnewPager</p>", _URL, "text/html"))
    assert found is not None
    assert (found.family, found.turns) == ("brandnew", (Turn(_URL + "?data=1", data=True),))
    assert listing.paging_of_data("brandnew", _ANSWER).entries == (Entry(_URL + "a.html", "一条通知", None),)


def test_without_the_file_nothing_is_known_of_it() -> None:
    assert listing.paging(open_html(b"<p>brandnewPager</p>", _URL, "text/html")) is None


@pytest.mark.parametrize("family", ["brandnew", "", "trs", "links", "page-form", "postback"])
def test_data_of_a_family_that_is_unknown_or_reads_none_is_refused(family: str) -> None:
    with pytest.raises(ValueError, match="reads data"):
        listing.paging_of_data(family, _ANSWER)


@pytest.mark.parametrize("family", ["jpage", "jpaas", "gkmlpt"])
def test_data_that_is_not_what_the_family_gives_is_refused(family: str) -> None:
    with pytest.raises(ValueError):
        listing.paging_of_data(family, _ANSWER)
