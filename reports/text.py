"""Inspections as text: for a terminal (in colour) or a plain file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import IO

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from reports import extent, history, labels, view
from reports.wrap import wrap
from scoring.inspection import SEVERITIES, Finding, Inspection
from scoring.veil import veiled

_PLAIN_WIDTH = 100
_WIDEST = 120  # longer lines are hard to follow
_LONG_QUOTE = 160
_SHORT_QUOTE = 24  # a quote this short says little without its neighbours
_AROUND = 24
_STYLE = {"veto": "bold white on red", "major": "bold red", "minor": "yellow", "advice": "cyan"}
_REVIEW = "magenta"
_FAINT = "dim"


def console_for(stream: IO[str]) -> Console:
    """A console on ``stream``: colours only where it is a terminal, no markup read from the text."""
    width = None if stream.isatty() else _PLAIN_WIDTH
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)


def plain(inspections: Sequence[Inspection], unread: Sequence[view.Unread] = (), names: Sequence[str] = ()) -> str:
    """Everything as text without colour, as it goes into a file."""
    stream = io.StringIO()
    draw(console_for(stream), inspections, unread, names)
    return stream.getvalue()


def draw(
    console: Console,
    inspections: Sequence[Inspection],
    unread: Sequence[view.Unread] = (),
    names: Sequence[str] = (),
) -> None:
    """Print each inspection, then, where there is more than one input, the summary table."""
    for index, inspection in enumerate(inspections):
        if index:
            _line(console)
        _Sheet(console).inspection(inspection)
    if len(inspections) + len(unread) > 1:
        if inspections:
            _line(console)
        summary(console, inspections, unread, names)
    else:
        for item in unread:
            _line(console, veiled(f"{item.name}：{item.reason}"), "red")


def summary(
    console: Console,
    inspections: Sequence[Inspection],
    unread: Sequence[view.Unread] = (),
    names: Sequence[str] = (),
) -> None:
    """One row per input, what could not be read, and a line of totals. ``names`` are those of the inputs, if any."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True)
    for label in ("文件", "单位") if names else ("对象",):
        table.add_column(label, overflow="fold", min_width=16)
    for label in ("年度", "得分", "等级", "最重", "问题", "待核对", "通过", "未核查"):
        figures = label not in ("年度", "等级", "最重")
        table.add_column(label, justify="right" if figures else "left", no_wrap=True)
    for index, inspection in enumerate(inspections):
        table.add_row(*(Text(view.visible(veiled(name))) for name in names[index : index + 1]), *_row(inspection))
    if inspections:
        console.print(table)
    for item in unread:
        _line(console, veiled(f"未能检查  {item.name}：{item.reason}"), "red")
    fails = sum(view.total(item, "fail") for item in inspections)
    reviews = sum(view.total(item, "needs_review") for item in inspections)
    parts = [f"共检查 {len(inspections)} 个", f"问题 {fails} 项", f"待人工核对 {reviews} 项"]
    parts += [f"未能检查 {len(unread)} 个"] if unread else []
    _line(console, "，".join(parts) + "。", "bold")


def _row(inspection: Inspection) -> list[Text]:
    card = inspection.scorecards[0] if inspection.scorecards else None
    subject = inspection.subject
    worst = view.worst_severity(inspection)
    style = _STYLE[worst] if worst else _FAINT
    fails, reviews = view.total(inspection, "fail"), view.total(inspection, "needs_review")
    return [
        Text(view.visible(subject.name)),
        Text(str(subject.report_year or "—")),
        Text(view.number(card.score) if card else "—"),
        Text(view.visible(card.grade) if card and card.grade else "—"),
        Text(labels.SEVERITY[worst] if worst else "—", style=style),
        Text(str(fails), style=style),
        Text(str(reviews), style=_REVIEW if reviews else _FAINT),
        Text(str(len(view.rules(inspection).passed)), style=_FAINT),
        Text(str(view.undecided(inspection)), style=_FAINT),
    ]


