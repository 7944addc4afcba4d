"""Persons decide about findings: scores and reports follow, records are only added, the next month remembers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from loop_samples import inspection, kept

from duwang.loop import records
from reports import html, json_report
from scoring.decisions import Decision, decided
from scoring.inspection import Inspection

Duwang = Callable[..., Any]

FEB, MAR = "2026-02-10", "2026-03-10"


@pytest.fixture
def month(tmp_path: Path) -> Path:
    """One month of two sites, with reports."""
    folder = tmp_path / "feb"
    made = (inspection("lanxi", FEB, ["公告", "人事"], ["规划"]), inspection("yunxi", FEB, ["公告"]))
    for one, path in zip(made, kept(folder, *made), strict=True):
        html.write(one, path.with_name("report.html"))
    return folder


def score(path: Path) -> float:
    return json_report.load(path).scorecards[0].score


def test_a_dismissed_finding_costs_nothing_and_is_shown_with_its_reason(duwang: Duwang, month: Path) -> None:
    path = month / "lanxi" / "inspection.json"
    assert score(path) == 80
    done = duwang(
        "review",
        "decide",
        month,
        "lanxi/WS-202-1",
        "--as",
        "dismissed",
        "--reason",
        "栏目由省厅统一维护",
        "--by",
        "张三",
    )
    assert done.status == 0, done.err
    assert done.out.splitlines()[:2] == ["lanxi/WS-202-1 空白栏目：不予认定。", "得分　lanxi局　网站自查评分：80 → 90"]
    assert score(path) == 90
    page = path.with_name("report.html").read_text(encoding="utf-8")
    assert "经人工认定不计 1 项" in page and "不予认定；栏目由省厅统一维护；张三，2026-" in page
    assert "发现问题 1 项" in page
    assert "不予认定；栏目由省厅统一维护" in duwang("report", path).out
    # The other site is as it was.
    assert score(month / "yunxi" / "inspection.json") == 90
    assert not (month / "yunxi" / records.FILE).exists()


def test_a_waiver_holds_up_to_its_day(duwang: Duwang, month: Path) -> None:
    done = duwang(
        "review",
        "decide",
        month / "lanxi",
        "WS-202-1",
        "--as",
        "waived",
        "--reason",
        "改版中",
        "--until",
        MAR,
        "--by",
        "李四",
    )
    assert done.status == 0, done.err
    made = records.read(month / "lanxi")

    def on(day: str) -> float:
        return decided(inspection("lanxi", day, ["公告", "人事"]), made).scorecards[0].score

    assert (on(FEB), on(MAR), on("2026-03-11")) == (90, 90, 80)
    late = decided(inspection("lanxi", "2026-03-11", ["公告"]), made)
    assert "暂缓整改至 2026-03-10（已到期，照常计入）" in html.render(late)


def test_a_confirmed_matter_becomes_a_fault_and_a_withdrawn_decision_ends(duwang: Duwang, month: Path) -> None:
    path = month / "lanxi" / "inspection.json"
    assert json_report.load(path).scorecards[0].range == (70, 80)
    duwang("review", "decide", path, "WS-202-3", "--as", "confirmed", "--by", "张三")
    assert json_report.load(path).scorecards[0].range == (70, 70)
    duwang("review", "decide", path, "WS-202-3", "--as", "withdrawn", "--by", "张三")
    assert json_report.load(path).scorecards[0].range == (70, 80)
    assert [one.kind for one in records.read(path.parent)] == ["confirmed", "withdrawn"]


def test_list_and_show_tell_what_was_decided_by_whom_and_when(duwang: Duwang, month: Path) -> None:
    link = "http://lanxi.gov.cn/new.html"
    duwang("review", "decide", month, "lanxi/WS-202-2", "--as", "mended", "--link", link, "--by", "王五")
    listed = duwang("review", "list", month).out
    assert "lanxi/WS-202-2　重大　问题　新发现（首次发现 2026-02-10）　空白栏目" in listed
    assert f"　认定：已报整改；待复查；{link}；王五，2026-" in listed
    assert listed.splitlines()[-1] == "共 4 条，已认定 1 条。"
    assert "WS-202-2" not in duwang("review", "list", month / "lanxi", "--open").out
    shown = duwang("review", "show", month, "lanxi/WS-202-2").out
    assert "问题：栏目“人事”没有内容。" in shown and f"王五：已报整改；{link}" in shown


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--as", "dismissed", "--by", "张三"), "“确认”需要写明"),
        (("--as", "waived", "--reason", "改版", "--by", "张三"), "“暂缓”需要写明期限；请补全后重试。"),
        (
            ("--as", "waived", "--reason", "改版", "--until", "明年", "--by", "张三"),
            "期限“明年”不是日期，请写成 2026-06-30 的形式",
        ),
        (("--as", "mended", "--link", "javascript:alert(1)", "--by", "张三"), "整改链接“javascript:alert(1)”不是网址"),
        (("--as", "confirmed", "--until", MAR, "--by", "张三"), "“确认”不用写期限；请补全后重试。"),
        (("--as", "confirmed"), "没有写明认定人（--by）；请补全后重试。"),
    ],
)
def test_a_decision_that_lacks_something_is_refused_in_one_line(
    duwang: Duwang, month: Path, words: tuple[str, ...], line: str
) -> None:
    done = duwang("review", "decide", month, "lanxi/WS-202-1", *words)
    assert done.status == 2 and len(done.lines) == 1
    assert line.replace("“确认”需要写明", "“不予认定”需要写明理由") in done.err
    assert not list(month.rglob(records.FILE))


def test_a_decision_says_what_it_is(duwang: Duwang, month: Path) -> None:
    done = duwang("review", "decide", month, "lanxi/WS-202-1", "--by", "张三")
    assert done.status == 2 and done.lines[0].startswith("没有写明怎样认定；请用 --as 写明，可用的有：confirmed、")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("WS-202-1", "“WS-202-1”指的不止一条；请写指纹，或者写成“lanxi/WS-202-1”。"),
        ("lanxi/WS-999-1", "没有编号或指纹为“lanxi/WS-999-1”的问题；请用 duwang review list 查看。"),
    ],
)
def test_a_finding_that_is_not_clear_is_refused(duwang: Duwang, month: Path, name: str, line: str) -> None:
    done = duwang("review", "decide", month, name, "--as", "confirmed", "--by", "张三")
    assert (done.status, done.lines) == (2, [line])


# --- by file ----------------------------------------------------------------------------------------


def filled(month: Path, duwang: Duwang, *rows: tuple[int, dict[str, str]]) -> str:
    """The form as a spreadsheet gives it back with these cells filled in."""
    assert duwang("review", "form", month, "-o", "form.csv").status == 0
    heads, *lines = Path("form.csv").read_text("utf-8-sig").splitlines()
    names = heads.split(",")
    cells = [line.split(",") for line in lines]
    for number, values in rows:
        for name, value in values.items():
            cells[number][names.index(name)] = value
    return "\r\n".join([heads, *(",".join(row) for row in cells)]) + "\r\n"


def test_a_form_is_filled_in_and_taken_once(duwang: Duwang, month: Path) -> None:
    dismissed = {"认定": "误报", "理由": "省厅统一维护"}
    waived = {"认定": "暂缓", "理由": "改版中", "期限": "2026/6/30", "认定人": "李四", "认定时间": "2026-02-11"}
    # Excel saves in the old encoding.
    Path("back.csv").write_bytes(filled(month, duwang, (0, dismissed), (3, waived)).encode("gb18030"))
    done = duwang("review", "import", month, "back.csv", "--by", "张三")
    assert done.status == 0, done.err
    assert [(one.kind, one.by, one.reason) for one in records.read(month / "lanxi")] == [
        ("dismissed", "张三", "省厅统一维护")
    ]
    (one,) = records.read(month / "yunxi")
    assert (one.kind, one.by, one.until, one.at[:10]) == ("waived", "李四", "2026-06-30", "2026-02-11")
    again = duwang("review", "import", month, "back.csv", "--by", "张三")
    assert (again.status, again.out) == (0, "没有新的认定。\n")


def test_decisions_come_from_yaml_too(duwang: Duwang, month: Path) -> None:
    Path("d.yaml").write_text(
        "decisions:\n  - {站点: yunxi, 编号: WS-202-1, 认定: 已整改, 整改链接: 'http://yunxi.gov.cn/b.html'}\n", "utf-8"
    )
    assert duwang("review", "import", month, "d.yaml", "--by", "张三").status == 0
    assert [one.kind for one in records.read(month / "yunxi")] == ["mended"]


def test_a_form_with_faults_decides_nothing_and_names_each_line(duwang: Duwang, month: Path) -> None:
    bad = [
        (0, {"认定": "误报"}),
        (1, {"认定": "好"}),
        (2, {"认定": "确认", "指纹": "Fdeadbeef99"}),
        (3, {"认定": "确认"}),
    ]
    Path("bad.csv").write_text(filled(month, duwang, *bad), "utf-8")
    done = duwang("review", "import", month, "bad.csv", "--by", "张三")
    assert done.status == 2
    assert done.lines == [
        "bad.csv 第 2 行：“不予认定”需要写明理由。",
        "bad.csv 第 3 行：认定“好”不可用；可用的有：确认、不予认定、暂缓、已报整改、报整改中、报无法整改、"
        "报情况不属实、撤销认定。",
        "bad.csv 第 4 行：没有编号或指纹为“Fdeadbeef99”的问题；请用 duwang review list 查看。",
    ]
    assert not list(month.rglob(records.FILE))


@pytest.mark.parametrize(
    ("name", "body", "line"),
    [
        ("a.csv", "甲,乙\n1,2\n", "第一行没有“认定”列，或者没有“指纹”“编号”列"),
        ("a.yaml", "好: [1\n", "YAML 语法错误"),
        ("a.yaml", "decisions: 好\n", "没有认定清单"),
        ("a.yaml", "- {指纹: abc, 怪: 1}\n", "不认识的项“怪”"),
        ("a.pdf", "", "不认识的格式；请使用 .xlsx、.csv 或 .yaml 文件。"),
    ],
)
def test_a_file_that_is_no_form_is_refused(duwang: Duwang, month: Path, name: str, body: str, line: str) -> None:
    Path(name).write_text(body, "utf-8")
    done = duwang("review", "import", month, name, "--by", "张三")
    assert done.status == 2 and line in done.err and len(done.lines) == 1


def test_no_cell_of_the_form_is_a_formula(duwang: Duwang, tmp_path: Path) -> None:
    kept(tmp_path / "x", inspection("lanxi", FEB, ["=HYPERLINK(1)"]))
    path = tmp_path / "x" / "lanxi" / "inspection.json"
    data = json.loads(path.read_text("utf-8"))
    data["findings"][0]["message"] = "=1+1"
    path.write_text(json.dumps(data), "utf-8")
    duwang("review", "form", tmp_path / "x", "-o", "f.csv")
    assert ",'=1+1," in Path("f.csv").read_text("utf-8-sig")


# --- records ----------------------------------------------------------------------------------------


def decision(number: int = 1) -> Decision:
    return Decision("lanxi", "f" * 20, "confirmed", f"张{number}", "2026-03-10T09:00:00+08:00")


def test_records_are_added_and_never_changed(tmp_path: Path) -> None:
    records.add(tmp_path, [decision(1)])
    before = (tmp_path / records.FILE).read_bytes()
    assert records.add(tmp_path, [decision(1), decision(2)]) == [decision(2)]
    assert (tmp_path / records.FILE).read_bytes().startswith(before)
    assert records.read(tmp_path) == [decision(1), decision(2)]


def test_a_line_that_was_cut_off_does_not_count_and_harms_no_later_one(tmp_path: Path) -> None:
    records.add(tmp_path, [decision(1), decision(2)])
    path = tmp_path / records.FILE
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert records.read(tmp_path) == [decision(1), decision(2)][: whole[:length].count(b"\n")]
        records.add(tmp_path, [decision(3)])
        assert records.read(tmp_path)[-1] == decision(3)


UNDATED = '{"subject":"a","fingerprint":"b","kind":"confirmed","by":"c","at":"2026-03-10"}'


@pytest.mark.parametrize("line", ["好", "[1]", '{"subject": "a"}', '{"怪": 1}', UNDATED])
def test_a_record_that_is_none_is_refused(duwang: Duwang, month: Path, line: str) -> None:
    (month / "lanxi" / records.FILE).write_text(f"{line}\n", "utf-8")
    done = duwang("review", "list", month)
    assert done.status == 2 and len(done.lines) == 1 and "第 1 行" in done.err


def test_of_two_decisions_the_later_one_holds_whatever_their_offsets(tmp_path: Path) -> None:
    one = inspection("lanxi", FEB, ["公告"])
    name = one.findings[0].fingerprint
    first = Decision("lanxi", name, "dismissed", "张三", "2026-03-10T09:00:00+08:00", "误报")
    later = Decision("lanxi", name, "confirmed", "李四", "2026-03-10T02:00:00+00:00")

    def kind(*made: Decision) -> str:
        said = decided(one, made).findings[0].decision
        return said.kind if said else ""

    assert kind(first, later) == kind(later, first) == "confirmed"
    other = Decision("yunxi", name, "dismissed", "张三", "2026-04-10T09:00:00+08:00", "误报")
    assert kind(first, later, other) == "confirmed"


def test_an_inspection_with_decisions_survives_its_file(tmp_path: Path) -> None:
    made = inspection("lanxi", FEB, ["公告"])
    said = Decision("lanxi", made.findings[0].fingerprint, "confirmed", "张三", f"{FEB}T09:00:00+08:00")
    one = decided(made, [said])
    assert one.findings[0].decision is not None
    assert Inspection.from_dict(one.to_dict()) == one
    json_report.write(one, tmp_path / "a.json")
    assert json_report.load(tmp_path / "a.json") == one
