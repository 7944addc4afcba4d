"""What every report shows of an inspection, put in order once: groups, places, facts, counts, rule lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from reports import labels
from scoring.inspection import (
    SEVERITIES,
    Cite,
    Excerpt,
    Finding,
    Inspection,
    ManualItem,
    Place,
    ScorecardResult,
    Severity,
    Where,
)

_PLACES_SHOWN = 8  # pictures of cells below one finding
_SHEET_CELL = re.compile(r"(?:.+!)?[A-Z]{1,3}[1-9]\d*", re.DOTALL)
_DIGEST_SHOWN = 12  # hex digits that still tell records of one capture apart at a glance


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with its running number and the anchor that links to it."""

    number: int
    anchor: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of one severity, faults apart from what a person must look at."""

    severity: Severity
    label: str
    fails: tuple[Shown, ...]
    reviews: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact about the subject. ``value`` is None where it is not known; ``how`` says how it was found."""

    label: str
    value: str | None
    how: str = ""
    link: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in a list of the report. ``times`` counts its judgements."""

    code: str
    title: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Reason:
    """Rules that could not be decided, by the one reason they share."""

    text: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Every rule of the inspection that has no finding, by what became of it."""

    passed: tuple[Rule, ...]
    not_applicable: tuple[Rule, ...]
    not_checked: tuple[Reason, ...]
    errors: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One stored record that findings rest on."""

    record: str
    digest: str
    origin: str
    findings: int


@dataclass(frozen=True, slots=True)
class Unread:
    """An input that could not be judged at all. ``reason`` is one Chinese line."""

    name: str
    reason: str


def groups(inspection: Inspection) -> tuple[Group, ...]:
    """Findings by severity, worst first, numbered through; severities without findings are left out."""
    found: list[Group] = []
    number, taken = 0, set[str]()
    for severity in SEVERITIES:
        parts: dict[str, list[Shown]] = {"fail": [], "needs_review": []}
        for outcome, part in parts.items():
            for finding in inspection.findings:
                if (finding.severity, finding.counted_as) == (severity, outcome):
                    number += 1
                    part.append(Shown(number, _anchor(finding.id, number, taken), finding))
        if parts["fail"] or parts["needs_review"]:
            name = labels.SEVERITY[severity]
            found.append(Group(severity, name, tuple(parts["fail"]), tuple(parts["needs_review"])))
    return tuple(found)


def set_aside(inspection: Inspection) -> tuple[Shown, ...]:
    """Findings that a person decided not to count, numbered on from the others."""
    aside = [finding for finding in inspection.findings if finding.counted_as == "none"]
    start, taken = len(inspection.findings) - len(aside) + 1, set[str]()
    return tuple(Shown(number, _anchor(one.id, number, taken), one) for number, one in enumerate(aside, start))


def _anchor(identity: str, number: int, taken: set[str]) -> str:
    anchor = "finding-" + re.sub(r"[^A-Za-z0-9._-]", "-", identity)
    if anchor in taken:
        anchor = f"{anchor}.{number}"
    taken.add(anchor)
    return anchor


def counts(inspection: Inspection) -> dict[tuple[str, str], int]:
    """Number of findings by (severity, outcome); every pair is there."""
    seen = Counter((finding.severity, finding.counted_as) for finding in inspection.findings)
    return {(s, o): seen[s, o] for s in SEVERITIES for o in ("fail", "needs_review")}


def total(inspection: Inspection, outcome: str) -> int:
    """Number of findings that count as this outcome."""
    return sum(finding.counted_as == outcome for finding in inspection.findings)


def worst_severity(inspection: Inspection) -> Severity | None:
    """The severity of the gravest fault; None where there is none."""
    failed = {finding.severity for finding in inspection.findings if finding.counted_as == "fail"}
    return next((severity for severity in SEVERITIES if severity in failed), None)


def conclusion(inspection: Inspection) -> str:
    """The result in a sentence or two: faults by severity, what a person must look at, what is undecided."""
    tally = counts(inspection)
    fails, reviews = total(inspection, "fail"), total(inspection, "needs_review")
    if fails:
        parts = [f"{labels.SEVERITY[s]} {tally[s, 'fail']}" for s in SEVERITIES if tally[s, "fail"]]
        first = f"发现问题 {fails} 项（{'，'.join(parts)}）"
    else:
        first = "未发现问题"
    if reviews:
        first += f"；另有 {reviews} 项待人工核对，不计为问题"
    aside = len(set_aside(inspection))
    if aside:
        first += f"；{aside} 项经人工认定不计"
    lists = rules(inspection)
    open_rules = sum(len(reason.rules) for reason in lists.not_checked)
    broken = sum(len(reason.rules) for reason in lists.errors)
    rest = f"{open_rules} 条规则未能核查。" if open_rules else ""
    if broken:
        rest += f"{broken} 条规则因本程序出错未得出结论。"
    return f"{first}。{rest}"


def number(value: float) -> str:
    """Points as people write them: at most two decimals, none where they are zero."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def score_range(card: ScorecardResult) -> str:
    """The range of a score that open outcomes could still move; empty where it is fixed."""
    low, high = card.range
    return "" if low == high else f"{number(low)}～{number(high)}"


