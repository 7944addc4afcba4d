"""Helpers of the tests: read a report file and judge it, without the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from crawler.evidence import Document
from crawler.readers import read
from scoring.annual_report import AnnualReport, Options
from scoring.engine import Judged, judge_report
from scoring.inspection import Finding
from scoring.results import ReportCase
from scoring.rules import shipped

TESTS = Path(__file__).resolve().parent
CORPUS = TESTS.parent.parent / "shared" / "corpus"
DAY = date(2026, 11, 23)


def document(body: bytes, name: str) -> Document:
    return read(body, uri=f"file:///{name}", record="test")


def report(path: Path, **options: object) -> AnnualReport:
    return AnnualReport(document(path.read_bytes(), path.name), Options(**options))  # type: ignore[arg-type]


def judge(now: AnnualReport, before: AnnualReport | None = None) -> Judged:
    return judge_report(ReportCase(now, before), shipped(), DAY, now.unit or "")


def line(finding: Finding) -> str:
    """A finding in one line, for the message of a failing test."""
    return f"{finding.rule} {finding.outcome} {finding.message} | {finding.quote[:80]!r} | {finding.arithmetic}"


def grave(judged: Judged) -> list[Finding]:
    return [f for f in judged.findings if f.severity in ("veto", "major", "minor")]
