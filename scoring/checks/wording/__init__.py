"""Checks on the words of a text: spelling, names, marks, numerals."""

from __future__ import annotations

from scoring.checks.wording.dates import CalendarDates
from scoring.checks.wording.doc_numbers import DocumentNumbers
from scoring.checks.wording.expressions import FixedExpressions
from scoring.checks.wording.laws import LawNames, RepealedLaws
from scoring.checks.wording.marks import Punctuation
from scoring.checks.wording.names import ChangedNames
from scoring.checks.wording.pairs import WordPairs
from scoring.checks.wording.patterns import TextPatterns
from scoring.checks.wording.spaces import StraySpaces
from scoring.results import Check

CHECKS: tuple[type[Check], ...] = (
    WordPairs,
    FixedExpressions,
    RepealedLaws,
    LawNames,
    ChangedNames,
    DocumentNumbers,
    Punctuation,
    TextPatterns,
    StraySpaces,
    CalendarDates,
)
