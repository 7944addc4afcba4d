"""The schema of rule files, made from the check types: ``python -m scoring.rule_schema --write`` or ``--check``."""

from __future__ import annotations

import json
import sys
from dataclasses import fields
from typing import Any

from crawler.evidence import Site
from scoring.checks import BY_NAME
from scoring.data import RULES
from scoring.inspection import OUTCOMES, SEVERITIES

PATH = RULES / "rule.schema.json"
_DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_TEXT = {"type": "string", "minLength": 1}


def _message() -> dict[str, Any]:
    with_severity = {
        "type": "object",
        "properties": {"text": _TEXT, "severity": {"enum": list(SEVERITIES)}},
        "required": ["text"],
        "additionalProperties": False,
    }
    return {"type": "object", "additionalProperties": {"anyOf": [_TEXT, with_severity]}, "minProperties": 1}


def _check() -> tuple[dict[str, Any], dict[str, Any]]:
    definitions: dict[str, Any] = {}
    branches = []
    for name, check in sorted(BY_NAME.items()):
        schema = check.model_json_schema(ref_template="#/$defs/{model}")
        definitions.update(schema.pop("$defs", {}))
        schema["required"] = sorted({*schema.get("required", []), "use"})
        definitions[f"check_{name}"] = schema
        branches.append(
            {
                "if": {"properties": {"use": {"const": name}}, "required": ["use"]},
                "then": {"$ref": f"#/$defs/check_{name}"},
            }
        )
    base = {"type": "object", "required": ["use"], "properties": {"use": {"enum": sorted(BY_NAME)}}}
    return {**base, "allOf": branches}, definitions


def _counted() -> dict[str, Any]:
    """What an example says a crawl counted for the report year: entries, and the columns they stand in."""
    count, flag = {"type": "integer", "minimum": 0}, {"type": "boolean"}
    column = {
        "type": "object",
        "properties": {"name": _TEXT, "seen": count, "undated": count, "complete": flag},
        "required": ["name", "seen"],
        "additionalProperties": False,
    }
    gaps = {"type": "array", "items": _TEXT}
    columns = {"type": "array", "items": column}
    return {
        "type": "object",
        "properties": {"seen": count, "undated": count, "gaps": gaps, "portal": flag, "columns": columns},
        "required": ["seen"],
        "additionalProperties": False,
    }


def _made_site() -> dict[str, Any]:
    """What an example says a site is, and what was read of it: paths below its home page name pages."""
    flag, count = {"type": "boolean"}, {"type": "integer", "minimum": 0}
    texts = {"type": "array", "items": _TEXT}
    page_keys = ("html", "title", "head", "body", "lang", "kind", "found_on")
    page = {
        "type": "object",
        "properties": {**{key: {"type": "string"} for key in page_keys}, "published": _DATE, "column_path": texts},
        "additionalProperties": False,
    }
    column = {
        "type": "object",
        "properties": {
            "name": _TEXT, "url": _TEXT, "path": texts, "pages": texts, "entries": count, "newest": _DATE,
            "complete": flag, "gaps": texts, "years": {"type": "object"}, "undated": count, "expected": count,
            "empty": {"enum": ["", "stated", "blank"]}, "empty_quote": _TEXT, "window": count, "tag": _TEXT,
        },
        "required": ["name", "url"],
        "additionalProperties": False,
    }  # fmt: skip
    check = {
        "type": "object",
        "properties": {"url": _TEXT, "kind": {"enum": ["picture", "link"]}, "outcome": _TEXT, "tries": count},
        "required": ["url", "kind", "outcome"],
        "additionalProperties": False,
    }
    file = {
        "type": "object",
        "properties": {"media": _TEXT, "outcome": _TEXT, "size": count},
        "additionalProperties": False,
    }
    probes = {
        "type": "object",
        "properties": {"last": _DATE, "days": count, "a_day": count, "failed": count},
        "required": ["last", "days", "a_day", "failed"],
        "additionalProperties": False,
    }
    site_keys: dict[str, Any] = {field.name: {} for field in fields(Site)}
    return {
        "type": "object",
        "properties": {
            **site_keys,
            "pages": {"type": "object", "additionalProperties": page},
            "columns": {"type": "array", "items": column},
            "unread": {"type": "object", "additionalProperties": _TEXT},
            "refused": texts,
            "hosts": {"type": "object"},
            "checks": {"type": "array", "items": check},
            "probes": probes,
            "files": {"type": "object", "additionalProperties": file},
        },
        "additionalProperties": False,
    }


