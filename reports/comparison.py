"""Two inspections side by side as text: for a terminal (in colour) or a plain file."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from reports import history, labels, view
from reports.text import console_for
from reports.wrap import wrap
from scoring.compare import Comparison, Score
from scoring.inspection import Finding, Former

_WIDEST = 120
_STYLE = {"new": "bold red", "reopened": "bold red", "persisting": "yellow", "fixed": "green", "unseen": "magenta"}


def plain(comparisons: Sequence[Comparison], missing: tuple[Sequence[str], Sequence[str]] = ((), ())) -> str:
    """Everything as text without colour. ``missing`` are the names that only the old side and only the new side has."""
    stream = io.StringIO()
    draw(console_for(stream), comparisons, missing)
    return stream.getvalue()


def draw(
    console: Console, comparisons: Sequence[Comparison], missing: tuple[Sequence[str], Sequence[str]] = ((), ())
) -> None:
    """Print each comparison, the subjects of one side alone, and a line of totals."""
    for comparison in comparisons:
        _one(console, comparison)
        _put(console)
    for line in missing_lines(missing):
        _put(console, line, style="bold")
    _put(console, totals(comparisons), style="bold")


def counts(comparison: Comparison) -> dict[str, int]:
    """How many findings came to which end."""
    return {
        "new": len(comparison.of("new")),
        "reopened": len(comparison.of("reopened")),
        "persisting": len(comparison.of("persisting")),
        "fixed": len(comparison.fixed),
        "unseen": len(comparison.unseen),
    }


def _one(console: Console, comparison: Comparison) -> None:
    old, new = comparison.old.profile.judged_on, comparison.new.profile.judged_on
    _put(console, f"{view.heading(comparison.new)}　{old} → {new}", style="bold")
    for score in comparison.scores:
        _put(console, f"得分　{score.title}：{_points(score)}", indent=2)
    for note in comparison.notes:
        _put(console, f"注意　{note}", indent=2, style="magenta")
    for state in ("new", "reopened", "persisting"):
        _findings(console, state, comparison.of(state))
    _formers(console, "fixed", comparison.fixed)
    _formers(console, "unseen", comparison.unseen)


def _points(score: Score) -> str:
    old, new = ("—" if one is None else view.number(one) for one in (score.old, score.new))
    change = score.change
    told = "" if change is None else f"（{'持平' if not change else f'{change:+g}'}）"
    return f"{old} → {new}{told}"


def _findings(console: Console, state: str, findings: Sequence[Finding]) -> None:
    _head(console, state, len(findings))
    for finding in findings:
        _item(console, finding.rule, finding.title, finding.severity, finding.outcome, finding.message)
        _put(console, f"位置　{finding.where.url or finding.where.file}", indent=4)
        if finding.moved_from:
            _put(console, f"原在　{finding.moved_from}", indent=4)
        if said := history.decision(finding):
            _put(console, f"认定　{said}", indent=4)
        if state != "new" and finding.first_seen:
            _put(console, f"首次发现　{finding.first_seen}", indent=4)


def _formers(console: Console, state: str, formers: Sequence[Former]) -> None:
    _head(console, state, len(formers))
    for former in formers:
        _item(console, former.rule, former.title, former.severity, former.outcome, former.message)
        if former.url:
            _put(console, f"位置　{former.url}", indent=4)
        if former.why:
            _put(console, f"原因　{former.why}", indent=4)


def _head(console: Console, state: str, number: int) -> None:
    if number:
        _put(console, f"【{labels.STATE[state]}】{number} 项", style=_STYLE[state])


def _item(console: Console, rule: str, title: str, severity: str, outcome: str, message: str) -> None:
    _put(console, f"{rule} {title}〔{labels.SEVERITY[severity]}·{labels.OUTCOME[outcome]}〕", indent=2)
    _put(console, message, indent=4)


def missing_lines(missing: tuple[Sequence[str], Sequence[str]]) -> list[str]:
    """A line on the names that only the old side has, and one on those that only the new side has."""
    told = zip(missing, ("上次有、本次没有检查", "本次新增的检查对象"), strict=True)
    return [f"{what}：{'、'.join(names)}。" for names, what in told if names]


def totals(comparisons: Sequence[Comparison]) -> str:
    """How many findings came to which end, in a line."""
    found = dict.fromkeys(labels.STATE, 0)
    for comparison in comparisons:
        for state, number in counts(comparison).items():
            found[state] += number
    return "合计：" + "，".join(f"{labels.STATE[state]} {number} 项" for state, number in found.items()) + "。"


def _put(console: Console, text: str = "", *, indent: int = 0, style: str = "") -> None:
    for line in wrap(view.visible(text), min(console.width, _WIDEST) - indent):
        console.print(Text(" " * indent + line, style=style), soft_wrap=True)
