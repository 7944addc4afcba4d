"""Checks on the disclosure platform of a site and its items."""

from __future__ import annotations

from scoring.checks.platform.boards import OnTopic, SystemDocuments
from scoring.checks.platform.dates import ItemDates, PublishedInTime
from scoring.checks.platform.guidance import GuideCurrent, GuideElements, GuideTerms, RequestForm
from scoring.checks.platform.metadata import ItemLabelsFilled, ItemLabelsPresent
from scoring.checks.platform.numbers import DocumentNumbers, IndexNumbers
from scoring.checks.platform.reports import ReportsComplete, ReportShown
from scoring.checks.platform.sections import PlatformFunctions, PlatformNamed, PlatformParts, PlatformShown
from scoring.checks.platform.validity import ValidityMarked
from scoring.results import Check

CHECKS: tuple[type[Check], ...] = (
    DocumentNumbers,
    GuideCurrent,
    GuideElements,
    GuideTerms,
    IndexNumbers,
    ItemDates,
    ItemLabelsFilled,
    ItemLabelsPresent,
    OnTopic,
    PlatformFunctions,
    PlatformNamed,
    PlatformParts,
    PlatformShown,
    PublishedInTime,
    ReportShown,
    ReportsComplete,
    RequestForm,
    SystemDocuments,
    ValidityMarked,
)
