"""The lines of a web page without its structure: what its document says stands in them, at a third of the cost."""

from __future__ import annotations

from typing import cast

from lxml import etree

from crawler.readers.html import Opened
from crawler.readers.markup import BLOCKS, CELLS, HEADINGS, UNSEEN, Element, is_hidden, text_in
from crawler.readers.spaces import cell_lines, collapse_each

# What HTML keeps, and no text may hold (noncharacters of Unicode): a page's own line breaks are mere spaces.
_EDGE = "\ufdd0"  # of a block
_BREAK = "\ufdd1"
_PARTING = BLOCKS | CELLS
_MAY_HIDE = etree.XPath("//*[@style or @hidden]")


def lines_of_page(opened: Opened) -> list[str]:
    """The seen lines of a page, spaces collapsed, and what its pictures are called: no line of its document is missing.

    Some stand there twice (headings, links), and nothing tells menus from text. The tree of ``opened`` is used up.
    ValueError where a character stands in the page that no tree takes back (a form feed): only its document tells then.
    """
    root = opened.root
    # Elements are told apart by the library, which takes less time than looking at each.
    hidden = [el for el in cast(list[Element], _MAY_HIDE(root)) if is_hidden(el)]
    for el in (*root.iter(*UNSEEN), *hidden):
        el.clear(keep_tail=True)  # type: ignore[call-arg]  # the stubs know an older library
        el.tag = "i"  # the text on both sides of it is one
    # The name of an attachment is one line, whatever breaks it.
    again = [text_in(el) if el.tag == "a" else el.get("alt") or "" for el in root.iter("a", "img")]
    for el in root.iter(*_PARTING):
        el.text = f"{_EDGE}{el.text or ''}"
        el.tail = f"{_EDGE}{el.tail or ''}"
    for el in root.iter("br"):
        el.tail = f"{_BREAK}{el.tail or ''}"
    typed = [text_in(el) for el in root.iter("pre")]
    for text in map(text_in, root.iter(*HEADINGS)):
        again += text.replace(_BREAK, " ").split(_EDGE)
        if typed:  # one of them may be a part of the other
            again += text.replace(_BREAK, " ").replace("\n", " ").split(_EDGE)
    for text in typed:
        again += text.replace(_BREAK, _EDGE).replace("\n", _EDGE).split(_EDGE)
    found = collapse_each((*text_in(root).replace(_BREAK, _EDGE).split(_EDGE), *again))
    # In the cells of a table wide and protected spaces count as others do.
    cells = (cell_lines(line) for line in found if "\u3000" in line or "  " in line or not line.isprintable())
    return [line for line in (*found, *cells) if line]
