"""How far a site was read: pages, what was not read and why, columns, the annual reports that were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.freshness import Bar, bar
from scoring.inspection import Inspection
from scoring.outcomes import refusal

_COLUMNS_SHOWN = 60  # of a report; the inspection has all


@dataclass(frozen=True, slots=True)
class ReportFound:
    """An annual report that was found on a site."""

    title: str
    year: str
    published: str
    url: str


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """A column of a site and how far it was read; ``gaps`` says what is missing, "" where it was read whole.

    ``kind`` is its class (动态要闻 …), ``bar`` its freshness where that was judged.
    """

    name: str
    url: str
    pages: str
    entries: str
    newest: str
    gaps: str
    kind: str = ""
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was read and what was not. ``fetched`` is None where the inspection does not say.

    ``kept`` says how many pages stand as an earlier capture has them; ``columns`` has those with gaps first, ``more``
    counts those that are left out; ``notes`` are the crawl's own remarks.
    """

    fetched: int | None
    kept: str
    refused: tuple[tuple[str, int], ...]
    reports: tuple[ReportFound, ...]
    columns: tuple[ColumnRead, ...]
    whole: int
    more: int
    notes: tuple[str, ...]

    @property
    def judged(self) -> bool:
        """Whether any column shown has a bar."""
        return any(column.bar for column in self.columns)


def coverage(inspection: Inspection) -> Coverage:
    """The known keys of ``evidence.coverage``; others and other shapes are left alone.

    ``reports`` is a list of mappings with any of ``title``, ``year``, ``published``, ``url``; ``columns`` one with any
    of ``name``, ``url``, ``pages``, ``entries``, ``expected``, ``newest``, ``gaps``, ``kind``, ``state``, ``since``,
    ``window``.
    """
    known = inspection.evidence.coverage
    fetched, refused = known.get("fetched"), known.get("refused")
    counts = [(known.get("unchanged"), "与上次相同"), (known.get("carried"), "沿用上次，本次未读")]
    columns = sorted((_column(item) for item in _mappings(known.get("columns"))), key=_order)
    notes = known.get("notes")
    return Coverage(
        fetched if isinstance(fetched, int) else None,
        "，".join(f"{label} {number} 页" for number, label in counts if isinstance(number, int) and number),
        tuple(
            (refusal(reason), times)
            for reason, times in sorted(_numbers(refused).items(), key=lambda item: (-item[1], item[0]))
        )
        if isinstance(refused, dict)
        else (),
        tuple(map(_report, _mappings(known.get("reports")))),
        tuple(columns[:_COLUMNS_SHOWN]),
        sum(not column.gaps for column in columns),
        len(columns[_COLUMNS_SHOWN:]),
        tuple(map(str, notes)) if isinstance(notes, list) else (),
    )


def _numbers(counts: dict[Any, Any]) -> dict[str, int]:
    return {str(name): number for name, number in counts.items() if isinstance(number, int)}


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _column(item: Mapping[str, Any]) -> ColumnRead:
    keys = ("name", "url", "pages", "entries", "newest")
    name, url, pages, entries, newest = (str(item.get(key, "")) for key in keys)
    if item.get("expected") is not None:
        entries += f"（标明 {item['expected']}）"
    gaps = item.get("gaps")
    told = "；".join(map(str, gaps)) if isinstance(gaps, list) else ""
    return ColumnRead(name or url, url, pages, entries, newest, told, str(item.get("kind") or ""), bar(item))


def _order(column: ColumnRead) -> tuple[int, bool]:
    """What is wrong comes first."""
    worst = ("stale", "empty", "undated", "unread", "stated", "fresh", "open")
    return worst.index(column.bar.state) if column.bar else len(worst), not column.gaps


def _report(item: Mapping[str, Any]) -> ReportFound:
    title, year, published, url = (str(item.get(key) or "") for key in ("title", "year", "published", "url"))
    return ReportFound(title or url, year, published, url)
