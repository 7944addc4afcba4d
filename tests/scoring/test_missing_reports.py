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


def claimed(tmp_path: Path, sentence: str, *, whole: bool = True) -> Inspection:
    """The report says ``sentence``; the site's news column lists three items of its year and one of the next."""

    def prepare(server: Server) -> None:
        build(server, "云泽县林业局", (2025,))
        dates = ("2025-02-03", "2025-06-11", "2025-11-30", "2026-01-05")
        items = "".join(
            f"<li><a href='/dt/{n}.html'>林区动态第{n}期</a><span>{d}</span></li>" for n, d in enumerate(dates)
        )
        more = "" if whole else "<div class='pager'><a href='/dt/index_1.html'>下一页</a></div>"
        server.add("/dt/", page("工作动态", f"<h2>工作动态</h2><ul>{items}</ul>{more}", "首页 &gt; 工作动态"))
        if not whole:
            server.add("/robots.txt", "User-agent: *\nDisallow: /dt/index_1.html\n", Content_Type="text/plain")
        for n in range(len(dates)):
            server.add(f"/dt/{n}.html", page(f"林区动态第{n}期", f"<h1>林区动态第{n}期</h1><p>巡护记录。</p>", "首页"))
        home = server.pages["/"]
        home.body = str(home.body).replace("<a href='/nb/'>", "<a href='/dt/'>工作动态</a> <a href='/nb/'>")
        text = server.pages["/nb/2025.html"]
        text.body = str(text.body).replace("全年主动公开政府信息125条", sentence, 1)

    return inspect(tmp_path, prepare)


def test_a_count_claimed_for_the_site_is_held_against_what_was_counted(tmp_path: Path) -> None:
    inspection = claimed(tmp_path, "本局网站发布信息4971条")
    (found,) = [f for f in inspection.findings if f.rule == "AR-801"]
    assert (found.outcome, found.severity) == ("needs_review", "advice")
    assert "4971 条" in found.message and "2025年日期的条目共 3 条" in found.message
    assert "本局网站发布信息4971条" in found.quote
    assert {"工作动态"} <= {place.quote for place in found.related}


def test_a_true_count_and_a_list_not_read_whole_say_nothing(tmp_path: Path) -> None:
    true = claimed(tmp_path / "a", "本局网站发布信息3条")
    assert true.outcomes["AR-801"]["pass"] == 1
    cut = claimed(tmp_path / "b", "本局网站发布信息4971条", whole=False)
    assert cut.outcomes["AR-801"]["not_checked"] == 1 and cut.outcomes["AR-801"]["needs_review"] == 0


def test_an_attachment_read_is_judged_and_the_page_is_said_to_hold_nothing_else(tmp_path: Path) -> None:
    def prepare(server: Server) -> None:
        build(server, "云泽县林业局", (2025,))
        body = report("云泽县林业局", 2025)
        title = "云泽县林业局2025年政府信息公开工作年度报告"
        link = "<p><a href='/nb/2025.txt'>云泽县林业局2025年政府信息公开工作年度报告.txt</a></p>"
        cover = page(title, f"<h1>{title}</h1><p>发布时间：2026-01-20　来源：云泽县林业局</p>{link}")
        server.add("/nb/2025.html", cover)
        plain = body.split("</h1>")[1].split("<div class='footer'>")[0].replace("</p>", "\n\n").replace("<p>", "")
        server.add(
            "/nb/2025.txt", f"{title}\n\n{plain.replace('</div>', '')}", Content_Type="text/plain; charset=utf-8"
        )

    inspection = inspect(tmp_path, prepare)
    (found,) = [f for f in inspection.findings if f.rule == "AR-107"]
    assert found.message_key == "attachment_read" and (found.where.url or "").endswith("/nb/2025.html")
    assert inspection.outcomes["AR-102"]["pass"] == 1  # the date stands on the page
    assert inspection.outcomes["AR-201"]["fail"] > 0  # what the attachment lacks is a fault of the report
