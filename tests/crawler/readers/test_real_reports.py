"""Real reports and pages, where the folder with them lies beside the project; nothing of them is kept here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.evidence import Document, Table
from crawler.readers import read
from crawler.readers.grid import is_value

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"
# Nothing is collected where that folder is not there: the project's own cases stand for themselves.
__test__ = CORPUS.is_dir()


def document(name: str) -> Document:
    return read((CORPUS / name).read_bytes(), uri=f"file:///corpus/{name}")


def value_rows(table: Table) -> list[list[str]]:
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        if is_value(cell.raw):
            rows.setdefault(cell.row, []).append(cell.raw)
    return list(rows.values())


def tables(found: Document) -> list[Table]:
    return [block.table for block in found.blocks if block.table is not None]


@pytest.mark.parametrize("year", ["2023", "2024"])
def test_markdown_cells_are_exact(year: str) -> None:
    facts = json.loads((CORPUS / f"reports/suqian-{year}.tables.json").read_text(encoding="utf-8"))
    found = document(f"reports/suqian-{year}.md")
    *activities, requests, reviews = tables(found)
    assert value_rows(requests) == [[str(value) for value in row] for row in facts["t3"]]
    assert value_rows(reviews) == [[str(value) for value in facts["t4"]]]
    shown: dict[str, list[str]] = {}
    for table in activities:
        for cell in table.cells:
            if is_value(cell.raw):
                shown.setdefault(cell.row_labels[-1], []).append(cell.raw)
    stated = {k: [str(v) for v in (value if isinstance(value, list) else [value])] for k, value in facts["t2"].items()}
    assert shown == stated
    assert requests.cells[-1].row_labels == (facts["rows"][-1],)
    assert requests.cells[-1].column_labels == (facts["cols"][-1],)


def test_blank_word_form() -> None:
    activities, requests, reviews = tables(document("reports/annual-report-form-template.docx"))
    assert [len(row) for row in value_rows(activities)] == [3, 3, 1, 1, 1, 1]
    assert [len(row) for row in value_rows(requests)] == [7] * 25
    assert [len(row) for row in value_rows(reviews)] == [15]
    assert all(len(cell.row_labels) >= 1 for cell in requests.cells if is_value(cell.raw))


def test_2019_page() -> None:
    found = document("reports/shanghai-office-2019.html")
    assert found.main == (0, len(found.blocks))
    activities, requests, reviews = tables(found)
    assert [len(row) for row in value_rows(activities)] == [3, 3, 3, 3, 3, 3, 2, 2]
    assert [len(row) for row in value_rows(requests)] == [7] * 23
    assert [len(row) for row in value_rows(reviews)] == [15]
    assert [(field.name, field.value) for field in found.fields] == [("date_published", "2020-01-31")]


def test_text_with_metadata() -> None:
    found = document("reports/gansu-education-2019.txt")
    blank = {field.label for field in found.fields if not field.value}
    assert blank == {"发文机构", "发文字号", "信息类别", "内容概述"}
    assert {f.value for f in found.fields if f.name in ("date_issued", "date_published")} == {"2020-02-04"}
    assert not any("ICP" in block.text or "版权" in block.text for block in found.blocks[slice(*found.main)])
    assert found.main[0] == 0


@pytest.mark.parametrize(
    "name",
    ["gxzf.gov.cn.article.html", "gz.gov.cn.article.html", "jiangsu.gov.cn.article.html", "jyt.zj.gov.cn.article.html",
     "shaanxi.gov.cn.article.html"],
)  # fmt: skip
def test_article_pages(name: str) -> None:
    found = document(f"pages/{name}")
    assert found.title == found.tags["ArticleTitle"]
    main = found.blocks[slice(*found.main)]
    assert any(block.text == found.title for block in main)
    dates = [field.value for field in found.fields if field.name == "date_published"]
    assert dates and dates[0][:10] == found.tags["PubDate"][:10]
    assert next(field.value for field in found.fields if field.name == "source") in found.tags["ContentSource"]
    words = ("ICP备", "当前位置", "扫一扫", "网站标识码")
    assert not any(word in block.text for block in main for word in words)
