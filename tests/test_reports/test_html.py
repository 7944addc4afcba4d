from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html as lxml_html

from reports import html, overview, view
from scoring.inspection import Excerpt, Inspection

from . import samples

SAMPLES = [samples.report, samples.clean, samples.site, samples.hostile, samples.many]


def page(inspection: Inspection) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(html.render(inspection))


def words(element: lxml_html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def texts(tree: lxml_html.HtmlElement, path: str) -> list[str]:
    found = tree.xpath(path)
    assert isinstance(found, list)
    return [str(item) for item in found]


def card(tree: lxml_html.HtmlElement, finding_id: str) -> lxml_html.HtmlElement:
    return tree.get_element_by_id(f"finding-{finding_id}")


def test_the_parts_come_in_the_order_an_inspector_reads_them() -> None:
    headings = [words(item) for item in page(samples.report()).iter("h2")]
    assert headings == [
        "一、检查结论",
        "二、检查对象",
        "三、检查范围",
        "四、问题汇总",
        "五、问题与待核对事项",
        "六、得分明细",
        "七、规则核查情况",
        "八、证据与复核",
    ]


def test_the_verdict_says_score_range_grade_and_whose_weights() -> None:
    text = words(page(samples.report()).get_element_by_id("verdict"))
    for part in ("71.5 / 100", "69.5～74", "合格", "应当整改", "AR-201", "分值由读网自定"):
        assert part in text
    assert "发现问题 6 项（否决 1，重大 3，一般 1，提示 1）；另有 1 项待人工核对，不计为问题。" in text


def test_a_settled_score_shows_no_range() -> None:
    settled = replace(samples.CARD, range=(71.5, 71.5))
    assert "得分范围" not in words(page(samples.report(scorecards=(settled,))))


def test_facts_say_how_each_was_recognised_and_what_was_not() -> None:
    inspection = samples.report()
    subject = replace(inspection.subject, published=None, recognised={"published": "页面没有标明日期"})
    text = words(page(replace(inspection, subject=subject)).get_element_by_id("subject"))
    assert "发布日期 未能识别页面没有标明日期" in text
    assert "2021年修订格式" in text
    assert "政府部门" in text


def test_findings_stand_by_severity_with_faults_before_what_needs_a_person() -> None:
    tree = page(samples.report())
    order = [item.get("id") for item in tree.iter("article")]
    assert order == [f"finding-F-000{n}" for n in (3, 1, 2, 5, 4, 6, 7)]
    numbers = [words(item).split()[0] for item in tree.iterfind(".//article//h4")]
    assert numbers == [str(n) for n in range(1, 8)]


def test_every_finding_says_all_that_a_bureau_needs() -> None:
    inspection = samples.report()
    tree = page(inspection)
    for finding in inspection.findings:
        text = words(card(tree, finding.id))
        for part in (finding.rule, finding.title, finding.message, finding.remedy, finding.limits):
            assert " ".join(part.split()) in text
        for cite in finding.cites:
            assert f"《{cite.name}》（{cite.number}）{cite.article}" in text
        assert finding.where.record in text
        assert finding.where.digest[:19] in text
        assert finding.arithmetic in text


def test_the_quote_is_marked_exactly_inside_its_context() -> None:
    item = card(page(samples.report()), "F-0005")
    quote = item.find(".//blockquote")
    assert [mark.text_content() for mark in quote.iter("mark")] == ["25件"]
    excerpt = samples.TEXT_DIFFERS.excerpt
    assert quote.text_content() == f"{excerpt.before}25件{excerpt.after}"


def test_the_cell_is_marked_in_its_table_with_the_spans_of_the_page() -> None:
    item = card(page(samples.report()), "F-0001")
    table = item.find(".//table")
    assert [cell.text_content() for cell in table.find_class("primary")] == ["48"]
    assert [cell.text_content() for cell in table.find_class("related")] == ["49", "3", "3"]
    assert [mark.text_content() for mark in item.iter("mark")] == ["48"]
    corner = table.find(".//th")
    assert (corner.get("rowspan"), corner.get("colspan")) == ("3", "3")
    area = sum(int(cell.get("colspan", 1)) * int(cell.get("rowspan", 1)) for cell in table.iter("th", "td"))
    assert area == 7 * 10  # the excerpt is a full grid of seven rows
    assert table.getparent().get("class") == "wide"  # scrolls alone, the page does not
    assert "49 + 3 = 52，48 + 3 = 51，52 ≠ 51" in words(item)
    assert "其余行未列出" in words(item)


def test_a_blank_cell_is_shown_as_blank_beside_the_quote() -> None:
    item = card(page(samples.report()), "F-0004")
    assert [mark.text_content() for mark in item.iter("mark")] == ["发文字号"]
    assert [cell.text_content() for cell in item.find_class("primary") if cell.tag == "td"] == ["空白", "空白"]


def test_related_places_are_quoted_and_marked_too() -> None:
    parts = [
        words(part) for part in card(page(samples.report()), "F-0005").find_class("related") if part.tag == "section"
    ]
    assert len(parts) == 2
    assert "相关位置：表三" in parts[0]
    assert "27" in parts[0]
    assert "相关位置：上年报告" in parts[1]
    assert "2022年年报.html" in parts[1]


def test_what_needs_a_person_cannot_be_taken_for_a_fault() -> None:
    tree = page(samples.report())
    review, fault = card(tree, "F-0006"), card(tree, "F-0005")
    assert "待人工核对，不计为问题" in words(review)
    assert "不计为问题" not in words(fault)
    assert not review.find_class("outcome-fail")
    assert not fault.find_class("outcome-needs_review")
    assert "尚未与原文核对" in words(review)


def test_counts_by_severity_and_outcome() -> None:
    rows = page(samples.report()).find_class("tally")[0].iterfind("tbody/tr")
    assert [[words(cell) for cell in row] for row in rows] == [
        ["否决", "1", "0"],
        ["重大", "3", "0"],
        ["一般", "1", "1"],
        ["提示", "1", "0"],
        ["合计", "6", "1"],
    ]


def test_a_persisting_finding_says_since_when() -> None:
    tree = page(samples.report())
    assert "持续存在（首次发现 2024-03-01）" in words(card(tree, "F-0002"))
    assert "新发现" not in words(card(tree, "F-0001"))


def test_the_score_table_links_to_the_findings_that_cost_points() -> None:
    part = page(samples.report()).get_element_by_id("scores")
    rows = {words(row.find("th")): row for row in part.iterfind(".//tbody/tr")}
    assert [a.get("href") for a in rows["内容完整"].iter("a")] == ["#finding-F-0003", "#finding-F-0007"]
    assert [words(cell) for cell in rows["数据准确"]][1:] == ["40", "6", "2", "第2项 第4项 第6项"]


def test_rules_without_findings_are_told_apart() -> None:
    tree = page(samples.report())
    part = words(tree.get_element_by_id("rules"))
    passed, _, rest = part.partition("不适用（2 条）")
    assert "AR-402" in passed
    assert "AR-101" not in passed
    not_applicable, _, ours = rest.partition("本程序出错")
    assert "AR-101" in not_applicable
    assert "与被检查单位无关" in ours
    assert "AR-615" in ours
    lost = words(tree.get_element_by_id("coverage"))
    assert "没有提供上年报告（--previous）。 AR-501" in lost
    assert "AR-615" not in lost


def test_a_rule_left_open_without_a_reason_is_still_listed() -> None:
    inspection = samples.report(unchecked=(), outcomes={"AR-501": samples.outcome("not_checked")})
    assert "未记录原因 AR-501" in words(page(inspection).get_element_by_id("coverage"))


def test_a_clean_report_says_so_and_what_it_does_not_cover() -> None:
    tree = page(samples.clean())
    assert "未发现问题。2 条规则未能核查。" in words(tree.get_element_by_id("verdict"))
    assert "未发现问题。未能核查的规则不在此结论之内。" in words(tree.get_element_by_id("findings"))
    assert "AR-501" in words(tree.get_element_by_id("coverage"))
    assert not list(tree.iter("article"))


def test_a_site_shows_what_was_read_what_was_not_and_its_reports() -> None:
    tree = page(samples.site())
    text = words(tree.get_element_by_id("coverage"))
    for part in ("186 页", "4 份", "190 个地址", "robots 规则不允许：12 个地址", "超时无应答：2 个地址"):
        assert part in text
    assert "返回状态码 404：5 个地址" in text
    assert "文件类型未知：1 个地址" in text
    assert "2023年度" in text
    assert "2024-01-29 发布" in text
    assert "sizes" not in text
    assert samples.HOME + "zwgk/nb/2023.html" in [a.get("href") for a in tree.iter("a")]
    assert "首页 › 政府信息公开 › 政府信息公开年报" in words(card(tree, "F-0001"))
    assert "上次检查后已改正" in words(tree.get_element_by_id("findings"))


def test_a_site_shows_how_far_each_column_was_read_and_what_stands_as_it_was() -> None:
    inspection = samples.site()
    gap = "有 1 个分页没有读到（如 http://x/<b>）"
    columns = [
        {
            "name": f"栏目{n}",
            "url": f"{samples.HOME}{n}/",
            "pages": 2,
            "entries": 30,
            "newest": "2024-04-01",
            "gaps": [],
        }
        for n in range(70)
    ]
    columns[69] |= {"expected": 90, "gaps": [gap]}
    known = {
        "refused": {"dead": 2, "robots": 12},
        "unchanged": 80,
        "carried": 6,
        "columns": columns,
        "notes": ["说明<i>"],
    }
    tree = page(replace(inspection, evidence=replace(inspection.evidence, coverage=known)))
    part = tree.get_element_by_id("coverage")
    text = words(part)
    assert "其中与上次相同 80 页，沿用上次，本次未读 6 页" in text
    assert text.index("robots 规则不允许：12") < text.index("页面不存在（两次核实）：2")
    assert "栏目（读全 69 个，没有读全 1 个）" in text
    assert "说明<i>" in text
    rows = [[words(cell) for cell in row] for row in part.iter("tr")][1:]
    assert rows[0] == ["栏目69", "2", "30（标明 90）", "2024-04-01", gap]
    assert rows[1] == ["栏目0", "2", "30", "2024-04-01", "无"]
    assert len(rows) == 60
    assert "另有 10 个栏目，见 inspection.json" in text


@pytest.mark.parametrize(
    "coverage",
    [{"refused": ["robots"]}, {"reports": "none"}, {"fetched": "many"}, {"columns": [1, {}]}, {"notes": "x"}, {}],
)
def test_unknown_shapes_of_coverage_are_left_alone(coverage: dict[str, object]) -> None:
    inspection = samples.site()
    odd = replace(inspection, evidence=replace(inspection.evidence, coverage=coverage))
    assert "186 页" in words(page(odd).get_element_by_id("coverage"))


def test_the_appendix_lets_anyone_derive_it_again() -> None:
    inspection = samples.report()
    text = words(lxml_html.document_fromstring(html.render(inspection, source="结果/inspection.json")))
    for part in (samples.DIGEST, samples.RECORD, samples.LAST_YEAR, "duwang verify 结果/inspection.json", "2024-05-06"):
        assert part in text
    unkept = replace(inspection, evidence=replace(inspection.evidence, capture=""))
    assert "没有保留存档，不能离线复核" in words(page(unkept))


@pytest.mark.parametrize("make", SAMPLES)
def test_every_anchor_is_there_once_and_every_inner_link_arrives(make: Callable[[], Inspection]) -> None:
    inspection = make()
    tree = page(inspection)
    ids = [item.get("id") for item in tree.iterfind(".//*[@id]")]
    assert len(ids) == len(set(ids))
    inner = [a.get("href")[1:] for a in tree.iter("a") if a.get("href").startswith("#")]
    assert set(inner) <= set(ids)
    found = {item.get("id") for item in tree.iter("article")}
    assert len(found) == len(inspection.findings)
    assert found <= set(inner)


@pytest.mark.parametrize("make", SAMPLES)
def test_the_page_needs_nothing_from_outside(make: Callable[[], Inspection]) -> None:
    text = html.render(make())
    tree = lxml_html.document_fromstring(text)
    for tag in ("script", "img", "link", "iframe", "object", "embed", "form", "base"):
        assert not list(tree.iter(tag))
    assert not texts(tree, "//@src | //@style | //@onerror | //@onclick | //@srcset")
    style = "".join(texts(tree, "//style//text()"))
    assert not re.search(r"url\(|@import|expression", style)
    assert all(re.match(r"#|https?://", href) for href in texts(tree, "//a/@href"))
    outer = texts(tree, "//a[not(starts-with(@href, '#'))]/@rel")
    assert set(outer) <= {"noopener noreferrer"}


def test_hostile_text_is_shown_and_does_nothing() -> None:
    tree = page(samples.hostile())
    assert samples.HOSTILE in tree.find(".//h1").text_content()
    assert samples.HOSTILE in [mark.text_content() for mark in tree.iter("mark")]
    text = tree.text_content()
    assert "{{ 7 * 7 }}" in text
    assert "javascript://x/%0aalert(1)" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "⟨U+202E⟩" in text
    spans = [int(value) for value in texts(tree, "//@rowspan | //@colspan")]
    assert max(spans) <= 200


def test_a_name_cannot_leave_the_running_title() -> None:
    subject = replace(samples.report().subject, name='局"; } body { display: none } </style>\n\\')
    text = html.render(samples.report(subject=subject))
    running = re.search(r"@top-left \{ content: (\"[^\"\n]*\"); \} \}", text)
    assert running
    assert re.fullmatch(r'"(?:\w|\\[0-9a-f]{6})*"', running[1])
    assert text.count("</style>") == 1


def test_an_excerpt_keeps_line_breaks_and_white_space() -> None:
    finding = replace(samples.LATE, quote="第一行\n第二行", excerpt=Excerpt(before="前\n", after="\n后"))
    quote = card(page(samples.report(findings=(finding,))), "F-0002").find(".//blockquote")
    assert quote.text_content() == "前\n第一行\n第二行\n后"


def test_findings_with_one_id_keep_their_own_anchors() -> None:
    twins = (samples.LATE, replace(samples.BLANK, id=samples.LATE.id))
    ids = [item.get("id") for item in page(samples.report(findings=twins)).iter("article")]
    assert len(set(ids)) == 2


def test_without_a_scorecard_the_page_says_that_nothing_was_scored() -> None:
    assert "没有计分" in words(page(samples.report(scorecards=())).get_element_by_id("verdict"))


def test_the_overview_links_each_report_with_its_result(tmp_path: Path) -> None:
    entries = [
        overview.Entry(samples.report(), "水务 局/report.html"),
        overview.Entry(samples.clean(), "b/report.html"),
        overview.Entry(samples.hostile(), "javascript:alert(1)"),
    ]
    path = tmp_path / "out" / "index.html"
    overview.write(entries, path, [view.Unread("坏.docx", "不是有效的 Word 文件。")])
    tree = lxml_html.document_fromstring(path.read_text(encoding="utf-8"))
    rows = tree.findall(".//tbody/tr")
    assert texts(tree, "//tbody/tr/th/a/@href") == [
        "%E6%B0%B4%E5%8A%A1%20%E5%B1%80/report.html",
        "b/report.html",
        "javascript%3Aalert%281%29",
    ]
    cells = [words(cell) for cell in rows[0].findall("td")]
    assert cells == ["71.5 / 10069.5～74", "合格应当整改", "1", "3", "1", "1", "1", "3"]
    assert "共检查 3 个对象，发现问题 7 项，待人工核对 1 项；1 个对象未发现问题，另有 1 个未能检查。" in words(tree)
    assert "坏.docx 不是有效的 Word 文件。" in words(tree)
    assert not list(tree.iter("script"))
