"""``decisions.jsonl``: what persons decided, one line each, beside the inspections; lines are only ever added."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from crawler.errors import UnusableInput
from scoring.decisions import Decision
from scoring.inspection import DECISIONS, RECHECKS

FILE = "decisions.jsonl"
_NAMES = {item.name for item in fields(Decision)}
_MAX_LINE = 64 * 1024


def read(folder: Path) -> list[Decision]:
    """The decisions kept in a folder, oldest first; none where there is no file.

    A line that was cut off when the program was killed does not count. Raises UnusableInput for a line that is none.
    """
    path = folder / FILE
    if not path.is_file():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]
    return [_parsed(line, f"{path} 第 {number} 行") for number, line in enumerate(lines, 1) if line.strip()]


def add(folder: Path, decisions: Iterable[Decision]) -> list[Decision]:
    """Add the decisions that the file does not have yet, and give them; they are on the disk when this returns."""
    known = {one.id for one in read(folder)}
    fresh = list({one.id: one for one in decisions if one.id not in known}.values())
    if not fresh:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    body = b"".join(line(one) for one in fresh)
    with (folder / FILE).open("ab+") as stream:
        _drop_torn(stream.fileno())
        stream.write(body)
        stream.flush()
        os.fsync(stream.fileno())
    return fresh


def line(decision: Decision) -> bytes:
    told = {name: value for name, value in asdict(decision).items() if value not in ("", None)}
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def _drop_torn(handle: int) -> None:
    """Cut off a last line without its end: whoever wrote it was killed, and was told nothing."""
    size = os.fstat(handle).st_size
    start = max(0, size - _MAX_LINE)
    os.lseek(handle, start, os.SEEK_SET)
    tail = os.read(handle, size - start)
    if tail and not tail.endswith(b"\n"):
        os.ftruncate(handle, start + tail.rfind(b"\n") + 1)


def _parsed(body: bytes, place: str) -> Decision:
    try:
        data: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise UnusableInput(f"{place}：不是有效的认定记录；请恢复原来的文件。") from None
    if not isinstance(data, dict) or not data.keys() <= _NAMES:
        raise UnusableInput(f"{place}：有不认识的内容；请恢复原来的文件。")
    told = {name: value for name, value in data.items() if isinstance(value, str)}
    lacking = [name for name in ("subject", "fingerprint", "kind", "by", "at") if not told.get(name)]
    if lacking or told["kind"] not in (*DECISIONS, *RECHECKS) or len(told) != len(data) or not _is_dated(told):
        raise UnusableInput(f"{place}：内容不完整或写法不对；请恢复原来的文件。")
    return Decision(**told)  # type: ignore[arg-type]  # the kind was looked up


def _is_dated(told: dict[str, str]) -> bool:
    try:
        date.fromisoformat(told.get("until", "2000-01-01"))
        return datetime.fromisoformat(told["at"]).utcoffset() is not None
    except ValueError:
        return False


def gathered(folders: Sequence[Path]) -> list[Decision]:
    """The decisions of several folders, each once."""
    return list({one.id: one for folder in folders for one in read(folder)}.values())
