"""Reports that are in order: read rightly, and without any finding of severity major or minor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from support import grave, judge, line, report

CLEAN = Path(__file__).resolve().parent / "clean"
MANIFEST: list[dict[str, Any]] = yaml.safe_load((CLEAN / "manifest.yaml").read_text(encoding="utf-8"))["reports"]


def test_the_folder_holds_at_least_forty_reports_and_no_other_file() -> None:
    named = {entry["file"] for entry in MANIFEST}
    assert len(named) >= 40
    assert named == {p.name for p in CLEAN.iterdir()} - {"manifest.yaml"}


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda e: e["file"])
def test_a_clean_report_is_read_rightly_and_has_no_finding(entry: dict[str, Any]) -> None:
    now = report(CLEAN / entry["file"])
    published = now.published.isoformat() if now.published else None
    assert (now.year, now.unit, now.publisher) == (entry["year"], entry["unit"], entry["publisher"])
    assert published == (str(entry["published"]) if entry["published"] else None)
    assert now.tables.format == entry["format"]
    new, answered = (now.bound("t3").get(row, "total") for row in ("r1", "r3.7"))
    assert new is not None and new.value.number == entry["t3_total_new"]
    assert answered is not None and answered.value.number == entry["t3_total_answered"]
    before = report(CLEAN / entry["previous"]) if entry.get("previous") else None
    judged = judge(now, before)
    assert [line(f) for f in grave(judged)] == []
    assert [u.reason for u in judged.unchecked if u.outcome == "error"] == []
