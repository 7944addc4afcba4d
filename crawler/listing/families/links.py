"""Lists that link some of their pages and say how many there are: 第1页 共3页, 1/3, 尾页 (AspNetPager, 青海 …).

A link with the label p and the number v in its address gives v = a·p + b; two labels give a and b, one gives b where
a is 1. Lists that count from zero (b = -1), by entries (a = 15) or down (a = -1) are all of this form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from crawler.listing.base import Paging, Turn
from crawler.listing.numbered import Numbers, as_linked, is_page_parameter, limits, together, turning
from crawler.listing.rows import text_of
from crawler.readers.html import Opened
from crawler.readers.markup import Element
from crawler.readers.page.targets import is_plain, scripted_target
from crawler.urls import absolute, key, same_site
from crawler.words import load

NAME = "links"
MARKS: tuple[str, ...] = tuple(load("listing")["role_marks"])
ORDER = 90

_CLIMB = 4
_UNSEEN = {"script", "style", "select", "textarea", "template"}
_LABEL = re.compile(r"[\[(（【第]?\s?(\d{1,6})\s?[\])）】页]?")
_DIGITS = re.compile(r"\d{1,9}")
_MOST_SLOTS = 12


@dataclass(frozen=True, slots=True)
class Block:
    """The links that turn a list and the words beside them: ``numbered`` by label, ``roles`` by what they do.

    ``own`` is the one page number that is no link.
    """

    text: str
    own: int | None
    numbered: tuple[tuple[int, str], ...]
    roles: dict[str, str]

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """(label or role, address) of all links."""
        return (*((str(p), url) for p, url in self.numbered), *self.roles.items())


@dataclass(frozen=True, slots=True)
class _Line:
    """Addresses of one form; page p has the number a·p + b."""

    numbers: Numbers
    a: int
    b: int

    def at(self, p: int) -> str:
        value = self.a * p + self.b
        return self.numbers.at(value) if value >= 0 else ""

    def page_of(self, url: str) -> int | None:
        value = self.numbers.inside(url)
        if value is None or (value - self.b) % self.a:
            return None
        return (value - self.b) // self.a


def read_page(page: Opened) -> Paging | None:
    """Paging by the blocks that turn pages; a second one with other addresses is another list."""
    return together([paging for block in blocks(page) if (paging := _read(page, block))])


def blocks(page: Opened) -> Iterator[Block]:
    """The blocks of a page that turn it, in document order, each once."""
    turns = {mark.lower() for mark in MARKS}
    taken: set[Element] = set()
    for element in page.root.iter():
        text = element.text
        named = isinstance(text, str) and len(text) < 40 and " ".join(text.split()).lower() in turns
        if not (named or (element.tag == "a" and (element.get("title") or "").lower() in turns)):
            continue
        found = _around(element)
        if found is not None and found[0] not in taken:
            taken.add(found[0])
            yield _block(page, *found)
            if len(taken) >= limits()["max_pagers"]:
                return


def said(text: str) -> dict[str, int]:
    """What a block says in words: ``page``, ``pages``, ``total``, ``size``; what it does not say is left out."""
    found: dict[str, int] = {}
    for pattern in _said():
        match = pattern.search(text)
        numbers = {name: int(value) for name, value in match.groupdict().items()} if match else {}
        if numbers.get("page", 0) <= numbers.get("pages", numbers.get("page", 0)):
            found = numbers | found
    return found


def _read(page: Opened, block: Block) -> Paging | None:
    words = said(block.text)
    pages, total = words.get("pages"), words.get("total")
    if pages is None and total is not None and words.get("size"):
        pages = -(-total // words["size"])
    highest = max((p for p, _ in block.numbered), default=0)
    if pages is not None and pages <= 1 and highest <= 1:
        return Paging(NAME, pages=pages, total=total)
    line = _line(page, block, words, pages)
    if line is None:
        return _linked(page, block, total)
    last = line.page_of(block.roles["last"]) if "last" in block.roles else None
    pages = max(pages or 0, last or 0)
    if pages < 2 or highest > pages:
        return _linked(page, block, total)
    own = line.page_of(page.url) or words.get("page") or block.own or 1
    opening = _opening(page, block, line)
    return turning(page, NAME, lambda p: opening if p == 1 else line.at(p), pages, own=own, total=total)


def _linked(page: Opened, block: Block, total: int | None) -> Paging | None:
    """The linked pages alone, where a block says how many entries there are but not where all pages lie."""
    urls = dict.fromkeys(url for _, url in block.links if key(url) != key(page.url))
    return Paging(NAME, tuple(map(Turn, urls)), total=total) if total is not None and urls else None


def _line(page: Opened, block: Block, words: dict[str, int], pages: int | None) -> _Line | None:
    """The form of the addresses that explains most of the links."""
    forms: dict[tuple[str, str], dict[int, int]] = {}
    for p, url in _labelled(page, block, words.get("page") or block.own, pages):
        for numbers, value in _slots(url):
            forms.setdefault((numbers.head, numbers.tail), {}).setdefault(p, value)
    found = [(len(pairs), _fit(Numbers(*form), pairs)) for form, pairs in forms.items()]
    fitting = [(count, line) for count, line in found if line and (line.page_of(page.url) or 1) > 0]
    if fitting:
        return max(fitting, key=lambda pair: pair[0])[1]
    # 尾页 alone: lists that count from zero have other links beside it.
    last = _slots(block.roles.get("last", ""))
    return next((line for numbers, value in last if (line := _fit(numbers, {value: value}))), None)


def _labelled(page: Opened, block: Block, own: int | None, pages: int | None) -> list[tuple[int, str]]:
    """(page number, address): what the labels say, and what follows from where we stand."""
    numbered = [(p, url) for p, url in block.numbered if pages is None or p <= pages]
    if own is None:
        own = next((p for p, url in numbered if key(url) == key(page.url)), None)
    if own is None and "previous" not in block.roles and not _is_numbered(page, block):
        own = 1
    labels = {"first": 1, "last": pages}
    if own is not None:
        numbered.append((own, page.url))
        labels |= {"next": own + 1, "previous": own - 1}
    return numbered + [(p, block.roles[role]) for role, p in labels.items() if p and role in block.roles]


def _is_numbered(page: Opened, block: Block) -> bool:
    """Whether the page's own address has the form of those that it links."""
    ours = {(numbers.head, numbers.tail) for numbers, _ in _slots(page.url)}
    return any((numbers.head, numbers.tail) in ours for _, url in block.links for numbers, _ in _slots(url))


