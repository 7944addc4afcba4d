"""Failures that rest on characters which no reader could make out: they go to a person, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

from crawler.evidence import Document
from scoring.annual_report import Quote
from scoring.data import table
from scoring.results import ReportCase, Result


def weigh_unread(case: ReportCase, result: Result, absent: Literal["", "text", "table"]) -> Result:
    """The result as it is, or as a matter for a person where it is a failure on text that was not read whole.

    ``absent`` as in ``Check.says_absent``: what a rule does not find may stand where characters could not be made out.
    """
    if result.outcome != "fail":
        return result
    data = table("cell-values")["unread"]
    note = _note(case, result, data)
    if not note and absent and _has_gaps(case.report.document, data["mark"]):
        note = data["notes"]["absent"]
    if not note and absent and case.report.document.omitted:
        note = data["notes"]["omitted"].format(note=case.report.document.omitted)
    return replace(result, outcome="needs_review", doubt=note) if note else result


def _note(case: ReportCase, result: Result, data: dict[str, Any]) -> str:
    place = table("recognition")["place"]["cell"]
    for cell in result.rests_on:
        if cell.value.kind == "unread":
            named = place.format(table=case.report.bound(cell.table).name, row=cell.row_label, column=cell.column_label)
            return str(data["notes"]["cell"].format(place=named))
    touched = any(data["mark"] in _around(document, quote) for document, quote in _quotes(case, result))
    return str(data["notes"]["quoted"]) if touched else ""


def _quotes(case: ReportCase, result: Result) -> Iterator[tuple[Document, Quote]]:
    here = case.report.document
    if result.at is not None:
        yield (result.on or case.report).document, result.at
    yield from ((here, quote) for _, quote in result.related)
    yield from ((item.document, item.quote) for item in result.elsewhere)


def _around(document: Document, quote: Quote) -> str:
    """The quote; of running text also the character on either side, which may be the digit that is missing."""
    spot = quote.spot
    if spot.row is not None:
        return quote.text
    return quote.text + document.blocks[spot.block].text[max(0, spot.start - 1) : spot.end + 1]


def _has_gaps(document: Document, mark: str) -> bool:
    """Whether any character of the main text, or above it, could not be made out."""
    return any(mark in block.text for block in document.blocks[: document.main[1]])
