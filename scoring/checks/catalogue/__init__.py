"""Checks on what a site must disclose: directories of items."""

from __future__ import annotations

from scoring.checks.catalogue.claims import ClaimedColumn
from scoring.checks.catalogue.elements import ElementsShown
from scoring.checks.catalogue.items import ItemFilled, ItemFresh, ItemShown
from scoring.checks.catalogue.money import MoneyContents, YearlyMoney
from scoring.checks.catalogue.proposals import ProposalsShown
from scoring.checks.catalogue.published import DirectoryCurrent, DirectoryShown
from scoring.results import Check

CHECKS: tuple[type[Check], ...] = (
    ClaimedColumn,
    DirectoryCurrent,
    DirectoryShown,
    ElementsShown,
    ItemFilled,
    ItemFresh,
    ItemShown,
    MoneyContents,
    ProposalsShown,
    YearlyMoney,
)
