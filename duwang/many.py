"""Many annual reports in one call: taken in side by side, related to one another, judged side by side."""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

from crawler.capture import Capture
from crawler.errors import UnusableInput
from crawler.evidence import Document
from duwang import check, outputs
from duwang.check import Stated
from duwang.failures import PROBLEMS, crash_line, line_of
from duwang.inputs import Input, Source, obtain
from duwang.outputs import Target
from duwang.workers import ProcessLost, each
from reports.view import Unread
from scoring import assemble
from scoring.annual_report import AnnualReport
from scoring.engine import file_name
from scoring.inspection import Beside, Inspection
from scoring.regions import Tree
from scoring.relations import Company, Member, Relations, member_of, relate, relative
from scoring.rules import RuleSet

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be judged, in one line for the user; ``trace`` is set where the fault is ours."""

    name: str
    line: str
    trace: str = ""

    @classmethod
    def of(cls, name: str, error: Exception) -> Failure:
        if isinstance(error, PROBLEMS):
            return cls(name, line_of(error))
        return cls(name, f"{name}：{crash_line(error)}", "".join(traceback.format_exception(error)))

    @property
    def unread(self) -> Unread:
        return Unread(self.name, self.line.removeprefix(f"{self.name}："))


@dataclass(frozen=True, slots=True)
class Done:
    """A judged input; ``drawn`` is what goes to the screen."""

    name: str
    inspection: Inspection
    place: Target
    drawn: str = ""


@dataclass(slots=True)
class Run:
    """What came of the inputs of one call, by their numbers."""

    done: dict[int, Done] = field(default_factory=dict)
    failed: dict[int, Failure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beyond:
    """What the inputs are held against besides one another: last year's report, other units', the tree of units."""

    previous: str | None = None
    siblings: tuple[str, ...] = ()
    tree: Tree | None = None


def _unseen(*_: object) -> None:
    """Nobody looks on."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How the work is shared out: to ``jobs`` processes, or done here where there is one input alone.

    ``seen`` is told the stage and the name of each input that is through it.
    """

    jobs: int = 1
    seen: Callable[[str, str], None] = _unseen

    def over(
        self, work: Callable[[T], R], items: Sequence[tuple[str, T]], stage: str, *, alone: bool
    ) -> list[R | Failure]:
        """``work`` of each named item, in their order."""
        guarded = partial(_guarded, work)

        def done(item: tuple[str, T]) -> None:
            self.seen(stage, item[0])

        if not alone:
            results = each(guarded, items, self.jobs, done)
            return [
                Failure.of(n, r) if isinstance(r, ProcessLost) else r for (n, _), r in zip(items, results, strict=True)
            ]
        found = []
        for item in items:
            found.append(guarded(item))
            done(item)
        return found


def _guarded(work: Callable[[T], R], item: tuple[str, T]) -> R | Failure:
    """A fault of one input, ours too, must not lose the others."""
    try:
        return work(item[1])
    except Exception as error:
        return Failure.of(item[0], error)


@dataclass(frozen=True, slots=True)
class _Call:
    """What all inputs of one call have in common. ``screen`` is the format of what is drawn for the screen."""

    work: Path
    stated: Stated
    rules: RuleSet
    on: date
    screen: str
    before: Source | None = None
    siblings: tuple[Source, ...] = ()
    known: Mapping[str, Document] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Taken:
    """One input as a closed capture in a working folder, and what relates it to the others."""

    name: str
    place: Target
    folder: Path
    digest: str
    record: str
    member: Member


@dataclass(frozen=True, slots=True)
class _Related:
    """An input with the reports it is judged beside and the folders of their captures."""

    taken: _Taken
    beside: tuple[tuple[Beside, Path], ...]
    lacking: Mapping[str, tuple[str, ...]]


def check_all(
    items: Sequence[Input],
    beyond: Beyond,
    stated: Stated,
    rules: RuleSet,
    on: date,
    places: Sequence[Target],
    spread: Spread | None = None,
    screen: str = "",
) -> Run:
    """Take in every input, relate them, judge each; one that cannot be used does not stop the others.

    The results do not depend on the number of processes. Raises one of PROBLEMS where what the inputs are held
    against cannot be used: that is one fault of the call, not one of every input.
    """
    run, alone, spread = Run(), len(items) == 1, spread or Spread()
    with tempfile.TemporaryDirectory(prefix="duwang-") as name:
        call = _with_others(_Call(Path(name), stated, rules, on, screen), beyond, spread, alone)
        asked = [(i.name, (n, i, place)) for n, (i, place) in enumerate(zip(items, places, strict=True))]
        taken: dict[str, _Taken] = {}
        for number, one in enumerate(spread.over(partial(_take, call), asked, "读取", alone=alone)):
            if isinstance(one, Failure):
                run.failed[number] = one
            else:
                taken[str(number)] = one
        relations = relate([one.member for one in taken.values()], beyond.tree)
        related = [(one.name, _related(one, relations[number], taken)) for number, one in taken.items()]
        judged = spread.over(partial(_judge, call), related, "检查", alone=alone)
        for number, done in zip(map(int, taken), judged, strict=True):
            if isinstance(done, Failure):
                run.failed[number] = done
            else:
                run.done[number] = done
    return run


def _with_others(call: _Call, beyond: Beyond, spread: Spread, alone: bool) -> _Call:
    """The call with the reports given to compare with, each read once."""
    before = obtain(Input.of(beyond.previous)) if beyond.previous else None
    siblings = tuple(obtain(Input.of(sibling)) for sibling in beyond.siblings)
    sources = [*([before] if before else []), *siblings]
    numbered = [(source.given, (number, source)) for number, source in enumerate(sources)]
    read = spread.over(partial(_read, call), numbered, "读取对照", alone=alone)
    for one in read:
        if isinstance(one, Failure):
            raise UnusableInput(one.line)
    known = {one.record: one for one in read if isinstance(one, Document)}
    return replace(call, before=before, siblings=siblings, known=known)


def _read(call: _Call, item: tuple[int, Source]) -> Document:
    number, source = item
    capture = check.capture_report(source, None, Stated(), call.work / f"beyond-{number}")
    return assemble.stored_documents(capture)(next(capture.records()).id)


def _take(call: _Call, item: tuple[int, Input, Target]) -> _Taken:
    number, given, place = item
    folder = call.work / str(number)
    capture = check.capture_report(obtain(given), call.before, call.stated, folder, call.siblings, known=call.known)
    record = next(capture.records())
    page = record.uri.startswith(("http://", "https://"))
    report = AnnualReport(assemble.stored_documents(capture)(record.id), call.stated.options(page=page))
    where = record.uri if page else file_name(record.uri)
    return _Taken(given.name, place, capture.folder, capture.digest, record.id, member_of(report, str(number), where))


def _related(one: _Taken, relations: Relations, taken: Mapping[str, _Taken]) -> _Related:
    beside = []
    for relation in relations.found:
        other = taken[relation.other]
        ref = Beside(one.record, relation.tie, relation.name, other.place.evidence, other.digest, other.record)
        beside.append((ref, other.folder))
    lacking = {one.record: relations.lacking} if relations.lacking is not None else {}
    return _Related(one, tuple(beside), lacking)


def _judge(call: _Call, item: _Related) -> Done:
    one = item.taken
    company = Company(tuple(relative(ref, _stored(folder, ref.record)) for ref, folder in item.beside), item.lacking)
    capture = Capture.open(one.folder)
    inspection = check.judge_capture(capture, call.rules, call.on, one.place.evidence, company=company)
    held = outputs.Held(one.folder, {ref.record: folder for ref, folder in item.beside})
    outputs.publish(inspection, one.folder, one.place, held)
    drawn = outputs.for_screen(inspection, call.screen, held)
    return Done(one.name, inspection, one.place, drawn)


@lru_cache(maxsize=32)
def _stored(folder: Path, record: str) -> Document:
    """A report that others are judged beside; one that is like many is asked for again and again."""
    return assemble.stored_documents(Capture.open(folder))(record)
