"""The store: what all inspections together say, in one database. The files stay the truth; it can be made from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from duwang import settings
from duwang.store import intake, queries
from duwang.store.database import reading, writing
from scoring.decisions import Decision
from scoring.inspection import Inspection


def take_in(url: str, paths: Sequence[Path]) -> None:
    """Take in inspection files with the decisions and visits beside them; what is known already changes nothing.

    Raises UnusableInput where the store cannot be used, ReportError where a file is no inspection.
    """
    with writing(url) as connection:
        intake.take_in(connection, paths)


def decisions_of(url: str, subject: str) -> list[Decision]:
    """The decisions about a subject that the store knows; none where there is no store yet."""
    with reading(url) as connection:
        return queries.decisions(connection, subject) if connection is not None else []


def last_inspection(url: str, subject: str, on: date) -> Path | None:
    """The file of the last inspection of a subject up to a day; None where there is none."""
    with reading(url) as connection:
        return queries.last_inspection(connection, subject, on) if connection is not None else None


def add_notices(
    url: str, notices: Sequence[tuple[Inspection, Path]], number: str, day: str, due: str | None
) -> list[str]:
    """Note that these faults were sent out in these files, ``day`` "" being that of judging.

    One notice with the same number takes the place of the other. Gives the names of those that the store does not know.
    """
    with writing(url) as connection:
        return [
            inspection.subject.name
            for inspection, path in notices
            if not intake.add_notice(connection, inspection, path, number, day, due)
        ]


@dataclass(slots=True)
class Run:
    """A call over many sites, while it lasts; ``failed`` are those without a result."""

    failed: int = 0


@contextmanager
def noted(url: str, command: str, folder: Path, sites: int) -> Iterator[Run]:
    """Note a call over many sites; one that is broken off has no end."""
    run = Run()
    with writing(url) as connection:
        name = intake.begin_run(connection, command, folder, sites, settings.moment())
    yield run
    with writing(url) as connection:
        intake.end_run(connection, name, run.failed, settings.moment())
