"""What the store keeps of an inspection file: enough to compare it and to add it up again."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import replace
from typing import Any

from scoring.decisions import rescored, undecided
from scoring.inspection import Excerpt, Finding, Inspection, Where

_MOST = 64 * 1024 * 1024


def packed(inspection: Inspection) -> bytes:
    return zlib.compress(_body(inspection), 6)


def content(inspection: Inspection) -> str:
    """A name made of what a snapshot holds: the same file twice is the same content."""
    return hashlib.sha256(_body(inspection)).hexdigest()


def unpacked(data: bytes) -> Inspection:
    """Inverse of ``packed``."""
    body = zlib.decompressobj().decompress(data, _MOST)
    return Inspection.from_dict(json.loads(body))


def _body(inspection: Inspection) -> bytes:
    # Without decisions, which are kept by themselves and may be newer, and with the scores as they are without them.
    slim = replace(
        inspection,
        findings=tuple(_slim(finding) for finding in inspection.findings),
        evidence=replace(
            inspection.evidence,
            coverage={"refused": inspection.evidence.coverage.get("refused", {})},
            beside=(),
            lacking={},
        ),
        unchecked=(),
        rule_titles={},
        checklist=(),
    )
    return json.dumps(
        rescored(undecided(slim)).to_dict(), ensure_ascii=True, sort_keys=True, separators=(",", ":")
    ).encode()


def _slim(finding: Finding) -> Finding:
    """A finding without what surrounds it."""
    where = finding.where
    values: dict[str, Any] = {name: value for name, value in finding.values.items() if isinstance(value, str)}
    return replace(
        finding,
        excerpt=Excerpt(),
        related=(),
        remedy="",
        limits="",
        arithmetic="",
        values=values,
        where=Where(
            record=where.record,
            digest=where.digest,
            block=where.block,
            url=where.url,
            file=where.file,
            section=where.section,
            table=where.table,
            row_label=where.row_label,
            column_label=where.column_label,
            layer=where.layer,
        ),
    )
