"""``duwang check``: annual reports given as files or addresses, each one a capture of its own."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from crawler import readers
from crawler.archive.writer import CaptureWriter
from crawler.capture import Capture
from crawler.errors import UnusableInput
from crawler.evidence import Document, Record
from duwang import outputs
from duwang.failures import PROBLEMS, crash_line, tell_error
from duwang.inputs import Source, distinct, is_url, named, obtain, stem_of
from duwang.outputs import Target
from duwang.settings import status
from reports import html, json_report, overview, text, view
from reports.files import write_whole
from scoring import assemble
from scoring.annual_report import AnnualReport, Options, Publisher
from scoring.engine import file_name
from scoring.inspection import Beside, Inspection
from scoring.regions import Tree
from scoring.relations import NOBODY, Company, Member, Relations, Relative, member_of, relate, relative
from scoring.rules import RuleSet

MEDIA_TYPE = "application/octet-stream"  # of a file: its bytes and its name say what it is


def now() -> datetime:
    """When bytes were taken in; a fact about the evidence, never part of a judgement."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the user says about a report; None is recognised from the document."""

    year: int | None = None
    published: date | None = None
    publisher: Publisher | None = None
    unit: str | None = None
    level: str | None = None

    def options(self, *, page: bool) -> Options:
        return Options(self.year, self.unit, self.publisher, self.published, self.level, page)

    def kept(self) -> dict[str, Any]:
        """JSON form, kept with the evidence so that the judgement can be repeated."""
        published = self.published.isoformat() if self.published else None
        return {
            "year": self.year, "published": published, "publisher": self.publisher, "unit": self.unit,
            "level": self.level,
        }  # fmt: skip

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Stated:
        """Inverse of ``kept``; other keys are left alone. ValueError or TypeError on values of another kind."""
        published = kept.get("published")
        return cls(
            kept.get("year"),
            date.fromisoformat(published) if published else None,
            kept.get("publisher"),
            kept.get("unit"),
            kept.get("level"),
        )


def capture_report(
    source: Source,
    before: Source | None,
    stated: Stated,
    folder: Path,
    siblings: Sequence[Source] = (),
    clock: Callable[[], datetime] = now,
) -> Capture:
    """Make one input, the report of the year before and those of other units a closed capture, in this order.

    Raises UnusableInput where either cannot be read, or where no annual report is recognised in the input.
    """
    if before is not None and before.body == source.body:
        raise UnusableInput(f"{source.given}：与 --previous 给出的上年报告内容相同；请指定上一年度的报告。")
    others = [sibling for sibling in siblings if sibling.body != source.body]
    with CaptureWriter(folder, None, {"options": stated.kept(), "siblings": len(others)}, clock()) as writer:
        document = _read(writer, source, clock())
        if not _recognised(document, stated):
            main = [document.blocks[i] for i in range(*document.main)]
            text = sum(len(block.text) for block in main if block.kind in ("heading", "paragraph"))
            pictures = text < _LITTLE_TEXT and any(block.kind in ("picture", "attachment") for block in main)
            seen = "正文是图片或附件，本版本读不到其中的文字" if pictures else "没有标题、规定的各部分和表格"
            raise UnusableInput(f"{source.given}：没有认出年度报告（{seen}）；请确认这是政府信息公开工作年度报告。")
        for other in (*([before] if before is not None else []), *others):
            _read(writer, other, clock())
        return writer.close(clock())


def _read(writer: CaptureWriter, source: Source, moment: datetime) -> Document:
    record = _add(writer, source, moment)
    try:
        document = readers.read(
            source.body, uri=record.uri, media_type=record.media_type, record=record.id, digest=record.digest
        )
    except UnusableInput as error:
        raise named(error, source) from error
    writer.add_document(document)
    return document


def _add(writer: CaptureWriter, source: Source, moment: datetime) -> Record:
    answer = source.answer
    if answer is None:
        return writer.add_file(source.uri, MEDIA_TYPE, source.body, moment)
    return writer.add_response(source.uri, answer.status, answer.reason, answer.headers, source.body, moment)


