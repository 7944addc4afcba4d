"""Directories of items to disclose (``rules/catalogue/directories``, and a bureau's own one), read strictly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from crawler.evidence import Site
from scoring.data import RULES
from scoring.schema import Schema
from scoring.text import key
from scoring.yaml_source import RuleFileError, Source, load_yaml, parse_yaml, schema_faults

SCHEMA = Schema(RULES / "directory.schema.json")
OWN = "own"  # stands for the directory that the site list names, where rules list directories
_MOST_TEXT = 2_000_000  # characters of a bureau's own directory


@dataclass(frozen=True, slots=True)
class Element:
    """A content element of an item: ``words`` or ``patterns`` show it in a text; ``footer``: the home page counts."""

    name: str
    words: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """An item to disclose. ``names`` are exact names of columns, ``contains`` and ``excluded`` parts of names.

    ``titles`` are words of titles of pages about it; all of a tuple have to stand in the title. Pages with titles as in
    ``around`` are about it where one of ``texts`` stands in their text. ``anywhere``: a column
    of that name is the item's wherever it stands on the site. ``window`` in days, ``yearly``: something each year.
    ``none`` are words by which a body says that it has nothing of the kind. ``told_by`` is the rule that says that it
    is missing, "" for the general one.
    """

    id: str
    name: str
    names: tuple[str, ...]
    contains: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    titles: tuple[tuple[str, ...], ...] = ()
    around: tuple[tuple[str, ...], ...] = ()
    texts: tuple[str, ...] = ()
    elements: tuple[Element, ...] = ()
    anywhere: bool = False
    window: int | None = None
    yearly: bool = False
    none: tuple[str, ...] = ()
    told_by: str = ""
    basis: str = ""
    verified: bool = True
    applies: tuple[Mapping[str, Any], ...] = ()

    def binds(self, site: Site) -> bool | None:
        """Whether the item holds for this site: True for certain, False as far as its name says, None not at all."""
        for case in self.applies:
            kinds, levels = case.get("kinds", (site.kind,)), case.get("levels", (site.level,))
            bodies = case.get("bodies")
            if site.kind in kinds and site.level in levels and _is_one_of(site, bodies):
                return bool(case["certain"]) and self.verified
        return None


def _is_one_of(site: Site, bodies: list[str] | None) -> bool:
    return bodies is None or any(word in site.name for word in bodies)


@dataclass(frozen=True, slots=True)
class Directory:
    """A list of items. ``own``: the bureau made it itself; ``umbrella``: words of columns that may hold all of them."""

    id: str
    title: str
    items: tuple[Item, ...]
    own: bool = False
    umbrella: tuple[str, ...] = ()

    def item(self, name: str) -> Item:
        """An item by its id; KeyError where there is none."""
        return next(item for item in self.items if item.id == name)


@lru_cache(maxsize=16)
def shipped(name: str) -> Directory:
    """A directory that comes with the rules, by its id. Raises RuleFileError with all its faults."""
    path = RULES / "catalogue" / "directories" / f"{name}.yaml"
    if not path.is_file():
        raise RuleFileError([f"{path}:1：没有这个目录文件；请核对规则中的目录名"])
    return load_directory(path)


def load_directory(path: Path) -> Directory:
    """A directory file of the rules. Raises RuleFileError with all its faults, each with its line."""
    source = load_yaml(path)
    _refuse(schema_faults(source, SCHEMA))
    data = source.value
    needed = [name for name in ("id", "source", "verified", "cites") if name not in data]
    for number, one in enumerate(data["items"]):
        needed += [f"items/{number}/{name}" for name in ("id", "applies") if name not in one]
    if needed:
        raise RuleFileError([f"{path}:1：缺少{'、'.join(needed)}；请补齐"])
    _refuse(_twice(source))
    items = tuple(_item(one, one["id"], one["applies"]) for one in data["items"])
    return Directory(data["id"], data["title"], items, umbrella=tuple(data.get("umbrella", ())))


def directory_faults(folder: Path) -> list[str]:
    """The faults of all directories in a folder laid out like ``rules/``, one line each."""
    faults = []
    for path in sorted((folder / "catalogue" / "directories").glob("*.yaml")):
        try:
            # What judging will ask for is kept.
            _ = shipped(path.stem) if folder == RULES else load_directory(path)
        except RuleFileError as error:
            faults += error.faults
    return faults


def parse_own(text: str, name: Path) -> Directory:
    """A bureau's own directory (YAML); ``name`` is what its faults call it. Raises RuleFileError with all of them."""
    return _own(own_source(text, name))


