"""An inspection as one HTML page: nothing outside it, no script, everything from outside escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import extent, history, labels, site, view
from reports.files import write_whole
from reports.pictures import Pictures, data_address, jpeg_address
from scoring.inspection import SEVERITIES, Excerpt, Inspection
from scoring.veil import veiled

# Larger spans than any real table has; a browser would spend its memory on them.
_MAX_SPAN = 200
_PAGES_SHOWN = 50  # addresses listed below one finding


def render(
    inspection: Inspection,
    *,
    source: str = "inspection.json",
    pictures: Pictures | None = None,
    shots: Mapping[str, bytes] | None = None,
) -> str:
    """The page. ``source`` is the path of the inspection file that the page tells its reader to verify.

    ``pictures`` are those of recognised places; a place without one is described only.
    ``shots`` are pictures of the pages around what findings quote (JPEG), by id of the finding.
    """
    drawn, shown = pictures or {}, shots or {}
    groups, aside = view.groups(inspection), view.set_aside(inspection)
    listed = [shown for group in groups for shown in (*group.fails, *group.reviews)]
    return (
        environment()
        .get_template("inspection.html.j2")
        .render(
            inspection=inspection,
            subject=inspection.subject,
            kind=view.kind(inspection),
            heading=view.heading(inspection),
            running=f"{view.heading(inspection)}　{view.kind(inspection)}",
            conclusion=view.conclusion(inspection),
            fails=view.total(inspection, "fail"),
            reviews=view.total(inspection, "needs_review"),
            worst=worst(inspection),
            facts=view.facts(inspection),
            coverage=extent.coverage(inspection),
            counts=view.counts(inspection),
            groups=groups,
            aside=aside,
            mended=history.mended(inspection),
            compared=history.compared(inspection),
            dead_links=site.dead_links(inspection),
            checklist=site.checklist(inspection),
            anchors={shown.finding.id: shown for shown in (*listed, *aside)},
            rules=view.rules(inspection),
            sources=view.sources(inspection),
            options=view.options(inspection),
            source=source,
            picture=lambda where: data_address(where, drawn),
            shot=lambda finding: jpeg_address(shown.get(finding.id)),
            has_pictures=bool(drawn or shown),
        )
    )


def write(inspection: Inspection, path: Path, *, source: str = "inspection.json") -> None:
    """Write the page to ``path`` whole. Raises ReportError where that is not possible."""
    write_whole(path, render(inspection, source=source).encode())


@cache
def environment() -> Environment:
    """The templates with the names that all of them use."""
    env = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        web=web_address,
        veiled=veiled,
        css_string=css_string,
        points=view.number,
        digest=view.digest,
        place=view.place,
        line=view.line,
        moment=view.moment,
        cite=view.cite,
        basis=view.basis,
        state=history.state,
        decision=history.decision,
        span=view.score_range,
        marked=marked_texts,
        drawn_cells=view.drawn_cells,
        places_apart=view.places_apart,
        counterpart=view.counterpart,
        recognised_places=view.recognised_places,
        clamp=lambda value: min(value, _MAX_SPAN),
    )
    env.globals.update(
        SEVERITIES=SEVERITIES,
        SEVERITY=labels.SEVERITY,
        OUTCOME=labels.OUTCOME,
        WEIGHTS=labels.WEIGHTS,
        PAGES_SHOWN=_PAGES_SHOWN,
        numerals=site.Numerals,
    )
    return env


def worst(inspection: Inspection) -> str:
    """The word that colours the page: the worst severity of a fault, else ``review`` or ``clean``."""
    return view.worst_severity(inspection) or ("review" if inspection.findings else "clean")


def web_address(text: str | None) -> str | None:
    """``text`` where it is a plain web address that may become a link, else None."""
    if not text:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.hostname else None


def css_string(text: str) -> Markup:
    """``text`` as a quoted CSS string; all but letters and digits is escaped, so nothing can end it."""
    safe = "".join(c if c.isalnum() else f"\\{ord(c):06x}" for c in view.visible(text))
    return Markup(f'"{safe}"')


def marked_texts(excerpt: Excerpt) -> Sequence[str]:
    """Texts of the cells that a table excerpt marks as the finding's own."""
    return [cell.text for row in excerpt.rows for cell in row if cell.mark == "primary"]


def _shown(value: Any) -> Any:
    if value is None:
        return ""
    return view.visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
