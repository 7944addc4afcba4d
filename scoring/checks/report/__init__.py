"""Checks on one annual report."""

from __future__ import annotations

from scoring.checks.report.arithmetic import InForceAtLeastIssued, ItemsAsCases, TableSum
from scoring.checks.report.claims import ClaimSeen
from scoring.checks.report.identity import BasisCited, StaleYear, TemplateFormat, TitleForm, UnitAgreement
from scoring.checks.report.levels import LevelAtLeastUnit, LevelSum
from scoring.checks.report.likeness import TextCopied, TextRepeats
from scoring.checks.report.metadata import MetadataFilled, MetadataPresent
from scoring.checks.report.publication import PublicationDated, PublishedBy, TextOnPage
from scoring.checks.report.quantities import GrowthRight, ShareRight, TextQuantity
from scoring.checks.report.statements import FeePartsRight, NoneClaimed, PartsAddUp, UpheldClaimed
from scoring.checks.report.structure import (
    AspectsCovered,
    HeadingOfficial,
    NumberingComplete,
    OldStructure,
    SectionFilled,
    SectionOrder,
    SectionPresent,
)
from scoring.checks.report.tables import (
    AmountUnit,
    CellsAreCounts,
    RulesNeedPower,
    TableComplete,
    TableFilled,
    TableLabels,
    TablePresent,
)
from scoring.checks.report.versions import CopiesAgree, ReportUnchanged
from scoring.checks.report.wording import (
    FigurePresent,
    OnTopic,
    OwnFigures,
    PhrasesAbsent,
    ProblemsAndMeasures,
    ProblemsConcrete,
    SectionMentions,
)
from scoring.checks.report.years import CarriedOver, InForceContinuous
from scoring.results import Check

CHECKS: tuple[type[Check], ...] = (
    AmountUnit,
    AspectsCovered,
    BasisCited,
    CarriedOver,
    CellsAreCounts,
    ClaimSeen,
    CopiesAgree,
    FeePartsRight,
    FigurePresent,
    GrowthRight,
    HeadingOfficial,
    InForceAtLeastIssued,
    InForceContinuous,
    ItemsAsCases,
    LevelAtLeastUnit,
    LevelSum,
    MetadataFilled,
    MetadataPresent,
    NoneClaimed,
    NumberingComplete,
    OldStructure,
    OnTopic,
    OwnFigures,
    PartsAddUp,
    PhrasesAbsent,
    ProblemsAndMeasures,
    ProblemsConcrete,
    PublicationDated,
    PublishedBy,
    ReportUnchanged,
    RulesNeedPower,
    SectionFilled,
    SectionMentions,
    SectionOrder,
    SectionPresent,
    ShareRight,
    StaleYear,
    TableComplete,
    TableFilled,
    TableLabels,
    TablePresent,
    TableSum,
    TemplateFormat,
    TextCopied,
    TextOnPage,
    TextQuantity,
    TextRepeats,
    TitleForm,
    UnitAgreement,
    UpheldClaimed,
)
