"""Reading a report: values stay what they are, quantities keep their place, tables bind by label."""

from __future__ import annotations

from decimal import Decimal

import pytest
from support import TESTS, document, judge, report

from scoring.addresses import cell_selector
from scoring.annual_report import AnnualReport, Options, publisher_of, unit_of_title
from scoring.cell_values import parse_value
from scoring.engine import numbered
from scoring.narrative import read

BASE = TESTS / "reports" / "base"


@pytest.mark.parametrize(
    ("raw", "kind", "number", "unit"),
    [
        ("0", "number", "0", ""),
        ("", "blank", None, ""),
        ("\u3000", "blank", None, ""),
        ("/", "dash", None, ""),
        ("—", "dash", None, ""),
        ("无", "dash", None, ""),
        ("＋１７", "number", "17", ""),
        ("-8", "number", "-8", ""),
        ("1,234", "number", "1234", ""),
        ("251000元", "number", "251000", "元"),
        ("59237.2449", "number", "59237.2449", ""),
        ("若干", "text", None, ""),
        ("3件（含1件）", "text", None, ""),
    ],
)
def test_a_cell_value_is_kept_apart(raw: str, kind: str, number: str | None, unit: str) -> None:
    value = parse_value(raw)
    assert (value.kind, value.unit, value.raw) == (kind, unit, raw)
    assert value.number == (Decimal(number) if number is not None else None)


@pytest.mark.parametrize(
    ("title", "unit", "publisher"),
    [
        ("云溪县水利局2023年政府信息公开工作年度报告", "云溪县水利局", "department"),
        ("2023年度云溪县水利局 政府信息公开年度报告", "云溪县水利局", "department"),
        ("云溪县人民政府办公室政府信息公开工作2023年度报告", "云溪县人民政府办公室", "department"),
        ("云溪县人民政府2023年政府信息公开工作年度报告（图片版）", "云溪县人民政府", "government"),
        ("云溪县白石镇人民政府2023年政府信息公开年报", "云溪县白石镇人民政府", "township"),
        ("云溪市城关街道办事处2023年政府信息公开工作年度报告", "云溪市城关街道办事处", "township"),
    ],
)
def test_unit_and_publisher_from_a_title(title: str, unit: str, publisher: str) -> None:
    assert unit_of_title(title) == unit
    assert publisher_of(unit) == publisher


@pytest.mark.parametrize(
    ("table", "row", "column", "cell"),
    [
        ("Sheet1!A3:J30", 2, 1, "Sheet1!B5"),
        ("'2024年 表三'!C1:AF40", 9, 25, "'2024年 表三'!AB10"),
        ("Y7", 0, 2, "AA7"),
        ("Y7:ZZ9", 2, 676, "ZY9"),
        ("/html/body/table[2]", 2, 1, "/html/body/table[2]"),
        ("line 12", 2, 1, "line 12"),
        ("", 2, 1, ""),
    ],
)
def test_a_cell_of_a_sheet_has_the_address_that_excel_shows(table: str, row: int, column: int, cell: str) -> None:
    assert cell_selector(table, row, column) == cell


