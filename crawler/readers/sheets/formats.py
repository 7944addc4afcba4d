"""Numbers as a workbook shows them: number formats of ECMA-376-1 18.8.31, the part of them that offices use."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from crawler.readers.sheets.model import settings

# A piece of a format code: text in quotes, an escaped character, a filler, a bracket, a half of the day, a run of a
# letter, any other character.
_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<gap>.)|\*.|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<half>AM/PM|A/P|上午/下午)|(?P<general>General)|(?P<letters>(?P<letter>[ymdhsaebg])(?P=letter)*)|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MAX_CODE = 255
# Beyond these a number is shown plainly: no office writes them, and Decimal keeps 28 digits.
_LARGE = 1e18
_MOST_DECIMALS = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """``kind``: text, digit (0 # ?), point, comma, percent, date (a run of letters), half, elapsed, general, odd."""

    kind: str
    text: str


def builtin(number: int) -> str:
    """The code of a format that is known by its number; General where there is none."""
    return str(settings("formats")["builtin"].get(number) or BUILTIN_FORMATS.get(number, "General"))


def shown(value: float, code: str, *, date1904: bool = False) -> str:
    """``value`` as the format ``code`` shows it; plain where the code is not understood. "" where it hides it."""
    if not math.isfinite(value):
        return str(value)
    chosen, amount = _section(value, _sections(code[:_MAX_CODE]))
    kinds = {piece.kind for piece in chosen}
    if "general" in kinds or "odd" in kinds or abs(value) >= _LARGE:
        affixes = _affixes(chosen) if "general" in kinds else ("", "")
        return affixes[0] + plain(amount) + affixes[1]
    if kinds & {"date", "elapsed"}:
        return _date(value, chosen, date1904) or plain(value)
    if "digit" not in kinds:
        return "".join(piece.text for piece in chosen if piece.kind == "text").strip()
    return _number(amount, chosen).strip()


def plain(value: float) -> str:
    """As the format General shows it: whole numbers without a point, others with ten significant digits."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = format(value, ".10g")
    if abs(value) >= _LARGE:
        return text
    text = format(Decimal(text), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[tuple[tuple[Piece, ...], tuple[str, float] | None], ...]:
    """The parts of a code between semicolons, each with its condition."""
    sections: list[tuple[tuple[Piece, ...], tuple[str, float] | None]] = []
    pieces: list[Piece] = []
    condition: tuple[str, float] | None = None
    for match in _PIECE.finditer(code):
        bracket = match["bracket"]
        if match["other"] == ";":
            sections.append((_settled(pieces), condition))
            pieces, condition = [], None
        elif bracket is None:
            pieces += _pieces_of(match)
        elif found := _CONDITION.fullmatch(bracket.strip()):
            condition = (found[1], float(found[2]))
        elif bracket.startswith("$"):
            pieces.append(Piece("text", bracket[1:].partition("-")[0]))
        elif bracket and set(bracket.lower()) in ({"h"}, {"m"}, {"s"}):
            pieces.append(Piece("elapsed", bracket.lower()))
    sections.append((_settled(pieces), condition))
    return tuple(sections)


def _pieces_of(match: re.Match[str]) -> list[Piece]:
    for name in ("quoted", "escaped"):
        if match[name] is not None:
            return [Piece("text", match[name])]
    if match["gap"] is not None:
        return [Piece("text", " ")]
    if match["half"]:
        return [Piece("half", match["half"])]
    if match["general"]:
        return [Piece("general", "")]
    if match["letters"]:
        return [Piece("date", match["letters"].lower())]
    char = match["other"]
    if char is None:
        return []
    kind = {"0": "digit", "#": "digit", "?": "digit", ".": "point", ",": "comma", "%": "percent"}.get(char, "text")
    return [Piece("general", "") if char == "@" else Piece(kind, char)]


def _settled(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Letters among digits are an exponent; a stroke between digits makes a fraction: both are left to General."""
    kinds = [piece.kind for piece in pieces]
    if "digit" in kinds:
        first, last = kinds.index("digit"), len(kinds) - 1 - kinds[::-1].index("digit")
        inner = pieces[first : last + 1]
        dates = [p for p in pieces if p.kind in ("date", "elapsed") and p.text[0] not in "ebg"]
        if not dates and any(p.kind == "date" or (p.kind == "text" and p.text == "/") for p in inner):
            return (Piece("odd", ""),)
    return tuple(pieces)


def _section(
    value: float, sections: tuple[tuple[tuple[Piece, ...], tuple[str, float] | None], ...]
) -> tuple[tuple[Piece, ...], float]:
    """The section that shows ``value``, and what it shows of it (without the sign where a section is for negatives)."""
    if any(condition for _, condition in sections):
        for pieces, condition in sections[:2]:
            if condition and _holds(value, condition):
                return pieces, value
        rest = [pieces for pieces, condition in sections[:3] if condition is None] or [sections[-1][0]]
        return rest[0], value
    if value < 0 and len(sections) > 1:
        return sections[1][0], -value
    if value == 0 and len(sections) > 2:
        return sections[2][0], value
    return sections[0][0], value


def _holds(value: float, condition: tuple[str, float]) -> bool:
    sign, other = condition
    return {
        "<": value < other,
        ">": value > other,
        "=": value == other,
        "<=": value <= other,
        ">=": value >= other,
        "<>": value != other,
    }[sign]


def _affixes(pieces: tuple[Piece, ...]) -> tuple[str, str]:
    """Text before and after the number of a code with General in it."""
    at = next(i for i, piece in enumerate(pieces) if piece.kind == "general")
    before = "".join(p.text for p in pieces[:at] if p.kind == "text").lstrip()
    return before, "".join(p.text for p in pieces[at + 1 :] if p.kind == "text").rstrip()


def _number(value: float, pieces: tuple[Piece, ...]) -> str:
    kinds = [piece.kind for piece in pieces]
    point = kinds.index("point") if "point" in kinds else len(pieces)
    whole = [i for i in range(point) if kinds[i] == "digit"]
    parts = [i for i in range(point + 1, len(pieces)) if kinds[i] == "digit"]
    last = max([*whole, *parts])
    thousands = any(kinds[i] == "comma" for i in range(whole[0], whole[-1])) if whole else False
    scale = sum(kinds[i] == "comma" for i in range((whole or [0])[-1] + 1, point)) + sum(
        kinds[i] == "comma" for i in range(last + 1, len(pieces)) if last > point
    )
    amount = Decimal(repr(value)).scaleb(2 * kinds.count("percent") - 3 * scale)
    amount = amount.quantize(Decimal(1).scaleb(-len(parts)), ROUND_HALF_UP) if len(parts) <= _MOST_DECIMALS else amount
    digits, _, decimals = format(abs(amount), "f").partition(".")
    digits = digits.lstrip("0")
    sign = "-" if amount < 0 else ""
    out: list[str] = []
    # From right to left: each place takes a digit, the leftmost one all that are left.
    count = 0
    for i in range(point - 1, -1, -1):
        if kinds[i] == "digit":
            taken = digits if i == whole[0] else digits[-1:]
            digits = "" if i == whole[0] else digits[:-1]
            for char in reversed(taken or ("0" if pieces[i].text == "0" else "")):
                out.append("," if thousands and count and count % 3 == 0 else "")
                out.append(char)
                count += 1
        elif kinds[i] in ("text", "percent"):
            out.append(pieces[i].text)
    head = "".join(reversed(out))
    kept = _decimals(decimals, [pieces[i].text for i in parts])
    tail = "".join(p.text for p in pieces[point + 1 :] if p.kind in ("text", "percent"))
    return sign + head + (f".{kept}" if kept else "") + tail


def _decimals(digits: str, places: list[str]) -> str:
    """Decimals as the places show them: ``#`` and ``?`` drop zeros at the end."""
    shown_digits = list(digits.ljust(len(places), "0")[: len(places)])
    while shown_digits and places[len(shown_digits) - 1] != "0" and shown_digits[-1] == "0":
        shown_digits.pop()
    return "".join(shown_digits)


def _date(value: float, pieces: tuple[Piece, ...], date1904: bool) -> str:
    """Date or time; "" where the value is none."""
    try:
        # A second is the finest that is shown.
        moment = from_excel(round(value * 86400) / 86400, MAC_EPOCH if date1904 else WINDOWS_EPOCH)
    except (OverflowError, ValueError):
        return ""
    if isinstance(moment, time):
        moment = datetime.combine(WINDOWS_EPOCH, moment)
    elif isinstance(moment, timedelta):
        return ""
    if not isinstance(moment, datetime) or value < 0:
        return ""
    moment = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    half = next((p.text for p in pieces if p.kind == "half"), "")
    out = []
    for i, piece in enumerate(pieces):
        if piece.kind == "date":
            minutes = piece.text[0] == "m" and len(piece.text) < 3 and _is_minutes(pieces, i)
            out.append(_part(moment, piece.text, minutes, bool(half)))
        elif piece.kind == "half":
            names = settings("formats")["halves"].get(piece.text.upper(), ["AM", "PM"])
            out.append(names[moment.hour >= 12])
        elif piece.kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[piece.text[0]]
            out.append(str(int(round(value * 86400) // unit)).zfill(len(piece.text)))
        elif piece.kind in ("text", "comma", "point"):
            out.append(piece.text)
    return "".join(out).strip()


def _is_minutes(pieces: tuple[Piece, ...], at: int) -> bool:
    """A run of m after hours or before seconds means minutes."""
    letters = [(i, p.text[0]) for i, p in enumerate(pieces) if p.kind in ("date", "elapsed")]
    here = next(k for k, (i, _) in enumerate(letters) if i == at)
    before = letters[here - 1][1] if here else ""
    after = letters[here + 1][1] if here + 1 < len(letters) else ""
    return before == "h" or after == "s"


def _part(moment: datetime, run: str, minutes: bool, halved: bool) -> str:
    letter, width = run[0], len(run)
    if letter in "ye":
        return f"{moment.year % 100:02d}" if letter == "y" and width < 3 else str(moment.year)
    if letter == "a":
        return _weekday(moment, "星期" if width > 3 else "")
    if letter == "m" and not minutes and width > 2:
        return _MONTHS[moment.month - 1]
    if letter == "d" and width > 2:
        return _weekday(moment, "星期")
    hour = (moment.hour % 12 or 12) if halved else moment.hour
    month = moment.minute if minutes else moment.month
    number = {"m": month, "d": moment.day, "h": hour, "s": moment.second}.get(letter)
    return "" if number is None else f"{number:0{min(width, 2)}d}"


@cache
def _weekdays() -> str:
    return str(settings("formats")["weekdays"])


def _weekday(moment: datetime, prefix: str) -> str:
    return prefix + _weekdays()[moment.weekday()]
