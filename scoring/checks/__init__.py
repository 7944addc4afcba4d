"""The checks: small frozen types whose fields are the options that a rule file may write."""

from __future__ import annotations

from typing import get_args

from scoring.checks.arithmetic import InForceAtLeastIssued, ItemsAsCases, TableSum
from scoring.checks.claims import ClaimSeen
from scoring.checks.identity import BasisCited, StaleYear, TemplateFormat, TitleForm, UnitAgreement
from scoring.checks.levels import LevelAtLeastUnit, LevelSum
from scoring.checks.likeness import TextCopied, TextRepeats
from scoring.checks.metadata import MetadataFilled, MetadataPresent
from scoring.checks.publication import PublicationDated, PublishedBy, TextOnPage
from scoring.checks.quantities import GrowthRight, ShareRight, TextQuantity
from scoring.checks.site import ReportShown
from scoring.checks.statements import FeePartsRight, NoneClaimed, PartsAddUp, UpheldClaimed
from scoring.checks.structure import (
    AspectsCovered,
    HeadingOfficial,
    NumberingComplete,
    OldStructure,
    SectionFilled,
    SectionOrder,
    SectionPresent,
)
from scoring.checks.tables import (
    AmountUnit,
    CellsAreCounts,
    RulesNeedPower,
    TableComplete,
    TableFilled,
    TableLabels,
    TablePresent,
)
from scoring.checks.versions import CopiesAgree, ReportUnchanged
from scoring.checks.wording import (
    FigurePresent,
    OnTopic,
    OwnFigures,
    PhrasesAbsent,
    ProblemsAndMeasures,
    ProblemsConcrete,
    SectionMentions,
)
from scoring.checks.years import CarriedOver, InForceContinuous
from scoring.results import Check

ALL: tuple[type[Check], ...] = (
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
    ReportShown,
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

BY_NAME: dict[str, type[Check]] = {get_args(check.model_fields["use"].annotation)[0]: check for check in ALL}