def facts(inspection: Inspection) -> tuple[Fact, ...]:
    """Who and what was judged, each with the way it was recognised."""
    subject = inspection.subject
    how = {_FACT_ALIAS.get(key, key): text for key, text in subject.recognised.items()}
    words: dict[str, Mapping[str, str]] = {
        "publisher": labels.PUBLISHER,
        "level": labels.LEVEL,
        "format": labels.FORMAT,
    }
    # A report without these is worth a line saying so; on a site they are not asked for.
    asked = {"report_year", "format", "publisher", "published"} if subject.kind == "report" else set()
    found = []
    for key, label in labels.FACT.items():
        value = getattr(subject, key)
        if key == "name" and subject.kind == "document":  # the title says it
            continue
        if value in (None, "") and key not in asked and key not in how:
            continue
        text = None if value in (None, "") else words.get(key, {}).get(str(value), str(value))
        found.append(Fact(label, text, how.pop(key, ""), link=key == "url"))
    found.extend(Fact(key, "", text) for key, text in how.items())
    return tuple(found)


_FACT_ALIAS = {"unit": "name", "year": "report_year"}


def options(inspection: Inspection) -> tuple[tuple[str, str], ...]:
    """What the user set for this inspection, named in Chinese."""
    words = labels.PUBLISHER
    return tuple(
        (labels.OPTION.get(key, key), words.get(str(value), str(value)))
        for key, value in inspection.profile.options.items()
        if key in labels.OPTION and value not in (None, "", [], {})
    )


def drawn_cells(finding: Finding) -> tuple[Place, ...]:
    """Related cells that are marked in a table drawn already: a line says enough about them."""
    return tuple(p for p in finding.related if p.where.row is not None and p.excerpt == Excerpt())


def counterpart(finding: Finding) -> Place | None:
    """The passage of another document that a finding is about together with its own: shown side by side.

    None where the finding rests on cells, or on more places than the two.
    """
    if finding.where.row is not None or len(finding.related) != 1:
        return None
    other = finding.related[0]
    return other if other.where.row is None and other.where.record != finding.where.record else None


def places_apart(finding: Finding) -> tuple[Place, ...]:
    """Related places that need a drawing of their own."""
    drawn = (*drawn_cells(finding), counterpart(finding))
    return tuple(p for p in finding.related if p not in drawn)


def recognised_places(finding: Finding) -> tuple[Place, ...]:
    """The places of a finding that were read by character recognition and are shown as they look, each once.

    Its own comes first, then the least certain ones; of many only so many as a person compares.
    """
    own = Place(finding.where, finding.quote)
    every = {place.where: place for place in (*reversed(finding.related), own)}
    read = [place for place in every.values() if place.where.confidence is not None and place.where.box is not None]
    in_order = sorted(read, key=lambda p: (p is not own, p.where.confidence, p.where.page, p.where.box))
    return tuple(in_order[:_PLACES_SHOWN])


def heading(inspection: Inspection) -> str:
    """The name of the subject with its year, as a title."""
    subject = inspection.subject
    if subject.kind == "report" and subject.report_year and str(subject.report_year) not in subject.name:
        return f"{subject.name}（{subject.report_year}年度）"
    return subject.name


def kind(inspection: Inspection) -> str:
    """What sort of report this is."""
    if inspection.subject.kind == "site":
        return "政府网站信息公开检查报告"
    return "文字检查报告" if inspection.subject.kind == "document" else "政府信息公开工作年度报告检查报告"


def place(where: Where) -> str:
    """Where a quote stands, for people: column of the site, section, table, row, column, line."""
    parts = list(where.column_path)
    if where.layer == "source":
        parts.append("网页源代码")
    parts += [text for text in (where.section, where.table) if text]
    parts += [f"“{text}”行" for text in (where.row_label,) if text]
    parts += [f"“{text}”列" for text in (where.column_label,) if text]
    if where.row is not None and where.column is not None and not _SHEET_CELL.fullmatch(where.selector):
        parts.append(f"表内第 {where.row + 1} 行第 {where.column + 1} 列")
    elif text := line(where):
        parts.append(text)
    elif not parts and where.page is None:
        parts.append(f"元素 {where.selector}" if where.selector else f"第 {where.block + 1} 个内容块")
    parts += [f"第 {where.page} 页"] if where.page is not None else []
    return " › ".join(" ".join(part.split()) for part in parts)


