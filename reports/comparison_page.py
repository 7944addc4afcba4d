"""Two inspections side by side as a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports import history, labels, view
from reports.comparison import missing_lines, totals
from reports.html import environment
from scoring.compare import Comparison
from scoring.inspection import Finding, Former

TITLE = "检查结果比较"


def render(comparisons: Sequence[Comparison], missing: tuple[Sequence[str], Sequence[str]] = ((), ())) -> str:
    """The page. ``missing`` are the names that only the old side and only the new side has."""
    return (
        environment()
        .get_template("comparison.html.j2")
        .render(
            title=TITLE,
            running=TITLE,
            totals=totals(comparisons),
            missing=missing_lines(missing),
            subjects=[_subject(comparison) for comparison in comparisons],
        )
    )


def _subject(comparison: Comparison) -> dict[str, Any]:
    found = {
        "new": map(_finding, comparison.of("new")),
        "reopened": map(_finding, comparison.of("reopened")),
        "persisting": map(_finding, comparison.of("persisting")),
        "fixed": map(_former, comparison.fixed),
        "unseen": map(_former, comparison.unseen),
    }
    groups = [{"name": labels.STATE[state], "found": list(items)} for state, items in found.items()]
    return {
        "heading": view.heading(comparison.new),
        "old": comparison.old.profile.judged_on,
        "new": comparison.new.profile.judged_on,
        "scores": comparison.scores,
        "notes": comparison.notes,
        "groups": [group for group in groups if group["found"]],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    where = finding.where
    return {
        **_common(finding),
        "outcome": finding.counted_as,
        "place": where.url or where.file,
        "moved": finding.moved_from,
        "since": finding.first_seen if finding.state != "new" else "",
        "said": history.decision(finding),
        "why": "",
    }


def _former(former: Former) -> dict[str, Any]:
    said = history.reply(former)
    return {**_common(former), "place": former.url, "moved": "", "since": "", "said": said, "why": former.why}


def _common(one: Finding | Former) -> dict[str, Any]:
    names = ("rule", "title", "severity", "outcome", "message")
    return {name: getattr(one, name) for name in names}