class _Sheet:
    """One inspection on a console, line by line with hanging indents."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.width = min(console.width, _WIDEST)

    def inspection(self, inspection: Inspection) -> None:
        self._head(inspection)
        for group in view.groups(inspection):
            self._group(group)
        aside = view.set_aside(inspection)
        if aside:
            _line(self.console)
            _line(self.console, f"【经人工认定不计】{len(aside)} 项", "bold")
            for shown in aside:
                self._finding(shown)
        if not inspection.findings:
            _line(self.console)
            _line(self.console, "未发现问题。", "bold green")
        self._changes(inspection)
        self._notes(inspection)
        self._undecided(inspection)
        _line(self.console)
        self._put("", _total(inspection), style="bold")

    def _head(self, inspection: Inspection) -> None:
        _line(self.console, "═" * (self.width // cell_len("═")), _FAINT)
        self._put("", view.heading(inspection), style="bold")
        for fact in view.facts(inspection):
            value = "未能识别" if fact.value is None else veiled(fact.value)
            self._put(f"  {fact.label}", f"{value}（{fact.how}）" if fact.how and value else value or fact.how)
        self._put("  判定日期", inspection.profile.judged_on)
        self._put("  历次对比", history.compared(inspection))
        for note in inspection.compared.notes if inspection.compared else ():
            self._put("", note, indent=12, style=_FAINT)
        for card in inspection.scorecards:
            score = f"{view.number(card.score)} / {view.number(card.max)}"
            span = view.score_range(card)
            parts = [score, f"未定事项可使得分在 {span} 之间" if span else "", card.grade, card.verdict]
            self._put("  得分", "  ".join(part for part in parts if part), style="bold")
            self._put("", card.note, indent=12, style=_FAINT)

    def _group(self, group: view.Group) -> None:
        _line(self.console)
        parts = [f"{labels.OUTCOME['fail']} {len(group.fails)} 项"] if group.fails else []
        parts += [f"{labels.OUTCOME['needs_review']} {len(group.reviews)} 项"] if group.reviews else []
        title = f"【{group.label}】{'，'.join(parts)}"
        _line(self.console, title, _STYLE[group.severity])
        for shown in (*group.fails, *group.reviews):
            self._finding(shown)

    def _finding(self, shown: view.Shown) -> None:
        finding = shown.finding
        _line(self.console)
        counted = finding.counted_as
        verdict = "待人工核对，不计为问题" if counted == "needs_review" else labels.OUTCOME[counted]
        style = {"needs_review": _REVIEW, "none": _FAINT}.get(counted, _STYLE[finding.severity])
        self._put(f"{shown.number}.", f"{finding.rule} {finding.title}〔{verdict}〕", style=style, label_width=4)
        for label, text in _details(finding):
            self._put(f"    {label}", text, label_width=10, label_style=_FAINT)

    def _changes(self, inspection: Inspection) -> None:
        """What was mended since the earlier inspection, and what could not be looked at again."""
        lists = {"上次检查后已改正": history.mended(inspection), "上次发现、本次未能复查": inspection.unseen}
        for title, formers in lists.items():
            if formers:
                _line(self.console)
                _line(self.console, f"【{title}】{len(formers)} 项", "bold")
            for former in formers:
                self._put("  ·", f"{former.rule} {former.title}　{former.message}", label_width=4)
                self._put("", former.why, indent=4, style=_FAINT)

    def _notes(self, inspection: Inspection) -> None:
        notes = extent.coverage(inspection).notes
        if notes and inspection.subject.kind == "report":
            _line(self.console)
            _line(self.console, "【读取说明】", "bold")
            for note in notes:
                self._put("  ·", view.visible(note), label_width=4)

    def _undecided(self, inspection: Inspection) -> None:
        lists = view.rules(inspection)
        for title, reasons in (("未能核查", lists.not_checked), ("本程序出错，未得出结论", lists.errors)):
            if not reasons:
                continue
            _line(self.console)
            _line(self.console, f"【{title}】", "bold")
            for reason in reasons:
                names = "；".join(f"{rule.code} {rule.title}".strip() for rule in reason.rules)
                self._put("  ·", f"{reason.text}", label_width=4)
                self._put("", names, indent=4, style=_FAINT)

    def _put(
        self,
        label: str,
        text: str,
        *,
        label_width: int = 12,
        indent: int = 0,
        style: str = "",
        label_style: str = "",
    ) -> None:
        """A label and its text, the text's further lines indented below its first."""
        if not text:
            return
        start = max(label_width, cell_len(label) + 1) if label else indent
        for index, line in enumerate(wrap(view.visible(text), self.width - start)):
            lead = label if index == 0 else ""
            built = Text(lead + " " * (start - cell_len(lead)), style=label_style)
            built.append(line, style=style)
            self.console.print(built, soft_wrap=True)


def _details(finding: Finding) -> list[tuple[str, str]]:
    lines = [
        ("问题" if finding.outcome == "fail" else "事项", finding.message),
        ("位置", _place(finding)),
        ("原文", _context(finding) or _quote(finding.quote)),
        ("算式", finding.arithmetic),
    ]
    cells = view.drawn_cells(finding)
    if cells:
        lines.append(("相关", "；".join(f"{cell.label}：{cell.quote}" for cell in cells)))
    facing = view.counterpart(finding)
    for item in (*([facing] if facing else []), *view.places_apart(finding)):
        lines.append(("相关", f"{item.label or '相关位置'}：{view.place(item.where)}：{_quote(item.quote)}"))
    lines.append(("依据", "\n".join(view.cite(basis) for basis in finding.cites)))
    lines += [("整改", finding.remedy), ("局限", finding.limits)]
    if not finding.verified:
        lines.append(("说明", "本条规则所依据的事实尚未与原文核对。"))
    lines.append(("历次", history.state(finding)))
    lines += [("原在", finding.moved_from or ""), ("认定", history.decision(finding))]
    return [(label, text) for label, text in lines if text]


def _total(inspection: Inspection) -> str:
    tally = view.counts(inspection)
    parts = [f"{labels.SEVERITY[s]} {tally[s, 'fail']}" for s in SEVERITIES if tally[s, "fail"]]
    fails = f"问题 {view.total(inspection, 'fail')} 项" + (f"（{'，'.join(parts)}）" if parts else "")
    reviews = f"待人工核对 {view.total(inspection, 'needs_review')} 项"
    return f"合计：{fails}，{reviews}，未能核查的规则 {view.undecided(inspection)} 条。"


def _place(finding: Finding) -> str:
    where = finding.where
    origin = f"，{veiled(where.url)}" if where.url else ""
    return view.place(where) + origin


def _quote(quote: str) -> str:
    flat = " ".join(quote.split()) or quote
    if len(flat) > _LONG_QUOTE:
        half = _LONG_QUOTE // 2
        flat = f"{flat[:half]}……{flat[-half:]}"
    return f"“{flat}”"


def _context(finding: Finding) -> str:
    before, after = finding.excerpt.before, finding.excerpt.after
    if len(finding.quote) > _SHORT_QUOTE or not (before or after):
        return ""
    lead = "…" if len(before) > _AROUND else ""
    tail = "…" if len(after) > _AROUND else ""
    text = f"{lead}{before[-_AROUND:]}【{finding.quote}】{after[:_AROUND]}{tail}"
    return " ".join(text.split())


def _line(console: Console, text: str = "", style: str = "") -> None:
    for part in wrap(view.visible(text), min(console.width, _WIDEST)):
        console.print(Text(part, style=style), soft_wrap=True)
