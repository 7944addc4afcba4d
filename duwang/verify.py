"""``duwang verify``: re-derive an inspection from the stored bytes, finding by finding, without the network."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import click

from crawler.capture import Capture
from crawler.errors import CaptureDamaged, UnusableInput
from crawler.evidence import Cell, Document, Table
from duwang import probed
from duwang.check import Stated, capture_report, judge_capture
from duwang.failures import PROBLEMS, crash_line, line_of, tell
from duwang.inputs import Input, Source, file_uri, obtain
from duwang.settings import FOUND, UNUSABLE
from reports import json_report
from scoring.assemble import REPORT_CARD, inspect_site
from scoring.decisions import rescored
from scoring.inspection import Finding, Inspection, Where
from scoring.probes import Probes
from scoring.relations import Company, relative
from scoring.rules import RuleSet
from scoring.veil import veiled, veiled_part


@dataclass(slots=True)
class Verdict:
    """What the check of one inspection gave. ``differences`` are lines; ``notes`` change nothing."""

    findings: int
    confirmed: int = 0
    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Bytes:
    """Documents read afresh from stored bytes, each once; what is damaged stays damaged.

    ``others`` are the captures of the reports that were judged beside, by record; ``probes`` is the log of visits.
    """

    def __init__(self, capture: Capture, others: Mapping[str, Capture], probes: Probes | None = None) -> None:
        self._capture = capture
        self._others = others
        self._read: dict[str, Document | str] = {}
        if probes is not None:
            self._read[probes.document.record] = probes.document

    def document(self, record: str) -> Document:
        """Raises CaptureDamaged where the bytes are not those that were captured, or there are none."""
        if record not in self._read:
            self._read[record] = self._fresh(record)
        found = self._read[record]
        if isinstance(found, str):
            raise CaptureDamaged(found)
        return found

    def source(self, record: str) -> str:
        """The decoded source of a page whose document could be read."""
        return self._others.get(record, self._capture).source(record)

    def _fresh(self, record: str) -> Document | str:
        try:
            return self._others.get(record, self._capture).reread(record)
        except KeyError:
            return f"存档中没有记录 {record}。"
        except (CaptureDamaged, UnusableInput) as error:
            return str(error)


def command(files: Sequence[str], original: str | None, rules: RuleSet) -> int:
    """Verify every inspection given; returns the exit status."""
    worst = 0
    for name in files:
        try:
            verdict = verify(Path(name), original, rules)
        except PROBLEMS as error:
            tell(line_of(error))
            # Bytes that are not those of the capture are a difference, not an unusable input.
            worst = max(worst, FOUND if isinstance(error, CaptureDamaged) else UNUSABLE)
        except Exception as error:  # a fault of ours on one inspection must not lose the others
            tell(f"{name}：{crash_line(error)}")
            worst = UNUSABLE
        else:
            for line in (*verdict.notes, *verdict.differences):
                click.echo(f"  {line}")
            wrong = f"，{len(verdict.differences)} 处不符" if verdict.differences else ""
            click.echo(f"{name}：核对 {verdict.findings} 条发现，{verdict.confirmed} 条属实{wrong}。")
            worst = max(worst, FOUND if verdict.differences else 0)
    return worst


def verify(path: Path, original: str | None, rules: RuleSet) -> Verdict:
    """Check one inspection file against its evidence. Raises one of PROBLEMS where that cannot be done."""
    inspection = json_report.load(path)
    verdict = Verdict(len(inspection.findings))
    with _evidence(path, inspection, original, verdict) as capture:
        probes = _probes(path, inspection, verdict)
        stored = Bytes(capture, _beside(path, inspection, verdict), probes)
        false = {finding.id for finding in inspection.findings if not _stands(finding, stored, verdict)}
        if inspection.profile.rules_digest == rules.digest:
            false |= _rederive(inspection, capture, stored, rules, verdict, probes)
        else:
            verdict.notes.append("规则在检查之后有变动，没有重新判定；只核对了存档、摘要和引文。")
        verdict.confirmed = sum(finding.id not in false for finding in inspection.findings)
    return verdict


def _beside(path: Path, inspection: Inspection, verdict: Verdict) -> dict[str, Capture]:
    """The captures of the reports that were judged beside, by record, each checked once."""
    opened: dict[str, Capture] = {}
    found: dict[str, Capture] = {}
    for ref in inspection.evidence.beside:
        if not ref.capture:
            continue
        if ref.capture not in opened:
            folder = path.parent / ref.capture
            if not folder.is_dir():
                raise UnusableInput(f"{path}：找不到一并检查的“{ref.name}”的存档 {folder}；请把存档放回原处。")
            opened[ref.capture] = Capture.open(folder)
            verdict.differences += opened[ref.capture].problems()
            if opened[ref.capture].digest != ref.digest:
                verdict.differences.append(f"{folder}：存档摘要与检查结果所记的不同，不是同一份存档。")
        found[ref.record] = opened[ref.capture]
    return found


@contextmanager
def _evidence(path: Path, inspection: Inspection, original: str | None, verdict: Verdict) -> Iterator[Capture]:
    """The capture behind an inspection, checked as a whole; where none was kept, one made of the original file."""
    evidence = inspection.evidence
    if evidence.capture:
        folder = path.parent / evidence.capture
        if not folder.is_dir():
            raise UnusableInput(f"{path}：找不到存档 {folder}；请把存档放回检查结果旁边。")
        capture = Capture.open(folder)
        verdict.differences += capture.problems()
        if capture.digest != evidence.digest:
            verdict.differences.append(f"{folder}：存档摘要与检查结果所记的不同，不是同一份存档。")
        yield capture
        return
    with tempfile.TemporaryDirectory(prefix="duwang-") as folder_name:
        yield _from_original(path, inspection, original, Path(folder_name) / "capture", verdict)


def _from_original(path: Path, inspection: Inspection, original: str | None, folder: Path, verdict: Verdict) -> Capture:
    subject, kept = inspection.subject, inspection.profile.options
    if subject.kind == "site" or subject.file is None or kept.get("previous") or inspection.evidence.beside:
        raise UnusableInput(f"{path}：没有保留存档，不能复核；请重新检查并用 -o 保留存档。")
    name = _name(subject.file)
    beside = Path(original) if original else path.parent / name
    if not beside.is_file():
        raise UnusableInput(f"{path}：没有保留存档，也找不到原件 {beside}；请用 --file 指明原件。")
    found = obtain(Input.of(str(beside)))
    # Under the name it had then: records are named after address and content.
    source = Source(found.given, subject.file if "://" in subject.file else file_uri(name), found.body)
    capture = capture_report(source, None, Stated.of(kept), folder)
    record = next(capture.records())
    if kept.get("record") not in (None, record.id):
        raise CaptureDamaged(f"{beside}：内容与检查时的原件不同（摘要 {record.digest}）；请使用当时的原件。")
    verdict.notes.append(f"没有保留存档，按原件 {beside} 核对。")
    return capture


def _stands(finding: Finding, stored: Bytes, verdict: Verdict) -> bool:
    """Whether every quote of a finding stands where the finding says; what does not is noted."""
    sound = True
    for where, quote in [(finding.where, finding.quote), *((item.where, item.quote) for item in finding.related)]:
        wrong = _fault(where, quote, stored)
        if wrong:
            verdict.differences.append(f"{finding.id} {finding.title}：{wrong}")
            sound = False
    return sound


def _fault(where: Where, quote: str, stored: Bytes) -> str:
    """What is wrong with one quoted place; empty where all is as the finding says, numbers of persons masked."""
    try:
        document = stored.document(where.record)
    except CaptureDamaged as error:
        return str(error)
    if document.digest != where.digest:
        return f"{document.uri} 的摘要与发现所记的不同。"
    if (where.url or _name(where.file)) not in (document.uri, _name(document.uri)):
        return f"记录 {where.record} 的地址是 {document.uri}，与发现所记的不同。"
    if where.layer == "source":
        same = quote == veiled_part(stored.source(where.record), where.start, where.end)
        return "" if same else f"{document.uri} 源代码的所指位置不是引文“{quote[:40]}”。"
    if where.block >= len(document.blocks):
        return f"{document.uri} 中没有第 {where.block + 1} 个内容块。"
    block = document.blocks[where.block]
    if where.row is None or where.column is None:
        same = quote == veiled_part(block.text, where.start, where.end)
        return "" if same else f"{document.uri} 的所指位置不是引文“{quote[:40]}”。"
    if block.table is None or not _in_table(block.table, where.row, where.column, quote):
        return f"{document.uri} 的表格所指单元格不是引文“{quote[:40]}”。"
    return ""


def _name(file: str | None) -> str:
    """A file's name for people, out of a ``file:`` address or as it is."""
    return unquote((file or "").removeprefix("file:///"))


