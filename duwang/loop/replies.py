"""What units report: taken from a ledger that came back, and looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import click

from crawler.errors import UnusableInput
from crawler.readers.sheets.model import Sheet
from duwang import settings
from duwang.failures import tell
from duwang.loop.desk import Desk
from duwang.loop.inspections import Held
from duwang.loop.ledger_file import taken
from duwang.loop.tables import Head
from duwang.settings import FOUND, UNUSABLE
from reports import labels
from reports.view import visible
from scoring.decisions import Decision
from scoring.rules import shipped


def take(desk: Desk, given: Path, sheets: Sequence[tuple[Sheet, Head]], by: str, store: str) -> int:
    """Record what a ledger says, all usable rows of it; returns the exit status."""
    if not by:
        raise UnusableInput("没有写明认定人（--by）；请补全后重试。")
    found = taken(desk, given, sheets, by, settings.moment())
    for line in (*found.faults, *found.notes):
        tell(line)
    _record(desk, found.made, store)
    click.echo(found.summary)
    return UNUSABLE if found.faults else 0


def look_again(desk: Desk, on: date, contact: str, store: str) -> int:
    """Look again at what is reported as mended, subject by subject; returns the exit status."""
    # Loaded here: only this fetches anything.
    from duwang.loop.recheck import recheck

    made: list[Decision] = []
    for held in tuple(desk.held):
        entries, looked = recheck(held, shipped(), on, contact)
        # Each subject is on the disk before the next one is asked for.
        _record(desk, [(held, entry) for entry in entries], store)
        made += entries
        for folder in looked.folders:
            click.echo(f"复查的网页已存档 {folder}")
    counts = [f"{label} {sum(one.kind == kind for one in made)} 条" for kind, label in labels.RECHECK.items()]
    click.echo(f"复查 {len(made)} 条：{'，'.join(counts)}。" if made else "没有需要复查的问题。")
    return FOUND if any(one.kind == "found_persisting" for one in made) else 0


def _record(desk: Desk, made: Sequence[tuple[Held, Decision]], store: str) -> None:
    if not made:
        return
    written = desk.record(made)
    if store:
        from duwang.store import take_in

        take_in(store, _files(made))
    for _, one in made:
        told = f"{one.unit}　{one.rule} {one.title}：{labels.DECISION[one.kind]}"
        click.echo(visible(f"{told}：{one.reason}" if one.reason else f"{told}。"))
    for path in written:
        click.echo(f"已写入 {path}")


def _files(made: Iterable[tuple[Held, Decision]]) -> list[Path]:
    return list(dict.fromkeys(held.path for held, _ in made))
