"""Rules and the coverage of regulations in words, for a terminal or a page."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import yaml
from jinja2 import ChoiceLoader, PackageLoader
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from reports import labels
from reports.html import environment
from reports.text import console_for
from reports.view import cite, visible
from reports.wrap import wrap
from scoring.inspection import Cite
from scoring.rules import PLACES, Message, Regulation, Rule, RuleSet, RuleVersion

STATUS = {"draft": "草稿", "trial": "试运行，不计分", "stable": "启用", "deprecated": "停用"}
COVERED = {"automated": "自动检查", "partial": "部分检查", "manual": "人工检查", "out-of-scope": "不在范围内"}
_KIND = {"portal": "门户网站", "department": "部门网站"}
_OUTCOME = {
    "pass": "通过", "fail": "问题", "needs_review": "待人工核对", "not_applicable": "不适用", "not_checked": "未能核查",
    "error": "程序出错",
}  # fmt: skip
EXAMPLES = "例子"
_LABEL = 12
_WIDEST = 120


def draw_list(console: Console, rules: RuleSet) -> None:
    table = _table("编码", "名称", "严重程度", "状态")
    for rule in rules.rules:
        table.add_row(rule.code, rule.title, labels.SEVERITY[rule.severity], STATUS.get(rule.status, rule.status))
    console.print(table)
    counts = Counter(rule.severity for rule in rules.rules)
    parts = "，".join(f"{labels.SEVERITY[s]} {n}" for s, n in counts.items())
    console.print(Text(f"共 {len(rules.rules)} 条规则（{parts}）。"))


def draw_rule(console: Console, rule: Rule, rules: RuleSet) -> None:
    sheet = _Sheet(console)
    console.print(Text(f"{rule.code} {rule.title}", style="bold"))
    last = ""
    for fact in facts(rule, rules):
        sheet.put("" if fact.label == last == EXAMPLES else fact.label, fact.text, keep=fact.keep)
        last = fact.label
    sheet.put("文件", str(rule.path))


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a rule says of itself. ``keep``: lines of data, to be left as they are."""

    label: str
    text: str
    keep: bool = False


def facts(rule: Rule, rules: RuleSet) -> Iterator[Fact]:
    """All that a rule says, in the order in which it is read."""
    yield Fact("标识", rule.id)
    yield Fact("严重程度", labels.SEVERITY[rule.severity])
    yield Fact("状态", STATUS.get(rule.status, rule.status))
    yield Fact("最高结论", _OUTCOME[at_most(rule)])
    yield Fact("通过时", rule.pass_title)
    yield Fact("依据核对", "已与原文核对" if rule.verified else "尚未与原文核对，只提请人工核对")
    for version in rule.versions:
        yield from _of_version(version, rules, several=len(rule.versions) > 1)
    for outcome, messages in rule.messages.items():
        yield Fact(_OUTCOME[outcome], "\n".join(_message(name, message) for name, message in messages.items()))
    yield Fact("整改", rule.remedy)
    yield Fact("局限", rule.limits)
    for example in rule.examples:
        yield Fact(EXAMPLES, f"{example['name']}：应为{_OUTCOME[example['expect']]}{_given(example)}")


def at_most(rule: Rule) -> str:
    """The gravest outcome that a rule can come to: what only a person can settle never becomes a fault."""
    return next(one for one in ("fail", "needs_review", "pass") if rule.messages.get(one) or one == "pass")


def _of_version(version: RuleVersion, rules: RuleSet, *, several: bool) -> Iterator[Fact]:
    from_year, to_year = version.from_report_year, version.to_report_year
    term = f"{version.effective_from} 起" + (f"至 {version.effective_to}" if version.effective_to else "")
    if from_year or to_year:
        years = f"{from_year or ''} 年度起" if not to_year else f"{from_year or ''}—{to_year} 年度"
        term += f"，适用于{years}的报告"
    yield Fact("版本" if several else "施行", term)
    for basis in version.cites:
        yield Fact("依据", cite(basis) + _of_item(basis, rules))
    for name, check in (("检查方式", version.check), ("对其他网页", version.site_check)):
        if check is None:
            continue
        options = check.model_dump(mode="json", exclude={"use"}, exclude_none=True)
        yield Fact(name, str(getattr(check, "use", "")))
        if options:
            yield Fact(
                "参数", yaml.safe_dump(options, allow_unicode=True, sort_keys=False, width=80).strip(), keep=True
            )


