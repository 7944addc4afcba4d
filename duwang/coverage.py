"""What was read of a site and what was not: the statement at the end of a crawl, and the lists behind it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from crawler.capture import Capture
from crawler.evidence import Column
from reports.files import write_whole
from scoring.outcomes import outcome_of_page, refusal
from scoring.veil import veiled

PAGES, COLUMNS = "coverage.csv", "columns.csv"
_PAGES_HEAD = ("网址", "标题", "结果", "原因", "状态码", "内容", "发现于")
_COLUMNS_HEAD = (
    "栏目", "网址", "列表页", "条目", "标明条目", "无日期条目", "最新日期", "读全", "没有读到的部分", "空栏目说明",
)  # fmt: skip
# Excel takes UTF-8 for what it is only behind this mark.
_BOM = "\ufeff"
OPENINGS = tuple(f"{_BOM}{','.join(head)}".encode() for head in (_PAGES_HEAD, _COLUMNS_HEAD))
_SHOWN = 5  # columns with gaps that the statement names
_EMPTY = {"stated": "页面说明：{quote}", "blank": "没有内容，也没有说明"}


def statement(capture: Capture) -> list[str]:
    """The coverage of a site in a few lines: pages, what was not read by reason, columns not read whole, remarks."""
    counts = Counter(page.outcome for page in capture.pages())
    read = sum(page.was_read for page in capture.pages())
    kept = [(counts["unchanged"], "与上次相同"), (counts["carried"], "沿用上次未再读取")]
    told = "、".join(f"{label} {number} 页" for number, label in kept if number)
    parts = [f"读到 {read} 页" + (f"（其中{told}）" if told else "")]
    if counts["duplicate"]:
        parts.append(f"内容重复的地址 {counts['duplicate']} 个")
    unread = sum(capture.refused.values())
    parts.append(f"未读 {unread} 个地址" if unread else "发现的地址全部读完")
    lines = ["，".join(parts) + "。"]
    if unread:
        reasons = sorted(capture.refused.items(), key=lambda item: (-item[1], item[0]))
        lines.append("未读原因：" + "；".join(f"{refusal(reason)}：{number} 个" for reason, number in reasons) + "。")
    return [*lines, *_of_columns(list(capture.columns())), *capture.notes]


def _of_columns(columns: list[Column]) -> Iterator[str]:
    if not columns:
        return
    partial = [column for column in columns if not column.complete]
    entries = sum(column.entries for column in columns)
    tail = f"，没有读全 {len(partial)} 个：" if partial else "，全部读到末页。"
    yield f"栏目 {len(columns)} 个，条目 {entries} 条{tail}"
    for column in partial[:_SHOWN]:
        yield f"　“{column.name}”读到列表 {len(column.pages)} 页、条目 {column.entries} 条：{'；'.join(column.gaps)}。"
    if len(partial) > _SHOWN:
        yield f"　另有 {len(partial) - _SHOWN} 个，见 {COLUMNS}。"


def files(folder: Path) -> tuple[Path, Path]:
    """Where the lists of a site stand."""
    return folder / PAGES, folder / COLUMNS


def write(capture: Capture, folder: Path) -> None:
    """Every address that the crawl met with what came of it, and every column, as sheets that open in Excel."""
    pages, columns = files(folder)
    _write(pages, _PAGES_HEAD, _pages(capture))
    _write(columns, _COLUMNS_HEAD, map(_column, capture.columns()))


def _write(path: Path, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    text = io.StringIO(newline="")
    sheet = csv.writer(text, lineterminator="\r\n")
    sheet.writerow(head)
    for row in rows:
        sheet.writerow([_harmless(cell if "://" in cell else veiled(cell)) for cell in row])
    write_whole(path, (_BOM + text.getvalue()).encode("utf-8", "replace"))


def _pages(capture: Capture) -> Iterator[tuple[str, ...]]:
    reasons = dict(capture.refusals())
    for page in capture.pages():
        reason = reasons.pop(page.url, "")
        told = refusal(reason) if reason else ""
        status = str(page.status) if page.status else ""
        yield page.url, page.title, outcome_of_page(page.outcome), told, status, page.media, page.found_on
    for url, reason in reasons.items():
        yield url, "", outcome_of_page(reason), refusal(reason), "", "", ""


def _column(column: Column) -> tuple[str, ...]:
    return (
        " › ".join(column.path) or column.name,
        column.url,
        str(len(column.pages)),
        str(column.entries),
        "" if column.expected is None else str(column.expected),
        str(column.undated),
        column.newest.isoformat() if column.newest else "",
        "是" if column.complete else "否",
        "；".join(column.gaps),
        _EMPTY.get(column.empty, "").format(quote=column.empty_quote),
    )


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
