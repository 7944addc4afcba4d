"""How much of one text stands in another: shingles for the exact share, MinHash to find who is worth comparing.

Shingles and resemblance after Broder (1997), the sketch after Li, Owen and Zhang (2012, one permutation hashing)
with one byte kept of each bin (Li and König 2010). Nothing is random: the permutation is a fixed hash.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from scoring.annual_report import AnnualReport, Piece, Quote
from scoring.data import table
from scoring.text import fold, sentences

_LEFT_OUT = re.compile(r"[\d\s,.。;:、()%“”\"]+")
_WORD = 1 << 64
_SAME_BY_CHANCE = 1 / 256  # two bins that keep one byte each


@lru_cache(maxsize=1)
def _required() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{phrase})" for phrase in table("years")["required_wording"]))


@lru_cache(maxsize=4096)
def own_wording(text: str) -> str:
    """A text without required wording, figures and marks: what an office wrote by itself."""
    return _LEFT_OUT.sub("", _required().sub("", fold(text)))


def section_wording(report: AnnualReport, number: int) -> str:
    """The own wording of a section."""
    return own_wording(report.section_text(number))


def shingles(text: str, length: int) -> frozenset[str]:
    """All runs of ``length`` characters."""
    return frozenset(text[i : i + length] for i in range(len(text) - length + 1))


def share(own: frozenset[str], other: frozenset[str]) -> float:
    """Which part of ``own`` stands in ``other`` (0-1); 0 where there is nothing to compare."""
    return len(own & other) / len(own) if own else 0.0


# --- sketches ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sketch:
    """A text's MinHash: one byte for each of ``bins``, packed into a number, and how many shingles there are."""

    packed: int
    size: int


def sketch(text: str) -> Sketch | None:
    """The sketch of a text as ``own_wording`` gives it; None where it is too short to be compared."""
    data = table("similarity")
    if len(text) < data["shortest"]:
        return None
    length, bins, factor = data["shingle"], data["bins"], data["factor"]
    wide = text.encode("utf-16-le", "surrogatepass")  # two bytes a character: slices of it are slices of the text
    found = {crc32(wide[i : i + 2 * length]) for i in range(0, len(wide) - 2 * length + 2, 2)}
    least: list[int | None] = [None] * bins
    for checksum in found:
        # Multiplicative hashing (Knuth): the high bits are as good as random and always the same.
        place, rest = divmod(checksum * factor % _WORD * bins, _WORD)
        held = least[place]
        if held is None or rest < held:
            least[place] = rest
    return Sketch(int.from_bytes(_filled(least), "big"), len(found))


def _filled(least: list[int | None]) -> bytes:
    """One byte a bin; an empty bin takes that of the next filled one (Shrivastava and Li 2014)."""
    result = bytearray(len(least))
    after = next(value for value in least if value is not None)
    for place in reversed(range(len(least))):
        value = least[place]
        if value is not None:
            after = value
        result[place] = (after >> 40) & 0xFF
    return bytes(result)


def _same_bins(one: Sketch, other: Sketch, bins: int) -> int:
    return (one.packed ^ other.packed).to_bytes(bins, "big").count(0)


def likeness(one: Sketch, other: Sketch) -> float:
    """Which part of ``one`` stands in ``other`` (0-1), as the sketches tell it."""
    bins: int = table("similarity")["bins"]
    return min(1.0, _shared(_same_bins(one, other, bins) / bins, one.size + other.size) / one.size)


def _shared(same: float, sizes: int) -> float:
    """How many shingles two texts share, by the part of their bins that are the same and both sizes together."""
    resemblance = max(0.0, (same - _SAME_BY_CHANCE) / (1 - _SAME_BY_CHANCE))
    return resemblance * sizes / (1 + resemblance)


def alike(sketches: dict[str, Sketch], owner: dict[str, str]) -> dict[str, list[str]]:
    """For each text the few of other owners that it is most likely taken from, likeliest first."""
    data = table("similarity")
    bins, least, most = data["bins"], data["candidate"], data["candidates"]
    few = bins * data["few"]  # most pairs have less in common: they are passed over quickly
    pairs = sorted(sketches.items())
    ranked: dict[str, list[tuple[float, str]]] = {name: [] for name, _ in pairs}
    for place, (name, own) in enumerate(pairs):
        for other, held in pairs[place + 1 :]:
            same = _same_bins(own, held, bins)
            if same < few or owner[name] == owner[other]:
                continue
            shared = _shared(same / bins, own.size + held.size)
            if shared >= least * own.size:
                ranked[name].append((-shared / own.size, other))
            if shared >= least * held.size:
                ranked[other].append((-shared / held.size, name))
    return {name: [other for _, other in sorted(found)[:most]] for name, found in ranked.items() if found}


# --- passages ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """A piece of running text without required wording, figures and marks; ``at`` is where each character stood."""

    piece: Piece
    text: str
    at: tuple[int, ...]


def _lines(report: AnnualReport, number: int) -> list[_Line]:
    found = []
    for piece in report.pieces(number):
        folded = fold(report.text(piece))
        gone = [m.span() for pattern in (_required(), _LEFT_OUT) for m in pattern.finditer(folded)]
        out = {i for start, end in gone for i in range(start, end)}
        at = tuple(i for i in range(len(folded)) if i not in out)
        found.append(_Line(piece, "".join(folded[i] for i in at), at))
    return [line for line in found if line.text]


def same_passage(one: AnnualReport, other: AnnualReport, number: int) -> tuple[Quote, Quote] | None:
    """The longest passage of a section that stands in both reports, drawn out to whole sentences in each.

    Of what the other report repeats within itself, the first place counts: time grows with the length alone.
    """
    length: int = table("similarity")["shingle"]
    first: dict[str, tuple[_Line, int]] = {}
    for theirs in _lines(other, number):
        for start in range(len(theirs.text) - length + 1):
            first.setdefault(theirs.text[start : start + length], (theirs, start))
    best: tuple[int, _Line, int, _Line, int] | None = None
    for mine in _lines(one, number):
        start = 0
        while start <= len(mine.text) - length:
            hit = first.get(mine.text[start : start + length])
            if hit is None:
                start += 1
                continue
            size = _run(mine.text, start, hit[0].text, hit[1])
            if best is None or size > best[0]:
                best = (size, mine, start, *hit)
            start += size - length + 1  # what follows may go on elsewhere in the other
    if best is None:
        return None
    size, mine, a, theirs, b = best
    return _sentences_around(one, mine, a, size), _sentences_around(other, theirs, b, size)


def _run(one: str, a: int, other: str, b: int) -> int:
    """For how many characters both texts go on the same."""
    most = min(len(one) - a, len(other) - b)
    return next((i for i in range(most) if one[a + i] != other[b + i]), most)


def _sentences_around(report: AnnualReport, line: _Line, start: int, size: int) -> Quote:
    first, last = line.at[start], line.at[start + size - 1]
    spans = sentences(report.text(line.piece))
    starts = [a for a, _ in spans]
    begin = spans[max(0, bisect_right(starts, first) - 1)][0]
    end = spans[max(0, bisect_right(starts, last) - 1)][1]
    return report.quote(line.piece.block, line.piece.start + begin, line.piece.start + end)
