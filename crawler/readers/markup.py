"""What HTML elements are, where they stand (XPath) and how much text they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from lxml import etree
from lxml.html import defs

from crawler.readers.spaces import solid

Element: TypeAlias = etree._Element

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Elements that open a new line, as browsers' default style sheet has it.
_INLINE_AFTER_ALL = {"del", "ins", "noscript", "option", "optgroup", "col", "colgroup", "isindex"}
_HTML5_BLOCKS = {
    "address", "article", "aside", "body", "details", "dialog", "figcaption", "figure", "footer", "header", "hgroup",
    "html", "main", "nav", "search", "section", "summary",
}  # fmt: skip
BLOCKS = frozenset((set(defs.block_tags) - _INLINE_AFTER_ALL) | _HTML5_BLOCKS)
CELLS = frozenset({"td", "th"})
# Elements whose content no reader of the page sees.
UNSEEN = frozenset(
    {"script", "style", "template", "noscript", "head", "title", "iframe", "object", "select", "datalist", "svg",
     "audio", "video", "canvas"}
)  # fmt: skip
_HIDING = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


@lru_cache(maxsize=1024)
def is_plain_name(tag: str) -> bool:
    """Whether an element name can stand in an XPath as it is (``o:p`` cannot)."""
    return _PLAIN_NAME.fullmatch(tag) is not None


def text_in(el: Element, *tags: str) -> str:
    """All text inside ``el`` (of elements named ``tags`` only, where given) as it stands in the source."""
    if tags:
        return "".join(str(text) for text in el.itertext(*tags))
    return etree.tostring(el, encoding="unicode", method="text", with_tail=False) if len(el) else el.text or ""


def is_hidden(el: Element) -> bool:
    """Hidden by its own attributes; style sheets are not read."""
    style = el.get("style")
    return (style is not None and _HIDING.search(style) is not None) or el.get("hidden") is not None


@dataclass(slots=True)
class Paths:
    """XPaths of elements, each family of siblings counted once."""

    steps: dict[Element, str] = field(default_factory=dict)
    paths: dict[Element, str] = field(default_factory=dict)

    def of(self, el: Element) -> str:
        """Absolute XPath of ``el``; an index is given only where siblings share the name."""
        above: list[Element] = []
        node: Element | None = el
        while node is not None and node not in self.paths:
            above.append(node)
            node = node.getparent()
        path = self.paths[node] if node is not None else ""
        for node in reversed(above):
            if node not in self.steps:
                self._count(node.getparent(), node)
            path = self.paths[node] = f"{path}/{self.steps[node]}"
        return path

    def _count(self, parent: Element | None, node: Element) -> None:
        if parent is None:
            self.steps[node] = str(node.tag)
            return
        children = list(parent)
        totals: dict[str, int] = {}
        for child in children:
            totals[str(child.tag)] = totals.get(str(child.tag), 0) + 1
        at: dict[str, int] = {}
        for index, child in enumerate(children, 1):
            tag = str(child.tag)
            at[tag] = at.get(tag, 0) + 1
            if not is_plain_name(tag):
                self.steps[child] = f"*[{index}]"
            else:
                self.steps[child] = tag if totals[tag] == 1 else f"{tag}[{at[tag]}]"


@dataclass(slots=True)
class Size:
    """What an element holds: characters (all, outside links, in nested tables), paragraphs, headings."""

    chars: int = 0
    plain: int = 0
    blocks: int = 0
    headings: int = 0
    nested: int = 0


@dataclass(slots=True)
class Survey:
    """Sizes of visible elements (what is not in ``seen`` shows nothing) and the characters hidden by style."""

    seen: dict[Element, Size] = field(default_factory=dict)
    hidden: int = 0


def survey(root: Element) -> Survey:
    """One pass over the tree: which elements show, and how much they hold."""
    found = Survey()
    seen = found.seen
    chars = plain = blocks = headings = links = 0
    tables: list[Element] = []
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, el in walker:
        if event == "start":
            tag, hidden = el.tag, is_hidden(el)
            if hidden or tag in UNSEEN:
                if hidden and tag not in UNSEEN:
                    found.hidden += sum(solid(text) for text in el.itertext("*") if text)
                walker.skip_subtree()
                continue
            seen[el] = Size(chars, plain, blocks, headings)
            if tag in BLOCKS:
                blocks += 1
                headings += tag in HEADINGS
                if tag == "table":
                    tables.append(el)
            elif tag == "a":
                links += 1
            elif tag == "br":
                blocks += 1
            if text := el.text:
                size = solid(text)
                chars += size
                plain += 0 if links else size
            continue
        size_of = seen.get(el)
        if size_of is not None:
            size_of.chars, size_of.plain = chars - size_of.chars, plain - size_of.plain
            size_of.blocks, size_of.headings = blocks - size_of.blocks, headings - size_of.headings
            tag = el.tag
            if tag == "a":
                links -= 1
            elif tag == "table":
                tables.pop()
                if tables:
                    seen[tables[-1]].nested += size_of.chars
        if (tail := el.tail) and el is not root:
            size = solid(tail)
            chars += size
            plain += 0 if links else size
    return found
