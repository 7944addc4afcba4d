"""Entries and numbers out of data: pieces of HTML, JSON objects, totals. Everything bounded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from html import unescape
from itertools import islice
from typing import Any

from crawler import dates
from crawler.errors import UnusableInput
from crawler.listing import rows
from crawler.listing.base import Entry
from crawler.readers.html import Opened, parse
from crawler.readers.page.scan import scan
from crawler.urls import absolute
from crawler.words import load

_TAG = re.compile(r"<[/!]?[A-Za-z][^<>]{0,500}>")
_COMPACT = re.compile(r"(?:19|20)\d{6}")
_SECONDS = re.compile(r"\d{9,10}|\d{12,13}")


def limit(name: str) -> int:
    """A limit of ``list-data.yaml``."""
    found: int = load("list-data")["limits"][name]
    return found


def gap(name: str, **values: object) -> str:
    """What a person reads of a list that could not be read whole."""
    text: str = load("list-data")["gaps"][name]
    return text.format(**values)


def number(value: object) -> int | None:
    """A count of entries or pages, written as a number or a string; None where it is none (or beyond belief)."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip() if isinstance(value, str) else ""
    if isinstance(value, str):
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
    return value if 0 <= value < 10**9 else None


def bounded(pages: int) -> tuple[int, str]:
    """How many of ``pages`` are asked for, and the gap that this leaves."""
    most = limit("max_turns")
    return (pages, "") if pages <= most else (most, gap("more_pages", pages=pages, limit=most))


def cut(entries: Iterable[Entry]) -> tuple[tuple[Entry, ...], str]:
    """Entries up to the limit, each once, and the gap that this leaves."""
    most = limit("max_entries")
    found = tuple(islice(dict.fromkeys(entries), most + 1))
    return (found, "") if len(found) <= most else (found[:most], gap("more_entries", limit=most))


def of_html(pieces: Iterable[str], base: str) -> Iterator[Entry]:
    """Entries of pieces of HTML, each one row (``li``, ``tr``, or nothing around it). Broken pieces give none."""
    for piece in pieces:
        found = _rows(f"<div>{piece}</div>", base) or _rows(f"<ul><li>{piece}</li></ul>", base)
        yield from (Entry(row.url, row.title, row.date) for row in found)


def main_of_html(markup: str, page: str) -> Iterator[Entry]:
    """Entries of the main list in a larger piece of HTML that belongs to ``page``; none where it holds only menus."""
    listed = rows.main_list(_rows(f"<div>{markup}</div>", page), page)
    yield from (Entry(row.url, row.title, row.date) for row in listed)


def of_objects(objects: Iterable[object], base: str, keys: dict[str, Any]) -> Iterator[Entry]:
    """Entries of JSON objects; ``keys`` names the synonyms: ``titles``, ``urls``, ``dates`` (lower case)."""
    for item in objects:
        if not isinstance(item, dict):
            continue
        named = {str(name).lower(): value for name, value in islice(item.items(), 200)}
        title = plain(_first(named, keys["titles"]))
        url = absolute(base, _clean(_address(_first(named, keys["urls"]))))
        if title and url:
            yield Entry(url, title, next(filter(None, (when(named.get(key)) for key in keys["dates"])), None))


def when(value: object) -> date | None:
    """Date of a JSON value: text with a date, ``20240131``, seconds or milliseconds since 1970."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value)[:60].strip()
    if _COMPACT.fullmatch(text):
        return dates.find(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    if _SECONDS.fullmatch(text):
        seconds = int(text) // (1000 if len(text) > 10 else 1)
        if seconds < limit("max_seconds"):
            return datetime.fromtimestamp(seconds, timezone(timedelta(hours=limit("timezone_hours")))).date()
    return dates.find(text)


def plain(value: object) -> str:
    """Text without markup, entities and white space runs; ``""`` where the value is no text."""
    if not isinstance(value, str):
        return ""
    text = unescape(_TAG.sub("", value[:2000])) if "<" in value or "&" in value else value[:2000]
    return " ".join(_clean(text).split())


def loads(text: str) -> Any:
    """JSON of an answer, also one wrapped in a call (JSONP). ValueError where it is none."""
    text = text.lstrip("\ufeff \t\r\n")
    opening = min((at for at in (text.find("{"), text.find("[")) if at >= 0), default=-1)
    if opening > 0 and not re.fullmatch(r"[\w$.]{1,100}\s*\(\s*", text[:opening][:110]):
        raise ValueError("no JSON")
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, max(opening, 0))[0]
    except RecursionError:
        raise ValueError("JSON is nested too deeply") from None


def stated_pages(page: Opened) -> int | None:
    """The number of pages that a page prints (共 5 页), None where it prints none."""
    text = " ".join("".join(scan(page.root).pieces).split())
    matches = (re.search(pattern, text) for pattern in load("list-data")["page_counts"])
    return next((number(match[1]) for match in matches if match), None)


def _rows(markup: str, base: str) -> list[rows.Row]:
    try:
        return rows.rows(parse(markup, base), base)
    except UnusableInput:
        return []


def _first(named: dict[str, Any], keys: list[str]) -> object:
    return next((value for key in keys if (value := named.get(key))), None)


def _address(value: object) -> str:
    """An address, also one inside an object or inside JSON in a string (``{"common": "/a.html"}``)."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value[:4000])
        except (ValueError, RecursionError):
            return ""
    if isinstance(value, dict):
        value = next((inner for inner in value.values() if isinstance(inner, str) and inner), "")
    return value if isinstance(value, str) else ""


def _clean(text: str) -> str:
    """Without halves of surrogate pairs: they can be stored nowhere."""
    return text if text.isascii() else text.encode("utf-8", "ignore").decode("utf-8")
