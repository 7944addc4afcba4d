"""Checks on personal data that must not stand in what is published."""

from __future__ import annotations

from scoring.checks.privacy.accounts import BankAccounts
from scoring.checks.privacy.children import ChildrensData
from scoring.checks.privacy.homes import HomeAddresses
from scoring.checks.privacy.identity import IdentityNumbers
from scoring.checks.privacy.lists import AidLists
from scoring.checks.privacy.phones import MobileNumbers
from scoring.results import Check

CHECKS: tuple[type[Check], ...] = (
    IdentityNumbers,
    BankAccounts,
    MobileNumbers,
    HomeAddresses,
    ChildrensData,
    AidLists,
)
