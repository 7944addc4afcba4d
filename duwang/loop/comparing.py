"""``duwang compare``: what changed between two inspections, or between two folders of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click

from crawler.errors import UnusableInput
from duwang.loop import inspections
from duwang.loop.follow import reading_of
from duwang.loop.inspections import Held
from duwang.settings import FOUND, NEVER
from reports import comparison as drawing
from reports.files import write_whole
from reports.text import console_for
from scoring.compare import Comparison, compare
from scoring.inspection import SEVERITIES, Finding, Former
from scoring.loopback import is_same

FORMAT = 1
_BY_ENDING = {".json": "json", ".html": "html", ".htm": "html"}


@dataclass(slots=True)
class Compared:
    """Comparisons of the subjects that both sides have, and the subjects that only one of them has."""

    pairs: list[tuple[Held, Held, Comparison]] = field(default_factory=list)
    only_old: list[Held] = field(default_factory=list)
    only_new: list[Held] = field(default_factory=list)


def command(old: Path, new: Path, form: str | None, out: Path | None, threshold: str) -> int:
    """Compare, print or write the result; the exit status says whether anything grave is new or back again."""
    done = compared(old, new)
    form = form or _BY_ENDING.get(out.suffix.lower() if out is not None else "", "text")
    body = {"json": dumps, "html": _page, "text": _text}[form](done)
    if out is not None:
        write_whole(out, body.encode("utf-8", "backslashreplace"))
        click.echo(f"已写入 {out}")
    elif form != "text":
        click.echo(body, nl=False)
    else:
        drawing.draw(console_for(sys.stdout), _comparisons(done), _missing(done))
    return FOUND if _grave(done, threshold) else 0


def compared(old: Path, new: Path) -> Compared:
    """Raises UnusableInput where nothing can be compared, ReportError where a file is no inspection."""
    before, after = inspections.newest(old), inspections.newest(new)
    done = Compared()
    met = set()
    for name, held in after.items():
        was = before.get(name) or _elsewhere(held, before, after)
        if was is None:
            done.only_new.append(held)
            continue
        met.add(was.key)
        reading = reading_of(held.inspection, held.path.parent)
        done.pairs.append((was, held, compare(was.inspection, held.inspection, reading)))
    done.only_old = [held for name, held in before.items() if name not in met]
    if not done.pairs:
        subjects = [held.inspection.subject.name for held in (*before.values(), *after.values())]
        raise UnusableInput(f"{old} 和 {new}：不是同一个对象的检查结果（{'、'.join(subjects[:4])}）；请核对。")
    return done


def _elsewhere(held: Held, before: dict[str, Held], after: dict[str, Held]) -> Held | None:
    """The same site of this machine on another port, where there is just one on either side."""

    def like(sites: dict[str, Held], others: dict[str, Held]) -> list[Held]:
        alone = (one for name, one in sites.items() if name not in others)
        return [one for one in alone if is_same(one.inspection, held.inspection)]

    found = like(before, after)
    return found[0] if len(found) == 1 == len(like(after, before)) else None


def _comparisons(done: Compared) -> list[Comparison]:
    return [comparison for _, _, comparison in done.pairs]


def _missing(done: Compared) -> tuple[list[str], list[str]]:
    return [held.inspection.subject.name for held in done.only_old], [
        held.inspection.subject.name for held in done.only_new
    ]


def _page(done: Compared) -> str:
    # Loaded here: the other formats have no use for templates.
    from reports.comparison_page import render

    return render(_comparisons(done), _missing(done))


def _text(done: Compared) -> str:
    return drawing.plain(_comparisons(done), _missing(done))


def _grave(done: Compared, threshold: str) -> bool:
    if threshold == NEVER:
        return False
    counted = SEVERITIES[: SEVERITIES.index(threshold) + 1]
    fresh = (f for c in _comparisons(done) for f in (*c.of("new"), *c.of("reopened")))
    return any(f.counted_as == "fail" and f.severity in counted for f in fresh)


def dumps(done: Compared) -> str:
    told = {
        "format": FORMAT,
        "subjects": [_subject(*pair) for pair in done.pairs],
        "only_old": [held.inspection.subject.name for held in done.only_old],
        "only_new": [held.inspection.subject.name for held in done.only_new],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _subject(old: Held, new: Held, comparison: Comparison) -> dict[str, Any]:
    sides = {
        name: {"file": str(held.path), "judged_on": held.inspection.profile.judged_on}
        for name, held in (("old", old), ("new", new))
    }
    return {
        "subject": new.key,
        "name": new.inspection.subject.name,
        **sides,
        **{state: [_finding(f) for f in comparison.of(state)] for state in ("new", "persisting", "reopened")},
        "fixed": _formers(comparison.fixed),
        "unseen": _formers(comparison.unseen),
        "scores": [{**asdict(score), "change": score.change} for score in comparison.scores],
        "notes": list(comparison.notes),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    told = {
        "fingerprint": finding.identity,
        "id": finding.id,
        "rule": finding.rule,
        "title": finding.title,
        "severity": finding.severity,
        "outcome": finding.outcome,
        "message": finding.message,
        "place": finding.where.url or finding.where.file,
        "first_seen": finding.first_seen,
    }
    return {**told, **({"moved_from": finding.moved_from} if finding.moved_from else {})}


def _formers(formers: Sequence[Former]) -> list[dict[str, Any]]:
    return [
        {
            "fingerprint": one.fingerprint,
            "rule": one.rule,
            "title": one.title,
            "severity": one.severity,
            "outcome": one.outcome,
            "message": one.message,
            "place": one.url,
            "first_seen": one.first_seen,
            **({"why": one.why} if one.why else {}),
        }
        for one in formers
    ]