def mentions(sentence: str, year: int = 2023) -> list[tuple[tuple[str, ...], str, str]]:
    text = f"云溪县水利局{year}年政府信息公开工作年度报告\n\n一、总体情况\n\n依申请公开方面，{sentence}"
    text += "\n\n五、存在的主要问题及改进情况\n\n无。"
    now = AnnualReport(document(text.encode(), "x.txt"), Options())
    return [(m.kinds, str(m.value), m.status) for m in read(now)]


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("全年收到政府信息公开申请22件。", [(("received",), "22", "own")]),
        ("共受理公民、法人和其他组织提出的政府信息公开申请1,022件。", [(("received",), "1022", "own")]),
        ("收到12件政府信息公开申请。", [(("received",), "12", "own")]),
        ("收到政府信息公开申请20余件。", [(("received",), "20", "approximate")]),
        ("全县水利系统收到政府信息公开申请40件。", [(("received",), "40", "scope")]),
        ("2022年收到政府信息公开申请15件。", [(("received",), "15", "year")]),
        ("通过网络收到政府信息公开申请9件。", [(("received",), "9", "part")]),
        ("收到公众意见75条。", []),
        ("办理厅长信箱来信1271件。", []),
        ("上年度结转3件，另有2件结转下年度继续办理。", [(("carried_in",), "3", "own"), (("carried_out",), "2", "own")]),
        ("含2022年结转1件。", [(("carried_in",), "1", "own")]),
        ("对申请予以公开及部分公开8件。", [(("r3.1", "r3.2"), "8", "own")]),
        (
            "申请中予以公开、部分公开、不予公开分别为3件、2件、1件。",
            [(("r3.1",), "3", "own"), (("r3.2",), "2", "own"), (("r3.3",), "1", "own")],
        ),
        ("申请中35件不予公开，12件无法提供。", [(("r3.3",), "35", "own"), (("r3.4",), "12", "own")]),
        ("全年政府信息公开行政复议7件，诉讼9件。", [(("review",), "7", "own"), (("litigation",), "9", "own")]),
    ],
)
def test_what_a_sentence_states(sentence: str, wanted: list[tuple[tuple[str, ...], str, str]]) -> None:
    assert mentions(sentence) == wanted


def test_a_preamble_that_lists_the_six_titles_cuts_nothing() -> None:
    text = (
        "云溪县水利局2023年政府信息公开工作年度报告\n\n本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、"
        "政府信息公开行政复议、行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项组成。\n\n一、总体情况\n\n正文。"
    )
    now = AnnualReport(document(text.encode(), "x.txt"), Options())
    assert list(now.sections) == [1] and len(now.preamble) == 1


def test_quotes_stand_where_their_spots_say() -> None:
    for path in sorted(BASE.iterdir()):
        now = report(path, published=None, year=2031)
        for finding in judge(now).findings:
            where, block = finding.where, now.document.blocks[finding.where.block]
            if where.row is None:
                assert block.text[where.start : where.end] == finding.quote, (path.name, finding.rule)
            else:
                assert block.table is not None
                assert finding.quote in {c.raw for c in block.table.cells}, (path.name, finding.rule)


def test_a_fingerprint_survives_a_changed_neighbour() -> None:
    path = BASE / "dept-2023.md"
    text = path.read_text(encoding="utf-8").replace("发布时间：2024-01-24", "发布时间：2024-02-07")
    moved = text.replace("一、总体情况", "一、总体情况\n\n按照要求，现将有关情况报告如下。", 1)
    prints = [
        {f.fingerprint for f in numbered(judge(AnnualReport(document(t.encode(), "x.md"), Options())).findings)}
        for t in (text, moved)
    ]
    assert prints[0] and prints[0] == prints[1]


def test_judging_twice_gives_the_same() -> None:
    path = BASE / "dept-2024.html"
    first, second = (numbered(judge(report(path, year=2020)).findings) for _ in range(2))
    assert first == second and first


def test_a_crash_of_a_check_is_an_error_and_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    from scoring.checks.report.publication import PublishedBy

    def crash(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(PublishedBy, "run", crash)
    judged = judge(report(BASE / "dept-2023.md"))
    assert judged.outcomes["AR-102"]["error"] == 1
    assert [u.rule for u in judged.unchecked if u.outcome == "error"] == ["AR-102"]
    assert not [f for f in judged.findings if f.rule == "AR-102"]


def test_a_page_without_any_text_is_not_judged() -> None:
    page = document(
        b"<html><head><meta name='SiteName' content='x'></head><body><script>1</script></body></html>", "x.html"
    )
    judged = judge(AnnualReport(page, Options(page=True, year=2023)))
    assert judged.findings == [] and {u.outcome for u in judged.unchecked} == {"not_checked"}
    assert all(counts["not_checked"] == 1 for counts in judged.outcomes.values())
