"""What was read of a site and what was not: the statement at the end of a crawl, and the list behind it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from crawler.capture import Capture
from reports import labels
from reports.files import write_whole

COVERAGE = "coverage.csv"
_HEAD = ("网址", "结果", "原因", "状态码", "发现于")
# Excel takes UTF-8 for what it is only behind this mark.
_BOM = "\ufeff"
OPENING = f"{_BOM}{','.join(_HEAD)}".encode()


def statement(capture: Capture) -> list[str]:
    """The coverage of a site in a few lines: pages, what was not read by reason, columns not read whole, remarks."""
    counts: dict[str, int] = {}
    for page in capture.pages():
        counts[page.outcome] = counts.get(page.outcome, 0) + 1
    read = sum(counts.get(outcome, 0) for outcome in ("read", "unchanged", "carried"))
    parts = [f"读到 {read} 页"]
    kept = [(counts.get("unchanged", 0), "与上次相同"), (counts.get("carried", 0), "沿用上次未再读取")]
    told = "、".join(f"{label} {number} 页" for number, label in kept if number)
    if told:
        parts[0] += f"（其中{told}）"
    if counts.get("duplicate"):
        parts.append(f"内容重复的地址 {counts['duplicate']} 个")
    unread = sum(capture.refused.values())
    parts.append(f"未读 {unread} 个地址" if unread else "发现的地址全部读完")
    lines = ["，".join(parts) + "。"]
    if unread:
        reasons = sorted(capture.refused.items(), key=lambda item: (-item[1], item[0]))
        lines.append(
            "未读原因：" + "，".join(f"{labels.refusal(reason)} {number}" for reason, number in reasons) + "。"
        )
    columns = list(capture.columns())
    partial = [column.name for column in columns if not column.complete]
    if columns:
        tail = f"，其中 {len(partial)} 个没有读全（{_some(partial)}）" if partial else "，全部读到末页"
        lines.append(f"栏目 {len(columns)} 个{tail}。")
    return lines + list(capture.notes)


def write(capture: Capture, path: Path) -> None:
    """Every address that the crawl met with what came of it, as a sheet that opens in Excel."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(_HEAD)
    for row in _rows(capture):
        rows.writerow([_harmless(cell) for cell in row])
    write_whole(path, (_BOM + text.getvalue()).encode("utf-8", "replace"))


def _rows(capture: Capture) -> Iterator[tuple[str, ...]]:
    reasons = dict(capture.refusals())
    for page in capture.pages():
        reason = reasons.pop(page.url, "")
        told = labels.refusal(reason) if reason else ""
        status = str(page.status) if page.status else ""
        yield page.url, labels.outcome_of_page(page.outcome), told, status, page.found_on
    for url, reason in reasons.items():
        yield url, labels.outcome_of_page(reason), labels.refusal(reason), "", ""


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _some(names: list[str], most: int = 5) -> str:
    shown = "、".join(names[:most])
    return f"{shown}等" if len(names) > most else shown
