"""The lines of a web page without its structure: what its document says stands in them, at a third of the cost."""

from __future__ import annotations

from typing import cast

from lxml import etree

from crawler.readers.html import Opened
from crawler.readers.markup import BLOCKS, CELLS, HEADINGS, UNSEEN, Element, is_hidden, text_in
from crawler.readers.spaces import cell_lines, collapse_each

_BREAK = "\u2029"  # what HTML keeps, and no page has: its own line breaks are mere spaces
_PARTING = BLOCKS | CELLS | {"br", "option"}
_TWICE = HEADINGS | {"a", "img", "pre"}
_MAY_HIDE = etree.XPath("//*[@style or @hidden]")


def lines_of_page(opened: Opened) -> list[str]:
    """The seen lines of a page, spaces collapsed, and what its pictures are called: no line of its document is missing.

    Some stand there twice (headings, links), and nothing tells menus from text. The tree of ``opened`` is used up.
    """
    root = opened.root
    # Elements are told apart by the library, which takes less time than looking at each.
    for el in root.iter("br"):  # in a heading it is a space
        el.tail = f" {el.tail or ''}"
    hidden = [el for el in cast(list[Element], _MAY_HIDE(root)) if is_hidden(el)]
    for el in (*root.iter(*UNSEEN), *hidden):
        _silence(el)
    again = [line for el in root.iter(*_TWICE) for line in _of_its_own(el)]
    for el in root.iter(*_PARTING):
        el.text = f"{_BREAK}{el.text or ''}"
        el.tail = f"{_BREAK}{el.tail or ''}"
    found = collapse_each((*text_in(root).split(_BREAK), *again))
    # In the cells of a table wide spaces count as others do.
    cells = (cell_lines(line) for line in found if "\u3000" in line or not line.isprintable())
    return [line for line in (*found, *cells) if line]


def _of_its_own(el: Element) -> list[str]:
    if el.tag == "img":
        return [el.get("alt") or ""]
    return text_in(el).split("\n") if el.tag == "pre" else [text_in(el)]


def _silence(el: Element) -> None:
    for inside in el.iter():
        inside.text = None
        if inside is not el:
            inside.tail = None
