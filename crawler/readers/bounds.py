"""One document within limits, whatever it was read from: what is beyond them is left out with a note."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from crawler.readers.drafts import Draft, Draught, Omission
from crawler.readers.notes import joined
from crawler.words import load


def bound(draught: Draught) -> None:
    """Part paragraphs without end and leave out the drafts beyond the limits of ``crawler/data/document.yaml``."""
    _bound_drafts(draught)
    draught.omitted = next(iter(told([note for note in draught.notes if isinstance(note, Omission)])), "")
    draught.notes = told(joined(draught.notes))


def told(notes: list[str]) -> list[str]:
    """Notes that a reader can take in: each once, on one line, and of very many the first and how many more there are.

    Names out of a file stand in them, and may hold anything.
    """
    limits = load("document")["limits"]
    most = limits["notes"]
    shown = ("".join(char for char in note if char.isprintable())[: limits["note"]] for note in notes)
    lines = list(dict.fromkeys(shown))
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], f"另有 {len(lines) - most + 1} 处也没有读全，不再逐一列出"]


def _bound_drafts(draught: Draught) -> None:
    limits = load("document")["limits"]
    if len(draught.drafts) <= limits["blocks"] and sum(len(d.text) for d in draught.drafts) <= limits["block"]:
        return
    kept: list[Draft] = []
    characters = 0
    for draft in _parted(draught.drafts, limits["block"]):
        characters += len(draft.text)
        if len(kept) >= limits["blocks"] or characters > limits["characters"]:
            draught.notes.append(Omission(f"文件内容过多，只读取了前 {len(kept)} 个段落和表格"))
            break
        kept.append(draft)
    draught.drafts = kept


def _parted(drafts: list[Draft], most: int) -> Iterator[Draft]:
    """Paragraphs no longer than ``most`` characters; patterns take too long on longer ones."""
    for draft in drafts:
        if draft.table is not None or len(draft.text) <= most:
            yield draft
            continue
        for at in range(0, len(draft.text), most):
            text = draft.text[at : at + most]
            share = len(text) / len(draft.text)
            yield replace(draft, text=text, link_chars=round(draft.link_chars * share))
