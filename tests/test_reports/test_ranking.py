"""The circular over many sites: places and changes, what is most frequent, text that stays text."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from openpyxl import load_workbook

from reports import ranking
from reports.sheets import workbook
from scoring.ranking import Period, Standing, distribution, most_frequent, ranked, standing_of, worst_columns
from test_reports.samples import report

BASE = Standing(
    id="", name="", card="部门网站检查评分", score=90.0, range=(90.0, 90.0), grade="好", vetoed=False,
    faults={"veto": 0, "major": 1, "minor": 2, "advice": 0}, reviews=1, rules={"WS-202": 2, "AR-102": 1},
    lost={"信息更新": 6.0, "发布与形式": 4.0}, columns={"公告通知": 2}, judged_on="2026-11-10",
    titles={"WS-202": "栏目逾期没有更新", "AR-102": "年度报告发布逾期"},
)  # fmt: skip


def one(id_: str, score: float | None, **given: object) -> Standing:
    return replace(BASE, id=id_, name=f"{id_}局", score=score, **given)  # type: ignore[arg-type]


NOW = Period(
    "2026年11月",
    (one("甲", 90), one("乙", 95), one("丙", 90), one("丁", 99, vetoed=True, grade="不合格"), one("戊", 80),
     one("门户", 70, card="门户网站检查评分"), one("庚", None, card="")),
    (("己局（http://ji.gov.cn/）", "首页打不开<b>"),),
)  # fmt: skip
BEFORE = Period("2026年10月", (one("甲", 85), one("乙", 80), one("丁", 99), one("戊", 80.5)))


def test_equals_share_a_place_and_a_veto_comes_last() -> None:
    department, portal = ranked([NOW])
    assert [(place.place, place.standing.id) for place in department.places] == [
        (1, "乙"), (2, "丙"), (2, "甲"), (4, "戊"), (5, "丁"),
    ]  # fmt: skip
    assert [(place.place, place.standing.id) for place in portal.places] == [(1, "门户")]


def test_changes_are_those_since_the_period_before() -> None:
    department = ranked([NOW, BEFORE])[0]
    changes = {place.standing.id: (place.moved, place.gained) for place in department.places}
    assert changes == {"乙": (3, 15.0), "丙": (None, None), "甲": (0, 5.0), "戊": (-1, -0.5), "丁": (-4, 0.0)}
    assert department.trend == (("2026年10月", 86.12, 82.75, 4), ("2026年11月", 90.8, 90.0, 5))


def test_what_is_found_most_and_where() -> None:
    sites = [one("甲", 90), one("乙", 80, rules={"AR-102": 1}, columns={})]
    assert most_frequent(sites) == [("AR-102", "年度报告发布逾期", 2, 2), ("WS-202", "栏目逾期没有更新", 1, 2)]
    assert worst_columns(sites) == [("甲局", "公告通知", 2)]
    assert [span for span in distribution([*sites, one("丙", 100)]) if span[2]] == [(80.0, 90.0, 1), (90.0, 100.0, 2)]


def test_a_standing_is_what_the_inspection_says() -> None:
    inspection = report()
    kept = standing_of(inspection, "qlswj", "qlswj/report.html")
    assert (kept.score, kept.reviews) == (inspection.scorecards[0].score, 1)
    assert sum(kept.faults.values()) == len(inspection.findings) - 1


def test_the_page_shows_places_changes_and_unread_sites_without_markup_of_theirs() -> None:
    page: Any = html.fromstring(ranking.render([NOW, BEFORE], title="通报<script>"))
    assert page.findtext(".//h1") == "通报<script>"
    assert not page.xpath("//script | //b[not(ancestor::table or ancestor::div)]")
    first = " ".join(page.xpath("(//table[contains(@class, 'ranks')])[1]/tbody/tr[1]")[0].text_content().split())
    assert first == "1 乙局 95 ▲ 3 名 ▲ 15 分 好 0120 1"
    assert "首页打不开<b>" in page.xpath("//section[@id='unread']")[0].text_content()
    assert page.xpath("//svg[@aria-label='平均得分变化']//text/text()")[:2] == ["86.12", "2026年10月"]
    cells = page.xpath("(//table[@class='heat'])[1]/tbody/tr[1]/td")
    assert [(cell.text, cell.get("class")) for cell in cells] == [("6", "heat-9"), ("4", "heat-7")]


def test_a_thousand_sites_are_folded() -> None:
    many = Period("本期", tuple(one(f"s{number}", 100 - number / 20) for number in range(1000)))
    page: Any = html.fromstring(ranking.render([many], title="通报"))
    tables = page.xpath("//table[contains(@class, 'ranks')]")
    assert [len(table.xpath("./tbody/tr")) for table in tables] == [50] * 20
    assert len(page.xpath("//details/table[contains(@class, 'ranks')]")) == 19


def test_the_workbook_has_the_ranking_and_the_sites_that_were_not_read() -> None:
    book = load_workbook(io.BytesIO(workbook(ranking.sheets([NOW, BEFORE]))))
    assert book.sheetnames == ["排名", "指标失分", "常见问题", "问题栏目", "未能检查"]
    assert [cell.value for cell in book["排名"][2]][:6] == ["部门网站检查评分", "1", "+3", "乙局", "95", "+15"]
    assert [cell.value for cell in book["未能检查"][2]] == ["己局（http://ji.gov.cn/）", "首页打不开<b>"]


@pytest.mark.parametrize("ending", [".html", ".xlsx", ".csv"])
def test_it_is_written_by_its_ending(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"通报{ending}"
    ranking.write([NOW], path, title="通报")
    assert path.read_bytes()[:3] in (b"<!D", b"PK\x03", b"\xef\xbb\xbf")
