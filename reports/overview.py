"""The index page over many inspections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from reports import view
from reports.files import write_whole
from reports.html import environment, worst
from scoring.inspection import Inspection

NAME = "index.html"
OF_SITES = "网站检查结果汇总"


@dataclass(frozen=True, slots=True)
class Entry:
    """One inspection and the path of its report, relative to the index page, with ``/`` between folders."""

    inspection: Inspection
    path: str


def render(
    entries: Sequence[Entry],
    unread: Sequence[view.Unread] = (),
    notes: Sequence[str] = (),
    *,
    title: str = "检查结果汇总",
) -> str:
    """The page, entries in the order given, then what could not be judged and ``notes`` on what was left out."""
    inspections = [entry.inspection for entry in entries]
    return (
        environment()
        .get_template("overview.html.j2")
        .render(
            title=title,
            running=title,
            rows=[
                {
                    "href": quote(entry.path),
                    "subject": entry.inspection.subject,
                    "heading": view.heading(entry.inspection),
                    "card": entry.inspection.scorecards[0] if entry.inspection.scorecards else None,
                    "counts": view.counts(entry.inspection),
                    "reviews": view.total(entry.inspection, "needs_review"),
                    "undecided": view.undecided(entry.inspection),
                    "worst": worst(entry.inspection),
                }
                for entry in entries
            ],
            unread=unread,
            notes=notes,
            fails=sum(view.total(item, "fail") for item in inspections),
            reviews=sum(view.total(item, "needs_review") for item in inspections),
            clean=sum(not view.total(item, "fail") for item in inspections),
            judged=sorted({item.profile.judged_on for item in inspections}),
        )
    )


def write(
    entries: Sequence[Entry],
    path: Path,
    unread: Sequence[view.Unread] = (),
    notes: Sequence[str] = (),
    *,
    title: str = "检查结果汇总",
) -> None:
    """Write the index page to ``path`` whole. Raises ReportError where that is not possible."""
    write_whole(path, render(entries, unread, notes, title=title).encode())
