"""Lines of Chinese text by display width, with the customary rules for line ends."""

from __future__ import annotations

import re

from rich.cells import cell_len, chop_cells

# 行首禁则 and 行尾禁则 of Chinese typesetting: marks that may not open or close a line.
_NOT_FIRST = "，。、；：？！）】〕》〉”’」』…—·～%％‰℃,.;:?!)]}"
_NOT_LAST = "（【〔《〈“‘「『([{"

# A Latin word or number stays whole; every other character may end a line, marks stick to their neighbour.
_PIECE = re.compile(
    rf"[{re.escape(_NOT_LAST)}]*(?:[A-Za-z0-9_./:%+\-]+|[^\s])[{re.escape(_NOT_FIRST)}]*|[{re.escape(_NOT_LAST)}]+|\s+"
)


def wrap(text: str, width: int) -> list[str]:
    """Lines no wider than ``width`` cells; line breaks of the text are kept, at least one line comes back."""
    return [line for part in text.split("\n") for line in _paragraph(part, max(width, 4))]


def _paragraph(text: str, width: int) -> list[str]:
    lines, line, used = [], "", 0
    for piece in _PIECE.findall(text):
        size = cell_len(piece)
        if used + size > width and line.strip():
            lines.append(line.rstrip())
            line, used = "", 0
        if not line:
            piece = piece.lstrip()
            size = cell_len(piece)
        if size > width:
            *full, piece = chop_cells(piece, width)
            lines.extend(full)
            size = cell_len(piece)
        line, used = line + piece, used + size
    return [*lines, line.rstrip()] if line.strip() or not lines else lines
