"""The model asked clause by clause: a site says most of its clauses on many pages, and each is read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from scoring.wording.model.character_model import CharacterModel, Suspicion

_CLAUSE = re.compile(r"[^，。；！？：,;!?:\n]+")
_SHORTEST = 4  # characters; a shorter clause says too little
_MOST = 300_000  # clauses that are remembered; then it begins anew


class ClauseReader:
    """Remembers which clauses were read and what was suspected in them."""

    def __init__(self, model: CharacterModel) -> None:
        self._model = model
        self._read: set[str] = set()
        self._suspected: dict[str, list[Suspicion]] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Read the clauses of many texts at once, which is much faster than one text after the other."""
        if len(self._read) > _MOST:
            self._read.clear()
            self._suspected.clear()
        words = {clause for text in texts for clause in _CLAUSE.findall(text) if len(clause) >= _SHORTEST}
        new = sorted(words - self._read)
        for clause, found in zip(new, self._model.suspicions_of(new), strict=True) if new else ():
            if found:
                self._suspected[clause] = found
        self._read.update(new)

    def suspicions(self, text: str) -> Iterator[Suspicion]:
        """What is suspected in the clauses of a text, each read by itself, in order."""
        self.learn([text])
        if not self._suspected:
            return
        for match in _CLAUSE.finditer(text):
            offset = match.start()
            for one in self._suspected.get(match[0], ()):
                yield Suspicion(one.start + offset, one.end + offset, one.wrong, one.right, one.score)


@lru_cache(maxsize=1)
def shipped_reader() -> ClauseReader:
    """A reader with the model that comes with the program; what it remembers changes no result."""
    return ClauseReader(CharacterModel.shipped())
