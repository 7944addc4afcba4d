"""The JSON Schema of ``inspection.json``, generated from the records of ``scoring.inspection``.

The dataclasses give names, types and nesting; the tables below add what a type cannot say (patterns, minimum
lengths, "exactly one of"). ``python -m reports.schema_tool --check`` says whether the stored schema is up to
date, ``--write`` renews it.
"""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import click

from reports.files import write_whole
from scoring import inspection as records

SCHEMA_FILE = Path(__file__).parent / "schema" / "inspection.schema.json"

Schema = dict[str, Any]

_CODE = r"^[A-Z]{2}-\d{3}$"
_FILLED: Schema = {"minLength": 1}
_DIGEST: Schema = {"pattern": "^sha256:[0-9a-f]{64}$"}
_DAY: Schema = {"pattern": r"^\d{4}-\d{2}-\d{2}$", "format": "date"}
_MOMENT: Schema = {"pattern": r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$"}
_COUNT: Schema = {"minimum": 0}
_NOT_NULL: Schema = {"not": {"type": "null"}}
_NULL: Schema = {"type": "null"}

# What a field holds beyond its type. On an optional field it bears on the value, never on null.
_FIELDS: dict[tuple[str, str], Schema] = {
    ("Cite", "regulation"): _FILLED,
    ("Cite", "name"): _FILLED,
    ("Where", "record"): _FILLED,
    ("Where", "digest"): _DIGEST,
    ("Where", "block"): _COUNT,
    ("Where", "start"): _COUNT,
    ("Where", "end"): _COUNT,
    ("Where", "row"): _COUNT,
    ("Where", "column"): _COUNT,
    ("ExcerptCell", "rowspan"): {"minimum": 1},
    ("ExcerptCell", "colspan"): {"minimum": 1},
    ("ExcerptCell", "mark"): {"enum": ["primary", "related", ""]},
    ("Place", "quote"): _FILLED,
    ("Finding", "id"): _FILLED,
    ("Finding", "fingerprint"): _FILLED,
    ("Finding", "rule"): {"pattern": _CODE},
    ("Finding", "rule_id"): _FILLED,
    ("Finding", "title"): _FILLED,
    ("Finding", "cites"): {"minItems": 1},
    ("Finding", "message"): _FILLED,
    ("Finding", "quote"): _FILLED,
    ("Finding", "first_seen"): _DAY,
    ("Finding", "last_seen"): _DAY,
    ("Finding", "known_as"): _FILLED,
    ("Finding", "moved_from"): _FILLED,
    ("Decided", "id"): _FILLED,
    ("Decided", "by"): _FILLED,
    ("Decided", "until"): _DAY,
    ("Former", "fingerprint"): _FILLED,
    ("Former", "rule"): {"pattern": _CODE},
    ("Compared", "judged_on"): _DAY,
    ("Compared", "digest"): _DIGEST,
    ("Compared", "rules_digest"): _DIGEST,
    ("Unchecked", "rule"): {"pattern": _CODE},
    ("Unchecked", "reason"): _FILLED,
    ("ScoreItem", "indicator"): _FILLED,
    ("ScorecardResult", "id"): _FILLED,
    ("ScorecardResult", "title"): _FILLED,
    ("Subject", "name"): _FILLED,
    ("Subject", "id"): _FILLED,
    ("Subject", "publisher"): {"enum": ["department", "government", "township"]},
    ("Subject", "level"): {"enum": ["province", "city", "county", "township"]},
    ("Subject", "format"): {"enum": ["F2019", "F2021"]},
    ("Subject", "report_year"): {"minimum": 1900, "maximum": 9999},
    ("Subject", "published"): _DAY,
    ("Evidence", "digest"): _DIGEST,
    ("Evidence", "pages"): _COUNT,
    ("Evidence", "documents"): _COUNT,
    ("Evidence", "started"): _MOMENT,
    ("Evidence", "finished"): _MOMENT,
    ("Profile", "rules_digest"): _DIGEST,
    ("Profile", "judged_on"): _DAY,
    ("Inspection", "format"): {"const": records.FORMAT},
    ("Inspection", "rule_titles"): {"propertyNames": {"pattern": _CODE}},
    ("Inspection", "outcomes"): {
        "propertyNames": {"pattern": _CODE},
        "additionalProperties": {
            "type": "object",
            "properties": {name: {"type": "integer", "minimum": 0} for name in records.OUTCOMES},
            "required": list(records.OUTCOMES),
            "additionalProperties": False,
        },
    },
}

_FIXED = ("fingerprint", "rule", "since")

# Fields that later versions added: files of earlier ones lack them, and read as if they held the default.
_LATER = {
    "Where": ("page", "box", "confidence"),
    "Evidence": ("beside", "lacking"),
    "Finding": ("known_as", "moved_from", "decision", "reply", "recheck"),
    "Former": tuple(item.name for item in dataclasses.fields(records.Former) if item.name not in _FIXED),
    "Inspection": ("unseen", "compared"),
    "ScoreItem": ("costs", "undecided"),
    "ScorecardResult": ("grave", "reduced"),
    "Subject": ("id",),
}

# What holds between the fields of one record.
_RECORDS: dict[str, Schema] = {
    "Where": {
        "oneOf": [
            {"properties": {"url": _NOT_NULL, "file": _NULL}},
            {"properties": {"url": _NULL, "file": _NOT_NULL}},
        ],
        "anyOf": [
            {"properties": {"row": _NULL, "column": _NULL}},
            {"properties": {"row": _NOT_NULL, "column": _NOT_NULL}},
        ],
    },
}

_PLAIN: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}