def build() -> dict[str, Any]:
    """The JSON Schema (2020-12) of one rule file."""
    check, definitions = _check()
    article = {
        "type": "object",
        "properties": {"regulation": _TEXT, "article": _TEXT},
        "required": ["regulation", "article"],
        "additionalProperties": False,
    }
    version = {
        "type": "object",
        "properties": {
            "effective_from": _DATE,
            "effective_to": _DATE,
            "from_report_year": {"type": "integer"},
            "to_report_year": {"type": "integer"},
            "cites": {"type": "array", "items": article, "minItems": 1},
            "check": check,
            "site_check": check,
        },
        "required": ["effective_from", "cites", "check"],
        "additionalProperties": False,
    }
    example = {
        "type": "object",
        "properties": {
            "name": _TEXT,
            "given": {"$ref": "#/$defs/given"},
            "expect": {"enum": list(OUTCOMES)},
            "message": _TEXT,
            "contains": _TEXT,
            "count": {"type": "integer", "minimum": 1},
        },
        "required": ["name", "given", "expect"],
        "additionalProperties": False,
    }
    change = {
        "type": "object",
        "properties": {"find": _TEXT, "with": {"type": "string"}},
        "required": ["find", "with"],
        "additionalProperties": False,
    }
    found_report = {
        "type": "object",
        "properties": {"year": {"type": ["integer", "null"]}, "title": _TEXT},
        "required": ["year"],
        "additionalProperties": False,
    }
    given = {
        "type": "object",
        "properties": {
            "base": _TEXT,
            "text": _TEXT,
            "replace": {"type": "array", "items": change},
            "report_year": {"type": "integer"},
            "publisher": {"enum": ["department", "government", "township"]},
            "published": {"anyOf": [_DATE, {"type": "null"}]},
            "unit": _TEXT,
            "level": {"enum": ["province", "city", "county", "township"]},
            "page": {"type": "boolean"},
            "carrier": {"enum": ["html", "text", "markdown"]},
            "previous": {"$ref": "#/$defs/given"},
            "earlier": {"$ref": "#/$defs/given"},
            **{name: {"type": "array", "items": {"$ref": "#/$defs/given"}} for name in ("copies", "siblings", "below")},
            "lacking": {"type": "array", "items": _TEXT},
            "counted": {"$ref": "#/$defs/counted"},
            "judged_on": _DATE,
            "reports": {"type": "array", "items": found_report},
            "region": {"type": "array", "items": _TEXT},
            "region_complete": {"type": "boolean"},
            "site": {"$ref": "#/$defs/made_site"},
        },
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Duwang rule file",
        "type": "object",
        "properties": {
            "id": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
            "code": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{3}$"},
            "title": _TEXT,
            "pass_title": _TEXT,
            "status": {"enum": ["draft", "trial", "stable", "deprecated"]},
            "severity": {"enum": list(SEVERITIES)},
            "verified": {"type": "boolean"},
            "limits": _TEXT,
            "versions": {"type": "array", "items": version, "minItems": 1},
            "messages": {
                "type": "object",
                "properties": {o: _message() for o in ("fail", "needs_review", "not_checked", "not_applicable")},
                "additionalProperties": False,
            },
            "remedy": _TEXT,
            "examples": {"type": "array", "items": example, "minItems": 3},
        },
        "required": [
            "id", "code", "title", "pass_title", "status", "severity", "limits", "versions", "messages", "remedy",
            "examples",
        ],
        "additionalProperties": False,
        "$defs": {**definitions, "given": given, "counted": _counted(), "made_site": _made_site()},
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    """``--write`` writes the schema, ``--check`` compares; status 1 where it is out of date."""
    text = json.dumps(build(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if "--write" in arguments:
        PATH.write_text(text, encoding="utf-8")
        return 0
    current = PATH.read_text(encoding="utf-8") if PATH.exists() else ""
    if current != text:
        sys.stderr.write(f"{PATH.name}: out of date; run python -m scoring.rule_schema --write\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
