"""What is said of many pages in a row is said once."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PAGE = re.compile(r"第 (\d{1,9}) 页(.+)")
_ROW = 3  # pages in a row that share one line


def joined(notes: Iterable[str]) -> list[str]:
    """The notes in their order; those that say the same of three or more pages in a row become one."""
    rows: list[tuple[int, str, list[str]]] = []  # number of the first page, what is said, the notes
    for note in notes:
        match = _PAGE.fullmatch(note)
        number, said = (int(match[1]), match[2]) if match else (0, "")
        if rows and said and rows[-1][1] == said and rows[-1][0] + len(rows[-1][2]) == number:
            rows[-1][2].append(note)
        else:
            rows.append((number, said, [note]))
    found: list[str] = []
    for first, said, row in rows:
        found += row if len(row) < _ROW else [f"第 {first} 至 {first + len(row) - 1} 页{said}"]
    return found
