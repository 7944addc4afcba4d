"""An absence is claimed only over a region that was read whole: captures made by hand, one gap each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawler.archive.writer import CaptureWriter
from crawler.evidence import Column, ListEntry, Page, Site
from scoring.assemble import inspect_site
from scoring.inspection import Inspection
from scoring.rules import shipped

DAY = date(2026, 4, 20)
MOMENT = datetime(2026, 4, 20, 8, 0, tzinfo=UTC)
HOME = "http://lyj.example.gov.cn/"
LIST, DATA, ITEM, OTHER = HOME + "nb/", HOME + "nb/data.jsp", HOME + "nb/1.html", HOME + "nb/2.html"
REPORT = "云泽县林业局2025年政府信息公开工作年度报告"
HTML = [("Content-Type", "text/html; charset=utf-8")]
WHOLE = Column("政府信息公开年报", LIST, (), (LIST,), 1, complete=True)
ENTRY = ListEntry(LIST, ITEM, "关于年报栏目的说明", None)


def html(title: str, text: str = "本页面的正文。") -> bytes:
    return f"<html><head><title>{title}</title></head><body><h2>{title}</h2><p>{text}</p></body></html>".encode()


class Bureau:
    """A site with a home page and a report column whose one entry was read; a test changes what it is about."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.column = WHOLE
        self.entries = [ENTRY]
        self.bodies = {HOME: html("云泽县林业局"), LIST: html("政府信息公开年报"), ITEM: html("说明")}
        self.pages = {
            HOME: Page(HOME, None, 200, "read", "home", media="html"),
            LIST: Page(LIST, None, 200, "read", "list", media="html"),
            ITEM: Page(ITEM, None, 200, "read", "article", media="html"),
        }
        self.refused: dict[str, str] = {}

    def came_to(self, url: str, outcome: str, *, same_as: str = "", found_on: str = LIST) -> None:
        self.pages[url] = Page(url, same_as or None, 200, outcome, "other", found_on=found_on)
        if outcome not in ("redirect", "duplicate"):
            self.refused[url] = outcome

    def inspect(self) -> Inspection:
        with CaptureWriter(self.folder, Site("s", "云泽县林业局", HOME), {}, MOMENT) as writer:
            ids = {url: writer.add_response(url, 200, "OK", HTML, body, MOMENT).id for url, body in self.bodies.items()}
            for url, page in self.pages.items():
                record = ids.get(page.record or url)
                writer.add_page(replace(page, record=record), (), [e for e in self.entries if e.page == url])
            writer.add_column(self.column)
            for url, reason in self.refused.items():
                writer.refuse(url, reason)
            capture = writer.close(MOMENT)
        return inspect_site(capture, rules=shipped(), on=DAY, folder="capture")


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return Bureau(tmp_path / "capture")


def verdict(inspection: Inspection) -> str:
    return next(name for name, number in inspection.outcomes["AR-101"].items() if number)


def reason(inspection: Inspection) -> str:
    return next(open_.reason for open_ in inspection.unchecked if open_.rule == "AR-101")


def test_over_a_region_read_whole_it_is_missing(bureau: Bureau) -> None:
    assert verdict(bureau.inspect()) == "fail"


@pytest.mark.parametrize("outcome", ["unchanged", "carried"])
def test_what_stands_as_an_earlier_capture_has_it_was_read(bureau: Bureau, outcome: str) -> None:
    for url, page in bureau.pages.items():
        bureau.pages[url] = replace(page, outcome=outcome)
    inspection = bureau.inspect()
    assert verdict(inspection) == "fail"
    assert (inspection.evidence.pages, inspection.evidence.coverage[outcome]) == (3, 3)


