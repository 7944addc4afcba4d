"""A ledger that comes back: rows held to their findings, replies recorded, what is mended looked at again."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from loop_samples import inspection, kept
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from site_server import page, serving

from crawler.capture import Capture
from duwang import settings
from duwang.demo_server import DATA
from duwang.loop import records
from reports import json_report, ledger
from scoring.data import table as decisions_table
from scoring.decisions import Decision, decided, standings

Duwang = Callable[..., Any]
REPORT = (DATA / "reports" / "shiqiao-yjj-2025.html").read_text(encoding="utf-8")
FEB, DAY = "2026-02-10", "2026-03-10"
NAMES = list(ledger.COLUMNS)
NOTED = ("AR-402", "AR-403", "AR-404", "CT-101", "RD-101", "WS-305")


def sheet_of(path: Path) -> Worksheet:
    sheet = load_workbook(path).active
    assert isinstance(sheet, Worksheet)
    return sheet


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a ledger by headings."""
    heads, *rows = sheet_of(path).iter_rows(values_only=True)
    return [{str(n): str(v or "") for n, v in zip(heads, row, strict=True)} for row in rows]


def fill(path: Path, *cells: tuple[int, str, str]) -> None:
    """Write texts into a ledger: row of a finding (from 0), heading, text."""
    book = load_workbook(path)
    for row, name, text in cells:
        book.worksheets[0].cell(row + 2, NAMES.index(name) + 1).value = text
    book.save(path)


# --- from the ledger to the next one ------------------------------------------------------------------


SHORT = "不掌握相关政府信息</td><td>4</td>"  # of table three: 5 is right
TOTAL = "<td>2</td><td>0</td><td>0</td><td>0</td><td>{}</td>"  # of table four: 2 is right