def own_source(text: str, name: Path) -> Source:
    """The data of a bureau's own directory, checked. Raises RuleFileError with all its faults."""
    if len(text) > _MOST_TEXT:
        raise RuleFileError([f"{name}:1：目录超过 {_MOST_TEXT // 1_000_000} 百万字；请只保留目录本身"])
    source = parse_yaml(text, name)
    _refuse(schema_faults(source, SCHEMA))
    _refuse(_patterned(source))
    return source


def own_of(site: Site) -> Directory | None:
    """The directory of its own that the site list names for a site; None where there is none."""
    return _parsed(site.directory, site.id) if site.directory else None


@lru_cache(maxsize=4)
def _parsed(text: str, name: str) -> Directory:
    return parse_own(text, Path(name))


def directories(names: Iterable[str], site: Site) -> list[Directory]:
    """Directories by id, ``OWN`` for the site's own one, where it has one."""
    own = own_of(site)
    found = [own if name == OWN else shipped(name) for name in names]
    return [one for one in found if one is not None]


def _own(source: Source) -> Directory:
    items = []
    for number, one in enumerate(source.value["items"], 1):
        name = one["name"]
        given = {**one, "titles": one.get("titles") or [name], "contains": one.get("contains") or _parts(name)}
        items.append(_item(given, one.get("id", f"own-{number}"), [{"certain": True}]))
    return Directory(OWN, source.value["title"], tuple(items), own=True)


def _parts(name: str) -> list[str]:
    # Two characters stand in too many names of other columns.
    return [name] if len(name) > 2 else []


def _item(data: Mapping[str, Any], name: str, applies: list[Mapping[str, Any]]) -> Item:
    window = data.get("window", {})
    return Item(
        id=name,
        name=data["name"],
        names=tuple(dict.fromkeys(key(one) for one in (data["name"], *data.get("names", ())))),
        contains=tuple(key(one) for one in data.get("contains", ())),
        excluded=tuple(key(one) for one in data.get("not", ())),
        titles=_sets(data.get("titles", ())),
        around=_sets(data.get("around", ())),
        texts=tuple(data.get("texts", ())),
        elements=tuple(_element(one) for one in data.get("elements", ())),
        anywhere=data.get("anywhere", False),
        window=window.get("days"),
        yearly=window.get("yearly", False),
        none=tuple(data.get("none", ())),
        told_by=data.get("told_by", ""),
        basis=data.get("basis", ""),
        verified=data.get("verified", True),
        applies=tuple(applies),
    )


def _sets(given: Iterable[str | list[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple((one,) if isinstance(one, str) else tuple(one) for one in given)


def _element(data: Mapping[str, Any] | str) -> Element:
    if isinstance(data, str):
        return Element(data, (data,))
    words = data.get("words") or ([] if data.get("patterns") else [data["name"]])
    return Element(data["name"], tuple(words), tuple(data.get("patterns", ())), tuple(data.get("footer", ())))


def _refuse(faults: list[str]) -> None:
    if faults:
        raise RuleFileError(faults)


def _twice(source: Source) -> list[str]:
    seen: set[str] = set()
    faults = []
    for number, one in enumerate(source.value["items"]):
        if one["id"] in seen:
            faults.append(f"{source.path}:{source.line(('items', number))}：条目“{one['id']}”重复；请只保留一个")
        seen.add(one["id"])
    return faults


def _patterned(source: Source) -> list[str]:
    """Patterns are for those who write rules: one that a user writes could run for ever."""
    return [
        f"{source.path}:{source.line(('items', number, 'elements', place))}：不能写 patterns；请改用 words"
        for number, one in enumerate(source.value["items"])
        for place, element in enumerate(one.get("elements", ()))
        if isinstance(element, dict) and "patterns" in element
    ]
