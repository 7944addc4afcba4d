"""An inspection as SARIF 2.1.0 (OASIS), for tools that gather findings of many programs."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from reports import view
from scoring.inspection import Finding, Inspection, Where

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVEL = {"veto": "error", "major": "error", "minor": "warning", "advice": "note"}
_LINE = re.compile(r"line (\d+)")


def dumps(inspections: Sequence[Inspection], version: str) -> str:
    """One run for each inspection. ``version`` is that of the program."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(one, version) for one in inspections]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _run(inspection: Inspection, version: str) -> dict[str, Any]:
    codes = list(dict.fromkeys(finding.rule for finding in inspection.findings))
    first = {finding.rule: finding for finding in reversed(inspection.findings)}
    return {
        "tool": {
            "driver": {
                "name": "Duwang",
                "version": version,
                "language": "zh-CN",
                "rules": [_rule(first[code]) for code in codes],
            }
        },
        "automationDetails": {"id": f"{inspection.subject.name}/{inspection.profile.judged_on}"},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes.index(finding.rule)) for finding in inspection.findings],
    }


def _rule(finding: Finding) -> dict[str, Any]:
    basis = "；".join(map(view.cite, finding.cites))
    return {
        "id": finding.rule,
        "name": finding.rule_id,
        "shortDescription": {"text": finding.title},
        "help": {"text": "\n".join(text for text in (finding.remedy, basis, finding.limits) if text) or finding.title},
    }


def _result(finding: Finding, index: int) -> dict[str, Any]:
    # What a person must look at is no failure: SARIF then asks for the level "none".
    kind = {"level": _LEVEL[finding.severity]} if finding.counted_as == "fail" else {"kind": "review", "level": "none"}
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        **kind,
        "message": {"text": finding.message},
        "locations": [_location(finding.where, finding.quote)],
        "relatedLocations": [
            {"id": number, **_location(place.where, place.quote)} for number, place in enumerate(finding.related, 1)
        ],
        "partialFingerprints": {"duwang/v1": finding.identity},
        **_suppressed(finding),
        "baselineState": "new" if finding.state == "new" else "unchanged",
    }


def _suppressed(finding: Finding) -> dict[str, Any]:
    """A finding that a person dismissed or waived is suppressed, with the reason."""
    if finding.counted_as != "none" or finding.decision is None:
        return {}
    return {"suppressions": [{"kind": "external", "status": "accepted", "justification": finding.decision.reason}]}


def _location(where: Where, words: str) -> dict[str, Any]:
    region: dict[str, Any] = {"snippet": {"text": words}}
    if where.layer == "source":  # of bytes decoded to text, as SARIF counts characters
        region |= {"charOffset": where.start, "charLength": where.end - where.start}
    elif match := _LINE.fullmatch(where.selector):
        region["startLine"] = int(match[1])
    else:  # a page or a workbook has no lines to count: the place in words says where it is
        region = {}
    uri = where.url or quote(PurePath(where.file or "").as_posix())
    return {
        "physicalLocation": {"artifactLocation": {"uri": uri}, **({"region": region} if region else {})},
        "logicalLocations": [{"fullyQualifiedName": view.place(where)}],
        "message": {"text": words},
    }
