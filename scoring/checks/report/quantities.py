"""What the text says in figures, against the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from scoring.annual_report import AnnualReport, Quote
from scoring.checks.report.tables import labelled
from scoring.data import table
from scoring.figures import Figure, sum_figure, unread_cells
from scoring.narrative import Mention, Percent, read
from scoring.report_tables import BoundCell
from scoring.results import Check, ReportCase, Result
from scoring.text import plain


class Reading(BaseModel):
    """One way to read a quantity: a name for people and the table figures whose sum it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    sum: tuple[str, ...]
    minus: tuple[str, ...] = ()


class Comparison(BaseModel):
    """Kinds of mention and every reading under which such a mention may be right, the usual one first."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kinds: tuple[str, ...]
    to: tuple[Reading, ...]


def mention_quote(report: AnnualReport, mention: Mention, end: int | None = None) -> Quote:
    return report.quote(mention.piece.block, mention.start, end or mention.end)


def reading_figure(report: AnnualReport, reading: Reading) -> Figure | None:
    return sum_figure(report, reading.sum, reading.minus)


def unread(report: AnnualReport, readings: Iterable[Reading]) -> tuple[BoundCell, ...]:
    """What keeps a reading from being tried: cells whose digits could not be read."""
    return unread_cells(report, (name for r in readings for name in (*r.sum, *r.minus)))


class TextQuantity(Check):
    """Each mention of a quantity equals the table under one of its readings.

    Mentions of other scope or year, approximate ones and parts are left alone. Where one mention of a quantity
    agrees with the table and another does not, a person decides; ``differs`` says what a plain difference is.
    """

    use: Literal["text_quantity"]
    compare: tuple[Comparison, ...]
    differs: Literal["fail", "needs_review"] = "fail"

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        judged: dict[tuple[str, ...], list[tuple[Mention, list[tuple[Reading, Figure]], bool]]] = {}
        for mention in read(report):
            if mention.status != "own":
                continue
            readings = self._readings(report, mention.kinds)
            if not readings:
                continue
            right = any(mention.value == f.value for _, f in readings)
            judged.setdefault(mention.kinds, []).append((mention, readings, right))
        if not judged:
            yield Result("not_applicable")
            return
        for mentions in judged.values():
            agreed = any(right for _, _, right in mentions)
            for mention, readings, right in mentions:
                if right:
                    yield Result("pass")
                else:
                    yield self._differs(report, mention, readings, agreed)

    def _readings(self, report: AnnualReport, kinds: tuple[str, ...]) -> list[tuple[Reading, Figure]]:
        by_kind = {kind: c for c in self.compare for kind in c.kinds}
        if any(kind not in by_kind for kind in kinds):
            return []
        if len(kinds) == 1:
            found = [(r, reading_figure(report, r)) for r in by_kind[kinds[0]].to]
            return [(r, f) for r, f in found if f is not None]
        firsts = [by_kind[kind].to[0] for kind in kinds]
        joined = Reading(name="与".join(r.name for r in firsts) + "合计", sum=tuple(n for r in firsts for n in r.sum))
        total = reading_figure(report, joined)
        return [(joined, total)] if total else []

    def _differs(
        self, report: AnnualReport, mention: Mention, readings: list[tuple[Reading, Figure]], agreed: bool
    ) -> Result:
        tried = "；".join(f"{r.name}为 {f.written}" for r, f in readings)
        said = report.quote(mention.piece.block, mention.start, mention.end).text
        values = {
            "said": plain(mention.value),
            "text": said,
            "tried": tried,
            "due": plain(readings[0][1].value),
            "name": readings[0][0].name,
        }
        cells = {c.spot: c for _, f in readings for c in f.cells if c.value.amount or len(f.cells) == 1}
        related = labelled(report, cells.values())
        outcome: Literal["fail", "needs_review"] = "needs_review" if agreed else self.differs
        return Result(
            outcome,
            "mixed" if agreed else "differs",
            values,
            mention_quote(report, mention),
            related[:24],
            arithmetic=f"正文 {plain(mention.value)}；{tried}",
            rests_on=(
                *(c for _, f in readings for c in f.cells),
                *unread(report, (r for c in self.compare if set(c.kinds) & set(mention.kinds) for r in c.to)),
            ),
        )


def tolerance(percent: Decimal) -> Decimal:
    """How far a stated percentage may be off: the data's tolerance, and rounding where no decimal is shown."""
    base = Decimal(str(table("narrative")["percent"]["tolerance"]))
    return base if percent != percent.to_integral_value() else base + Decimal("0.5")


