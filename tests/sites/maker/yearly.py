"""Annual reports of several years as entries of the report column: figures that go on from year to year."""

from __future__ import annotations

from functools import cache
from typing import Any

from documents.maker.data import MadeReport, MadeTable, make_report
from documents.maker.html import LOOKS, table_html

_HEAD_ROWS, _LABELS = 3, 3
_ROWS = ("r1", "r2", "r3.1", "r3.2", "r3.4.1", "r3.7", "r4")
# Rows of table 三 by their place below the head: 一, 二, (一), (二), the first of (四), (七), 四.
_PLACES = {"r1": 0, "r2": 1, "r3.1": 2, "r3.2": 3, "r3.4.1": 12, "r3.7": 23, "r4": 24}
_COLUMNS = {"person": 0, "business": 1, "total": 6}


def yearly_reports(
    info: dict[str, Any], years: dict[int, dict[str, Any]], stock: dict[str, Any]
) -> list[dict[str, Any]]:
    """Entries, newest first. ``years`` gives the figures of each year, ``stock`` the sentences by aspect."""
    found = []
    carried = {"person": 0, "business": 0}
    standing = 0
    for turn, (year, given) in enumerate(sorted(years.items())):
        standing = given.get("standing", standing + given["issued"] - given["abolished"])
        figures = _figures(given, carried)
        carried = {name: figures["r4"][name] for name in carried}
        found.append(_entry(info, year, {**given, "standing": standing}, figures, _spoken(stock, info["turn"] + turn)))
    return found[::-1]


def _figures(given: dict[str, Any], carried: dict[str, int]) -> dict[str, dict[str, int]]:
    """Rows of table 三 by applicant."""
    new = {"person": given["person"], "business": given["business"]}
    left = {"person": given["left"], "business": 0}
    done = {name: new[name] + carried[name] - left[name] for name in new}
    unknown, partly = done["person"] // 3, done["person"] // 6
    rows = {
        "r1": new,
        "r2": carried,
        "r3.1": {"person": done["person"] - unknown - partly, "business": done["business"]},
        "r3.2": {"person": partly, "business": 0},
        "r3.4.1": {"person": unknown, "business": 0},
        "r3.7": done,
        "r4": left,
    }
    return {name: {**row, "total": sum(row.values())} for name, row in rows.items()}


def _spoken(stock: dict[str, Any], turn: int) -> dict[str, str]:
    """The sentences of one year: another one of each kind every year."""
    return {name: texts[turn % len(texts)] for name, texts in stock.items()}


def _entry(
    info: dict[str, Any],
    year: int,
    given: dict[str, Any],
    rows: dict[str, dict[str, int]],
    said: dict[str, str],
) -> dict[str, Any]:
    unit = info["report_unit"]
    title = f"{unit}{year}年政府信息公开工作年度报告"
    words = {**given, "year": year, "next": year + 1}
    total = {name: row["total"] for name, row in rows.items()}
    requests = (
        f"（二）依申请公开。{year}年新收政府信息公开申请{total['r1']}件，其中自然人{rows['r1']['person']}件、"
        f"法人或其他组织{rows['r1']['business']}件；上年结转{total['r2']}件。全年办结{total['r3.7']}件，其中予以公开"
        f"{total['r3.1']}件、部分公开{total['r3.2']}件、无法提供{total['r3.4.1']}件；结转下年度继续办理{total['r4']}件。"
        + said["requests"]
    )
    standing = f"全年制发行政规范性文件{given['issued']}件，废止{given['abolished']}件，现行有效{given['standing']}件。"
    tables = _tables(given, rows)
    supervision = said["supervision_government"] if info["publisher"] == "government" else said["supervision"]
    body: list[Any] = [
        said["opening"],
        {"h": "一、总体情况"},
        "（一）主动公开。" + said["open"] + f"全年主动公开政府信息{given['items']}条。",
        requests,
        "（三）政府信息管理。" + said["manage"] + standing,
        "（四）政府信息公开平台建设。" + said["platform"],
        "（五）监督保障。" + supervision,
        {"h": "二、主动公开政府信息情况"},
        {"raw": tables["t2"]},
        {"h": "三、收到和处理政府信息公开申请情况"},
        {"raw": tables["t3"]},
        {"h": "四、政府信息公开行政复议、行政诉讼情况"},
        {"raw": tables["t4"]},
        {"h": "五、存在的主要问题及改进情况"},
        said["problem"],
        said["change"],
        {"h": "六、其他需要报告的事项"},
        f"{year}年没有收取政府信息公开信息处理费。" + said["other"],
    ]
    return {
        "title": title,
        "day": given["published"],
        "made": given["made"],
        "words": words,
        "summary": f"{year}年度政府信息公开工作情况",
        "class": "政府信息公开工作年度报告",
        "body": body,
    }


def _tables(given: dict[str, Any], rows: dict[str, dict[str, int]]) -> dict[str, str]:
    """The three tables as HTML."""
    t2, t3, t4 = _blank().tables
    values = {
        (2, 1): 0, (2, 2): 0, (2, 3): 0,
        (3, 1): given["issued"], (3, 2): given["abolished"], (3, 3): given["standing"],
        (6, 1): given["licence"], (9, 1): given["penalty"], (10, 1): 0, (13, 1): given["fee"],
    }  # fmt: skip
    for (row, column), value in values.items():
        t2 = t2.with_text(row, column, str(value))
    t3 = _cleared(t3, range(_LABELS, _LABELS + 7))
    for name, figures in rows.items():
        for applicant, figure in figures.items():
            t3 = t3.with_text(_HEAD_ROWS + _PLACES[name], _LABELS + _COLUMNS[applicant], str(figure))
    t4 = _cleared(t4, range(15))
    return {table.id: table_html(table, LOOKS["ruled"]) for table in (t2, t3, t4)}


def _cleared(table: MadeTable, columns: range) -> MadeTable:
    for row in range(table.head_rows, len(table.rows)):
        for column in columns:
            table = table.with_text(row, column, "0")
    return table


@cache
def _blank() -> MadeReport:
    """A report of today's format, for its empty tables."""
    return make_report(2)
