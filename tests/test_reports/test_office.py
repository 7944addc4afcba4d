"""What goes to the office and to other programs: ledger, Word files, SARIF, JUnit. Text stays text in all of them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml import etree
from openpyxl import load_workbook
from PIL import Image
from sarif_pydantic import Sarif

from reports import junit, ledger, sarif
from reports.errors import ReportError
from reports.sheets import workbook
from reports.word import forms
from reports.word.papers import Letterhead, render
from scoring.inspection import Inspection
from test_reports.samples import ADVICE, LATE, REVIEW, UNBALANCED, report

HOSTILE = "=cmd|' /C calc'!A0<script>alert(1)</script>\x0b&{{ 7*7 }}"


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (820, 400), "white").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def inspection() -> Inspection:
    made = report()
    hostile = replace(LATE, message=HOSTILE, quote="@SUM(A1)", where=replace(LATE.where, url="http://a.gov.cn/1.html"))
    others = tuple(one for one in made.findings if one.id != LATE.id)
    return replace(made, subject=replace(made.subject, name="-青岚市水务局"), findings=(hostile, *others))


def rows(inspection: Inspection, **given: str) -> list[dict[str, str]]:
    body = workbook(ledger.sheets([ledger.Entry(inspection, {LATE.id: picture()})], **given))
    sheet = load_workbook(io.BytesIO(body))["问题台账"]
    heads = [str(cell.value) for cell in sheet[1]]
    return [
        dict(zip(heads, (str(cell.value or "") for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)
    ]


def test_the_ledger_has_a_row_for_each_finding_with_the_columns_in_use(inspection: Inspection) -> None:
    found = rows(inspection, due="2026-12-31")
    assert list(found[0]) == [
        "序号", "单位", "一级指标", "二级指标", "评价标准", "问题明细", "问题链接", "依据", "扣分", "证据截图",
        "整改时限", "整改结果", "整改链接", "状态", "复查日期", "复查结果", "指纹", "规则", "检查日期",
    ]  # fmt: skip
    assert [row["指纹"] for row in found] == [f"F{finding.fingerprint}" for finding in inspection.findings]
    late = found[0]
    assert late["依据"] == "《中华人民共和国政府信息公开条例》（国务院令第711号）第四十九条"
    assert (late["状态"], late["整改时限"], late["整改结果"]) == ("待整改", "2026-12-31", "")
    review = next(row for row in found if row["规则"] == REVIEW.rule)
    assert (review["状态"], review["整改时限"], review["扣分"]) == ("待核实", "", "")


def test_the_ledger_holds_no_formula_and_its_links_and_pictures_work(inspection: Inspection) -> None:
    body = workbook(ledger.sheets([ledger.Entry(inspection, {LATE.id: picture()})]))
    sheet: Any = load_workbook(io.BytesIO(body))["问题台账"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert sheet["B2"].value == "-青岚市水务局"
    assert "=cmd|' /C calc'!A0<script>alert(1)</script>&{{ 7*7 }}" in sheet["F2"].value
    assert sheet["G2"].hyperlink.target == "http://a.gov.cn/1.html"
    assert [cell.value for cell in sheet["G"][2:] if cell.hyperlink] == [
        one.where.url for one in inspection.findings[1:] if one.where.url
    ]
    shown = sheet._images[0]
    assert (shown.anchor._from.row, shown.anchor._from.col) == (1, 9)
    assert sheet.row_dimensions[2].height > 140
    assert all(sheet.column_dimensions[letter].hidden for letter in "QRS")
    assert str(sheet.data_validations.dataValidation[0].sqref) == f"L2:L{sheet.max_row}"


def paragraphs(body: bytes) -> list[str]:
    return [line.text for line in Document(io.BytesIO(body)).paragraphs]


def test_the_report_in_word_says_what_was_found_and_is_signed(inspection: Inspection) -> None:
    head = Letterhead("青岚市人民政府办公室", attachments=("问题台账", "证据截图"), day=date(2026, 12, 5))
    lines = paragraphs(render(inspection, "report", head))
    assert lines[0] == "关于-青岚市水务局2023年度政府信息公开工作年度报告检查情况的报告"
    assert [line for line in lines if line.startswith("（")][:2] == ["（一）否决问题", "（二）重大问题"]
    first = next(line for line in lines if line.startswith("1.年度报告发布逾期。"))
    assert "<script>alert(1)</script>" in first
    assert "{{ 7*7 }}" in first  # what a page says is no template
    assert "原文：“@SUM(A1)”" in lines
    assert lines[-5:] == ["附件：1.问题台账", "　　　2.证据截图", "", "青岚市人民政府办公室", "2026年12月5日"]
    assert not any("{%" in line for line in lines)


def test_the_notice_names_number_unit_and_day(inspection: Inspection) -> None:
    head = Letterhead("青岚市人民政府办公室", "青政办函〔2026〕7号", date(2026, 12, 31))
    lines = paragraphs(render(inspection, "notice", head))
    assert lines[0] == "青政办函〔2026〕7号"
    assert "-青岚市水务局：" in lines
    assert any(line.startswith("请于2026年12月31日前完成整改") for line in lines)
    blank = paragraphs(render(inspection, "notice", Letterhead()))
    assert blank[0] == "关于限期整改2023年度政府信息公开工作年度报告有关问题的通知"
    assert any(line.startswith("请于＿＿＿＿＿＿前完成整改") for line in blank)


def test_word_files_have_the_form_of_official_documents(inspection: Inspection) -> None:
    draft: Any = Document(io.BytesIO(render(inspection, "report", Letterhead())))
    section = draft.sections[0]
    edges = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    assert [round(edge / Mm(1)) for edge in edges if edge is not None] == [37, 26, 35, 28]
    faces = [line.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) for line in draft.paragraphs[:4] if line.runs]
    assert faces[0] == "方正小标宋简体"
    assert {"黑体", "仿宋_GB2312"} <= set(faces)
    assert "PAGE" in section.footer._element.xml
    assert section.even_page_footer.paragraphs[0].alignment == 0


def test_an_office_may_use_a_template_of_its_own(inspection: Inspection, tmp_path: Path) -> None:
    own = tmp_path / "本单位.docx"
    draft = Document()
    draft.add_paragraph("【{{ unit }}】共 {{ faults | length }} 类")
    draft.save(str(own))
    assert paragraphs(render(inspection, "report", Letterhead(), own)) == ["【-青岚市水务局】共 4 类"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("{{ unit", "模板中的标记有误"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "模板中的标记有误"),
    ],
)
def test_a_faulty_template_is_named_in_one_line(inspection: Inspection, tmp_path: Path, words: str, told: str) -> None:
    own = tmp_path / "坏.docx"
    draft = Document()
    draft.add_paragraph(words)
    draft.save(str(own))
    with pytest.raises(ReportError, match=told):
        render(inspection, "report", Letterhead(), own)


@pytest.mark.parametrize("body", [b"", b"no archive", None])
def test_what_is_no_word_file_is_no_template(inspection: Inspection, tmp_path: Path, body: bytes | None) -> None:
    own = tmp_path / "坏.docx"
    if body is None:
        with zipfile.ZipFile(own, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", b"\0" * 20_000_000)
    else:
        own.write_bytes(body)
    with pytest.raises(ReportError, match=r"坏\.docx：不是可用的 Word 模板"):
        render(inspection, "report", Letterhead(), own)


def test_the_shipped_templates_are_those_that_the_program_makes() -> None:
    for name, lines in forms.FORMS.items():
        assert (forms.FOLDER / name).read_bytes()[:2] == b"PK"
        assert forms.made(lines) == forms.made(lines)


def test_sarif_is_what_its_schema_asks_for(inspection: Inspection) -> None:
    log = Sarif.model_validate_json(sarif.dumps([inspection], "1.0"))
    run = log.runs[0]
    assert run.results is not None
    assert [(one.rule_id, one.kind, one.level) for one in run.results if one.rule_id in (LATE.rule, REVIEW.rule)] == [
        (one.rule, None if one.outcome == "fail" else "review", "error" if one.outcome == "fail" else "none")
        for one in inspection.findings
        if one.rule in (LATE.rule, REVIEW.rule)
    ]
    assert [one.partial_fingerprints for one in run.results] == [
        {"duwang/v1": one.fingerprint} for one in inspection.findings
    ]
    assert {one.level for one in run.results if one.rule_id == ADVICE.rule} <= {"note", "none"}


def test_junit_counts_rules_and_tells_faults_from_what_is_left_to_a_person(inspection: Inspection) -> None:
    root: Any = etree.fromstring(junit.dumps([inspection]))
    suite = root[0]
    cases = {case.get("classname"): case for case in suite}
    assert cases[UNBALANCED.rule].find("failure") is not None
    assert "\ufffd&{{ 7*7 }}" in cases[LATE.rule].find("failure").get("message")
    assert int(suite.get("failures", "")) == sum(case.find("failure") is not None for case in suite)
    assert int(suite.get("tests", "")) == len(suite)
