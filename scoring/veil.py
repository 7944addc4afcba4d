"""Numbers of persons in a text: where they stand, and the same text with them masked.

What is quoted, told or printed shows them masked; the evidence keeps the bytes. Masking keeps the length of a text, so
that places in it stay true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Literal, TypeVar

from scoring.data import table

Kind = Literal["identity", "old", "mobile", "card"]
T = TypeVar("T")

# Digits that stand together, in groups parted by one blank, dash or line break each. What may hold them is looked for
# first: a search for one set of characters is three times as fast.
_DIGIT, _PARTS, _X = r"0-9\uff10-\uff19", r" \xa0\u3000\n\-\u2010-\u2014\uff0d", r"[Xx\uff38\uff58]"
_LIKELY = re.compile(rf"[{_DIGIT}][{_DIGIT}{_PARTS}]{{10,}}{_X}?")
_RUN = re.compile(rf"[{_DIGIT}](?:[{_PARTS}]?[{_DIGIT}]){{10,}}(?:[{_PARTS}]?{_X}(?![A-Za-z]))?")
_GROUP = re.compile(rf"[{_DIGIT}]+{_X}?|{_X}")
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_MOST_TRIED = 6  # groups that are read as one number
_STAR = "*"
_ASCII_LETTER = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Number:
    """A number that is built as one of a person: characters ``start`` to ``end`` of the text, ``digits`` half-width.

    ``sound`` says whether its check digit is right; True where its kind has none. ``born`` is the day in an identity
    number.
    """

    kind: Kind
    start: int
    end: int
    digits: str
    sound: bool = True
    born: date | None = None


def numbers(text: str) -> tuple[Number, ...]:
    """All numbers in a text that are built as those of persons, in order, none over another.

    Identity numbers of 18 (GB 11643; with a wrong check digit too) and of 15 digits, mobile numbers, and numbers of 16
    to 19 digits that Luhn's algorithm lets pass for those of bank cards.
    """
    if _LIKELY.search(text) is None:
        return ()
    return tuple(number for likely in _LIKELY.finditer(text) for number in _numbers(text, *likely.span()))


def veiled(text: str) -> str:
    """The text with the numbers of persons masked, as long as before."""
    found = numbers(text)
    if not found:
        return text
    letters = list(text)
    for number in found:
        head, tail = table("personal-data")["kept"][number.kind]
        places = [at for at in range(number.start, number.end) if letters[at].isalnum()]
        for at in places[head : len(places) - tail]:
            letters[at] = _STAR
    return "".join(letters)


def veiled_part(whole: str, start: int, end: int) -> str:
    """Characters ``start`` to ``end`` of the masked text: a number that the cut goes through is masked too."""
    return veiled(whole)[start:end]


# Fields that lead back to the evidence: masked, they would lead nowhere.
_ADDRESSES = frozenset(
    {"record", "digest", "url", "file", "selector", "fingerprint", "pages", "capture", "rules_digest", "previous", "of"}
)


def veiled_all(value: T) -> T:
    """A record with all of its texts masked, in records, sequences and mappings within it too; addresses stay."""
    return _veiled_all(value)  # type: ignore[no-any-return]


def _veiled_all(value: Any) -> Any:
    if isinstance(value, str):
        return veiled(value)
    if isinstance(value, Mapping):
        return {name: one if name in _ADDRESSES else _veiled_all(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_veiled_all(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for field in fields(value):
            old = getattr(value, field.name)
            if field.name not in _ADDRESSES and (new := _veiled_all(old)) != old:
                changed[field.name] = new
        return replace(value, **changed) if changed else value
    return value


def _numbers(text: str, first: int, end: int) -> Iterator[Number]:
    for run in _RUN.finditer(text, first, end):
        groups = [match.span() for match in _GROUP.finditer(text, *run.span())]
        at = 0
        while at < len(groups):
            for last in range(min(at + _MOST_TRIED, len(groups)), at, -1):
                number = _number(text, groups[at:last])
                if number is not None:
                    yield number
                    at = last - 1
                    break
            at += 1


def _number(text: str, groups: Sequence[tuple[int, int]]) -> Number | None:
    """What these groups are together; None where they are no number of a person."""
    kinds = _KINDS.get(sum(b - a for a, b in groups))
    if kinds is None:
        return None
    start, end = groups[0][0], groups[-1][1]
    digits = "".join(text[a:b] for a, b in groups).translate(_HALF).upper()
    for kind in kinds:
        number = kind(digits, start, end)
        if number is not None and _grouped(number, _sizes(text, groups)) and _fits(number, text):
            return number
    return None


def _sizes(text: str, groups: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """The sizes of the groups; one that goes on in the next line of a narrow cell is one group."""
    sizes: list[int] = []
    before = -1
    for a, b in groups:
        if before >= 0 and text[before:a] == "\n":
            sizes[-1] += b - a
        else:
            sizes.append(b - a)
        before = b
    return tuple(sizes)


def _grouped(number: Number, sizes: tuple[int, ...]) -> bool:
    if len(sizes) == 1:
        return True
    data = _data()
    if number.kind == "identity" and number.sound and len(sizes) <= data.most_groups and min(sizes[:-1]) > 1:
        return True
    return sizes in data.groups.get(number.kind, ())


def _fits(number: Number, text: str) -> bool:
    """Whether what stands right before and behind lets it be a number by itself."""
    before, behind = text[max(0, number.start - 1) : number.start], text[number.end : number.end + 2]
    if number.kind == "mobile":
        decimal = behind[:1] == "." and behind[1:].isdecimal()
        return before not in (".", "_") and not decimal and _data().no_mobile.match(behind) is None
    if _ASCII_LETTER.match(behind):
        return False
    return number.kind == "identity" or not _ASCII_LETTER.match(before)


def _mobile(digits: str, start: int, end: int) -> Number | None:
    own = digits.removeprefix("86") if len(digits) == 13 else digits
    if len(own) != 11 or own[0] != "1" or own[1] not in "3456789" or own[-1] == "X":
        return None
    return Number("mobile", start, end, own)


def _identity(digits: str, start: int, end: int) -> Number | None:
    born = _day(digits[6:14]) if "X" not in digits[:17] else None
    if digits[:2] not in _data().provinces or born is None or digits[6:8] not in ("19", "20"):
        return None
    weights, signs = _data().weights, _data().signs
    sign = signs[sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11]
    return Number("identity", start, end, digits, sign == digits[17], born)


def _old(digits: str, start: int, end: int) -> Number | None:
    born = _day(f"19{digits[6:12]}") if "X" not in digits else None
    if digits[:2] not in _data().provinces or born is None:
        return None
    return Number("old", start, end, digits, True, born)


def _card(digits: str, start: int, end: int) -> Number | None:
    if "X" in digits or digits[0] not in "3456" or not _luhn(digits):
        return None
    return Number("card", start, end, digits)


def _luhn(digits: str) -> bool:
    """Luhn's algorithm (ISO/IEC 7812): every second digit from the right doubled, the sum a multiple of ten."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