def _in_table(table: Table, row: int, column: int, quote: str) -> bool:
    """The cell says the quote; a blank cell is quoted by a label cell that covers its row or column."""

    def covers(cell: Cell, *, rows: bool, columns: bool) -> bool:
        in_row = cell.row <= row < cell.row + cell.rowspan
        in_column = cell.column <= column < cell.column + cell.colspan
        return (in_row or not rows) and (in_column or not columns)

    here = [cell for cell in table.cells if covers(cell, rows=True, columns=True)]
    if not here:
        return False
    if any(cell.raw for cell in here):
        return any(veiled(cell.raw) == quote for cell in here)
    beside = [c for c in table.cells if covers(c, rows=True, columns=False) or covers(c, rows=False, columns=True)]
    return any(veiled(cell.raw) == quote for cell in beside)


def _probes(path: Path, inspection: Inspection, verdict: Verdict) -> Probes | None:
    """The log of visits that a site was judged by, its digest compared."""
    kept = inspection.evidence.probes
    if kept is None:
        return None
    log = path.parent / kept.file
    if not log.is_file():
        raise UnusableInput(f"{path}：找不到访问记录 {log}；请把它放回原处。")
    body = log.read_bytes()
    found = probed.probes_of(body, kept.file)
    if found.document.digest != kept.digest:
        verdict.differences.append(f"{log}：访问记录与检查时的不同。")
    return found


