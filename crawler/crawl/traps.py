"""Parts of a site that have no end: the same pages under ever new addresses."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

from crawler.templates import shape
from crawler.urls import host_key, split
from crawler.words import load

_PATH_SESSION = re.compile(r"/\([A-Za-z]\([A-Za-z0-9]{8,64}\)\)|;[A-Za-z_]{1,40}=[^/]*")
_RANDOM = re.compile(r"0\.\d{5,}|1\d{9}(\d{3})?")
_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(0?[1-9]|1[0-2])月?")
_DATE = re.compile(r"(\d{4})[-/.年]?(0?[1-9]|1[0-2])(?:[-/.月]?(?:0?[1-9]|[12]\d|3[01])日?)?")
_NUMBERS = re.compile(r"\d{1,8}|\d{4}-\d{1,2}(?:-\d{1,2})?")
_LONG = re.compile(r"[0-9A-Za-z_.-]{16,}")
_ORDER_MARKS = re.compile(r"%20|[+_.-]")
_OF_PARAMETERS = ("filter", "sort", "parameters")
_ESCAPED_PERCENT = re.compile(r"%(?:25)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TrapSeen:
    """One trap: the shape of its addresses (without parameters where it lies in these), its kind, the first address
    refused, and how many were."""

    template: str
    kind: str
    example: str
    count: int


@dataclass(slots=True)
class _Template:
    found: int = 0
    read: int = 0
    fresh: int = 0


@dataclass(frozen=True, slots=True)
class _Moment:
    """The calendar page without its date, the year it shows, and whether the address names a month too."""

    page: str
    year: int
    monthly: bool


@dataclass(slots=True)
class _Calendar:
    year: int
    depth: int
    found: int = 0


class Traps:
    """Judges each new address before it is queued, by its form and by what its like have yielded.

    ``limits`` replaces single values of ``limits`` in ``data/manners.yaml``. Kinds: ``session``, ``repeat``,
    ``spiral``, ``parameters``, ``calendar``, ``sort``, ``filter``, ``template``. Memory is bounded: counts per shape,
    and 64-bit numbers for addresses. Path rules after Heritrix and Nutch.
    """

    def __init__(self, limits: dict[str, Any]) -> None:
        self._limits: dict[str, Any] = {**load("manners")["limits"], **limits}
        self._templates: dict[str, _Template] = {}
        self._calendars: dict[str, _Calendar] = {}
        self._paths: dict[str, list[str]] = {}
        self._bases: dict[int, int] = {}
        self._seen: dict[tuple[str, str], list[Any]] = {}

    def verdict(self, url: str, *, depth: int, is_turn: bool) -> str | None:
        """Kind of the trap that the address would lead into, or None where it may be queued.

        ``depth`` counts links from the home page. ``is_turn`` says that it is the next page of a list that was
        recognised: then only its path is looked at. The same address always gets the same answer to its form, so
        the state can be built again by replaying the calls in order.
        """
        parts = split(url)
        if parts is None:
            return None
        template = shape(url)
        kind = self._path_kind(parts.path)
        if kind is None and not is_turn:
            kind = (
                self._query_kind(parts.query)
                or self._calendar_kind(url, depth)
                or self._variant_kind(url, template)
                or self._filter_kind(template)
                or self._template_kind(template)
            )
        if kind is None:
            self._count(template)
        else:
            self._note(template, kind, url)
        return kind

    def barren(self, url: str) -> bool:
        """Whether the like of an address, queued before that was known, have yielded so little that it is left."""
        template = shape(url)
        kind = self._template_kind(template)
        if kind:
            self._note(template, kind, url)
        return kind is not None

    def may_be_barren(self, url: str) -> bool:
        """The same without a note of it: nothing is decided yet."""
        return self._template_kind(shape(url)) is not None

    def seen_content(self, template: str, *, fresh: bool) -> None:
        """A page of this shape was read; ``fresh`` says that no other page has the same bytes."""
        counts = self._count(template, read=True)
        if counts and fresh:
            counts.fresh += 1

    def report(self) -> list[TrapSeen]:
        """The traps, those with the most addresses first."""
        found = [TrapSeen(template, kind, *seen) for (template, kind), seen in self._seen.items()]
        return sorted(found, key=lambda trap: (-trap.count, trap.template, trap.kind))

    def dump(self) -> dict[str, Any]:
        """The whole state in types that JSON knows, for :meth:`load`."""
        return {
            "templates": {name: asdict(counts) for name, counts in self._templates.items()},
            "calendars": {name: asdict(calendar) for name, calendar in self._calendars.items()},
            "paths": self._paths,
            "bases": list(self._bases.items()),
            "seen": [[*names, *seen] for names, seen in self._seen.items()],
        }

    def load(self, state: dict[str, Any]) -> None:
        """Take over a state that :meth:`dump` gave."""
        self._templates = {name: _Template(**counts) for name, counts in state["templates"].items()}
        self._calendars = {name: _Calendar(**calendar) for name, calendar in state["calendars"].items()}
        self._paths = {path: list(shapes) for path, shapes in state["paths"].items()}
        self._bases = dict(state["bases"])
        self._seen = {(template, kind): [example, count] for template, kind, example, count in state["seen"]}

    def _count(self, template: str, *, read: bool = False) -> _Template | None:
        counts = self._templates.get(template)
        if counts is None and len(self._templates) < self._limits["max_templates"]:
            counts = self._templates[template] = _Template()
        if counts:
            counts.read += read
            counts.found += not read
        return counts

    def _note(self, template: str, kind: str, url: str) -> None:
        # One line of the report for all combinations of the parameters of one page.
        names = (template.partition("?")[0] if kind in _OF_PARAMETERS else template, kind)
        if names not in self._seen and len(self._seen) >= self._limits["max_reported"]:
            names = ("", kind)
        self._seen.setdefault(names, [url, 0])[1] += 1

    def _path_kind(self, path: str) -> str | None:
        limits = self._limits
        parts = [part for part in path.split("/") if part]
        if len(parts) < limits["repeats"]:
            return None
        if len(parts) > limits["max_segments"] or _pages_within(parts) > limits["page_segments"]:
            return "spiral"
        names = Counter(part for part in parts if not part.isdigit())
        if names and max(names.values()) >= limits["same_segment"]:
            return "repeat"
        for size in range(1, limits["longest_group"] + 1):
            if _repeats(parts, size, limits["repeats"], limits["number_repeats"]):
                return "repeat"
        return None

    def _query_kind(self, query: str) -> str | None:
        if not query:
            return None
        limits = self._limits
        names = Counter(name for name, _ in _items(query))
        if names.total() > limits["max_parameters"] or max(names.values(), default=0) > limits["max_equal_parameters"]:
            return "parameters"
        layers = max((len(match[0]) // 2 for match in _ESCAPED_PERCENT.finditer(query)), default=0)
        return "parameters" if layers > limits["escape_layers"] else None

    def _calendar_kind(self, url: str, depth: int) -> str | None:
        moment = _moment(url)
        if moment is None:
            return None
        limits = self._limits
        first = self._calendars.get(moment.page)
        if first is None:
            if len(self._calendars) < limits["max_templates"]:
                self._calendars[moment.page] = _Calendar(moment.year, depth, 1)
            return None
        far = abs(moment.year - first.year) > limits["calendar_years" if moment.monthly else "calendar_far"]
        endless = first.found >= limits["calendar_pages"] or depth - first.depth > limits["calendar_depth"]
        if far or (moment.monthly and endless):
            return "calendar"
        first.found += 1
        return None

    def _variant_kind(self, url: str, template: str) -> str | None:
        """The address under another session, order of rows, or order of parameters was queued before."""
        base, kind = _folded(url, doubtful=self._repeats_itself(template))
        parts = urlsplit(url)
        if kind is None and not parts.query:
            return None
        full, number = _number(f"{host_key(parts)}{parts.path}?{parts.query}"), _number(base)
        known = self._bases.get(number)
        if known is None:
            if len(self._bases) < self._limits["max_bases"]:
                self._bases[number] = full
            return None
        return None if known == full else kind or "sort"

    def _repeats_itself(self, template: str) -> bool:
        """Most pages of this shape had bytes that were read before."""
        counts = self._templates.get(template)
        return counts is not None and counts.read >= self._limits["doubt_reads"] and 2 * counts.fresh < counts.read

    def _filter_kind(self, template: str) -> str | None:
        """One page under more and more combinations of parameter names."""
        path, _, names = template.partition("?")
        if not names:
            return None
        shapes = self._paths.get(path)
        if shapes is None:
            if len(self._paths) >= self._limits["max_templates"]:
                return None
            shapes = self._paths[path] = []
        if names in shapes:
            return None
        if len(shapes) >= self._limits["max_shapes"]:
            return "filter"
        shapes.append(names)
        return None

    def _template_kind(self, template: str) -> str | None:
        limits = self._limits
        counts = self._templates.get(template)
        if counts is None or counts.found < limits["template_pages"] or counts.read < limits["template_reads"]:
            return None
        return "template" if counts.fresh < limits["template_yield"] * counts.read else None


def _pages_within(parts: list[str]) -> int:
    """Parts before the last one that are named like pages: a relative link was joined to a page as to a folder."""
    endings = _words()["page_endings"]
    return sum(part.rpartition(".")[2].lower() in endings for part in parts[:-1] if "." in part)


def _repeats(parts: list[str], size: int, times: int, number_times: int) -> bool:
    """True where a group of ``size`` parts stands ``times`` times in a row; groups of numbers may do so more often."""
    run = 0
    for at in range(size, len(parts)):
        run = run + 1 if parts[at] == parts[at - size] else 0
        group = parts[at - size + 1 : at + 1]
        needed = number_times if all(part.isdigit() for part in group) else times
        if run >= size * (needed - 1):
            return True
    return False


def _items(query: str) -> list[tuple[str, str]]:
    """Names in lower case, and values as they stand."""
    pairs = (item.partition("=") for item in query.split("&") if item)
    return [(name.lower(), value) for name, _, value in pairs]


def _moment(url: str) -> _Moment | None:
    """What an address of a calendar shows; None for any other. An article with a date in its address is none."""
    parts = urlsplit(url)
    return _moment_of_query(parts.netloc + parts.path, parts.query) or _moment_of_path(parts.netloc, parts.path)


def _moment_of_query(page: str, query: str) -> _Moment | None:
    words = _words()
    year: int | None = None
    monthly = False
    kept = []
    for name, value in _items(query):
        day = _DATE.fullmatch(value.partition("%20")[0].partition("+")[0])
        if name in words["years"] and _YEAR.fullmatch(value):
            year = int(value)
        elif name in words["months"] and _MONTH.fullmatch(value):
            monthly = True
        elif name in words["dates"] and day:
            year, monthly = int(day[1]), True
        elif name not in words["dates"]:
            kept.append(f"{name}={value}")
    return _Moment(f"{page}?{'&'.join(sorted(kept))}", year, monthly) if year is not None else None


def _moment_of_path(host: str, path: str) -> _Moment | None:
    pieces = [piece.partition(".")[0] for piece in path.split("/") if piece]
    named = [at for at, piece in enumerate(pieces) if piece.lower() in _words()["calendar_parts"]]
    after = pieces[named[-1] + 1 :] if named else []
    if not after or not all(_NUMBERS.fullmatch(piece) for piece in after):
        return None
    day = _DATE.fullmatch("-".join(after[:3]))
    page = f"{host}/{'/'.join(pieces[: named[-1] + 1])}"
    if day:
        return _Moment(page, int(day[1]), True)
    return _Moment(page, int(after[0]), False) if _YEAR.fullmatch(after[0]) else None


def _folded(url: str, *, doubtful: bool) -> tuple[str, str | None]:
    """The address without session, noise and order, and which of ``session`` and ``sort`` was taken out.

    ``doubtful`` takes names for sessions that are also used for numbers of articles.
    """
    words = _words()
    parts = urlsplit(url)
    path = _PATH_SESSION.sub("", parts.path)
    kind = "session" if path != parts.path else None
    kept = []
    for name, value in _items(parts.query):
        noise = name in words["noise"] and _RANDOM.fullmatch(value)
        unsure = doubtful and name in words["doubtful_sessions"] and _LONG.fullmatch(value)
        if name in words["sessions"] or noise or unsure:
            kind = "session"
        elif name in words["sorts"] and _ORDER_MARKS.split(value.lower())[-1] in words["sort_values"]:
            kind = kind or "sort"
        else:
            kept.append(f"{name}={value}")
    return f"{host_key(parts)}{path}?{'&'.join(sorted(kept))}", kind


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


@cache
def _words() -> dict[str, frozenset[str]]:
    """The lists as sets; the crawl's own ignored parameters are sessions too."""
    words = {name: frozenset(value) for name, value in load("manners")["traps"].items() if isinstance(value, list)}
    words["sessions"] |= frozenset(load("crawl")["ignored_parameters"])
    return words
