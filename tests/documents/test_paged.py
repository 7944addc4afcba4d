"""Words and lines to blocks, without any carrier: borders, page ends, labels, order of text."""

from __future__ import annotations

import pytest
from documents.maker.data import MadeCell, MadeTable, make_report
from documents.maker.drawn import Drawn

from crawler.evidence import Table
from crawler.readers.drafts import Draft
from crawler.readers.paged import Rule, Word, drafts_of_pages

XS = (60.0, 160.0, 260.0, 360.0)
FULL = "正文文字一行写满再换下一行这里正好写到版心右边为止不多也不少共四十八个字排满整行文字一二三四五六七"


def table_of(drafts: list[Draft]) -> Table:
    tables = [d.table for d in drafts if d.table is not None]
    assert len(tables) == 1
    return tables[0]


def raws(table: Table) -> list[list[str]]:
    return [[c.raw for c in table.cells if c.row == row] for row in range(table.rows)]


def small(*rows: tuple[str, ...]) -> MadeTable:
    return MadeTable("x", tuple(tuple(MadeCell(text) for text in row) for row in rows), 1)


SMALL = small(("项目", "本年", "上年"), ("收到申请", "12", "9"), ("办结", "", "/"))


def test_an_empty_cell_stays_empty_and_a_mark_stays_a_mark() -> None:
    page = Drawn()
    page.table(SMALL, XS, 100)
    assert raws(table_of(drafts_of_pages([page.content()]))) == [
        ["项目", "本年", "上年"],
        ["收到申请", "12", "9"],
        ["办结", "", "/"],
    ]


def test_borders_drawn_twice_with_gaps_or_askew_make_one_grid() -> None:
    page = Drawn()
    page.table(SMALL, XS, 100)
    doubled = [Rule((b[0] + 2, b[1] + 2.5, b[2] + 2, b[3] + 2.5)) for b in (r.box for r in page.rules)]
    halves = [Rule((b[0], b[1], (b[0] + b[2]) / 2 - 2, b[3])) for b in (r.box for r in page.rules) if b[2] - b[0] > 10]
    page.rules = [
        Rule((b[0] + 1, b[1], b[2] - 1, b[3])) if b[2] - b[0] > 10 else r for r in page.rules for b in (r.box,)
    ]
    page.rules += doubled + halves
    table = table_of(drafts_of_pages([page.content()]))
    assert (table.rows, table.columns, len(table.cells)) == (3, 3, 9)


def test_a_table_without_its_outer_lines_keeps_its_outer_cells() -> None:
    page = Drawn()
    page.table(SMALL, XS, 100)
    inner = [b for b in (r.box for r in page.rules) if not (b[3] - b[1] > 10 and b[0] in (XS[0], XS[-1]))]
    page.rules = [Rule(b) for b in inner if not (b[2] - b[0] > 10 and b[1] in (100.0, 160.0))]
    assert raws(table_of(drafts_of_pages([page.content()])))[0] == ["项目", "本年", "上年"]
    assert table_of(drafts_of_pages([page.content()])).rows == 3


def test_a_word_over_a_border_is_parted_there() -> None:
    page = Drawn()
    page.table(small(("", "", ""), ("", "", "")), XS, 100)
    page.words = [
        Word("12 345 6", (150, 105, 275, 115), 0.7, 10, edges=(148, 153, 158, 200, 205, 210, 216, 265)),
        Word("合计三", (145, 125, 175, 135), 0.9, 10),
    ]
    table = table_of(drafts_of_pages([page.content()]))
    assert raws(table) == [["12", "345", "6"], ["合", "计三", ""]]
    assert [c.confidence for c in table.cells] == [0.7, 0.7, 0.7, 0.9, 0.9, None]


