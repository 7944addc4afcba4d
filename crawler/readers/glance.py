"""The lines of a web page without its structure: what its document says stands in them, at a quarter of the cost."""

from __future__ import annotations

from crawler.readers.html import Opened
from crawler.readers.markup import BLOCKS, CELLS, HEADINGS, UNSEEN, is_hidden, text_in

_BREAK = "\u2029"  # what HTML keeps, and no page has: its own line breaks are mere spaces
_PARTING = (*sorted(BLOCKS), *sorted(CELLS), "br", "option")


def lines_of_page(opened: Opened) -> list[str]:
    """The seen lines of a page, spaces collapsed, and what its pictures are called: no line of its document is missing.

    Some stand there twice (headings, links), and nothing tells menus from text. The tree of ``opened`` is used up.
    """
    root = opened.root
    twice = [text_in(el) for el in root.iter("a", *sorted(HEADINGS))]
    twice += [line for el in root.iter("pre") for line in text_in(el).split("\n")]
    twice += [el.get("alt") or "" for el in root.iter("img")]
    styled = [*root.iterfind(".//*[@style]"), *root.iterfind(".//*[@hidden]")]
    for el in (*root.iter(*sorted(UNSEEN)), *filter(is_hidden, styled)):
        for inside in el.iter():
            inside.text = None
            if inside is not el:
                inside.tail = None
    for el in root.iter(*_PARTING):
        el.text = f"{_BREAK}{el.text or ''}"
        el.tail = f"{_BREAK}{el.tail or ''}"
    lines = [*text_in(root).split(_BREAK), *twice]
    return [" ".join(line.split()) for line in lines if line and not line.isspace()]