_KINDS = {11: (_mobile,), 13: (_mobile,), 15: (_old,), 16: (_card,), 17: (_card,), 18: (_identity, _card), 19: (_card,)}


def organisation(code: str) -> bool:
    """Whether 18 digits and letters are the code of an organisation (统一社会信用代码, GB 32100), check sign too."""
    data = table("personal-data")["organisation"]
    letters: str = data["letters"]
    if len(code) != 18 or code[:2] not in data["kinds"] or any(sign not in letters for sign in code):
        return False
    total = sum(letters.index(sign) * weight for sign, weight in zip(code, data["weights"], strict=False))
    return letters[-total % 31] == code[17]


@dataclass(frozen=True)
class _Data:
    provinces: frozenset[str]
    weights: tuple[int, ...]
    signs: str
    groups: dict[str, frozenset[tuple[int, ...]]]
    most_groups: int
    no_mobile: re.Pattern[str]


@cache
def _data() -> _Data:
    data = table("personal-data")
    identity = data["identity"]
    return _Data(
        frozenset(identity["provinces"]),
        tuple(identity["weights"]),
        identity["signs"],
        {kind: frozenset(map(tuple, data[kind]["groups"])) for kind in ("identity", "mobile", "card")},
        identity["most_groups"],
        re.compile(data["mobile"]["no_number"]),
    )
