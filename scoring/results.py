"""What a check says: an outcome, a message key with its values, and the quotes that carry it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from scoring.annual_report import AnnualReport, Quote
from scoring.inspection import Outcome


@dataclass(frozen=True, slots=True)
class Result:
    """One result of a check. ``fail`` and ``needs_review`` must carry ``at``.

    ``related`` are further quoted places (label, quote); ``previous`` marks labels whose quote stands in the
    report of the year before. ``arithmetic`` is the sum written out.
    """

    outcome: Outcome
    key: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    at: Quote | None = None
    related: tuple[tuple[str, Quote], ...] = ()
    previous: tuple[tuple[str, Quote], ...] = ()
    arithmetic: str = ""


@dataclass(frozen=True, slots=True)
class ReportCase:
    """What a check on a report may look at: the report, and the report of the year before if it was given."""

    report: AnnualReport
    previous: AnnualReport | None = None


@dataclass(frozen=True, slots=True)
class FoundReport:
    """A report that a site shows: year, title, address, and the record it was read from."""

    year: int | None
    title: str
    url: str
    record: str


@dataclass(frozen=True, slots=True)
class SiteCase:
    """What a check on a site may look at.

    ``region`` are the pages of the site's report region (url, quoted column name with its record) that were read;
    ``region_complete`` says whether that region was read whole, ``gaps`` why not.
    """

    unit: str
    publisher: str | None
    reports: tuple[FoundReport, ...]
    region: tuple[tuple[str, Quote], ...]
    region_complete: bool
    gaps: tuple[str, ...] = ()


class Check(BaseModel):
    """Base of all checks: the fields are the options that a rule may write.

    A subclass has ``use`` (its name in rule files), a docstring (its documentation) and ``run``. No clock, no
    network, no randomness: the date is an argument.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    subject: ClassVar[str] = "report"

    def run(self, case: Any, on: date) -> Iterator[Result]:
        """Yield one result per thing looked at; nothing at all counts as ``not_applicable``."""
        raise NotImplementedError
