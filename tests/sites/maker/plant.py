"""Plants faults: changes of the content before a site is drawn, and of its pages and answers afterwards.

A fault is ``{id, do: [change…], expect: [finding…]}``; one without ``expect`` only looks like a fault. Changes:

    {at: info | column | column/number, set: {…}}     values laid over those that are there (null takes one away)
    {at: column, newest: 2025-08-01}                  all entries so much earlier that the newest has this day
    {at: column, clear: true}                         no entries
    {at: column, drop: true}                          no column, nor those below it
    {at: column, add: {…}}                            one more entry, numbered behind the others
    {at: column/number, remove: true}                 no such entry
    {in: page, find: text, with: text}                in the drawn page; ``pattern: true``: a regular expression
    {serve: path, body: text, status: 200, type: …}   one more answer, or another one
    {serve: path, like: page, find: text, with: text} the same as another page with other words
    {answer: page, status: 404}                       the page answers so; ``body``: with this text

``page`` is a key (``home``, ``tzgg``, ``tzgg/3``, ``tzgg?2``), a kind (``all``, ``columns``, ``articles``) or a column
with a star (``tzgg/*``); a list of these also does. A change that changes nothing is an error.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from sites.maker.draw import Answer, Drawn

FAULTS = Path(__file__).resolve().parents[1] / "faults"
_KINDS = {"all": ("home", "column", "article", "search"), "columns": ("column",), "articles": ("article",)}


def read_faults(name: str) -> dict[str, Any]:
    """The list of a site: ``faults`` and, where the site has any, what its sound crawl ``allows``."""
    path = FAULTS / f"{name}.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8")) if path.exists() else {"faults": []}
    return found


def plant_before(tree: dict[str, Any], listed: dict[str, Any]) -> None:
    """Make the changes of content."""
    for fault, change in _changes(listed):
        if "at" in change:
            _apply(tree, change, fault["id"])


def plant_after(drawn: Drawn, listed: dict[str, Any]) -> None:
    """Make the changes of pages and answers."""
    for fault, change in _changes(listed):
        if "in" in change:
            _replace(drawn, change, fault["id"])
        elif "serve" in change:
            drawn.answers[change["serve"]] = _served(drawn, change)
        elif "answer" in change:
            path = drawn.path_of(change["answer"])
            old = drawn.answers[path]
            body = b"" if "status" in change else old.body
            given = drawn.coded(change["body"]) if "body" in change else body
            drawn.answers[path] = replace(
                old, status=change.get("status", 200), body=given, headers=change.get("headers", {}),
                media=change.get("type", old.media),
            )  # fmt: skip


def _changes(listed: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(fault, change) for fault in listed["faults"] for change in fault.get("do", [])]


def _served(drawn: Drawn, change: dict[str, Any]) -> Answer:
    text = str(change.get("body", ""))
    if "like" in change:
        text = drawn.answers[drawn.path_of(change["like"])].body.decode(drawn.style.encoding)
        text = text.replace(change["find"], change["with"])
    body = bytes.fromhex(change["hex"]) if "hex" in change else drawn.coded(text)
    return Answer(
        body, change.get("type", "text/html"), change.get("status", 200), change.get("headers", {}),
        key=change.get("key", ""),
    )  # fmt: skip


def _apply(tree: dict[str, Any], change: dict[str, Any], fault: str) -> None:
    columns = tree["columns"]
    name, _, number = str(change["at"]).partition("/")
    if name == "info":
        tree["info"] = _laid(tree["info"], change["set"])
        return
    if name not in columns:
        if "set" in change and not number:
            columns[name] = {"entries": {}, **change["set"]}
            return
        raise KeyError(f"{fault}: no column {name}")
    column = columns[name]
    if number and change.get("remove"):
        del column["entries"][int(number)]
    elif number:
        column["entries"][int(number)] = _laid(column["entries"][int(number)], change["set"])
    elif change.get("drop"):
        _drop(columns, name)
    elif change.get("clear"):
        column["entries"] = {}
    elif "newest" in change:
        _age(column["entries"], change["newest"])
    elif "add" in change:
        column["entries"][max(column["entries"], default=0) + 1] = change["add"]
    else:
        columns[name] = _laid(column, change["set"])


def _drop(columns: dict[str, Any], name: str) -> None:
    for below in [key for key, column in columns.items() if column.get("parent") == name]:
        _drop(columns, below)
    del columns[name]


def _age(entries: dict[int, dict[str, Any]], newest: date) -> None:
    days = max(entry["day"] for entry in entries.values()) - newest
    for entry in entries.values():
        for name in ("day", "made"):
            if name in entry:
                entry[name] -= days if isinstance(entry[name], date) else timedelta()


def _laid(value: Any, over: Any) -> Any:
    """One mapping laid over another; null takes a name away."""
    if not isinstance(value, dict) or not isinstance(over, dict):
        return over
    found = dict(value)
    for name, inner in over.items():
        if inner is None:
            found.pop(name, None)
        else:
            found[name] = _laid(value.get(name), inner)
    return found


def _replace(drawn: Drawn, change: dict[str, Any], fault: str) -> None:
    paths = _pages(drawn, change["in"])
    pattern = bool(change.get("pattern"))
    done = [drawn.change(path, change["find"], change["with"], pattern=pattern) for path in paths]
    if not any(done) or (change.get("everywhere") and not all(done)):
        missed = [path for path, one in zip(paths, done, strict=True) if not one]
        raise ValueError(f"{fault}: {change['find']!r} does not stand on {missed[:5] or change['in']}")


def _pages(drawn: Drawn, wanted: str | list[str]) -> list[str]:
    found = []
    for name in [wanted] if isinstance(wanted, str) else wanted:
        if name in _KINDS:
            found += [path for path, answer in drawn.answers.items() if answer.group in _KINDS[name]]
        elif name.endswith("/*"):
            column = re.escape(name.removesuffix("/*"))
            found += [path for path, one in drawn.answers.items() if re.fullmatch(rf"{column}/\d+", one.key)]
        else:
            found.append(drawn.path_of(name))
    return found