def test_what_is_reported_as_mended_is_looked_at_again_and_stands_in_the_next_ledger(
    duwang: Duwang, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUWANG_SCREENSHOTS", "0")
    with serving() as town, serving() as elsewhere:
        title = "石桥县应急管理局2025年政府信息公开工作年度报告"
        town.add("/", page(("/nb.html", title), "/a.html", title="石桥县应急管理局"))
        town.add("/nb.html", REPORT)
        town.add("/a.html", page(title="会议", text="我局召开会议，布署下一步工作。"))
        entry = f"{{id: s, name: 石桥县应急管理局, home: '{town.url}', crawl: {{delay: 0}}}}"
        Path("sites.yaml").write_text(f"sites:\n  - {entry}\n", "utf-8")
        assert duwang("audit", "sites.yaml", "--out", "a").status == 1
        file, told = Path("a/s/inspection.json"), Path("a.xlsx")
        duwang("report", file, "-o", told)
        rules = [row["规则"] for row in table(told)]
        fill(
            told,
            (rules.index("AR-402"), "整改结果", "情况不属实"),
            (rules.index("AR-403"), "整改结果", "已整改"),
            (rules.index("AR-403"), "整改链接", f"{elsewhere.url}nb.html"),
            (rules.index("AR-404"), "整改结果", "已整改"),
            (rules.index("CT-101"), "整改结果", "已整改"),
            (rules.index("RD-101"), "整改结果", "已整改"),
            (rules.index("WS-305"), "整改结果", "整改中"),
        )
        before = json_report.load(file).scorecards
        assert TOTAL.format(3) in REPORT
        town.add("/nb.html", REPORT.replace(TOTAL.format(3), TOTAL.format(2)))
        town.add("/b.html", page(title="工作动态", text="我局到企业走访，了解生产情况。"))
        town.go("/a.html", "/b.html")
        town.asked.clear()
        words = ("review", "import", "a", told, "--by", "张三", "--store", "s.sqlite", "--judged-on", "2026-03-20")
        done = duwang(*words, "--recheck")
        assert done.status == 1, done.err
        assert done.out.splitlines()[-1] == "复查 4 条：已整改属实 1 条，仍存在 1 条，无法复查 2 条。"
        assert "读取 " in done.out and "新记录 6 行，没有变化 0 行" in done.out and "不能使用 0 行。" in done.out
        assert "整改链接不在被检查的网站上，没有打开" in done.err and elsewhere.asked == []
        assert town.asked.count("/nb.html") == 1

        # It rests on a capture of its own, and no unit can raise its score by what it says.
        (capture,) = Path("a/s/rechecks").iterdir()
        assert {one.basis for one in records.read(file.parent) if one.kind == "found_mended"} == {
            Capture.open(capture).digest
        }
        assert json_report.load(file).scorecards == before
        duwang("report", file, "-o", "b.xlsx")
        now = {row["规则"]: row for row in table(Path("b.xlsx"))}
        said = {rule: [now[rule][name] for name in ("状态", "整改结果")] for rule in NOTED}
        assert said == {
            "AR-402": ["有异议", "情况不属实"],
            "AR-403": ["待整改", ""],
            "AR-404": ["已整改", "已整改"],
            "CT-101": ["待复查", "已整改"],
            "RD-101": ["待复查", "已整改"],
            "WS-305": ["待整改", "整改中"],
        }
        assert now["AR-404"]["复查结果"] == "已整改属实" and now["AR-404"]["复查日期"] == settings.moment()[:10]
        assert now["AR-403"]["复查结果"].startswith("仍存在：表三") and "要看整个网站" in now["CT-101"]["复查结果"]
        assert now["RD-101"]["复查结果"].startswith("无法复查：原网页现在转到别的地址")

        # The same file again changes nothing, and nothing is asked for again but what could not be seen.
        kept_records = (file.parent / records.FILE).read_bytes()
        again = duwang(*words)
        assert again.status == 0 and "新记录 0 行，没有变化 6 行" in again.out
        assert (file.parent / records.FILE).read_bytes() == kept_records

        # The next inspection is the re-check of the rest.
        assert SHORT in REPORT
        town.add("/nb.html", REPORT.replace(TOTAL.format(3), TOTAL.format(2)).replace(SHORT, SHORT.replace("4", "5")))
        assert duwang("audit", "sites.yaml", "--out", "b", "--compare-with", "a").status == 1
    index = Path("b/index.html").read_text("utf-8")
    assert duwang("review", "decide", "b", "AR-102-1", "--as", "confirmed", "--by", "张三").status == 2
    first = json_report.load(Path("b/s/inspection.json")).findings[0].id
    duwang("review", "decide", "b", first, "--as", "dismissed", "--reason", "另有渠道", "--by", "张三")
    assert Path("b/index.html").read_text("utf-8") != index
    duwang("report", "b/s/inspection.json", "-o", "c.csv")
    rows = list(csv.DictReader(io.StringIO(Path("c.csv").read_text("utf-8-sig"))))
    said = {row["规则"]: [row["状态"], row["整改结果"], row["复查结果"]] for row in rows if row["规则"] in NOTED}
    assert said == {
        "AR-402": ["已改正", "情况不属实", ""],
        "AR-403": ["已整改", "已整改", "已整改属实"],
        "AR-404": ["已整改", "已整改", "已整改属实"],
        "CT-101": ["待整改", "", "仍存在"],
        "RD-101": ["已整改", "已整改", "已整改属实"],
        "WS-305": ["待整改", "整改中", ""],
    }


def test_a_report_that_was_checked_by_itself_is_fetched_again(duwang: Duwang) -> None:
    with serving() as town:
        town.add("/nb.html", REPORT)
        Path("nb.html").write_text(REPORT, "utf-8")
        duwang("check", f"{town.url}nb.html", "-o", "web.json")
        duwang("check", "nb.html", "-o", "f/file.json")
        town.add("/nb.html", REPORT.replace(TOTAL.format(3), TOTAL.format(2)))
        mended = ("--as", "mended", "--link", f"{town.url}nb.html", "--by", "张三")
        for name in ("web.json", "f/file.json"):
            listed = duwang("review", "list", name).out
            lines = [line for line in listed.splitlines() if "/AR-403-" in line or "/AR-404-" in line]
            ids = [line.partition("/")[2].partition("　")[0] for line in lines]
            assert duwang("review", "decide", name, *ids, *mended).status == 0
        web = duwang("review", "recheck", "web.json", "--judged-on", DAY)
        town.asked.clear()
        file = duwang("review", "recheck", "f/file.json", "--judged-on", DAY)
    assert web.status == 1 and web.out.endswith("复查 2 条：已整改属实 1 条，仍存在 1 条，无法复查 0 条。\n")
    # What a table from outside says is no reason to open an address on the network inside.
    assert town.asked == [] and file.status == 0
    assert "指向内部地址 127.0.0.1，已停止访问" in file.out and file.out.endswith("无法复查 2 条。\n")
    (capture,) = Path("rechecks").iterdir()
    assert Capture.open(capture).problems() == []


# --- held to its findings, row by row -----------------------------------------------------------------


@pytest.fixture
def month(tmp_path: Path) -> Path:
    """One month of two sites, and the ledger of them."""
    folder = tmp_path / "feb"
    made = (inspection("lanxi", FEB, ["公告", "人事"], ["规划"]), inspection("yunxi", FEB, ["财政"]))
    kept(folder, *made)
    ledger.write([ledger.Entry(one) for one in made], tmp_path / "t.xlsx")
    ledger.write([ledger.Entry(one) for one in made], tmp_path / "t.csv")
    return folder


def taken(duwang: Duwang, name: str = "t.xlsx") -> Any:
    return duwang("review", "import", "feb", name, "--by", "张三")


def replies(folder: Path) -> dict[str, list[str]]:
    """What is recorded: kind and link of each finding."""
    found = [one for path in sorted(folder.glob("*/decisions.jsonl")) for one in records.read(path.parent)]
    return {f"{one.subject}/{one.fingerprint[:4]}": [one.kind, one.link, one.by] for one in found}


def test_rows_sorted_deleted_and_renumbered_are_known_by_their_fingerprints(duwang: Duwang, month: Path) -> None:
    book = load_workbook("t.xlsx")
    sheet = book.worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    sheet.delete_rows(2, 10)
    sheet.insert_rows(1, 2)  # a title above the headings
    sheet["A1"] = "二月问题台账"
    for number, row in enumerate([rows[3], rows[0]], 7):
        sheet.append([str(number), *row[1:], "自己加的一列"])
    sheet["L4"], sheet["M4"], sheet["L5"] = "已整改", "http://yunxi.gov.cn/new.html", "整改中"
    sheet.row_dimensions[5].hidden = True
    book.save("t.xlsx")
    done = taken(duwang)
    assert done.status == 0, done.err
    lanxi, yunxi = (json_report.load(month / name / "inspection.json") for name in ("lanxi", "yunxi"))
    assert replies(month) == {
        f"lanxi/{lanxi.findings[0].identity[:4]}": ["mending", "", "张三"],
        f"yunxi/{yunxi.findings[0].identity[:4]}": ["mended", "http://yunxi.gov.cn/new.html", "张三"],
    }
    assert done.out.endswith("读取 2 行：新记录 2 行，没有变化 0 行，没有填写整改结果 0 行，不能使用 0 行。\n")
    assert taken(duwang).out == "读取 2 行：新记录 0 行，没有变化 2 行，没有填写整改结果 0 行，不能使用 0 行。\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_ledger_in_csv_is_read_in_the_encodings_of_excel(duwang: Duwang, month: Path, encoding: str) -> None:
    heads, *rows = csv.reader(io.StringIO(Path("t.csv").read_text("utf-8-sig")))
    rows[1][NAMES.index("整改结果")] = "无法整改"
    rows[1][NAMES.index("检查日期")] = "2026/2/10"  # as Excel writes it
    out = io.StringIO()
    csv.writer(out).writerows([heads, *rows])
    Path("t.csv").write_bytes(out.getvalue().encode(encoding))
    done = taken(duwang, "t.csv")
    assert done.status == 0, done.err
    assert [told[0] for told in replies(month).values()] == ["unable"]


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        ([(0, "整改结果", "差不多了")], "第 2 行：整改结果“差不多了”不可用；可用的有：已整改、整改中、"),
        ([(0, "整改结果", "已整改"), (0, "指纹", "F0123456789")], "第 2 行：指纹“F0123456789”，检查结果中没有这一条"),
        ([(0, "整改结果", "已整改"), (0, "指纹", "")], "第 2 行：指纹是空的，检查结果中没有这一条"),
        ([(0, "整改结果", "已整改"), (0, "规则", "AR-101")], "第 2 行：指纹所指的是规则“WS-202”的问题"),
        ([(0, "整改结果", "已整改"), (0, "单位", "别的局")], "第 2 行：指纹所指的是单位“lanxi局”的问题"),
        ([(0, "整改结果", "已整改"), (0, "检查日期", "明年")], "第 2 行：检查日期“明年”不是日期；请恢复原样。"),
        ([(0, "整改结果", "已整改"), (0, "检查日期", "2026-03-01")], "第 2 行：检查日期 2026-03-01 晚于所给的检查结果"),
        ([(0, "整改链接", "http://lanxi.gov.cn/b.html")], "第 2 行：填写了整改链接，没有填写整改结果；"),
        ([(0, "整改结果", "已整改"), (0, "整改链接", "file:///etc/passwd")], "第 2 行：整改链接“file:///etc/passwd”不是网址"),
        ([(0, "整改结果", "已整改"), (0, "整改链接", "http://a.cn/" + "x" * 2000)], "第 2 行：整改链接超过 2000 字。"),
        ([(0, "整改结果", '=IF(1,"已整改","")')], "第 2 行：“整改结果”是没有保存计算结果的公式；请直接填写文字。"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_is_told_and_the_others_are_taken(
    duwang: Duwang, month: Path, cells: list[tuple[int, str, str]], line: str
) -> None:
    fill(Path("t.xlsx"), *cells, (3, "整改结果", "情况不属实"))
    done = taken(duwang)
    assert done.status == 2 and len(done.lines) == 1 and done.lines[0].startswith(f"t.xlsx {line}"), done.err
    assert "新记录 1 行" in done.out and "不能使用 1 行。" in done.out
    assert [told[0] for told in replies(month).values()] == ["disputed"]


def test_rows_on_one_finding_that_differ_and_merged_cells_say_nothing(duwang: Duwang, month: Path) -> None:
    book = load_workbook("t.xlsx")
    sheet = book.worksheets[0]
    copied = [cell.value for cell in sheet[2]]
    sheet["L2"] = "已整改"
    copied[NAMES.index("整改结果")] = "整改中"
    sheet["L3"] = "已整改"
    sheet.merge_cells("L3:L4")
    sheet.append(copied)
    sheet.append(copied)
    book.save("t.xlsx")
    done = taken(duwang)
    assert done.status == 2 and not replies(month)
    assert [line.partition("：")[0] for line in done.lines] == [f"t.xlsx 第 {n} 行" for n in (3, 4, 2, 6, 7)]
    assert "有合并的单元格；请取消合并，逐行填写。" in done.lines[0]
    assert "同一条问题有几行（第 2 行、第 6 行、第 7 行），整改结果或链接不同；请只保留一行。" in done.lines[2]


def test_a_state_that_was_written_over_decides_nothing(duwang: Duwang, month: Path) -> None:
    fill(Path("t.xlsx"), (0, "整改结果", "已整改"), (0, "状态", "已排除"))
    done = taken(duwang)
    assert done.status == 0
    assert done.lines == ["t.xlsx 第 2 行：“状态”列的“已排除”不作数；不予认定等请用 duwang review decide。"]
    assert json_report.load(month / "lanxi" / "inspection.json").scorecards[0].score == 80


def test_sheets_of_their_own_are_read_and_others_are_not(duwang: Duwang, month: Path) -> None:
    fill(Path("t.xlsx"), (0, "整改结果", "已整改"))
    book = load_workbook("t.xlsx")
    book.create_sheet("别的表", 0).append(["甲", "乙"])
    second = book.copy_worksheet(book["问题台账"])
    second.title, second["L2"], second["L5"] = "云溪", "已整改", "怎么改"
    book.save("t.xlsx")
    done = taken(duwang)
    assert done.status == 2 and len(done.lines) == 1
    assert done.lines[0].startswith("t.xlsx 工作表“云溪”第 5 行：整改结果“怎么改”不可用")
    assert list(replies(month).values()) == [["mended", "", "张三"]]


# --- files that cannot be used ------------------------------------------------------------------------


def packed(name: str, body: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile("t.xlsx") as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item.filename, body if item.filename == name else old.read(item))
    return out.getvalue()


BOMB = b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><styleSheet>&b;</styleSheet>"


@pytest.mark.parametrize(
    ("name", "body", "line"),
    [
        ("t.xlsx", lambda data: data[: len(data) // 2], "Excel 工作簿已损坏或加密，无法解压"),
        (
            "t.xlsx",
            lambda data: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(len(data)),
            "Excel 工作簿已损坏或加密，无法解压",
        ),
        ("t.xlsx", lambda data: packed("xl/styles.xml", BOMB), "内含外部实体声明，存在安全风险，已拒绝读取"),
        ("t.xlsx", lambda data: packed("xl/workbook.xml", b"<a/>"), "不是有效的 Excel 工作簿"),
        ("t.xls", lambda data: data, "不认识的格式；请使用 .xlsx、.csv 或 .yaml 文件。"),
        ("t.csv", lambda data: '"没有结束'.encode(), "不是正确的 CSV"),
        ("missing.xlsx", None, "无法读取"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line(
    duwang: Duwang, month: Path, name: str, body: Callable[[bytes], bytes] | None, line: str
) -> None:
    if body is not None:
        Path(name).write_bytes(body(Path("t.xlsx").read_bytes()))
    done = taken(duwang, name)
    assert done.status == 2 and len(done.lines) == 1 and line in done.err and done.err.startswith(name), done.err
    assert not replies(month)


def test_a_ledger_without_end_is_refused_and_a_name_is_asked_for(
    duwang: Duwang, month: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(decisions_table("decisions")["ledger"], "cells", 20)
    for name in ("t.xlsx", "t.csv"):
        done = taken(duwang, name)
        assert done.status == 2 and len(done.lines) == 1 and "内容过多，超出读取限度" in done.err
    monkeypatch.undo()
    done = duwang("review", "import", month, month.with_name("t.xlsx"))
    assert (done.status, done.lines) == (2, ["没有写明认定人（--by）；请补全后重试。"])


# --- what holds ---------------------------------------------------------------------------------------


def said(kind: Any, day: int, **more: str) -> Decision:
    name = inspection("lanxi", FEB, ["公告"], ["规划"]).findings[1].identity
    return Decision("lanxi", name, kind, "张三", f"2026-02-{day}T09:00:00+08:00", **more)


def test_a_unit_can_neither_dismiss_a_finding_nor_undo_a_decision() -> None:
    one = inspection("lanxi", FEB, ["公告"], ["规划"])
    made = [said("confirmed", 11), said("disputed", 12)]
    matter = decided(one, made).findings[1]
    assert matter.counted_as == "fail" and ledger.state_of(matter) == "有异议"
    assert decided(one, [*made, said("mended", 13)]).findings[1].counted_as == "fail"
    settled = decided(one, [*made, said("dismissed", 13, reason="引用原文")]).findings[1]
    assert settled.counted_as == "none" and ledger.state_of(settled) == "已排除"
    free = decided(one, [*made, said("withdrawn", 13)]).findings[1]
    assert (free.decision, free.reply, ledger.state_of(free)) == (None, None, "待核实")


def test_a_new_report_of_the_unit_waits_for_another_look() -> None:
    made = [said("mended", 11), said("found_persisting", 12, reason="还在")]
    matter = decided(inspection("lanxi", FEB, ["公告"], ["规划"]), made).findings[1]
    assert matter.recheck is not None and ledger.state_of(matter) == "待核实"
    again = decided(inspection("lanxi", FEB, ["公告"], ["规划"]), [*made, said("mended", 13)]).findings[1]
    assert again.recheck is None and ledger.state_of(again) == "待复查"
    # An inspection that began before the report says nothing of it; one that began after does.
    (held,) = standings([said("mended", 11)]).values()
    assert held.recheck is None
    later = decided(inspection("lanxi", "2026-03-10", ["公告"], ["规划"]), [said("mended", 11)]).findings[1]
    assert later.recheck is not None and (later.recheck.kind, later.recheck.at) == ("found_persisting", "2026-03-10")


def test_what_was_still_there_can_be_reported_again_from_the_ledger_that_says_so(
    duwang: Duwang, month: Path, tmp_path: Path
) -> None:
    fill(Path("t.xlsx"), (0, "整改结果", "已整改"))
    assert taken(duwang).status == 0
    later = tmp_path / "later"
    (path,) = kept(later, inspection("lanxi", "2099-03-10", ["公告", "人事"]), before=month)
    records.add(path.parent, records.read(month / "lanxi"))
    one = decided(json_report.load(path), records.read(path.parent))
    json_report.write(one, path)
    ledger.write([ledger.Entry(one)], tmp_path / "n.xlsx")
    row = table(tmp_path / "n.xlsx")[0]
    assert (row["整改结果"], row["复查结果"], row["复查日期"]) == ("", "仍存在", "2099-03-10")
    # The old ledger is an old report, that from the new one is new, once.
    fill(tmp_path / "n.xlsx", (0, "整改结果", "已整改"))
    calls = [duwang("review", "import", later, name, "--by", "张三").out for name in ("t.xlsx", "n.xlsx", "n.xlsx")]
    assert [call.partition("新记录 ")[2][0] for call in calls] == ["0", "1", "0"]
    assert [one.kind for one in records.read(path.parent)] == ["mended", "mended"]