def test_the_gaps_of_the_column_are_told_as_they_are(bureau: Bureau) -> None:
    gaps = ("列表由脚本绘制，没有读到", "列表标明共 9 条，读到 1 条")
    bureau.column = replace(WHOLE, complete=False, gaps=gaps)
    inspection = bureau.inspect()
    assert verdict(inspection) == "not_checked"
    for gap in gaps:
        assert f"“政府信息公开年报”{gap}" in reason(inspection)
    assert inspection.evidence.coverage["columns"] == [
        {
            "name": "政府信息公开年报", "url": LIST, "pages": 1, "entries": 1, "expected": None, "newest": "",
            "gaps": list(gaps), "kind": "", "since": None, "window": None, "state": "open",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("script", "内容由脚本绘制，没有读到"),
        ("soft-404", "网站提示页面不存在"),
        ("challenged", "网站要求安全验证"),
        ("throttled", "网站要求降低访问频率"),
        ("http-502", "返回状态码 502"),
        ("time", "超出本次读取时间上限"),
    ],
)
def test_why_an_entry_was_not_read_is_told(bureau: Bureau, outcome: str, told: str) -> None:
    bureau.came_to(ITEM, outcome)
    inspection = bureau.inspect()
    assert verdict(inspection) == "not_checked"
    assert f"“关于年报栏目的说明”未读（{told}）" in reason(inspection)


def test_a_page_of_the_list_that_holds_an_error_page_is_not_the_list(bureau: Bureau) -> None:
    bureau.came_to(LIST, "http-500")
    inspection = bureau.inspect()
    assert verdict(inspection) == "not_checked"
    assert f"“政府信息公开年报”{LIST} 未读（返回状态码 500）" in reason(inspection)


def test_entries_that_a_script_would_fetch_count_and_are_not_quoted(bureau: Bureau) -> None:
    bureau.bodies[DATA] = b'{"rows": []}'
    bureau.pages[DATA] = Page(DATA, None, 200, "read", "list", media="data")
    bureau.column = replace(WHOLE, pages=(LIST, DATA))
    assert verdict(bureau.inspect()) == "fail"


def test_an_entry_of_data_with_the_title_of_a_report_is_a_report_shown(bureau: Bureau) -> None:
    bureau.bodies[DATA] = b'{"rows": []}'
    bureau.pages[DATA] = Page(DATA, None, 200, "read", "list", media="data")
    bureau.column = replace(WHOLE, pages=(LIST, DATA))
    bureau.entries.append(ListEntry(DATA, OTHER, REPORT, None))
    bureau.came_to(OTHER, "timeout")
    assert verdict(bureau.inspect()) == "pass"


def test_a_page_without_text_is_a_gap_and_no_crash(bureau: Bureau) -> None:
    bureau.bodies[LIST] = b"<html><body><img src='a.png'></body></html>"
    inspection = bureau.inspect()
    assert verdict(inspection) == "not_checked"
    assert inspection.outcomes["AR-101"]["error"] == 0


@pytest.mark.parametrize(("target", "expected"), [("read", "fail"), ("timeout", "not_checked")])
def test_an_entry_that_redirects_is_what_it_leads_to(bureau: Bureau, target: str, expected: str) -> None:
    bureau.came_to(ITEM, "redirect")
    bureau.came_to(OTHER, target, found_on=ITEM)
    bureau.bodies[OTHER] = html("说明")
    assert verdict(bureau.inspect()) == expected


def test_a_report_whose_redirect_leads_to_an_unread_page_is_shown(bureau: Bureau) -> None:
    bureau.entries = [ListEntry(LIST, ITEM, REPORT, None)]
    bureau.came_to(ITEM, "redirect")
    bureau.came_to(OTHER, "timeout", found_on=ITEM)
    assert verdict(bureau.inspect()) == "pass"


@pytest.mark.parametrize(("first", "expected"), [("read", "fail"), ("soft-404", "not_checked")])
def test_a_copy_was_read_where_its_original_was(bureau: Bureau, first: str, expected: str) -> None:
    bureau.bodies[OTHER] = bureau.bodies.pop(ITEM)
    bureau.came_to(OTHER, first)
    bureau.came_to(ITEM, "duplicate", same_as=OTHER)
    assert verdict(bureau.inspect()) == expected
