"""``inspection.json``: checked against its schema, written whole, read back."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.errors import ReportError, system_reason
from reports.files import write_whole
from scoring.inspection import FORMAT, Inspection
from scoring.schema import Schema

if TYPE_CHECKING:
    from jsonschema import ValidationError

# Larger than any real inspection (200 findings take under 1 MB); a hostile file must not fill the memory.
_MAX_BYTES = 256 * 1024 * 1024


_SCHEMA = Schema(files("reports") / "schema" / "inspection.schema.json")


def fault(data: Any) -> str | None:
    """What is wrong with the object of an inspection file: one Chinese phrase with its place, or None."""
    error = _SCHEMA.fault(data)
    return None if error is None else _explain(error)


def dumps(inspection: Inspection) -> bytes:
    """The inspection as indented UTF-8 JSON, keys in the order of the records.

    Raises ReportError where it breaks the schema.
    """
    data = inspection.to_dict()
    wrong = fault(data)
    if wrong is not None:
        raise ReportError(f"检查结果不符合格式，未写入：{wrong}。这是程序的缺陷，请报告。")
    text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    # A lone surrogate has no UTF-8 form; as the JSON escape it survives the round trip.
    return text.encode("utf-8", "backslashreplace")


def write(inspection: Inspection, path: Path) -> None:
    """Validate, then write ``path`` whole. Raises ReportError."""
    write_whole(path, dumps(inspection))


def load(path: Path) -> Inspection:
    """Read an inspection file. Raises ReportError with one Chinese line on anything that is not one."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ReportError(f"{path}：文件过大，不是检查结果。请指定 duwang 生成的 inspection.json。")
        body = path.read_bytes()
    except OSError as error:
        raise ReportError(f"{path}：无法读取（{system_reason(error)}）。请检查路径和权限。") from error
    try:
        data = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{path}：不是有效的 JSON 文件。请指定 duwang 生成的 inspection.json。") from error
    if isinstance(data, dict) and data.get("format", FORMAT) != FORMAT:
        raise ReportError(f"{path}：格式版本不是 {FORMAT}，本程序不能读取。请用生成它的程序版本打开。")
    wrong = fault(data)
    if wrong is not None:
        raise ReportError(f"{path}：不是完整的检查结果：{wrong}。请重新生成该文件。")
    return Inspection.from_dict(data)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _explain(error: ValidationError) -> str:
    place = error.json_path.removeprefix("$").lstrip(".") or "顶层"
    rule = str(error.validator)
    if rule == "required":
        # jsonschema names the missing or unknown item only inside its English sentence, in quotes.
        return f"{place} 缺少 {error.message.split(chr(39))[1]}"
    reasons = {
        "additionalProperties": "有不认识的项",
        "type": "类型不对",
        "enum": "不是允许的值",
        "const": "不是允许的值",
        "pattern": "写法不对",
        "format": "不是有效的日期",
        "minLength": "不能为空",
        "minItems": "不能为空",
        "oneOf": "url 与 file 应当且只能有一个",
        "anyOf": "取值不一致",
    }
    return f"{place} {reasons.get(rule, '取值超出范围')}"