def _rederive(
    inspection: Inspection,
    capture: Capture,
    stored: Bytes,
    rules: RuleSet,
    verdict: Verdict,
    probes: Probes | None,
) -> set[str]:
    """Judge the stored bytes again; gives the ids of findings that did not come out the same."""
    every = {finding.id for finding in inspection.findings}
    try:
        again = _judged(inspection, capture, stored.document, rules, probes)
    except (CaptureDamaged, UnusableInput) as error:
        verdict.differences.append(f"不能重新判定：{error}")
        return every
    again = _bearing(again, inspection)
    said, derived = _told(inspection), _told(again)
    lost, extra = said - derived, derived - said
    false = {finding.id for finding in inspection.findings if _key(finding) in lost}
    titles = {_key(finding): finding for finding in (*again.findings, *inspection.findings)}
    verdict.differences += [f"{titles[key].id} {titles[key].title}：重新判定没有得出这一条。" for key in lost]
    verdict.differences += [f"{titles[key].id} {titles[key].title}：重新判定得出，检查结果中没有。" for key in extra]
    if (inspection.outcomes, inspection.unchecked) != (again.outcomes, again.unchecked):
        verdict.differences.append("各条规则的核查情况与重新判定的不同。")
    if inspection.scorecards != again.scorecards:
        verdict.differences.append("得分与重新判定的不同。")
    if inspection.subject != again.subject:
        verdict.differences.append("检查对象（单位、年度、日期等）与重新认出的不同。")
    return false


def _bearing(again: Inspection, inspection: Inspection) -> Inspection:
    """The new judgement with the decisions that the kept one bears: they are a person's, and change its scores."""
    made = {finding.fingerprint: finding.decision for finding in inspection.findings}
    findings = tuple(replace(finding, decision=made.get(finding.fingerprint)) for finding in again.findings)
    return rescored(replace(again, findings=findings)) if any(made.values()) else again


def _judged(
    inspection: Inspection,
    capture: Capture,
    document: Callable[[str], Document],
    rules: RuleSet,
    probes: Probes | None,
) -> Inspection:
    on, folder = date.fromisoformat(inspection.profile.judged_on), inspection.evidence.capture
    if (inspection.subject.kind == "site") != (capture.site is not None):
        raise UnusableInput("存档与检查结果不是同一类对象。")
    kept = tuple(ref for ref in inspection.evidence.beside if ref.capture)
    relatives = tuple(relative(ref, document(ref.record)) for ref in kept)
    company = Company(relatives, inspection.evidence.lacking)
    if capture.site is not None:
        cards = [name for name in inspection.profile.scorecards if name != REPORT_CARD]
        return inspect_site(
            capture,
            rules=rules,
            on=on,
            folder=folder,
            documents=document,
            company=company,
            cards=cards,
            probes=probes,
        )
    return judge_capture(capture, rules, on, folder, reread=True, company=company)


_Key = tuple[str, str, str, str, str]


def _key(finding: Finding) -> _Key:
    return finding.fingerprint, finding.outcome, finding.severity, finding.message, finding.quote


def _told(inspection: Inspection) -> Counter[_Key]:
    return Counter(map(_key, inspection.findings))
