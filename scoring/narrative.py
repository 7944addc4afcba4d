"""Quantities that running text states, with their place: 收到…申请12件, 予以公开及部分公开258件, 占33.9%.

The word lists and patterns are data (``rules/tables/narrative.yaml``). Precision before recall: a number
whose statement holds a word we do not know is left alone, since it may be a narrower quantity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from scoring.annual_report import AnnualReport, Piece
from scoring.data import table
from scoring.text import Number, fold, mask, numbers, sentences

Status = Literal["own", "scope", "year", "approximate", "part"]


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage said of the mention before it. ``base``: the earlier figure the text itself gives, if any."""

    kind: Literal["share", "growth"]
    value: Decimal  # signed for growth
    start: int
    end: int
    base: Decimal | None = None
    others: tuple[Decimal, ...] = ()  # all counts of the sentence before it: what else it may be said of


@dataclass(frozen=True, slots=True)
class Mention:
    """One stated quantity. ``kinds`` has several members where the text states their sum.

    ``start``/``end`` are character offsets in the block's text and cover label and number. ``status`` says
    whether it is the office's own whole of the year (``own``) or something that must not be compared.
    """

    kinds: tuple[str, ...]
    number: Number
    piece: Piece
    start: int
    end: int
    sentence: tuple[int, int]
    status: Status
    percents: tuple[Percent, ...] = ()

    @property
    def value(self) -> Decimal:
        return self.number.value


@dataclass(frozen=True, slots=True)
class _Pattern:
    kind: str
    left: re.Pattern[str] | None
    right: re.Pattern[str] | None
    needs: str
    after: str


@lru_cache(maxsize=64)
def _patterns(year: int) -> tuple[_Pattern, ...]:
    data = table("narrative")
    words = {
        k: v.replace("{last_year}", str(year - 1)).replace("{next_year}", str(year + 1))
        for k, v in data["words"].items()
    }

    def build(text: str | None) -> re.Pattern[str] | None:
        if text is None:
            return None
        for name, word in words.items():
            text = text.replace("{" + name + "}", word)
        return re.compile(text)

    return tuple(
        _Pattern(p["kind"], build(p.get("left")), build(p.get("right")), p.get("needs", ""), p.get("after", ""))
        for p in data["patterns"]
    )


@lru_cache(maxsize=1)
def _result_words() -> tuple[re.Pattern[str], dict[str, str]]:
    names = {word: kind for kind, words in table("narrative")["results"].items() for word in words}
    return re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True))), names


@lru_cache(maxsize=8)
def _compiled(name: str) -> re.Pattern[str]:
    return re.compile(table("narrative")[name])


def read(report: AnnualReport) -> list[Mention]:
    """All quantities stated in the sections 前言, 一, 三, 四, 五 and 六, in reading order. Read once per report."""
    if "mentions" not in report.memo:
        report.memo["mentions"] = [m for piece in report.pieces(0, 1, 3, 4, 5, 6) for m in _read_piece(report, piece)]
    found: list[Mention] = report.memo["mentions"]
    return found


def clean(report: AnnualReport, piece: Piece) -> str:
    """Folded text of a piece with titles covered; offsets are those of the piece."""
    known: dict[Piece, str] = report.memo.setdefault("clean", {})
    if piece not in known:
        known[piece] = mask(fold(report.text(piece)))
    return known[piece]


def figures(folded: str) -> list[Number]:
    """All numbers of a folded text with their units; 约, 近 and the like make one approximate."""
    return numbers(folded, _compiled("vague_before"))


def _read_piece(report: AnnualReport, piece: Piece) -> Iterator[Mention]:
    text = clean(report, piece)
    for start, end in sentences(text):
        # What a paragraph is about is said at its beginning (依申请公开 …) or goes on behind the sentence.
        context = text[max(0, start - 400) : end + 200]
        yield from _read_sentence(report, piece, text, (start, end), context)