def _fit(numbers: Numbers, pairs: dict[int, int]) -> _Line | None:
    (p, v), *others = sorted(pairs.items())
    if others:
        other, value = others[-1]
        a, rest = divmod(value - v, other - p)
        b = v - a * p
        fits = not rest and a != 0 and all(a * one + b == two for one, two in pairs.items())
        return _Line(numbers, a, b) if fits else None
    name = numbers.parameter
    if name.lower() in load("listing")["offset_parameters"]:
        return _Line(numbers, v // (p - 1), -(v // (p - 1))) if p > 1 and v and not v % (p - 1) else None
    known = is_page_parameter(name) if name else _is_end(numbers.tail)
    return _Line(numbers, 1, v - p) if known and v - p in (0, -1) else None


def _opening(page: Opened, block: Block, line: _Line) -> str:
    """Address of page 1: as the block links it; ``""`` where it has no number and no link."""
    given = dict(block.numbered).get(1) or block.roles.get("first")
    if given and _is_near(given, page.url, line.numbers.head):
        return given
    bare, numbered = line.numbers.bare, line.at(1)
    return as_linked(page, numbered, bare) if bare and numbered else bare


def _is_near(url: str, page: str, head: str) -> bool:
    """首页 of a list lies beside its other pages; 首页 of the site does not."""
    path = urlsplit(url).path
    beside = {urlsplit(one).path.rpartition("/")[0] for one in (page, head)}
    beside.add(urlsplit(head).path.rpartition("/")[0].rpartition("/")[0])
    return path.rpartition("/")[0] in beside and (path != "/" or urlsplit(page).path in ("/", "/index.html"))


def _slots(url: str) -> list[tuple[Numbers, int]]:
    """The numbers in the last folder, the file name and the parameters of an address."""
    path = url.partition("?")[0]
    start = path.rfind("/", 0, path.rfind("/"))
    found = []
    for match in islice(_DIGITS.finditer(url, max(start, 8)), _MOST_SLOTS):
        before, after = url[: match.start()], url[match.end() :]
        if match.start() < len(path) or (before.endswith("=") and after[:1] in ("", "&")):
            found.append((Numbers(before, after), int(match[0])))
    return found


def _is_end(tail: str) -> bool:
    """Whether a number in a path is the last thing in it, but for the ending."""
    return re.fullmatch(r"(\.[A-Za-z]{2,5}|/)?(\?.*)?", tail, re.DOTALL) is not None


def _around(element: Element) -> tuple[Element, str] | None:
    """The highest block around an element that is still short."""
    found: tuple[Element, str] | None = None
    node = element.getparent()
    for _ in range(_CLIMB):
        if node is None or node.tag in ("body", "html"):
            break
        text = _seen(node)
        if text is None:
            break
        found = node, text
        node = node.getparent()
    return found


def _seen(root: Element) -> str | None:
    """Text of a block without scripts and choices; None where it is long."""
    most = limits()
    parts: list[str] = []
    room = most["max_pager"]
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, node in islice(walker, 2 * most["max_pager_elements"]):
        if event == "start" and node.tag in _UNSEEN:
            walker.skip_subtree()
            continue
        text = node.text if event == "start" else node.tail if node is not root else None
        parts.append(" ".join((text or "").split()))
        room -= len(parts[-1])
        if room < 0:
            return None
    return " ".join(filter(None, parts)) if next(walker, None) is None else None


def _block(page: Opened, node: Element, text: str) -> Block:
    numbered: dict[int, str] = {}
    roles: dict[str, str] = {}
    for anchor in islice(node.iter("a"), limits()["max_pager_elements"]):
        href = (anchor.get("href") or "").strip()
        plain = is_plain(href) and not href.startswith("#")
        url = absolute(page.base, href) if plain else scripted_target(href, anchor.get("onclick") or "", page.base)
        if not url or not same_site(url, page.url):
            continue
        label = text_of(anchor).lower() or (anchor.get("title") or "").lower()
        number = _LABEL.fullmatch(label)
        if number:
            numbered.setdefault(int(number[1]), url)
            continue
        for role, words in _roles().items():
            if label in words and (role == "first" or key(url) != key(page.url)):
                roles.setdefault(role, url)
    return Block(text, _own(node), tuple(numbered.items()), roles)


def _own(node: Element) -> int | None:
    """The page number that is marked and no link, where there is just one."""
    units = tuple(load("listing")["units"])
    found = set()
    for element in islice(node.iter("span", "b", "strong", "em", "i", "font", "li", "td", "a"), limits()["max_links"]):
        text = element.text if element.get("href") is None else None
        if text and _LABEL.fullmatch(text.strip()) and not (element.tail or "").strip().startswith(units):
            parent = element.getparent()
            if parent is None or parent.get("href") is None:
                found.add(int(_DIGITS.findall(text)[0]))
    return found.pop() if len(found) == 1 else None


def _roles() -> dict[str, list[str]]:
    found: dict[str, list[str]] = load("listing")["roles"]
    return found


@cache
def _said() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in load("listing")["said"])
