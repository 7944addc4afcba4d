"""Facts of one HTML page: what kind it is, its date, its place in the site, its links and its list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import urlsplit

from crawler import dates
from crawler.evidence import Document, Link, ListEntry, PageKind
from crawler.listing import rows as lists
from crawler.listing.rows import Row, text_of
from crawler.readers.html import parse
from crawler.readers.markup import Element
from crawler.urls import absolute
from crawler.words import load

_META_REFRESH = re.compile(r"^\s*\d+(?:\.\d+)?\s*[;,]\s*url\s*=\s*[\"']?(?P<url>[^\"']+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page says about itself.

    ``pagers`` are the other pages of its list; with ``script_pager`` there may be more that only a script reaches.
    ``forward`` is where the page sends the reader on (meta refresh).
    """

    kind: PageKind
    title: str
    published: date | None
    column_path: tuple[str, ...]
    column_name: str
    links: tuple[Link, ...]
    entries: tuple[ListEntry, ...]
    pagers: tuple[str, ...]
    script_pager: bool
    forward: str | None


def read_page(body: bytes, document: Document, url: str, *, is_home: bool) -> PageFacts:
    """Facts of the HTML page at ``url``. UnusableInput where the markup breaks the parser's limits."""
    source = body.decode(document.encoding, "replace")
    root = parse(source, url)
    script_pager = lists.has_script_pager(source)
    base = _base(root, url)
    forward = _forward(root, base)
    for unseen in list(root.iter("script", "style", "template")):
        # The text behind the element belongs to the page.
        unseen.text = None
    rows = lists.rows(root, base)
    main = lists.main_list(rows, url)
    path = _breadcrumb(root)
    tags = {name.lower(): value for name, value in document.tags.items()}
    column_name = _first_tag(tags, "column")
    kind = _kind(url, document, tags, main, path, is_home=is_home)
    shown = main if kind == "list" else [] if kind == "article" else [row for row in rows if row.date]
    title = document.title
    if kind == "article":
        title = tags.get("articletitle") or title
        path = path[:-1] if path and _same_title(path[-1], title) else path
    pagers = lists.pagers(root, base, url) if kind in ("list", "column") else []
    return PageFacts(
        kind=kind,
        title=title,
        published=_published(url, document, tags, kind),
        column_path=path or ((column_name,) if column_name else ()),
        column_name=column_name,
        links=tuple(_links(root, base, url)),
        entries=tuple(lists.entries(shown, url)),
        pagers=tuple(pagers),
        script_pager=script_pager,
        forward=forward,
    )


def _base(root: Element, url: str) -> str:
    for element in root.iter("base"):
        if element.get("href"):
            return absolute(url, element.get("href") or "") or url
    return url


def _forward(root: Element, base: str) -> str | None:
    for element in root.iter("meta"):
        if (element.get("http-equiv") or "").lower() == "refresh":
            match = _META_REFRESH.match(element.get("content") or "")
            if match:
                return absolute(base, match["url"])
    return None


def _links(root: Element, base: str, page: str) -> list[Link]:
    """Links in document order, each (address, text) once; frames count as links without text."""
    found: dict[tuple[str, str], Link] = {}
    limit = load("crawl")["limits"]["max_links"]
    for element in root.iter("a", "area", "frame", "iframe"):
        href = element.get("href") if element.tag in ("a", "area") else element.get("src")
        url = absolute(base, href) if href else None
        if not url:
            continue
        text = text_of(element) if element.tag == "a" else element.get("alt") or ""
        if not text:
            text = next((image.get("alt") or "" for image in element.iter("img")), "")
        title = " ".join((element.get("title") or "").split())
        found.setdefault((url, text), Link(page, url, text, title))
        if len(found) >= limit:
            break
    return list(found.values())


def _breadcrumb(root: Element) -> tuple[str, ...]:
    """Names of the columns above the page, from the home page down, without it; () where none is shown."""
    words = load("page-facts")["breadcrumb"]
    labels = tuple(words["labels"])
    for element in root.iter():
        for text, holder in ((element.text, element), (element.tail, element.getparent())):
            folded = "".join((text or "").split())
            if folded and len(folded) < 60 and _starts_with_label(folded, labels) and holder is not None:
                found = _crumbs_around(holder)
                if found:
                    return found
    for anchor in root.iter("a"):
        parent = anchor.getparent()
        if parent is not None and text_of(anchor) in words["home"]:
            found = _crumbs(parent) if _is_trail(parent) else ()
            if found:
                return found
    return ()


