"""Rules and regulations as data: loaded strictly, every fault of every file named with its line."""

from __future__ import annotations

import hashlib
import json
import string
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from scoring.catalogue.directory import directory_faults
from scoring.checks import BY_NAME
from scoring.data import RULES
from scoring.inspection import Cite, Severity
from scoring.results import Check
from scoring.schema import Schema
from scoring.yaml_source import RuleFileError, Source, load_yaml, schema_faults

SCHEMA = Schema(RULES / "rule.schema.json")
FAMILIES = ("annual-report", "website", "platform", "catalogue", "wording", "privacy")
APPLIES_TO = ("site", "report", "both")
PLACES = ("网站", "内部资料")  # where a person looks, the nearer first
ITEM_KEYS = {"id", "subject", "status", "rules", "why", "todo", "place", "kinds", "services", "points", "verified"}
_LAST = 100  # place of a regulation that names none, where regulations are listed


@dataclass(frozen=True, slots=True)
class Regulation:
    """One legal text: names, numbers, dates, and every article or item with its status.

    ``applies_to`` says what the text is about: ``site``, ``report`` (the annual report) or ``both``. ``bodies`` are
    words of the names of the departments that it binds; empty: all. An item may be narrowed by ``kinds`` (of site) and
    ``services``, and carries ``todo`` (what is left to a person) and ``place`` (where that person looks).
    """

    id: str
    name: str
    number: str
    source: str
    verified: bool
    issued: str | None
    items: tuple[dict[str, Any], ...]
    path: Path
    applies_to: str = "both"
    bodies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A rule as it holds from a day (of capture) or for report years.

    ``site_check`` is its check on a site, where ``check`` is one on annual reports.
    """

    effective_from: date
    effective_to: date | None
    from_report_year: int | None
    to_report_year: int | None
    cites: tuple[Cite, ...]
    check: Check
    site_check: Check | None = None

    def of(self, subject: str) -> RuleVersion | None:
        """This version as it runs on a ``report``, a ``site`` or running ``text``; None where it says nothing of it."""
        if self.check.subject == subject:
            return self
        other = self.site_check
        return replace(self, check=other) if other is not None and other.subject == subject else None


@dataclass(frozen=True, slots=True)
class Message:
    text: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule file. ``messages`` maps outcome to key to Message."""

    id: str
    code: str
    title: str
    pass_title: str
    status: str
    severity: Severity
    verified: bool
    limits: str
    remedy: str
    versions: tuple[RuleVersion, ...]
    messages: dict[str, dict[str, Message]]
    examples: tuple[dict[str, Any], ...]
    path: Path
    family: str = ""

    def version(self, on: date, report_year: int | None = None) -> RuleVersion | None:
        """The version in force: for a report by its report year, else by the day. None where none is."""
        for version in reversed(self.versions):
            if report_year is not None and (version.from_report_year or version.to_report_year):
                if (version.from_report_year or 0) <= report_year <= (version.to_report_year or 9999):
                    return version
            elif version.effective_from <= on and (version.effective_to is None or on <= version.effective_to):
                return version
        return None

    def of(self, subject: str) -> Rule | None:
        """This rule as it runs on a ``report``, a ``site`` or running ``text``; None where it says nothing of it."""
        versions = tuple(own for version in self.versions if (own := version.of(subject)) is not None)
        return replace(self, versions=versions) if versions else None


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules, by code, with the regulations they cite and a digest of all rule data."""

    rules: tuple[Rule, ...]
    regulations: dict[str, Regulation]
    digest: str
    by_code: dict[str, Rule] = field(default_factory=dict)

    def find(self, name: str) -> Rule | None:
        """A rule by code or id."""
        wanted = name.strip()
        return self.by_code.get(wanted.upper()) or next((r for r in self.rules if r.id == wanted.lower()), None)


def load(folder: Path = RULES) -> RuleSet:
    """Load regulations and rules from a folder laid out like ``rules/``. Raises RuleFileError with all faults."""
    faults: list[str] = []
    regulations = _regulations(folder, faults)
    rules: list[Rule] = []
    for family in FAMILIES:
        for path in sorted((folder / family).glob("*.yaml")):
            try:
                source = load_yaml(path)
            except RuleFileError as error:
                faults.extend(error.faults)
                continue
            wrong = schema_faults(source, SCHEMA)
            wrong += [] if wrong else _sense(source, regulations)
            if wrong:
                faults.extend(wrong)
            else:
                rules.append(_rule(source, regulations, family))
    faults.extend(_twice(rules))
    faults.extend(directory_faults(folder))
    if faults:
        raise RuleFileError(faults)
    rules.sort(key=lambda r: r.code)
    return RuleSet(tuple(rules), regulations, _digest(folder), {r.code: r for r in rules})


@lru_cache(maxsize=1)
def shipped() -> RuleSet:
    """The rules that come with the product, loaded once per process."""
    return load()


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return f"sha256:{digest.hexdigest()}"


def _regulations(folder: Path, faults: list[str]) -> dict[str, Regulation]:
    found: dict[str, Regulation] = {}
    order: dict[str, int] = {}
    for path in sorted((folder / "regulations").glob("*.yaml")):
        try:
            source = load_yaml(path)
        except RuleFileError as error:
            faults.extend(error.faults)
            continue
        data = source.value
        missing = [k for k in ("id", "name", "number", "source", "verified", "items") if k not in (data or {})]
        if missing:
            faults.append(f"{path}:1：缺少{'、'.join(missing)}；请补齐")
            continue
        if data["id"] != path.stem:
            faults.append(f"{path}:{source.line(('id',))}：id“{data['id']}”与文件名不一致；请改为“{path.stem}”")
        faults.extend(_item_faults(source))
        found[data["id"]] = Regulation(
            data["id"], data["name"], data["number"], data["source"], data["verified"], data.get("issued"),
            tuple(data["items"]), path, data.get("applies_to", "both"), tuple(data.get("bodies", ())),
        )  # fmt: skip
        order[data["id"]] = data.get("order", _LAST)
    return {name: found[name] for name in sorted(found, key=lambda name: (order[name], name))}


def _item_faults(source: Source) -> list[str]:
    """Items that could not be printed or put on a checklist, each with its line."""
    data = source.value
    result: list[str] = []
    seen: set[str] = set()

    def tell(told: str, *at: str | int) -> None:
        result.append(f"{source.path}:{source.line(at)}：{told}")

    if data.get("applies_to", "both") not in APPLIES_TO:
        tell(f"applies_to“{data['applies_to']}”不可用；可用的值：{'、'.join(APPLIES_TO)}", "applies_to")
    for index, item in enumerate(data["items"]):
        at, name = ("items", index), item.get("id")
        if item.get("status") not in ("automated", "partial", "manual", "out-of-scope") or not item.get("why"):
            tell(f"条目“{name}”缺少有效的 status 或 why；请补齐", *at)
        if name in seen:
            tell(f"条目“{name}”重复；请只保留一个", *at)
        seen.add(name)
        if extra := sorted(set(item) - ITEM_KEYS):
            tell(f"条目“{name}”有不认识的键“{'、'.join(extra)}”；可用的键：{'、'.join(sorted(ITEM_KEYS))}", *at)
        if item.get("place", PLACES[0]) not in PLACES:
            tell(f"条目“{name}”的 place 不可用；可用的值：{'、'.join(PLACES)}", *at)
        if not set(item.get("kinds", ())) <= {"portal", "department"}:
            tell(f"条目“{name}”的 kinds 不可用；可用的值：portal、department", *at)
        if item.get("status") == "partial" and data.get("applies_to") != "report" and not item.get("todo"):
            tell(f"条目“{name}”没有说明留给人工的事项；请补上 todo", *at)
    return result


def _sense(source: Source, regulations: dict[str, Regulation]) -> list[str]:
    """What the schema cannot say: names, citations, order of versions, message placeholders, honesty."""
    data = source.value
    result: list[str] = []

    def tell(told: str, *at: str | int) -> None:
        result.append(f"{source.path}:{source.line(at)}：{told}")

    if data["id"] != source.path.stem:
        tell(f"id“{data['id']}”与文件名不一致；请改为“{source.path.stem}”", "id")
    previous = ""
    for index, version in enumerate(data["versions"]):
        if version["effective_from"] < previous:
            tell("版本日期早于前一版本；新版本请加在最后", "versions", index, "effective_from")
        previous = version["effective_from"]
        for number, cite in enumerate(version["cites"]):
            regulation = regulations.get(cite["regulation"])
            if regulation is None:
                told = f"引用的法规“{cite['regulation']}”没有文件；请先在 regulations/ 中登记"
                tell(told, "versions", index, "cites", number)
            elif all(cite["article"] != item["id"] for item in regulation.items):
                told = f"法规“{regulation.id}”没有条目“{cite['article']}”；请核对条目名"
                tell(told, "versions", index, "cites", number)
    messages = data["messages"]
    if data.get("verified") is False and "fail" in messages:
        tell("依据未经核对（verified: false），不得判为 fail；请改为 needs_review", "messages", "fail")
    for outcome, keys in messages.items():
        for name, message in keys.items():
            text = message if isinstance(message, str) else message["text"]
            try:
                list(string.Formatter().parse(text))
            except ValueError:
                tell("文字中的花括号不成对；请改正", "messages", outcome, name)
    return result


def _twice(rules: Iterable[Rule]) -> list[str]:
    seen: dict[str, Path] = {}
    result = []
    for rule in rules:
        if rule.code in seen:
            result.append(f"{rule.path}:1：编码 {rule.code} 已用于 {seen[rule.code].name}；请换一个编码")
        seen[rule.code] = rule.path
    return result


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _check(data: dict[str, Any]) -> Check:
    return BY_NAME[data["use"]].model_validate_json(json.dumps(data))


def _rule(source: Source, regulations: dict[str, Regulation], family: str) -> Rule:
    data = source.value
    versions = tuple(
        RuleVersion(
            date.fromisoformat(v["effective_from"]),
            _day(v.get("effective_to")),
            v.get("from_report_year"),
            v.get("to_report_year"),
            tuple(
                Cite(
                    c["regulation"],
                    regulations[c["regulation"]].name,
                    regulations[c["regulation"]].number,
                    c["article"],
                )
                for c in v["cites"]
            ),
            _check(v["check"]),
            _check(v["site_check"]) if "site_check" in v else None,
        )
        for v in data["versions"]
    )
    messages = {
        outcome: {
            name: Message(m) if isinstance(m, str) else Message(m["text"], m.get("severity"))
            for name, m in keys.items()
        }
        for outcome, keys in data["messages"].items()
    }
    return Rule(
        data["id"], data["code"], data["title"], data["pass_title"], data["status"], data["severity"],
        data.get("verified", True), data["limits"], data["remedy"], versions, messages, tuple(data["examples"]),
        source.path, family,
    )  # fmt: skip