def _read_sentence(report: AnnualReport, piece: Piece, text: str, span: tuple[int, int], context: str) -> list[Mention]:
    data = table("narrative")
    start, end = span
    sentence = text[start:end]
    all_numbers = figures(sentence)
    counts = [n for n in all_numbers if n.unit in data["units"]]
    mentions: list[Mention] = []
    chain: list[str] = []  # kinds still to be handed out after 分别
    previous_end = 0
    for number in counts:
        # Bounded look-back: no statement is longer, and the patterns stay cheap on hostile text.
        left_start = max(previous_end, number.start - 120)
        left = sentence[left_start : number.start]
        right = sentence[number.end :]
        kinds: tuple[str, ...] = ()
        label_start = number.start
        taken = 0  # characters behind the number that its label uses up
        if chain and re.fullmatch(r"[、,和及\s]*", left):
            kinds, label_start = (chain.pop(0),), number.start
        else:
            chain = []
            asked = re.search(data["results_context"], context)
            about_documents = any(word in sentence[: number.start] for word in data["other_subject"])
            named = _results(left, right, "部分公开" in sentence) if asked and not about_documents else None
            if named:
                kinds, offset, rest = named
                taken = max(0, -offset)
                label_start = left_start + offset if offset >= 0 else number.start
                if rest:
                    kinds, chain = kinds[:1], list(rest)
            elif hit := _by_pattern(report, left, right, context, mentions):
                kinds, offset = (hit[0],), hit[1]
                label_start = left_start + offset
        previous_end = number.end + taken
        if not kinds:
            continue
        status = _status(report, sentence, number, kinds[0], mentions)
        mentions.append(
            Mention(
                kinds,
                number,
                piece,
                piece.start + start + label_start,
                piece.start + start + number.end,
                (piece.start + start, piece.start + end),
                status,
            )
        )
    return _with_percents(sentence, piece.start + start, mentions, all_numbers, counts)


def _results(left: str, right: str, brief: bool = False) -> tuple[tuple[str, ...], int, tuple[str, ...]] | None:
    """Kinds of result named right before (or right behind) a number.

    Returns kinds, offset of the first label in ``left`` (negative: the label ends that far behind the number), and
    for 分别 the kinds that the following numbers carry.
    """
    data = table("narrative")
    pattern, names = _result_words()
    hits = list(pattern.finditer(left))
    if hits and _compiled("result_tail").match(left[hits[-1].end() :]):
        chosen = [hits[-1]]
        for hit in reversed(hits[:-1]):
            if not re.match(data["result_joiner"], left[hit.end() : chosen[0].start()]):
                break
            chosen.insert(0, hit)
        kinds = tuple(dict.fromkeys(names[h.group()] for h in chosen))
        if data["shared"] in left[hits[-1].end() :] and len(kinds) > 1:
            return kinds, chosen[0].start(), kinds[1:]
        return kinds, chosen[0].start(), ()
    short = re.search(r"(?:^|[,、:;(])(不?公开)$", left)
    if short and not hits and brief:
        return (data["results_short"][short[1]],), short.start(1), ()
    lead = re.match(data["result_right"], right)
    behind = pattern.match(right, lead.end() if lead else 0)
    if behind and not hits:
        tail = right[behind.end() :]
        if re.match(r"(?:的|申请|决定|答复)*\s*(?:$|[,、;。()])", tail):
            return (names[behind.group()],), -behind.end(), ()
    return None


def _by_pattern(
    report: AnnualReport, left: str, right: str, context: str, mentions: list[Mention]
) -> tuple[str, int] | None:
    data = table("narrative")
    clause_start = max(left.rfind(mark) for mark in ",;:、") + 1
    clause = left[clause_start:]
    foreign = any(word in clause or word in right[:8] for word in data["foreign"])
    for pattern in _patterns(report.year or 0):
        if pattern.after and not any(m.kinds[0].startswith(pattern.after) for m in mentions):
            continue
        if pattern.needs == "disclosure" and not re.search(data["disclosure"], context):
            continue
        if pattern.needs == "request" and not re.search(data["request_context"], context):
            continue
        if foreign and pattern.kind in ("received", "handled", "answered", "closed", "carried_in", "carried_out"):
            continue
        match = pattern.left.search(left) if pattern.left else None
        if pattern.left and not match:
            continue
        if pattern.right and not pattern.right.search(right):
            continue
        offset = match.start() if match and pattern.right is None else max(0, len(left) - 1)
        return pattern.kind, offset
    return None


