"""The store: what all inspections together say, in one database. The files stay the truth; it can be made from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from duwang.store import intake, queries
from duwang.store.database import reading, writing
from scoring.decisions import Decision


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
