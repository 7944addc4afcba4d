"""Checks on what a site publishes: columns, home page, policies, messages, service guides."""

from __future__ import annotations

from scoring.checks.content.columns import ColumnsFilled, ColumnsFresh, EmptyColumnsFew, StaleColumnsFew
from scoring.checks.content.home import ColumnsExpected, HomeFresh, SiteAnnualTable
from scoring.checks.content.interaction import ConsultationChannel, MessagesAnswered, MessageStatistics, MessageTimes
from scoring.checks.content.policies import InterpretationLinked, PolicyInterpreted
from scoring.checks.content.services import GuideElements, GuidesComplete, ServicesShown
from scoring.results import Check

CHECKS: tuple[type[Check], ...] = (
    ColumnsFilled,
    ColumnsFresh,
    EmptyColumnsFew,
    StaleColumnsFew,
    ColumnsExpected,
    HomeFresh,
    SiteAnnualTable,
    ConsultationChannel,
    MessagesAnswered,
    MessageStatistics,
    MessageTimes,
    InterpretationLinked,
    PolicyInterpreted,
    GuideElements,
    GuidesComplete,
    ServicesShown,
)