class ShareRight(Check):
    """占 p %: the quantity divided by one of the possible totals, within the tolerance.

    The quantity is the text's figure, or the table's where the text's figure itself is another finding.
    """

    use: Literal["share_right"]
    quantities: tuple[Comparison, ...]
    totals: tuple[Reading, ...]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        mentions = read(report)
        found = False
        for mention in mentions:
            if mention.status not in ("own", "part"):
                continue
            for percent in mention.percents:
                if percent.kind != "share" or not any(k in c.kinds for k in mention.kinds for c in self.quantities):
                    continue
                result = self._judge(report, mention, percent, mentions)
                if result is not None:
                    found = True
                    yield result
        if not found:
            yield Result("not_applicable")

    def _judge(
        self, report: AnnualReport, mention: Mention, percent: Percent, mentions: list[Mention]
    ) -> Result | None:
        totals = [(r.name, f) for r in self.totals if (f := reading_figure(report, r)) is not None]
        denominators = {f.value: name for name, f in totals if f.value}
        for other in mentions:
            if other.kinds[0] in ("received", "handled", "answered", "closed") and other.value:
                denominators.setdefault(other.value, "正文所述总数")
        if not denominators:
            return None
        numerators = {mention.value: "正文"}
        by_kind = {kind: c.to[0] for c in self.quantities for kind in c.kinds}
        figures = [reading_figure(report, by_kind[k]) for k in mention.kinds if k in by_kind]
        known = [f for f in figures if f is not None]
        if known and len(known) == len(mention.kinds):
            numerators.setdefault(sum((f.value for f in known), Decimal(0)), "表中")
        limit = tolerance(percent.value)
        tries = [
            (
                f"{name} {plain(n)} ÷ {plain(d)} = {plain(round(n / d * 100, 2))}%（{total}）",
                abs(n / d * 100 - percent.value),
            )
            for n, name in numerators.items()
            for d, total in denominators.items()
        ]
        if any(gap <= limit for _, gap in tries):
            return Result("pass")
        tries = [t for t in tries if t[0].startswith("正文")][:3] + [t for t in tries if not t[0].startswith("正文")][
            :1
        ]
        values = {
            "said": plain(percent.value),
            "text": mention_quote(report, mention).text,
            "tried": "；".join(t for t, _ in tries),
        }
        cells = {c.spot: c for f in (*known, *(f for _, f in totals)) for c in f.cells if c.value.amount}
        related = labelled(report, cells.values())
        return Result(
            "fail",
            "wrong",
            values,
            mention_quote(report, mention, percent.end),
            related[:12],
            arithmetic=values["tried"],
            rests_on=unread(report, (*self.totals, *(by_kind[k] for k in mention.kinds if k in by_kind))),
        )


class GrowthRight(Check):
    """同比增长 p %: follows from both years' figures, the earlier one given by the text or by last year's report."""

    use: Literal["growth_right"]
    quantities: tuple[Comparison, ...]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        said: dict[tuple[int, int], list[Result]] = {}
        for mention in read(report):
            for percent in mention.percents:
                if percent.kind != "growth" or mention.status in ("approximate", "year"):
                    continue
                bases = self._bases(case, mention, percent)
                if bases:
                    place = (mention.piece.block, percent.start)
                    said.setdefault(place, []).append(self._judge(case, mention, percent, bases))
        for results in said.values():
            # The percentage is right if it fits any quantity that it can be said of.
            yield next((r for r in results if r.outcome == "pass"), results[-1])
        if not said:
            yield Result("not_applicable")

    def _bases(self, case: ReportCase, mention: Mention, percent: Percent) -> list[tuple[str, Decimal]]:
        if percent.base is not None:
            return [("正文所述上年数", percent.base)] if percent.base else []
        if case.previous is None or mention.status != "own" or case.previous.year != (case.report.year or 0) - 1:
            return []
        readings = [r for c in self.quantities if mention.kinds[0] in c.kinds for r in c.to]
        # Like with like: what the figure is in this year's table decides what it grew from.
        same = [r for r in readings if (f := reading_figure(case.report, r)) and f.value == mention.value]
        readings = same or readings
        known = [(r.name, f.value) for r in readings if (f := reading_figure(case.previous, r)) and f.value]
        stated = [
            ("上年报告正文所述", m.value)
            for m in read(case.previous)
            if m.kinds == mention.kinds and m.status == "own" and m.value and not same
        ]
        return [*((f"上年报告{name}", value) for name, value in known), *stated] if known else []

    def _judge(self, case: ReportCase, mention: Mention, percent: Percent, bases: list[tuple[str, Decimal]]) -> Result:
        limit = tolerance(percent.value)
        tries = []
        for name, base in dict.fromkeys(bases):
            growth = (mention.value - base) / base * 100
            if any(abs((v - base) / base * 100 - percent.value) <= limit for v in (mention.value, *percent.others)):
                return Result("pass")
            tries.append(
                f"（{plain(mention.value)} − {plain(base)}）÷ {plain(base)} = {plain(round(growth, 2))}%（{name}）"
            )
        text = case.report.quote(mention.piece.block, mention.start, percent.end)
        values = {"said": plain(percent.value), "tried": "；".join(tries)}
        readings = [r for c in self.quantities if mention.kinds[0] in c.kinds for r in c.to]
        open_cells = unread(case.previous, readings) if case.previous else ()
        return Result("fail", "wrong", values, text, arithmetic=values["tried"], rests_on=open_cells)
