"""Single decisions of the readers that a user would notice if they went wrong."""

from __future__ import annotations

import pytest

from crawler.evidence import Document, Table
from crawler.readers import read
from crawler.readers.grid import RawCell, build, is_value
from crawler.readers.word.numbering import chinese, spell


def page(body: str, head: str = "") -> Document:
    return read(
        f"<html><head>{head}</head><body>{body}</body></html>".encode(), uri="http://www.example.gov.cn/a/b.html"
    )


def only_table(document: Document) -> Table:
    tables = [block.table for block in document.blocks if block.table is not None]
    assert len(tables) == 1
    return tables[0]


def values(document: Document) -> dict[str, str]:
    return {field.name: field.value for field in document.fields}


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "0",
        "-",
        "—",
        "/",
        "无",
        "1,234",
        "１２",
        "－３",
        "+1",
        "33.9%",
        "251000元",
        "12 件",
        "59237.2449",
        "-2",
        "２.５万元",
    ],
)
def test_values(raw: str) -> None:
    assert is_value(raw)


@pytest.mark.parametrize(
    "raw", ["规章", "1.属于国家秘密", "14万余", "约3件", "2023年", "（一）予以公开", "12,34", "A1"]
)
def test_labels(raw: str) -> None:
    assert not is_value(raw)


def test_zero_blank_and_marks_stay_apart() -> None:
    table = only_table(
        page("<table><tr><td>甲<td>0<td><td>&nbsp;<td>　<td>/<td>-<td>—<td>无</tr><tr><td>乙<td>1</table>")
    )
    assert [cell.raw for cell in table.cells if cell.row == 0][1:] == ["0", "", "", "", "/", "-", "—", "无"]


def test_row_spans_stop_at_their_row_group() -> None:
    html = "<table><thead><tr><td rowspan=9>头</td><td>列</td></tr></thead><tr><td>行</td><td>1</td></tr></table>"
    cells = {(c.row, c.column): c for c in only_table(page(html)).cells}
    assert cells[0, 0].rowspan == 1 and cells[1, 0].raw == "行" and cells[1, 1].column_labels == ("列",)


def test_footer_rows_are_shown_last() -> None:
    html = "<table><tfoot><tr><td>合计<td>3</tfoot><tbody><tr><td>甲<td>1<tr><td>乙<td>2</tbody></table>"
    assert [cell.raw for cell in only_table(page(html)).cells if cell.column == 0] == ["甲", "乙", "合计"]


def test_labels_of_a_lower_block_do_not_mix_with_those_above() -> None:
    rows = [["第一块"], ["内容", "制发"], ["规章", "1"], ["第二块"], ["内容", "数量"], ["许可", "2"]]
    table, cut = build([[RawCell(raw, 1, 2 if len(row) == 1 else 1) for raw in row] for row in rows])
    assert not cut and table.cells[-1].column_labels == ("第二块", "数量") and table.cells[-1].row_labels == ("许可",)


def test_blank_form_keeps_its_labels() -> None:
    rows = [["内容", "制发", "废止"], ["规章", "", ""], ["文件", "", ""]]
    table, _ = build([[RawCell(raw) for raw in row] for row in rows])
    assert (table.cells[-1].row_labels, table.cells[-1].column_labels) == (("文件",), ("废止",))


def test_hidden_cells_and_rows_are_not_read() -> None:
    html = (
        "<table><tr><td>甲<td>1<td style='display:none'>9</tr><tr hidden><td>乙<td>2</tr><tr><td>丙<td>3</tr></table>"
    )
    assert [cell.raw for cell in only_table(page(html)).cells] == ["甲", "1", "丙", "3"]


def test_text_between_cells_is_not_lost() -> None:
    document = page("<table><caption>表二</caption><tr><td>甲<td>1</tr><p>漏在外面</p><tr><td>乙<td>2</tr></table>")
    text = "\n".join(block.text for block in document.blocks)
    assert "表二" in text and "漏在外面" in text and "甲\t1" in text


def test_text_between_cells_keeps_its_lines_and_attachments_and_hides_what_nobody_sees() -> None:
    document = page(
        "<table><caption>收费<br>清单<i hidden>草稿</i></caption><tr><td>甲<td>1</tr>"
        "<p>附<a href='b.doc'>明细表</a></p><tr><td>乙<div hidden>x</div>丙<td>2</tr></table>"
    )
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("paragraph", "收费"),
        ("paragraph", "清单"),
        ("paragraph", "附明细表"),
        ("table", "甲\t1\n乙丙\t2"),
        ("attachment", "明细表"),
    ]


def test_control_characters_written_as_references_are_taken_out() -> None:
    document = page("<pre><a href='b.doc'>申请\n表</a>A&#1;B&#x1F;C&#11;&#12345;</pre>")
    assert [block.text for block in document.blocks] == ["申请", "表ABC〹", "申请表"]


def test_heading_that_wraps_a_whole_article_is_no_heading() -> None:
    document = page(f"<h2><div>{'正文' * 150}</div></h2><h2><div>小标题</div></h2>")
    assert [(block.kind, block.level) for block in document.blocks] == [("paragraph", 0), ("heading", 2)]


def test_line_feed_between_chinese_characters_is_no_space() -> None:
    document = page("<p>政府信息\n   公开 2023\n年</p>")
    assert document.blocks[0].text == "政府信息公开 2023 年"