def build() -> Schema:
    """The schema as JSON types, keys in a stable order."""
    definitions: dict[str, Schema] = {}
    root = _record(records.Inspection, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:duwang:inspection:1",
        "title": "Duwang inspection",
        **root,
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    }


def text() -> str:
    """The schema file as it must stand."""
    return json.dumps(build(), ensure_ascii=False, indent=2) + "\n"


def _record(cls: type, definitions: dict[str, Schema]) -> Schema:
    hints = get_type_hints(cls)
    names = [item.name for item in dataclasses.fields(cls)]
    properties = {n: _value(hints[n], definitions, _FIELDS.get((cls.__name__, n), {})) for n in names}
    required = [name for name in names if name not in _LATER.get(cls.__name__, ())]
    shape = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return {**shape, **_RECORDS.get(cls.__name__, {})}


def _value(hint: Any, definitions: dict[str, Schema], extra: Schema) -> Schema:
    origin, args = get_origin(hint), get_args(hint)
    if hint is Any:
        return dict(extra)
    if origin in (Union, types.UnionType):
        return _optional(args, definitions, extra)
    if origin is Literal:
        return {"enum": list(args), **extra}
    if origin is tuple:
        return {**_tuple(args, definitions), **extra}
    if origin is dict:
        return {"type": "object", "additionalProperties": _value(args[1], definitions, {}), **extra}
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        definitions.setdefault(hint.__name__, {})
        definitions[hint.__name__] = _record(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    return {"type": _PLAIN[hint], **extra}


def _optional(args: Iterable[Any], definitions: dict[str, Schema], extra: Schema) -> Schema:
    kinds = [arg for arg in args if arg is not types.NoneType]
    return {"anyOf": [*(_value(kind, definitions, extra) for kind in kinds), _NULL]}


def _tuple(args: tuple[Any, ...], definitions: dict[str, Schema]) -> Schema:
    if args[-1] is Ellipsis:
        return {"type": "array", "items": _value(args[0], definitions, {})}
    items = [_value(arg, definitions, {}) for arg in args]
    return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}


@click.command()
@click.option("--check", "mode", flag_value="check", default="check", help="比较，不一致则失败（默认）。")
@click.option("--write", "mode", flag_value="write", help="重新生成。")
def main(mode: str) -> None:
    """检查或重新生成 inspection.json 的模式文件。"""
    if mode == "write":
        write_whole(SCHEMA_FILE, text().encode())
        click.echo(f"已写入 {SCHEMA_FILE.name}。")
    elif not SCHEMA_FILE.is_file() or SCHEMA_FILE.read_text(encoding="utf-8") != text():
        raise click.ClickException(
            f"{SCHEMA_FILE.name} 与数据结构不一致，请运行 python -m reports.schema_tool --write。"
        )


if __name__ == "__main__":
    main()
