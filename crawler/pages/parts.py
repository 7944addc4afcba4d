"""What a page asks its readers to fill in and what it loads: forms, pictures, scripts, and how they are named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from crawler.evidence import Access, Form
from crawler.readers.html import Opened
from crawler.readers.page.addresses import Addresses
from crawler.readers.page.scan import INSTEAD, Scan
from crawler.urls import same_site
from crawler.words import load

# Inputs that send, hold or draw something; all others are filled in or chosen by a reader. HTML Standard, 4.10.5.
_BUTTONS = frozenset({"submit", "button", "image", "reset"})
_CHOICES = frozenset({"checkbox", "radio", "file", "range", "color", "password"})
_NAMES = ("aria-label", "aria-labelledby", "title", "placeholder")
_SAID = ("placeholder", "value", "title", "alt", "aria-label")
_LOADED = frozenset({"script", "iframe", "frame", "embed"})
_NO_FORM = -1


class Parts(NamedTuple):
    """The fields of ``Facts`` of these names."""

    language: str
    forms: tuple[Form, ...]
    access: Access
    pictures: tuple[str, ...]
    scripts: tuple[str, ...]
    mixed: tuple[str, ...]


@dataclass(slots=True)
class _Fields:
    """The elements of one form, or of none."""

    texts: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Sorted:
    """The parts of a page by kind: sources as written, each once, and elements.

    ``shown`` counts the pictures that style and attributes do not hide, ``unnamed`` are those without ``alt``;
    ``hidden`` are the inputs that they hide, a box for searching that opens with a click among them.
    """

    pictures: dict[str, None]
    loaded: dict[str, None]
    inputs: list[int] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    unnamed: list[int] = field(default_factory=list)
    shown: int = 0


def read_parts(opened: Opened, page: Scan, addresses: Addresses) -> Parts:
    """Read them off the scan; nothing is searched for in the tree but the head of the page."""
    limits, attributes = _limits(), page.attributes
    parts = _sorted(page)
    pictures = _addresses(parts.pictures, addresses, limits["max_pictures"])
    loaded = _addresses(parts.loaded, addresses, limits["max_loaded"])
    own = addresses.of("/") or opened.url
    forms, fields, nameless = _forms(page, parts, addresses) if parts.inputs else ((), 0, [])
    examples = limits["examples"]
    unnamed = (attributes[here].get("src", "") for here in parts.unnamed)
    mixed = [url for url in (*loaded, *pictures) if url.startswith("http:")] if opened.url.startswith("https:") else []
    return Parts(
        language=(attributes[0].get("lang") or attributes[0].get("xml:lang") or "").strip()[: limits["max_word"]],
        forms=forms,
        access=Access(
            pictures=parts.shown,
            unnamed_pictures=len(parts.unnamed),
            fields=fields,
            unnamed_fields=len(nameless),
            picture_examples=tuple(_addresses(unnamed, addresses, examples)),
            field_examples=tuple(map(page.path, nameless[:examples])),
        ),
        pictures=tuple(pictures),
        scripts=tuple(url for url in loaded if not url.startswith(own) and not same_site(url, opened.url)),
        mixed=tuple(mixed[: limits["max_loaded"]]),
    )


def _sorted(page: Scan) -> _Sorted:
    tags, attributes, stops = page.tags, page.attributes, page.stops
    found = _Sorted({}, _of_head(page))
    covers = iter([here for here, look in page.looks if look.covers])
    cover = next(covers, len(tags))
    covered = scriptless = 0
    for here in page.parts:
        while cover <= here:
            covered = max(covered, stops[cover])
            if tags[cover] in INSTEAD:
                scriptless = max(scriptless, stops[cover])
            cover = next(covers, len(tags))
        # What stands in for scripts and frames is not loaded by a browser that has them.
        if here < scriptless:
            continue
        tag = tags[here]
        if tag == "img":
            found.pictures[attributes[here].get("src", "")] = None
            if here >= covered:
                found.shown += 1
                if "alt" not in attributes[here]:
                    found.unnamed.append(here)
        elif tag in _LOADED:
            found.loaded[attributes[here].get("src", "")] = None
        else:
            found.inputs.append(here)
            if here < covered:
                found.hidden.add(here)
    return found


def _of_head(page: Scan) -> dict[str, None]:
    """Sources of scripts and style sheets in the head, which the scan leaves out."""
    if "head" not in page.tags[:3]:
        return {}
    loaded: dict[str, None] = {}
    for el in page.elements[page.tags.index("head")].iter("script", "link"):
        if el.tag == "script":
            loaded[el.get("src") or ""] = None
        elif "stylesheet" in (el.get("rel") or "").lower():
            loaded[el.get("href") or ""] = None
    return loaded


def _addresses(sources: Iterable[str], addresses: Addresses, most: int) -> list[str]:
    """Absolute addresses of sources as written, each once, ``most`` at most."""
    found: dict[str, None] = {}
    for source in sources:
        if source and not source.startswith("data:") and (url := addresses.of(source.strip())):
            found[url] = None
            if len(found) >= most:
                break
    return list(found)


def _forms(page: Scan, parts: _Sorted, addresses: Addresses) -> tuple[tuple[Form, ...], int, list[int]]:
    """Forms with text fields, the number of fields that a reader sees, and those of them without a name."""
    tags, attributes = page.tags, page.attributes
    groups: dict[int, _Fields] = {}
    labelled = {attributes[here].get("for") for here in parts.inputs if tags[here] == "label"}
    form, end = _NO_FORM, 0
    fields, nameless = 0, list[int]()
    for here in parts.inputs:
        tag = tags[here]
        if tag == "form":
            form, end = here, page.stops[here]
            continue
        if tag == "label":
            continue
        inside = groups.setdefault(form if here < end else _NO_FORM, _Fields())
        kind = (attributes[here].get("type") or "").strip().lower() if tag == "input" else ""
        if kind == "hidden":
            continue
        if tag == "button" or kind in _BUTTONS:
            inside.others.append(here)
            continue
        if here not in parts.hidden:
            fields += 1
            if not _is_named(page, here, labelled):
                nameless.append(here)
        if tag != "select" and kind not in _CHOICES:
            inside.texts.append(here)
    asking = islice(((at, group) for at, group in groups.items() if group.texts), _limits()["max_forms"])
    return tuple(_form(page, at, group, addresses) for at, group in asking), fields, nameless


def _is_named(page: Scan, here: int, labelled: set[str | None]) -> bool:
    given = page.attributes[here]
    if any(given.get(name) for name in _NAMES) or (given.get("id") or "") in labelled:
        return True
    return any(page.tags[above] == "label" for above in page.above(here))


def _form(page: Scan, at: int, group: _Fields, addresses: Addresses) -> Form:
    limits, attributes = _limits(), page.attributes
    texts, others = group.texts[: limits["max_inputs"]], group.others[: limits["max_inputs"]]
    names = tuple(attributes[here].get("name") or attributes[here].get("id") or "" for here in texts)
    words = [attributes[here].get(name, "") for here in (*texts, *others) for name in _SAID]
    words += [page.text(here, limits["pieces"]) for here in others]
    if at == _NO_FORM:
        around = (page.text(page.parents[here], limits["pieces"]) for here in texts)
        return Form("", "", names, _said((*words, *around)), page.path(texts[0]))
    given = attributes[at]
    action = addresses.of(given.get("action", "").strip() or addresses.base)
    words.append(page.text(at, limits["pieces"]))
    is_post = given.get("method", "").strip().lower() == "post"
    return Form(action or "", "POST" if is_post else "GET", names, _said(words), page.path(at))


def _said(words: Iterable[str]) -> tuple[str, ...]:
    """Words as they are kept: white space folded, cut, each once."""
    limits = _limits()
    folded = (" ".join(word.split())[: limits["max_word"]] for word in words)
    return tuple(dict.fromkeys(word for word in folded if word))[: limits["max_words"]]


@cache
def _limits() -> dict[str, Any]:
    limits: dict[str, Any] = load("page-facts")["parts"]
    return limits