def test_closing_section_stays_in_the_main_text() -> None:
    """A short last section below a list of links must not be taken for chrome."""
    links = "".join(f'<p><a href="{i}.html">相关政策文件链接{i}</a></p>' for i in range(4))
    body = f"<p>一、总体情况</p><p>{'正文' * 60}</p>{links}<p>六、其他需要报告的事项</p><p>无。</p>"
    document = page("<div class=header>站点</div>" + body + "<div class=footer>版权所有 某局 ICP备1号</div>")
    main = [block.text for block in document.blocks[slice(*document.main)]]
    assert main[-2:] == ["六、其他需要报告的事项", "无。"] and "站点" not in main


def test_chrome_that_holds_the_text_is_no_chrome() -> None:
    document = page(f"<div class='header'><p>{'这里其实是正文。' * 20}</p></div><div class=footer>ICP备1号</div>")
    assert document.main == (0, 1)


def test_contact_lines_of_the_report_are_not_cut_with_the_footer() -> None:
    text = (
        "某局年度报告\n一、总体情况\n正文。\n地址：文化路1号\n电话：123\n\n版权所有：某局\n地址：文化路1号\n某ICP备1号"
    )
    document = read(text.encode(), uri="a.txt")
    assert [block.text for block in document.blocks[slice(*document.main)]][-1] == "电话：123"


def test_footer_words_inside_the_body_cut_nothing() -> None:
    text = f"某局年度报告\n一、总体情况\n检查网站标识码和ICP备案号。\n{'完善公开平台建设。' * 30}\n六、其他\n无。"
    document = read(text.encode(), uri="a.txt")
    assert document.main == (0, len(document.blocks))


def test_short_sentence_on_the_filing_number_does_not_end_the_report() -> None:
    lines = [
        "某局年度报告",
        "一、总体情况",
        "正文。",
        "五、存在的主要问题及改进情况",
        "网站ICP备案号未更新。",
        "六、其他",
        "无。",
    ]
    document = read("\n".join(lines).encode(), uri="a.txt")
    assert document.main == (0, 7)
    html = page("<div class=header>站点</div>" + "".join(f"<p>{line}</p>" for line in lines))
    assert [block.text for block in html.blocks[slice(*html.main)]] == lines


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "发布时间：2024-01-05 10:20:30 来源：县局 点击：5",
            {"date_published": "2024-01-05 10:20:30", "source": "县局"},
        ),
        ("日期：2024年1月5日", {"date_published": "2024年1月5日"}),
        ("来源：县局 2024-01-05", {"date_published": "2024-01-05", "source": "县局"}),
        ("2024/1/5", {"date_published": "2024/1/5"}),
        ("[发布日期：2024-01-05] [字体：大 中 小]", {"date_published": "2024-01-05"}),
        ("成文日期：2024-01-03发布日期：2024-01-05", {"date_made": "2024-01-03", "date_published": "2024-01-05"}),
        ("时间：待定", {}),
        ("会议时间：2024年1月5日上午，地点：二楼。", {}),
    ],
)
def test_date_line(line: str, expected: dict[str, str]) -> None:
    document = page(f"<h1>某县某局某项工作的通知</h1><p>{line}</p><p>{'正文' * 50}</p>")
    assert values(document) == expected


def test_blank_values_are_kept_blank_and_absent_labels_are_not_invented() -> None:
    document = page("<ul><li>索引号：</li><li>发文字号：&nbsp;</li></ul><h1>某县某局某项工作的通知</h1>")
    assert values(document) == {"index": "", "doc_no": ""}


def test_report_tables_are_no_metadata() -> None:
    html = "<p>一、总体情况</p><table><tr><td>名称<td>文号<td>数量</tr><tr><td>规章<td>某政发<td>3</tr></table>"
    assert page(html).fields == ()


def test_title_is_the_visible_one() -> None:
    document = page("<h3>某县水务局年度报告</h3><p>正文</p>", "<title>某县水务局年度报告 - 某县人民政府</title>")
    assert document.title == "某县水务局年度报告"


def test_address_of_a_saved_page_is_kept() -> None:
    document = page('<p><img src="data:image/png;base64,AAAA"><img src="http://[bad/x.png"></p>')
    assert [block.href for block in document.blocks] == ["data:image/png;base64", "http://[bad/x.png"]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (21, "二十一"),
        (105, "一百〇五"),
        (110, "一百一十"),
        (1000, "一千"),
    ],
)
def test_chinese_numbers(number: int, text: str) -> None:
    assert chinese(number) == text


@pytest.mark.parametrize(
    ("form", "text"),
    [("decimal", "3"), ("ideographTraditional", "丙"), ("upperRoman", "III"), ("lowerLetter", "c"), ("bullet", ""),
     ("decimalEnclosedCircle", "③"), ("decimalFullWidth", "３"), ("japaneseCounting", "三"), ("unheardOf", "3")],
)  # fmt: skip
def test_number_formats(form: str, text: str) -> None:
    assert spell(3, form) == text


def test_what_follows_an_early_end_of_the_page_is_read() -> None:
    pasted = "<html><body><p>页头</p></body></html><html><body><p>一、总体情况</p><p>正文。</p></body></html>"
    document = read(pasted.encode(), uri="file:///a.html")
    assert [block.text for block in document.blocks] == ["页头", "一、总体情况", "正文。"]