_LITTLE_TEXT = 200  # characters; a page with more is no page of pictures


def _recognised(document: Document, stated: Stated) -> bool:
    report = AnnualReport(document, stated.options(page=False))
    return bool(report.title or report.sections or any(bound.found for bound in report.tables.all()))


def judge_capture(
    capture: Capture, rules: RuleSet, on: date, folder: str, *, reread: bool = False, company: Company = NOBODY
) -> Inspection:
    """Judge a capture made by ``capture_report``, by what it says itself, beside the reports of other captures."""
    try:
        stated = Stated.of(capture.settings["options"])
        records = [record.id for record in capture.records()]
        report, *rest = records
        given = capture.settings.get("siblings", 0)
        rest, siblings = rest[: len(rest) - given], rest[len(rest) - given :]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise UnusableInput(f"{capture.folder}：这不是年度报告的存档；请指定 duwang check 保留的存档。") from error
    previous = rest[0] if rest else None
    read = capture.reread if reread else assemble.stored_documents(capture)
    own = tuple(_sibling(capture, report, sibling, read(sibling)) for sibling in siblings)
    page = next(capture.records()).uri.startswith(("http://", "https://"))
    return assemble.inspect_report(
        capture,
        report,
        options=stated.options(page=page),
        previous=(capture, previous) if previous else None,
        rules=rules,
        on=on,
        folder=folder,
        document=capture.reread(report) if reread else None,
        previous_document=capture.reread(previous) if reread and previous else None,
        user_options={**stated.kept(), "page": page, "record": report, "previous": previous},
        company=Company((*own, *company.relatives), company.lacking),
    )


def _sibling(capture: Capture, report: str, record: str, document: Document) -> Relative:
    name = AnnualReport(document).unit or document.uri.rsplit("/", 1)[-1]
    return relative(Beside(report, "sibling", name, "", capture.digest, record), document)


@dataclass(slots=True)
class Run:
    """One call of the command: what came out, and what could not be judged."""

    done: list[tuple[Inspection, Target]]
    unread: list[view.Unread]
    errors: list[BaseException]


@dataclass(frozen=True, slots=True)
class Beyond:
    """What the inputs are held against besides one another: last year's report, other units', the tree of units."""

    previous: str | None = None
    siblings: tuple[str, ...] = ()
    tree: Tree | None = None


@dataclass(frozen=True, slots=True)
class _Taken:
    """One input as a closed capture in a working folder, and what relates it to the others."""

    name: str
    place: Target
    folder: Path
    digest: str
    record: str
    member: Member


def check_all(
    given: Sequence[str], beyond: Beyond, stated: Stated, rules: RuleSet, on: date, places: Sequence[Target]
) -> Run:
    """Take in every input, relate them, judge each; one that cannot be used does not stop the others."""
    run = Run([], [], [])
    with tempfile.TemporaryDirectory(prefix="duwang-") as name:
        work = Path(name)
        before = obtain(beyond.previous) if beyond.previous else None
        siblings = [obtain(sibling) for sibling in beyond.siblings]
        for number, source in enumerate([*([before] if before else []), *siblings]):
            # An unusable report to compare with is one fault of the call, not one of every input.
            capture_report(source, None, Stated(), work / f"beyond-{number}")
        taken: dict[str, _Taken] = {}
        for number, (item, place) in enumerate(zip(given, places, strict=True)):
            with _kept_going(run, item):
                capture = capture_report(obtain(item), before, stated, work / str(number), siblings)
                taken[str(number)] = _taken(capture, stated, item, place, str(number))
        relations = relate([one.member for one in taken.values()], beyond.tree)
        for number_of, one in taken.items():
            with _kept_going(run, one.name):
                company = _company(one, relations[number_of], taken)
                capture = Capture.open(one.folder)
                inspection = judge_capture(capture, rules, on, one.place.evidence, company=company)
                outputs.publish(inspection, one.folder, one.place)
                run.done.append((inspection, one.place))
    return run


