"""What a check says: an outcome, a message key with its values, and the quotes that carry it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict

from crawler.evidence import Document
from scoring.annual_report import AnnualReport, Quote
from scoring.inspection import Outcome, Tie
from scoring.probes import Probes
from scoring.report_tables import BoundCell
from scoring.site.view import PageView, SiteView


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A quote from another document than the report at hand; ``label`` says what it is."""

    label: str
    quote: Quote
    document: Document
    report: AnnualReport | None = None


def elsewhere(report: AnnualReport, label: str, quote: Quote) -> Elsewhere:
    """A quote from another report."""
    return Elsewhere(label, quote, report.document, report)


@dataclass(frozen=True, slots=True)
class Result:
    """One result of a check. ``fail`` and ``needs_review`` must carry ``at``.

    ``related`` are further quoted places (label, quote) of the same document, ``elsewhere`` those of others; ``on``
    is the other report that ``at`` stands in, where it is not the one at hand. ``rests_on`` are the cells that the
    result depends on beyond those it quotes. ``arithmetic`` is the sum written out. ``doubt`` is set where a failure
    became a matter for a person because of how its evidence was read: the message is then that of the failure and this.
    ``times`` is how many things the result stands for.
    """

    outcome: Outcome
    key: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    at: Quote | None = None
    related: tuple[tuple[str, Quote], ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    arithmetic: str = ""
    rests_on: tuple[BoundCell, ...] = ()
    on: AnnualReport | None = None
    doubt: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Point:
    """A place on a page of a site that a finding rests on; its quote is made when the finding is.

    ``page`` is an address that was read. Quoted are ``words`` where they stand in its text ("": its first text), or the
    markup of the link to the address ``link``, or that of the ``<meta>`` named ``tag``. ``label`` says what it is.
    Where ``least`` is given, these words must stand there: they are quoted where ``words`` do not, else nothing is.
    """

    page: str
    words: str = ""
    least: str = ""
    link: str = ""
    tag: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class SiteResult(Result):
    """A result on a site. ``fail`` and ``needs_review`` carry ``point``; ``points`` are further samples.

    ``pages`` are all addresses that the result is about where it folds several into one. ``place`` names the thing
    that is judged (a column, a template, an item) and holds the finding together over re-crawls; without it the quote
    does.
    """

    point: Point | None = None
    points: tuple[Point, ...] = ()
    pages: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """Another report that bears on the one at hand: what it is to it, and under which name people know it."""

    role: Tie
    name: str
    report: AnnualReport


@dataclass(frozen=True, slots=True)
class ColumnCount:
    """A column of the site: dated entries by year, undated ones, whether its list was read whole, its name as seen."""

    name: str
    url: str
    years: dict[str, int]
    undated: int
    complete: bool
    seen: Elsewhere


@dataclass(frozen=True, slots=True)
class Counted:
    """What the crawl of the site counted: ``entries`` are different dated entries by year over all ``columns``."""

    columns: tuple[ColumnCount, ...]
    entries: dict[int, int]
    undated: int
    gaps: tuple[str, ...] = ()
    portal: bool = False


@dataclass(frozen=True, slots=True)
class ReportCase:
    """What a check on a report may look at: the report, that of the year before, and others that bear on it.

    ``lacking`` are the units of a government whose report of the year is not among ``others``; None where it is not
    known which units there are. ``counted`` is there where the report stands on a site that was crawled.
    """

    report: AnnualReport
    previous: AnnualReport | None = None
    others: tuple[Other, ...] = ()
    lacking: tuple[str, ...] | None = None
    counted: Counted | None = None

    def of(self, role: Tie) -> tuple[Other, ...]:
        """The other reports in this role."""
        return tuple(other for other in self.others if other.role == role)


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
    ``region_complete`` says whether that region was read whole, ``gaps`` why not. ``view`` is the whole site,
    ``probes`` the log of visits to its home page, where there is one.
    """

    view: SiteView
    unit: str
    publisher: str | None
    reports: tuple[FoundReport, ...]
    region: tuple[tuple[str, Quote], ...]
    region_complete: bool
    gaps: tuple[str, ...] = ()
    probes: Probes | None = None


class Check(BaseModel):
    """Base of all checks: the fields are the options that a rule may write.

    A subclass has ``use`` (its name in rule files), a docstring (its documentation) and ``run``. No clock, no
    network, no randomness: the date is an argument.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    subject: ClassVar[str] = "report"
    # What its failures say to be missing: nothing, running text, or a table or part of one.
    says_absent: ClassVar[Literal["", "text", "table"]] = ""

    def run(self, case: Any, on: date) -> Iterator[Result]:
        """Yield one result per thing looked at; nothing at all counts as ``not_applicable``."""
        raise NotImplementedError


class SiteCheck(Check):
    """A check on a whole site: ``run`` gets a SiteCase."""

    subject: ClassVar[str] = "site"

    def expects(self, case: SiteCase) -> Iterable[str]:  # noqa: ARG002
        """Addresses of the pages that ``run`` will look at, so that they are read once with all others."""
        return ()


class Watcher(Protocol):
    """What a check on pages keeps while the pages of a site pass by: no page itself."""

    def see(self, page: PageView) -> None:
        """Take in one page that was read."""

    def results(self) -> Iterator[SiteResult]:
        """What is to be said after the last one."""


class PageCheck(SiteCheck):
    """A check on every page of a site: the pages pass by once, for all such checks together."""

    def watch(self, case: SiteCase, on: date) -> Watcher:
        """A new watcher for one site."""
        raise NotImplementedError

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        watcher = self.watch(case, on)
        for page in case.view.visit():
            watcher.see(page)
        yield from watcher.results()
