"""Characters as small numbers: one for each frequent Chinese character, and a few for kinds of other characters."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint16]

LINE_END: Final = 1
DIGIT: Final = 2
LETTER: Final = 3
SYMBOL: Final = 4
RARE: Final = 5
COMMA: Final = 6
STOP: Final = 7
OPENING: Final = 8
CLOSING: Final = 9
SPACE: Final = 10
FIRST: Final = 16  # the code of the most frequent character; smaller ones are kinds
PAD: Final = 5  # line ends before and after a text, so that every window lies within the array

_KINDS: Final = {
    LINE_END: "\n\r",
    DIGIT: "0123456789０１２３４５６７８９",
    COMMA: ",，、",
    STOP: "。.；;：:！？!?",
    OPENING: '《“（〈【[(「『‘<"',
    CLOSING: "》”）〉】])」』’>",
    SPACE: " \u3000\t\xa0",
}
_PLANE: Final = 65536


def _kinds() -> Codes:
    of = np.full(_PLANE, SYMBOL, np.uint16)
    of[0x4E00:0xA000] = RARE
    of[0x3400:0x4DC0] = RARE
    for first in "AaＡａ":
        of[ord(first) : ord(first) + 26] = LETTER
    for kind, characters in _KINDS.items():
        of[[ord(one) for one in characters]] = kind
    return of


class Alphabet:
    """The characters that a model knows, most frequent first."""

    def __init__(self, characters: str) -> None:
        self.characters = characters
        self.size = FIRST + len(characters)
        self._of = _kinds()
        self._of[[ord(one) for one in characters]] = np.arange(FIRST, self.size)

    def codes(self, text: str) -> Codes:
        """One code for each character of ``text``, with ``PAD`` line ends on either side."""
        points = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
        codes = np.full(len(points) + 2 * PAD, LINE_END, np.uint16)
        codes[PAD : PAD + len(points)] = self._of[np.minimum(points, _PLANE - 1)]
        return codes

    def character(self, code: int) -> str:
        return self.characters[code - FIRST]
