"""What a report says of the office's own site, against what the crawl counted there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from scoring.annual_report import AnnualReport, Quote
from scoring.data import table
from scoring.results import Check, ColumnCount, Counted, ReportCase, Result
from scoring.text import fold, key, sentences


@dataclass(frozen=True, slots=True)
class Claim:
    """A count that the report claims for its site; ``column`` is the named column, empty for the whole site."""

    count: int
    column: str
    quote: Quote


@lru_cache(maxsize=2)
def _patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    count, name = r"(?P<count>\d{1,3}(?:,\d{3})+|\d{1,7})", r"(?P<name>[^“”]{2,20})"
    return tuple(re.compile(p.replace("{count}", count).replace("{name}", name)) for p in table("site-claims")[kind])


def claims(report: AnnualReport, *, portal: bool) -> list[Claim]:
    """The counts that section 一 claims for the office's own site; approximate ones are left alone."""
    data = table("site-claims")
    found: list[Claim] = []
    for piece in report.pieces(1):
        text = fold(report.text(piece))
        for start, end in sentences(text):
            sentence = text[start:end]
            quote = report.quote(piece.block, piece.start + start, piece.start + end)
            for kind in ("column", "site"):
                hits = (m for p in _patterns(kind) for m in p.finditer(sentence))
                match = next((m for m in hits if _of_year(sentence[: m.end()], report.year)), None)
                words = (data["also_others"], data["vague"], data["not_items"])
                if match is None or any(re.search(pattern, match[0]) for pattern in words):
                    continue
                lead = sentence[max(0, match.start() - 12) : match.end()]
                if kind == "site" and not portal and re.search(data["not_own"], lead):
                    continue
                found.append(Claim(int(match["count"].replace(",", "")), match.groupdict().get("name") or "", quote))
                break
    return found


def _of_year(lead: str, year: int | None) -> bool:
    """Whether the last year named before a number is the report's, or none is named."""
    named = re.findall(r"(20\d\d)年", lead)
    return not named or int(named[-1]) == year


class ClaimSeen(Check):
    """A count that section 一 claims for the site is not above what the crawl counted there for the report year.

    Only where the lists were read whole; entries without a date may belong to the year and are counted in its favour.
    """

    use: Literal["claim_seen"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        counted, year = case.counted, case.report.year
        if counted is None or year is None:
            return
        for claim in claims(case.report, portal=counted.portal):
            if claim.column:
                yield self._column(claim, counted, year)
            else:
                yield self._site(claim, counted, year)

    def _site(self, claim: Claim, counted: Counted, year: int) -> Result:
        seen = counted.entries.get(year, 0)
        if claim.count <= seen + counted.undated:
            return Result("pass")
        if counted.gaps or not counted.columns:
            return Result("not_checked", "not_whole", {"gaps": "；".join(counted.gaps[:5]) or "没有读到栏目"})
        values = {"claimed": claim.count, "seen": seen, "undated": counted.undated, "year": year}
        values["columns"] = len(counted.columns)
        most = sorted(counted.columns, key=lambda c: -c.years.get(str(year), 0))[:5]
        return Result("needs_review", "site", values, claim.quote, elsewhere=tuple(c.seen for c in most))

    def _column(self, claim: Claim, counted: Counted, year: int) -> Result:
        column = next((c for c in counted.columns if key(c.name) == key(claim.column)), None)
        if column is None:
            return Result("not_checked", "no_column", {"column": claim.column})
        return self._judged(claim, column, year)

    def _judged(self, claim: Claim, column: ColumnCount, year: int) -> Result:
        seen = column.years.get(str(year), 0)
        if claim.count <= seen + column.undated:
            return Result("pass")
        if not column.complete:
            return Result("not_checked", "not_whole", {"gaps": f"“{column.name}”没有读全"})
        values = {"claimed": claim.count, "seen": seen, "undated": column.undated, "year": year, "column": column.name}
        return Result("needs_review", "column", values, claim.quote, elsewhere=(column.seen,))
