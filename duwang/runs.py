"""``run.json``: which sites a call judged, and why others gave no result; the ranking and the next run read it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crawler.errors import UnusableInput
from duwang.sites import Visit
from reports.files import write_whole

NAME = "run.json"
FORMAT = 1
_MOST_BYTES = 50 * 1024 * 1024


def save(visits: Sequence[Visit], folder: Path, judged_on: str) -> Path:
    """Write the list of a run beside its results; gives its path."""
    sites = [
        {
            "id": visit.site.id,
            "name": visit.site.name,
            "home": visit.site.home,
            "inspection": _seen_from(folder, visit),
            "problem": visit.problem,
        }
        for visit in visits
    ]
    content = {"format": FORMAT, "judged_on": judged_on, "sites": sites}
    path = folder / NAME
    write_whole(path, (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode())
    return path


def _seen_from(folder: Path, visit: Visit) -> str | None:
    if visit.inspection is None or visit.files.inspection is None:
        return None
    return visit.files.inspection.relative_to(folder).as_posix()


def load(folder: Path) -> list[dict[str, Any]]:
    """The sites of a run; none where it kept no list. UnusableInput where the list cannot be read."""
    path = folder / NAME
    if not path.is_file():
        return []
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("文件过大")
        content = json.loads(path.read_bytes())
        sites = content["sites"]
        if content["format"] != FORMAT or not all(isinstance(one["problem"], str) for one in sites):
            raise ValueError("格式不符")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnusableInput(f"{path}：不是可用的检查记录（{error}）；请重新检查，或删去这个文件。") from error
    return list(sites)


def is_one(path: Path) -> bool:
    """Whether a file is such a list."""
    try:
        return path.name == NAME and bool(load(path.parent))
    except UnusableInput:
        return False