def _of_item(basis: Cite, rules: RuleSet) -> str:
    """What an article is about and how far it is checked, in brackets."""
    regulation = rules.regulations.get(basis.regulation)
    item = next((i for i in regulation.items if i["id"] == basis.article), None) if regulation else None
    told = [item.get("subject", ""), COVERED[item["status"]]] if item else []
    return f"（{'，'.join(part for part in told if part)}）" if told else ""


def _message(name: str, message: Message) -> str:
    severity = f"〔{labels.SEVERITY[message.severity]}〕" if message.severity else ""
    return f"{name}{severity}：{message.text}"


def _given(example: Mapping[str, Any]) -> str:
    parts = [f"用语 {example['message']}" if "message" in example else ""]
    parts.append(f"含“{example['contains']}”" if "contains" in example else "")
    told = "，".join(part for part in parts if part)
    return f"（{told}）" if told else ""


def draw_coverage(console: Console, rules: RuleSet) -> None:
    for regulation in rules.regulations.values():
        console.print(Text(name_of(regulation), style="bold"))
        table = _table("条目", "内容", "检查", "规则", "说明", ratios=(3, 3, 0, 3, 5))
        for item in regulation.items:
            table.add_row(*coverage_row(item, rules))
        console.print(table)
        console.print(Text(f"小计：{totals(regulation.items)}\n"))
    console.print(Text(f"合计：{totals(_every(rules))}", style="bold"))


def coverage_plain(rules: RuleSet) -> str:
    stream = io.StringIO()
    draw_coverage(console_for(stream), rules)
    return stream.getvalue()


def coverage_page(rules: RuleSet) -> str:
    """The same as one HTML page in the look of the reports."""
    env = environment().overlay(loader=ChoiceLoader([PackageLoader("duwang"), PackageLoader("reports")]))
    regulations = [
        {
            "id": regulation.id,
            "name": name_of(regulation),
            "source": regulation.source,
            "items": [coverage_row(item, rules) for item in regulation.items],
            "totals": totals(regulation.items),
        }
        for regulation in rules.regulations.values()
    ]
    title = "法规覆盖情况"
    page: str = env.get_template("coverage.html.j2").render(
        title=title, running=title, regulations=regulations, totals=totals(_every(rules))
    )
    return page


def name_of(regulation: Regulation) -> str:
    return cite(Cite(regulation.id, regulation.name, regulation.number, ""))


def _every(rules: RuleSet) -> list[Mapping[str, Any]]:
    return [item for regulation in rules.regulations.values() for item in regulation.items]


def coverage_row(item: Mapping[str, Any], rules: RuleSet) -> tuple[str, str, str, str, str]:
    used = " ".join(code if rules.find(code) else f"{code}（没有规则文件）" for code in item.get("rules") or ())
    kinds = "、".join(_KIND[kind] for kind in item.get("kinds", ()))
    subject = item.get("subject", "") + (f"（限{kinds}）" if kinds else "")
    why = item["why"] + ("" if item.get("verified", True) else "（尚未与原文核对）")
    return str(item["id"]), subject, COVERED[item["status"]], used, why + _left(item)


def _left(item: Mapping[str, Any]) -> str:
    """What is left to a person, and where that is."""
    if not (todo := item.get("todo")):
        return ""
    return f"。人工核查{'' if item.get('place', PLACES[0]) == PLACES[0] else '内部资料'}：{todo}"


def totals(items: Iterable[Mapping[str, Any]]) -> str:
    counts = Counter(item["status"] for item in items)
    parts = "，".join(f"{label} {counts[status]}" for status, label in COVERED.items())
    return f"{sum(counts.values())} 项，其中{parts}。"


def _table(*columns: str, ratios: Sequence[int] = ()) -> Table:
    """``ratios`` share out the width; 0 keeps a column as wide as its text."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name, ratio in zip_longest(columns, ratios):
        table.add_column(name, overflow="fold", no_wrap=not ratio, ratio=ratio or None)
    return table


class _Sheet:
    """Labelled lines, the further lines of a text indented below its first."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.width = min(console.width, _WIDEST) - _LABEL

    def put(self, label: str, text: str, *, keep: bool = False) -> None:
        """``keep`` leaves the lines of the text as they are."""
        lines = text.split("\n") if keep else wrap(visible(text), self.width)
        for index, line in enumerate(lines):
            lead = Text(label if index == 0 else "")
            lead.pad_right(_LABEL - lead.cell_len)
            self.console.print(lead + Text(visible(line)), soft_wrap=True)