def cite(basis: Cite) -> str:
    """A legal basis as it is written: 《名称》（文号）条款."""
    number = f"（{basis.number}）" if basis.number else ""
    # A practice of inspectors is no regulation and must not look like one.
    name = basis.name if basis.regulation.startswith("practice-") else f"《{basis.name}》"
    return f"{name}{number}{basis.article}"


def basis(item: ManualItem) -> str:
    """The legal basis of something that a person must check, as it is written."""
    return cite(Cite(item.regulation, item.name, item.number, item.article))


def line(where: Where) -> str:
    """The line or paragraph of a place as people count it; empty where its selector does not say."""
    if match := re.fullmatch(r"line (\d+)", where.selector):
        return f"第 {match[1]} 行"
    if match := re.fullmatch(r"body/p\[(\d+)\]", where.selector):
        return f"正文第 {match[1]} 段"
    return f"单元格 {where.selector}" if _SHEET_CELL.fullmatch(where.selector) else ""


def digest(value: str) -> str:
    """A digest short enough for a line."""
    name, _, rest = value.partition(":")
    return f"{name}:{rest[:_DIGEST_SHOWN]}…" if len(rest) > _DIGEST_SHOWN else value


def moment(value: str) -> str:
    """An ISO time as people read it; its offset stays, for it is part of the evidence."""
    match = re.fullmatch(r"(\S+)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?", value)
    if match is None:
        return value
    zone = {"Z": "UTC", "+00:00": "UTC", "+08:00": "北京时间", None: ""}.get(match[3], f"UTC{match[3]}")
    return f"{match[1]} {match[2]}" + (f"（{zone}）" if zone else "")


def rules(inspection: Inspection) -> Rules:
    """The rules without a finding: passed, not applicable, not checked and our own errors."""
    titles = inspection.rule_titles
    passed, not_applicable = [], []
    told = {(item.rule, item.outcome) for item in inspection.unchecked}
    lost: dict[str, dict[str, list[Rule]]] = {"not_checked": {}, "error": {}}
    for item in inspection.unchecked:
        listed = lost[item.outcome].setdefault(item.reason, [])
        if all(rule.code != item.rule for rule in listed):
            listed.append(Rule(item.rule, item.title or titles.get(item.rule, "")))
    for code, seen in sorted(inspection.outcomes.items()):
        title = titles.get(code, "")
        for outcome, by_reason in lost.items():
            if seen.get(outcome) and (code, outcome) not in told:
                by_reason.setdefault("未记录原因", []).append(Rule(code, title))
        if seen.get("fail") or seen.get("needs_review"):
            continue
        if seen.get("pass"):
            passed.append(Rule(code, title, seen["pass"]))
        elif seen.get("not_applicable") and not seen.get("not_checked") and not seen.get("error"):
            not_applicable.append(Rule(code, title, seen["not_applicable"]))
    reasons = {
        outcome: tuple(Reason(text, tuple(sorted(listed, key=lambda rule: rule.code))) for text, listed in by.items())
        for outcome, by in lost.items()
    }
    return Rules(tuple(passed), tuple(not_applicable), reasons["not_checked"], reasons["error"])


def sources(inspection: Inspection) -> tuple[Source, ...]:
    """The stored records that findings rest on, in order of first use."""
    used: dict[tuple[str, str, str], set[str]] = {}
    for finding in inspection.findings:
        for where in (finding.where, *(item.where for item in finding.related)):
            key = (where.record, where.digest, where.url or where.file or "")
            used.setdefault(key, set()).add(finding.id)
    return tuple(Source(*key, len(findings)) for key, findings in used.items())


def undecided(inspection: Inspection) -> int:
    """Number of rules that stayed undecided, for want of evidence or through an error of ours."""
    lists = rules(inspection)
    return sum(len(reason.rules) for reason in (*lists.not_checked, *lists.errors))


def _replacements() -> dict[int, str]:
    table = {code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)}
    table[0x7F] = "␡"
    table |= dict.fromkeys([*range(0x80, 0xA0), *range(0xD800, 0xE000)], "\ufffd")
    table |= dict.fromkeys((0x2028, 0x2029), "\n")
    hidden = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
    return table | {code: f"⟨U+{code:04X}⟩" for code in hidden}


_VISIBLE = _replacements()


def visible(text: str) -> str:
    """Text that cannot steer a terminal or turn a line round: control characters become visible signs."""
    return text.translate(_VISIBLE)
