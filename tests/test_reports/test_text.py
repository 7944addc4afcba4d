from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from reports import text, view
from reports.wrap import wrap
from scoring.inspection import Excerpt

from . import samples

UNREAD = view.Unread("坏文件.docx", "不是有效的 Word 文件，请另存为 DOCX 后再试。")


def test_the_editor_reads_head_findings_what_is_open_and_the_total_in_this_order() -> None:
    shown = text.plain([samples.report()])
    marks = [
        "青岚市水务局（2023年度）",
        "得分",
        "【否决】",
        "【重大】",
        "【一般】",
        "【提示】",
        "【未能核查】",
        "本程序出错",
        "合计：",
    ]
    places = [shown.index(mark) for mark in marks]
    assert places == sorted(places)


def test_the_head_says_what_was_recognised_and_how() -> None:
    shown = text.plain([samples.report()])
    for part in (
        "2024-02-05（取自页首“发布日期”）",
        "政府部门（依据单位名称）",
        "71.5 / 100",
        "69.5～74 之间",
        "合格",
        "读网自定",
    ):
        assert part in shown


def test_a_finding_says_what_where_why_and_what_to_do() -> None:
    shown = text.plain([samples.report(findings=(samples.UNBALANCED,))])
    flat = "".join(shown.split())
    for part in (
        "AR-401",
        "〔问题〕",
        samples.UNBALANCED.message,
        samples.REQUESTS,
        "“总计”列",
        "表内第 21 行第 10 列",
        "“48”",
        "49 + 3 = 52，48 + 3 = 51，52 ≠ 51",
        "《中华人民共和国政府信息公开条例》（国务院令第711号）第五十条",
        samples.UNBALANCED.remedy,
        samples.UNBALANCED.limits,
    ):
        assert "".join(part.split()) in flat


def test_a_short_quote_is_bracketed_in_its_context() -> None:
    assert "其中予以公开【25件】，部分公开8件" in text.plain([samples.report()])


@pytest.mark.parametrize(
    ("selector", "place"),
    [("line 118", "第 118 行"), ("body/p[31]", "正文第 31 段"), ("/html/body/p[2]", "元素 /html/body/p[2]")],
)
def test_a_place_without_section_or_table_still_has_a_spot(selector: str, place: str) -> None:
    assert view.place(samples.where(selector=selector)) == place


def test_what_needs_a_person_is_not_called_a_fault() -> None:
    shown = text.plain([samples.report(findings=(samples.REVIEW,))])
    assert "〔待人工核对，不计为问题〕" in shown
    assert "〔问题〕" not in shown
    assert "问题 0 项，待人工核对 1 项" in shown


def test_a_clean_report_says_so_and_what_was_not_checked() -> None:
    shown = text.plain([samples.clean()])
    assert "未发现问题。" in shown
    assert "没有提供上年报告" in shown
    assert "AR-501 上年结转与上年报告不衔接；AR-502" in shown
    assert shown.rstrip().endswith("合计：问题 0 项，待人工核对 0 项，未能核查的规则 2 条。")


def test_many_files_end_in_a_table_with_those_that_could_not_be_read() -> None:
    shown = text.plain([samples.report(), samples.clean(), samples.site()], [UNREAD])
    table = shown[shown.rindex("对象 ") :].splitlines()
    assert re.split(r"\s+", table[0].strip()) == [
        *("对象", "年度", "得分", "等级", "最重", "问题", "待核对", "通过", "未核查")
    ]
    assert table[2].split() == ["青岚市水务局", "2023", "71.5", "合格", "否决", "6", "1", "2", "3"]
    assert f"未能检查  坏文件.docx：{UNREAD.reason}" in table
    assert table[-1] == "共检查 3 个，问题 7 项，待人工核对 2 项，未能检查 1 个。"


def test_inputs_stand_in_the_table_under_their_own_names() -> None:
    shown = text.plain([samples.report(), samples.clean()], [UNREAD], ["年报.zip/水务局.docx", "乙/b.pdf"])
    table = shown[shown.rindex("文件 ") :].splitlines()
    assert table[0].split()[:3] == ["文件", "单位", "年度"]
    assert table[2].split()[:3] == ["年报.zip/水务局.docx", "青岚市水务局", "2023"]
    assert table[3].split()[0] == "乙/b.pdf" and table[3].split()[5:7] == ["—", "0"]


def test_a_single_unreadable_file_is_one_line() -> None:
    assert text.plain([], [UNREAD]) == f"坏文件.docx：{UNREAD.reason}\n"


def test_a_file_gets_no_colour_and_a_terminal_does() -> None:
    assert "\x1b[" not in text.plain([samples.report()])

    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Screen()
    console = Console(file=stream, force_terminal=True, width=100, color_system="standard", markup=False)
    text.draw(console, [samples.report()])
    assert "\x1b[" in stream.getvalue()
    assert text.console_for(Screen()).is_terminal


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    stream = io.StringIO()
    text.draw(Console(file=stream, width=width, markup=False, highlight=False), [samples.report(), samples.hostile()])
    assert max(cell_len(line) for line in stream.getvalue().splitlines()) <= width


def test_text_from_outside_cannot_steer_the_terminal() -> None:
    quote = "\x1b[2J\x07清屏\u202e[bold red]"
    finding = replace(samples.LATE, title=quote, message=quote, quote=quote, excerpt=Excerpt())
    stream = io.StringIO()
    text.draw(text.console_for(stream), [samples.report(findings=(finding,))], [view.Unread(quote, quote)])
    shown = stream.getvalue()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
    assert "␛[2J␇清屏⟨U+202E⟩[bold red]" in shown


def test_a_very_long_quote_is_shortened_in_the_middle() -> None:
    finding = replace(samples.LATE, quote="开头" + "长" * 5000 + "结尾", excerpt=Excerpt())
    shown = text.plain([samples.report(findings=(finding,))])
    assert "“开头" in shown
    assert "结尾”" in shown
    assert "……" in shown
    assert shown.count("长") < 200


def test_lines_break_by_width_and_keep_marks_and_numbers_together() -> None:
    given = "全年共收到政府信息公开申请 1234567 件，“予以公开”25件，占33.9%。"
    for width in range(10, 40):
        lines = wrap(given, width)
        assert all(cell_len(line) <= width for line in lines)
        assert all(line[0] not in "，。”）％" for line in lines)
        assert all(line[-1] not in "“（《" for line in lines)
        assert sum("1234567" in line for line in lines) == 1
        assert "".join("".join(lines).split()) == "".join(given.split())


def test_line_breaks_of_a_text_are_kept_and_nothing_is_still_a_line() -> None:
    assert wrap("甲\n乙", 20) == ["甲", "乙"]
    assert wrap("", 20) == [""]
