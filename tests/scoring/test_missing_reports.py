"""AR-101 on real crawls of small sites: missing is said only of a report region that was read whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from site_server import Server, serving

from crawler.evidence import Site
from crawler.site import crawl_site
from scoring.assemble import inspect_site
from scoring.inspection import Inspection
from scoring.rules import shipped

DAY = date(2026, 4, 20)
MOMENT = datetime(2026, 4, 20, 8, 0, tzinfo=UTC)
# What does not answer here never will: no waiting for it.
QUICK = {"again_after": 0.0, "slow_down": 0.05, "throttle_tries": 1}


def page(title: str, body: str, path: str = "首页 &gt; 政府信息公开 &gt; 政府信息公开年报") -> str:
    return (
        f"<!doctype html><html><head><meta charset='utf-8'><title>{title}</title></head><body>"
        f"<div class='nav'><a href='/'>首页</a> <a href='/nb/'>政府信息公开年报</a></div>"
        f"<div class='path'>当前位置：{path}</div><div class='content'>{body}</div>"
        "<div class='footer'>主办单位：云泽县林业局</div></body></html>"
    )


def report(unit: str, year: int) -> str:
    title = f"{unit}{year}年政府信息公开工作年度报告"
    sections = "".join(
        f"<p>{n}、{t}</p><p>全年主动公开政府信息{year - 1900}条，没有收到政府信息公开申请。</p>"
        for n, t in zip("一五六", ("总体情况", "存在的主要问题及改进情况", "其他需要报告的事项"), strict=True)
    )
    return page(title, f"<h1>{title}</h1><p>发布时间：{year + 1}-01-20　来源：{unit}</p>{sections}")


def entry(unit: str, year: int, href: str) -> str:
    return f"<li><a href='{href}'>{unit}{year}年政府信息公开工作年度报告</a><span>{year + 1}-01-20</span></li>"


def build(server: Server, unit: str, years: tuple[int, ...], more: str = "") -> None:
    server.add("/", page(unit, f"<h1>{unit}</h1><p>欢迎访问本局网站，政务动态和通知公告请看各栏目。</p>", "首页"))
    items = "".join(entry(unit, year, f"/nb/{year}.html") for year in years)
    server.add("/nb/", page("政府信息公开年报", f"<h2>政府信息公开年报</h2><ul>{items}</ul>{more}"))
    for year in years:
        server.add(f"/nb/{year}.html", report(unit, year))


def inspect(tmp_path: Path, prepare: Callable[[Server], None], kind: str = "department") -> Inspection:
    with serving() as server:
        prepare(server)
        site = Site("s", "云泽县林业局", server.url, kind=kind)  # type: ignore[arg-type]
        capture = crawl_site(site, tmp_path / "capture", delay=0.0, now=lambda: MOMENT, limits=QUICK)
    return inspect_site(capture, rules=shipped(), on=DAY, folder="capture")


def outcome(inspection: Inspection) -> str:
    counts = inspection.outcomes["AR-101"]
    return next(name for name, number in counts.items() if number)


def test_a_department_without_last_years_report(tmp_path: Path) -> None:
    found = inspect(tmp_path, lambda s: build(s, "云泽县林业局", (2024, 2023)))
    missing = [f for f in found.findings if f.rule == "AR-101"]
    assert len(missing) == 1 and missing[0].outcome == "fail"
    assert "2025年" in missing[0].message and "2024年、2023年" in missing[0].message and "/nb/" in missing[0].message
    assert missing[0].quote == "政府信息公开年报" and missing[0].cites[0].article == "第四十九条"


def test_a_government_is_late_only_after_march(tmp_path: Path) -> None:
    found = inspect(tmp_path, lambda s: build(s, "云泽县人民政府", (2024,)), kind="portal")
    assert outcome(found) == "fail" and "2025年" in next(f.message for f in found.findings if f.rule == "AR-101")


def test_a_column_with_no_report_at_all(tmp_path: Path) -> None:
    found = inspect(tmp_path, lambda s: build(s, "云泽县林业局", (), "<p>栏目建设中，敬请期待，请浏览其他栏目。</p>"))
    assert outcome(found) == "fail" and "已有：无" in next(f.message for f in found.findings if f.rule == "AR-101")


def test_the_report_is_there(tmp_path: Path) -> None:
    assert outcome(inspect(tmp_path, lambda s: build(s, "云泽县林业局", (2025, 2024)))) == "pass"


def test_the_report_is_listed_and_its_page_does_not_answer(tmp_path: Path) -> None:
    def prepare(server: Server) -> None:
        build(server, "云泽县林业局", (2024,), "<ul>" + entry("云泽县林业局", 2025, "/nb/2025.html") + "</ul>")
        server.add("/nb/2025.html", "busy", status=500)

    assert outcome(inspect(tmp_path, prepare)) == "pass"


def test_the_column_is_closed_to_robots(tmp_path: Path) -> None:
    def prepare(server: Server) -> None:
        build(server, "云泽县林业局", (2024,))
        server.add("/robots.txt", "User-agent: *\nDisallow: /nb/\n", Content_Type="text/plain")

    assert outcome(inspect(tmp_path, prepare)) == "not_checked"


def test_a_further_page_of_the_column_does_not_answer(tmp_path: Path) -> None:
    def prepare(server: Server) -> None:
        build(server, "云泽县林业局", (2024,), "<div class='pager'><a href='/nb/index_1.html'>下一页</a></div>")
        server.add("/nb/index_1.html", "busy", status=503)

    assert outcome(inspect(tmp_path, prepare)) == "not_checked"


@pytest.mark.parametrize("name", ["公示公告", "统计年报"])
def test_another_column_is_no_report_region(tmp_path: Path, name: str) -> None:
    def prepare(server: Server) -> None:
        build(server, "云泽县林业局", (2024,))
        for path in ("/", "/nb/", "/nb/2024.html"):
            server.pages[path].body = str(server.pages[path].body).replace("政府信息公开年报", name)

    assert outcome(inspect(tmp_path, prepare)) == "not_checked"


def test_each_page_of_the_column_is_quoted_from_its_own_bytes(tmp_path: Path) -> None:
    def prepare(server: Server) -> None:
        build(server, "云泽县林业局", (2024, 2023), "<div class='pager'><a href='/nb/index_1.html'>下一页</a></div>")
        older = entry("云泽县林业局", 2022, "/nb/2022.html") + entry("云泽县林业局", 2021, "/nb/2021.html")
        server.add("/nb/index_1.html", page("政府信息公开年报", f"<h2>政府信息公开年报</h2><ul>{older}</ul>"))
        for year in (2022, 2021):
            server.add(f"/nb/{year}.html", report("云泽县林业局", year))

    found = inspect(tmp_path, prepare)
    missing = next(f for f in found.findings if f.rule == "AR-101")
    quoted = [missing.where, *(place.where for place in missing.related)]
    assert sorted((where.url or "").rsplit("/", 1)[1] for where in quoted) == ["", "index_1.html"]
    assert len({where.record for where in quoted}) == 2
