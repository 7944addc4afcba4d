"""An annual report that is given as a file or an address: a capture of its own, judged by what it says itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from crawler import readers
from crawler.archive.writer import CaptureWriter
from crawler.capture import Capture
from crawler.errors import UnusableInput
from crawler.evidence import Document, Record
from duwang.inputs import Source, named
from scoring import assemble
from scoring.annual_report import AnnualReport, Options, Publisher
from scoring.inspection import Beside, Inspection
from scoring.relations import NOBODY, Company, Relative, relative
from scoring.rules import RuleSet
from scoring.wording.own import lexicons_with

MEDIA_TYPE = "application/octet-stream"  # of a file: its bytes and its name say what it is


def now() -> datetime:
    """When bytes were taken in; a fact about the evidence, never part of a judgement."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the user says about a report; None is recognised from the document.

    ``only`` "wording" asks for the rules on words alone, on any document; ``lexicon`` is the text of word lists of the
    user's own (YAML), "" without any.
    """

    year: int | None = None
    published: date | None = None
    publisher: Publisher | None = None
    unit: str | None = None
    level: str | None = None
    only: Literal["wording"] | None = None
    lexicon: str = ""

    def options(self, *, page: bool) -> Options:
        return Options(self.year, self.unit, self.publisher, self.published, self.level, page)

    def kept(self) -> dict[str, Any]:
        """JSON form, kept with the evidence so that the judgement can be repeated."""
        published = self.published.isoformat() if self.published else None
        return {
            "year": self.year, "published": published, "publisher": self.publisher, "unit": self.unit,
            "level": self.level, **({"only": self.only} if self.only else {}),
            **({"lexicon": self.lexicon} if self.lexicon else {}),
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
            kept.get("only"),
            kept.get("lexicon", ""),
        )


def capture_report(
    source: Source,
    before: Source | None,
    stated: Stated,
    folder: Path,
    siblings: Sequence[Source] = (),
    clock: Callable[[], datetime] = now,
    known: Mapping[str, Document] | None = None,
) -> Capture:
    """Make one input, the report of the year before and those of other units a closed capture, in this order.

    ``known`` are documents that were read before, by the records that they will have here. Raises UnusableInput where
    either cannot be read, or where no annual report is recognised in the input.
    """
    if before is not None and before.body == source.body:
        raise UnusableInput(f"{source.given}：与 --previous 给出的上年报告内容相同；请指定上一年度的报告。")
    others = [sibling for sibling in siblings if sibling.body != source.body]
    with CaptureWriter(folder, None, {"options": stated.kept(), "siblings": len(others)}, clock()) as writer:
        document = _read(writer, source, clock(), known or {})
        if stated.only is None and not _recognised(document, stated):
            main = [document.blocks[i] for i in range(*document.main)]
            text = sum(len(block.text) for block in main if block.kind in ("heading", "paragraph"))
            pictures = text < _LITTLE_TEXT and any(block.kind in ("picture", "attachment") for block in main)
            seen = "正文是图片或附件，本版本读不到其中的文字" if pictures else "没有标题、规定的各部分和表格"
            # Where something could not be read, that may be why.
            why = "；".join([seen, *document.notes[:1]])
            raise UnusableInput(f"{source.given}：没有认出年度报告（{why}）；请确认这是政府信息公开工作年度报告。")
        for other in (*([before] if before is not None else []), *others):
            _read(writer, other, clock(), known or {})
        return writer.close(clock())


def _read(writer: CaptureWriter, source: Source, moment: datetime, known: Mapping[str, Document]) -> Document:
    record = _add(writer, source, moment)
    document = known.get(record.id)
    if document is None:
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
    if stated.only == "wording":
        return assemble.inspect_document(
            capture,
            report,
            published=stated.published,
            rules=rules,
            on=on,
            folder=folder,
            document=capture.reread(report) if reread else None,
            user_options={**stated.kept(), "record": report},
            lexicons=lexicons_with(stated.lexicon),
        )
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
        lexicons=lexicons_with(stated.lexicon),
    )


def _sibling(capture: Capture, report: str, record: str, document: Document) -> Relative:
    name = AnnualReport(document).unit or document.uri.rsplit("/", 1)[-1]
    return relative(Beside(report, "sibling", name, "", capture.digest, record), document)
