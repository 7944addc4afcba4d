"""How far a site was read, for its report: pages carried over, columns with their freshness, remarks of the crawl."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from crawler.evidence import Column
from scoring.checks.content.column_states import Aged, aged_columns, emptiness
from scoring.site.view import SiteView


def extent(view: SiteView, notes: Sequence[str]) -> dict[str, Any]:
    """What ``evidence.coverage`` holds of a site besides its counts; ``notes`` are those of the crawl.

    A column has ``since`` (days from its newest entry to the day of the view), ``window`` (the days it may take, None
    where none is laid down), ``kind`` (its class in words) and ``state``: fresh, stale, undated, unread, empty, stated
    (empty with a reason), open (no period).
    """
    outcomes = Counter(page.outcome for page in view.pages.values())
    kept = {outcome: outcomes[outcome] for outcome in ("unchanged", "carried")}
    aged = {one.column.url: one for one in aged_columns(view)}
    columns = [_column(view, column, aged.get(column.url)) for column in view.columns]
    return {**kept, "columns": columns, "notes": list(notes)}


def _column(view: SiteView, column: Column, aged: Aged | None) -> dict[str, Any]:
    newest = aged.day if aged is not None and aged.day is not None else column.newest
    return {
        "name": " › ".join(column.path) or column.name,
        "url": column.url,
        "pages": len(column.pages),
        "entries": column.entries,
        "expected": column.expected,
        "newest": newest.isoformat() if newest else "",
        "gaps": list(column.gaps),
        "kind": aged.what if aged is not None else "",
        "since": max(0, (view.day - newest).days) if newest else None,
        "window": (view.day - aged.since).days if aged is not None else None,
        "state": _state(view, column, aged),
    }


def _state(view: SiteView, column: Column, aged: Aged | None) -> str:
    empty = emptiness(view, column)
    if empty:
        return "stated" if empty in ("reason", "activity") else "empty"
    if aged is not None:
        return aged.age
    return "unread" if column.gaps and not column.entries else "open"