@pytest.mark.parametrize(
    ("places", "text"),
    [
        ([(70, 102 + 12 * i, c) for i, c in enumerate("本年度办理结果")], "本年度办理结果"),
        (
            [(90, 102 + 12 * i, c) for i, c in enumerate("本年度办")]
            + [(70, 102 + 12 * i, c) for i, c in enumerate("理结果")],
            "本年度办理结果",
        ),
        ([(70 + 10 * (i % 3), 102 + 14 * (i // 3), c) for i, c in enumerate("本年度办理结果")], "本年度\n办理结\n果"),
    ],
    ids=["one column", "two columns", "short lines"],
)
def test_a_label_set_downwards_is_read_downwards(places: list[tuple[int, int, str]], text: str) -> None:
    page = Drawn()
    page.frame((60, 100, 160, 200))
    page.frame((160, 100, 260, 200))
    page.text("7", 200, 150)
    for x, y, char in places:
        page.text(char, x, y)
    assert raws(table_of(drafts_of_pages([page.content()]))) == [[text, "7"]]


def test_a_line_that_fills_its_cell_goes_on_and_another_ends() -> None:
    page = Drawn()
    page.frame((60, 100, 160, 160))
    page.frame((160, 100, 260, 160))
    for row, (left, right) in enumerate((("行政规范性文件的", "1234567"), ("制发件数", "第一行"), ("", "第二行"))):
        page.text(left, 64, 105 + 15 * row)
        page.text(right, 164, 105 + 15 * row)
    assert raws(table_of(drafts_of_pages([page.content()]))) == [
        ["行政规范性文件的制发件数", "1234567\n第一行\n第二行"]
    ]


def official() -> tuple[MadeTable, list[float]]:
    table = next(t for t in make_report(2).tables if t.id == "t3")
    return table, [20.0, 110.0, 170.0, 330.0, *(330.0 + 36 * i for i in range(1, 8))]


@pytest.mark.parametrize(
    ("cut", "number"), [(5, "第 {} 页"), (9, "— {} —"), (13, "一{}一"), (17, "- {}一"), (27, "{}")]
)
@pytest.mark.parametrize("repeated", [True, False])
def test_a_table_over_a_page_end_is_one_table(cut: int, number: str, repeated: bool) -> None:
    table, xs = official()
    first, second = Drawn(1), Drawn(2)
    first.text("三、收到和处理政府信息公开申请情况", 60, 60)
    first.table(table, xs, 100, range(cut))
    top = second.table(table, [x + 7 for x in xs], 50, range(table.head_rows)) if repeated else 50.0
    second.table(table, [x + 7 for x in xs], top, range(cut, len(table.rows)))
    for page in (first, second):
        page.text(number.format(page.number), 280, 770)
    drafts = drafts_of_pages([first.content(), second.content()])
    got = table_of(drafts)
    want = {place: (c.text, c.rowspan, c.colspan) for place, c in table.placed().items()}
    assert {(c.row, c.column): (c.raw, c.rowspan, c.colspan) for c in got.cells} == want
    assert {c.page for c in got.cells if c.row < cut} == {1}
    assert [d.text for d in drafts if d.chrome] == [number.format(1), number.format(2)]


def test_a_row_cut_by_the_page_end_is_one_row() -> None:
    xs = (60.0, 160.0, 260.0)
    first, second = Drawn(1), Drawn(2)
    first.table(small(("名称", "件数"), ("行政规范性文件的制", "3")), xs, 700)
    second.table(small(("发", ""), ("规章", "")), xs, 50)
    assert raws(table_of(drafts_of_pages([first.content(), second.content()]))) == [
        ["名称", "件数"],
        ["行政规范性文件的制发", "3"],
        ["规章", ""],
    ]


def test_rows_with_blanks_at_a_page_end_stay_rows() -> None:
    xs = (60.0, 160.0, 260.0)
    first, second = Drawn(1), Drawn(2)
    first.table(small(("名称", "件数"), ("规章", "3")), xs, 700)
    second.table(small(("规范性文件", ""), ("决定", "")), xs, 50)
    assert len(raws(table_of(drafts_of_pages([first.content(), second.content()])))) == 4


def test_tables_with_other_columns_stay_apart() -> None:
    first, second = Drawn(1), Drawn(2)
    first.table(SMALL, XS, 700)
    second.table(SMALL, (60.0, 140.0, 220.0, 360.0), 50)
    assert sum(d.table is not None for d in drafts_of_pages([first.content(), second.content()])) == 2


def test_figures_in_columns_without_lines_are_a_table() -> None:
    page = Drawn()
    page.text("各类申请的数量如下：", 80, 60)
    for row, cells in enumerate(
        (("类别", "本年", "上年"), ("自然人", "12", "103"), ("商业企业", "7", "9"), ("科研机构", "0", "15"))
    ):
        page.text(cells[0], 60, 100 + 18 * row)
        for k in (1, 2):
            page.text(cells[k], 150 + 90 * k - 5 * len(cells[k]), 100 + 18 * row)
    drafts = drafts_of_pages([page.content()])
    assert [d.kind for d in drafts] == ["paragraph", "table"]
    assert raws(table_of(drafts)) == [
        ["类别", "本年", "上年"],
        ["自然人", "12", "103"],
        ["商业企业", "7", "9"],
        ["科研机构", "0", "15"],
    ]
    assert next(c for c in table_of(drafts).cells if c.raw == "103").row_labels == ("自然人",)


def test_text_beside_text_is_no_table() -> None:
    page = Drawn()
    for row, (left, right) in enumerate(
        (("索引号：甲一", "发布日期：2024年"), ("文号：无", "来源：办公室"), ("标题：通知", "页数：2"))
    ):
        page.text(left, 60, 100 + 18 * row)
        page.text(right, 300, 100 + 18 * row)
    assert all(d.table is None for d in drafts_of_pages([page.content()]))


def test_a_frame_around_text_is_no_table() -> None:
    page = Drawn()
    page.frame((40, 40, 560, 760))
    page.text("框内的文字", 60, 100)
    page.text("是普通文字。", 60, 120)
    assert "".join(d.text for d in drafts_of_pages([page.content()]) if d.table is None) == "框内的文字是普通文字。"


def test_paragraphs_go_on_over_lines_and_pages() -> None:
    first, second = Drawn(1), Drawn(2)
    first.text("某局2024年政府信息公开", 200, 60, em=20)
    first.text("工作年度报告", 240, 90, em=20)
    first.text("一、总体情况", 80, 140)
    first.text(FULL[:46], 80, 160)
    first.text(FULL, 60, 180)
    second.text("接着写完。", 60, 60)
    second.text("另起一段。", 80, 80)
    drafts = drafts_of_pages([first.content(), second.content()])
    assert [(d.kind, d.level, d.text, d.page) for d in drafts] == [
        ("heading", 1, "某局2024年政府信息公开工作年度报告", 1),
        ("heading", 0, "一、总体情况", 1),
        ("paragraph", 0, FULL[:46] + FULL + "接着写完。", 1),
        ("paragraph", 0, "另起一段。", 2),
    ]


def test_a_heading_close_below_a_full_line_is_a_heading() -> None:
    page = Drawn()
    for n, line in enumerate(("公开方面的" * 9, "公开方面的" * 9, "公开方面的" * 8 + "公开方。")):
        page.text(line, 50, 50 + 18 * n)
    page.text("二、主动公开政府信息情况", 50, 50 + 18 * 2 + 30)
    page.text("二十条规定的信息都已公开，" + "公开方面的" * 6, 50, 50 + 18 * 2 + 60)
    drafts = drafts_of_pages([page.content()])
    assert [(d.kind, d.text[:6]) for d in drafts] == [
        ("paragraph", "公开方面的公"),
        ("heading", "二、主动公开"),
        ("paragraph", "二十条规定的"),
    ]


def test_a_last_row_of_blanks_on_the_next_page_belongs_to_the_table() -> None:
    table = small(("项目", "一", "二", "三", "合计"), ("新收", "", "", "", ""), ("结转", "", "", "", ""))
    first, second = Drawn(1), Drawn(2)
    xs = [50.0, 150.0, 200.0, 250.0, 300.0, 350.0]
    first.table(table, xs, 600, range(0, 2))
    second.table(table, xs, 50, range(2, 3))
    second.text("五、存在的主要问题及改进情况", 50, 120)
    drafts = drafts_of_pages([first.content(), second.content()])
    assert [d.kind for d in drafts] == ["table", "heading"]
    assert raws(table_of(drafts))[2] == ["结转", "", "", "", ""]


def test_spaces_stand_where_the_page_shows_them() -> None:
    page = Drawn()
    for x, text in ((60, "文"), (75, "号"), (100, "发布"), (120, "PDF"), (140, "file"), (163, "2024"), (183, "年")):
        page.text(text, x, 100)
    assert [d.text for d in drafts_of_pages([page.content()])] == ["文号 发布PDF file 2024年"]


def test_a_picture_stands_where_it_is_drawn() -> None:
    page = Drawn()
    page.text("图的上方。", 60, 100)
    page.text("图的下方。", 60, 400)
    content = page.content()
    content.pictures.append((60.0, 150.0, 400.0, 380.0))
    drafts = drafts_of_pages([content])
    assert [(d.kind, d.text, d.box) for d in drafts][1] == ("picture", "", (60.0, 150.0, 400.0, 380.0))
    assert [d.kind for d in drafts] == ["paragraph", "picture", "paragraph"]
