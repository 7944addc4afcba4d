"""The overview of a run, drawn anew when its inspections have changed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from duwang import outputs
from duwang.failures import tell
from reports import json_report, overview
from reports.view import Unread


def redrawn(folders: Iterable[Path]) -> list[Path]:
    """Draw the overviews above these folders of sites anew; gives those written.

    A folder that keeps no list of its sites is told. Raises ReportError where an overview cannot be written.
    """
    # Loaded here: to look at findings takes nothing of a crawl.
    from duwang import runs

    written = []
    for run in dict.fromkeys(folder.resolve().parent for folder in folders):
        index = run / overview.NAME
        if not (index.is_file() and outputs.is_ours(index)):
            continue
        sites = runs.load(run)
        if not sites:
            tell(f"{index}：这里没有 {runs.NAME}，汇总页没有重写；需要的，请重新检查。")
            continue
        _draw(run, sites, index)
        written.append(index)
    return written


def _draw(run: Path, sites: Iterable[dict[str, Any]], index: Path) -> None:
    entries, unread = [], []
    for site in sites:
        path = run / site["inspection"] if site["inspection"] else None
        if path is None or not path.is_file():
            unread.append(Unread(f"{site['name']}（{site['home']}）", site["problem"]))
            continue
        report = path.with_name("report.html")
        if report.is_file():
            entries.append(overview.Entry(json_report.load(path), report.relative_to(run).as_posix()))
    overview.write(entries, index, unread, title=overview.OF_SITES)