@contextmanager
def _kept_going(run: Run, name: str) -> Iterator[None]:
    try:
        yield
    except PROBLEMS as error:
        run.unread.append(view.Unread(name, _reason(str(error), name)))
        run.errors.append(error)
    except Exception as error:  # a fault of ours on one input must not lose the others
        run.unread.append(view.Unread(name, crash_line(error)))
        run.errors.append(error)


def _taken(capture: Capture, stated: Stated, name: str, place: Target, number: str) -> _Taken:
    record = next(capture.records())
    page = record.uri.startswith(("http://", "https://"))
    report = AnnualReport(assemble.stored_documents(capture)(record.id), stated.options(page=page))
    where = record.uri if page else file_name(record.uri)
    return _Taken(name, place, capture.folder, capture.digest, record.id, member_of(report, number, where))


def _company(one: _Taken, relations: Relations, taken: Mapping[str, _Taken]) -> Company:
    """The other inputs that one of them is judged beside, read from their captures."""
    relatives = []
    for relation in relations.found:
        other = taken[relation.other]
        ref = Beside(one.record, relation.tie, relation.name, other.place.evidence, other.digest, other.record)
        relatives.append(relative(ref, assemble.stored_documents(Capture.open(other.folder))(other.record)))
    lacking = {one.record: relations.lacking} if relations.lacking is not None else {}
    return Company(tuple(relatives), lacking)


def _reason(line: str, name: str) -> str:
    return line.removeprefix(f"{name}：")


def command(
    given: Sequence[str],
    beyond: Beyond,
    stated: Stated,
    rules: RuleSet,
    on: date,
    form: str | None,
    out: Path | None,
    threshold: str,
) -> int:
    """Run the command and return its exit status."""
    form = outputs.format_for(form, out, several=len(given) > 1)
    # Output names are fixed before anything is read, so that nothing is fetched in vain.
    stems = distinct(map(stem_of, given))
    places = outputs.targets(form, out, stems)
    local = [Path(name) for name in (*given, beyond.previous or "", *beyond.siblings) if name and not is_url(name)]
    overall = out / "index.html" if form == "html" and out and len(given) > 1 else None
    extra = Target(report=overall) if overall else Target(report=out, stated=out)
    outputs.keep_off([*places, extra], local)
    run = check_all(given, beyond, stated, rules, on, places)
    _show(run, form, out, overall, several=len(given) > 1)
    for error in run.errors:
        tell_error(error)
    return status((inspection for inspection, _ in run.done), threshold, unusable=bool(run.errors))


def _show(run: Run, form: str, out: Path | None, overall: Path | None, *, several: bool) -> None:
    inspections = [inspection for inspection, _ in run.done]
    written = [path for _, place in run.done for path in place.files()]
    if written:
        if overall is not None and out is not None:
            entries = [overview.Entry(i, place.report.name) for i, place in run.done if place.report is not None]
            overview.write(entries, overall, run.unread)
            written = [overall, out]
        text.summary(text.console_for(sys.stdout), inspections)
        for path in written:
            click.echo(f"已写入 {path}")
    elif not inspections:
        return
    elif form == "text" and out is not None:
        write_whole(out, text.plain(inspections, run.unread).encode("utf-8", "backslashreplace"))
        click.echo(f"已写入 {out}")
    elif form == "text":
        text.draw(text.console_for(sys.stdout), inspections)
    elif form == "html":
        click.echo(html.render(inspections[0], source="inspection.json"))
    else:
        click.echo(_json(inspections, as_list=several), nl=False)


def _json(inspections: Sequence[Inspection], *, as_list: bool) -> bytes:
    if not as_list:
        return json_report.dumps(inspections[0])
    items = [json.loads(json_report.dumps(inspection)) for inspection in inspections]
    return (json.dumps(items, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")
