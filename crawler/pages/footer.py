"""Items of a page's footer: who runs the site, its registrations and its obligatory links."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from crawler.evidence import Labelled, Link
from crawler.pages.areas import MainText
from crawler.pages.links import Links
from crawler.readers.html import Opened
from crawler.readers.markup import text_in
from crawler.readers.page.scan import Scan
from crawler.words import load

_MARKED = frozenset({"a", "img", "script", "span", "div", "iframe"})
_MOST = 24
_TRIES = 5


def read_footer(opened: Opened, page: Scan, chrome: bytearray, main: MainText, links: Links) -> tuple[Labelled, ...]:
    """Footer items in the order of their names in the data, each (name, value) once."""
    found: dict[tuple[str, str], Labelled] = {}
    for number in _lines(page, chrome, main):
        line = page.texts[number]
        if chrome[number] == 2 and line in _names() and number + 1 < len(page.lines):
            # Label and value are elements of their own.
            line = f"{line}：{page.texts[number + 1]}"
        if len(line) <= 600:
            for name, label, value in _items(line):
                if len(found) < _MOST:
                    found.setdefault((name, value), Labelled(name, label, value, page.path(page.lines[number][2])))
    texts = "\n".join(map(_said, links.links))
    for name, what in _words()["objects"].items():
        item = _linked(page, links, name, texts) or _marked(opened, page, name, what["marks"])
        if item is not None:
            found.setdefault((name, item.value), item)
    order = ["organizer", "undertaker", "contact", "address", *_words()["patterns"], *_words()["objects"]]
    return tuple(sorted(found.values(), key=lambda item: order.index(item.name)))


def _lines(page: Scan, chrome: bytearray, main: MainText) -> list[int]:
    """Lines of the footer, and those at the end of the page that are not its text."""
    last = max(0, len(page.lines) - _words()["lines"])
    first = max(last, main.lines[-1] + 1 if main.lines else 0)
    return [n for n in range(len(page.lines)) if chrome[n] == 2 or n >= first]


@lru_cache(maxsize=1024)
def _items(line: str) -> tuple[tuple[str, str, str], ...]:
    """(name, label, value) of everything that one line of a footer says: it says the same on all pages of a site."""
    if not _trigger().search(line):
        return ()
    found = []
    for name, pattern in _patterns():
        for match in pattern.finditer(line):
            value = match["value"] if "value" in match.re.groupindex else match[0]
            label = match[0].partition(value)[0].strip(" :：") if value != match[0] else ""
            found.append((name, label, " ".join(value.split())))
    for match in _label().finditer(line):
        stop = _stop().search(line, match.end())
        value = line[match.end() : stop.start() if stop else len(line)].strip(" ,，、;；|｜丨[]【】()（）")
        found.append((_names()[match["label"]], match["label"], value[: _words()["max_value"]]))
    for match in _behind().finditer(line):
        found.append((_names()[match["label"]], match["label"], match["value"]))
    return tuple(found)


def _linked(page: Scan, links: Links, name: str, texts: str) -> Labelled | None:
    """The last link of the page whose words say what it is. ``texts`` are all of them, one a line."""
    for word in _words()["objects"][name]["words"]:
        at = texts.rfind(word)
        for _ in range(_TRIES if at >= 0 else 0):
            number = texts.count("\n", 0, at)
            text = _said(links.links[number])
            if len(text) <= _words()["max_words"]:
                return Labelled(name, text, links.links[number].url, page.path(links.elements[number]))
            at = texts.rfind(word, 0, at)
            if at < 0:
                break
    return None


def _said(link: Link) -> str:
    return link.text or link.title


def _marked(opened: Opened, page: Scan, name: str, marks: list[str]) -> Labelled | None:
    """A link, picture or script whose address or id gives it away."""
    for mark in marks:
        if mark not in opened.text:
            continue
        for here in range(len(page.elements) - 1, -1, -1):
            if page.tags[here] not in _MARKED:
                continue
            given = page.attributes[here]
            if any(mark in value for value in given.values()):
                value = given.get("href") or given.get("src") or ""
                return Labelled(name, given.get("alt") or given.get("title") or mark, value, page.path(here))
            if page.tags[here] == "script" and mark in text_in(page.elements[here]):
                return Labelled(name, mark, "", page.path(here))
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(pattern)) for name, pattern in _words()["patterns"].items())


@cache
def _names() -> dict[str, str]:
    return {label: name for name, labels in _words()["labels"].items() for label in labels}


def _any(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@cache
def _label() -> re.Pattern[str]:
    return re.compile(rf"(?P<label>{_any(list(_names()))})\s{{0,3}}[:：]\s{{0,3}}")


@cache
def _behind() -> re.Pattern[str]:
    """The other order: 某某中心承办."""
    return re.compile(
        rf"(?:^|[\s|｜丨])(?P<value>[\u4e00-\u9fff（）()]{{4,30}}?)(?P<label>{_any(_words()['behind'])})(?=$|[\s|｜丨])"
    )


@cache
def _stop() -> re.Pattern[str]:
    """What ends a value: a separator, another label, another item."""
    labels = rf"(?:{_any(list(_names()))})\s{{0,3}}[:：]|{_any(_words()['stops'])}"
    behind = rf"\s[\u4e00-\u9fff（）()]{{4,30}}(?:{_any(_words()['behind'])})(?=$|\s)"
    items = r"\s[^\s:：]{2,8}[:：]|\s?[\u4e00-\u9fff]\s?ICP|\s[\u4e00-\u9fff]公网安备"
    return re.compile(rf"[|｜丨;；]|{labels}|{behind}|{items}")


@cache
def _trigger() -> re.Pattern[str]:
    return re.compile(rf"备|标识码|{_any(list(_names()))}")


def _words() -> dict[str, Any]:
    words: dict[str, Any] = load("page-facts")["footer"]
    return words
