"""Claims and lists in the text: none happened, all upheld, parts that must add up, fees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from scoring.annual_report import AnnualReport, Piece
from scoring.checks.report.tables import labelled
from scoring.data import table
from scoring.figures import sum_figure
from scoring.narrative import Mention, clean, figures, read
from scoring.results import Check, ReportCase, Result
from scoring.text import FILL, Number, plain, sentences

_FIGURES = {
    "review": ("t4.review.total",),
    "litigation": ("t4.direct.total", "t4.after_review.total"),
    "received": ("t3.r1.total",),
}
_GROUPS = {"review": ("review",), "litigation": ("direct", "after_review")}


def _spans(report: AnnualReport, *sections: int) -> Iterator[tuple[Piece, str, int, int]]:
    for piece in report.pieces(*sections):
        text = clean(report, piece)
        for start, end in sentences(text):
            yield piece, text, start, end


def _other_year(report: AnnualReport, sentence: str) -> bool:
    years = [int(y) for y in re.findall(r"(20\d\d)年", sentence)]
    words = table("narrative")["scope"]["other_year"]
    return bool(years and report.year and report.year not in years) or any(w in sentence for w in words)


@lru_cache(maxsize=1)
def _none_pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    data = table("narrative")["none"]
    names = {word: kind for kind, words in data["labels"].items() for word in words}
    label = "(?:" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + ")"
    close = data["close"].removeprefix("^")
    return (
        re.compile(
            f"(?P<say>{data['say']})(?P<gap>{data['between']})(?P<labels>{label}(?:{data['joiner']}{label})*){close}"
        ),
        names,
    )


class NoneClaimed(Check):
    """Where the text says that none happened (未发生行政复议、未收到申请), the table shows none."""

    use: Literal["none_claimed"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        data = table("narrative")
        pattern, names = _none_pattern()
        label = re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)))
        seen = False
        for piece, text, start, end in _spans(report, 0, 1, 3, 4, 5, 6):
            sentence = text[start:end]
            zero = re.search(data["none"]["zero"], sentence)
            match = pattern.search(sentence) or zero
            if match is None or _other_year(report, sentence[: match.end()]):
                continue
            gap = "" if match is zero else match["say"][-1:] + match["gap"]
            blocked = any(word in gap for word in data["none"]["blocked"])
            if blocked or self._narrower(report, sentence[: match.start()]):
                continue
            for kind in self._kinds(gap[1:], match["labels"], label, names):
                shown = sum_figure(report, _FIGURES[kind])
                if shown is None:
                    continue
                seen = True
                if shown.value == 0:
                    yield Result("pass")
                    continue
                cells = [c for c in shown.cells if c.value.amount]
                titles = {"review": "行政复议", "litigation": "行政诉讼", "received": "新收申请"}
                values = {"what": titles[kind], "count": plain(shown.value), "text": match.group()}
                quote = report.quote(piece.block, piece.start + start, piece.start + end)
                yield Result("fail", "contradicted", values, quote, labelled(report, cells))
        if not seen:
            yield Result("not_applicable")

    def _narrower(self, report: AnnualReport, before: str) -> bool:
        """Whether the claim is made of another body than the one reporting."""
        scope = table("narrative")["scope"]
        unit = report.unit or ""
        words = list(scope["narrow"]) if report.publisher == "government" else [*scope["narrow"], *scope["wide"]]
        return any(w in before for w in words if w not in unit)

    def _kinds(self, gap: str, labels: str, label: re.Pattern[str], names: dict[str, str]) -> list[str]:
        hits = list(label.finditer(labels))
        kinds = []
        for index, hit in enumerate(hits):
            kind = names[hit.group()]
            after = labels[hit.end() : hits[index + 1].start()] if index + 1 < len(hits) else "end"
            # 因政府信息公开申请行政复议: here 申请 names the cause, it is not what did not happen.
            if kind == "received" and (
                not re.search(r"[和及与或、,]|end", after) or re.search(table("narrative")["cause"], gap)
            ):
                continue
            kinds.append(kind)
        return list(dict.fromkeys(kinds))


class UpheldClaimed(Check):
    """均获维持, 零败诉 and the like: the table shows no other outcome, and nothing pending where all are claimed."""

    use: Literal["upheld_claimed"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        data = table("narrative")
        seen = False
        before = ""
        for piece, text, start, end in _spans(report, 1, 4, 5, 6):
            sentence = text[start:end]
            context = before + sentence
            before = sentence
            # 复议后起诉 names a kind of lawsuit, not a review.
            sentence, context = (
                re.sub(data["suit_kinds"], lambda m: FILL * len(m.group()), t) for t in (sentence, context)
            )
            if _other_year(report, sentence):
                continue
            failed = False
            for claim in data["upheld"]:
                match = re.search(claim["pattern"], sentence)
                if match is None or failed:
                    continue
                names: dict[str, str] = data["cases"]
                about = [k for k, word in names.items() if word in sentence]
                about = about or [k for k, word in names.items() if word in context]
                if claim["about"] == "nearest":
                    said = {k: sentence.rfind(word, 0, match.start()) for k, word in names.items()}
                    about = [max(said, key=lambda k: said[k])] if max(said.values()) >= 0 else []
                elif claim["about"] == "litigation":
                    about = ["litigation"]
                needs = set(claim["needs"])
                if any(word in sentence[: match.start()] for word in data["concluded"]):
                    needs.discard("pending")
                bound = report.bound("t4")
                cells = [bound.get(group, column) for kind in about for group in _GROUPS[kind] for column in needs]
                known = [c for c in cells if c is not None and c.value.known]
                if not known:
                    continue
                seen = True
                against = sorted(
                    (c for c in known if c.value.amount), key=lambda c: (c.spot.row or 0, c.spot.column or 0)
                )
                if not against:
                    yield Result("pass")
                    continue
                failed = True
                shown = "、".join(f"“{c.row_label}”“{c.column_label}” {plain(c.value.amount)} 件" for c in against)
                values = {"claim": match.group(), "shown": shown}
                quote = report.quote(piece.block, piece.start + start, piece.start + end)
                yield Result("fail", "contradicted", values, quote, labelled(report, against))
        if not seen:
            yield Result("not_applicable")


class FeePartsRight(Check):
    """Section 六: the parts of the 信息处理费 (其中…) add up to the total, in cases and in money."""

    use: Literal["fee_parts_right"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        data = table("narrative")["fee"]
        seen = False
        for piece in report.pieces(1, 6):
            text = clean(report, piece)
            at = text.find(data["word"])
            if at < 0:
                continue
            for pattern in data["lists"]:
                match = re.search(pattern, text[max(0, at - 60) :])
                if match is None:
                    continue
                offset = max(0, at - 60)
                result = self._judge(report, piece, (offset + match.start(), offset + match.end()), match)
                if result:
                    seen = True
                    yield result
                    break
        if not seen:
            yield Result("not_applicable")

    def _judge(self, report: AnnualReport, piece: Piece, span: tuple[int, int], match: re.Match[str]) -> Result | None:
        # 其中甲1件300元；实际收取460元: what follows the list is a total again, no part.
        listed = re.split(f"[;,](?={table('narrative')['fee']['stop']})", match["parts"])[0]
        if listed.startswith("其中"):
            listed = re.sub(r"\([^()]*\)", "", listed)  # 2件420元（每件210元）
        head, tail = figures(match["total"]), figures(listed)
        data = table("narrative")["fee"]
        money, totals = ([n for n in side if n.unit in data["money"]] for side in (tail, head))
        cases, case_totals = ([n for n in side if n.unit in data["counted"]] for side in (tail, head))
        if len(money) < 2 or not totals or any(n.approximate for n in (*money, *totals)):
            return None
        total = totals[-1].value
        added = sum((n.value for n in money), Decimal(0))
        counted = sum((n.value for n in cases), Decimal(0))
        all_counted = bool(case_totals) and len(cases) == len(money)
        # The list is closed if its cases are all the cases, or if it stands in brackets or as 分别为 behind the total.
        closed = (all_counted and counted == case_totals[-1].value) or not match["parts"].startswith("其中")
        text = " + ".join(plain(n.value) for n in money) + f" = {plain(added)} 元，合计数 {plain(total)} 元"
        quote = report.quote(piece.block, piece.start + span[0], piece.start + span[1])
        values = {"total": plain(total), "added": plain(added)}
        if added == total:
            if all_counted and counted != case_totals[-1].value:
                sums = " + ".join(plain(n.value) for n in cases) + f" = {plain(counted)}"
                values = {"total": plain(case_totals[-1].value), "added": plain(counted)}
                return Result("fail", "cases", values, quote, arithmetic=f"{sums} 件，合计数 {values['total']} 件")
            return Result("pass")
        if closed or added > total:
            return Result("fail", "money", values, quote, arithmetic=text)
        return Result("needs_review", "open", values, quote, arithmetic=text)


class PartsAddUp(Check):
    """A closed list of parts makes its total: a list in brackets behind a count, a known partition after 其中.

    Open lists (其中…等) are left alone. Without table 三, 新收 + 结转 = 办结 + 结转下年 of the text is tried too.
    """

    use: Literal["parts_add_up"]

    def run(self, case: ReportCase, on: date) -> Iterator[Result]:
        report = case.report
        found: list[Result] = list(self._applicants(report))
        for piece, text, start, end in _spans(report, 0, 1, 3, 4, 5, 6):
            found.extend(self._brackets(report, piece, text, start, end))
            found.extend(self._partitions(report, piece, text, start, end))
            found.extend(self._series(report, piece, text, start, end))
        if not report.bound("t3").found:
            found.extend(self._balance(report))
        yield from (r for r in found if r.outcome != "pass")
        if not any(r.outcome != "pass" for r in found):
            yield Result("pass" if found else "not_applicable")

    def _applicants(self, report: AnnualReport) -> Iterator[Result]:
        """自然人 and 法人或其他组织 of one sentence make the 收到 (or 收到 and 结转) said before them."""
        mentions = [m for m in read(report) if m.status in ("own", "part")]
        for person in (m for m in mentions if m.kinds == ("person",)):
            partner = [m for m in mentions if m.kinds == ("organisation",) and m.sentence == person.sentence]
            earlier = [m for m in mentions if m.piece == person.piece and m.end <= person.start]
            totals = [m for m in earlier if m.kinds[0] in ("received", "handled")]
            if len(partner) != 1 or not totals:
                continue
            carried = [m.value for m in mentions if m.kinds == ("carried_in",) and m.piece == person.piece]
            allowed = {m.value + extra for m in totals for extra in (Decimal(0), *carried)}
            # 办结的申请中自然人…: the groups may divide what was answered instead.
            allowed |= {m.value for m in earlier if m.kinds[0] in ("answered", "closed")}
            added = person.value + partner[0].value
            if added in allowed:
                yield Result("pass", "applicants")
                continue
            total = totals[-1]
            values = {"total": plain(total.value), "added": plain(added), "unit": total.number.unit}
            arithmetic = (
                f"{plain(person.value)} + {plain(partner[0].value)} = {plain(added)}，合计数 {plain(total.value)}"
            )
            quote = report.quote(person.piece.block, total.start, max(partner[0].end, person.end))
            yield Result("fail", "applicants", values, quote, arithmetic=arithmetic)

    def _brackets(self, report: AnnualReport, piece: Piece, text: str, start: int, end: int) -> Iterator[Result]:
        data = table("narrative")["parts"]
        line = text[start:end]
        for match in re.finditer(r"\(([^()]{6,400})\)", line):
            inside = match[1]
            if any(word in inside for word in data["open"]) or re.search(r"20\d\d年", inside):
                continue
            before = [n for n in figures(line[: match.start()]) if n.unit in data["count_units"]]
            if not before or match.start() - before[-1].end > 8 or before[-1].approximate:
                continue
            total = before[-1]
            parts = figures(inside)
            if len(parts) < 2 or any(n.unit != total.unit or n.approximate for n in parts):
                continue
            yield self._compare(report, piece, (start + total.start, start + match.end()), total, parts, "brackets")

    def _partitions(self, report: AnnualReport, piece: Piece, text: str, start: int, end: int) -> Iterator[Result]:
        data = table("narrative")["parts"]
        line = text[start:end]
        at = line.find("其中")
        if at < 0:
            return
        # A list in brackets between the total and 其中 is not the total.
        plain_head = re.sub(r"\([^()]*\)", lambda m: " " * len(m.group()), line[:at])
        before = [n for n in figures(plain_head) if n.unit in data["count_units"]]
        tail = re.sub(r"\([^()]*\)", lambda m: " " * len(m.group()), line[at:])
        tail = tail[: tail.find("等") if "等" in tail else len(tail)]
        # 其中甲5件、乙1件，上年结转1件: a list joined by 、 ends at the comma.
        joint = re.search(r"\d[^\d,、]{0,4}([,、])", tail)
        if joint and joint[1] == "、" and "," in tail[joint.start() :]:
            tail = tail[: tail.index(",", joint.start())]
        if not before or before[-1].approximate:
            return
        total = before[-1]
        parts = [n for n in figures(tail) if n.unit]
        labels, own = [], []
        previous = 0
        for number in parts:
            if number.unit != total.unit or number.approximate:
                break
            labels.append(re.sub(r"^(?:[,、:\s]|其中)+|(?:申请|共|为|的|有)+$", "", tail[previous : number.start]))
            own.append(number)
            previous = number.end
        if len(own) < 2:
            return
        span = (start + total.start, start + at + own[-1].end)
        for partition in data["partitions"]:
            covered = [
                any(re.search(p, label) for p in partition["labels"]) for label in labels[: len(partition["labels"])]
            ]
            if len(covered) == len(partition["labels"]) and all(
                any(re.search(p, label) for label in labels[: len(covered)]) for p in partition["labels"]
            ):
                yield self._compare(report, piece, span, total, own[: len(covered)], "partition")
                return
        # Results of requests are compared with the table; their list may hold more than what was received.
        if any(word in tail for words in table("narrative")["results"].values() for word in words):
            return
        if len(own) == len(parts) and any(re.search(data["rest"], label) for label in labels):
            yield self._compare(report, piece, span, total, own, "partition")
        elif len(own) >= 3 and len(own) == len(parts) and all(re.search(data["places"], label) for label in labels):
            result = self._compare(report, piece, span, total, own, "places")
            added = sum((n.value for n in own), Decimal(0))
            if result.outcome == "pass" or added > total.value:
                yield result
            elif any(re.search(data["level"], label) for label in labels):
                yield Result("needs_review", "open", result.values, result.at, arithmetic=result.arithmetic)
        elif len(own) >= 3 and len(own) == len(parts) and sum((n.value for n in own), Decimal(0)) > total.value:
            # Groups may overlap, so a sum above the total is for a person to look at.
            result = self._compare(report, piece, span, total, own, "partition")
            yield Result("needs_review", "over", result.values, result.at, arithmetic=result.arithmetic)

    def _series(self, report: AnnualReport, piece: Piece, text: str, start: int, end: int) -> Iterator[Result]:
        """The four quarters or the twelve months of a year make its total, the count said right before them."""
        data = table("narrative")["parts"]
        # The total may stand in the sentence before: 全年新收申请25件。按月分布为…
        reach = max(0, start - data["series_reach"])
        begin = max(reach, text.rfind("。", reach, max(0, start - 1)) + 1)
        line = text[begin:end]
        for pattern in data["series"]:
            match = re.search(pattern, line)
            if match is None or begin + match.start() < start:
                continue
            every = figures(line)
            starts = {match.start(i) for i in range(1, len(match.groups()) + 1)}
            parts = [n for n in every if n.start in starts]
            if len(parts) != len(starts) or len({n.unit for n in parts}) != 1 or any(n.approximate for n in parts):
                continue
            before = [n for n in every if n.end <= match.start() and n.unit == parts[0].unit]
            own = [n for n in before if begin + n.start >= start]
            # Of several counts in the sentence before, which one is divided is not told.
            total = own[-1] if own else before[0] if len(before) == 1 else None
            if total is not None and not total.approximate:
                span = (begin + total.start, begin + parts[-1].end)
                yield self._compare(report, piece, span, total, parts, "partition")

    def _compare(
        self, report: AnnualReport, piece: Piece, span: tuple[int, int], total: Number, parts: list[Number], key: str
    ) -> Result:
        added = sum((n.value for n in parts), Decimal(0))
        if added == total.value:
            return Result("pass", key)
        arithmetic = " + ".join(plain(n.value) for n in parts) + f" = {plain(added)}，合计数 {plain(total.value)}"
        values = {"total": plain(total.value), "added": plain(added), "unit": total.unit}
        quote = report.quote(piece.block, piece.start + span[0], piece.start + span[1])
        return Result("fail", key, values, quote, arithmetic=arithmetic)

    def _balance(self, report: AnnualReport) -> Iterator[Result]:
        """Text only: 新收 + 结转 = 办结 + 结转下年, where each is said once and plainly."""
        said: dict[str, list[Mention]] = {}
        for mention in read(report):
            if mention.status == "own" and len(mention.kinds) == 1:
                said.setdefault(mention.kinds[0], []).append(mention)
        for name in ("closed", "answered"):
            if said.get(name):
                said.setdefault("done", said[name])
        names = ("received", "carried_in", "done", "carried_out")
        if any(len({m.value for m in said.get(n, [])}) != 1 for n in names):
            return
        new, old, done, left = (said[n][0] for n in names)
        text = f"{plain(new.value)} + {plain(old.value)} = {plain(new.value + old.value)}，"
        text += f"{plain(done.value)} + {plain(left.value)} = {plain(done.value + left.value)}"
        # 收到 may already include what was carried in.
        if done.value + left.value in (new.value + old.value, new.value):
            yield Result("pass", "balance")
            return
        quote = report.quote(new.piece.block, new.start, new.end)
        related = tuple(("正文", report.quote(m.piece.block, m.start, m.end)) for m in (old, done, left))
        values = {"total": plain(new.value + old.value), "added": plain(done.value + left.value), "unit": "件"}
        yield Result("needs_review", "balance", values, quote, related, arithmetic=text)
