"""From content files to a tree of plain data, and from that to a site.

The tree is what faults change: ``{"info": …, "columns": {key: {…, "entries": {number: {…}}}}}``. In every text
``{word}`` is replaced by the value of that name in ``info`` or in the entry.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sites.maker.model import Column, Entry, Made
from sites.maker.yearly import yearly_reports

CONTENT = Path(__file__).resolve().parents[1] / "content"
TODAY = date(2026, 3, 10)
_WORD = re.compile(r"\{(\w+)\}")


@cache
def _read(name: str) -> Any:
    return yaml.safe_load((CONTENT / f"{name}.yaml").read_text("utf-8"))


def content(name: str) -> Any:
    """A copy of a content file that may be changed."""
    return _copy(_read(name))


def tree_of(name: str) -> dict[str, Any]:
    """The sound tree of a site."""
    site = content(name)
    common = content("common")
    info = {**common["info"], **site["info"], "items_last": site["reports"][2024]["items"]}
    # Values may hold others.
    info = _filled(_filled(info, info), info)
    left_out = set(site.get("without", ()))
    columns = {key: column for key, column in common["columns"].items() if key not in left_out}
    for key, column in site.get("columns", {}).items():
        columns[key] = {**columns.get(key, {}), **column}
    tree = {"id": name, "style": site["style"], "info": info, "columns": columns}
    for key, column in columns.items():
        column["entries"] = _entries(column, site, key)
    tree["columns"]["gknb"]["entries"] = dict(enumerate(yearly_reports(info, site["reports"], _read("reports")), 1))
    return tree


def _entries(column: dict[str, Any], site: dict[str, Any], key: str) -> dict[int, dict[str, Any]]:
    given = column.get("entries", [])
    found = list(given.values()) if isinstance(given, dict) else list(given)
    stock = column.get("stock")
    if stock:
        found += _from_stock(_read(stock["of"])[stock["topics"]], stock)
    for entry in found:
        entry.setdefault("time", _time(len(str(entry.get("title", ""))) + len(found)))
    found.sort(key=lambda entry: str(entry.get("day", "")), reverse=True)
    return dict(enumerate(found, 1))


def _from_stock(topics: list[dict[str, Any]], stock: dict[str, Any]) -> list[dict[str, Any]]:
    """``count`` entries from ``first`` back, ``every`` days apart; a topic comes again with the next of its words."""
    found = []
    days = _workdays(stock["first"], stock["every"], stock["count"])
    for n, day in enumerate(days):
        topic = _copy(topics[n % len(topics)])
        slots = topic.pop("slots", {})
        turn = n // len(topics)
        words = {name: values[turn % len(values)] for name, values in slots.items()}
        found.append({"day": day, "words": words, **topic})
    return found


def _workdays(latest: date, every: int, count: int) -> list[date]:
    rest = _read("common")["rest"]
    days: list[date] = []
    day = latest
    while len(days) < count:
        if day.weekday() < 5 and not any(first <= day <= last for first, last in rest) and day not in days:
            days.append(day)
            day -= timedelta(days=every)
        else:
            day -= timedelta(days=1)
    return days


def _time(seed: int) -> str:
    return f"{9 + seed % 8:02d}:{(seed * 7) % 60:02d}"


def made_of(tree: dict[str, Any]) -> Made:
    """The site that a tree describes, without addresses."""
    info = tree["info"]
    made = Made(tree["id"], tree["style"], info, {})
    for number, (key, data) in enumerate(tree["columns"].items(), 1):
        parent = made.columns[data["parent"]] if data.get("parent") else None
        filled = _filled({name: value for name, value in data.items() if name != "entries"}, info)
        column = Column(key, number, filled["name"], data["kind"], parent, filled)
        made.columns[key] = column
        if parent:
            parent.children.append(column)
        for n, raw in data["entries"].items():
            column.entries.append(_entry(column, n, raw, info))
    return made


def _entry(column: Column, number: int, raw: dict[str, Any], info: dict[str, Any]) -> Entry:
    data = _filled(raw, {**info, **raw.get("words", {})})
    day = data["day"] if isinstance(data.get("day"), date) else TODAY
    defaults = column.data.get("defaults", {})
    data = {**defaults, **data}
    if column.data.get("meta") and data.get("meta", {}) is not None:
        data["meta"] = {**_metadata(column, number, day, data, info), **data.get("meta", {})}
    else:
        data.pop("meta", None)
    return Entry(
        key=f"{column.key}/{number}",
        column=column,
        number=number,
        title=data["title"],
        day=day,
        time=data.get("time", "09:30"),
        source=data.get("source", info["unit"]),
        body=data.get("body", []),
        data=data,
    )


def _metadata(column: Column, number: int, day: date, data: dict[str, Any], info: dict[str, Any]) -> dict[str, str]:
    """The values of the metadata block."""
    opening = next((part for part in data.get("body", []) if isinstance(part, str)), data["title"])
    found = {
        "index": f"{info['organ_code']}/{day.year}-{column.number * 100 + number:05d}",
        "class": data.get("class", column.name),
        "issuer": data.get("issuer", info["unit"]),
        "made": str(data.get("made") or day),
        "published": str(day),
        "number": data.get("number", "无"),
        "summary": data.get("summary") or opening.partition("。")[0][:60],
    }
    validity = data.get("validity", column.data.get("validity"))
    return {**found, "validity": validity} if validity else found


def _filled(value: Any, words: dict[str, Any]) -> Any:
    if isinstance(value, str):
        whole = _WORD.fullmatch(value)
        if whole and isinstance(words.get(whole[1]), list | dict):
            return words[whole[1]]
        return _WORD.sub(lambda match: str(words[match[1]]) if match[1] in words else _missing(match[0]), value)
    if isinstance(value, dict):
        return {name: _filled(inner, words) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, words) for inner in value]
    return value


def _missing(word: str) -> str:
    raise KeyError(f"no value for {word}")


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(inner) for name, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value
