"""The reference of all rules as Markdown: a page for each family, one of the coverage, and one that leads to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from duwang import rule_text
from duwang.rule_text import EXAMPLES, Fact
from reports import labels
from scoring.data import table
from scoring.rules import Rule, RuleSet

INDEX, COVERAGE = "index.md", "coverage.md"
# What Markdown and its extensions would take for a sign of their own.
_SIGNS = re.compile(r"([\\`*_{}\[\]#|~^$])")
_CODE = re.compile(r"\b[A-Z]{2}-\d{3}\b")


def pages(rules: RuleSet) -> dict[str, str]:
    """The text of every page by its file name. The same rules give the same pages."""
    # Nothing here is HTML yet: what Markdown would take for a sign is escaped by a filter of its own.
    env = Environment(loader=PackageLoader("duwang"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    env.filters.update(md=escaped)
    families = [one | {"rules": _of(one["folder"], rules)} for one in table("families")["families"]]
    families = [one for one in families if one["rules"]]
    drawn = {
        f"{one['code']}.md": env.get_template("rule_family.md.j2").render(family=one, examples=EXAMPLES)
        for one in families
    }
    regulations = [
        {
            "id": regulation.id,
            "name": rule_text.name_of(regulation),
            "source": regulation.source,
            "items": [_linked(rule_text.coverage_row(item, rules), rules) for item in regulation.items],
            "totals": rule_text.totals(regulation.items),
        }
        for regulation in rules.regulations.values()
    ]
    drawn[COVERAGE] = env.get_template("rule_coverage.md.j2").render(regulations=regulations)
    drawn[INDEX] = env.get_template("rule_index.md.j2").render(families=families, coverage=COVERAGE)
    return drawn


def escaped(text: str) -> str:
    """Text of a rule as Markdown shows it letter for letter, on one line."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SIGNS.sub(r"\\\1", plain).replace("\n", "<br>")


def _of(folder: str, rules: RuleSet) -> list[dict[str, Any]]:
    return [
        {
            "code": rule.code,
            "anchor": rule.code.lower(),
            "title": rule.title,
            "severity": labels.SEVERITY[rule.severity],
            "facts": list(_merged(rule, rules)),
            "data": [fact for fact in rule_text.facts(rule, rules) if fact.keep],
            "file": f"rules/{folder}/{rule.path.name}",
        }
        for rule in rules.rules
        if rule.family == folder
    ]


def _merged(rule: Rule, rules: RuleSet) -> Iterator[Fact]:
    """The facts that are text; those of one name that follow each other become one, line by line."""
    held: Fact | None = None
    for fact in rule_text.facts(rule, rules):
        if fact.keep:
            continue
        if held is not None and held.label == fact.label:
            held = Fact(held.label, f"{held.text}\n{fact.text}")
            continue
        if held is not None:
            yield held
        held = fact
    if held is not None:
        yield held


def _linked(row: tuple[str, str, str, str, str], rules: RuleSet) -> tuple[str, ...]:
    """A row of the coverage whose codes lead to their rules."""

    def link(match: re.Match[str]) -> str:
        code = match[0]
        return f"[{code}]({code[:2]}.md#{code.lower()})" if rules.find(code) else code

    name, subject, status, codes, why = row
    return escaped(name), escaped(subject), status, _CODE.sub(link, codes), escaped(why)
