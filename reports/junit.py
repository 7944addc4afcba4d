"""Inspections as JUnit XML: a suite for each, a case for each rule, so that a build server shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from reports import labels, view
from scoring.inspection import Inspection

# What XML 1.0 cannot hold.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def dumps(inspections: Sequence[Inspection]) -> bytes:
    """The XML of all inspections. A fault is a failure; what a person must look at, or was not checked, is skipped."""
    root = etree.Element("testsuites", name="duwang")
    for inspection in inspections:
        _suite(root, inspection)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return data


def _suite(root: etree._Element, inspection: Inspection) -> None:
    suite = etree.SubElement(root, "testsuite", name=_safe(view.heading(inspection)))
    reasons = {item.rule: item for item in inspection.unchecked}
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for code, outcomes in inspection.outcomes.items():
        if not any(times for outcome, times in outcomes.items() if outcome != "not_applicable"):
            continue
        counts["tests"] += 1
        title = inspection.rule_titles.get(code, "")
        case = etree.SubElement(suite, "testcase", classname=code, name=_safe(f"{code} {title}".strip()))
        found = [finding for finding in inspection.findings if finding.rule == code and finding.counted_as != "none"]
        faults = [finding for finding in found if finding.counted_as == "fail"]
        if faults:
            counts["failures"] += 1
            failure = etree.SubElement(case, "failure", type=faults[0].severity, message=_safe(faults[0].message))
            failure.text = _safe("\n".join(_line(finding.message, finding.quote) for finding in faults))
        elif outcomes.get("error"):
            counts["errors"] += 1
            etree.SubElement(case, "error", message=_safe(reasons[code].reason if code in reasons else ""))
        elif found:
            counts["skipped"] += 1
            etree.SubElement(case, "skipped", message=_safe(f"{labels.OUTCOME['needs_review']}：{found[0].message}"))
        elif not outcomes.get("pass"):
            counts["skipped"] += 1
            etree.SubElement(case, "skipped", message=_safe(reasons[code].reason if code in reasons else ""))
    for name, count in counts.items():
        suite.set(name, str(count))


def _line(message: str, quote: str) -> str:
    return f"{message}（原文：{quote}）"


def _safe(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
