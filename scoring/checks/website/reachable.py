"""Whether a site opens, from the log of visits over a week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from crawler.evidence import ProbeVisit
from scoring.results import Result, SiteCase, SiteCheck

_SHOWN = 6  # failed visits quoted


class SiteReachable(SiteCheck):
    """Fewer than ``share`` of the visits of the last ``days`` days failed; every one of them had ``a_day`` visits.

    A visit fails that is not open within ``seconds``. Days are those of the log's own clock, up to the last visit that
    is not later than the day of judging. Visits that say nothing (ours to blame, or turned away) do not count.
    """

    use: Literal["site_reachable"]
    share: float
    days: int
    a_day: int
    seconds: float

    def run(self, case: SiteCase, on: date) -> Iterator[Result]:
        if case.probes is None:
            yield Result("not_checked", "no_probes")
            return
        told = [(visit, block) for visit, block in case.probes.visits if self._tells(visit) and visit.time.date() <= on]
        last = max((visit.time.date() for visit, _ in told), default=None)
        if last is None:
            yield Result("not_checked", "no_probes")
            return
        first = last - timedelta(days=self.days - 1)
        counted = [(visit, block) for visit, block in told if visit.time.date() >= first]
        failed = [(visit, block) for visit, block in counted if not visit.ok]
        daily = Counter(visit.time.date() for visit, _ in counted)
        thin = self.days - sum(number >= self.a_day for number in daily.values())
        share = len(failed) / len(counted)
        values = {
            "visits": len(counted),
            "failed": len(failed),
            "share": f"{share:.1%}",
            "first": first.isoformat(),
            "last": last.isoformat(),
            "thin": thin,
            "a_day": self.a_day,
        }
        if share < self.share:
            yield Result("not_checked", "few", values) if thin else Result("pass", times=len(counted))
            return
        quotes = [(f"{visit.time:%m月%d日 %H:%M}", case.probes.quote(block)) for visit, block in failed[:_SHOWN]]
        outcome: Literal["fail", "needs_review"] = "needs_review" if thin else "fail"
        yield Result(outcome, "thin" if thin else "unreachable", values, quotes[0][1], tuple(quotes[1:]))

    def _tells(self, visit: ProbeVisit) -> bool:
        return visit.ok is not None and visit.timeout >= self.seconds