def _status(report: AnnualReport, sentence: str, number: Number, kind: str, mentions: list[Mention]) -> Status:
    data = table("narrative")["scope"]
    if number.approximate:
        return "approximate"
    opened = sentence.rfind("(", 0, number.start)
    inside = opened > sentence.rfind(")", 0, number.start)
    if inside and kind.startswith("r3") and re.match(data["inside"], sentence[opened + 1 :]):
        return "part"  # 予以公开11件（含…同意公开的2件）
    before = _compiled("comparison").sub(lambda m: "□" * len(m.group()), sentence[: number.start])
    clause = before[max(before.rfind(mark) for mark in ",;:") + 1 :]
    if not kind.startswith("carried"):
        years = [int(y) for y in re.findall(r"(20\d\d)年", before)]
        if (years and report.year and years[-1] != report.year) or any(w in clause for w in data["other_year"]):
            return "year"
    unit = fold(report.unit or "")  # 政府办 in an office's own name narrows nothing
    wide = max((before.rfind(word) for word in data["wide"] if word not in unit), default=-1)
    narrow = max((before.rfind(word) for word in data["narrow"] if word not in unit), default=-1)
    own = max((before.rfind(word) for word in data["own"]), default=-1)
    if report.publisher == "government":
        # A government's report covers its whole area (facts E1): only what is wider than its own level is not its own.
        wider = [*data["wider"], *(w for w in data["wide"] if w.startswith("全") and len(w) == 2 and w[1] not in unit)]
        wide = max((before.rfind(word) for word in wider), default=-1)
    if max(wide, narrow) > own:
        return "scope"
    if kind in ("review", "litigation") and any(w in clause for w in data["other_field"]):
        return "own" if re.search(table("narrative")["disclosure"], clause) else "scope"
    if kind == "received" and any(w in re.sub(data["everyone"], "", clause) for w in data["applicants"]):
        return "part"
    if kind in ("received", "handled", "answered", "closed", "review", "litigation"):
        if data["part"] in before:
            return "part"
        if any(word in clause for word in data["channel"]) and not any(w in clause for w in data["channel_all"]):
            return "part"
    elif kind.startswith("r3") and mentions and mentions[-1].kinds[0] in ("person", "organisation", "business"):
        gap = before[max(0, before.rfind(data["part"])) :]
        if data["part"] in gap and len(gap) < 20:
            return "part"
    return "own"


def _base(sentence: str, value: Decimal, between: list[Number], behind: int) -> Decimal | None:
    """The earlier figure of a growth: 较上年的112件, 增加85件 (then by subtraction), or 下降3.8%（2022年480件）."""
    data = table("narrative")["percent"]
    if match := re.match(data["base_behind"], sentence[behind:]):
        return Decimal(match[1].replace(",", ""))
    difference = None
    for number in between:
        before = sentence[: number.start]
        if re.search(data["more"], before):
            difference = value - number.value
        elif re.search(data["less"], before):
            difference = value + number.value
        else:
            return number.value
    return difference


def _with_percents(
    sentence: str, offset: int, mentions: list[Mention], all_numbers: list[Number], counts: list[Number]
) -> list[Mention]:
    data = table("narrative")["percent"]
    result = list(mentions)
    for number in all_numbers:
        if number.unit != "%" or number.approximate:
            continue
        earlier = [i for i, m in enumerate(result) if m.end - offset <= number.start]
        if not earlier:
            continue
        index = earlier[-1]
        mention = result[index]
        gap = sentence[mention.end - offset : number.start]
        # Figures in brackets break the quantity down; they are not what it grew from.
        shown = re.sub(r"\([^()]*\)", lambda m: " " * len(m.group()), sentence)
        between = [
            n for n in counts if mention.end - offset <= n.start < number.start and shown[n.start : n.end].strip()
        ]
        if re.search(data["share"], gap) and not between and table("narrative")["shared"] not in gap:
            percent = Percent("share", number.value, offset + number.start, offset + number.end)
        elif (growth := re.search(data["growth"], gap)) and len(between) <= 2 and gap.count("%") == 0:
            value = -number.value if growth[1] in data["down"] else number.value
            base = _base(sentence, mention.value, between, number.end)
            others = tuple(n.value for n in counts if n.end <= number.start)
            percent = Percent("growth", value, offset + number.start, offset + number.end, base, others)
        else:
            continue
        # A growth may be said of any quantity of the sentence so far; a share is said of the last one.
        subjects = earlier if percent.kind == "growth" else [index]
        for subject in subjects:
            result[subject] = replace(result[subject], percents=(*result[subject].percents, percent))
    return result