def _starts_with_label(text: str, labels: tuple[str, ...]) -> bool:
    for label in labels:
        if text.startswith(label):
            rest = text[len(label) :]
            return not rest or not rest[0].isalnum() or len(label) > 3
    return False


def _crumbs_around(holder: Element) -> tuple[str, ...]:
    """The label and the trail may be neighbours: look a little further up until links turn up."""
    node: Element | None = holder
    for _ in range(4):
        if node is None or node.tag == "body":
            return ()
        if next(node.iter("a"), None) is not None and (found := _crumbs(node)):
            return found
        node = node.getparent()
    return ()


def _is_trail(element: Element) -> bool:
    """A trail without a label: the home page, a separator, another link."""
    texts = lists.short_texts(element, 200)
    if texts is None or len(list(element.iter("a"))) < 2:
        return False
    separators = load("page-facts")["breadcrumb"]["separators"]
    return any(text in separators for text in texts)


def _crumbs(element: Element) -> tuple[str, ...]:
    words = load("page-facts")["breadcrumb"]
    texts = lists.short_texts(element, 400)
    if texts is None:
        return ()
    names: list[str] = []
    for text in texts:
        for part in _separator().split(text):
            name = part.strip(" :：　")
            if any(name.startswith(label) for label in words["labels"]):
                name = _after_label(name, words["labels"])
            if not name or name in words["home"] or name in words["not_columns"]:
                continue
            names.append(name)
    kept = [name for name in names if len(name) <= words["max_name"]]
    return tuple(dict.fromkeys(kept[: words["max_parts"]]))


def _after_label(text: str, labels: list[str]) -> str:
    label = max((label for label in labels if text.startswith(label)), key=len)
    return text[len(label) :].strip(" :：　")


def _kind(
    url: str,
    document: Document,
    tags: dict[str, str],
    main: list[Row],
    path: tuple[str, ...],
    *,
    is_home: bool,
) -> PageKind:
    if is_home:
        return "home"
    limits = load("page-facts")["lists"]
    dated = sum(row.date is not None for row in main)
    text = _running_text(document) >= limits["article_text"]
    article = bool(
        _first_tag(tags, "article")
        or dates.from_url(url)
        or _matches(url, "article")
        or any(field.name == "date_published" for field in document.fields)
    )
    column = bool(_first_tag(tags, "column") or path or _matches(url, "column"))
    # Articles have dated lists beside them, and lists stand under tags of articles: running text decides.
    if not text and (dated >= limits["min_dated"] or (main and column and not article)):
        return "list"
    if article or text:
        return "article"
    return "column" if column else "other"


def _running_text(document: Document) -> int:
    """Characters of paragraphs of the main text that end like sentences."""
    start, end = document.main
    blocks = document.blocks[start:end]
    return sum(len(block.text) for block in blocks if block.kind == "paragraph" and "。" in block.text)


def _published(url: str, document: Document, tags: dict[str, str], kind: PageKind) -> date | None:
    tag = dates.find(_first_tag(tags, "published"))
    if tag or kind != "article":
        return tag
    for field in document.fields:
        if field.name == "date_published" and (found := dates.find(field.value)):
            return found
    labels = tuple(load("page-facts")["published_labels"])
    for block in document.blocks:
        for label in labels:
            if label in block.text and len(block.text) < 200:
                found = dates.find(block.text.partition(label)[2][:30])
                if found:
                    return found
    return dates.from_url(url)


def _first_tag(tags: dict[str, str], group: str) -> str:
    names = load("page-facts")["tags"][group]
    return next((value for name in names if (value := tags.get(name.lower(), "").strip())), "")


def _same_title(name: str, title: str) -> bool:
    return name == title or (len(name) > 8 and (title.startswith(name.rstrip(".…")) or name in title))


@cache
def _patterns(group: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in load("page-facts")[f"{group}_addresses"])


def _matches(url: str, group: str) -> bool:
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return any(pattern.search(target) for pattern in _patterns(group))


@cache
def _separator() -> re.Pattern[str]:
    words = load("page-facts")["breadcrumb"]
    strong = "|".join(map(re.escape, sorted(words["separators"], key=len, reverse=True)))
    weak = "|".join(map(re.escape, sorted(words["weak_separators"], key=len, reverse=True)))
    return re.compile(rf"\s*(?:{strong})\s*|(?:^|\s+)(?:{weak})(?:\s+|$)")
